/** `npm run --silent demo:bundle -- out.zip`: plays a whole case, with files, through the worker, and writes the bundle that a party would download. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAssets, buildWorker } from './build.ts';

const [out] = process.argv.slice(2);
if (!out) {
  console.error('Name the file to write: npm run --silent demo:bundle -- out.zip');
  process.exit(2);
}
await buildAssets();
await buildWorker();
const { startPortal } = await import('./portal.ts');
const { playWhole } = await import('./play-whole.ts');
const data = mkdtempSync(join(tmpdir(), 'heyi-bundle-'));
const portal = await startPortal(data);
try {
  const { bundle } = await playWhole(portal);
  writeFileSync(out, bundle);
} finally {
  await portal.stop();
  rmSync(data, { recursive: true, force: true });
}
