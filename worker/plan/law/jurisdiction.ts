import { daysBetween } from '../calendar.ts';
import type { Spoken } from '../languages.ts';
import type { Place } from './place.ts';

/** What a jurisdiction's table holds: rules, dated, with their sources. Another jurisdiction is another table; no code changes with it. */

/** A value in force from a date until the next one. */
export type Dated = { from: string; value: number };

/** Where a rule is good to know: beside a plan, beside what is owed, beside calls and messages. */
export type Topic = 'plan' | 'debt' | 'contact';

export type Rule = {
  /** Its name within the table. */
  id: string;
  topics: readonly Topic[];
  /** The enactment and the article. */
  source: Spoken;
  /** Dates of force; `until` is null while it is. */
  from: string;
  until: string | null;
  /** One line, in plain words. */
  text: Spoken;
  /** `warning` where a plan or an act may break it; `information` where it is good to know. */
  effect: 'information' | 'warning';
  /** What the rule measures: a yearly rate in ppm, a count of instalments, years, or minutes of the day [from, until). */
  limit?:
    | { kind: 'yearly-rate'; series: readonly Dated[]; times: number }
    | { kind: 'instalments'; most: number }
    | { kind: 'years'; count: number }
    | { kind: 'hours'; from: number; until: number };
};

export type Jurisdiction = {
  code: string;
  name: Spoken;
  place: Place;
  /** The day on which the table was last brought up to date. */
  asOf: string;
  rules: readonly Rule[];
};

/** The rules in force on a day; with a topic, those that are good to know there. */
export function inForce({ rules }: Jurisdiction, on: string, topic?: Topic): Rule[] {
  return rules.filter(({ from, until, topics }) => from <= on && (until === null || on < until) && (!topic || topics.includes(topic)));
}

/** Days after which a table may have fallen behind: a value such as the LPR is published every month, and changes a few times a year. */
const FRESH = 90;

/** Whether a table was brought up to date so long before a day that readers should be told to check. */
export function isStale({ asOf }: Jurisdiction, on: string): boolean {
  return daysBetween(asOf, on) > FRESH;
}

/** The value of a series on a day, or null before its first. */
export function valueOn(series: readonly Dated[], on: string): number | null {
  return series.findLast(({ from }) => from <= on)?.value ?? null;
}

/** A rate as a simple yearly one in ppm: 12 months, 365 days. */
function yearly({ per, ppm }: { per: 'year' | 'month' | 'day'; ppm: number }): number {
  return ppm * { year: 1, month: 12, day: 365 }[per];
}

export type Mark = { rule: Rule; limit: number };

/** The part of a table that `marks` measures plans by: for the browser's preview. */
export function measures(table: Jurisdiction): Jurisdiction {
  return { ...table, rules: table.rules.filter(({ limit }) => limit?.kind === 'yearly-rate' || limit?.kind === 'instalments') };
}

/** The rules that a plan touches on a day: a rate above a line, more instalments than a limit. `limit` is the line, in the rule's unit. */
export function marks(
  table: Jurisdiction,
  plan: { rate: { per: 'year' | 'month' | 'day'; ppm: number }; instalments: number },
  on: string,
): Mark[] {
  return inForce(table, on).flatMap((rule): Mark[] => {
    const { limit } = rule;
    if (limit?.kind === 'yearly-rate') {
      const value = valueOn(limit.series, on);
      return value !== null && yearly(plan.rate) > value * limit.times ? [{ rule, limit: value * limit.times }] : [];
    }
    if (limit?.kind === 'instalments') return plan.instalments > limit.most ? [{ rule, limit: limit.most }] : [];
    return [];
  });
}

/** Whether a minute of the day (0 to 1439) lies outside the hours in which people may be contacted. */
export function outsideHours(table: Jurisdiction, minute: number, on: string): Rule | null {
  return inForce(table, on).find(({ limit }) => limit?.kind === 'hours' && (minute < limit.from || minute >= limit.until)) ?? null;
}
