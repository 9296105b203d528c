import { and, asc, eq, exists, gt, isNull, ne, not, type SQL, sql } from 'drizzle-orm';
import { accounts, acts, factors, invitations, sessions, staff } from '../../db/directory/schema.ts';
import type { ActDecided } from '../negotiation/lender/institution.ts';
import { postOf, type Seat } from '../negotiation/seats.ts';
import type { Account } from './accounts.ts';
import type { Database } from './connect.ts';
import { addedWhere, type NewLetter } from './letters.ts';
import type { RowSeals } from './relied.ts';

/**
 * A lender's people. Each change is one transaction that asks, as of that very moment, whether who makes it is still an administrator, whether it is still as
 * they saw it, and whether an administrator is left; in it stands what is to be told of it in the lender's own stream, which is in another database.
 */

export type Member = typeof staff.$inferSelect;

/** What was done, and by whom, as it will stand in the lender's own stream. */
export type Deed = { id: string; lender: string; at: string; seat: Seat; act: ActDecided };
export type StoredDeed = typeof acts.$inferSelect;

/** Why a change was not made. */
export type NotChanged = 'gone' | 'last' | 'may-not';

export function staffIn(db: Database, { sealed, held }: RowSeals) {
  const isMember = (account: string, lender: string) => and(eq(staff.account, account), eq(staff.lender, lender));
  const administers = (account: string, lender: string) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(staff)
        .where(and(isMember(account, lender), eq(staff.capacity, 'administrator'))),
    );
  const another = (account: string, lender: string) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(staff)
        .where(and(eq(staff.lender, lender), ne(staff.account, account), eq(staff.capacity, 'administrator'))),
    );
  /** The row is still the one that was seen. */
  const asSeen = ({ account, lender, seal }: Member) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(staff)
        .where(and(isMember(account, lender), sql`${staff.seal} IS ${seal}`)),
    );

  /** The statement that notes a deed where `when` holds: what else belongs to it asks whether it was noted. */
  function noted({ id, lender, at, seat, act }: Deed, when: SQL | undefined) {
    const row = sealed('act', { id, lender, at, actor: JSON.stringify(seat), act: JSON.stringify(act) });
    return db.all<{ id: string }>(sql`INSERT INTO acts (id, lender, at, actor, act, seal)
      SELECT ${row.id}, ${row.lender}, ${row.at}, ${row.actor}, ${row.act}, ${row.seal} WHERE ${when ?? sql`1`} RETURNING id`);
  }
  const wasNoted = ({ id }: Deed) => exists(db.select({ one: sql`1` }).from(acts).where(eq(acts.id, id)));

  /** Why nothing was noted, as it is now. */
  async function whyNot({ seat, lender }: Deed, seen: Member | null): Promise<NotChanged> {
    const [actor, row] = await db.batch([
      db.select().from(staff).where(isMember(seat.account, lender)),
      db
        .select()
        .from(staff)
        .where(isMember(seen?.account ?? '', lender)),
    ]);
    if (actor[0]?.capacity !== 'administrator') return 'may-not';
    return seen && row[0]?.seal === seen.seal ? 'last' : 'gone';
  }

  return {
    noted,

    /** One round trip: everybody who works for a lender, by name; and the invitations that can still be taken up. */
    async staffOf(lender: string, now: string) {
      const [found, sent] = await db.batch([
        db
          .select({ member: staff, account: accounts, factor: factors.account })
          .from(staff)
          .innerJoin(accounts, eq(accounts.id, staff.account))
          .leftJoin(factors, eq(factors.account, staff.account))
          .where(eq(staff.lender, lender))
          .orderBy(asc(accounts.name), asc(accounts.id)),
        db
          .select()
          .from(invitations)
          .where(and(eq(invitations.lender, lender), isNull(invitations.case), isNull(invitations.usedAt), gt(invitations.expiresAt, now)))
          .orderBy(asc(invitations.createdAt)),
      ]);
      return {
        members: found.flatMap(({ member, account, factor }) =>
          held('staff', member) && held('account', account) ? [{ member, account, hasFactor: factor !== null }] : [],
        ),
        invited: sent.flatMap((one) => {
          const capacity = postOf(one.capacity);
          return capacity !== null && held('invitation', one) ? [{ ...one, capacity }] : [];
        }),
      };
    },

    /** One of the staff as they stand, with their account; null where there is no such person. */
    async memberOf(lender: string, account: string): Promise<{ member: Member; account: Account; hasFactor: boolean } | null> {
      const [row] = await db
        .select({ member: staff, account: accounts, factor: factors.account })
        .from(staff)
        .innerJoin(accounts, eq(accounts.id, staff.account))
        .leftJoin(factors, eq(factors.account, staff.account))
        .where(isMember(account, lender));
      if (!row || !held('staff', row.member) || !held('account', row.account)) return null;
      return { member: row.member, account: row.account, hasFactor: row.factor !== null };
    },

    /** Another capacity or team for one of the staff, or that somebody vouches for them, from the next request on. */
    async changeMember(seen: Member, change: Partial<Pick<Member, 'capacity' | 'team' | 'via'>>, deed: Deed): Promise<NotChanged | null> {
      const { account, lender } = seen;
      const { capacity, team, via, seal } = sealed('staff', { ...seen, ...change });
      const keeps = capacity === 'administrator' || seen.capacity !== 'administrator' ? undefined : another(account, lender);
      const [told] = await db.batch([
        noted(deed, and(asSeen(seen), administers(deed.seat.account, lender), keeps)),
        db
          .update(staff)
          .set({ capacity, team, via, seal })
          .where(and(isMember(account, lender), wasNoted(deed))),
      ]);
      return told.length > 0 ? null : whyNot(deed, seen);
    },

    /**
     * Somebody works for the lender no more: they, all of their sessions, and invitations that are still open to any contact by which they are known here, in
     * the same transaction.
     */
    async endMember(seen: Member, deed: Deed): Promise<NotChanged | null> {
      const { account, lender } = seen;
      const keeps = seen.capacity === 'administrator' ? another(account, lender) : undefined;
      const [told] = await db.batch([
        noted(deed, and(asSeen(seen), administers(deed.seat.account, lender), keeps)),
        db.delete(staff).where(and(isMember(account, lender), wasNoted(deed))),
        db.delete(sessions).where(and(eq(sessions.account, account), wasNoted(deed))),
        db.run(sql`DELETE FROM invitations WHERE lender = ${lender} AND "case" IS NULL AND used_at IS NULL
          AND contact IN (SELECT email FROM accounts WHERE id = ${account} UNION SELECT phone FROM accounts WHERE id = ${account}
            UNION SELECT contact FROM invitations WHERE used_by = ${account}) AND ${wasNoted(deed)}`),
      ]);
      return told.length > 0 ? null : whyNot(deed, seen);
    },

    /** The second factor of one of the staff is gone, and their sessions with it. Not of who works elsewhere too: `elsewhere`. */
    async resetMember(seen: Member, deed: Deed, letter: NewLetter): Promise<NotChanged | 'elsewhere' | null> {
      const { account, lender } = seen;
      const elsewhere = exists(
        db
          .select({ one: sql`1` })
          .from(staff)
          .where(and(eq(staff.account, account), ne(staff.lender, lender))),
      );
      const [told, , , , , , there] = await db.batch([
        noted(deed, and(asSeen(seen), administers(deed.seat.account, lender), not(elsewhere))),
        db.delete(factors).where(and(eq(factors.account, account), wasNoted(deed))),
        db.run(sql`DELETE FROM spare_codes WHERE account = ${account} AND ${wasNoted(deed)}`),
        db.run(sql`DELETE FROM passkeys WHERE account = ${account} AND ${wasNoted(deed)}`),
        db.delete(sessions).where(and(eq(sessions.account, account), wasNoted(deed))),
        addedWhere(db, letter, wasNoted(deed)),
        db
          .select({ account: staff.account })
          .from(staff)
          .where(and(eq(staff.account, account), ne(staff.lender, lender))),
      ]);
      if (told.length > 0) return null;
      return there.length > 0 ? 'elsewhere' : whyNot(deed, seen);
    },

    /** Invites somebody to work for the lender; the same invitation again changes nothing. */
    async inviteMember(
      invitation: Omit<typeof invitations.$inferSelect, 'seal'>,
      deed: Deed,
      letter: NewLetter,
    ): Promise<NotChanged | null> {
      const row = sealed('invitation', invitation);
      const isNew = not(exists(db.select({ one: sql`1` }).from(invitations).where(eq(invitations.id, row.id))));
      const [told, , , there] = await db.batch([
        noted(deed, and(administers(deed.seat.account, row.lender), isNew)),
        addedWhere(db, letter, wasNoted(deed)),
        db.run(sql`INSERT INTO invitations (id, lender, contact, capacity, via, created_at, expires_at, seal)
          SELECT ${row.id}, ${row.lender}, ${row.contact}, ${row.capacity}, ${row.via}, ${row.createdAt}, ${row.expiresAt}, ${row.seal} WHERE ${wasNoted(deed)}`),
        db.select({ id: invitations.id }).from(invitations).where(eq(invitations.id, row.id)),
      ]);
      return told.length > 0 || there.length > 0 ? null : 'may-not';
    },

    /** Takes an invitation back that nobody has taken up. */
    async withdrawInvitation(id: string, deed: Deed): Promise<NotChanged | null> {
      const open = and(eq(invitations.id, id), eq(invitations.lender, deed.lender), isNull(invitations.usedAt));
      const [told] = await db.batch([
        noted(deed, and(administers(deed.seat.account, deed.lender), exists(db.select({ one: sql`1` }).from(invitations).where(open)))),
        db.delete(invitations).where(and(open, wasNoted(deed))),
      ]);
      return told.length > 0 ? null : whyNot(deed, null);
    },

    /** What is still to be told in a lender's own stream, oldest first. One that is not the portal's own is told nowhere. */
    async deeds(lender: string): Promise<StoredDeed[]> {
      const found = await db.select().from(acts).where(eq(acts.lender, lender)).orderBy(asc(acts.at), asc(acts.id)).limit(100);
      return found.filter((deed) => held('act', deed));
    },

    dropDeed: (id: string) => db.delete(acts).where(eq(acts.id, id)),
  };
}

/** Somebody of the staff as the lender's stream names them. */
export const named = ({ id, name }: Pick<Account, 'id' | 'name'>) => ({ account: id, name });
