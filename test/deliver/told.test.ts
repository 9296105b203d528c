import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE } from '../../db/demo.ts';
import { en } from '../../web/words/en.ts';
import { zh } from '../../web/words/zh.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { connect } from '../../worker/store/connect.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { MailServer } from '../mail-server.ts';
import { atRest, openedCase, type Rig, rig } from '../portal.ts';
import { giveFactor, invited, newcomer, plainText, signedIn, type Visitor, visitor } from '../worker/people.ts';

/** Who is told what, when, and by how many letters. */

const server = new MailServer();
let portal: Rig;
let id: string;
let other: string;
let chen: Visitor;
let lin: Visitor;
let head: Visitor;
beforeAll(async () => {
  await server.start();
  portal = await rig(undefined, 0, undefined, server.settings);
  id = await openedCase(portal);
  [chen, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
  head = await newcomer(portal, 'head@mingheng.example', undefined, '沈青');
  const directory = openDirectory(portal.env);
  const [account, lender] = await Promise.all([
    directory.accountByContact({ email: 'head@mingheng.example' }),
    directory.lenderBySlug('mingheng'),
  ]);
  await directory.addStaff({ account: account?.id ?? '', lender: lender?.id ?? '', capacity: 'administrator', since: instant() });
  await giveFactor(portal, head.cookie);
  other = (await invited(portal, dayOf(instant(), HOME.zone))).id;
  await later();
  server.got.length = 0;
});
afterAll(async () => {
  await portal.remove();
  await server.kill();
});

const BORROWER = PEOPLE.chen.email ?? '';
const AGENT = PEOPLE.lin.email;
const say = async (who: Visitor, words: string, of = id) =>
  expect((await who.post(`/cases/${of}/do/talk.message`, { words, requestId: randomId() })).status).toBe(303);
const letters = async (recipient: string) => (await openDirectory(portal.env).newestMail(500)).filter((one) => one.recipient === recipient);
/** As if what waits had waited long enough; then the schedule runs. */
async function later() {
  const db = connect(portal.env.directory.url, portal.env.directory.token);
  await atRest(portal);
  const hourAgo = instant(Date.now() - 3_600_000);
  await db.run(sql`UPDATE mail SET sent_at = ${hourAgo} WHERE sent_at IS NOT NULL`);
  await db.run(sql`UPDATE mail SET next_at = '' WHERE sent_at IS NULL`);
  await portal.sweep();
  await atRest(portal);
}
const receipts = (address: string) =>
  server.to(address).map(({ mail }) => [...(mail.text ?? '').matchAll(/第 (\d+) 条，校验值 [0-9a-f]{64}/g)].map(([, seq]) => Number(seq)));

test('what comes of one case within ten minutes is one letter, with every entry’s receipt, and no word of what was said', async () => {
  for (const words of ['第一句悄悄话', '第二句悄悄话', '第三句悄悄话', '第四句悄悄话']) await say(lin, words);
  await atRest(portal);
  await portal.sweep();
  // By day the first has left; the others wait. By night all of them do.
  expect(server.to(BORROWER).length).toBeLessThan(2);
  await later();
  expect(server.to(BORROWER).length).toBeLessThan(3);
  const all = receipts(BORROWER).flat();
  expect(new Set(all).size).toBe(4);
  expect(all).toHaveLength(4);
  for (const { mail } of server.to(BORROWER)) {
    expect(mail.subject).toMatch(/^合意：您有一封新的回复 HY-/);
    expect(`${mail.subject} ${mail.text} ${mail.html}`).not.toMatch(/悄悄话|欠款|逾期|贷款|明衡|\b(?:debt|loan)s?\b/i);
    expect(mail.text).toContain(`/cases/${id}#e`);
  }
});

test('staff are told of messages once a day: of all cases in one letter', async () => {
  await later();
  const before = server.to(AGENT).length;
  await say(chen, '您好');
  await say(chen, '还在吗');
  await say(chen, '另一件', other);
  await atRest(portal);
  const waiting = (await letters(AGENT)).filter(({ sentAt }) => sentAt === null);
  expect(waiting.map(({ urgency }) => urgency)).toEqual([3, 3, 3]);
  for (const { nextAt } of waiting) expect(nextAt.slice(11)).toBe('01:00:00.000Z');
  await portal.sweep();
  expect(server.to(AGENT).length).toBe(before);
  await later();
  expect(server.to(AGENT).length).toBe(before + 1);
  expect(server.to(AGENT).at(-1)?.mail.subject).toBe(zh.mail.dailySubject({ count: 2 }));
  expect(receipts(AGENT).at(-1)).toHaveLength(3);
});

test('one request of the mail program stops letters of that kind; looking at the link stops nothing', async () => {
  const header =
    server
      .to(BORROWER)
      .at(-1)
      ?.mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '';
  const path = /<[^>]*?(\/unsubscribe\/[^>]+)>/.exec(header)?.[1] ?? '';
  expect(await (await visitor(portal).get(path)).text()).toContain(en.account.stopTitle);
  const choices = async () =>
    openDirectory(portal.env).choicesOf((await openDirectory(portal.env).accountByContact({ email: BORROWER }))?.id ?? '');
  expect(await choices()).toBeNull();
  const answer = await fetch(portal.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect(answer.status).toBe(200);
  expect(JSON.parse((await choices()) ?? '')).toEqual({ offers: 'at-once', talk: 'never', papers: 'at-once', payments: 'at-once' });
  const before = (await letters(BORROWER)).length;
  await say(lin, '听得到吗');
  // Formal letters always reach people.
  const issued = { letter: 'answer', words: '正式答复', requestId: randomId() };
  expect((await lin.post(`/cases/${id}/do/talk.issueLetter`, issued)).status).toBe(303);
  await atRest(portal);
  expect(await letters(BORROWER)).toHaveLength(before + 1);
  expect((await letters(BORROWER))[0]?.unsubscribe).toBeNull();
  expect((await visitor(portal).get(`${path}0`)).status).toBe(404);
  expect((await fetch(`${portal.url}${path}0`, { method: 'POST' })).status).toBe(404);
});

/** What is chosen of a kind of news. */
const chosen = (page: string, kind: string) =>
  new RegExp(`<select[^>]* name="${kind}".*?</select>`).exec(page)?.[0].match(/<option value="([\w-]+)" selected/)?.[1];

test('the account page shows the choice, and takes another; what is none changes nothing', async () => {
  expect(chosen(await (await chen.get('/account')).text(), 'talk')).toBe('never');
  const all = { offers: 'daily', talk: 'at-once', papers: 'never', payments: 'at-once' };
  expect((await chen.post('/account/news', { ...all, offers: 'constructor' })).headers.get('location')).toBe('/account');
  expect(chosen(await (await chen.get('/account')).text(), 'talk')).toBe('never');
  expect((await chen.post('/account/news', all)).headers.get('location')).toBe('/account?done=news');
  const page = await (await chen.get('/account?done=news')).text();
  expect(plainText(page)).toContain(en.account.newsSaved);
  expect(chosen(page, 'papers')).toBe('never');
});

test('a notice that could not be delivered is seen and sent again by the lender’s administrator, and by nobody else', async () => {
  server.refused.add(BORROWER);
  await say(lin, '再说一句');
  await atRest(portal);
  await later();
  expect(await (await head.get('/desk/mingheng')).text()).toContain('/desk/mingheng/letters');
  const page = await (await head.get('/desk/mingheng/letters')).text();
  expect(page).toContain('c***@borrower.example');
  expect(page).not.toContain(BORROWER);
  for (const who of [lin, chen, visitor(portal)]) expect([303, 404]).toContain((await who.get('/desk/mingheng/letters')).status);
  expect((await lin.post('/desk/mingheng/letters', {})).status).toBe(404);
  const before = server.to(BORROWER).length;
  server.refused.clear();
  expect((await head.post('/desk/mingheng/letters', {})).status).toBe(303);
  await later();
  expect(server.to(BORROWER).length).toBeGreaterThan(before);
  expect(plainText(await (await head.get('/desk/mingheng/letters')).text())).toContain(en.undelivered.none);
});

test('where no short messages leave, nobody signs up or is invited by a mobile number, and pages say so', async () => {
  expect(plainText(await (await visitor(portal).get('/sign-up')).text())).toContain(en.account.contactMailHint);
  const asked = await visitor(portal).post('/sign-up', { name: '孙悦', contact: '13900139077', password: 'a long pass phrase' });
  expect(asked.status).toBe(422);
  const page = await asked.text();
  expect(plainText(page)).toContain(en.account.contactNoPhone);
  expect(page).toContain('value="13900139077"');
});
