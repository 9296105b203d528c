import type { R2Bucket } from '@cloudflare/workers-types';
import { randomBytes } from '../chance.ts';
import { MINUTE } from '../clock.ts';
import type { Env } from '../env.ts';
import {
  type Anchor,
  type AnchoredHead,
  anchorDigest,
  anchorFault,
  followFault,
  hashOfLeaf,
  type Leaf,
  makeAnchor,
  padded,
  proofText,
} from '../record/anchor.ts';
import { type Grown, grow, growthProof } from '../record/anchor-tiles.ts';
import { toBase64url, toHex } from '../record/digest.ts';
import { lenderStream } from '../record/format.ts';
import { signingKey } from '../record/keys.ts';
import { type AnchorList, anchorList, type KeptAnchor, type KeptLeaf } from '../store/anchor-list.ts';
import type { WaitingHead } from '../store/anchored.ts';
import { type Casebook, type Lender, openCasebookForPortal, openDirectory } from '../store/open.ts';

/**
 * Heads of records are anchored: those of a lender that wait become leaves of its list, and an anchor signs the list as it is then. The anchor is made the
 * moment that storage has it, and not before: whatever follows from it (tiles, what the directory publishes, what the casebook knows) is done by whoever comes
 * next, where somebody was killed in between. So no head is lost and none is anchored twice.
 */

/** Heads of one anchor: what the next one takes is told of in minutes. */
const MOST_HEADS = 10_000;
const TRIES = 20;

/** What the list needs. */
export type Anchoring = Pick<Env, 'directory' | 'casebookToken' | 'keys'> & { files: R2Bucket };

/** Thrown where the list in storage is not the one that the databases know: nothing more is anchored until somebody has looked. */
export class AnchorsDiffer extends Error {}

/** Anchors what waits, with as many anchors as it takes; where nothing does, one round trip and one request to storage. @throws AnchorsDiffer */
export async function anchorHeads(env: Anchoring, lender: Lender, at: string): Promise<void> {
  const own = { lender, casebook: openCasebookForPortal(env, lender), list: anchorList(env.files, lender.slug) };
  const { anchored } = own.casebook;
  for (let tries = 0; tries < TRIES; tries++) {
    const { last, waiting } = await anchored.standing(MOST_HEADS);
    const n = last?.n ?? 0;
    const next = await own.list.read(n + 1);
    // Once a key was revoked, what it signed since may be the newest of the list.
    const isSuspect = n > 0 && env.keys.some(({ revoked }) => revoked !== undefined);
    if (!next && waiting.length === 0 && !isSuspect) return;
    const before = n > 0 ? await own.list.read(n) : null;
    if (n > 0 && !before) throw new AnchorsDiffer(`anchor ${n} of ${lender.slug} is not in storage`);
    // Of who was killed, or of the time since an old copy of the casebook was made.
    if (next) await catchUp(env, own, before, next);
    else if (waiting.length > 0) await anchor(env, own, before, waiting, at);
    else if (before && (await anchorFault(before.anchor, env.keys)) === 'anchor.key-dates') await vouchAnew(env, own, before, at);
    else return;
  }
}

/**
 * Takes a lender's records as they stand now, where they were set back on purpose: an anchor says so and why to everybody who follows the list, and brings the
 * heads of those streams that do not have what was anchored. From then on they are held against that, and say so themselves (`restored.ts`).
 * @param all where databases and storage were put back together, so that nobody knows which records went on since: it concerns every case that is not closed, and the
 *   lender's own record
 * @returns the streams that it concerns. @throws AnchorsDiffer
 */
export async function anchorRestored(env: Anchoring, lender: Lender, reason: string, at: string, all = false): Promise<string[]> {
  await anchorHeads(env, lender, at);
  const own = { lender, casebook: openCasebookForPortal(env, lender), list: anchorList(env.files, lender.slug) };
  const { anchored } = own.casebook;
  const strayed = (await anchored.strayed()).map((one) => one.case);
  const names = [...new Set([...strayed, ...(all ? [lenderStream(lender.slug), ...(await anchored.going())] : [])])];
  for (let from = 0; from === 0 || from < names.length; from += MOST_HEADS)
    await takeSome(env, own, names.slice(from, from + MOST_HEADS), reason, at);
  return names;
}

/** Takes some streams as they stand by the next anchor: where somebody else makes that one, by the one after. @throws AnchorsDiffer */
async function takeSome(env: Anchoring, own: Own, names: readonly string[], reason: string, at: string): Promise<void> {
  const { anchored } = own.casebook;
  for (let tries = 0; tries < TRIES; tries++) {
    const [{ last }, heads, gone] = [await anchored.standing(0), await anchored.headsOf(names), await anchored.goneOf(names)];
    if (heads.length + gone.length === 0) return;
    const before = last && (await own.list.read(last.n));
    if (await anchor(env, own, before, heads, at, { reason, of: new Set(names), gone })) return;
    await anchorHeads(env, own.lender, at);
  }
  throw new AnchorsDiffer(`others anchor of ${own.lender.slug} all the time: what was set back is not taken as it stands`);
}

/** A lender, what it has, and its list. */
type Own = { lender: Lender; casebook: Casebook; list: AnchorList };

/** Makes the next anchor, of these heads. False where somebody else was first, and nothing was made: what they took waits no more. */
async function anchor(
  env: Anchoring,
  own: Own,
  before: KeptAnchor | null,
  heads: readonly WaitingHead[],
  at: string,
  restored?: { reason: string; of: ReadonlySet<string>; gone: readonly AnchoredHead[] },
): Promise<boolean> {
  await assertPublished(env, own, before?.anchor ?? null);
  const salted = (head: Leaf['head']): KeptLeaf => ({
    salt: toBase64url(randomBytes(16)),
    head,
    ...(head && restored?.of.has(head.case) ? { restored: true } : {}),
  });
  // That something is gone is kept beside a leaf that says nothing, as no record is there that the tree could vouch for.
  const gone = (restored?.gone ?? []).map((one): KeptLeaf => ({ ...salted(null), gone: one }));
  const told = heads.length + gone.length;
  const pads = [...gone, ...Array.from({ length: padded(told) - told }, () => salted(null))];
  const leaves = [...heads.map(({ case: of, seq, hash }) => salted({ case: of, seq, hash })), ...pads];
  const size = before?.anchor.size ?? 0;
  const grown = grow(size, before?.edge ?? [], leaves.map(hashOfLeaf));
  const proof = proofText(growthProof(size, grown));
  // A clock that went back makes no anchor older than what it is of.
  const latest = heads.reduce((last, head) => (head.at > last ? head.at : last), at);
  const { slug } = own.lender;
  const made = await makeAnchor(
    slug,
    before?.anchor ?? null,
    { at: latest, size: grown.size, root: grown.root, restored: restored?.reason },
    await signingKey(env.keys, at),
  );
  const kept = { anchor: made, proof, leaves, edge: grown.edge };
  const isOurs = await own.list.put(kept);
  if (isOurs) await follows(env, own, kept, grown);
  return isOurs;
}

/** An anchor by a key that counts, after one whose key does not any more: it goes on from that one, so that the whole list stands by its signature. */
async function vouchAnew(env: Anchoring, own: Own, before: KeptAnchor, at: string): Promise<void> {
  const heads = await own.casebook.anchored.headsOf([]);
  if (heads.length > 0) await anchor(env, own, before, heads, at);
}

/**
 * The first anchor, from one on, that is signed by a key that counts: all before it stands by its signature, as it goes on from them. Null where there is none.
 */
export async function vouchedBy(env: Pick<Anchoring, 'keys'>, list: AnchorList, from: KeptAnchor): Promise<KeptAnchor | null> {
  let last: KeptAnchor | null = null;
  for (let one: KeptAnchor | null = from; one; one = await list.read(one.anchor.n + 1)) {
    if (last && one.anchor.prev !== anchorDigest(last.anchor)) return null;
    const fault = await anchorFault(one.anchor, env.keys);
    if (fault !== 'anchor.key-dates') return fault ? null : one;
    last = one;
  }
  return null;
}

/** Takes over the anchors that storage has and the casebook does not know, from `next` on. */
async function catchUp(env: Anchoring, own: Own, before: KeptAnchor | null, next: KeptAnchor): Promise<void> {
  let last = before;
  for (let one: KeptAnchor | null = next; one; one = await own.list.read(one.anchor.n + 1)) {
    await follows(env, own, one, await heldAgainst(env, one, last));
    last = one;
  }
}

/**
 * For an audit: what of a lender's list does not hold, in storage from its first anchor to its last, in the directory, and in the casebook. `n` is an anchor, `case` a stream.
 */
export async function anchorFaults(env: Anchoring, lender: Lender): Promise<{ code: string; n?: number; case?: string; seq?: number }[]> {
  const faults: { code: string; n?: number; case?: string; seq?: number }[] = [];
  const list = anchorList(env.files, lender.slug);
  const { anchored } = openCasebookForPortal(env, lender);
  const directory = openDirectory(env);
  const told = await directory.lastAnchor(lender.id);
  const { last } = await anchored.standing(0);
  const most = Math.max(told?.n ?? 0, last?.n ?? 0);
  let before: KeptAnchor | null = null;
  // Those whose key did not count then, until one comes whose key does.
  let suspect: number[] = [];
  for (let n = 1; ; n++) {
    const kept = await list.read(n);
    if (!kept && n > most) break;
    if (!kept) {
      faults.push({ code: 'anchor.missing', n });
      break;
    }
    const late = (await anchorFault(kept.anchor, env.keys)) === 'anchor.key-dates';
    suspect = late ? [...suspect, n] : [];
    try {
      await heldAgainst(env, kept, before);
    } catch {
      faults.push({ code: 'anchor.broken', n });
    }
    const published = n <= (told?.n ?? 0) ? await directory.anchor(lender.id, n) : null;
    if (published && anchorDigest(published.anchor) !== anchorDigest(kept.anchor)) faults.push({ code: 'anchor.published', n });
    if (!published) faults.push({ code: 'anchor.unpublished', n });
    for (const one of await anchored.unknownOf(kept.anchor, kept.leaves)) faults.push({ code: 'anchor.unknown', n, ...one });
    before = kept;
  }
  for (const n of suspect) faults.push({ code: 'anchor.key-dates', n });
  for (const one of await anchored.strayed()) faults.push({ code: 'anchor.strayed', ...one });
  return faults;
}

/**
 * The tree that a stored anchor comes to, where it follows the one before and is the portal's own. One by a key that was revoked before is that still: the next one by a key that counts
 * vouches for it (`vouchAnew`). @throws AnchorsDiffer
 */
async function heldAgainst(env: Anchoring, { anchor, proof, leaves }: KeptAnchor, before: KeptAnchor | null): Promise<Grown> {
  const own = await anchorFault(anchor, env.keys);
  const fault = own && own !== 'anchor.key-dates' ? own : followFault(anchor, before?.anchor ?? null, proof);
  const grown = grow(before?.anchor.size ?? 0, before?.edge ?? [], leaves.map(hashOfLeaf));
  if (fault || grown.size !== anchor.size || toHex(grown.root) !== anchor.root)
    throw new AnchorsDiffer(`anchor ${anchor.n} of ${anchor.lender} in storage is not the portal’s (${fault ?? 'tree'})`);
  return grown;
}

/** What follows from an anchor that storage has, in an order in which the casebook knows of it last: until it does, all of it is done again. */
async function follows(env: Anchoring, { lender, casebook, list }: Own, { anchor, proof, leaves }: KeptAnchor, { full }: Grown) {
  await list.putTiles(full);
  await openDirectory(env).addAnchor(lender.id, { anchor, proof });
  await casebook.anchored.take(anchor, leaves);
}

/**
 * Holds what was published last against storage: a list that ends earlier there, or otherwise, is not to go on. What was published since `last` was read is there,
 * too, as storage has it first; what a directory from a backup does not know is published again. @throws AnchorsDiffer
 */
async function assertPublished(env: Anchoring, { lender: { id, slug }, list }: Own, last: Anchor | null): Promise<void> {
  const directory = openDirectory(env);
  const told = await directory.lastAnchor(id);
  const kept = told && (told.n === last?.n ? last : (await list.read(told.n))?.anchor);
  if (told && (!kept || anchorDigest(told) !== anchorDigest(kept)))
    throw new AnchorsDiffer(`anchor ${told.n} of ${slug}, which is published, is not the one in storage`);
  for (let n = (told?.n ?? 0) + 1; n <= (last?.n ?? 0); n++) {
    const missing = await list.read(n);
    if (!missing) throw new AnchorsDiffer(`anchor ${n} of ${slug} is not in storage`);
    await directory.addAnchor(id, missing);
  }
}

/**
 * Holds what the casebook knows of an older anchor against storage, another one with each run of the schedule: what was taken out of it, or changed, is put right
 * from there, and what of its records is missing since is found, whatever was anchored after it.
 */
export async function reviewAnchors(env: Anchoring, lender: Lender, at: string): Promise<void> {
  const { anchored } = openCasebookForPortal(env, lender);
  const { last } = await anchored.standing(0);
  if (!last) return;
  const n = (Math.floor(Date.parse(at) / MINUTE) % last.n) + 1;
  const kept = await anchorList(env.files, lender.slug).read(n);
  if (!kept) throw new AnchorsDiffer(`anchor ${n} of ${lender.slug} is not in storage`);
  await anchored.take(kept.anchor, kept.leaves);
}
