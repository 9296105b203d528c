import { and, desc, eq, gt, gte, isNull, lt, ne, sql } from 'drizzle-orm';
import { accounts, attempts, codes, mail, sessions } from '../../db/directory/schema.ts';
import type { Contact } from '../contact.ts';
import { type Counted, countAttempt, type Paced, takeAttempt } from './attempts.ts';
import type { Database } from './connect.ts';

/** People in the directory: accounts, their sessions, one-time codes, and attempts at both. */

export type Account = typeof accounts.$inferSelect;
export type Code = typeof codes.$inferSelect;
export type Session = typeof sessions.$inferInsert;
type Letter = typeof mail.$inferInsert;

/** Where there is nothing to count, so that the statements are the same. */
const nothing = (now: string): Counted => ({ key: 'nothing', until: now });

export function accountsIn(db: Database) {
  const account = (contact: Contact) => db.select().from(accounts).where(contactIs(contact));

  return {
    async accountByContact(contact: Contact): Promise<Account | null> {
      const [row] = await account(contact);
      return row ?? null;
    },

    async account(id: string): Promise<Account | null> {
      const [row] = await db.select().from(accounts).where(eq(accounts.id, id));
      return row ?? null;
    },

    /** @throws a conflict where the contact is taken */
    addAccount: (added: typeof accounts.$inferInsert) => db.insert(accounts).values(added),

    setLanguage: (id: string, language: Account['language']) => db.update(accounts).set({ language }).where(eq(accounts.id, id)),

    /**
     * One round trip before a password is looked at: takes the attempt, and brings who has the contact, or else the newest sign-up with it that
     * nobody has confirmed. `wait` is set where the attempt was not taken. The count of `all` is of attempts that were.
     */
    async tryPassword(tried: { pace: Paced; all: Counted | null; address: Counted | null; contact: Contact; about: string }, now: string) {
      const { pace, all, address, contact, about } = tried;
      const waits = sql`EXISTS (SELECT 1 FROM ${attempts} AS before WHERE before.key = ${pace.key} AND before.not_before > ${now} AND before.until >= ${now})`;
      const [fromAll, taken, held, fromAddress, found, begun] = await db.batch([
        countAttempt(db, all ?? nothing(now), now, sql`CASE WHEN ${waits} THEN 0 ELSE 1 END`),
        takeAttempt(db, pace, now),
        db.select({ notBefore: attempts.notBefore }).from(attempts).where(eq(attempts.key, pace.key)),
        countAttempt(db, address ?? nothing(now), now),
        account(contact),
        db
          .select()
          .from(codes)
          .where(and(eq(codes.about, about), eq(codes.purpose, 'sign-up'), isNull(codes.usedAt)))
          .orderBy(desc(codes.createdAt))
          .limit(1),
      ]);
      return {
        wait: taken.length > 0 ? null : (held[0]?.notBefore ?? now),
        all: all ? (fromAll[0]?.count ?? 1) : 0,
        address: address ? (fromAddress[0]?.count ?? 1) : 0,
        account: found[0] ?? null,
        begun: begun[0] ?? null,
      };
    },

    /** One round trip after a right password: the session; the attempts that led to it no longer count. */
    signIn(session: Session, also: { pace: string; others: readonly string[]; endOthers: boolean; letter: Letter | null }) {
      return db.batch([
        db.insert(sessions).values(session),
        ...(also.endOthers ? [db.delete(sessions).where(and(eq(sessions.account, session.account), ne(sessions.id, session.id)))] : []),
        db.delete(attempts).where(eq(attempts.key, also.pace)),
        ...also.others.map((key) => takenBack(key)),
        ...(also.letter ? [db.insert(mail).values(also.letter)] : []),
      ]);
    },

    /** Counts an attempt at each key and brings who has a contact, and what stands at another key: one round trip. */
    async countAttempts(keys: readonly Counted[], other: string, contact: Contact, now: string) {
      const [found, standing, ...counted] = await db.batch([
        account(contact),
        db
          .select({ count: attempts.count })
          .from(attempts)
          .where(and(eq(attempts.key, other), gte(attempts.until, now))),
        ...keys.map((key) => countAttempt(db, key, now)),
      ]);
      return { counts: counted.map(([row]) => row?.count ?? 1), other: standing[0]?.count ?? 0, account: found[0] ?? null };
    },

    /** An attempt that turned out right no longer counts. */
    takeBack: (key: string) => takenBack(key),

    clearAttempts: (key: string) => db.delete(attempts).where(eq(attempts.key, key)),

    /** A code with the letter that brings it (none where nobody has the contact); asked for again, it takes the place of the one before. */
    addCode(code: typeof codes.$inferInsert, letter: Letter | null) {
      const { id, hash, createdAt, expiresAt } = code;
      return db.batch([
        db.delete(mail).where(sql`${mail.id} = (SELECT letter FROM codes WHERE codes.id = ${id})`),
        db
          .insert(codes)
          .values(code)
          .onConflictDoUpdate({ target: codes.id, set: { hash, createdAt, expiresAt, letter: code.letter ?? null, attempts: 0 } }),
        ...(letter ? [db.insert(mail).values(letter)] : []),
      ]);
    },

    /** A code that was asked for, whether or not it is still good. */
    async code(id: string): Promise<Code | null> {
      const [row] = await db.select().from(codes).where(eq(codes.id, id));
      return row ?? null;
    },

    /**
     * One round trip before a typed code is looked at: uses up one attempt at it, and counts the guess for its contact, by the names in `by`
     * (each becomes a key with the contact's digest). The code is null where none is live.
     */
    async tryCode(id: string, purpose: Code['purpose'], limit: number, by: readonly Counted[], now: string) {
      const about = sql`coalesce((SELECT about FROM codes WHERE id = ${id}), '')`;
      const [tried, ...counted] = await db.batch([
        db
          .update(codes)
          .set({ attempts: sql`${codes.attempts} + 1` })
          .where(
            and(eq(codes.id, id), eq(codes.purpose, purpose), isNull(codes.usedAt), gt(codes.expiresAt, now), lt(codes.attempts, limit)),
          )
          .returning(),
        ...by.map(({ key, until }) => countAttempt(db, { key: sql`${`${key}:`} || ${about}`, until }, now)),
      ]);
      return { code: tried[0] ?? null, counts: counted.map(([row]) => row?.count ?? 1) };
    },

    /** Makes the account that a confirmed code stands for, with its first session. @throws a conflict where somebody has the contact by now */
    makeAccount(code: Code, made: typeof accounts.$inferInsert, session: Session, now: string) {
      return db.batch([...used(code, now), db.insert(accounts).values(made), db.insert(sessions).values(session)]);
    },

    /** A session by a code, for who already gave the password. */
    signInByCode(code: Code, session: Session, now: string) {
      return db.batch([...used(code, now), db.insert(sessions).values(session)]);
    },

    /** A new password: every session ends but the new one, and the person is told. */
    changePassword(code: Code | null, id: string, password: string, session: Session, letter: Letter, now: string) {
      return db.batch([
        db.update(accounts).set({ password }).where(eq(accounts.id, id)),
        ...(code ? used(code, now) : []),
        db.delete(sessions).where(eq(sessions.account, id)),
        db.insert(sessions).values(session),
        db.insert(mail).values(letter),
      ]);
    },

    useCode: (code: Code, now: string) => db.batch(used(code, now)),

    sessionsOf: (of: string) => db.select().from(sessions).where(eq(sessions.account, of)).orderBy(desc(sessions.createdAt)),
    addSession: (session: Session) => db.insert(sessions).values(session),
    extendSession: (id: string, expiresAt: number) => db.update(sessions).set({ expiresAt }).where(eq(sessions.id, id)),
    endSession: (id: string) => db.delete(sessions).where(eq(sessions.id, id)),
    endSessionOf: (of: string, id: string) => db.delete(sessions).where(and(eq(sessions.id, id), eq(sessions.account, of))),
    endSessions: (of: string) => db.delete(sessions).where(eq(sessions.account, of)),
    endExpired: (now: number) => db.delete(sessions).where(lt(sessions.expiresAt, now)),

    /** What is of no more use goes: codes a day after they were asked for, letters with codes when those end, counts when their windows have. */
    sweep: (now: string, dayBefore: string) =>
      db.batch([
        db.delete(mail).where(lt(mail.expiresAt, now)),
        db.delete(codes).where(lt(codes.createdAt, dayBefore)),
        db.delete(attempts).where(lt(attempts.until, now)),
        db.delete(sessions).where(lt(sessions.expiresAt, Date.parse(now))),
      ]),
  };

  function takenBack(key: string) {
    return db
      .update(attempts)
      .set({ count: sql`max(0, ${attempts.count} - 1)` })
      .where(eq(attempts.key, key));
  }

  /** A code is used up, and the letter that brought it goes. */
  function used({ id, letter }: Code, now: string) {
    return [
      db.update(codes).set({ usedAt: now, password: null }).where(eq(codes.id, id)),
      db.delete(mail).where(eq(mail.id, letter ?? '')),
    ] as const;
  }
}

function contactIs(contact: Contact) {
  return 'email' in contact ? eq(accounts.email, contact.email) : eq(accounts.phone, contact.phone);
}
