import { and, asc, desc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { accounts, begun, invitations, lenders, mail, seats, sessions, staff } from '../../db/directory/schema.ts';
import type { Seat } from '../negotiation/seats.ts';
import { type Account, accountsIn } from './accounts.ts';
import { type Counted, countAttempt } from './attempts.ts';
import type { Database } from './connect.ts';
import { lenderColumns, seatsIn } from './seats.ts';

export type { Account, Contact } from './accounts.ts';

/** The shared database: who people are and which doors are theirs. Knows nothing of what is said in a case. */

export type Lender = Pick<typeof lenders.$inferSelect, 'id' | 'slug' | 'name' | 'url'>;
export type Membership = { lender: Lender; capacity: (typeof staff.$inferSelect)['capacity'] };

/** Leave to enter one lender's casebook, and in which capacity. Only this file makes one: code that holds it has been let in. */
export type Admission = { readonly lender: Lender; readonly seat: Seat; readonly _admitted: typeof admitted };
const admitted: unique symbol = Symbol('admitted');

/** What one round trip to the directory tells of a request: the session, the person, their seat in the case asked for, their memberships. */
export type Visit = {
  session: typeof sessions.$inferSelect;
  account: Account;
  seat: { lender: Lender; capacity: (typeof seats.$inferSelect)['capacity'] } | null;
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
          .select({ lender: lenderColumns, capacity: seats.capacity })
          .from(seats)
          .innerJoin(lenders, eq(lenders.id, seats.lender))
          .where(and(eq(seats.account, sql`(${mine})`), eq(seats.case, caseId), or(isNull(seats.until), gt(seats.until, now)))),
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

    /** One round trip: the seats of a person and the lenders with whom they have begun a case. */
    async ownOf(account: string) {
      const [seated, started] = await db.batch([
        db
          .select({ case: seats.case, lender: lenderColumns })
          .from(seats)
          .innerJoin(lenders, eq(lenders.id, seats.lender))
          .where(eq(seats.account, account)),
        db.select(lenderColumns).from(begun).innerJoin(lenders, eq(lenders.id, begun.lender)).where(eq(begun.account, account)),
      ]);
      return { seats: seated, begun: started };
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

/** The admissions of a visit: the seat in the case asked for where there is one, else one for each membership. */
export function admissions(visit: Omit<Visit, 'proofs'>): Admission[] {
  const { account, seat, memberships } = visit;
  const person = { account: account.id, name: account.name };
  if (seat) return [{ lender: seat.lender, seat: { side: 'borrower', capacity: seat.capacity, ...person }, _admitted: admitted }];
  return memberships.map(({ lender, capacity }) => ({ lender, seat: { side: 'lender', capacity, ...person }, _admitted: admitted }));
}

/** Leave to open a case of one's own with a lender, or to take up an invitation to one: any confirmed person has it. */
export function admitBorrower(account: Pick<Account, 'id' | 'name'>, lender: Lender): Admission {
  return { lender, seat: { side: 'borrower', capacity: 'borrower', account: account.id, name: account.name }, _admitted: admitted };
}
