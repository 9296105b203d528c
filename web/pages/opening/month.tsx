import * as z from 'zod';
import { shapeOf } from '../../../worker/negotiation/form.ts';
import { emptyFault, GROUPS, MeansStatement } from '../../../worker/negotiation/means.ts';
import { meansTotals } from '../../../worker/plan/means.ts';
import { ChangeFields, GroupFields, HouseholdFields, type LinesOfMonth, MeansTotalsView, withLines } from '../../parts/means.tsx';
import { typedIn } from '../../parts/view.ts';
import { faultsOf, type Standing, type Step, typedOr } from './step.ts';

const Lines = MeansStatement.pick({ incomes: true, expenses: true, otherDebts: true });
const Asked = z.object({ means: MeansStatement.omit({ cause: true, reserve: true }) });

/** What comes and goes in a month: from it follows what can be paid. */
export const month: Step = {
  name: 'month',
  question: ({ opening: say }) => ({ question: say.monthQuestion, lead: say.monthHint }),
  owns: /^means\.(?:(?:incomes|expenses|otherDebts|changes)\.|(?:dependants|assets)$)/,
  scripts: ['amounts', 'month'],
  faults: (at) => faultsOf(at, { schema: Asked, refused: ({ means }) => emptyFault(means) }),
  form: (at) => typedOr(at, { 'means.dependants': '0' }),
  dressed: (form) => withLines(form),
  act(action, at) {
    const group = GROUPS.find((one) => action === `add-row:means.${one}`);
    return group ? { form: withLines(month.form(at), group) } : null;
  },
  Fields({ at, shown: { form } }) {
    const { words } = at.view;
    const said = ['means.assets', 'means.changes.0.from', 'means.changes.0.amount'].some((name) => typedIn(form, name) !== '');
    const more = typedIn(form, 'means.dependants') !== '0' || said;
    return (
      <>
        {GROUPS.map((group) => (
          <GroupFields form={form} words={words} group={group} />
        ))}
        <details open={more}>
          <summary>{words.opening.household}</summary>
          <div class="stack">
            <HouseholdFields form={form} words={words} />
            <ChangeFields form={form} words={words} />
          </div>
        </details>
        <MeansTotalsView totals={totalsOf(at)} words={words} live={shapeOf(Lines)} />
      </>
    );
  },
};

/** The lines that can be read so far: what the running totals are worked out from. */
export function linesOf(at: Standing): LinesOfMonth {
  const read = at.read(Lines, 'means.');
  return 'input' in read ? read.input : { incomes: [], expenses: [], otherDebts: [] };
}

/** What the month comes to so far; null where there is nothing to total. */
export function totalsOf(at: Standing) {
  const lines = linesOf(at);
  const any = lines.incomes.length + lines.expenses.length + lines.otherDebts.length > 0;
  return any ? meansTotals({ ...lines, reserve: MeansStatement.shape.reserve.parse(undefined) }) : null;
}
