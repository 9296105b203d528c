/**
 * Exact integer arithmetic. Every amount in `plan/` is a whole number of 分 held in a `number` no larger than 2^53 − 1; every product
 * that could pass that bound goes through here and is worked out in BigInt. This is the only file of `plan/` that divides.
 */

/** Thrown when an amount would pass 2^53 − 1: the caller turns it into a refusal, so that no inexact amount is ever shown. */
export class AmountTooLarge extends Error {}

/** A ratio of two whole numbers, `den` > 0. */
export type Ratio = { readonly num: number; readonly den: number };

const MAX = Number.MAX_SAFE_INTEGER;
const HALF_MAX = 2 ** 52;

/**
 * round half up( value × num / den ) for whole, non-negative `value` and `num` and a whole `den` > 0.
 * Doubles where every intermediate is below 2^53, BigInt otherwise; the two agree to the last unit (tested).
 */
export function scale(value: number, num: number, den: number): number {
  const product = value * num;
  if (product < HALF_MAX) {
    // `product / den` may round up to the next whole number: the remainder, which is exact, tells.
    let quotient = Math.floor(product / den);
    let remainder = product - quotient * den;
    if (remainder < 0) {
      quotient -= 1;
      remainder += den;
    }
    return remainder * 2 >= den ? quotient + 1 : quotient;
  }
  const n = BigInt(value) * BigInt(num) * 2n + BigInt(den);
  return toNumber(n / (2n * BigInt(den)));
}

/** round half up( a / b ), also for negative `a`: half goes towards +∞. */
export function divideRounded(a: number, b: number): number {
  const n = BigInt(a) * 2n + BigInt(b);
  const d = 2n * BigInt(b);
  const q = n / d;
  return toNumber(n % d < 0n ? q - 1n : q);
}

/** Smallest whole number ≥ a / b, for whole a ≥ 0 and b > 0. */
export function divideUp(a: number, b: number): number {
  const quotient = Math.floor(a / b);
  return a - quotient * b > 0 ? quotient + 1 : quotient;
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
  if (sum > MAX) throw new AmountTooLarge();
  return sum;
}

function toNumber(value: bigint): number {
  if (value > BigInt(MAX)) throw new AmountTooLarge();
  return Number(value);
}
