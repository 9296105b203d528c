import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { type AnySQLiteColumn, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { STAGES } from '../../worker/negotiation/entry.ts';
import { bitOf, type Kept } from '../../worker/negotiation/marks.ts';
import { DIMENSIONS } from '../../worker/negotiation/report.ts';
import { json, language, moment } from '../columns/unsealed.ts';

/** A reference of a loan as cases are found by it: without spaces and hyphens, in capitals. There is an index of it (`cases_loan`, written by hand in its migration). */
export const plainReference = (reference: SQL | AnySQLiteColumn) => sql`upper(replace(replace(${reference}, ' ', ''), '-', ''))`;

/** Cases with a mark, as their rows have it: in digits, so that a query is seen to ask what an index holds. */
const marked = (mark: Kept) => sql`marks & ${sql.raw(String(bitOf(mark)))}`;

/** What the tabs of the desk show, as queries and the indexes of `inbox` both say it. */
export const TABS = {
  us: sql`need IS NOT NULL`,
  them: sql`awaited = 'borrower'`,
  agreed: sql`stage IN ('agreed', 'in-force')`,
  arrears: sql`stage IN ('in-arrears', 'broken')`,
  impasse: marked('impasse'),
  complaints: marked('complaint'),
};

/** Cases with any mark: few of all, among which those with one are looked for. */
export const MARKED = sql`marks <> 0`;

/** Cases in which an offer waits for the lender's answer. */
export const UNANSWERED = sql`awaited = 'lender' AND stage = 'negotiating'`;

/** Notices that have not left. */
export const UNSENT = sql`sent_at IS NULL`;

/** Characters of a beginning by which a case is found: what is longer is looked for in what is found by these. */
export const PART = 16;

/** A casebook: one lender's cases. The record is the truth; `cases` is a projection of it that `npm run rebuild` can make anew. */

/** What is known of a case for lists, and the fold's snapshot at `seq`, so that a command reads one row however long the record is. */
export const cases = sqliteTable(
  'cases',
  {
    id: text().primaryKey(),
    number: text().notNull(),
    lender: text().notNull(),
    openedAt: text().notNull(),
    seq: integer().notNull(),
    hash: text().notNull(),
    lastAt: text().notNull(),
    stage: text({ enum: STAGES }).notNull(),
    /** The side that is awaited at the time of the last entry, or null. */
    awaited: text(),
    /** When the offer on the table lapses, or the next instalment falls due. */
    deadline: text(),
    borrower: text(),
    reference: text().notNull(),
    /** In 分: outstanding by the working figures or, under an agreement, what is left to pay by its schedule. */
    amount: integer().notNull(),
    /** The next instalment of which something is left: its day, and how much, in 分; null where nothing is to be paid. */
    nextDue: text(),
    nextAmount: integer(),
    /** Payments that the borrower reported and the lender has not answered. */
    toConfirm: integer().notNull().default(0),
    /** The last day for the lender's answer to a complaint, of those that wait the one that is due first, with a + behind it where it may be later; null where none does. */
    complaintDue: text(),
    /** The fold's snapshot as JSON text, byte for byte what the seal covers. */
    state: text().notNull(),
    /** By which the portal knows its own row again (`worker/store/seals.ts`); null in rows from before there were seals. */
    seal: text(),
    /**
     * Who of the lender's people sees to the case, and whose team's it is, as the lender's private stream says. Written with that, and of no seal: the shared record
     * goes on without it. Lists and notices take it for a hint; the stream is the truth of it.
     */
    assignee: text(),
    team: text(),
    product: text(),
    /** Why the borrower cannot pay as agreed, by their newest statement. */
    cause: text(),
    /** What the lender is to do first (`duties.ts`), as of the last entry; null where nothing waits for it. */
    need: text(),
    /** The day by which something is to be done or comes to pass: what the lender promised, else the next instalment or the end of an offer. */
    dueOn: text(),
    /** `marksIn` (`worker/negotiation/marks.ts`), a bit each. */
    marks: integer().notNull().default(0),
    /** What the case is found by, a line each, as `plainlySought` reads it: number, contract, name, the end of a mobile number. */
    sought: text(),
  },
  (table) => [
    uniqueIndex('cases_number').on(table.number),
    // The desk's list: what waits for a side, newest first, page by page from a key.
    index('cases_awaited').on(table.awaited, table.lastAt, table.id),
    index('cases_last').on(table.lastAt, table.id),
    index('cases_assignee').on(table.assignee, table.lastAt, table.id),
    // What the schedule looks for: what has passed its deadline, and what waits for the lender's answer, which its policy may have.
    index('cases_deadline').on(table.deadline, table.id).where(sql`deadline IS NOT NULL`),
    index('cases_unanswered').on(table.id, table.lastAt).where(UNANSWERED),
    // The lender's list of payments to confirm, those that wait longest first.
    index('cases_to_confirm').on(table.lastAt, table.id).where(sql`${table.toConfirm} > 0`),
    // The lender's list of complaints, those that are due first.
    index('cases_complaint').on(table.complaintDue, table.id).where(sql`${table.complaintDue} IS NOT NULL`),
  ],
);

/** No day: sorts behind all. */
export const NEVER = '9999-12-31';

/**
 * The desk's list: of each case what it is chosen and sorted by, beside the wide rows of `cases`, so that what an index does not find is soon read over. Triggers on
 * `cases` keep it (written by hand in its migration): it says nothing of its own, needs no seal, and can be made anew from there.
 */
export const inbox = sqliteTable(
  'inbox',
  {
    case: text().primaryKey(),
    stage: text().notNull(),
    awaited: text(),
    need: text(),
    assignee: text(),
    cause: text(),
    marks: integer().notNull(),
    amount: integer().notNull(),
    openedAt: text().notNull(),
    lastAt: text().notNull(),
    /** As in `cases`; `NEVER` where there is none. */
    dueOn: text().notNull().default(NEVER),
  },
  (table) => {
    // What filters ask stands in each index, so that no row is fetched which is not shown.
    const { dueOn, lastAt, openedAt, amount, stage, assignee, cause, marks, need, awaited } = table;
    const asked = [stage, assignee, cause, marks, need, awaited] as const;
    const days = [dueOn, table.case, amount, openedAt, ...asked] as const;
    return [
      // An index an order, and of what the desk's tabs show in the order of days one a tab (`worker/store/inbox.ts` names them).
      index('inbox_due').on(...days),
      index('inbox_last').on(lastAt, table.case, amount, openedAt, dueOn, ...asked),
      index('inbox_opened').on(openedAt, table.case, amount, dueOn, ...asked),
      index('inbox_amount').on(amount, table.case, openedAt, dueOn, ...asked),
      index('inbox_us')
        .on(...days)
        .where(TABS.us),
      index('inbox_them')
        .on(...days)
        .where(TABS.them),
      index('inbox_agreed')
        .on(...days)
        .where(TABS.agreed),
      index('inbox_arrears')
        .on(...days)
        .where(TABS.arrears),
      index('inbox_impasse')
        .on(...days, lastAt)
        .where(TABS.impasse),
      index('inbox_complaints')
        .on(...days, lastAt)
        .where(TABS.complaints),
      // What a filter leaves that may be few of all; with the other orders' values, as it is sorted.
      index('inbox_marked')
        .on(...days, lastAt)
        .where(MARKED),
      index('inbox_cause').on(cause, dueOn, table.case, amount, openedAt, stage, assignee, marks, need, awaited, lastAt),
      index('inbox_mine').on(assignee, dueOn, table.case, amount, openedAt, stage, cause, marks, need, awaited),
    ];
  },
);

/** Every end of what a case is found by, cut to `PART` characters, so that any part of it is the beginning of one. Kept by triggers on `cases`. */
export const finds = sqliteTable('finds', { part: text().notNull(), case: text().notNull() }, (table) => [
  primaryKey({ columns: [table.part, table.case] }),
  index('finds_case').on(table.case, table.part),
]);

/** What a person has called a choice of cases: the query of its address. */
export const views = sqliteTable(
  'views',
  { account: text().notNull(), name: text().notNull(), query: text().notNull(), at: text().notNull() },
  (table) => [primaryKey({ columns: [table.account, table.name] })],
);

/**
 * How far each of the lender's people has read in a case, for them and for who looks at it beside them; the lender's own, and no part of any record. A visit lasts until
 * nothing was looked at for a while: what is new is what came since the one before.
 */
export const readers = sqliteTable(
  'readers',
  {
    case: text().notNull(),
    account: text().notNull(),
    name: text().notNull(),
    /** The newest entry that was there, now and at the end of the visit before; and when either was. */
    seq: integer().notNull(),
    at: text().notNull(),
    since: integer().notNull(),
    sinceAt: text().notNull(),
    /** When they last typed something there. */
    writingAt: text(),
    /** The choice of cases by which they came, as an address, with the case's place in it; '' where by none. */
    list: text().notNull().default(''),
  },
  (table) => [primaryKey({ columns: [table.case, table.account] })],
);

/**
 * The message that somebody has written in a case and not sent: theirs alone, of whichever side they are, and no part of any record. Gone once it is sent or given up, once their seat
 * ends, and with the case.
 */
export const unsent = sqliteTable(
  'unsent',
  {
    case: text().notNull(),
    account: text().notNull(),
    /** When it was kept, in milliseconds since 1970, and always later than what stood there before: whoever changes it names what they had before them. */
    version: integer().notNull(),
    /** The request id of the form that it was kept from: what that form keeps or sends is its own next version. */
    form: text().notNull(),
    /** Encrypted for its writer (`worker/store/unsent.ts`). */
    content: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.case, table.account] })],
);

/**
 * What reports count, case by case, as the shared record tells it (`worker/negotiation/milestones.ts`): written with the entries that it follows from, and made anew from them.
 * Nothing of it is the borrower's but the case.
 */
export const milestones = sqliteTable(
  'milestones',
  {
    case: text().notNull(),
    kind: text().notNull(),
    /** Tells those of a kind apart. */
    no: integer().notNull(),
    /** The day by which it is counted. */
    day: text().notNull(),
    outcome: text().notNull(),
    due: text(),
    ended: text(),
    days: integer(),
    /** In 分. */
    amount: integer(),
    beyond: integer(),
    /** The account of the lender's that acted. */
    agent: text(),
    product: text(),
    policy: integer().notNull(),
    /** What it counts as: an answer is in time until the end of the day that was promised. */
    told: text().generatedAlwaysAs(
      sql`CASE WHEN kind = 'answer' AND outcome = 'answered' THEN CASE WHEN ended <= due THEN 'in-time' ELSE 'late' END ELSE outcome END`,
      { mode: 'stored' },
    ),
  },
  (table) => [
    primaryKey({ columns: [table.case, table.kind, table.no] }),
    // The cases behind a figure, page by page. Of one person's there may be few among many, and so of what is beyond policy.
    index('milestones_told').on(table.kind, table.told, table.day, table.case, table.no),
    index('milestones_beyond').on(table.kind, table.told, table.day, table.case, table.no).where(sql`${table.beyond} > 0`),
    index('milestones_agent').on(table.agent, table.kind, table.told, table.day, table.case, table.no),
  ],
);

/**
 * Milestones, counted by month, all and by each of `DIMENSIONS` (`key` is '' where there is none): a row for each number of days too (-1 where there are none), so that medians are
 * exact. Triggers on `milestones` keep it (written by hand in its migration), so that a year of cases is a few rows.
 */
export const tallies = sqliteTable(
  'tallies',
  {
    dimension: text({ enum: ['all', ...DIMENSIONS] }).notNull(),
    key: text().notNull(),
    month: text().notNull(),
    kind: text().notNull(),
    told: text().notNull(),
    days: integer().notNull(),
    count: integer().notNull(),
    amount: integer().notNull(),
    beyond: integer().notNull(),
    /** How many of them go beyond something. */
    over: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.dimension, table.key, table.month, table.kind, table.told, table.days] }),
    // A section of a report by one of the dimensions, read from the index alone.
    index('tallies_kind').on(
      ...[table.dimension, table.kind, table.month, table.key, table.told, table.days],
      ...[table.count, table.amount, table.beyond, table.over],
    ),
  ],
);

/**
 * What waits for each of the lender's people in the private streams of its cases: mentions and tasks (`errand.ts`). Triggers on `streams` keep it (written by hand in
 * its migration): it says nothing of its own, needs no seal, and is shown by what the streams say.
 */
export const errands = sqliteTable(
  'errands',
  {
    case: text().notNull(),
    /** The number of its entry. */
    no: integer().notNull(),
    account: text().notNull(),
    /** The day of a task; '' of a mention, which comes before all. */
    dueOn: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.case, table.no] }),
    index('errands_account').on(table.account, table.dueOn, table.case, table.no),
  ],
);

/** Since when something waits for approval in a private stream, as its snapshot says: null where nothing does. */
export const askedIn = (state: SQLWrapper) => sql`(CASE WHEN json_valid(${state}) THEN ${state} ->> '$.asked' END)`;

/** From when on something that waits for the hours may be sent, as the snapshot of a private stream says: null where nothing waits. */
export const sendsIn = (state: SQLWrapper) => sql`(CASE WHEN json_valid(${state}) THEN ${state} ->> '$.sends' END)`;

/** Where the private stream of a side of a case stands, and the fold's snapshot of it: what `cases` is of the shared record. */
export const streams = sqliteTable(
  'streams',
  {
    case: text().notNull(),
    side: text({ enum: ['borrower', 'lender'] }).notNull(),
    seq: integer().notNull(),
    hash: text().notNull(),
    lastAt: text().notNull(),
    /** JSON text, byte for byte what the seal covers. */
    state: text().notNull(),
    seal: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.case, table.side] }),
    // The queue of what waits for approval, the oldest first: few of many.
    index('streams_asked')
      .on(askedIn(table.state), table.case)
      .where(sql`${askedIn(table.state)} IS NOT NULL`),
    // What the schedule sends once the hours are there.
    index('streams_sends')
      .on(sendsIn(table.state), table.case)
      .where(sql`${sendsIn(table.state)} IS NOT NULL`),
  ],
);

/**
 * The written record. Sealed columns are never changed and entries never deleted: triggers refuse it. `case` is the name of the stream: the id of a case
 * for the shared record, CASE/SIDE for a private one. So what asks for a case by its id comes upon nothing private.
 */
export const entries = sqliteTable(
  'entries',
  {
    case: text().notNull(),
    seq: integer().notNull(),
    at: text().notNull(),
    kind: text().notNull(),
    /** JSON text, as is `content`; null where it was erased. */
    author: text(),
    authorSalt: text(),
    authorDigest: text().notNull(),
    content: text(),
    salt: text(),
    digest: text().notNull(),
    prev: text().notNull(),
    hash: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.case, table.seq] }),
    // Which records say that they were set back on purpose: few of many.
    index('entries_restored').on(table.case).where(sql`kind = 'custody.restored'`),
  ],
);

export const checkpoints = sqliteTable(
  'checkpoints',
  {
    case: text().notNull(),
    seq: integer().notNull(),
    hash: text().notNull(),
    at: text().notNull(),
    key: text().notNull(),
    signature: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.case, table.seq] })],
);

/** The first outcome of every request, so that a retry returns it: `digest` tells a retry from another body under the same id. */
export const requests = sqliteTable('requests', {
  id: text().primaryKey(),
  digest: text().notNull(),
  outcome: json().notNull(),
  at: text().notNull(),
});

/** Files that people have stored for a case (or for one they are about to open), by the digest of what is kept. */
export const files = sqliteTable(
  'files',
  {
    case: text().notNull(),
    sha256: text().notNull(),
    size: integer().notNull(),
    type: text().notNull(),
    name: text().notNull(),
    /** Digest of the file as it was sent, before location data was taken out. */
    original: text().notNull(),
    account: text().notNull(),
    at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.case, table.sha256] })],
);

/** What a person has begun and not sent: private to them. */
export const drafts = sqliteTable(
  'drafts',
  {
    account: text().notNull(),
    /** What the draft is called in addresses: random, and nobody's to choose; `open` for those begun when there was one a lender. The case's id follows from it. */
    about: text().notNull(),
    case: text().notNull(),
    content: json().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.about] })],
);

/** Notices to be sent: who, about which entry; `case` is the name of its stream, as in `entries`. What the notice says is composed when it leaves. */
export const outbox = sqliteTable(
  'outbox',
  {
    case: text().notNull(),
    seq: integer().notNull(),
    side: text({ enum: ['borrower', 'lender', 'mediator'] }).notNull(),
    kind: text().notNull(),
    hash: text().notNull(),
    number: text().notNull(),
    at: text().notNull(),
    /** The account of the one person of the side whom it is for; null where it is for all that are told of its kind. */
    person: text(),
    sentAt: text(),
  },
  (table) => [primaryKey({ columns: [table.case, table.seq, table.side] }), index('outbox_unsent').on(table.at).where(UNSENT)],
);

/**
 * The lender's policy, a row a version (`id`): it holds from `holdsFrom` on (null: always) until before `holdsUntil` (null: until further notice), so that at every
 * instant one holds, and one that was taken away is missed. `value` is JSON text, sealed like a case's row. The lender's own stream is the truth of it.
 */
export const policy = sqliteTable('policy', {
  id: integer().primaryKey(),
  value: text().notNull(),
  at: text().notNull(),
  holdsFrom: text(),
  holdsUntil: text(),
  seal: text(),
});

/**
 * Up to where the schedule has looked at a case for a job and found nothing to write, so that it reads it again only once that has changed: `mark` is the instant of
 * its newest entry, and whatever else the job looks at.
 */
export const looked = sqliteTable(
  'looked',
  { case: text().notNull(), job: text({ enum: ['answer', 'lapse'] }).notNull(), mark: text().notNull() },
  (table) => [primaryKey({ columns: [table.case, table.job] })],
);

/** Pictures that a lender proposed as its logo, in base64, under the digest of their bytes: which of them is shown, its policy says. */
export const logos = sqliteTable('logos', { sha256: text().primaryKey(), data: text().notNull(), at: text().notNull() });

/**
 * What file storage is to let go of, from `at` on: a file's path, or a folder's with a slash at its end. Written with what forgets it, or before a file is
 * put there that nothing names yet, so that no crash leaves it behind.
 */
export const leaving = sqliteTable('leaving', { path: text().primaryKey(), at: text().notNull() }, (table) => [
  index('leaving_at').on(table.at),
]);

/**
 * Heads that are to be anchored: a trigger puts each checkpoint's here (by hand in its migration), so that no append can leave one out, and none costs a round
 * trip. Gone once it is anchored.
 */
export const heads = sqliteTable('heads', { case: text().notNull(), seq: integer().notNull() }, (table) => [
  primaryKey({ columns: [table.case, table.seq] }),
]);

/**
 * The leaves of the lender's list of anchors that are heads, by their place in it: what storage holds (`worker/store/anchor-list.ts`), so that a case is held
 * against it with every reading. `case` is the name of a stream, `n` the anchor that brought the leaf.
 */
export const anchored = sqliteTable(
  'anchored',
  {
    position: integer().primaryKey(),
    case: text().notNull(),
    seq: integer().notNull(),
    hash: text().notNull(),
    salt: text().notNull(),
    n: integer().notNull(),
    /** 1 where the record did not have the entry when the leaf was held against it: a stream that was set back is known by it, whatever was anchored since. */
    missing: integer().notNull().default(0),
    /**
     * 1 where the anchor takes the record as it stands, which was set back on purpose: what is missing of the stream before it counts no more, and the record says so.
     * 2 where the anchor does that of others, 3 where it takes that nothing is left of the record.
     */
    restored: integer().notNull().default(0),
  },
  (table) => [
    index('anchored_case').on(table.case, table.position),
    index('anchored_missing').on(table.case).where(sql`missing = 1`),
    index('anchored_restored').on(table.position).where(sql`restored > 0`),
  ],
);

/**
 * Files of loans that become cases, each by one of the lender's people: how far it is, and what it came to. The rows are in storage, encrypted, and leave it once the cases
 * are open; nothing that stands here says whose they are.
 */
export const imports = sqliteTable(
  'imports',
  {
    id: text().primaryKey(),
    account: text().notNull(),
    name: text().notNull(),
    /** What the file was called. */
    file: text().notNull(),
    at: text().notNull(),
    /** `mapping`: which column is which is still to be said; `checked`: all of it was decided, and nothing written; `lapsed`: it was left until its rows were gone. */
    state: text({ enum: ['mapping', 'checking', 'checked', 'running', 'done', 'dropped', 'lapsed'] })
      .notNull()
      .default('mapping'),
    rows: integer().notNull(),
    /** Pieces of its rows, and how many of them are done, in this state. */
    pieces: integer().notNull(),
    done: integer().notNull().default(0),
    /** Rows: by which a case was opened (while it is checked: would be), which have one, and with which something is wrong. */
    created: integer().notNull().default(0),
    unchanged: integer().notNull().default(0),
    refused: integer().notNull().default(0),
    /** Rows by whose phone or mail a borrower is invited (while it is checked: would be). */
    texts: integer().notNull().default(0),
    mails: integer().notNull().default(0),
    /** Which column is which, as JSON text. */
    columns: text().notNull().default('{}'),
    /** Whether borrowers are invited whose contact stands in the file, and in which language. */
    invites: integer({ mode: 'boolean' }).notNull().default(false),
    language: language().notNull().default('zh'),
    begunAt: text(),
    endedAt: text(),
    /** Until when whoever does a piece has it to themselves. */
    heldUntil: text(),
  },
  (table) => [
    index('imports_at').on(table.at, table.id),
    // What the schedule goes on with: few of many.
    index('imports_unfinished').on(table.id).where(sql`state IN ('checking', 'running')`),
  ],
);

/** What is wrong with rows of a file of loans, in the words of each language as JSON, in the order of the rows. */
export const importProblems = sqliteTable(
  'import_problems',
  {
    import: text().notNull(),
    piece: integer().notNull(),
    n: integer().notNull(),
    row: integer().notNull(),
    column: text(),
    said: json().notNull(),
  },
  (table) => [primaryKey({ columns: [table.import, table.piece, table.n] })],
);

/** How a line of names of columns, known by its digest, was understood the last time: which column is which, as JSON text. */
export const mappings = sqliteTable('mappings', { head: text().primaryKey(), columns: text().notNull(), at: text().notNull() });

/**
 * Cases that were opened of a file, each written with its first entries: by which import (null where the command did it). `claim` is a keyed digest (HMAC) of the case, the
 * borrower's name and the end of their identity number, by which they may join (`worker/store/claims.ts`): that end itself is nowhere.
 */
export const imported = sqliteTable('imported', { case: text().primaryKey(), import: text(), claim: text() }, (table) => [
  index('imported_import').on(table.import, table.case),
]);
