import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import type { Scope } from '../../worker/negotiation/seats.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, takeAway, type Visitor } from './people.ts';

/** Somebody who sits beside the borrower: as far as the scope of their seat goes, and until its end. */

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let li: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, li] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'li')]);
});
afterAll(() => portal.remove());

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

/** A case of 陈建国's, in which 李 represents him. */
async function represented(scope: Scope | null, until: string | null): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const directory = openDirectory(portal.env);
  const account = await directory.accountByContact(contactIn(PEOPLE.li));
  const lender = await directory.lenderBySlug('mingheng');
  await directory.addSeat({
    account: account?.id ?? '',
    case: id,
    lender: lender?.id ?? '',
    capacity: 'representative',
    scope,
    until,
    contact: contactText(contactIn(PEOPLE.li)),
    since: new Date().toISOString(),
  });
  return id;
}

const say = (who: Visitor, id: string) => who.post(`/cases/${id}/do/talk.message`, { words: '我代他答复。', requestId: randomId() });
const sayByApi = (who: Visitor, id: string) =>
  who.send(`/api/v1/cases/${id}/commands/talk.message`, JSON.stringify({ words: '我代他答复。' }), { 'content-type': 'application/json' });
const lettersTo = async (recipient: string) =>
  (await openDirectory(portal.env).newestMail(200)).filter((one) => one.recipient === recipient).length;

test('who may only read sees the case and takes its documents away, and is offered and allowed nothing else', async () => {
  const id = await represented('read', null);
  const page = await (await li.get(`/cases/${id}`)).text();
  expect(page).toContain('PLAIN-1');
  expect(page).not.toMatch(/\/do\/(?:talk|proposal|case)\./);
  expect((await takeAway(li, id, 'record.json')).status).toBe(200);
  const refused = await say(li, id);
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('我代他答复。');
  expect((await sayByApi(li, id)).status).toBe(403);
});

test('who may speak speaks, and makes no offers', async () => {
  const id = await represented('speak', inDays(1));
  expect((await say(li, id)).status).toBe(303);
  expect((await li.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() })).status).toBe(422);
  expect((await chen.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() })).status).toBe(303);
});

test('a seat that has ended opens nothing, is listed nowhere, and nobody writes to it any more', async () => {
  const standing = await represented('sign', inDays(1));
  const ended = await represented('sign', inDays(-1));
  expect((await li.get(`/cases/${standing}`)).status).toBe(200);
  for (const answer of [await li.get(`/cases/${ended}`), await say(li, ended), await sayByApi(li, ended)]) expect(answer.status).toBe(404);
  const list = await (await li.get('/cases')).text();
  expect(list).toContain(standing);
  expect(list).not.toContain(ended);
  const lin = await signedIn(portal, 'lin');
  const before = [await lettersTo('chen@borrower.example'), await lettersTo(contactText(contactIn(PEOPLE.li)))];
  expect((await say(lin, ended)).status).toBe(303);
  await expect.poll(() => lettersTo(contactText(contactIn(PEOPLE.chen)))).toBe((before[0] ?? 0) + 1);
  expect(await lettersTo(contactText(contactIn(PEOPLE.li)))).toBe(before[1]);
  expect((await say(lin, standing)).status).toBe(303);
  await expect.poll(() => lettersTo(contactText(contactIn(PEOPLE.li)))).toBe((before[1] ?? 0) + 1);
});
