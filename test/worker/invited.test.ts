import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { connect } from '../../worker/store/connect.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { NO_CODE, type Rig, rig } from '../portal.ts';
import { signedIn, type Visitor } from './people.ts';

/** Pages that are come upon again: an invitation sent twice, opened by the wrong person, an address of a form, a form whose time is over. */

const LENDER = 'mingheng';
const LANGUAGES = ['zh', 'en'] as const;
type Both = Record<(typeof LANGUAGES)[number], Visitor>;
let portal: Rig;
let stage: Stage;
let lin: Both;
let chen: Both;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  lin = { zh: await signedIn(portal, 'lin', 'zh'), en: await signedIn(portal, 'lin', 'en') };
  chen = { zh: await signedIn(portal, 'chen', 'zh'), en: await signedIn(portal, 'chen', 'en') };
});
afterAll(() => portal.remove());

const fields = (contact: string) => ({
  borrowerName: '陈建国',
  contact,
  'loan.reference': `MH-${randomId().slice(0, 8)}`,
  'debt.debt.asOf': stage.today(),
  'debt.debt.principal': '5000',
  'debt.debt.interest': '',
  'debt.debt.penalty': '',
  'debt.debt.fees': '',
});
const lettersTo = async (who: string) => (await openDirectory(portal.env).newestMail(50)).filter(({ recipient }) => recipient === who);
const tokenIn = (html: string) => /\/join\/([\w-]+)/.exec(html)?.[1] ?? '';
const opened = async (contact: string) =>
  tokenIn(await (await lin.en.post(`/desk/${LENDER}/new`, { ...fields(contact), requestId: randomId() })).text());

test('an invitation page that is loaded again shows the same link and sends nothing', async () => {
  const contact = 'twice@borrower.example';
  const once = { ...fields(contact), requestId: randomId() };
  const first = await (await lin.en.post(`/desk/${LENDER}/new`, once)).text();
  const again = await (await lin.en.post(`/desk/${LENDER}/new`, once)).text();
  expect(tokenIn(first)).not.toBe('');
  expect(tokenIn(again)).toBe(tokenIn(first));
  expect(await lettersTo(contact)).toHaveLength(1);
  const id = /\/cases\/([0-9a-f]{32})/.exec(first)?.[1];
  expect(first).toMatch(/invitation" data-once[^>]*>\s*<input type="hidden" name="requestId"/);
  const second = { contact, requestId: randomId() };
  const made = tokenIn(await (await lin.en.post(`/cases/${id}/invitation`, second)).text());
  expect(made).not.toBe(tokenIn(first));
  expect(tokenIn(await (await lin.en.post(`/cases/${id}/invitation`, second)).text())).toBe(made);
  expect(await lettersTo(contact)).toHaveLength(2);
  const record = await (await lin.en.get(`/cases/${id}`)).text();
  expect(record.match(/invited 陈建国/g)).toHaveLength(2);
});

test('a part of the debt that staff leave blank is none, as for a borrower', async () => {
  const html = await (await lin.en.post(`/desk/${LENDER}/new`, { ...fields('blank@borrower.example'), requestId: randomId() })).text();
  expect(html).toContain('¥5,000.00');
  const none = await lin.zh.post(`/desk/${LENDER}/new`, {
    ...fields('none@borrower.example'),
    'debt.debt.principal': '',
    requestId: randomId(),
  });
  expect(none.status).toBe(422);
  expect(await none.text()).toContain('请至少填写一项大于 0 的欠款');
});

describe.each([
  ['zh', '一个人不能同时在双方'],
  ['en', 'Nobody can be on both sides'],
] as const)('an invitation (%s)', (language, refusal) => {
  test('tells the lender’s own staff at once that they cannot join, and sends no code', async () => {
    const contact = `${language}-staff@borrower.example`;
    const token = await opened(contact);
    const page = await lin[language].get(`/join/${token}`);
    const html = await page.text();
    expect(html).toContain(refusal);
    expect(html).not.toContain(`action="/join/`);
    await lin[language].post(`/join/${token}/code`, {});
    expect(await lettersTo(contact)).toHaveLength(1);
  });

  test('says beside the code, and in a summary, that it is wrong', async () => {
    const token = await opened(`${language}-code@borrower.example`);
    const sent = await chen[language].post(`/join/${token}/code`, {});
    const cookie = sent.headers.getSetCookie().map((one) => one.split(';')[0]);
    const answer = await fetch(`${portal.url}/join/${token}`, {
      method: 'POST',
      body: new URLSearchParams({ code: NO_CODE, name: '王小雨' }),
      headers: { cookie: [chen[language].cookie, ...cookie].join('; '), origin: portal.url },
    });
    const html = await answer.text();
    expect(html).toMatch(/class="error-summary"[\s\S]*<h2>[\s\S]*href="#code"/);
    expect(html).toContain('id="code-error"');
  });
});

const sql = (text: string) => connect(portal.env.directory.url, portal.env.directory.token).run(text);

/** An invitation to 陈建国's own contact: its token, and its case. */
async function invited(): Promise<{ token: string; id: string }> {
  const contact = contactText(contactIn(PEOPLE.chen));
  const page = await (await lin.en.post(`/desk/${LENDER}/new`, { ...fields(contact), requestId: randomId() })).text();
  return { token: tokenIn(page), id: /\/cases\/([0-9a-f]{32})/.exec(page)?.[1] ?? '' };
}

test.each([
  ['a representative’s', { capacity: 'representative', scope: 'read', until: null }],
  ['a mediator’s', { capacity: 'mediator', scope: null, until: null }],
  ['one that has ended', { capacity: 'borrower', scope: null, until: '2026-01-01T00:00:00.000Z' }],
] as const)('a seat that is not a standing borrower’s (%s) is not kept as one, and the invitation is not used up', async (_, seat) => {
  const { token, id } = await invited();
  const directory = openDirectory(portal.env);
  const account = (await directory.accountByContact(contactIn(PEOPLE.chen)))?.id ?? '';
  const lender = (await directory.lenderBySlug(LENDER))?.id ?? '';
  await directory.addSeat({ account, case: id, lender, contact: null, since: '2025-12-01T00:00:00.000Z', ...seat });
  expect((await chen.en.post(`/join/${token}`, { name: '陈建国' })).status).toBe(404);
  expect(await (await lin.en.get(`/cases/${id}`)).text()).not.toContain('joined');
  await directory.dropSeat(account, id);
  expect((await chen.en.post(`/join/${token}`, { name: '陈建国' })).headers.get('location')).toBe(`/cases/${id}`);
});

test('of two joins at once under different names both lead to the case, and the seat stays whichever came second', async () => {
  for (let round = 0; round < 6; round++) {
    const { token, id } = await invited();
    const join = (name: string) => chen.en.post(`/join/${token}`, { name });
    const answers = await Promise.all([join('陈建国'), join('陈建国先生')]);
    for (const answer of answers) expect(answer.headers.get('location')).toBe(`/cases/${id}`);
    expect((await chen.en.get(`/cases/${id}`)).status).toBe(200);
  }
  // The order of the two in which the seat is new for the one who comes second: it stands when the case was joined a moment ago.
  const { token, id } = await invited();
  await chen.en.post(`/join/${token}`, { name: '陈建国' });
  await sql(`DELETE FROM seats WHERE "case" = '${id}'`);
  expect((await chen.en.post(`/join/${token}`, { name: '陈建国先生' })).headers.get('location')).toBe(`/cases/${id}`);
  expect((await chen.en.get(`/cases/${id}`)).status).toBe(200);
});

test('the address of a form that was sent leads to its page', async () => {
  const id = randomId();
  await stage.give('chen', LENDER, id, 'case.open', { ...plainOpening(stage.today(), '明衡消费金融'), loan: { reference: 'AGAIN' } });
  for (const path of ['do/talk.message', 'typed/talk.message', 'invitation']) {
    const answer = await chen.en.get(`/cases/${id}/${path}`);
    expect(answer.headers.get('location'), path).toBe(`/cases/${id}`);
  }
  expect((await lin.en.get(`/desk/${LENDER}/typed`)).headers.get('location')).toBe(`/desk/${LENDER}/new`);
});

test('an empty time is said to be missing, not to be badly written', async () => {
  const id = randomId();
  await stage.give('chen', LENDER, id, 'case.open', { ...plainOpening(stage.today(), '明衡消费金融'), loan: { reference: 'CALL' } });
  const empty = { when: '', minutes: '', direction: 'to-lender', words: '', requestId: 'empty' };
  for (const [language, said] of [
    ['zh', '请填写这一项'],
    ['en', 'Please fill this in'],
  ] as const) {
    const html = await (await chen[language].post(`/cases/${id}/do/talk.logCall`, empty)).text();
    expect(/id="talk-logCall-when-error"[^>]*>([^<]*)/.exec(html)?.[1]).toBe(said);
  }
});

test('once agreed, the form for an offer is not held out: its page says so and leads to the agreement', async () => {
  const id = randomId();
  const opening = { ...plainOpening(stage.today(), '明衡消费金融'), loan: { reference: 'DONE' } };
  const give = (who: 'chen' | 'lin', command: string, input: unknown) => stage.give(who, LENDER, id, command, input);
  await give('chen', 'case.open', opening);
  await give('lin', 'proposal.accept', { version: 1, digest: offerDigest(opening.debt.debt, opening.proposal.terms) });
  for (const [language, said] of [
    ['zh', '双方已达成一致'],
    ['en', 'The terms are agreed'],
  ] as const) {
    const html = await (await chen[language].get(`/cases/${id}/proposals/new`)).text();
    expect(html).toContain(said);
    expect(html).toContain(`/cases/${id}/agreement"`);
    expect(html).not.toContain('do/proposal.make');
  }
});

test('an offer has one name in its line and on its card: one that replaces its own side’s is no counter-offer', async () => {
  const id = randomId();
  const opening = { ...plainOpening(stage.today(), '明衡消费金融'), loan: { reference: 'NAMES' } };
  const give = (who: 'chen' | 'lin', command: string, input: unknown) => stage.give(who, LENDER, id, command, input);
  await give('chen', 'case.open', opening);
  const terms = plainTerms(stage.today(), { phases: [{ kind: 'rest' }] });
  await give('lin', 'proposal.make', { answers: 1, terms, reasons: {}, words: '一次还清。' });
  await give('lin', 'proposal.make', { answers: 2, terms, reasons: {}, words: '一次还清，见上。' });
  for (const [language, counter, own] of [
    ['zh', '反方案 2', '方案 3'],
    ['en', 'Counter-offer 2', 'Proposal 3'],
  ] as const) {
    const html = await (await chen[language].get(`/cases/${id}`)).text();
    expect(html).toContain(`id="offer-2-title">${counter}<`);
    expect(html).toContain(`id="offer-3-title">${own}<`);
    // A plan of one payment: one day is written below its chart of payments, after the field that is drawn.
    const page = await (await chen[language].get(`/cases/${id}/proposals/3`)).text();
    const chart = page.split('<svg').findLast((one) => one.includes('class="month"')) ?? '';
    const axis = chart.split('</svg>')[1]?.replace(/<g class="month".*?<\/g>/g, '');
    expect(axis?.match(/2\d{3}(?:年|<)/g)).toHaveLength(1);
  }
});
