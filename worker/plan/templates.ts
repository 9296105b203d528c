import { type MeansOverTime, yardstick } from './affordability.ts';
import { addDays, dueDate } from './calendar.ts';
import { divideDown } from './exact.ts';
import { fewestLevel } from './fitting.ts';
import { plainTerms } from './plain-terms.ts';
import { type Schedule, schedule } from './schedule.ts';
import type { Debt, Phase, Rate, Terms } from './terms.ts';

/** Plans that a person can start from, filled from their own figures. */

export const TEMPLATES = ['level', 'steps', 'pause', 'settle'] as const;
export type Template = (typeof TEMPLATES)[number];

/**
 * What a template is filled from. `affordable` is what can be paid a month in 分, from each day on which that changes, the first from today
 * (`affordableStages`); without a statement of means it is empty, and the lender's least instalment is the aim. `longestTerm` is in months.
 */
export type Own = {
  debt: Debt;
  affordable: readonly { from: string; amount: number }[];
  minimum: number;
  longestTerm: number;
  rate: Rate | null;
  today: string;
};

/** Days after which a part is paid "now": an offer has to be answered and signed before. */
const NOW = 14;

/** Periods of a pause, and of a low stage, where the figures name no day. */
const PAUSE = 3;
const LOW = 6;

/**
 * The plan that a person is shown first: what their figures alone would support, without further interest; where these support none, level instalments
 * over the longest term. Its last amount is paid until nothing is left, so that another can be tried without counting anew.
 */
export function firstPlan(own: Own, means: MeansOverTime | null): Terms {
  const neutral = means ? yardstick(own.debt, means, own.today) : null;
  const months = neutral?.schedule.totals.instalments ?? Number.POSITIVE_INFINITY;
  return neutral && months <= own.longestTerm ? untilPaid(neutral.terms) : template('level', { ...own, rate: null });
}

function untilPaid(terms: Terms): Terms {
  const last = terms.phases.at(-1);
  return last?.kind === 'fixed' ? { ...terms, phases: [...terms.phases.slice(0, -1), { kind: 'fixed', amount: last.amount }] } : terms;
}

/** The terms of a template: never more than is affordable where a plan within the longest term can be so. */
export function template(kind: Template, own: Own): Terms {
  const base = plainTerms(own.today, own.rate ? { rate: own.rate } : {});
  switch (kind) {
    case 'level':
      return within(own, base, []);
    case 'steps':
      return within(own, base, lowStage(own, base));
    case 'pause': {
      const until = periodsUntilMore(own, base);
      return within(own, base, [
        { kind: 'pause', count: own.affordable[0]?.amount === 0 && until > 0 ? until : PAUSE, interest: 'waived' },
      ]);
    }
    case 'settle': {
      const { penalty, fees } = own.debt;
      const waive = { ...(penalty > 0 ? { penalty } : {}), ...(fees > 0 ? { fees } : {}) };
      const left = own.debt.principal + own.debt.interest;
      // What two months leave, where they leave something: never what the lender would like at least.
      const upfront = Math.min((own.affordable[0]?.amount ?? 0) * 2, left - 1);
      return within(own, { ...base, waive, upfront: upfront > 0 ? { due: addDays(own.today, NOW), amount: upfront } : null }, []);
    }
  }
}

/** A low stage: what can be paid until more can be (a pause where that is nothing); where no change is expected, half of it for half a year. */
function lowStage(own: Own, base: Terms): Phase[] {
  const until = periodsUntilMore(own, base);
  const now = own.affordable[0]?.amount ?? 0;
  if (until > 0 && now === 0) return [{ kind: 'pause', count: until, interest: 'waived' }];
  if (until > 0) return [{ kind: 'fixed', amount: now, count: until }];
  return [{ kind: 'fixed', amount: Math.max(1, roundDown(divideDown(bearable(own, own.today), 2))), count: LOW }];
}

/** Periods that fall due before more can be paid than now; 0 where that is not expected within the longest term. */
function periodsUntilMore({ affordable: [now, ...later], longestTerm }: Own, { firstDue, every }: Terms): number {
  const more = later.find(({ amount }) => amount > (now?.amount ?? 0));
  if (!more) return 0;
  let periods = 0;
  while (periods < longestTerm && dueDate(firstDue, every, periods) < more.from) periods++;
  return periods < longestTerm ? periods : 0;
}

/** What an instalment on a day may be: what can be paid then, or the lender's least instalment. */
function bearable({ affordable, minimum }: Own, day: string): number {
  return Math.max(affordable.findLast(({ from }) => from <= day)?.amount ?? 0, minimum, 1);
}

/** To whole 10 元, as a low stage is only a start. */
const roundDown = (amount: number) => (amount > 10_000 ? amount - (amount % 1_000) : amount);

/** Appends the fewest level instalments that can be borne when they fall due, or as many as the longest term allows. */
function within(own: Own, terms: Terms, before: Phase[]): Terms {
  const taken = before.reduce((sum, phase) => sum + ('count' in phase ? (phase.count ?? 0) : 0), 0);
  if (before.length > 0 && taken >= own.longestTerm) return within(own, terms, []);
  const borne = ({ rows }: Schedule) => rows.every(({ no, due, payment }) => no === 0 || payment <= bearable(own, due));
  const found = fewestLevel(own.debt, terms, before, own.longestTerm - taken, borne);
  // Where the low stage already pays all of it, or the debt is too small to spread, one kind of instalment is enough.
  return 'refused' in schedule(own.debt, found) && before.length > 0 ? within(own, terms, []) : found;
}
