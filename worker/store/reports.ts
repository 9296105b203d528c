import { and, asc, between, eq, inArray, isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { cases, milestones, tallies } from '../../db/casebook/schema.ts';
import type { MilestoneKind } from '../negotiation/milestones.ts';
import { type Counted, DIMENSIONS, type Dimension, kindsIn, SECTIONS, type Tally } from '../negotiation/report.ts';
import type { Database } from './connect.ts';
import { CASES_A_PAGE, type Listed, listed, type RowFault, toListed } from './lists.ts';

/**
 * A lender's reports: milestones as they are counted by month, and the cases behind a figure page by page. Each is read along an index that is named, so that a year of a
 * hundred thousand cases is as few rows as a year of a hundred.
 */

/** Months, both included: `2026-11`. `only` those of one agent, product or version of the policy ('' of none). */
export type Period = { from: string; until: string; only?: { by: Dimension; key: string } | undefined };

const { kind, told, days, count, amount, beyond, over, month, dimension, key } = tallies;

const EVERY_KIND = SECTIONS.flatMap(kindsIn);

/** Of which kinds: all, where none are named. */
type Kinds = readonly MilestoneKind[] | undefined;

/** Rows by what they are told as, and by the days that they took: see `Tally`. */
const both = (from: SQL): SQL =>
  sql`SELECT "group", kind, told, -1 AS days, sum("count") AS "count", sum(amount) AS amount, sum(beyond) AS beyond, sum("over") AS "over" FROM (${from}) GROUP BY 1, 2, 3
    UNION ALL SELECT "group", kind, '', days, sum("count"), 0, 0, 0 FROM (${from}) WHERE days >= 0 GROUP BY 1, 2, 4`;

const counts = sql`${kind}, ${told}, ${days}, ${count}, ${amount}, ${beyond}, ${over}`;

/** Tallies by month. */
export const byMonth = ({ from, until, only }: Period, kinds?: Kinds): SQL =>
  both(sql`SELECT ${month} AS "group", ${counts} FROM ${tallies}
    WHERE ${and(eq(dimension, only?.by ?? 'all'), eq(key, only?.key ?? ''), between(month, from, until), kinds && inArray(kind, [...kinds]))}`);

/** Tallies of all months together, by one of the dimensions. */
export const byKey = ({ from, until }: Period, by: Dimension, kinds?: Kinds): SQL =>
  both(sql`SELECT ${key} AS "group", ${counts} FROM ${tallies} INDEXED BY tallies_kind
    WHERE ${and(eq(dimension, by), inArray(kind, [...(kinds ?? EVERY_KIND)]), between(month, from, until))}`);

/** A place in the list of what is behind a figure. */
export type BehindKey = { kind: string; day: string; case: string; no: number };

/** What of a case is counted by a figure. */
export type Behind = Listed & {
  kind: string;
  no: number;
  day: string;
  told: string;
  counted: { days: number | null; amount: number | null; beyond: number | null };
};

/** What is behind a figure by kind, day and case, from a place on: of each way of being told a page, as an index has them, and the first of these. */
export function behindOf({ kinds, told: as = [''], over: isOver }: Counted, { from, until, only }: Period, after?: BehindKey): SQL {
  const { agent, product, policy } = milestones;
  const along = sql.raw(only?.by === 'agent' ? 'milestones_agent' : isOver ? 'milestones_beyond' : 'milestones_told');
  const one = (each: string, told: string) =>
    sql`SELECT ${milestones.kind} AS kind, ${milestones.day} AS day, ${milestones.case} AS "case", ${milestones.no} AS "no" FROM ${milestones} INDEXED BY ${along} WHERE ${and(
      only?.by === 'agent' ? (only.key === '' ? isNull(agent) : eq(agent, only.key)) : undefined,
      only?.by === 'product' ? (only.key === '' ? isNull(product) : eq(product, only.key)) : undefined,
      only?.by === 'policy' ? eq(policy, Number(only.key)) : undefined,
      eq(milestones.kind, each),
      eq(milestones.told, told),
      // Up to the last day of a month, whichever that is.
      between(milestones.day, `${from}-01`, `${until}-31`),
      after && after.kind === each
        ? sql`(${milestones.day}, ${milestones.case}, ${milestones.no}) > (${after.day}, ${after.case}, ${after.no})`
        : undefined,
      isOver ? sql`${milestones.beyond} > 0` : undefined,
    )} ORDER BY ${milestones.day}, ${milestones.case}, ${milestones.no} LIMIT ${CASES_A_PAGE + 1}`;
  const open = [...kinds].sort().filter((each) => !after || each >= after.kind);
  return sql`SELECT kind, day, "case", "no" FROM (${sql.join(
    open.flatMap((each) => as.map((told) => sql`SELECT * FROM (${one(each, told)})`)),
    sql` UNION ALL `,
  )}) ORDER BY 1, 2, 3, 4 LIMIT ${CASES_A_PAGE + 1}`;
}

/** What tallies are of: all together, and each way of telling them apart. */
const TALLIED = ['all', ...DIMENSIONS] as const;

/** What the tallies of a dimension are to be: its milestones, counted. */
const talliesOf = (of: 'all' | Dimension): SQL => {
  const { agent, product, policy, day } = milestones;
  const keyed = {
    all: sql`''`,
    agent: sql`coalesce(${agent}, '')`,
    product: sql`coalesce(${product}, '')`,
    policy: sql`CAST(${policy} AS text)`,
  }[of];
  const sumOf = (column: SQLWrapper) => sql`sum(coalesce(${column}, 0))`;
  return sql`SELECT ${of}, ${keyed}, substr(${day}, 1, 7), ${milestones.kind}, ${milestones.told}, coalesce(${milestones.days}, -1), count(*),
    ${sumOf(milestones.amount)}, ${sumOf(milestones.beyond)}, sum(coalesce(${milestones.beyond}, 0) > 0) FROM ${milestones} GROUP BY 1, 2, 3, 4, 5, 6`;
};

/** Milestones of cases that there are not. */
const ofNoCase = sql`${milestones.case} NOT IN (SELECT ${cases.id} FROM ${cases})`;

/** @param rowFault why the columns of a row are none of the portal's own in this casebook */
export function reportsIn(db: Database, rowFault: RowFault) {
  return {
    /** One round trip: what is counted in some months, by month or by one of the dimensions; of some kinds alone, where they are named. */
    async tallies(period: Period, by: 'month' | Dimension, kinds?: readonly MilestoneKind[]): Promise<Tally[]> {
      return db.all<Tally>(by === 'month' ? byMonth(period, kinds) : byKey(period, by, kinds));
    },

    /** One round trip: what is behind a figure, a page from a place on. */
    async behind(counted: Counted, period: Period, after?: BehindKey): Promise<{ rows: Behind[]; next: BehindKey | null }> {
      if (counted.kinds.length === 0) return { rows: [], next: null };
      const { kind, no, day, told, days, amount, beyond } = milestones;
      const found = await db
        .select({ listed, of: { kind, no, day, told, days, amount, beyond } })
        .from(milestones)
        .innerJoin(cases, eq(cases.id, milestones.case))
        .where(sql`(${kind}, ${day}, ${milestones.case}, ${no}) IN (${behindOf(counted, period, after)})`)
        .orderBy(asc(kind), asc(day), asc(milestones.case), asc(no));
      const rows = found.slice(0, CASES_A_PAGE).map(({ listed: row, of }): Behind => {
        const { kind, no, day, told, days, amount, beyond } = of;
        return { ...toListed(row, 'lender', rowFault), kind, no, day, told: told ?? '', counted: { days, amount, beyond } };
      });
      const last = rows.at(-1);
      const next = found.length > CASES_A_PAGE && last ? { kind: last.kind, day: last.day, case: last.id, no: last.no } : null;
      return { rows, next };
    },

    /** Whether what is shown is what the milestones come to, each dimension by a statement of its own: triggers see to it, but not where somebody wrote past them. */
    async tallied(): Promise<boolean> {
      if ((await db.$count(milestones, ofNoCase)) > 0) return false;
      for (const of of TALLIED) {
        const kept = sql`SELECT * FROM ${tallies} WHERE ${eq(dimension, of)}`;
        const [differs] = await db.all(
          sql`SELECT * FROM (SELECT * FROM (${talliesOf(of)}) EXCEPT ${kept}) UNION ALL SELECT * FROM (${kept} EXCEPT SELECT * FROM (${talliesOf(of)})) LIMIT 1`,
        );
        if (differs) return false;
      }
      return true;
    },

    /** Counts all milestones anew, at once or not at all. */
    async tally(): Promise<void> {
      await db.batch([
        db.delete(milestones).where(ofNoCase),
        db.delete(tallies),
        ...TALLIED.map((of) => db.run(sql`INSERT INTO ${tallies} ${talliesOf(of)}`)),
      ]);
    },
  };
}
