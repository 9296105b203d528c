import { cause } from './cause.tsx';
import { check } from './check.tsx';
import { evidence } from './evidence.tsx';
import { loan } from './loan.tsx';
import { month } from './month.tsx';
import { proposal } from './proposal.tsx';
import type { Standing, Step, StepName } from './step.ts';

/** The steps of opening a case, in the order in which they are asked. */
export const STEPS: readonly Step[] = [loan, cause, month, proposal, check];

/** All that have a page, also those that are asked only by who comes to them. */
export const PAGES: readonly Step[] = [...STEPS, evidence];

/** Where a step goes on to, and where back: the next and the one before, or the step from which one came to change something. */
export function nextTo(step: Step, then: StepName | undefined): StepName {
  return (step.aside ? check.name : then) ?? STEPS[STEPS.indexOf(step) + 1]?.name ?? check.name;
}
export function before(step: Step, then: StepName | undefined): StepName | null {
  return (step.aside ? check.name : then) ?? STEPS[STEPS.indexOf(step) - 1]?.name ?? null;
}

/** What was typed, as it counts. */
export const countedOf = (values: Standing['values']): Standing['values'] => STEPS.reduce((so, step) => step.counted?.(so) ?? so, values);

/** What is still to be done before a step: the first thing that is wrong with each. */
export function missingOf(at: Standing, upTo: Step): { step: StepName; text: string }[] {
  return STEPS.slice(0, STEPS.indexOf(upTo)).flatMap((step) => {
    const [text] = Object.values(step.faults(at));
    return text ? [{ step: step.name, text }] : [];
  });
}
