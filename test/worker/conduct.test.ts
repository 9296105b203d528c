import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { refusalText, wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { sendHeld } from '../../worker/execute/held.ts';
import { sweep } from '../../worker/jobs/sweep.ts';
import { reachableFrom } from '../../worker/negotiation/conduct.ts';
import { DEFAULT_POLICY, type HeldPolicy } from '../../worker/negotiation/policy.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { localTime } from '../../worker/plan/law/zone.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { type Lender, openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig, trips } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** What staff write outside the hours waits, by every door, and is said once the hours are there; what the borrower wishes is seen before anybody acts. */

let portal: Rig;
let stage: Stage;
let lender: Lender;
let [chen, lin, gu]: Visitor[] = [];
let id: string;

/** A policy by whose hours it is never permitted now, whenever this test runs. */
const closedNow = (): HeldPolicy => {
  const isMorning = localTime(instant(), HOME.zone).slice(11) < '14:00';
  return { ...DEFAULT_POLICY, contactHours: isMorning ? { from: 1200, until: 1320 } : { from: 480, until: 540 } };
};
let opens: string;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin, gu] = await Promise.all([signedIn(portal, 'chen', 'zh'), signedIn(portal, 'lin', 'zh'), signedIn(portal, 'zhou', 'zh')]);
  const found = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!found) throw new Error('No lender.');
  lender = found;
  const policy = closedNow();
  await book().setPolicy(policy, instant());
  opens = reachableFrom(instant(), policy, null);
});
afterAll(() => portal.remove());
beforeEach(async () => {
  id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
});

const env = () => ({ ...portal.env, files: portal.files, origin: portal.url, carriers: { mail: null, text: null } });
const book = () => openCasebookForPortal(portal.env, lender);
const by = async (colleagues = openDirectory(portal.env).colleagues(lender.id)) => ({
  ...{ casebook: book(), lender: 'mingheng', at: opens, key: await signingKey(portal.keys), random: randomBytes },
  colleagues: await colleagues,
});
const say = (who: Visitor | undefined, words: string) => who?.post(`/cases/${id}/do/talk.message`, { words, requestId: randomId() });
const page = async (who: Visitor | undefined, path = '') => plainText((await (await who?.get(`/cases/${id}${path}`))?.text()) ?? '');
const messages = async () => (await book().record(id))?.entries.filter(({ kind }) => kind === 'talk.message') ?? [];
const { conduct } = wordsOf('zh');

describe('a message of staff outside the hours', () => {
  test('waits by every door, is seen by its own side alone, and says so before and after it is written', async () => {
    expect(await page(lin)).toContain(conduct.waitsHint({ moment: '' }).slice(0, 20));
    expect(await page(lin, '/letters/new')).toContain(conduct.waitsHint({ moment: '' }).slice(0, 20));
    const sent = await say(lin, '请补充流水。');
    expect([sent?.status, sent?.headers.get('location')]).toEqual([303, `/cases/${id}#o1`]);
    const api = await lin?.send(`/api/v1/cases/${id}/commands/talk.message`, JSON.stringify({ words: '再说一句。' }), {
      'content-type': 'application/json',
    });
    expect([api?.status, JSON.stringify(await api?.json())]).toEqual([201, expect.stringContaining('contact.held')]);
    expect(await messages()).toEqual([]);
    for (const text of ['请补充流水。', '再说一句。', conduct.takeBack]) expect(await page(lin)).toContain(text);
    expect(await page(gu)).toContain('请补充流水。');
    expect(await (await gu?.get(`/cases/${id}`))?.text()).not.toContain('do/contact.takeBack');
    expect(await page(chen)).not.toContain('请补充流水。');
    expect(await page(chen)).not.toContain(conduct.waitsHint({ moment: '' }).slice(0, 20));
  });

  test('can be taken back by its author until then: it is never said', async () => {
    await say(lin, '说错了。');
    expect((await gu?.post(`/cases/${id}/do/contact.takeBack`, { held: '1', requestId: randomId() }))?.status).toBe(422);
    expect((await lin?.post(`/cases/${id}/do/contact.takeBack`, { held: '1', requestId: randomId() }))?.status).toBe(303);
    await sweep(env(), opens);
    expect(await messages()).toEqual([]);
    expect(await page(lin)).toContain(conduct.takenBack({ held: 1 }));
  });

  test('is said by the schedule in its author’s name when the hours come, once, however many run at once', async () => {
    await say(lin, '早上好。');
    await say(gu, '材料收到。');
    await sweep(env(), instant());
    expect(await messages()).toEqual([]);
    const one = await by();
    await Promise.all([sendHeld(one, id), sendHeld(one, id), sweep(env(), opens)]);
    await sweep(env(), opens);
    expect((await messages()).map(({ author, content, at }) => [author, content, at >= opens])).toEqual([
      [expect.objectContaining({ name: '林静' }), { words: '早上好。' }, true],
      [expect.objectContaining({ name: '周岚' }), { words: '材料收到。' }, true],
    ]);
    expect(await book().sendable(opens, 10)).toEqual([]);
    expect(await page(chen)).toContain('早上好。');
  });

  test('takes three round trips: two for what waits, and one to see that nothing more does', async () => {
    await say(lin, '三次往返。');
    const order = await by();
    expect((await trips(portal, () => sendHeld(order, id))).count).toBe(3);
    expect(await messages()).toHaveLength(1);
  });

  test('stopped before it was written, it is whole afterwards: all of it or nothing', async () => {
    await say(lin, '会断电。');
    const order = await by();
    const broken = { ...order.casebook, append: () => Promise.reject(new Error('killed')) };
    await expect(sendHeld({ ...order, casebook: broken }, id)).rejects.toThrow('killed');
    expect(await messages()).toEqual([]);
    await sendHeld(order, id);
    await sendHeld(order, id);
    expect(await messages()).toHaveLength(1);
  });

  test('is not said where its author works for the lender no more, and the stream says so', async () => {
    await say(lin, '离职之前写的。');
    await sendHeld(await by(Promise.resolve(new Map())), id);
    expect(await messages()).toEqual([]);
    expect(await page(gu)).toContain(conduct.why['author-gone']);
  });
});

describe('what the borrower wishes', () => {
  test('is written by a form, told to staff where they write and call, and lifts or narrows the hours', async () => {
    const wish = (fields: Record<string, string>) => chen?.post(`/cases/${id}/do/contact.wish`, { requestId: randomId(), ...fields });
    const refused = await wish({ when: 'hours', from: '20', until: '9' });
    expect([refused?.status, plainText((await refused?.text()) ?? '')]).toEqual([
      422,
      expect.stringContaining(refusalText(wordsOf('zh'), { code: 'contact.hours-needed' })),
    ]);
    expect((await wish({ asks: 'writing', when: 'any', words: '夜里也行。' }))?.status).toBe(303);
    for (const text of [conduct.wishTitle, conduct.asks.writing, conduct.anyHour]) expect(await page(lin)).toContain(text);
    const logged = await lin?.post(`/cases/${id}/do/talk.logCall`, {
      requestId: randomId(),
      ...{ when: `${stage.today()}T00:00`, minutes: '2', direction: 'to-borrower', outcome: 'effective', called: 'party', words: '谈了。' },
    });
    expect(logged?.status).toBe(303);
    for (const who of [chen, lin]) expect(await page(who)).toContain(conduct.beyond['wish-writing']({ count: 0, limit: 0 }));
    expect(await page(lin)).toContain(conduct.effectiveToday({ count: 1, limit: 3 }));
  });

  test('bounds notices', async () => {
    await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'hours', from: 0, until: 24 });
    await stage.give('lin', 'mingheng', id, 'debt.confirm', { total: 1_250_000 });
    const { notices } = await book().unsent(100, [id]);
    expect(notices.map(({ wished }) => wished && JSON.parse(wished))).toContainEqual({ from: 0, until: 1440 });
  });
});
