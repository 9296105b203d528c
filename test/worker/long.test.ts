import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { longCase } from '../bench/long.ts';
import { type Rig, rig, trips } from '../portal.ts';
import { signedIn, type Visitor } from './people.ts';

/** A case that has gone on for years: its page and what is said in it cost what they cost on its first day. */

let portal: Rig;
let stage: Stage;
let lin: Visitor;
beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  lin = await signedIn(portal, 'lin');
});
afterAll(() => portal.remove());

test('a page and a message of a long case take as many round trips as of a short one, and as many bytes; its snapshot does not grow', async () => {
  const seen = [];
  for (const size of [60, 3_000]) {
    const id = await longCase(portal, stage, size);
    // The first look notes who looks.
    await (await lin.get(`/cases/${id}`)).text();
    const page = await trips(portal, () => lin.get(`/cases/${id}`));
    const bytes = (await page.answer.text()).length;
    const said = await trips(portal, () => lin.post(`/cases/${id}/do/talk.message`, { words: '收到。', requestId: randomId() }));
    expect([page.answer.status, said.answer.status]).toEqual([200, 303]);
    const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
    const { kase } = await openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' }).load(id, '', '');
    seen.push({ page: page.count, said: said.count, bytes, state: JSON.stringify(kase).length });
  }
  const [short, long] = seen;
  if (!short || !long) throw new Error('There are two.');
  expect([long.page, long.said]).toEqual([short.page, short.said]);
  expect(long.bytes / short.bytes).toBeLessThan(1.2);
  expect(long.state / short.state).toBeLessThan(1.2);
});
