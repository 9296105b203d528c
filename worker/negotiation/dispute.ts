import { addDays } from '../plan/calendar.ts';
import { COMPONENTS } from '../plan/format.ts';
import { lawOf } from '../plan/law/index.ts';
import type { Zone } from '../plan/law/place.ts';
import { dayOf, endOfDay } from '../plan/law/zone.ts';
import { workingDebt } from './debt.ts';
import type { Case } from './entry.ts';
import { FIGURES, figureKeys } from './means.ts';

/** What of a case is in dispute by a complaint, and what a dispute of the debt holds. */

/** Parts of the debt that a complaint can be about, or a paper stand behind, and the figures of the means. */
export const DEBT_FIGURES = COMPONENTS.map((one) => `debt.${one}` as const);
export const DISPUTABLE = [...DEBT_FIGURES, ...FIGURES] as const;

/** Those that a case has: by its debt, and by its statement of means. */
export function disputable(kase: Pick<Case, 'debts' | 'means'>): string[] {
  return [...debtFigures(kase), ...(kase.means ? figureKeys(kase.means.statement) : [])];
}

/** The parts of its debt alone, once a side has said what is owed. */
export const debtFigures = (kase: Pick<Case, 'debts'>): readonly string[] => (workingDebt(kase) ? DEBT_FIGURES : []);

/** Days from an answer in which whoever complained takes it or goes on. */
const TO_TAKE = 15;

/**
 * Days for which disputes of one agreement's debt hold at the most once the lender has answered or one was taken further: the longest clock of the law table. What
 * the lender takes for its answers is not counted, as it can end that any day.
 */
export const mostHeld = ({ jurisdiction }: { jurisdiction: string }): number => Math.max(...lawOf({ jurisdiction }).complaintDays);

/** What of a complaint this page asks. */
export type Disputing = {
  seq: number;
  /** Entries, by number, and figures that it is about. */
  entries: readonly number[];
  figures: readonly string[];
  /** Whether it disputes the debt of an agreement that binds, and is the first to dispute that part of it. */
  holds: boolean;
  state: 'raised' | 'answered' | 'accepted' | 'escalated' | 'withdrawn';
  /** The day on which it was raised, the table by which it runs, and the agreement that bound then, by its version. */
  on: string;
  jurisdiction: string;
  version: number;
  answeredAt?: string;
  escalatedAt?: string;
  /** When it was settled: the answer taken, or the complaint withdrawn. */
  endedAt?: string;
};

/** Complaints that are not settled: what they are about is in dispute. */
export const unsettled = <One extends Pick<Disputing, 'state'>>(complaints: readonly One[]): One[] =>
  complaints.filter(({ state }) => state === 'raised' || state === 'answered' || state === 'escalated');

/** The complaint by which a figure, or an entry by its number, is in dispute; null where none is. */
export function disputeOf({ complaints }: Pick<Case, 'complaints'>, of: string | number): number | null {
  const about = ({ entries, figures }: Disputing) => (typeof of === 'number' ? entries.includes(of) : figures.includes(of));
  return unsettled(complaints).find(about)?.seq ?? null;
}

/** Whether parts of the debt are in dispute. */
export const debtDisputed = (kase: Pick<Case, 'complaints'>): boolean => DEBT_FIGURES.some((one) => disputeOf(kase, one) !== null);

/** From which day to which a complaint holds, both included: `open` while the lender has yet to answer. */
type Span = { from: string; to: string | 'open' };

/**
 * When disputes of the debt hold: each figure once under an agreement, while the lender has yet to answer, then for so long as an answer can be taken or the
 * complaint is looked at elsewhere, and that together no longer than `mostHeld`: so nobody puts off what is owed for good, with one complaint after the other.
 */
function spansOf(one: Disputing, among: readonly Disputing[], zone: Zone): Span[] {
  if (!one.holds) return [];
  const day = (at: string | undefined) => (at === undefined ? null : dayOf(at, zone));
  const [answered, escalated, ended] = [day(one.answeredAt), day(one.escalatedAt), day(one.endedAt)];
  const turned = earliest([answered, escalated]);
  const first = earliest(
    among.flatMap(({ holds, version, answeredAt, escalatedAt }) =>
      holds && version === one.version ? [day(answeredAt), day(escalatedAt)] : [],
    ),
  );
  const until = (from: string, days: number): Span => {
    const over = earliest([addDays(from, days), first === null ? null : addDays(first, mostHeld(one)), ended]) ?? from;
    return { from, to: over < from ? from : over };
  };
  const waits: Span = { from: one.on, to: turned ?? ended ?? 'open' };
  const taking = answered !== null && (escalated === null || answered <= escalated) ? [until(answered, TO_TAKE)] : [];
  return [waits, ...taking, ...(escalated === null ? [] : [until(escalated, mostHeld(one))])];
}

const earliest = (days: readonly (string | null)[]): string | null => days.filter((day) => day !== null).sort()[0] ?? null;

/**
 * Up to which instant a dispute of the debt holds reminders and arrears: `open` while it waits for the lender's answer, however late that is; null where none does.
 * It ends by itself, so that nobody puts off what is owed for good by leaving an answer untaken.
 */
export function heldUntil({ complaints }: Pick<Case, 'complaints'>, zone: Zone): string | 'open' | null {
  const ends = unsettled(complaints).flatMap((one) => spansOf(one, complaints, zone).map(({ to }) => to));
  if (ends.includes('open')) return 'open';
  const last = ends.sort().at(-1);
  return last === undefined ? null : endOfDay(last, zone);
}

/** Whether it does at an instant. */
export function isHeld(kase: Pick<Case, 'complaints'>, { at, zone }: { at: string; zone: Zone }): boolean {
  const until = heldUntil(kase, zone);
  return until === 'open' || (until !== null && at <= until);
}

/** On which days it did, or does: `open` from a day on of which nobody knows yet when it ends. */
export function heldDays({ complaints }: Pick<Case, 'complaints'>, zone: Zone): (day: string) => boolean | 'open' {
  const spans = complaints.flatMap((one) => spansOf(one, complaints, zone));
  return (day) => {
    const now = spans.filter(({ from, to }) => from <= day && (to === 'open' || day <= to));
    return now.some(({ to }) => to === 'open') ? 'open' : now.length > 0;
  };
}
