/**
 * The effective annual rate r for which Σ payment / (1 + r)^(days / 365) = owed, in ppm rounded half up; days count from `start`.
 *
 * In y = ln(1 + r) the sum is a convex, falling function, so Newton's method from y = 0 (where it is above `owed`, as more is paid than owed)
 * climbs to the root from the left and cannot overshoot; a bracket kept beside it bounds each step and ends the search when rounding noise
 * would make it wander. The last ppm is settled by looking at the value on both sides of the rounding border.
 *
 * @param payments rows with their payment in 分
 * @param days     day of each row, counted from start; as long as `payments`
 * @param owed     what is owed after waivers, in 分; less than the sum of payments
 */
export function annualRatePpm(payments: readonly { payment: number }[], days: readonly number[], owed: number): number {
  const amounts: number[] = [];
  const years: number[] = [];
  payments.forEach((row, i) => {
    if (row.payment === 0) return;
    amounts.push(row.payment);
    years.push((days[i] ?? 0) / 365);
  });
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let y = 0;
  for (let step = 0; step < 200; step++) {
    let value = -owed;
    let slope = 0;
    for (let i = 0; i < amounts.length; i++) {
      const t = years[i] as number;
      const present = (amounts[i] as number) * Math.exp(-y * t);
      value += present;
      slope += t * present;
    }
    if (value > 0) low = y;
    else high = y;
    let next = y + value / slope;
    if (!(next >= low && next <= high)) next = high === Number.POSITIVE_INFINITY ? low * 2 + 1 : low + (high - low) / 2;
    if (Math.abs(next - y) <= 1e-15 * (1 + next)) break;
    y = next;
  }
  return settle(Math.expm1(y) * 1e6, amounts, years, owed);
}

/** Half up: the ppm p with value(p − ½) > 0 ≥ value(p + ½), where a value of 0 at the border counts as reached. */
function settle(ppm: number, amounts: readonly number[], years: readonly number[], owed: number): number {
  if (ppm >= Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
  const near = Math.floor(ppm + 0.5);
  if (Math.abs(ppm + 0.5 - near) > 1e-6 && Math.abs(ppm + 0.5 - near) < 1 - 1e-6) return near;
  const border = Math.round(ppm + 0.5);
  const rate = 1 + (border - 0.5) / 1e6;
  let value = -owed;
  for (let i = 0; i < amounts.length; i++) value += (amounts[i] as number) * rate ** -(years[i] as number);
  return value >= 0 ? border : border - 1;
}
