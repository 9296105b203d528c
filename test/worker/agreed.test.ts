import { PDF } from '@libpdf/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { type Hand, handOf, takeAway } from '../../db/play-whole.ts';
import { clauses } from '../../web/telling/clauses.ts';
import { dateText, type Language, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { addMonths } from '../../worker/plan/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, typedTerms, type Visitor } from './people.ts';

/** What is signed, shown and compared is what was agreed and typed: seen in the portal's pages and in the text of its PDFs. */

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let reading: Record<Language, Hand>;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = [await signedIn(portal, 'chen'), await signedIn(portal, 'lin')];
  reading = { zh: await handOf(portal, 'chen', 'zh'), en: await handOf(portal, 'chen', 'en') };
});
afterAll(() => portal.remove());

const LENDER = 'mingheng';

/** A case whose opening offer has these terms. Owed are 12,500.00; 3,500.00 a month are left, 3,150.00 of which can be borne. */
async function open(rest: Partial<Terms>, changes: { from: string; direction: 'more' | 'less'; amount: number }[] = []) {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const terms = plainTerms(stage.today(), rest);
  await stage.give('chen', LENDER, id, 'case.open', {
    ...opening,
    // Each is about a loan of its own: of one that is in another case too, that case's books count.
    loan: { reference: `LOAN-${id.slice(0, 12)}` },
    means: { ...opening.means, changes },
    proposal: { ...opening.proposal, terms, reasons: { penalty: '失业。' } },
  });
  return { id, terms, debt: opening.debt.debt };
}

async function agree(rest: Partial<Terms>) {
  const opened = await open(rest);
  const digest = offerDigest(opened.debt, opened.terms);
  await stage.give('lin', LENDER, opened.id, 'proposal.accept', { version: 1, digest });
  await stage.give('chen', LENDER, opened.id, 'agreement.sign', { digest, name: '陈建国' });
  await stage.give('lin', LENDER, opened.id, 'agreement.sign', { digest, name: '林静' });
  return opened;
}

const plain = (html: string) =>
  html
    .replace(/<[^>]+>/g, '')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
const squeezed = (text: string) => text.replace(/\s/g, '');

async function textOf(answer: Response): Promise<string> {
  const pdf = await PDF.load(new Uint8Array(await answer.arrayBuffer()));
  return squeezed((await pdf.extractText()).map((one) => one.text).join('\n'));
}

describe('an agreement', () => {
  let agreed: Awaited<ReturnType<typeof agree>>;
  beforeAll(async () => {
    // The first due date is further away than a month.
    agreed = await agree({
      firstDue: addMonths(stage.today(), 2),
      waive: { penalty: 10_000 },
      phases: [
        { kind: 'pause', count: 2, interest: 'waived' },
        { kind: 'fixed', amount: 90_000, count: 3 },
        { kind: 'fixed', amount: 121_250, count: 8 },
      ],
    });
  });
  const stated = {
    zh: '宽限 2 期（{from}至{to}），期间免息；每月还 ¥900.00，共 3 期；每月还 ¥1,212.50，共 8 期',
    en: 'a pause of 2 due dates ({from} to {to}), free of interest; 3 monthly payments of ¥900.00 each; 8 monthly payments of ¥1,212.50 each',
  };
  test.each(['zh', 'en'] as const)('%s: its clauses stand in the page and in the text of the PDF, word for word', async (language) => {
    const said = clauses(agreed.debt, agreed.terms, wordsOf(language));
    const { start, firstDue } = agreed.terms;
    const [from, to] = [start, addMonths(firstDue, 1)].map((date) => dateText(wordsOf(language), date));
    const pausedAndPaid = stated[language].replace('{from}', from ?? '').replace('{to}', to ?? '');
    expect(said[2]).toContain(pausedAndPaid);
    const page = plain(await (await reading[language](`/cases/${agreed.id}/agreement`)).text());
    const text = await textOf(new Response(await takeAway(reading[language], agreed.id, 'agreement.pdf')));
    for (const clause of said) {
      expect(page).toContain(clause);
      expect(text).toContain(squeezed(clause));
    }
    const card = plain(await (await reading[language](`/cases/${agreed.id}`)).text());
    for (const part of pausedAndPaid.split(language === 'zh' ? '；' : '; ')) expect(card).toContain(part);
  });
});

describe('a plan that follows an expected change of the means', () => {
  test.each(['zh', 'en'] as const)('%s: offer, comparison and letter say the same of it', async (language) => {
    // 600 a month are left now, 3,500 from the fourth month on; 3,000 is within what can be borne then.
    const { id } = await open(
      {
        phases: [{ kind: 'fixed', amount: 30_000, count: 3 }, { kind: 'fixed', amount: 300_000, count: 3 }, { kind: 'rest' }],
      },
      [
        { from: stage.today(), direction: 'less', amount: 290_000 },
        { from: addMonths(stage.today(), 4), direction: 'more', amount: 290_000 },
      ],
    );
    await stage.give('lin', LENDER, id, 'proposal.make', {
      answers: 1,
      terms: plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }] }),
      reasons: {},
      words: '十二期。',
    });
    const words = wordsOf(language);
    const get = async (path: string) => plain(await (await reading[language](`/cases/${id}${path}`)).text());
    const fits = words.schedule.fits;
    expect(await get('/proposals/1')).toContain(fits);
    const compared = await get('/compare?a=1&b=2');
    expect(compared).toContain(fits);
    // 12,500 in twelve are 1,041.67 a month: above the 400 that can be borne until the fourth month, by 641.67.
    expect(compared).toContain(words.schedule.exceeds({ count: 3, amount: '¥641.67' }));
    expect(await get('/proposals/2')).toContain(words.schedule.exceeds({ count: 3, amount: '¥641.67' }));
    // 3,000 of the 3,500 of its own month, not of today's 600.
    expect(compared).toContain(words.compare.shareOf({ share: '85.7%', no: 4 }));
    expect(await get('/letters/new?letter=repayment-plan')).toContain(words.letters.borrower.fits);
  });
});

describe('amounts are shown as they are read, in capitals too, before they count; without a script', () => {
  const entries = async (id: string) => ((await (await chen.get(`/api/v1/cases/${id}`)).json()) as { seq: number }).seq;
  const shownOf = (html: string) => [...html.matchAll(/name="shown\[\]" value="(\d*)"/g)].map((match) => match[1] ?? '');

  test('reporting a payment: the amount offered is shown at once, another comes back to be looked at', async () => {
    const { id } = await agree({ phases: [{ kind: 'level', count: 12 }] });
    const page = await (await chen.get(`/cases/${id}/agreement`)).text();
    expect(page).toContain('¥1,041.67, 人民币壹仟零肆拾壹元陆角柒分');
    const before = await entries(id);
    const fields = { on: stage.today(), method: 'app', requestId: randomId() };
    const asked = await chen.post(`/cases/${id}/do/payment.report`, { ...fields, amount: '1.2w', 'shown[]': shownOf(page) });
    expect(asked.status).toBe(422);
    const again = await asked.text();
    expect(again).toContain('This reads as ¥12,000.00 (人民币壹万贰仟元整). If that is right, send it again');
    expect(again).toContain('value="1.2w"');
    expect(await entries(id)).toBe(before);
    const sent = await chen.post(`/cases/${id}/do/payment.report`, { ...fields, amount: '1.2w', 'shown[]': shownOf(again) });
    expect(sent.status).toBe(303);
    expect(await entries(id)).toBe(before + 1);
  });

  test('a debt: an amount with two readings is refused with both, a clear one is read back', async () => {
    const { id } = await open({ phases: [{ kind: 'level', count: 12 }] });
    const page = await (await lin.get(`/cases/${id}/debt`)).text();
    const debt = { 'debt.asOf': stage.today(), 'debt.principal': '12000', 'debt.interest': '300', 'debt.penalty': '0', 'debt.fees': '0' };
    const state = (fields: Record<string, string>, shown: string[]) =>
      lin.post(`/cases/${id}/do/debt.state`, { ...debt, words: '账面如此。', requestId: randomId(), ...fields, 'shown[]': shown });
    const twice = await state({ 'debt.interest': '1200,50' }, shownOf(page));
    expect(twice.status).toBe(422);
    expect(await twice.text()).toContain('“1200,50” can be read as 1200.50 or as 120050.00.');
    const asked = await state({ 'debt.interest': '1,200.50' }, shownOf(page));
    expect(asked.status).toBe(422);
    const again = await asked.text();
    expect(again).toContain('人民币壹仟贰佰元伍角');
    expect((await state({ 'debt.interest': '1,200.50' }, shownOf(again))).status).toBe(303);
  });

  test('a proposal: what was worked out has been seen, what was changed since has not', async () => {
    const { id } = await open({ phases: [{ kind: 'level', count: 12 }] });
    const terms = (amount: string) => ({
      ...typedTerms(stage.today()),
      'terms.phases.0.kind': 'fixed',
      'terms.phases.0.amount': amount,
      words: '每月固定。',
      requestId: randomId(),
    });
    const worked = await (await lin.post(`/cases/${id}/proposals/new`, { ...terms('1000元'), action: 'work-out' })).text();
    expect(worked).toContain('人民币壹仟元整');
    expect((await lin.post(`/cases/${id}/do/proposal.make`, { ...terms('1500'), 'shown[]': shownOf(worked) })).status).toBe(422);
    expect((await lin.post(`/cases/${id}/do/proposal.make`, { ...terms('1000元'), 'shown[]': shownOf(worked) })).status).toBe(303);
  });

  test('means, and a case opened for a borrower, too', async () => {
    const { id } = await open({ phases: [{ kind: 'level', count: 12 }] });
    const statement = {
      'means.cause.kind': 'job-loss',
      'means.cause.since': addMonths(stage.today(), -1),
      'means.cause.words': '失业。',
      'means.incomes.0.kind': 'salary',
      'means.incomes.0.amount': '5,200',
      'means.incomes.0.every': 'month',
      'means.dependants': '0',
      requestId: randomId(),
    };
    const means = await chen.post(`/cases/${id}/do/means.submit`, { ...statement, 'shown[]': [''] });
    expect(means.status).toBe(422);
    const again = await means.text();
    expect(again).toContain('人民币伍仟贰佰元整');
    expect((await chen.post(`/cases/${id}/do/means.submit`, { ...statement, 'shown[]': shownOf(again) })).status).toBe(303);
    const desk = await lin.post('/desk/mingheng/new', {
      borrowerName: '孙悦',
      'loan.reference': 'MH-9',
      'debt.debt.asOf': stage.today(),
      'debt.debt.principal': '8800',
      'debt.debt.interest': '0',
      'debt.debt.penalty': '0',
      'debt.debt.fees': '0',
      requestId: randomId(),
      'shown[]': [''],
    });
    expect(desk.status).toBe(422);
    expect(await desk.text()).toContain('人民币捌仟捌佰元整');
  });

  test('opening a case: the last page before it is sent shows every amount so', async () => {
    const step = (name: string, fields: Record<string, string>) => chen.post(`/open/mingheng/${name}`, { action: 'continue', ...fields });
    const { start, firstDue } = plainTerms(stage.today(), {});
    await step('loan', {
      'loan.reference': 'MH-7',
      'debt.debt.asOf': stage.today(),
      'debt.debt.principal': '1.2万',
      'debt.debt.interest': '300',
    });
    await step('cause', { 'means.cause.kind': 'job-loss', 'means.cause.since': stage.today(), 'means.cause.words': '失业。' });
    await step('month', {
      'means.incomes.0.kind': 'salary',
      'means.incomes.0.amount': '5000',
      'means.incomes.0.every': 'month',
      'means.dependants': '0',
    });
    await step('proposal', {
      'proposal.terms.start': start,
      'proposal.terms.firstDue': firstDue,
      'proposal.terms.every': 'month',
      'proposal.terms.rate.ppm': '0',
      'proposal.terms.rate.per': 'year',
      'proposal.terms.interestOn': 'principal',
      'proposal.terms.dayCount': 'period',
      'proposal.terms.upfront.amount': '1000',
      'proposal.terms.upfront.due': stage.today(),
      'proposal.terms.phases.0.kind': 'fixed',
      'proposal.terms.phases.0.amount': '950.50',
      'proposal.words': '按月还清。',
    });
    const check = await (await chen.get('/open/mingheng/check')).text();
    for (const upper of ['壹万贰仟元整', '叁佰元整', '壹万贰仟叁佰元整', '伍仟元整', '壹仟元整', '玖佰伍拾元伍角'])
      expect(check).toContain(`人民币${upper}`);
  });
});

describe('letters', () => {
  test('an agent issues none in the borrower’s name, by form or by API; its own names sender and addressee', async () => {
    const { id } = await open({ phases: [{ kind: 'level', count: 12 }] });
    await stage.give('chen', LENDER, id, 'contact.wish', { when: 'any' });
    const page = await (await lin.get(`/cases/${id}/letters/new?letter=reduction`)).text();
    expect(page).not.toContain('My name is');
    expect(page).toContain('Confirmation of what is owed');
    const form = await lin.post(`/cases/${id}/do/talk.issueLetter`, {
      letter: 'reduction',
      words: '本人恳请减免。',
      requestId: randomId(),
    });
    expect(form.status).toBe(422);
    expect(await form.text()).toContain('Letters of this kind are issued by the other side');
    const json = JSON.stringify({ letter: 'reduction', words: '本人恳请减免。' });
    const api = await lin.send(`/api/v1/cases/${id}/commands/talk.issueLetter`, json, { 'content-type': 'application/json' });
    expect([api.status, ((await api.json()) as { type: string }).type]).toEqual([409, 'urn:heyi:problem:letter.not-yours']);
    const sent = await lin.post(`/cases/${id}/do/talk.issueLetter`, { letter: 'answer', words: '同意。', requestId: randomId() });
    const seq = /#e(\d+)$/.exec(sent.headers.get('location') ?? '')?.[1];
    const text = await textOf(await chen.get(`/cases/${id}/letters/${seq}.pdf`));
    expect(text).toContain('Issuedby:明衡消费金融,林静,agent');
    expect(text).toContain('To:陈建国');
    expect(text).toContain('同意。');
  });
});
