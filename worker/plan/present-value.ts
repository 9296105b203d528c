import { daysBetween } from './calendar.ts';
import { scale } from './exact.ts';
import type { Schedule } from './schedule.ts';

const MILLION = 1_000_000n;
/** Guard digits beyond a 分: the powers are taken with 10^18 units to one. */
const ONE = 10n ** 18n;

/**
 * What a schedule is worth on a day, in 分: each payment discounted at a yearly effective rate (ppm) for its days / 365, in whole days.
 * The daily factor is the 365th root of 1 + rate, found in integers; rounded half up once at the end.
 */
export function presentValue({ rows }: Pick<Schedule, 'rows'>, on: string, ppm: number): number {
  const daily = dailyFactor(ppm);
  const sum = rows.reduce((total, { due, payment }) => {
    const days = Math.max(0, daysBetween(on, due));
    return payment > 0 ? total + (BigInt(payment) * ONE * ONE) / power(daily, days) : total;
  }, 0n);
  return Number((sum + ONE / 2n) / ONE);
}

/** (1 + ppm/10^6)^(1/365) in units of 10^-18, by bisection. */
function dailyFactor(ppm: number): bigint {
  const yearly = ONE + (BigInt(ppm) * ONE) / MILLION;
  let [low, high] = [ONE, yearly];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (power(middle, 365) > yearly) high = middle;
    else low = middle;
  }
  return low;
}

function power(base: bigint, exponent: number): bigint {
  let result = ONE;
  for (let left = exponent, square = base; left > 0; left >>= 1) {
    if (left & 1) result = (result * square) / ONE;
    square = (square * square) / ONE;
  }
  return result;
}

/** An amount as a share of another, in ppm, rounded half up. */
export function shareOf(part: number, whole: number): number {
  return scale(part, 1_000_000, whole);
}
