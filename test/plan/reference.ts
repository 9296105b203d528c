import type { Terms } from '../../worker/plan/terms.ts';

/** Rule 3 of the plan format once more, written from the page alone in BigInt rationals: slow, and with nothing in common with the engine. */
export function accruedBetween(base: number, terms: Pick<Terms, 'rate' | 'every' | 'dayCount'>, from: string, to: string): number {
  const { per, ppm } = terms.rate;
  const days = BigInt(Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000));
  const MILLION = 1_000_000n;
  const rate = BigInt(ppm);
  let num: bigint;
  let den: bigint;
  if (terms.dayCount === 'period') {
    const periodDays = { month: 0n, fortnight: 14n, week: 7n }[terms.every];
    if (terms.every === 'month')
      [num, den] = { year: [rate, 12n * MILLION], month: [rate, MILLION], day: [rate * 30n, MILLION] }[per] as [bigint, bigint];
    else
      [num, den] = {
        year: [rate * periodDays, 365n * MILLION],
        month: [rate * 12n * periodDays, 365n * MILLION],
        day: [rate * periodDays, MILLION],
      }[per] as [bigint, bigint];
  } else {
    const year = terms.dayCount === 'actual/365' ? 365n : 360n;
    [num, den] = { year: [rate * days, year * MILLION], month: [rate * 12n * days, year * MILLION], day: [rate * days, MILLION] }[per] as [
      bigint,
      bigint,
    ];
  }
  return Number((2n * BigInt(base) * num + den) / (2n * den));
}
