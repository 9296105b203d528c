import { asc, desc, ne, type SQL, sql } from 'drizzle-orm';
import { anchored, cases, checkpoints, heads } from '../../db/casebook/schema.ts';
import type { Anchor, AnchoredHead } from '../record/anchor.ts';
import type { KeptLeaf } from './anchor-list.ts';
import type { Database } from './connect.ts';
import { ask, prepared } from './prepared.ts';

/** What a casebook knows of the lender's list of anchors: which of its heads are in it and where, and which are not yet. */

/** A head in the list: `position` is the index of its leaf, `n` the anchor that brought it. */
export type AnchoredRow = typeof anchored.$inferSelect;

/** A head that waits, with the instant of its checkpoint. */
export type WaitingHead = AnchoredHead & { at: string };

/** A stream that was taken as it stands by an anchor; `first` and `last` are the first and the last entry that were anchored and are missing, null where none is known to be. */
export type Untold = { position: number; case: string; anchor: number; first: number | null; last: number | null };

/** The leaf that was anchored last. */
const newest = prepared([], (db) => db.select().from(anchored).orderBy(desc(anchored.position)).limit(1));

/** What of a leaf was taken on purpose (`schema.ts`). */
const TAKEN = { not: 0, asItStands: 1, others: 2, asGone: 3 } as const;
const asGone = sql.raw(String(TAKEN.asGone));

/** Whether the record has not the entry that an anchored head names. */
const isMissing = sql`NOT EXISTS (SELECT 1 FROM entries AS e WHERE e."case" = a."case" AND e.seq = a.seq AND e.hash = a.hash)`;

/**
 * An entry that was anchored and that the record of a stream does not have: its end was cut off, or another one was put in its place. `of` is the name of the stream.
 * Looked at are the newest anchored head, and those that were found to be missing when they were last held against the record. Null where all is as it was anchored. What was there before
 * an anchor took it on purpose, as it stood or as gone, is not missed: what is begun anew where nothing was left goes on.
 */
export const strayedOf = (of: SQL) => sql<number | null>`coalesce(
  (SELECT a.seq FROM anchored AS a WHERE a.position = (SELECT max(b.position) FROM anchored AS b WHERE b."case" = ${of}) AND a.restored <> ${asGone} AND ${isMissing}),
  (SELECT a.seq FROM anchored AS a WHERE a."case" = ${of} AND a.missing = 1 AND a.restored <> ${asGone} AND ${isMissing}
    AND NOT EXISTS (SELECT 1 FROM anchored AS b WHERE b."case" = a."case" AND b.restored IN (1, ${asGone}) AND b.position > a.position) LIMIT 1))`;

/**
 * Whether nothing at all is left of the stream of a leaf `anchored`, and an anchor took just that: it began after what was put back. One that is gone since is missed, however often
 * others were set back on purpose.
 */
const isGone = sql`(NOT EXISTS (SELECT 1 FROM entries AS e WHERE e."case" = anchored."case")
  AND EXISTS (SELECT 1 FROM anchored AS b WHERE b.restored = ${asGone}
    AND b.position = (SELECT max(c.position) FROM anchored AS c WHERE c."case" = anchored."case")))`;

/** By which anchor a case that is not here any more was last taken down, and whether as gone, on purpose. */
const goneCase = prepared(['case'], (db, at) =>
  db
    .select({ n: anchored.n, restored: anchored.restored })
    .from(anchored)
    .where(sql`${anchored.case} = ${at.case} AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.id = ${anchored.case})`)
    .orderBy(desc(anchored.position))
    .limit(1),
);

/** Heads that wait, the oldest first. Those of a stream that is not as it was anchored wait until it is: what stands there is not to be vouched for. */
const waiting = prepared(['limit'], (db, at) =>
  db
    .select({ case: checkpoints.case, seq: checkpoints.seq, hash: checkpoints.hash, at: checkpoints.at })
    .from(heads)
    .innerJoin(checkpoints, sql`${checkpoints.case} = ${heads.case} AND ${checkpoints.seq} = ${heads.seq}`)
    .where(sql`${strayedOf(sql`${heads.case}`)} IS NULL`)
    .orderBy(sql`heads.rowid`)
    .limit(at.limit),
);

/** `rows` is a JSON list of `[position, case, seq, hash, salt, n, restored]`. */
const addAnchored = prepared(['rows'], (db, at) =>
  db
    .insert(anchored)
    .select(
      sql`SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
        NOT EXISTS (SELECT 1 FROM entries AS e WHERE e."case" = value ->> 1 AND e.seq = value ->> 2 AND e.hash = value ->> 3), value ->> 6
        FROM json_each(${at.rows}) WHERE true`,
    )
    .onConflictDoUpdate({
      target: anchored.position,
      set: {
        case: sql`excluded."case"`,
        seq: sql`excluded.seq`,
        hash: sql`excluded.hash`,
        salt: sql`excluded.salt`,
        n: sql`excluded.n`,
        missing: sql`excluded.missing`,
        restored: sql`excluded.restored`,
      },
    }),
);
const dropHeads = prepared(['rows'], (db, at) =>
  db.delete(heads).where(
    sql`(${heads.case}, ${heads.seq}) IN (
      SELECT c."case", c.seq FROM json_each(${at.rows}) AS row
      JOIN checkpoints AS c ON c."case" = row.value ->> 1 AND c.seq = row.value ->> 2 AND c.hash = row.value ->> 3)`,
  ),
);

/** Streams that are not as they were anchored, with the entry that is missed, by all that this casebook knows. */
const allStrayed = prepared([], (db) =>
  db
    .select({ case: anchored.case, seq: sql<number>`${strayedOf(sql`anchored."case"`)}` })
    .from(anchored)
    .groupBy(anchored.case)
    .having(sql`${strayedOf(sql`anchored."case"`)} IS NOT NULL AND NOT ${isGone}`),
);

/**
 * The streams that were taken as they stand and do not say so yet, each with the anchor and the entries that were anchored before it and are missing since the anchor by which
 * they were taken before.
 */
const untold = prepared(['from', 'limit'], (db, at) =>
  db
    .select({
      position: sql<number>`r.position`,
      case: sql<string>`r."case"`,
      anchor: sql<number>`r.n`,
      first: sql<number | null>`min(a.seq)`,
      last: sql<number | null>`max(a.seq)`,
    })
    .from(sql`anchored AS r`)
    .leftJoin(
      sql`anchored AS a`,
      sql`a."case" = r."case" AND a.position < r.position AND ${isMissing} AND NOT EXISTS (
        SELECT 1 FROM anchored AS b WHERE b."case" = r."case" AND b.restored = 1 AND b.position > a.position AND b.position < r.position)`,
    )
    .where(
      sql`r.restored > 0 AND r.restored = 1 AND r.position > ${at.from} AND NOT EXISTS (SELECT 1 FROM entries AS e
        WHERE e."case" = r."case" AND e.kind = 'custody.restored' AND (e.content IS NULL OR json_extract(e.content, '$.anchor') = r.n))`,
    )
    .groupBy(sql`r.position`)
    .orderBy(sql`r.position`)
    .limit(at.limit),
);

/** Of some leaves, as `rows` above, those that this casebook does not know so. */
const unknown = prepared(['rows'], (db, at) =>
  db
    .select({ case: sql<string>`value ->> 1`, seq: sql<number>`value ->> 2` })
    .from(sql`json_each(${at.rows})`)
    .where(
      sql`NOT EXISTS (SELECT 1 FROM anchored AS a WHERE a.position = value ->> 0 AND a."case" = value ->> 1 AND a.seq = value ->> 2
        AND a.hash = value ->> 3 AND a.salt = value ->> 4 AND a.n = value ->> 5 AND a.restored = value ->> 6)`,
    ),
);

/** Every case that is not closed: what was put back from a backup may have taken the end of any of them. */
const going = prepared([], (db) => db.select({ id: cases.id }).from(cases).where(ne(cases.stage, 'closed')));

/** The newest heads of some streams, the names of which are a JSON list, and of the one that was written last of all. */
const headsOf = prepared(['names'], (db, at) =>
  db
    .select({ case: checkpoints.case, seq: checkpoints.seq, hash: checkpoints.hash, at: checkpoints.at })
    .from(checkpoints)
    .where(
      sql`${checkpoints.seq} = (SELECT max(c.seq) FROM checkpoints AS c WHERE c."case" = ${checkpoints.case})
        AND (${checkpoints.case} IN (SELECT value FROM json_each(${at.names})) OR checkpoints.rowid = (SELECT max(rowid) FROM checkpoints))`,
    ),
);

/** What was anchored last of those of some streams, the names of which are a JSON list, of which nothing is left. */
const goneOf = prepared(['names'], (db, at) =>
  db
    .select({ case: anchored.case, seq: anchored.seq, hash: anchored.hash })
    .from(anchored)
    .where(
      sql`${anchored.case} IN (SELECT value FROM json_each(${at.names}))
        AND ${anchored.position} = (SELECT max(a.position) FROM anchored AS a WHERE a."case" = ${anchored.case})
        AND NOT EXISTS (SELECT 1 FROM entries AS e WHERE e."case" = ${anchored.case})`,
    ),
);

/** The newest anchored head of a stream up to an entry, and those of some entries (a JSON list of numbers), where each was anchored first. */
const anchoredOf = prepared(['case', 'upTo', 'seqs'], (db, at) =>
  db
    .select()
    .from(anchored)
    .where(
      sql`${anchored.case} = ${at.case} AND ${anchored.position} IN (
        SELECT min(a.position) FROM anchored AS a WHERE a."case" = ${at.case}
          AND (a.seq IN (SELECT value FROM json_each(${at.seqs}))
            OR a.seq = (SELECT max(b.seq) FROM anchored AS b WHERE b."case" = ${at.case} AND b.seq <= ${at.upTo}))
        GROUP BY a.seq, a.hash)
        AND EXISTS (SELECT 1 FROM entries AS e WHERE e."case" = ${anchored.case} AND e.seq = ${anchored.seq} AND e.hash = ${anchored.hash})`,
    )
    .orderBy(asc(anchored.seq)),
);

const rowsOf = ({ n, size, restored }: Pick<Anchor, 'n' | 'size' | 'restored'>, leaves: readonly KeptLeaf[]) =>
  JSON.stringify(
    leaves.flatMap(({ salt, head, restored: isTaken, gone }, i) => {
      const kept = head ?? gone;
      const taken = gone ? TAKEN.asGone : isTaken ? TAKEN.asItStands : restored === undefined ? TAKEN.not : TAKEN.others;
      return kept ? [[size - leaves.length + i, kept.case, kept.seq, kept.hash, salt, n, taken]] : [];
    }),
  );

export function anchoredIn({ send }: Pick<Database, 'send'>) {
  return {
    /** One round trip: the leaf that was anchored last, as far as this casebook knows, and so many heads that wait. */
    async standing(limit: number): Promise<{ last: AnchoredRow | null; waiting: WaitingHead[] }> {
      const [[last], found] = await ask(send, newest({}), waiting({ limit }));
      return { last: last ?? null, waiting: found };
    },

    /** One round trip: takes over what an anchor brought, and holds it against the records; repeating it changes nothing but what was changed from outside. */
    async take(anchor: Anchor, leaves: readonly KeptLeaf[]): Promise<void> {
      const rows = rowsOf(anchor, leaves);
      await ask(send, addAnchored({ rows }), dropHeads({ rows }));
    },

    /** One round trip: the newest head of a stream that is anchored, up to an entry, and those of some other entries, in the order of the record. */
    async of(stream: string, upTo: number, seqs: readonly number[]): Promise<AnchoredRow[]> {
      return (await ask(send, anchoredOf({ case: stream, upTo, seqs: JSON.stringify(seqs) })))[0];
    },

    /** One round trip: the streams whose record does not have what was anchored last, with the entry that is missed. */
    async strayed(): Promise<{ case: string; seq: number }[]> {
      return (await ask(send, allStrayed({})))[0];
    },

    /** One round trip: the cases that are not closed. */
    async going(): Promise<string[]> {
      return (await ask(send, going({})))[0].map(({ id }) => id);
    },

    /** One round trip: the heads of an anchor that this casebook does not know, or knows otherwise. */
    async unknownOf(anchor: Anchor, leaves: readonly KeptLeaf[]): Promise<{ case: string; seq: number }[]> {
      return (await ask(send, unknown({ rows: rowsOf(anchor, leaves) })))[0];
    },

    /** One round trip: so many streams after a position that were taken as they stand, on purpose, and do not say so yet, with what is missing of each. */
    async untold(from: number, limit: number): Promise<Untold[]> {
      return (await ask(send, untold({ from, limit })))[0];
    },

    /** One round trip: what was anchored last of those of some streams of which nothing is left. */
    async goneOf(names: readonly string[]): Promise<AnchoredHead[]> {
      return (await ask(send, goneOf({ names: JSON.stringify(names) })))[0];
    },

    /** One round trip: of a case that is not here, but was anchored, the anchor that takes it as gone, on purpose; null where it never was anchored. */
    async gone(id: string): Promise<{ by: number | null } | null> {
      const [last] = (await ask(send, goneCase({ case: id })))[0];
      return last ? { by: last.restored === TAKEN.asGone ? last.n : null } : null;
    },

    /** One round trip: where some streams stand now, and the one that was written to last, so that there is one if there is any. */
    async headsOf(names: readonly string[]): Promise<WaitingHead[]> {
      return (await ask(send, headsOf({ names: JSON.stringify(names) })))[0];
    },
  };
}
