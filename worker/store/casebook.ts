import { and, asc, desc, eq, exists, inArray, isNotNull, isNull, lt, notExists, or, sql } from 'drizzle-orm';
import { cases, checkpoints, drafts, entries, files, outbox, policy, requests } from '../../db/casebook/schema.ts';
import { type Case, EMPTY_CASE } from '../negotiation/case.ts';
import { DEFAULT_POLICY, Policy } from '../negotiation/policy.ts';
import type { Side } from '../negotiation/seats.ts';
import type { Checkpoint, FileRef, SealedEntry } from '../record/format.ts';
import type { Head } from '../record/seal.ts';
import type { Database } from './connect.ts';

/** One lender's casebook: cases, their record, and what people have begun. A query here cannot see another lender's data: there is none. */

export type CaseRow = typeof cases.$inferSelect;
export type Listed = Omit<CaseRow, 'state' | 'hash' | 'seq'>;
export type Projection = Omit<CaseRow, 'id' | 'lender' | 'number' | 'openedAt'>;
export type Draft = typeof drafts.$inferSelect;
export type StoredFile = typeof files.$inferSelect;

/** What a command needs: the case as it is, where its record stands, the policy, the sender's files, and whether this request came before. */
export type Loaded = {
  kase: Case;
  head: Head | null;
  number: string | null;
  openedAt: string | null;
  policy: Policy;
  files: Map<string, FileRef>;
  request: typeof requests.$inferSelect | null;
};

const ENTRIES_A_PAGE = 30;
const CASES_A_PAGE = 30;

const listed = {
  id: cases.id,
  number: cases.number,
  lender: cases.lender,
  openedAt: cases.openedAt,
  lastAt: cases.lastAt,
  stage: cases.stage,
  awaited: cases.awaited,
  deadline: cases.deadline,
  borrower: cases.borrower,
  reference: cases.reference,
  amount: cases.amount,
};

export function casebook(db: Database) {
  const caseRow = (id: string) => db.select().from(cases).where(eq(cases.id, id));
  const policyRow = () => db.select().from(policy).where(eq(policy.id, 1));
  const caseOf = (id: string) => db.select({ id: cases.id }).from(cases).where(eq(cases.id, id));
  const markErased = (caseId: string, account: string, at: string, sha256?: string) =>
    db
      .update(files)
      .set({ name: '', erasedAt: at })
      .where(
        and(
          eq(files.case, caseId),
          eq(files.account, account),
          sha256 === undefined ? undefined : eq(files.sha256, sha256),
          notExists(caseOf(caseId)),
        ),
      )
      .returning({ sha256: files.sha256 });
  const draftsOf = (account: string) => db.select().from(drafts).where(eq(drafts.account, account)).orderBy(desc(drafts.updatedAt));

  return {
    /** One round trip: everything that deciding a command needs. */
    async load(caseId: string, account: string, requestId: string): Promise<Loaded> {
      const [found, stored, own, before] = await db.batch([
        caseRow(caseId),
        policyRow(),
        db
          .select()
          .from(files)
          .where(and(eq(files.case, caseId), eq(files.account, account), isNull(files.erasedAt))),
        db.select().from(requests).where(eq(requests.id, requestId)),
      ]);
      const [row] = found;
      return {
        kase: row ? (row.state as Case) : EMPTY_CASE,
        head: row ? { seq: row.seq, hash: row.hash, at: row.lastAt } : null,
        number: row?.number ?? null,
        openedAt: row?.openedAt ?? null,
        policy: readPolicy(stored[0]?.value),
        files: new Map(own.map(({ sha256, size, type, name }) => [sha256, { sha256, size, type, name }])),
        request: before[0] ?? null,
      };
    },

    /** One round trip, all or nothing: the request, the entries with their checkpoints, the projection, the notices. */
    append(appended: {
      request: typeof requests.$inferInsert;
      caseId: string;
      header: { number: string; lender: string; openedAt: string };
      entries: SealedEntry[];
      checkpoints: Checkpoint[];
      projection: Projection;
      notices: (typeof outbox.$inferInsert)[];
      files: (typeof files.$inferInsert)[];
      forgetDraft?: { account: string; about: string };
    }) {
      const { request, caseId, header, projection, notices, forgetDraft } = appended;
      const rows = appended.entries.map((entry) => ({ case: caseId, ...entry }));
      return db.batch([
        db.insert(requests).values(request),
        // Row by row: the trigger that holds the chain must see each entry's predecessor.
        ...rows.map((row) => db.insert(entries).values(row)),
        db.insert(checkpoints).values(appended.checkpoints),
        db
          .insert(cases)
          .values({ id: caseId, ...header, ...projection })
          .onConflictDoUpdate({ target: cases.id, set: projection }),
        ...(notices.length > 0 ? [db.insert(outbox).values(notices)] : []),
        ...(appended.files.length > 0 ? [db.insert(files).values(appended.files).onConflictDoNothing()] : []),
        ...(forgetDraft
          ? [db.delete(drafts).where(and(eq(drafts.account, forgetDraft.account), eq(drafts.about, forgetDraft.about)))]
          : []),
      ]);
    },

    /** Remembers the outcome of a request that wrote nothing. */
    remember: (request: typeof requests.$inferInsert) => db.insert(requests).values(request).onConflictDoNothing(),

    /** One round trip: a case as it is, a page of its entries (newest first, before `before` where given), the policy. */
    async read(caseId: string, before?: number) {
      const [found, page, stored] = await db.batch([
        caseRow(caseId),
        db
          .select({
            seq: entries.seq,
            at: entries.at,
            kind: entries.kind,
            author: entries.author,
            content: entries.content,
            hash: entries.hash,
          })
          .from(entries)
          .where(before ? and(eq(entries.case, caseId), lt(entries.seq, before)) : eq(entries.case, caseId))
          .orderBy(desc(entries.seq))
          .limit(ENTRIES_A_PAGE + 1),
        policyRow(),
      ]);
      const [row] = found;
      if (!row) return null;
      return {
        row,
        kase: row.state as Case,
        entries: page.slice(0, ENTRIES_A_PAGE).reverse(),
        more: page.length > ENTRIES_A_PAGE,
        policy: readPolicy(stored[0]?.value),
      };
    },

    /** The whole record of a case, in order. */
    async record(caseId: string) {
      const [found, all, signed] = await db.batch([
        caseRow(caseId),
        db.select().from(entries).where(eq(entries.case, caseId)).orderBy(asc(entries.seq)),
        db.select().from(checkpoints).where(eq(checkpoints.case, caseId)).orderBy(asc(checkpoints.seq)),
      ]);
      const [row] = found;
      return row ? { row, entries: all, checkpoints: signed } : null;
    },

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
            text ? or(eq(cases.number, text), eq(cases.reference, text), eq(cases.borrower, text)) : undefined,
            from ? or(lt(cases.lastAt, from.lastAt), and(eq(cases.lastAt, from.lastAt), lt(cases.id, from.id))) : undefined,
          ),
        )
        .orderBy(desc(cases.lastAt), desc(cases.id))
        .limit(CASES_A_PAGE + 1);
      return { cases: page.slice(0, CASES_A_PAGE), more: page.length > CASES_A_PAGE };
    },

    ids: () => db.select({ id: cases.id }).from(cases).orderBy(asc(cases.openedAt)),

    /** Cases whose deadline has passed at `now`, oldest first. */
    overdue: (now: string, limit: number) =>
      db
        .select({ id: cases.id })
        .from(cases)
        .where(and(isNotNull(cases.deadline), lt(cases.deadline, now)))
        .orderBy(asc(cases.deadline))
        .limit(limit),

    async policy(): Promise<Policy> {
      const [row] = await policyRow();
      return readPolicy(row?.value);
    },

    setPolicy: (value: Policy, at: string) =>
      db.insert(policy).values({ id: 1, value, at }).onConflictDoUpdate({ target: policy.id, set: { value, at } }),

    /** One round trip: what a person has begun and not sent, newest first; the policy; and whether `caseId` is a case already. */
    async begun(account: string, caseId: string) {
      const [found, stored, opened] = await db.batch([draftsOf(account), policyRow(), caseOf(caseId)]);
      return { drafts: found, policy: readPolicy(stored[0]?.value), opened: opened.length > 0 };
    },

    /** One round trip: some cases, and what a person has begun and not sent. */
    async own(ids: string[], account: string): Promise<{ cases: Listed[]; drafts: Draft[] }> {
      const [found, started] = await db.batch([db.select(listed).from(cases).where(inArray(cases.id, ids)), draftsOf(account)]);
      return { cases: found, drafts: started };
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

    /** One round trip: forgets a draft and marks its files as erased, unless its case was opened. Returns their digests: they are to leave storage. */
    async discardDraft(account: string, about: string, caseId: string, at: string): Promise<string[]> {
      const [, gone] = await db.batch([
        db.delete(drafts).where(and(eq(drafts.account, account), eq(drafts.about, about))),
        markErased(caseId, account, at),
      ]);
      return gone.map(({ sha256 }) => sha256);
    },

    filesOf: (caseId: string) => db.select().from(files).where(eq(files.case, caseId)),

    async file(caseId: string, sha256: string): Promise<StoredFile | null> {
      const [row] = await db
        .select()
        .from(files)
        .where(and(eq(files.case, caseId), eq(files.sha256, sha256)));
      return row ?? null;
    },

    /** Adds files that a person has stored; one that they had taken back before is theirs again. */
    addFiles: (stored: (typeof files.$inferInsert)[]) =>
      db
        .insert(files)
        .values(stored)
        .onConflictDoUpdate({
          target: [files.case, files.sha256],
          set: { name: sql`excluded.name`, erasedAt: null },
          setWhere: sql`${files.account} = excluded.account AND ${files.erasedAt} IS NOT NULL`,
        }),

    /** Marks a file of a draft as erased, unless its case was opened; whether there was one. It is to leave storage. */
    dropFile: async (caseId: string, account: string, sha256: string, at: string): Promise<boolean> =>
      (await markErased(caseId, account, at, sha256)).length > 0,

    unsent: (limit: number) => db.select().from(outbox).where(isNull(outbox.sentAt)).orderBy(asc(outbox.at)).limit(limit),

    /** One round trip: marks notices as sent. */
    async markSent(notices: { case: string; seq: number; side: Side }[], at: string): Promise<void> {
      const marks = notices.map((notice) =>
        db
          .update(outbox)
          .set({ sentAt: at })
          .where(and(eq(outbox.case, notice.case), eq(outbox.seq, notice.seq), eq(outbox.side, notice.side))),
      );
      const [first, ...rest] = marks;
      if (first) await db.batch([first, ...rest]);
    },

    /** Writes a projection anew, where the record has not moved on since `seq`. */
    reproject: (caseId: string, projection: Projection) =>
      db
        .update(cases)
        .set(projection)
        .where(and(eq(cases.id, caseId), eq(cases.seq, projection.seq))),

    /** One round trip: erases contents (and authors, where asked) that an entry of the record says are erased, and marks files as erased. */
    erase(caseId: string, seqs: number[], sha256s: string[], authors: boolean, at: string) {
      return db.batch([
        db
          .update(entries)
          .set({ content: null, salt: null, ...(authors ? { author: null, authorSalt: null } : {}) })
          .where(and(eq(entries.case, caseId), inArray(entries.seq, seqs.length > 0 ? seqs : [-1]))),
        db
          .update(files)
          .set({ name: '', erasedAt: at })
          .where(and(eq(files.case, caseId), inArray(files.sha256, sha256s.length > 0 ? sha256s : ['']))),
      ]);
    },

    /** Files that are erased and not yet gone from storage. */
    erasedFiles: (limit: number) =>
      db.select({ case: files.case, sha256: files.sha256 }).from(files).where(isNotNull(files.erasedAt)).limit(limit),

    /** Forgets a file that is gone from storage. */
    forgetFile: (caseId: string, sha256: string) =>
      db.delete(files).where(and(eq(files.case, caseId), eq(files.sha256, sha256), isNotNull(files.erasedAt))),
  };
}

export type Casebook = ReturnType<typeof casebook>;

function readPolicy(stored: unknown): Policy {
  return stored === undefined ? DEFAULT_POLICY : Policy.parse(stored);
}
