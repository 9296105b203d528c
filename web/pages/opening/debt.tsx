import { EMPTY_CASE } from '../../../worker/negotiation/case.ts';
import { isDecided } from '../../../worker/negotiation/command.ts';
import { Figures, stateDebt } from '../../../worker/negotiation/debt.ts';
import { DebtFields } from '../../parts/debt.tsx';
import { faultsOf, type Step, typedOr } from './step.ts';

/** What is owed, as the borrower knows it. */
export const debt: Step = {
  name: 'debt',
  question: ({ opening: say }) => ({ question: say.debtQuestion, lead: say.debtHint }),
  owns: /^debt\./,
  zeroed: 'debt.debt',
  scripts: ['amounts'],
  faults: (at) =>
    faultsOf(at, {
      schema: Figures,
      under: 'debt.',
      refused(figures) {
        const decision = stateDebt(EMPTY_CASE, figures, at.context);
        return isDecided(decision) ? null : decision;
      },
    }),
  form: (at) => typedOr(at, { 'debt.debt.asOf': at.context.today }),
  Fields: ({ at: { view }, shown: { form } }) => <DebtFields form={form} words={view.words} prefix="debt." />,
};
