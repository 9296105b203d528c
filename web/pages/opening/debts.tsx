import * as z from 'zod';
import { MeansStatement } from '../../../worker/negotiation/means.ts';
import { GroupFields } from '../../parts/means.tsx';
import { addRow, TotalsSoFar, withLines } from './lines.tsx';
import { faultsOf, type Step, typedOr } from './step.ts';

const Asked = z.object({ means: MeansStatement.pick({ otherDebts: true }) });

/** What is paid on other debts. */
export const debts: Step = {
  name: 'debts',
  question: ({ opening: say }) => ({ question: say.debtsQuestion, lead: say.debtsHint }),
  owns: /^means\.otherDebts\./,
  scripts: ['amounts'],
  faults: (at) => faultsOf(at, { schema: Asked }),
  form: typedOr,
  dressed: (form) => withLines(form, 'otherDebts'),
  act: (action, at) => addRow(action, 'otherDebts', typedOr(at)),
  Fields: ({ at: { view }, shown: { form } }) => <GroupFields form={form} words={view.words} group="otherDebts" />,
  After: TotalsSoFar,
};
