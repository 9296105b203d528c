import { createHash } from 'node:crypto';
import type { R2Bucket, R2Object, R2UploadedPart } from '@cloudflare/workers-types';
import { DAY } from '../clock.ts';
import { streamDigest } from '../file-digest.ts';
import { bodyOf, checkedStream, EXPORTS, exportsPath, listed } from './files.ts';

/**
 * Documents that were made of a case for somebody to take away: one of a kind for each person, for a day, so that the address from which they come
 * can be opened again (in-app browsers open it twice) without anything being made or written. Whoever has not made it does not get it.
 */

const KEPT = DAY;
/** Parts of one upload are of one size, at least 5 MiB (R2). */
const PART = 8 * 1024 * 1024;

/**
 * `made` is what the document is called by; `variant` tells those of one kind apart: their language, and what is shown of a part; `until`, for how long it is given again, where something is
 * missing in it that may be had later ('' where nothing is).
 */
export type About = { made: string; variant: string; until: string };
/** A document as it is kept, with the digest of its bytes. */
export type Kept = About & { sha256: string };

export type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

/** Of which case, for whom, and which kind of document. */
export type Place = { caseId: string; account: string; what: string };

const pathOf = ({ caseId, account, what }: Place) => `${exportsPath(caseId)}${account}/${what}`;

/** Keeps a document as it is made, in place of the one of its kind before, and says what it came to. Nothing is kept of one that fails on the way. */
export async function keepExport(bucket: R2Bucket, at: Place, about: About, body: Body): Promise<Kept & { size: number }> {
  const digest = createHash('sha256');
  const upload = await bucket.createMultipartUpload(pathOf(at), { customMetadata: about });
  try {
    const parts: R2UploadedPart[] = [];
    let size = 0;
    for await (const part of partsOf(body)) {
      digest.update(part);
      size += part.length;
      parts.push(await upload.uploadPart(parts.length + 1, part));
    }
    await upload.complete(parts);
    return { ...about, sha256: digest.digest('hex'), size };
  } catch (thrown) {
    await upload.abort().catch(() => {});
    throw thrown;
  }
}

/** The bytes in parts of one size, the last one smaller; at least one part. */
async function* partsOf(body: Body): AsyncGenerator<Uint8Array> {
  const whole = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const chunks = whole instanceof Uint8Array ? [whole] : whole;
  let part = new Uint8Array(PART);
  let filled = 0;
  let sent = 0;
  for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
    for (let from = 0; from < chunk.length; ) {
      const piece = chunk.subarray(from, from + PART - filled);
      part.set(piece, filled);
      filled += piece.length;
      from += piece.length;
      if (filled < PART) continue;
      yield part;
      sent += 1;
      part = new Uint8Array(PART);
      filled = 0;
    }
  }
  if (filled > 0 || sent === 0) yield part.subarray(0, filled);
}

/**
 * The document of a kind that is kept for a person, where it is a `wanted` one, with the digest of its bytes as they are now. Storage tells nothing of whether
 * that is what was made: whoever hands it out knows.
 */
export async function exportKept(bucket: R2Bucket, at: Place, wanted: (about: About) => boolean): Promise<Kept | null> {
  const stored = await bucket.get(pathOf(at));
  if (!stored) return null;
  const about = aboutOf(stored);
  if (wanted(about)) return { ...about, sha256: await streamDigest(bodyOf(stored)) };
  await stored.body.cancel();
  return null;
}

/** Hands out the document of a kind that is kept for a person, which has this digest; null where it is kept no more. */
export async function readExport(bucket: R2Bucket, at: Place, sha256: string): Promise<ReadableStream<Uint8Array> | null> {
  const stored = await bucket.get(pathOf(at));
  return stored ? checkedStream(bodyOf(stored), sha256) : null;
}

function aboutOf({ customMetadata }: Pick<R2Object, 'customMetadata'>): About {
  return { made: customMetadata?.made ?? '', variant: customMetadata?.variant ?? '', until: customMetadata?.until ?? '' };
}

export function dropExport(bucket: R2Bucket, at: Place): Promise<void> {
  return bucket.delete(pathOf(at));
}

/** Lets go of documents that were made more than a day before `at`. */
export async function dropOldExports(bucket: R2Bucket, at: string): Promise<void> {
  for (const { key, uploaded } of await listed(bucket, EXPORTS)) {
    if (uploaded.getTime() + KEPT < Date.parse(at)) await bucket.delete(key);
  }
}
