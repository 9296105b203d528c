import { addDays } from '../plan/calendar.ts';
import { COMPONENTS } from '../plan/format.ts';
import type { Zone } from '../plan/law/place.ts';
import { dayOf, endOfDay } from '../plan/law/zone.ts';
import type { Case } from './entry.ts';
import { FIGURES } from './means.ts';

/** What of a case is in dispute by a complaint, and what a dispute of the debt holds. */

/** Parts of the debt that a complaint can be about, and the figures of the means. */
export const DEBT_FIGURES = COMPONENTS.map((one) => `debt.${one}` as const);
export const DISPUTABLE = [...DEBT_FIGURES, ...FIGURES] as const;

/** Days from an answer in which whoever complained takes it or goes on, and from going on in which it is looked at elsewhere: so long a dispute holds. */
const TO_TAKE = 15;
const ELSEWHERE = 60;

/** What of a complaint this page asks. */
export type Disputing = {
  seq: number;
  /** Entries, by number, and figures that it is about. */
  entries: readonly number[];
  figures: readonly string[];
  /** Whether it disputes the debt of an agreement that binds, and is the first to dispute that part of it. */
  holds: boolean;
  state: 'raised' | 'answered' | 'accepted' | 'escalated' | 'withdrawn';
  answeredAt?: string;
  escalatedAt?: string;
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

/**
 * Up to which instant a dispute of the debt holds reminders and arrears: `open` while it waits for the lender's answer, however late that is; null where none does.
 * It ends by itself, so that nobody puts off what is owed for good by leaving an answer untaken.
 */
export function heldUntil({ complaints }: Pick<Case, 'complaints'>, zone: Zone): string | 'open' | null {
  const ends = complaints.flatMap((one): string[] => {
    if (!one.holds) return [];
    if (one.state === 'raised') return ['open'];
    const [from, days] = one.state === 'escalated' ? [one.escalatedAt, ELSEWHERE] : [one.answeredAt, TO_TAKE];
    const ended = one.state === 'accepted' || one.state === 'withdrawn' || from === undefined;
    return ended ? [] : [endOfDay(addDays(dayOf(from, zone), days), zone)];
  });
  return ends.includes('open') ? 'open' : (ends.sort().at(-1) ?? null);
}

/** Whether it does at an instant. */
export function isHeld(kase: Pick<Case, 'complaints'>, { at, zone }: { at: string; zone: Zone }): boolean {
  const until = heldUntil(kase, zone);
  return until === 'open' || (until !== null && at <= until);
}
