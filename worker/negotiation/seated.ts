import type { Author } from '../record/format.ts';
import type { Case } from './entry.ts';
import type { Reached, Seat } from './seats.ts';

/**
 * What a seat beside a party is, by the record of the case. The directory tells who comes in at the door; how far they may go, until when and for whom
 * says the entry by which they were appointed, so that what ends there ends in that instant, whatever the directory says still.
 */

/** From here on a seat gives nothing: it is before anything. */
const NEVER = '0001-01-01T00:00:00.000Z';

/** The seat as the record has it. `reached` is the contact that somebody has just proved, by which an appointment that waits is theirs to accept. */
export function seated(kase: Pick<Case, 'representatives' | 'borrowerName' | 'borrowerAccount'>, seat: Seat, reached?: Reached): Seat {
  if (seat.capacity !== 'representative') return seat;
  // The newest of each: one whose day has passed is `acting` still, or waits, until the schedule has said so.
  const waiting = kase.representatives.findLast(({ state, to }) => state === 'waiting' && to.contact === reached?.contact);
  const one = waiting ?? kase.representatives.findLast(({ state, account }) => state === 'acting' && account === seat.account);
  if (!one) return { ...seat, scope: null, until: NEVER };
  const principal = { name: kase.borrowerName ?? '', account: kase.borrowerAccount ?? null, authority: one.seq };
  // Before it is accepted it gives nothing but that.
  return { ...seat, name: one.name, scope: waiting ? null : one.scope, until: one.ends, for: principal };
}

/** How the record names who acts from a seat: who they are and, where they act for somebody, for whom and by which entry. */
export function authorOf({ side, capacity, name, account, for: principal }: Pick<Seat, keyof Author>): Author {
  return { side, capacity, name, account, ...(principal ? { for: principal } : {}) };
}
