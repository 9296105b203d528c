/** The whole portal on one machine: databases, files and worker in one process, all data in one folder. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { R2Bucket } from '@cloudflare/workers-types';
import { Miniflare } from 'miniflare';
import type { StoredKey } from '../worker/record/keys.ts';
import { localDocumentKey } from './certificate.ts';
import { type Installation, openLocal } from './installation.ts';
import { migrateAll, sayUnsealed } from './migrate.ts';
import type { LibsqlServer } from './server.ts';
import { tidy } from './tidy.ts';

export type Portal = {
  url: string;
  env: Installation;
  keys: StoredKey[];
  server: LibsqlServer;
  files: R2Bucket;
  /** Runs what the schedule runs. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
};

const WORKER = new URL('../.heyi/build/index.js', import.meta.url).pathname;
const ASSETS = new URL('../.heyi/assets', import.meta.url).pathname;

/** Starts the portal on a data folder. Needs `npm run build -- --worker` to have run. `port` 0 takes a free one. */
export async function startPortal(data: string, port = 0): Promise<Portal> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const { env, server } = await openLocal(data);
  sayUnsealed(env, (await migrateAll(env)).unsealed);
  const { keys } = env;
  const at = port === 0 ? await freePort() : port;
  const url = `http://127.0.0.1:${at}`;
  const text = (value: string) => ({ type: 'text' as const, value });
  const portal = new Miniflare({
    host: '127.0.0.1',
    // Its own entry has doors to the storage (/cdn-cgi/…): people's port goes straight to our worker, past them.
    port: 0,
    resourcePersistencePath: join(data, 'files'),
    telemetry: { enabled: false },
    cf: false,
    workers: [
      {
        config: {
          name: 'heyi',
          compatibilityDate: '2026-11-01',
          compatibilityFlags: ['nodejs_compat'],
          manifest: { mainModule: 'index.js', modules: modules() },
          env: {
            DIRECTORY_URL: text(env.directory.url),
            DIRECTORY_TOKEN: text(server.token),
            CASEBOOK_TOKEN: text(server.token),
            ORIGIN: text(url),
            DEVELOPMENT: text('1'),
            SIGNING_KEYS: text(JSON.stringify(keys)),
            DOCUMENT_KEY: text(await localDocumentKey(data)),
            FILES: { type: 'r2', name: 'files' },
            ASSETS: { type: 'disk', path: ASSETS },
          },
        },
        dev: { unsafeDirectSockets: [{ host: '127.0.0.1', port: at }] },
      },
    ],
  } as unknown as ConstructorParameters<typeof Miniflare>[0]);
  await portal.ready;
  return {
    url,
    env,
    keys,
    server,
    files: (await portal.getR2Bucket('FILES')) as unknown as R2Bucket,
    async sweep() {
      const worker = (await portal.getWorker()) as unknown as { scheduled(options: { cron: string }): Promise<unknown> };
      await worker.scheduled({ cron: '*/5 * * * *' });
      tidy(join(data, 'databases'));
    },
    async stop() {
      await portal.dispose();
      await server.close();
      tidy(join(data, 'databases'));
    },
  };
}

/** The worker's modules as the build left them: the script, and WebAssembly beside it. */
function modules() {
  const folder = dirname(WORKER);
  const wasm = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  const compiled = wasm.map((name) => [name, { type: 'wasm' as const, contents: new Uint8Array(readFileSync(join(folder, name))) }]);
  return { 'index.js': { type: 'esm' as const, contents: readFileSync(WORKER, 'utf8') }, ...Object.fromEntries(compiled) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
