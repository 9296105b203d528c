import { and, asc, desc, eq, getTableColumns, gt, inArray, isNull, lt, lte, ne, or, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import {
  cases,
  checkpoints,
  drafts,
  entries,
  files,
  imported,
  leaving,
  milestones,
  outbox,
  plainReference,
  policy,
  readers,
  requests,
  streams,
  UNSENT,
} from '../../db/casebook/schema.ts';
import { strayedOf } from './anchored.ts';
import { prepared } from './prepared.ts';

/** What a casebook is asked with every request, written once. */

export const ENTRIES_A_PAGE = 30;
const OTHER_CASES = 20;

const { case: _of, told: _told, ...told } = getTableColumns(milestones);

const { case: _case, ...columns } = getTableColumns(entries);

export const caseRow = prepared(['id'], (db, at) => db.select().from(cases).where(eq(cases.id, at.id)));
/** Where the private stream of a side stands. Its entries and checkpoints are asked for as those of the shared record, by the name of the stream. */
export const streamRow = prepared(['case', 'side'], (db, at) =>
  db
    .select()
    .from(streams)
    .where(and(eq(streams.case, at.case), eq(streams.side, at.side))),
);
export const putStream = prepared(['case', 'side', 'seq', 'hash', 'lastAt', 'state', 'seal'], (db, at) =>
  db
    .insert(streams)
    .values(at)
    .onConflictDoUpdate({ target: [streams.case, streams.side], set: asGiven(streams) }),
);
/** The versions of the policy that hold at an instant: there is one, and never two. */
export const policyRows = prepared(['at'], (db, at) => db.select().from(policy).where(holdsAt(at.at)).orderBy(asc(policy.id)));
export function holdsAt(at: string | Placeholder): SQL | undefined {
  return and(or(isNull(policy.holdsFrom), lte(policy.holdsFrom, at)), or(isNull(policy.holdsUntil), gt(policy.holdsUntil, at)));
}
/** Every version that holds at an instant or may later, the newest last. */
export const policyRowsFrom = prepared(['at'], (db, at) =>
  db
    .select()
    .from(policy)
    .where(or(isNull(policy.holdsUntil), gt(policy.holdsUntil, at.at)))
    .orderBy(asc(policy.id)),
);
export const allPolicyRows = prepared([], (db) => db.select().from(policy).orderBy(asc(policy.id)));
export const putPolicy = prepared(['id', 'value', 'at', 'holdsFrom', 'holdsUntil', 'seal'], (db, at) =>
  db
    .insert(policy)
    .values({ ...at, id: sql`${at.id}` })
    .onConflictDoUpdate({ target: policy.id, set: asGiven(policy) }),
);
export const ownFiles = prepared(['case', 'account'], (db, at) =>
  db
    .select({ sha256: files.sha256, size: files.size, type: files.type, name: files.name })
    .from(files)
    .where(and(eq(files.case, at.case), eq(files.account, at.account))),
);
export const requestRow = prepared(['id'], (db, at) => db.select().from(requests).where(eq(requests.id, at.id)));
export const allEntries = prepared(['id'], (db, at) =>
  db.select(columns).from(entries).where(eq(entries.case, at.id)).orderBy(asc(entries.seq)),
);
export const allCheckpoints = prepared(['id'], (db, at) =>
  db.select().from(checkpoints).where(eq(checkpoints.case, at.id)).orderBy(asc(checkpoints.seq)),
);
export const entriesBefore = prepared(['id', 'before', 'most'], (db, at) =>
  db
    .select(columns)
    .from(entries)
    .where(and(eq(entries.case, at.id), lt(entries.seq, at.before)))
    .orderBy(desc(entries.seq))
    .limit(at.most),
);

/** Some entries of a stream, by their numbers in a JSON list. */
export const entriesAt = prepared(['id', 'seqs'], (db, at) =>
  db
    .select(columns)
    .from(entries)
    .where(and(eq(entries.case, at.id), inArray(entries.seq, sql`(SELECT value FROM json_each(${at.seqs}))`)))
    .orderBy(asc(entries.seq)),
);

/** Where the record stands, by its own tables; and another entry with its checkpoint, last, where `seq` is its number. */
export const tips = prepared(['id', 'seq'], (db, at) =>
  db
    .select({
      seq: entries.seq,
      hash: entries.hash,
      at: entries.at,
      checkpoint: checkpoints,
      signedUpTo: sql<number | null>`(SELECT max(c.seq) FROM checkpoints AS c WHERE c."case" = ${at.id})`,
      strayed: strayedOf(sql`${at.id}`),
    })
    .from(entries)
    .leftJoin(checkpoints, and(eq(checkpoints.case, entries.case), eq(checkpoints.seq, entries.seq)))
    .where(
      and(eq(entries.case, at.id), sql`${entries.seq} IN ((SELECT max(e.seq) FROM entries AS e WHERE e."case" = ${at.id}), ${at.seq})`),
    )
    .orderBy(desc(entries.seq)),
);
export type Tips = readonly ReturnType<ReturnType<typeof tips>['read']>[number][];

export type EntryRow = ReturnType<ReturnType<typeof allEntries>['read']>[number];

/** The names in a JSON list: what is asked of many cases is one statement, however many they are. */
const listed = (names: Placeholder) => sql`(SELECT value FROM json_each(${names}))`;

export const caseRows = prepared(['ids'], (db, at) =>
  db
    .select()
    .from(cases)
    .where(inArray(cases.id, listed(at.ids))),
);
export const requestRows = prepared(['ids'], (db, at) =>
  db
    .select()
    .from(requests)
    .where(inArray(requests.id, listed(at.ids))),
);
/** Where each of some records stands, by its own tables. */
export const tipsOfMany = prepared(['ids'], (db, at) =>
  db
    .select({
      case: entries.case,
      seq: entries.seq,
      hash: entries.hash,
      at: entries.at,
      checkpoint: checkpoints,
      signedUpTo: sql<number | null>`(SELECT max(c.seq) FROM checkpoints AS c WHERE c."case" = entries."case")`,
      strayed: strayedOf(sql`entries."case"`),
    })
    .from(entries)
    .leftJoin(checkpoints, and(eq(checkpoints.case, entries.case), eq(checkpoints.seq, entries.seq)))
    .where(
      sql`(entries."case", entries.seq) IN (
        SELECT named.value, (SELECT max(e.seq) FROM entries AS e WHERE e."case" = named.value) FROM json_each(${at.ids}) AS named)`,
    ),
);

/** Whether a case holds figures that the lender stated itself, as far as its snapshot can be read: 1, or 0 or null. */
const hasOwnBooks = (state: SQL | typeof cases.state) => sql`CASE WHEN json_valid(${state}) THEN json_extract(${state}, '$.books.own') END`;

/**
 * Cases about one loan, the newest of them, those with the lender's own figures first: a borrower who opens many pushes none of these out. Its reference is the
 * same however it is spaced and in whatever case and width it is written. @param names `contractNames` of its reference, as JSON
 */
export const aboutLoan = prepared(['id', 'names'], (db, at) =>
  db
    .select()
    .from(cases)
    .where(and(sql`${plainReference(cases.reference)} IN (SELECT value FROM json_each(${at.names}))`, ne(cases.id, at.id)))
    .orderBy(desc(hasOwnBooks(cases.state)), desc(cases.lastAt))
    .limit(OTHER_CASES),
);

/** The same of a case in which the lender has stated no figures of its own; none where they are not asked for. */
export const aboutCase = prepared(['id', 'asked'], (db, at) => {
  const own = sql`(SELECT ${hasOwnBooks(sql`c.state`)} FROM cases AS c WHERE c.id = ${at.id})`;
  const reference = sql`(SELECT c.reference FROM cases AS c WHERE c.id = ${at.id})`;
  return db
    .select()
    .from(cases)
    .where(
      and(
        sql`${at.asked} = 1 AND ${own} IS NOT 1`,
        sql`${plainReference(cases.reference)} = ${plainReference(reference)}`,
        ne(cases.id, at.id),
      ),
    )
    .orderBy(desc(hasOwnBooks(cases.state)), desc(cases.lastAt))
    .limit(OTHER_CASES);
});

export const addRequest = prepared(['id', 'digest', 'outcome', 'at'], (db, at) => db.insert(requests).values(at));
export const addEntry = prepared(
  ['case', 'seq', 'at', 'kind', 'author', 'authorSalt', 'authorDigest', 'content', 'salt', 'digest', 'prev', 'hash'],
  (db, at) => db.insert(entries).values(at),
);
export const addCheckpoint = prepared(['case', 'seq', 'hash', 'at', 'key', 'signature'], (db, at) => db.insert(checkpoints).values(at));
export const addNotice = prepared(['case', 'seq', 'side', 'kind', 'hash', 'number', 'at', 'person'], (db, at) =>
  db.insert(outbox).values(at),
);
/** Who sees to the case of a notice, whichever of its streams that is of, and the hours that its borrower wishes for, as JSON text. */
const seenTo = {
  ...getTableColumns(outbox),
  assignee: cases.assignee,
  team: cases.team,
  wished: sql<string | null>`CASE WHEN json_valid(${cases.state}) THEN ${cases.state} -> '$.wish.hours' END`,
  /** The anchor that the entry is in, where it is in one yet. */
  anchor: sql<number | null>`(
    SELECT min(a.n) FROM anchored AS a WHERE a."case" = ${outbox.case} AND a.seq = ${outbox.seq} AND a.hash = ${outbox.hash})`,
};
const ofNotice = sql`${cases.id} = CASE instr(${outbox.case}, '/') WHEN 0 THEN ${outbox.case} ELSE substr(${outbox.case}, 1, instr(${outbox.case}, '/') - 1) END`;
export const unsentNotices = prepared(['limit'], (db, at) =>
  db.select(seenTo).from(outbox).leftJoin(cases, ofNotice).where(UNSENT).orderBy(asc(outbox.at)).limit(at.limit),
);
/** Of the streams of one case: `streams` are their names, as a JSON list. */
export const unsentNoticesOf = prepared(['streams', 'limit'], (db, at) =>
  db
    .select(seenTo)
    .from(outbox)
    .leftJoin(cases, ofNotice)
    .where(and(inArray(outbox.case, listed(at.streams)), UNSENT))
    .orderBy(asc(outbox.at))
    .limit(at.limit),
);
export const noticeSent = prepared(['case', 'seq', 'side', 'at'], (db, at) =>
  db
    .update(outbox)
    .set({ sentAt: sql`${at.at}` })
    .where(and(eq(outbox.case, at.case), eq(outbox.seq, at.seq), eq(outbox.side, at.side))),
);
export const addFile = prepared(['case', 'sha256', 'size', 'type', 'name', 'original', 'account', 'at'], (db, at) =>
  db.insert(files).values(at).onConflictDoNothing(),
);
/** What is stored (again) is no longer to leave. */
export const stays = prepared(['path'], (db, at) => db.delete(leaving).where(eq(leaving.path, at.path)));
/** Storage is to let go of a path from an instant on. */
export const leaves = prepared(['path', 'at'], (db, at) =>
  db
    .insert(leaving)
    .values(at)
    .onConflictDoUpdate({ target: leaving.path, set: asGiven(leaving) }),
);
/** The same of a file that nothing names yet. */
export const awaitFile = prepared(['path', 'at', 'case', 'sha256'], (db, at) =>
  db
    .insert(leaving)
    .select(
      sql`SELECT ${at.path}, ${at.at} WHERE NOT EXISTS (SELECT 1 FROM files WHERE files."case" = ${at.case} AND files.sha256 = ${at.sha256})`,
    )
    .onConflictDoUpdate({ target: leaving.path, set: asGiven(leaving) }),
);
/** That a case came by a file. */
export const addImported = prepared(['case', 'import', 'claim'], (db, at) => db.insert(imported).values(at).onConflictDoNothing());
/** By what a case could be joined is a digest of who its borrower is: it goes with what is erased. */
export const forgetClaim = prepared(['case'], (db, at) => db.update(imported).set({ claim: null }).where(eq(imported.case, at.case)));
export const forgetFile = prepared(['case', 'sha256'], (db, at) =>
  db.delete(files).where(and(eq(files.case, at.case), eq(files.sha256, at.sha256))),
);

/** What an entry of the same record says is erased, or a trigger refuses it. */
export const eraseContent = prepared(['case', 'seq'], (db, at) =>
  db
    .update(entries)
    .set({ content: null, salt: null })
    .where(and(eq(entries.case, at.case), eq(entries.seq, at.seq))),
);
export const eraseAuthor = prepared(['case', 'seq'], (db, at) =>
  db
    .update(entries)
    .set({ author: null, authorSalt: null })
    .where(and(eq(entries.case, at.case), eq(entries.seq, at.seq))),
);
/** Digests of what was asked have no salt: where contents go, they go too. */
export const forgetAsked = prepared(['case'], (db, at) =>
  db
    .update(requests)
    .set({ digest: '' })
    .where(sql`CASE WHEN json_valid(${requests.outcome}) THEN json_extract(${requests.outcome}, '$.case') END = ${at.case}`),
);
export const dropDraft = prepared(['account', 'about'], (db, at) =>
  db.delete(drafts).where(and(eq(drafts.account, at.account), eq(drafts.about, at.about))),
);
const ROW = [
  'id',
  'number',
  'lender',
  'openedAt',
  'seq',
  'hash',
  'lastAt',
  'stage',
  'awaited',
  'deadline',
  'borrower',
  'reference',
  'amount',
  'nextDue',
  'nextAmount',
  'toConfirm',
  'complaintDue',
  'state',
  'seal',
  'product',
  'cause',
  'need',
  'dueOn',
  'marks',
  'sought',
] as const;
export const putCase = prepared(ROW, (db, at) =>
  db
    .insert(cases)
    .values(at)
    .onConflictDoUpdate({ target: cases.id, set: given(ROW) }),
);
const MILESTONE = ['kind', 'no', 'day', 'outcome', 'due', 'ended', 'days', 'amount', 'beyond', 'agent', 'product', 'policy'] as const;
const ofEach = (names: readonly string[]) =>
  sql.join(
    names.map((name) => sql`one.value ->> ${sql.raw(`'${name}'`)}`),
    sql`, `,
  );

/** Milestones of a case, as a JSON list of them. */
export const putMilestones = prepared(['case', 'all'], (db, at) =>
  db
    .insert(milestones)
    .select(sql`SELECT ${at.case}, ${ofEach(MILESTONE)} FROM json_each(${at.all}) AS one WHERE true`)
    .onConflictDoUpdate({ target: [milestones.case, milestones.kind, milestones.no], set: given(MILESTONE) }),
);
/** What became of some: what is not said stays. */
export const turnMilestones = prepared(['case', 'all'], (db, at) =>
  db
    .update(milestones)
    .set({
      outcome: sql`one.value ->> 'outcome'`,
      ...Object.fromEntries(
        (['day', 'ended', 'days', 'agent'] as const).map((name) => [
          name,
          sql`coalesce(one.value ->> ${sql.raw(`'${name}'`)}, ${milestones[name]})`,
        ]),
      ),
    })
    .from(sql`json_each(${at.all}) AS one`)
    .where(and(eq(milestones.case, at.case), sql`${milestones.kind} = one.value ->> 'kind'`, sql`${milestones.no} = one.value ->> 'no'`)),
);
export const dropMilestones = prepared(['case', 'all'], (db, at) =>
  db
    .delete(milestones)
    .where(
      and(
        eq(milestones.case, at.case),
        sql`(${milestones.kind}, ${milestones.no}) IN (SELECT one.value ->> 'kind', one.value ->> 'no' FROM json_each(${at.all}) AS one)`,
      ),
    ),
);
/** Whether the record of a case stands at an entry still: what was worked out of it up to there is written only then. */
const standsAt = (id: Placeholder, seq: Placeholder) => sql`EXISTS (SELECT 1 FROM cases WHERE cases.id = ${id} AND cases.seq = ${seq})`;

export const dropAllMilestones = prepared(['case', 'seq'], (db, at) =>
  db.delete(milestones).where(and(eq(milestones.case, at.case), standsAt(at.case, at.seq))),
);
export const putAllMilestones = prepared(['case', 'seq', 'all'], (db, at) =>
  db
    .insert(milestones)
    .select(sql`SELECT ${at.case}, ${ofEach(MILESTONE)} FROM json_each(${at.all}) AS one WHERE ${standsAt(at.case, at.seq)}`)
    .onConflictDoNothing(),
);
export const allMilestones = prepared(['case'], (db, at) =>
  db.select(told).from(milestones).where(eq(milestones.case, at.case)).orderBy(asc(milestones.kind), asc(milestones.no)),
);

/** Who sees to a case, which no other statement writes. */
export const assignedTo = prepared(['id', 'assignee', 'team'], (db, at) =>
  db
    .update(cases)
    .set({ assignee: sql`${at.assignee}`, team: sql`${at.team}` })
    .where(eq(cases.id, at.id)),
);
/** Who of the lender's people has looked at a case, the newest first. */
export const readersOf = prepared(['case', 'limit'], (db, at) =>
  db.select().from(readers).where(eq(readers.case, at.case)).orderBy(desc(readers.at)).limit(at.limit),
);
export const putReader = prepared(['case', 'account', 'name', 'seq', 'at', 'since', 'sinceAt', 'list'], (db, at) =>
  db
    .insert(readers)
    .values(at)
    .onConflictDoUpdate({ target: [readers.case, readers.account], set: given(['name', 'seq', 'at', 'since', 'sinceAt', 'list']) }),
);
export const writes = prepared(['case', 'account', 'at'], (db, at) =>
  db
    .update(readers)
    .set({ at: sql`${at.at}`, writingAt: sql`${at.at}` })
    .where(and(eq(readers.case, at.case), eq(readers.account, at.account)))
    .returning({ account: readers.account }),
);
/** A row written anew where its record has not moved on. */
export const putAgain = prepared(ROW, (db, at) =>
  db
    .update(cases)
    .set(Object.fromEntries(ROW.map((name) => [name, sql`${at[name]}`])))
    .where(and(eq(cases.id, at.id), eq(cases.seq, at.seq))),
);

/** Every column as the row that met another has it: its values travel once. */
function asGiven(table: SQLiteTable): Record<string, SQL> {
  return given(Object.keys(getTableColumns(table)));
}

/** The same of some columns. */
function given(names: readonly string[]): Record<string, SQL> {
  return Object.fromEntries(names.map((name) => [name, sql`excluded.${sql.identifier(toSnakeCase(name))}`]));
}

/** Beyond every number of an entry. */
export const END = Number.MAX_SAFE_INTEGER;
