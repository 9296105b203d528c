import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { byText } from '../../web/telling/complaint.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { sweep } from '../../worker/jobs/sweep.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { connect } from '../../worker/store/connect.ts';
import { casebookUrl, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** Complaints through the portal: raised and answered by forms, the lender's list by its index, and the clock that passes. */

const LENDER = 'mingheng';
const en = wordsOf('en');
let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let zhou: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin, zhou] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin'), signedIn(portal, 'zhou')]);
});
afterAll(() => portal.remove());

/** A case of 陈, with a complaint that was raised so many days ago. */
async function complained(daysAgo: number): Promise<string> {
  const id = randomId();
  stage.on(daysAgo, 9);
  const opening = plainOpening(stage.today(), '明衡消费金融');
  await stage.give('chen', LENDER, id, 'case.open', { ...opening, loan: { ...opening.loan, reference: `C-${daysAgo}` } });
  const complaint = { kind: 'charges', facts: `手续费不对 ${daysAgo}`, wish: '退还', entries: [1], figures: ['debt.principal'] };
  await stage.give('chen', LENDER, id, 'complaint.raise', complaint);
  stage.on(0);
  return id;
}
const caseOf = async (id: string) => (await (await lin.get(`/api/v1/cases/${id}`)).json()) as Case;
const only = async (id: string) => (await caseOf(id)).complaints[0] ?? expect.fail('There is no complaint.');
const read = async (who: Visitor, path: string) => plainText(await (await who.get(path)).text());

test('raised by a form, it is marked wherever it stands; the lender sees its clock in the case, in its lists and on its desk; answered and accepted', async () => {
  const id = randomId();
  await stage.give('chen', LENDER, id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const page = await (await chen.get(`/cases/${id}/complaints`)).text();
  expect(page).toContain(`/cases/${id}/do/complaint.raise`);
  const blank = await chen.post(`/cases/${id}/do/complaint.raise`, { kind: 'figure', facts: '', wish: 'back', requestId: randomId() });
  expect(blank.status).toBe(422);
  expect(plainText(await blank.text())).toContain(en.issue.missing);
  const fields = {
    kind: 'figure',
    facts: 'Fees that were never agreed.',
    wish: 'Take them off.',
    figures: 'debt.principal',
    entries: ['1', '2'],
  };
  const sent = await chen.post(`/cases/${id}/do/complaint.raise`, { ...fields, requestId: randomId() });
  expect(sent.status).toBe(303);
  const complaint = await only(id);
  expect(complaint).toMatchObject({ entries: [1, 2], figures: ['debt.principal'] });
  expect(await (await lin.get(`/api/v1/cases/${id}`)).json()).toMatchObject({ disputed: { 'debt.principal': complaint.seq } });
  const by = byText(complaint, stage.today(), en);
  expect(await read(lin, `/cases/${id}`)).toContain(en.complaint.duty({ by }));
  expect(await read(chen, `/cases/${id}`)).toContain(en.complaint.theirs({ by }));
  for (const path of [`/cases/${id}/debt`, `/cases/${id}`]) expect(await read(chen, path), path).toContain(en.complaint.disputed);
  const seen = await read(lin, `/cases/${id}`);
  expect(seen.slice(seen.indexOf(en.agent.glance))).toMatch(new RegExp(`Principal ${en.complaint.disputed} ¥`));
  expect(await read(lin, `/desk/${LENDER}?show=all`)).toContain(en.complaint.listed({ by }));
  expect(await read(chen, '/cases')).toContain(en.complaint.listed({ by }));
  expect(await read(lin, `/desk/${LENDER}/complaints`)).toContain(by);
  expect((await chen.get(`/desk/${LENDER}/complaints`)).status).toBe(404);
  const answer = { complaint: complaint.seq, outcome: 'upheld', words: 'You are right.', requestId: randomId() };
  expect((await chen.post(`/cases/${id}/do/complaint.answer`, answer)).status).toBe(422);
  expect((await lin.post(`/cases/${id}/do/complaint.answer`, answer)).status).toBe(303);
  expect(await read(chen, `/cases/${id}`)).toContain(en.complaint.dutyAnswered);
  expect(await read(lin, `/desk/${LENDER}/complaints`)).toContain(en.complaint.noneWaiting);
  expect((await chen.post(`/cases/${id}/do/complaint.accept`, { complaint: complaint.seq, requestId: randomId() })).status).toBe(303);
  expect(await read(chen, `/cases/${id}/debt`)).not.toContain(en.complaint.disputed);
});

test('those that are due first stand first; once the clock has passed both sides are told, and it is taken further', async () => {
  const [late, soon] = [await complained(40), await complained(2)];
  const list = await read(zhou, `/desk/${LENDER}/complaints`);
  expect(list.indexOf('C-40')).toBeGreaterThan(0);
  expect(list.indexOf('C-40')).toBeLessThan(list.indexOf('C-2'));
  expect(list).toContain(en.complaint.late);
  // In the hours in which people may be told.
  const [year, month, day] = stage.today().split('-').map(Number);
  const noon = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, (day ?? 1) + 1, 4)).toISOString();
  await sweep({ ...portal.env, origin: portal.url, files: portal.files, carriers: { mail: null, text: null } }, noon);
  expect(await only(late)).toMatchObject({ state: 'raised', told: 'past' });
  expect((await only(soon)).told).toBeUndefined();
  const { seq } = await only(soon);
  const early = await chen.post(`/cases/${soon}/do/complaint.escalate`, { complaint: seq, to: 'regulator', requestId: randomId() });
  expect(early.status).toBe(422);
  const further = { complaint: (await only(late)).seq, to: 'regulator', requestId: randomId() };
  expect((await chen.post(`/cases/${late}/do/complaint.escalate`, further)).status).toBe(303);
  expect(await read(lin, `/cases/${late}/complaints`)).toContain(en.complaint.overseers.regulator);
});

test('an impasse: one says so, the other agrees; both see the rule and what there is, the desk marks it, and both go on again', async () => {
  const id = randomId();
  await stage.give('chen', LENDER, id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const give = (who: Visitor, command: string, words = '') => who.post(`/cases/${id}/do/${command}`, { words, requestId: randomId() });
  expect((await give(chen, 'impasse.declare')).status).toBe(422);
  expect((await give(chen, 'impasse.say', 'It goes no further.')).status).toBe(303);
  expect(await read(lin, `/cases/${id}`)).toContain(en.impasse.agreeHint);
  expect((await give(lin, 'impasse.say', 'We see it alike.')).status).toBe(303);
  for (const who of [chen, lin]) {
    const page = await read(who, `/cases/${id}`);
    for (const text of [en.impasse.rules.both, en.impasse.open, en.ways.title]) expect(page).toContain(text);
    expect(await read(who, `/cases/${id}/ways`)).toContain(who === chen ? 'Call 12348' : en.ways.prepare);
  }
  expect(await read(lin, `/desk/${LENDER}?show=all`)).toContain(en.inbox.marks.impasse);
  for (const who of [chen, lin]) expect((await give(who, 'impasse.resume')).status).toBe(303);
  expect(await read(chen, `/cases/${id}`)).not.toContain(en.impasse.open);
});

test('lists are read by their indexes', async () => {
  const lender = await openDirectory(portal.env).lenderBySlug(LENDER);
  const db = connect(casebookUrl(portal.env, lender ?? { url: '' }), portal.env.casebookToken);
  const plan = async (query: string) => JSON.stringify((await db.run(`EXPLAIN QUERY PLAN ${query}`)).rows);
  expect(await plan('SELECT * FROM cases WHERE complaint_due IS NOT NULL ORDER BY complaint_due, id LIMIT 31')).toContain(
    'cases_complaint',
  );
});
