import { MeansStatement } from '../../../worker/negotiation/means.ts';
import { meansTotals } from '../../../worker/plan/means.ts';
import { withRows } from '../../parts/lines.tsx';
import { type Group, LINES, MeansTotalsView } from '../../parts/means.tsx';
import type { Filled } from '../../parts/view.ts';
import type { Shown, Standing, StepProps } from './step.ts';

/** The lists of amounts of the statement of means: what their steps have in common. */

const Lines = MeansStatement.pick({ incomes: true, expenses: true, otherDebts: true });

/** The lines that can be read so far: what the running totals are worked out from. */
export function linesOf(at: Standing): Pick<MeansStatement, Group> {
  const read = at.read(Lines, 'means.');
  return 'input' in read ? read.input : { incomes: [], expenses: [], otherDebts: [] };
}

export function totalsOf(at: Standing) {
  const lines = linesOf(at);
  const any = lines.incomes.length + lines.expenses.length + lines.otherDebts.length > 0;
  return any ? meansTotals({ ...lines, reserve: MeansStatement.shape.reserve.parse(undefined) }) : null;
}

export function TotalsSoFar({ at }: StepProps) {
  const totals = totalsOf(at);
  return totals ? <MeansTotalsView totals={totals} words={at.view.words} /> : null;
}

/** The form with a row for each kind of line. */
export const withLines = (form: Filled, group: Group, extra = 0): Filled => withRows(form, `means.${group}`, LINES[group], extra);

/** The button "add a row". */
export function addRow(action: string, group: Group, form: Filled): Shown | null {
  return action === `add-row:means.${group}` ? { form: withLines(form, group, 1) } : null;
}
