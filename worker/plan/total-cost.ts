import { annualRatePpm, force } from './annual-rate.ts';
import { dayNumber } from './calendar.ts';
import { MAX_EXACT } from './exact.ts';
import { accrualOf } from './rates.ts';
import type { Schedule } from './schedule.ts';
import type { Debt, Terms } from './terms.ts';

/**
 * The total cost of a plan as the law of consumer credit counts it: the effective yearly rate of all that is paid beyond the principal, be it called interest,
 * penalty or fee, old or new (`FORMAT.md`, "Total cost"). It is the annual rate of the schedule with the principal in the place of what is owed: the
 * principal after its waiver, as what is waived of it is not paid.
 * @returns ppm a year, rounded half up; 0 where nothing is paid beyond the principal; null where there is no principal, of which nothing is a share
 */
export function totalCostPpm({ rows, totals }: Pick<Schedule, 'rows' | 'totals'>, debt: Debt, terms: Terms): number | null {
  const principal = debt.principal - (terms.waive.principal ?? 0);
  if (principal <= 0) return null;
  if (totals.paid <= principal) return 0;
  // What is paid on the first day is discounted by nothing: where it is the principal already, no rate is high enough.
  const atOnce = rows.reduce((sum, { due, payment }) => (due <= terms.start ? sum + payment : sum), 0);
  if (atOnce >= principal) return MAX_EXACT;
  const days = rows.map(({ due }) => dayNumber(due));
  return annualRatePpm(rows, days, dayNumber(terms.start), principal, force(accrualOf(terms), terms.every));
}
