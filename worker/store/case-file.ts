import { type AnySeat, ownSide } from '../negotiation/seats.ts';
import type { Appended } from './appended.ts';
import type { Casebook, OwnWanted, Wanted } from './casebook.ts';
import type { Look } from './looks.ts';
import type { Known, Unsent, UnsentContent, UnsentLock, UnsentRow } from './unsent.ts';

/**
 * What an admission opens of a casebook, and no more: a case file for one case, a person's own beginnings, a lender's desk. Each is bound to what it is
 * for when it is made, so that there is no call by which a borrower could reach another's case.
 */

type Draft = Parameters<Casebook['saveDraft']>[0];
type File = Parameters<Casebook['addFiles']>[0][number];

/** Entries of one's own side's stream that go with a case, unless more are asked for. */
const NEWEST_OWN = 3;

/**
 * One case, for one who has a seat in it, with the private stream that the seat opens: its own side's, or none. Only the lender's side learns of other
 * cases about the same loan.
 * @param unsent what locks the message that the seat's account has written there and not sent
 */
export function caseFile(casebook: Casebook, id: string, seat: Pick<AnySeat, 'account' | 'side' | 'capacity'>, unsent: UnsentLock) {
  const own = ownSide(seat);
  return {
    id,
    published: casebook.published,
    load: (requestId: string, wanted: Wanted = {}) =>
      casebook.load(id, seat.account, requestId, seat.side === 'lender' ? wanted : { ...wanted, loan: undefined, others: false }, own),
    append(appended: Appended): Promise<void> {
      const { written, own: held = [], sent } = appended;
      const isOther = (written && written.header.id !== id) || held.some(({ header }) => header.case !== id || header.side !== own);
      if (isOther || (sent && (sent.case !== id || sent.account !== seat.account)))
        throw new Error('A case file takes what is of its case, and of its own side.');
      return casebook.append(appended);
    },
    awaitFiles: (sha256s: readonly string[], at: string) => casebook.awaitFiles(id, sha256s, at),
    read: (before?: number, page: Partial<Omit<OwnWanted, 'side'>> = {}) =>
      casebook.read(id, seat.account, before, own && { most: NEWEST_OWN, ...page, side: own }),
    record: () => casebook.record(id),
    /** Whether it was anchored and is not here any more, with the anchor by which records were taken as they stand since. */
    gone: () => casebook.anchored.gone(id),
    /** How far the reader has read, which only the lender's side knows of its own. */
    async keepReader(row: Look): Promise<void> {
      if (seat.side !== 'lender' || row.case !== id || row.account !== seat.account) throw new Error('A look is its own reader’s.');
      await casebook.keepReader(row);
    },
    writes: async (at: string) => seat.side === 'lender' && casebook.writes({ case: id, account: seat.account, at }),
    /** What the reader has written there and not sent, as `read` brought its row. */
    openUnsent: (row: UnsentRow | undefined): Promise<Unsent | null> => unsent.open(row),
    /**
     * Keeps what the reader has written and not sent, or (null) gives it up, where what stands there is what their form knows. Tells whether it was done, and what stands there then.
     */
    async keepUnsent(known: Known, content: UnsentContent | null, at: string): Promise<{ done: boolean; stands: Unsent | null }> {
      const of = { case: id, account: seat.account, ...known };
      const { done, stands } = await casebook.keepUnsent(of, content && (await unsent.lock(content)), at);
      const now = await unsent.open(stands);
      // The same once more, whose first answer was lost on the way, or from two tabs, parts nobody.
      return { done: done || (now !== null && now.words === content?.words), stands: now };
    },
  };
}
export type CaseFile = ReturnType<typeof caseFile>;

/** What a person has begun with a lender, and the rows of the cases in which they have a seat. */
export function ownBook(casebook: Casebook, account: string, cases: readonly string[]) {
  return {
    list: () => casebook.own([...cases], account),
    begun: (caseId: string) => casebook.begun(account, caseId),
    saveDraft: (draft: Omit<Draft, 'account'>) => casebook.saveDraft({ ...draft, account }),
    /** A draft from before there was an account: what was taken over once, and has gone on since, stays. */
    takeDraft: (draft: Omit<Draft, 'account'>) => casebook.saveDraft({ ...draft, account }, { older: true }),
    discardDraft: (about: string, caseId: string, at: string) => casebook.discardDraft(account, about, caseId, at),
    files: async (caseId: string) => (await casebook.filesOf(caseId)).filter((file) => file.account === account),
    addFiles: (stored: readonly Omit<File, 'account'>[]) => casebook.addFiles(stored.map((file) => ({ ...file, account }))),
    dropFile: (caseId: string, sha256: string, at: string) => casebook.dropFile(caseId, account, sha256, at),
  };
}
export type OwnBook = ReturnType<typeof ownBook>;

/** A lender's cases as its staff see them in lists, and what is recorded in many of them at once. */
export type Desk = Pick<
  Casebook,
  | 'logo'
  | 'holders'
  | 'heldBy'
  | 'keepLogo'
  | 'errands'
  | 'inbox'
  | 'beside'
  | 'people'
  | 'listedFrom'
  | 'wholeFrom'
  | 'tallies'
  | 'behind'
  | 'search'
  | 'nameView'
  | 'renameView'
  | 'dropView'
  | 'chosen'
  | 'queue'
  | 'toConfirm'
  | 'complaining'
  | 'about'
  | 'addImport'
  | 'import'
  | 'imports'
  | 'remembered'
  | 'check'
  | 'remap'
  | 'run'
  | 'dropImport'
  | 'lapse'
  | 'takePiece'
  | 'givePiece'
  | 'pieceDone'
  | 'problemsOf'
  | 'openedBy'
  | 'openedOf'
  | 'policy'
  | 'unjoined'
  | 'performing'
  | 'loadMany'
  | 'appendEach'
  | 'openOffers'
  | 'policyVersions'
>;
