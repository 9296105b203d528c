import { monthsUntil } from '../calendar.ts';
import { yearlyPpm } from '../rates.ts';
import type { Schedule } from '../schedule.ts';
import type { Debt, Terms } from '../terms.ts';
import { totalCostPpm } from '../total-cost.ts';
import { applies, inForce, type Jurisdiction, type Limit, type Loan, type Missing, type Rule, valueOn } from './jurisdiction.ts';

/** A plan held against the lines of the law (`FORMAT.md`, "Lines of the law"). They are shown, not enforced. */

/** A line that a plan passes: the line and what was measured, in the rule's unit (ppm a year, or months). */
export type Mark = { rule: Rule; limit: number; measured: number };

/** A rule that cannot be held against a plan, and what would have to be known. */
export type Unknown = { rule: Rule; missing: Missing };

export type Marks = { marks: Mark[]; unknown: Unknown[] };

/** A plan with what it pays off, worked out. */
export type MeasuredPlan = Pick<Schedule, 'rows' | 'totals'> & { debt: Debt; terms: Terms };

/** The part of a table by which `marks` measures plans: for the browser's preview. */
export function measures(table: Jurisdiction): Jurisdiction {
  return {
    ...table,
    holidays: { years: [], unpublished: [], elsewhere: 0 },
    rules: table.rules.filter(({ limit }) => limit !== undefined && isMeasured(limit)),
  };
}

type Measured = Extract<Limit, { kind: 'yearly-rate' | 'total-months' }>;
const isMeasured = (limit: Limit): limit is Measured => limit.kind === 'yearly-rate' || limit.kind === 'total-months';

/** The lines that a plan passes, by the rules in force on a day, and the rules of which that cannot be told: nothing is guessed. */
export function marks(table: Jurisdiction, plan: MeasuredPlan, loan: Loan, on: string): Marks {
  const found: Marks = { marks: [], unknown: [] };
  for (const rule of inForce(table, on)) {
    const { limit } = rule;
    if (!limit || !isMeasured(limit)) continue;
    const about = applies(rule, loan);
    if (about === false) continue;
    const held = about === true ? hold(limit, plan, loan, on) : about;
    if (typeof held === 'string') found.unknown.push({ rule, missing: held });
    else if (held.measured > held.limit) found.marks.push({ rule, ...held });
  }
  return found;
}

function hold(limit: Measured, plan: MeasuredPlan, { contractDate }: Loan, on: string): { limit: number; measured: number } | Missing {
  if (limit.kind === 'total-months') return { limit: limit.most, measured: monthsUntil(plan.terms.start, plan.totals.lastDue) };
  if (limit.of === 'contract' && contractDate === null) return 'contractDate';
  const { transition } = limit;
  const isOlder = transition !== undefined && contractDate !== null && contractDate < transition;
  const value = valueOn(limit.series, limit.of === 'contract' && contractDate && !isOlder ? contractDate : on);
  if (value === null) return 'value';
  const line = value * limit.times;
  const measured = yearlyRate(limit, plan);
  if (measured === null) return 'principal';
  // What passes the line may have run under the older rule, of which the debt's figures do not tell: only the interest of a plan that begins later surely did not.
  const isNew = isOlder && isAlone(plan) && limit.measures === 'nominal' && plan.terms.start >= transition;
  return isOlder && !isNew && measured > line ? 'accrued' : { limit: line, measured };
}

/** Whether a plan pays nothing but principal and interest. */
const isAlone = ({ rows }: Pick<MeasuredPlan, 'rows'>): boolean => rows.every(({ fees, penalty }) => fees === 0 && penalty === 0);

/** The yearly rate of a plan as a rule measures it, in ppm; null where there is no principal to measure by. */
function yearlyRate(
  { measures: what }: Extract<Limit, { kind: 'yearly-rate' }>,
  { rows, totals, debt, terms }: MeasuredPlan,
): number | null {
  return what === 'nominal' && isAlone({ rows }) ? yearlyPpm(terms.rate) : totalCostPpm({ rows, totals }, debt, terms);
}
