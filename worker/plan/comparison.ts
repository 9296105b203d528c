import { daysBetween } from './calendar.ts';
import { add, divideRounded } from './exact.ts';
import { firstInstalment } from './first-instalment.ts';
import { COMPONENTS, type Component } from './format.ts';
import type { Schedule } from './schedule.ts';
import { type Debt, outstanding, type Terms } from './terms.ts';

/** What differs between two versions of terms, and what separates them in figures. */

export type TermField =
  | 'start'
  | 'firstPaid'
  | 'firstDue'
  | 'every'
  | 'rate'
  | 'interestOn'
  | 'dayCount'
  | 'upfront'
  | 'phases'
  | `waive.${(typeof COMPONENTS)[number]}`;

/** A term that differs; each side's value is read from its terms. */
export type Change<Of = { terms: Terms }> = { field: TermField; before: Of; after: Of };

/**
 * The terms that differ, in the order in which people read them. When the first instalment is paid stands for the first due date: that is told of
 * by itself only where it differs and a pause falls due on it.
 */
export function changes<Of extends { terms: Terms }>(before: Of, after: Of): Change<Of>[] {
  return FIELDS.filter((field) => textOf(before.terms, field) !== textOf(after.terms, field))
    .filter((field) => field !== 'firstDue' || [before, after].some(({ terms }) => isPausedFirst(terms)))
    .map((field) => ({ field, before, after }));
}

const FIELDS: readonly TermField[] = [
  'phases',
  'upfront',
  ...COMPONENTS.map((one) => `waive.${one}` as const),
  'firstPaid',
  'firstDue',
  'every',
  'rate',
  'interestOn',
  'dayCount',
  'start',
];

/** The part of the debt whose waiver a term is; null for every other term. */
export function waivedPart(field: TermField): Component | null {
  return COMPONENTS.find((part) => field === `waive.${part}`) ?? null;
}

function textOf(terms: Terms, field: TermField): string {
  const part = waivedPart(field);
  if (part) return String(terms.waive[part] ?? 0);
  const { waive: _, ...rest } = terms;
  const values: Partial<Record<TermField, unknown>> = { ...rest, firstPaid: firstInstalment(terms) };
  return JSON.stringify(values[field]);
}

const isPausedFirst = ({ phases }: Terms) => phases[0]?.kind === 'pause';

/** What differs between two debts, part by part, in 分; `total` is all of it together. */
export type DebtChange = { part: Component | 'total'; before: number; after: number } | { part: 'asOf'; before: string; after: string };

/** In which parts the debts differ on which two offers rest; none where they rest on the same. */
export function debtChanges(before: Debt, after: Debt): DebtChange[] {
  const amounts = [
    ...COMPONENTS.map((part) => ({ part, before: before[part], after: after[part] })),
    { part: 'total' as const, before: outstanding(before), after: outstanding(after) },
  ];
  const all: DebtChange[] = [...amounts, { part: 'asOf', before: before.asOf, after: after.asOf }];
  return all.filter((one) => one.before !== one.after);
}

export type Apart = { highest: number; months: number; cost: number };

/**
 * How far two schedules are apart, second less first: highest instalment and all that is paid in 分, and whole months between their ends (400
 * Gregorian years are 4,800 months and 146,097 days).
 */
export function apart(a: Pick<Schedule, 'totals'>, b: Pick<Schedule, 'totals'>): Apart {
  const days = daysBetween(a.totals.lastDue, b.totals.lastDue);
  return {
    highest: b.totals.highest - a.totals.highest,
    months: divideRounded(days * 4_800, 146_097),
    cost: b.totals.paid - a.totals.paid,
  };
}

/** What a schedule comes to in one month: what is paid in it, and what is left after it, in 分. */
export type InMonth = { paid: number; left: number };

/** Two schedules on one axis of time: each month (`2026-12`) from the first payment of either to the last of both. */
export function byMonth(a: Schedule, b: Schedule): { month: string; a: InMonth; b: InMonth }[] {
  const [one, two] = [monthly(a), monthly(b)];
  const months = [...new Set([...one.keys(), ...two.keys()])].sort();
  let left = { a: a.totals.owed, b: b.totals.owed };
  return months.map((month) => {
    const here = { a: one.get(month) ?? { paid: 0, left: left.a }, b: two.get(month) ?? { paid: 0, left: left.b } };
    left = { a: here.a.left, b: here.b.left };
    return { month, ...here };
  });
}

function monthly({ rows }: Schedule): Map<string, InMonth> {
  const months = new Map<string, InMonth>();
  for (const { due, payment, balance } of rows) {
    const month = due.slice(0, 7);
    months.set(month, { paid: add(months.get(month)?.paid ?? 0, payment), left: balance });
  }
  return months;
}
