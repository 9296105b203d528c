import type { Row } from '../plan/schedule.ts';
import { agreedSchedule } from './agreement.ts';
import type { Case } from './entry.ts';
import { receivedSum } from './owed.ts';

/** The instalments of the agreement that holds: on which day each now falls due, and what of it is paid. */

/** A row of the agreed schedule as it now stands: `due` is the day that counts; `moved` the agreed one, where that is another. */
export type Instalment = Row & { moved: string | null };

/** The instalments as they fall due now, in order of their days: one that was moved behind another comes after it. @throws where the case has no agreement */
export function instalments(kase: Case): Instalment[] {
  const to = movedTo(kase);
  const rows = agreedSchedule(kase).rows.map((row): Instalment => {
    const day = row.no === null ? undefined : to.get(row.no);
    return day === undefined ? { ...row, moved: null } : { ...row, due: day, moved: row.due };
  });
  // Sorting keeps the order of the schedule within a day.
  return rows.sort((a, b) => (a.due < b.due ? -1 : Number(a.due > b.due)));
}

/** To which days instalments of the agreement that holds were moved, by their numbers; the last move of one counts. */
function movedTo({ moves, agreement }: Pick<Case, 'moves' | 'agreement'>): Map<number, string> {
  const granted = moves.filter(({ state, version }) => state === 'granted' && version === agreement?.version);
  return new Map(granted.map(({ no, to }) => [no, to]));
}

/** The same with what of each is paid, in 分, where so much was paid in all. */
export function filled(kase: Case, sum = receivedSum(kase)): (Instalment & { paid: number })[] {
  let purse = sum;
  return instalments(kase).map((row) => {
    const paid = Math.min(purse, row.payment);
    purse -= paid;
    return { ...row, paid };
  });
}
