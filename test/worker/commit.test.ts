import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLocal } from '../../db/installation.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import type { LibsqlServer } from '../../db/server.ts';
import { createTenant, makeLocal } from '../../db/tenant.ts';
import { randomBytes, randomId, randomNumber } from '../../worker/chance.ts';
import { type Act, commit } from '../../worker/execute/commit.ts';
import { eraseContents } from '../../worker/execute/erase.ts';
import { execute, type Outcome } from '../../worker/execute/execute.ts';
import { prove } from '../../worker/proof.ts';
import { type SigningKey, signingKey } from '../../worker/record/keys.ts';
import { admissions } from '../../worker/store/directory.ts';
import { exportsPath } from '../../worker/store/files.ts';
import { type Casebook, type Lender, openCasebookForPortal, openCaseFile } from '../../worker/store/open.ts';
import { DEBT } from '../negotiation/play.ts';

/** The write path against the database, without a portal: many cases in one batch, and many writers at one case. */

let data: string;
let server: LibsqlServer;
let lender: Lender;
let casebook: Casebook;
let key: SigningKey;
let give: (caseId: string, command: string, input: unknown, requestId?: string) => Promise<Outcome>;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'heyi-commit-'));
  const local = await openLocal(data);
  server = local.server;
  await migrateDatabase('directory', local.env.directory.url, local.env.directory.token);
  lender = await createTenant(local.env, makeLocal(server), 'acme', '安科消费金融');
  casebook = openCasebookForPortal(local.env, lender);
  key = await signingKey(local.env.keys);
  const account = {
    id: 'l',
    name: '林静',
    email: null,
    phone: null,
    password: '',
    language: 'zh' as const,
    createdAt: '',
    confirmedAt: '',
  };
  const session = { id: '', account: 'l', expiresAt: 0, createdAt: '', device: '' };
  give = async (caseId, command, input, requestId = randomId()) => {
    const [admission] = admissions({ session, account, seat: null, memberships: [{ lender, capacity: 'supervisor' }] }, caseId);
    if (!admission) throw new Error('Staff have a way into the cases of their lender.');
    const casefile = openCaseFile(local.env, admission);
    const instruments = { at: new Date().toISOString(), key, random: randomBytes, number: randomNumber };
    return execute({ admission, casefile, command, input, requestId, ...instruments });
  };
});
afterAll(async () => {
  await server.close();
  rmSync(data, { recursive: true, force: true });
});

/** A case that the lender has opened. */
async function open(): Promise<string> {
  const id = randomId();
  const input = { loan: { reference: id }, debt: { debt: DEBT }, borrowerName: '孙悦', lenderName: lender.name };
  expect(await give(id, 'case.openForBorrower', input)).toMatchObject({ ok: true, seq: 3 });
  return id;
}

const kinds = async (id: string) => (await casebook.record(id))?.entries.map(({ kind }) => kind) ?? [];

test('what is written to many cases is one round trip, and all of it or nothing', async () => {
  const ids = await Promise.all([open(), open(), open()]);
  const acts = await Promise.all(
    ids.map(async (id): Promise<Act> => {
      const loaded = await casebook.load(id, '', '');
      const decided = [{ kind: 'talk.message', content: { words: '批量通知。' } } as const];
      const request = { id: randomId(), digest: '' };
      return { case: id, lender: lender.slug, seat: null, loaded, decided, at: new Date().toISOString(), request, number: randomNumber };
    }),
  );
  const before = server.pipelines;
  expect(await commit(casebook, acts, { key, random: randomBytes })).toMatchObject(ids.map((id) => ({ ok: true, case: id, seq: 4 })));
  expect(server.pipelines - before).toBe(1);
  // Two of them have not gone on since; the third has, and so none is written.
  const [first] = ids;
  const again = await Promise.all(
    acts.map(async (act) => ({ ...act, request: { id: randomId(), digest: '' }, loaded: await casebook.load(act.case, '', '') })),
  );
  await give(first ?? '', 'talk.message', { words: '先到。' });
  await expect(commit(casebook, again, { key, random: randomBytes })).rejects.toThrow();
  for (const id of ids) expect((await kinds(id)).filter((kind) => kind === 'talk.message')).toHaveLength(id === first ? 2 : 1);
});

test('eight at once at one case: each is written, one after the other', async () => {
  const id = await open();
  const all = await Promise.all(Array.from({ length: 8 }, (_, i) => give(id, 'talk.message', { words: `第 ${i} 条` })));
  expect(all.map((one) => one.ok && one.seq).sort()).toEqual([10, 11, 4, 5, 6, 7, 8, 9]);
});

test('a request that is repeated gets its first outcome; another one under its id is told so; a clock that went back takes nothing back', async () => {
  const id = await open();
  const first = await give(id, 'talk.message', { words: '您好。' }, 'r1');
  expect(await give(id, 'talk.message', { words: '您好。' }, 'r1')).toEqual(first);
  expect(await give(id, 'talk.message', { words: '别的。' }, 'r1')).toEqual({ ok: false, refusal: { code: 'request.reused' } });
  const loaded = await casebook.load(id, '', '');
  const decided = [{ kind: 'talk.message', content: { words: '旧钟。' } } as const];
  const act = { case: id, lender: lender.slug, seat: null, loaded, decided, request: { id: 'r2', digest: '' }, number: randomNumber };
  await commit(casebook, [{ ...act, at: '2001-01-01T00:00:00.000Z' }], { key, random: randomBytes });
  const at = (await casebook.record(id))?.entries.map((entry) => entry.at) ?? [];
  expect(at.at(-1)).toBe(at.at(-2));
});

describe('an erasure', () => {
  const wanted = { files: [], reason: '本人请求删除', whole: false };

  /** A case with a message that holds a word, and the number of its entry. */
  async function withMessage() {
    const id = await open();
    const said = await give(id, 'talk.message', { words: '金丝雀' });
    if (!said.ok) throw new Error('not said');
    return { id, seq: said.seq };
  }

  const by = (id: string, book: Casebook) => ({
    casebook: book,
    caseId: id,
    lender: lender.slug,
    at: new Date().toISOString(),
    key,
    random: randomBytes,
    requestId: randomId(),
  });

  test('that ends right after its batch has said, done and projected all of it', async () => {
    const { id, seq } = await withMessage();
    const killed: Casebook = {
      ...casebook,
      append: async (all) => {
        await casebook.append(all);
        throw new Error('killed');
      },
    };
    await expect(eraseContents(by(id, killed), { ...wanted, entries: [seq] })).rejects.toThrow('killed');
    const record = await casebook.record(id);
    if (!record) throw new Error('no case');
    expect(record.entries.map(({ kind, content }) => [kind, content !== null]).slice(-2)).toEqual([
      ['talk.message', false],
      ['custody.erased', true],
    ]);
    expect(record.entries.find((entry) => entry.seq === seq)).toMatchObject({ content: null, salt: null });
    expect(await casebook.doubts(id)).toEqual([]);
    expect((await prove(record, casebook.published)).doubts).toEqual([]);
    expect((await casebook.leaving(100)).map(({ path }) => path)).toContain(exportsPath(id));
    expect(JSON.stringify(record)).not.toContain('金丝雀');
  });

  test('whose batch fails has said and done nothing', async () => {
    const { id, seq } = await withMessage();
    const request = { id: randomId(), digest: '' };
    await give(id, 'talk.message', { words: '占着编号。' }, request.id);
    // An id that was used already fails the batch at its first statement.
    await expect(eraseContents({ ...by(id, casebook), requestId: request.id }, { ...wanted, entries: [seq] })).rejects.toThrow();
    expect((await kinds(id)).at(-1)).toBe('talk.message');
    expect((await casebook.record(id))?.entries.find((entry) => entry.seq === seq)?.content).toEqual({ words: '金丝雀' });
    expect((await casebook.leaving(100)).map(({ path }) => path)).not.toContain(exportsPath(id));
  });
});
