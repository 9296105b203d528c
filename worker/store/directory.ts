import { and, asc, desc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { accounts, attempts, begun, codes, invitations, lenders, mail, seats, sessions, staff } from '../../db/directory/schema.ts';
import type { Seat } from '../negotiation/seats.ts';
import type { Database } from './connect.ts';

/** The shared database: who people are and which doors are theirs. Knows nothing of what is said in a case. */

export type Account = typeof accounts.$inferSelect;
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
};

const lenderColumns = { id: lenders.id, slug: lenders.slug, name: lenders.name, url: lenders.url };

export function directory(db: Database) {
  return {
    /** One round trip: everything a request needs to know of its sender. `caseId` is '' where no case is asked for. */
    async visit(sessionId: string, caseId: string, now: string): Promise<Visit | null> {
      const mine = db.select({ account: sessions.account }).from(sessions).where(eq(sessions.id, sessionId));
      const [found, seated, membered] = await db.batch([
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
      ]);
      const [row] = found;
      return row ? { ...row, seat: seated[0] ?? null, memberships: membered } : null;
    },

    async accountByContact(contact: Contact): Promise<Account | null> {
      const [row] = await db.select().from(accounts).where(contactIs(contact));
      return row ?? null;
    },

    async account(id: string): Promise<Account | null> {
      const [row] = await db.select().from(accounts).where(eq(accounts.id, id));
      return row ?? null;
    },

    /** @throws a conflict where the contact is taken */
    addAccount: (account: typeof accounts.$inferInsert) => db.insert(accounts).values(account),

    setAccount: (id: string, changes: Partial<Pick<Account, 'password' | 'language' | 'confirmedAt' | 'name'>>) =>
      db.update(accounts).set(changes).where(eq(accounts.id, id)),

    /** A new one-time code; codes of the same purpose made before are no longer good. */
    addCode: (code: typeof codes.$inferInsert, letter: typeof mail.$inferInsert) =>
      db.batch([
        db.delete(codes).where(and(eq(codes.account, code.account), eq(codes.purpose, code.purpose))),
        db.insert(codes).values(code),
        db.insert(mail).values(letter),
      ]),

    /** Uses up one attempt at the live code of an account and returns it, or null where none is live or its attempts are used up. */
    async tryCode(account: string, purpose: 'confirm' | 'recover', now: string, limit: number) {
      const [row] = await db
        .update(codes)
        .set({ attempts: sql`${codes.attempts} + 1` })
        .where(
          and(
            eq(codes.account, account),
            eq(codes.purpose, purpose),
            isNull(codes.usedAt),
            gt(codes.expiresAt, now),
            lt(codes.attempts, limit),
          ),
        )
        .returning();
      return row ?? null;
    },

    async useCode(id: string, now: string): Promise<boolean> {
      const used = await db
        .update(codes)
        .set({ usedAt: now })
        .where(and(eq(codes.id, id), isNull(codes.usedAt)))
        .returning({ id: codes.id });
      return used.length > 0;
    },

    /** Counts an attempt in its window and returns how many there have been; a new window starts when the old one has ended. */
    async countAttempt(key: string, now: string, until: string): Promise<number> {
      const [row] = await db
        .insert(attempts)
        .values({ key, count: 1, until })
        .onConflictDoUpdate({
          target: attempts.key,
          set: {
            count: sql`CASE WHEN ${attempts.until} < ${now} THEN 1 ELSE ${attempts.count} + 1 END`,
            until: sql`CASE WHEN ${attempts.until} < ${now} THEN ${until} ELSE ${attempts.until} END`,
          },
        })
        .returning({ count: attempts.count });
      return row?.count ?? 1;
    },

    clearAttempts: (key: string) => db.delete(attempts).where(eq(attempts.key, key)),

    lenders: () => db.select(lenderColumns).from(lenders).orderBy(asc(lenders.name)),

    async lenderBySlug(slug: string): Promise<Lender | null> {
      const [row] = await db.select(lenderColumns).from(lenders).where(eq(lenders.slug, slug));
      return row ?? null;
    },

    addLender: (lender: typeof lenders.$inferInsert) => db.insert(lenders).values(lender),

    addStaff: (member: typeof staff.$inferInsert) => db.insert(staff).values(member).onConflictDoNothing(),

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

    /** Seats a person in a case; repeating it changes nothing. */
    addSeat: (seat: typeof seats.$inferInsert) => db.insert(seats).values(seat).onConflictDoNothing(),

    /** One round trip: the people of the borrower's side of some cases, and of a lender, with where they can be reached and in which language. */
    async peopleOf(caseIds: string[], lender: string) {
      const columns = { account: accounts.id, email: accounts.email, phone: accounts.phone, language: accounts.language };
      const [borrowers, members] = await db.batch([
        db
          .select({ ...columns, case: seats.case })
          .from(seats)
          .innerJoin(accounts, eq(accounts.id, seats.account))
          .where(inArray(seats.case, caseIds)),
        db.select(columns).from(staff).innerJoin(accounts, eq(accounts.id, staff.account)).where(eq(staff.lender, lender)),
      ]);
      return { borrowers, members };
    },

    addInvitation: (invitation: typeof invitations.$inferInsert) => db.insert(invitations).values(invitation),

    /** An invitation that can still be used, or that this account has used before, with its lender. Looking does not use it up. */
    async invitation(id: string, account: string, now: string) {
      const [row] = await db
        .select({ invitation: invitations, lender: lenderColumns })
        .from(invitations)
        .innerJoin(lenders, eq(lenders.id, invitations.lender))
        .where(and(eq(invitations.id, id), usable(account), gt(invitations.expiresAt, now)));
      return row ?? null;
    },

    /** Uses an invitation up: true for the one who was first, each time. */
    async useInvitation(id: string, account: string, now: string): Promise<boolean> {
      const used = await db
        .update(invitations)
        .set({ usedAt: now, usedBy: account })
        .where(and(eq(invitations.id, id), usable(account)))
        .returning({ id: invitations.id });
      return used.length > 0;
    },

    /** Adds letters to the outbox; one that is there already stays one. */
    async addMail(letters: (typeof mail.$inferInsert)[]): Promise<void> {
      if (letters.length > 0) await db.insert(mail).values(letters).onConflictDoNothing();
    },

    newestMail: (limit: number) => db.select().from(mail).orderBy(desc(mail.createdAt)).limit(limit),

    sessionsOf: (account: string) => db.select().from(sessions).where(eq(sessions.account, account)).orderBy(desc(sessions.createdAt)),
    addSession: (session: typeof sessions.$inferInsert) => db.insert(sessions).values(session),
    extendSession: (id: string, expiresAt: number) => db.update(sessions).set({ expiresAt }).where(eq(sessions.id, id)),
    endSession: (id: string) => db.delete(sessions).where(eq(sessions.id, id)),
    endSessionOf: (account: string, id: string) => db.delete(sessions).where(and(eq(sessions.id, id), eq(sessions.account, account))),
    endSessions: (account: string) => db.delete(sessions).where(eq(sessions.account, account)),
    endExpired: (now: number) => db.delete(sessions).where(lt(sessions.expiresAt, now)),
  };
}

export type Directory = ReturnType<typeof directory>;

/** Where a person can be reached: an e-mail address in lower case, or a mainland mobile number of 11 digits. */
export type Contact = { email: string } | { phone: string };

const usable = (account: string) => or(isNull(invitations.usedAt), eq(invitations.usedBy, account));

function contactIs(contact: Contact) {
  return 'email' in contact ? eq(accounts.email, contact.email) : eq(accounts.phone, contact.phone);
}

/** The admissions of a visit: the seat in the case asked for where there is one, else one for each membership. */
export function admissions(visit: Visit): Admission[] {
  const { account, seat, memberships } = visit;
  const person = { account: account.id, name: account.name };
  if (seat) return [{ lender: seat.lender, seat: { side: 'borrower', capacity: seat.capacity, ...person }, _admitted: admitted }];
  return memberships.map(({ lender, capacity }) => ({ lender, seat: { side: 'lender', capacity, ...person }, _admitted: admitted }));
}

/** Leave to open a case of one's own with a lender, or to take up an invitation to one: any confirmed person has it. */
export function admitBorrower(account: Pick<Account, 'id' | 'name'>, lender: Lender): Admission {
  return { lender, seat: { side: 'borrower', capacity: 'borrower', account: account.id, name: account.name }, _admitted: admitted };
}
