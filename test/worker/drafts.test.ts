import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Stage, sampleDocument } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { MAX_DRAFTS } from '../../worker/routes/beginnings.ts';
import { MAX_DRAFT } from '../../worker/routes/drafts.ts';
import { connect } from '../../worker/store/connect.ts';
import { casebookUrl, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, type Visitor, visitor } from './people.ts';

/** What a person has begun and not sent: saved when the page says so, one for each loan, and gone with its files when it is given up or sent. */

const words = wordsOf('en');
let portal: Rig;
let chen: Visitor;
let li: Visitor;
beforeAll(async () => {
  portal = await rig();
  await Stage.set(portal, Date.now());
  [chen, li] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'li')]);
});
afterAll(() => portal.remove());

/** Begins a draft; returns the part of its paths that names it. */
async function begin(who = chen, lender = 'mingheng'): Promise<string> {
  const at = (await who.get(`/open/${lender}/new`)).headers.get('location') ?? '';
  return /\/[0-9a-f]{32}(?=\/loan$)/.exec(at)?.[0] ?? '';
}
const html = async (answer: Promise<Response> | Response) => (await answer).text();
const value = (page: string, name: string) => new RegExp(`name="${name.replaceAll('.', '\\.')}"[^>]*value="([^"]*)"`).exec(page)?.[1];

async function sql(text: string) {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  return connect(casebookUrl(portal.env, lender ?? { url: '' }), portal.env.casebookToken).run(text);
}
const stored = async () => (await portal.files.list()).objects.map(({ key }) => key);

test('two loans with one lender are two drafts, listed to go on with or to give up', async () => {
  const [one, two] = [await begin(), await begin()];
  expect(one).not.toBe(two);
  await chen.post(`/open/mingheng${one}/loan`, { 'loan.reference': 'FIRST-1' });
  await chen.post(`/open/mingheng${two}/loan`, { 'loan.reference': 'SECOND-2' });
  expect(value(await html(chen.get(`/open/mingheng${one}/loan`)), 'loan.reference')).toBe('FIRST-1');
  expect(value(await html(chen.get(`/open/mingheng${two}/loan`)), 'loan.reference')).toBe('SECOND-2');
  for (const list of ['/cases', '/open']) {
    const page = await html(chen.get(list));
    for (const text of [words.cases.resume, 'FIRST-1', 'SECOND-2', `/open/mingheng${one}/loan`, `/open/mingheng${two}/discard`])
      expect(page).toContain(text);
  }
  // Somebody else's draft is nothing to others.
  expect(value(await html(li.get(`/open/mingheng${one}/loan`)), 'loan.reference')).toBe('');
  expect(await html(li.get('/cases'))).not.toContain('FIRST-1');
});

test('a page says that it is saved only once it is', async () => {
  const draft = await begin();
  expect(await html(chen.get(`/open/mingheng${draft}/loan`))).toContain(words.steps.unsaved);
  const refused = await chen.post(`/open/mingheng${draft}/loan`, { 'loan.reference': '', 'loan.product': '现金贷' });
  expect(refused.status).toBe(422);
  const page = await refused.text();
  expect(page).toMatch(/Saved at \d+ \w+ \d{4} \d\d:\d\d/);
  expect(page).not.toContain(words.steps.unsaved);
});

test('where it cannot be saved the page says so, with what was typed', async () => {
  const draft = await begin();
  await sql(`CREATE TRIGGER full BEFORE INSERT ON drafts BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  const answer = await chen.post(`/open/mingheng${draft}/cause`, { 'means.cause.words': '没有保存的话。' });
  const page = await answer.text();
  await sql('DROP TRIGGER full');
  expect(answer.status).toBe(503);
  expect(page).toContain(words.opening.notSaved);
  expect(page).toContain('没有保存的话。');
  expect(page).not.toContain('Saved at');
});

describe('nothing typed is lost', () => {
  test.each([
    ['loan', { 'loan.reference': 'BACK-1' }, '/open'],
    ['cause', { 'means.cause.words': '还没想好' }, '/open/mingheng/loan'],
    ['month', { 'means.incomes.0.kind': 'gig', 'means.incomes.0.amount': 'manchmal' }, '/open/mingheng/cause'],
    ['proposal', { 'proposal.words': '还没写完' }, '/open/mingheng/month'],
  ])('back from %s saves what stands there, right or wrong', async (step, fields, to) => {
    const draft = await begin(li);
    const answer = await li.post(`/open/mingheng${draft}/${step}`, { ...fields, action: 'back' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(to === '/open' ? to : to.replace('mingheng', `mingheng${draft}`));
    const [typed = ''] = Object.values(fields).slice(-1);
    const [saved] = (await sql(`SELECT content FROM drafts WHERE about = '${draft.slice(1)}'`)).rows as unknown as { content: string }[];
    expect(saved?.content).toContain(typed);
    await li.post(`/open/mingheng${draft}/discard`, {});
  });

  test('a template changes the plan and keeps the words, the reasons and the days', async () => {
    const draft = await whole(li);
    const said = { 'proposal.words': '我想这样还。', 'proposal.reasons.penalty': '罚息太高。', 'proposal.expiresInDays': '11' };
    const page = await html(
      li.post(`/open/mingheng${draft}/proposal`, {
        ...said,
        'proposal.terms.phases.0.kind': 'level',
        'proposal.terms.phases.0.count': '7',
        action: 'template:pause',
      }),
    );
    for (const text of Object.values(said)) expect(page).toContain(text);
    expect(page).toMatch(/<option value="pause" selected/);
    await li.post(`/open/mingheng${draft}/discard`, {});
  });

  test('changing the language saves what is typed and stays at the step', async () => {
    const draft = await begin(li);
    const page = await html(li.get(`/open/mingheng${draft}/cause`));
    const action = /form="typed" formaction="([^"]+language=zh)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const answer = await li.post(action, { 'means.cause.words': '写到一半' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/open/mingheng${draft}/cause`]);
    expect(answer.headers.getSetCookie().join()).toContain('language=zh');
    const other = await html(visitor(portal, li.cookie.replace('language=en', 'language=zh')).get(`/open/mingheng${draft}/cause`));
    expect(other).toContain('<html lang="zh');
    expect(other).toContain('写到一半');
    await li.post(`/open/mingheng${draft}/discard`, {});
  });
});

/** A draft with all its steps and a file. */
async function whole(who: Visitor, name = '工资单'): Promise<string> {
  const draft = await begin(who);
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const step = (one: string, fields: Record<string, string>) =>
    who.post(`/open/mingheng${draft}/${one}`, { ...fields, action: 'continue' });
  await step('loan', {
    'loan.reference': 'WHOLE-1',
    'debt.debt.asOf': today,
    'debt.debt.principal': '12000',
    'debt.debt.penalty': '200',
  });
  await step('cause', { 'means.cause.kind': 'job-loss', 'means.cause.since': '2026-01-01', 'means.cause.words': '失业。' });
  await step('month', {
    'means.incomes.0.kind': 'salary',
    'means.incomes.0.amount': '5000',
    'means.incomes.0.every': 'month',
    'means.expenses.0.kind': 'food',
    'means.expenses.0.amount': '1500',
    'means.expenses.0.every': 'month',
    'means.dependants': '0',
  });
  const form = new FormData();
  form.set('files', new File([await sampleDocument(name, ['一页'], new Date().toISOString())], `${name}.pdf`));
  form.set('action', 'upload');
  form.set('evidence.consent', 'yes');
  const sent = await who.send(`/open/mingheng${draft}/evidence`, form);
  expect(sent.status).toBe(303);
  return draft;
}

test('giving up is asked once, and takes the draft, its files and their rows', async () => {
  const before = await stored();
  const draft = await whole(chen, '会消失的材料');
  expect(await stored()).toHaveLength(before.length + 1);
  const asked = await html(chen.get(`/open/mingheng${draft}/discard`));
  expect(asked).toContain(words.opening.discardQuestion);
  expect(await stored()).toHaveLength(before.length + 1);
  expect((await chen.post(`/open/mingheng${draft}/discard`, {})).status).toBe(303);
  expect(await stored()).toEqual(before);
  expect((await sql(`SELECT * FROM files WHERE name LIKE '%会消失%'`)).rows).toEqual([]);
  expect((await sql(`SELECT * FROM drafts WHERE about = '${draft.slice(1)}'`)).rows).toEqual([]);
  expect(await html(chen.get('/cases'))).not.toContain('WHOLE-1');
});

test('a file taken out of a draft leaves storage, and can be added again', async () => {
  const draft = await whole(li, '又添又删');
  const [key] = (await stored()).slice(-1);
  const page = await html(li.get(`/open/mingheng${draft}/evidence`));
  const remove = /value="(remove:[0-9a-f]{64})"/.exec(page)?.[1] ?? '';
  const count = (await stored()).length;
  const form = new FormData();
  form.set('action', remove);
  expect((await li.send(`/open/mingheng${draft}/evidence`, form)).status).toBe(303);
  expect(await stored()).toHaveLength(count - 1);
  expect(key).toBeDefined();
  await li.post(`/open/mingheng${draft}/discard`, {});
});

test('files of a draft that is older than consent wait for it alone; with the last of them it goes', async () => {
  const draft = await whole(li, '早先的材料');
  await sql(
    `UPDATE drafts SET content = replace(content, '["evidence.consent",["yes"]]', '["other",[]]') WHERE about = '${draft.slice(1)}'`,
  );
  const at = `/open/mingheng${draft}`;
  const box = 'id="evidence.consent"';
  expect(await html(li.get(`${at}/evidence`))).toContain(box);
  const send = async (fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return (await li.send(`${at}/evidence`, form)).headers.get('location');
  };
  expect(await send({ action: 'continue' })).toBe(`${at}/check`);
  expect(await send({ action: 'continue', 'evidence.consent': 'yes' })).toBe(`${at}/check`);
  const page = await html(li.get(`${at}/evidence`));
  expect(page).toContain('早先的材料');
  expect(page).not.toContain(box);
  await send({ action: /value="(remove:[0-9a-f]{64})"/.exec(page)?.[1] ?? '' });
  expect(await html(li.get(`${at}/evidence`))).toContain(box);
  await li.post(`${at}/discard`, {});
});

test('a draft that was sent is gone; its address leads to the case; giving it up then takes nothing', async () => {
  const draft = await whole(li, '留下的材料');
  const plan = await html(li.get(`/open/mingheng${draft}/proposal`));
  const fields = Object.fromEntries(
    ['start', 'firstDue', 'rate.ppm'].map((name) => [`proposal.terms.${name}`, value(plan, `proposal.terms.${name}`) ?? '']),
  );
  const rest = {
    'proposal.terms.every': 'month',
    'proposal.terms.rate.per': 'year',
    'proposal.terms.interestOn': 'principal',
    'proposal.terms.dayCount': 'period',
    'proposal.terms.phases.0.kind': 'level',
    'proposal.terms.phases.0.count': '12',
  };
  await li.post(`/open/mingheng${draft}/proposal`, { ...fields, ...rest, 'proposal.words': '按月还清。', action: 'continue' });
  const requestId = 'send-1';
  const [one, two] = [
    await li.post(`/open/mingheng${draft}/check`, { requestId }),
    await li.post(`/open/mingheng${draft}/check`, { requestId }),
  ];
  const id = /\/cases\/([0-9a-f]{32})\/sent$/.exec(one.headers.get('location') ?? '')?.[1] ?? '';
  expect(id).not.toBe('');
  expect(two.headers.get('location')).toBe(`/cases/${id}`);
  expect((await li.get(`/open/mingheng${draft}/loan`)).headers.get('location')).toBe(`/cases/${id}`);
  await li.post(`/open/mingheng${draft}/discard`, {});
  const evidence = await html(li.get(`/cases/${id}/evidence`));
  const sha256 = /\/files\/([0-9a-f]{64})/.exec(evidence)?.[1];
  expect((await li.get(`/cases/${id}/files/${sha256}`)).status).toBe(200);
  expect(await html(li.get('/cases'))).not.toContain(words.cases.resume);
});

test('nobody makes a draft under the id of a case, or takes its files', async () => {
  const own = /\/cases\/([0-9a-f]{32})/.exec(await html(li.get('/cases')))?.[1] ?? '';
  const before = await stored();
  await chen.post(`/open/mingheng/${own}/loan`, { 'loan.reference': 'EVIL' });
  await chen.post(`/open/mingheng/${own}/discard`, {});
  expect(await stored()).toEqual(before);
  expect((await sql(`SELECT * FROM drafts WHERE "case" = '${own}'`)).rows).toEqual([]);
  expect((await chen.get('/open/mingheng/..%2fx/loan')).status).toBe(404);
});

test('drafts are bounded in size and number, and what is over is said', async () => {
  const draft = await begin(li, 'pujiang');
  const pieces = Object.fromEntries(Array.from({ length: 4 }, (_, i) => [`loan.note${i}`, 'x'.repeat(MAX_DRAFT / 4 + 1)]));
  const large = await li.post(`/open/pujiang${draft}/loan`, { 'loan.reference': 'BIG-1', ...pieces });
  expect(large.status).toBe(422);
  expect(await large.text()).toContain(words.opening.draftTooLarge({ max: MAX_DRAFT }));
  for (let i = 0; i < MAX_DRAFTS; i++)
    expect((await li.post(`/open/pujiang${await begin(li, 'pujiang')}/loan`, { 'loan.reference': `N-${i}`, action: 'back' })).status).toBe(
      303,
    );
  const many = await li.post(`/open/pujiang${await begin(li, 'pujiang')}/loan`, { 'loan.reference': 'ONE-MORE' });
  expect(many.status).toBe(422);
  const page = await many.text();
  expect(page).toContain(words.opening.draftsTooMany({ max: MAX_DRAFTS }));
  expect(page).toContain('ONE-MORE');
});
