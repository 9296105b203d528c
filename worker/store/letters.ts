import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, like, lt, ne, not, or, type SQL, sql } from 'drizzle-orm';
import { accounts, type FAULTS, mail, secondContacts, told } from '../../db/directory/schema.ts';
import { DAY, later, MINUTE } from '../clock.ts';
import { LANGUAGES } from '../plan/languages.ts';
import { batches } from './batches.ts';
import type { Database } from './connect.ts';
import { ask, prepared } from './prepared.ts';

/** The outbox of the directory: letters wait here until they have left. */

export type StoredLetter = typeof mail.$inferSelect;
/** A letter as it is composed. */
export type NewLetter = Omit<typeof mail.$inferInsert, 'sentAt' | 'attempts' | 'deadAt' | 'fault'>;
export type Fault = (typeof FAULTS)[number];

/** A letter that was taken, as whoever took it knows it again: by then nobody else has taken it. */
type Taken = Pick<StoredLetter, 'id' | 'attempts'>;

/** What of a letter is not there by itself. */
const NOTHING_MORE = { expiresAt: null, account: null, lender: null, about: null, replyTo: null, unsubscribe: null, nextAt: '' } as const;

const addLetter = prepared(
  [
    'id',
    'recipient',
    'subject',
    'body',
    'createdAt',
    'expiresAt',
    'language',
    'template',
    'params',
    'urgency',
    'account',
    'lender',
    'about',
    'replyTo',
    'unsubscribe',
    'nextAt',
  ],
  (db, at) => db.insert(mail).values(at).onConflictDoNothing(),
);

/** A letter with all of its columns. */
const whole = (letter: NewLetter) => ({ ...NOTHING_MORE, language: LANGUAGES[0], template: 'news', params: '{}', urgency: 2, ...letter });

/** The statement that adds a letter where something holds in the same transaction. */
export function addedWhere(db: Database, letter: NewLetter, when: SQL) {
  const { id, recipient, subject, body, createdAt, expiresAt, language, template, params, urgency, account, lender, nextAt } =
    whole(letter);
  return db.run(sql`INSERT INTO mail (id, recipient, subject, body, created_at, expires_at, language, template, params, urgency, account, lender, next_at)
    SELECT ${id}, ${recipient}, ${subject}, ${body}, ${createdAt}, ${expiresAt}, ${language}, ${template}, ${params}, ${urgency}, ${account}, ${lender}, ${nextAt}
    WHERE ${when}`);
}

/** The statement that adds a letter; one that is there already stays one. */
const added = (letter: NewLetter) => addLetter(whole(letter));

/** The contact by which whoever a letter is of signs in. */
export const FIRST_CONTACT = sql`coalesce((SELECT coalesce(email, phone) FROM accounts WHERE accounts.id = ${mail.account}), ${mail.recipient})`;

/** Whether a letter of news is on its way to the second contact of whose it is. */
export const toSecond = and(
  isNotNull(mail.about),
  eq(mail.recipient, sql`(SELECT contact FROM second_contacts WHERE second_contacts.account = ${mail.account})`),
);

/** The urgency of news, and of what is gathered for a day. */
const NEWS_FROM = 2;

const waits = and(isNull(mail.sentAt), isNull(mail.deadAt));
/** So long a letter waits at the most: for the letter of a day, then for the hours in which its reader is reached. */
const LONGEST_WAIT = 3 * DAY;
/** Whether a letter's time has come: also where it waits longer than any does, as a clock that was ahead wrote. */
const isDue = (now: string) => sql`(${mail.nextAt} <= ${now} OR ${mail.nextAt} > ${later(now, LONGEST_WAIT)})`;
/** An address has an @, a number has none. */
const isMail = like(mail.recipient, '%@%');

/**
 * Whether a letter is not one of news of a case of which its reader has had a letter in the last ten minutes, or is just getting one, or of which another is
 * to go first: it waits, and is joined by what comes meanwhile.
 */
const alone = (now: string) => sql`(${mail.about} IS NULL OR NOT EXISTS (SELECT 1 FROM ${mail} AS other
  WHERE other.account = ${mail.account} AND other.about = ${mail.about} AND other.id <> ${mail.id} AND other.template <> 'joined' AND other.dead_at IS NULL AND (
    other.sent_at > ${later(now, -10 * MINUTE)}
    OR other.sent_at IS NULL AND other.next_at > ${now} AND other.next_at <= ${later(now, LONGEST_WAIT)} AND other.attempts > 0
    OR other.sent_at IS NULL AND other.next_at <= ${now} AND (other.created_at, other.id) < (${mail.createdAt}, ${mail.id}))))`;

/** Which letters somebody takes: of which urgency, by which ways, and no more than so many. */
export type Wanted = { urgencies: readonly number[]; byMail: boolean; byText: boolean; most: number };

export function lettersIn(db: Database) {
  const whose = (recipient: string) => db.select({ id: accounts.id }).from(accounts).where(eq(accounts.email, recipient));
  const own = ({ id, attempts }: Taken) => and(eq(mail.id, id), eq(mail.attempts, attempts), waits);

  return {
    /** Adds letters to the outbox. */
    async addMail(letters: readonly NewLetter[]): Promise<void> {
      for (const some of batches(letters.map((letter) => [added(letter)]))) await ask(db.send, ...some.flat());
    },

    /** The newest letters, without those whose code is of no more use. */
    newestMail: (limit: number, now: string = new Date().toISOString()) =>
      db
        .select()
        .from(mail)
        .where(or(isNull(mail.expiresAt), gt(mail.expiresAt, now)))
        .orderBy(desc(mail.createdAt))
        .limit(limit),

    /** One round trip: takes some letters that may go now, the most urgent first and of these the oldest. They are the taker's until `until`. */
    takeMail({ urgencies, byMail, byText, most }: Wanted, now: string, until: string): Promise<StoredLetter[]> {
      const ways = byMail && byText ? undefined : byMail ? isMail : not(isMail);
      const some = db
        .select({ id: mail.id })
        .from(mail)
        .where(
          and(
            waits,
            inArray(mail.urgency, [...urgencies]),
            isDue(now),
            or(isNull(mail.expiresAt), gt(mail.expiresAt, now)),
            ways,
            alone(now),
          ),
        )
        .orderBy(asc(mail.urgency), asc(mail.createdAt))
        .limit(most);
      return db
        .update(mail)
        .set({ attempts: sql`${mail.attempts} + 1`, nextAt: until })
        .where(inArray(mail.id, some))
        .returning();
    },

    /** News that may leave now and that nobody has taken yet, the oldest first. */
    newsToGo: (now: string, limit: number) =>
      db
        .select()
        .from(mail)
        .where(and(waits, gte(mail.urgency, NEWS_FROM), isDue(now), eq(mail.attempts, 0), isNotNull(mail.about), isNotNull(mail.account)))
        .orderBy(asc(mail.createdAt))
        .limit(limit),

    /**
     * All or nothing: letters become one, the first of them, which says from now on what all of them say; unless somebody has taken one of them by now.
     */
    async joinNews(
      first: StoredLetter,
      others: readonly StoredLetter[],
      said: Pick<StoredLetter, 'subject' | 'body' | 'params' | 'unsubscribe' | 'replyTo'>,
      now: string,
    ) {
      const ids = JSON.stringify([first, ...others].map(({ id }) => id));
      const all = sql`(SELECT count(*) FROM ${mail} AS one WHERE one.id IN (SELECT value FROM json_each(${ids}))
        AND one.attempts = 0 AND one.sent_at IS NULL AND one.dead_at IS NULL) = ${others.length + 1}`;
      await db.batch([
        db
          .update(mail)
          .set(said)
          .where(and(eq(mail.id, first.id), all)),
        // Those that are in it have left with it: who looks for them finds what they said.
        db
          .update(mail)
          .set({ sentAt: now, template: 'joined' })
          .where(
            and(
              inArray(
                mail.id,
                others.map(({ id }) => id),
              ),
              all,
            ),
          ),
      ]);
    },

    /** How somebody is told of news, as they chose. */
    async choicesOf(account: string): Promise<string | null> {
      const [row] = await db.select({ choices: told.choices }).from(told).where(eq(told.account, account));
      return row?.choices ?? null;
    },

    setChoices: (account: string, choices: string) =>
      db.insert(told).values({ account, choices }).onConflictDoUpdate({ target: told.account, set: { choices } }),

    /** A letter has left. Its address takes letters. */
    mailSent: ({ id, recipient }: Pick<StoredLetter, 'id' | 'recipient'>, now: string) =>
      db.batch([
        db
          .update(mail)
          .set({ sentAt: now, deadAt: null, fault: null })
          .where(and(eq(mail.id, id), isNull(mail.sentAt))),
        db
          .update(told)
          .set({ refusedAt: null })
          .where(and(isNotNull(told.refusedAt), inArray(told.account, whose(recipient)))),
        db
          .update(secondContacts)
          .set({ refusedAt: null })
          .where(and(isNotNull(secondContacts.refusedAt), eq(secondContacts.contact, recipient))),
      ]),

    /** For the operator: letters that may leave since before an instant and have not, and since when the first of them may; null where there are none. */
    async mailWaiting(before: string): Promise<{ count: number; since: string } | null> {
      const from = sql<string | null>`min(max(${mail.nextAt}, ${mail.createdAt}))`;
      const [found] = await db
        .select({ count: count(), since: from })
        .from(mail)
        .where(and(waits, lt(mail.nextAt, before), lt(mail.createdAt, before), or(isNull(mail.expiresAt), gt(mail.expiresAt, before))));
      return found?.since ? { count: found.count, since: found.since } : null;
    },

    /** A letter is taken again from `next` on. */
    mailPutOff: (letter: Taken, next: string) => db.update(mail).set({ nextAt: next }).where(own(letter)),

    /** Letters that were taken and not tried are there again, as if nobody had taken them. */
    async mailGivenBack(letters: readonly Taken[], next: string): Promise<void> {
      const [first, ...others] = letters.map((letter) =>
        db
          .update(mail)
          .set({ nextAt: next, attempts: letter.attempts - 1 })
          .where(own(letter)),
      );
      if (first) await db.batch([first, ...others]);
    },

    /**
     * A letter is given up. Where its address was refused, whoever has that address is told when they come next; what had gone to a second contact goes to the
     * first.
     */
    mailDead(letter: Taken & Pick<StoredLetter, 'recipient'>, fault: Fault, now: string) {
      const dead = db.update(mail).set({ deadAt: now, fault }).where(own(letter));
      if (fault !== 'address') return db.batch([dead]);
      const marks = db
        .select({
          account: accounts.id,
          refusedAt: sql<string | null>`${now}`.as('refused_at'),
          choices: sql<string | null>`NULL`.as('choices'),
        })
        .from(accounts)
        .where(eq(accounts.email, letter.recipient));
      return db.batch([
        // Nobody has taken it then, so that it is not given up by what follows.
        db
          .update(mail)
          .set({ recipient: FIRST_CONTACT, attempts: 0, nextAt: '' })
          .where(and(own(letter), toSecond, ne(mail.recipient, FIRST_CONTACT))),
        dead,
        db
          .insert(told)
          .select(marks)
          .onConflictDoUpdate({ target: told.account, set: { refusedAt: now } }),
        db.update(secondContacts).set({ refusedAt: now }).where(eq(secondContacts.contact, letter.recipient)),
      ]);
    },

    /** Letters that nobody could deliver since `since` are given up: two days have passed, or there is no way to their address. */
    async buryMail(since: string, { byMail, byText }: Pick<Wanted, 'byMail' | 'byText'>, now: string): Promise<void> {
      const old = and(waits, lt(mail.createdAt, since), isDue(now));
      const none = byMail && byText ? sql`0` : byMail ? not(isMail) : byText ? isMail : sql`1`;
      await db
        .update(mail)
        .set({ deadAt: now, fault: sql`CASE WHEN ${none} THEN 'no-way' ELSE 'time' END` })
        .where(old);
    },

    /** The letters that could not be delivered: of a lender, or of nobody's lender (null), newest first. */
    deadMail: (lender: string | null, limit: number) =>
      db
        .select()
        .from(mail)
        .where(and(isNotNull(mail.deadAt), lender === null ? isNull(mail.lender) : eq(mail.lender, lender)))
        .orderBy(desc(mail.deadAt))
        .limit(limit),

    async countDeadMail(lender: string): Promise<number> {
      const [found] = await db
        .select({ count: count() })
        .from(mail)
        .where(and(isNotNull(mail.deadAt), eq(mail.lender, lender)));
      return found?.count ?? 0;
    },

    /**
     * Letters that were given up are sent again, as if they had been written now: those that are named, or all of that lender's (null: nobody's lender's). Not
     * one whose code is of no more use. Tells how many there are.
     */
    async reviveMail(lender: string | null, id: string | null, now: string): Promise<number> {
      const theirs = lender === null ? isNull(mail.lender) : eq(mail.lender, lender);
      const revived = await db
        .update(mail)
        .set({ deadAt: null, fault: null, attempts: 0, nextAt: '', createdAt: now })
        .where(
          and(
            isNotNull(mail.deadAt),
            theirs,
            id === null ? undefined : eq(mail.id, id),
            or(isNull(mail.expiresAt), gt(mail.expiresAt, now)),
          ),
        )
        .returning({ id: mail.id });
      return revived.length;
    },

    /** What has left goes after a while; so does what could not be delivered. */
    forgetMail: (sentBefore: string, deadBefore: string) =>
      db.batch([db.delete(mail).where(lt(mail.sentAt, sentBefore)), db.delete(mail).where(lt(mail.deadAt, deadBefore))]),
  };
}
