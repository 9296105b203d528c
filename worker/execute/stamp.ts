import { randomBytes } from '../chance.ts';
import type { Env } from '../env.ts';
import { type Anchor, anchorDigest } from '../record/anchor.ts';
import type { Stamping } from '../record/cms-made.ts';
import { checkTimestamp, timestampRequest, tokenIn } from '../record/timestamp.ts';
import { anchorList } from '../store/anchor-list.ts';
import { type Lender, openDirectory } from '../store/open.ts';
import type { Anchoring } from './anchor.ts';

/**
 * Anchors and signatures of documents get a time stamp of a service that is not the portal's (RFC 3161), where `TSA_URL` names one. Anchors wait for theirs as long as it takes;
 * a document goes without where the service gives none in seconds; and nothing else waits for either.
 */

/** Anchors of a lender that one run of the schedule asks for: a service that was away for days is not asked for all of them at once. */
const A_RUN = 20;
const PATIENCE = 10_000;
/** More than any token with its certificates. */
const MOST_BYTES = 64 * 1024;

/** How long somebody who takes something away waits for one stamp, and for all that are in it. */
const ONE = 3_000;
const ALL = 10_000;

/** Thrown where a service gave none, or one that does not hold. */
export class NoTimestamp extends Error {}

/**
 * Stamps what waits, the oldest first, and begins with none after the instant `until` (milliseconds). @throws NoTimestamp at the first that comes to nothing: the next run asks
 * again
 */
export async function stampAnchors(
  env: Anchoring & Partial<Pick<Env, 'tsa'>>,
  lender: Lender,
  until = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { tsa } = env;
  if (!tsa) return;
  for (const { anchor } of await openDirectory(env).unstampedAnchors(lender.id, A_RUN)) {
    if (Date.now() > until) return;
    await stampAnchor(env, lender, anchor, (digest) => timestampOf(tsa, digest, PATIENCE));
  }
}

/** The time stamp of an anchor in base64, once it has one: what storage has, or a new one. Null where there is none to be had. */
export async function stampAnchor(env: Anchoring, lender: Lender, anchor: Anchor, stamp: Stamping): Promise<string | null> {
  const list = anchorList(env.files, lender.slug);
  // A directory from a backup does not know what storage has.
  const kept = await list.readTimestamp(anchor.n);
  const made = kept === null ? await stamp(anchorDigest(anchor)) : null;
  const token = made ? await list.putTimestamp(anchor.n, made) : kept;
  if (token !== null) await openDirectory(env).setTimestamp(lender.id, anchor.n, token);
  return token;
}

/** Stamps for what somebody takes away. `missed` tells whether there was none for something. */
export type Stamps = { stamp: Stamping; missed: () => boolean };

/**
 * Stamps by a service for one who waits: once it gave none, or after `all` milliseconds of waiting, no more are asked for, and the rest goes without. Null where there is no service.
 */
export function stampsBy(service: string | null | undefined, all = ALL): Stamps | null {
  if (!service) return null;
  let left = all;
  let missed = false;
  const stamp: Stamping = async (digest) => {
    if (left <= 0) {
      missed = true;
      return null;
    }
    const begun = Date.now();
    try {
      return await timestampOf(service, digest, Math.min(ONE, left));
    } catch (thrown) {
      left = 0;
      missed = true;
      console.error(
        `taken away without a time stamp: ${thrown instanceof NoTimestamp ? thrown.message : thrown instanceof Error ? thrown.name : ''}`,
      );
      return null;
    } finally {
      left -= Date.now() - begun;
    }
  };
  return { stamp, missed: () => missed };
}

/** @throws NoTimestamp */
async function timestampOf(service: string, digest: string, patience: number): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(patience);
  const nonce = randomBytes(8);
  const answer = await fetch(service, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: timestampRequest(digest, nonce),
    signal,
  }).catch(() => null);
  if (!answer) throw new NoTimestamp('the service of time stamps is not reached');
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new NoTimestamp(`the service of time stamps answers ${answer.status}`);
  }
  const bytes = await boundedBytes(answer);
  const token = bytes && tokenIn(bytes);
  if (!token) throw new NoTimestamp('the service of time stamps grants none');
  const { fault } = await checkTimestamp(token, digest, nonce);
  if (fault) throw new NoTimestamp(`the service of time stamps gave one that does not hold (${fault})`);
  return token;
}

/** What was answered, as far as it is no more than a token can be; null where it is more, or breaks off. */
async function boundedBytes({ body }: Response): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
      size += part.length;
      // Whoever stops reading lets go of the connection.
      if (size > MOST_BYTES) return null;
      parts.push(part);
    }
  } catch {
    return null;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
