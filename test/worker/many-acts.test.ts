import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { localTime } from '../../worker/plan/law/zone.ts';
import { inFile } from '../attack/in-file.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** What is done at once in cases that are marked in the list: by plain forms, each case answered for itself, and taken back where it can be. */

const MANY = '/desk/mingheng/many';

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let zhou: Visitor;
let shen: Visitor;
const ids: string[] = [];

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  for (let i = 0; i < 3; i++) ids.push(await opened());
  [chen, lin, zhou, shen] = await Promise.all([
    signedIn(portal, 'chen'),
    signedIn(portal, 'lin'),
    signedIn(portal, 'zhou'),
    signedIn(portal, 'shen'),
  ]);
});
afterAll(() => portal.remove());

async function opened(): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  // At whichever hour this runs, what the lender writes leaves at once.
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  return id;
}

const assignees = () =>
  inFile(portal.data, 'casebook-mingheng', (db) =>
    ids.map((id) => (db.prepare('SELECT assignee FROM cases WHERE id = ?').get(id) as { assignee: string | null }).assignee),
  );
const kinds = (id: string) =>
  inFile(portal.data, 'casebook-mingheng', (db) =>
    (db.prepare('SELECT kind FROM entries WHERE "case" = ? ORDER BY seq').all(id) as { kind: string }[]).map(({ kind }) => kind),
  );
const query = (act: string, some = ids) => `${MANY}?do=${act}${some.map((id) => `&case=${id}`).join('')}`;
const accountOf = async (who: Visitor) =>
  /name="to" value="([0-9a-f]{32})"/.exec(await (await who.get(`/cases/${ids[0]}`)).text())?.[1] ?? '';

test('each row of the list has a box, named for its case, in one form with the acts', async () => {
  const html = await (await lin.get('/desk/mingheng?show=all')).text();
  for (const id of ids) expect(html).toContain(`name="case" value="${id}" form="many"`);
  expect(html.match(/Mark 陈建国 HY-/g)?.length).toBe(3);
  // Who only looks takes away, and does no more.
  const watched = await (await shen.get('/desk/mingheng?show=all')).text();
  expect(watched).toContain('form="many"');
  expect(watched).not.toContain('value="remind"');
  expect((await shen.get(query('assign'))).status).toBe(404);
});

test('marked cases are given to somebody at once, told row by row, and taken back in one press', async () => {
  const page = await (await lin.get(query('assign'))).text();
  expect(plainText(page)).toContain('3 cases are marked');
  const to = await accountOf(lin);
  expect(page).toContain(`<option value="${to}" selected="">林静`);
  const others = await accountOf(zhou);
  await zhou.post(`/cases/${ids[2]}/do/case.assign`, { to: others, requestId: 'zhou' });
  const done = await lin.post(MANY, { do: 'assign', to, case: ids, requestId: 'r1' });
  const report = await done.text();
  expect(done.status).toBe(200);
  expect(plainText(report)).toMatch(/Done: 2\. Not done: 1\..*Given over.*Given over.*A colleague/);
  expect(assignees().slice(0, 2)).toEqual([to, to]);
  // Sent again, nothing is done twice.
  const before = inFile(portal.data, 'casebook-mingheng', (db) => db.prepare('SELECT count(*) AS n FROM entries').get());
  const again = await (await lin.post(MANY, { do: 'assign', to, case: ids, requestId: 'r1' })).text();
  expect(plainText(again)).toContain('Done: 2.');
  // Whose they were before is not known there any more: nothing that would change nothing is offered.
  expect(again).not.toContain('value="undo"');
  expect(inFile(portal.data, 'casebook-mingheng', (db) => db.prepare('SELECT count(*) AS n FROM entries').get())).toEqual(before);
  const back = [...report.matchAll(/name="(case|to)" value="([^"]+)"/g)];
  const of = (name: string) => back.flatMap(([, one, value = '']) => (one === name ? [value] : []));
  expect(of('to')).toEqual(['nobody', 'nobody']);
  const given = /name="given" value="([^"]+)"/.exec(report)?.[1] ?? '';
  const undo = { do: 'undo', given, case: of('case'), to: of('to'), requestId: 'r2' };
  // What a colleague was given since stays with them, whatever an older page says.
  await zhou.post(`/cases/${ids[1]}/do/case.assign`, { to: others, requestId: 'zhou since' });
  for (let i = 0; i < 2; i++)
    expect(plainText(await (await lin.post(MANY, undo)).text())).toMatch(/Done: 1\. Not done: 1\..*Given over.*Given on since/);
  expect(assignees()).toEqual([null, others, expect.any(String)]);
});

test('borrowers for whom something waits are reminded, others are not, and nobody twice', async () => {
  const own = await opened();
  await lin.post(`/cases/${own}/do/means.query`, { figure: 'incomes.salary', words: 'Which months?', requestId: randomId() });
  const some = [own, ids[0] ?? ''];
  const page = await (await lin.get(query('remind', some))).text();
  expect(page).toContain('Hello, something in your case is waiting for you.');
  const fields = { do: 'remind', words: 'Please have a look.', case: some, requestId: 'r3' };
  for (let i = 0; i < 2; i++) expect(plainText(await (await lin.post(MANY, fields)).text())).toMatch(/Done: 1\. Not done: 1\./);
  expect(kinds(own).filter((kind) => kind === 'talk.message')).toHaveLength(1);
  expect(kinds(ids[0] ?? '')).not.toContain('talk.message');
  expect(await (await chen.get(`/cases/${own}`)).text()).toContain('Please have a look.');
  // One whose debt is in dispute is left alone.
  await chen.post(`/cases/${own}/do/complaint.raise`, {
    ...{ kind: 'charges', facts: 'This fee is in no contract.', wish: 'Take it off.', figures: 'debt.penalty', requestId: randomId() },
  });
  expect(plainText(await (await lin.post(MANY, { ...fields, requestId: 'disputed' })).text())).toContain('Done: 0. Not done: 2.');
  expect(kinds(own).filter((kind) => kind === 'talk.message')).toHaveLength(1);
  const refused = await lin.post(MANY, { ...fields, words: '', requestId: 'r4' });
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('Please fill this in')]);
});

test('reminders that wait for the hours are taken back in one press, as long as they wait', async () => {
  const own = await opened();
  const isMorning = localTime(instant(), HOME.zone).slice(11) < '14:00';
  const hours = isMorning ? { from: 20, until: 22 } : { from: 8, until: 9 };
  await stage.give('chen', 'mingheng', own, 'contact.wish', { when: 'hours', ...hours });
  await lin.post(`/cases/${own}/do/means.query`, { figure: 'incomes.salary', words: 'Which months?', requestId: randomId() });
  const report = await (await lin.post(MANY, { do: 'remind', words: 'Please have a look.', case: own, requestId: 'r6' })).text();
  expect(plainText(report)).toMatch(/Written, and waits for the hours.*Take back what has not left \(1\)/);
  const held = /name="held" value="(\d+)"/.exec(report)?.[1] ?? '';
  const back = { do: 'take-back', case: own, held, requestId: 'r7' };
  for (let i = 0; i < 2; i++) expect(plainText(await (await lin.post(MANY, back)).text())).toMatch(/Done: 1\..*Taken back, and never sent/);
  expect(plainText(await (await lin.post(MANY, { ...back, requestId: 'r8' })).text())).toMatch(/Done: 0\. Not done: 1\./);
  for (const nonsense of ['x', '', '-1', '1e9'])
    expect((await lin.post(MANY, { ...back, held: nonsense, requestId: `r9${nonsense}` })).status).toBe(200);
  expect(kinds(own)).not.toContain('talk.message');
});

test('a reminder that may do harm is shown once before it is sent, and one that no rule allows never leaves', async () => {
  const own = await opened();
  await lin.post(`/cases/${own}/do/means.query`, { figure: 'incomes.salary', words: 'Which months?', requestId: randomId() });
  const fields = { do: 'remind', words: '你就是个骗子。', case: own, requestId: 'r5' };
  const shown = await lin.post(MANY, fields);
  expect([shown.status, await shown.text()]).toEqual([422, expect.stringContaining('name="asItIs"')]);
  const barred = await (await lin.post(MANY, { ...fields, words: '再不还就把你欠钱的事告诉你全家。' })).text();
  expect(barred).toContain('告诉你全家');
  expect(barred).not.toContain('name="asItIs"');
  expect(kinds(own)).not.toContain('talk.message');
  expect(plainText(await (await lin.post(MANY, { ...fields, asItIs: '1' })).text())).toContain('Done: 1.');
});

test('what is no case of theirs, or no act, is not found or leads back; too many are told so', async () => {
  expect((await lin.get(query('assign', ['0'.repeat(32)]))).status).toBe(404);
  expect((await lin.get(query('constructor'))).headers.get('location')).toBe('/desk/mingheng');
  expect((await lin.get(MANY)).headers.get('location')).toBe('/desk/mingheng');
  expect((await lin.post(MANY, { do: 'nothing', case: ids })).headers.get('location')).toBe('/desk/mingheng');
  for (const fields of [{ do: 'assign' }, { do: 'remind', words: 'x' }]) {
    const answer = await lin.post(MANY, fields);
    expect([answer.status, (await answer.text()).includes('No case is marked')]).toEqual([422, true]);
  }
  const gu = await signedIn(portal, 'gu');
  expect((await gu.get(query('assign'))).status).toBe(404);
});
