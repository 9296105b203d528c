import type { Ratio } from './exact.ts';
import type { Terms } from './terms.ts';

const MILLION = 1_000_000;

/**
 * The share of the base that runs as interest from day `from` to day `to`, as an exact ratio of whole numbers (rule 3).
 * With day count `period` a period counts one whatever its days: a month is a twelfth of a yearly rate, the monthly rate itself, or 30 daily
 * rates; a week and a fortnight are 7 and 14 days of a 365-day year (a monthly rate × 12 is its yearly rate).
 * With actual/365 and actual/360 it is the days over 365 or 360; a daily rate counts by the days in both.
 */
export function share(terms: Pick<Terms, 'rate' | 'every' | 'dayCount'>, from: number, to: number): Ratio {
  const { per, ppm } = terms.rate;
  if (terms.dayCount === 'period' && terms.every === 'month') {
    if (per === 'year') return { num: ppm, den: 12 * MILLION };
    return { num: per === 'month' ? ppm : ppm * 30, den: MILLION };
  }
  const days = terms.dayCount === 'period' ? (terms.every === 'week' ? 7 : 14) : to - from;
  if (per === 'day') return { num: ppm * days, den: MILLION };
  const yearly = per === 'year' ? ppm : ppm * 12;
  return { num: yearly * days, den: (terms.dayCount === 'actual/360' ? 360 : 365) * MILLION };
}
