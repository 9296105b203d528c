import { and, asc, count, eq, gt, isNotNull, isNull, lt, min, ne, or, type SQL, sql } from 'drizzle-orm';
import { askedIn, cases, looked, outbox, sendsIn, streams } from '../../db/casebook/schema.ts';
import type { Case } from '../negotiation/case.ts';
import type { Own } from '../negotiation/entry.ts';
import type { CaseRow } from './appended.ts';
import type { Database } from './connect.ts';
import type { RowFault } from './lists.ts';
import type { Seals } from './seals.ts';
import { readOwnSnapshot, readSnapshot } from './snapshots.ts';
import { streamText } from './streams.ts';

/** What waits in a lender's cases: for approval, and for the hours. */

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

    /**
     * Cases that wait for the lender's answer, in the order of their ids, after `from`: none that was looked at since its newest entry, by the same version of
     * the policy and on the same day.
     */
    unanswered: (by: { version: number; day: string }, limit: number, from = '') =>
      db
        .select({ id: cases.id })
        .from(cases)
        .leftJoin(looked, lookedAt('answer'))
        .where(
          and(
            eq(cases.awaited, 'lender'),
            eq(cases.stage, 'negotiating'),
            gt(cases.id, from),
            changedSince(sql`${cases.lastAt} || ${` ${by.version} ${by.day}`}`),
          ),
        )
        .orderBy(asc(cases.id))
        .limit(limit),

    /** Cases in which something that staff wrote outside the hours may be sent at `now`, in the order of their ids, after `from`. */
    sendable: (now: string, limit: number, from = '') =>
      db
        .select({ id: streams.case })
        .from(streams)
        .where(and(sql`${sends} IS NOT NULL`, sql`${sends} <= ${now}`, eq(streams.side, 'lender'), gt(streams.case, from)))
        .orderBy(asc(streams.case))
        .limit(limit),

    /** For the operator: what waits for the schedule by now, how much of it and since when; null where nothing does. */
    async lag(now: string): Promise<Record<'due' | 'notices', { count: number; since: string } | null>> {
      const [[due], [notices]] = await db.batch([
        db
          .select({ count: count(), since: min(cases.deadline) })
          .from(cases)
          .where(and(isNotNull(cases.deadline), lt(cases.deadline, now))),
        db
          .select({ count: count(), since: min(outbox.at) })
          .from(outbox)
          .where(isNull(outbox.sentAt)),
      ]);
      const of = (one: { count: number; since: string | null } | undefined) => (one?.since ? { count: one.count, since: one.since } : null);
      return { due: of(due), notices: of(notices) };
    },

    /** The schedule looked at a case for a job and found nothing to write: `mark` is up to where. */
    look: (caseId: string, job: 'answer' | 'lapse', mark: string) =>
      db
        .insert(looked)
        .values({ case: caseId, job, mark })
        .onConflictDoUpdate({ target: [looked.case, looked.job], set: { mark } }),

    /**
     * Cases in which something has waited since before the case's newest entry: it may have lapsed. In the order of their ids, after `from`; none that was looked
     * at since that entry.
     */
    overtaken: (limit: number, from = '') =>
      db
        .select({ id: cases.id })
        .from(streams)
        .innerJoin(cases, eq(cases.id, streams.case))
        .leftJoin(looked, lookedAt('lapse'))
        .where(
          and(
            sql`${since} IS NOT NULL`,
            eq(streams.side, 'lender'),
            sql`${cases.lastAt} > ${since}`,
            gt(cases.id, from),
            changedSince(sql`${cases.lastAt}`),
          ),
        )
        .orderBy(asc(cases.id))
        .limit(limit),
  };
}
