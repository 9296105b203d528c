/** The file storage of a data folder, for commands that look at it while the portal is not there to be asked. */
import { join } from 'node:path';
import type { R2Bucket } from '@cloudflare/workers-types';
import { Miniflare } from 'miniflare';
import { bucketName, FORMER, hasFormer, moveFiles } from './bucket.ts';
import { bindWorkerd } from './workerd.ts';

export type Storage = {
  files: R2Bucket;
  /** Whether files still lie under the name from before it was a secret. */
  isFormer(): Promise<boolean>;
  /** Takes those to where the portal looks for files. */
  move(): Promise<void>;
  close(): Promise<void>;
};

/** Opens the storage that `startPortal` keeps in this folder, or another bucket there. Nothing in it is changed but by `move`. */
export async function openStorage(data: string, name = bucketName(data)): Promise<Storage> {
  bindWorkerd();
  const former = hasFormer(data);
  const storage = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    resourcePersistencePath: join(data, 'files'),
    telemetry: { enabled: false },
    // As in `portal.ts`: nothing in the home folder, no name for other programs to find it by.
    enableDevRegistry: false,
    cf: false,
    workers: [
      {
        config: {
          name: 'storage',
          compatibilityDate: '2026-11-01',
          manifest: {
            mainModule: 'index.js',
            modules: { 'index.js': { type: 'esm', contents: 'export default { fetch: () => new Response(null, { status: 404 }) };' } },
          },
          env: {
            FILES: { type: 'r2', name },
            ...(former ? { FORMER: { type: 'r2', name: FORMER } } : {}),
          },
        },
      },
    ],
  } as unknown as ConstructorParameters<typeof Miniflare>[0]);
  await storage.ready;
  const files = (await storage.getR2Bucket('FILES')) as unknown as R2Bucket;
  const before = former ? ((await storage.getR2Bucket('FORMER')) as unknown as R2Bucket) : null;
  return {
    files,
    isFormer: async () => before !== null && (await before.list({ limit: 1 })).objects.length > 0,
    move: async () => {
      if (before) await moveFiles(before, files);
    },
    close: () => storage.dispose(),
  };
}
