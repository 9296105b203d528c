import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { type Rig, rig } from '../portal.ts';
import { invited, plainText, planIn, signedIn, type Visitor } from './people.ts';

/** An invited borrower walks the steps of one who begins: what the lender stated is there, and what they say goes into that case in one go. */

const words = wordsOf('en');
let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = [await signedIn(portal, 'chen'), await signedIn(portal, 'lin')];
});
afterAll(() => portal.remove());

const html = async (answer: Promise<Response> | Response) => (await answer).text();
const LEADS = /<a class="button primary" href="([^"]+)"/;
const todo = async (id: string) => /<section class="next-step"[\s\S]*?<\/section>/.exec(await html(chen.get(`/cases/${id}`)))?.[0] ?? '';

async function joined(): Promise<{ id: string; at: string; debt: Record<string, string> }> {
  const { id, debt } = await invited(portal, stage.today());
  return { id, at: `/open/mingheng/${id}`, debt };
}

/** All but the first step. */
async function rest(at: string): Promise<string> {
  await chen.post(`${at}/cause`, { 'means.cause.kind': 'job-loss', 'means.cause.since': '2026-01-01', 'means.cause.words': 'THE-CAUSE' });
  const salary = { 'means.incomes.0.kind': 'salary', 'means.incomes.0.amount': '3000', 'means.incomes.0.every': 'month' };
  await chen.post(`${at}/month`, { ...salary, 'means.dependants': '0' });
  const plan = planIn(await html(chen.get(`${at}/proposal`)));
  const answer = await chen.post(`${at}/proposal`, { ...plan, action: 'continue' });
  expect(answer.headers.get('location')).toBe(`${at}/check`);
  return html(chen.get(`${at}/check`));
}

/** The fields by which the page of the check says what it has shown. */
const sentBy = (page: string) =>
  Object.fromEntries(
    ['requestId', 'digest', 'answers'].map((name) => [name, new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '']),
  );

test('the first item leads to the steps; figures that are right are confirmed, and all goes into the case at once', async () => {
  const { id, at } = await joined();
  expect(LEADS.exec(await todo(id))?.[1]).toBe(`/cases/${id}/begin`);
  expect((await chen.get(`/cases/${id}/begin`)).headers.get('location')).toBe(`${at}/loan`);
  const first = await html(chen.get(`${at}/loan`));
  for (const text of [words.opening.owedQuestion, '¥5,300.00', 'INV-']) expect(plainText(first)).toContain(text);
  expect((await chen.post(`${at}/loan`, { 'owed.total': '530000' })).status).toBe(422);
  const answered = await chen.post(`${at}/loan`, { 'owed.as': 'agree', 'owed.total': '530000' });
  expect(answered.headers.get('location')).toBe(`${at}/cause`);
  const page = await rest(at);
  for (const text of ['THE-CAUSE', '¥5,000.00', words.opening.owedAnswers.agree]) expect(plainText(page)).toContain(text);
  // Nothing is sent before; what was begun waits in the list, and is gone on with where it was left.
  expect(await html(lin.get(`/cases/${id}`))).not.toContain('THE-CAUSE');
  expect(await html(chen.get('/cases'))).toContain(`${at}/check`);
  expect((await chen.get(`/cases/${id}/begin`)).headers.get('location')).toBe(`${at}/check`);
  const sent = await chen.post(`${at}/check`, sentBy(page));
  expect(sent.headers.get('location')).toBe(`/cases/${id}/sent`);
  expect(await html(chen.get(`/cases/${id}/sent`))).toContain('class="page-title"');
  const record = await html(lin.get(`/api/v1/cases/${id}`));
  for (const kind of ['debt.confirmed', 'means.submitted', 'proposal.made']) expect(record).toContain(`"${kind}"`);
  expect(await html(chen.get('/cases'))).not.toContain(at);
  expect((await chen.get(`${at}/loan`)).headers.get('location')).toBe(`/cases/${id}`);
  expect((await chen.get(`/cases/${id}/begin`)).headers.get('location')).toBe(`/cases/${id}`);
});

test('figures that differ are disputed with one’s own, and why', async () => {
  const { id, at, debt } = await joined();
  const own = { ...debt, 'owed.as': 'differ', 'owed.total': '530000', 'debt.debt.interest': '100' };
  const refused = await chen.post(`${at}/loan`, own);
  const page = await refused.text();
  expect(refused.status).toBe(422);
  expect(page).toContain('id="owed.words-error"');
  await chen.post(`${at}/loan`, { ...own, 'owed.words': 'Two hundred were paid in May.' });
  const shown = await rest(at);
  for (const text of ['¥5,100.00', 'Two hundred were paid in May.']) expect(plainText(shown)).toContain(text);
  expect((await chen.post(`${at}/check`, sentBy(shown))).status).toBe(303);
  const thread = plainText(await html(lin.get(`/cases/${id}`)));
  for (const text of ['Two hundred were paid in May.', 'THE-CAUSE']) expect(thread).toContain(text);
});

test('nothing is sent on other figures than were shown', async () => {
  const { id, at } = await joined();
  await chen.post(`${at}/loan`, { 'owed.as': 'agree', 'owed.total': '530000' });
  const page = await rest(at);
  const debt = { asOf: stage.today(), currency: 'CNY', principal: 500_000, interest: 40_000, penalty: 0, fees: 0 };
  await stage.give('lin', 'mingheng', id, 'debt.state', { debt, words: 'Interest to this day.' });
  const answer = await chen.post(`${at}/check`, sentBy(page));
  expect(answer.status).toBe(422);
  expect(plainText(await answer.text())).toContain(plainText(String(words.refusal['debt.changed'])));
  expect(await html(lin.get(`/cases/${id}`))).not.toContain('THE-CAUSE');
});

test('the steps of a case are its borrower’s alone', async () => {
  const { id } = await joined();
  const other = await signedIn(portal, 'wang');
  expect((await other.get(`/cases/${id}/begin`)).status).toBe(404);
  // A draft of theirs under that name is one of their own, with nothing of the case in it.
  expect(await html(other.get(`/open/mingheng/${id}/loan`))).not.toContain('¥5,300.00');
  expect((await lin.get(`/cases/${id}/begin`)).headers.get('location')).toBe(`/cases/${id}`);
});

test('files go into the case, which is there already: the last page leads to where, and shows those that are', async () => {
  const { id, at } = await joined();
  expect((await chen.get(`${at}/evidence`)).headers.get('location')).toBe(`/cases/${id}/evidence`);
  await chen.post(`${at}/loan`, { 'owed.as': 'agree', 'owed.total': '530000', action: 'continue' });
  const sha256 = await stage.upload('chen', 'mingheng', id, 'Payslip', ['Net pay: 3,000.00']);
  await stage.give('chen', 'mingheng', id, 'evidence.add', { files: [{ sha256 }], consent: true });
  const page = await rest(at);
  expect(page).toContain(`href="/cases/${id}/evidence"`);
  expect(plainText(page)).toContain('Payslip.pdf');
});
