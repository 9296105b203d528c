/** A first try for a level instalment: the annuity formula, payment = B·i / (1 − (1 + i)^−n), in floating point. It only guides a search
 * that whole numbers confirm. `rate` is the share of interest a period. */
export function firstTry(
  owed: { fees: number; penalty: number; interest: number; principal: number },
  rate: number,
  count: number,
  onBalance: boolean,
): number {
  const idle = owed.fees + owed.penalty + owed.interest;
  const total = idle + owed.principal;
  if (rate === 0) return Math.ceil(total / count);
  if (onBalance || idle === 0) return Math.ceil((total * rate) / (1 - (1 + rate) ** -count));
  return Math.ceil((total + (owed.principal * rate * count) / 2) / count);
}
