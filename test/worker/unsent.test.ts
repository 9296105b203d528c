import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import { eraseContents } from '../../worker/execute/erase.ts';
import { EMPTY_CASE } from '../../worker/negotiation/case.ts';
import type { Representative } from '../../worker/negotiation/representation.ts';
import { leftSince } from '../../worker/negotiation/seated.ts';
import { VACATED } from '../../worker/negotiation/stage.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { connect } from '../../worker/store/connect.ts';
import { casebookUrl, openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { type Rig, rig, trips } from '../portal.ts';
import { mediate, newcomer, plainText, represent, signedIn, takeAway, type Visitor, visitor } from './people.ts';
import { routesOf } from './routes.ts';

/** A message that is written and not sent: kept on the server for its writer alone, on whichever device, until it is sent or given up. */

const { unsent: said } = wordsOf('en');
const REPRESENTATIVE = {
  seq: 3,
  at: '',
  name: '',
  scope: 'read',
  until: '',
  ends: '',
  to: { channel: 'mail', contact: '', hint: '', at: '' },
} as const;
const WORDS = '我想先还一部分，利息能不能再商量？';

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let zhou: Visitor;
let li: Visitor;
let zhao: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  const of = (name: keyof typeof PEOPLE) => signedIn(portal, name);
  [chen, lin, zhou, li, zhao] = await Promise.all([of('chen'), of('lin'), of('zhou'), of('li'), of('zhao')]);
});
afterAll(() => portal.remove());

/** A case that 陈建国 has opened with 明衡; he may be written to at all hours. */
async function opened(): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  return id;
}

const draftsAt = (id: string, command = 'talk.message') => `/cases/${id}/drafts/${command}`;
const value = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

/** The form of a message as a page of the case shows it. */
async function formOn(who: Visitor, id: string) {
  const html = await (await who.get(`/cases/${id}`)).text();
  const form = /<form method="post" action="\/cases\/\w+\/do\/(?:talk\.message|mediation\.say)"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  const words = /<textarea[^>]*>([^<]*)<\/textarea>/.exec(form)?.[1] ?? '';
  const status = plainText(/role="status">([^<]*)/.exec(form)?.[1] ?? '').trim();
  return { words, status, fields: { unsent: value(form, 'unsent'), requestId: value(form, 'requestId') } };
}

/** Keeps a text as the button does where no script runs. */
async function keep(who: Visitor, id: string, words: string, command?: string): Promise<Response> {
  const { fields } = await formOn(who, id);
  return who.post(draftsAt(id, command), { ...fields, words });
}

/** The same as the script does it. */
async function typed(who: Visitor, id: string, fields: Record<string, string>) {
  const answer = await who.send(draftsAt(id), new URLSearchParams(fields), { accept: 'application/json' });
  return { status: answer.status, ...((await answer.json()) as { said: string; version: number; kept: string | null }) };
}

const rows = (id: string) => inFile(portal.data, 'casebook-mingheng', (db) => db.prepare('SELECT * FROM unsent WHERE "case" = ?').all(id));

test('kept by a button it stands in the form on any device with when it was kept, marks the case in the list, and is gone once it is given up', async () => {
  const id = await opened();
  const answer = await keep(chen, id, WORDS);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `/cases/${id}#talk-message-words`]);
  const elsewhere = await signedIn(portal, 'chen');
  const shown = await formOn(elsewhere, id);
  expect(shown.words).toBe(WORDS);
  expect(shown.status).toMatch(/^Draft kept · \d+ \w+ \d{4} \d\d:\d\d/);
  const marked = async (who: Visitor, path: string) =>
    (await (await who.get(path)).text())
      .split(/<li>|<tr>/)
      .some((row) => row.includes(id) && row.includes(`<span class="tag">${said.mark}<`));
  expect(await marked(chen, '/cases')).toBe(true);
  expect(await marked(lin, '/desk/mingheng?show=all&order=last')).toBe(false);
  await elsewhere.post(draftsAt(id), { ...shown.fields, action: 'discard' });
  expect((await formOn(chen, id)).words).toBe('');
  expect(await marked(chen, '/cases')).toBe(false);
  // And of the lender's people, each sees their own on the desk, in its list and in what is found.
  await keep(lin, id, '内部还没想好怎么说');
  for (const path of ['/desk/mingheng?show=all&order=last', `/desk/mingheng?text=${encodeURIComponent(PEOPLE.chen.name)}`]) {
    expect(await marked(lin, path)).toBe(true);
    expect(await marked(zhou, path)).toBe(false);
  }
});

test('marked, and not to be sent after all, it is gone; who gives up a letter keeps it', async () => {
  const id = await opened();
  await keep(chen, id, WORDS);
  const { fields } = await formOn(chen, id);
  const html = await (await chen.post(`/cases/${id}/do/talk.message`, { ...fields, words: '你们就是一群吸血鬼，不要脸！' })).text();
  expect(html).toContain(`action="${draftsAt(id)}"`);
  const sent = { requestId: value(html, 'requestId') ?? '', unsent: value(html, 'unsent') ?? '', words: value(html, 'words') ?? '' };
  const given = await chen.post(draftsAt(id), { ...sent, action: 'discard' });
  expect([given.status, given.headers.get('location')?.split('#')[0]]).toEqual([303, `/cases/${id}`]);
  expect((await formOn(chen, id)).words).toBe('');
  expect(rows(id)).toEqual([]);
  await keep(chen, id, WORDS);
  const letter = { requestId: randomId(), letter: 'hardship', words: '你们就是一群吸血鬼，不要脸！' };
  const other = await (await chen.post(`/cases/${id}/do/talk.issueLetter`, letter)).text();
  expect(other).not.toContain(`action="${draftsAt(id)}"`);
  expect((await formOn(chen, id)).words).toBe(WORDS);
});

test('sending empties it in the same write, once; what is refused or marked keeps it; round trips are as many as before', async () => {
  const id = await opened();
  await keep(chen, id, WORDS);
  const { fields } = await formOn(chen, id);
  expect((await trips(portal, () => chen.get(`/cases/${id}`))).count).toBe(2);
  const refused = await chen.post(`/cases/${id}/do/talk.message`, { ...fields, words: 'x'.repeat(5_001) });
  expect(refused.status).toBe(422);
  const softened = await chen.post(`/cases/${id}/do/talk.message`, { ...fields, words: '你们就是一群吸血鬼，不要脸！' });
  expect(softened.status).toBe(422);
  const marked = await softened.text();
  expect(value(marked, 'unsent')).toBe(fields.unsent);
  expect((await formOn(chen, id)).words).toBe(WORDS);
  const sent = await trips(portal, () => chen.post(`/cases/${id}/do/talk.message`, { ...fields, words: WORDS }));
  const plain = await trips(portal, () => chen.post(`/cases/${id}/do/talk.message`, { words: WORDS, requestId: randomId() }));
  expect([sent.answer.status, sent.count]).toEqual([303, plain.count]);
  expect((await formOn(chen, id)).words).toBe('');
  // Sent twice, it is sent once, and what was begun since is not touched.
  await keep(chen, id, '还有一件事');
  expect((await chen.post(`/cases/${id}/do/talk.message`, { ...fields, words: WORDS })).status).toBe(303);
  expect((await formOn(chen, id)).words).toBe('还有一件事');
  // What was on its way from that form while it was sent does not come back.
  await chen.post(draftsAt(id), { ...(await formOn(chen, id)).fields, action: 'discard' });
  expect((await typed(chen, id, { ...fields, unsent: '0', words: WORDS })).status).toBe(409);
  expect(rows(id)).toEqual([]);
});

test('the message and its draft go in one step: where the one cannot be written the other stays', async () => {
  const id = await opened();
  await keep(chen, id, WORDS);
  const { fields } = await formOn(chen, id);
  const send = () => chen.post(`/cases/${id}/do/talk.message`, { ...fields, words: WORDS });
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const inTheWay = (sql: string) => connect(casebookUrl(portal.env, lender ?? { url: '' }), portal.env.casebookToken).run(sql);
  for (const what of ['DELETE ON unsent', 'INSERT ON outbox']) {
    await inTheWay(`CREATE TRIGGER full BEFORE ${what} BEGIN SELECT RAISE(ABORT, 'no room'); END`);
    expect((await send()).status).toBe(422);
    await inTheWay('DROP TRIGGER full');
    expect(rows(id)).toHaveLength(1);
    expect(await (await chen.get(`/api/v1/cases/${id}`)).text()).not.toContain(WORDS);
  }
  expect((await send()).status).toBe(303);
  expect(rows(id)).toEqual([]);
});

test('what staff write outside the hours is held, and its draft is gone with that', async () => {
  const id = await opened();
  const shut = new Date(Date.now() + 8 * 3_600_000).getUTCHours() < 12 ? { from: 18, until: 20 } : { from: 8, until: 10 };
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'hours', ...shut });
  await keep(lin, id, '您好，方案收到了。');
  const { fields, words } = await formOn(lin, id);
  const answer = await lin.post(`/cases/${id}/do/talk.message`, { ...fields, words });
  expect(answer.headers.get('location')).toMatch(/#[oe]\d+$/);
  expect(rows(id)).toEqual([]);
});

describe('two devices', () => {
  test('a tab that goes on from an older version is told, what was kept is shown, and its own text stays in the form; the button takes the place', async () => {
    const id = await opened();
    const [one, other] = [await formOn(chen, id), await formOn(chen, id)];
    const kept = await typed(chen, id, { ...one.fields, words: '第一台设备写的，比较长的一段。' });
    expect([kept.status, kept.said.startsWith('Draft kept · ')]).toEqual([200, true]);
    const told = await typed(chen, id, { ...other.fields, words: '第二台' });
    expect(told).toMatchObject({ status: 409, kept: '第一台设备写的，比较长的一段。', version: kept.version });
    // The same without a script.
    const page = await (await chen.post(draftsAt(id), { ...other.fields, words: '第二台' })).text();
    expect(page).toContain('>第二台</textarea>');
    expect(page).toContain('第一台设备写的，比较长的一段。');
    expect(page).toContain('You changed this draft on another page or device');
    expect((await formOn(chen, id)).words).toBe('第一台设备写的，比较长的一段。');
    // Sent as it is, it leaves the other where that is.
    expect(value(page, 'unsent')).toBe('0');
    await chen.post(`/cases/${id}/do/talk.message`, { unsent: '0', words: '第二台', requestId: randomId() });
    expect((await formOn(chen, id)).words).toBe('第一台设备写的，比较长的一段。');
    expect((await chen.post(draftsAt(id), { ...other.fields, words: '第二台', unsentOver: value(page, 'unsentOver') })).status).toBe(303);
    expect((await formOn(chen, id)).words).toBe('第二台');
  });

  test('a form that keeps on goes on from itself, however its answers are lost; what was sent elsewhere is told', async () => {
    const id = await opened();
    const { fields } = await formOn(chen, id);
    for (const words of ['一', '一二', '一二三']) expect((await typed(chen, id, { ...fields, words })).status).toBe(200);
    const other = await formOn(chen, id);
    expect(other.words).toBe('一二三');
    await chen.post(`/cases/${id}/do/talk.message`, { ...other.fields, words: other.words });
    const told = await typed(chen, id, { ...fields, unsent: other.fields.unsent, words: '一二三四' });
    expect(told).toMatchObject({ status: 409, kept: null, version: 0, said: said.gone });
    // Of two at once one is told.
    const [a, b] = [await formOn(chen, id), await formOn(chen, id)];
    const answers = await Promise.all([typed(chen, id, { ...a.fields, words: 'a' }), typed(chen, id, { ...b.fields, words: 'b' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

test('each in a case has their own, of whichever seat; nobody else reads it on any page, in any answer, letter, document or byte of a file', async () => {
  const id = await opened();
  const until = addDays(stage.today(), 30);
  const contact = (who: 'li' | 'zhao') => ({ name: PEOPLE[who].name, contact: contactText(contactIn(PEOPLE[who])) });
  await represent(portal, { id, borrower: chen, by: li, signed: PEOPLE.chen.name }, { ...contact('li'), scope: 'negotiate', until });
  await mediate(portal, { id, proposes: chen, admits: lin, by: zhao }, contact('zhao'));
  const seats = [chen, lin, zhou, li, zhao].map((who, i) => ({ who, canary: `kanarienvogel-${i}-${randomId()}` }));
  for (const { who, canary } of seats) {
    const command = who === zhao ? 'mediation.say' : 'talk.message';
    expect((await keep(who, id, canary, command)).status).toBe(303);
    expect((await formOn(who, id)).words).toBe(canary);
  }
  expect(rows(id)).toHaveLength(5);
  const paths = [
    ...routesOf(id).flatMap(({ method, at }) => (method === 'GET' ? [at] : [])),
    '/cases',
    '/desk/mingheng?show=all',
    '/account',
  ];
  const others = [...seats, { who: await signedIn(portal, 'gu'), canary: '-' }, { who: visitor(portal), canary: '-' }];
  for (const { who, canary } of others) {
    for (const path of [...paths, `/api/v1/cases/${id}`]) {
      const text = (await (await who.get(path)).text()).replaceAll(canary, '');
      expect(text, path).not.toContain('kanarienvogel');
    }
    for (const what of ['record.json', 'record.pdf', 'bundle.zip'])
      expect(Buffer.from(await (await takeAway(who, id, what)).arrayBuffer()).includes('kanarienvogel'), what).toBe(false);
  }
  const letters = await openDirectory(portal.env).newestMail(200);
  expect(letters.filter(({ body, subject }) => `${subject}${body}`.includes('kanarienvogel'))).toEqual([]);
  expect(JSON.stringify(rows(id))).not.toContain('kanarienvogel');
  // The message of one, put into the row of another, is read by nobody.
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.exec(`UPDATE unsent SET content = (SELECT content FROM unsent AS one WHERE one."case" = unsent."case" ORDER BY account LIMIT 1)`),
  );
  const read = await Promise.all(seats.map(async ({ who }) => (await formOn(who, id)).words));
  expect(read.filter((words) => words !== '')).toHaveLength(1);
});

test('it goes when its writer’s seat ends, and with the case when that is erased', async () => {
  const id = await opened();
  const until = addDays(stage.today(), 30);
  // Nobody to whom anything else was written: the newest letter to each is the one that brings them in.
  const wang = await signedIn(portal, 'wang');
  const mediator = await newcomer(portal, 'between@example.org');
  const mandate = { name: PEOPLE.wang.name, contact: contactText(contactIn(PEOPLE.wang)), scope: 'negotiate', until };
  await represent(portal, { id, borrower: chen, by: wang, signed: PEOPLE.chen.name }, mandate);
  await mediate(portal, { id, proposes: chen, admits: lin, by: mediator }, { name: '沈和平', contact: 'between@example.org' });
  for (const who of [chen, lin, wang]) await keep(who, id, WORDS);
  await keep(mediator, id, WORDS, 'mediation.say');
  expect(rows(id)).toHaveLength(4);
  const appointment = value(await (await chen.get(`/cases/${id}/representatives`)).text(), 'appointment');
  expect((await chen.post(`/cases/${id}/do/representative.revoke`, { appointment, requestId: randomId() })).status).toBe(303);
  expect(rows(id)).toHaveLength(3);
  expect((await wang.post(draftsAt(id), { unsent: '0', words: WORDS })).status).toBe(404);
  expect((await mediator.post(`/cases/${id}/do/mediation.leave`, { requestId: randomId() })).status).toBe(303);
  expect(rows(id)).toHaveLength(2);

  // Where nothing can be sent any more it is still to be read, and to be given up.
  await stage.give('chen', 'mingheng', id, 'case.close', { reason: 'withdrawn' });
  const page = await (await chen.get(`/cases/${id}`)).text();
  expect(page).toContain(said.left);
  expect(page).toContain(WORDS);
  const refused = await chen.post(draftsAt(id), { unsent: '0', words: '再写一句' });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('再写一句');
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('There is no lender.');
  const casebook = openCasebookForPortal(portal.env, lender);
  const at = '2099-01-01T00:00:00.000Z';
  const key = await signingKey(portal.keys, instant());
  const operator = { casebook, lender: lender.slug, caseId: id, at, requestId: `operator:${randomId()}`, key, random: randomBytes };
  expect(await eraseContents(operator, { entries: [], files: [], reason: '保存期满', whole: true })).toMatchObject({ ok: true });
  expect(rows(id)).toEqual([]);
});

test('who had wrongly joined, and all whom they brought, leave nothing when they are put out', () => {
  const acting = (account: string): Representative => ({ ...REPRESENTATIVE, account, state: 'acting' });
  const before = { ...EMPTY_CASE, borrowerAccount: 'a', representatives: [acting('b'), { ...acting('c'), state: 'revoked' as const }] };
  expect(leftSince(before, { ...before, closed: { seq: 9, reason: 'withdrawn' } })).toEqual([]);
  expect(leftSince(before, { ...before, closed: { seq: 9, reason: VACATED } })).toEqual(['a', 'b']);
  expect(leftSince(EMPTY_CASE, before)).toEqual([]);
});

test('what somebody of the lender had not sent goes when their access ends', async () => {
  const id = await opened();
  await keep(zhou, id, WORDS);
  const fang = await signedIn(portal, 'fang');
  const account = (await openDirectory(portal.env).accountByContact({ email: PEOPLE.zhou.email ?? '' }))?.id ?? '';
  const at = `/desk/mingheng/staff/${account}`;
  const seen = value(await (await fang.get(at)).text(), 'seen');
  expect((await fang.post(`${at}/end`, { seen, password: PASSWORD })).status).toBe(303);
  expect(rows(id)).toEqual([]);
  expect((await zhou.post(draftsAt(id), { unsent: '0', words: WORDS })).status).not.toBe(303);
});

test('while the lender is paused nothing is kept and nothing given up, and what was typed comes back', async () => {
  const id = await opened();
  await keep(chen, id, WORDS);
  const { changeLender } = openDirectory(portal.env);
  await changeLender('mingheng', { pausedAt: instant() });
  try {
    const answer = await chen.post(draftsAt(id), { unsent: '0', words: '再写一句' });
    expect([answer.status, (await answer.text()).includes('再写一句')]).toEqual([422, true]);
    expect((await chen.post(draftsAt(id), { unsent: '9', words: '', action: 'discard' })).status).toBe(422);
    expect(rows(id)).toHaveLength(1);
  } finally {
    await changeLender('mingheng', { pausedAt: null });
  }
});

describe('what is sent to it', () => {
  test('from another site, without a session, to a case without a seat or as another’s command, keeps nothing', async () => {
    const id = await opened();
    const body = () => new URLSearchParams({ unsent: '0', words: WORDS });
    expect((await chen.send(draftsAt(id), body(), { origin: 'https://evil.example' })).status).toBe(403);
    const asked = await visitor(portal).send(draftsAt(id), body());
    // What was written when the session had ended goes along to where somebody signs in.
    expect([asked.status, (await asked.text()).includes(WORDS)]).toEqual([401, true]);
    const gu = await signedIn(portal, 'gu');
    for (const who of [gu, li]) expect((await who.send(draftsAt(id), body())).status).toBe(404);
    for (const command of ['mediation.say', 'note.write', 'constructor', '__proto__'])
      expect((await chen.send(draftsAt(id, command), body())).status).toBe(404);
    expect((await chen.send(draftsAt('0'.repeat(32)), body())).status).toBe(404);
    expect((await (await signedIn(portal, 'shen')).send(draftsAt(id), body())).status).toBe(422);
    expect(rows(id)).toEqual([]);
  });

  test('is bounded as a message is, and says so in the reader’s language, with what was typed', async () => {
    const id = await opened();
    for (const [words, told] of [
      ['字'.repeat(5_001), /5,?000/],
      ['a\0b', /./],
      ['a\u202eb', /./],
    ] as const) {
      const answer = await keep(chen, id, words);
      const html = await answer.text();
      expect([answer.status, told.test(/id="errors"[\s\S]*?<\/div>/.exec(html)?.[0] ?? '')]).toEqual([422, true]);
      expect(html).toContain(words.slice(0, 1));
      expect((await typed(chen, id, { ...(await formOn(chen, id)).fields, words })).status).toBe(422);
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    expect((await chen.send(draftsAt(id), `words=${'x'.repeat(10_000_000)}`, form)).status).toBe(413);
    expect(rows(id)).toEqual([]);
    // Half a surrogate is no letter: what a form makes of it is kept.
    expect((await chen.send(draftsAt(id), 'unsent=0&requestId=a&words=%ED%A0%BD', form)).status).toBe(200);
    expect((await formOn(chen, id)).words).toBe('\ufffd'.repeat(3));
    for (const unsent of ['-1', '1e9', 'constructor', '9'.repeat(40), '\0'])
      expect((await chen.send(draftsAt(id), new URLSearchParams({ unsent, words: 'y', requestId: 'b' }), form)).status).toBe(409);
    expect((await chen.send(draftsAt(id), new URLSearchParams({ unsent: '0', words: 'y', requestId: '\n' }), form)).status).toBe(400);
    // A row that was changed from outside is none, and the page is there.
    inFile(portal.data, 'casebook-mingheng', (db) => db.exec(`UPDATE unsent SET content = 'x.y', version = 'z' WHERE "case" = '${id}'`));
    expect((await formOn(chen, id)).words).toBe('');
  });
});
