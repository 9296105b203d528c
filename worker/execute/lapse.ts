import { randomId } from '../chance.ts';
import { lapsedApprovals } from '../negotiation/approval.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { notBefore } from '../record/seal.ts';
import type { Casebook } from '../store/open.ts';
import { anew } from './anew.ts';
import { commit, type Seals } from './commit.ts';
import { withOwn } from './with-own.ts';

/**
 * Writes to the lender's private stream of a case which of its requests for approval have lapsed, as the case moved on, and tells who asked. Nothing of it is in
 * the shared record. Where somebody answers at the same time, theirs counts. @param by `lender` is a slug
 */
export async function writeLapsed(by: Seals & { casebook: Casebook; lender: string; at: string }, caseId: string): Promise<void> {
  const { casebook, lender } = by;
  await anew(async () => {
    const requestId = `portal:${randomId()}`;
    const found = await withOwn(casebook, caseId, 'lender', requestId);
    if (!found) return;
    const { loaded, own, head, number } = found;
    const at = notBefore(by.at, head.at);
    const decided = lapsedApprovals(loaded.kase, own.own, at);
    if (decided.length === 0) {
      await casebook.look(caseId, 'lapse', head.at);
      return;
    }
    const request = { id: requestId, digest: digestOf(canonical({ case: caseId, at })) };
    await commit(
      casebook,
      { case: caseId, lender, seat: null, loaded, decided: [], held: [{ stream: own, decided }], at, request, number: () => number },
      by,
    );
  });
}
