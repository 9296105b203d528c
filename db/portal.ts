/** The whole portal on one machine: the door, the databases in a process of their own, the worker in workerd, all data in one folder. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { R2Bucket } from '@cloudflare/workers-types';
import { Miniflare, type WorkerdStructuredLog } from 'miniflare';
import { CARRIER_SETTINGS, type CarrierSettings } from '../worker/carriers.ts';
import { instant } from '../worker/clock.ts';
import { anchorHeads } from '../worker/execute/anchor.ts';
import type { StoredKey } from '../worker/record/keys.ts';
import { openDirectory } from '../worker/store/open.ts';
import { bucketName, FORMER, hasFormer, moveFiles } from './bucket.ts';
import { localDocumentKey } from './certificate.ts';
import { type Databases, keepDatabases } from './databases.ts';
import { type Front, openFront } from './front.ts';
import { type Installation, openLocal } from './installation.ts';
import { lockFolder } from './lock.ts';
import { logLine } from './log.ts';
import { migrateAll, sayUnsealed } from './migrate.ts';
import { isDevelopment } from './settings.ts';
import { tidy } from './tidy.ts';
import { type Trusted, trustedProxies } from './trusted.ts';
import { bindWorkerd } from './workerd.ts';

export type Portal = {
  url: string;
  env: Installation;
  keys: StoredKey[];
  server: Databases;
  files: R2Bucket;
  /** Runs what the schedule runs. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
};

export type PortalSettings = {
  /** Where people reach it, where that is not the port itself: behind a proxy that speaks TLS. */
  origin?: string | undefined;
  /** The address on which it listens: loopback, where nothing else is said. */
  host?: string | undefined;
  /** The proxies in front that say in X-Forwarded-For who asks; none, where nothing is said. */
  trusted?: Trusted | undefined;
  /** By which ways letters leave; without any they stay, and can be read on a development machine. */
  carriers?: CarrierSettings | undefined;
  /** The service of time stamps that anchors get one of. */
  tsa?: string | undefined;
  /** Organisations that mediate, beside those of the table, as JSON. */
  mediators?: string | undefined;
  /** Told when workerd is gone and does not come back. */
  lost?: () => void;
};

const WORKER = new URL('../.heyi/build/index.js', import.meta.url).pathname;
const ASSETS = new URL('../.heyi/assets', import.meta.url).pathname;

/**
 * Starts the portal on a data folder. Needs `npm run build -- --worker` to have run. `port` 0 takes a free one.
 * @throws in words where another portal has the folder, or another program the port
 */
export async function startPortal(
  data: string,
  port = 0,
  { origin, host, trusted, carriers = {}, tsa, mediators, lost }: PortalSettings = {},
): Promise<Portal> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(data);
  const opened: { front?: Front; server?: Databases; worker?: Miniflare } = {};
  const stop = async () => {
    await opened.front?.close();
    await opened.worker?.dispose();
    await opened.server?.close();
    if (opened.server) tidy(join(data, 'databases'));
    unlock();
  };
  try {
    return await start();
  } catch (thrown) {
    await stop();
    throw thrown;
  }

  async function start(): Promise<Portal> {
    const front = await openFront(port, { host, lost });
    opened.front = front;
    const url = `http://127.0.0.1:${front.port}`;
    const inLines = !isDevelopment(new URL(origin ?? url));
    const { env } = await openLocal(data, async (folder) => {
      opened.server = await keepDatabases(folder, inLines);
      return opened.server;
    });
    sayUnsealed(await migrateAll(env, data));
    const { keys } = env;
    const secret = randomBytes(32).toString('base64url');
    const former = hasFormer(data);
    const worker = makeWorker(data, inLines, {
      ...settingsOf(env, origin ?? url, secret),
      ...Object.fromEntries(CARRIER_SETTINGS.flatMap((name) => (carriers[name] ? [[name, text(carriers[name])]] : []))),
      ...(tsa ? { TSA_URL: text(tsa) } : {}),
      ...(mediators ? { MEDIATORS: text(mediators) } : {}),
      SIGNING_KEYS: text(JSON.stringify(keys)),
      DOCUMENT_KEY: text(await localDocumentKey(data)),
      FILES: { type: 'r2', name: bucketName(data) },
      ASSETS: { type: 'disk', path: ASSETS },
      // To the databases directly: Miniflare has what a worker fetches go through a worker of its own, which doubled what it takes.
      NETWORK: { type: 'network', allow: ['public', 'private'], tlsOptions: { trustBrowserCas: true } },
      ...(former ? { FORMER: { type: 'r2', name: FORMER } } : {}),
    });
    opened.worker = worker;
    const behind = await worker.ready;
    const files = (await worker.getR2Bucket('FILES')) as unknown as R2Bucket;
    if (former) await moveFiles((await worker.getR2Bucket('FORMER')) as unknown as R2Bucket, files);
    await openDirectory(env).freeSweeps();
    await anchorAtStart({ ...env, files });
    const known = new URL(origin ?? url);
    front.open({ port: Number(behind.port), origin: known, secret, trusted: trusted ?? trustedProxies() });
    return {
      url,
      env,
      keys,
      server: opened.server as Databases,
      files,
      async sweep() {
        const found = (await worker.getWorker()) as unknown as { scheduled(options: { cron: string }): Promise<unknown> };
        await found.scheduled({ cron: '*/5 * * * *' });
        tidy(join(data, 'databases'));
      },
      stop,
    };
  }
}

/** Before anybody comes in: what was anchored and is not in the records any more is known, and those can only be looked at. */
async function anchorAtStart(env: Parameters<typeof anchorHeads>[0]): Promise<void> {
  for (const lender of await openDirectory(env).lenders())
    await anchorHeads(env, lender, instant()).catch((thrown) => console.error(`anchors of ${lender.slug}: ${(thrown as Error).message}`));
}

const text = (value: string) => ({ type: 'text' as const, value });

function settingsOf(env: Installation, origin: string, secret: string) {
  return {
    DIRECTORY_URL: text(env.directory.url),
    DIRECTORY_TOKEN: text(env.directory.token ?? ''),
    CASEBOOK_TOKEN: text(env.casebookToken ?? ''),
    ORIGIN: text(origin),
    FRONT_SECRET: text(secret),
    ...(isDevelopment(new URL(origin)) ? { DEVELOPMENT: text('1') } : {}),
  };
}

function makeWorker(data: string, inLines: boolean, env: Record<string, unknown>): Miniflare {
  bindWorkerd();
  return new Miniflare({
    host: '127.0.0.1',
    port: 0,
    resourcePersistencePath: join(data, 'files'),
    telemetry: { enabled: false },
    // Neither a debug port nor a name for other programs to find us by.
    enableDevRegistry: false,
    logRequests: false,
    ...(inLines ? { handleStructuredLogs } : {}),
    cf: false,
    unsafeHandleRuntimeRestart: () => console.error('The worker process ended and was started again.'),
    workers: [
      {
        config: {
          name: 'heyi',
          compatibilityDate: '2026-11-01',
          compatibilityFlags: ['nodejs_compat'],
          manifest: { mainModule: 'index.js', modules: modules() },
          env,
        },
      },
    ],
  } as unknown as ConstructorParameters<typeof Miniflare>[0]);
}

const handleStructuredLogs = ({ timestamp, level, message }: WorkerdStructuredLog): void =>
  void process.stdout.write(`${logLine('worker', level, message, new Date(timestamp))}\n`);

/** The worker's modules as the build left them: the script, and WebAssembly beside it. */
function modules() {
  const folder = dirname(WORKER);
  const wasm = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  const compiled = wasm.map((name) => [name, { type: 'wasm' as const, contents: new Uint8Array(readFileSync(join(folder, name))) }]);
  return { 'index.js': { type: 'esm' as const, contents: readFileSync(WORKER, 'utf8') }, ...Object.fromEntries(compiled) };
}
