import { setTimeout as wait } from 'node:timers/promises';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { freePort } from './attack/processes.ts';

/** A real mail server on loopback, and the ways in which such servers fail. */

/** A mail that the server took, and all that came to it. */
export type Got = { to: string; raw: string; mail: Email };

/**
 * `takes`: as it should. `refuses`: 5yz to the addresses of `refused`. `later`: 4yz to everybody. `bars`: 5yz to the portal itself. `hangs`: never answers a
 * message. `closes`: ends the connection in the middle of a message. `loses`: takes a message and ends the connection before it says so.
 */
type Mood = 'takes' | 'later' | 'bars' | 'hangs' | 'closes' | 'loses';

/** TLS from the first byte, or once it is asked for (STARTTLS); signing in before that is refused. Key and certificate in PEM. */
export type Tls = { from: 'first-byte' | 'starttls'; name: string; key: string; certificate: string };

const USER = 'heyi';
const PASS = 'p@ss:wörd%';

export class MailServer {
  readonly got: Got[] = [];
  readonly refused = new Set<string>();
  mood: Mood = 'takes';
  /** Connections that were made to it. */
  connections = 0;
  /** So many messages are taken, then it falls silent and everything is cut off. */
  diesAfter = Number.POSITIVE_INFINITY;
  private server: SMTPServer | null = null;
  private port = 0;

  private readonly tls: Tls | null;

  /** Without TLS, on loopback by its address; else by the name that its certificate is for. */
  constructor(tls: Tls | null = null) {
    this.tls = tls;
  }

  get url(): string {
    const [scheme, host] = [this.tls?.from === 'first-byte' ? 'smtps' : 'smtp', this.tls?.name ?? '127.0.0.1'];
    return `${scheme}://${USER}:${encodeURIComponent(PASS)}@${host}:${this.port}`;
  }

  /** What a portal needs to send by it. */
  get settings() {
    return { MAIL_URL: this.url, MAIL_FROM: '合意 <notice@heyi.example>', MAIL_REPLY_TO: 'reply@heyi.example' };
  }

  async start(): Promise<this> {
    const server = new SMTPServer({
      authMethods: ['PLAIN', 'LOGIN'],
      ...(this.tls
        ? { key: this.tls.key, cert: this.tls.certificate, secure: this.tls.from === 'first-byte' }
        : { allowInsecureAuth: true, disabledCommands: ['STARTTLS'] }),
      closeTimeout: 50,
      onConnect: (_session, done) => {
        this.connections += 1;
        done();
      },
      onAuth: ({ username, password }, _session, done) =>
        username === USER && password === PASS && this.mood !== 'bars' ? done(null, { user: USER }) : done(said(535, '5.7.8 Not you')),
      onRcptTo: ({ address }, _session, done) => {
        if (this.mood === 'later') return done(said(451, '4.3.0 Later'));
        done(this.refused.has(address) ? said(550, '5.1.1 Nobody here has that name') : null);
      },
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => {
          parts.push(part);
          if (this.mood === 'closes') cut(server);
        });
        stream.on('end', async () => {
          if (this.mood === 'hangs' || this.mood === 'closes') return;
          if (this.got.length >= this.diesAfter) return void cut(server);
          const bytes = Buffer.concat(parts);
          const to = session.envelope.rcptTo[0]?.address ?? '';
          this.got.push({ to, raw: bytes.toString('utf8'), mail: await PostalMime.parse(bytes) });
          if (this.mood === 'loses') return void cut(server);
          done();
        });
      },
    });
    // A connection that is cut off is what some tests are about.
    server.on('error', () => undefined);
    this.port ||= await freePort('here');
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
    return this;
  }

  /** Everything is cut off, and nobody listens any more. */
  async kill(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = null;
    cut(server);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  to = (address: string) => this.got.filter((one) => one.to === address);

  /** The newest mail to somebody, once it is there. */
  async mailTo(address: string, count = 1): Promise<Email> {
    for (let tries = 0; tries < 200; tries++) {
      const found = this.to(address);
      const last = found.at(-1);
      if (last && found.length >= count) return last.mail;
      await wait(50);
    }
    throw new Error(`No mail to ${address}.`);
  }

  /** The newest code that was sent to somebody. */
  async codeTo(address: string, count = 1): Promise<string> {
    return /\d{6,}/.exec((await this.mailTo(address, count)).text ?? '')?.[0] ?? '';
  }
}

const said = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

function cut(server: SMTPServer): void {
  for (const connection of server.connections) (connection as { _socket: { destroy(): void } })._socket.destroy();
}
