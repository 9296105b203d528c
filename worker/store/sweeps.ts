import { and, eq, ne, sql } from 'drizzle-orm';
import { sweeps } from '../../db/directory/schema.ts';
import { instant, later, MINUTE } from '../clock.ts';
import type { Database } from './connect.ts';
import { isFree } from './lease.ts';
import { instantIn } from './lists.ts';

/**
 * Whose turn it is with which lender, for the schedule. A piece of a lender's work is taken for a minute, so that two at once do not do the same; whoever is killed in the middle
 * lets go by that. What is done is the same however often it is done: a lease spares work, and nothing rests on it.
 */

/** How long a piece has its lender, in milliseconds: longer than one is to take. */
const TAKEN_FOR = MINUTE;

/** How the schedule stands with a lender; null for what has not come to pass. `failures` are pieces that failed one after the other, by `fault`. */
export type Swept = {
  sweptAt: string | null;
  begunAt: string | null;
  failures: number;
  failedAt: string | null;
  fault: string | null;
};

/** How a piece ended: `place` is up to where its round has come, null where that is over. `fault` is why not all of it was done. */
export type Ended = { place: string | null; fault: string | null };

export function sweepsIn(db: Database) {
  const mine = (lender: string, holder: string) => and(eq(sweeps.lender, lender), eq(sweeps.holder, holder));

  return {
    /** One statement: takes a lender for a minute; null where somebody has it. `place` is up to where the round has come, null where none has begun. */
    async takeSweep(lender: string, holder: string): Promise<{ place: string | null } | null> {
      const now = instant();
      const until = later(now, TAKEN_FOR);
      const [taken] = await db
        .insert(sweeps)
        .values({ lender, holder, until, begunAt: now })
        .onConflictDoUpdate({
          target: sweeps.lender,
          set: { holder, until, begunAt: sql`coalesce(${sweeps.begunAt}, ${now})` },
          setWhere: sql`${sweeps.holder} IS NULL OR ${isFree(sweeps.until, now, until)}`,
        })
        .returning({ place: sweeps.place });
      return taken ?? null;
    },

    /** Lets go of a lender and notes how the piece ended, unless somebody else has it by now. A round of which a piece failed has not come to its end by its last one. */
    endSweep(lender: string, holder: string, { place, fault }: Ended) {
      const now = instant();
      const isWhole = place === null && fault === null;
      return db
        .update(sweeps)
        .set({
          holder: null,
          place,
          begunAt: place === null ? null : sql`${sweeps.begunAt}`,
          sweptAt: isWhole
            ? sql`CASE WHEN ${sweeps.failedAt} >= ${sweeps.begunAt} THEN ${sweeps.sweptAt} ELSE ${now} END`
            : sql`${sweeps.sweptAt}`,
          ...(fault === null ? { failures: 0 } : { failures: sql`${sweeps.failures} + 1`, failedAt: now, fault }),
        })
        .where(mine(lender, holder));
    },

    /** How the schedule stands with a lender. What is no instant was written by somebody else, and is none. */
    async sweepOf(lender: string): Promise<Swept> {
      const [row] = await db.select().from(sweeps).where(eq(sweeps.lender, lender));
      return {
        sweptAt: instantIn(row?.sweptAt),
        begunAt: instantIn(row?.begunAt),
        failures: Number(row?.failures) || 0,
        failedAt: instantIn(row?.failedAt),
        fault: row?.fault ?? null,
      };
    },

    /** The lenders whose last piece failed, by their ids. */
    async failingSweeps(): Promise<Set<string>> {
      const rows = await db.select({ lender: sweeps.lender }).from(sweeps).where(ne(sweeps.failures, 0));
      return new Set(rows.map(({ lender }) => lender));
    },

    /** Where a portal starts nobody has any lender: whoever did has ended. */
    freeSweeps: () => db.update(sweeps).set({ holder: null }),
  };
}
