import type { Period } from './calendar.ts';
import { MAX_INSTALMENTS } from './format.ts';
import { discounted, ONE } from './present-value.ts';
import type { Accrual } from './rates.ts';

/** Instalments and the up-front payment. */
const MOST = MAX_INSTALMENTS + 1;

/**
 * The payments of one plan, laid out for the search: amount in 分, years since the start, and which of the distances lies before it. A plan has few
 * distances (month ends lie 28 to 31 days apart), so each step takes a power for each distance, not for each payment. Kept, as rates are worked out
 * over and over.
 */
const amounts = new Float64Array(MOST);
const years = new Float64Array(MOST);
const distanceOf = new Int32Array(MOST);
const distances = new Int32Array(MOST);
const powers = new Float64Array(MOST);
let count = 0;
let different = 0;

/** Distances shorter than this are looked up; a longer one (after a pause) gets a place of its own. */
const NEAR = 64;
const placeOf = new Int32Array(NEAR);

/** A ten-thousandth of a ppm. */
const NEGLIGIBLE = 1e-10;

/**
 * The effective annual rate r for which Σ payment / (1 + r)^(days / 365) = owed, in ppm rounded half up; days count from `start`.
 *
 * Solved for y = ln(1 + r) as a root of g(y) = ln( Σ payment · e^(−y·years) / owed ), which is nearly a straight line: Halley's method finds it in two or
 * three steps from anywhere near. g falls and is convex, so a bracket kept beside it bounds each step and ends the search whatever the figures are. All this in
 * floating point: where its noise could tell on which side of a rounding border the rate lies, integers decide.
 *
 * @param payments rows with their payment in 分; at most 601 that are not 0
 * @param days     day number of each row, never falling; at least as long as `payments`
 * @param start    the day number to which payments are discounted
 * @param owed     what is owed after waivers, in 分; less than the sum of payments
 * @param near     a guess at y, not negative; any will do
 * @returns the rate in ppm; 2^53 − 1 for one beyond that (nine thousand million per cent a year)
 */
export function annualRatePpm(
  payments: readonly { payment: number }[],
  days: readonly number[],
  start: number,
  owed: number,
  near = 0,
): number {
  layOut(payments, days, start);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let y = near;
  let life = 0;
  for (let step = 0; step < 200; step++) {
    for (let k = 0; k < different; k++) powers[k] = Math.exp((-y * (distances[k] as number)) / 365);
    // Present value, and its first three moments by time.
    let value = 0;
    let first = 0;
    let second = 0;
    let third = 0;
    let factor = 1;
    for (let i = 0; i < count; i++) {
      factor *= powers[distanceOf[i] as number] as number;
      const present = (amounts[i] as number) * factor;
      const moment = present * (years[i] as number);
      const square = moment * (years[i] as number);
      value += present;
      first += moment;
      second += square;
      third += square * (years[i] as number);
    }
    // Mean, variance and third central moment of the times of payment: −g′, g″ and −g‴.
    life = first / value;
    const spread = second / value - life * life;
    const skew = third / value - life * (3 * spread + life * life);
    const off = Math.log(value / owed);
    if (off > 0) low = y;
    else high = y;
    // Newton's step is off / life; Halley's bends it by the curvature.
    const bend = spread / (2 * life);
    let next = y + off / (life - off * bend);
    if (!(next >= low && next <= high)) next = high === Number.POSITIVE_INFINITY ? 2 * low + 1 : low + (high - low) / 2;
    const moved = Math.abs(next - y);
    y = next;
    // What is left after a step of Halley's: its cube times (g″ / 2g′)² − g‴ / 6g′.
    const left = moved * moved * moved * (bend * bend + Math.abs(skew) / (6 * life));
    if (left * Math.exp(y) <= NEGLIGIBLE) break;
  }
  return rounded(y, life, (border) => {
    const since = payments.map((_, i) => (days[i] as number) - start);
    return discounted(payments, since, BigInt(2 * border - 1), 2_000_000n) >= BigInt(owed) * ONE;
  });
}

/** Lays the payments out for the steps to come. */
function layOut(payments: readonly { payment: number }[], days: readonly number[], start: number): void {
  let last = start;
  count = 0;
  different = 0;
  placeOf.fill(-1);
  for (let i = 0; i < payments.length; i++) {
    const { payment } = payments[i] as { payment: number };
    if (payment === 0) continue;
    const day = days[i] as number;
    amounts[count] = payment;
    years[count] = (day - start) / 365;
    distanceOf[count++] = placeFor(day - last);
    last = day;
  }
}

function placeFor(distance: number): number {
  const known = distance < NEAR ? (placeOf[distance] as number) : -1;
  if (known >= 0) return known;
  distances[different] = distance;
  if (distance < NEAR) placeOf[distance] = different;
  return different++;
}

/** e^y − 1 in ppm, half up. Near a border `reaches` tells whether the rate comes up to it: one that lies just on it is rounded up. */
function rounded(y: number, life: number, reaches: (border: number) => boolean): number {
  const ppm = Math.expm1(y) * 1e6;
  if (ppm >= Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
  const border = Math.round(ppm + 0.5);
  const noise = 1e-4 + (1e-12 * (1e6 + ppm)) / Math.min(1, life);
  if (Math.abs(ppm + 0.5 - border) > noise) return Math.floor(ppm + 0.5);
  return reaches(border) ? border : border - 1;
}

const DAYS = { month: 365 / 12, fortnight: 14, week: 7 } as const;

/** The force of interest, ln(1 + effective annual rate), of a debt that bears interest at this rate as a whole: a guess to start from. */
export function force({ num, den, daily }: Accrual, every: Period): number {
  return (Math.log1p((num / den) * (daily ? DAYS[every] : 1)) * 365) / DAYS[every];
}
