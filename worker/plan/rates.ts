import { scale } from './exact.ts';
import type { Rate, Terms } from './terms.ts';

const MILLION = 1_000_000;

/** How interest runs: `num / den` of the base for each period, or, where `daily`, for each day. Whole numbers, `den` > 0. */
export type Accrual = { readonly num: number; readonly den: number; readonly daily: boolean };

/**
 * The share of the base that runs as interest (rule 3), exact. With day count `period` a period counts one whatever its days: a month is a twelfth of a
 * yearly rate, the monthly rate itself, or 30 daily rates; a week and a fortnight are 7 and 14 days of a 365-day year (a monthly rate × 12 is its
 * yearly rate). With actual/365 and actual/360 it is the days over 365 or 360; a daily rate counts by the days in both.
 */
export function accrualOf({ rate: { per, ppm }, every, dayCount }: Pick<Terms, 'rate' | 'every' | 'dayCount'>): Accrual {
  const daily = dayCount !== 'period';
  if (!daily && every === 'month') {
    if (per === 'year') return { num: ppm, den: 12 * MILLION, daily };
    return { num: per === 'month' ? ppm : ppm * 30, den: MILLION, daily };
  }
  const days = daily ? 1 : every === 'week' ? 7 : 14;
  if (per === 'day') return { num: ppm * days, den: MILLION, daily };
  return { num: (per === 'year' ? ppm : ppm * 12) * days, den: (dayCount === 'actual/360' ? 360 : 365) * MILLION, daily };
}

/** A rate as a simple yearly one in ppm: 12 months, 365 days. */
export const yearlyPpm = ({ per, ppm }: Rate): number => ppm * { year: 1, month: 12, day: 365 }[per];

/** Interest on a base over one period of so many days, in 分, rounded half up once (rule 3). */
export function interestOn(base: number, { num, den, daily }: Accrual, days: number): number {
  return scale(base, daily ? num * days : num, den);
}
