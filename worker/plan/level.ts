import { AmountTooLarge, add, divideDown, MAX_EXACT } from './exact.ts';
import { type Accrual, interestOn } from './rates.ts';

/**
 * What a level phase starts from, in 分: `idle` is fees, penalty and interest together, which bear interest only where it runs on the balance.
 * `days` has the length of each period in days; it is empty where each counts one.
 */
export type Start = { idle: number; principal: number; onBalance: boolean; accrual: Accrual; days: readonly number[] };

/** Steps of the search that its slope guides; after them the bracket is halved and closes in at most 53 more. */
const GUIDED = 6;

/** Interest of each period, of the amount tried last and of the best so far: kept from search to search, as plans are tried over and over. */
let tried: number[] = [];
let best: number[] = [];

/**
 * A level instalment is the smallest whole amount for which the last instalment, which takes what is left, is not larger (rule 5). What is left falls
 * as the amount rises, since rounding is monotone: so a bracket closed by exact trials finds it, and floating point only says where to try.
 *
 * @returns the amount in 分, and the interest of each period until the debt is paid (read it before the next search)
 */
export function levelInstalment(start: Start, count: number): { amount: number; accrued: readonly number[] } {
  const annuity = annuityOf(start, count);
  let low = 0;
  let high = MAX_EXACT;
  let amount = Math.min(Math.max(1, firstTry(start, annuity, count)), MAX_EXACT - 1);
  for (let tries = 1; high - low > 1; tries++) {
    const excess = tryOut(start, amount, count);
    if (excess > 0) low = amount;
    else {
      high = amount;
      [tried, best] = [best, tried];
      // One 分 less was not enough: this is the smallest.
      if (excessBeside > 0) break;
    }
    amount = nextTry(amount + step(excess, annuity), tries, low, high);
  }
  if (high === MAX_EXACT) throw new AmountTooLarge();
  return { amount: high, accrued: best };
}

/** The excess of an amount; where the debt would grow past what a number holds, the amount is too small beyond telling. */
function tryOut(start: Start, amount: number, count: number): number {
  return attempt(start, amount, amount - 1, count) ?? attempt(start, amount, amount, count) ?? Number.POSITIVE_INFINITY;
}

function attempt(start: Start, amount: number, beside: number, count: number): number | undefined {
  try {
    return excessOfLast(start, amount, beside, count);
  } catch (thrown) {
    if (!(thrown instanceof AmountTooLarge)) throw thrown;
  }
}

/** What `beside` would leave too much in the last instalment, of the attempt made last. */
let excessBeside = 0;

/**
 * What the last instalment would be above `amount` when all before it are `amount`: enough where it is ≤ 0. Where the debt is paid before, the
 * instalments that it did not take count as paid too much. Another amount is tried beside it: as neither waits for the other, that costs little.
 */
function excessOfLast({ idle, principal, onBalance, accrual, days }: Start, amount: number, beside: number, count: number): number {
  const last = count - 1;
  let other = idle;
  let capital = principal;
  let otherBeside = idle;
  let capitalBeside = principal;
  for (let i = 0; ; i++) {
    const length = days[i] ?? 0;
    const interest = interestOn(onBalance ? other + capital : capital, accrual, length);
    const interestBeside = interestOn(onBalance ? otherBeside + capitalBeside : capitalBeside, accrual, length);
    tried[i] = interest;
    const left = add(other + capital, interest);
    if (i === last) {
      excessBeside = add(otherBeside + capitalBeside, interestBeside) - beside;
      return left - amount;
    }
    if (left <= amount) {
      excessBeside = 0;
      return left - amount - (last - i) * amount;
    }
    // What of the payment is left for the principal, once all else is paid.
    const part = amount - other - interest;
    other = part < 0 ? -part : 0;
    capital -= part < 0 ? 0 : part;
    const partBeside = beside - otherBeside - interestBeside;
    otherBeside = partBeside < 0 ? -partBeside : 0;
    capitalBeside -= partBeside < 0 ? 0 : partBeside;
  }
}

/** What payments of one each period are worth now, and what one grows to by the last of them. In floating point, as all that only guides. */
type Annuity = { worth: number; growth: number };

/** Σ 1 / (1 + i)^k = (1 − (1 + i)^−n) / i for periods that count one; where days are counted, summed up period by period. */
function annuityOf({ accrual: { num, den }, days }: Start, count: number): Annuity {
  const rate = num / den;
  if (rate === 0) return { worth: count, growth: 1 };
  if (days.length === 0) {
    const growth = (1 + rate) ** count;
    return { worth: (1 - 1 / growth) / rate, growth };
  }
  let growth = 1;
  let worth = 0;
  for (const length of days) {
    growth *= 1 + rate * length;
    worth += 1 / growth;
  }
  return { worth, growth };
}

/** What bears interest is divided by the worth of an annuity; what does not is spread evenly, with the interest that runs on the rest meanwhile. */
function firstTry({ idle, principal, onBalance }: Start, { worth, growth }: Annuity, count: number): number {
  const total = idle + principal;
  if (onBalance || idle === 0) return Math.ceil(total / worth);
  return Math.ceil((total + (principal * Math.log(growth)) / 2) / count);
}

/** How far to move: each 分 of an instalment is worth what an annuity of one comes to at its end. */
function step(excess: number, { worth, growth }: Annuity): number {
  const slope = worth * growth;
  return excess > 0 ? Math.max(1, Math.ceil(excess / slope)) : -Math.max(1, Math.floor(-excess / slope));
}

/** The amount to try next, inside the bracket: the guess, or half way where it is none, or twice as much where nothing was enough yet. */
function nextTry(guess: number, tries: number, low: number, high: number): number {
  if (tries <= GUIDED && guess > low && guess < high) return guess;
  return high === MAX_EXACT ? Math.min(Math.max(2 * low, 2), MAX_EXACT - 1) : low + divideDown(high - low, 2);
}
