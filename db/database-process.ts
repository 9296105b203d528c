/**
 * The process of the databases, started by `databases.ts`. Its first message says what to serve; it answers with its address, and from then on
 * each `ping` with a `pong`. It ends with its parent, however that ends: the channel between them closes. Signals of the terminal are the parent's.
 */
import { type LibsqlServer, serve } from './server.ts';

/** What the parent sends first. */
export type Order = { folder: string; port: number; token: string };
/** What it is told. */
export type Answer = { type: 'ready'; url: string } | { type: 'failed'; message: string } | { type: 'pong' };

const say = (answer: Answer) => process.send?.(answer);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

let server: LibsqlServer | null = null;

process.once('message', async (order: Order) => {
  try {
    server = await serve(order);
    process.on('message', () => say({ type: 'pong' }));
    say({ type: 'ready', url: server.url });
  } catch (thrown) {
    say({ type: 'failed', message: (thrown as Error).message });
    process.exitCode = 1;
    process.disconnect?.();
  }
});
process.once('disconnect', async () => {
  await server?.close();
  process.exit();
});
