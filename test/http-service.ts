import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './attack/processes.ts';

/** A service that takes letters as JSON (a mail API, or one for short messages), on loopback, and the ways in which such services fail. */

export type Posted = { headers: Record<string, unknown>; body: Record<string, unknown> };

/** A number: it answers with that status. `hangs`: it never answers. `closes`: it ends the connection once the body has come. `loses`: it takes the letter, and ends the connection before it says so. */
type Mood = number | 'hangs' | 'closes' | 'loses';

export class HttpService {
  readonly got: Posted[] = [];
  mood: Mood = 200;
  /** Requests that came, whatever became of them. */
  asked = 0;
  private server: Server | null = null;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}/send`;
  }

  async start(): Promise<this> {
    const server = createServer(async (incoming, answer) => {
      this.asked += 1;
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part as Buffer);
      const { mood } = this;
      if (mood === 'hangs') return;
      if (mood === 'closes') return void incoming.socket.destroy();
      if (mood === 'loses' || (mood >= 200 && mood < 300))
        this.got.push({ headers: incoming.headers, body: JSON.parse(Buffer.concat(parts).toString('utf8')) });
      if (mood === 'loses') return void incoming.socket.destroy();
      answer.writeHead(mood, mood >= 300 && mood < 400 ? { location: `${this.url}/elsewhere` } : {}).end('{}');
    });
    this.port ||= await freePort('here');
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
    return this;
  }

  /** Everything is cut off, and nobody listens any more. */
  async kill(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  to = (recipient: string) => this.got.filter(({ body }) => [body.to].flat().includes(recipient));

  /** The newest letter to somebody, once it is there. */
  async letterTo(recipient: string, count = 1): Promise<Posted['body']> {
    for (let tries = 0; tries < 200; tries++) {
      const found = this.to(recipient);
      const last = found.at(-1);
      if (last && found.length >= count) return last.body;
      await wait(50);
    }
    throw new Error(`No letter to ${recipient}.`);
  }
}
