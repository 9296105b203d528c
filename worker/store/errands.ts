import { type SQL, sql } from 'drizzle-orm';
import { errands } from '../../db/casebook/schema.ts';
import type { Errand } from '../negotiation/errand.ts';
import type { Database } from './connect.ts';
import type { Seals } from './seals.ts';
import { readOwnSnapshot } from './snapshots.ts';
import { type StreamRow, streamText } from './streams.ts';

/** What waits for the lender's people in all of its cases: found by a row each, and told by the private streams that have it. */

const ERRANDS_A_PAGE = 30;
const COUNTED = 100;

export type ErrandKey = { dueOn: string; case: string; no: number };
/** What waits, in its case; `errand` is null where the stream is not as the portal wrote it. */
export type ListedErrand = ErrandKey & { account: string; number: string; borrower: string | null; errand: Errand | null };

type Row = Omit<ListedErrand, 'errand'> & Pick<StreamRow, 'seq' | 'hash' | 'lastAt' | 'state' | 'seal'>;

/** How many wait for somebody, up to a hundred. */
export const errandCount = (account: string): SQL =>
  sql`SELECT count(*) AS count FROM (SELECT 1 FROM ${errands} INDEXED BY errands_account WHERE account = ${account} LIMIT ${COUNTED})`;

/** A page of what waits where `where` says, in the order of days: what has none before all. */
const errandPage = (where: SQL): SQL => sql`SELECT e."case" AS "case", e.no, e.account, e.due_on AS "dueOn", c.number, c.borrower,
    s.seq, s.hash, s.last_at AS "lastAt", s.state, s.seal
  FROM ${errands} AS e INDEXED BY errands_account JOIN cases AS c ON c.id = e."case" JOIN streams AS s ON s."case" = e."case" AND s.side = 'lender'
  WHERE ${where} ORDER BY e.due_on, e."case", e.no LIMIT ${ERRANDS_A_PAGE + 1}`;

const errandsOf = (account: string, from?: ErrandKey): SQL =>
  from
    ? sql`e.account = ${account} AND (e.due_on, e."case", e.no) > (${from.dueOn}, ${from.case}, ${from.no})`
    : sql`e.account = ${account}`;

export function errandsIn(db: Database, seals: Seals) {
  const told = ({ seq, hash, lastAt, state, seal, ...row }: Row): ListedErrand => {
    const stream = { case: row.case, side: 'lender' as const, seq, hash, lastAt, state };
    const own = seals.textFault(streamText(stream), seal) === null ? readOwnSnapshot(state) : null;
    return { ...row, errand: own?.errands.find(({ no }) => no === row.no) ?? null };
  };

  return {
    /** One round trip: what waits for somebody, page by page; and, for whoever sees that (`colleagues` is who works here now, null for others), what waits for nobody. */
    async errands(account: string, colleagues: readonly string[] | null, from?: ErrandKey) {
      const [mine, ownerless] = await db.batch([
        db.all<Row>(errandPage(errandsOf(account, from))),
        db.all<Row>(
          errandPage(colleagues === null ? sql`0` : sql`e.account NOT IN (SELECT value FROM json_each(${JSON.stringify(colleagues)}))`),
        ),
      ]);
      const page = mine.slice(0, ERRANDS_A_PAGE).map(told);
      return {
        mine: page,
        ownerless: ownerless.slice(0, ERRANDS_A_PAGE).map(told),
        next: mine.length > ERRANDS_A_PAGE ? (page.at(-1) ?? null) : null,
      };
    },
  };
}
