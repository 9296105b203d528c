import { and, desc, eq, gt, lt, sql } from 'drizzle-orm';
import { attempts, beginnings, wanted } from '../../db/directory/schema.ts';
import { digestOf } from '../record/digest.ts';
import { type Counted, countAttempt } from './attempts.ts';
import type { Database } from './connect.ts';
import { lockedBy } from './locked.ts';

/**
 * What people have begun before they have an account. Who begins holds a random token; the directory knows its digest, and what was typed is encrypted with
 * a key that follows from the token itself (HKDF, AES-256-GCM), so that nobody reads it but by their cookie.
 */

/** Drafts that one visitor keeps. */
const MAX_BEGINNINGS = 3;

/** A draft of a visitor, as it was typed, with the id of its lender; null where that is not here. */
export type Beginning = { about: string; lender: string | null; content: unknown; updatedAt: string };

export function beginningsIn(db: Database) {
  const mine = (token: string, about: string) => and(eq(beginnings.owner, digestOf(token)), eq(beginnings.about, about));

  return {
    /** What the holder of a token has begun, newest first. What cannot be read with it is not theirs. */
    async list(token: string, now: string): Promise<Beginning[]> {
      const rows = await db
        .select()
        .from(beginnings)
        .where(and(eq(beginnings.owner, digestOf(token)), gt(beginnings.expiresAt, now)))
        .orderBy(desc(beginnings.updatedAt));
      if (rows.length === 0) return [];
      const { unlock } = await lockOf(token);
      const read = await Promise.all(
        rows.map(async ({ about, lender, content, updatedAt }) => ({
          about,
          lender,
          content: await unlock(boundTo({ about, lender }), content),
          updatedAt,
        })),
      );
      return read.filter(({ content }) => content !== null);
    },

    /**
     * One round trip: saves a draft; a new one counts for the place from which it comes. False where the visitor has as many as one keeps, or the place has
     * begun as many as one does.
     */
    async save(token: string, draft: Beginning & { expiresAt: string }, place: Counted & { most: number }): Promise<boolean> {
      const { about, lender, updatedAt, expiresAt } = draft;
      const owner = digestOf(token);
      const content = await (await lockOf(token)).lock(boundTo(draft), draft.content);
      const known = sql`EXISTS (SELECT 1 FROM ${beginnings} WHERE owner = ${owner} AND about = ${about})`;
      const own = sql`(SELECT count(*) FROM ${beginnings} WHERE owner = ${owner})`;
      const begun = sql`(SELECT coalesce(max(count), 0) FROM ${attempts} WHERE key = ${place.key})`;
      const [, saved] = await db.batch([
        countAttempt(db, place, updatedAt, sql`CASE WHEN ${known} THEN 0 ELSE 1 END`),
        db.all<{ about: string }>(sql`INSERT INTO beginnings (owner, about, lender, content, updated_at, expires_at)
          SELECT ${owner}, ${about}, ${lender}, ${content}, ${updatedAt}, ${expiresAt}
          WHERE ${known} OR (${own} < ${MAX_BEGINNINGS} AND ${begun} <= ${place.most})
          ON CONFLICT (owner, about) DO UPDATE SET lender = excluded.lender, content = excluded.content,
            updated_at = excluded.updated_at, expires_at = excluded.expires_at
          RETURNING about`),
      ]);
      return saved.length > 0;
    },

    drop: (token: string, about: string) => db.delete(beginnings).where(mine(token, about)),

    /** What nobody came back to goes. */
    sweep: (now: string) => db.delete(beginnings).where(lt(beginnings.expiresAt, now)),

    /** Counts that somebody looked for a lender which is not there. */
    want: (name: string, now: string, place: Counted & { most: number }) =>
      db.batch([
        countAttempt(db, place, now),
        db.run(sql`INSERT INTO wanted (name, count, first_at, last_at) SELECT ${name}, 1, ${now}, ${now}
          WHERE (SELECT count FROM ${attempts} WHERE key = ${place.key}) <= ${place.most}
          ON CONFLICT (name) DO UPDATE SET count = count + 1, last_at = excluded.last_at`),
      ]),

    /** Lenders that people looked for, the most wanted first. */
    wanted: () => db.select().from(wanted).orderBy(desc(wanted.count), desc(wanted.lastAt)),
  };
}

/** What the ciphertext is bound to: what the draft is called, and the lender into whose casebook it will go. */
const boundTo = ({ about, lender }: Pick<Beginning, 'about' | 'lender'>) => JSON.stringify([about, lender]);

const lockOf = (token: string) => lockedBy(token, 'beginning');
