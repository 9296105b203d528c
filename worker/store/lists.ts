import { and, asc, desc, eq, getTableColumns, gt, gte, inArray, isNotNull, isNull, lt, ne, notLike, or, sql } from 'drizzle-orm';
import { cases, plainReference, streams } from '../../db/casebook/schema.ts';
import { type Case, EMPTY_CASE } from '../negotiation/case.ts';
import { type Complaint, toAnswer as complaintsToAnswer } from '../negotiation/complaint.ts';
import type { Payment } from '../negotiation/payment.ts';
import { PARTS, type Part, type Pending, pending } from '../negotiation/pending.ts';
import { toAnswer } from '../negotiation/performance.ts';
import type { Side } from '../negotiation/seats.ts';
import { BINDING, binds } from '../negotiation/stage.ts';
import { contractNames, plainContract } from '../negotiation/table.ts';
import type { Database } from './connect.ts';
import type { DoubtCode } from './seals.ts';
import { ofOtherRules, readSnapshot } from './snapshots.ts';

/** Cases in lists: of a desk, of a person, of what the schedule and the operator have to look at. */

type CaseRow = typeof cases.$inferSelect;

/**
 * A case in a list. `proven` tells whether its row is the portal's own and names the newest entry of its record; `pending`, what waits for the side whose
 * list it is, beside the offer, and `offerUntil`, until when that stands: hints alone, as lists check rows without their states.
 */
export type Listed = Omit<CaseRow, 'state' | 'hash' | 'seq' | 'seal' | 'sought'> & {
  proven: boolean;
  pending: Pending[];
  offerUntil: string | null;
  /** Whether the borrower is in it: one that was imported or opened for them waits for that first. */
  joined: boolean;
};
export const CASES_A_PAGE = 30;
/** Cases that are read whole at once of all. */
const WHOLE_AT_ONCE = 200;

/** Of the offer on the table of a case, what is under a name; null where there is none. A state that was changed from outside may be of any shape. */
export const ofOffer = (name: 'at' | 'expiresAt') => sql<unknown>`CASE WHEN json_valid(cases.state) THEN
  CASE WHEN json_type(cases.state, '$.table') = 'integer' AND json_extract(cases.state, '$.table') > 0 THEN
  json_extract(cases.state, '$.offers[' || (json_extract(cases.state, '$.table') - 1) || ${sql.raw(`'].${name}'`)}) END END`;

export const instantIn = (value: unknown): string | null => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null);

const { state: _state, ...sealedColumns } = getTableColumns(cases);
export const listed = {
  ...sealedColumns,
  newest: sql<number | null>`(SELECT max(e.seq) FROM entries AS e WHERE e."case" = cases.id)`,
  parts: sql<string | null>`CASE WHEN json_valid(cases.state) THEN json_object(${sql.join(
    PARTS.map((part) => sql`${sql.raw(`'${part}'`)}, json_extract(cases.state, ${sql.raw(`'$.${part}'`)})`),
    sql`, `,
  )}) END`,
  until: ofOffer('expiresAt'),
  joined: sql<unknown>`CASE WHEN json_valid(cases.state) THEN json_type(cases.state, '$.borrowerName') = 'text' END`,
};

/** A case that somebody holds. */
export type Held = { id: string; number: string };

/** People and teams that a list of holders names. */
const MOST_HOLDERS = 500;

/** Cases of a casebook as their columns tell. @param rowFault why the columns of a row are none of the portal's own in this casebook */
export function listsIn(db: Database, rowFault: RowFault) {
  return {
    /** The case in which something was written last. */
    newest: () => db.select({ lastAt: cases.lastAt }).from(cases).orderBy(desc(cases.lastAt), desc(cases.id)).limit(1),

    numbered: (number: string) => db.select({ id: cases.id }).from(cases).where(eq(cases.number, number)),

    /** Cases by their ids, by their numbers, or whose newest entry is of a time, the oldest first: as many as there are, up to `most`. */
    chosen(by: { ids: readonly string[] } | { numbers: readonly string[] } | { from: string; until: string }, most: number) {
      const where =
        'ids' in by
          ? inArray(cases.id, [...by.ids])
          : 'numbers' in by
            ? inArray(cases.number, [...by.numbers])
            : and(gte(cases.lastAt, by.from), lt(cases.lastAt, by.until));
      return db
        .select({ id: cases.id, number: cases.number, borrower: cases.borrower, assignee: cases.assignee, team: cases.team })
        .from(cases)
        .where(where)
        .orderBy(asc(cases.lastAt), asc(cases.id))
        .limit(most);
    },

    /** Who holds cases, and how many: accounts with what the private stream of one of theirs calls them; and the teams of those that are nobody's. */
    holders: (): Promise<{ account: string | null; team: string | null; name: string | null; count: number }[]> =>
      db.all(sql`WITH held AS (SELECT assignee, CASE WHEN assignee IS NULL THEN team END AS team, count(*) AS count, min(id) AS one FROM cases
          WHERE assignee IS NOT NULL OR team IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ${MOST_HOLDERS})
        SELECT assignee AS account, team, count, (SELECT CASE WHEN json_valid(state) THEN state ->> '$.assignment.name' END FROM streams
          WHERE side = 'lender' AND streams."case" = held.one) AS name FROM held`),

    /** The cases of one person, or those of a team that are nobody's, in the order of their ids, after one. */
    heldBy: (of: { account: string } | { team: string }, most: number, after: string): Promise<Held[]> =>
      db
        .select({ id: cases.id, number: cases.number })
        .from(cases)
        .where(
          and('account' in of ? eq(cases.assignee, of.account) : and(isNull(cases.assignee), eq(cases.team, of.team)), gt(cases.id, after)),
        )
        .orderBy(asc(cases.id))
        .limit(most),

    /** Cases in which payments wait for the lender's answer, those that wait longest first, from a key on: of rows that are the portal's own, with the payments. */
    async toConfirm(from?: { lastAt: string; id: string } | undefined): Promise<{ cases: Reporting[]; more: boolean; last: Key | null }> {
      const page = await db
        .select()
        .from(cases)
        .where(
          and(
            // As the index has it, letter for letter: a parameter would not be seen to be it.
            sql`${cases.toConfirm} > 0`,
            from ? or(gt(cases.lastAt, from.lastAt), and(eq(cases.lastAt, from.lastAt), gt(cases.id, from.id))) : undefined,
          ),
        )
        .orderBy(asc(cases.lastAt), asc(cases.id))
        .limit(CASES_A_PAGE + 1);
      const shown = page.slice(0, CASES_A_PAGE);
      const reporting = shown.flatMap((row): Reporting[] => {
        const kase = rowFault(row, row.state) === null ? readSnapshot(row.state) : null;
        return kase ? [{ ...row, payments: toAnswer(kase, 'lender'), kase }] : [];
      });
      return { cases: reporting, more: page.length > CASES_A_PAGE, last: shown.at(-1) ?? null };
    },

    /** Cases in which complaints wait for the lender's answer, those that are due first, from a key on: of rows that are the portal's own, with the complaints. */
    async complaining(from?: ComplaintKey | undefined): Promise<{ cases: Complaining[]; next: ComplaintKey | null }> {
      const page = await db
        .select()
        .from(cases)
        .where(
          and(
            isNotNull(cases.complaintDue),
            from
              ? or(gt(cases.complaintDue, from.complaintDue), and(eq(cases.complaintDue, from.complaintDue), gt(cases.id, from.id)))
              : undefined,
          ),
        )
        .orderBy(asc(cases.complaintDue), asc(cases.id))
        .limit(CASES_A_PAGE + 1);
      const shown = page.slice(0, CASES_A_PAGE);
      const complaining = shown.flatMap((row): Complaining[] => {
        const kase = rowFault(row, row.state) === null ? readSnapshot(row.state) : null;
        return kase ? [{ ...row, complaints: complaintsToAnswer(kase) }] : [];
      });
      const last = shown.at(-1);
      const isMore = page.length > CASES_A_PAGE && last !== undefined && last.complaintDue !== null;
      return { cases: complaining, next: isMore ? { id: last.id, complaintDue: last.complaintDue ?? '' } : null };
    },

    /** Cases in which more than talks has come about, whole, in the order of their ids, after one; no `kase` of a row that is not the portal's own. */
    async wholeFrom(from: string) {
      const rows = await db
        .select()
        .from(cases)
        .where(and(gt(cases.id, from), ne(cases.stage, 'negotiating')))
        .orderBy(asc(cases.id))
        .limit(WHOLE_AT_ONCE);
      return rows.map((row) => {
        const kase = rowFault(row, row.state) === null ? readSnapshot(row.state) : null;
        const { id, number, reference, borrower } = legible(row);
        return { id, number, reference, borrower, kase };
      });
    },

    /** By contract number as it was asked for: the cases about it whose agreement is in force or fulfilled; one in force goes before. */
    async performing(contracts: readonly string[]): Promise<Map<string, string[]>> {
      const asked = [...new Set(contracts)].map((contract) => [contract, contractNames(contract)] as const);
      const names = JSON.stringify([...new Set(asked.flatMap(([, all]) => all))]);
      const rows = await db
        .select({ id: cases.id, stage: cases.stage, name: plainReference(cases.reference) })
        .from(cases)
        .where(
          and(
            sql`${plainReference(cases.reference)} IN (SELECT value FROM json_each(${names}))`,
            inArray(cases.stage, [...BINDING, 'completed']),
          ),
        )
        .orderBy(asc(cases.id));
      const of = Map.groupBy(rows, ({ name }) => String(name));
      return new Map(
        asked.map(([contract, ways]) => {
          const all = ways.flatMap((name) => of.get(name) ?? []);
          const live = all.filter(binds);
          return [contract, (live.length > 0 ? live : all).map(({ id }) => id)];
        }),
      );
    },

    /** Of contract numbers those of which there is a case, however it stands, as `plainContract` reads them. */
    async about(contracts: readonly string[]): Promise<Set<string>> {
      const asked = [...new Set(contracts)].map((contract) => [plainContract(contract), contractNames(contract)] as const);
      const names = JSON.stringify([...new Set(asked.flatMap(([, all]) => all))]);
      const rows = await db
        .select({ name: plainReference(cases.reference) })
        .from(cases)
        .where(sql`${plainReference(cases.reference)} IN (SELECT value FROM json_each(${names}))`);
      const stored = new Set(rows.map(({ name }) => String(name)));
      return new Set(asked.flatMap(([plain, all]) => (all.some((name) => stored.has(name)) ? [plain] : [])));
    },

    /** Cases in which an offer waits for an answer, as far as their rows are the portal's own, the newest first; and whether there are more than `most`. */
    async openOffers(
      most: number,
    ): Promise<{ cases: { id: string; number: string; borrower: string | null; kase: Case }[]; more: boolean }> {
      const rows = await db
        .select()
        .from(cases)
        .where(
          and(eq(cases.stage, 'negotiating'), sql`CASE WHEN json_valid(cases.state) THEN json_extract(cases.state, '$.table') END > 0`),
        )
        .orderBy(desc(cases.lastAt), desc(cases.id))
        .limit(most + 1);
      const found = rows.slice(0, most).flatMap((row) => {
        const kase = rowFault(row, row.state) === null ? readSnapshot(row.state) : null;
        return kase ? [{ id: row.id, number: row.number, borrower: row.borrower, kase }] : [];
      });
      return { cases: found, more: rows.length > most };
    },

    /** Cases whose row is older than seals, or whose snapshot is of other rules than today's. */
    outdated: () =>
      db
        .select({ id: cases.id })
        .from(cases)
        .where(or(isNull(cases.seal), ofOtherRules(cases.state)))
        .orderBy(asc(cases.id)),

    /** The same of private streams. */
    outdatedOwn: () =>
      db
        .select({ case: streams.case, side: streams.side })
        .from(streams)
        .where(and(ofOtherRules(streams.state), notLike(streams.case, '@%'))),
  };
}

type Key = { lastAt: string; id: string };
type ComplaintKey = { complaintDue: string; id: string };

/** A case with complaints that wait for the lender. */
type Complaining = Pick<CaseRow, 'id' | 'number' | 'borrower' | 'reference'> & { complaints: Complaint[] };

/** A case with payments that wait for the lender. */
type Reporting = Pick<CaseRow, 'id' | 'number' | 'borrower' | 'reference' | 'lastAt'> & { payments: Payment[]; kase: Case };

export type RowFault = (row: Omit<CaseRow, 'state'>, state?: string) => DoubtCode | null;

/** A row of `listed` as a list shows it to a side. */
export function toListed(
  {
    newest,
    parts,
    until,
    joined,
    ...row
  }: Omit<CaseRow, 'state'> & { newest: number | null; parts: string | null; until: unknown; joined: unknown },
  side: Side,
  rowFault: RowFault,
): Listed {
  const { seq, hash: _, seal, sought, ...rest } = row;
  const proven = rowFault({ ...row, seal, sought }) === null && newest === seq;
  if (!proven) return { ...legible(rest), proven, pending: [], offerUntil: null, joined: true };
  return { ...rest, proven, pending: pendingIn(row.stage, parts, side), offerUntil: instantIn(until), joined: joined !== 0 };
}

/** Of a row that was changed from outside, what is no text where one belongs is none: the list of the others is still to be read. */
function legible<T extends Pick<CaseRow, 'number' | 'reference' | 'borrower'>>(row: T): T {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { ...row, number: text(row.number), reference: text(row.reference), borrower: text(row.borrower) };
}

/** What waits for a side by the parts of a state, which may be of any shape where they were changed from outside. */
function pendingIn(stage: string, parts: string | null, side: Side): Pending[] {
  try {
    const read: Partial<Part> = JSON.parse(parts ?? '{}');
    const known = Object.entries(read).filter(([, part]) => part !== null);
    return pending({ ...EMPTY_CASE, ...Object.fromEntries(known), stage }, side);
  } catch {
    return [];
  }
}
