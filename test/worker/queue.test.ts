/** The schedule through a real queue of the platform: messages are brought, gone on with, and tried again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { R2Bucket } from '@cloudflare/workers-types';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localDocumentKey } from '../../db/certificate.ts';
import { plainOpening, Stage } from '../../db/demo.ts';
import { type Installation, openLocal } from '../../db/installation.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import type { LibsqlServer } from '../../db/server.ts';
import { bindWorkerd } from '../../db/workerd.ts';
import { randomId } from '../../worker/chance.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { until } from '../attack/processes.ts';

const BUILT = new URL('../../.heyi/build/', import.meta.url).pathname;
const text = (value: string) => ({ type: 'text', value });

let data: string;
let env: Installation;
let server: LibsqlServer;
let worker: Miniflare;
let stage: Stage;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'heyi-queue-'));
  ({ env, server } = await openLocal(data));
  await migrateDatabase('directory', env.directory.url, env.directory.token);
  bindWorkerd();
  const settings = {
    DIRECTORY_URL: text(env.directory.url),
    DIRECTORY_TOKEN: text(env.directory.token ?? ''),
    CASEBOOK_TOKEN: text(env.casebookToken ?? ''),
    ORIGIN: text('https://heyi.example'),
    SIGNING_KEYS: text(JSON.stringify(env.keys)),
    DOCUMENT_KEY: text(await localDocumentKey(data)),
    FILES: { type: 'r2', name: 'heyi-files' },
    NETWORK: { type: 'network', allow: ['public', 'private'] },
    JOBS: { type: 'queue', name: 'heyi-jobs' },
  };
  const modules = {
    'index.js': { type: 'esm', contents: readFileSync(join(BUILT, 'index.js'), 'utf8') },
    ...Object.fromEntries(
      readdirSync(BUILT)
        .filter((name) => name.endsWith('.wasm'))
        .map((name) => [name, { type: 'wasm', contents: new Uint8Array(readFileSync(join(BUILT, name))) }]),
    ),
  };
  const config = {
    name: 'heyi',
    compatibilityDate: '2026-11-01',
    compatibilityFlags: ['nodejs_compat'],
    manifest: { mainModule: 'index.js', modules },
    env: settings,
    triggers: [{ type: 'queue', name: 'heyi-jobs', maxBatchSize: 10, maxBatchTimeout: 0, maxRetries: 3, retryDelay: 0 }],
  };
  const options = { host: '127.0.0.1', port: 0, resourcePersistencePath: join(data, 'files'), telemetry: { enabled: false }, cf: false };
  worker = new Miniflare({ ...options, enableDevRegistry: false, workers: [{ config }] } as unknown as ConstructorParameters<
    typeof Miniflare
  >[0]);
  await worker.ready;
  const files = (await worker.getR2Bucket('FILES')) as unknown as R2Bucket;
  stage = await Stage.set({ env, server, keys: env.keys, files }, Date.now());
});
afterAll(async () => {
  await worker.dispose();
  await server.close();
  rmSync(data, { recursive: true, force: true });
});

test('each lender is swept by its own message; one that fails comes again, by itself', async () => {
  const directory = openDirectory(env);
  await stage.give('chen', 'mingheng', randomId(), 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const [mingheng, pujiang] = [await directory.lenderBySlug('mingheng'), await directory.lenderBySlug('pujiang')];
  if (!mingheng || !pujiang) throw new Error('There are no lenders.');
  const casebook = openCasebookForPortal(env, mingheng);
  expect((await casebook.unsent(1)).notices).toHaveLength(1);
  await directory.changeLender('pujiang', { url: '/casebook-nowhere/' });
  const found = (await worker.getWorker()) as unknown as { scheduled(options: { cron: string }): Promise<unknown> };
  await found.scheduled({ cron: '*/5 * * * *' });
  await until('the notices of one have left', async () => (await casebook.unsent(1)).notices.length === 0);
  await until('the other was tried as often as a message is', async () => (await directory.sweepOf(pujiang.id)).failures === 4);
  expect(await directory.sweepOf(mingheng.id)).toMatchObject({ failures: 0, fault: null });
  await directory.changeLender('pujiang', { url: '/casebook-pujiang/' });
  await found.scheduled({ cron: '*/5 * * * *' });
  await until('it is swept again', async () => (await directory.sweepOf(pujiang.id)).failures === 0);
});
