import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import * as z from 'zod';
import { isOwn, type MailWay } from '../carriers.ts';
import type { Message } from './message.ts';
import { LATER, type Outcome, SENT, WAY_FAILS, type Way } from './outcome.ts';

/**
 * Mail by SMTP, over one connection for all that leave together. The dialogue and the message are nodemailer's; the connection is made here, as the platform
 * resolves names itself.
 */

export type SmtpWay = Extract<MailWay, { by: 'smtp' }>;

/** How long the server may take to be there, to greet, and between two answers; and all together for one letter: milliseconds. */
const CONNECT = 8_000;
const SILENCE = 12_000;
const LETTER = 25_000;

/** @param name by which the portal greets the server (RFC 5321, 4.1.1.1): its host name */
export function smtp(way: SmtpWay, name: string): Way<Message> {
  let open: SMTPConnection | null = null;
  /** What is waited for on the connection, should it end. */
  let ended: Done = () => undefined;

  async function opened(): Promise<SMTPConnection> {
    if (open) return open;
    const socket = await connected(way);
    const { host, port, secure } = way;
    const connection = new SMTPConnection({
      connection: socket,
      host,
      port,
      secure,
      secured: secure,
      name,
      // A password and codes go over it: never in clear but to this machine itself.
      requireTLS: !secure && !isOwn(host),
      ignoreTLS: !secure && isOwn(host),
      connectionTimeout: CONNECT + SILENCE,
      greetingTimeout: SILENCE,
      socketTimeout: SILENCE,
      socketCloseTimeout: 0,
      logger: false,
    });
    // What fails while a letter is under way is told to whoever carries it; after that nobody needs to know.
    connection.on('error', () => undefined);
    connection.once('end', () => {
      if (open === connection) open = null;
      ended(new Error('The server closed the connection.'));
    });
    try {
      await called((done) => {
        ended = done;
        connection.once('error', done);
        connection.connect(done);
      });
      const { user, password: pass } = way;
      if (user) {
        await called((done) => {
          ended = done;
          connection.login({ user, pass }, done);
        });
      }
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
    open = connection;
    return connection;
  }

  return {
    async carry(message) {
      try {
        const bytes = await bytesOf(message).catch(() => null);
        if (!bytes) return { is: 'refused', what: 'letter' };
        const connection = await within(opened(), CONNECT + SILENCE);
        const envelope = { from: message.from.address, to: [message.to] };
        await within(
          called((done) => {
            ended = done;
            connection.send(envelope, bytes, done);
          }),
          LETTER,
        );
        return SENT;
      } catch (thrown) {
        const outcome = outcomeOf(thrown);
        // In whatever state it is: the next letter begins anew.
        open?.close();
        open = null;
        return outcome;
      }
    },
    async close() {
      open?.quit();
      open = null;
    },
  };
}

/** The message as it goes over the line. Every header is encoded or refused by the library: none can end before its end. */
export function bytesOf({ id, from, to, replyTo, subject, text, html, date, headers }: Message): Promise<Buffer> {
  const composed = new MailComposer({
    from,
    to: { name: '', address: to },
    ...(replyTo ? { replyTo } : {}),
    subject,
    text,
    html,
    date,
    messageId: id,
    headers,
    xMailer: false,
    // The same bytes for the same letter.
    baseBoundary: id.replace(/\W/g, '').slice(0, 32),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composed.compile().build();
}

async function connected({ host, port, secure }: SmtpWay): Promise<Socket> {
  const socket = secure ? connectSecure({ host, port, servername: host }) : connectPlain({ host, port });
  try {
    await within(
      called((done) => {
        socket.once(secure ? 'secureConnect' : 'connect', () => done(null));
        socket.once('error', done);
        socket.once('close', () => done(new Error('The server closed the connection.')));
      }),
      CONNECT,
    );
  } catch (thrown) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw thrown;
  }
  return socket;
}

type Done = (fault?: Error | null) => void;

/** What calls back, as a promise. Only its first word counts. */
const called = (call: (done: Done) => void) => new Promise<void>((resolve, reject) => call((fault) => (fault ? reject(fault) : resolve())));

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The server did not answer in time.')), milliseconds);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the library says of an answer that was no yes. */
const Refused = z.object({ responseCode: z.int(), command: z.string(), response: z.string().default('') });
/** The library itself says that no server would take such an address. */
const NoAddress = z.object({ code: z.literal('EENVELOPE'), command: z.literal('API') });

/**
 * RFC 5321, 4.2.1: 4yz may go another time, 5yz never. A 5yz to RCPT, or one that says so (RFC 3463, x.1.y), is the address's; to DATA the letter's. One to
 * MAIL or to signing in is the portal's own matter: nothing is said of the letter, and all of them wait until somebody has seen to it.
 */
function outcomeOf(thrown: unknown): Outcome {
  if (NoAddress.safeParse(thrown).success) return { is: 'refused', what: 'address' };
  const said = Refused.safeParse(thrown);
  if (!said.success) return WAY_FAILS;
  const { responseCode, command, response } = said.data;
  if (responseCode === 421 || !/^(?:RCPT TO|DATA)$/.test(command)) return WAY_FAILS;
  if (responseCode < 500) return LATER;
  return { is: 'refused', what: command === 'RCPT TO' || /^5\d\d[ -]5\.1\./.test(response) ? 'address' : 'letter' };
}
