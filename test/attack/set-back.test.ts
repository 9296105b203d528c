import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { audit } from '../../db/audit.ts';
import { plainOpening, Stage } from '../../db/demo.ts';
import { serve } from '../../db/server.ts';
import { witness } from '../../db/witness.ts';
import { tellReport } from '../../web/parts/verified.ts';
import { en } from '../../web/words/en.ts';
import { dayText, wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { instant, MINUTE } from '../../worker/clock.ts';
import { anchorHeads, anchorRestored, reviewAnchors } from '../../worker/execute/anchor.ts';
import { sayRestored } from '../../worker/execute/restored.ts';
import { recordFile } from '../../worker/export/record.ts';
import { checkFile } from '../../worker/record/check.ts';
import { compareRecords } from '../../worker/record/compare.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { readPublished } from '../../worker/record/published.ts';
import { emptyReport } from '../../worker/record/report.ts';
import { type Lender, openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { command } from '../command.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, takeAway, type Visitor } from '../worker/people.ts';
import { inFile } from './in-file.ts';

/**
 * Somebody sets records back: from a backup, by cutting them off, by exchanging what is in them. Each is found, and here stands by whom (each cell is run below):
 *
 * | what is set back                                  | the portal  | `audit` | `verify` with an earlier bundle | a witness |
 * | ------------------------------------------------- | ----------- | ------- | ------------------------------- | --------- |
 * | one casebook                                      | yes         | yes     | yes                             |           |
 * | all databases                                     | yes         | yes     | yes                             |           |
 * | all databases and storage                         |             |         | yes                             | yes       |
 * | a tail, cut off and continued                     | yes         | yes     | yes                             |           |
 * | the same, and what was known of it taken out, too | in its turn | yes     | yes                             |           |
 * | an old copy under a second worker                 | yes         | yes     | yes                             |           |
 *
 * A witness sees the list alone, which goes on where storage was not set back.
 */

let portal: Rig;
let stage: Stage;
let lender: Lender;
let chen: Visitor;
const folders: string[] = [];
beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  await enter();
});
afterAll(async () => {
  await portal.remove();
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

async function enter() {
  stage = on(portal.env);
  lender = (await openDirectory(portal.env).lenderBySlug('mingheng')) as Lender;
  chen = await signedIn(portal, 'chen');
}

/** The same people and lenders, with the databases of another installation. */
const on = (env: Rig['env']): Stage => Object.assign(Object.create(Stage.prototype), stage, { env, files: portal.files });

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'heyi-set-back-'));
  folders.push(made);
  return made;
};
const here = () => ({ ...portal.env, files: portal.files });
const says = (id: string, words: string) => stage.give('chen', 'mingheng', id, 'talk.message', { words });
async function opened(): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await says(id, 'one');
  await anchorHeads(here(), lender, instant());
  return id;
}

/** A database as it is now, in a file. */
function copyOf(name: string): string {
  const copy = join(folder(), `${name}.db`);
  const db = new DatabaseSync(join(portal.data, 'databases', `${name}.db`), { timeout: 30_000 });
  db.prepare('VACUUM INTO ?').run(copy);
  db.close();
  return copy;
}

/** Puts databases back while the portal is stopped, and starts it again. */
async function putBack(copies: Readonly<Record<string, string>>): Promise<void> {
  await portal.stop();
  for (const [name, copy] of Object.entries(copies)) {
    for (const end of ['', '-wal', '-shm']) rmSync(join(portal.data, 'databases', `${name}.db${end}`), { force: true });
    copyFileSync(copy, join(portal.data, 'databases', `${name}.db`));
  }
  portal = await rig(portal.data);
  await enter();
}

const page = async (id: string) => (await chen.get(`/cases/${id}`)).text();
const write = (id: string) => chen.post(`/cases/${id}/do/talk.message`, { words: 'after', requestId: randomId() });
const found = async () => (await audit(portal.env, portal.files)).faults.filter(({ code }) => /anchor/.test(code));

/** The case can be read and nothing more, says why, and is named in the log. */
async function assertFrozen(id: string): Promise<void> {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const text = await page(id);
  expect(text).toContain(en.unproven.setBack);
  expect((await write(id)).status).toBe(422);
  said.mockRestore();
  expect(await found()).toContainEqual({ lender: 'mingheng', code: 'anchor', case: id });
  expect(await openCasebookForPortal(portal.env, lender).anchored.strayed()).toContainEqual({ case: id, seq: expect.any(Number) });
}

async function assertGoesOn(id: string): Promise<void> {
  expect((await write(id)).status).toBe(303);
  expect(await page(id)).not.toContain(en.unproven.setBack);
}

const doctor = () => {
  try {
    return execFileSync(process.execPath, ['db/doctor.ts'], {
      env: { ...process.env, DATA: portal.data, PORT: new URL(portal.url).port },
      encoding: 'utf8',
    });
  } catch (thrown) {
    return String((thrown as { stdout?: unknown }).stdout);
  }
};

test('a casebook from a backup: what was said since is missed at the start, before anybody comes in; an intended restore says so in the list', async () => {
  const [id, other] = [await opened(), await opened()];
  const old = { 'casebook-mingheng': copyOf('casebook-mingheng') };
  const missing = Number(rowOf(id).seq) + 1;
  await says(id, 'two');
  await anchorHeads(here(), lender, instant());
  const before = await bundleOf(id);
  await putBack(old);
  await assertFrozen(id);
  expect(doctor()).toMatch(/1 records of mingheng do not have what was anchored/);
  // Of another case nothing is missed.
  await assertGoesOn(other);
  expect(await anchorRestored(here(), lender, 'The disk was lost.', instant())).toEqual([id]);
  const last = await openDirectory(portal.env).lastAnchor(lender.id);
  expect(last).toMatchObject({ restored: 'The disk was lost.' });
  await assertGoesOn(id);
  await assertForks(id, before, missing);
  await portal.sweep();
  expect(await found()).toEqual([]);
  // From then on the case says so to both, in whatever they read of it; the other one, of which nothing is missing, does not.
  const content = { anchor: last?.n, entries: { first: missing, last: missing }, reason: 'The disk was lost.' };
  expect(await restorationsIn(id)).toEqual([content]);
  expect(await restorationsIn(other)).toEqual([]);
  for (const who of [chen, await signedIn(portal, 'lin')]) {
    const text = await (await who.get(`/cases/${id}`)).text();
    for (const one of [en.entry['custody.restored'], en.entry.restoredFrom({ first: missing, last: missing }), 'The disk was lost.'])
      expect(text).toContain(one);
    expect(text).toContain(en.case.restored({ date: dayText(wordsOf('en'), instant()) }));
    expect(await (await who.get(`/cases/${other}`)).text()).not.toContain(en.entry['custody.restored']);
  }
  // Whoever verifies a copy of it is told, too.
  const { report, record } = await bundleOf(id);
  const lines = tellReport(report, record, wordsOf('en'), 'UTC').sections.flatMap((section) => section.lines);
  expect(lines.filter((line) => line.includes('set this record back'))).toHaveLength(1);
  for (let again = 0; again < 2; again++) await portal.sweep();
  expect(await restorationsIn(id)).toEqual([content]);
});

test('a case that began after what was put back: its borrower reads that it is gone and, once somebody says so, why; nobody else learns of it', async () => {
  const old = { 'casebook-mingheng': copyOf('casebook-mingheng') };
  const id = await opened();
  const seat = { case: id, lender: lender.id, capacity: 'borrower' as const, since: instant() };
  const account = (await openDirectory(portal.env).accountByContact({ email: 'chen@borrower.example' }))?.id ?? '';
  await openDirectory(portal.env).addSeat({ ...seat, account });
  await putBack(old);
  const directory = openDirectory(portal.env);
  const read = async (who: Visitor) => {
    const response = await who.get(`/cases/${id}`);
    return { status: response.status, text: plainText(await response.text()) };
  };
  const gone = await read(chen);
  expect(gone.status).toBe(410);
  for (const one of [en.recordGone.title, en.recordGone.unknown, en.recordGone.keep]) expect(gone.text).toContain(one);
  expect(plainText(await (await chen.get('/cases')).text())).toContain(en.recordGone.listed);
  expect((await write(id)).status).toBe(410);
  expect((await chen.get(`/api/v1/cases/${id}`)).status).toBe(410);
  for (const other of ['lin', 'wang'] as const) expect((await read(await signedIn(portal, other))).status).toBe(404);
  await anchorRestored(here(), lender, 'The disk was lost on Monday.', instant());
  const told = await read(chen);
  expect(told.status).toBe(410);
  for (const one of [en.recordGone.restored({ date: dayText(wordsOf('en'), instant()) }), 'The disk was lost on Monday.'])
    expect(told.text).toContain(one);
  expect(told.text).not.toContain(en.recordGone.unknown);
  // A seat in a case that never was opens nothing, as of an opening that broke off.
  const never = randomId();
  await directory.addSeat({ ...seat, account, case: never });
  expect((await chen.get(`/cases/${never}`)).status).toBe(404);
  for (const one of [id, never]) await directory.dropSeat(account, one);
});

/** What the records of a casebook say of having been set back on purpose. */
const restorationsIn = (stream: string) =>
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.prepare(`SELECT content FROM entries WHERE "case" = ? AND kind = 'custody.restored' ORDER BY seq`).all(stream),
  ).map(({ content }) => JSON.parse(String(content)) as unknown);

test('an intended restore, killed at any step of it, and done again: it is in the list, and in each record once', async () => {
  const reached = globalThis.fetch;
  for (let steps = 1; steps < 20; steps++) {
    const id = await opened();
    const row = rowOf(id);
    await says(id, 'two');
    await anchorHeads(here(), lender, instant());
    cutTo(id, Number(row.seq), row);
    let left = steps;
    const doomed = vi.spyOn(globalThis, 'fetch').mockImplementation(async (...args) => {
      left -= 1;
      if (left > 0) return reached(...args);
      if (left === 0 && steps % 2 === 0) await reached(...args);
      throw new Error('killed');
    });
    const take = async () => {
      const at = instant();
      await anchorRestored(here(), lender, `restore ${steps}`, at);
      await sayRestored(here(), lender, { at, key: await signingKey(portal.keys, at), random: randomBytes });
    };
    await take().catch(() => {});
    doomed.mockRestore();
    await Promise.all([take(), portal.sweep()]);
    await portal.sweep();
    expect(await restorationsIn(id)).toHaveLength(1);
    expect(await found()).toEqual([]);
  }
}, 300_000);

test('others anchor in the very moment in which records are taken as they stand: these are taken all the same', async () => {
  const id = await opened();
  const row = rowOf(id);
  await says(id, 'two');
  await anchorHeads(here(), lender, instant());
  cutTo(id, Number(row.seq), row);
  let others = 3;
  const files = new Proxy(portal.files, {
    get: (bucket, name) => {
      const of = Reflect.get(bucket, name);
      if (name !== 'put') return typeof of === 'function' ? of.bind(bucket) : of;
      return async (...args: unknown[]) => {
        if (others-- > 0) await opened();
        return of.apply(bucket, args);
      };
    },
  });
  expect(await anchorRestored({ ...portal.env, files }, lender, 'In between.', instant())).toEqual([id]);
  expect(await openCasebookForPortal(portal.env, lender).anchored.strayed()).toEqual([]);
  expect((await openDirectory(portal.env).lastAnchor(lender.id))?.restored).toBe('In between.');
  await portal.sweep();
  expect(await restorationsIn(id)).toMatchObject([{ reason: 'In between.' }]);
});

test('ordered from where storage is out of reach, or while a portal runs, the schedule carries it out, once', async () => {
  const id = await opened();
  const row = rowOf(id);
  await says(id, 'two');
  await anchorHeads(here(), lender, instant());
  cutTo(id, Number(row.seq), row);
  await assertFrozen(id);
  const elsewhere = { DIRECTORY_URL: portal.env.directory.url, DIRECTORY_TOKEN: portal.env.directory.token ?? '' };
  const secrets = { CASEBOOK_TOKEN: portal.env.casebookToken ?? '', SIGNING_KEYS: JSON.stringify(portal.keys) };
  const ask = ['restored', 'mingheng', '--reason', 'Set back to noon.'];
  expect(await command('db/anchors.ts', ask, { ...elsewhere, ...secrets, SIGNING_KEYS: '' })).toMatchObject({ code: 2 });
  const said = await command('db/anchors.ts', ask, { ...elsewhere, ...secrets });
  expect(said).toMatchObject({ code: 1, out: expect.stringContaining('ordered') });
  // An order that somebody wrote who has only the database is none, nor is one that is put back later.
  const order = () => inFile(portal.data, 'directory', (db) => db.prepare('SELECT * FROM restorations').get()) as Record<string, string>;
  const kept = order();
  const put = (one: Record<string, string>) =>
    inFile(portal.data, 'directory', (db) =>
      db
        .prepare('INSERT OR REPLACE INTO restorations (lender, reason, at, "after", seal) VALUES (?, ?, ?, ?, ?)')
        .run(one.lender ?? '', one.reason ?? '', one.at ?? '', one.after ?? 0, one.seal ?? ''),
    );
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
  put({ ...kept, reason: 'Another reason.' });
  await portal.sweep();
  await assertFrozen(id);
  quiet.mockRestore();
  put(kept);
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  await portal.sweep();
  expect(told.mock.calls.map(([line]) => String(line))).toContain(
    `anchors of mingheng: ${id} is taken as it stands, as was ordered at ${kept.at}`,
  );
  told.mockRestore();
  await assertGoesOn(id);
  expect(order()).toBeUndefined();
  expect(await restorationsIn(id)).toMatchObject([
    { reason: 'Set back to noon.', entries: { first: Number(row.seq) + 1, last: Number(row.seq) + 1 } },
  ]);
  // Killed before the order was let go of: it is known to have been carried out.
  put(kept);
  await portal.sweep();
  expect((await openDirectory(portal.env).lastAnchor(lender.id))?.restored).toBeUndefined();
  expect(await restorationsIn(id)).toHaveLength(1);
  const running = await command('db/anchors.ts', ask, { DATA: portal.data });
  expect(running.out).toContain('ordered');
  await portal.sweep();
});

test('a private stream that was set back on purpose says so itself, and the case does not; of a case that is gone nothing is missed any more', async () => {
  const id = await opened();
  await stage.give('lin', 'mingheng', id, 'note.write', { words: 'one' });
  await anchorHeads(here(), lender, instant());
  const old = { 'casebook-mingheng': copyOf('casebook-mingheng') };
  await stage.give('lin', 'mingheng', id, 'note.write', { words: 'two' });
  const gone = await opened();
  await stage.give('chen', 'mingheng', id, 'note.write', { words: 'mine' });
  await anchorHeads(here(), lender, instant());
  await putBack(old);
  expect((await openCasebookForPortal(portal.env, lender).anchored.strayed()).map((one) => one.case).toSorted()).toEqual(
    [`${id}/lender`, `${id}/borrower`, gone].toSorted(),
  );
  await anchorRestored(here(), lender, 'The disk was lost.', instant());
  await portal.sweep();
  expect(await restorationsIn(`${id}/lender`)).toMatchObject([{ entries: { first: 2, last: 2 } }]);
  expect(await restorationsIn(id)).toEqual([]);
  expect(await restorationsIn(gone)).toEqual([]);
  expect(await openCasebookForPortal(portal.env, lender).anchored.strayed()).toEqual([]);
  expect(await (await (await signedIn(portal, 'lin')).get(`/cases/${id}`)).text()).toContain(en.entry['custody.restored']);
  expect(await found()).toEqual([]);
  // What is begun anew where nothing was left goes on.
  for (const words of ['once', 'more']) {
    const answer = await chen.post(`/cases/${id}/do/note.write`, { words, requestId: randomId() });
    expect(answer.status).toBe(303);
    await portal.sweep();
  }
  expect(await found()).toEqual([]);
  // A restore on purpose covers nothing that is taken out later, though nothing was written there since.
  const removed = await opened();
  const row = rowOf(removed);
  await opened();
  await anchorRestored(here(), lender, 'Once more.', instant());
  cutTo(removed, 0, row);
  inFile(portal.data, 'casebook-mingheng', (db) => db.prepare('DELETE FROM cases WHERE id = ?').run(removed));
  expect(await openCasebookForPortal(portal.env, lender).anchored.strayed()).toEqual([{ case: removed, seq: expect.any(Number) }]);
  await anchorRestored(here(), lender, 'It was taken out on purpose.', instant());
  expect(await openCasebookForPortal(portal.env, lender).anchored.strayed()).toEqual([]);
});

test('all databases from a backup: the same, and what was published is published again', async () => {
  const id = await opened();
  const old = { directory: copyOf('directory'), 'casebook-mingheng': copyOf('casebook-mingheng') };
  const missing = Number(rowOf(id).seq) + 1;
  await says(id, 'two');
  await anchorHeads(here(), lender, instant());
  const before = await bundleOf(id);
  await anchorHeads(here(), lender, instant());
  const published = await openDirectory(portal.env).lastAnchor(lender.id);
  await putBack(old);
  expect(await openDirectory(portal.env).lastAnchor(lender.id)).toEqual(published);
  await assertFrozen(id);
  await anchorRestored(here(), lender, 'again', instant());
  await assertGoesOn(id);
  await assertForks(id, before, missing);
});

/** Whole bundles of a case, checked as anybody checks them. */
async function bundleOf(id: string) {
  const bytes = new Uint8Array(await (await takeAway(chen, id, 'bundle.zip')).arrayBuffer());
  const published = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());
  const { report, record } = await checkFile(bytes, { published });
  if (!record) throw new Error('no record');
  return { report, record };
}

/** A bundle from before and one from now, each of which holds by itself, are of two records from an entry on. */
async function assertForks(id: string, before: Awaited<ReturnType<typeof bundleOf>>, seq: number): Promise<void> {
  const now = await bundleOf(id);
  expect([before.report.verdict, now.report.verdict]).toEqual(['holds', 'holds']);
  expect(compareRecords(before, now)).toEqual({ is: 'fork', seq });
}

test('databases and storage from a backup together: the portal knows nothing of it; a bundle from before and a witness do', async () => {
  const id = await opened();
  const list = `${portal.url}/.well-known/heyi-anchors/mingheng`;
  const copy = folder();
  await witness(list, copy);
  const old = folder();
  await portal.stop();
  cpSync(portal.data, old, { recursive: true });
  portal = await rig(portal.data, Number(new URL(portal.url).port));
  await enter();
  await says(id, 'two');
  const before = await bundleOf(id);
  expect(before.report).toMatchObject({ verdict: 'holds', unchecked: [] });
  expect(before.report.anchors.at(-1)).toMatchObject({ seq: before.record.entries.length });
  expect(await witness(list, copy)).toMatchObject({ alarm: null, fresh: 1 });
  // It goes on from where the bundle was made: the later one extends it.
  await write(id);
  const longer = await bundleOf(id);
  expect(compareRecords(longer, before)).toEqual({ is: 'extends', seq: before.record.entries.length });
  expect(compareRecords(before, longer)).toEqual({ is: 'extended', seq: before.record.entries.length });
  await witness(list, copy);

  await portal.stop();
  rmSync(portal.data, { recursive: true });
  cpSync(old, portal.data, { recursive: true });
  portal = await rig(portal.data, Number(new URL(portal.url).port));
  await enter();
  expect(await found()).toEqual([]);
  expect((await witness(list, copy)).alarm).toMatch(/^the list goes back: anchor \d+ is not there/);
  await assertGoesOn(id);
  const after = await bundleOf(id);
  expect(after.report.holds).toBe(true);
  expect(compareRecords(before, after)).toEqual({ is: 'fork', seq: before.record.entries.length });
  for (let more = 0; more < 3; more++) {
    await says(id, 'more');
    await anchorHeads(here(), lender, instant());
  }
  expect((await witness(list, copy)).alarm).toMatch(/^the list forks: anchor \d+ is another one/);
  expect(readdirSync(copy).filter((name) => name.startsWith('alarm-')).length).toBe(2);
});

/** Takes the newest entries of a case out of the databases as whoever holds them can, with a row of it that was true once. */
function cutTo(id: string, seq: number, row: Record<string, string | number | null>): void {
  inFile(portal.data, 'casebook-mingheng', (db) => {
    for (const table of ['entries', 'checkpoints', 'heads', 'outbox'])
      db.prepare(`DELETE FROM ${table} WHERE "case" = ? AND seq > ?`).run(id, seq);
    const names = Object.keys(row);
    db.prepare(`UPDATE cases SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`).run(
      ...names.map((name) => row[name] ?? null),
      id,
    );
  });
}
const rowOf = (id: string) =>
  inFile(
    portal.data,
    'casebook-mingheng',
    (db) => db.prepare('SELECT * FROM cases WHERE id = ?').get(id) as Record<string, string | number | null>,
  );

test('a tail that is cut off, and continued: the case can only be looked at, at once', async () => {
  const id = await opened();
  const row = rowOf(id);
  await says(id, 'two');
  const before = await bundleOf(id);
  cutTo(id, Number(row.seq), row);
  await assertFrozen(id);
  await anchorRestored(here(), lender, 'put right', instant());
  await assertGoesOn(id);
  await assertForks(id, before, Number(row.seq) + 1);
});

test('a tail that is cut off with all that the casebook knew of it, and continued: audit names it, and the portal in its turn', async () => {
  const id = await opened();
  const row = rowOf(id);
  await says(id, 'two');
  const before = await bundleOf(id);
  cutTo(id, Number(row.seq), row);
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.prepare('DELETE FROM anchored WHERE "case" = ? AND seq > ?').run(id, Number(row.seq)),
  );
  // Another entry in the place of the one that was anchored: a splice, sealed and signed as it should be.
  await assertGoesOn(id);
  expect((await found()).map(({ code }) => code)).toContain('anchor.unknown');
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  // What was cut off was the newest that was anchored: the first run takes it over again from storage.
  await portal.sweep();
  said.mockRestore();
  await assertFrozen(id);
  await anchorRestored(here(), lender, 'put right', instant());
  await assertGoesOn(id);
  await assertForks(id, before, Number(row.seq) + 1);
});

/** Runs the review in the minute in which it is an anchor's turn. */
async function reviewInTurn(n: number): Promise<void> {
  const last = (await openDirectory(portal.env).lastAnchor(lender.id))?.n ?? 1;
  const now = Math.floor(Date.now() / MINUTE);
  await reviewAnchors(here(), lender, instant((now - (now % last) + last + n - 1) * MINUTE));
}

test('the same, with other anchors since: each older one is held against the records in its turn, and what is missing of one is missed whatever came after', async () => {
  const id = await opened();
  const row = rowOf(id);
  await says(id, 'two');
  await anchorHeads(here(), lender, instant());
  const { n = 0 } = (await openDirectory(portal.env).lastAnchor(lender.id)) ?? {};
  await opened();
  cutTo(id, Number(row.seq), row);
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.prepare('DELETE FROM anchored WHERE "case" = ? AND seq > ?').run(id, Number(row.seq)),
  );
  await assertGoesOn(id);
  await anchorHeads(here(), lender, instant());
  await assertGoesOn(id);
  expect(await found()).toContainEqual(expect.objectContaining({ code: 'anchor.unknown', row: `anchor ${n}` }));
  await reviewInTurn(n);
  await assertFrozen(id);
  await anchorRestored(here(), lender, 'put right', instant());
  await assertGoesOn(id);
  await reviewInTurn(n);
  await assertGoesOn(id);
});

test('a second worker on an old copy of the databases: it comes upon what was anchored, freezes its own copy, and vouches for nothing of it', async () => {
  const id = await opened();
  const data = folder();
  mkdirSync(join(data, 'databases'));
  for (const name of ['directory', 'casebook-mingheng', 'casebook-pujiang']) cpSync(copyOf(name), join(data, 'databases', `${name}.db`));
  const last = Number(rowOf(id).seq);
  await says(id, 'two');
  const before = await bundleOf(id);
  const server = await serve({ folder: join(data, 'databases') });
  try {
    const env = { ...portal.env, directory: { url: `${server.url}directory/`, token: server.token }, casebookToken: server.token };
    const there = on(env);
    await there.give('chen', 'mingheng', id, 'talk.message', { words: 'three' });
    await anchorHeads({ ...env, files: portal.files }, lender, instant());
    expect(await openCasebookForPortal(env, lender).anchored.strayed()).toEqual([{ case: id, seq: expect.any(Number) }]);
    expect((await openCasebookForPortal(env, lender).doubts(id)).map(({ code }) => code)).toEqual(['anchor']);
    // And by what it would hand out.
    const stored = await openCasebookForPortal(env, lender).record(id);
    if (!stored) throw new Error('no record');
    const shown = { record: recordFile(stored, portal.keys), report: emptyReport() };
    expect(compareRecords(before, shown)).toEqual({ is: 'fork', seq: last + 1 });
    expect((await audit(env, portal.files, 'mingheng')).faults).toContainEqual({ lender: 'mingheng', code: 'anchor', case: id });
  } finally {
    await server.close();
  }
  // The first knows of nothing amiss.
  await anchorHeads(here(), lender, instant());
  await assertGoesOn(id);
});
