import { dueDate } from './calendar.ts';
import type { Terms } from './terms.ts';

/**
 * The day on which the first instalment is really paid: in a pause nothing is, so a plan that begins with one pays first when it is over. The
 * payment up front is no instalment.
 */
export function firstInstalment({ firstDue, every, phases }: Pick<Terms, 'firstDue' | 'every' | 'phases'>): string {
  let paused = 0;
  for (const phase of phases) {
    if (phase.kind !== 'pause') break;
    paused += phase.count;
  }
  return dueDate(firstDue, every, paused);
}
