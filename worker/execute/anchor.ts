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
import { signingKey } from '../record/keys.ts';
import { type AnchorList, anchorList, type KeptAnchor } from '../store/anchor-list.ts';
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
    if (!next && waiting.length === 0) return;
    const before = n > 0 ? await own.list.read(n) : null;
    if (n > 0 && !before) throw new AnchorsDiffer(`anchor ${n} of ${lender.slug} is not in storage`);
    // Of who was killed, or of the time since an old copy of the casebook was made.
    if (next) await catchUp(env, own, before, next);
    else await anchor(env, own, before, waiting, at);
  }
}

/** A lender, what it has, and its list. */
type Own = { lender: Lender; casebook: Casebook; list: AnchorList };

/** Makes the next anchor, of these heads. Where somebody else was first, nothing: what they took waits no more. */
async function anchor(env: Anchoring, own: Own, before: KeptAnchor | null, heads: readonly AnchoredHead[], at: string): Promise<void> {
  await assertPublished(env, own, before?.anchor ?? null);
  const salted = (head: Leaf['head']): Leaf => ({ salt: toBase64url(randomBytes(16)), head });
  const pads = Array.from({ length: padded(heads.length) - heads.length }, () => salted(null));
  const leaves = [...heads.map(salted), ...pads];
  const size = before?.anchor.size ?? 0;
  const grown = grow(size, before?.edge ?? [], leaves.map(hashOfLeaf));
  const proof = proofText(growthProof(size, grown));
  const { slug } = own.lender;
  const made = await makeAnchor(slug, before?.anchor ?? null, { at, size: grown.size, root: grown.root }, await signingKey(env.keys, at));
  const kept = { anchor: made, proof, leaves, edge: grown.edge };
  if (await own.list.put(kept)) await follows(env, own, kept, grown);
}

/** Takes over the anchors that storage has and the casebook does not know, from `next` on. */
async function catchUp(env: Anchoring, own: Own, before: KeptAnchor | null, next: KeptAnchor): Promise<void> {
  let last = before;
  for (let one: KeptAnchor | null = next; one; one = await own.list.read(one.anchor.n + 1)) {
    await follows(env, own, one, await heldAgainst(env, one, last));
    last = one;
  }
}

/** The tree that a stored anchor comes to, where it follows the one before and is the portal's own. @throws AnchorsDiffer */
async function heldAgainst(env: Anchoring, { anchor, proof, leaves }: KeptAnchor, before: KeptAnchor | null): Promise<Grown> {
  const fault = (await anchorFault(anchor, env.keys)) ?? followFault(anchor, before?.anchor ?? null, proof);
  const grown = grow(before?.anchor.size ?? 0, before?.edge ?? [], leaves.map(hashOfLeaf));
  if (fault || grown.size !== anchor.size || toHex(grown.root) !== anchor.root)
    throw new AnchorsDiffer(`anchor ${anchor.n} of ${anchor.lender} in storage is not the portal’s (${fault ?? 'tree'})`);
  return grown;
}

/** What follows from an anchor that storage has, in an order in which the casebook knows of it last: until it does, all of it is done again. */
async function follows(env: Anchoring, { lender, casebook, list }: Own, { anchor, proof, leaves }: KeptAnchor, { full }: Grown) {
  await list.putTiles(full);
  await openDirectory(env).addAnchor(lender.id, { anchor, proof });
  await casebook.anchored.take(anchor.n, anchor.size - leaves.length, leaves);
}

/**
 * Holds what was published last against storage: a list that ends earlier there, or otherwise, is not to go on. What was published since `last` was read is there,
 * too, as storage has it first. @throws AnchorsDiffer
 */
async function assertPublished(env: Anchoring, { lender: { id, slug }, list }: Own, last: Anchor | null): Promise<void> {
  const told = await openDirectory(env).lastAnchor(id);
  if (!told || told.n < (last?.n ?? 0)) return;
  const kept = told.n === last?.n ? last : (await list.read(told.n))?.anchor;
  if (!kept || anchorDigest(told) !== anchorDigest(kept))
    throw new AnchorsDiffer(`anchor ${told.n} of ${slug}, which is published, is not the one in storage`);
}

/**
 * Holds what the casebook knows of an older anchor against storage, another one with each run of the schedule: what was taken out of it, or changed, is put right
 * from there, so that the case that it is of is held against it again.
 */
export async function reviewAnchors(env: Anchoring, lender: Lender, at: string): Promise<void> {
  const { anchored } = openCasebookForPortal(env, lender);
  const { last } = await anchored.standing(0);
  if (!last) return;
  const n = (Math.floor(Date.parse(at) / MINUTE) % last.n) + 1;
  const kept = await anchorList(env.files, lender.slug).read(n);
  if (!kept) throw new AnchorsDiffer(`anchor ${n} of ${lender.slug} is not in storage`);
  await anchored.take(n, kept.anchor.size - kept.leaves.length, kept.leaves);
}
