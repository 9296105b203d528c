import { and, asc, count, eq, gt, isNull, min, ne, or, type SQL, sql } from 'drizzle-orm';
import { askedIn, cases, checkpoints, heads, looked, outbox, sendsIn, streams, UNANSWERED, UNSENT } from '../../db/casebook/schema.ts';
import type { Case } from '../negotiation/case.ts';
import type { Own } from '../negotiation/entry.ts';
import type { CaseRow } from './appended.ts';
import type { Database } from './connect.ts';
import type { RowFault } from './lists.ts';
import type { Seals } from './seals.ts';
import { readOwnSnapshot, readSnapshot } from './snapshots.ts';
import { streamText } from './streams.ts';

/** What waits in a lender's cases: for approval, and for the schedule, which finds each by an index however many cases there are. */

/** What waits for the schedule: deadlines that have passed, what may be said since the hours are there, notices, heads of records that are to be anchored. */
export const WAITED = ['due', 'held', 'notices', 'anchors'] as const;
export type Waited = (typeof WAITED)[number];

/** From behind which case on work is looked for, by what it stands in order: since when it waits, and its id. */
export type From = { since: string; id: string };
export const START: From = { since: '', id: '' };

const A_PAGE = 20;

/** A case in which something waits, since when, and what both its streams come to: null where a row is not the portal's own, or of other rules than today's. */
export type Waiting = Pick<CaseRow, 'id' | 'number' | 'borrower' | 'reference'> & { since: string; kase: Case | null; own: Own | null };

const since = askedIn(streams.state);
const sends = sendsIn(streams.state);

const lookedAt = (job: 'answer' | 'lapse') => and(eq(looked.case, cases.id), eq(looked.job, job));
const changedSince = (mark: SQL) => or(isNull(looked.mark), ne(looked.mark, mark));

/** @param rowFault why a case's row is none of the portal's own in this casebook */
export function queueIn(db: Database, rowFault: (row: CaseRow, state: string) => ReturnType<RowFault>, seals: Seals) {
  return {
    /** One page of cases in which something waits for approval, the oldest first, from a key on. */
    async queue(from?: { since: string; id: string }): Promise<{ waiting: Waiting[]; more: boolean }> {
      const later = from ? or(sql`${since} > ${from.since}`, and(sql`${since} = ${from.since}`, gt(streams.case, from.id))) : undefined;
      const page = await db
        .select({ row: cases, stream: streams, since: sql<string>`${since}` })
        .from(streams)
        .innerJoin(cases, eq(cases.id, streams.case))
        .where(and(sql`${since} IS NOT NULL`, eq(streams.side, 'lender'), later))
        .orderBy(asc(since), asc(streams.case))
        .limit(A_PAGE + 1);
      const waiting = page.slice(0, A_PAGE).map(({ row, stream, since: at }): Waiting => {
        const { id, number, borrower, reference } = row;
        const kase = rowFault(row, row.state) === null ? readSnapshot(row.state) : null;
        const own = seals.textFault(streamText(stream), stream.seal) === null ? readOwnSnapshot(stream.state) : null;
        return { id, number, borrower, reference, since: at, kase, own };
      });
      return { waiting, more: page.length > A_PAGE };
    },

    /** Cases whose deadline has passed at `now`, those that have waited longest first. */
    overdue: (now: string, limit: number, from: From = START) =>
      db
        .select({ id: cases.id, since: sql<string>`${cases.deadline}` })
        .from(cases)
        .where(
          and(
            sql`${cases.deadline} IS NOT NULL`,
            sql`${cases.deadline} < ${now}`,
            sql`(${cases.deadline}, ${cases.id}) > (${from.since}, ${from.id})`,
          ),
        )
        .orderBy(asc(cases.deadline), asc(cases.id))
        .limit(limit),

    /**
     * Cases that wait for the lender's answer, in the order of their ids: none that was looked at since its newest entry, by the same version of the policy and on
     * the same day.
     */
    unanswered: (by: { version: number; day: string }, limit: number, from: From = START) =>
      db
        .select({ id: sql<string>`cases.id`, since: sql<string>`''` })
        .from(sql`cases INDEXED BY cases_unanswered`)
        .leftJoin(looked, lookedAt('answer'))
        .where(and(UNANSWERED, gt(cases.id, from.id), changedSince(sql`${cases.lastAt} || ${` ${by.version} ${by.day}`}`)))
        .orderBy(asc(cases.id))
        .limit(limit),

    /** Cases in which something that staff wrote outside the hours may be sent at `now`, what has waited longest first. */
    sendable: (now: string, limit: number, from: From = START) =>
      db
        .select({ id: streams.case, since: sql<string>`${sends}` })
        .from(streams)
        .where(
          and(
            sql`${sends} IS NOT NULL`,
            sql`${sends} <= ${now}`,
            eq(streams.side, 'lender'),
            sql`(${sends}, ${streams.case}) > (${from.since}, ${from.id})`,
          ),
        )
        .orderBy(asc(sends), asc(streams.case))
        .limit(limit),

    /** What waits for the schedule at `now`, how much of it and since when; null where nothing does. */
    async lag(now: string): Promise<Record<Waited, { count: number; since: string } | null>> {
      const counted = { count: count() };
      const [[due], [held], [notices], [anchors]] = await db.batch([
        db
          .select({ ...counted, since: min(cases.deadline) })
          .from(cases)
          .where(and(sql`${cases.deadline} IS NOT NULL`, sql`${cases.deadline} < ${now}`)),
        db
          .select({ ...counted, since: sql<string | null>`min(${sends})` })
          .from(streams)
          .where(and(sql`${sends} IS NOT NULL`, sql`${sends} <= ${now}`, eq(streams.side, 'lender'))),
        db
          .select({ ...counted, since: min(outbox.at) })
          .from(outbox)
          .where(UNSENT),
        db
          .select({ ...counted, since: min(checkpoints.at) })
          .from(heads)
          .innerJoin(checkpoints, and(eq(checkpoints.case, heads.case), eq(checkpoints.seq, heads.seq))),
      ]);
      const of = (one: { count: number; since: unknown } | undefined) =>
        one && typeof one.since === 'string' ? { count: one.count, since: one.since } : null;
      return { due: of(due), held: of(held), notices: of(notices), anchors: of(anchors) };
    },

    /** The schedule looked at a case for a job and found nothing to write: `mark` is up to where. */
    look: (caseId: string, job: 'answer' | 'lapse', mark: string) =>
      db
        .insert(looked)
        .values({ case: caseId, job, mark })
        .onConflictDoUpdate({ target: [looked.case, looked.job], set: { mark } }),

    /**
     * Cases in which something has waited since before the case's newest entry, the longest first: it may have lapsed. None that was looked at since that entry.
     */
    overtaken: (limit: number, from: From = START) =>
      db
        .select({ id: cases.id, since: sql<string>`${since}` })
        .from(streams)
        // As they are written: what waits is few of all, and the cases are looked up by it.
        .crossJoin(cases)
        .leftJoin(looked, lookedAt('lapse'))
        .where(
          and(
            eq(cases.id, streams.case),
            sql`${since} IS NOT NULL`,
            eq(streams.side, 'lender'),
            sql`${cases.lastAt} > ${since}`,
            sql`(${since}, ${streams.case}) > (${from.since}, ${from.id})`,
            changedSince(sql`${cases.lastAt}`),
          ),
        )
        .orderBy(asc(since), asc(streams.case))
        .limit(limit),
  };
}
