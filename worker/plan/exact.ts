/**
 * Exact integer arithmetic. Every amount in `plan/` is a whole number of 分 held in a `number` no larger than 2^53 − 1; every product
 * that could pass that bound goes through here and is worked out in BigInt. This is the only file of `plan/` that divides.
 */

/** Thrown when an amount would pass 2^53 − 1: the caller turns it into a refusal, so that no inexact amount is ever shown. */
export class AmountTooLarge extends Error {}

/** The largest amount that a `number` holds without doubt: 2^53 − 1. */
export const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** Up to these a product n and a divisor d leave n + 2d below 2^53: every intermediate of `scale` is exact. */
const MAX_PRODUCT = 2 ** 51;
const MAX_DIVISOR = 2 ** 50;

/**
 * round half up( value × num / den ) for whole, non-negative `value` and `num` and a whole `den` > 0.
 * Doubles where every intermediate is exact, BigInt otherwise; the two agree to the last unit (tested).
 */
export function scale(value: number, num: number, den: number): number {
  const product = value * num;
  if (product > MAX_PRODUCT || den > MAX_DIVISOR) return scaleLarge(value, num, den);
  const raised = product + den / 2;
  // Schedules wait for this quotient, period after period: by the reciprocal it is there sooner, at most one off. The remainder, which is exact, tells.
  const quotient = Math.floor(raised * (1 / den));
  const remainder = raised - quotient * den;
  if (remainder < 0) return quotient - 1;
  return remainder >= den ? quotient + 1 : quotient;
}

function scaleLarge(value: number, num: number, den: number): number {
  return toNumber((BigInt(value) * BigInt(num) * 2n + BigInt(den)) / (2n * BigInt(den)));
}

/** round half up( a / b ), also for negative `a`: half goes towards +∞. */
export function divideRounded(a: number, b: number): number {
  const n = BigInt(a) * 2n + BigInt(b);
  const d = 2n * BigInt(b);
  const q = n / d;
  return toNumber(n % d < 0n ? q - 1n : q);
}

/** Largest whole number ≤ a / b, for whole a ≥ 0 and b > 0. */
export function divideDown(a: number, b: number): number {
  const quotient = Math.floor(a / b);
  // `a / b` may round up to the next whole number: the product, which is exact, tells.
  return quotient * b > a ? quotient - 1 : quotient;
}

/** The sum of whole amounts, refused where it would no longer be exact. */
export function add(a: number, b: number): number {
  const sum = a + b;
  if (sum > MAX_EXACT) throw new AmountTooLarge();
  return sum;
}

function toNumber(value: bigint): number {
  if (value > BigInt(MAX_EXACT)) throw new AmountTooLarge();
  return Number(value);
}
