import type { R2Bucket } from '@cloudflare/workers-types';
import { digestOf } from '../record/digest.ts';

/** Evidence in R2: each file under its case and digest, so that one case's link can never reach another's file. */

const key = (caseId: string, sha256: string) => `cases/${caseId}/${sha256}`;

export async function putFile(bucket: R2Bucket, caseId: string, file: { bytes: Uint8Array; sha256: string; type: string }): Promise<void> {
  // R2 checks the digest itself on the way in and refuses the file where it differs.
  await bucket.put(key(caseId, file.sha256), file.bytes, { sha256: file.sha256, httpMetadata: { contentType: file.type } });
}

/** The bytes of a file, or null where it is gone. @throws where what is stored is not what was put there */
export async function getFile(bucket: R2Bucket, caseId: string, sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const stored = await bucket.get(key(caseId, sha256));
  if (!stored) return null;
  const bytes = new Uint8Array(await stored.arrayBuffer());
  if (digestOf(bytes) !== sha256) throw new Error('A stored file differs from its digest.');
  return bytes;
}

/** A file as a stream, for passing on what is too large to hold; null where it is gone. Whoever reads it checks its digest. */
export async function streamFile(bucket: R2Bucket, caseId: string, sha256: string): Promise<ReadableStream<Uint8Array> | null> {
  const stored = await bucket.get(key(caseId, sha256));
  return stored ? (stored.body as unknown as ReadableStream<Uint8Array>) : null;
}

export function deleteFile(bucket: R2Bucket, caseId: string, sha256: string): Promise<void> {
  return bucket.delete(key(caseId, sha256));
}
