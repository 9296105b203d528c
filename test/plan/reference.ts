import type { Debt, Phase, Terms } from '../../worker/plan/terms.ts';

/**
 * The plan format once more, written from `worker/plan/FORMAT.md` alone, in BigInt and rationals throughout: slow and plain, with nothing in common with
 * the engine but the page. Tests hold the engine against it, refusals and all.
 */

type Refused = { refused: Record<string, unknown> };
type Line = { no: number | null; due: string } & Record<
  'payment' | 'fees' | 'penalty' | 'interest' | 'principal' | 'accrued' | 'balance',
  bigint
>;

const MILLION = 1_000_000n;
const DAY = 86_400_000;
const least = (a: bigint, b: bigint) => (a < b ? a : b);

/** Round half up of a fraction that is not negative. */
const halfUp = (num: bigint, den: bigint) => (2n * num + den) / (2n * den);

const daysFrom = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** Rule 2, by the calendar of JavaScript: day 0 of a month is the last of the one before. */
function dueOf(first: string, every: Terms['every'], k: number): string {
  if (every !== 'month') return new Date(Date.parse(first) + k * (every === 'week' ? 7 : 14) * DAY).toISOString().slice(0, 10);
  const [year = 0, month = 0, day = 0] = first.split('-').map(Number);
  const length = new Date(Date.UTC(year, month + k, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + k, Math.min(day, length))).toISOString().slice(0, 10);
}

/** Rule 3: the interest that runs on a base from one date to another. */
function accruedBetween(base: bigint, terms: Pick<Terms, 'rate' | 'every' | 'dayCount'>, from: string, to: string): bigint {
  const { per, ppm } = terms.rate;
  const rate = BigInt(ppm);
  if (terms.dayCount === 'period' && terms.every === 'month') {
    if (per === 'year') return halfUp(base * rate, MILLION * 12n);
    return halfUp(base * (per === 'month' ? rate : rate * 30n), MILLION);
  }
  const days = terms.dayCount === 'period' ? { month: 0n, week: 7n, fortnight: 14n }[terms.every] : BigInt(daysFrom(from, to));
  if (per === 'day') return halfUp(base * rate * days, MILLION);
  const year = terms.dayCount === 'actual/360' ? 360n : 365n;
  return halfUp(base * rate * (per === 'month' ? 12n : 1n) * days, MILLION * year);
}

/** A whole plan, or its refusal, with amounts as `number` at the end; `annualRatePpm` is left to `annualRate` below. */
export function reference(debt: Debt, terms: Terms): { rows: Record<string, unknown>[]; totals: Record<string, unknown> } | Refused {
  const book = { fees: 0n, penalty: 0n, interest: 0n, principal: 0n };
  let waived = 0n;
  for (const component of ['principal', 'interest', 'penalty', 'fees'] as const) {
    const given = BigInt(terms.waive[component] ?? 0);
    if (given > BigInt(debt[component])) return { refused: { code: 'waiver.exceeds-debt', component } };
    book[component] = BigInt(debt[component]) - given;
    waived += given;
  }
  const left = () => book.fees + book.penalty + book.interest + book.principal;
  const owed = left();
  if (owed === 0n) return { refused: { code: 'debt.nothing-owed' } };
  if (terms.firstDue <= terms.start) return { refused: { code: 'date.first-due-not-after-start' } };

  const lines: Line[] = [];
  let since = terms.start;
  let period = 0;
  let numbered = 0;
  const write = (no: number | null, due: string, accrued: bigint, payment: bigint) => {
    book.interest += accrued;
    let rest = payment;
    const taken = { fees: 0n, penalty: 0n, interest: 0n, principal: 0n };
    for (const part of ['fees', 'penalty', 'interest', 'principal'] as const) {
      taken[part] = least(rest, book[part]);
      rest -= taken[part];
      book[part] -= taken[part];
    }
    since = due;
    lines.push({ no, due, payment, ...taken, accrued, balance: left() });
  };
  const due = () => dueOf(terms.firstDue, terms.every, period);
  const running = (to: string) => accruedBetween(terms.interestOn === 'balance' ? left() : book.principal, terms, since, to);
  const pay = (payment: (accrued: bigint) => bigint) => {
    const accrued = running(due());
    write(++numbered, due(), accrued, payment(accrued));
    period++;
  };

  if (terms.upfront) {
    const { due: on, amount } = terms.upfront;
    if (on < terms.start || on >= terms.firstDue) return { refused: { code: 'upfront.date' } };
    if (BigInt(amount) >= owed) return { refused: { code: 'upfront.exceeds-debt' } };
    write(0, on, terms.dayCount === 'period' ? 0n : running(on), BigInt(amount));
  }
  for (const [phase, one] of terms.phases.entries()) {
    const last = phase === terms.phases.length - 1;
    if (!last && ['level', 'even-principal', 'rest'].includes(one.kind)) return { refused: { code: 'phase.must-be-last', phase } };
    if (left() === 0n) return { refused: { code: 'phase.after-end', phase } };
    if (!last && one.kind === 'fixed' && one.count === undefined) return { refused: { code: 'phase.count-missing', phase } };
    const refused = run(one, phase);
    if (refused) return { refused };
  }
  if (left() > 0n) return { refused: { code: 'plan.leaves-balance', remainder: Number(left()) } };
  if (numbered > 600) return { refused: { code: 'plan.too-long' } };

  const sum = (part: 'payment' | 'accrued') => lines.reduce((total, line) => total + line[part], 0n);
  const highest = lines.reduce((most, { no, payment }) => (no !== null && no > 0 && payment > most ? payment : most), 0n);
  const numbers = (line: object) =>
    Object.fromEntries(Object.entries(line).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]));
  return {
    rows: lines.map(numbers),
    totals: numbers({
      owed,
      waived,
      paid: sum('payment'),
      interest: sum('accrued'),
      instalments: numbered,
      highest,
      lastDue: lines.at(-1)?.due,
    }),
  };

  function run(one: Phase, phase: number): Record<string, unknown> | null {
    switch (one.kind) {
      case 'pause':
        for (let i = 0; i < one.count; i++) {
          write(null, due(), one.interest === 'runs' ? running(due()) : 0n, 0n);
          period++;
        }
        return null;
      case 'interest-only':
        for (let i = 0; i < one.count; i++) {
          if (running(due()) === 0n) return { code: 'instalment.not-positive', phase };
          pay((accrued) => accrued);
        }
        return null;
      case 'fixed':
        for (let i = 0; one.count === undefined ? left() > 0n : i < one.count; i++) {
          if (left() === 0n) return { code: 'instalments.too-many', phase };
          if (one.count === undefined && numbered === 600) return { code: 'plan.too-long' };
          const interest = running(due());
          const lowest = one.count === undefined ? interest + 1n : interest;
          if (BigInt(one.amount) < lowest) return { code: 'instalment.below-interest', phase, least: Number(lowest) };
          if (one.amount === 0) return { code: 'instalment.not-positive', phase };
          pay((accrued) => least(BigInt(one.amount), left() + accrued));
        }
        return null;
      case 'level': {
        const amount = smallestLevel(one.count);
        for (let i = 0; i < one.count; i++) {
          if (left() === 0n) return { code: 'instalments.too-many', phase };
          pay((accrued) => least(amount, left() + accrued));
        }
        return null;
      }
      case 'even-principal': {
        const part = halfUp(book.principal, BigInt(one.count));
        for (let i = 0; i < one.count; i++) {
          if (left() === 0n) return { code: 'instalments.too-many', phase };
          const principal = i === one.count - 1 ? book.principal : least(part, book.principal);
          const rest = left() - book.principal + running(due()) + principal;
          if (rest === 0n) return { code: 'instalment.not-positive', phase };
          pay(() => rest);
        }
        return null;
      }
      case 'rest':
        pay((accrued) => left() + accrued);
        return null;
    }
  }

  /** Rule 5, by halving from nothing to more than all of it: what is left before the last instalment is tried out for each amount. */
  function smallestLevel(count: number): bigint {
    let low = 0n;
    let high = 1n;
    while (!isEnough(high, count)) high *= 2n;
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (isEnough(middle, count)) high = middle;
      else low = middle;
    }
    return high;
  }

  function isEnough(amount: bigint, count: number): boolean {
    const kept = { ...book };
    const { length } = lines;
    const at = [since, period] as const;
    let last = 0n;
    for (let i = 0; i < count && left() > 0n; i++) {
      const accrued = running(due());
      last = left() + accrued;
      write(null, due(), accrued, i === count - 1 ? last : least(amount, last));
      period++;
      if (last <= amount) break;
    }
    Object.assign(book, kept);
    lines.length = length;
    [since, period] = at;
    return last <= amount;
  }
}

const ONE = 10n ** 60n;

/**
 * The effective annual rate in ppm, rounded half up: the greatest p for which all payments, discounted at p − ½ ppm, still come to what is owed.
 * Powers are worked out to 60 places; a difference beyond what those can tell counts as none.
 */
export function annualRate(rows: readonly { due: unknown; payment: unknown }[], start: string, owed: number): number {
  const flows = rows
    .filter(({ payment }) => payment !== 0)
    .map(({ due, payment }) => [daysFrom(start, due as string), BigInt(payment as number)] as const);
  if (flows.reduce((sum, [, payment]) => sum + payment, 0n) === BigInt(owed)) return 0;
  const reaches = (p: bigint) => {
    const day = root365(ONE + ((2n * p - 1n) * ONE) / (2n * MILLION));
    const worth = flows.reduce((sum, [days, payment]) => sum + (payment * ONE * ONE) / power(day, days), 0n);
    return worth + ONE / 10n ** 30n >= BigInt(owed) * ONE;
  };
  let low = 0n;
  let high = 1n;
  while (reaches(high)) {
    low = high;
    high *= 2n;
  }
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (reaches(middle)) low = middle;
    else high = middle;
  }
  return Number(low);
}

function root365(value: bigint): bigint {
  let low = 0n;
  let high = value > ONE ? value : ONE;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (power(middle, 365) > value) high = middle;
    else low = middle;
  }
  return low;
}

function power(base: bigint, exponent: number): bigint {
  let result = ONE;
  for (let i = 0, square = base; exponent >> i > 0; i++) {
    if ((exponent >> i) & 1) result = (result * square) / ONE;
    square = (square * square) / ONE;
  }
  return result;
}

/** What is left on a day, each day's interest worked out from the whole schedule anew, in BigInt. */
export function leftReference(debt: Debt, terms: Terms, payments: readonly { on: string; amount: number }[], on: string) {
  const plan = reference(debt, terms);
  if ('refused' in plan) return plan;
  const rows = [{ due: terms.start, accrued: 0 }, ...plan.rows] as { due: string; accrued: number }[];
  /** Rule 1. */
  const ran = (day: string) =>
    rows.reduce((sum, { due, accrued }, i) => {
      const before = rows[i - 1]?.due ?? due;
      if (day < before) return sum;
      const share = day >= due ? [1, 1] : [daysFrom(before, day), daysFrom(before, due)];
      return sum + halfUp(BigInt(accrued) * BigInt(share[0] ?? 0), BigInt(share[1] ?? 1));
    }, 0n);
  const owed = (part: 'fees' | 'penalty' | 'interest' | 'principal') => BigInt(debt[part]) - BigInt(terms.waive[part] ?? 0);
  const paid = { fees: 0n, penalty: 0n, interest: 0n, principal: 0n };
  let overpaid = 0n;
  let settledOn: string | null = null;
  const left = (day: string) => {
    const stopped = settledOn !== null && settledOn < day ? settledOn : day;
    return {
      fees: owed('fees') - paid.fees,
      penalty: owed('penalty') - paid.penalty,
      interest: owed('interest') + ran(stopped) - paid.interest,
      principal: owed('principal') - paid.principal,
    };
  };
  const days = [...new Set(payments.map((payment) => payment.on))].filter((day) => day <= on).sort();
  for (const day of days) {
    for (const { amount } of payments.filter((payment) => payment.on === day)) {
      let rest = BigInt(amount);
      for (const [part, open] of Object.entries(left(day)) as [keyof typeof paid, bigint][]) {
        const taken = least(rest, open);
        paid[part] += taken;
        rest -= taken;
      }
      overpaid += rest;
      if (Object.values(left(day)).every((open) => open === 0n)) settledOn ??= day;
    }
  }
  const parts = left(on);
  return {
    left: Object.fromEntries(Object.entries(parts).map(([part, open]) => [part, Number(open)])),
    settle: Number(Object.values(parts).reduce((sum, open) => sum + open)),
    overpaid: Number(overpaid),
  };
}
