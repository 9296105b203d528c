/** The file storage of a data folder, for commands that look at it while the portal is not there to be asked. */
import { join } from 'node:path';
import type { R2Bucket } from '@cloudflare/workers-types';
import { Miniflare } from 'miniflare';
import { bucketName } from './bucket.ts';
import { bindWorkerd } from './workerd.ts';

/** Opens the storage that `startPortal` keeps in this folder, or another bucket there. */
export async function openStorage(data: string, name = bucketName(data)): Promise<{ files: R2Bucket; close: () => Promise<void> }> {
  bindWorkerd();
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
          env: { FILES: { type: 'r2', name } },
        },
      },
    ],
  } as unknown as ConstructorParameters<typeof Miniflare>[0]);
  await storage.ready;
  return { files: (await storage.getR2Bucket('FILES')) as unknown as R2Bucket, close: () => storage.dispose() };
}
