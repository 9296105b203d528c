import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { inFile } from '../attack/in-file.ts';
import { atRest, type Rig, rig } from '../portal.ts';
import { plainText, signedIn, takeAway, type Visitor } from './people.ts';

/** A case as whoever answers it for the lender sees it: all that they weigh beside the thread, what is new to them, who is there too, and the way through their list. */

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let zhou: Visitor;
const ids: string[] = [];

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  for (let i = 0; i < 3; i++) {
    const id = randomId();
    const opening = plainOpening(stage.today(), '明衡消费金融');
    const terms = plainTerms(stage.today(), { phases: [{ kind: 'level', count: 60 }] });
    await stage.give('chen', 'mingheng', id, 'case.open', { ...opening, proposal: { ...opening.proposal, terms } });
    await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
    ids.push(id);
  }
  [chen, lin, zhou] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin'), signedIn(portal, 'zhou')]);
});
afterAll(() => portal.remove());

const [first, second] = [() => ids[0] ?? '', () => ids[1] ?? ''];
const textOf = async (who: Visitor, path: string) => plainText(await (await who.get(path)).text());

/** What is written once the page has left. */
async function looked(id: string, count: number) {
  const rows = () => inFile(portal.data, 'casebook-mingheng', (db) => db.prepare('SELECT * FROM readers WHERE "case" = ?').all(id));
  await expect.poll(() => rows().length).toBe(count);
}
/** As if nobody had looked for so long; what is still being written of an earlier look comes first. */
async function sinceHalfAnHour(id: string) {
  await atRest(portal);
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.prepare(`UPDATE readers SET at = '2026-01-01T00:00:00.000Z' WHERE "case" = ?`).run(id),
  );
}

test('debt, means, offer, policy and yardstick stand beside the thread, with what the reader may grant; the borrower sees none of it', async () => {
  const text = await textOf(lin, `/cases/${first()}`);
  const glance = text.slice(text.indexOf('At a glance'));
  expect(glance).toContain('At a glance');
  for (const part of [
    'Principal',
    'Income',
    'Proposal 1',
    'Inside policy',
    'goes beyond your authority',
    'you may grant alone',
    'would support',
  ])
    expect(glance).toContain(part);
  expect(await textOf(chen, `/cases/${first()}`)).not.toContain('At a glance');
});

test('what came since somebody looked last is named to them, and what they wrote themselves is not', async () => {
  await lin.get(`/cases/${second()}`);
  await looked(second(), 1);
  expect(await textOf(lin, `/cases/${second()}`)).not.toContain('New since');
  await sinceHalfAnHour(second());
  await chen.post(`/cases/${second()}/do/talk.message`, { words: 'Please look at it again.', requestId: randomId() });
  await lin.post(`/cases/${second()}/do/talk.message`, { words: 'We do.', requestId: randomId() });
  const text = await textOf(lin, `/cases/${second()}`);
  expect(text).toMatch(/New since you last looked \([^)]+\): 1 /);
  // Read again in the same visit it is still new; in the next it is not.
  expect(await textOf(lin, `/cases/${second()}`)).toContain('New since');
  await sinceHalfAnHour(second());
  expect(await textOf(lin, `/cases/${second()}`)).not.toContain('New since');
});

test('colleagues see who is there and who writes; the borrower never does, on no page and in nothing that is taken away', async () => {
  const id = first();
  await lin.get(`/cases/${id}`);
  await looked(id, 1);
  expect(await textOf(zhou, `/cases/${id}`)).toContain('林静 is looking at this case too');
  expect((await zhou.post(`/cases/${second()}/writing`, {})).status).toBe(404);
  expect((await lin.post(`/cases/${id}/writing`, {})).status).toBe(204);
  expect(await textOf(zhou, `/cases/${id}`)).toContain('林静 is writing in this case');
  expect((await chen.post(`/cases/${id}/writing`, {})).status).toBe(404);
  for (const path of ['', '/proposals/1', '/means', '/debt', '/evidence', '/complaints'])
    expect(await textOf(chen, `/cases/${id}${path}`)).not.toMatch(/林静|is writing|looking at/);
  expect(await (await chen.get(`/api/v1/cases/${id}`)).text()).not.toContain('林静');
  expect(await (await takeAway(chen, id, 'record.json')).text()).not.toContain('林静');
});

test('the next and the previous case of a list are one press away, also once one was answered', async () => {
  const desk = await (await lin.get('/desk/mingheng?show=us&order=opened')).text();
  const ways = [...desk.matchAll(/href="(\/cases\/[0-9a-f]{32}\?list=[^"]+)"/g)].map(([, way = '']) => way.replaceAll('&amp;', '&'));
  const places = ways.map((way) => way.slice(7, 39));
  expect(places.toSorted()).toEqual(ids.toSorted());
  const page = await (await lin.get(ways[0] ?? '')).text();
  const next = /href="([^"]+)" data-key="j"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const there = await lin.get(next);
  expect(there.headers.get('location')).toBe(ways[1]);
  const back = /href="([^"]+)" data-key="k"/.exec(await (await lin.get(ways[1] ?? '')).text())?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect((await lin.get(back)).headers.get('location')).toBe(ways[0]);
  // At its end there is nothing but the list.
  const last = /href="([^"]+)" data-key="j"/.exec(await (await lin.get(ways[2] ?? '')).text())?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect((await lin.get(last)).headers.get('location')).toBe('/desk/mingheng?show=us&order=opened');
  // After a form the address has no list: it is kept with the reader's look, once the page has left.
  await atRest(portal);
  expect(await (await lin.get(`/cases/${places[1]}`)).text()).toContain('data-key="j"');
  expect(await (await zhou.get(`/cases/${places[1]}`)).text()).not.toContain('data-key="j"');
  for (const nonsense of ['', 'list=%00&from=x', 'list=show%3Dconstructor&from=__proto__', `list=${'x'.repeat(5_000)}`])
    expect((await lin.get(`/desk/mingheng/next?${nonsense}`)).status).toBe(303);
});

test('the nearest plan inside policy is looked over and sent in one step', async () => {
  const id = first();
  expect(await (await lin.get(`/cases/${id}`)).text()).toContain(`/cases/${id}/proposals/nearest`);
  const check = await (await lin.get(`/cases/${id}/proposals/nearest`)).text();
  expect(check).toContain(`action="/cases/${id}/do/proposal.make"`);
  const fields = Object.fromEntries(
    [...check.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  expect(fields).toMatchObject({ answers: '1', 'terms.phases.0.kind': 'level' });
  expect(fields.words).toContain('nearest');
  const sent = await lin.post(`/cases/${id}/do/proposal.make`, fields);
  expect([sent.status, await sent.text()]).toEqual([303, '']);
  expect(await textOf(chen, `/cases/${id}`)).toContain('Counter-offer 2');
  expect((await lin.get(`/cases/${id}/proposals/nearest`)).headers.get('location')).toBe(`/cases/${id}/proposals/new`);
  expect((await chen.get(`/cases/${id}/proposals/nearest`)).headers.get('location')).toBe(`/cases/${id}/proposals/new`);
});
