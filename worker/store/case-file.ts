import type { Side } from '../negotiation/seats.ts';
import type { Appended, Casebook, Wanted } from './casebook.ts';

/**
 * What an admission opens of a casebook, and no more: a case file for one case, a person's own beginnings, a lender's desk. Each is bound to what it is
 * for when it is made, so that there is no call by which a borrower could reach another's case.
 */

type Draft = Parameters<Casebook['saveDraft']>[0];
type File = Parameters<Casebook['addFiles']>[0][number];

/** One case, for one who has a seat in it. Only the lender's side learns of other cases about the same loan. */
export function caseFile(casebook: Casebook, id: string, { account, side }: { account: string; side: Side | null }) {
  return {
    id,
    published: casebook.published,
    load: (requestId: string, wanted: Wanted = {}) =>
      casebook.load(id, account, requestId, side === 'lender' || wanted.whole ? wanted : {}),
    append(all: readonly Appended[]): Promise<void> {
      const other = all.find(({ written }) => written && written.header.id !== id);
      if (other) throw new Error('A case file takes what is of its case.');
      return casebook.append(all);
    },
    awaitFiles: (sha256s: readonly string[], at: string) => casebook.awaitFiles(id, sha256s, at),
    read: (before?: number) => casebook.read(id, before),
    record: () => casebook.record(id),
  };
}
export type CaseFile = ReturnType<typeof caseFile>;

/** What a person has begun with a lender, and the rows of the cases in which they have a seat. */
export function ownBook(casebook: Casebook, account: string, cases: readonly string[]) {
  return {
    list: () => casebook.own([...cases], account),
    begun: (caseId: string) => casebook.begun(account, caseId),
    saveDraft: (draft: Omit<Draft, 'account'>) => casebook.saveDraft({ ...draft, account }),
    discardDraft: (about: string, caseId: string, at: string) => casebook.discardDraft(account, about, caseId, at),
    files: async (caseId: string) => (await casebook.filesOf(caseId)).filter((file) => file.account === account),
    addFiles: (stored: readonly Omit<File, 'account'>[]) => casebook.addFiles(stored.map((file) => ({ ...file, account }))),
    dropFile: (caseId: string, sha256: string, at: string) => casebook.dropFile(caseId, account, sha256, at),
  };
}
export type OwnBook = ReturnType<typeof ownBook>;

/** A lender's cases as its staff see them in a list. */
export type Desk = Pick<Casebook, 'list'>;
