import { due } from '../negotiation/case.ts';
import { lawOf } from '../plan/law/index.ts';
import { project } from '../projection.ts';
import { noted } from '../proof.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { isConflict } from '../store/connect.ts';
import type { Casebook } from '../store/open.ts';
import { commit, type Seals } from './commit.ts';

/** What the portal, or its operator, does in a case by itself. `lender` is a slug. */
export type ByPortal = Seals & { casebook: Casebook; caseId: string; lender: string; at: string; requestId: string };

/**
 * Writes what follows from time alone (an offer that has lapsed, instalments gone late) as the portal's own entries. Where nothing does,
 * the projection is made anew, so that its deadline is no longer one that has passed. A conflict means that somebody else wrote: next time.
 * Answers whether the case could be written to.
 */
export async function writeDue(by: ByPortal): Promise<boolean> {
  const { casebook, caseId, lender, at, requestId } = by;
  const loaded = await casebook.load(caseId, '', requestId);
  const { kase, head, number, openedAt, doubts, policy } = loaded;
  if (!head || number === null || openedAt === null) return false;
  if (doubts.length > 0) {
    noted(caseId, doubts);
    return false;
  }
  const decided = due(kase, lawOf(policy).place.zone).flatMap((one) => (one.at < at ? [one.entry] : []));
  const request = { id: requestId, digest: digestOf(canonical({ case: caseId, at })) };
  try {
    if (decided.length === 0) await casebook.reproject({ id: caseId, lender, number, openedAt }, project(kase, head, policy));
    else await commit(casebook, [{ case: caseId, lender, seat: null, loaded, decided, at, request, number: () => number }], by);
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown;
  }
  return true;
}
