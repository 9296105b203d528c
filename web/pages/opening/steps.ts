import { cause } from './cause.tsx';
import { check } from './check.tsx';
import { evidence } from './evidence.tsx';
import { loan } from './loan.tsx';
import { month } from './month.tsx';
import { owedIn } from './owed.tsx';
import { proposal } from './proposal.tsx';
import type { Invited, Standing, Step, StepName } from './step.ts';

/** The steps of opening a case, in the order in which they are asked. */
export const STEPS: readonly Step[] = [loan, cause, month, proposal, check];

/** All that have a page, also those that are asked only by who comes to them. Evidence to a case that is there is added in it. */
export const pagesOf = (invited: Invited | null): readonly Step[] => [...stepsOf(invited), ...(invited ? [] : [evidence])];

/** The steps of who answers an invitation: the same, but for the first, which shows what the lender stated. */
const stepsOf = (invited: Invited | null): readonly Step[] =>
  invited ? STEPS.map((step) => (step === loan ? owedIn(invited.kase) : step)) : STEPS;

/** Where a step goes on to, and where back: the next and the one before, or the step from which one came to change something. */
export function nextTo(step: Step, then: StepName | undefined): StepName {
  return (step.aside ? check.name : then) ?? STEPS[placeOf(step) + 1]?.name ?? check.name;
}
export function before(step: Step, then: StepName | undefined): StepName | null {
  return (step.aside ? check.name : then) ?? STEPS[placeOf(step) - 1]?.name ?? null;
}

/** Which of the steps it is, from 0; -1 for those asked only by who comes to them. */
export const placeOf = ({ name }: Pick<Step, 'name'>): number => STEPS.findIndex((one) => one.name === name);

/** What was typed, as it counts. */
export const countedOf = (values: Standing['values'], invited: Invited | null): Standing['values'] =>
  stepsOf(invited).reduce((so, step) => step.counted?.(so) ?? so, values);

/** What is still to be done before a step: the first thing that is wrong with each. */
export function missingOf(at: Standing, upTo: Step): { step: StepName; text: string }[] {
  return stepsOf(at.invited)
    .slice(0, placeOf(upTo))
    .flatMap((step) => {
      const [text] = Object.values(step.faults(at));
      return text ? [{ step: step.name, text }] : [];
    });
}
