import type { Author } from '../record/format.ts';
import type { Case } from './entry.ts';
import { endOf } from './mediated.ts';
import type { AnySeat, MediatorSeat, Reached, Seat } from './seats.ts';
import { isVacated } from './stage.ts';

/**
 * What a seat beside a party is, by the record of the case. The directory tells who comes in at the door; how far they may go, until when and for whom
 * says the entry by which they were appointed, so that what ends there ends in that instant, whatever the directory says still.
 */

/** From here on a seat gives nothing: it is before anything. */
const NEVER = '0001-01-01T00:00:00.000Z';

type Seats = Pick<Case, 'representatives' | 'borrowerName' | 'borrowerAccount' | 'mediations' | 'agreement' | 'closed' | 'lastAt'>;

/** The seat as the record has it. `reached` is the contact that somebody has just proved, by which an appointment that waits is theirs to accept. */
export function seated<S extends AnySeat>(kase: Seats, seat: S, reached?: Reached): S {
  return { ...seat, ...(seat.capacity === 'mediator' ? between(kase, seat, reached) : beside(kase, seat, reached)) };
}

/** What the record says of a mediator: under which name, and until when. */
function between(kase: Seats, { account }: Pick<AnySeat, 'account'>, reached?: Reached): Partial<Pick<MediatorSeat, 'name' | 'until'>> {
  const waiting = kase.mediations.findLast(({ state, to }) => state === 'admitted' && to.contact === reached?.contact);
  const one = waiting ?? kase.mediations.findLast((each) => each.state === 'acting' && each.account === account);
  return one ? { name: one.name, until: endOf(kase, one)?.at ?? null } : { until: NEVER };
}

/** What the record says of a borrower's place that was taken wrongly, and of who acts for the borrower: under which name, how far, until when, for whom and by which entry. Nothing of any other. */
function beside(kase: Seats, seat: Pick<AnySeat, 'capacity' | 'account'>, reached?: Reached): Partial<Omit<Seat, 'side' | 'capacity'>> {
  if (isVacated(kase) && (seat.capacity === 'borrower' || seat.capacity === 'representative')) return { scope: null, until: NEVER };
  if (seat.capacity !== 'representative') return {};
  // The newest of each: one whose day has passed is `acting` still, or waits, until the schedule has said so.
  const waiting = kase.representatives.findLast(({ state, to }) => state === 'waiting' && to.contact === reached?.contact);
  const one = waiting ?? kase.representatives.findLast(({ state, account }) => state === 'acting' && account === seat.account);
  if (!one) return { scope: null, until: NEVER };
  const principal = { name: kase.borrowerName ?? '', account: kase.borrowerAccount ?? null, authority: one.seq };
  // Before it is accepted it gives nothing but that.
  return { name: one.name, scope: waiting ? null : one.scope, until: one.ends, for: principal };
}

/** Accounts that sat in the borrower's place, beside it or between the sides by the record before, and do so no more. */
export function leftSince(before: Seats, after: Seats): string[] {
  const still = new Set(sitting(after));
  return sitting(before).filter((account) => !still.has(account));
}

function sitting(kase: Seats): string[] {
  const { representatives, mediations, borrowerAccount } = kase;
  if (isVacated(kase)) return [];
  const acting = [...representatives, ...mediations].flatMap(({ state, account }) => (state === 'acting' ? [account] : []));
  return [borrowerAccount, ...acting].filter((account) => typeof account === 'string');
}

/** How the record names who acts from a seat: who they are and, where they act for somebody, for whom and by which entry. */
export function authorOf({ side, capacity, name, account, for: principal }: Pick<AnySeat, keyof Author>): Author {
  return { side, capacity, name, account, ...(principal ? { for: principal } : {}) };
}
