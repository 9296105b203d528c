/**
 * The effective annual rate r for which Σ payment / (1 + r)^(days / 365) = owed, in ppm rounded half up; days count from `start`.
 *
 * In y = ln(1 + r) the sum is a convex, falling function, so Newton's method converges from any start; a bracket kept beside it bounds each step and ends the search when rounding
 * noise would make it wander. The last ppm is settled by looking at the value on both sides of the rounding border.
 *
 * @param payments rows with their payment in 分
 * @param days     day of each row, counted from start; as long as `payments`
 * @param owed     what is owed after waivers, in 分; less than the sum of payments
 */
export function annualRatePpm(payments: readonly { payment: number }[], days: readonly number[], owed: number): number {
  const amounts: number[] = [];
  const years: number[] = [];
  // Payments come in a handful of distances (28 to 31 days): a power for each distance and step, not one for each payment.
  const gaps: number[] = [];
  const distance: number[] = [];
  let last = 0;
  for (let i = 0; i < payments.length; i++) {
    const payment = payments[i]?.payment ?? 0;
    if (payment === 0) continue;
    const day = days[i] ?? 0;
    let place = gaps.indexOf(day - last);
    if (place < 0) place = gaps.push(day - last) - 1;
    distance.push(place);
    amounts.push(payment);
    years.push(day / 365);
    last = day;
  }
  const powers: number[] = new Array(gaps.length).fill(1);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  // A guess from the mean life of the payments; any start does, the bracket sees to that.
  let y = guess(amounts, years, owed);
  for (let step = 0; step < 200; step++) {
    let value = -owed;
    let slope = 0;
    let factor = 1;
    for (let i = 0; i < gaps.length; i++) powers[i] = Math.exp((-y * (gaps[i] as number)) / 365);
    for (let i = 0; i < amounts.length; i++) {
      factor *= powers[distance[i] as number] as number;
      const present = (amounts[i] as number) * factor;
      value += present;
      slope += (years[i] as number) * present;
    }
    if (value > 0) low = y;
    else high = y;
    let next = y + value / slope;
    if (!(next >= low && next <= high)) next = high === Number.POSITIVE_INFINITY ? low * 2 + 1 : low + (high - low) / 2;
    const moved = Math.abs(next - y);
    y = next;
    // Newton doubles its digits at each step: after one of 10^-9 the error is near 10^-18.
    if (moved <= 1e-9 * (1 + next)) break;
  }
  return settle(Math.expm1(y) * 1e6, amounts, years, owed);
}

/** ln(paid / owed) over the mean life of the payments, weighed by amount: exact for one payment, near it for level ones. */
function guess(amounts: readonly number[], years: readonly number[], owed: number): number {
  let paid = 0;
  let life = 0;
  for (let i = 0; i < amounts.length; i++) {
    paid += amounts[i] as number;
    life += (amounts[i] as number) * (years[i] as number);
  }
  return life > 0 ? (Math.log(paid / owed) * paid) / life : 0;
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
