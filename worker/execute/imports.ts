import { reachedBy } from '../contact.ts';
import type { Env } from '../env.ts';
import { type LoanProblem, type LoanRow, type LoanWhy, mappingIn, readRows } from '../negotiation/loans.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { importFile, importsPath } from '../store/import-files.ts';
import type { Import, Piece } from '../store/imports.ts';
import type { Casebook, DeskAdmission, Directory } from '../store/open.ts';
import type { Seals } from './commit.ts';
import { contactOfRow, inviteMany } from './invite-many.ts';
import { idOf, openLoans } from './loans.ts';
import type { Many } from './many.ts';

/** A file of loans is checked and opened in pieces, each small and the same however often it is done: whoever comes by does the next, a page that shows how far it is or the schedule. */

export type Importing = Seals &
  Pick<Env, 'files' | 'keys' | 'origin' | 'reachesPhones'> & {
    directory: Directory;
    casebook: Many & Pick<Casebook, 'policy' | 'about' | 'takePiece' | 'givePiece' | 'pieceDone' | 'lapse' | 'openedBy'>;
    admission: DeskAdmission;
    at: string;
    /** A number for a case. */
    number: () => string;
    /** What is wrong with a row, in the words of each language. */
    say: (why: LoanWhy) => Readonly<Record<string, string>>;
  };

/** Does pieces of an import until it is through, or until the instant `until` in milliseconds. What is another's just now is left to them. */
export async function continueImport(by: Importing, id: string, until: number): Promise<void> {
  // While a lender is paused nothing is decided in its cases.
  if (by.admission.lender.pausedAt !== null) return;
  do {
    const taken = await by.casebook.takePiece(id);
    if (!taken) return;
    try {
      const piece = await pieceOf(by, taken);
      if (!piece) {
        await by.casebook.lapse(id, by.at);
        return;
      }
      await by.casebook.pieceDone(taken, piece, importsPath(by.admission.lender.slug, id));
    } catch (thrown) {
      await by.casebook.givePiece(taken);
      throw thrown;
    }
  } while (Date.now() < until);
}

/** Does one piece; null where the rows are no longer there. */
async function pieceOf(by: Importing, taken: Import): Promise<Piece | null> {
  const { id, state, done, begunAt, columns } = taken;
  const { lender } = by.admission;
  const file = importFile({ ...by, slug: lender.slug, id });
  const [lines, repeated] = await Promise.all([file.piece(done), file.repeated()]);
  if (!lines || !repeated) return null;
  const today = dayOf(begunAt ?? by.at, HOME.zone);
  const read = readRows(lines, mappingIn(columns), { today, lenderName: lender.name, repeated });
  const staff = await by.directory.contactsOfStaff(lender.id);
  const reached = new Map(read.loans.map((row) => [row.row, contactOfRow(row, { ...by, staff })]));
  const loans = read.loans.filter(({ row }) => reached.get(row)?.problems.length === 0);
  const invites = state === 'running' && taken.invites;
  const contactIn = ({ row }: Pick<LoanRow, 'row'>) => reached.get(row)?.contact ?? null;
  const reachedIn = (row: LoanRow) => {
    const contact = invites ? contactIn(row) : null;
    return contact && reachedBy(by, contact, begunAt ?? by.at);
  };
  const opened = await openLoans({ ...by, importId: id, reachedIn }, loans, state === 'checking');
  const problems = [...reached.values()].flatMap((one) => one.problems);
  const refused = [...read.refused, ...problems, ...opened.refused].sort((a, b) => a.row - b.row);
  const bad = new Set(refused.map(({ row }) => row));
  const firsts = loans.filter(({ row, again }) => !again && !bad.has(row)).map((row) => ({ case: idOf(row, by), contact: contactIn(row) }));
  // Of a piece that is done again after a crash, what it opened the first time counts as opened by it.
  const mine = state === 'checking' ? new Set(opened.fresh) : await by.casebook.openedBy(id, opened.cases);
  const created = state === 'checking' ? opened.created : mine.size;
  const reachable = firsts.flatMap((one) => (one.contact !== null && mine.has(one.case) ? [{ case: one.case, contact: one.contact }] : []));
  if (invites) {
    const { value: policy } = await by.casebook.policy();
    await inviteMany({ ...by, lender, policy, language: taken.language }, reachable);
  }
  const texts = invites || state === 'checking' ? reachable.filter(({ contact }) => 'phone' in contact).length : 0;
  const mails = invites || state === 'checking' ? reachable.length - texts : 0;
  const wrong = refused.map((problem) => told(problem, by));
  return { created, unchanged: lines.length - bad.size - created, refused: bad.size, texts, mails, wrong };
}

const told = ({ row, column, why }: LoanProblem, { say }: Importing) => ({ row, column, said: say(why) });
