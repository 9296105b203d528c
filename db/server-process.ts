/**
 * The process of the database server: what `db/databases.ts` starts and watches over. Its settings come by message, so that the token stands in no list
 * of processes. It ends when the one that started it is gone, however that went; signals of the terminal are its starter's to act on.
 */
import { type LibsqlServer, type Settings, serve } from './server.ts';

export type Told = { listening: string } | { failed: string } | { pipelines: number; asked?: true } | { alive: true };
export type Order = { serve: Omit<Settings, 'counted'> } | { ping: true } | { count: true } | { stop: true };

let server: LibsqlServer | null = null;
const tell = (told: Told): void => {
  if (process.connected) process.send?.(told);
};

process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

process.on('message', (order: Order) => {
  if ('ping' in order) return tell({ alive: true });
  if ('count' in order) return tell({ pipelines: server?.pipelines ?? 0, asked: true });
  if ('stop' in order) return void stop();
  serve({ ...order.serve, counted: (pipelines) => tell({ pipelines }) }).then(
    (started) => {
      server = started;
      tell({ listening: started.url });
    },
    (thrown) => tell({ failed: (thrown as Error).message }),
  );
});

async function stop(): Promise<void> {
  await server?.close();
  process.exit(0);
}
