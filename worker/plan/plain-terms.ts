import { addMonths } from './calendar.ts';
import type { Terms } from './terms.ts';

/** The plainest terms from a day on: monthly, first due a month later, without interest, waiver or up-front payment. `rest` says what is otherwise. */
export function plainTerms(start: string, rest: Partial<Terms>): Terms {
  return {
    start,
    firstDue: addMonths(start, 1),
    every: 'month',
    rate: { per: 'year', ppm: 0 },
    interestOn: 'principal',
    dayCount: 'period',
    waive: {},
    upfront: null,
    phases: [],
    ...rest,
  };
}
