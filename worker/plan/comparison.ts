import { daysBetween } from './calendar.ts';
import { divideRounded } from './exact.ts';
import { COMPONENTS } from './format.ts';
import type { Schedule } from './schedule.ts';
import type { Terms } from './terms.ts';

/** What differs between two versions of terms, and what separates them in figures. */

export type TermField =
  | 'start'
  | 'firstDue'
  | 'every'
  | 'rate'
  | 'interestOn'
  | 'dayCount'
  | 'upfront'
  | 'phases'
  | `waive.${(typeof COMPONENTS)[number]}`;

/** A term that differs; each side's value is read from its terms. */
export type Change = { field: TermField; before: { terms: Terms }; after: { terms: Terms } };

/** The terms that differ, in the order in which people read them. */
export function changes(before: Terms, after: Terms): Change[] {
  const fields: TermField[] = [
    'phases',
    'upfront',
    ...COMPONENTS.map((one) => `waive.${one}` as const),
    'firstDue',
    'every',
    'rate',
    'interestOn',
    'dayCount',
    'start',
  ];
  return fields
    .filter((field) => textOf(before, field) !== textOf(after, field))
    .map((field) => ({ field, before: { terms: before }, after: { terms: after } }));
}

function textOf(terms: Terms, field: TermField): string {
  if (field.startsWith('waive.')) return String(terms.waive[field.slice(6) as 'principal'] ?? 0);
  return JSON.stringify(terms[field as Exclude<TermField, `waive.${string}`>]);
}

export type Apart = { highest: number; months: number; cost: number };

/** 400 Gregorian years are 4,800 months and 146,097 days. How far two schedules are apart: highest instalment and cost in 分 (second less first), and whole months between their ends. */
export function apart(a: Pick<Schedule, 'totals'>, b: Pick<Schedule, 'totals'>): Apart {
  const days = daysBetween(a.totals.lastDue, b.totals.lastDue);
  return {
    highest: b.totals.highest - a.totals.highest,
    months: divideRounded(days * 4_800, 146_097),
    cost: b.totals.paid - a.totals.paid,
  };
}
