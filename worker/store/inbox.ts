import { and, asc, desc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { cases, finds, inbox, MARKED, NEVER, PART, policy, sendsIn, streams, TABS, views } from '../../db/casebook/schema.ts';
import { instant } from '../clock.ts';
import type { Case } from '../negotiation/case.ts';
import { type Contacting, contacting } from '../negotiation/contacting.ts';
import type { Stage } from '../negotiation/entry.ts';
import { bitOf, isKept, type Mark } from '../negotiation/marks.ts';
import { HARDSHIP } from '../negotiation/means.ts';
import type { HeldPolicy } from '../negotiation/policy.ts';
import { plainlySought } from '../negotiation/sought.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { holdsAt } from './case-statements.ts';
import type { Database } from './connect.ts';
import { errandCount } from './errands.ts';
import { CASES_A_PAGE, type Listed, listed, type RowFault, toListed } from './lists.ts';
import type { StoredPolicy } from './policies.ts';
import { draftedBy } from './unsent.ts';

/**
 * The desk's list: a page of cases by tab, filters and order, from a key on; how many each tab has; what a text is found in. Each is one walk along an index that is
 * named, as SQLite would guess which serves best: so a page costs the same however many cases there are. What rare filters leave is looked for along the index alone.
 */

export const TAB_NAMES = ['mine', 'us', 'them', 'today', 'overdue', 'agreed', 'arrears', 'impasse', 'complaints', 'all'] as const;
export type Tab = (typeof TAB_NAMES)[number];

/** `due`: what is to be done first; `last`: what was written last; `opened`: what is open longest; `amount`: the largest. */
export const ORDERS = ['due', 'last', 'opened', 'amount'] as const;
export type Order = (typeof ORDERS)[number];

/** `assignee` is an account, or '' for nobody's. Amounts in 分, both included; days of opening as instants, `openedUntil` excluded. */
export type Filter = {
  stage?: Stage | undefined;
  cause?: string | undefined;
  mark?: Mark | undefined;
  assignee?: string | undefined;
  least?: number | undefined;
  most?: number | undefined;
  openedFrom?: string | undefined;
  openedUntil?: string | undefined;
  /** Only those in which something that staff wrote waits for the hours. */
  held?: boolean | undefined;
};

/** `account` of who asks, whose own the tab `mine` shows. */
export type Asked = Filter & { tab: Tab; order: Order; today: string; account: string };

/** A row's key in an order: its value, and its case. */
export type InboxKey = { value: string | number; case: string };

/** A case as the desk lists it: whether its reader has a message there that is not sent, and what is to be known before its borrower is written to or called, a hint as all of a list; null where its row is not proven. */
export type DeskCase = Listed & { before: (Contacting & { held: number }) | null; drafted: boolean };

export type InboxPage = { cases: DeskCase[]; next: InboxKey | null; policy: HeldPolicy };

/** Tabs count this far. */
const COUNTED = 100;

const BY: Readonly<Record<Order, { column: 'dueOn' | 'lastAt' | 'openedAt' | 'amount'; up: boolean }>> = {
  due: { column: 'dueOn', up: true },
  last: { column: 'lastAt', up: false },
  opened: { column: 'openedAt', up: true },
  amount: { column: 'amount', up: false },
};

/** What a tab shows, and the index that has no more than that, in the order of days. */
function tabOf(tab: Tab, { today, account }: Pick<Asked, 'today' | 'account'>): { shows: SQL | undefined; index: string } {
  if (tab === 'mine') return { shows: sql`assignee = ${account}`, index: 'inbox_mine' };
  if (tab === 'today') return { shows: sql`due_on = ${today}`, index: 'inbox_due' };
  if (tab === 'overdue') return { shows: sql`due_on < ${today}`, index: 'inbox_due' };
  return tab === 'all' ? { shows: undefined, index: 'inbox_due' } : { shows: TABS[tab], index: `inbox_${tab}` };
}

/** Tabs that show few of all cases: these are found first, and sorted. */
const FEW: readonly Tab[] = ['mine', 'impasse', 'complaints'];

/** The table's own key. */
const BY_ID = 'sqlite_autoindex_inbox_1';

/** Cases in which something waits for the hours. */
const HELD = sql`SELECT "case" FROM streams INDEXED BY streams_sends WHERE ${sendsIn(sql`state`)} IS NOT NULL`;

/** The index to walk along. What a filter leaves that may be few of all is found first, so that no index is walked to its end for it. */
function indexOf({ tab, order, cause, mark, assignee, held }: Asked): string {
  const { index } = tabOf(tab, { today: '', account: '' });
  if (held) return BY_ID;
  if (FEW.includes(tab)) return index;
  if (assignee) return 'inbox_mine';
  if (mark && isKept(mark)) return 'inbox_marked';
  if (cause && tab !== 'arrears') return 'inbox_cause';
  return order === 'due' ? index : `inbox_${order}`;
}

/** The value of a row by which an order sorts it. */
export const valueIn = (order: Order, row: Pick<Listed, 'dueOn' | 'lastAt' | 'openedAt' | 'amount'>): string | number =>
  row[BY[order].column] ?? NEVER;

/** The cases of a page by their ids, along one index. */
export const walk = (asked: Asked, from?: InboxKey): SQL =>
  sql`SELECT ${inbox.case} ${along(asked, from, false)} LIMIT ${CASES_A_PAGE + 1}`;

/** The one case after or before a place in the list, with its value in the order. */
export const step = (asked: Asked, from: InboxKey, back: boolean): SQL =>
  sql`SELECT ${inbox.case} AS "case", ${inbox[BY[asked.order].column]} AS value ${along(asked, from, back)} LIMIT 1`;

/** From where rows come, which, and in which order: the other way round where `back`. */
function along(asked: Asked, from: InboxKey | undefined, back: boolean): SQL {
  const { column } = BY[asked.order];
  const up = BY[asked.order].up !== back;
  const by = inbox[column];
  const where = and(
    chosenBy(asked),
    from ? sql`(${by}, ${inbox.case}) ${sql.raw(up ? '>' : '<')} (${from.value}, ${from.case})` : undefined,
  );
  const way = sql.raw(up ? 'ASC' : 'DESC');
  return sql`FROM ${inbox} INDEXED BY ${sql.raw(indexOf(asked))} ${where ? sql`WHERE ${where}` : sql``} ORDER BY ${by} ${way}, ${inbox.case} ${way}`;
}

/** What a tab and filters ask of a row; nothing where all are chosen. */
function chosenBy({ tab, ...filter }: Asked): SQL | undefined {
  return and(
    tabOf(tab, filter).shows,
    filter.stage ? eq(inbox.stage, filter.stage) : undefined,
    filter.assignee === undefined ? undefined : filter.assignee === '' ? isNull(inbox.assignee) : eq(inbox.assignee, filter.assignee),
    filter.cause ? eq(inbox.cause, filter.cause) : undefined,
    filter.mark ? hasMark(filter.mark) : undefined,
    filter.least === undefined ? undefined : sql`${inbox.amount} >= ${filter.least}`,
    filter.most === undefined ? undefined : sql`${inbox.amount} <= ${filter.most}`,
    filter.openedFrom ? sql`${inbox.openedAt} >= ${filter.openedFrom}` : undefined,
    filter.openedUntil ? sql`${inbox.openedAt} < ${filter.openedUntil}` : undefined,
    filter.held ? sql`${inbox.case} IN (${HELD})` : undefined,
  );
}

const hasMark = (mark: Mark) => (isKept(mark) ? sql`${MARKED} AND ${inbox.marks} & ${bitOf(mark)}` : inArray(inbox.cause, [...HARDSHIP]));

const beginning = (sought: string) => [...sought].slice(0, PART).join('');

/** Cases in which a text is found, each once, in the order of what follows it: each by the first of its ends that begin so. */
export function found(sought: string, from?: InboxKey): SQL {
  const begins = beginning(sought);
  const last = sql`${begins} || char(1114111)`;
  const where = and(
    sql`${finds.part} >= ${begins} AND ${finds.part} < ${last}`,
    from ? sql`(${finds.part}, ${finds.case}) > (${from.value}, ${from.case})` : undefined,
    begins === sought ? undefined : sql`EXISTS (SELECT 1 FROM cases WHERE cases.id = ${finds.case} AND instr(cases.sought, ${sought}) > 0)`,
    sql`NOT EXISTS (SELECT 1 FROM finds AS first WHERE first."case" = ${finds.case} AND first.part >= ${begins} AND first.part < ${finds.part})`,
  );
  return sql`SELECT ${finds.case} FROM ${finds} WHERE ${where} ORDER BY ${finds.part}, ${finds.case} LIMIT ${CASES_A_PAGE + 1}`;
}

/** How many cases each tab has, up to `COUNTED`. */
function counts(of: Pick<Asked, 'today' | 'account'>): Record<Tab, SQL<number>> {
  const count = (tab: Tab) => {
    const { shows, index } = tabOf(tab, of);
    const some = sql`SELECT 1 FROM inbox INDEXED BY ${sql.raw(index)} ${shows ? sql`WHERE ${shows}` : sql``} LIMIT ${COUNTED}`;
    return sql<number>`(SELECT count(*) FROM (${some}))`;
  };
  return {
    mine: count('mine'),
    us: count('us'),
    them: count('them'),
    today: count('today'),
    overdue: count('overdue'),
    agreed: count('agreed'),
    arrears: count('arrears'),
    impasse: count('impasse'),
    complaints: count('complaints'),
    all: count('all'),
  };
}

/** Cases in which something waits for the hours, up to `COUNTED`. */
const heldCount = sql<number>`(SELECT count(*) FROM (${HELD} LIMIT ${COUNTED}))`;

/** People whom the filter of assignees names. */
const MOST_PEOPLE = 200;

/**
 * To whom cases are assigned, one step along the index for each, and how the private stream of one of their cases calls them: also those who have left, whose cases
 * somebody is to find.
 */
export const people = sql`WITH RECURSIVE theirs(account) AS (
    SELECT min(assignee) FROM inbox INDEXED BY inbox_mine
    UNION ALL SELECT (SELECT min(assignee) FROM inbox INDEXED BY inbox_mine WHERE assignee > theirs.account) FROM theirs WHERE theirs.account IS NOT NULL LIMIT ${MOST_PEOPLE})
  SELECT account, (SELECT CASE WHEN json_valid(${streams.state}) THEN ${streams.state} ->> '$.assignment.name' END FROM ${streams}
    WHERE ${streams.side} = 'lender' AND ${streams.case} = (SELECT "case" FROM inbox INDEXED BY inbox_mine WHERE assignee = theirs.account LIMIT 1)) AS name
  FROM theirs WHERE account IS NOT NULL`;

/** Somebody to whom cases are assigned. */
export type Assigned = { account: string; name: string };

/** What was changed from outside may be of any type: who has no name is left out. */
const namedOf = (rows: readonly { account: string; name: unknown }[]): Assigned[] =>
  rows.flatMap(({ account, name }) => (typeof name === 'string' ? [{ account, name }] : []));

/** Cases that are read at once of all. */
const AT_ONCE = 500;

/** Cases of a choice by their ids alone, along the table's own key. */
export const byId = (asked: Asked, from: string): SQL =>
  sql`SELECT ${inbox.case} FROM ${inbox} INDEXED BY ${sql.raw(BY_ID)} WHERE ${and(sql`${inbox.case} > ${from}`, chosenBy(asked))} ORDER BY ${inbox.case} LIMIT ${AT_ONCE}`;

/** A choice of cases that a person has named. */
export type DeskView = Pick<typeof views.$inferSelect, 'name' | 'query'>;

/** Choices that a person has. */
export const MOST_VIEWS = 30;

/** What the desk reads of a case beside what every list does. @param account of who reads it */
const deskListed = (account: string) => ({
  ...listed,
  ...draftedBy(account),
  wish: sql<string | null>`CASE WHEN json_valid(cases.state) THEN json_extract(cases.state, '$.wish') END`,
  held: sql<number | null>`(SELECT CASE WHEN json_valid(of.state) THEN json_array_length(of.state, '$.waiting') END FROM streams AS of
    WHERE of."case" = cases.id AND of.side = 'lender')`,
});

/** What is to be known before acting, by the parts of a state, which may be of any shape where they were changed from outside; null then. */
function beforeIn(parts: string | null, wish: string | null, held: number | null, policy: HeldPolicy): DeskCase['before'] {
  const at = instant();
  try {
    const kase: Pick<Case, 'calls' | 'wish'> = { calls: JSON.parse(parts ?? '{}').calls ?? {}, wish: JSON.parse(wish ?? 'null') };
    return { ...contacting(kase, { at, today: dayOf(at, lawOf(policy).place.zone), policy }), held: held ?? 0 };
  } catch {
    return null;
  }
}

/** What a case is listed and found by, as the triggers on `cases` keep it (migration 0010): of one case, or of those that are no more. */
const LISTED_AS = sql`id, stage, awaited, need, assignee, cause, marks, amount, opened_at, last_at, coalesce(due_on, ${NEVER})`;
const LISTED_IN = sql`"case", stage, awaited, need, assignee, cause, marks, amount, opened_at, last_at, due_on`;
const foundBy = (
  id: string,
) => sql`SELECT DISTINCT substr(substr(text, at, ${PART}), 1, coalesce(nullif(instr(substr(text, at, ${PART}), char(10)), 0), ${PART + 1}) - 1) AS part, ${id} AS "case"
  FROM (WITH RECURSIVE ends(text, at) AS (
    SELECT lower(replace(number, '-', '')) || char(10) || coalesce(sought, ''), 1 FROM cases WHERE id = ${id}
    UNION ALL SELECT text, at + 1 FROM ends WHERE at < length(text)) SELECT text, at FROM ends)
  WHERE substr(text, at, 1) <> char(10)`;
const ofNoCase = (table: typeof inbox | typeof finds) => sql`${table.case} NOT IN (SELECT id FROM cases)`;

/** @param rowFault why the columns of a row are none of the portal's own in this casebook */
export function inboxIn(db: Database, rowFault: RowFault, policyOf: (stored: readonly StoredPolicy[]) => HeldPolicy) {
  const policies = () => db.select().from(policy).where(holdsAt(instant()));

  /** What of rows is shown, and the key of the last where there are more. */
  function pageOf<Row extends Parameters<typeof toListed>[0] & { wish: string | null; held: number | null; drafted: number }>(
    rows: readonly Row[],
    value: (row: Row) => string | number,
    stored: readonly StoredPolicy[],
  ): InboxPage {
    const page = rows.slice(0, CASES_A_PAGE);
    const last = page.at(-1);
    const held = policyOf(stored);
    return {
      policy: held,
      cases: page.map(({ wish, held: waits, drafted, ...row }) => {
        const one = toListed(row, 'lender', rowFault);
        return { ...one, drafted: drafted === 1, before: one.proven ? beforeIn(row.parts, wish, waits, held) : null };
      }),
      next: rows.length > CASES_A_PAGE && last ? { value: value(last), case: last.id } : null,
    };
  }

  return {
    /** Which of the lists that triggers keep say otherwise of a case than its row: nothing but what was written past them. */
    async mislistedIn(id: string): Promise<('inbox' | 'finds')[]> {
      const row = sql`SELECT ${LISTED_AS} FROM cases WHERE id = ${id}`;
      const kept = sql`SELECT ${LISTED_IN} FROM inbox WHERE "case" = ${id}`;
      const found = sql`SELECT part, "case" FROM finds WHERE "case" = ${id}`;
      const differs = (a: SQL, b: SQL) =>
        sql`EXISTS (SELECT * FROM (${a}) EXCEPT SELECT * FROM (${b})) OR EXISTS (SELECT * FROM (${b}) EXCEPT SELECT * FROM (${a}))`;
      const [of] = await db.all<{ inbox: number; finds: number }>(
        sql`SELECT (${differs(row, kept)}) AS inbox, (${differs(foundBy(id), found)}) AS finds`,
      );
      return (['inbox', 'finds'] as const).filter((name) => of?.[name]);
    },

    /** Whether they list cases that are no more. */
    async listsGone(): Promise<boolean> {
      return (await db.$count(inbox, ofNoCase(inbox))) + (await db.$count(finds, ofNoCase(finds))) > 0;
    },

    /** Lists a case anew, and with null nothing of those that are no more. */
    async relist(id: string | null): Promise<void> {
      const of = (table: typeof inbox | typeof finds) => (id === null ? ofNoCase(table) : eq(table.case, id));
      await db.batch([
        db.delete(inbox).where(of(inbox)),
        db.delete(finds).where(of(finds)),
        ...(id === null
          ? []
          : [
              db.run(sql`INSERT INTO inbox (${LISTED_IN}) SELECT ${LISTED_AS} FROM cases WHERE id = ${id}`),
              db.run(sql`INSERT INTO finds (part, "case") ${foundBy(id)}`),
            ]),
      ]);
    },

    /** One round trip: a page of the desk's list from a key on, how many cases each tab has, to whom cases are assigned, and the choices that the person has named. */
    async inbox(
      asked: Asked,
      from?: InboxKey,
    ): Promise<InboxPage & { counts: Record<Tab, number>; held: number; views: DeskView[]; people: Assigned[]; errands: number }> {
      const { column, up } = BY[asked.order];
      const by = column === 'dueOn' ? sql`coalesce(${cases.dueOn}, ${NEVER})` : cases[column];
      const way = up ? asc : desc;
      const [rows, [counted], named, assigned, stored, [waiting]] = await db.batch([
        db
          .select(deskListed(asked.account))
          .from(cases)
          .where(inArray(cases.id, sql`(${walk(asked, from)})`))
          .orderBy(way(by), way(cases.id)),
        db.select({ ...counts(asked), held: heldCount }).from(sql`(SELECT 1)`),
        db
          .select({ name: views.name, query: views.query })
          .from(views)
          .where(eq(views.account, asked.account))
          .orderBy(asc(views.name))
          .limit(MOST_VIEWS),
        db.all<{ account: string; name: unknown }>(people),
        policies(),
        db.all<{ count: number }>(errandCount(asked.account)),
      ]);
      const page = pageOf(rows, (row) => valueIn(asked.order, row), stored);
      const { held, ...tabs } = counted ?? { ...NONE, held: 0 };
      return { ...page, counts: tabs, held, views: named, people: namedOf(assigned), errands: waiting?.count ?? 0 };
    },

    people: () => db.all<{ account: string; name: unknown }>(people).then(namedOf),

    /** Cases of a choice in the order of their ids, after one: so whoever reads all of them, page by page, reads each once, whatever is written meanwhile. */
    async listedFrom(asked: Asked, from: string): Promise<Listed[]> {
      const rows = await db
        .select(listed)
        .from(cases)
        .where(inArray(cases.id, sql`(${byId(asked, from)})`))
        .orderBy(asc(cases.id));
      return rows.map((row) => toListed(row, 'lender', rowFault));
    },

    /** The case after a place in the desk's list, or before it; null at its end. */
    async beside(asked: Asked, from: InboxKey, back: boolean): Promise<InboxKey | null> {
      const [row] = await db.all<InboxKey>(step(asked, from, back));
      return row ?? null;
    },

    /** Cases whose number, contract, name or last four digits of a mobile number hold a text, from a key on; none for a text of which nothing is left. */
    async search(text: string, account: string, from?: InboxKey): Promise<InboxPage> {
      const sought = plainlySought(text);
      const end = sql<string>`(SELECT min(part) FROM finds WHERE finds."case" = ${cases.id} AND part >= ${beginning(sought)})`;
      const [rows, stored] = await db.batch([
        db
          .select({ ...deskListed(account), end })
          .from(cases)
          .where(sought === '' ? sql`false` : inArray(cases.id, sql`(${found(sought, from)})`))
          .orderBy(asc(end), asc(cases.id)),
        policies(),
      ]);
      return pageOf(rows, (row) => row.end, stored);
    },

    /** Names a choice of cases; by a name that the person has, in its place. Whether there was room for it. */
    async nameView(account: string, { name, query }: DeskView): Promise<boolean> {
      const at = instant();
      const room = sql`(SELECT count(*) FROM views WHERE account = ${account} AND name <> ${name}) < ${MOST_VIEWS}`;
      const { rowsAffected } = await db.run(
        sql`INSERT INTO views (account, name, query, at) SELECT ${account}, ${name}, ${query}, ${at} WHERE ${room} ON CONFLICT (account, name) DO UPDATE SET query = excluded.query, at = excluded.at`,
      );
      return rowsAffected > 0;
    },

    /** Calls a choice by another name; whether it is there, and no other has that name. */
    async renameView(account: string, was: string, name: string): Promise<boolean> {
      const { rowsAffected } = await db.run(
        sql`UPDATE OR IGNORE views SET name = ${name}, at = ${instant()} WHERE account = ${account} AND name = ${was}`,
      );
      return rowsAffected > 0;
    },

    dropView: (account: string, name: string) => db.delete(views).where(and(eq(views.account, account), eq(views.name, name))),
  };
}

const NONE: Record<Tab, number> = {
  mine: 0,
  us: 0,
  them: 0,
  today: 0,
  overdue: 0,
  agreed: 0,
  arrears: 0,
  impasse: 0,
  complaints: 0,
  all: 0,
};
