import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainlySought } from '../../worker/negotiation/sought.ts';
import type { Database } from '../../worker/store/connect.ts';
import { type Asked, byId, found, ORDERS, people, step, TAB_NAMES, valueIn, walk } from '../../worker/store/inbox.ts';
import type { Casebook } from '../../worker/store/open.ts';
import { piled, planOf } from './piled.ts';

/** The desk's list over many cases: each page once and in order, and each along an index, so that it costs the same however many there are. */

const TODAY = '2026-11-24';

let casebook: Casebook;
let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ casebook, db, close } = await piled(TODAY));
});
afterAll(() => close());

const asked = (more: Partial<Asked> = {}): Asked => ({ tab: 'all', order: 'due', today: TODAY, account: 'lin', ...more });

/** All pages, one after the other. */
async function pages(what: Asked) {
  const all = [];
  let from: Parameters<typeof casebook.inbox>[1];
  do {
    const page = await casebook.inbox(what, from);
    all.push(...page.cases);
    from = page.next ?? undefined;
  } while (from);
  return all;
}

describe.each(ORDERS)('in the order of %s', (order) => {
  test('every case stands on one page, in its place', async () => {
    const all = await pages(asked({ order }));
    expect(new Set(all.map(({ id }) => id)).size).toBe(400);
    expect(all).toHaveLength(400);
    const keys = all.map((one) => ({ due: one.dueOn ?? '9999-12-31', last: one.lastAt, opened: one.openedAt, amount: one.amount })[order]);
    const sorted = keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(keys).toEqual(order === 'due' || order === 'opened' ? sorted : sorted.reverse());
  });

  test.each(TAB_NAMES)('tab %s walks one index, and sorts nothing', async (tab) => {
    for (const filter of [
      {},
      { cause: 'illness' },
      { least: 1, most: 5 },
      { mark: 'person' as const },
      { mark: 'hardship' as const },
      { assignee: '' },
      { assignee: 'zhou' },
      { openedFrom: '2026', openedUntil: '2027' },
    ])
      for (const from of [undefined, { value: order === 'amount' ? 1 : '2026', case: 'a' }]) {
        const plan = await planOf(db, walk(asked({ tab, order, ...filter }), from));
        // What are few of all are found first, and what is found is sorted.
        const few = /INDEX inbox_(mine|impasse|complaints|marked|cause) ?/.test(plan);
        const sorted = few && order !== 'due' ? '\nUSE TEMP B-TREE FOR ORDER BY' : '';
        expect(plan.replace(sorted, '')).toMatch(/^(SEARCH|SCAN) inbox USING (COVERING INDEX inbox_\w+|INDEX inbox_mine)( .*)?$/);
      }
  });
});

test.each(ORDERS)('in the order of %s each case leads to the next and back, along an index', async (order) => {
  const what = asked({ order, tab: 'agreed' });
  const all = (await pages(what)).slice(0, 40);
  for (const [i, one] of all.entries()) {
    const from = { value: valueIn(order, one), case: one.id };
    const at = async (back: boolean) => (await casebook.beside(what, from, back))?.case;
    expect([await at(true), await at(false)]).toEqual([all[i - 1]?.id, all[i + 1]?.id ?? (await at(false))]);
  }
  for (const back of [true, false])
    expect(await planOf(db, step(what, { value: order === 'amount' ? 1 : '2026', case: 'a' }, back))).toMatch(
      /^SEARCH inbox USING COVERING INDEX inbox_\w+ \([^\n]*$/,
    );
});

test('tabs count what they show, up to a hundred', async () => {
  const { counts } = await casebook.inbox(asked());
  for (const tab of TAB_NAMES) expect([tab, counts[tab]]).toEqual([tab, Math.min(100, (await pages(asked({ tab }))).length)]);
});

test('all of a choice is read by ids, each case once, along the key', async () => {
  for (const what of [asked(), asked({ tab: 'agreed', cause: 'illness', order: 'amount' })]) {
    expect(await planOf(db, byId(what, 'a'))).toMatch(/^SEARCH inbox USING (COVERING )?INDEX sqlite_autoindex_inbox_1 \(case>\?\)$/);
    const all = [];
    for (let page = await casebook.listedFrom(what, ''); page.length > 0; page = await casebook.listedFrom(what, page.at(-1)?.id ?? ''))
      all.push(...page);
    expect(all.map(({ id }) => id)).toEqual((await pages(what)).map(({ id }) => id).sort());
  }
});

test('a filter leaves what it says', async () => {
  const illness = await pages(asked({ cause: 'illness' }));
  expect(illness.length).toBeGreaterThan(10);
  expect(illness.every(({ cause }) => cause === 'illness')).toBe(true);
  const some = await pages(asked({ least: 100_000, most: 500_000, stage: 'in-force' }));
  expect(some.length).toBeGreaterThan(1);
  expect(some.every(({ amount, stage }) => amount >= 100_000 && amount <= 500_000 && stage === 'in-force')).toBe(true);
});

test('what a filter leaves that may be few is found along an index of it', async () => {
  for (const order of ORDERS) {
    expect(await planOf(db, walk(asked({ order, cause: 'disaster' })))).toMatch(
      /^SEARCH inbox USING COVERING INDEX inbox_cause \(cause=\?/,
    );
    expect(await planOf(db, walk(asked({ order, mark: 'disputed' })))).toMatch(/^SCAN inbox USING COVERING INDEX inbox_marked/);
    expect(await planOf(db, walk(asked({ order, assignee: 'zhou' })))).toMatch(
      /^SEARCH inbox USING (COVERING )?INDEX inbox_mine \(assignee=\?/,
    );
  }
});

test('the tabs of marks show the cases that have one, whatever else is chosen', async () => {
  for (const [tab, bit] of [
    ['impasse', 16],
    ['complaints', 4],
  ] as const) {
    const those = await db.all<{ id: string }>(sql`SELECT id FROM cases WHERE marks & ${bit}`);
    expect(those.length).toBeGreaterThan(5);
    for (const order of ORDERS)
      expect((await pages(asked({ tab, order }))).map(({ id }) => id).sort()).toEqual(those.map(({ id }) => id).sort());
  }
});

test('cases in which something waits for the hours are found by the index of what waits', async () => {
  for (const order of ORDERS)
    expect(await planOf(db, walk(asked({ order, held: true })))).toMatch(
      /^SEARCH inbox USING (COVERING )?INDEX sqlite_autoindex_inbox_1 \(case=\?\)\nLIST SUBQUERY 1\nSCAN streams USING (COVERING )?INDEX streams_sends/,
    );
  expect(await pages(asked({ held: true }))).toEqual([]);
});

test('people to whom cases are assigned are found a step each', async () => {
  const plan = await planOf(db, people);
  expect(plan).not.toMatch(/SCAN (?!theirs)/);
  expect((await db.all<{ account: string }>(people)).map(({ account }) => account)).toEqual(['lin', 'zhou']);
});

describe('a text is found', () => {
  test.each([
    ['two characters of a name', '晓梅'],
    ['its first two', '孙晓'],
    ['one of them', '梅'],
    ['letters of another script, in any case', 'İLK'.toLowerCase()],
    ['the end of a contract', '000042'],
    ['more than the index holds', 'CT-2026-0000000000000042'],
  ])('by %s', async (_, text) => {
    const sought = plainlySought(text);
    const { cases } = await casebook.search(text, '');
    const every = await db.all<{ id: string }>(sql`SELECT id FROM cases WHERE instr(sought, ${sought}) > 0`);
    expect(every.length).toBeGreaterThan(0);
    expect(cases.length).toBe(Math.min(30, every.length));
    expect(every.map(({ id }) => id)).toEqual(expect.arrayContaining(cases.map(({ id }) => id)));
  });

  test('on as many pages as it takes, each case once', async () => {
    const ids: string[] = [];
    let from: Parameters<typeof casebook.search>[2];
    do {
      const page = await casebook.search('2026', '', from);
      ids.push(...page.cases.map(({ id }) => id));
      from = page.next ?? undefined;
    } while (from);
    expect(ids).toHaveLength(400);
    expect(new Set(ids).size).toBe(400);
  });

  test('along its index', async () => {
    for (const from of [undefined, { value: '2026', case: 'a' }]) {
      const plan = await planOf(db, found('2026', from));
      expect(plan).toMatch(/^SEARCH finds USING PRIMARY KEY \(part>\? AND part<\?\)/);
      expect(plan).not.toContain('SCAN');
      expect(plan).not.toContain('TEMP B-TREE');
    }
  });
});
