import { dayNumber } from './calendar.ts';
import { add, scale } from './exact.ts';
import { type PlanRefusal, type Row, schedule } from './schedule.ts';
import type { Debt, Terms } from './terms.ts';

/** What is left of a debt under a plan on a day, after the payments that were made (`FORMAT.md`, "What is left on a day"). */

/** A payment that was made: its day, and its amount in 分. */
export type Payment = { on: string; amount: number };

/** The four parts that are owed, in the order in which payments go to them. */
export type Parts = { fees: number; penalty: number; interest: number; principal: number };

/** `left` by part, `settle` their sum: what ends the debt if it is paid that day; `overpaid` is what was paid beyond all that was owed. */
export type Left = { left: Parts; settle: number; overpaid: number };

/** Waivers that lapsed on a day, in 分 by part: from then on they are owed again. */
export type Lapse = { on: string; lapsed: Parts };

const ORDER = ['fees', 'penalty', 'interest', 'principal'] as const;

/**
 * What is owed on the day `on` under a plan, payments up to and with that day having gone to fees, penalty, interest and principal. Interest runs as
 * the schedule says, paid ahead or late, until a payment leaves nothing owed. Refused as a schedule is; never throws for input that the schemas accept.
 * @param payments in any order; those of one day count in the order in which they stand
 */
export function leftOn(debt: Debt, terms: Terms, payments: readonly Payment[], on: string): Left | { refused: PlanRefusal } {
  const account = accountOn(debt, terms, payments, on);
  if ('refused' in account) return account;
  const { left, settle, overpaid } = account;
  return { left, settle, overpaid };
}

/** A payment of which it is known that it came after waivers had lapsed on its day. */
type Made = Payment & { afterLapse?: boolean };

/** The same, with the day of the payment that left nothing owed; null where something is. */
export type Account = Left & { settledOn: string | null };

/**
 * @param lapse waivers that no longer hold; payments before its day, and those of its day that did not come after it, go to what was owed without them, and where they
 * settled it nothing lapses
 */
export function accountOn(
  debt: Debt,
  terms: Terms,
  payments: readonly Made[],
  on: string,
  lapse?: Lapse,
): Account | { refused: PlanRefusal } {
  const plan = schedule(debt, terms);
  if ('refused' in plan) return plan;
  const { waive } = terms;
  const left: Parts = {
    fees: debt.fees - (waive.fees ?? 0),
    penalty: debt.penalty - (waive.penalty ?? 0),
    interest: debt.interest - (waive.interest ?? 0),
    principal: debt.principal - (waive.principal ?? 0),
  };
  const run = runningBy(plan.rows, terms.start);
  let ran = 0;
  let overpaid = 0;
  let settledOn: string | null = null;
  const accrueTo = (day: string) => {
    if (settledOn !== null) return;
    const now = run(day);
    left.interest = add(left.interest, now - ran);
    ran = now;
  };
  let lapses = lapse && lapse.on <= on ? lapse : null;
  /** What lapsed is owed before the first payment that came after it. */
  const lapseBefore = (next: Made | null) => {
    if (!lapses || (next !== null && (next.on < lapses.on || (next.on === lapses.on && !next.afterLapse)))) return;
    if (settledOn === null) for (const part of ORDER) left[part] = add(left[part], lapses.lapsed[part]);
    lapses = null;
  };
  for (const payment of inOrder(payments, on)) {
    const { on: day, amount } = payment;
    lapseBefore(payment);
    accrueTo(day);
    overpaid = add(overpaid, pay(left, amount));
    if (sum(left) === 0) settledOn ??= day;
  }
  accrueTo(on);
  lapseBefore(null);
  return { left, settle: sum(left), overpaid, settledOn };
}

/**
 * What of the waivers lapses where a plan is given up, in 分 by part: of each, the share that what was not paid under the plan is of all that was to be paid
 * under it, rounded half up. Whoever has paid half loses half of what was waived.
 * @param toPay all that was to be paid under the plan
 * @param paid what was paid under it
 */
export function lapsedWaivers({ waive }: Pick<Terms, 'waive'>, toPay: number, paid: number): Parts {
  const unpaid = Math.max(0, toPay - paid);
  const share = (waived = 0) => (toPay > 0 ? scale(waived, unpaid, toPay) : 0);
  return { fees: share(waive.fees), penalty: share(waive.penalty), interest: share(waive.interest), principal: share(waive.principal) };
}

/** Payments up to and with a day, by their days; sorting keeps the order within one. */
const inOrder = (payments: readonly Made[], on: string) =>
  payments.filter((payment) => payment.on <= on).sort((a, b) => (a.on < b.on ? -1 : Number(a.on > b.on)));

const sum = (parts: Parts) => ORDER.reduce((all, part) => add(all, parts[part]), 0);

/** Takes a payment from the parts, in their order; what nothing was owed for any more comes back. */
function pay(left: Parts, amount: number): number {
  let rest = amount;
  for (const part of ORDER) {
    const taken = Math.min(rest, left[part]);
    left[part] -= taken;
    rest -= taken;
  }
  return rest;
}

/** The interest that has run by a day, to be asked of days that do not go back: a row at a time, and of the next row its days' share. */
function runningBy(rows: readonly Row[], start: string): (day: string) => number {
  let past = 0;
  let ran = 0;
  let since = dayNumber(start);
  return (day) => {
    for (let row = rows[past]; row && row.due <= day; row = rows[++past]) {
      ran = add(ran, row.accrued);
      since = dayNumber(row.due);
    }
    const next = rows[past];
    const days = dayNumber(day) - since;
    return next && days > 0 ? add(ran, scale(next.accrued, days, dayNumber(next.due) - since)) : ran;
  };
}
