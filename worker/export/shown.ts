import { type Case, fold, known } from '../negotiation/case.ts';
import type { RecordFile } from '../record/format.ts';

/** What the entries that a record shows come to. Of a partial record, this is all that its documents know. */
export function shownCase({ entries }: Pick<RecordFile, 'entries'>): Case {
  return fold(entries);
}

/** The names of the parties: as the shown entries give them; else the borrower's as author, who stays named in a partial record, and the lender's at the portal. */
export function parties(
  kase: Pick<Case, 'lenderName' | 'borrowerName' | 'invitedName'>,
  { entries }: Pick<RecordFile, 'entries'>,
  source: { lender: string },
): { lender: string; borrower: string } {
  const authors = entries.map((entry) => known(entry)?.author);
  const author = authors.find((one) => one?.side === 'borrower' && one.capacity === 'borrower');
  return {
    lender: kase.lenderName || source.lender,
    borrower: kase.borrowerName ?? author?.name ?? kase.invitedName ?? '',
  };
}
