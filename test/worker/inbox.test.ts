import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { localTime } from '../../worker/plan/law/zone.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, represent, signedIn, type Visitor } from './people.ts';

/** The desk as its staff choose what it shows: by its address alone, so that a choice can be kept, sent and called by a name. */

const DESK = '/desk/mingheng';
let portal: Rig;
let stage: Stage;
const id = randomId();
let lin: Visitor;
let zhou: Visitor;
beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  [lin, zhou] = [await signedIn(portal, 'lin'), await signedIn(portal, 'zhou')];
});
afterAll(() => portal.remove());

const shows = async (query: string, who = lin) => {
  const html = await (await who.get(`${DESK}?${query}`)).text();
  return { html, has: html.includes(`/cases/${id}`), text: plainText(html) };
};

test('an offer that waits for an answer stands with what is to be done, and by when', async () => {
  const { has, text } = await shows('');
  expect(has).toBe(true);
  expect(text).toMatch(/Waiting for us 1 /);
  expect(text).toMatch(/Answer the offer.*days? left/);
});

test.each([
  ['show=them', false],
  ['show=all', true],
  ['show=agreed', false],
  ['show=all&stage=negotiating', true],
  ['show=all&stage=closed', false],
  ['show=all&least=1', true],
  ['show=all&most=1', false],
  ['show=all&opened=2020-01-01', true],
  ['show=all&until=2020-01-01', false],
  ['show=all&age=30', false],
  ['show=all&mark=person', false],
  ['show=all&cause=constructor&mark=__proto__&order=x&stage=y', true],
])('%s: %s', async (query, has) => expect((await shows(query)).has).toBe(has));

test('who is ill, and for whom somebody acts, is marked so, and found by the mark', async () => {
  const ill = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const cause = { kind: 'illness' as const, since: stage.today(), words: '住院。' };
  await stage.give('li', 'mingheng', ill, 'case.open', { ...opening, means: { ...opening.means, cause } });
  const [li, zhao] = [await signedIn(portal, 'li'), await signedIn(portal, 'zhao')];
  const until = `${Number(stage.today().slice(0, 4)) + 1}-01-01`;
  const mandate = { name: PEOPLE.zhao.name, contact: PEOPLE.zhao.email, scope: 'negotiate', until };
  await represent(portal, { id: ill, borrower: li, by: zhao, signed: PEOPLE.li.name }, mandate);
  for (const [mark, said] of [
    ['hardship', 'Hardship'],
    ['representative', 'Represented'],
  ] as const) {
    const { has, html } = await shows(`show=all&mark=${mark}`);
    expect([mark, has, html.includes(`/cases/${ill}`)]).toEqual([mark, false, true]);
    expect(html).toContain(`<span class="tag late">${said}</span>`);
  }
});

test('whoever a case is assigned to stands in its row, and can be chosen by name', async () => {
  const to = /name="to" value="([0-9a-f]+)"/.exec(await (await lin.get(`/cases/${id}`)).text())?.[1] ?? '';
  expect((await shows('show=all&assignee=nobody')).has).toBe(true);
  await lin.post(`/cases/${id}/do/case.assign`, { to, requestId: 'take' });
  const { html, has } = await shows(`show=all&assignee=${to}`, zhou);
  expect(has).toBe(true);
  expect(html).toContain(`<option value="${to}" selected="">林静</option>`);
  expect(html).toMatch(/<td data-name="Responsible[^"]*"><span>林静</);
  expect((await shows('show=all&assignee=nobody')).has).toBe(false);
  expect((await shows('show=mine')).has).toBe(true);
});

test('what cannot be read is said beside its field, and chooses nothing', async () => {
  const { has, text, html } = await shows('show=all&least=many&opened=2026-13-01');
  expect(has).toBe(true);
  expect(text).toContain('Enter an amount, such as 5000 or 12,000.50.');
  expect(text).toContain('Enter a date, such as 2026-11-24.');
  expect(html).toContain('value="many"');
});

test('a choice is called by a name, by its person alone, until they forget it', async () => {
  const keep = (name: string, query: string, act = 'keep') => lin.post(`${DESK}/views`, { name, query, do: act });
  const kept = await keep('大额', 'show=all&order=amount&least=100&text=x&evil=1');
  expect(kept.headers.get('location')).toBe(`${DESK}?show=all&order=amount&least=100`);
  expect((await shows('show=all')).html).toContain('href="/desk/mingheng?show=all&amp;order=amount&amp;least=100">大额</a>');
  expect((await shows('show=all', zhou)).html).not.toContain('大额');
  const refused = await keep('x'.repeat(41), 'show=all&order=amount');
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('at most 40 characters')]);
  await keep('大额', '', 'drop');
  expect((await shows('show=all')).html).not.toContain('大额');
});

test('a view that is looked at is renamed and removed by one press; another of that name stays, and there is an end to how many there are', async () => {
  const act = (fields: Record<string, string>) => lin.post(`${DESK}/views`, { query: 'show=all&order=amount', ...fields });
  await act({ name: 'A', do: 'keep' });
  await act({ name: 'B', query: 'show=them', do: 'keep' });
  expect((await shows('show=all&order=amount')).html).toContain('name="was" value="A"');
  const taken = await act({ name: 'B', was: 'A', do: 'rename' });
  expect([taken.status, plainText(await taken.text())]).toEqual([422, expect.stringContaining('There is a view “B” already')]);
  const long = '很长的名称'.repeat(8);
  expect((await act({ name: long, was: 'A', do: 'rename' })).status).toBe(303);
  const { html } = await shows('show=all&order=amount');
  expect(html).toContain(`aria-current="page">${long}</a>`);
  expect(html).not.toContain('>A</a>');
  await act({ was: long, name: 'typed meanwhile', do: 'drop' });
  expect((await shows('show=all')).html).not.toContain(long);
  for (let i = 0; i < 29; i++) await act({ name: `view ${i}`, do: 'keep' });
  const full = await act({ name: 'one more', do: 'keep' });
  expect([full.status, plainText(await full.text())]).toEqual([422, expect.stringContaining('At most 30 views are kept')]);
  // What is chosen for lin is not there for anybody else; and a view that is there is replaced all the same.
  expect((await act({ name: 'view 3', query: 'show=them', do: 'keep' })).status).toBe(303);
  expect((await shows('show=all', zhou)).html).not.toContain('view 3');
});

test('an empty tab says why, and where to go on; what filters leave nothing of is cleared in one press', async () => {
  expect((await shows('show=impasse')).text).toMatch(/No case is at an impasse\. Waiting for us/);
  const { text, html } = await shows('show=all&stage=completed');
  expect(text).toContain('No case fits these filters. Clear filters');
  expect(html).toMatch(/<a href="\/desk\/mingheng\?show=all"><span class="visually-hidden">Remove filter <\/span>State: Paid in full/);
});

test('before anybody acts a row says how its borrower wishes to be reached, the calls of the day, and what waits for the hours', async () => {
  const other = randomId();
  await stage.give('wang', 'mingheng', other, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  // Hours in which it is never now, and that begin at another moment than everybody's do: whatever is written waits, whenever this test runs, and the row says until when.
  const isMorning = localTime(instant(), HOME.zone).slice(11) < '14:00';
  const hours = isMorning ? { from: 20, until: 22 } : { from: 9, until: 10 };
  await stage.give('wang', 'mingheng', other, 'contact.wish', { asks: ['writing'], when: 'hours', ...hours });
  expect((await lin.post(`/cases/${other}/do/talk.message`, { words: 'Good day.', requestId: randomId() })).status).toBe(303);
  const { html, has } = await shows('show=all&held=1');
  expect([has, html.includes(`/cases/${other}`)]).toEqual([false, true]);
  const row = plainText(html.split('<tbody>')[1]?.split('</tbody>')[0] ?? '');
  expect(row).toMatch(/not before .* (20|09):00 .*Only in writing.*1 waiting to leave/);
  expect((await shows('show=all')).text).toContain('1 case has something written that waits for the hours');
  const strip = plainText((await (await lin.get(`/cases/${other}`)).text()).split('class="before"')[1]?.split('</section>')[0] ?? '');
  expect(strip).toMatch(/Contact now not before .*Calls today reached 0 of at most \d+.*Waiting to leave 1, from .*Answer promised/);
  for (const who of ['wang', 'li'] as const)
    expect(await (await (await signedIn(portal, who)).get(`/cases/${other}`)).text()).not.toContain('class="before"');
});
