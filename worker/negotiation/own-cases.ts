import { lawOf } from '../plan/law/index.ts';
import type { WorkingDay } from '../plan/law/working-days.ts';
import { dayOf } from '../plan/law/zone.ts';
import { promisedOn } from './duties.ts';
import type { Pending } from './pending.ts';
import type { HeldPolicy } from './policy.ts';

/** A borrower's own cases in a list: what waits for them comes first, and then by the day that comes next. */

/** `offeredAt`: when the offer on the table was made, and `offerUntil` until when it stands, where one is. */
type Row = {
  stage: string;
  awaited: string | null;
  deadline: string | null;
  nextDue: string | null;
  lastAt: string;
  offeredAt: string | null;
  offerUntil: string | null;
  pending: readonly Pending[];
};

/** `promised`: the day of the lender's answer; `day`: the next one of any kind; `waits`: something is the borrower's to do. Days are of the lender's place. */
export type Dated = {
  place: ReturnType<typeof lawOf>['place'];
  today: string;
  promised: WorkingDay | null;
  day: string | null;
  waits: boolean;
};

/** The cases of one lender, each with what it is sorted by. */
export function dated<One extends Row>(rows: readonly One[], policy: HeldPolicy, at: string): (One & Dated)[] {
  const { place } = lawOf(policy);
  const today = dayOf(at, place.zone);
  return rows.map((row) => {
    const promised = answerPromised(row, policy);
    const end = endsNext(row);
    const day = promised?.date ?? row.nextDue ?? (end === null ? null : dayOf(end, place.zone));
    const isOverdue = row.nextDue !== null && row.nextDue < today;
    const waits = row.awaited === 'borrower' || row.pending.length > 0 || isOverdue;
    return { ...row, place, today, promised, day, waits };
  });
}

/**
 * What time alone ends next that the sides look to: until something is agreed the offer on the table, later what falls due. That a mandate, a link or the proposal of a
 * mediator ends is a day of the case as well (`deadline`), and none by which anything is to be done in it.
 */
export const endsNext = ({ stage, deadline, offerUntil }: Pick<Row, 'stage' | 'deadline' | 'offerUntil'>): string | null =>
  stage === 'negotiating' || stage === 'agreed' ? offerUntil : deadline;

/** The day by which the lender promised to answer the borrower's offer, where one waits for it. */
function answerPromised({ awaited, offeredAt }: Pick<Row, 'awaited' | 'offeredAt'>, policy: HeldPolicy): WorkingDay | null {
  if (awaited !== 'lender' || offeredAt === null) return null;
  return promisedOn({ at: offeredAt }, { zone: lawOf(policy).place.zone, policy });
}

/** What waits for the borrower before what does not; of each the soonest day first; without a day last, the newest first. */
export function bySoonest(a: Dated & Pick<Row, 'lastAt'>, b: Dated & Pick<Row, 'lastAt'>): number {
  if (a.waits !== b.waits) return a.waits ? -1 : 1;
  if (a.day !== b.day) return (a.day ?? '9999') < (b.day ?? '9999') ? -1 : 1;
  return b.lastAt.localeCompare(a.lastAt);
}
