import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { type Language, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import type { Phase } from '../../worker/plan/terms.ts';
import { codeFor, NO_CODE, type Rig, rig } from '../portal.ts';
import { inBoth, plainText, signedIn, typedTerms, type Visitor, visitor } from './people.ts';

/** Forms that come back and pages that are read again: what is wrong is named, what was wanted is kept, and what is said fits who reads it. Without a script. */

const LENDER = 'mingheng';
const LANGUAGES = ['zh', 'en'] as const;

let portal: Rig;
let stage: Stage;
let chen: Record<Language, Visitor>;
let lin: Record<Language, Visitor>;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = [await inBoth(portal, 'chen'), await inBoth(portal, 'lin')];
});
afterAll(() => portal.remove());

const read = async (who: Visitor, path: string) => plainText(await (await who.get(path)).text());

/** The lines of the summary of a refused form. */
async function summary(answer: Response): Promise<string[]> {
  expect(answer.status).toBe(422);
  const block = /<div class="error-summary".*?<\/div>/s.exec(await answer.text())?.[0] ?? '';
  return [...block.matchAll(/<li>(.*?)<\/li>/gs)].map(([, line = '']) => plainText(line).trim());
}

async function offered(rest: Parameters<typeof plainTerms>[1] = { phases: [{ kind: 'level', count: 12 }] }) {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const terms = plainTerms(stage.today(), rest);
  await stage.give('chen', LENDER, id, 'case.open', { ...opening, proposal: { ...opening.proposal, terms } });
  return { id, digest: offerDigest(opening.debt.debt, terms) };
}

async function inForce() {
  const { id, digest } = await offered();
  await stage.give('zhou', LENDER, id, 'proposal.accept', { version: 1, digest });
  await stage.give('chen', LENDER, id, 'agreement.sign', { digest, name: PEOPLE.chen.name });
  await stage.give('zhou', LENDER, id, 'agreement.sign', { digest, name: PEOPLE.zhou.name });
  return id;
}

describe('the summary of a refused form names each field', () => {
  test.each(LANGUAGES)('%s: signing up, opening, declining', async (language) => {
    const words = wordsOf(language);
    const { account: say, colon } = words;
    const signUp = await visitor(portal, `language=${language}`).post('/sign-up', { name: '', contact: '', password: '' });
    expect(await summary(signUp)).toEqual([
      `${say.name}${colon}${words.issue.missing}`,
      `${say.contact}${colon}${say.contactBad}`,
      // What begins with the label already is not given it twice.
      language === 'zh' ? say.passwordShort : `${say.password}${colon}${say.passwordShort}`,
    ]);
    const loan = await chen[language].post(`/open/${LENDER}/loan`, { action: 'continue', 'loan.reference': '' });
    expect(await summary(loan)).toEqual([
      `${words.opening.reference}${colon}${words.issue.missing}`,
      `${words.opening.debtTotal}${colon}${words.issue.missing}`,
    ]);
    const { id } = await offered();
    const decline = await lin[language].post(`/cases/${id}/do/proposal.decline`, { version: '1', words: '', requestId: randomId() });
    expect(await summary(decline)).toEqual([
      `${words.offer.declineReasons}${colon}${words.issue.leastRows(1)}`,
      `${words.offer.declineWords}${colon}${words.issue.missing}`,
    ]);
  });

  test.each(LANGUAGES)('%s: of a plan, the stage too', async (language) => {
    const words = wordsOf(language);
    const { id } = await offered();
    const terms = {
      ...typedTerms(stage.today()),
      'terms.phases.0.kind': 'fixed',
      'terms.phases.0.amount': '100',
      'terms.phases.0.count': '2',
      'terms.phases.1.kind': 'level',
      'terms.phases.1.count': 'x',
      words: '请看。',
      requestId: randomId(),
    };
    expect(await summary(await lin[language].post(`/cases/${id}/do/proposal.make`, terms))).toEqual([
      `${words.terms.stage(2)}${words.comma}${words.terms.count}${words.colon}${words.issue.whole}`,
    ]);
  });

  test.each(LANGUAGES)('%s: picking nothing to show is said, on top and beside the list', async (language) => {
    const words = wordsOf(language);
    const { id } = await offered();
    const answer = await chen[language].post(`/cases/${id}/exports/partial.zip`, {});
    const html = await answer.clone().text();
    // A question names its part without its mark.
    const part = { zh: '展示哪些记录', en: 'Which entries do you want to show' }[language];
    expect(await summary(answer)).toEqual([`${part}${words.colon}${words.share.nothing}`]);
    expect(html).toContain('href="#show"');
    expect(html).toMatch(/id="show"[^>]*aria-describedby="show-error"/);
  });
});

describe('changing the language of a page that was sent', () => {
  const cookies = (answer: Response) => answer.headers.getSetCookie().map((one) => one.split(';')[0]);
  /** Where the link to the other language leads, and back to what. */
  const back = async (answer: Response) =>
    new URL(/href="(\/language\/[^"]*)"/.exec(await answer.text())?.[1] ?? '', portal.url).searchParams.get('back');

  test.each(LANGUAGES)('%s: where the person was going is kept while a code is asked for, wrong, and sent again', async (language) => {
    const contact = `wang-${language}@example.com`;
    const asked = await visitor(portal, `language=${language}`).post('/sign-up', {
      name: '王小雨',
      contact,
      password: 'a long pass phrase',
      next: '/open',
    });
    const at = visitor(portal, [`language=${language}`, ...cookies(asked)].join('; '));
    const confirm = '/sign-up/confirm?next=%2Fopen';
    expect(asked.headers.get('location')).toBe(confirm);
    const wrong = await at.post('/sign-up/confirm', { code: NO_CODE, next: '/open' });
    expect(await wrong.clone().text()).toContain('name="next" value="/open"');
    expect(await back(wrong)).toBe('/sign-up/confirm?again=1');
    const resent = await at.post('/sign-up/resend', { next: '/open' });
    const again = visitor(portal, [`language=${language}`, ...(cookies(resent).length > 0 ? cookies(resent) : cookies(asked))].join('; '));
    expect(await back(resent)).toBe(confirm);
    expect(await (await again.get(confirm)).text()).toContain('name="next" value="/open"');
    const arrived = await again.post('/sign-up/confirm', { code: await codeFor(portal, contact), next: '/open' });
    expect(arrived.headers.get('location')).toBe('/open');
  });

  test('a forgotten password leads there, too', async () => {
    const page = await (await visitor(portal).get('/sign-in?next=%2Fopen')).text();
    expect(page).toContain('href="/recover?next=%2Fopen"');
    const asked = await visitor(portal).post('/recover', { contact: 'nobody@example.com', next: '/open' });
    expect(asked.headers.get('location')).toBe('/recover/confirm?next=%2Fopen');
    const at = visitor(portal, ['language=en', ...cookies(asked)].join('; '));
    const wrong = await at.post('/recover/confirm', { code: '1', newPassword: 'x', next: '/open' });
    expect(await wrong.clone().text()).toContain('name="next" value="/open"');
    expect(await back(wrong)).toBe('/recover/confirm?again=1');
  });

  test('a refused form of the account leads back to the account, not to an address that only takes forms', async () => {
    const form = new URLSearchParams({ currentPassword: 'x', newPassword: 'y' });
    const refused = await chen.en.send('/account/password', form, { referer: `${portal.url}/account` });
    expect(refused.status).toBe(422);
    expect(await back(refused)).toBe('/account?again=1');
    const elsewhere = await chen.en.send('/account/password', form, { referer: 'https://elsewhere.example/account' });
    expect(await back(elsewhere)).toBe('/account?again=1');
  });
});

describe('what is typed', () => {
  test('references lose what nobody can see, so that they can be found and typed again', async () => {
    const who = chen.en;
    const at = ((await who.get(`/open/${LENDER}/new`)).headers.get('location') ?? '').replace(/\/loan$/, '');
    await who.post(`${at}/loan`, {
      action: 'continue',
      'loan.reference': '\u202dMH\u200b-2026-001\u202c',
      'loan.product': '随借\u2060随还\ufeff',
    });
    const id = randomId();
    const opening = plainOpening(stage.today(), '明衡消费金融');
    await stage.give('chen', LENDER, id, 'case.open', { ...opening, loan: { reference: 'MH\u200b-2026-001', product: '随借\u2060随还' } });
    expect(await read(lin.en, `/cases/${id}`)).toContain('MH-2026-001');
    const paid = await inForce();
    const reported = await who.post(`/cases/${paid}/do/payment.report`, {
      amount: '10',
      on: stage.today(),
      method: 'app',
      reference: 'TX\u200b1\u202c',
      requestId: randomId(),
    });
    expect(reported.status).toBe(303);
    expect(await (await who.get(`/cases/${paid}/agreement`)).text()).toMatch(/[^\u200b]TX1[^\u202c]/);
  });

  test.each(LANGUAGES)('%s: a stage more comes each time it is asked for, though the last one is still blank', async (language) => {
    const { start, firstDue } = plainTerms(stage.today(), {});
    const terms = (prefix: string, stages: number) => ({
      [`${prefix}terms.start`]: start,
      [`${prefix}terms.firstDue`]: firstDue,
      [`${prefix}terms.every`]: 'month',
      [`${prefix}terms.phases.0.kind`]: 'pause',
      [`${prefix}terms.phases.0.count`]: '2',
      ...Object.fromEntries(Array.from({ length: stages - 1 }, (_, i) => [`${prefix}terms.phases.${i + 1}.kind`, ''])),
      stages: String(stages),
      action: 'add-stage',
    });
    const count = (html: string) => html.split('class="phase"').length - 1;
    const { id } = await offered();
    const who = chen[language];
    const at = ((await who.get(`/open/${LENDER}/new`)).headers.get('location') ?? '').replace(/\/loan$/, '');
    await who.post(`${at}/loan`, { action: 'continue', 'debt.debt.asOf': stage.today(), 'debt.debt.principal': '1200' });
    for (const [path, prefix] of [
      [`/cases/${id}/proposals/new`, ''],
      [`${at}/proposal`, 'proposal.'],
    ] as const) {
      for (let stages = 1; stages < 4; stages++) {
        const html = await (await who.post(path, terms(prefix, stages))).text();
        expect(count(html)).toBe(stages + 1);
        expect(html).toContain(`name="stages" value="${stages + 1}"`);
      }
      expect(count(await (await who.post(path, { ...terms(prefix, 2), stages: '5000' })).text())).toBe(12);
    }
  });
});

describe('addresses of before', () => {
  test.each(LANGUAGES)(
    '%s: of a form that came back leads to the case; of a new proposal says that the terms are agreed or, once they bind, varies them',
    async (language) => {
      const id = await inForce();
      const led = await chen[language].get(`/cases/${id}/do/talk.message`);
      expect([led.status, led.headers.get('location')]).toEqual([303, `/cases/${id}`]);
      expect((await visitor(portal).get(`/cases/${id}/do/talk.message`)).headers.get('location')).toContain('/sign-in');
      expect((await (await signedIn(portal, 'li')).get(`/cases/${id}/do/talk.message`)).status).toBe(404);
      const { refusal, variation } = wordsOf(language);
      const said = refusal['case.under-agreement'] as string;
      const { id: open, digest } = await offered();
      const shown = async (one: string) => {
        const page = await (await chen[language].get(`/cases/${one}/proposals/new`)).text();
        return {
          says: plainText(page).includes(said),
          varies: plainText(page).includes(variation.make),
          asks: page.includes('terms.phases.0.kind'),
        };
      };
      expect(await shown(open)).toEqual({ says: false, varies: false, asks: true });
      await stage.give('zhou', LENDER, open, 'proposal.accept', { version: 1, digest });
      expect(await shown(open)).toEqual({ says: true, varies: false, asks: false });
      expect(await shown(id)).toEqual({ says: false, varies: true, asks: true });
    },
  );
});

describe('what is said fits who reads it', () => {
  test.each(LANGUAGES)('%s: parts of the debt that the lender leaves blank are none, as they are for the borrower', async (language) => {
    const words = wordsOf(language);
    const asked = await lin[language].post('/desk/mingheng/new', {
      borrowerName: '孙悦',
      contact: `sun-${language}@example.com`,
      'loan.reference': '',
      'debt.debt.asOf': stage.today(),
      'debt.debt.principal': '8800',
      'debt.debt.interest': '',
      'debt.debt.penalty': '',
      'debt.debt.fees': '',
      requestId: randomId(),
    });
    expect(await summary(asked)).toEqual([`${words.opening.reference}${words.colon}${words.issue.missing}`]);
  });

  test.each(LANGUAGES)(
    '%s: the lender is not spoken to as the borrower, nor either as who proposes what the other side did',
    async (language) => {
      const words = wordsOf(language);
      // A low stage, so that all is paid within the longest term.
      const low = (count: number): Phase[] => [
        { kind: 'fixed', amount: 10_000, count },
        { kind: 'level', count: 12 },
      ];
      const { id } = await offered({ phases: low(12) });
      const { schedule: say, terms } = words;
      const minimum = '¥200.00';
      const own = await read(chen[language], `/cases/${id}/proposals/new`);
      expect(own).toContain(terms.wordsHint);
      const counter = await read(lin[language], `/cases/${id}/proposals/new`);
      expect(counter).toContain(terms.wordsHintLender);
      expect(counter).not.toContain(terms.wordsHint);
      const asked = await read(lin[language], `/cases/${id}/proposals/1`);
      expect(asked).toContain(say.isBelowMinimum(minimum));
      expect(asked).not.toContain(say.belowMinimum(minimum));
      await stage.give('zhou', LENDER, id, 'proposal.make', {
        answers: 1,
        terms: plainTerms(stage.today(), { phases: low(10) }),
        reasons: {},
        words: '请看。',
      });
      const offer = await read(chen[language], `/cases/${id}/proposals/2`);
      expect(offer).not.toContain(say.isBelowMinimum(minimum));
      expect(offer).not.toContain(say.belowMinimum(minimum));
    },
  );

  test.each(LANGUAGES)('%s: who signed is named once; a payment that is still to come is not paid ahead', async (language) => {
    const words = wordsOf(language);
    const id = await inForce();
    const share = await read(chen[language], `/cases/${id}/share`);
    expect(share).toContain(`${PEOPLE.chen.name} ${words.entry['agreement.signed']}`);
    expect(share).not.toMatch(new RegExp(`${PEOPLE.chen.name} ${PEOPLE.chen.name}`));
    const page = await read(chen[language], `/cases/${id}/agreement`);
    expect(page).toContain(language === 'zh' ? '未到期' : 'Not yet due');
    if (language === 'en') expect(page).toMatch(/Signatures Borrower/);
  });
});
