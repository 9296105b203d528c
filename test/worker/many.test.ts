import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { plainOpening } from '../../db/demo.ts';
import { type Installation, openLocal } from '../../db/installation.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import type { LibsqlServer } from '../../db/server.ts';
import { openStorage, type Storage } from '../../db/storage.ts';
import { createTenant, makeLocal } from '../../db/tenant.ts';
import { randomBytes, randomId, randomNumber } from '../../worker/chance.ts';
import { DAY, instant, later } from '../../worker/clock.ts';
import { type Act, commitEach } from '../../worker/execute/commit.ts';
import { asCommand } from '../../worker/execute/decide.ts';
import { writeDue } from '../../worker/execute/due.ts';
import { type Chore, carryOutEach } from '../../worker/execute/many.ts';
import { sweep } from '../../worker/jobs/sweep.ts';
import { comesTo } from '../../worker/negotiation/command.ts';
import type { Decided } from '../../worker/negotiation/entry.ts';
import { isRefused } from '../../worker/negotiation/refusal.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { project } from '../../worker/projection.ts';
import { type SigningKey, signingKey } from '../../worker/record/keys.ts';
import { admitToOpen } from '../../worker/store/admission.ts';
import { batches } from '../../worker/store/batches.ts';
import { type Casebook, type Lender, openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';

/** What is done in many cases at once: round trips are counted, and no case has to do with another. */

const XIAOYU = { id: 'b', name: '王小雨' };
const STAFF = 'lin@example.com';

let data: string;
let env: Installation;
let server: LibsqlServer;
let lender: Lender;
let casebook: Casebook;
let key: SigningKey;
let storage: Storage;
/** What opening a case came to, forty days ago: its offer has lapsed since. */
let opening: readonly Decided[];
let opened: string;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'heyi-many-'));
  ({ env, server } = await openLocal(data));
  storage = await openStorage(data);
  await migrateDatabase('directory', env.directory.url, env.directory.token);
  lender = await createTenant(env, makeLocal(server), 'acme', '安科消费金融');
  casebook = openCasebookForPortal(env, lender);
  key = await signingKey(env.keys);
  opened = later(instant(), -40 * DAY);
  const directory = openDirectory(env);
  const account = { id: 'l', name: '林静', email: STAFF, phone: null, password: '', language: 'zh' as const, size: null };
  await directory.addAccount({ ...account, createdAt: opened, confirmedAt: opened });
  await directory.addStaff({ account: 'l', lender: lender.id, capacity: 'agent', since: opened });
  const admission = admitToOpen(XIAOYU, lender, 'a'.repeat(32));
  const ask = asCommand('case.open', plainOpening(dayOf(opened, HOME.zone), lender.name));
  const decision = ask?.decide(await casebook.load(admission.case, XIAOYU.id, ''), { admission, at: opened });
  if (!decision || isRefused(decision)) throw new Error('A case can be opened.');
  opening = comesTo(decision).said;
});
afterAll(async () => {
  await storage.close();
  await server.close();
  rmSync(data, { recursive: true, force: true });
});
beforeEach(() => vi.restoreAllMocks());

const seals = () => ({ key, random: randomBytes });

async function counted<T>(work: () => Promise<T>): Promise<{ trips: number; done: T }> {
  const before = server.pipelines;
  const done = await work();
  return { trips: server.pipelines - before, done };
}

/** Cases that a borrower opened forty days ago, in the order of their ids, written as an import would. */
async function openMany(count: number): Promise<{ ids: string[]; trips: number }> {
  const ids = Array.from({ length: count }, randomId).sort();
  const [first = ''] = ids;
  const loaded = await casebook.load(first, '', '');
  const seat = { side: 'borrower', capacity: 'borrower', account: XIAOYU.id, name: XIAOYU.name } as const;
  const acts = ids.map((id): Act => {
    const request = { id: randomId(), digest: '' };
    return { case: id, lender: lender.slug, seat, loaded, decided: opening, at: opened, request, number: randomNumber };
  });
  const { trips, done } = await counted(() => commitEach(casebook, acts, seals()));
  expect(done.filter((one) => !('outcome' in one))).toEqual([]);
  return { ids, trips };
}

/** Works on the casebook's file as any program can. */
function inFile(...statements: [sql: string, ...values: (string | bigint)[]][]) {
  const db = new DatabaseSync(join(data, 'databases', 'casebook-acme.db'), { timeout: 30_000 });
  try {
    for (const [sql, ...values] of statements) db.prepare(sql).run(...values);
  } finally {
    db.close();
  }
}

/** How often each case's record says that its offer has lapsed. */
function lapsed(ids: readonly string[]): number[] {
  const db = new DatabaseSync(join(data, 'databases', 'casebook-acme.db'), { timeout: 30_000 });
  try {
    const count = db.prepare(`SELECT count(*) AS n FROM entries WHERE "case" = ? AND kind = 'proposal.expired'`);
    return ids.map((id) => Number(count.get(id)?.n));
  } finally {
    db.close();
  }
}

const once = (ids: readonly string[]) => ids.map(() => 1);

test('batches are bounded by statements and by bytes, and no group is divided', () => {
  const group = (count: number, text = 'x') => Array.from({ length: count }, () => ({ sql: '', args: [text] }));
  const sizes = (made: readonly (readonly unknown[][])[]) => made.map((batch) => batch.map((one) => one.length));
  expect(sizes(batches([group(3), group(3), group(4), group(1)], { statements: 10, bytes: 1_000 }))).toEqual([[3, 3, 4], [1]]);
  expect(sizes(batches([group(12), group(1), group(1)], { statements: 10, bytes: 1_000 }))).toEqual([[12], [1, 1]]);
  // Bytes as they travel: a Chinese letter is three.
  expect(sizes(batches([group(1, '合'.repeat(40)), group(1, '意'.repeat(40)), group(1)], { statements: 10, bytes: 200 }))).toEqual([
    [1],
    [1, 1],
  ]);
  expect(batches([])).toEqual([]);
});

test('a thousand cases are due: opened, loaded, written and told in so many round trips; broken and doubtful ones keep none of the others', async () => {
  const { ids, trips: opening } = await openMany(1_000);
  expect(opening).toBeLessThanOrEqual(14);
  const [doctored = '', beyond = '', cut = '', failing = '', ...whole] = ids;
  inFile(
    ['UPDATE cases SET borrower = ? WHERE id = ?', '别人', doctored],
    // No row of the portal's holds such a number, and no answer with one can be read.
    ['UPDATE cases SET amount = ? WHERE id = ?', 2n ** 60n, beyond],
    ['UPDATE cases SET hash = ? WHERE id = ?', '0'.repeat(64), cut],
    // Whatever a database may have against one case.
    [`CREATE TRIGGER refused BEFORE INSERT ON outbox WHEN NEW."case" = '${failing}' BEGIN SELECT RAISE(ABORT, 'no room'); END`],
  );
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { trips } = await counted(() =>
    sweep({ ...env, origin: 'https://heyi.example', files: storage.files, carriers: { mail: null, text: null } }),
  );
  inFile(['DROP TRIGGER refused']);
  expect(lapsed([doctored, beyond, cut, failing])).toEqual([0, 0, 0, 0]);
  expect(lapsed(whole)).toEqual(once(whole));
  const lines = said.mock.calls.map(([line]) => String(line));
  for (const id of [doctored, beyond, cut, failing]) expect(lines.filter((line) => line.includes(id))).toHaveLength(1);
  expect(lines).toHaveLength(4);
  expect(await casebook.overdue(instant(), 10)).toHaveLength(4);
  expect((await casebook.unsent(1)).notices).toEqual([]);
  // Eleven pages in three or four trips each, the halves down to the one that cannot be read, three more tries of the one that fails, and the notices of
  // opening and lapsing, two hundred in four trips; what is anchored, in eight; forms that came
  // back, an order to restore, what is to be said of one and time stamps are asked for once each; the lender is taken and let go of, and which pieces failed is asked for.
  expect(trips).toBeLessThanOrEqual(136);
});

test('a thousand cases where nothing is wrong are twenty round trips', async () => {
  const { ids } = await openMany(1_000);
  const { trips } = await counted(() => writeDue({ ...seals(), casebook, lender: lender.slug, at: instant() }, ids));
  expect(lapsed(ids)).toEqual(once(ids));
  expect(trips).toBeLessThanOrEqual(20);
});

test('two sweeps at once write each entry once', async () => {
  const { ids } = await openMany(250);
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const at = instant();
  await Promise.all([1, 2, 3].map(() => writeDue({ ...seals(), casebook, lender: lender.slug, at }, ids)));
  expect(lapsed(ids)).toEqual(once(ids));
  expect(said).not.toHaveBeenCalled();
  expect((await casebook.overdue(at, 1_000)).map(({ id }) => id).filter((id) => ids.includes(id))).toEqual([]);
  for (const id of ids.slice(0, 5)) expect(await casebook.doubts(id)).toEqual([]);
});

/** Something to say in a case, with how often it was decided. */
function saying(id: string, decided: string[] = []): Chore {
  const request = { id: randomId(), digest: 'd' };
  return {
    case: id,
    request,
    decide: (loaded) => {
      decided.push(id);
      const said = [{ kind: 'talk.message', content: { words: `第 ${loaded.head?.seq} 条之后。` } } as const];
      return { case: id, lender: lender.slug, seat: null, loaded, decided: said, at: instant(), request, number: randomNumber };
    },
  };
}

test('a case whose number is taken meanwhile is loaded and decided again by itself, for two round trips; a repetition tells the first outcomes', async () => {
  const { ids } = await openMany(40);
  const [taken = ''] = ids;
  const overtaken: Casebook = {
    ...casebook,
    appendEach: async (all) => {
      if (all.length === ids.length) await carryOutEach(casebook, [saying(taken)], seals());
      return casebook.appendEach(all);
    },
  };
  const decided: string[] = [];
  const chores = ids.map((id) => saying(id, decided));
  const { trips, done } = await counted(() => carryOutEach(overtaken, chores, seals()));
  // Two for all of them, two for who was first, two for the one again.
  expect(trips).toBe(6);
  const { seq } = (await casebook.load(ids[1] ?? '', '', '')).head ?? { seq: 0 };
  expect(done).toMatchObject(ids.map((id) => ({ outcome: { ok: true, case: id, seq: id === taken ? seq + 1 : seq } })));
  expect(decided).toEqual([...ids, taken]);
  const again = await counted(() => carryOutEach(casebook, chores, seals()));
  expect(again.done).toEqual(done);
  expect(again.trips).toBe(1);
  const reused = chores.map((chore) => ({ ...chore, request: { ...chore.request, digest: 'another' } }));
  const [refused] = await carryOutEach(casebook, reused.slice(0, 1), seals());
  expect(refused).toMatchObject({ outcome: { ok: false, refusal: { code: 'request.reused' } } });
  expect(decided).toHaveLength(ids.length + 1);
});

test('the same case twice among many is written twice, one after the other', async () => {
  const { ids } = await openMany(3);
  const [twice = ''] = ids;
  const done = await carryOutEach(casebook, [...ids.map((id) => saying(id)), saying(twice)], seals());
  expect(done.every((one) => 'outcome' in one && one.outcome?.ok)).toBe(true);
  expect((await casebook.record(twice))?.entries.filter(({ kind }) => kind === 'talk.message')).toHaveLength(2);
});

test('many are loaded as each is alone, with the same doubts, in one round trip; in one more where snapshots are of other rules', async () => {
  const { ids } = await openMany(8);
  const [doctored = '', headless = '', unsigned = '', rulesOf = '', forged = ''] = ids;
  const { kase, head, number, openedAt, policy } = await casebook.load(rulesOf, '', '');
  if (!head || number === null || openedAt === null) throw new Error('no case');
  const header = (id: string) => ({ id, lender: lender.slug, number, openedAt });
  const older = { ...project(kase, head, policy), state: Object.assign({}, kase, { rules: 'older' }) };
  await casebook.reproject(header(rulesOf), older, []);
  inFile(
    [`UPDATE cases SET state = replace(state, '失业', '升职') WHERE id = ?`, doctored],
    ['DELETE FROM cases WHERE id = ?', headless],
    ['UPDATE cases SET seq = seq - 1 WHERE id = ?', unsigned],
    ['UPDATE cases SET seal = (SELECT seal FROM cases WHERE id = ?) WHERE id = ?', rulesOf, forged],
  );
  const asked = [...ids, randomId()];
  const { trips, done } = await counted(() => casebook.loadMany(asked.map((id) => ({ case: id, requestId: 'none' }))));
  expect(trips).toBe(2);
  const alone = await Promise.all(asked.map((id) => casebook.load(id, '', 'none')));
  expect(done).toEqual(alone);
  expect(alone.map(({ doubts }) => doubts.length > 0)).toEqual([true, true, true, false, true, false, false, false, false]);
  expect(alone[3]?.kase).toEqual(kase);
  const plain = ids.slice(5).map((id) => ({ case: id, requestId: 'none' }));
  expect((await counted(() => casebook.loadMany(plain))).trips).toBe(1);
});

test('where nothing is due any more, projections are written anew together, and none over a record that has gone on', async () => {
  const { ids } = await openMany(120);
  const at = later(opened, DAY);
  const before = await casebook.loadMany(ids.map((id) => ({ case: id, requestId: '' })));
  const { trips } = await counted(() => writeDue({ ...seals(), casebook, lender: lender.slug, at }, ids));
  // A hundred and twenty: two loads, two batches.
  expect(trips).toBe(4);
  expect(await casebook.loadMany(ids.map((id) => ({ case: id, requestId: '' })))).toEqual(before);
  const [id = ''] = ids;
  const stale = await casebook.load(id, '', '');
  await carryOutEach(casebook, [saying(id)], seals());
  const { head, number, openedAt } = stale;
  if (!head || number === null || openedAt === null) throw new Error('no case');
  const again = { header: { id, lender: lender.slug, number, openedAt }, projection: project(stale.kase, head, stale.policy) };
  expect(await casebook.appendEach([{ again }])).toEqual([null]);
  expect(await casebook.doubts(id)).toEqual([]);
});
