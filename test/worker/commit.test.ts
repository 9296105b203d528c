import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openLocal } from '../../db/installation.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import type { LibsqlServer } from '../../db/server.ts';
import { openStorage, type Storage } from '../../db/storage.ts';
import { createTenant, makeLocal } from '../../db/tenant.ts';
import { randomBytes, randomId, randomNumber } from '../../worker/chance.ts';
import { DAY, later } from '../../worker/clock.ts';
import { type Act, commit, commitEach } from '../../worker/execute/commit.ts';
import { eraseContents } from '../../worker/execute/erase.ts';
import { execute, type Order, type Outcome } from '../../worker/execute/execute.ts';
import { fileDigest } from '../../worker/file-digest.ts';
import { prove } from '../../worker/proof.ts';
import { type SigningKey, signingKey } from '../../worker/record/keys.ts';
import { admissions } from '../../worker/store/admission.ts';
import { isConflict } from '../../worker/store/connect.ts';
import { casePath, emptyStorage, exportsPath, putFile } from '../../worker/store/files.ts';
import { type Casebook, type CaseFile, type Lender, openCasebookForPortal, openCaseFile } from '../../worker/store/open.ts';
import { DEBT } from '../negotiation/play.ts';

/** The write path against the database, without a portal: many cases in one batch, and many writers at one case. */

let data: string;
let server: LibsqlServer;
let lender: Lender;
let casebook: Casebook;
let key: SigningKey;
let storage: Storage;
let give: (caseId: string, command: string, input: unknown, requestId?: string, more?: More) => Promise<Outcome>;

/** Files that come with a command, and what becomes of the case file on its way. */
type More = { attached?: Order['attached']; change?: (casefile: CaseFile) => CaseFile };

beforeAll(async () => {
  // By day, at whichever hour this is run: what the lender's people write at night waits.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-24T04:00:00.000Z') });
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
    size: null,
    createdAt: '',
    confirmedAt: '',
  };
  storage = await openStorage(data);
  give = async (caseId, command, input, requestId = randomId(), { attached, change = (one) => one }: More = {}) => {
    const [admission] = admissions({ account, seat: null, memberships: [{ lender, capacity: 'supervisor' }] }, caseId);
    if (!admission) throw new Error('Staff have a way into the cases of their lender.');
    const casefile = change(openCaseFile(local.env, admission));
    const instruments = { at: new Date().toISOString(), key, random: randomBytes, number: randomNumber };
    return execute({ admission, casefile, command, input, requestId, ...instruments, ...(attached ? { attached } : {}) });
  };
});
afterAll(async () => {
  vi.useRealTimers();
  await storage.close();
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

test('what is written to many cases is one round trip, and of each case all of it or nothing', async () => {
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
  expect(await commitEach(casebook, acts, { key, random: randomBytes })).toMatchObject(
    ids.map((id) => ({ outcome: { ok: true, case: id, seq: 4 } })),
  );
  expect(server.pipelines - before).toBe(1);
  // One of them goes on meanwhile: of it nothing is written, also no request; the others are written.
  const [first = ''] = ids;
  const again = await Promise.all(
    acts.map(async (act) => ({ ...act, request: { id: randomId(), digest: '' }, loaded: await casebook.load(act.case, '', '') })),
  );
  await give(first, 'talk.message', { words: '先到。' });
  const [taken, ...others] = await commitEach(casebook, again, { key, random: randomBytes });
  expect(taken && 'thrown' in taken && isConflict(taken.thrown)).toBe(true);
  expect(others).toMatchObject(ids.slice(1).map((id) => ({ outcome: { ok: true, case: id, seq: 5 } })));
  for (const id of ids) expect((await kinds(id)).filter((kind) => kind === 'talk.message')).toHaveLength(2);
  expect(await casebook.doubts(first)).toEqual([]);
  expect((await casebook.load(first, '', again[0]?.request.id ?? '')).request).toBeNull();
});

test('what is held in a side’s own stream and what is said to both with it are one batch: all of it or nothing', async () => {
  const id = await open();
  const at = new Date().toISOString();
  const act = async (): Promise<Act> => {
    const loaded = await casebook.load(id, '', '', {}, 'lender');
    return {
      case: id,
      lender: lender.slug,
      seat: { side: 'lender', capacity: 'supervisor', account: 'l', name: '林静' },
      loaded,
      decided: [{ kind: 'talk.message', content: { words: '同意。' } }],
      held: [{ stream: loaded.own ?? expect.fail(), decided: [{ kind: 'note.written', content: { words: '主管已批。' } }] }],
      at,
      request: { id: randomId(), digest: '' },
      number: randomNumber,
    };
  };
  const first = await act();
  const stale = { ...(await act()), request: { id: randomId(), digest: '' } };
  const before = server.pipelines;
  const outcome = await commit(casebook, first, { key, random: randomBytes });
  expect(server.pipelines - before).toBe(1);
  expect(outcome).toMatchObject({ ok: true, seq: 4, entries: [{ kind: 'talk.message' }], own: [{ seq: 1, kind: 'note.written' }] });
  // Where either stream has gone on meanwhile, neither is written.
  for (const one of [stale, { ...stale, loaded: (await act()).loaded }, { ...(await act()), held: stale.held ?? [] }]) {
    await expect(commit(casebook, one, { key, random: randomBytes })).rejects.toThrow();
  }
  expect(await kinds(id)).toEqual(['case.opened', 'debt.stated', 'case.invited', 'talk.message']);
  const own = await casebook.privateRecord(id, 'lender');
  expect(own?.record?.entries.map(({ kind, author }) => [kind, (author as { name: string }).name])).toEqual([['note.written', '林静']]);
  expect(own?.doubts).toEqual([]);
  expect(await casebook.privateRecord(id, 'borrower')).toBeNull();
  // A command may look at what its own side keeps, and at nothing of the other's.
  expect((await act()).loaded.own).toMatchObject({ side: 'lender', own: { notes: 1, seq: 1 } });
  expect((await casebook.load(id, '', '', {}, 'borrower')).own).toMatchObject({ own: { notes: 0 }, head: null });
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
  await commit(casebook, { ...act, at: '2001-01-01T00:00:00.000Z' }, { key, random: randomBytes });
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
    expect((await casebook.leaving(100, new Date().toISOString())).map(({ path }) => path)).toContain(exportsPath(id));
    expect(JSON.stringify(record)).not.toContain('金丝雀');
  });

  test('whose batch was sent twice, as its answer was lost, is done once and says so', async () => {
    const { id, seq } = await withMessage();
    const twice: Casebook = {
      ...casebook,
      append: async (all) => {
        await casebook.append(all);
        await casebook.append(all);
      },
    };
    expect(await eraseContents(by(id, twice), { ...wanted, entries: [seq] })).toMatchObject({ ok: true, seq: seq + 1 });
    expect((await kinds(id)).filter((kind) => kind === 'custody.erased')).toHaveLength(1);
  });

  test('whose batch fails has said and done nothing', async () => {
    const { id, seq } = await withMessage();
    const request = { id: randomId(), digest: '' };
    await give(id, 'talk.message', { words: '占着编号。' }, request.id);
    // An id that was used already fails the batch at its first statement.
    await expect(eraseContents({ ...by(id, casebook), requestId: request.id }, { ...wanted, entries: [seq] })).rejects.toThrow();
    expect((await kinds(id)).at(-1)).toBe('talk.message');
    expect((await casebook.record(id))?.entries.find((entry) => entry.seq === seq)?.content).toEqual({ words: '金丝雀' });
    expect((await casebook.leaving(100, new Date().toISOString())).map(({ path }) => path)).not.toContain(exportsPath(id));
  });
});

describe('a file that comes with a command', () => {
  const now = () => new Date().toISOString();
  const fileOf = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    const sha256 = fileDigest(bytes);
    return { bytes, sha256, original: sha256, size: bytes.length, type: 'application/pdf', name: `${text}.pdf` };
  };
  const add = (id: string, text: string, change?: More['change']) => {
    const file = fileOf(text);
    const attached = { files: [file], store: (_: unknown, slug: string) => putFile(storage.files, { case: id, lender: slug }, file) };
    const input = { files: [{ sha256: file.sha256, figures: [] }], consent: true };
    return give(id, 'evidence.add', input, randomId(), { attached, ...(change ? { change } : {}) });
  };
  const isStored = async (id: string, text: string) => (await storage.files.head(casePath(id, fileOf(text).sha256))) !== null;
  const afterADay = () => emptyStorage(storage.files, 'acme', casebook, later(now(), DAY + 60_000));
  const failing = (casefile: CaseFile): CaseFile => ({ ...casefile, append: () => Promise.reject(new Error('killed')) });

  test('stays where the command is carried out, also where an earlier one for it was not', async () => {
    const id = await open();
    await expect(add(id, '先断', failing)).rejects.toThrow('killed');
    expect(await add(id, '先断')).toMatchObject({ ok: true });
    expect(await add(id, '成')).toMatchObject({ ok: true });
    await afterADay();
    expect([await isStored(id, '先断'), await isStored(id, '成')]).toEqual([true, true]);
  });

  test('leaves storage a day later where its append fails, or where somebody was first and it is refused; not before, as it may be sent again', async () => {
    const id = await open();
    await expect(add(id, '断', failing)).rejects.toThrow('killed');
    // The case is closed between the decision and the append.
    let closed = false;
    const overtaken = (casefile: CaseFile): CaseFile => ({
      ...casefile,
      append: async (all) => {
        if (!closed) expect(await give(id, 'case.close', { reason: 'error' })).toMatchObject({ ok: true });
        closed = true;
        return casefile.append(all);
      },
    });
    expect(await add(id, '迟', overtaken)).toMatchObject({ ok: false });
    await emptyStorage(storage.files, 'acme', casebook, now());
    expect([await isStored(id, '断'), await isStored(id, '迟')]).toEqual([true, true]);
    await afterADay();
    expect([await isStored(id, '断'), await isStored(id, '迟')]).toEqual([false, false]);
    expect(await casebook.leaving(100, later(now(), 2 * DAY))).toEqual([]);
  });

  test('that a row names already is never taken away by a later command that comes to nothing', async () => {
    const id = await open();
    expect(await add(id, '已有')).toMatchObject({ ok: true });
    await casebook.awaitFiles(id, [fileOf('已有').sha256], now());
    await afterADay();
    expect(await isStored(id, '已有')).toBe(true);
  });
});

test('who writes into the file of a casebook what is to leave storage reaches nothing of other lenders, and nothing that is no file', async () => {
  const [their, sha256] = [randomId(), fileDigest(new Uint8Array([1]))];
  const file = { bytes: new Uint8Array([1]), sha256, type: 'application/pdf' };
  await putFile(storage.files, { case: their, lender: 'other' }, file);
  const kept = ['anchors/other/1.json', 'ended/other.json', 'imports/other/head', 'exports/@other/a/b'];
  for (const path of kept) await storage.files.put(path, 'theirs');
  const now = new Date().toISOString();
  const named = [
    '',
    '/',
    'cases/',
    `cases/${their}/`,
    casePath(their, sha256),
    ...kept,
    'anchors/other/',
    'imports/other/',
    'exports/',
    'exports/@other/',
  ];
  const book = { leaving: async () => named.map((path) => ({ path })), left: async () => undefined };
  await emptyStorage(storage.files, 'acme', book, now);
  for (const path of [casePath(their, sha256), ...kept]) expect(await storage.files.head(path), path).not.toBeNull();
  // Its own lender lets go of it.
  await emptyStorage(storage.files, 'other', { ...book, leaving: async () => [{ path: casePath(their, sha256) }] }, now);
  expect(await storage.files.head(casePath(their, sha256))).toBeNull();
});

test('what has not been told is found case by case, and is found no more once it was told', async () => {
  const [one, two] = [await open(), await open()];
  const of = async (caseId: string) => (await casebook.unsent(50, [caseId])).notices.map((notice) => notice.case);
  expect(await of(one)).toEqual([one]);
  await casebook.markSent((await casebook.unsent(50, [one])).notices, new Date().toISOString());
  expect(await of(one)).toEqual([]);
  expect(await of(two)).toEqual([two]);
  const all = (await casebook.unsent(1_000)).notices.map((notice) => notice.case);
  expect(all).toContain(two);
  expect(all).not.toContain(one);
});
