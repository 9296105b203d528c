import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LibsqlServer, serve } from '../../db/server.ts';

let server: LibsqlServer;
const folder = mkdtempSync(join(tmpdir(), 'heyi-libsql-'));
const client = (name = 'acme') => createClient({ url: `${server.url}${name}/`, authToken: server.token });
const post = (path: string, body: string) =>
  fetch(`${server.url}${path}`, { method: 'POST', body, headers: { authorization: `Bearer ${server.token}` } });

beforeAll(async () => {
  server = await serve({ folder, streamLimit: 300, bodyLimit: 1024 * 1024 });
  server.create('acme');
  await client().execute('CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE, blob BLOB, real REAL)');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('values', () => {
  test('integers beyond 2^53 travel as strings and come back whole', async () => {
    const big = createClient({ url: `${server.url}acme/`, authToken: server.token, intMode: 'bigint' });
    const { rows } = await big.execute({ sql: 'SELECT ? AS a, ? AS b', args: [9007199254740993n, -9223372036854775808n] });
    expect(rows[0]).toMatchObject({ a: 9007199254740993n, b: -9223372036854775808n });
  });
  test('blobs, floats, text beyond the BMP and null come back as they went', async () => {
    const bytes = new Uint8Array([0, 255, 1, 128]);
    const { rows } = await client().execute({
      sql: 'SELECT ? AS blob, ? AS real, ? AS text, ? AS none',
      args: [bytes, 1.5, '𠮷野·家', null],
    });
    expect(new Uint8Array(rows[0]?.blob as ArrayBuffer)).toEqual(bytes);
    expect(rows[0]).toMatchObject({ real: 1.5, text: '𠮷野·家', none: null });
  });
  test('parameters by name, whatever their prefix; an unknown name is refused', async () => {
    const { rows } = await client().execute({ sql: "SELECT :a AS a, @b AS b, $c AS c, ':no' AS d", args: { a: 1, b: 2, c: 3 } });
    expect(rows[0]).toMatchObject({ a: 1, b: 2, c: 3, d: ':no' });
    await expect(client().execute({ sql: 'SELECT ?', args: { zz: 1 } })).rejects.toMatchObject({ code: 'ARGS_INVALID' });
  });
  // As the public suite of libsql-client-ts has them.
  test.each([':', '@', '$'])('parameters named with %s beside numbered ones, which may mean the same', async (sign) => {
    const args = { a: 'one', [`${sign}b`]: 'two' };
    const { rows } = await client().execute({ sql: `SELECT ${sign}b, ${sign}a, ?1, ?2`, args });
    expect(Array.from(rows[0] ?? [])).toEqual(['two', 'one', 'two', 'one']);
  });
  test('rows changed and the last row id', async () => {
    const made = await client().execute({ sql: 'INSERT INTO item (id, name) VALUES (?, ?)', args: [9007199254740995n, 'rowid'] });
    expect(made.rowsAffected).toBe(1);
    expect(made.lastInsertRowid).toBe(9007199254740995n);
    const back = await client().execute("DELETE FROM item WHERE name = 'rowid' RETURNING name");
    expect(back.rowsAffected).toBe(1);
    expect(back.rows).toHaveLength(1);
  });
});

describe('batches and transactions', () => {
  test('a batch is all or nothing', async () => {
    const failing = client().batch(["INSERT INTO item (name) VALUES ('one')", "INSERT INTO item (name) VALUES ('one')"], 'write');
    await expect(failing).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    expect((await client().execute("SELECT * FROM item WHERE name = 'one'")).rows).toHaveLength(0);
  });
  test('conditions decide which steps run', async () => {
    const batch = {
      requests: [
        {
          type: 'batch',
          batch: {
            steps: [
              { stmt: { sql: 'SELECT 1' } },
              { stmt: { sql: 'SELEC' } },
              { condition: { type: 'ok', step: 0 }, stmt: { sql: 'SELECT 2' } },
              { condition: { type: 'ok', step: 1 }, stmt: { sql: 'SELECT 3' } },
              {
                condition: {
                  type: 'and',
                  conds: [
                    { type: 'error', step: 1 },
                    { type: 'not', cond: { type: 'error', step: 0 } },
                  ],
                },
                stmt: { sql: 'SELECT 4' },
              },
              { condition: { type: 'is_autocommit' }, stmt: { sql: 'SELECT 5' } },
            ],
          },
        },
        { type: 'close' },
      ],
    };
    const answer = (await (await post('acme/v2/pipeline', JSON.stringify(batch))).json()) as {
      results: { response: { result: { step_results: unknown[]; step_errors: ({ code: string } | null)[] } } }[];
    };
    const { step_results, step_errors } = answer.results[0]?.response.result ?? { step_results: [], step_errors: [] };
    expect(step_results.map((one) => one !== null)).toEqual([true, false, true, false, true, true]);
    expect(step_errors[1]?.code).toBe('SQLITE_ERROR');
  });
  test('an interactive transaction holds over several requests, and commits', async () => {
    const transaction = await client().transaction('write');
    await transaction.execute("INSERT INTO item (name) VALUES ('inside')");
    expect((await client().execute("SELECT * FROM item WHERE name = 'inside'")).rows).toHaveLength(0);
    await transaction.commit();
    expect((await client().execute("SELECT * FROM item WHERE name = 'inside'")).rows).toHaveLength(1);
  });
  test('an abandoned stream expires, its transaction is rolled back, and its baton is refused', async () => {
    const opened = (await (
      await post(
        'acme/v2/pipeline',
        JSON.stringify({
          requests: [
            { type: 'execute', stmt: { sql: 'BEGIN IMMEDIATE' } },
            { type: 'execute', stmt: { sql: "INSERT INTO item (name) VALUES ('lost')" } },
          ],
        }),
      )
    ).json()) as { baton: string };
    // The writer below waits for the abandoned lock, and gets it when the stream expires.
    await client().execute("INSERT INTO item (name) VALUES ('after')");
    expect((await client().execute("SELECT * FROM item WHERE name = 'lost'")).rows).toHaveLength(0);
    const late = await post('acme/v2/pipeline', JSON.stringify({ baton: opened.baton, requests: [] }));
    expect(late.status).toBe(400);
    expect(await late.json()).toMatchObject({ code: 'STREAM_EXPIRED' });
  });
  test('twenty writers at once lose nothing', async () => {
    await client().execute('CREATE TABLE counter (n INTEGER)');
    await client().execute('INSERT INTO counter VALUES (0)');
    await Promise.all(
      Array.from({ length: 20 }, async (_, writer) => {
        for (let i = 0; i < 10; i++) {
          await client().batch(
            [{ sql: 'INSERT INTO item (name) VALUES (?)', args: [`w${writer}-${i}`] }, 'UPDATE counter SET n = n + 1'],
            'write',
          );
        }
      }),
    );
    expect(
      (await client().execute("SELECT n, (SELECT count(*) FROM item WHERE name LIKE 'w%-%') AS items FROM counter")).rows[0],
    ).toMatchObject({ n: 200, items: 200 });
  });
});

describe('what it refuses', () => {
  test.each([
    ['acme/v2/pipeline', 'nonsense', 400, 'HRANA_PROTO_ERROR'],
    ['acme/v2/pipeline', '{"requests":[{"type":"fly"}]}', 400, 'HRANA_PROTO_ERROR'],
    ['acme/v2/pipeline', `{"requests":[{"type":"execute","stmt":{"sql":"${'x'.repeat(1_100_000)}"}}]}`, 413, 'TOO_LARGE'],
    ['nobody/v2/pipeline', '{"requests":[]}', 404, 'DATABASE_NOT_FOUND'],
    ['..%2facme/v2/pipeline', '{"requests":[]}', 404, 'DATABASE_NOT_FOUND'],
    ['admin/..%2f..%2fetc', '', 400, 'NAME_INVALID'],
    ['elsewhere', '{}', 404, 'NOT_FOUND'],
  ])('POST %s', async (path, body, status, code) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });
  test.each([
    "ATTACH DATABASE '/tmp/other.db' AS other",
    "select 1; attach 'x' as y",
    "VACUUM INTO '/tmp/copy.db'",
    '/* c */ ATTACH $x AS y',
  ])('%s', async (sql) => {
    await expect(client().execute(sql)).rejects.toMatchObject({ code: 'SQLITE_AUTH' });
    await expect(client().executeMultiple(sql)).rejects.toMatchObject({ code: 'SQLITE_AUTH' });
  });
  test('a word in a string is no statement', async () => {
    expect((await client().execute("SELECT '; attach ' AS a")).rows[0]).toMatchObject({ a: '; attach ' });
  });
  test('beyond loopback without a token it does not start; with one it asks for it', async () => {
    await expect(serve({ folder, host: '0.0.0.0' })).rejects.toThrow(/token/);
    const guarded = await serve({ folder, token: 'secret-token' });
    await expect(createClient({ url: `${guarded.url}acme/` }).execute('SELECT 1')).rejects.toThrow();
    expect((await createClient({ url: `${guarded.url}acme/`, authToken: 'secret-token' }).execute('SELECT 1')).rows).toHaveLength(1);
    await guarded.close();
  });
});

test('kill -9 in the middle of writes loses nothing that was answered', async () => {
  const script = `import { serve } from './db/server.ts'; const s = await serve({ folder: process.argv[1] }); s.create('kill'); console.log(s.url + ' ' + s.token);`;
  const start = async () => {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim())));
    const [url, authToken = ''] = said.split(' ');
    return { child, db: createClient({ url: `${url}kill/`, authToken }) };
  };
  const first = await start();
  await first.db.execute('CREATE TABLE t (n INTEGER)');
  const answered: number[] = [];
  const writer = (async () => {
    for (let n = 0; n < 100_000; n++) {
      await first.db.execute({ sql: 'INSERT INTO t VALUES (?)', args: [n] });
      answered.push(n);
    }
  })().catch(() => undefined);
  await expect.poll(() => answered.length).toBeGreaterThan(10);
  first.child.kill('SIGKILL');
  await writer;
  const second = await start();
  const { rows } = await second.db.execute('SELECT n FROM t');
  const kept = new Set(rows.map((row) => Number(row.n)));
  second.child.kill('SIGKILL');
  expect(answered.filter((n) => !kept.has(n))).toEqual([]);
});
