/**
 * The name of the bucket in which files are kept. Miniflare answers for every bucket, to anybody on this machine who finds its port and knows the name
 * (`/cdn-cgi/local/r2/public/NAME/…`), and has no setting against it: so the name is a secret of the data folder.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { R2Bucket } from '@cloudflare/workers-types';

const NAME = /^files-[0-9a-f]{32}$/;
/** The bucket of data folders from before its name was a secret. */
export const FORMER = 'files';

const fileOf = (data: string): string => join(data, 'files-name');

/** The name, made on first use. @throws where the file that holds it is not whole */
export function bucketName(data: string): string {
  const file = fileOf(data);
  if (existsSync(file)) {
    const name = readFileSync(file, 'utf8').trim();
    if (!NAME.test(name)) throw new Error(`${file} does not hold the name of the bucket of files: restore it from a backup of the folder.`);
    return name;
  }
  const name = `files-${randomBytes(16).toString('hex')}`;
  writeFileSync(`${file}.new`, `${name}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return name;
}

/** Whether files still lie under the former name: asked before Miniflare opens the folder. */
export function hasFormer(data: string): boolean {
  const blobs = join(data, 'files', 'r2', FORMER, 'blobs');
  return existsSync(blobs) && readdirSync(blobs).length > 0;
}

/** Takes every file from the former bucket into the one with the secret name. Safe to repeat. */
export async function moveFiles(from: R2Bucket, to: R2Bucket): Promise<void> {
  for (;;) {
    const { objects } = await from.list({ limit: 100, include: ['httpMetadata', 'customMetadata'] });
    if (objects.length === 0) return;
    for (const { key } of objects) {
      const object = await from.get(key);
      if (!object) continue;
      const { httpMetadata, customMetadata } = object;
      await to.put(key, await object.arrayBuffer(), { ...(httpMetadata && { httpMetadata }), ...(customMetadata && { customMetadata }) });
      await from.delete(key);
    }
  }
}
