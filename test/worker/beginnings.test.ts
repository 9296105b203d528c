import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { digestOf } from '../../worker/record/digest.ts';
import { MAX_DRAFTS } from '../../worker/routes/beginnings.ts';
import { connect } from '../../worker/store/connect.ts';
import { openBeginnings, openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { copied } from '../export/extract.ts';
import { codeFor, NO_CODE, type Rig, rig } from '../portal.ts';
import { giveFactor, plainText, planIn, type Visitor, visitor } from './people.ts';

/** What is begun before there is an account: readable by its cookie alone, bounded, the account's once there is one, and never sent before that. */

const words = wordsOf('en');
let portal: Rig;
beforeAll(async () => {
  portal = await rig();
  await Stage.set(portal, Date.now());
});
afterAll(() => portal.remove());

const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const html = async (answer: Promise<Response> | Response) => (await answer).text();
const sql = (text: string) => connect(portal.env.directory.url, portal.env.directory.token).run(text);
const cookieIn = (answer: Response, name: string) =>
  answer.headers.getSetCookie().flatMap((one) => (one.startsWith(`${name}=`) ? [one.split(';')[0] ?? ''] : []))[0] ?? '';

const LOAN = { 'loan.reference': 'BEGUN-1', 'debt.total': '12000' };

/** Somebody who has answered the first question: with their cookie, and the address of their draft. */
async function begun(fields: Record<string, string> = {}): Promise<{ who: Visitor; at: string; token: string }> {
  const answer = await visitor(portal).post('/open', { lender: 'mingheng', 'debt.debt.asOf': today(), ...LOAN, ...fields });
  expect(answer.status).toBe(303);
  const cookie = cookieIn(answer, 'begun');
  const at = (answer.headers.get('location') ?? '').replace(/\/[a-z]+$/, '');
  return { who: visitor(portal, `language=en; ${cookie}`), at, token: cookie.replace('begun=', '') };
}

async function rest({ who, at }: { who: Visitor; at: string }) {
  await who.post(`${at}/cause`, { 'means.cause.kind': 'job-loss', 'means.cause.since': '2026-01-01', 'means.cause.words': 'SECRET-CAUSE' });
  await who.post(`${at}/month`, {
    'means.incomes.0.kind': 'salary',
    'means.incomes.0.amount': '3000',
    'means.incomes.0.every': 'month',
    'means.dependants': '0',
  });
  const plan = await html(who.get(`${at}/proposal`));
  const answer = await who.post(`${at}/proposal`, { ...planIn(plan), action: 'continue' });
  expect(answer.headers.get('location')).toBe(`${at}/check`);
}

test('a month without a figure says what is missing, at its first line, and opens nothing that was not asked for', async () => {
  const { who, at } = await begun();
  const blank = { 'means.incomes.0.kind': 'salary', 'means.incomes.0.amount': '', 'means.incomes.0.every': 'month' };
  const page = await html(who.post(`${at}/month`, { ...blank, 'means.dependants': '0', 'means.assets': '', 'means.changes.0.from': '' }));
  expect(page).toContain('href="#means.incomes.0.amount"');
  expect(plainText(page)).toContain(words.refusal['means.empty']);
  expect(page).not.toContain('<details open');
});

test('the directory holds no token and nothing that was typed; another browser reads nothing of it', async () => {
  const { who, at, token } = await begun();
  await who.post(`${at}/cause`, { 'means.cause.words': 'SECRET-CAUSE', action: 'back' });
  expect(await html(who.get(`${at}/cause`))).toContain('SECRET-CAUSE');
  const rows = JSON.stringify((await sql('SELECT * FROM beginnings')).rows);
  expect(rows).toContain(digestOf(token));
  for (const text of [token, 'SECRET-CAUSE', 'BEGUN-1', '12000']) expect(rows).not.toContain(text);
  for (const stranger of [visitor(portal), visitor(portal, 'begun=AAAAAAAAAAAAAAAAAAAAAAAAAAA')])
    expect((await stranger.get(`${at}/cause`)).headers.get('location')).toContain('/sign-in');
  // What a row holds is bound to its own draft, and to its lender; whatever else stands there is none.
  const read = () => openBeginnings(portal.env).list(token, new Date().toISOString());
  const { lender } = (await read())[0] ?? {};
  const changes = [
    "lender = (SELECT id FROM lenders WHERE slug = 'pujiang')",
    `lender = '${lender}', content = x'00ff'`,
    `about = '${'0'.repeat(32)}'`,
  ];
  for (const set of changes) {
    expect(await read()).toHaveLength(set === changes[0] ? 1 : 0);
    await sql(`UPDATE beginnings SET ${set}`);
    expect(await read()).toEqual([]);
  }
  await sql('DELETE FROM beginnings');
});

test('a cookie keeps three drafts; old ones go with the schedule', async () => {
  const { who } = await begun();
  for (const [i, status] of [303, 303, 422].entries())
    expect((await who.post('/open', { lender: 'mingheng', 'debt.debt.asOf': today(), ...LOAN, 'loan.reference': `B-${i}` })).status).toBe(
      status,
    );
  const list = await html(who.get('/open'));
  for (const text of ['BEGUN-1', 'B-0', 'B-1', words.steps.of({ step: 2, steps: 5 })]) expect(list).toContain(text);
  const later = new Date(Date.now() + 15 * 86_400_000).toISOString();
  await openBeginnings(portal.env).sweep(later);
  expect((await sql('SELECT * FROM beginnings')).rows).toEqual([]);
});

test('who signs in from the last page of a draft finds it among their own, and the browser forgets it', async () => {
  const { who, at, token } = await begun();
  const answer = await who.post('/sign-in', {
    contact: PEOPLE.chen.email ?? PEOPLE.chen.phone ?? '',
    password: PASSWORD,
    next: `${at}/check`,
  });
  expect(answer.headers.get('location')).toBe(`${at}/check`);
  const chen = visitor(portal, `language=en; ${cookieIn(answer, 'heyi')}`);
  expect(await html(chen.get('/cases'))).toContain('BEGUN-1');
  expect((await chen.get(`${at}/cause`)).status).toBe(200);
  expect(cookieIn(answer, 'begun')).toBe('begun=');
  expect((await sql(`SELECT * FROM beginnings WHERE owner = '${digestOf(token)}'`)).rows).toEqual([]);
  await chen.post(`${at}/discard`, {});
});

/** 陈建国 signs in in the browser of somebody who has begun: with the session, and without the browser's cookie. */
async function chenSignsIn(who: Visitor, next: string) {
  const answer = await who.post('/sign-in', { contact: PEOPLE.chen.email ?? '', password: PASSWORD, next });
  expect(cookieIn(answer, 'heyi')).not.toBe('');
  const session = cookieIn(answer, 'heyi');
  return { answer, here: visitor(portal, `${who.cookie}; ${session}`), alone: visitor(portal, `language=en; ${session}`) };
}

test('what another has begun in the same browser is nobody’s unasked: by lender and time the list of cases asks whose it is', async () => {
  const { who, at, token } = await begun({ 'loan.reference': 'SHARED-1', 'debt.total': '98765' });
  const about = at.split('/').at(-1);
  const left = async () => (await sql(`SELECT * FROM beginnings WHERE owner = '${digestOf(token)}'`)).rows.length;
  const { answer, here, alone } = await chenSignsIn(who, '/cases');
  expect(cookieIn(answer, 'begun')).toBe('');
  for (const path of ['/cases', '/open']) {
    const page = await html(here.get(path));
    const asked = plainText(page);
    expect(asked, path).toMatch(/An application that was not sent is on this device \(明衡消费金融, [^)]+\): did you write it\?/);
    for (const text of [words.opening.foundMine, words.opening.foundNotMine, words.opening.foundHint]) expect(asked, path).toContain(text);
    for (const text of ['SHARED-1', '98765', '98,765']) expect(page, path).not.toContain(text);
    expect(await html(alone.get(path)), path).not.toContain(words.opening.foundMine);
  }
  expect(await html(here.get(`${at}/loan`))).not.toContain('SHARED-1');
  expect(plainText(await html(visitor(portal, here.cookie.replace('language=en', 'language=zh')).get('/cases')))).toMatch(
    /这台设备上有一份没有发出的申请（明衡消费金融，[^）]+）：是您写的吗？/,
  );
  // Without an answer it stays as it was, for whoever began it.
  expect(await left()).toBe(1);
  expect(await html(who.get(`${at}/loan`))).toContain('SHARED-1');
  // It can be answered by nobody without an account, nor from another browser.
  expect((await who.post(`/begun/${about}/not-mine`, {})).headers.get('location')).toContain('/sign-in');
  await alone.post(`/begun/${about}/not-mine`, {});
  expect(await left()).toBe(1);
  // "It is not mine": gone from the device, and in no account.
  const dropped = await here.post(`/begun/${about}/not-mine`, {});
  expect(dropped.headers.get('location')).toBe('/cases');
  expect(cookieIn(dropped, 'begun')).toBe('begun=');
  expect(await left()).toBe(0);
  expect(await html(here.get('/cases'))).not.toContain('SHARED-1');
});

test('who says that it is theirs has it in their account; the one from whose last page they came does not bring the others along', async () => {
  const { who, at } = await begun({ 'loan.reference': 'MINE-1' });
  const second = await who.post('/open', { lender: 'mingheng', 'debt.debt.asOf': today(), ...LOAN, 'loan.reference': 'MINE-2' });
  const other = (second.headers.get('location') ?? '').replace(/\/[a-z]+$/, '');
  const { here, alone } = await chenSignsIn(who, `${at}/check`);
  const list = await html(here.get('/cases'));
  expect(list).toContain('MINE-1');
  expect(list).not.toContain('MINE-2');
  await here.post(`/begun/${other.split('/').at(-1)}/mine`, {});
  expect(await html(alone.get('/cases'))).toContain('MINE-2');
  for (const one of [at, other]) await alone.post(`${one}/discard`, {});
});

test('what is taken over finds no way around the drafts that one keeps with a lender, and the list says so', async () => {
  const chen = (await chenSignsIn(visitor(portal), '/cases')).alone;
  const own: string[] = [];
  for (let i = 0; i < MAX_DRAFTS; i++) {
    const answer = await chen.post('/open', { lender: 'mingheng', 'debt.debt.asOf': today(), ...LOAN, 'loan.reference': `FULL-${i}` });
    own.push((answer.headers.get('location') ?? '').replace(/\/[a-z]+$/, ''));
  }
  const { who, at } = await begun({ 'loan.reference': 'ELEVENTH' });
  const { answer, here } = await chenSignsIn(who, `${at}/check`);
  expect(answer.headers.get('location')).toBe('/cases');
  const says = words.opening.foundFull({ lender: '明衡消费金融', max: MAX_DRAFTS });
  const full = plainText(await html(here.get('/cases')));
  expect(full).toContain(says);
  expect(full).not.toContain(words.opening.foundMine);
  const take = () => here.post(`/begun/${at.split('/').at(-1)}/mine`, {});
  await take();
  expect(await html(here.get('/cases'))).not.toContain('ELEVENTH');
  await chen.post(`${own[0]}/discard`, {});
  expect(plainText(await html(here.get('/cases')))).not.toContain(says);
  await take();
  expect(await html(chen.get('/cases'))).toContain('ELEVENTH');
  for (const one of [...own.slice(1), at]) await chen.post(`${one}/discard`, {});
});

test('what was begun with a lender for whom one works stays where it is, and is held out to nobody who works there', async () => {
  const { who, at, token } = await begun({ 'loan.reference': 'STAFF-1' });
  const answer = await who.post('/sign-in', { contact: PEOPLE.lin.email ?? PEOPLE.lin.phone ?? '', password: PASSWORD, next: '/open' });
  expect(answer.headers.get('location')).toBe('/second-factor?next=%2Fopen');
  const lin = visitor(portal, `${who.cookie}; ${cookieIn(answer, 'heyi')}`);
  await giveFactor(portal, lin.cookie);
  for (const path of ['/open', '/cases']) expect(await html(lin.get(path)), path).not.toContain('STAFF-1');
  expect((await sql(`SELECT * FROM beginnings WHERE owner = '${digestOf(token)}'`)).rows).toHaveLength(1);
  expect((await who.get(`${at}/cause`)).status).toBe(200);
  await who.post(`${at}/discard`, {});
});

test('what was taken over and could not be dropped does not come over what was written since', async () => {
  const { who, at, token } = await begun();
  const owner = digestOf(token);
  await sql(`CREATE TABLE kept AS SELECT * FROM beginnings WHERE owner = '${owner}'`);
  const signedIn = await who.post('/sign-in', { contact: PEOPLE.chen.email ?? '', password: PASSWORD, next: `${at}/check` });
  const session = `language=en; ${cookieIn(signedIn, 'heyi')}`;
  const chen = visitor(portal, session);
  await chen.post(`${at}/cause`, { 'means.cause.words': 'WRITTEN-SINCE', action: 'stay' });
  await sql('INSERT INTO beginnings SELECT * FROM kept');
  await sql('DROP TABLE kept');
  await visitor(portal, `${session}; begun=${token}`).post(`/begun/${at.split('/').at(-1)}/mine`, {});
  expect((await sql(`SELECT * FROM beginnings WHERE owner = '${owner}'`)).rows).toEqual([]);
  expect(await html(chen.get(`${at}/cause`))).toContain('WRITTEN-SINCE');
  await chen.post(`${at}/discard`, {});
});

test('nothing is sent before the code is typed; then it is, at once and once', async () => {
  const mingheng = await openDirectory(portal.env).lenderBySlug('mingheng');
  const casebook = openCasebookForPortal(portal.env, mingheng ?? { url: '', slug: '' });
  const cases = async () => (await casebook.inventory()).cases.length;
  const before = await cases();
  const beginning = await begun();
  await rest(beginning);
  const { who, at } = beginning;
  const contact = '13900139031';
  const weak = await who.post(`${at}/check`, { name: '王小雨', contact: 'nobody', password: 'x' });
  expect(weak.status).toBe(422);
  const page = await weak.text();
  for (const text of [words.account.contactBad, 'SECRET-CAUSE', '王小雨']) expect(page).toContain(text);
  const asked = await who.post(`${at}/check`, { name: '王小雨', contact, password: 'a long pass phrase' });
  expect(asked.headers.get('location')).toContain('/sign-up/confirm');
  expect(await cases()).toBe(before);
  const pending = visitor(portal, `${who.cookie}; ${cookieIn(asked, 'pending')}`);
  expect((await pending.post('/sign-up/confirm', { code: NO_CODE, next: `${at}/check` })).status).toBe(422);
  const confirmed = await pending.post('/sign-up/confirm', { code: await codeFor(portal, contact), next: `${at}/check` });
  expect(confirmed.status).toBe(307);
  expect(confirmed.headers.get('location')).toBe(`${at}/check`);
  const xiaoyu = visitor(portal, `language=en; ${cookieIn(confirmed, 'heyi')}`);
  const sent = await xiaoyu.post(`${at}/check`, { code: 'x', next: '/' });
  const id = /^\/cases\/([0-9a-f]{32})\/sent$/.exec(sent.headers.get('location') ?? '')?.[1] ?? '';
  expect(id).not.toBe('');
  expect((await xiaoyu.post(`${at}/check`, {})).headers.get('location')).toBe(`/cases/${id}`);
  expect(await cases()).toBe(before + 1);
  const thread = plainText(await html(xiaoyu.get(`/cases/${id}`)));
  for (const text of ['SECRET-CAUSE', words.debt.partsUnknown]) expect(thread).toContain(text);
});

test('what waits for one person’s code is not sent by another’s who signs up in the same browser', async () => {
  const beginning = await begun();
  await rest(beginning);
  const { who, at } = beginning;
  const asked = await who.post(`${at}/check`, { name: '王小雨', contact: '13900139033', password: 'a long pass phrase' });
  expect(asked.headers.get('location')).toContain('/sign-up/confirm');
  const [name, contact] = ['李四', '13900139034'];
  const other = await who.post('/sign-up', { name, contact, password: 'another long pass phrase' });
  const pending = visitor(portal, `${who.cookie}; ${cookieIn(other, 'pending')}`);
  const confirmed = await pending.post('/sign-up/confirm', { code: await codeFor(portal, contact), next: `${at}/check` });
  expect(confirmed.status).toBe(303);
  const they = visitor(portal, `language=en; ${cookieIn(confirmed, 'heyi')}`);
  expect(await html(they.get(`${at}/check`))).toContain(words.opening.send);
});

test('signing up by itself sends nothing', async () => {
  const beginning = await begun();
  await rest(beginning);
  const contact = '13900139032';
  const asked = await beginning.who.post('/sign-up', {
    name: '王小雨',
    contact,
    password: 'a long pass phrase',
    next: `${beginning.at}/check`,
  });
  const pending = visitor(portal, `${beginning.who.cookie}; ${cookieIn(asked, 'pending')}`);
  const confirmed = await pending.post('/sign-up/confirm', { code: await codeFor(portal, contact), next: `${beginning.at}/check` });
  expect(confirmed.status).toBe(303);
  const she = visitor(portal, `language=en; ${cookieIn(confirmed, 'heyi')}`);
  expect(await html(she.get(`${beginning.at}/check`))).toContain(words.opening.send);
});

test('a lender that is not here is counted, and its letter and plan are taken away', async () => {
  const beginning = await begun({ lender: '', 'loan.lender': '远方消费金融' });
  expect(beginning.at).toMatch(/^\/open\/-\/[0-9a-f]{32}$/);
  await rest(beginning);
  const { who, at } = beginning;
  const check = await html(who.get(`${at}/check`));
  for (const text of [words.opening.takeLead, '远方消费金融', words.opening.take]) expect(check).toContain(text);
  expect((await who.post(`${at}/check`, { name: '' })).status).toBe(422);
  const made = await who.post(`${at}/check`, { name: '王小雨' });
  expect(made.headers.get('content-type')).toBe('application/pdf');
  const { pdfjs } = await copied(new Uint8Array(await made.arrayBuffer()));
  const text = pdfjs.replace(/\s+/g, '');
  for (const part of ['远方消费金融', '王小雨', 'BEGUN-1', '¥12,000.00', 'SECRET-CAUSE']) expect(text).toContain(part);
  expect(await openBeginnings(portal.env).wanted()).toMatchObject([{ name: '远方消费金融', count: 1 }]);
  expect((await sql(`SELECT * FROM seats WHERE "case" NOT IN (SELECT "case" FROM seats WHERE lender <> '')`)).rows).toEqual([]);
});
