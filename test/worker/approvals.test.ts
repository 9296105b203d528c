import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { letterTo, type Rig, rig, told } from '../portal.ts';
import { plainText, signedIn, typedTerms, type Visitor } from './people.ts';

/** An offer beyond an agent's authority, from the form to the borrower: sent for approval, queued, approved in the agent's name; seen by nobody but the lender. */

const en = wordsOf('en');
let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let zhou: Visitor;
let id: string;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin, zhou] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin'), signedIn(portal, 'zhou')]);
});
afterAll(() => portal.remove());

/** Owed are 12,000.00 of principal, 300.00 of interest, 200.00 of penalty; an agent grants none of the principal alone. */
beforeEach(async () => {
  id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
});

const WORDS = 'er-hat-wirklich-keine-arbeit';
const fields = (rest: Record<string, string> = {}) => ({
  ...typedTerms(stage.today()),
  'terms.phases.0.kind': 'level',
  'terms.phases.0.count': '24',
  'terms.waive.principal': '1000',
  words: '请您考虑这个方案。',
  requestId: randomId(),
  ...rest,
});

async function ask(who: Visitor = lin, rest: Record<string, string> = {}): Promise<string> {
  const sent = await who.post(`/cases/${id}/for-approval/proposal.make`, fields({ forApproval: WORDS, ...rest }));
  expect(sent.status, plainText(await sent.clone().text()).slice(0, 500)).toBe(303);
  return sent.headers.get('location') ?? '';
}
const approve = (who: Visitor, at: string, password = PASSWORD) =>
  who.post(`/cases/${id}/do/approval.approve`, { approval: at.split('/').at(-1) ?? '', password, requestId: randomId() });
const rowOf = () =>
  inFile(portal.data, 'casebook-mingheng', (db) => JSON.stringify(db.prepare('SELECT * FROM cases WHERE id = ?').get(id)));
const textOf = async (answer: Promise<Response>) => plainText(await (await answer).text());

describe('drawing it up', () => {
  test('the form’s bar and preview say that it needs a supervisor, by which limit and how much, and the check page sends it for approval', async () => {
    const worked = await (await lin.post(`/cases/${id}/proposals/new`, { ...fields(), action: 'work-out' })).text();
    expect(worked).toMatch(/data-bar[\s\S]*Needs a supervisor: principal given up ¥1,000\.00 beyond your limit/);
    const check = await lin.post(`/cases/${id}/proposals/check`, fields());
    expect(check.status).toBe(200);
    const html = await check.text();
    expect(html).toContain(`action="/cases/${id}/for-approval/proposal.make"`);
    for (const said of [en.approval.send, en.approval.sendHint, 'you may grant ¥0.00 alone']) expect(html).toContain(said);
    // Within the limits there is nothing of it.
    const plain = await (await lin.post(`/cases/${id}/proposals/check`, fields({ 'terms.waive.principal': '' }))).text();
    expect(plain).toContain(`action="/cases/${id}/do/proposal.make"`);
    expect(plain).not.toContain(en.approval.send);
  });
  test('what is wrong with it comes back with all that was typed', async () => {
    const refused = await lin.post(`/cases/${id}/for-approval/proposal.make`, fields({ forApproval: 'x'.repeat(2_001) }));
    expect(refused.status).toBe(422);
    const answered = await lin.post(`/cases/${id}/for-approval/proposal.make`, fields({ answers: '7' }));
    expect(answered.status).toBe(422);
    expect(await answered.text()).toContain('value="1000"');
  });
});

test('it waits in the lender’s stream; what the borrower can see is as before, to the byte; the supervisor is told, and nobody else', async () => {
  const before = rowOf();
  const pages = async () => plainText(await (await chen.get(`/cases/${id}`)).text());
  const page = await pages();
  const letters = (await openDirectory(portal.env).newestMail(1_000)).filter(({ recipient }) => recipient === PEOPLE.chen.email).length;
  const at = await ask();
  expect(at).toMatch(new RegExp(`^/cases/${id}/approvals/[0-9]+$`));
  await told(portal, id);
  await portal.sweep();
  expect(rowOf()).toBe(before);
  expect(await pages()).toBe(page);
  const all = await openDirectory(portal.env).newestMail(1_000);
  expect(all.filter(({ recipient }) => recipient === PEOPLE.chen.email).length).toBe(letters);
  expect(all.filter(({ recipient, body }) => recipient === PEOPLE.zhou.email && body.includes(`${id}#o`))).toHaveLength(1);
  expect(all.filter(({ recipient, body }) => recipient === PEOPLE.lin.email && body.includes(`${id}#o`))).toEqual([]);
  for (const path of [at, `/desk/mingheng/approvals`, `/cases/${id}/for-approval/proposal.make`]) {
    const answer = await chen.get(path);
    expect(await answer.text()).not.toContain(WORDS);
    if (path !== `/cases/${id}/for-approval/proposal.make`) expect(answer.status).toBe(404);
  }
  expect((await chen.post(`/cases/${id}/for-approval/proposal.make`, fields())).status).toBe(404);
});

test('the queue has it with figures and age; approved with a proof it is the agent’s offer, and the agent is told', async () => {
  const at = await ask();
  const queue = await textOf(zhou.get('/desk/mingheng/approvals'));
  for (const said of [PEOPLE.lin.name, 'Gives up ¥1,000.00 of the principal', 'less than an hour']) expect(queue).toContain(said);
  const page = await textOf(zhou.get(at));
  for (const said of [WORDS, '请您考虑这个方案。', en.approval.figures, en.approval.history, en.approval.approve])
    expect(page).toContain(said);
  const wrong = await approve(zhou, at, 'not the password');
  expect(wrong.status).toBe(422);
  expect((await approve(zhou, at)).status).toBe(303);
  const record = await (await chen.get(`/api/v1/cases/${id}`)).text();
  const { entries } = JSON.parse(record) as { entries: { kind: string; author: { name: string; capacity: string } }[] };
  expect(entries.at(-1)).toMatchObject({ kind: 'proposal.made', author: { name: PEOPLE.lin.name, capacity: 'agent' } });
  expect(record).not.toMatch(/approv|周岚/);
  const thread = await textOf(chen.get(`/cases/${id}`));
  expect(thread).toContain(PEOPLE.lin.name);
  expect(thread).not.toMatch(/approv|周岚/i);
  await letterTo(portal, PEOPLE.lin.email, `/cases/${id}#o`);
  expect(await textOf(zhou.get('/desk/mingheng/approvals'))).not.toContain(WORDS);
  expect(await textOf(zhou.get(at))).toContain(en.approval.none);
  expect((await approve(zhou, at)).status).toBe(422);
});

test('an approval that comes after the table moved says so and posts nothing; the schedule lapses it and tells the agent', async () => {
  const at = await ask();
  await chen.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() });
  const before = rowOf();
  expect(await textOf(zhou.get(at))).toContain(en.refusal['approval.moved-on']);
  const refused = await approve(zhou, at);
  expect(refused.status).toBe(422);
  expect(await textOf(Promise.resolve(refused))).toContain(en.refusal['approval.moved-on']);
  expect(rowOf()).toBe(before);
  await portal.sweep();
  await portal.sweep();
  expect(rowOf()).toBe(before);
  expect(await textOf(lin.get(`/cases/${id}`))).toContain(en.approval.lapsed(1));
  const own = (await (await lin.get(`/api/v1/cases/${id}/own`)).json()) as { entries: { kind: string }[] };
  expect(own.entries.map(({ kind }) => kind)).toEqual(['approval.asked', 'approval.lapsed']);
});

test('the schedule reads a case where approval waits once for each entry, and not with every run', async () => {
  const at = await ask();
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const casebook = openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' });
  const toRead = async () => (await casebook.overtaken(100)).map((one) => one.id).includes(id);
  const said = { words: '什么时候能答复？', requestId: randomId() };
  expect(await toRead()).toBe(false);
  expect((await chen.post(`/cases/${id}/do/talk.message`, said)).status).toBe(303);
  expect(await toRead()).toBe(true);
  await portal.sweep();
  expect(await toRead()).toBe(false);
  expect(await textOf(zhou.get(at))).toContain(en.approval.approve);
  await chen.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() });
  expect(await toRead()).toBe(true);
  await portal.sweep();
  expect(await textOf(lin.get(`/cases/${id}`))).toContain(en.approval.lapsed(1));
  expect(await toRead()).toBe(false);
});

test('by JSON, with the refusals of the command itself', async () => {
  const path = `/api/v1/cases/${id}/for-approval/proposal.make`;
  const send = (who: Visitor, body: unknown, at = path) => who.send(at, JSON.stringify(body), { 'content-type': 'application/json' });
  const terms = plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }], waive: { principal: 100_000 } });
  const input = { answers: 1, terms, words: '请考虑。' };
  const sent = await send(lin, { input, words: WORDS });
  expect(sent.status).toBe(201);
  expect(await sent.json()).toMatchObject({ ok: true, entries: [], own: [{ seq: 1, kind: 'approval.asked' }] });
  expect((await send(lin, { input })).status).toBe(409);
  expect((await send(lin, { input: {} })).status).toBe(422);
  expect((await send(lin, { input }, path.replace('proposal.make', 'talk.message'))).status).toBe(404);
  expect((await send(chen, { input })).status).toBe(404);
});

test('returned with words, changed by the supervisor, withdrawn by the agent', async () => {
  const at = await ask();
  expect(await textOf(lin.get(at))).toContain(en.approval.yours);
  const no = at.split('/').at(-1) ?? '';
  const changed = await (await zhou.get(`/cases/${id}/proposals/new?approval=${no}`)).text();
  for (const kept of ['value="1000.00"', '请您考虑这个方案。', 'value="24"']) expect(changed).toContain(kept);
  const returned = await zhou.post(`/cases/${id}/do/approval.return`, { approval: no, words: '本金不减。', requestId: randomId() });
  expect(returned.status).toBe(303);
  expect(await textOf(lin.get(`/cases/${id}`))).toContain('本金不减。');
  const again = await ask();
  const number = again.split('/').at(-1) ?? '';
  expect((await zhou.post(`/cases/${id}/do/approval.withdraw`, { approval: number, requestId: randomId() })).status).toBe(422);
  expect((await lin.post(`/cases/${id}/do/approval.withdraw`, { approval: number, requestId: randomId() })).status).toBe(303);
});

test('accepting beyond the authority is sent for approval from the offer’s page; figures and closing from where they are refused', async () => {
  id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const terms = plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }], waive: { principal: 100_000 } });
  await stage.give('chen', 'mingheng', id, 'case.open', {
    ...opening,
    proposal: { ...opening.proposal, terms, reasons: { principal: '失业。' } },
  });
  const html = await (await lin.get(`/cases/${id}/proposals/1`)).text();
  expect(html).toContain(`/cases/${id}/for-approval/proposal.accept`);
  expect(await (await zhou.get(`/cases/${id}/proposals/1`)).text()).toContain(`/cases/${id}/do/proposal.accept`);
  const digest = /name="digest" value="([0-9a-f]{64})"/.exec(html)?.[1] ?? '';
  const asked = await lin.post(`/cases/${id}/for-approval/proposal.accept`, { version: 1, digest, requestId: randomId() });
  expect((await approve(zhou, asked.headers.get('location') ?? '')).status).toBe(303);
  expect(await textOf(chen.get(`/cases/${id}`))).not.toMatch(/approv|周岚/i);
  id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const debt = { 'debt.asOf': stage.today(), 'debt.principal': '1000', 'debt.interest': '300', 'debt.penalty': '200', 'debt.fees': '0' };
  const refused = await lin.post(`/cases/${id}/do/debt.state`, { ...debt, words: '账面就是这些。', requestId: randomId() });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain(`formaction="/cases/${id}/for-approval/debt.state"`);
});
