import { divideDown } from './exact.ts';
import { fewestLevel } from './fitting.ts';
import { plainTerms } from './plain-terms.ts';
import { schedule } from './schedule.ts';
import type { Debt, Phase, Rate, Terms } from './terms.ts';

/** Plans that a person can start from, filled from their own figures. */

export const TEMPLATES = ['level', 'steps', 'pause', 'settle'] as const;
export type Template = (typeof TEMPLATES)[number];

/** What a template is filled from: amounts in 分 a month; `longestTerm` in months. */
export type Own = { debt: Debt; affordable: number; minimum: number; longestTerm: number; rate: Rate | null; today: string };

const PAUSE = 3;
const LOW = 6;

/** The terms of a template: never more than is affordable where a plan within the longest term can be so. */
export function template(kind: Template, own: Own): Terms {
  const aim = Math.max(own.affordable, own.minimum, 1);
  const base = plainTerms(own.today, own.rate ? { rate: own.rate } : {});
  switch (kind) {
    case 'level':
      return within(own, base, aim, []);
    case 'steps':
      return within(own, base, aim, [{ kind: 'fixed', amount: Math.max(1, Math.min(aim, roundDown(scaled(aim)))), count: LOW }]);
    case 'pause':
      return within(own, base, aim, [{ kind: 'pause', count: PAUSE, interest: 'waived' }]);
    case 'settle': {
      const { penalty, fees } = own.debt;
      const waive = { ...(penalty > 0 ? { penalty } : {}), ...(fees > 0 ? { fees } : {}) };
      const left = own.debt.principal + own.debt.interest;
      const upfront = Math.min(aim * 2, left - 1);
      const settled = { ...base, waive, upfront: upfront > 0 ? { due: own.today, amount: upfront } : null };
      return within(own, settled, aim, []);
    }
  }
}

/** Half of it: whole 分, as steps are only a start. */
const scaled = (amount: number) => divideDown(amount, 2);
const roundDown = (amount: number) => (amount > 10_000 ? amount - (amount % 1_000) : amount);

/** Appends the fewest level instalments that are at most `aim`, or as many as the longest term allows. */
function within(own: Own, terms: Terms, aim: number, before: Phase[]): Terms {
  const taken = before.reduce((sum, phase) => sum + ('count' in phase ? (phase.count ?? 0) : 0), 0);
  const found = fewestLevel(own.debt, terms, before, Math.max(1, own.longestTerm - taken), ({ totals }) => totals.highest <= aim);
  // Where the low stage already pays all of it, or the debt is too small to spread, one kind of instalment is enough.
  return 'refused' in schedule(own.debt, found) && before.length > 0 ? within(own, terms, aim, []) : found;
}
