import { proofText } from '../record/anchor.ts';
import type { AnchorProof } from '../record/anchor-proof.ts';
import { inclusionProof, tilesFor, tilesOf } from '../record/anchor-tiles.ts';
import { inclusionSpans } from '../record/anchor-tree.ts';
import type { Stamping } from '../record/cms-made.ts';
import { anchorList } from '../store/anchor-list.ts';
import { type Lender, openCasebookForPortal, openDirectory } from '../store/open.ts';
import { type Anchoring, anchorHeads, vouchedBy } from './anchor.ts';
import { stampAnchor } from './stamp.ts';

/** Proofs for a record that is taken away: since when it stood in this form. */

/** At which entries somebody will want to know that: each has a proof of its own, beside the newest. */
const WEIGHTY = new Set(['agreement.in-force', 'agreement.broken', 'settlement.issued']);
const MOST = 20;

/**
 * Proofs for a case, by the anchors that brought its heads. What waits is anchored first, so that the newest entry has one. Where the list is not as it was, or storage
 * does not answer, there are none, and the log says why: nobody's record waits for that. @param stamp gets the time stamps that are still missing
 */
export async function proofsFor(
  env: Anchoring,
  lender: Lender,
  of: { case: string; entries: readonly { seq: number; kind: string }[] },
  at: string,
  stamp: Stamping | null = null,
): Promise<AnchorProof[]> {
  try {
    await anchorHeads(env, lender, at);
    const weighty = of.entries.filter(({ kind }) => WEIGHTY.has(kind)).map(({ seq }) => seq);
    const newest = of.entries.at(-1)?.seq ?? 0;
    const rows = await openCasebookForPortal(env, lender).anchored.of(of.case, newest, weighty.slice(-MOST));
    const proofs = await Promise.all(rows.map((row) => proofOf(env, lender, row, stamp)));
    return proofs.filter((one) => one !== null);
  } catch (thrown) {
    console.error(`case ${of.case} is taken away without proofs of when it stood so: ${thrown instanceof Error ? thrown.message : ''}`);
    return [];
  }
}

type Row = { seq: number; salt: string; position: number; n: number };

async function proofOf(
  env: Anchoring,
  lender: Lender,
  { seq, salt, position: index, n }: Row,
  stamp: Stamping | null,
): Promise<AnchorProof | null> {
  const list = anchorList(env.files, lender.slug);
  const brought = await list.read(n);
  if (!brought) throw new Error(`anchor ${n} of ${lender.slug} is not in storage`);
  // Where its key was revoked before, by the next one whose key counts: that has the leaf in its tree, too.
  const kept = await vouchedBy(env, list, brought);
  if (!kept) return null;
  const { anchor, edge } = kept;
  const full = await list.readTiles(tilesFor(inclusionSpans(index, anchor.size), anchor.size));
  const proof = proofText(inclusionProof(index, anchor.size, tilesOf(anchor.size, edge, full)));
  const published = await openDirectory(env).anchor(lender.id, anchor.n);
  const timestamp = published?.timestamp ?? (stamp && (await stampAnchor(env, lender, anchor, stamp)));
  return { seq, salt, index, proof, anchor, timestamp };
}
