import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
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
}, 60_000);
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
  expect(html).toMatch(/<td data-name="Responsible[^"]*">林静<\/td>/);
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
