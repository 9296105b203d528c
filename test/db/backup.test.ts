/** Backups of an installation that goes on working, and what comes back from them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backUp, backupsIn, fileIn, readManifest } from '../../db/backup.ts';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { type Hand, playWhole } from '../../db/play-whole.ts';
import { openKeys, sealKeys } from '../../db/sealed-keys.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { keep } from '../../worker/execute/keep.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { casePath } from '../../worker/store/files.ts';
import { type Lender, openCasebookForPortal, openDirectory, openInstitutionForPortal } from '../../worker/store/open.ts';
import { command } from '../command.ts';
import { type Rig, rig } from '../portal.ts';

const BACKUP_PASSPHRASE = '一句很长的口令 of many words';
const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'heyi-backup-'));
  folders.push(made);
  return made;
};

let portal: Rig;
let played: Awaited<ReturnType<typeof playWhole>>;
beforeAll(async () => {
  portal = await rig();
  played = await playWhole(portal);
  // What staff write leaves at once, at night too.
  await played.chen(`/cases/${played.id}/do/contact.wish`, { requestId: randomId(), when: 'any' });
});
afterAll(async () => {
  await portal.remove();
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

const backup = (into: string, ...more: string[]) => command('db/backup.ts', [into, ...more], { DATA: portal.data, BACKUP_PASSPHRASE });
const restore = (from: string, DATA: string, environment: Record<string, string> = { BACKUP_PASSPHRASE }, ...more: string[]) =>
  command('db/restore.ts', [from, ...more], { DATA, ...environment });

/** Both sides write to each other and to themselves, each one thing after the other, until told to stop. */
function load() {
  const answered: string[] = [];
  let going = true;
  const write = async (hand: Hand, name: string, kind: string) => {
    for (let n = 0; going; n++) {
      const words = `${name} ${n}`;
      await hand(`/cases/${played.id}/do/${kind}`, { requestId: randomId(), words });
      answered.push(words);
    }
  };
  const writers = [
    write(played.chen, 'borrower', 'talk.message'),
    write(played.lin, 'lender', 'talk.message'),
    write(played.lin, 'note', 'note.write'),
  ];
  return {
    answered,
    async stop() {
      going = false;
      await Promise.all(writers);
    },
  };
}

/** All that the lists of anchors of a data folder say. */
function anchorsOf(data: string): string {
  const db = new DatabaseSync(join(data, 'databases', 'directory.db'), { readOnly: true, timeout: 30_000 });
  try {
    return JSON.stringify(db.prepare('SELECT anchor FROM anchors').all());
  } finally {
    db.close();
  }
}

/** What was written in the case, as the casebook of a portal has it. */
async function written(at: Pick<Rig, 'env'>): Promise<string[]> {
  const lender = await openDirectory(at.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('There is no lender.');
  const casebook = openCasebookForPortal(at.env, lender);
  const shared = (await casebook.record(played.id))?.entries ?? [];
  const own = (await casebook.privateRecord(played.id, 'lender'))?.record?.entries ?? [];
  return [...shared, ...own].flatMap(({ content }) =>
    typeof content === 'object' && content !== null && 'words' in content ? [String(content.words)] : [],
  );
}

test('a backup under load is restored elsewhere: every chain holds, and what was answered before it began is there', async () => {
  const [into, elsewhere] = [folder(), folder()];
  const writing = load();
  while (writing.answered.length < 20) await wait(50);
  const before = [...writing.answered];
  const lender = (await openDirectory(portal.env).lenderBySlug('mingheng')) as Lender;
  await keep({
    book: openInstitutionForPortal(portal.env, lender),
    ...{ seat: null, at: instant(), requestId: randomId(), key: await signingKey(portal.keys), random: randomBytes },
    asked: { name: 'record.exported', input: {} },
    decide: () => [{ kind: 'record.exported', content: { head: 1, digest: 'a'.repeat(64) } }],
  });
  const made = await backup(into);
  const during = writing.answered.length - before.length;
  await writing.stop();
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('3 databases, ') });
  expect(during, 'people went on writing meanwhile').toBeGreaterThan(0);

  const restored = await restore(into, elsewhere);
  expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('All of it holds.') });
  const again = await rig(elsewhere);
  try {
    const there = await written(again);
    for (const words of before) expect(there).toContain(words);
    expect(again.keys).toEqual(portal.keys);
    // Whoever was signed in signs in anew, and finds the case and its file.
    const [, session = ''] = /heyi=([^;]+)/.exec(readSession(await signIn(portal))) ?? [];
    expect((await fetch(`${again.url}/cases`, { headers: { cookie: `heyi=${session}` }, redirect: 'manual' })).status).toBe(303);
    const cookie = readSession(await signIn(again));
    const page = await fetch(`${again.url}/cases/${played.id}`, { headers: { cookie } });
    expect(page.status).toBe(200);
    // Nobody knows what was written since: the case says so, and why, and so does what the lender keeps of itself.
    const text = await page.text();
    const { entry: say } = wordsOf(/lang="en"/.test(text.slice(0, 200)) ? 'en' : 'zh');
    const manifest = backupsIn(into)[0] ?? '';
    for (const said of [say['custody.restored'], say.restoredUnknown, manifest]) expect(text).toContain(said);
    const own = openInstitutionForPortal(again.env, lender);
    expect((await own.record())?.record.entries.at(-1)).toMatchObject({ kind: 'custody.restored', content: { entries: null } });
    const [sha256 = ''] = Object.keys(readManifest(join(into, manifest)).files);
    expect((await fetch(`${again.url}/cases/${played.id}/files/${sha256}`, { headers: { cookie } })).status).toBe(200);
  } finally {
    await again.stop();
  }
});

const signIn = (at: Rig) =>
  fetch(`${at.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: at.url },
    body: new URLSearchParams({ contact: PEOPLE.chen.email, password: PASSWORD }),
  });
const readSession = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');

describe('a backup', () => {
  test('holds no key in the clear, is for its owner alone, and has each file once', async () => {
    const into = folder();
    const first = await backUp(portal.data, into, BACKUP_PASSPHRASE);
    const second = await backUp(portal.data, into, BACKUP_PASSPHRASE);
    expect(backupsIn(into)).toEqual([first.name, second.name]);
    const secrets = [
      ...portal.keys.map(({ privateKey }) => privateKey),
      JSON.parse(readFileSync(join(portal.data, 'document-key.json'), 'utf8')).privateKey,
    ];
    const names = readdirSync(into, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    for (const one of names) {
      const text = readFileSync(join(one.parentPath, one.name), 'latin1');
      for (const secret of secrets) expect(text.includes(secret), one.name).toBe(false);
    }
    const files = names.filter(({ parentPath }) => parentPath.startsWith(join(into, 'files')));
    expect(files.map(({ name }) => name).sort()).toEqual(
      [...Object.keys(second.manifest.files), ...Object.values(second.manifest.anchors)].sort(),
    );
    expect(Object.keys(second.manifest.anchors).length).toBeGreaterThan(0);
    expect(files.length).toBeGreaterThan(0);
  });

  test('stands in for what was there longer: of the older ones as many are kept as asked for, with their files', async () => {
    const into = folder();
    await backUp(portal.data, into, BACKUP_PASSPHRASE);
    const stray = fileIn(into, 'f'.repeat(64));
    mkdirSync(join(stray, '..'), { recursive: true });
    writeFileSync(stray, 'of a case that was erased');
    for (let i = 0; i < 2; i++) expect(await backup(into, '--keep', '2')).toMatchObject({ code: 0 });
    expect(backupsIn(into)).toHaveLength(2);
    expect(existsSync(stray)).toBe(false);
    expect(await restore(into, folder())).toMatchObject({ code: 0 });
  });

  test('that was made last is the newest, also beside one of a day on which the clock was ahead', async () => {
    const into = folder();
    const ahead = '2099-01-01T00-00-00-000Z';
    renameSync(join(into, (await backUp(portal.data, into, BACKUP_PASSPHRASE)).name), join(into, ahead));
    const { name } = await backUp(portal.data, into, BACKUP_PASSPHRASE, 2);
    expect(backupsIn(into)).toEqual([ahead, name]);
    const data = folder();
    expect(await restore(into, data)).toMatchObject({ code: 0 });
    expect(anchorsOf(data)).toContain(`(${name})`);
    // One that cannot be read may be the newest: which one is meant is to be said.
    writeFileSync(join(into, ahead, 'manifest.json'), '{');
    expect(await restore(into, folder())).toMatchObject({ code: 2, out: expect.stringContaining(ahead) });
    expect(await restore(into, folder(), { BACKUP_PASSPHRASE }, '--at', name)).toMatchObject({ code: 0 });
    expect((await backUp(portal.data, into, BACKUP_PASSPHRASE, 1)).manifest.n).toBe(3);
    expect(backupsIn(into)).toHaveLength(1);
  });

  test('says which file storage does not have, and keeps all else', async () => {
    const into = folder();
    const [sha256 = ''] = Object.keys((await backUp(portal.data, folder(), BACKUP_PASSPHRASE)).manifest.files);
    const path = casePath(played.id, sha256);
    const stored = await portal.files.get(path);
    const bytes = await stored?.arrayBuffer();
    await portal.files.delete(path);
    try {
      expect(await backup(into)).toMatchObject({
        code: 1,
        out: expect.stringContaining(`${sha256} of case ${played.id} is not in storage`),
      });
      expect(await restore(into, folder())).toMatchObject({ code: 1, out: expect.stringContaining('file.missing') });
    } finally {
      if (bytes) await portal.files.put(path, bytes, { httpMetadata: stored?.httpMetadata ?? {} });
    }
  });

  test.each([
    ['without a passphrase', { BACKUP_PASSPHRASE: '' }, (into: string) => into, 'BACKUP_PASSPHRASE: at least'],
    ['into the data folder', { BACKUP_PASSPHRASE }, () => join(portal.data, 'backups'), 'outside of the data folder'],
    ['of databases elsewhere', { BACKUP_PASSPHRASE, DIRECTORY_URL: 'libsql://directory.example' }, (into: string) => into, 'elsewhere'],
  ])('%s is refused in a sentence', async (_, environment, place, said) => {
    const refused = await command('db/backup.ts', [place(folder())], { DATA: portal.data, ...environment });
    expect(refused).toMatchObject({ code: 2, out: expect.stringContaining(said) });
    expect(refused.out).not.toContain('    at ');
  });
});

describe('what is restored', () => {
  let into: string;
  beforeAll(async () => {
    into = folder();
    await backUp(portal.data, into, BACKUP_PASSPHRASE);
  });
  const inside = (...path: string[]) => join(into, backupsIn(into)[0] ?? '', ...path);

  test('is never put over an installation, nor opened with another passphrase', async () => {
    expect(await restore(into, portal.data)).toMatchObject({ code: 2, out: expect.stringContaining('A portal runs on this data folder') });
    const taken = folder();
    writeFileSync(join(taken, 'files-name'), 'something');
    expect(await restore(into, taken)).toMatchObject({ code: 2, out: expect.stringContaining('is not empty') });
    expect(await restore(into, folder(), { BACKUP_PASSPHRASE: 'another passphrase' })).toMatchObject({
      code: 2,
      out: expect.stringContaining('do not open'),
    });
    expect(await restore(folder(), folder())).toMatchObject({ code: 2, out: expect.stringContaining('There is no backup') });
  });

  test.each([
    ['manifest', () => inside('manifest.json'), 'do not open', 0],
    ['manifest that is none any more', () => inside('manifest.json'), 'cannot be read', 2],
    ['database', () => inside('databases', 'casebook-mingheng.db'), 'is not what was kept', 2],
    ['file', () => fileIn(into, Object.keys(readManifest(inside()).files)[0] ?? ''), 'is not what was kept', 2],
  ])('is what was kept: a %s that was changed since is found', async (_, place, said, less) => {
    const bytes = readFileSync(place());
    writeFileSync(place(), Buffer.concat([bytes.subarray(0, bytes.length - less), Buffer.from(' \n')]));
    try {
      const elsewhere = folder();
      expect(await restore(into, elsewhere)).toMatchObject({ code: 2, out: expect.stringContaining(said) });
      if (existsSync(join(elsewhere, 'restoring'))) expect((await started(elsewhere)).out).toContain('was begun and not finished');
    } finally {
      writeFileSync(place(), bytes);
    }
  });
});

const started = (DATA: string) => command('db/start.ts', ['--built'], { DATA, PORT: '0', ORIGIN: 'http://127.0.0.1:9' });

describe('killed outright in the middle', () => {
  /** Starts a command and kills it once it has come so far. */
  async function killed(script: string, args: string[], environment: Record<string, string>, sofar: () => boolean): Promise<void> {
    const child: ChildProcess = spawn(process.execPath, [script, ...args], { env: { ...process.env, ...environment }, stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    for (let tries = 0; !sofar() && child.exitCode === null && tries < 10_000; tries++) await wait(2);
    child.kill('SIGKILL');
    await ended;
  }
  const deep = (root: string, wanted: RegExp) =>
    existsSync(root) && readdirSync(root, { recursive: true }).some((name) => wanted.test(String(name)));

  test.each([
    ['a backup', /\.part/],
    ['a backup that has a database', /\.part.*casebook-mingheng\.db$/],
    ['a backup that has a file', /^files\/..\/./],
    ['a backup that has its keys', /\.part\/keys\.json$/],
  ])('%s is none, and the next one is whole', async (_, sofar) => {
    const into = folder();
    await killed('db/backup.ts', [into], { DATA: portal.data, BACKUP_PASSPHRASE }, () => deep(into, sofar));
    for (const name of backupsIn(into)) expect(readManifest(join(into, name)).format).toBe(1);
    expect(await backup(into)).toMatchObject({ code: 0 });
    expect(readdirSync(into).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(await restore(into, folder())).toMatchObject({ code: 0, out: expect.stringContaining('All of it holds.') });
  });

  test.each([
    ['a restore', /^restoring$/],
    ['a restore that has a database', /^databases\/directory\.db$/],
    ['a restore that has its keys', /^signing-keys\.json$/],
    ['a restore that has a file', /^files\/r2\/.*blobs\/./],
  ])('%s is no installation; run again it is', async (_, sofar) => {
    const into = folder();
    await backUp(portal.data, into, BACKUP_PASSPHRASE);
    let elsewhere: string;
    // On a machine that is busy it may be through before it is killed: then it is begun anew elsewhere.
    do {
      elsewhere = folder();
      await killed('db/restore.ts', [into], { DATA: elsewhere, BACKUP_PASSPHRASE }, () => deep(elsewhere, sofar));
    } while (!existsSync(join(elsewhere, 'restoring')));
    expect(await started(elsewhere)).toMatchObject({ code: 1, out: expect.stringContaining('was begun and not finished') });
    expect(await restore(into, elsewhere)).toMatchObject({ code: 0, out: expect.stringContaining('All of it holds.') });
  });
});

test('keys open with their passphrase and beside what they were kept with, and not otherwise', () => {
  const sealed = sealKeys('keys', BACKUP_PASSPHRASE, 'manifest');
  expect(sealed).not.toContain('keys"');
  expect(openKeys(sealed, BACKUP_PASSPHRASE, 'manifest')).toBe('keys');
  // Typed on another system, in another normal form.
  expect(openKeys(sealKeys('keys', 'café au lait et croissant', ''), 'café au lait et croissant'.normalize('NFD'), '')).toBe('keys');
  for (const [passphrase, beside] of [
    ['another passphrase', 'manifest'],
    [BACKUP_PASSPHRASE, 'another manifest'],
  ] as const)
    expect(() => openKeys(sealed, passphrase, beside)).toThrow('do not open');
});
