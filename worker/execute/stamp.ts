import { randomBytes } from '../chance.ts';
import type { Env } from '../env.ts';
import { anchorDigest } from '../record/anchor.ts';
import { checkTimestamp, timestampRequest, tokenIn } from '../record/timestamp.ts';
import { anchorList } from '../store/anchor-list.ts';
import { type Lender, openDirectory } from '../store/open.ts';
import type { Anchoring } from './anchor.ts';

/**
 * Anchors get a time stamp of a service that is not the portal's (RFC 3161), where `TSA_URL` names one: until then they wait, as long as it takes, and nothing waits for
 * them.
 */

/** Anchors of a lender that one run of the schedule asks for: a service that was away for days is not asked for all of them at once. */
const A_RUN = 20;
const PATIENCE = 10_000;
/** More than any token with its certificates. */
const MOST_BYTES = 64 * 1024;

/** Thrown where a service gave none, or one that does not hold. */
export class NoTimestamp extends Error {}

/** Stamps what waits, the oldest first. @throws NoTimestamp at the first that comes to nothing: the next run asks again */
export async function stampAnchors(env: Anchoring & Partial<Pick<Env, 'tsa'>>, lender: Lender): Promise<void> {
  if (!env.tsa) return;
  const directory = openDirectory(env);
  const list = anchorList(env.files, lender.slug);
  for (const { anchor } of await directory.unstampedAnchors(lender.id, A_RUN)) {
    const digest = anchorDigest(anchor);
    // A directory from a backup does not know what storage has.
    const token = (await list.readTimestamp(anchor.n)) ?? (await list.putTimestamp(anchor.n, await timestampOf(env.tsa, digest)));
    await directory.setTimestamp(lender.id, anchor.n, token);
  }
}

async function timestampOf(service: string, digest: string): Promise<Uint8Array> {
  const answer = await fetch(service, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: timestampRequest(digest, randomBytes(8)),
    signal: AbortSignal.timeout(PATIENCE),
  }).catch(() => null);
  if (!answer) throw new NoTimestamp('the service of time stamps is not reached');
  if (!answer.ok) throw new NoTimestamp(`the service of time stamps answers ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const token = bytes.length > MOST_BYTES ? null : tokenIn(bytes);
  if (!token) throw new NoTimestamp('the service of time stamps grants none');
  const { fault } = await checkTimestamp(token, digest);
  if (fault) throw new NoTimestamp(`the service of time stamps gave one that does not hold (${fault})`);
  return token;
}
