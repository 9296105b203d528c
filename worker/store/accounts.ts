import { and, desc, eq, gt, gte, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm';
import { accounts, attempts, challenges, codes, mail, secondContacts, sessions } from '../../db/directory/schema.ts';
import type { Contact } from '../contact.ts';
import { type Counted, countAttempt, type Paced, takeAttempt } from './attempts.ts';
import type { Database } from './connect.ts';
import { FIRST_CONTACT, toSecond } from './letters.ts';
import type { RowSeals } from './relied.ts';

/** People in the directory: accounts, their sessions, one-time codes, and attempts at both. */

export type Account = Omit<typeof accounts.$inferSelect, 'seal'>;
export type Code = Omit<typeof codes.$inferSelect, 'seal'>;
export type Session = Omit<typeof sessions.$inferInsert, 'seal'>;
/** Where news go beside the contact that somebody signs in with, and since when that is refused for good. */
export type SecondContact = Pick<typeof secondContacts.$inferSelect, 'contact' | 'refusedAt'>;
type Letter = typeof mail.$inferInsert;

/** The sizes of letters and targets: larger ones for who asks for them. */
export const SIZES = accounts.size.enumValues;
export type Size = (typeof SIZES)[number];

/** Where there is nothing to count, so that the statements are the same. */
const nothing = (now: string): Counted => ({ key: 'nothing', until: now });

/** The statement that adds a session. */
export const sessionAdded = (db: Database, { sealed }: RowSeals, session: Session) =>
  db.insert(sessions).values(sealed('session', session));

export function accountsIn(db: Database, seals: RowSeals) {
  const { sealed, held } = seals;
  const account = (contact: Contact) => db.select().from(accounts).where(contactIs(contact));

  return {
    async accountByContact(contact: Contact): Promise<Account | null> {
      const [row] = await account(contact);
      return held('account', row);
    },

    /** @throws a conflict where the contact is taken */
    addAccount: (added: Account) => db.insert(accounts).values(sealed('account', added)),

    setLanguage: (id: string, language: Account['language']) => db.update(accounts).set({ language }).where(eq(accounts.id, id)),

    setSize: (id: string, size: Size) => db.update(accounts).set({ size }).where(eq(accounts.id, id)),

    /**
     * One round trip before a password is looked at: takes the attempt, and brings who has the contact, or else the newest sign-up with it that
     * nobody has confirmed. `wait` is set where the attempt was not taken. The count of `all` is of attempts that were.
     */
    async tryPassword(tried: { pace: Paced; all: Counted | null; address: Counted | null; contact: Contact; about: string }, now: string) {
      const { pace, all, address, contact, about } = tried;
      const waits = sql`EXISTS (SELECT 1 FROM ${attempts} AS before WHERE before.key = ${pace.key} AND before.not_before > ${now} AND before.until >= ${now})`;
      const [fromAll, taken, pacing, fromAddress, found, begun] = await db.batch([
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
        wait: taken.length > 0 ? null : (pacing[0]?.notBefore ?? now),
        all: all ? (fromAll[0]?.count ?? 1) : 0,
        address: address ? (fromAddress[0]?.count ?? 1) : 0,
        account: held('account', found[0]),
        begun: held('code', begun[0]),
      };
    },

    /** One round trip after a right password: the session; the attempts that led to it no longer count. */
    signIn(session: Session, also: { pace: string; others: readonly string[]; endOthers: boolean; letter: Letter | null }) {
      return db.batch([
        newSession(session),
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
      return { counts: counted.map(([row]) => row?.count ?? 1), other: standing[0]?.count ?? 0, account: held('account', found[0]) };
    },

    /** An attempt that turned out right no longer counts. */
    takeBack: (key: string) => takenBack(key),

    clearAttempts: (key: string) => db.delete(attempts).where(eq(attempts.key, key)),

    /** A code with the letter that brings it (none where nobody has the contact); asked for again, it takes the place of the one before. */
    addCode(code: Omit<Code, 'attempts' | 'usedAt'>, letter: Letter | null) {
      const row = { ...sealed('code', { ...code, usedAt: null }), attempts: 0 };
      return db.batch([
        db.delete(mail).where(sql`${mail.id} = (SELECT letter FROM codes WHERE codes.id = ${code.id})`),
        db.insert(codes).values(row).onConflictDoUpdate({ target: codes.id, set: row }),
        ...(letter ? [db.insert(mail).values(letter)] : []),
      ]);
    },

    /** A code that was asked for, whether or not it is still good. */
    async code(id: string): Promise<Code | null> {
      const [row] = await db.select().from(codes).where(eq(codes.id, id));
      return held('code', row);
    },

    /**
     * One round trip before a typed code is looked at: uses up one attempt at it, and counts the guess for its contact, by the names in `by`
     * (each becomes a key with the contact's digest). The code is null where none is live; `account` is whose it is.
     */
    async tryCode(id: string, purpose: Code['purpose'], limit: number, by: readonly Counted[], now: string) {
      const about = sql`coalesce((SELECT about FROM codes WHERE id = ${id}), '')`;
      const [found, tried, ...counted] = await db.batch([
        db.select().from(accounts).where(sql`${accounts.id} = (SELECT account FROM codes WHERE codes.id = ${id})`),
        db
          .update(codes)
          .set({ attempts: sql`${codes.attempts} + 1` })
          .where(
            and(eq(codes.id, id), eq(codes.purpose, purpose), isNull(codes.usedAt), gt(codes.expiresAt, now), lt(codes.attempts, limit)),
          )
          .returning(),
        ...by.map(({ key, until }) => countAttempt(db, { key: sql`${`${key}:`} || ${about}`, until }, now)),
      ]);
      const code = held('code', tried[0]);
      const account = code && held('account', found[0]);
      // Whose it was is nobody that can be relied upon: then it is no code.
      return { code: code?.account && !account ? null : code, account, counts: counted.map(([row]) => row?.count ?? 1) };
    },

    /** Makes the account that a confirmed code stands for, with its first session. @throws a conflict where somebody has the contact by now */
    makeAccount(code: Code, made: Account, session: Session, now: string) {
      return db.batch([...used(code, now), db.insert(accounts).values(sealed('account', made)), newSession(session)]);
    },

    /** A session by a code, for who already gave the password. */
    signInByCode(code: Code, session: Session, now: string) {
      return db.batch([...used(code, now), newSession(session)]);
    },

    /** A person with a new password: every session ends but the new one, and the person is told. */
    changePassword(code: Code | null, account: Account, session: Session, letter: Letter, now: string) {
      const { id } = account;
      const { password, seal } = sealed('account', account);
      return db.batch([
        db.update(accounts).set({ password, seal }).where(eq(accounts.id, id)),
        ...(code ? used(code, now) : []),
        db.delete(sessions).where(eq(sessions.account, id)),
        newSession(session),
        db.insert(mail).values(letter),
      ]);
    },

    useCode: (code: Code, now: string) => db.batch(used(code, now)),

    /** The contact that a confirmed code was sent to is its person's second one, in place of any before; `letter` tells them at their first. */
    setSecondContact(account: string, code: Code, letter: Letter | null, now: string) {
      const row = sealed('secondContact', { account, contact: code.contact, since: now, refusedAt: null });
      const add = db.insert(secondContacts).values(row).onConflictDoUpdate({ target: secondContacts.account, set: row });
      return db.batch([...used(code, now), calledBack(account, code.contact), add, ...(letter ? [db.insert(mail).values(letter)] : [])]);
    },

    dropSecondContact: (account: string) =>
      db.batch([calledBack(account, ''), db.delete(secondContacts).where(eq(secondContacts.account, account))]),

    async sessionsOf(of: string) {
      const found = await db.select().from(sessions).where(eq(sessions.account, of)).orderBy(desc(sessions.createdAt));
      return found.filter((session) => held('session', session));
    },
    addSession: newSession,
    extendSession(session: Session, until: number) {
      const { expiresAt, factorAt, seal } = sealed('session', { ...session, expiresAt: until });
      return db.update(sessions).set({ expiresAt, factorAt, seal }).where(eq(sessions.id, session.id));
    },
    endSession: (id: string) => db.delete(sessions).where(eq(sessions.id, id)),
    endSessionOf: (of: string, id: string) => db.delete(sessions).where(and(eq(sessions.id, id), eq(sessions.account, of))),
    endSessions: (of: string) => db.delete(sessions).where(eq(sessions.account, of)),
    endExpired: (now: number) => db.delete(sessions).where(lt(sessions.expiresAt, now)),

    /** What is of no more use goes: codes a day after they were asked for, letters with codes when those end, counts when their windows have. */
    sweep: (now: string, dayBefore: string) =>
      db.batch([
        // One that was tried in vain stays without what it said, for who sees to it that letters arrive.
        db
          .update(mail)
          .set({ body: '', params: '{}', deadAt: sql`coalesce(${mail.deadAt}, ${now})`, fault: sql`coalesce(${mail.fault}, 'time')` })
          .where(and(lt(mail.expiresAt, now), isNull(mail.sentAt), gt(mail.attempts, 0))),
        db.delete(mail).where(and(lt(mail.expiresAt, now), or(isNotNull(mail.sentAt), eq(mail.attempts, 0)))),
        db.delete(codes).where(lt(codes.createdAt, dayBefore)),
        db.delete(attempts).where(lt(attempts.until, now)),
        db.delete(challenges).where(lt(challenges.expiresAt, now)),
        db.delete(sessions).where(lt(sessions.expiresAt, Date.parse(now))),
      ]),
  };

  function newSession(session: Session) {
    return sessionAdded(db, seals, session);
  }

  /** News that wait to go to somebody's second contact go to the first: it may be somebody else's by now. @param kept the contact that it is from now on */
  function calledBack(account: string, kept: string) {
    return db
      .update(mail)
      .set({ recipient: FIRST_CONTACT })
      .where(and(eq(mail.account, account), isNull(mail.sentAt), toSecond, ne(mail.recipient, kept)));
  }

  function takenBack(key: string) {
    return db
      .update(attempts)
      .set({ count: sql`max(0, ${attempts.count} - 1)` })
      .where(eq(attempts.key, key));
  }

  /** A code is used up, and the letter that brought it goes. */
  function used(code: Code, now: string) {
    const { usedAt, password, seal } = sealed('code', { ...code, usedAt: now, password: null });
    return [
      db.update(codes).set({ usedAt, password, seal }).where(eq(codes.id, code.id)),
      db.delete(mail).where(eq(mail.id, code.letter ?? '')),
    ] as const;
  }
}

function contactIs(contact: Contact) {
  return 'email' in contact ? eq(accounts.email, contact.email) : eq(accounts.phone, contact.phone);
}
