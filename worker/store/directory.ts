import { and, asc, desc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { accounts, begun, invitations, lenders, mail, seats, sessions, staff } from '../../db/directory/schema.ts';
import type { Seat } from '../negotiation/seats.ts';
import { digestOf } from '../record/digest.ts';
import { type Account, accountsIn } from './accounts.ts';
import { type Counted, countAttempt } from './attempts.ts';
import type { Database } from './connect.ts';
import { lenderColumns, seatsIn, stands } from './seats.ts';

export type { Account } from './accounts.ts';

/** The shared database: who people are and which doors are theirs. Knows nothing of what is said in a case. */

export type Lender = Pick<typeof lenders.$inferSelect, 'id' | 'slug' | 'name' | 'url'>;
export type Membership = { lender: Lender; capacity: (typeof staff.$inferSelect)['capacity'] };

/**
 * Leave to enter, as narrow as what it is for: one case, a person's own beginnings with a lender, a lender's desk. Only this file makes one: code that
 * holds it has been let in.
 */
type Admitted = { readonly lender: Lender; readonly _admitted: typeof admitted };
export type CaseAdmission = Admitted & { readonly to: 'case'; readonly case: string; readonly seat: Seat };
export type OwnAdmission = Admitted & { readonly to: 'own'; readonly account: string; readonly cases: readonly string[] };
export type DeskAdmission = Admitted & { readonly to: 'desk'; readonly seat: Seat };
const admitted: unique symbol = Symbol('admitted');

/** What one round trip to the directory tells of a request: the session, the person, their seat in the case asked for, their memberships. */
export type Visit = {
  session: typeof sessions.$inferSelect;
  account: Account;
  seat: ({ lender: Lender } & Pick<typeof seats.$inferSelect, 'case' | 'capacity' | 'scope' | 'until'>) | null;
  memberships: Membership[];
  /** Proofs that this session has tried lately, with the one of this request. */
  proofs: number;
};

export function directory(db: Database) {
  return {
    ...accountsIn(db),
    ...seatsIn(db),

    /**
     * One round trip: everything a request needs to know of its sender. `caseId` is '' where no case is asked for. Where the request brings a proof
     * of who sends it, the attempt is counted here, before anything is looked at.
     */
    async visit(sessionId: string, caseId: string, now: string, proof: Counted | null = null): Promise<Visit | null> {
      const mine = db.select({ account: sessions.account }).from(sessions).where(eq(sessions.id, sessionId));
      const [found, seated, membered, counted] = await db.batch([
        db
          .select({ session: sessions, account: accounts })
          .from(sessions)
          .innerJoin(accounts, eq(accounts.id, sessions.account))
          .where(eq(sessions.id, sessionId)),
        db
          .select({ lender: lenderColumns, case: seats.case, capacity: seats.capacity, scope: seats.scope, until: seats.until })
          .from(seats)
          .innerJoin(lenders, eq(lenders.id, seats.lender))
          .where(and(eq(seats.account, sql`(${mine})`), eq(seats.case, caseId), stands(now))),
        db
          .select({ lender: lenderColumns, capacity: staff.capacity })
          .from(staff)
          .innerJoin(lenders, eq(lenders.id, staff.lender))
          .where(eq(staff.account, sql`(${mine})`)),
        ...(proof ? [countAttempt(db, proof, now)] : []),
      ]);
      const [row] = found;
      return row ? { ...row, seat: seated[0] ?? null, memberships: membered, proofs: counted?.[0]?.count ?? 0 } : null;
    },

    /**
     * Uses an invitation up and gives the borrower's seat of its case to the account, in one round trip, all or nothing: leave to that case, or null where
     * somebody else was first; `isNew` unless the account had that seat before. @throws {@link isBothSides}
     */
    async takeSeat(
      invitation: { id: string; case: string },
      account: Pick<Account, 'id' | 'name'>,
      lender: Lender,
      now: string,
    ): Promise<{ admission: CaseAdmission; isNew: boolean } | null> {
      const taken = await seatsIn(db).useInvitation(invitation.id, account.id, now);
      if (!taken) return null;
      const admission: CaseAdmission = { to: 'case', case: invitation.case, lender, seat: borrowerSeat(account), _admitted: admitted };
      return { admission, isNew: taken === 'taken' };
    },

    lenders: () => db.select(lenderColumns).from(lenders).orderBy(asc(lenders.name)),

    /** Which cases seats and invitations point to, and with which lender, for an audit. */
    async places(): Promise<{ case: string; lender: string }[]> {
      const [seated, invited] = await db.batch([
        db.select({ case: seats.case, lender: seats.lender }).from(seats),
        db.select({ case: invitations.case, lender: invitations.lender }).from(invitations),
      ]);
      return [...seated, ...invited].flatMap((place) => (place.case === null ? [] : [{ ...place, case: place.case }]));
    },

    async lenderBySlug(slug: string): Promise<Lender | null> {
      const [row] = await db.select(lenderColumns).from(lenders).where(eq(lenders.slug, slug));
      return row ?? null;
    },

    addLender: (lender: typeof lenders.$inferInsert) => db.insert(lenders).values(lender),

    /** One round trip: the seats of a person and the lenders with whom they have begun a case; and leave to what they have with each of these lenders. */
    async ownOf(account: string, now: string) {
      const [seated, started] = await db.batch([
        db
          .select({ case: seats.case, lender: lenderColumns })
          .from(seats)
          .innerJoin(lenders, eq(lenders.id, seats.lender))
          .where(and(eq(seats.account, account), stands(now))),
        db.select(lenderColumns).from(begun).innerJoin(lenders, eq(lenders.id, begun.lender)).where(eq(begun.account, account)),
      ]);
      const where = new Map([...seated.map(({ lender }) => lender), ...started].map((lender) => [lender.id, lender]));
      const admissions = [...where.values()].map((lender): OwnAdmission => {
        const cases = seated.filter((seat) => seat.lender.id === lender.id).map((seat) => seat.case);
        return { to: 'own', lender, account, cases, _admitted: admitted };
      });
      return { seats: seated, begun: started, admissions };
    },

    /** One round trip: all lenders, and those with whom a person has begun a case. */
    async lendersFor(account: string) {
      const [all, started] = await db.batch([
        db.select(lenderColumns).from(lenders).orderBy(asc(lenders.name)),
        db.select(lenderColumns).from(begun).innerJoin(lenders, eq(lenders.id, begun.lender)).where(eq(begun.account, account)),
      ]);
      return { lenders: all, begun: started };
    },

    /** Notes that a person has begun a case with a lender; repeating it changes nothing. */
    noteBegun: (account: string, lender: string) => db.insert(begun).values({ account, lender }).onConflictDoNothing(),

    /** Nothing that a person has begun with a lender is left. */
    dropBegun: (account: string, lender: string) => db.delete(begun).where(and(eq(begun.account, account), eq(begun.lender, lender))),

    /** Adds letters to the outbox; one that is there already stays one. */
    async addMail(letters: (typeof mail.$inferInsert)[]): Promise<void> {
      if (letters.length > 0) await db.insert(mail).values(letters).onConflictDoNothing();
    },

    /** The newest letters, without those whose code is of no more use. */
    newestMail: (limit: number, now: string = new Date().toISOString()) =>
      db
        .select()
        .from(mail)
        .where(or(isNull(mail.expiresAt), gt(mail.expiresAt, now)))
        .orderBy(desc(mail.createdAt))
        .limit(limit),
  };
}

export type Directory = ReturnType<typeof directory>;

/** The ways into a case: by the seat in it where there is one, else by each membership, as a lender's staff may open any case of their lender. */
export function admissions({ account, seat, memberships }: Omit<Visit, 'proofs'>, caseId: string): CaseAdmission[] {
  const person = { account: account.id, name: account.name };
  const to = { to: 'case', case: caseId, _admitted: admitted } as const;
  if (seat?.case === caseId) {
    const { lender, capacity, scope, until } = seat;
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

/** From the desk into one of its cases, or one that is opened there. */
export function admitFromDesk({ lender, seat }: DeskAdmission, caseId: string): CaseAdmission {
  return { to: 'case', case: caseId, lender, seat, _admitted: admitted };
}

/** To what a person has begun with a lender: any confirmed person has it. */
export function admitOwn(account: Pick<Account, 'id'>, lender: Lender): OwnAdmission {
  return { to: 'own', lender, account: account.id, cases: [], _admitted: admitted };
}

/**
 * To open a case of one's own with a lender: any confirmed person has it. The case's id follows from its owner and from what the draft is called, so that nobody
 * can begin under the id of somebody's case.
 */
export function admitToOpen(account: Pick<Account, 'id' | 'name'>, lender: Lender, draft: string): CaseAdmission {
  return { to: 'case', case: caseOf(account, lender, draft), lender, seat: borrowerSeat(account), _admitted: admitted };
}

/** The id of the case that a draft is to become. */
export function caseOf(account: Pick<Account, 'id'>, lender: Pick<Lender, 'id'>, draft: string): string {
  return digestOf(`${account.id}:${lender.id}:${draft}`).slice(0, 32);
}

const borrowerSeat = ({ id, name }: Pick<Account, 'id' | 'name'>): Seat => ({ side: 'borrower', capacity: 'borrower', account: id, name });
