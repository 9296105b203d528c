import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { TO_TEAM } from '../../worker/negotiation/assignment.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** The cases of somebody who has left go to another, all of them, each by its own entry. */

const { handOver: say, refusal } = wordsOf('en');
const AT = '/desk/mingheng/hand-over';
/** More than one step. */
const MANY = 104;

let portal: Rig;
let lin: Visitor;
let zhou: Visitor;
let fang: Visitor;
let ids: string[];
const accounts = new Map<string, string>();
const account = (who: string) => accounts.get(who) ?? '';

beforeAll(async () => {
  portal = await rig();
  const stage = await Stage.set(portal, Date.now());
  [lin, zhou, fang] = await Promise.all([signedIn(portal, 'lin'), signedIn(portal, 'zhou'), signedIn(portal, 'fang')]);
  for (const who of ['lin', 'zhou', 'fang'] as const)
    accounts.set(who, (await openDirectory(portal.env).accountByContact({ email: PEOPLE[who].email }))?.id ?? '');
  ids = Array.from({ length: MANY }, randomId);
  for (const id of ids) await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  for (const id of ids) {
    const taken = await zhou.post(`/cases/${id}/do/case.assign`, { to: account('lin'), requestId: randomId() });
    if (taken.status !== 303) throw new Error(`not assigned: ${taken.status}`);
  }
});
afterAll(() => portal.remove());

const held = () =>
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.prepare('SELECT assignee, team, count(*) AS count FROM cases GROUP BY assignee, team ORDER BY count DESC').all(),
  );
const entries = async (id: string) => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const found = await openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' }).privateRecord(id, 'lender');
  return found?.record?.entries.length ?? 0;
};
const hidden = (html: string) =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );

test('it is for who may give any case to anybody; what was not chosen is said', async () => {
  expect([(await lin.get(AT)).status, (await lin.post(AT, { from: account('lin'), to: account('zhou') })).status]).toEqual([404, 404]);
  expect((await (await signedIn(portal, 'chen')).get(AT)).status).toBe(404);
  expect((await (await signedIn(portal, 'shen')).get(AT)).status).toBe(404);
  expect(await (await zhou.get('/desk/mingheng/staff')).text()).toContain(AT);
  for (const [fields, said] of [
    [{ from: '', to: account('zhou') }, wordsOf('en').issue.missing],
    [{ from: 'constructor', to: account('zhou') }, wordsOf('en').issue.missing],
    [{ from: account('lin'), to: account('lin') }, say.same],
  ] as const) {
    const refused = await zhou.post(AT, fields);
    expect([refused.status, plainText(await refused.text())]).toEqual([422, expect.stringContaining(said)]);
  }
  expect(held()).toEqual([{ assignee: account('lin'), team: null, count: MANY }]);
});

test('the cases of somebody who has left are named, and go step by step; a step that is sent again does nothing twice', async () => {
  const at = `/desk/mingheng/staff/${account('lin')}`;
  const seen = /name="seen" value="([0-9a-f]{64})"/.exec(await (await fang.get(at)).text())?.[1] ?? '';
  expect((await fang.post(`${at}/end`, { seen, password: PASSWORD })).status).toBe(303);
  expect(plainText(await (await zhou.get(AT)).text())).toContain(say.holder.gone({ name: PEOPLE.lin.name, count: MANY }));
  const sent = { from: account('lin'), to: account('zhou'), requestId: randomId() };
  const first = await (await zhou.post(AT, sent)).text();
  expect(plainText(first)).toContain(say.goesOn({ given: 100, left: 0 }));
  const again = await (await zhou.post(AT, sent)).text();
  // By now the others are all that is left of theirs.
  expect(plainText(again)).toContain(say.done({ given: MANY - 100, left: 0 }));
  const on = await zhou.post(AT, hidden(first));
  expect(plainText(await on.text())).toContain(say.done({ given: 100, left: 0 }));
  expect(held()).toEqual([{ assignee: account('zhou'), team: null, count: MANY }]);
  for (const id of ids.slice(0, 3)) expect(await entries(id)).toBe(2);
});

test('to nobody, to somebody who has left, and to a team that is none: what cannot be given is named case by case', async () => {
  const nobody = await zhou.post(AT, { from: account('zhou'), to: `${TO_TEAM}none`, requestId: randomId() });
  const text = plainText(await nobody.text());
  expect(text).toContain(say.goesOn({ given: 0, left: 100 }));
  expect(text).toContain(refusal['assignment.unknown']);
  expect(held()).toEqual([{ assignee: account('zhou'), team: null, count: MANY }]);
});
