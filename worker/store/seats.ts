import { and, desc, eq, gt, inArray, isNull, lt, lte, ne, or, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { accounts, invitations, lenders, seats, secondContacts, staff, told } from '../../db/directory/schema.ts';
import { type Contact, contactText } from '../contact.ts';
import { type Employed, postOf, reach } from '../negotiation/seats.ts';
import type { Database } from './connect.ts';
import { addedWhere, type NewLetter } from './letters.ts';
import { ask, prepared } from './prepared.ts';
import type { RowSeals } from './relied.ts';
import type { staffIn } from './staff.ts';

/** Who sits where, in the directory: seats, staff, and invitations to both. Its triggers hold that nobody sits on both sides. */

type New<Row> = Omit<Row, 'seal'>;

export type Invitation = typeof invitations.$inferSelect;
/** An invitation with the lender that it is from. */
export type Invited = { invitation: Invitation; lender: typeof lenders.$inferSelect };

/** A seat that has not ended. What no more stands opens nothing, is told nothing and is listed nowhere: every query of seats asks this. */
export const stands = (now: string | Placeholder) => or(isNull(seats.until), gt(seats.until, now));

/** `cases` is a list of ids as JSON: however many they are, it is one statement. */
const seatedIn = prepared(['cases', 'now'], (db, at) =>
  db
    .select({ seat: seats, account: accounts, choices: told.choices, second: secondContacts })
    .from(seats)
    .innerJoin(accounts, eq(accounts.id, seats.account))
    .leftJoin(told, eq(told.account, accounts.id))
    .leftJoin(secondContacts, eq(secondContacts.account, accounts.id))
    .where(and(sql`${seats.case} IN (SELECT value FROM json_each(${at.cases}))`, stands(at.now))),
);
const staffOf = prepared(['lender'], (db, at) =>
  db
    .select({ member: staff, account: accounts, choices: told.choices, second: secondContacts })
    .from(staff)
    .innerJoin(accounts, eq(accounts.id, staff.account))
    .leftJoin(told, eq(told.account, accounts.id))
    .leftJoin(secondContacts, eq(secondContacts.account, accounts.id))
    .where(eq(staff.lender, at.lender)),
);

/** @param noted the statement that notes a deed of a lender's people, where something holds */
export function seatsIn(db: Database, { sealed, held }: RowSeals, noted: ReturnType<typeof staffIn>['noted']) {
  return {
    /** The ids of the lenders for whom a person works. */
    async employersOf(account: string): Promise<string[]> {
      const employed = await db.select().from(staff).where(eq(staff.account, account));
      return employed.filter((member) => held('staff', member)).map(({ lender }) => lender);
    },

    /** @throws {@link isBothSides} where the person has a seat of a borrower with the lender */
    addStaff: (member: New<typeof staff.$inferInsert>) => db.insert(staff).values(sealed('staff', member)).onConflictDoNothing(),

    /** Whether somebody with this contact works for the lender. */
    async isStaff(contact: Contact, lender: string): Promise<boolean> {
      const text = contactText(contact);
      const found = await db
        .select({ account: staff.account })
        .from(staff)
        .innerJoin(accounts, eq(accounts.id, staff.account))
        .where(and(eq(staff.lender, lender), or(eq(accounts.email, text), eq(accounts.phone, text))));
      return found.length > 0;
    },

    /** Seats a person in a case; repeating it changes nothing. @throws {@link isBothSides} where the person or the contact is of the lender's staff */
    addSeat: (seat: New<typeof seats.$inferInsert>) => db.insert(seats).values(sealed('seat', seat)).onConflictDoNothing(),

    /** Ends a seat. @param before only one that stood by then, where it is given: who was seated anew since stays */
    dropSeat: (account: string, caseId: string, before?: string) =>
      db
        .delete(seats)
        .where(and(eq(seats.account, account), eq(seats.case, caseId), before === undefined ? undefined : lte(seats.since, before))),

    /** Ends every seat in a case that stood by then: whoever had taken the borrower's place is out, with all whom they brought. */
    dropSeats: (caseId: string, before: string) => db.delete(seats).where(and(eq(seats.case, caseId), lte(seats.since, before))),

    /**
     * One round trip, all or nothing: seats somebody beside the borrower whom the record has taken in, in the place of one of theirs that was before, and uses the
     * invitation up. What drops an earlier seat, late, passes this one by, as it is newer. Repeating it changes nothing. @throws {@link isBothSides}
     */
    async takePlace(
      invitation: Invitation & { case: string },
      account: string,
      place: Pick<typeof seats.$inferInsert, 'capacity' | 'scope' | 'until'>,
      now: string,
    ): Promise<void> {
      const { case: of, lender, contact } = invitation;
      await db.batch([
        usedBy(invitation, account, now).use,
        db
          .delete(seats)
          .where(and(eq(seats.account, account), eq(seats.case, of), or(lte(seats.until, now), ne(seats.capacity, 'borrower')))),
        db
          .insert(seats)
          .values(sealed('seat', { account, case: of, lender, contact, since: now, ...place }))
          .onConflictDoNothing(),
      ]);
    },

    /** One round trip: the people of the borrower's side of some cases, and of a lender, with where they can be reached and in which language. */
    async peopleOf(caseIds: string[], lender: string, now: string) {
      const [seated, employed] = await ask(db.send, seatedIn({ cases: JSON.stringify(caseIds), now }), staffOf({ lender }));
      const borrowers = seated.filter(({ seat, account }) => held('seat', seat) && held('account', account));
      // Who writes nothing is not told that something waits for them.
      const members = employed.filter(
        ({ member, account }) => reach(member.capacity, 'speak') !== 'never' && held('staff', member) && held('account', account),
      );
      const reached = ({ account, choices, second }: Pick<(typeof seated)[number], 'account' | 'choices' | 'second'>) => ({
        account: account.id,
        email: account.email,
        phone: account.phone,
        language: account.language,
        choices,
        second: held('secondContact', second ?? undefined),
      });
      return {
        borrowers: borrowers.map(({ seat, ...person }) => ({ case: seat.case, capacity: seat.capacity, ...reached(person) })),
        members: members.map(({ member, account, choices, second }) => ({
          ...reached({ account, choices, second }),
          name: account.name,
          capacity: member.capacity,
          team: member.team,
          origin: member.via ?? account.id,
        })),
      };
    },

    /** One round trip: who works for a lender now, by account. */
    async colleagues(lender: string): Promise<ReadonlyMap<string, Employed>> {
      const [employed] = await ask(db.send, staffOf({ lender }));
      const working = employed.filter(({ member, account }) => held('staff', member) && held('account', account));
      return new Map(
        working.map(({ member: { capacity, team, via }, account: { id, name } }) => [
          id,
          { account: id, name, capacity, team, origin: via ?? id },
        ]),
      );
    },

    /** Adds an invitation and its letter; one that is there already is sent to nobody again. */
    addInvitation(invitation: New<typeof invitations.$inferInsert>, letter: NewLetter | null = null) {
      const add = db.insert(invitations).values(sealed('invitation', invitation)).onConflictDoNothing();
      if (!letter) return db.batch([add]);
      // The letter first: that the invitation is new can be seen only before it is there.
      const send = addedWhere(db, letter, sql`NOT EXISTS (SELECT 1 FROM invitations WHERE id = ${invitation.id})`);
      return db.batch([send, add]);
    },

    /** The same for many, in few round trips. */
    async addInvitations(all: readonly { invitation: New<typeof invitations.$inferInsert>; letter: NewLetter }[]): Promise<void> {
      const [first, ...others] = all.flatMap(({ invitation, letter }) => [
        addedWhere(db, letter, sql`NOT EXISTS (SELECT 1 FROM invitations WHERE id = ${invitation.id})`),
        db.insert(invitations).values(sealed('invitation', invitation)).onConflictDoNothing(),
      ]);
      if (first) await db.batch([first, ...others]);
    },

    /** Invitations of borrowers to some cases that nobody has used and that still can be, with the contact to which each went. */
    async invitedTo(cases: readonly string[], now: string): Promise<{ id: string; case: string; contact: string }[]> {
      const rows = await db
        .select()
        .from(invitations)
        .where(
          and(
            sql`${invitations.case} IN (SELECT value FROM json_each(${JSON.stringify(cases)}))`,
            eq(invitations.capacity, 'borrower'),
            isNull(invitations.usedAt),
            gt(invitations.expiresAt, now),
          ),
        );
      return rows.flatMap((row) =>
        held('invitation', row) && row.case !== null && row.contact !== null ? [{ id: row.id, case: row.case, contact: row.contact }] : [],
      );
    },

    /** Every contact of the lender's people: none of them is a borrower's there. */
    async contactsOfStaff(lender: string): Promise<Set<string>> {
      const [employed] = await ask(db.send, staffOf({ lender }));
      return new Set(employed.flatMap(({ account: { email, phone } }) => [email, phone].filter((one) => one !== null)));
    },

    /** The contacts of those invitations to a case in a capacity that nobody has used, the newest first. */
    async invitedAs(caseId: string, capacity: Invitation['capacity']): Promise<string[]> {
      const rows = await db
        .select()
        .from(invitations)
        .where(and(eq(invitations.case, caseId), eq(invitations.capacity, capacity), isNull(invitations.usedAt)))
        .orderBy(desc(invitations.createdAt))
        .limit(100);
      return rows.flatMap((row) => (held('invitation', row) && row.contact !== null ? [row.contact] : []));
    },

    /** Forgets whom links beside a borrower or between the sides were sent to, where nobody used them and they expired before an instant. Of a borrower's and the lender's people the desk tells. */
    forgetInvitations: (before: string) =>
      db
        .delete(invitations)
        .where(
          and(inArray(invitations.capacity, ['representative', 'mediator']), isNull(invitations.usedAt), lt(invitations.expiresAt, before)),
        ),

    /** An invitation that can still be used, or that this account has used before, with its lender. Looking does not use it up. */
    async invitation(id: string, account: string, now: string): Promise<Invited | null> {
      const [row] = await db
        .select({ invitation: invitations, lender: lenders })
        .from(invitations)
        .innerJoin(lenders, eq(lenders.id, invitations.lender))
        .where(and(eq(invitations.id, id), usable(account), gt(invitations.expiresAt, now)));
      return row && held('invitation', row.invitation) && held('lender', row.lender) ? row : null;
    },

    /**
     * One round trip, all or nothing: uses an invitation up and gives the borrower's seat of its case to the account. `taken` for the one who was
     * first, `kept` for who has that seat already, each time; a case has one borrower. Who represents somebody in the case, or whose seat there has
     * ended, comes to none by it. @throws {@link isBothSides}
     */
    async useInvitation(invitation: Invitation & { case: string }, account: string, now: string): Promise<'taken' | 'kept' | null> {
      const { case: of, lender, contact } = invitation;
      const seat = sealed('seat', { account, case: of, lender, capacity: 'borrower', scope: null, contact, since: now, until: null });
      const free = sql`NOT EXISTS (SELECT 1 FROM ${seats} WHERE ${seats.case} = ${of} AND ${seats.capacity} = 'borrower' AND ${seats.account} <> ${account} AND ${stands(now)})`;
      const other = sql`EXISTS (SELECT 1 FROM ${seats} WHERE ${seats.case} = ${of} AND ${seats.account} = ${account} AND NOT (${seats.capacity} = 'borrower' AND ${stands(now)}))`;
      const { use, isUsed } = usedBy(invitation, account, now, sql`${free} AND NOT ${other}`);
      const [used, seated] = await db.batch([
        use,
        db.all<{ case: string }>(sql`INSERT INTO seats (account, "case", lender, capacity, contact, since, seal)
          SELECT ${account}, ${of}, ${lender}, ${seat.capacity}, ${contact}, ${now}, ${seat.seal}
          WHERE ${isUsed} ON CONFLICT DO NOTHING RETURNING "case"`),
      ]);
      if (used.length === 0) return null;
      return seated.length > 0 ? 'taken' : 'kept';
    },

    /**
     * One round trip: the borrower's seat of a case for who has shown, without an invitation, that it is theirs. `taken` for the one who was first, `kept` for who has that
     * seat already; null where somebody else has it, or the person another one there. @throws {@link isBothSides}
     */
    async claimSeat(
      of: string,
      lender: string,
      { id: account, contact }: { id: string; contact: string },
      now: string,
    ): Promise<'taken' | 'kept' | null> {
      const seat = sealed('seat', { account, case: of, lender, capacity: 'borrower', scope: null, contact, since: now, until: null });
      const free = sql`NOT EXISTS (SELECT 1 FROM ${seats} WHERE ${seats.case} = ${of} AND ${seats.capacity} = 'borrower' AND ${stands(now)})`;
      const [seated, mine] = await db.batch([
        db.all<{ case: string }>(sql`INSERT INTO seats (account, "case", lender, capacity, contact, since, seal)
          SELECT ${account}, ${of}, ${lender}, ${seat.capacity}, ${contact}, ${now}, ${seat.seal}
          WHERE ${free} ON CONFLICT DO NOTHING RETURNING "case"`),
        db
          .select()
          .from(seats)
          .where(and(eq(seats.account, account), eq(seats.case, of), eq(seats.capacity, 'borrower'), stands(now))),
      ]);
      if (seated.length > 0) return 'taken';
      return mine.some((row) => held('seat', row)) ? 'kept' : null;
    },

    /** Uses an invitation up and makes the account one of the lender's staff: all or nothing, with what is to be told of it. @throws {@link isBothSides} */
    async takePost(
      invitation: Invitation,
      { id: account, name }: { id: string; name: string },
      deed: string,
      now: string,
    ): Promise<boolean> {
      const { lender, via } = invitation;
      const capacity = postOf(invitation.capacity);
      if (capacity === null) return false;
      const member = sealed('staff', { account, lender, capacity, since: now, via });
      const { use, isUsed } = usedBy(invitation, account, now, isNull(invitations.usedAt));
      const seat = { side: 'lender', capacity, account, name } as const;
      const act = { kind: 'staff.joined', content: { member: { account, name }, capacity } } as const;
      const isNew = sql`NOT EXISTS (SELECT 1 FROM staff WHERE account = ${account} AND lender = ${lender})`;
      const [used, , , there] = await db.batch([
        use,
        noted({ id: deed, lender, at: now, seat, act }, sql`${isUsed} AND ${isNew}`),
        db.run(sql`INSERT INTO staff (account, lender, capacity, since, via, seal)
          SELECT ${account}, ${lender}, ${capacity}, ${now}, ${via}, ${member.seal} WHERE ${isUsed} ON CONFLICT DO NOTHING`),
        db.all<{ account: string }>(sql`SELECT account FROM staff WHERE account = ${account} AND lender = ${lender}`),
      ]);
      // Sent twice, it leads to the desk twice. Who has left since comes back by a new invitation alone.
      return used.length > 0 || there.length > 0;
    },
  };

  /** What uses an invitation up, as it was read, where it still can be; and in the same batch after it, whether it did. */
  function usedBy(invitation: Invitation, account: string, now: string, also?: SQL) {
    const { id } = invitation;
    const row = sealed('invitation', { ...invitation, usedAt: now, usedBy: account });
    const use = db
      .update(invitations)
      .set({ usedAt: now, usedBy: account, seal: row.seal })
      .where(and(eq(invitations.id, id), usable(account), also))
      .returning({ id: invitations.id });
    return { use, isUsed: sql`EXISTS (SELECT 1 FROM invitations WHERE id = ${id} AND used_by = ${account} AND used_at = ${now})` };
  }
}

const usable = (account: string) => or(isNull(invitations.usedAt), eq(invitations.usedBy, account));

/** Whether something was refused because it would have put one person on both sides of a lender's cases. */
export function isBothSides(thrown: unknown): boolean {
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) if (at.message.includes('nobody sits on both sides')) return true;
  return false;
}
