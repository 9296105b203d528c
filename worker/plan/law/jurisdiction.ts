import { daysBetween } from '../calendar.ts';
import type { Spoken } from '../languages.ts';
import type { Place } from './place.ts';
import type { Holidays } from './working-days.ts';

/** What a jurisdiction's table holds: rules, dated, with their sources. Another jurisdiction is another table; no code changes with it. */

/** A value in force from a date until the next one. */
export type Dated = { from: string; value: number };

/** Values over time, and the day up to which it is known that there was no later one: beyond it nothing can be told. */
export type Series = { values: readonly Dated[]; knownUntil: string };

/**
 * Where a rule is good to know: beside a plan, beside what is owed, beside calls and messages, before papers are sent, once an agreement is signed, beside a
 * complaint or a mediation.
 */
export const TOPICS = ['plan', 'debt', 'contact', 'files', 'after', 'help'] as const;
export type Topic = (typeof TOPICS)[number];

/** Who lent, as the law tells lenders apart: a bank by card or by loan, a consumer finance company, a microloan company, another licensed local institution, or a private lender. */
export const LENDER_KINDS = ['bank-card', 'bank-loan', 'consumer-finance', 'microloan', 'other-local', 'private'] as const;
export type LenderKind = (typeof LENDER_KINDS)[number];

/** Products for which there are rules of their own: lent with the help of a platform (助贷). */
export const PRODUCTS = ['assisted'] as const;
export type Product = (typeof PRODUCTS)[number];

/** The line of a rule, and what it measures: yearly rates in ppm, months in time, years, minutes of the day [from, until), calls a day, failed tries. */
export type Limit =
  | {
      kind: 'yearly-rate';
      /**
       * `nominal`: the rate of the plan as a simple yearly one, as long as nothing but principal and interest is paid, as penalty and fees count together
       * with it; then, and for `total-cost` always, the total cost (`plan/total-cost.ts`).
       */
      measures: 'nominal' | 'total-cost';
      series: Series;
      times: number;
      /** The day whose value counts: that of the contract, or the one on which it is asked. */
      of: 'contract' | 'day';
      /**
       * Of a contract that was made before this day, what runs from it on is held against the value of the day of the suit, for which the one on which it is asked
       * stands; what ran before falls under an older rule, which allowed more.
       */
      transition?: string;
    }
  | { kind: 'total-months'; most: number }
  | { kind: 'years'; count: number }
  | { kind: 'hours'; from: number; until: number }
  | { kind: 'calls'; effective: number; tries: number }
  /** Failed tries after which a third person may be asked where somebody is. */
  | { kind: 'third-persons'; tries: number };

export type Rule = {
  /** Its name within the table. */
  id: string;
  topics: readonly Topic[];
  /** Whose loans it is about; all, where it does not say. `contract` narrows it to loans of which the contract was made from a day on. */
  appliesTo?: { lenderKinds?: readonly LenderKind[]; products?: readonly Product[]; contract?: string };
  /** The enactment and the article. */
  source: Spoken;
  /** The source has been read in a copy only: readers are told to look at the official text. */
  copy?: true;
  /** Dates of force; `until` is null while it is. */
  from: string;
  until: string | null;
  /** One line, in plain words. */
  text: Spoken;
  /** `warning` where a plan or an act may break it; `information` where it is good to know. */
  effect: 'information' | 'warning';
  limit?: Limit;
};

export type Jurisdiction = {
  code: string;
  name: Spoken;
  place: Place;
  holidays: Holidays;
  /** Telephone numbers for whoever is in despair: a line that listens, and those for danger at once. */
  care: { line: string; emergency: readonly string[] };
  /** Days in which a lender answers a complaint; where it is complex, and where especially so, as it says with its reason. */
  complaintDays: readonly [number, ...number[]];
  /** The day on which the table was last brought up to date. */
  asOf: string;
  rules: readonly Rule[];
};

/** What is known of a loan, as far as rules ask. */
export type Loan = { lenderKind: LenderKind | null; product?: Product | null; contractDate: string | null };

/** What a rule cannot be held against a loan without: `accrued` is when what is owed ran, before a transition or after it. */
export type Missing = 'lenderKind' | 'contractDate' | 'value' | 'principal' | 'accrued';

/** The rules in force on a day; with a topic, those that are good to know there; with a loan, those that are about it, or may be. */
export function inForce({ rules }: Jurisdiction, on: string, topic?: Topic, loan?: Loan): Rule[] {
  return rules.filter(
    (rule) =>
      rule.from <= on &&
      (rule.until === null || on < rule.until) &&
      (!topic || rule.topics.includes(topic)) &&
      (!loan || applies(rule, loan) !== false),
  );
}

/** Whether a rule is about a loan, or what is not known for telling. Without a word of the product a loan is taken for none of those with rules of their own. */
export function applies({ appliesTo = {} }: Rule, { lenderKind, product, contractDate }: Loan): boolean | Missing {
  const { lenderKinds, products, contract } = appliesTo;
  if (products && !(product && products.includes(product))) return false;
  if (lenderKinds && lenderKind === null) return 'lenderKind';
  if (lenderKinds && lenderKind && !lenderKinds.includes(lenderKind)) return false;
  if (contract && contractDate === null) return 'contractDate';
  return !contract || !contractDate || contractDate >= contract;
}

/** Days after which a table may have fallen behind: a value such as the LPR is published every month, and changes a few times a year. */
const FRESH = 90;

/** Whether a table was brought up to date so long before a day that readers should be told to check. */
export function isStale({ asOf }: Jurisdiction, on: string): boolean {
  return daysBetween(asOf, on) > FRESH;
}

/** The value of a series on a day; null before its first, and after the day up to which it is known. */
export function valueOn({ values, knownUntil }: Series, on: string): number | null {
  return on > knownUntil ? null : (values.findLast(({ from }) => from <= on)?.value ?? null);
}

/** Whether a minute of the day (0 to 1439) lies outside the hours in which people may be contacted. */
export function outsideHours(table: Jurisdiction, minute: number, on: string): Rule | null {
  return inForce(table, on).find(({ limit }) => limit?.kind === 'hours' && (minute < limit.from || minute >= limit.until)) ?? null;
}

/** The lines that calls are counted against on a day; of what no rule in force says, none. */
export function callLimits(table: Jurisdiction, on: string): { effective: number; tries: number; before: number } {
  const limits = inForce(table, on, 'contact').flatMap(({ limit }) => (limit ? [limit] : []));
  const calls = limits.find((limit) => limit.kind === 'calls');
  const third = limits.find((limit) => limit.kind === 'third-persons');
  const none = Number.POSITIVE_INFINITY;
  return { effective: calls?.effective ?? none, tries: calls?.tries ?? none, before: third?.tries ?? 0 };
}
