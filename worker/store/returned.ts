import { and, eq, gt, lt, sql } from 'drizzle-orm';
import { attempts, returned } from '../../db/directory/schema.ts';
import { digestOf } from '../record/digest.ts';
import { type Counted, countAttempt } from './attempts.ts';
import type { Database } from './connect.ts';
import { lockedBy } from './locked.ts';

/** Forms that came back: what was typed in them, kept for minutes under a token of who typed it, for the page that shows it. */

/** Forms that are kept for one token; the oldest goes for the next. */
const MOST_FORMS = 5;
/** What one may hold, in characters of its ciphertext. Addresses stand here as digests: that of an invitation holds what opens it. */
const MOST_CONTENT = 300_000;

const lockOf = (token: string) => lockedBy(token, 'returned form');

export function returnedIn(db: Database) {
  const mine = (token: string, about: string) => and(eq(returned.owner, digestOf(token)), eq(returned.about, digestOf(about)));

  return {
    /** One round trip: what is shown at an address; null where there is nothing, or what there is cannot be read with the token. */
    async read(token: string, about: string, now: string): Promise<unknown> {
      const [found] = await db
        .select()
        .from(returned)
        .where(and(mine(token, about), gt(returned.expiresAt, now)));
      return found ? (await lockOf(token)).unlock(about, found.content) : null;
    },

    /**
     * One round trip: keeps what is shown at an address, in the place of what was shown there before. False where it is too large; or, of who has no session
     * (`place`), where as many came from there as may.
     */
    async keep(
      token: string,
      { about, content, at, expiresAt }: { about: string; content: unknown; at: string; expiresAt: string },
      place: (Counted & { most: number }) | null,
    ): Promise<boolean> {
      const locked = await (await lockOf(token)).lock(about, content);
      if (locked.length > MOST_CONTENT) return false;
      const owner = digestOf(token);
      const isFew = place ? sql`(SELECT coalesce(max(count), 0) FROM ${attempts} WHERE key = ${place.key}) <= ${place.most}` : sql`1`;
      const kept = db.all<{ about: string }>(sql`INSERT INTO returned (owner, about, content, at, expires_at)
        SELECT ${owner}, ${digestOf(about)}, ${locked}, ${at}, ${expiresAt} WHERE ${isFew}
        ON CONFLICT (owner, about) DO UPDATE SET content = excluded.content, at = excluded.at, expires_at = excluded.expires_at
        RETURNING about`);
      const older = db.run(sql`DELETE FROM returned WHERE owner = ${owner} AND about NOT IN
        (SELECT about FROM returned WHERE owner = ${owner} ORDER BY at DESC LIMIT ${MOST_FORMS})`);
      const rows = place ? (await db.batch([countAttempt(db, place, at), kept, older]))[1] : (await db.batch([kept, older]))[0];
      return rows.length > 0;
    },

    drop: (token: string, about: string) => db.delete(returned).where(mine(token, about)),

    sweep: (now: string) => db.delete(returned).where(lt(returned.expiresAt, now)),
  };
}
