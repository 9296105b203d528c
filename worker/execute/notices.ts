import { kindOf, known } from '../negotiation/case.ts';
import type { Side } from '../negotiation/seats.ts';
import type { SealedEntry } from '../record/format.ts';

const SIDES: readonly Side[] = ['borrower', 'lender'];

/** One notice a side and append: of the last entry that the side is told of, as its kind declares (`told`). */
export function noticesOf(entries: readonly SealedEntry[], caseId: string, number: string) {
  return SIDES.flatMap((side) => {
    const entry = entries.findLast((one) => kindOf(one.kind)?.told === 'others' && known(one)?.author?.side !== side);
    return entry ? [{ case: caseId, seq: entry.seq, side, kind: entry.kind, hash: entry.hash, number, at: entry.at }] : [];
  });
}
