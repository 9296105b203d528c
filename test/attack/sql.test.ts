/** SQL that means harm, sent by one who has the token: no other file, no program code, nothing left for the next stream, and the server goes on. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createClient } from '@libsql/client/web';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Databases, keepDatabases } from '../../db/databases.ts';
import { parameters } from '../../db/hrana/sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'heyi-sql-'));
const secret = join(folder, 'secret.txt');
const target = join(folder, 'made.db');
let server: Databases;
const client = () => createClient({ url: `${server.url}acme/`, authToken: server.token });
const send = async (requests: unknown[], database = 'acme') => {
  const answer = await fetch(`${server.url}${database}/v2/pipeline`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}` },
    body: JSON.stringify({ requests }),
  });
  return { status: answer.status, text: await answer.text() };
};
const execute = (sql: string, more: object = {}) => ({ type: 'execute', stmt: { sql, ...more } });
const close = { type: 'close' };

beforeAll(async () => {
  writeFileSync(secret, 'canary-of-another-file');
  server = await keepDatabases(join(folder, 'databases'));
  await server.create('acme');
  await server.create('harmed');
  const item = execute('CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)');
  for (const database of ['acme', 'harmed']) await send([item, close], database);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const HARM = [
  `ATTACH '${target}' AS x`,
  `attach database 'file:${target}?mode=rwc' as x`,
  `/* c */ -- d\n AtTaCh /* e */ '${target}' AS x`,
  `ATTACH $x('); AS y`,
  `SELECT $x('); ATTACH '${target}' AS y; --)`,
  `SELECT $a::b(;); ATTACH '${target}' AS y`,
  `SELECT [;]; ATTACH "${target}" AS y`,
  `EXPLAIN ATTACH '${target}' AS x`,
  `\uFEFFATTACH '${target}' AS x`,
  'DETACH main',
  `VACUUM INTO '${target}'`,
  `VACUUM main INTO ('${target}')`,
  `SELECT readfile('${secret}')`,
  `SELECT "readfile"('${secret}')`,
  `SELECT writefile('${target}', 'x')`,
  `SELECT load_extension('${target}')`,
  `SELECT edit('x', 'sh')`,
  `SELECT * FROM fsdir('${folder}')`,
  `SELECT fts3_tokenizer('simple', x'4141414141414141')`,
  `CREATE VIEW harm AS SELECT readfile('${secret}'); SELECT * FROM harm`,
  `CREATE TRIGGER harm AFTER INSERT ON item BEGIN SELECT writefile('${target}', 'x'); END; INSERT INTO item (name) VALUES ('a')`,
  `CREATE TABLE harm (a DEFAULT (readfile('${secret}'))); INSERT INTO harm DEFAULT VALUES RETURNING *`,
  `CREATE VIRTUAL TABLE harm USING fts5(a, content='${secret}')`,
  `CREATE VIRTUAL TABLE temp.harm USING zipfile('${secret}')`,
  'SELECT * FROM sqlite_dbpage',
  'PRAGMA writable_schema = ON',
  'PRAGMA main.journal_mode = OFF',
  'PRAGMA synchronous(0)',
  `PRAGMA temp_store_directory = '${folder}'`,
  'PRAGMA trusted_schema = 1',
  'PRAGMA locking_mode = EXCLUSIVE',
  'PRAGMA secure_delete = 0',
  'PRAGMA database_list',
  'SELECT * FROM pragma_database_list',
  "UPDATE sqlite_master SET sql = 'x'",
];

test.each(HARM)('%s', async (sql) => {
  for (const request of [
    execute(sql),
    { type: 'sequence', sql },
    { type: 'describe', sql },
    { type: 'batch', batch: { steps: [{ stmt: { sql } }] } },
  ]) {
    const { status, text } = await send([request, close], 'harmed');
    expect(status).toBe(200);
    // What is only described does nothing, and some of it is refused only where it would.
    if (request.type !== 'describe') expect(text).toMatch(/"error":\{|"step_errors":\[\{/);
    expect(text).not.toContain('canary-of-another-file');
    expect(text).not.toContain(`${folder}/databases`);
  }
  expect(existsSync(target)).toBe(false);
});

describe('what a stream leaves', () => {
  test.each([
    ['a temporary table', 'CREATE TEMP TABLE left_over (a)', 'SELECT * FROM left_over'],
    ['a temporary view', 'CREATE TEMP VIEW left_view AS SELECT 1', 'SELECT * FROM left_view'],
  ])('%s is gone for the next', async (_what, make, look) => {
    for (let i = 0; i < 8; i++) await send([execute(make), close]);
    for (let i = 0; i < 8; i++) expect((await send([execute(look), close])).text).toContain('no such table');
  });
  test('a PRAGMA holds in its stream and not in the next', async () => {
    for (let i = 0; i < 8; i++) {
      expect((await send([execute('PRAGMA foreign_keys = OFF'), execute('PRAGMA foreign_keys'), close])).text).toContain(
        '{"type":"integer","value":"0"}',
      );
    }
    for (let i = 0; i < 8; i++)
      expect((await send([execute('PRAGMA foreign_keys'), close])).text).toContain('{"type":"integer","value":"1"}');
  });
  test('a temporary trigger does not write along with others', async () => {
    await send([execute("CREATE TEMP TRIGGER along AFTER INSERT ON item BEGIN UPDATE item SET name = 'theirs'; END"), close]);
    await client().execute("INSERT INTO item (id, name) VALUES (77, 'ours')");
    expect((await client().execute('SELECT name FROM item WHERE id = 77')).rows[0]).toMatchObject({ name: 'ours' });
  });
});

describe('no input ends the process', () => {
  test.each([
    "SELECT CAST(x'ff41' AS TEXT)",
    "SELECT 'a' || x'ff', substr(CAST(x'c3' AS TEXT), 1)",
    "INSERT INTO item (name) VALUES (CAST(x'fe80' AS TEXT)) RETURNING name",
    "SELECT char(55296), char(0), 'a' || char(0) || 'b'",
    'SELECT 9e999, -9e999',
    'SELECT zeroblob(2000000000)',
    'SELECT randomblob(1000000000)',
    'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT randomblob(1000000) FROM c',
    `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`,
    'SELECT ?99999',
    'SELECT 1\u0000; ATTACH',
    "SELECT json('[' || replace(hex(zeroblob(2000)), '0', '[') || ']')",
  ])('%s', async (sql) => {
    const before = server.pid;
    const { status } = await send([execute(sql), close]);
    expect(status).toBe(200);
    expect((await client().execute('SELECT 1 AS one')).rows[0]).toMatchObject({ one: 1 });
    expect(server.pid).toBe(before);
  });
  test('a condition nested ten thousand deep is refused', async () => {
    const deep = `${'{"type":"not","cond":'.repeat(10_000)}{"type":"is_autocommit"}${'}'.repeat(10_000)}`;
    const body = `{"requests":[{"type":"batch","batch":{"steps":[{"condition":${deep},"stmt":{"sql":"SELECT 1"}}]}}]}`;
    const answer = await fetch(`${server.url}acme/v2/pipeline`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}` },
      body,
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await client().execute('SELECT 1 AS one')).rows[0]).toMatchObject({ one: 1 });
  });
});

describe('what is said is what there is', () => {
  test('a second statement is an error, never left out silently; comments and semicolons are none', async () => {
    await expect(client().execute('SELECT 1; SELECT 2')).rejects.toMatchObject({ code: 'SQL_MANY_STATEMENTS' });
    await expect(client().execute('SELECT 1; nonsense')).rejects.toMatchObject({ code: 'SQL_MANY_STATEMENTS' });
    expect((await client().execute('SELECT 1 AS a; -- done\n ; /* all */')).rows[0]).toMatchObject({ a: 1 });
  });
  test('text with NUL is whole, and infinity is no null', async () => {
    const { rows } = await client().execute({ sql: 'SELECT ? AS text, 9e999 AS more, -9e999 AS less', args: ['a\0b'] });
    expect(rows[0]).toMatchObject({ text: 'a\0b', more: Number.POSITIVE_INFINITY, less: Number.NEGATIVE_INFINITY });
  });
  test('named parameters beside numbered ones', async () => {
    const stmt = { args: [{ type: 'integer', value: '1' }], named_args: [{ name: 'b', value: { type: 'integer', value: '2' } }] };
    const { text } = await send([execute('SELECT ? AS a, :b AS b', stmt), close]);
    expect(text).toContain('[{"type":"integer","value":"1"},{"type":"integer","value":"2"}]');
  });
  test('a failure has SQLite’s code, and its extended code beside it', async () => {
    await client().execute("INSERT INTO item VALUES (5, 'a')");
    await expect(client().execute("INSERT INTO item VALUES (5, 'a')")).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    expect((await send([execute("INSERT INTO item VALUES (5, 'a')"), close])).text).toContain(
      '"extended_code":"SQLITE_CONSTRAINT_PRIMARYKEY"',
    );
  });
  test('parameters stand where SQLite has them, however their names are written', () => {
    const db = new DatabaseSync(':memory:', { returnArrays: true });
    const variable = fc.constantFrom(
      '?',
      '?1',
      '?3',
      '?12',
      ':a',
      ':1a',
      '@b',
      '$c',
      '$c::d',
      '$e(f g',
      '$e(f)',
      '$::x',
      ':a$b',
      ':é',
      '@_',
    );
    const noise = fc.constantFrom("'?:a'", "'it''s ?'", '"a"', '`a`', '[a]', '/* ? */ 1', '1 -- ?\n', "x'00'", '1', 'a.a');
    const part = fc.oneof({ weight: 3, arbitrary: variable }, noise);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const sql = `SELECT ${parts.map((one, i) => `${one} AS r${i}`).join(', ')} FROM (SELECT 1 AS a) AS a`;
        let statement: ReturnType<typeof db.prepare>;
        try {
          statement = db.prepare(sql);
        } catch {
          return;
        }
        const names = parameters(sql);
        const named: Record<string, string> = {};
        const others: string[] = [];
        names.forEach((name, i) => {
          if (name === null || name.startsWith('?')) others.push(`at ${i + 1}`);
          else named[name] = `at ${i + 1}`;
        });
        const row = statement.get(named, ...others) as unknown as (string | null)[];
        const opcodes = db.prepare(`EXPLAIN ${sql}`).all(named, ...others) as unknown as [number, string, number, number][];
        // The engine's own word: opcode Variable reads parameter P1 into a register.
        const bound = new Set(opcodes.filter(([, opcode]) => opcode === 'Variable').map(([, , position]) => `at ${position}`));
        for (const value of row) if (typeof value === 'string' && value.startsWith('at ')) expect(bound).toContain(value);
        parts.forEach((one, i) => {
          if (/^[:@$]/.test(one)) expect(row[i]).toBe(named[one]);
          if (/^\?\d/.test(one)) expect(row[i]).toBe(`at ${one.slice(1)}`);
        });
      }),
      { numRuns: 300 },
    );
  });
});
