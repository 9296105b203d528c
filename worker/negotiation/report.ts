import { COMPONENTS } from '../plan/format.ts';
import { EXCESSES } from './calls.ts';
import type { MilestoneKind } from './milestones.ts';

/**
 * The figures of a lender's reports, each by the milestones that it counts: the page, its pictures, the table to take away and the list of cases behind a figure all
 * read this one list. What each says in words stands in `web/words`.
 */

/** Milestones of a kind, of some that they are told as (where none are named, of nothing in particular); `over` those alone that go beyond something. */
export type Counted = { kinds: readonly MilestoneKind[]; told?: readonly string[]; over?: true };

/** How a figure is measured: how many there are; their amounts, or what of these is beyond, in 分; of days, so many per cent of them take no longer; the share, in ppm, of one figure in another. */
export type Measure = 'count' | 'amount' | 'beyond' | { percent: 50 | 90 } | { share: string; of: string };

export type Figure = Counted & { section: Section; measure: Measure };

/** By what figures are told apart, beside months: who acted, the product of the loan, the version of the policy. */
export const DIMENSIONS = ['agent', 'product', 'policy'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const SECTIONS = ['talks', 'agreements', 'waivers', 'recovery', 'automatic', 'contacts', 'conduct'] as const;
export type Section = (typeof SECTIONS)[number];

const of = (section: Section, measure: Measure, kind: MilestoneKind | readonly MilestoneKind[], ...told: string[]): Figure => ({
  section,
  measure,
  kinds: typeof kind === 'string' ? [kind] : kind,
  ...(told.length > 0 ? { told } : {}),
});

const IN_FORCE = ['kept', 'arrears', 'broken', 'completed'] as const;
const ANSWERED = ['in-time', 'late'] as const;
const NEEDS_NONE = ['withdrawn', 'replaced', 'closed'] as const;
const ENDED = ['lapsed', ...NEEDS_NONE] as const;
const WAIVED = COMPONENTS.map((part) => `waived.${part}` as const);
const WISHES = ['beyond.wish-writing', 'beyond.wish-work', 'beyond.wish-hours'] as const;

export const FIGURES = {
  opened: of('talks', 'count', 'opened'),
  asked: of('talks', 'count', 'answer', ...ANSWERED, 'open', ...ENDED),
  inTime: of('talks', 'count', 'answer', 'in-time'),
  late: of('talks', 'count', 'answer', 'late'),
  lapsed: of('talks', 'count', 'answer', 'lapsed'),
  waiting: of('talks', 'count', 'answer', 'open'),
  takenBack: of('talks', 'count', 'answer', ...NEEDS_NONE),
  answerMedian: of('talks', { percent: 50 }, 'answer', ...ANSWERED),
  answerMost: of('talks', { percent: 90 }, 'answer', ...ANSWERED),

  agreed: of('agreements', 'count', 'agreement', ...IN_FORCE),
  kept: of('agreements', 'count', 'agreement', 'kept'),
  arrears: of('agreements', 'count', 'agreement', 'arrears'),
  broken: of('agreements', 'count', 'agreement', 'broken'),
  completed: of('agreements', 'count', 'agreement', 'completed'),
  varied: of('agreements', 'count', 'varied', 'signed'),
  agreedMedian: of('agreements', { percent: 50 }, 'agreement', ...IN_FORCE),
  agreedMost: of('agreements', { percent: 90 }, 'agreement', ...IN_FORCE),

  waivedPrincipal: of('waivers', 'amount', 'waived.principal', 'signed'),
  beyondPrincipal: { ...of('waivers', 'beyond', 'waived.principal', 'signed'), over: true },
  waivedInterest: of('waivers', 'amount', 'waived.interest', 'signed'),
  beyondInterest: { ...of('waivers', 'beyond', 'waived.interest', 'signed'), over: true },
  waivedPenalty: of('waivers', 'amount', 'waived.penalty', 'signed'),
  beyondPenalty: { ...of('waivers', 'beyond', 'waived.penalty', 'signed'), over: true },
  waivedFees: of('waivers', 'amount', 'waived.fees', 'signed'),
  beyondFees: { ...of('waivers', 'beyond', 'waived.fees', 'signed'), over: true },
  waived: of('waivers', 'amount', WAIVED, 'signed'),

  due: of('recovery', 'amount', 'due'),
  paid: of('recovery', 'amount', 'paid'),
  recovered: of('recovery', { share: 'paid', of: 'due' }, []),

  acceptances: of('automatic', 'count', 'acceptance', 'unsigned', 'signed'),
  acceptancesSigned: of('automatic', 'count', 'acceptance', 'signed'),
  counters: of('automatic', 'count', 'counter', 'accepted', 'answered', 'declined', 'open', ...ENDED),
  countersAccepted: of('automatic', 'count', 'counter', 'accepted'),
  countersAnswered: of('automatic', 'count', 'counter', 'answered'),
  countersDeclined: of('automatic', 'count', 'counter', 'declined'),
  countersOpen: of('automatic', 'count', 'counter', 'open'),
  countersEnded: of('automatic', 'count', 'counter', ...ENDED),

  calls: of('contacts', 'count', 'call', 'effective', 'unanswered', 'unreachable'),
  effective: of('contacts', 'count', 'call', 'effective'),
  unanswered: of('contacts', 'count', 'call', 'unanswered'),
  unreachable: of('contacts', 'count', 'call', 'unreachable'),
  contested: of('contacts', 'count', 'call', 'contested'),
  written: of('contacts', 'count', 'written', 'talk.message', 'talk.letter-issued', 'talk.mail-received'),

  hours: of('conduct', 'count', 'beyond.hours', 'counted'),
  tooMany: of('conduct', 'count', 'beyond.effective', 'counted'),
  tooOften: of('conduct', 'count', 'beyond.tries', 'counted'),
  thirdPerson: of('conduct', 'count', 'beyond.third-person', 'counted'),
  wishes: of('conduct', 'count', WISHES, 'counted'),
  beyond: of(
    'conduct',
    'count',
    EXCESSES.map((what) => `beyond.${what}` as const),
    'counted',
  ),
} as const satisfies Record<string, Figure>;

export type FigureName = keyof typeof FIGURES;
export const figureNames: readonly FigureName[] = Object.keys(FIGURES).filter((name): name is FigureName => Object.hasOwn(FIGURES, name));
export const figureOf = (name: FigureName): Figure => FIGURES[name];
/** What a section counts. */
export const kindsIn = (section: Section): MilestoneKind[] => [
  ...new Set(figureNames.map(figureOf).flatMap((one) => (one.section === section ? one.kinds : []))),
];

/**
 * Milestones of a month or of one of those by whom they are told apart: with `days` of -1, those that are told alike, how many, their amounts and what of these is beyond, in 分;
 * with days, how many took so many, however they are told (only what was answered or agreed has taken any).
 */
export type Tally = {
  group: string;
  kind: string;
  told: string;
  days: number;
  count: number;
  amount: number;
  beyond: number;
  over: number;
};

/** A figure's value; null where there is nothing of which it could be one. */
export type Value = number | null;

/** What the figures of some tallies are. */
export function figuresOf(tallies: readonly Tally[]): Record<FigureName, Value> {
  const found: Partial<Record<string, Value>> = {};
  for (const name of figureNames) found[name] = worthOf(figureOf(name), tallies, found);
  return found as Record<FigureName, Value>;
}

function worthOf({ kinds, told, over, measure }: Figure, all: readonly Tally[], known: Partial<Record<string, Value>>): Value {
  if (typeof measure === 'object' && 'share' in measure) {
    const [part, whole] = [known[measure.share] ?? 0, known[measure.of] ?? 0];
    return whole === 0 ? null : Math.round((part / whole) * 1_000_000);
  }
  const counted = all.filter((one) => kinds.some((kind) => kind === one.kind));
  if (typeof measure === 'object') return percentile(counted, measure.percent);
  return counted
    .filter((one) => one.days < 0 && (told ?? ['']).includes(one.told))
    .reduce((sum, one) => sum + (measure === 'count' ? (over ? one.over : one.count) : one[measure]), 0);
}

/** The least number of days within which so many per cent of all are (nearest rank); null where there are none. */
function percentile(tallies: readonly Tally[], percent: number): number | null {
  const byDays = tallies.filter(({ days }) => days >= 0).sort((a, b) => a.days - b.days);
  const total = byDays.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  for (const { days, count } of byDays) {
    below += count;
    if (below * 100 >= total * percent) return days;
  }
  return null;
}
