import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/web';
import { afterAll, describe, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { playDemo } from '../../db/demo-cases.ts';
import { openLocal } from '../../db/installation.ts';
import { randomId } from '../../worker/chance.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { rig } from '../portal.ts';

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'heyi-tenant-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

const run = (script: string, args: string[], env: Record<string, string>) => {
  try {
    return {
      code: 0,
      out: execFileSync(process.execPath, [script, ...args], { encoding: 'utf8', env: { ...process.env, ...env }, stdio: 'pipe' }),
    };
  } catch (thrown) {
    const { status, stdout, stderr } = thrown as { status: number; stdout: string; stderr: string };
    return { code: status, out: stdout + stderr };
  }
};

describe('tenants', () => {
  test('a lender gets its own database and an invitation; migrating again changes nothing', async () => {
    const DATA = folder();
    const made = run('db/tenant.ts', ['create', 'acme-loan', 'Acme Loan'], { DATA });
    expect(made.out).toMatch(/\/join\/[\w-]{27}/);
    expect(run('db/tenant.ts', ['create', 'acme-loan', 'Acme Loan'], { DATA })).toMatchObject({
      code: 1,
      out: expect.stringContaining('already'),
    });
    expect(run('db/tenant.ts', ['create', '../acme', 'Acme'], { DATA })).toMatchObject({ code: 1, out: expect.stringContaining('SLUG') });
    for (let i = 0; i < 2; i++) expect(run('db/migrate.ts', [], { DATA }).out).toContain('acme-loan');
    const { env, server } = await openLocal(DATA);
    expect(server.names().sort()).toEqual(['casebook-acme-loan', 'directory']);
    expect((await openDirectory(env).lenders()).map(({ slug }) => slug)).toEqual(['acme-loan']);
    await server.close();
  });

  test('on Turso, by its platform API: the database is asked for in the group, with the token', async () => {
    const DATA = folder();
    const asked: { url: string | undefined; token: string | undefined; body: string }[] = [];
    const { env, server } = await openLocal(DATA);
    await server.create('casebook-acme');
    const api = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        asked.push({ url: request.url, token: request.headers.authorization, body });
        response.writeHead(403, { 'content-type': 'application/json' });
        response.end('{"error":"over quota"}');
      });
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const turso = {
      TURSO_API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      TURSO_API_TOKEN: 't',
      TURSO_ORGANIZATION: 'org',
      TURSO_GROUP: 'cn',
    };
    const child = await new Promise<string>((resolve) => {
      import('node:child_process').then(({ execFile }) =>
        execFile(
          process.execPath,
          ['db/tenant.ts', 'create', 'acme', 'Acme'],
          { env: { ...process.env, DATA: folder(), ...turso } },
          (_, out, err) => resolve(out + err),
        ),
      );
    });
    expect(asked).toEqual([{ url: '/v1/organizations/org/databases', token: 'Bearer t', body: '{"name":"casebook-acme","group":"cn"}' }]);
    expect(child).toContain('over quota');
    expect(env.directory.url).toContain('directory');
    api.close();
    await server.close();
  });
});

test('a second start finds everything as it was', async () => {
  const first = await rig();
  await playDemo(first);
  const cases = async (at: typeof first) => {
    const db = createClient({ url: new URL('/casebook-mingheng/', at.env.directory.url).href, authToken: at.server.token });
    return (await db.execute('SELECT id, seq, hash FROM cases ORDER BY id')).rows.map((row) => [...Object.values(row)]);
  };
  const before = await cases(first);
  const second = await first.restart();
  expect(before.length).toBe(3);
  expect(await cases(second)).toEqual(before);
  expect(second.keys).toEqual(first.keys);
  await second.remove();
});

test('the database itself refuses to change or delete an entry', async () => {
  const portal = await rig();
  const stage = await Stage.set(portal, Date.now());
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const db = createClient({ url: new URL('/casebook-mingheng/', portal.env.directory.url).href, authToken: portal.server.token });
  const columns = ['"case"', 'seq', 'at', 'kind', 'author', 'author_salt', 'author_digest', 'content', 'salt', 'digest', 'prev', 'hash'];
  for (const column of columns) {
    await expect(db.execute(`UPDATE entries SET ${column} = 'x' WHERE "case" = '${id}' AND seq = 2`), column).rejects.toThrow(/record/);
  }
  await expect(db.execute(`UPDATE entries SET content = NULL, salt = NULL WHERE "case" = '${id}' AND seq = 2`)).rejects.toThrow(/record/);
  await expect(db.execute(`DELETE FROM entries WHERE "case" = '${id}'`)).rejects.toThrow(/record/);
  await expect(db.execute(`DELETE FROM checkpoints WHERE "case" = '${id}'`)).rejects.toThrow(/record/);
  await expect(db.execute(`UPDATE checkpoints SET signature = 'x'`)).rejects.toThrow(/record/);
  await expect(
    db.execute(
      `INSERT INTO entries SELECT "case", 99, at, kind, author, author_salt, author_digest, content, salt, digest, prev, hash FROM entries WHERE seq = 2`,
    ),
  ).rejects.toThrow(/record/);
  await portal.remove();
});
