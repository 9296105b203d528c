import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { wordsOf } from '../../web/words/index.ts';
import { readCarriers } from '../../worker/carriers.ts';
import { randomId } from '../../worker/chance.ts';
import { announceNow } from '../../worker/execute/announce.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** Who sees to a case, from the form to who is told: in the lender's private stream, with a column of the case's row that lists find it by. */

const en = wordsOf('en');
let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let zhou: Visitor;
let accounts: Map<string, string>;
let id: string;

const accountOf = async (who: 'lin' | 'zhou' | 'fang') =>
  (await openDirectory(portal.env).accountByContact({ email: PEOPLE[who].email }))?.id ?? '';

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin, zhou] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin'), signedIn(portal, 'zhou')]);
  accounts = new Map(await Promise.all((['lin', 'zhou', 'fang'] as const).map(async (who) => [who, await accountOf(who)] as const)));
});
afterAll(() => portal.remove());
beforeEach(async () => {
  id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await leave();
});

const assign = (who: Visitor, to: string, caseId = id) => who.post(`/cases/${caseId}/do/case.assign`, { to, requestId: randomId() });
const rowOf = () => inFile(portal.data, 'casebook-mingheng', (db) => db.prepare('SELECT assignee, team FROM cases WHERE id = ?').get(id));
const textOf = async (answer: Promise<Response>) => plainText(await (await answer).text());

/** All notices leave; to whom of the lender one went that is about this case. */
async function leave(): Promise<string[]> {
  const directory = openDirectory(portal.env);
  const lender = (await directory.lenderBySlug('mingheng')) ?? expect.fail();
  await announceNow({ ...portal.env, origin: portal.url, carriers: readCarriers({}) }, lender);
  const letters = inFile(portal.data, 'directory', (db) => db.prepare('SELECT account FROM mail WHERE about = ?').all(id)) as {
    account: string;
  }[];
  const names = new Map([...accounts].map(([who, account]) => [account, who]));
  return letters.flatMap(({ account }) => names.get(account) ?? []).sort();
}

test('taken in one press: the page says whose it is, the row knows it, and the borrower sees nothing of it, to the byte', async () => {
  const read = async () => [await (await chen.get(`/api/v1/cases/${id}`)).text(), await textOf(chen.get(`/cases/${id}`))];
  const before = await read();
  expect(await (await lin.get(`/cases/${id}`)).text()).toContain(`name="to" value="${accounts.get('lin')}"`);
  const taken = await assign(lin, accounts.get('lin') ?? '');
  expect([taken.status, taken.headers.get('location')]).toEqual([303, `/cases/${id}#o1`]);
  const page = await textOf(lin.get(`/cases/${id}`));
  expect(page).toContain(`${en.assignment.title}: 林静`);
  expect(page).not.toContain(en.assignment.take);
  expect(rowOf()).toEqual({ assignee: accounts.get('lin'), team: null });
  expect(await read()).toEqual(before);
  expect([(await chen.get(`/cases/${id}/assign`)).status, (await assign(chen, 'nobody')).status]).toEqual([404, 422]);
});

test('what a colleague has a supervisor gives on; an agent is told so, with what they chose', async () => {
  await assign(zhou, accounts.get('zhou') ?? '');
  const refused = await assign(lin, accounts.get('lin') ?? '');
  expect([refused.status, plainText(await refused.text())]).toEqual([422, expect.stringContaining('Only a supervisor can give it')]);
  expect(await textOf(lin.get(`/cases/${id}/assign`))).toContain(en.assignment.notYours);
  const given = await assign(zhou, accounts.get('lin') ?? '');
  expect(given.status).toBe(303);
  const unknown = await assign(zhou, '0'.repeat(32));
  expect([unknown.status, plainText(await unknown.text())]).toEqual([422, expect.stringContaining('Choose from the list')]);
  const json = await zhou.send(`/api/v1/cases/${id}/commands/case.assign`, JSON.stringify({ to: 'nobody' }), {
    'content-type': 'application/json',
  });
  expect([json.status, await json.json()]).toEqual([
    201,
    expect.objectContaining({ entries: [], own: [expect.objectContaining({ seq: 3 })] }),
  ]);
});

test('while it is nobody’s all who work there are told, then the one who sees to it alone, who is told of being given it too', async () => {
  // The opening was told to everybody.
  expect(await leave()).toEqual(['fang', 'lin', 'zhou']);
  await assign(zhou, accounts.get('lin') ?? '');
  expect(await leave()).toEqual(['fang', 'lin', 'lin', 'zhou']);
  await chen.post(`/cases/${id}/do/talk.message`, { words: '请问收到了吗？', requestId: randomId() });
  expect(await leave()).toEqual(['fang', 'lin', 'lin', 'lin', 'zhou']);
  // What waits for approval still reaches whoever may approve, and whoever takes a case is told nothing of it.
  await assign(zhou, 'nobody');
  await assign(lin, accounts.get('lin') ?? '');
  expect(await leave()).toEqual(['fang', 'lin', 'lin', 'lin', 'zhou']);
});

test('a borrower who writes at the same moment takes nothing of it back', async () => {
  const talk = () => chen.post(`/cases/${id}/do/talk.message`, { words: '在吗？', requestId: randomId() });
  const all = await Promise.all([talk(), assign(lin, accounts.get('lin') ?? ''), talk(), talk()]);
  expect(all.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
  expect(rowOf()).toEqual({ assignee: accounts.get('lin'), team: null });
});

test('a row that says otherwise than the stream is found, and put right', async () => {
  await assign(lin, accounts.get('lin') ?? '');
  const faults = async () =>
    (await audit(portal.env, portal.files, 'mingheng')).faults.filter((one) => one.case === id).map(({ code, column }) => [code, column]);
  expect(await faults()).toEqual([]);
  inFile(portal.data, 'casebook-mingheng', (db) => db.prepare(`UPDATE cases SET assignee = 'x', team = 'y' WHERE id = ?`).run(id));
  expect(await faults()).toEqual([
    ['column', 'assignee'],
    ['column', 'team'],
    ['column', 'inbox'],
  ]);
  expect((await rebuild(portal.env, 'mingheng', true)).differences.filter((one) => one.case === id)).toMatchObject([
    { columns: ['inbox'] },
    { side: 'lender', columns: ['assignee', 'team'] },
  ]);
  expect([await faults(), rowOf()]).toEqual([[], { assignee: accounts.get('lin'), team: null }]);
});

test('somebody who has left sees to nothing: the others hear of it again, and may take it', async () => {
  await assign(zhou, accounts.get('lin') ?? '');
  const before = (await leave()).length;
  const fang = await signedIn(portal, 'fang');
  const at = `/desk/mingheng/staff/${accounts.get('lin')}`;
  const seen = /name="seen" value="([0-9a-f]{64})"/.exec(await (await fang.get(at)).text())?.[1] ?? '';
  expect((await fang.post(`${at}/end`, { seen, password: PASSWORD })).status).toBe(303);
  // With a tab still open they come to nothing.
  expect((await assign(lin, 'nobody')).status).toBe(401);
  await chen.post(`/cases/${id}/do/talk.message`, { words: '请问收到了吗？', requestId: randomId() });
  expect((await leave()).length - before).toBe(2);
  expect(await textOf(zhou.get(`/cases/${id}/assign`))).toContain(en.assignment.left);
  expect((await assign(zhou, accounts.get('zhou') ?? '')).status).toBe(303);
});
