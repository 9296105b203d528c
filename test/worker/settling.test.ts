import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { dateText, money, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { leftReference } from '../plan/reference.ts';
import { type Rig, rig } from '../portal.ts';
import { inBoth, plainText, signedIn, takeAway, type Visitor } from './people.ts';

/** Paying early over HTTP: the day is chosen in a form, what settles it is paid and confirmed, and nothing is left over. */

const LENDER = 'mingheng';
let portal: Rig;
let stage: Stage;
let lin: Visitor;
let chen: Record<'zh' | 'en', Visitor>;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [lin, chen] = await Promise.all([signedIn(portal, 'lin'), inBoth(portal, 'chen')]);
});
afterAll(() => portal.remove());

/** An agreement of forty days ago, whose first instalment was paid on its day, at 12 % a year. */
async function running() {
  const id = randomId();
  stage.on(40);
  const start = stage.today();
  const opening = plainOpening(start, '明衡消费金融');
  const { debt } = opening.debt;
  const terms = {
    ...plainTerms(start, { firstDue: addDays(start, 30), phases: [{ kind: 'level', count: 12 }] }),
    rate: { per: 'year' as const, ppm: 120_000 },
  };
  const loan = { reference: `EARLY-${id.slice(0, 8)}` };
  await stage.give('chen', LENDER, id, 'case.open', { ...opening, loan, proposal: { ...opening.proposal, terms } });
  const digest = offerDigest(debt, terms);
  await stage.give('zhou', LENDER, id, 'proposal.accept', { version: 1, digest });
  for (const who of ['chen', 'zhou'] as const) await stage.give(who, LENDER, id, 'agreement.sign', { digest, name: PEOPLE[who].name });
  stage.on(10);
  const paid = [{ on: stage.today(), amount: 110_000 }];
  await stage.give('zhou', LENDER, id, 'payment.report', { ...paid[0], method: 'app' });
  stage.on(0);
  return { id, debt, terms, paid };
}

/** What ends it on a day, worked out day by day in BigInt. */
function settleBy(...of: Parameters<typeof leftReference>): number {
  const left = leftReference(...of);
  return 'settle' in left ? left.settle : expect.fail();
}

describe.each(['zh', 'en'] as const)('%s', (language) => {
  const words = wordsOf(language);
  const { payment: say } = words;

  test('the amount of today and of any day stands in the case and in the agreement; a day that cannot be comes back with why', async () => {
    const { id, debt, terms, paid } = await running();
    const today = stage.today();
    for (const place of ['', '/agreement']) {
      const shown = async (day?: string) =>
        plainText(await (await chen[language].get(`/cases/${id}${place}${day === undefined ? '' : `?settle=${day}`}`)).text());
      for (const day of [undefined, today, addDays(today, 1), addDays(today, 100)]) {
        const on = day ?? today;
        const settle = settleBy(debt, terms, paid, on);
        expect(await shown(day)).toContain(say.settleOn({ date: dateText(words, on), amount: money(settle) }));
      }
      const last = addDays(terms.start, 1_000);
      for (const day of [addDays(today, -1), last, '2026-02-30', 'constructor', '']) {
        const answer = await chen[language].get(`/cases/${id}${place}?settle=${day}`);
        const page = await answer.text();
        expect(answer.status).toBe(200);
        expect(page).toContain('name="settle"');
        expect(page).toContain(`value="${day}"`);
        expect(plainText(page)).toContain(say.settleDay({ from: dateText(words, today), to: '' }).slice(0, 6));
      }
    }
  });

  test('0.01 less does not end it; the last 0.01 does, and nothing is late, due or left over anywhere', async () => {
    const { id, debt, terms, paid } = await running();
    const today = stage.today();
    const settle = settleBy(debt, terms, paid, today);
    const pay = async (fen: number) => {
      const amount = (fen / 100).toFixed(2);
      const fields = { amount, on: today, method: 'bank-transfer', 'shown[]': String(fen), requestId: randomId() };
      const reported = await chen[language].post(`/cases/${id}/do/payment.report`, fields);
      expect(reported.status).toBe(303);
      const { payments } = (await (await lin.get(`/api/v1/cases/${id}`)).json()) as { payments: { seq: number }[] };
      const confirmed = await lin.post(`/cases/${id}/do/payment.confirm`, { payment: payments.at(-1)?.seq ?? 0, requestId: randomId() });
      expect(confirmed.status).toBe(303);
    };
    const stageOf = async () => ((await (await lin.get(`/api/v1/cases/${id}`)).json()) as { stage: string }).stage;
    await pay(settle - 1);
    expect(await stageOf()).toBe('in-force');
    const short = plainText(await (await chen[language].get(`/cases/${id}/agreement`)).text());
    expect(short).toContain(say.settleOn({ date: dateText(words, today), amount: money(1) }));
    await pay(1);
    expect(await stageOf()).toBe('completed');
    for (const who of [chen[language], lin]) {
      const page = await (await who.get(`/cases/${id}/agreement`)).text();
      expect(page).not.toContain('id="settle"');
      expect(page).not.toContain('move.ask');
    }
    const page = plainText(await (await chen[language].get(`/cases/${id}/agreement`)).text());
    expect(page).toContain(`${say.settledOn} ${dateText(words, today)}`);
    expect(page).toContain(words.settlement.lead);
    expect(page).not.toContain(say.overpaid);
    const list = plainText(await (await chen[language].get('/cases')).text());
    expect(list).toContain(words.stage.completed);
    expect(await rebuild(portal.env, LENDER, false)).toMatchObject({ differences: [], broken: [] });
  });
});

test('two of the lender’s people sign the settlement letter at once: there is one (10 rounds)', async () => {
  const zhou = await signedIn(portal, 'zhou');
  for (let round = 0; round < 10; round++) {
    const { id, debt, terms, paid } = await running();
    const amount = settleBy(debt, terms, paid, stage.today());
    await stage.give('zhou', LENDER, id, 'payment.report', { amount, on: stage.today(), method: 'cash' });
    const issue = (who: Visitor, name: string) =>
      who.post(`/cases/${id}/do/settlement.issue`, { name, password: PASSWORD, requestId: randomId() });
    const both = [() => issue(lin, PEOPLE.lin.name), () => issue(zhou, PEOPLE.zhou.name)];
    const answers = await Promise.all((round % 2 === 0 ? both : both.reverse()).map((one) => one()));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    const record = (await (await takeAway(lin, id, 'record.json')).json()) as { entries: { kind: string }[] };
    expect(record.entries.filter(({ kind }) => kind === 'settlement.issued')).toHaveLength(1);
  }
});

test('who opens a case states the end of the identity number, never more; the agreement names it', async () => {
  const today = stage.today();
  const loan = { 'loan.reference': `ID-${randomId().slice(0, 6)}` };
  const debt = {
    'debt.debt.asOf': today,
    'debt.debt.principal': '5000',
    'debt.debt.interest': '',
    'debt.debt.penalty': '',
    'debt.debt.fees': '',
  };
  const begun = { borrowerName: PEOPLE.chen.name, contact: PEOPLE.chen.email ?? '', ...loan, ...debt, 'shown[]': ['500000', '', '', ''] };
  // The field cuts nothing: four letters of a number that was pasted whole would be its first.
  expect(await (await lin.get(`/desk/${LENDER}/new`)).text()).toMatch(/<input[^>]*name="loan.identity"(?![^>]*maxlength)/);
  const whole = await lin.post(`/desk/${LENDER}/new`, { ...begun, 'loan.identity': '11010119900307402x', requestId: randomId() });
  expect(whole.status).toBe(422);
  expect(await whole.text()).toContain('Enter the last four characters only');
  const opened = await lin.post(`/desk/${LENDER}/new`, { ...begun, 'loan.identity': '402x', requestId: randomId() });
  const token = /\/join\/([\w-]+)/.exec(await opened.text())?.[1] ?? '';
  const joined = await chen.zh.post(`/join/${token}`, { name: PEOPLE.chen.name });
  const id = /[0-9a-f]{32}/.exec(joined.headers.get('location') ?? '')?.[0] ?? '';
  expect(await (await chen.zh.get(`/cases/${id}`)).text()).toContain('402X');
  const terms = plainTerms(today, { phases: [{ kind: 'level', count: 6 }] });
  const made = { answers: null, terms, reasons: {}, words: '六期。' };
  await stage.give('chen', LENDER, id, 'proposal.make', made);
  const { offers } = (await (await lin.get(`/api/v1/cases/${id}`)).json()) as { offers: { digest: string }[] };
  const shown = plainText(await (await lin.get(`/cases/${id}/proposals/1`)).text());
  expect(shown).toContain('whose identity number ends in 402X');
  await stage.give('zhou', LENDER, id, 'proposal.accept', { version: 1, digest: offers[0]?.digest });
  expect(plainText(await (await chen.zh.get(`/cases/${id}/agreement`)).text())).toContain('身份证件号码后四位 402X，姓名与借款合同一致');
});

/** Where the list of what the reader has to do leads to, with the part of that page by its id. */
async function ledTo(who: Visitor, id: string, place: string) {
  const html = await (await who.get(`/cases/${id}`)).text();
  const list = /<section class="next-step"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
  const anchor = new RegExp(`href="/cases/${id}${place}#([\\w-]+)"`).exec(list)?.[1] ?? '';
  const page = await (await who.get(`/cases/${id}${place}`)).text();
  return { anchor, part: page.split(`id="${anchor}"`)[1]?.slice(0, 2_000) ?? '' };
}

test('what is due leads to the form that reports it, and a reported payment and a request to the very one', async () => {
  const { id } = await running();
  stage.on(0);
  const pay = await ledTo(chen.zh, id, '/agreement');
  expect(pay.anchor).toBe('report');
  expect(pay.part).toContain('/do/payment.report');
  await stage.give('chen', LENDER, id, 'payment.report', { amount: 12_300, on: stage.today(), method: 'app' });
  const reported = await ledTo(lin, id, '/agreement');
  expect(reported.anchor).toMatch(/^payment-\d+$/);
  expect(plainText(reported.part)).toContain('¥123.00');
  expect(plainText(reported.part)).toContain(wordsOf('en').payment.confirm);
  // A little of the first instalment is late: the form is unfolded for whoever owes it, and for nobody else.
  const unfolded = async (who: Visitor) => /<details id="report" open/.test(await (await who.get(`/cases/${id}/agreement`)).text());
  expect(await Promise.all([chen.zh, lin].map(unfolded))).toEqual([true, false]);
});

test('who can vary nothing reads of no variation', async () => {
  const { id } = await running();
  const shen = await signedIn(portal, 'shen', 'zh');
  const { title } = wordsOf('zh').variation;
  const read = async (who: Visitor) => plainText(await (await who.get(`/cases/${id}/agreement`)).text());
  expect(await read(shen)).not.toContain(title);
  expect(await read(chen.zh)).toContain(title);
});
