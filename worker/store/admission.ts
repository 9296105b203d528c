import type { seats, sessions, staff } from '../../db/directory/schema.ts';
import type { AnySeat, Employed, MediatorSeat, Seat } from '../negotiation/seats.ts';
import { digestOf } from '../record/digest.ts';
import type { Account, SecondContact } from './accounts.ts';
import type { Lender } from './lenders.ts';

/** What the directory tells of who sends a request, and the leave to enter that follows from it. */

export type Membership = { lender: Lender; capacity: (typeof staff.$inferSelect)['capacity'] };

/**
 * Leave to enter, as narrow as what it is for: one case, a person's own beginnings with a lender, a lender's desk. Only this file makes one: code that
 * holds it has been let in.
 */
type Admitted = { readonly lender: Lender; readonly _admitted: typeof admitted };
export type CaseAdmission = AdmissionAs<Seat>;
/** The same for whoever sits there: at a side, or as the mediator between both. What is made for a party's eyes takes the one above. */
export type AnyAdmission = AdmissionAs<Seat> | AdmissionAs<MediatorSeat>;
type AdmissionAs<S extends AnySeat> = Admitted & { readonly to: 'case'; readonly case: string; readonly seat: S };
export type OwnAdmission = Admitted & { readonly to: 'own'; readonly account: string; readonly cases: readonly string[] };
export type DeskAdmission = Admitted & { readonly to: 'desk'; readonly seat: Seat };
const admitted: unique symbol = Symbol('admitted');

/** What one round trip to the directory tells of a request: the session, the person, their seat in the case asked for, their memberships. */
export type Visit = {
  session: Omit<typeof sessions.$inferSelect, 'seal'>;
  account: Account;
  /** The person's second factor, its secret as it is stored: null where that is not as the portal wrote it, and opens nothing. */
  factor: { secret: string | null } | null;
  /** Whether there are passkeys of theirs, which stand in for its codes. */
  hasPasskeys: boolean;
  seat: ({ lender: Lender } & Pick<typeof seats.$inferSelect, 'case' | 'capacity' | 'scope' | 'until'>) | null;
  memberships: Membership[];
  /** Proofs that this session has tried lately, with the one of this request. */
  proofs: number;
  /** Since when letters to them are refused for good. */
  refusedAt: string | null;
  /** Their second contact, for news alone. */
  second: SecondContact | null;
};

/**
 * Whether somebody has signed in with their password alone and owes their second factor, or has yet to set it up: until then they are nobody. All who
 * work for a lender need one; others who have chosen to. One that was given and turned off since counts for nothing.
 */
export function owesFactor({ session, factor, memberships }: Pick<Visit, 'session' | 'factor' | 'memberships'>): boolean {
  return factor === null ? memberships.length > 0 : session.factorAt === null;
}

/** Whether it is a party's. */
export const isOfParty = (admission: AnyAdmission): admission is CaseAdmission => admission.seat.side !== 'mediator';

/** The ways into a case: by the seat in it where there is one, else by each membership, as a lender's staff may open any case of their lender. */
export function admissions(
  { account, seat, memberships }: Pick<Visit, 'account' | 'seat' | 'memberships'>,
  caseId: string,
): AnyAdmission[] {
  const person = { account: account.id, name: account.name };
  const to = { to: 'case', case: caseId, _admitted: admitted } as const;
  if (seat?.case === caseId) {
    const { lender, capacity, scope, until } = seat;
    if (capacity === 'mediator') return [{ ...to, lender, seat: { side: 'mediator', capacity, until, ...person } }];
    return [{ ...to, lender, seat: { side: 'borrower', capacity, scope, until, ...person } }];
  }
  return memberships.map(({ lender, capacity }) => ({ ...to, lender, seat: { side: 'lender', capacity, ...person } }));
}

/** To the desk of a lender, for those who work there. */
export function admitToDesk({ account, memberships }: Pick<Visit, 'account' | 'memberships'>, slug: string): DeskAdmission | null {
  const found = memberships.find(({ lender }) => lender.slug === slug);
  if (!found) return null;
  const { lender, capacity } = found;
  return { to: 'desk', lender, seat: { side: 'lender', capacity, account: account.id, name: account.name }, _admitted: admitted };
}

/** To a lender's desk, for whoever runs the installation: what a command of the operator's records there, it records in the lender's own name. */
export function admitOperator(lender: Lender): DeskAdmission {
  return { to: 'desk', lender, seat: { side: 'lender', capacity: 'administrator', account: '', name: lender.name }, _admitted: admitted };
}

/** To the desk of a lender, for one who works there: what they have begun there goes on while they do not look. */
export function admitColleague(
  lender: Lender,
  { account, name, capacity }: Pick<Employed, 'account' | 'name' | 'capacity'>,
): DeskAdmission {
  return { to: 'desk', lender, seat: { side: 'lender', capacity, account, name }, _admitted: admitted };
}

/** From the desk into one of its cases, or one that is opened there. */
export function admitFromDesk({ lender, seat }: DeskAdmission, caseId: string): CaseAdmission {
  return { to: 'case', case: caseId, lender, seat, _admitted: admitted };
}

/** To what a person has begun with a lender, and to their seats there: any confirmed person has it. */
export function admitOwn({ id }: Pick<Account, 'id'>, lender: Lender, cases: readonly string[] = []): OwnAdmission {
  return { to: 'own', lender, account: id, cases, _admitted: admitted };
}

/** To the case whose borrower's seat an account has just taken. */
export function admitSeated(caseId: string, account: Pick<Account, 'id' | 'name'>, lender: Lender): CaseAdmission {
  return { to: 'case', case: caseId, lender, seat: borrowerSeat(account), _admitted: admitted };
}

/** To the case that an invitation is to, beside its borrower: for the one who has its contact. What they may do there the record says. */
export function admitBeside(caseId: string, { id, name }: Pick<Account, 'id' | 'name'>, lender: Lender): CaseAdmission {
  return {
    to: 'case',
    case: caseId,
    lender,
    seat: { side: 'borrower', capacity: 'representative', account: id, name },
    _admitted: admitted,
  };
}

/** To the case that an invitation is to, between its sides: for the one who has its contact. What they may do there the record says. */
export function admitBetween(caseId: string, { id, name }: Pick<Account, 'id' | 'name'>, lender: Lender): AdmissionAs<MediatorSeat> {
  const seat = { side: 'mediator', capacity: 'mediator', account: id, name } as const;
  return { to: 'case', case: caseId, lender, seat, _admitted: admitted };
}

/**
 * To open a case of one's own with a lender: any confirmed person has it. The case's id follows from its owner and from what the draft is called, so that nobody
 * can begin under the id of somebody's case.
 */
export function admitToOpen(account: Pick<Account, 'id' | 'name'>, lender: Lender, draft: string): CaseAdmission {
  return admitSeated(caseOf(account, lender, draft), account, lender);
}

/** The id of the case that a draft is to become. */
export function caseOf(account: Pick<Account, 'id'>, lender: Pick<Lender, 'id'>, draft: string): string {
  return digestOf(`${account.id}:${lender.id}:${draft}`).slice(0, 32);
}

const borrowerSeat = ({ id, name }: Pick<Account, 'id' | 'name'>): Seat => ({ side: 'borrower', capacity: 'borrower', account: id, name });
