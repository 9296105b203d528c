import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { playDemo } from '../../db/demo-cases.ts';
import { randomId } from '../../worker/chance.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, type Visitor, visitor } from './people.ts';

let portal: Rig;
let gu: Visitor;
let chen: Visitor;

beforeAll(async () => {
  portal = await rig();
  await playDemo(portal);
  [gu, chen] = await Promise.all([signedIn(portal, 'gu'), signedIn(portal, 'chen')]);
});
afterAll(() => portal.remove());

test('staff open a case and invite the borrower by a link that is good once; looking at it does not use it up', async () => {
  const fields = {
    borrowerName: '陈建国',
    contact: 'chen@borrower.example',
    'loan.reference': 'PJ-77',
    'debt.debt.asOf': '2026-11-01',
    'debt.debt.principal': '5000',
    'debt.debt.interest': '0',
    'debt.debt.penalty': '0',
    'debt.debt.fees': '0',
  };
  const refused = await gu.post('/desk/pujiang/new', { ...fields, 'debt.debt.principal': 'many', requestId: 'r0' });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toMatch(/id="debt\.debt\.principal-error"[\s\S]*value="many"/);
  const opened = await gu.post('/desk/pujiang/new', { ...fields, requestId: 'r1' });
  const shown = await opened.text();
  const token = /\/join\/([\w-]+)/.exec(shown)?.[1];
  // To hand it over on the spot: a code to scan, and a button to copy it.
  expect(shown).toMatch(new RegExp(`data-copy="[^"]+/join/${token}"[\\s\\S]*<svg class="qr"`));
  const again = await gu.post('/desk/pujiang/new', { ...fields, requestId: 'r1' });
  expect(again.status).toBe(200);
  for (let i = 0; i < 3; i++) expect((await visitor(portal).get(`/join/${token}`)).status).toBe(200);
  // Until then nobody is waited for who could answer.
  const row = async () => (await (await gu.get('/desk/pujiang?show=all')).text()).split('<tr>').find((one) => one.includes('PJ-77')) ?? '';
  expect(await row()).toMatch(/借款人还没有加入|yet to join/);
  const joined = await chen.post(`/join/${token}`, { name: PEOPLE.chen.name });
  expect(await row()).not.toMatch(/借款人还没有加入|yet to join/);
  const at = joined.headers.get('location') ?? '';
  expect(at).toMatch(/^\/cases\/[0-9a-f]{32}$/);
  expect((await chen.get(at)).status).toBe(200);
  // The same person may come back by it, nobody else.
  expect((await chen.post(`/join/${token}`, { name: PEOPLE.chen.name })).headers.get('location')).toBe(at);
  const li = await signedIn(portal, 'li');
  expect((await li.post(`/join/${token}`, { name: PEOPLE.li.name })).status).toBe(404);
  expect((await li.get(at)).status).toBe(404);
  const html = await (await chen.get(at)).text();
  expect(html.match(/invited/g)?.length).toBe(1);
});

test('an offer that has lapsed is recorded by the schedule, once, and both sides are told', async () => {
  // A portal of its own: the demo's lenders are taken in the shared one.
  const own = await rig();
  const stage = await Stage.set(own, Date.now());
  stage.on(9);
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const lender = await openDirectory(own.env).lenderBySlug('mingheng');
  const casebook = openCasebookForPortal(own.env, lender ?? { url: '', slug: '' });
  await own.sweep();
  await own.sweep();
  const record = await casebook.record(id);
  expect(record?.entries.map(({ kind }) => kind).filter((kind) => kind === 'proposal.expired')).toHaveLength(1);
  expect(record?.row).toMatchObject({ awaited: 'borrower', deadline: null });
  const letters = await openDirectory(own.env).newestMail(50);
  for (const recipient of ['chen@borrower.example', 'lin@mingheng.example']) {
    expect(letters.filter((letter) => letter.recipient === recipient && /第 5 条/.test(letter.body))).toHaveLength(1);
  }
  await own.remove();
});

test('every page is valid HTML', async () => {
  const checker = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
      'no-trailing-whitespace': 'off',
      'void-style': 'off',
      'long-title': 'off',
      'no-inline-style': 'error',
      'attribute-boolean-style': 'off',
      'doctype-style': 'off',
      'no-raw-characters': 'off',
      'prefer-native-element': 'off',
      'valid-id': 'off',
      'attribute-empty-style': 'off',
      'text-content': 'off',
      'wcag/h30': 'off',
      'require-sri': 'off',
      'tel-non-breaking': 'off',
      'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button'] }],
    },
  });
  const wang = await signedIn(portal, 'wang');
  const lin = await signedIn(portal, 'lin');
  const list = await (await wang.get('/cases')).text();
  const ids = [...list.matchAll(/\/cases\/([0-9a-f]{32})/g)].map((match) => match[1]);
  const own = ids.flatMap((id) =>
    ['', '/debt', '/means', '/means?edit=1', '/evidence', '/proposals/1', '/share', '/letters/new'].map(
      (path) => [wang, `/cases/${id}${path}`] as const,
    ),
  );
  const pages = [
    ...own,
    [wang, '/account'],
    [wang, '/open'],
    [wang, '/open/mingheng/loan'],
    [wang, '/open/mingheng/month'],
    [wang, '/open/mingheng/check'],
    [lin, '/desk/mingheng?show=all'],
    [lin, '/desk/mingheng/new'],
    [lin, '/desk/mingheng/payments'],
    [lin, '/desk/mingheng/import'],
    [wang, '/lenders/mingheng/join'],
    [visitor(portal), '/lenders/mingheng/join'],
    [visitor(portal), '/'],
    [visitor(portal), '/sign-up'],
    [visitor(portal), '/verify'],
    [visitor(portal), '/nothing'],
  ] as const;
  const wrong: string[] = [];
  for (const [who, path] of pages) {
    const report = await checker.validateString(await (await who.get(path)).text());
    for (const { messages } of report.results)
      for (const { ruleId, message, line, column } of messages) wrong.push(`${path} ${ruleId}: ${message} (${line}:${column})`);
  }
  expect([...new Set(wrong)]).toEqual([]);
});
