import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { PEOPLE } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** Mentions and tasks of the lender's people: in the case, at the desk, in notices. */

let portal: Rig;
let id: string;
let lin: Visitor;
let zhou: Visitor;
let fang: Visitor;
let accounts: ReadonlyMap<string, string>;
const today = () => dayOf(instant(), HOME.zone);

beforeAll(async () => {
  portal = await rig();
  id = await openedCase(portal);
  [lin, zhou, fang] = await Promise.all([signedIn(portal, 'lin'), signedIn(portal, 'zhou'), signedIn(portal, 'fang')]);
  const directory = openDirectory(portal.env);
  const lender = (await directory.lenderBySlug('mingheng')) ?? expect.fail();
  accounts = new Map([...(await directory.colleagues(lender.id)).values()].map(({ name, account }) => [name, account]));
});
afterAll(() => portal.remove());

const accountOf = (who: 'lin' | 'zhou' | 'fang') => accounts.get(PEOPLE[who].name) ?? expect.fail();
const give = (who: Visitor, command: string, fields: Record<string, string | string[]>) =>
  who.post(`/cases/${id}/do/${command}`, { ...fields, requestId: randomId() });
const desk = async (who: Visitor) => plainText(await (await who.get('/desk/mingheng/errands')).text());
const tab = async (who: Visitor) =>
  /\/errands">For me(?:<span class="count num">(\d+))?/.exec(await (await who.get('/desk/mingheng')).text())?.[1];
const letters = async () => JSON.stringify(await openDirectory(portal.env).newestMail(500));

test('who is mentioned finds it at the desk and in the case, and is told that there is a note and nothing of it', async () => {
  const page = await (await lin.get(`/cases/${id}/errands`)).text();
  expect(page).toContain(`type="checkbox" name="to" value="${accountOf('zhou')}"`);
  // Nobody mentions themselves, nor who works on no cases.
  expect(page).not.toContain(`type="checkbox" name="to" value="${accountOf('lin')}"`);
  const what = `请看一下流水-${randomId()}`;
  expect((await give(lin, 'note.mention', { what, to: accountOf('zhou') })).headers.get('location')).toBe(`/cases/${id}#o2`);
  expect([await tab(zhou), await tab(lin)]).toEqual(['1', undefined]);
  expect(await desk(zhou)).toContain(en.errands.mentionOf({ by: '林静', name: '周岚' }));
  expect(await desk(lin)).toContain(en.errands.none);
  await portal.sweep();
  const mail = await letters();
  expect(mail.split(`/cases/${id}#o2`).length).toBeGreaterThan(1);
  expect(mail).not.toContain(what);
  expect(plainText(await (await zhou.get(`/cases/${id}`)).text())).toContain(what);
  expect(await (await zhou.get(`/cases/${id}/own?before=2`)).text()).toContain(what);
  expect((await give(lin, 'note.see', { mention: '2' })).status).toBe(422);
  expect((await give(zhou, 'note.see', { mention: '2' })).status).toBe(303);
  expect(await tab(zhou)).toBeUndefined();
});

test('a task stands at the desk of whose it is, what is due first, until it is done', async () => {
  await give(zhou, 'task.set', { what: '后天的事', on: addDays(today(), 2), to: accountOf('lin') });
  await give(zhou, 'task.set', { what: '今天的事', on: today(), to: accountOf('lin') });
  const mine = await desk(lin);
  expect(mine.indexOf('今天的事')).toBeLessThan(mine.indexOf('后天的事'));
  expect(mine).toContain(en.errands.late.today);
  expect(await tab(lin)).toBe('2');
  const html = await (await lin.get(`/cases/${id}`)).text();
  const task = /name="task" value="(\d+)"\/?>[\s\S]{0,200}?Done: 今天的事/.exec(html)?.[1] ?? '';
  // Who came from the list at the desk goes back to it, and reads there what was done.
  const way = new RegExp(`href="(/cases/${id}/errands\\?list=mingheng)#errand-${task}"`).exec(
    await (await lin.get('/desk/mingheng/errands')).text(),
  );
  const from = await (await lin.get(way?.[1] ?? '')).text();
  const list = /name="list" value="(mingheng HY-[^"]+)"/.exec(from)?.[1] ?? '';
  const done = await give(lin, 'task.finish', { task, list });
  expect([done.status, done.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/desk\/mingheng\/errands\?/)]);
  const back = plainText(await (await lin.get(done.headers.get('location') ?? '')).text());
  expect(back).toContain(`${en.errands.done} · ${list.split(' ')[1]}`);
  expect(back).not.toContain('今天的事');
  for (const odd of ['//elsewhere.example HY-1', 'mingheng/../x HY-1', 'mingheng'])
    expect((await give(zhou, 'task.reopen', { task, list: odd })).headers.get('location') ?? '').not.toContain('elsewhere');
  await give(lin, 'task.finish', { task });
  expect(await desk(lin)).not.toContain('今天的事');
  expect((await give(lin, 'task.reopen', { task })).status).toBe(303);
  expect(await desk(lin)).toContain('今天的事');
});

test('a form that is wrong comes back to its page as typed, with what is wrong beside its field', async () => {
  const refused = await give(zhou, 'task.set', { what: '太晚了', on: '2020-01-01', to: accountOf('lin') });
  expect(refused.status).toBe(422);
  const html = await refused.text();
  expect(html).toContain('id="task-set-on-error"');
  expect(html).toContain('太晚了</textarea>');
  const nobody = await give(zhou, 'note.mention', { what: '没有选人' });
  expect([nobody.status, (await nobody.text()).includes('没有选人</textarea>')]).toEqual([422, true]);
});

test('of who has left it is nobody’s: those who give cases away are told, and give it to somebody', async () => {
  await give(zhou, 'task.set', { what: '交接的事', on: today(), to: accountOf('fang') });
  inFile(portal.data, 'casebook-mingheng', (db) => {
    // As if somebody had left: the account is of nobody who works here.
    db.exec(`UPDATE errands SET account = 'gone' WHERE account = '${accountOf('fang')}'`);
  });
  expect(await desk(zhou)).toContain(en.errands.ownerless);
  expect(await desk(lin)).not.toContain(en.errands.ownerless);
  const own = await openCasebookForPortal(portal.env, (await openDirectory(portal.env).lenderBySlug('mingheng')) ?? expect.fail());
  const record = (await own.privateRecord(id, 'lender'))?.record?.entries ?? [];
  const task = String(record.findLast(({ kind }) => kind === 'task.set')?.seq ?? 0);
  expect((await give(zhou, 'task.give', { task, to: accountOf('lin') })).status).toBe(303);
  expect(await desk(lin)).toContain('交接的事');
  expect(await desk(zhou)).not.toContain(en.errands.ownerless);
});

test('what waits is found along an index, page by page', async () => {
  for (let i = 0; i < 31; i++) await give(zhou, 'task.set', { what: `第${i}件`, on: addDays(today(), 5), to: accountOf('fang') });
  const first = await (await fang.get('/desk/mingheng/errands')).text();
  const next = /href="(\?from=[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const second = plainText(await (await fang.get(`/desk/mingheng/errands${next}`)).text());
  const seen = [plainText(first), second].flatMap((page) => [...page.matchAll(/第(\d+)件/g)].map(([, i]) => Number(i)));
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, i) => i));
  const plan = inFile(portal.data, 'casebook-mingheng', (db) =>
    db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT e.no FROM errands AS e INDEXED BY errands_account WHERE e.account = 'x' AND (e.due_on, e."case", e.no) > ('', '', 0) ORDER BY e.due_on, e."case", e.no`,
      )
      .all(),
  );
  expect(JSON.stringify(plan)).toMatch(/SEARCH e USING COVERING INDEX errands_account \(account=\? AND \(due_on,case,no\)>/);
  expect(JSON.stringify(plan)).not.toContain('TEMP B-TREE');
});

test('what the desk lists and finds cases by follows from their rows: what is written past the triggers is found, and put right', async () => {
  const faults = async () => (await audit(portal.env, null, 'mingheng')).faults;
  const write = (statements: string) => inFile(portal.data, 'casebook-mingheng', (db) => db.exec(statements));
  expect(await faults()).toEqual([]);
  write(`UPDATE inbox SET amount = amount + 1 WHERE "case" = '${id}'`);
  expect(await faults()).toMatchObject([{ code: 'column', case: id, column: 'inbox' }]);
  write(
    `DELETE FROM inbox WHERE "case" = '${id}'; DELETE FROM finds WHERE "case" = '${id}' AND part = (SELECT min(part) FROM finds WHERE "case" = '${id}')`,
  );
  write(`INSERT INTO finds (part, "case") VALUES ('谁', '${'0'.repeat(32)}')`);
  expect(await faults()).toMatchObject([
    { code: 'column', case: id, column: 'inbox' },
    { code: 'column', case: id, column: 'finds' },
    { code: 'column', case: '@mingheng', column: 'inbox' },
  ]);
  expect((await rebuild(portal.env, 'mingheng', true)).differences).toEqual([
    { case: id, columns: ['inbox', 'finds'] },
    { case: '@mingheng', columns: ['inbox'] },
  ]);
  expect(await faults()).toEqual([]);
});

test('the rows follow from the streams, and what is changed in a stream is shown to nobody', async () => {
  const faults = async () => (await audit(portal.env, null, 'mingheng')).faults;
  expect(await faults()).toEqual([]);
  // One that is taken away, or put to somebody else, would wait for nobody: it is found, and put right.
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.exec(
      `DELETE FROM errands WHERE no = (SELECT min(no) FROM errands); UPDATE errands SET account = 'x' WHERE no = (SELECT min(no) FROM errands)`,
    ),
  );
  expect(await faults()).toMatchObject([{ code: 'column', case: id, side: 'lender', column: 'errands' }]);
  expect((await rebuild(portal.env, 'mingheng', true)).differences).toEqual([{ case: id, side: 'lender', columns: ['errands'] }]);
  expect(await faults()).toEqual([]);
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.exec(`UPDATE streams SET state = replace(state, '今天的事', '马上催收') WHERE "case" = '${id}' AND side = 'lender'`),
  );
  const page = await desk(lin);
  expect(page).not.toContain('马上催收');
  expect(page).toContain(en.own.unproven);
});
