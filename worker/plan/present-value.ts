import { daysBetween } from './calendar.ts';

/** Fixed point: 10^50 units to one, so that powers of thousands of days and sums of the largest amounts are true far beyond a 分. */
export const ONE = 10n ** 50n;
/** 10^−20 分: what lies closer to a whole 分 is that. */
const NOISE = 10n ** 30n;

/**
 * What a schedule is worth on a day, in 分: each payment discounted at a yearly effective rate (ppm) for its days / 365, in whole days.
 * Worked out in integers; rounded half up once at the end.
 */
export function presentValue({ rows }: { rows: readonly { due: string; payment: number }[] }, on: string, ppm: number): number {
  const days = rows.map(({ due }) => Math.max(0, daysBetween(on, due)));
  return Number((discounted(rows, days, BigInt(ppm), 1_000_000n) + ONE / 2n) / ONE);
}

/**
 * Σ payment / (1 + num/den)^(days / 365), in 分 × ONE; what lies just below a whole 分 counts as that.
 * @param days days of each payment, as long as `payments`
 */
export function discounted(payments: readonly { payment: number }[], days: readonly number[], num: bigint, den: bigint): bigint {
  const daily = dailyFactor(ONE + (num * ONE) / den);
  const sum = payments.reduce(
    (total, { payment }, i) => (payment > 0 ? total + (BigInt(payment) * ONE * ONE) / power(daily, days[i] ?? 0) : total),
    0n,
  );
  const short = ONE - (sum % ONE);
  return short <= NOISE ? sum + short : sum;
}

/** The 365th root of a yearly factor, in units of ONE, by bisection. */
function dailyFactor(yearly: bigint): bigint {
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
