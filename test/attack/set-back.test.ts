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
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { instant, MINUTE } from '../../worker/clock.ts';
import { anchorHeads, anchorRestored, reviewAnchors } from '../../worker/execute/anchor.ts';
import { checkFile } from '../../worker/record/check.ts';
import { compareRecords } from '../../worker/record/compare.ts';
import { readPublished } from '../../worker/record/published.ts';
import { type Lender, openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, takeAway, type Visitor } from '../worker/people.ts';
import { inFile } from './in-file.ts';

/**
 * Somebody sets records back: from a backup, by cutting them off, by exchanging what is in them. Each is found, and here stands by whom:
 *
 * | what is set back               | the portal | `audit` | `verify` with an earlier bundle | a witness |
 * | ------------------------------ | ---------- | ------- | ------------------------------- | --------- |
 * | one casebook                   | yes        | yes     | yes                             |           |
 * | all databases                  | yes        | yes     | yes                             |           |
 * | all databases and storage      |            |         | yes                             | yes       |
 * | a tail, cut off and continued  | yes        | yes     | yes                             |           |
 * | the same, and what was known of it taken out, too | in its turn | yes | yes                |           |
 * | an old copy under a second worker | yes     | yes     | yes                             |           |
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
  const db = new DatabaseSync(join(portal.data, 'databases', `${name}.db`), { timeout: 5_000 });
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
  await says(id, 'two');
  await anchorHeads(here(), lender, instant());
  await putBack(old);
  await assertFrozen(id);
  expect(doctor()).toMatch(/1 records of mingheng do not have what was anchored/);
  // Of another case nothing is missed.
  await assertGoesOn(other);
  expect(await anchorRestored(here(), lender, 'The disk was lost.', instant())).toEqual([id]);
  const last = await openDirectory(portal.env).lastAnchor(lender.id);
  expect(last).toMatchObject({ restored: 'The disk was lost.' });
  await assertGoesOn(id);
  await portal.sweep();
  expect(await found()).toEqual([]);
}, 120_000);

test('all databases from a backup: the same, and what was published is published again', async () => {
  const id = await opened();
  const old = { directory: copyOf('directory'), 'casebook-mingheng': copyOf('casebook-mingheng') };
  await says(id, 'two');
  await anchorHeads(here(), lender, instant());
  const published = await openDirectory(portal.env).lastAnchor(lender.id);
  await putBack(old);
  expect(await openDirectory(portal.env).lastAnchor(lender.id)).toEqual(published);
  await assertFrozen(id);
  await anchorRestored(here(), lender, 'again', instant());
  await assertGoesOn(id);
}, 120_000);

/** Whole bundles of a case, checked as anybody checks them. */
async function bundleOf(id: string) {
  const bytes = new Uint8Array(await (await takeAway(chen, id, 'bundle.zip')).arrayBuffer());
  const published = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());
  const { report, record } = await checkFile(bytes, { published });
  if (!record) throw new Error('no record');
  return { report, record };
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
}, 240_000);

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
  await anchorHeads(here(), lender, instant());
  cutTo(id, Number(row.seq), row);
  await assertFrozen(id);
  await anchorRestored(here(), lender, 'put right', instant());
  await assertGoesOn(id);
});

test('a tail that is cut off with all that the casebook knew of it, and continued: audit names it, and the portal in its turn', async () => {
  const id = await opened();
  const row = rowOf(id);
  await says(id, 'two');
  await anchorHeads(here(), lender, instant());
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
  await says(id, 'two');
  await anchorHeads(here(), lender, instant());
  const server = await serve({ folder: join(data, 'databases') });
  try {
    const env = { ...portal.env, directory: { url: `${server.url}directory/`, token: server.token }, casebookToken: server.token };
    const there = on(env);
    await there.give('chen', 'mingheng', id, 'talk.message', { words: 'three' });
    await anchorHeads({ ...env, files: portal.files }, lender, instant());
    expect(await openCasebookForPortal(env, lender).anchored.strayed()).toEqual([{ case: id, seq: expect.any(Number) }]);
    expect((await openCasebookForPortal(env, lender).doubts(id)).map(({ code }) => code)).toEqual(['anchor']);
  } finally {
    await server.close();
  }
  // The first knows of nothing amiss.
  await anchorHeads(here(), lender, instant());
  await assertGoesOn(id);
});
