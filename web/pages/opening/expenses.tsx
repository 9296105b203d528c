import * as z from 'zod';
import { MeansStatement } from '../../../worker/negotiation/means.ts';
import { GroupFields, HouseholdFields } from '../../parts/means.tsx';
import { addRow, TotalsSoFar, withLines } from './lines.tsx';
import { faultsOf, type Step, typedOr } from './step.ts';

const Asked = z.object({ means: MeansStatement.pick({ expenses: true, dependants: true, assets: true }) });

/** What has to be spent a month, and for whom. */
export const expenses: Step = {
  name: 'expenses',
  question: ({ opening: say }) => ({ question: say.expensesQuestion, lead: say.expensesHint }),
  owns: /^means\.(expenses\.|dependants$|assets$)/,
  scripts: ['amounts'],
  faults: (at) => faultsOf(at, { schema: Asked }),
  form: (at) => typedOr(at, { 'means.dependants': '0' }),
  dressed: (form) => withLines(form, 'expenses'),
  act: (action, at) => addRow(action, 'expenses', typedOr(at, { 'means.dependants': '0' })),
  Fields: ({ at: { view }, shown: { form } }) => (
    <>
      <GroupFields form={form} words={view.words} group="expenses" />
      <HouseholdFields form={form} words={view.words} />
    </>
  ),
  After: TotalsSoFar,
};
