import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, visitor } from './people.ts';

/** What is pasted into a field arrives whole or is refused in words: no page lets the browser cut it. */

const LENDER = 'mingheng';
const id = randomId();
let portal: Rig;

beforeAll(async () => {
  portal = await rig();
  const stage = await Stage.set(portal, Date.now());
  await stage.give('chen', LENDER, id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
});
afterAll(() => portal.remove());

test('no field of any page cuts what is typed or pasted', async () => {
  const [chen, lin, nobody] = [await signedIn(portal, 'chen'), await signedIn(portal, 'lin'), visitor(portal)];
  const own = ['', '/debt', '/means?edit=1', '/evidence', '/proposals/1', '/proposals/new', '/letters/new', '/share'];
  const pages = [
    ...own.flatMap((path) => [chen, lin].map((who) => [who, `/cases/${id}${path}`] as const)),
    [chen, '/account'],
    [lin, `/desk/${LENDER}`],
    [lin, `/desk/${LENDER}/new`],
    [nobody, '/sign-up'],
    [nobody, '/sign-in'],
    [nobody, '/recover'],
    [nobody, '/verify'],
  ] as const;
  for (const [who, path] of pages) {
    const answer = await who.get(path);
    expect(answer.status, path).toBe(200);
    const html = await answer.text();
    expect(html, path).not.toContain('maxlength');
  }
});

test.each([
  ['zh', '最多 5,000 个字符', '最多 5000 个字符，现在有 9000 个。内容都还在，请缩短后再发送'],
  [
    'en',
    'At most 5,000 characters',
    'At most 5000 characters; there are 9000 now. All of it is kept: please shorten it, then send it again',
  ],
] as const)('a message that is too long comes back whole, with the bound and its length (%s)', async (language, bound, refusal) => {
  const chen = await signedIn(portal, 'chen', language);
  expect(await (await chen.get(`/cases/${id}`)).text()).toContain(bound);
  const words = `${'长'.repeat(8_991)}最后的话在这里。。`;
  const answer = await chen.post(`/cases/${id}/do/talk.message`, { words, requestId: randomId() });
  expect(answer.status).toBe(422);
  const html = await answer.text();
  expect(html).toContain(refusal);
  expect(html).toContain(words);
});

test('a password that is too long is refused, not shortened', async () => {
  const password = `${'correct horse battery staple '.repeat(7)}`.padEnd(201, 'q');
  const answer = await visitor(portal).post('/sign-up', { contact: 'long@people.example', name: '李长', password });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toMatch(/200/);
});

test('a whole identity number is refused with what was typed, and is kept nowhere: only its end is', async () => {
  const chen = await signedIn(portal, 'chen');
  const at = (await chen.get(`/open/${LENDER}/new`)).headers.get('location') ?? '';
  const whole = '110101199003078515';
  const sent = { lender: LENDER, 'loan.reference': 'ID-1', 'debt.debt.asOf': '2026-01-01', 'debt.debt.principal': '1000' };
  const refused = await chen.post(at, { ...sent, 'loan.identity': whole, action: 'continue' });
  expect([refused.status, (await refused.text()).includes(`value="${whole}"`)]).toEqual([422, true]);
  const again = await (await chen.get(at)).text();
  expect(again).toContain('ID-1');
  expect(again).not.toContain(whole);
  await chen.post(at, { ...sent, 'loan.identity': '851X', action: 'keep' });
  expect(await (await chen.get(at)).text()).toContain('value="851X"');
});
