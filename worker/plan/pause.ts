import { dueDate } from './calendar.ts';
import type { Phase, Terms } from './terms.ts';

/**
 * Between which days a pause lies: from the payment (or pause) before it, or the start of the plan, to the last due date on which nothing is paid. Its due
 * dates are `count` periods only where the first of them ends one period after `from`: with a first due date that is further away it is longer, and with a
 * nearer one shorter. `isWhole` tells whether it is just that long.
 * @param at index of the pause among the phases
 */
export function pauseSpan(terms: Pick<Terms, 'start' | 'firstDue' | 'every' | 'upfront' | 'phases'>, at: number) {
  const { start, firstDue, every, upfront, phases } = terms;
  const before = periodsOf(phases.slice(0, at));
  const count = periodsOf(phases.slice(at, at + 1));
  const from = before > 0 ? dueDate(firstDue, every, before - 1) : (upfront?.due ?? start);
  const to = dueDate(firstDue, every, before + count - 1);
  return { from, to, isWhole: dueDate(from, every, count) === to };
}

/** The periods that phases take; one without a count is the last of a plan. */
const periodsOf = (phases: readonly Phase[]): number => phases.reduce((sum, phase) => sum + ('count' in phase ? (phase.count ?? 0) : 0), 0);
