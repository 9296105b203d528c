/**
 * The portal's own door: the one port that people reach. Behind it workerd listens on a port of its own, with doors of Miniflare beside the worker's
 * (`/cdn-cgi/…`, headers `MF-…`); what passes here is a plain request for this portal, with the address of the one who sent it, and nothing else.
 */
import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { isLoopback } from '../worker/env.ts';
import { PACE, type Pace, watchPace } from './pace.ts';
import { bareRefusal, FAULTS, METHODS, refuse } from './refuse.ts';
import type { Trusted } from './trusted.ts';

/** How long a request waits for a workerd that is being started again, in milliseconds. */
const PATIENCE = 10_000;
const PAUSE = 50;
/** How often what only reads is asked again where it was lost: it may itself be what ends workerd. */
const AGAIN = 2;
/**
 * How long a connection may be idle, in milliseconds: people's longer than proxies and browsers keep one, so that those never ask on one that is just being
 * closed; ours to workerd shorter than workerd keeps one (5 s), for the same reason.
 */
const IDLE = 75_000;
const IDLE_BEHIND = 2_000;
/** From how many bytes on a body waits until the worker wants it. Of one that nobody reads workerd takes so much and then drops the connection. */
const LARGE = 65_536;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
/** Set by this door or by no one: headers that platform and proxies speak to each other in, and those of one connection. */
const DROPPED =
  /^(?:cf-|mf-|x-mf-|x-forwarded-|x-heyi-|forwarded$|x-real-ip$|connection$|keep-alive$|proxy-|te$|trailer$|transfer-encoding$|upgrade$|expect$|host$)/;

type Target = {
  port: number;
  /** Where the portal is known to be. */
  origin: URL;
  /** Shown to the worker with each request. */
  secret: string;
  /** The proxies in front, each of which adds to X-Forwarded-For the address from which it was asked. */
  trusted: Trusted;
};

export type Front = {
  port: number;
  /** From here on requests go to workerd; until then they wait. */
  open(target: Target): void;
  close(): Promise<void>;
};

export type FrontSettings = {
  /** The address on which it listens: loopback, where nothing else is said. */
  host?: string | undefined;
  /** Told where nobody listens behind the door any more. */
  lost?: (() => void) | undefined;
  pace?: Pace;
};

/** Listens on a port. @throws in words where the port is taken */
export async function openFront(port: number, { host: address = '127.0.0.1', lost, pace = PACE }: FrontSettings = {}): Promise<Front> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: IDLE_BEHIND });
  let target: Target | null = null;

  const server = createServer({ headersTimeout: pace.head, requestTimeout: pace.whole, keepAliveTimeout: IDLE }, (incoming, response) => {
    pass(incoming, response).catch(() => refuse(response, 502));
  });
  // Nothing listens for `upgrade`: who offers another protocol is answered in this one (RFC 9110, 7.8).
  server.on('connect', (_request, socket) => bareRefusal(socket, 405));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => bareRefusal(socket, FAULTS[error.code ?? ''] ?? 400));

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let until = Date.now() + PATIENCE;
    while (!target && Date.now() < until) await wait(PAUSE);
    if (!target) return refuse(response, 503);
    // RFC 9112, 3.2: exactly one Host, also where the target names the portal itself.
    if (incoming.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length > 1) return refuse(response, 400);
    const { authority, path } = targetOf(incoming.url);
    if (path === null) return refuse(response, 400);
    const host = isProbe(path) ? target.origin.host : hostOf(incoming.headers.host, target.origin);
    if (host === null || (authority !== null && !isProbe(path) && hostOf(authority, target.origin) !== host)) return refuse(response, 421);
    if (!METHODS.includes(incoming.method ?? '')) return refuse(response, 405);
    // Never the worker's: Miniflare's doors in development, the platform's own in production.
    if (/^\/cdn-cgi(?:\/|$)/i.test(path.split('?')[0] ?? '')) return refuse(response, 404);
    const headers = headersOf(incoming, target, host);
    for (let broken = 0; ; await wait(PAUSE)) {
      const became = await forward(incoming, response, path, headers);
      if (became === 'given') return;
      if (became === 'broken') {
        if (broken++ === AGAIN) return refuse(response, 502);
        // However long it had been under way: whether somebody listens is found out from here on.
        until = Date.now() + PATIENCE;
      } else if (Date.now() > until) {
        lost?.();
        return refuse(response, 503);
      }
    }
  }

  /**
   * `away`: nobody listens behind the door, and nothing was sent. `broken`: the connection ended before anything of an answer was there, of what only reads and can be asked
   * again. Else the answer was given, or that there is none.
   */
  function forward(
    incoming: IncomingMessage,
    response: ServerResponse,
    path: string,
    headers: IncomingHttpHeaders,
  ): Promise<'given' | 'away' | 'broken'> {
    return new Promise((resolve) => {
      const onward = request({ agent, host: '127.0.0.1', port: target?.port, method: incoming.method, path, headers }, (answer) => {
        const given = { ...answer.headers };
        for (const name of ['connection', 'keep-alive', 'transfer-encoding']) delete given[name];
        response.writeHead(answer.statusCode ?? 502, given);
        answer.pipe(response);
        answer.once('error', () => response.destroy());
        response.once('close', () => {
          answer.destroy();
          // Answered before all of the body was wanted: ours waits for the rest and is good for nothing else; on theirs the rest stands before the next request.
          if (!onward.writableFinished) onward.destroy();
          if (!incoming.readableEnded) incoming.unpipe(onward).resume();
          resolve('given');
        });
      });
      onward.once('error', (error: NodeJS.ErrnoException) => {
        const again = error.code === 'ECONNREFUSED' ? 'away' : onlyReads(incoming) ? 'broken' : null;
        if (again && !response.headersSent && !response.destroyed) return resolve(again);
        // Where it was given up here, the answer is on its way.
        if (!response.headersSent) refuse(response, 502);
        else if (!response.writableEnded) response.destroy();
        resolve('given');
      });
      const given = () => void (response.writableFinished || onward.destroy());
      response.once('close', given);
      // Of a try that came to nothing none is left, however often it is tried while workerd is started again.
      onward.once('close', () => response.off('close', given));
      // Only once there is somebody to read it: a body is a stream that cannot be sent twice. A large one is sent once the worker begins to read it
      // (RFC 9110, 10.1.1): what is refused by its head alone is answered before that, and such an answer would be lost in the middle of a body.
      const send = () => {
        const stop = watchPace(incoming, pace, () => {
          // Its sender reads the answer only where it has stopped sending; the connection goes either way.
          response.setHeader('connection', 'close');
          refuse(response, 408);
          onward.destroy();
        });
        response.once('close', stop);
        incoming.pipe(onward);
      };
      if (isLarge(incoming)) {
        onward.setHeader('expect', '100-continue');
        onward.once('continue', send);
        onward.flushHeaders();
      } else onward.once('socket', (socket) => (socket.connecting ? socket.once('connect', send) : send()));
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(FAILS[error.code ?? '']?.(port, address) ?? error.message)));
    server.listen(port, address, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    open(given) {
      target = given;
    },
    async close() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  /** The Host under which the worker sees the request, or null where it is none of ours. A proxy that speaks TLS may name us by our port. */
  function hostOf(given: string | undefined, origin: URL): string | null {
    if (!given) return null;
    const { port: own } = server.address() as AddressInfo;
    if (given.toLowerCase() === origin.host) return origin.host;
    if (!LOOPBACK.some((name) => given.toLowerCase() === `${name}:${own}`)) return null;
    return origin.protocol === 'https:' ? origin.host : given.toLowerCase();
  }
}

const FAILS: Readonly<Record<string, (port: number, address: string) => string>> = {
  EADDRINUSE: (port) => `Port ${port} is in use by another program. Stop it, or choose another port with PORT.`,
  EACCES: (port) => `Port ${port} is not open to this user. Choose another with PORT, such as 8787, and let the proxy have that one.`,
  EADDRNOTAVAIL: (_, address) => `This machine does not have the address ${address}: see HOST.`,
};

/** Asked by what watches over the portal, which knows it by whatever address it has. They tell nothing that is not everybody's. */
const isProbe = (path: string): boolean => ['/healthz', '/readyz'].includes(path);

/** What changes nothing (RFC 9110, 9.2.1) and has no body, as that is a stream that cannot be sent twice. */
const onlyReads = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

const isLarge = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > LARGE;

/**
 * Path and query as a URL has them (dots, backslashes and escapes worked out), so that what was looked at here is what is asked for behind. A target may
 * name the one who is asked as well (RFC 9112, 3.2.2).
 */
function targetOf(target = ''): { authority: string | null; path: string | null } {
  const [, authority = null, rest] = /^(?:https?:\/\/([^/?#@\\]+)(?=[/?]|$))?(.*)$/is.exec(target) ?? [];
  const asked = authority !== null && !rest?.startsWith('/') ? `/${rest ?? ''}` : (rest ?? '');
  if (!asked.startsWith('/')) return { authority, path: null };
  try {
    // Joined, not resolved: `//elsewhere/` is a path here.
    const { pathname, search } = new URL(`http://local${asked}`);
    return { authority, path: pathname + search };
  } catch {
    return { authority, path: null };
  }
}

function headersOf(incoming: IncomingMessage, target: Target, host: string): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(incoming.headers)) if (!DROPPED.test(name)) headers[name] = value;
  headers.host = host;
  headers['cf-connecting-ip'] = addressOf(incoming, target.trusted);
  headers['x-forwarded-proto'] = target.origin.protocol.slice(0, -1);
  headers['x-heyi-front'] = target.secret;
  if (incoming.headers['transfer-encoding']) headers['transfer-encoding'] = 'chunked';
  return headers;
}

/**
 * Who sent it: the peer, or where that is a proxy that is trusted, the last in X-Forwarded-For that is not one itself. What stands before that anybody can
 * have written. Where the header comes from this machine and no proxy of it is known, it is nobody's address, and not this machine's own.
 */
function addressOf(incoming: IncomingMessage, trusted: Trusted): string {
  const peer = incoming.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const given = incoming.headers['x-forwarded-for'];
  if (given === undefined) return peer;
  if (!trusted.has(peer)) return isLoopback(peer) ? 'unknown' : peer;
  const said = String(given)
    .split(',')
    .map((one) => one.trim());
  const from = said.findLast((one) => !trusted.has(one)) ?? said[0] ?? '';
  return isIP(from) ? from : 'unknown';
}
