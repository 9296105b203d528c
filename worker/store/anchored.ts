import { desc, type SQL, sql } from 'drizzle-orm';
import { anchored, checkpoints, heads } from '../../db/casebook/schema.ts';
import type { AnchoredHead, Leaf } from '../record/anchor.ts';
import type { Database } from './connect.ts';
import { ask, prepared } from './prepared.ts';

/** What a casebook knows of the lender's list of anchors: which of its heads are in it and where, and which are not yet. */

/** A head in the list: `position` is the index of its leaf, `n` the anchor that brought it. */
export type AnchoredRow = typeof anchored.$inferSelect;

/** The leaf that was anchored last. */
const newest = prepared([], (db) => db.select().from(anchored).orderBy(desc(anchored.position)).limit(1));

/**
 * The entry that a stream's newest anchored head names, where the record does not have it: its end was cut off, or another one was put in its place. `of` is the name
 * of the stream. Null where all is as it was anchored.
 */
export const strayedOf = (of: SQL) => sql<number | null>`(
  SELECT a.seq FROM anchored AS a
  WHERE a.position = (SELECT max(b.position) FROM anchored AS b WHERE b."case" = ${of})
    AND NOT EXISTS (SELECT 1 FROM entries AS e WHERE e."case" = a."case" AND e.seq = a.seq AND e.hash = a.hash))`;

/** Heads that wait, the oldest first. Those of a stream that is not as it was anchored wait until it is: what stands there is not to be vouched for. */
const waiting = prepared(['limit'], (db, at) =>
  db
    .select({ case: checkpoints.case, seq: checkpoints.seq, hash: checkpoints.hash })
    .from(heads)
    .innerJoin(checkpoints, sql`${checkpoints.case} = ${heads.case} AND ${checkpoints.seq} = ${heads.seq}`)
    .where(sql`${strayedOf(sql`${heads.case}`)} IS NULL`)
    .orderBy(sql`heads.rowid`)
    .limit(at.limit),
);

/** `rows` is a JSON list of `[position, case, seq, hash, salt, n]`. */
const addAnchored = prepared(['rows'], (db, at) =>
  db
    .insert(anchored)
    .select(sql`SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(${at.rows}) WHERE true`)
    .onConflictDoUpdate({
      target: anchored.position,
      set: { case: sql`excluded."case"`, seq: sql`excluded.seq`, hash: sql`excluded.hash`, salt: sql`excluded.salt`, n: sql`excluded.n` },
    }),
);
const dropHeads = prepared(['rows'], (db, at) =>
  db.delete(heads).where(
    sql`(${heads.case}, ${heads.seq}) IN (
      SELECT c."case", c.seq FROM json_each(${at.rows}) AS row
      JOIN checkpoints AS c ON c."case" = row.value ->> 1 AND c.seq = row.value ->> 2 AND c.hash = row.value ->> 3)`,
  ),
);

export function anchoredIn({ send }: Pick<Database, 'send'>) {
  return {
    /** One round trip: the leaf that was anchored last, as far as this casebook knows, and so many heads that wait. */
    async standing(limit: number): Promise<{ last: AnchoredRow | null; waiting: AnchoredHead[] }> {
      const [[last], found] = await ask(send, newest({}), waiting({ limit }));
      return { last: last ?? null, waiting: found };
    },

    /** One round trip: takes over what an anchor brought, from the position `from` on; repeating it changes nothing but what was changed from outside. */
    async take(n: number, from: number, leaves: readonly Leaf[]): Promise<void> {
      const rows = leaves.flatMap(({ salt, head }, i) => (head ? [[from + i, head.case, head.seq, head.hash, salt, n]] : []));
      await ask(send, addAnchored({ rows: JSON.stringify(rows) }), dropHeads({ rows: JSON.stringify(rows) }));
    },
  };
}
