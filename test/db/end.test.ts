import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { PASSWORD, PEOPLE, plainOpening } from '../../db/demo.ts';
import { playWhole } from '../../db/play-whole.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { contactIn } from '../../worker/contact.ts';
import { checkFile } from '../../worker/record/check.ts';
import { canonical, digestOf } from '../../worker/record/digest.ts';
import { ed25519Holds } from '../../worker/record/ed25519.ts';
import { type Published, readPublished } from '../../worker/record/published.ts';
import { FILES, listed } from '../../worker/store/files.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { command } from '../command.ts';
import { pngOf } from '../intake/drawn.ts';
import { lender, type Rig, rig } from '../portal.ts';
import { plainText, signedIn, visitor } from '../worker/people.ts';

/** A lender ends while the portal runs: announced, exported whole, erased with proof, however often the command is killed; nobody else is touched. */

let portal: Rig;
let id: string;
let other: string;
let published: Published | null;
let to: string;
beforeAll(async () => {
  to = mkdtempSync(join(tmpdir(), 'heyi-end-'));
  portal = await rig();
  const played = await playWhole(portal);
  id = played.id;
  other = randomId();
  await played.stage.give('li', 'pujiang', other, 'case.open', plainOpening(played.stage.today(), '浦江小贷'));
  await (await signedIn(portal, 'lin')).post(`/cases/${id}/do/note.write`, { words: '内部', requestId: randomId() });
  await changeLogo();
  published = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());
});
afterAll(async () => {
  await portal.remove();
  rmSync(to, { recursive: true, force: true });
});

/** Its logo is proposed by one administrator and confirmed by another. */
async function changeLogo(): Promise<void> {
  const directory = openDirectory(portal.env);
  const [account, tenant] = [await directory.accountByContact(contactIn(PEOPLE.gu)), await directory.lenderBySlug('mingheng')];
  await directory.addStaff({ account: account?.id ?? '', lender: tenant?.id ?? '', capacity: 'administrator', since: instant() });
  const form = new FormData();
  form.set('file', new File([pngOf(64, 64)], 'logo.png'));
  form.set('requestId', randomId());
  const desk = '/desk/mingheng/policy';
  expect((await (await signedIn(portal, 'gu')).send(`${desk}/logo`, form)).status).toBe(303);
  const zhou = await signedIn(portal, 'zhou');
  const proposal = /name="proposal" value="(\d+)"/.exec(await (await zhou.get(desk)).text())?.[1] ?? '';
  expect((await zhou.post(`${desk}/confirm`, { proposal, password: PASSWORD, requestId: randomId() })).status).toBe(303);
}

const DATA = () => ({ DATA: portal.data, ORIGIN: portal.url });
const end = (...args: string[]) => command('db/tenant.ts', ['end', 'mingheng', '--to', to, ...args], DATA());
const read = (name: string) => JSON.parse(readFileSync(join(to, 'mingheng', name), 'utf8'));

/** Runs the command and kills it outright after a while; whether it came to its end before. @throws where it fails by itself */
async function killed(after: number, ...args: string[]): Promise<boolean> {
  const child = spawn(process.execPath, ['db/tenant.ts', 'end', 'mingheng', '--to', to, ...args], {
    env: { ...process.env, ...DATA() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), after);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearTimeout(timer);
  if (code !== null && code !== 0) throw new Error(said);
  return code === 0;
}

async function untilThrough(...args: string[]): Promise<number> {
  for (let kills = 0; ; kills++) if (await killed(100 * 1.7 ** kills, ...args)) return kills;
}

test('it says what it needs, and ends nothing while agreements are in force, unless it is told why', async () => {
  expect(await command('db/tenant.ts', ['end', 'nobody', '--to', to, '--because', 'x'], DATA())).toMatchObject({
    code: 1,
    out: expect.stringContaining('no lender nobody'),
  });
  expect(await command('db/tenant.ts', ['end', 'mingheng'], DATA())).toMatchObject({ code: 1, out: expect.stringContaining('--to DIR') });
  expect(await end()).toMatchObject({ code: 1, out: expect.stringContaining('--because') });
  expect(await end('--because', 'x', '--notice', 'soon')).toMatchObject({ code: 1, out: expect.stringContaining('--notice') });
  expect(await end('--because', '停业')).toMatchObject({ code: 1, out: expect.stringContaining('agreements are in force') });
  expect(existsSync(join(to, 'mingheng'))).toBe(false);
  const before = await openDirectory(portal.env).lenderBySlug('mingheng');
  expect(before?.pausedAt).toBeNull();
});

test('announced, nothing is written any more, people are told once by when to take their own away, and they can', async () => {
  const said = await end('--because', '停业', '--despite', '债权已转让', '--notice', '14');
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining('can take their own away') });
  await end();
  const chen = await signedIn(portal, 'chen');
  const refused = await chen.post(`/cases/${id}/do/talk.message`, { words: '在吗', requestId: randomId() });
  expect(refused.status).toBe(422);
  const { until } = read('begun.json');
  expect(Date.parse(until) - Date.now()).toBeGreaterThan(13 * 86_400_000);
  const letters = (await openDirectory(portal.env).newestMail(200)).filter(({ template }) => template === 'ending');
  expect(letters).toHaveLength(1);
  expect(letters[0]?.body).toContain('请在');
  expect(letters[0]?.body).not.toContain('明衡');
  const made = await chen.post(`/cases/${id}/exports/bundle.zip`, {});
  expect(made.status).toBe(200);
  expect(existsSync(join(to, 'mingheng', 'index.json'))).toBe(false);
  expect((await end('--handed-over', 'X')).out).toContain('Run this command again from');
});

test('after the notice the export is made whole, however often it is killed, and proves itself', { timeout: 300_000 }, async () => {
  const begun = read('begun.json');
  writeFileSync(join(to, 'mingheng', 'begun.json'), JSON.stringify({ ...begun, until: new Date(Date.now() - 1000).toISOString() }));
  expect(await untilThrough()).toBeGreaterThan(0);
  const { signature, ...unsigned } = read('index.json');
  const key = portal.keys.find((one) => one.id === unsigned.key);
  expect(await ed25519Holds(key?.publicKey ?? '', signature, canonical(unsigned))).toBe(true);
  expect(unsigned.cases.map((one: { case: string; proven: boolean }) => [one.case, one.proven])).toEqual([[id, true]]);
  const names: string[] = [];
  for (const { name, sha256 } of unsigned.files) {
    const bytes = readFileSync(join(to, 'mingheng', name));
    expect(digestOf(bytes)).toBe(sha256);
    names.push(name.replace(/HY-[^.-]+-[^.-]+/, 'N').replace(/[0-9a-f]{64}/, 'SHA'));
    // What the policy names by its digest is there to be looked at.
    if (name.startsWith('logos/')) expect(name).toBe(`logos/${digestOf(bytes)}.png`);
    if (!/^cases|^log\.json/.test(name)) continue;
    const { report } = await checkFile(new Uint8Array(bytes), { published });
    expect(report.holds, name).toBe(true);
    // What is left of a case that is erased here tells since when it stood so.
    if (name.endsWith('.zip')) expect(report.anchors.at(-1)?.seq).toBe(report.entries);
  }
  expect(names.sort()).toEqual(
    ['cases/N-notes.json', 'cases/N.zip', 'log.json', 'logos/SHA.png', 'people.json', 'policies.json'].filter((name) =>
      names.includes(name),
    ),
  );
  expect(names).toContain('cases/N.zip');
  expect(names).toContain('logos/SHA.png');
  const versions: { value: { lender: { logo?: { sha256: string } } } }[] = read('policies.json');
  expect(unsigned.files.map((one: { name: string }) => one.name)).toContain(`logos/${versions.at(-1)?.value.lender.logo?.sha256}.png`);
  expect(read('people.json').map(({ name }: { name: string }) => name)).toContain('林静');
  // Nothing is erased yet, and nobody but the lender's people and its borrowers knows anything.
  expect((await (await signedIn(portal, 'chen')).get(`/cases/${id}`)).status).toBe(200);
});

test('nothing is erased where the export is not what its index says', async () => {
  const path = join(to, 'mingheng', 'people.json');
  const whole = readFileSync(path);
  writeFileSync(path, '[]');
  expect(await end('--handed-over', '明衡法务部 王某')).toMatchObject({ code: 1, out: expect.stringContaining('nothing was erased') });
  writeFileSync(path, whole);
  expect(existsSync(join(portal.data, 'databases', 'casebook-mingheng.db'))).toBe(true);
});

test('once it was handed over all of it is erased, however often that is killed; a signed statement says what; the other lender goes on', {
  timeout: 300_000,
}, async () => {
  await untilThrough('--handed-over', '明衡法务部 王某');
  expect((await end('--handed-over', 'somebody else')).out).toContain('has ended');
  const { signature, ...unsigned } = read('erased.json');
  const key = portal.keys.find((one) => one.id === unsigned.key);
  expect(await ed25519Holds(key?.publicKey ?? '', signature, canonical(unsigned))).toBe(true);
  expect(unsigned).toMatchObject({ handedTo: '明衡法务部 王某', because: '停业', despite: '债权已转让', cases: [{ case: id }] });
  expect(unsigned.export).toBe(digestOf(readFileSync(join(to, 'mingheng', 'index.json'))));
  expect(readdirSync(join(to, 'mingheng')).filter((name) => /part|erasing/.test(name))).toEqual([]);

  expect(readdirSync(join(portal.data, 'databases')).filter((name) => name.includes('mingheng'))).toEqual([]);
  expect((await listed(portal.files, FILES)).filter(({ key: path }) => path.includes(id))).toEqual([]);
  const found = await audit(portal.env, portal.files);
  expect(found.faults).toEqual([]);
  expect(found.checked.lenders).toBe(1);

  const stranger = visitor(portal);
  const page = await stranger.get('/lenders/mingheng');
  expect(page.status).toBe(200);
  expect(plainText(await page.text())).toContain('no longer uses Heyi');
  expect(await (await stranger.get('/lenders/mingheng/ended.json')).json()).toEqual({ ...unsigned, signature });
  for (const path of ['/open/mingheng/loan', '/lenders/pujiang/ended.json', '/lenders/nobody/ended.json'])
    expect([path, (await stranger.get(path)).status < 500]).toEqual([path, true]);
  const [chen, lin] = [await signedIn(portal, 'chen'), await signedIn(portal, 'lin').catch(() => null)];
  for (const path of [`/cases/${id}`, `/cases/${id}/agreement`, '/desk/mingheng', '/desk/mingheng/exports', `/api/v1/cases/${id}`])
    for (const who of [chen, lin]) if (who) expect([path, (await who.get(path)).status]).toEqual([path, 404]);
  expect((await chen.post(`/cases/${id}/do/talk.message`, { words: 'x', requestId: randomId() })).status).toBe(404);
  expect((await chen.get('/cases')).status).toBe(200);
  await portal.sweep();
  const li = await signedIn(portal, 'li');
  expect((await li.get(`/cases/${other}`)).status).toBe(200);
  expect((await li.post(`/cases/${other}/do/talk.message`, { words: '还在', requestId: randomId() })).status).toBe(303);
  expect(await command('db/tenant.ts', ['create', 'mingheng', 'Somebody Else'], DATA())).toMatchObject({ code: 1 });
  expect((await command('db/tenant.ts', ['list'], DATA())).out).toMatch(/mingheng\tended/);
  expect(await lender(portal, 'new-one', 'New One')).toContain('/join/');
});
