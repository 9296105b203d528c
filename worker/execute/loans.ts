import { commands as life } from '../negotiation/life.ts';
import { columnOf, type LoanInput, type LoanProblem, type LoanRow, sameLoan } from '../negotiation/loans.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { plainContract } from '../store/lists.ts';
import type { Casebook, DeskAdmission } from '../store/open.ts';
import type { Each, Seals } from './commit.ts';
import { type Bringing, bringing, carryOutEach, decideEach, type Many } from './many.ts';

/** Cases opened of a lender's loans, many at once, each as if it had been opened at the desk: once, however often the file comes. */

/** `unchanged` have a case already; nothing of it is touched. */
export type Opened = { created: number; unchanged: number; refused: LoanProblem[] };

type By = Seals & {
  casebook: Many & Pick<Casebook, 'about'>;
  admission: DeskAdmission;
  at: string;
  /** A number for a case. */
  number: () => string;
};

/** Rows that are in hand at a time. */
const AT_ONCE = 500;

/**
 * Opens a case of each row, whole or not at all; what cannot be opened is named by its row, and holds up no other. Ended in the middle and begun again, it goes on
 * where it was. @param dry decides all of it and writes nothing @param done told after each piece how many rows are dealt with
 */
export async function openLoans(by: By, loans: readonly LoanRow[], dry: boolean, done: (rows: number) => void = () => {}): Promise<Opened> {
  const opened: Opened = { created: 0, unchanged: 0, refused: [] };
  const first = new Map<string, LoanRow>();
  const again: { row: LoanRow; before: LoanRow }[] = [];
  for (let from = 0; from < loans.length; from += AT_ONCE) {
    const some = loans.slice(from, from + AT_ONCE);
    const known = await by.casebook.about(some.map(({ input }) => input.loan.reference));
    const fresh: LoanRow[] = [];
    for (const row of some) {
      const contract = plainContract(row.input.loan.reference);
      const before = first.get(contract);
      if (!before) first.set(contract, row);
      if (before && !sameLoan(before.input, row.input)) {
        opened.refused.push({ row: row.row, column: 'contract', why: { code: 'twice', row: before.row } });
      } else if (before) again.push({ row, before });
      else if (known.has(contract)) opened.unchanged++;
      else fresh.push(row);
    }
    const errands = fresh.map((row) => errandOf(row, by));
    const each = await (dry ? decideEach(by.casebook, errands) : carryOutEach(by.casebook, errands, by));
    for (const [i, row] of fresh.entries()) note(opened, row, each[i], errands[i]?.isNew() ?? false);
    done(from + some.length);
  }
  // A row that stands twice comes to what it came to the first time.
  const refusedIn = Map.groupBy(opened.refused, ({ row }) => row);
  for (const { row, before } of again) {
    const problems = refusedIn.get(before.row);
    if (problems) opened.refused.push(...problems.map((problem) => ({ ...problem, row: row.row })));
    else opened.unchanged++;
  }
  opened.refused.sort((a, b) => a.row - b.row);
  return opened;
}

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

/** The case's id follows from the lender and the contract: whoever comes second, from another run at the same time, finds it open. */
function errandOf({ input }: LoanRow, by: By): Bringing {
  const id = digestOf(`import:${by.admission.lender.id}:${plainContract(input.loan.reference)}`).slice(0, 32);
  const request = { id: `import:${id}`, digest: digestOf(canonical(inputText(input))) };
  return bringing(id, { name: life.openByLender.name, input }, request, by);
}

const inputText = ({ loan, debt, borrowerName }: LoanInput) => ({ loan, debt, borrowerName });
