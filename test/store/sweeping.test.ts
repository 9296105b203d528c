import { type SQL, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unsentNotices } from '../../worker/store/case-statements.ts';
import type { Database } from '../../worker/store/connect.ts';
import type { Casebook } from '../../worker/store/open.ts';
import { type From, START } from '../../worker/store/queue.ts';
import { piled, planOf } from './piled.ts';

/** What the schedule looks for it finds along an index of just that, so that it costs the same however many cases there are; and page by page it finds each once. */

const NOW = '2026-11-24T00:00:00.000Z';

let casebook: Casebook;
let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ casebook, db, close } = await piled('2026-11-24'));
});
afterAll(() => close());

/** How SQLite goes about a statement that is written out, with its values: its steps. */
async function planWith(text: string, values: readonly unknown[]): Promise<string[]> {
  const parts = text.split('?').map((part) => sql.raw(part));
  const whole = parts.flatMap((part, i): SQL[] => (i < values.length ? [part, sql`${values[i]}`] : [part]));
  return (await planOf(db, sql.join(whole, sql.raw('')))).split('\n');
}

test('each kind of work is found along an index of it', async () => {
  const from = { since: '2026', id: 'a' };
  const built = { version: 1, day: '2026-11-24' };
  const asked = {
    overdue: casebook.overdue(NOW, 100, from),
    unanswered: casebook.unanswered(built, 100, from),
    overtaken: casebook.overtaken(100, from),
    sendable: casebook.sendable(NOW, 100, from),
    leaving: casebook.leaving(200, NOW),
  };
  const first: Record<string, RegExp> = {
    overdue: /^SEARCH cases USING COVERING INDEX cases_deadline \(\(deadline,id\)>\(\?,\?\) AND deadline<\?\)$/,
    unanswered: /^SEARCH cases USING COVERING INDEX cases_unanswered \(id>\?\)$/,
    overtaken: /^(SEARCH|SCAN) streams USING INDEX streams_asked/,
    sendable: /^SEARCH streams USING INDEX streams_sends/,
    leaving: /^SEARCH leaving USING INDEX leaving_at/,
  };
  for (const [name, query] of Object.entries(asked)) {
    const { sql: text, params } = query.toSQL();
    const [head = '', ...rest] = await planWith(text, params);
    expect(head, name).toMatch(first[name] ?? /^$/);
    for (const line of rest) expect(line, name).toMatch(/^SEARCH \w+ USING (COVERING )?INDEX sqlite_autoindex_/);
  }
  const notices = unsentNotices({ limit: 200 });
  const [head, ...rest] = await planWith(notices.sql, notices.args);
  expect(head).toMatch(/^SCAN outbox USING INDEX outbox_unsent$/);
  expect(rest.filter((line) => /^SCAN|TEMP B-TREE/.test(line))).toEqual([]);
});

test('page by page each case is found once, what has waited longest first', async () => {
  await db.run(sql`UPDATE cases SET deadline = '2026-10-' || printf('%02d', 1 + rowid % 20) || 'T00:00:00.000Z' WHERE rowid % 2 = 0`);
  const pages = async (some: (from: From) => PromiseLike<{ id: string; since: string }[]>) => {
    const all: { id: string; since: string }[] = [];
    for (let page = await some(START); page.length > 0; page = await some(page.at(-1) ?? START)) all.push(...page);
    return all;
  };
  const due = await pages((from) => casebook.overdue(NOW, 7, from));
  const [{ count } = { count: 0 }] = await db.all<{ count: number }>(sql`SELECT count(*) AS count FROM cases WHERE deadline < ${NOW}`);
  expect(count).toBeGreaterThan(100);
  expect(new Set(due.map(({ id }) => id)).size).toBe(count);
  expect(due.map(({ since }) => since)).toEqual(due.map(({ since }) => since).sort());
  const waiting = await pages((from) => casebook.unanswered({ version: 1, day: '2026-11-24' }, 7, from));
  const [{ lender } = { lender: 0 }] = await db.all<{ lender: number }>(
    sql`SELECT count(*) AS lender FROM cases WHERE awaited = 'lender' AND stage = 'negotiating'`,
  );
  expect(lender).toBeGreaterThan(10);
  expect(new Set(waiting.map(({ id }) => id)).size).toBe(lender);
  expect(await casebook.lag(NOW)).toMatchObject({ due: { count, since: due[0]?.since }, held: null, notices: null, anchors: null });
});
