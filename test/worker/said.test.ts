import { PDF } from '@libpdf/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { clauses, planClauses } from '../../web/telling/clauses.ts';
import { dateText, type Language, wordsOf, zoneHint } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { addDays, addMonths } from '../../worker/plan/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { type Rig, rig } from '../portal.ts';
import { inBoth, plainText, takeAway, type Visitor } from './people.ts';

/** Whatever somebody sends, accepts, signs or reports is said to them before, in the same clauses everywhere. As people read it: pages and PDFs, without a script. */

const LENDER = 'mingheng';
const LANGUAGES = ['zh', 'en'] as const;

let portal: Rig;
let stage: Stage;
let chen: Record<Language, Visitor>;
let lin: Record<Language, Visitor>;

/** Only a last instalment of a fixed amount depends on it, and no plan here ends with one. */
const { debt: OWED } = plainOpening('2026-11-24', '明衡消费金融').debt;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = [await inBoth(portal, 'chen'), await inBoth(portal, 'lin')];
});
afterAll(() => portal.remove());

const plain = (html: string) => plainText(html.replace(/<input type="hidden"[^>]*>|<div id="preview".*?<\/div>/g, ''));
const squeezed = (text: string) => text.replace(/\s/g, '');
const read = async (who: Visitor, path: string) => plain(await (await who.get(path)).text());

async function textOf(answer: Response): Promise<string> {
  const pdf = await PDF.load(new Uint8Array(await answer.arrayBuffer()));
  return squeezed((await pdf.extractText()).map((one) => one.text).join('\n'));
}

/** Terms in which nothing is plain. */
const rich = (): Terms =>
  plainTerms(stage.today(), {
    rate: { per: 'year', ppm: 36_500 },
    waive: { penalty: 15_050 },
    upfront: { due: addDays(stage.today(), 6), amount: 50_000 },
    phases: [
      { kind: 'pause', count: 2, interest: 'waived' },
      { kind: 'interest-only', count: 2 },
      { kind: 'fixed', amount: 90_000, count: 3 },
      { kind: 'rest' },
    ],
  });

async function offered(terms = rich()) {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const proposal = { ...opening.proposal, terms, reasons: { penalty: '失业，付不起。' } };
  await stage.give('chen', LENDER, id, 'case.open', { ...opening, proposal });
  return { id, terms, debt: opening.debt.debt, digest: offerDigest(opening.debt.debt, terms) };
}

async function inForce(terms?: Terms) {
  const made = await offered(terms);
  const { id, digest } = made;
  await stage.give('zhou', LENDER, id, 'proposal.accept', { version: 1, digest });
  await stage.give('chen', LENDER, id, 'agreement.sign', { digest, name: PEOPLE.chen.name });
  await stage.give('zhou', LENDER, id, 'agreement.sign', { digest, name: PEOPLE.zhou.name });
  return made;
}

describe('before a case is opened', () => {
  test.each(LANGUAGES)('%s: the last page shows all that is sent, the plan in the clauses of the offer', async (language) => {
    const who = chen[language];
    const words = wordsOf(language);
    const fresh = await who.get(`/open/${LENDER}/new`);
    const at = (fresh.headers.get('location') ?? '').replace(/\/loan$/, '');
    const step = (name: string, fields: Record<string, string>) => who.post(`${at}/${name}`, { action: 'continue', ...fields });
    const since = addMonths(stage.today(), -3);
    const until = addMonths(stage.today(), 5);
    const change = addMonths(stage.today(), 4);
    await step('loan', {
      'loan.reference': 'MH-2026-0099',
      'loan.product': '随借随还',
      'debt.debt.asOf': addDays(stage.today(), -1),
      'debt.debt.principal': '12345.67',
      'debt.debt.interest': '301.5',
      'debt.debt.penalty': '350.5',
      'debt.debt.fees': '12.8',
      'debt.rate.ppm': '15.4',
      'debt.rate.per': 'year',
    });
    await step('cause', {
      'means.cause.kind': 'job-loss',
      'means.cause.since': since,
      'means.cause.until': until,
      'means.cause.words': '公司裁员，还没有找到工作。',
    });
    await step('month', {
      'means.incomes.0.kind': 'salary',
      'means.incomes.0.amount': '5001.01',
      'means.incomes.0.every': 'fortnight',
      'means.changes.0.from': change,
      'means.changes.0.direction': 'more',
      'means.changes.0.amount': '777.77',
      'means.expenses.0.kind': 'elders',
      'means.expenses.0.amount': '1502.02',
      'means.expenses.0.every': 'month',
      'means.dependants': '3',
      'means.assets': '名下有一辆代步车',
      'means.otherDebts.0.kind': 'friends',
      'means.otherDebts.0.amount': '99.09',
      'means.otherDebts.0.every': 'week',
    });
    const files = ['第二份.png', '第一份.png'];
    const kept = { '第二份.png': 'incomes.salary', '第一份.png': 'expenses.elders' } as Record<string, string>;
    for (const name of files) {
      const form = new FormData();
      form.append('action', 'upload');
      form.append('evidence.consent', 'yes');
      form.append('figures', kept[name] ?? '');
      form.append('files', new File([picture(name)], name, { type: 'image/png' }));
      expect((await who.send(`${at}/evidence`, form)).status).toBe(303);
    }
    const listed = await read(who, `${at}/evidence`);
    const terms = { ...rich(), waive: { penalty: 35_050 } };
    const { start, firstDue, upfront } = terms;
    await step('proposal', {
      'proposal.terms.start': start,
      'proposal.terms.firstDue': firstDue,
      'proposal.terms.every': 'month',
      'proposal.terms.rate.ppm': '3.65',
      'proposal.terms.rate.per': 'year',
      'proposal.terms.interestOn': 'principal',
      'proposal.terms.dayCount': 'period',
      'proposal.terms.waive.penalty': '350.50',
      'proposal.terms.upfront.amount': '500',
      'proposal.terms.upfront.due': upfront?.due ?? '',
      'proposal.terms.phases.0.kind': 'pause',
      'proposal.terms.phases.0.count': '2',
      'proposal.terms.phases.0.interest': 'waived',
      'proposal.terms.phases.1.kind': 'interest-only',
      'proposal.terms.phases.1.count': '2',
      'proposal.terms.phases.2.kind': 'fixed',
      'proposal.terms.phases.2.amount': '900',
      'proposal.terms.phases.2.count': '3',
      'proposal.terms.phases.3.kind': 'rest',
      'proposal.reasons.penalty': '失业，付不起罚息。',
      'proposal.words': '请给我一点时间。',
      'proposal.expiresInDays': '17',
    });
    const page = await read(who, `${at}/check`);
    const day = (date: string) => dateText(words, date);
    for (const sent of [
      ...planClauses(terms, words, OWED),
      'MH-2026-0099',
      '随借随还',
      day(addDays(stage.today(), -1)),
      '¥12,345.67',
      '¥301.50',
      '¥350.50',
      '¥12.80',
      language === 'zh' ? '年利率 15.4%' : '15.4% a year',
      words.cause['job-loss'],
      day(since),
      day(until),
      '公司裁员，还没有找到工作。',
      `¥5,001.01 人民币伍仟零壹元零壹分 ${words.every.fortnight}`,
      day(change),
      '¥777.77',
      words.expenses.elders,
      '¥1,502.02',
      `${words.means.dependants} 3`,
      '名下有一辆代步车',
      words.otherDebts.friends,
      '¥99.09',
      `第二份.png ${words.evidence.supports({ figures: words.incomes.salary })}`,
      `第一份.png ${words.evidence.supports({ figures: words.expenses.elders })}`,
      `${words.terms.waiveReason(words.component.penalty)} 失业，付不起罚息。`,
      '请给我一点时间。',
      `${words.terms.validity} ${words.terms.validFor(17)}`,
    ])
      expect(page).toContain(sent);
    // While they can still be changed, too: in the order in which they were added, with what each supports.
    expect(listed).toMatch(new RegExp(`第二份\\.png.*${words.incomes.salary}.*第一份\\.png.*${words.expenses.elders}`));
    const sent = await who.post(`${at}/check`, { requestId: randomId() });
    expect(sent.status).toBe(303);
    // The offer says it in the same words.
    const offer = await read(who, `${sent.headers.get('location')?.replace('/sent', '')}/proposals/1`);
    for (const clause of planClauses(terms, words, OWED)) expect(offer).toContain(clause);
  });
});

/** A picture of its own for each name: PNG of one pixel, told apart by a comment that the portal takes out. */
function picture(name: string): Uint8Array<ArrayBuffer> {
  const one = name.startsWith('第一')
    ? 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    : 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
  return new Uint8Array(Buffer.from(one, 'base64'));
}

describe('before an offer is accepted', () => {
  test.each(LANGUAGES)(
    '%s: rate, start of interest and first instalment stand on card and offer, where it is accepted, in record and letter',
    async (language) => {
      const { id, terms } = await offered();
      const words = wordsOf(language);
      const said = planClauses(terms, words, OWED);
      const card = await read(lin[language], `/cases/${id}`);
      const html = await (await lin[language].get(`/cases/${id}/proposals/1`)).text();
      const accept = plain(html.slice(html.indexOf('class="next-step"')));
      const record = await textOf(await takeAway(lin[language], id, 'record.pdf'));
      for (const clause of said) {
        expect(card).toContain(clause);
        expect(accept).toContain(clause);
        expect(record).toContain(squeezed(clause));
      }
      const letter = await read(chen[language], `/cases/${id}/letters/new?letter=repayment-plan`);
      expect(letter).toContain(said.join(words.semicolon));
    },
  );

  test.each(LANGUAGES)('%s: a plan that begins with a pause is compared by when it is paid first', async (language) => {
    const words = wordsOf(language);
    const paused = (count: number, firstDue: string) =>
      plainTerms(stage.today(), {
        firstDue,
        phases: [
          { kind: 'pause', count, interest: 'waived' },
          { kind: 'level', count: 12 },
        ],
      });
    const [one, two] = [paused(2, addDays(stage.today(), 30)), paused(1, addDays(stage.today(), 51))];
    const { id } = await offered(one);
    await stage.give('lin', LENDER, id, 'proposal.make', { answers: 1, terms: two, reasons: {}, words: '请看。' });
    const [first, second] = [addMonths(one.firstDue, 2), addMonths(two.firstDue, 1)].map((date) => dateText(words, date));
    const compared = await read(chen[language], `/cases/${id}/compare?a=1&b=2`);
    expect(compared).toContain(`${words.terms.firstPaid} ${first} ${second}`);
    const offer = await read(chen[language], `/cases/${id}/proposals/2`);
    // In Chinese with a Chinese colon.
    expect(offer).toContain(`${words.terms.firstPaid}${words.colon.trim()} ${first} → ${second}`);
    expect(offer).not.toContain(`${words.terms.firstPaid}${language === 'zh' ? ': ' : '：'}`);
    const form = await read(chen[language], `/cases/${id}/proposals/new`);
    expect(form).toContain(words.terms.firstDueHint);
  });

  test.each(LANGUAGES)(
    '%s: whoever declines what a colleague of theirs has just accepted is told that it is this very one',
    async (language) => {
      const { id, digest } = await offered();
      await stage.give('zhou', LENDER, id, 'proposal.accept', { version: 1, digest });
      const answer = await lin[language].post(`/cases/${id}/do/proposal.decline`, {
        version: '1',
        reasons: 'other',
        words: '我写的理由。',
        requestId: randomId(),
      });
      expect(answer.status).toBe(422);
      const text = plain(await answer.text());
      expect(text).toContain(
        language === 'zh'
          ? '双方已就方案 1 达成一致，这次操作没有执行。'
          : 'Both sides have agreed on proposal 1. This action was not carried out.',
      );
      expect(text).toContain('我写的理由。');
    },
  );
});

describe('an agreement with a payment up front', () => {
  test.each(LANGUAGES)('%s: names one day from which interest runs, in page and PDF', async (language) => {
    const { id, terms, debt } = await inForce();
    const [, , , interest = ''] = clauses(debt, terms, wordsOf(language));
    expect(interest).toContain(dateText(wordsOf(language), terms.upfront?.due ?? ''));
    expect(interest).not.toMatch(/首付之前|not before/);
    expect(await read(chen[language], `/cases/${id}/agreement`)).toContain(interest);
    const pdf = await textOf(await takeAway(chen[language], id, 'agreement.pdf'));
    expect(pdf).toContain(squeezed(interest));
    // Who reads it elsewhere is told by which clock.
    expect(pdf).toMatch(language === 'zh' ? /协议已于.*（北京时间）生效/ : /Inforcesince.*\(Beijingtime\)/);
    expect(await textOf(await takeAway(chen[language], id, 'record.pdf'))).toContain(squeezed(zoneHint(wordsOf(language))));
  });

  test.each(LANGUAGES)('%s: the letters that are drafted then say what was agreed', async (language) => {
    const { id, terms } = await inForce();
    const words = wordsOf(language);
    const page = await read(chen[language], `/cases/${id}/letters/new`);
    expect(page).toContain(planClauses(terms, words, OWED).join(words.semicolon));
    expect(page).not.toContain(words.letters.kind['repayment-plan']);
    expect(page).not.toContain(words.letters.kind.reduction);
    expect(await read(lin[language], `/cases/${id}/letters/new`)).not.toContain(words.letters.kind.invitation);
    // What was written before it was agreed is not lost.
    const late = await chen[language].post(`/cases/${id}/do/talk.issueLetter`, { letter: 'reduction', words: ' ', requestId: randomId() });
    expect(late.status).toBe(422);
    expect(plain(await late.text())).toContain(words.letters.kind.reduction);
  });
});

describe('a payment of before the day of the agreed figures', () => {
  test.each(LANGUAGES)('%s: is asked about when it is reported, and explained where it is confirmed', async (language) => {
    const { id, debt } = await inForce(plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }] }));
    const { payment: say } = wordsOf(language);
    const asOf = dateText(wordsOf(language), debt.asOf);
    const who = chen[language];
    const on = addDays(debt.asOf, -4);
    const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
    const report = (html: string) =>
      who.post(`/cases/${id}/do/payment.report`, {
        amount: '6000',
        on,
        method: 'app',
        reference: '',
        requestId: randomId(),
        'shown[]': '600000',
        figuresOf: hidden(html, 'figuresOf'),
        seenDay: hidden(html, 'seenDay'),
      });
    const page = await (await who.get(`/cases/${id}/agreement`)).text();
    expect(plain(page)).toContain(say.onHint({ asOf }));
    const asked = await report(page);
    expect(asked.status).toBe(422);
    const again = await asked.text();
    expect(plain(again)).toContain(say.early({ asOf }));
    expect((await report(again)).status).toBe(303);
    const lender = lin[language];
    const seen = await (await lender.get(`/cases/${id}/agreement`)).text();
    expect(plain(seen)).toContain(say.counted({ asOf }));
    expect(plain(seen)).toContain(say.alreadyIn);
    expect(plain(seen)).not.toContain(say.dispute);
    const refused = await lender.post(`/cases/${id}/do/payment.confirm`, { payment: hidden(seen, 'payment'), requestId: randomId() });
    expect(refused.status).toBe(422);
    const why = wordsOf(language).authority.paidBefore({ asOf, text: '' }).slice(0, 40);
    expect(plain(await refused.text())).toContain(why);
  });
});
