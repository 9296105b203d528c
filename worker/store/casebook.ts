import { asc } from 'drizzle-orm';
import { cases, entries, errands, files, leaving, type requests } from '../../db/casebook/schema.ts';
import { instant } from '../clock.ts';
import { type Case, EMPTY_CASE, fold, type Own } from '../negotiation/case.ts';
import type { HeldPolicy } from '../negotiation/policy.ts';
import type { Place, Side } from '../negotiation/seats.ts';
import { contractNames } from '../negotiation/table.ts';
import { type Checkpoint, type FileRef, privateStream, type SealedEntry, streamsOf } from '../record/format.ts';
import type { Head } from '../record/seal.ts';
import { anchoredIn } from './anchored.ts';
import {
  type Again,
  type Appended,
  assigneeIn,
  type CaseRow,
  countedAnew,
  type Header,
  type KeptMilestone,
  type Projection,
  sealedRow,
  written,
} from './appended.ts';
import { batches } from './batches.ts';
import { filesIn } from './case-files.ts';
import {
  aboutCase,
  aboutLoan,
  allCheckpoints,
  allEntries,
  allMilestones,
  assignedTo,
  caseRow,
  caseRows,
  END,
  ENTRIES_A_PAGE,
  type EntryRow,
  entriesBefore,
  noticeSent,
  ownFiles,
  policyRows,
  putAgain,
  putCase,
  putReader,
  readersOf,
  requestRow,
  requestRows,
  streamRow,
  type Tips,
  tips,
  tipsOfMany,
  unsentNotices,
  unsentNoticesOf,
  writes,
} from './case-statements.ts';
import type { Database } from './connect.ts';
import { draftsIn } from './drafts.ts';
import { checkedPage, entryOf, type PageEntry } from './entries.ts';
import { errandsIn } from './errands.ts';
import { importsIn } from './imports.ts';
import { inboxIn } from './inbox.ts';
import { institutionIn } from './institution.ts';
import { listsIn } from './lists.ts';
import { type Look, MOST_LOOKS } from './looks.ts';
import { policiesIn, policyReader, type StoredPolicy } from './policies.ts';
import { ask } from './prepared.ts';
import { queueIn } from './queue.ts';
import { reportsIn } from './reports.ts';
import type { Doubt, DoubtCode, Seals } from './seals.ts';
import { noteSnapshot, readSnapshot } from './snapshots.ts';
import { foldedAnew, type LoadedOwn, type OwnProjection, type StoredPrivate, standing, storedPrivate, streamsBy } from './streams.ts';
import { dropUnsent, dropUnsentOf, type Known, putUnsent, type UnsentRow, unsentOf } from './unsent.ts';

/** One lender's casebook: cases, their record, and what people have begun. A query here cannot see another lender's data: there is none. */

/** The whole record of a case as it is stored, with its row. Nothing of it has been checked: `worker/proof.ts` does. */
export type StoredRecord = { row: CaseRow; entries: SealedEntry[]; checkpoints: Checkpoint[] };

/** What a command needs: the case as it is, where its record stands, the policy, the sender's files, and whether this request came before. */
export type Loaded = {
  kase: Case;
  head: Head | null;
  number: string | null;
  openedAt: string | null;
  policy: HeldPolicy;
  files: Map<string, FileRef>;
  request: typeof requests.$inferSelect | null;
  /** What is not as the portal wrote it: nothing may be written to a case of which there is any doubt. */
  doubts: Doubt[];
  /** The whole record, where it was asked for. */
  record: StoredRecord | null;
  /** The private stream of the side that was asked for. */
  own: (LoadedOwn & { record: StoredPrivate | null }) | null;
  /** The lender's other cases about the loan that was asked for, as far as their rows are the portal's own. */
  others: Case[];
};

/**
 * What `load` is to read beside the case: the whole record, or a whole private one; other cases about the loan of one that is opened, by its reference, or
 * (`others`) about that of a case in which the lender has stated no figures of its own.
 */
export type Wanted = { whole?: true | 'private'; loan?: string | undefined; others?: boolean };

/** A page of a private stream, newest last, and what it comes to. */
export type OwnPage = LoadedOwn & { entries: PageEntry[]; more: boolean };

/** Which page of the private stream of a side: so many of the newest entries, before `before` where given. */
export type OwnWanted = { side: Side; most: number; before?: number | undefined };

/** Entries that are folded anew of many cases at once. */
const MOST_ENTRIES = 1_000;

/** @param lender slug of the lender whose casebook it is: its policy is sealed for it, and its cases name it */
export function casebook(db: Database, seals: Seals, lender: string) {
  const { send } = db;
  const own = streamsBy(seals, send);
  const policies = policyReader(seals, lender);

  /** Why a row is none of the portal's own in this casebook. Without `state` the columns alone are checked. */
  const rowFault = (row: Omit<CaseRow, 'state'>, state?: string): DoubtCode | null =>
    row.lender === lender ? seals.rowFault(row, state) : 'seal.lender';

  /**
   * The case that a row is about, with what is doubtful of it. A snapshot of today's rules is read. One of others is not: the whole record is folded anew,
   * each entry held against its digests and the chain against the row's hash, which takes one round trip more until the row is written again. Of a row
   * that is not the portal's own nothing is read.
   * @param whole the record's entries, where they have been read
   */
  async function caseOfRow(
    row: CaseRow,
    known: readonly Doubt[],
    whole?: readonly EntryRow[] | null,
  ): Promise<{ kase: Case; doubts: Doubt[] }> {
    const doubts = [...known];
    if (doubts.some(isOfSeal)) return { kase: EMPTY_CASE, doubts };
    const kept = readSnapshot(row.state);
    if (kept) return { kase: kept, doubts };
    const anew = foldedAnew(row.id, row, whole ?? (await ask(send, allEntries({ id: row.id })))[0], fold);
    return { kase: anew.state, doubts: [...doubts, ...anew.broken.map((seq): Doubt => ({ code: 'entry', seq }))] };
  }

  /** What of a row and the end of its record is not the portal's own. */
  async function doubtsOf(row: CaseRow | undefined, found: Tips): Promise<Doubt[]> {
    const codes: (DoubtCode | null)[] = row
      ? [rowFault(row, row.state), await seals.tipFault(row, found[0] ?? null)]
      : [found.length > 0 ? 'head' : null];
    return codes.flatMap((code) => (code ? [{ code }] : []));
  }

  /** A case as it is, as far as it is the portal's own. @param whole the record's entries, where they have been read */
  async function standsAs(
    row: CaseRow | undefined,
    stored: readonly StoredPolicy[],
    found: Tips,
    whole?: readonly EntryRow[] | null,
  ): Promise<Pick<Loaded, 'kase' | 'head' | 'number' | 'openedAt' | 'policy' | 'doubts'>> {
    const known = [...policies.doubts(stored), ...(await doubtsOf(row, found))];
    const { kase, doubts } = row ? await caseOfRow(row, known, whole) : { kase: EMPTY_CASE, doubts: known };
    const head = row ? { seq: row.seq, hash: row.hash, at: row.lastAt } : null;
    return { kase, head, number: row?.number ?? null, openedAt: row?.openedAt ?? null, policy: policies.of(stored), doubts };
  }

  /**
   * The records of those rows that are the portal's own with a snapshot of other rules: they are folded anew. Records that are many entries together are
   * left out: `caseOfRow` reads each when it comes to it, so that not all are held at once.
   */
  async function entriesOfOutdated(rows: readonly CaseRow[]): Promise<Map<string, readonly EntryRow[]>> {
    const some: CaseRow[] = [];
    let room = MOST_ENTRIES;
    for (const row of rows) {
      if (readSnapshot(row.state) || rowFault(row, row.state) || row.seq > room) continue;
      some.push(row);
      room -= row.seq;
    }
    if (some.length === 0) return new Map();
    const all = await ask(send, ...some.map(({ id }) => allEntries({ id })));
    return new Map(some.map(({ id }, i) => [id, all[i] ?? []]));
  }

  return {
    ...policiesIn(db, seals, lender),
    ...listsIn(db, rowFault),
    ...inboxIn(db, rowFault, policies.of),
    ...importsIn(db),
    ...reportsIn(db, rowFault),
    ...errandsIn(db, seals),
    ...filesIn(db),
    ...draftsIn(db, rowFault, policies.of),
    ...queueIn(db, rowFault, seals),

    /** The lender's own stream, which is of no case. */
    institution: institutionIn(db, seals, lender),

    /** What it knows of the lender's list of anchors. */
    anchored: anchoredIn(db),

    /** The keys whose checkpoints are the portal's own. */
    published: seals.published,

    /** One round trip (one more for a contract's number in another width): everything that deciding a command needs. @param side whose private stream is read, too */
    async load(caseId: string, account: string, requestId: string, wanted: Wanted = {}, side: Side | null = null): Promise<Loaded> {
      const id = caseId;
      const name = side ? privateStream(id, side) : '';
      const needed = [
        caseRow({ id }),
        policyRows({ at: instant() }),
        ownFiles({ case: id, account }),
        requestRow({ id: requestId }),
        tips({ id, seq: 0 }),
        streamRow({ case: id, side }),
        tips({ id: name, seq: 0 }),
        wanted.loan
          ? aboutLoan({ id, names: JSON.stringify(contractNames(wanted.loan)) })
          : aboutCase({ id, asked: wanted.others ? 1 : 0 }),
      ] as const;
      const isPrivate = wanted.whole === 'private' && side !== null;
      const whole = { id: isPrivate ? name : id };
      const [[row], stored, sent, [request], found, [stream], end, others, all, signed] = await (wanted.whole
        ? ask(send, ...needed, allEntries(whole), allCheckpoints(whole))
        : ask(send, ...needed).then((read) => [...read, null, null] as const));
      const stands = await standsAs(row, stored, found, isPrivate ? null : all);
      // A number in another width or with other dashes is one that SQL alone does not know again.
      const names = wanted.others && !stands.kase.books?.own ? contractNames(stands.kase.loan.reference) : [];
      const [same] = names.length > 1 ? await ask(send, aboutLoan({ id, names: JSON.stringify(names) })) : [others];
      const ours = same.filter((other) => !rowFault(other, other.state));
      const about = await Promise.all(ours.map((other) => caseOfRow(other, [])));
      const read = row && all && signed ? { row, all, signed } : null;
      return {
        ...stands,
        files: new Map(sent.map((file) => [file.sha256, file])),
        request: request ?? null,
        record: read && !isPrivate ? { row: read.row, entries: read.all.map(entryOf), checkpoints: read.signed } : null,
        own: side && {
          ...(await own.loaded(side, stream, end, isPrivate ? all : null)),
          record: read && isPrivate ? storedPrivate({ ...headerOf(read.row), side }, stream, read.all, read.signed) : null,
        },
        others: about.flatMap((other) => (other.doubts.length > 0 ? [] : [other.kase])),
      };
    },

    /**
     * The same of some cases at once, each checked as one alone is, for what the portal does by itself: no files of anybody's, no private stream. One round
     * trip; one more for the records of those whose snapshots are of other rules than today's, as long as they are not long. In the order in which they are asked
     * for: what was thrown, where one cannot be read.
     */
    async loadMany(asked: readonly { case: string; requestId: string }[]): Promise<(Loaded | Error)[]> {
      const ids = JSON.stringify(asked.map((one) => one.case));
      const requestIds = JSON.stringify(asked.map(({ requestId }) => requestId));
      const [rows, stored, found, before] = await ask(
        send,
        caseRows({ ids }),
        policyRows({ at: instant() }),
        tipsOfMany({ ids }),
        requestRows({ ids: requestIds }),
      );
      const rowOf = new Map(rows.map((row) => [row.id, row]));
      const requestOf = new Map(before.map((request) => [request.id, request]));
      const tipsOf = Map.groupBy(found, (tip) => tip.case);
      const entriesOf = await entriesOfOutdated(rows);
      return Promise.all(
        asked.map(async ({ case: id, requestId }) => {
          try {
            const stands = await standsAs(rowOf.get(id), stored, tipsOf.get(id) ?? [], entriesOf.get(id));
            return { ...stands, files: new Map(), request: requestOf.get(requestId) ?? null, record: null, own: null, others: [] };
          } catch (thrown) {
            // What was changed from outside may be of any type: one that cannot be read keeps none of the others.
            return thrown instanceof Error ? thrown : new Error(String(thrown));
          }
        }),
      );
    },

    /** One round trip, all or nothing: a request, entries with checkpoints, projections and notices. */
    append: async (appended: Appended): Promise<void> => {
      await ask(send, ...written(appended, seals, noteSnapshot));
      // What is written next is held against them.
      for (const one of appended.checkpoints) await seals.checkpointHolds(one, one.case, one, true);
    },

    /**
     * As few round trips as carry it, each within bounds, for many cases: what is of one case is written whole or not at all, whatever becomes of the others.
     * Tells for each what was thrown, or null.
     * @throws where the database cannot be asked: of what had not been sent by then, nothing is written
     */
    async appendEach(all: readonly (Appended | Again)[]): Promise<(Error | null)[]> {
      const groups = all.map((one) =>
        'again' in one ? [putAgain(sealedRow(seals, one.again.header, one.again.projection))] : written(one, seals),
      );
      const faults: (Error | null)[] = [];
      for (const batch of batches(groups)) faults.push(...(await db.sendEach(batch)));
      return faults;
    },

    /**
     * One round trip: a case as it is, a page of its entries (newest first, before `before` where given), the policy, and whatever of it is not as the
     * portal wrote it. Each entry of the page is held against its digests, and the page against the checkpoint of its newest entry. The same of a page of a
     * private stream, where one is wanted; and what `account` has written there and not sent.
     */
    async read(caseId: string, account: string, before?: number, wanted: OwnWanted | null = null) {
      const name = wanted ? privateStream(caseId, wanted.side) : '';
      const needed = [
        caseRow({ id: caseId }),
        entriesBefore({ id: caseId, before: before ?? END, most: ENTRIES_A_PAGE + 1 }),
        policyRows({ at: instant() }),
        tips({ id: caseId, seq: before ? before - 1 : 0 }),
        unsentOf({ case: caseId, account }),
      ] as const;
      const held = [
        streamRow({ case: caseId, side: wanted?.side ?? null }),
        entriesBefore({ id: name, before: wanted?.before ?? END, most: (wanted?.most ?? 0) + 1 }),
        tips({ id: name, seq: wanted?.before ? wanted.before - 1 : 0 }),
      ] as const;
      // Who else looks at a case is the lender's own, as its private stream is.
      const [[row], page, stored, found, [unsent], [stream], ownPage, ownFound, looked] = await (wanted?.side === 'lender'
        ? ask(send, ...needed, ...held, readersOf({ case: caseId, limit: MOST_LOOKS }))
        : wanted
          ? ask(send, ...needed, ...held).then((read) => [...read, []] as const)
          : ask(send, ...needed).then((read) => [...read, [], [], [], []] as const));
      if (!row) return null;
      const { kase, doubts } = await caseOfRow(row, [...policies.doubts(stored), ...(await doubtsOf(row, found))]);
      const head = { seq: row.seq, hash: row.hash, at: row.lastAt };
      const shared = { stream: caseId, head, page, most: ENTRIES_A_PAGE, before, found, of: kase, doubts };
      const shown = {
        row,
        kase,
        entries: await checked(shared),
        more: page.length > ENTRIES_A_PAGE,
        policy: policies.of(stored),
        unsent,
        doubts,
      };
      const readers: readonly Look[] = looked;
      if (!wanted) return { ...shown, own: null, readers };
      const { side, most } = wanted;
      const stands = await own.loaded(side, stream, ownFound);
      const { own: of, head: ownHead, doubts: ownDoubts } = stands;
      const kept = {
        stream: name,
        head: ownHead,
        page: ownPage,
        most,
        before: wanted.before,
        found: ownFound,
        of,
        doubts: ownDoubts,
        side,
      };
      return { ...shown, own: { ...stands, entries: await checked(kept), more: ownPage.length > most } satisfies OwnPage, readers };
    },

    /** How far somebody has read in a case. */
    keepReader: (row: Look) => ask(send, putReader(row)),

    /** That somebody is writing in a case; false of a case at which they never looked. */
    async writes(of: { case: string; account: string; at: string }): Promise<boolean> {
      const [rows] = await ask(send, writes(of));
      return rows.length > 0;
    },

    /**
     * One round trip: keeps what somebody has written and not sent, where what stands there is what the form knows, or gives that up; and, where they look at the case as one of the
     * lender's people, notes that they write. Tells what stands there then, and whether it is theirs.
     * @param content encrypted; null to give it up
     */
    async keepUnsent(
      of: { case: string; account: string } & Known,
      content: string | null,
      at: string,
    ): Promise<{ done: boolean; stands: UnsentRow | undefined }> {
      const now = Date.parse(at);
      const request = `${of.account}:${of.form}`;
      const change = content === null ? dropUnsent(of) : putUnsent({ ...of, content, now, request });
      const [, [stands]] = await ask(send, change, unsentOf(of), writes({ ...of, at }));
      return { done: content === null ? stands === undefined : stands?.content === content, stands };
    },

    /** What somebody had written in any case and not sent, once they are no more of the lender's people. */
    dropUnsentOf: (account: string) => ask(send, dropUnsentOf({ account })),

    /** One round trip: what of a case's row and of the end of its record is not the portal's own. */
    async doubts(caseId: string): Promise<Doubt[]> {
      const [[row], found] = await ask(send, caseRow({ id: caseId }), tips({ id: caseId, seq: 0 }));
      return doubtsOf(row, found);
    },

    /** The whole record of a case, in order, unchecked. */
    async record(caseId: string): Promise<StoredRecord | null> {
      const [[row], all, signed] = await ask(send, caseRow({ id: caseId }), allEntries({ id: caseId }), allCheckpoints({ id: caseId }));
      return row ? { row, entries: all.map(entryOf), checkpoints: signed } : null;
    },

    /** The whole private stream of a side, unchecked, and what of its row and its end is not the portal's own; null where it has no entries. */
    async privateRecord(caseId: string, side: Side): Promise<{ record: StoredPrivate | null; doubts: Doubt[] } | null> {
      const id = privateStream(caseId, side);
      const [[row], [stream], found, all, signed] = await ask(
        send,
        caseRow({ id: caseId }),
        streamRow({ case: caseId, side }),
        tips({ id, seq: 0 }),
        allEntries({ id }),
        allCheckpoints({ id }),
      );
      const { head, doubts } = await own.loaded(side, stream, found, all);
      if (!head && doubts.length === 0) return null;
      return { record: row ? storedPrivate({ ...headerOf(row), side }, stream, all, signed) : null, doubts };
    },

    /** Writes where a private stream stands anew with its seal, for one that is known to be wrong, or of other rules. */
    restoreOwn: (header: { case: string; side: Side }, projection: OwnProjection) => ask(send, standing(seals, header, projection)),

    /** Writes who sees to a case anew, as the lender's private stream of it says. */
    reassign: (id: string, own: Own) => ask(send, assignedTo({ id, ...assigneeIn(own) })),

    /** One round trip: notices that have not left, the oldest first, of all cases or of some; and the policy, which says when they may. */
    async unsent(limit: number, ids?: readonly string[]) {
      const [notices, stored] = await ask(
        send,
        ids === undefined ? unsentNotices({ limit }) : unsentNoticesOf({ streams: JSON.stringify(ids.flatMap(streamsOf)), limit }),
        policyRows({ at: instant() }),
      );
      return { notices, policy: policies.of(stored) };
    },

    /** One round trip: marks notices as sent. */
    async markSent(notices: { case: string; seq: number; side: Place }[], at: string): Promise<void> {
      if (notices.length > 0) await ask(send, ...notices.map((notice) => noticeSent({ ...notice, at })));
    },

    /** Writes a projection anew with its seal, and what reports count of the case, where the record has not moved on since `seq`. */
    reproject: (header: Header, projection: Projection, counted: readonly KeptMilestone[]) =>
      ask(send, putAgain(sealedRow(seals, header, projection)), ...countedAnew({ id: header.id, seq: projection.seq }, counted)),

    /** The same for a row that is known to be wrong, whatever it says of where the record stands. */
    restore: (header: Header, projection: Projection, counted: readonly KeptMilestone[]) =>
      ask(send, putCase(sealedRow(seals, header, projection)), ...countedAnew({ id: header.id, seq: projection.seq }, counted)),

    /** What reports count of a case, written anew where its record has not moved on since `seq`. */
    recount: (id: string, seq: number, counted: readonly KeptMilestone[]) => ask(send, ...countedAnew({ id, seq }, counted)),

    /** What reports count of a case, and up to which entry its record went as that was read. */
    async milestones(id: string): Promise<{ seq: number; counted: KeptMilestone[] }> {
      const [[row], counted] = await ask(send, caseRow({ id }), allMilestones({ case: id }));
      return { seq: row?.seq ?? 0, counted };
    },

    /** All that an audit reads beside the records themselves: ids of cases, names of the streams that entries are of, files, what is leaving. */
    async inventory() {
      const [listedCases, named, stored, going, waiting] = await db.batch([
        db.select({ id: cases.id, assignee: cases.assignee, team: cases.team }).from(cases).orderBy(asc(cases.openedAt)),
        db.selectDistinct({ case: entries.case }).from(entries),
        db.select().from(files),
        db.select({ path: leaving.path }).from(leaving),
        db.select().from(errands),
      ]);
      return {
        cases: listedCases.map(({ id }) => id),
        assigned: new Map(listedCases.map(({ id, assignee, team }) => [id, { assignee, team }])),
        named: named.map((one) => one.case),
        files: stored,
        leaving: going.map(({ path }) => path),
        errands: Map.groupBy(waiting, (one) => one.case),
      };
    },
  };

  /** A page of a stream, oldest first, held against what the portal signed; what does not hold is added to `doubts`. */
  async function checked(of: {
    stream: string;
    /** Where the stream stands by its row, of which `doubts` say whether it is the portal's. */
    head: Head | null;
    page: readonly EntryRow[];
    most: number;
    before: number | undefined;
    found: Tips;
    of: Pick<Case, 'erasures'>;
    doubts: Doubt[];
    side?: Side;
  }): Promise<PageEntry[]> {
    const { stream, head, page, most, before, found, doubts, side } = of;
    // A page that begins past the end of the record ends with its newest entry.
    const newest = head?.seq ?? 0;
    const last = before ? Math.min(before - 1, newest) : newest;
    const end = found.find(({ seq }) => seq === last);
    // The newest entry's checkpoint has been verified with the row.
    const isTip = last === newest && end?.at === head?.at && !doubts.some(({ code }) => code === 'head' || code === 'checkpoint');
    const signed = end && (isTip || (await seals.checkpointHolds(end.checkpoint, stream, end))) ? end.hash : null;
    const sealedHash = head && last === newest && !doubts.some(isOfSeal) ? head.hash : null;
    const entries = checkedPage(page, { stream, most, trusted: signed ?? sealedHash, erasures: of.of.erasures });
    for (const { seq, holds } of entries)
      if (!holds && !doubts.some((doubt) => doubt.code === 'entry' && doubt.seq === seq))
        doubts.push({ code: 'entry', seq, ...(side ? { side } : {}) });
    return entries;
  }
}

const isOfSeal = ({ code }: Doubt) => code.startsWith('seal.');

const headerOf = ({ id, lender, openedAt, number }: CaseRow) => ({ case: id, lender, openedAt, number });

export type Casebook = ReturnType<typeof casebook>;
