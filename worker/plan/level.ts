import type { Ratio } from './exact.ts';

/** A first try for a level instalment: the annuity formula, payment = B·i / (1 − (1 + i)^−n), in floating point. It only guides a search
 * that whole numbers confirm. `rate` is the share of interest a period. */
export function firstTry(
  owed: { fees: number; penalty: number; interest: number; principal: number },
  { num, den }: Ratio,
  count: number,
  onBalance: boolean,
): number {
  const rate = num / den;
  const idle = owed.fees + owed.penalty + owed.interest;
  const total = idle + owed.principal;
  if (rate === 0) return Math.ceil(total / count);
  if (onBalance || idle === 0) return Math.ceil((total * rate) / (1 - (1 + rate) ** -count));
  return Math.ceil((total + (owed.principal * rate * count) / 2) / count);
}

/**
 * How far to move an instalment whose last payment is `excess` too large (or, where negative, too small): each 分 of it is worth what an
 * annuity of one comes to, ((1 + i)^n − 1) / i. In floating point: it only guides.
 */
export function nextStep(excess: number, { num, den }: Ratio, count: number): number {
  const rate = num / den;
  const slope = rate === 0 ? count : ((1 + rate) ** count - 1) / rate;
  return excess > 0 ? Math.max(1, Math.ceil(excess / slope)) : -Math.max(1, Math.floor(-excess / slope));
}
