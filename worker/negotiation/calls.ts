import { lawOf } from '../plan/law/index.ts';
import { callLimits } from '../plan/law/jurisdiction.ts';
import { minuteOf } from '../plan/law/zone.ts';
import type { Case } from './entry.ts';
import { contactHoursOn, type Policy } from './policy.ts';
import type { Side } from './seats.ts';

/**
 * Calls of the lender as the rules count them, and what the borrower wishes of them. A call that both sides logged, at the same minute, is one; one that is contested
 * does not count. What a call goes beyond stands in its entry: by the rules of its day, for both sides, whatever is changed later.
 */

/** What came of a call: they spoke; nobody answered; the number is dead, switched off or another's. */
export const OUTCOMES = ['effective', 'unanswered', 'unreachable'] as const;
export type CallOutcome = (typeof OUTCOMES)[number];

/** Whom a call went to: the other side itself, by a number of its own or at its place of work; or somebody else. */
export const CALLED = ['party', 'work', 'third-person'] as const;
export type Called = (typeof CALLED)[number];

/** What a call of the lender's can go beyond: hours and counts of the rules, and the borrower's wishes. */
export const EXCESSES = ['hours', 'effective', 'tries', 'third-person', 'wish-writing', 'wish-work', 'wish-hours'] as const;
/** `count` is the how manieth it is, `limit` the most that there may be. */
export type CallExcess = { what: (typeof EXCESSES)[number]; count?: number | undefined; limit?: number | undefined };

/** A call as it is counted: `when` is local, to the minute; `number` the last four digits of the number that was called, where they were noted. */
export type Counted = {
  when: string;
  direction: 'to-borrower' | 'to-lender';
  outcome: CallOutcome;
  called: Called;
  number?: string | undefined;
};

export type Call = { seq: number; side: Side; state: 'logged' | 'confirmed' | 'contested' } & Partial<Counted>;

type Calls = Pick<Case, 'calls' | 'wish'>;

/** The lender's calls that count, each once, the earliest first. */
function counting(kase: Calls): Counted[] {
  return [...new Map(lenders(kase).map((one) => [sameAs(one), one])).values()].sort((a, b) => (a.when < b.when ? -1 : 1));
}

/** The lender's calls that nobody contests, as they were logged. Of older records nothing is known but that there was a call. */
function lenders({ calls }: Pick<Calls, 'calls'>): (Counted & { seq: number })[] {
  return Object.values(calls).flatMap(({ seq, state, when, direction, outcome, called, number }) =>
    state !== 'contested' && when && direction === 'to-borrower' && outcome && called
      ? [{ seq, when, direction, outcome, called, number }]
      : [],
  );
}

/** The entries by which the lender's calls that count were logged: of a call that both sides logged, the first. */
export function countedCalls(kase: Pick<Calls, 'calls'>): ReadonlyMap<number, Counted> {
  const first = new Map<string, Counted & { seq: number }>();
  for (const one of lenders(kase).sort((a, b) => a.seq - b.seq)) if (!first.has(sameAs(one))) first.set(sameAs(one), one);
  return new Map([...first.values()].map((one) => [one.seq, one]));
}

/** What of a day counts: calls in which they spoke, and tries that came to nothing by the number that was called ('' where it was not noted). */
export type DayOfCalls = {
  effective: number;
  tries: { number: string; count: number }[];
  /** All calls of the day by what came of them, whoever was called. */
  outcomes: Record<CallOutcome, number>;
  limits: ReturnType<typeof callLimits>;
};

/** Whether the next call of a day may go beyond what the rules let there be. */
export const isFull = ({ effective, tries, limits }: DayOfCalls): boolean =>
  effective >= limits.effective || tries.some(({ count }) => count >= limits.tries);

/** What of a day counts, for who is about to call. */
export function callsOn(kase: Calls, day: string, policy: Pick<Policy, 'jurisdiction'>): DayOfCalls {
  return { ...counted(counting(kase), day), limits: callLimits(lawOf(policy), day) };
}

function counted(calls: readonly Counted[], day: string): Omit<DayOfCalls, 'limits'> {
  const all = calls.filter(({ when }) => when.startsWith(day));
  const of = (what: CallOutcome) => all.filter(({ outcome }) => outcome === what);
  const unanswered = of('unanswered');
  return {
    effective: all.filter(isEffective).length,
    tries: [...Map.groupBy(unanswered, ({ number = '' }) => number)].map(([number, { length: count }]) => ({ number, count })),
    outcomes: { effective: of('effective').length, unanswered: of('unanswered').length, unreachable: of('unreachable').length },
  };
}

const isEffective = ({ outcome, called }: Counted) => outcome === 'effective' && called !== 'third-person';

/** By which a call is known that both sides logged. */
const sameAs = ({ when, called, outcome }: Counted) => `${when} ${called} ${outcome}`;

/** What a call goes beyond, as the case stands before it is logged. */
export function callBeyond(kase: Calls, call: Counted, policy: Pick<Policy, 'jurisdiction'>): CallExcess[] {
  if (call.direction !== 'to-borrower') return [];
  const [day, minute] = [call.when.slice(0, 10), minuteOf(call.when)];
  const { wish } = kase;
  const law = lawOf(policy);
  const limits = callLimits(law, day);
  const others = counting(kase).filter((one) => sameAs(one) !== sameAs(call));
  const before = counted(others, day);
  const found: CallExcess[] = [];
  const open = contactHoursOn({ contactHours: null }, law, day, wish?.hours === 'any' ? 'any' : null);
  if (open && (minute < open.from || minute >= open.until)) found.push({ what: 'hours' });
  const effective = before.effective + 1;
  if (isEffective(call) && effective > limits.effective) found.push({ what: 'effective', count: effective, limit: limits.effective });
  const tries = (before.tries.find(({ number }) => number === (call.number ?? ''))?.count ?? 0) + 1;
  if (call.outcome === 'unanswered' && tries > limits.tries) found.push({ what: 'tries', count: tries, limit: limits.tries });
  const earlier = others.filter(({ when }) => when < call.when);
  if (call.called === 'third-person' && !isLost(earlier, limits.before)) found.push({ what: 'third-person' });
  if (wish?.asks.includes('writing')) found.push({ what: 'wish-writing' });
  if (wish?.asks.includes('not-at-work') && call.called === 'work') found.push({ what: 'wish-work' });
  const wished = wish?.hours;
  if (wished && wished !== 'any' && (minute < wished.from || minute >= wished.until)) found.push({ what: 'wish-hours' });
  return found;
}

/** Whether the borrower cannot be reached after these calls: since they last spoke the number proved dead, or so many tries came to nothing. */
function isLost(calls: readonly Counted[], tries: number): boolean {
  const own = calls.filter(({ called }) => called !== 'third-person');
  const since = own.slice(own.findLastIndex(({ outcome }) => outcome === 'effective') + 1);
  return since.some(({ outcome }) => outcome === 'unreachable') || since.length >= tries;
}
