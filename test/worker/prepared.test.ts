import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaving, requests } from '../../db/casebook/schema.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { type LibsqlServer, serve } from '../../db/server.ts';
import { connect, type Database, isConflict } from '../../worker/store/connect.ts';
import { ask, prepared } from '../../worker/store/prepared.ts';

/** Prepared statements, on the server itself. */
let server: LibsqlServer;
let db: Database;
const folder = mkdtempSync(join(tmpdir(), 'heyi-prepared-'));
beforeAll(async () => {
  server = await serve({ folder });
  server.create('acme');
  await migrateDatabase('casebook', `${server.url}acme/`, server.token);
  db = connect(`${server.url}acme/`, server.token);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const at = '2026-11-27T00:00:00.000Z';
const add = prepared(['id', 'digest', 'outcome', 'at'], (to, row) => to.insert(requests).values(row));
const one = prepared(['id'], (from, row) => from.select().from(requests).where(eq(requests.id, row.id)));
const literal = prepared(['value'], (from, row) => from.select({ value: sql<unknown>`${row.value}` }).from(leaving));

test('what goes in comes out as the columns have it, JSON too, in one round trip', async () => {
  const outcome = { ok: true, words: '已“收到”\n𠮷', none: null };
  const before = server.pipelines;
  const [, rows, none] = await ask(db.send, add({ id: 'one', digest: 'd', outcome, at }), one({ id: 'one' }), one({ id: 'two' }));
  expect(server.pipelines - before).toBe(1);
  expect(rows).toEqual([{ id: 'one', digest: 'd', outcome, at }]);
  expect(none).toEqual([]);
  expect(await db.select().from(requests).where(eq(requests.id, 'one'))).toEqual(rows);
});

test('rows are what drizzle makes of them: of columns, of columns under other names, of tables that are joined, and of none', async () => {
  const row = { id: 'four', digest: 'd', outcome: [1], at };
  const every = prepared([], (from) => from.select().from(requests).orderBy(requests.id));
  const named = prepared([], (from) => from.select({ who: requests.id, what: requests.outcome }).from(requests).orderBy(requests.id));
  const joined = prepared([], (from) =>
    from.select({ request: requests, path: leaving }).from(requests).leftJoin(leaving, eq(leaving.path, requests.id)).orderBy(requests.id),
  );
  const [, one, two, three] = await ask(db.send, add(row), every({}), named({}), joined({}));
  expect(one).toContainEqual(row);
  expect(two).toEqual(one.map(({ id, outcome }) => ({ who: id, what: outcome })));
  expect(three).toEqual(one.map((request) => ({ request, path: null })));
  expect(one).toEqual(await db.select().from(requests).orderBy(requests.id));
  const leaves = prepared(['path'], (to, at) => to.insert(leaving).values({ path: at.path, at: sql`'2026'` }));
  const counted = prepared([], (from) =>
    from
      .select({ path: leaving, request: requests, count: sql<number>`1 + 1` })
      .from(requests)
      .leftJoin(leaving, eq(leaving.path, requests.id))
      .orderBy(requests.id),
  );
  const [, four] = await ask(db.send, leaves({ path: 'four' }), counted({}));
  const there = { path: 'four', at: '2026' };
  await db.delete(leaving);
  expect(four).toEqual(one.map((request) => ({ path: request.id === 'four' ? there : null, request, count: 2 })));
});

test.each([
  ['', ''],
  [null, null],
  [0, 0],
  [-0.5, -0.5],
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
])('%j is %j', async (value, read) => {
  const [, rows] = await ask(
    db.send,
    prepared(['path', 'at'], (to, row) => to.insert(leaving).values(row).onConflictDoNothing())({ path: 'p', at }),
    literal({ value }),
  );
  expect(rows).toEqual([{ value: read }]);
});

test('what a statement sends is what drizzle would: values as their columns have them, and what stands in it already', () => {
  expect(add({ id: 'a', digest: 'd', outcome: { z: [1], a: null }, at }).args).toEqual(['a', 'd', '{"z":[1],"a":null}', at]);
  const some = prepared(['id'], (from, row) => from.select().from(requests).where(eq(requests.id, row.id)).limit(7));
  expect(some({ id: 'b' }).args).toEqual(['b', 7]);
  const none: Record<string, unknown> = {};
  expect(() => Reflect.apply(some, undefined, [none])).toThrow('no value of id');
});

test('what cannot be sent is not sent', async () => {
  for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, 2n, {}, true]) {
    await expect(ask(db.send, literal({ value }))).rejects.toThrow(TypeError);
  }
});

test('an integer beyond 2^53 is no number', async () => {
  const beyond = prepared([], (from) => from.select({ value: sql`9007199254740993` }).from(leaving));
  await expect(ask(db.send, beyond({}))).rejects.toThrow(RangeError);
});

test('all or nothing: a statement that fails undoes those before it, and says why as the library does', async () => {
  const row = { id: 'three', digest: 'd', outcome: {}, at };
  const thrown = await ask(db.send, add(row), add(row)).catch((error) => error);
  expect(thrown).toMatchObject({ name: 'LibsqlError', code: 'SQLITE_CONSTRAINT' });
  expect(isConflict(thrown)).toBe(true);
  expect((await ask(db.send, one({ id: 'three' })))[0]).toEqual([]);
});

test('a wrong token, a database that is not there and a server that is gone are errors', async () => {
  await expect(ask(connect(`${server.url}acme/`, 'no').send, one({ id: 'x' }))).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  await expect(ask(connect(`${server.url}none/`, server.token).send, one({ id: 'x' }))).rejects.toMatchObject({
    code: 'DATABASE_NOT_FOUND',
  });
  await expect(ask(connect('http://127.0.0.1:1/acme/', undefined).send, one({ id: 'x' }))).rejects.toThrow();
});
