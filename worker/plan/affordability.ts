import { addMonths, dueDate } from './calendar.ts';
import { scale } from './exact.ts';
import { MAX_INSTALMENTS } from './format.ts';
import { affordable, type MeansTotals, meansTotals } from './means.ts';
import { plainTerms } from './plain-terms.ts';
import { type Schedule, schedule } from './schedule.ts';
import type { Debt, MeansFigures, Phase, Terms } from './terms.ts';

/** Means over time, a plan held against them instalment by instalment, and the plan that the figures alone would support. */

/** From a date on, the disposable income is more or less by an amount a month (分). */
export type Change = { from: string; direction: 'more' | 'less'; amount: number };
export type MeansOverTime = MeansFigures & { changes: readonly Change[] };

/** Disposable income a month on a date, in 分, with the changes until then. Below 0 where more goes out than comes in. */
export function disposableOn(means: MeansOverTime, date: string, totals: MeansTotals = meansTotals(means)): number {
  return means.changes.reduce(
    (sum, { from, direction, amount }) => (from <= date ? sum + (direction === 'more' ? amount : -amount) : sum),
    totals.disposable,
  );
}

/** What a person can pay a month on a date, in 分: disposable income with the changes until then, less the reserve. */
export function affordableOn(means: MeansOverTime, date: string, totals: MeansTotals = meansTotals(means)): number {
  return affordable(disposableOn(means, date, totals), means.reserve);
}

/** An amount a month as an amount a period: 12/26 of it a fortnight, 12/52 a week, rounded half up. */
export function aPeriod(aMonth: number, every: Terms['every']): number {
  if (every === 'month') return aMonth;
  return scale(aMonth, 12, every === 'week' ? 52 : 26);
}

export type Miss = { no: number; due: string; payment: number; affordable: number; over: number };

/** `misses` are the instalments that do not fit, `most` the largest excess; `line` is what can be paid by row. */
export type Held = { misses: Miss[]; most: number; line: number[] };

/** Holds a schedule against the means, instalment by instalment. The up-front payment is not held against a month's income. */
export function hold({ rows }: Schedule, every: Terms['every'], means: MeansOverTime): Held {
  const totals = meansTotals(means);
  const line = rows.map(({ due }) => aPeriod(affordableOn(means, due, totals), every));
  const misses = rows.flatMap(({ no, due, payment }, i) => {
    const can = line[i] ?? 0;
    return no !== null && no > 0 && payment > can ? [{ no, due, payment, affordable: can, over: payment - can }] : [];
  });
  return { misses, most: misses.reduce((most, { over }) => Math.max(most, over), 0), line };
}

/** An instalment and the disposable income of its own period, in 分; 0 where there is none. */
export type Heaviest = { no: number; payment: number; disposable: number };

/**
 * The instalment that takes the largest share of the disposable income of its period, by the same means over time as `hold`: where every instalment
 * is within what can be borne, the share is at most the whole. Null where nothing is paid in instalments.
 */
export function heaviest({ rows }: Schedule, every: Terms['every'], means: MeansOverTime): Heaviest | null {
  const totals = meansTotals(means);
  let most: Heaviest | null = null;
  for (const { no, due, payment } of rows) {
    if (no === null || no === 0) continue;
    const one = { no, payment, disposable: aPeriod(Math.max(0, disposableOn(means, due, totals)), every) };
    if (!most || BigInt(one.payment) * BigInt(most.disposable) > BigInt(most.payment) * BigInt(one.disposable)) most = one;
  }
  return most;
}

/** Whether instalments lie below the lender's least one a month (分), but for the last, which takes what is left. */
export function belowMinimum({ rows }: Schedule, every: Terms['every'], minimum: number): boolean {
  const least = aPeriod(minimum, every);
  return rows.some(({ no, payment, balance }) => no !== null && no > 0 && balance > 0 && payment < least);
}

/** Instalments that follow one another and miss by the same: from one number to another. */
export type Span = Omit<Miss, 'no' | 'due'> & { from: Miss; to: Miss };

/** Stretches that are shown; the table marks all of them. */
const MOST_SHOWN = 4;

/** The stretches that a person is shown, and how many there are beyond them. */
export function shownSpans(misses: readonly Miss[]): { shown: Span[]; more: number } {
  const all = spans(misses);
  return { shown: all.slice(0, MOST_SHOWN), more: Math.max(0, all.length - MOST_SHOWN) };
}

/** Misses drawn together, so that a person reads "instalments 1 to 12", not twelve lines. */
export function spans(misses: readonly Miss[]): Span[] {
  const found: Span[] = [];
  for (const miss of misses) {
    const { no, payment, affordable, over } = miss;
    const last = found.at(-1);
    if (last && last.to.no === no - 1 && last.payment === payment && last.affordable === affordable) last.to = miss;
    else found.push({ from: miss, to: miss, payment, affordable, over });
  }
  return found;
}

/** What can be paid a month from a day on, in 分, and from each day on which that changes. The first is from the day itself. */
export function affordableStages(means: MeansOverTime, day: string): { from: string; amount: number }[] {
  const totals = meansTotals(means);
  const days = [day, ...new Set(means.changes.map(({ from }) => from).filter((from) => from > day))].sort();
  const stages = days.map((from) => ({ from, amount: affordableOn(means, from, totals) }));
  return stages.filter(({ amount }, i) => i === 0 || amount !== stages[i - 1]?.amount);
}

/**
 * The neutral yardstick: what the figures alone would support. The debt as it stands, nothing waived, no further interest, and each month
 * what is affordable then, until all is paid; months in which nothing is affordable are a pause. Null where that would take more than
 * 600 instalments, or never end.
 */
export function yardstick(debt: Debt, means: MeansOverTime, today: string): { terms: Terms; schedule: Schedule } | null {
  const terms = plainTerms(today, { phases: stretches(debt, means, addMonths(today, 1)) });
  const worked = terms.phases.length > 0 ? schedule(debt, terms) : null;
  return worked && !('refused' in worked) ? { terms, schedule: worked } : null;
}

/** Runs of months in which the same amount is affordable, until the debt is paid. */
function stretches(debt: Debt, means: MeansOverTime, firstDue: string): Phase[] {
  const totals = meansTotals(means);
  let left = debt.principal + debt.interest + debt.penalty + debt.fees;
  const phases: Phase[] = [];
  for (let k = 0; k < MAX_INSTALMENTS && left > 0; k++) {
    const amount = affordableOn(means, dueDate(firstDue, 'month', k), totals);
    const last = phases.at(-1);
    if (amount === 0) {
      if (last?.kind === 'pause') last.count += 1;
      else phases.push({ kind: 'pause', count: 1, interest: 'waived' });
    } else if (last?.kind === 'fixed' && last.amount === amount) last.count = (last.count ?? 0) + 1;
    else phases.push({ kind: 'fixed', amount, count: 1 });
    left -= Math.min(left, amount);
  }
  return left > 0 ? [] : phases;
}
