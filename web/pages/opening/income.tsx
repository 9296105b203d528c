import * as z from 'zod';
import { MeansStatement } from '../../../worker/negotiation/means.ts';
import { ChangeFields, GroupFields } from '../../parts/means.tsx';
import { addRow, TotalsSoFar, withLines } from './lines.tsx';
import { faultsOf, type Step, typedOr } from './step.ts';

const Asked = z.object({ means: MeansStatement.pick({ incomes: true, changes: true }) });

/** What comes in a month, and what is expected to change. */
export const income: Step = {
  name: 'income',
  question: ({ opening: say }) => ({ question: say.incomeQuestion, lead: say.incomeHint }),
  owns: /^means\.(incomes|changes)\./,
  scripts: ['amounts'],
  faults: (at) => faultsOf(at, { schema: Asked }),
  form: typedOr,
  dressed: (form) => withLines(form, 'incomes'),
  act: (action, at) => addRow(action, 'incomes', typedOr(at)),
  Fields: ({ at: { view }, shown: { form } }) => (
    <>
      <GroupFields form={form} words={view.words} group="incomes" />
      <ChangeFields form={form} words={view.words} />
    </>
  ),
  After: TotalsSoFar,
};
