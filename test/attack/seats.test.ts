import { PDF } from '@libpdf/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { handOf } from '../../db/play-whole.ts';
import { inviteAdministrator } from '../../db/tenant.ts';
import { randomId } from '../../worker/chance.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import type { Reached } from '../../worker/negotiation/seats.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { codeFor, letterTo, NO_CODE, NOTICES, type Rig, rig, trips } from '../portal.ts';
import { newcomer, signedIn, takeAway, type Visitor, visitor } from '../worker/people.ts';

/** Attacks on the borrower's seat: a lender that would sit there itself, a link in the wrong hands, one person on both sides. */

let portal: Rig;
let stage: Stage;
let gu: Visitor;
let li: Visitor;
let chen: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [gu, li, chen] = await Promise.all([signedIn(portal, 'gu'), signedIn(portal, 'li'), signedIn(portal, 'chen')]);
});
afterAll(() => portal.remove());

const FIELDS = {
  borrowerName: '孙悦',
  'loan.reference': 'PJ-SECRET-77',
  'debt.debt.asOf': '2026-11-01',
  'debt.debt.principal': '5432.10',
  'debt.debt.interest': '0',
  'debt.debt.penalty': '0',
  'debt.debt.fees': '0',
};
/** As the contract of whoever joins has it. */
const NAMED = { name: '孙悦' };
const CASE_CONTENT = /PJ-SECRET-77|5,?432|孙悦/;

/** 浦江 opens a case and invites a contact; the link that its staff are shown, and the case. */
async function invited(contact: string): Promise<{ link: string; caseId: string }> {
  const opened = await gu.post('/desk/pujiang/new', { ...FIELDS, contact, requestId: randomId() });
  const html = await opened.text();
  expect(opened.status, html).toBe(200);
  return { link: /\/join\/[\w-]+/.exec(html)?.[0] ?? '', caseId: /\/cases\/([0-9a-f]{32})/.exec(html)?.[1] ?? '' };
}

async function record(caseId: string) {
  const lender = await openDirectory(portal.env).lenderBySlug('pujiang');
  const stored = await openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' }).record(caseId);
  return stored?.entries ?? [];
}

/** A cookie more for who has asked for a code. */
async function askCode(who: Visitor, link: string): Promise<(fields: Record<string, string>) => Promise<Response>> {
  const asked = await who.post(`${link}/code`, {});
  expect(asked.status).toBe(303);
  const pending =
    asked.headers
      .getSetCookie()
      .find((one) => one.startsWith('pending='))
      ?.split(';')[0] ?? '';
  return (fields) => visitor(portal, `${who.cookie}; ${pending}`).post(link, { ...NAMED, ...fields });
}

describe('an invitation', () => {
  test('needs the borrower’s contact, goes there, and says nothing of a lender or a debt on the way', async () => {
    const refused = await gu.post('/desk/pujiang/new', { ...FIELDS, requestId: randomId() });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('id="contact-error"');
    const { link } = await invited('138 0013 8077');
    const letter = await letterTo(portal, '13800138077', link);
    expect(letter.replace(link, '')).not.toMatch(/浦江|贷|债|欠|5432/);
  });

  test('shows nothing of the case to whoever opens the link, signed in or not, and looking does not use it up', async () => {
    const { link } = await invited('13800138078');
    for (const who of [visitor(portal), li, chen, gu]) {
      for (let i = 0; i < 2; i++) {
        const html = await (await who.get(link)).text();
        expect(html).not.toMatch(CASE_CONTENT);
        expect(html).not.toContain('13800138078');
        expect(html).toContain('138****8078');
      }
    }
  });

  test('in the hands of another borrower opens nothing without the code that goes to the contact', async () => {
    const { link, caseId } = await invited('13800138079');
    expect((await li.post(link, NAMED)).status).toBe(422);
    expect((await li.post(link, { ...NAMED, code: NO_CODE })).status).toBe(422);
    const type = await askCode(li, link);
    const code = await codeFor(portal, '13800138079');
    const wrong = code === '000000' ? '000001' : '000000';
    expect((await type({ code: wrong })).status).toBe(422);
    expect((await li.get(`/cases/${caseId}`)).status).toBe(404);
    // A code that another person asked for, or for another invitation, is none here.
    const other = await invited('13800138080');
    await askCode(chen, other.link);
    expect((await type({ code: await codeFor(portal, '13800138080') })).status).toBe(422);
    expect((await record(caseId)).map(({ kind }) => kind)).not.toContain('case.joined');
  });

  test('is taken up by who reads its contact, and the record and the thread say how they were identified', async () => {
    const { link, caseId } = await invited('13800138081');
    const type = await askCode(li, link);
    const joined = await type({ code: (await codeFor(portal, '13800138081')).replace(/(...)(...)/, '$1-$2') });
    expect(joined.headers.get('location')).toBe(`/cases/${caseId}`);
    const entries = await record(caseId);
    const contentOf = (wanted: string) => entries.find(({ kind }) => kind === wanted)?.content as Record<string, Reached> | undefined;
    const [to, identified] = [contentOf('case.invited')?.to, contentOf('case.joined')?.identified];
    expect(identified).toMatchObject({ channel: 'phone', hint: '138****8081', contact: to?.contact });
    // Keyed: who has the record cannot find the number by trying all numbers.
    expect(identified?.contact).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(entries)).not.toContain('13800138081');
    expect(await (await li.get(`/cases/${caseId}`)).text()).toMatch(/identified by a code sent to the number 138\*\*\*\*8081/);
    // Used: nobody else gets in by it, nor by another invitation to the same case.
    expect((await chen.post(link, NAMED)).status).toBe(404);
    const again = await gu.post(`/cases/${caseId}/invitation`, { contact: 'chen@borrower.example' });
    expect(again.status).toBe(422);
  });

  test('to a contact that has an account is taken up by that account at once', async () => {
    const { link, caseId } = await invited('CHEN@borrower.example');
    expect((await chen.post(link, NAMED)).headers.get('location')).toBe(`/cases/${caseId}`);
  });

  test('a second one to the same person takes nothing away from who has the seat by the first: it leads to the case', async () => {
    const first = await invited('13800138085');
    const again = await gu.post(`/cases/${first.caseId}/invitation`, { contact: '13800138085' });
    const second = /\/join\/[\w-]+/.exec(await again.text())?.[0] ?? '';
    const borrower = await newcomer(portal, '13800138085');
    for (const link of [first.link, second, first.link]) {
      expect((await borrower.post(link, NAMED)).headers.get('location')).toBe(`/cases/${first.caseId}`);
      expect((await borrower.get(`/cases/${first.caseId}`)).status).toBe(200);
    }
    expect((await record(first.caseId)).filter(({ kind }) => kind === 'case.joined')).toHaveLength(1);
  });

  test('a second one to another contact is in the record; whoever comes first has the seat, the other gets nothing', async () => {
    const first = await invited('13800138082');
    const again = await gu.post(`/cases/${first.caseId}/invitation`, { contact: 'chen@borrower.example' });
    const second = /\/join\/[\w-]+/.exec(await again.text())?.[0] ?? '';
    const hints = (await record(first.caseId))
      .filter(({ kind }) => kind === 'case.invited')
      .map(({ content }) => (content as { to: { hint: string } }).to.hint);
    expect(hints).toEqual(['138****8082', 'c***@borrower.example']);
    const type = await askCode(li, first.link);
    const code = await codeFor(portal, '13800138082');
    const answers = await Promise.all([type({ code }), chen.post(second, NAMED)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404]);
    const seen = await Promise.all([li, chen].map(async (who) => (await who.get(`/cases/${first.caseId}`)).status));
    expect(seen.sort()).toEqual([200, 404]);
  });
});

test('who has joined keeps the seat, whichever links to the case they open again', async () => {
  const first = await invited('chen@borrower.example');
  const again = await gu.post(`/cases/${first.caseId}/invitation`, { contact: 'chen@borrower.example' });
  const second = /\/join\/[\w-]+/.exec(await again.text())?.[0] ?? '';
  const at = `/cases/${first.caseId}`;
  for (const link of [second, second, first.link, second]) {
    expect((await chen.post(link, NAMED)).headers.get('location')).toBe(at);
    expect((await chen.get(at)).status).toBe(200);
    expect(await (await chen.get('/cases')).text()).toContain(at);
  }
  expect((await record(first.caseId)).filter(({ kind }) => kind === 'case.joined')).toHaveLength(1);
});

describe('nobody sits on both sides', () => {
  test('staff cannot invite themselves or a colleague as the borrower', async () => {
    for (const contact of [PEOPLE.gu.email, PEOPLE.gu.email.toUpperCase()]) {
      const answer = await gu.post('/desk/pujiang/new', { ...FIELDS, contact, requestId: randomId() });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('works for the lender');
    }
  });

  test('staff cannot take up an invitation that they sent to a number they can read', async () => {
    const { link, caseId } = await invited('13800138083');
    // They are told before a code is sent, and no code does it for them: not even one that the borrower had.
    expect((await gu.post(`${link}/code`, {})).status).toBe(409);
    await letterTo(portal, '13800138083', link);
    await askCode(chen, link);
    const answer = await gu.post(link, { ...NAMED, code: await codeFor(portal, '13800138083') });
    expect([409, 422]).toContain(answer.status);
    expect((await record(caseId)).map(({ kind }) => kind)).not.toContain('case.joined');
    // It is still there for the borrower.
    const borrower = await newcomer(portal, '13800138083');
    expect((await borrower.post(link, NAMED)).headers.get('location')).toBe(`/cases/${caseId}`);
  });

  test('staff cannot open a case with their own lender as its borrower, at no step', async () => {
    expect(await (await gu.get('/open')).text()).not.toContain('/open/pujiang/');
    expect((await gu.get('/open/pujiang/loan')).status).toBe(403);
    expect((await gu.post('/open/pujiang/loan', { 'loan.reference': 'x', action: 'continue' })).status).toBe(403);
    expect((await gu.post('/open/pujiang/check', { requestId: randomId() })).status).toBe(403);
    // With another lender they are a borrower like any other.
    expect((await gu.get('/open/mingheng/loan')).status).toBe(200);
  });

  test('who has a seat with a lender, or proved a contact for one, cannot become its staff', async () => {
    const directory = openDirectory(portal.env);
    const lender = await directory.lenderBySlug('pujiang');
    if (!lender) throw new Error('浦江 is there.');
    const { link } = await invited('owner@borrower.example');
    const seated = await newcomer(portal, 'seated@borrower.example');
    const type = await askCode(seated, link);
    expect((await type({ code: await codeFor(portal, 'owner@borrower.example') })).status).toBe(303);
    const owner = await newcomer(portal, 'owner@borrower.example');
    for (const who of [seated, owner]) {
      const post = new URL(await inviteAdministrator(portal.env, lender, portal.url)).pathname;
      const answer = await who.post(post, {});
      expect(answer.status).toBe(409);
      expect(await answer.text()).toContain('both sides');
      expect((await who.get('/desk/pujiang')).status).toBe(404);
      // Not used up: it is still good for who belongs there.
      expect((await (await newcomer(portal, `${randomId()}@lender.example`)).post(post, {})).headers.get('location')).toBe('/desk/pujiang');
    }
  });

  test('not even when both are done at the same moment', async () => {
    const directory = openDirectory(portal.env);
    const lender = await directory.lenderBySlug('pujiang');
    if (!lender) throw new Error('浦江 is there.');
    const both = await newcomer(portal, 'both@borrower.example');
    const { link, caseId } = await invited('both@borrower.example');
    const post = new URL(await inviteAdministrator(portal.env, lender, portal.url)).pathname;
    const statuses = (await Promise.all([both.post(link, NAMED), both.post(post, {})])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([303, 409]);
    const account = await directory.accountByContact({ email: 'both@borrower.example' });
    const seat = (await directory.ownOf(account?.id ?? '', new Date().toISOString())).seats.some((one) => one.case === caseId);
    const staff = await directory.isStaff({ email: 'both@borrower.example' }, lender.id);
    expect([seat, staff].filter(Boolean)).toHaveLength(1);
  });
});

test('the agreement says, in both languages, by which contact the borrower was identified', async () => {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  await stage.give('chen', 'mingheng', id, 'case.open', opening);
  const digest = offerDigest(opening.debt.debt, opening.proposal.terms);
  await stage.give('lin', 'mingheng', id, 'proposal.accept', { version: 1, digest });
  for (const [language, said] of [
    ['zh', '借款人的身份由发往邮箱 c***@borrower.example 的验证码确认'],
    ['en', 'identified by a code sent to the address c***@borrower.example'],
  ] as const) {
    const hand = await handOf(portal, 'chen', language);
    expect(await (await hand(`/cases/${id}/agreement`)).text()).toContain(said);
    const bytes = new Uint8Array(await (await takeAway(await signedIn(portal, 'chen', language), id, 'agreement.pdf')).arrayBuffer());
    const text = (await (await PDF.load(bytes)).extractText()).map((one) => one.text).join('');
    expect(text.replace(/\s/g, '')).toContain(said.replace(/\s/g, ''));
  }
});

/** What is signed is anchored at once, after the answer. */
const ANCHORING = 5;

test('signing takes three round trips, the counted proof among them', async () => {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  await stage.give('chen', 'mingheng', id, 'case.open', opening);
  const digest = offerDigest(opening.debt.debt, opening.proposal.terms);
  await stage.give('lin', 'mingheng', id, 'proposal.accept', { version: 1, digest });
  const fields = { digest, name: PEOPLE.chen.name, password: PASSWORD, requestId: randomId() };
  const { count, answer } = await trips(portal, () => chen.post(`/cases/${id}/do/agreement.sign`, fields));
  expect(answer.status).toBe(303);
  expect(count - NOTICES - ANCHORING).toBe(3);
});
