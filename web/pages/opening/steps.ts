import { cause } from './cause.tsx';
import { check } from './check.tsx';
import { debt } from './debt.tsx';
import { debts } from './debts.tsx';
import { evidence } from './evidence.tsx';
import { expenses } from './expenses.tsx';
import { income } from './income.tsx';
import { loan } from './loan.tsx';
import { proposal } from './proposal.tsx';
import type { Standing, Step, StepName } from './step.ts';

/** The steps of opening a case, in the order in which they are asked. */
export const STEPS: readonly Step[] = [loan, debt, cause, income, expenses, debts, evidence, proposal, check];

/** The step before or after one. */
export const beside = (step: Step, by: -1 | 1): Step | undefined => STEPS[STEPS.indexOf(step) + by];

/** What is still to be done before a step: the first thing that is wrong with each. */
export function missingOf(at: Standing, upTo: Step): { step: StepName; text: string }[] {
  return STEPS.slice(0, STEPS.indexOf(upTo)).flatMap((step) => {
    const [text] = Object.values(step.faults(at));
    return text ? [{ step: step.name, text }] : [];
  });
}
