import { and, asc, desc, eq, exists, getTableColumns, gt, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { cases, drafts, entries, files, leaving, type outbox, policy, type requests, streams } from '../../db/casebook/schema.ts';
import { type Case, EMPTY_CASE, fold } from '../negotiation/case.ts';
import { PARTS, type Part, type Pending, pending } from '../negotiation/pending.ts';
import { DEFAULT_POLICY, Policy } from '../negotiation/policy.ts';
import type { Side } from '../negotiation/seats.ts';
import { DOTS } from '../negotiation/text.ts';
import { INVISIBLE_ON_RECORD, withoutInvisible } from '../plan/unseen.ts';
import { type Checkpoint, type FileRef, privateStream, type SealedEntry } from '../record/format.ts';
import type { Head } from '../record/seal.ts';
import {
  aboutLoan,
  addFile,
  addNotice,
  addRequest,
  allCheckpoints,
  allEntries,
  awaitFile,
  caseRow,
  dropDraft,
  END,
  ENTRIES_A_PAGE,
  type EntryRow,
  entriesBefore,
  eraseAuthor,
  eraseContent,
  forgetAsked,
  forgetFile,
  leaves,
  noticeSent,
  ownFiles,
  policyRow,
  putCase,
  requestRow,
  stays,
  streamRow,
  type Tips,
  tips,
  unsentNotices,
  unsentNoticesOf,
} from './case-statements.ts';
import type { Database } from './connect.ts';
import { checkedPage, entryOf, type PageEntry, parsed } from './entries.ts';
import { casePath, exportsPath, FILES } from './files.ts';
import { ask } from './prepared.ts';
import type { Doubt, DoubtCode, SealedRow, Seals } from './seals.ts';
import { ofOtherRules, readSnapshot, snapshotText } from './snapshots.ts';
import {
  type AppendedOwn,
  adding,
  foldedAnew,
  type LoadedOwn,
  type OwnProjection,
  type StoredPrivate,
  storedPrivate,
  streamsBy,
} from './streams.ts';

/** One lender's casebook: cases, their record, and what people have begun. A query here cannot see another lender's data: there is none. */

export type CaseRow = typeof cases.$inferSelect;
/**
 * A case in a list. `proven` tells whether its row is the portal's own and names the newest entry of its record; `pending`, what waits for the side whose
 * list it is, beside the offer: a hint alone, as lists check rows without their states.
 */
export type Listed = Omit<CaseRow, 'state' | 'hash' | 'seq' | 'seal'> & { proven: boolean; pending: Pending[] };
export type Header = Pick<CaseRow, 'id' | 'lender' | 'number' | 'openedAt'>;
export type Projection = Omit<SealedRow, keyof Header> & { state: Case };
export type Draft = typeof drafts.$inferSelect;
export type StoredFile = typeof files.$inferSelect;

/** What is appended to one case. `written` is null where nothing was decided: then the outcome of the request is remembered, and no more. */
export type Appended = {
  request: typeof requests.$inferInsert;
  written: { header: Header; projection: Projection } | null;
  entries: SealedEntry[];
  checkpoints: Checkpoint[];
  /** What is held in private streams of the case. */
  own?: readonly AppendedOwn[];
  notices: (typeof outbox.$inferInsert)[];
  files: (typeof files.$inferInsert)[];
  forgetDraft?: { account: string; about: string };
  /** What the entries that are appended say is erased: it goes with them, or not at all. */
  erasing?: Erasing;
};

/** Contents of entries, with their authors where `authors`, and files by digest. */
export type Erasing = { entries: readonly number[]; files: readonly string[]; authors: boolean; at: string };

/** The whole record of a case as it is stored, with its row. Nothing of it has been checked: `worker/proof.ts` does. */
export type StoredRecord = { row: CaseRow; entries: SealedEntry[]; checkpoints: Checkpoint[] };

/** What a command needs: the case as it is, where its record stands, the policy, the sender's files, and whether this request came before. */
export type Loaded = {
  kase: Case;
  head: Head | null;
  number: string | null;
  openedAt: string | null;
  policy: Policy;
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

/** What `load` is to read beside the case: the whole record, or a whole private one, or, of a case that is opened, other cases about its loan by their reference. */
export type Wanted = { whole: true | 'private' } | { whole?: false; loan?: string | undefined };

/** A page of a private stream, newest last, and what it comes to. */
export type OwnPage = LoadedOwn & { entries: PageEntry[]; more: boolean };

/** Which page of the private stream of a side: so many of the newest entries, before `before` where given. */
export type OwnWanted = { side: Side; most: number; before?: number | undefined };

const CASES_A_PAGE = 30;

const { state: _state, ...sealedColumns } = getTableColumns(cases);
const listed = {
  ...sealedColumns,
  newest: sql<number | null>`(SELECT max(e.seq) FROM entries AS e WHERE e."case" = cases.id)`,
  parts: sql<string | null>`CASE WHEN json_valid(cases.state) THEN json_object(${sql.join(
    PARTS.map((part) => sql`${sql.raw(`'${part}'`)}, json_extract(cases.state, ${sql.raw(`'$.${part}'`)})`),
    sql`, `,
  )}) END`,
};

/** @param lender slug of the lender whose casebook it is: its policy is sealed for it, and its cases name it */
export function casebook(db: Database, seals: Seals, lender: string) {
  const { send } = db;
  const own = streamsBy(seals, send);
  const caseOf = (id: string) => db.select({ id: cases.id }).from(cases).where(eq(cases.id, id));
  const draftsOf = (account: string) => db.select().from(drafts).where(eq(drafts.account, account)).orderBy(desc(drafts.updatedAt));

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

  /** Every lender has a policy from its first day on: one that is gone was taken away. */
  const policyHolds = (stored: Stored | undefined) => stored !== undefined && heldPolicy(seals, lender, stored) !== null;
  const policyOf = (stored: Stored | undefined) => (stored && heldPolicy(seals, lender, stored)) ?? DEFAULT_POLICY;
  const policyDoubts = (stored: Stored | undefined): Doubt[] => (policyHolds(stored) ? [] : [{ code: 'policy' }]);

  function writePolicy(text: string, at: string) {
    const row = { value: text, at, seal: seals.policy(lender, text, at) };
    return db
      .insert(policy)
      .values({ id: 1, ...row })
      .onConflictDoUpdate({ target: policy.id, set: row });
  }

  return {
    /** The keys whose checkpoints are the portal's own. */
    published: seals.published,

    /** One round trip: everything that deciding a command needs. @param side whose private stream is read, too */
    async load(caseId: string, account: string, requestId: string, wanted: Wanted = {}, side: Side | null = null): Promise<Loaded> {
      const id = caseId;
      const name = side ? privateStream(id, side) : '';
      const needed = [
        caseRow({ id }),
        policyRow({}),
        ownFiles({ case: id, account }),
        requestRow({ id: requestId }),
        tips({ id, seq: 0 }),
        streamRow({ case: id, side }),
        tips({ id: name, seq: 0 }),
      ] as const;
      const isPrivate = wanted.whole === 'private' && side !== null;
      const whole = { id: isPrivate ? name : id };
      const [[row], [stored], sent, [request], found, [stream], end, all, signed, others] = await (wanted.whole
        ? ask(send, ...needed, allEntries(whole), allCheckpoints(whole)).then((read) => [...read, []] as const)
        : wanted.loan
          ? ask(send, ...needed, aboutLoan({ id, reference: wanted.loan })).then(
              ([a, b, c, d, e, f, g, about]) => [a, b, c, d, e, f, g, null, null, about] as const,
            )
          : ask(send, ...needed).then((read) => [...read, null, null, []] as const));
      const known = [...policyDoubts(stored), ...(await doubtsOf(row, found))];
      const { kase, doubts } = row ? await caseOfRow(row, known, isPrivate ? null : all) : { kase: EMPTY_CASE, doubts: known };
      const ours = others.filter((other) => !rowFault(other, other.state));
      const about = await Promise.all(ours.map((other) => caseOfRow(other, [])));
      const read = row && all && signed ? { row, all, signed } : null;
      return {
        kase,
        head: row ? { seq: row.seq, hash: row.hash, at: row.lastAt } : null,
        number: row?.number ?? null,
        openedAt: row?.openedAt ?? null,
        policy: policyOf(stored),
        files: new Map(sent.map((file) => [file.sha256, file])),
        request: request ?? null,
        doubts,
        record: read && !isPrivate ? { row: read.row, entries: read.all.map(entryOf), checkpoints: read.signed } : null,
        own: side && {
          ...(await own.loaded(side, stream, end, isPrivate ? all : null)),
          record: read && isPrivate ? storedPrivate({ ...headerOf(read.row), side }, stream, read.all, read.signed) : null,
        },
        others: about.flatMap((other) => (other.doubts.length > 0 ? [] : [other.kase])),
      };
    },

    /** One round trip, all or nothing, for as many cases as there are: their requests, entries with checkpoints, projections and notices. */
    async append(all: readonly Appended[]): Promise<void> {
      if (all.length > 0) await ask(send, ...all.flatMap(written));
    },

    /**
     * One round trip: a case as it is, a page of its entries (newest first, before `before` where given), the policy, and whatever of it is not as the
     * portal wrote it. Each entry of the page is held against its digests, and the page against the checkpoint of its newest entry. The same of a page of a
     * private stream, where one is wanted.
     */
    async read(caseId: string, before?: number, wanted: OwnWanted | null = null) {
      const name = wanted ? privateStream(caseId, wanted.side) : '';
      const needed = [
        caseRow({ id: caseId }),
        entriesBefore({ id: caseId, before: before ?? END, most: ENTRIES_A_PAGE + 1 }),
        policyRow({}),
        tips({ id: caseId, seq: before ? before - 1 : 0 }),
      ] as const;
      const [[row], page, [stored], found, [stream], ownPage, ownFound] = await (wanted
        ? ask(
            send,
            ...needed,
            streamRow({ case: caseId, side: wanted.side }),
            entriesBefore({ id: name, before: wanted.before ?? END, most: wanted.most + 1 }),
            tips({ id: name, seq: wanted.before ? wanted.before - 1 : 0 }),
          )
        : ask(send, ...needed).then((read) => [...read, [], [], []] as const));
      if (!row) return null;
      const { kase, doubts } = await caseOfRow(row, [...policyDoubts(stored), ...(await doubtsOf(row, found))]);
      const head = { seq: row.seq, hash: row.hash, at: row.lastAt };
      const shared = { stream: caseId, head, page, most: ENTRIES_A_PAGE, before, found, of: kase, doubts };
      const shown = { row, kase, entries: await checked(shared), more: page.length > ENTRIES_A_PAGE, policy: policyOf(stored), doubts };
      if (!wanted) return { ...shown, own: null };
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
      return { ...shown, own: { ...stands, entries: await checked(kept), more: ownPage.length > most } satisfies OwnPage };
    },

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
    restoreOwn: (header: { case: string; side: Side }, projection: OwnProjection) => ask(send, own.standing(header, projection)),

    /** One page of cases, those awaited by `side` or all, newest first, from a key on. */
    async list(
      filter: { awaited?: Side | undefined; text?: string | undefined },
      from?: { lastAt: string; id: string } | undefined,
    ): Promise<{ cases: Listed[]; more: boolean }> {
      const text = filter.text?.trim();
      const page = await db
        .select(listed)
        .from(cases)
        .where(
          and(
            filter.awaited ? eq(cases.awaited, filter.awaited) : undefined,
            text ? containing(text) : undefined,
            from ? or(lt(cases.lastAt, from.lastAt), and(eq(cases.lastAt, from.lastAt), lt(cases.id, from.id))) : undefined,
          ),
        )
        .orderBy(desc(cases.lastAt), desc(cases.id))
        .limit(CASES_A_PAGE + 1);
      return { cases: page.slice(0, CASES_A_PAGE).map((row) => toListed(row, 'lender')), more: page.length > CASES_A_PAGE };
    },

    /** Cases whose row is older than seals, or whose snapshot is of other rules than today's. */
    outdated: () =>
      db
        .select({ id: cases.id })
        .from(cases)
        .where(or(isNull(cases.seal), ofOtherRules(cases.state)))
        .orderBy(asc(cases.id)),

    /** The same of private streams. */
    outdatedOwn: () => db.select({ case: streams.case, side: streams.side }).from(streams).where(ofOtherRules(streams.state)),

    /** Cases whose deadline has passed at `now`, in the order of their ids, after `from`. */
    overdue: (now: string, limit: number, from = '') =>
      db
        .select({ id: cases.id })
        .from(cases)
        .where(and(isNotNull(cases.deadline), lt(cases.deadline, now), gt(cases.id, from)))
        .orderBy(asc(cases.id))
        .limit(limit),

    /** The policy as it stands, whether it is as the portal wrote it, and whether it says so at all: one that does not may be older than seals. */
    async policy(): Promise<{ value: Policy; proven: boolean; sealed: boolean }> {
      const [[stored]] = await ask(send, policyRow({}));
      return { value: readPolicy(stored), proven: policyHolds(stored), sealed: typeof stored?.seal === 'string' };
    },

    setPolicy: (value: Policy, at: string) => writePolicy(JSON.stringify(value), at),

    /**
     * Takes the policy as it stands for the portal's own: there is nothing to hold it against, so somebody has to have looked at it, or it has to be
     * known to be older than seals. Where there is none, or what is stored is none, the one that stands without is written.
     */
    async takePolicy(at: string): Promise<Policy> {
      const [[stored]] = await ask(send, policyRow({}));
      const value = readPolicy(stored);
      const isPolicy = stored !== undefined && Policy.safeParse(parsed(stored.value)).success;
      await (isPolicy ? writePolicy(stored.value, stored.at) : writePolicy(JSON.stringify(value), at));
      return value;
    },

    /** One round trip: what a person has begun and not sent, newest first; the policy; and whether `caseId` is a case already. */
    async begun(account: string, caseId: string) {
      const [found, stored, opened] = await db.batch([draftsOf(account), db.select().from(policy).where(eq(policy.id, 1)), caseOf(caseId)]);
      return { drafts: found, policy: policyOf(stored[0]), opened: opened.length > 0 };
    },

    /** One round trip: some cases, and what a person has begun and not sent. */
    async own(ids: string[], account: string): Promise<{ cases: Listed[]; drafts: Draft[] }> {
      const [found, started] = await db.batch([db.select(listed).from(cases).where(inArray(cases.id, ids)), draftsOf(account)]);
      return { cases: found.map((row) => toListed(row, 'borrower')), drafts: started };
    },

    /** Saves a draft; one whose case was sent meanwhile is gone at once. */
    saveDraft: (draft: typeof drafts.$inferInsert) =>
      db.batch([
        db
          .insert(drafts)
          .values(draft)
          .onConflictDoUpdate({ target: [drafts.account, drafts.about], set: { content: draft.content, updatedAt: draft.updatedAt } }),
        db.delete(drafts).where(and(eq(drafts.case, draft.case), exists(caseOf(draft.case)))),
      ]),

    /** One round trip: forgets a draft that was not sent, and the files that were stored for it; they are to leave storage. */
    discardDraft(account: string, about: string, caseId: string, at: string) {
      const its = and(eq(files.account, account), eq(files.case, caseId), notOpened);
      return db.batch([
        leave(its, at),
        db.delete(files).where(its),
        db.delete(drafts).where(and(eq(drafts.account, account), eq(drafts.about, about))),
      ]);
    },

    filesOf: (caseId: string) => db.select().from(files).where(eq(files.case, caseId)),

    async file(caseId: string, sha256: string): Promise<StoredFile | null> {
      const [row] = await db
        .select()
        .from(files)
        .where(and(eq(files.case, caseId), eq(files.sha256, sha256)));
      return row ?? null;
    },

    /** One round trip: notes files that are in storage, and that they stay there. */
    addFiles: (stored: (typeof files.$inferInsert)[]) =>
      ask(send, ...stored.flatMap((file) => [addFile(file), stays({ path: casePath(file.case, file.sha256) })])),

    /** One round trip: forgets a file that was stored for a case which is not opened yet. */
    dropFile(caseId: string, account: string, sha256: string, at: string) {
      const it = and(eq(files.case, caseId), eq(files.account, account), eq(files.sha256, sha256), notOpened);
      return db.batch([leave(it, at), db.delete(files).where(it)]);
    },

    /** Notices that have not left, the oldest first: of all cases, or of one. */
    async unsent(limit: number, caseId?: string) {
      const [found] = await ask(send, caseId === undefined ? unsentNotices({ limit }) : unsentNoticesOf({ case: caseId, limit }));
      return found;
    },

    /** One round trip: marks notices as sent. */
    async markSent(notices: { case: string; seq: number; side: Side }[], at: string): Promise<void> {
      if (notices.length > 0) await ask(send, ...notices.map((notice) => noticeSent({ ...notice, at })));
    },

    /** Writes a projection anew with its seal, where the record has not moved on since `seq`. */
    reproject: (header: Header, projection: Projection) =>
      db
        .update(cases)
        .set(sealed(header, projection))
        .where(and(eq(cases.id, header.id), eq(cases.seq, projection.seq))),

    /** The same for a row that is known to be wrong, whatever it says of where the record stands. */
    restore: (header: Header, projection: Projection) => db.update(cases).set(sealed(header, projection)).where(eq(cases.id, header.id)),

    /**
     * One round trip: notes files that are about to be put into storage, and from when they are to leave it again. Whatever names them until then takes
     * that back (`stays`); what a command came to nothing for, or a crash, leaves nothing behind. Files that are named already are not noted.
     */
    async awaitFiles(caseId: string, sha256s: readonly string[], at: string): Promise<void> {
      const noted = sha256s.map((sha256) => awaitFile({ path: casePath(caseId, sha256), at, case: caseId, sha256 }));
      if (noted.length > 0) await ask(send, ...noted);
    },

    /** What storage is to let go of at `now`. */
    leaving: (limit: number, now: string) => db.select().from(leaving).where(lte(leaving.at, now)).orderBy(asc(leaving.at)).limit(limit),

    /** Forgets a path that is gone from storage. */
    left: (path: string) => db.delete(leaving).where(eq(leaving.path, path)),

    /** All that an audit reads beside the records themselves: ids of cases, names of the streams that entries are of, files, what is leaving. */
    async inventory() {
      const [listedCases, named, stored, going] = await db.batch([
        db.select({ id: cases.id }).from(cases).orderBy(asc(cases.openedAt)),
        db.selectDistinct({ case: entries.case }).from(entries),
        db.select().from(files),
        db.select({ path: leaving.path }).from(leaving),
      ]);
      return {
        cases: listedCases.map(({ id }) => id),
        named: named.map((one) => one.case),
        files: stored,
        leaving: going.map(({ path }) => path),
      };
    },
  };

  /** What is to be run for what is appended to one case. */
  function written(appended: Appended) {
    const {
      request,
      written: to,
      entries: added,
      checkpoints: signed,
      own: held = [],
      notices,
      files: stored,
      forgetDraft,
      erasing,
    } = appended;
    const row = to ? sealed(to.header, to.projection) : null;
    return [
      addRequest(request),
      ...(row ? [...adding(row.id, added, signed), putCase(row), ...(erasing ? erased(row.id, erasing) : [])] : []),
      ...held.flatMap(heldBack),
      ...notices.map(addNotice),
      ...stored.flatMap((file) => [addFile(file), stays({ path: casePath(file.case, file.sha256) })]),
      ...(forgetDraft ? [dropDraft(forgetDraft)] : []),
    ];
  }

  /** What is to be run for what is held in a private stream. */
  function heldBack({ header, projection, entries: added, checkpoints: signed, erasing }: AppendedOwn) {
    const name = privateStream(header.case, header.side);
    return [
      ...adding(name, added, signed),
      own.standing(header, projection),
      ...(erasing ? withoutContents(name, erasing) : []),
      ...(erasing ? madeOf(header.case, projection.lastAt) : []),
    ];
  }

  /**
   * Erases contents (and authors, where asked), which an entry before it says are erased; files and documents made of the case are to leave storage;
   * digests of what was asked go too, as they have no salt.
   */
  function erased(id: string, { entries: seqs, files: sha256s, authors, at }: Erasing) {
    return [
      ...withoutContents(id, { entries: seqs, authors }),
      ...sha256s.flatMap((sha256) => [leaves({ path: casePath(id, sha256), at }), forgetFile({ case: id, sha256 })]),
      ...madeOf(id, at),
    ];
  }

  function withoutContents(stream: string, { entries: seqs, authors }: Pick<Erasing, 'entries' | 'authors'>) {
    return [
      ...seqs.map((seq) => eraseContent({ case: stream, seq })),
      ...(authors ? seqs.map((seq) => eraseAuthor({ case: stream, seq })) : []),
    ];
  }

  /** What was asked in a case is forgotten, and what was made of it leaves. */
  function madeOf(id: string, at: string) {
    return [forgetAsked({ case: id }), leaves({ path: exportsPath(id), at })];
  }

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
    const entries = checkedPage(stream, page.slice(0, most), signed ?? sealedHash, of.of);
    for (const { seq, holds } of entries)
      if (!holds && !doubts.some((doubt) => doubt.code === 'entry' && doubt.seq === seq))
        doubts.push({ code: 'entry', seq, ...(side ? { side } : {}) });
    return entries.reverse();
  }

  /** A case's row as it is written: with its state as text, and the portal's seal. */
  function sealed({ id, lender: of, number, openedAt }: Header, { state, ...projection }: Projection): CaseRow {
    const text = snapshotText(state);
    const row = { id, lender: of, number, openedAt, ...projection };
    return { ...row, state: text, seal: seals.row(row, text) };
  }

  function toListed(
    { newest, parts, ...row }: Omit<CaseRow, 'state'> & { newest: number | null; parts: string | null },
    side: Side,
  ): Listed {
    const { seq, hash: _, seal, ...rest } = row;
    const proven = rowFault({ ...row, seal }) === null && newest === seq;
    return { ...rest, proven, pending: proven ? pendingIn(row.stage, parts, side) : [] };
  }

  /** Notes that the files which `which` tells are to leave storage. */
  function leave(which: SQL | undefined, at: string) {
    const path = sql<string>`${FILES} || files."case" || '/' || files.sha256`.as('path');
    const paths = db
      .select({ path, at: sql<string>`${at}`.as('at') })
      .from(files)
      .where(which);
    return db.insert(leaving).select(paths).onConflictDoUpdate({ target: leaving.path, set: { at } });
  }
}

/** Marks that people leave out or write otherwise: in names, and in numbers. What cannot be seen and spaces are of both. */
const UNSEEN = ` \u00a0\u3000${INVISIBLE_ON_RECORD}`;
const IN_NAMES = [...`${UNSEEN}\uff65\uff0e${DOTS}`];
const IN_NUMBERS = [...`${UNSEEN}-\u2010\u2011\u2012\u2013\u2014`];

/** Cases whose number, contract or borrower's name holds a text, in whatever case and with whatever marks between its letters. */
function containing(text: string): SQL {
  // A line break between them, so that nothing is found across two.
  const numbers = sql`${cases.number} || char(10) || ${cases.reference}`;
  return sql`(${holds(numbers, text, IN_NUMBERS)} OR ${holds(sql`coalesce(${cases.borrower}, '')`, text, IN_NAMES)})`;
}

function holds(held: SQL, text: string, marks: readonly string[]): SQL {
  const sought = marks.reduce((so, mark) => so.replaceAll(mark, ''), withoutInvisible(text.normalize('NFKC')));
  if (sought === '') return sql`0`;
  const plain = marks.reduce((so, mark) => sql`replace(${so}, ${sql.raw(`'${mark}'`)}, '')`, held);
  // SQLite's lower() knows ASCII alone: letters of other scripts are found as they are written.
  return sql`(instr(${plain}, ${sought}) > 0 OR instr(lower(${plain}), ${sought.toLowerCase()}) > 0)`;
}

/** Files of a case that was not opened. */
const notOpened = sql`NOT EXISTS (SELECT 1 FROM cases WHERE cases.id = files."case")`;

type Stored = typeof policy.$inferSelect;

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

const isOfSeal = ({ code }: Doubt) => code.startsWith('seal.');

const headerOf = ({ id, lender, openedAt, number }: CaseRow) => ({ case: id, lender, openedAt, number });

export type Casebook = ReturnType<typeof casebook>;

/** The policy of each lender as it was last found to hold: what says the same, letter for letter, holds as well. */
const heldPolicies = new WeakMap<Seals, Map<string, { stored: Stored; read: Policy }>>();

/** A policy that is as the portal wrote it, read; else null. */
function heldPolicy(seals: Seals, lender: string, stored: Stored): Policy | null {
  const known = heldPolicies.get(seals) ?? new Map<string, { stored: Stored; read: Policy }>();
  heldPolicies.set(seals, known);
  const last = known.get(lender);
  if (last && last.stored.value === stored.value && last.stored.at === stored.at && last.stored.seal === stored.seal) return last.read;
  if (!seals.policyHolds(lender, stored)) return null;
  const read = readPolicy(stored);
  known.set(lender, { stored, read });
  return read;
}

/** The policy as stored, or the one that stands where there is none (or where what is stored is none). */
function readPolicy(stored: Pick<Stored, 'value'> | undefined): Policy {
  const read = stored ? Policy.safeParse(parsed(stored.value)) : null;
  return read?.success ? read.data : DEFAULT_POLICY;
}
