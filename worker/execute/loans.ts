import type { Env } from '../env.ts';
import { commands as life } from '../negotiation/life.ts';
import { columnOf, type LoanInput, type LoanProblem, type LoanRow } from '../negotiation/loans.ts';
import type { Reached } from '../negotiation/seats.ts';
import { plainContract } from '../negotiation/table.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { importedId } from '../store/imports.ts';
import type { Casebook, DeskAdmission } from '../store/open.ts';
import { claimOf } from './claims.ts';
import type { Each, Seals } from './commit.ts';
import { type Bringing, bringing, carryOutEach, decideEach, type Many } from './many.ts';

/** Cases opened of a lender's loans, many at once, each as if it had been opened at the desk: once, however often the file comes. */

/** `unchanged` have a case already; nothing of it is touched. `cases` are those of the rows, each once, whoever opened them; `fresh` those that were not there. */
export type Opened = { created: number; unchanged: number; refused: LoanProblem[]; cases: string[]; fresh: string[] };

type By = Seals & {
  keys: Env['keys'];
  casebook: Many & Pick<Casebook, 'about'>;
  admission: DeskAdmission;
  at: string;
  /** A number for a case. */
  number: () => string;
  /** The import at the desk that opens them; null for the command. */
  importId: string | null;
  /** The contact to which an invitation goes, by the row; none where borrowers are not invited. */
  reachedIn?: (row: LoanRow) => Reached | null;
};

/** Rows that are in hand at a time. */
const AT_ONCE = 500;

/**
 * Opens a case of each row, whole or not at all; what cannot be opened is named by its row, and holds up no other. Ended in the middle and begun again, it goes on
 * where it was. @param dry decides all of it and writes nothing
 */
export async function openLoans(by: By, loans: readonly LoanRow[], dry: boolean): Promise<Opened> {
  const cases = loans.flatMap((row) => (row.again ? [] : [idOf(row, by)]));
  const opened: Opened = { created: 0, unchanged: 0, refused: [], cases, fresh: [] };
  for (let from = 0; from < loans.length; from += AT_ONCE) {
    const some = loans.slice(from, from + AT_ONCE);
    await openSome(by, opened, some.filter(({ again }) => !again), dry); // biome-ignore format: two of one form
    // A row that stands twice comes to what it came to the first time.
    await openAgain(by, opened, some.filter(({ again }) => again), dry); // biome-ignore format: two of one form
  }
  opened.refused.sort((a, b) => a.row - b.row);
  return opened;
}

async function openSome(by: By, opened: Opened, rows: readonly LoanRow[], dry: boolean): Promise<void> {
  if (rows.length === 0) return;
  const known = await by.casebook.about(rows.map(contractOf));
  const fresh = rows.filter((row) => !known.has(plainContract(contractOf(row))));
  opened.unchanged += rows.length - fresh.length;
  const chores = fresh.map((row) => choreOf(row, by));
  const each = await (dry ? decideEach(by.casebook, chores) : carryOutEach(by.casebook, chores, by));
  for (const [i, row] of fresh.entries()) {
    const isNew = chores[i]?.isNew() ?? false;
    note(opened, row, each[i], isNew);
    if (isNew) opened.fresh.push(idOf(row, by));
  }
}

/** Each contract once, however often it stands there. */
async function openAgain(by: By, opened: Opened, rows: readonly LoanRow[], dry: boolean): Promise<void> {
  for (const same of Map.groupBy(rows, (row) => plainContract(contractOf(row))).values()) {
    const once: Opened = { created: 0, unchanged: 0, refused: [], cases: [], fresh: [] };
    await openSome(by, once, same.slice(0, 1), dry);
    if (once.refused.length === 0) opened.unchanged += same.length;
    else for (const { row } of same) opened.refused.push(...once.refused.map((problem) => ({ ...problem, row })));
  }
}

const contractOf = ({ input }: Pick<LoanRow, 'input'>) => input.loan.reference;

function note(opened: Opened, { row }: LoanRow, each: Each | undefined, isNew: boolean): void {
  if (!each || 'thrown' in each) opened.refused.push({ row, column: null, why: { code: 'failed' } });
  else if (each.outcome === null || each.outcome.ok) {
    if (isNew) opened.created++;
    else opened.unchanged++;
  } else if (each.outcome.refusal.code === 'case.exists' || each.outcome.refusal.code === 'request.reused') opened.unchanged++;
  else {
    const { refusal } = each.outcome;
    opened.refused.push({ row, column: columnOf(refusal.field ?? ''), why: { code: 'refused', refusal } });
  }
}

function choreOf(row: LoanRow, by: By): Bringing {
  const { input, identity } = row;
  const id = idOf(row, by);
  const reached = by.reachedIn?.(row) ?? null;
  const claim = identity === null ? null : claimOf(by, { case: id, name: input.borrowerName, identity });
  const request = { id: `import:${id}`, digest: digestOf(canonical(inputText(input))) };
  return bringing(id, { name: life.openByLender.name, input }, request, {
    ...by,
    imported: { import: by.importId, claim },
    ...(reached ? { reached } : {}),
  });
}

export const idOf = (row: Pick<LoanRow, 'input'>, { admission }: Pick<By, 'admission'>) => importedId(admission.lender, contractOf(row));

const inputText = ({ loan, debt, borrowerName }: LoanInput) => ({ loan, debt, borrowerName });
