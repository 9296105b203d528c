import { and, asc, eq, lt, sql } from 'drizzle-orm';
import { accounts, attempts, challenges, factors, mail, passkeys, sessions, spareCodes } from '../../db/directory/schema.ts';
import { type Session, sessionAdded } from './accounts.ts';
import { type Paced, takeAttempt } from './attempts.ts';
import type { Database } from './connect.ts';
import { addedWhere, type NewLetter } from './letters.ts';
import type { RowSeals } from './relied.ts';

/** Second factors in the directory. What is good once is used up in one statement each, so that of two requests at once one has it. */

type Letter = typeof mail.$inferInsert;
type Challenge = Omit<typeof challenges.$inferInsert, 'seal'>;
export type KeptPasskey = Omit<typeof passkeys.$inferSelect, 'seal'>;

/** How many passkeys a person has at most. */
export const MOST_PASSKEYS = 10;

export function factorsIn(db: Database, seals: RowSeals) {
  const { sealed, held } = seals;
  return {
    /** Takes an attempt at a person's second factor before it is looked at; until when they have to wait, where it was not taken. */
    async takeFactorAttempt(pace: Paced, now: string): Promise<string | null> {
      const [taken, pacing] = await db.batch([
        takeAttempt(db, pace, now),
        db.select({ notBefore: attempts.notBefore }).from(attempts).where(eq(attempts.key, pace.key)),
      ]);
      return taken.length > 0 ? null : (pacing[0]?.notBefore ?? now);
    },

    /** Uses up the code of a step: false where it, or that of a later one, was used before. */
    async useStep(account: string, step: number): Promise<boolean> {
      const used = await db
        .update(factors)
        .set({ lastStep: step })
        .where(and(eq(factors.account, account), lt(factors.lastStep, step)))
        .returning({ account: factors.account });
      return used.length > 0;
    },

    /** Uses up a spare code by its digest: false where it was used before, or is none of this person's. */
    async useSpareCode(account: string, id: string): Promise<boolean> {
      const used = await db
        .delete(spareCodes)
        .where(and(eq(spareCodes.id, id), eq(spareCodes.account, account)))
        .returning();
      return used.filter((row) => held('spareCode', row)).length > 0;
    },

    async spareCodesLeft(account: string): Promise<number> {
      const left = await db.select().from(spareCodes).where(eq(spareCodes.account, account));
      return left.filter((row) => held('spareCode', row)).length;
    },

    /** The session of who has given their second factor, in place of the one in which it was asked for; the tries that led to it no longer count. */
    signInByFactor: (session: Session, instead: string, pace: string) =>
      db.batch([
        sessionAdded(db, seals, session),
        db.delete(sessions).where(eq(sessions.id, instead)),
        db.delete(attempts).where(eq(attempts.key, pace)),
      ]),

    /** Notes that the person has given their second factor once more in this session. */
    noteFactor(session: Session, at: string) {
      const { expiresAt, factorAt, seal } = sealed('session', { ...session, factorAt: at });
      return db.update(sessions).set({ expiresAt, factorAt, seal }).where(eq(sessions.id, session.id));
    },

    /** A person's second factor, with the step of the code by which it was set up. False where they have one already: nothing was done then. */
    async addFactor(factor: Omit<typeof factors.$inferInsert, 'seal'>): Promise<boolean> {
      const added = await db.insert(factors).values(sealed('factor', factor)).onConflictDoNothing().returning();
      return added.length > 0;
    },

    /** One round trip after a factor was set up: its spare codes; every session ends but the new one, and the person is told. */
    signInBySetUp: (session: Session, codes: readonly string[], since: string, letter: Letter) =>
      db.batch([
        ...newCodes(session.account, codes, since),
        db.delete(sessions).where(eq(sessions.account, session.account)),
        sessionAdded(db, seals, session),
        db.insert(mail).values(letter),
      ]),

    /** One round trip: a person is without a second factor again, and told so. `signOut`: their sessions end, too. */
    dropFactor: (account: string, letter: Letter, { signOut }: { signOut: boolean }) =>
      db.batch([
        db.delete(factors).where(eq(factors.account, account)),
        db.delete(spareCodes).where(eq(spareCodes.account, account)),
        db.delete(passkeys).where(eq(passkeys.account, account)),
        ...(signOut ? [db.delete(sessions).where(eq(sessions.account, account))] : []),
        db.insert(mail).values(letter),
      ]),

    /** Everybody who has set up a second factor, with its secret as it is stored: for the page of a development machine. */
    async peopleWithFactors() {
      const found = await db
        .select({ factor: factors, account: accounts })
        .from(factors)
        .innerJoin(accounts, eq(accounts.id, factors.account));
      return found.flatMap(({ factor, account }) =>
        held('factor', factor) && held('account', account) ? [{ account, secret: factor.secret }] : [],
      );
    },

    /** New spare codes in place of all there were. */
    changeSpareCodes: (account: string, codes: readonly string[], since: string) => db.batch(newCodes(account, codes, since)),

    /** A person's passkeys, the oldest first. */
    async passkeysOf(account: string): Promise<KeptPasskey[]> {
      const found = await db.select().from(passkeys).where(eq(passkeys.account, account)).orderBy(asc(passkeys.since), asc(passkeys.id));
      return found.filter((row) => held('passkey', row));
    },

    /** What a passkey is to sign next in a session, in place of what it was to sign before; and the passkeys of the person. */
    async challenge(challenge: Challenge, account: string): Promise<KeptPasskey[]> {
      const row = sealed('challenge', challenge);
      const [, found] = await db.batch([
        db
          .insert(challenges)
          .values(row)
          .onConflictDoUpdate({ target: [challenges.session, challenges.purpose], set: row }),
        db.select().from(passkeys).where(eq(passkeys.account, account)).orderBy(asc(passkeys.since), asc(passkeys.id)),
      ]);
      return found.filter((row) => held('passkey', row));
    },

    /** Uses up what a passkey was to sign in a session: null where there is nothing, or its time is over. And the passkey of this person by its id. */
    async useChallenge({ session, purpose }: Pick<Challenge, 'session' | 'purpose'>, account: string, id: string, now: string) {
      const [used, found] = await db.batch([
        db
          .delete(challenges)
          .where(and(eq(challenges.session, session), eq(challenges.purpose, purpose)))
          .returning(),
        db
          .select()
          .from(passkeys)
          .where(and(eq(passkeys.id, id), eq(passkeys.account, account))),
      ]);
      const challenge = held('challenge', used[0]);
      const passkey = held('passkey', found[0]);
      return { challenge: challenge && challenge.expiresAt > now ? challenge.challenge : null, passkey };
    },

    /** Notes that a passkey was used for the `counter`th time: false where it was used so often, or oftener, before. */
    async usePasskey(account: string, id: string, counter: number, now: string): Promise<boolean> {
      const used = await db
        .update(passkeys)
        .set({ counter, usedAt: now })
        .where(
          and(eq(passkeys.id, id), eq(passkeys.account, account), counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter)),
        )
        .returning({ id: passkeys.id });
      return used.length > 0;
    },

    /** One more passkey of who has a second factor, and they are told; false where somebody has this key, or they have as many as there may be. */
    async addPasskey(passkey: Omit<KeptPasskey, 'usedAt'>, letter: NewLetter): Promise<boolean> {
      const row = sealed('passkey', { ...passkey, usedAt: null });
      const [added] = await db.batch([
        db.run(sql`INSERT INTO passkeys (id, account, public_key, algorithm, transports, name, since, counter, seal)
          SELECT ${row.id}, ${row.account}, ${row.publicKey}, ${row.algorithm}, ${row.transports}, ${row.name}, ${row.since}, ${row.counter}, ${row.seal}
          WHERE EXISTS (SELECT 1 FROM factors WHERE account = ${row.account})
            AND (SELECT count(*) FROM passkeys WHERE account = ${row.account}) < ${MOST_PASSKEYS}
          ON CONFLICT DO NOTHING RETURNING id`),
        addedWhere(db, letter, sql`EXISTS (SELECT 1 FROM passkeys WHERE id = ${row.id} AND seal = ${row.seal})`),
      ]);
      return added.rows.length > 0;
    },

    /** A passkey of a person is gone, and they are told; false where they have no such one. */
    async dropPasskey(account: string, id: string, letter: NewLetter): Promise<boolean> {
      const theirs = and(eq(passkeys.id, id), eq(passkeys.account, account));
      const there = sql`EXISTS (SELECT 1 FROM passkeys WHERE id = ${id} AND account = ${account})`;
      const [, dropped] = await db.batch([addedWhere(db, letter, there), db.delete(passkeys).where(theirs).returning({ id: passkeys.id })]);
      return dropped.length > 0;
    },
  };

  function newCodes(account: string, codes: readonly string[], since: string) {
    const rows = codes.map((id) => sealed('spareCode', { id, account, since }));
    return [db.delete(spareCodes).where(eq(spareCodes.account, account)), db.insert(spareCodes).values(rows)] as const;
  }
}
