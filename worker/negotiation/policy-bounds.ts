import { aPeriod } from '../plan/affordability.ts';
import { monthsUntil } from '../plan/calendar.ts';
import { scale } from '../plan/exact.ts';
import { COMPONENTS, type Component } from '../plan/format.ts';
import type { Schedule } from '../plan/schedule.ts';
import { type Debt, outstanding, type Terms } from '../plan/terms.ts';
import { shareOf } from './authority.ts';
import type { Policy, WaiverBand } from './policy.ts';

/** Whether a plan is inside a lender's policy: the one place where it is measured. What a person may grant alone is another question (`authority.ts`). */

/** The least instalment a month, in 分: the published amount or, where the policy has one, a share of what a person has left a month, whichever is less. */
export function leastInstalment(
  { minimumInstalment, minimumSharePpm }: Pick<Policy, 'minimumInstalment' | 'minimumSharePpm'>,
  disposable: number | null,
): number {
  if (minimumSharePpm === null || disposable === null) return minimumInstalment;
  return Math.min(minimumInstalment, shareOf(Math.max(0, disposable), minimumSharePpm));
}

/** The months within which so much (分) is to be paid. */
export function longestTermFor({ termBands, longestTerm }: Pick<Policy, 'termBands' | 'longestTerm'>, owed: number): number {
  const band = termBands.find(({ upTo }) => owed <= upTo);
  return Math.min(band?.months ?? longestTerm, longestTerm);
}

/** What a lender publishes that a plan for this debt, of somebody who has so much left a month (分, null where it is not known), is drawn up within. */
export function publishedFor(policy: Policy, debt: Debt, disposable: number | null): { minimum: number; longestTerm: number } {
  return { minimum: leastInstalment(policy, disposable), longestTerm: longestTermFor(policy, outstanding(debt)) };
}

/** The band of the largest waivers; null where policy sets no bound. Where it is not known for how long something is overdue, it is that of nothing overdue. */
export function waiversFor({ waivers }: Pick<Policy, 'waivers'>, daysOverdue: number | null): WaiverBand | null {
  if (waivers.length === 0) return null;
  const none: WaiverBand = { fromDaysOverdue: 0, principalPpm: 0, interestPpm: 0, penaltyPpm: 0, feesPpm: 0 };
  const days = daysOverdue ?? 0;
  // Before the first band begins nothing is given up.
  return waivers.findLast(({ fromDaysOverdue }) => fromDaysOverdue <= days) ?? none;
}

/** What of a plan is outside: amounts in 分, terms in months, pauses in periods. */
export type Beyond = {
  what: 'minimum' | 'term' | Component | 'pause' | 'pause-interest' | 'upfront';
  limit: number;
  given: number;
};

export type Measured = {
  debt: Debt;
  terms: Terms;
  schedule: Schedule;
  /** What the borrower has left a month, in 分; null where nothing is known of it. */
  disposable: number | null;
  daysOverdue: number | null;
  /** The day from which the term counts. */
  today: string;
};

/** How far the term of a plan goes beyond what policy allows; null where it does not. */
export function beyondTerm(policy: Policy, { debt, schedule, today }: Pick<Measured, 'debt' | 'schedule' | 'today'>): Beyond | null {
  const limit = longestTermFor(policy, outstanding(debt));
  const given = monthsUntil(today, schedule.totals.lastDue);
  return given > limit ? { what: 'term', limit, given } : null;
}

/** Everything in which a plan is outside a policy; nothing where it is inside. */
export function beyondPolicy(policy: Policy, plan: Measured): Beyond[] {
  return [...below(policy, plan), ...waived(policy, plan), ...paused(policy, plan), ...upfront(policy, plan)].concat(
    beyondTerm(policy, plan) ?? [],
  );
}

function below(policy: Policy, { schedule, terms, disposable }: Measured): Beyond[] {
  const limit = aPeriod(leastInstalment(policy, disposable), terms.every);
  // The last instalment takes what is left.
  const paid = schedule.rows.flatMap(({ no, payment, balance }) => (no !== null && no > 0 && balance > 0 ? [payment] : []));
  const given = Math.min(...paid, Number.POSITIVE_INFINITY);
  return given < limit ? [{ what: 'minimum', limit, given }] : [];
}

function waived(policy: Policy, { debt, terms, daysOverdue }: Measured): Beyond[] {
  const band = waiversFor(policy, daysOverdue);
  if (!band) return [];
  return COMPONENTS.flatMap((what) => {
    const limit = shareOf(debt[what], band[`${what}Ppm`]);
    const given = terms.waive[what] ?? 0;
    return given > limit ? [{ what, limit, given }] : [];
  });
}

function paused({ pauses }: Policy, { terms }: Measured): Beyond[] {
  const all = terms.phases.flatMap((phase) => (phase.kind === 'pause' ? [phase] : []));
  const periods = (some: typeof all) => some.reduce((sum, { count }) => sum + count, 0);
  const [given, still] = [periods(all), periods(all.filter(({ interest }) => interest === 'waived'))];
  return [
    ...(given > pauses.most ? [{ what: 'pause', limit: pauses.most, given } as const] : []),
    ...(still > 0 && !pauses.interestWaived ? [{ what: 'pause-interest', limit: 0, given: still } as const] : []),
  ];
}

function upfront({ upfrontPpm }: Policy, { terms, schedule }: Measured): Beyond[] {
  const limit = scale(schedule.totals.owed, upfrontPpm, 1_000_000);
  const given = terms.upfront?.amount ?? 0;
  return given < limit ? [{ what: 'upfront', limit, given }] : [];
}
