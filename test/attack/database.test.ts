import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LibsqlServer, serve } from '../../db/server.ts';

let server: LibsqlServer;
const folder = mkdtempSync(join(tmpdir(), 'heyi-attack-'));
const db = () => createClient({ url: `${server.url}acme/`, authToken: server.token });
beforeAll(async () => {
  server = await serve({ folder });
  await server.create('acme');
  await db().execute('CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Status of a request with exactly these headers: `fetch` would not send a Host of one's own. */
const status = (headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    const asked = request(new URL('health', server.url), { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject).end();
  });

test('nothing without the token, nothing to a page, nothing under another name', async () => {
  const authorization = `Bearer ${server.token}`;
  expect(await status({ authorization })).toBe(200);
  expect(await status({})).toBe(401);
  expect(await status({ authorization: 'Bearer wrong' })).toBe(401);
  expect(await status({ authorization, origin: 'https://evil.example' })).toBe(403);
  expect(await status({ authorization, host: 'evil.example' })).toBe(403);
});

describe('however it is written, it is refused and makes no file', () => {
  test.each([
    `SELECT $x('); ATTACH '${folder}/out.db' AS y; --')`,
    `/**/aTtAcH/**/'${folder}/out.db' AS y`,
    'DETACH main',
    `VACUUM INTO '${folder}/out.db'`,
    `vacuum/**/into '${folder}/out.db'`,
    "SELECT readfile('/etc/hostname')",
    `SELECT writefile('${folder}/out.db', 'x')`,
    "SELECT load_extension('x')",
    "SELECT * FROM fsdir('/')",
    'SELECT * FROM sqlite_dbpage',
    'PRAGMA writable_schema = ON',
    'PRAGMA/**/journal_mode = OFF',
    "PRAGMA temp_store_directory = '/'",
    'PRAGMA secure_delete = OFF',
    "CREATE VIRTUAL TABLE v USING csv(filename = '/etc/passwd')",
  ])('%s', async (sql) => {
    const before = readdirSync(folder);
    await expect(db().execute(sql)).rejects.toThrow();
    await expect(db().batch([sql])).rejects.toThrow();
    await expect(db().executeMultiple(sql)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(before);
  });
});

test('temporary tables and settings do not reach the next stream', async () => {
  await db().executeMultiple('CREATE TEMP TABLE kept (a); PRAGMA foreign_keys = OFF');
  for (let i = 0; i < 6; i++) {
    await expect(db().execute('SELECT * FROM kept')).rejects.toThrow(/no such table/);
    expect((await db().execute('PRAGMA foreign_keys')).rows[0]).toMatchObject({ foreign_keys: 1 });
  }
});

test('no input ends the process or is cut', async () => {
  expect((await db().execute("SELECT CAST(x'ff41' AS TEXT) AS a")).rows).toHaveLength(1);
  expect((await db().execute({ sql: 'SELECT ? AS a', args: ['a\0b'] })).rows[0]).toMatchObject({ a: 'a\0b' });
  expect((await db().execute('SELECT 9e999 AS a, -9e999 AS b')).rows[0]).toMatchObject({
    a: Number.POSITIVE_INFINITY,
    b: Number.NEGATIVE_INFINITY,
  });
  await expect(db().execute('SELECT 1; SELECT 2')).rejects.toMatchObject({ code: 'SQL_MANY_STATEMENTS' });
});
