import { createHash } from 'node:crypto';
import type { R2Bucket, R2Object, R2ObjectBody } from '@cloudflare/workers-types';
import { fileDigest } from '../file-digest.ts';

/** Evidence in R2: each file under its case and digest, so that one case's link can never reach another's file. */

/** The folder of all evidence. */
export const FILES = 'cases/';

/** Where a file of a case lies. */
export const casePath = (caseId: string, sha256: string): string => `${FILES}${caseId}/${sha256}`;

/** The folder of all documents that were made. */
export const EXPORTS = 'exports/';

/** Where the signed statement of what was erased of a lender that has ended lies. */
export const endedPath = (slug: string): string => `ended/${slug}.json`;

/** The folder of the documents that were made of a case. */
export const exportsPath = (caseId: string): string => `${EXPORTS}${caseId}/`;

/** @param lender the slug of whose case it is: storage remembers it beside the file, where no casebook reaches */
export async function putFile(
  bucket: R2Bucket,
  { case: of, lender }: { case: string; lender: string },
  { bytes, sha256, type }: { bytes: Uint8Array; sha256: string; type: string },
): Promise<void> {
  // R2 checks the digest itself on the way in and refuses the file where it differs.
  await bucket.put(casePath(of, sha256), bytes, { sha256, httpMetadata: { contentType: type }, customMetadata: { lender } });
}

const PATHS_AT_ONCE = 200;

/** Thrown where what is stored is not what was put there. */
export class FileDiffers extends Error {}

/** The bytes of a file, or null where it is gone. @throws FileDiffers */
export async function getFile(bucket: R2Bucket, caseId: string, sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const stored = await bucket.get(casePath(caseId, sha256));
  if (!stored) return null;
  const bytes = new Uint8Array(await stored.arrayBuffer());
  if (fileDigest(bytes) !== sha256) throw new FileDiffers();
  return bytes;
}

/**
 * A file as a stream, for passing on what is too large to hold; null where it is gone. The stream fails at its end where what came is not what was put
 * there, so that nothing is finished with it.
 */
export async function streamFile(bucket: R2Bucket, caseId: string, sha256: string): Promise<ReadableStream<Uint8Array> | null> {
  const stored = await bucket.get(casePath(caseId, sha256));
  return stored ? checkedStream(bodyOf(stored), sha256) : null;
}

/** The body of what is stored, as a stream of the web: the platform's own type knows itself by another name. */
export const bodyOf = ({ body }: R2ObjectBody) => body as unknown as ReadableStream<Uint8Array>;

/** A stream that fails at its end where what came has another digest. */
export function checkedStream(body: ReadableStream<Uint8Array>, sha256: string): ReadableStream<Uint8Array> {
  const digest = createHash('sha256');
  const checked = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      digest.update(chunk);
      controller.enqueue(chunk);
    },
    flush(controller) {
      if (digest.digest('hex') !== sha256) controller.error(new FileDiffers());
    },
  });
  return body.pipeThrough(checked);
}

/** What a casebook knows of paths that storage is to let go of. */
type Leaving = { leaving(limit: number, now: string): PromiseLike<{ path: string }[]>; left(path: string): PromiseLike<unknown> };

/**
 * Lets go of what a casebook has forgotten by `now`: files that were removed, discarded or erased, or put there for what came to nothing, and documents made
 * of a case of which something was erased. So many at once; tells whether there may be more. What a casebook names that is not its lender's stays: whoever can
 * write into a casebook's file reaches nothing of others.
 */
export async function emptyStorage(bucket: R2Bucket, slug: string, casebook: Leaving, now: string): Promise<boolean> {
  const paths = await casebook.leaving(PATHS_AT_ONCE, now);
  for (const { path } of paths) {
    if (!(await isOf(bucket, slug, path))) console.error(`a path that is not of ${slug} was to leave storage, and stays`);
    else if (path.endsWith('/')) for (const { key } of await listed(bucket, path)) await bucket.delete(key);
    else await bucket.delete(path);
    await casebook.left(path);
  }
  return paths.length === PATHS_AT_ONCE;
}

/** A file of a case; documents that were made of a case, or of a lender's own stream; rows of loans. */
const LEAVING =
  /^(?:cases\/[0-9a-f]{32}\/[0-9a-f]{64}|exports\/(?:[0-9a-f]{32}|@(?<stream>[a-z0-9-]+))\/|imports\/(?<loans>[a-z0-9-]+)\/[0-9a-f]{32}\/)$/;

/**
 * Whether a path is one that leaves for a lender: a file that storage knows as another's does not; of one that an earlier version put there it knows nobody. Documents made
 * of a case can be made again.
 */
async function isOf(bucket: R2Bucket, slug: string, path: string): Promise<boolean> {
  const found = LEAVING.exec(path);
  if (!found || (found.groups?.stream ?? found.groups?.loans ?? slug) !== slug) return false;
  return !path.startsWith(FILES) || ((await bucket.head(path))?.customMetadata?.lender ?? slug) === slug;
}

export async function listed(bucket: R2Bucket, prefix: string): Promise<R2Object[]> {
  const found: R2Object[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await bucket.list(cursor === undefined ? { prefix } : { prefix, cursor });
    found.push(...page.objects);
    if (!page.truncated) return found;
    cursor = page.cursor;
  }
}
