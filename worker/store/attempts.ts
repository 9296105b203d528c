import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import { attempts } from '../../db/directory/schema.ts';
import type { Database } from './connect.ts';

/** Attempts, counted in the database in one statement each, so that requests sent at once are counted one after the other. */

/** A count of attempts in a window of time, which starts anew at the first one after `until`. */
export type Counted = { key: string; until: string };

/** A count of attempts after some of which the next has to wait: the instants until when, from the `free`th attempt on. */
export type Paced = Counted & { free: number; waits: readonly string[] };

/** Counts an attempt (by `add`) and returns how many there have been in the window; a new window starts when the old one has ended. */
export function countAttempt(
  db: Pick<Database, 'insert'>,
  { key, until }: { key: string | SQL; until: string | Placeholder },
  now: string | Placeholder,
  add: SQL = sql`1`,
) {
  return db
    .insert(attempts)
    .values({ key, count: add, until })
    .onConflictDoUpdate({
      target: attempts.key,
      set: {
        count: sql`CASE WHEN ${attempts.until} < ${now} THEN ${add} ELSE ${attempts.count} + ${add} END`,
        until: sql`CASE WHEN ${attempts.until} < ${now} THEN ${until} ELSE ${attempts.until} END`,
      },
    })
    .returning({ count: attempts.count });
}

/** Takes one attempt and returns its number; no row where one has to wait first. No two requests take the same attempt. */
export function takeAttempt(db: Database, { key, until, free, waits }: Paced, now: string) {
  const counted = sql`${attempts.count} + 1`;
  const steps = waits.map((wait, i) => sql`WHEN ${counted} = ${free + i} THEN ${wait} `);
  const wait = sql`CASE WHEN ${counted} < ${free} THEN NULL ${sql.join(steps)} ELSE ${waits.at(-1) ?? now} END`;
  const over = sql`${attempts.until} < ${now}`;
  return db
    .insert(attempts)
    .values({ key, count: 1, until })
    .onConflictDoUpdate({
      target: attempts.key,
      set: {
        count: sql`CASE WHEN ${over} THEN 1 ELSE ${counted} END`,
        notBefore: sql`CASE WHEN ${over} THEN NULL ELSE ${wait} END`,
        until,
      },
      setWhere: sql`${attempts.notBefore} IS NULL OR ${attempts.notBefore} <= ${now} OR ${over}`,
    })
    .returning({ count: attempts.count });
}
