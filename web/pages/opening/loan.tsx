import * as z from 'zod';
import { Loan } from '../../../worker/negotiation/life.ts';
import { TextField } from '../../parts/fields.tsx';
import { faultsOf, type Step, typedOr } from './step.ts';

/** Which loan it is about. */
export const loan: Step = {
  name: 'loan',
  question: ({ opening: say }) => ({ question: say.loanQuestion }),
  owns: /^loan\./,
  scripts: [],
  faults: (at) => faultsOf(at, { schema: z.object({ loan: Loan }) }),
  form: typedOr,
  Fields({ at: { view }, shown: { form } }) {
    const { words } = view;
    const { opening: say } = words;
    return (
      <>
        <TextField form={form} words={words} name="loan.reference" label={say.reference} hint={say.referenceHint} />
        <TextField form={form} words={words} name="loan.product" label={say.product} optional />
      </>
    );
  },
};
