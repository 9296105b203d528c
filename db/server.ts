/**
 * The embedded libSQL server: Hrana 2 over HTTP for any number of named databases in one folder.
 * `POST /NAME/v2/pipeline` works on NAME; a database exists once `create` (here) or `POST /admin/NAME` has made it. Whoever asks for anything at all
 * shows the token, which is made anew at each start; what a browser sends (an Origin, another Host than ours) is refused before that.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Connection, errorBody } from './hrana/connection.ts';
import { HranaError, Pipeline, type StreamRequest } from './hrana/protocol.ts';

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
const IDLE_CONNECTIONS = 4;

export type Settings = {
  /** Folder of the database files. */
  folder: string;
  /** 0 takes a free port. */
  port?: number;
  /** Where it listens: loopback, unless the one who sets another address brings a token of their own. */
  host?: string;
  /** Sent with every request as `Authorization: Bearer …`; a random one where none is given. */
  token?: string;
  /** Milliseconds after which a stream that nobody continued is rolled back. */
  streamLimit?: number;
  /** Largest request body in bytes. */
  bodyLimit?: number;
  /** Told of each pipeline, with how many there have been. */
  counted?: (pipelines: number) => void;
};

export type LibsqlServer = {
  /** Base address; a database is `${url}NAME/`. */
  url: string;
  token: string;
  /** Pipelines answered so far: tests count round trips with it. */
  readonly pipelines: number;
  create(name: string): void | Promise<void>;
  names(): string[];
  close(): Promise<void>;
};

type Stream = { name: string; connection: Connection; expires: NodeJS.Timeout };

/** Starts the server. @throws where it would listen beyond loopback without a token. */
export async function serve(settings: Settings): Promise<LibsqlServer> {
  const { folder, port = 0, host = '127.0.0.1', streamLimit = 10_000, bodyLimit = 64 * 1024 * 1024 } = settings;
  const token = settings.token || newToken();
  const onLoopback = ['127.0.0.1', '::1', 'localhost'].includes(host);
  if (!settings.token && !onLoopback) {
    throw new Error(`The libSQL server would listen on ${host} without a token: set a token, or listen on 127.0.0.1.`);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const idle = new Map<string, Connection[]>();
  const streams = new Map<string, Stream>();
  let pipelines = 0;

  const fileOf = (name: string) => join(folder, `${name}.db`);

  function take(name: string): Connection {
    return idle.get(name)?.pop() ?? new Connection(fileOf(name));
  }

  function give(name: string, connection: Connection): void {
    const clean = connection.reset();
    const kept = idle.get(name) ?? [];
    if (!clean || kept.length >= IDLE_CONNECTIONS) connection.close();
    else idle.set(name, [...kept, connection]);
  }

  function keep(name: string, connection: Connection): string {
    const baton = randomBytes(24).toString('base64url');
    const expires = setTimeout(() => {
      streams.delete(baton);
      give(name, connection);
    }, streamLimit);
    streams.set(baton, { name, connection, expires });
    return baton;
  }

  /** A baton is good once: it is taken away while its stream works. */
  function resume(name: string, baton: string): Connection {
    const stream = streams.get(baton);
    if (!stream || stream.name !== name) throw new HttpError(400, 'the stream has expired or is unknown', 'STREAM_EXPIRED');
    clearTimeout(stream.expires);
    streams.delete(baton);
    return stream.connection;
  }

  async function pipeline(name: string, body: unknown): Promise<unknown> {
    const read = Pipeline.safeParse(body);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new HttpError(400, `not a Hrana 2 pipeline: ${issue?.path.join('.')}: ${issue?.message}`, 'HRANA_PROTO_ERROR');
    }
    pipelines += 1;
    settings.counted?.(pipelines);
    const { baton, requests } = read.data;
    const connection = baton ? resume(name, baton) : take(name);
    const results: unknown[] = [];
    let closed = false;
    try {
      for (const request of requests) {
        if (closed) throw new HttpError(400, 'a request follows close', 'HRANA_PROTO_ERROR');
        results.push(await answer(connection, request));
        closed = request.type === 'close';
      }
    } catch (thrown) {
      give(name, connection);
      throw thrown;
    }
    if (closed) give(name, connection);
    return { baton: closed ? null : keep(name, connection), base_url: null, results };
  }

  async function handle(request: IncomingMessage): Promise<unknown> {
    if (request.headers.origin !== undefined || (onLoopback && !ours.has(request.headers.host ?? '')))
      throw new HttpError(403, 'this server is not for pages of a browser, nor known by that name', 'FORBIDDEN');
    if (!sameToken(request.headers.authorization, token)) throw new HttpError(401, 'a valid token is needed', 'UNAUTHORIZED');
    const path = pathOf(request.url);
    if (path === '/health') return { ok: true };
    const admin = /^\/admin\/([^/]+)$/.exec(path);
    if (admin && request.method === 'POST') {
      create(admin[1] ?? '');
      return { created: admin[1] };
    }
    const match = /^\/([^/]+)\/v2(\/pipeline)?\/?$/.exec(path);
    if (!match) throw new HttpError(404, 'unknown path: /NAME/v2/pipeline is served', 'NOT_FOUND');
    const name = match[1] ?? '';
    if (!NAME.test(name) || !existsSync(fileOf(name)))
      throw new HttpError(404, `there is no database ${JSON.stringify(name)}`, 'DATABASE_NOT_FOUND');
    if (!match[2]) return { version: 2 };
    if (request.method !== 'POST') throw new HttpError(405, 'a pipeline is sent with POST', 'METHOD_NOT_ALLOWED');
    return pipeline(name, await readJson(request, bodyLimit));
  }

  function create(name: string): void {
    if (!NAME.test(name)) throw new HttpError(400, 'a database name is 1 to 64 of a–z, 0–9 and -', 'NAME_INVALID');
    new Connection(fileOf(name)).close();
  }

  const server = createServer((request, response) => {
    handle(request).then(
      (body) => reply(response, 200, body),
      (thrown) => {
        const status = thrown instanceof HttpError ? thrown.status : 500;
        reply(response, status, errorBody(thrown));
        if (status === 413) request.destroy();
      },
    );
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const address = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  const ours = new Set([`${name}:${address.port}`, ...['127.0.0.1', '[::1]', 'localhost'].map((one) => `${one}:${address.port}`)]);

  return {
    url: `http://${name}:${address.port}/`,
    token,
    get pipelines() {
      return pipelines;
    },
    create,
    names: () => readdirSync(folder).flatMap((file) => (file.endsWith('.db') ? [file.slice(0, -3)] : [])),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const { connection, expires } of streams.values()) {
        clearTimeout(expires);
        connection.reset();
        connection.close();
      }
      for (const connection of [...idle.values()].flat()) connection.close();
    },
  };
}

export const newToken = (): string => randomBytes(32).toString('base64url');

function pathOf(target: string | undefined): string {
  try {
    return new URL(target ?? '/', 'http://local').pathname;
  } catch {
    throw new HttpError(400, 'the address cannot be read', 'HRANA_PROTO_ERROR');
  }
}

class HttpError extends HranaError {
  readonly status: number;
  constructor(status: number, message: string, code: string) {
    super(message, code);
    this.status = status;
  }
}

async function answer(connection: Connection, request: StreamRequest): Promise<unknown> {
  try {
    return { type: 'ok', response: await connection.answer(request) };
  } catch (thrown) {
    return { type: 'error', error: errorBody(thrown) };
  }
}

/** In time that tells nothing of the token: digests of one length are compared. */
function sameToken(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > limit) throw new HttpError(413, `a request is at most ${limit} bytes`, 'TOO_LARGE');
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpError(400, 'the body is not JSON', 'HRANA_PROTO_ERROR');
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
