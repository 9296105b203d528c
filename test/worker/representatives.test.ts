import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import type { Scope } from '../../worker/negotiation/seats.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { codeFor, linkFor, type Rig, rig, told } from '../portal.ts';
import { cookiesIn, signedIn, takeAway, type Visitor, visitor } from './people.ts';

/** Somebody who acts for the borrower, over HTTP: appointed by a letter that is signed, let in by a link, and out again at once. */

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let li: Visitor;
let lin: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, li, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'li'), signedIn(portal, 'lin')]);
});
afterAll(() => portal.remove());

const LI = contactText(contactIn(PEOPLE.li));
const said = wordsOf('en').representation;
const dayIn = (days: number) => addDays(stage.today(), days);

async function ofChen(): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  // What the lender's people write stands at once, at whichever hour this is run.
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  return id;
}

const mandate = (rest: Record<string, string> = {}) => ({
  name: PEOPLE.li.name,
  relation: 'lawyer',
  of: '春晖律师事务所',
  contact: LI,
  scope: 'negotiate',
  until: dayIn(30),
  signed: PEOPLE.chen.name,
  password: PASSWORD,
  requestId: randomId(),
  ...rest,
});
const appoint = (id: string, rest: Record<string, string> = {}) => chen.post(`/cases/${id}/do/representative.appoint`, mandate(rest));
const seqOf = async (id: string, wanted = 'representative.appointed') =>
  (await record(id)).findLast(({ kind }) => kind === wanted)?.seq ?? 0;

async function record(id: string) {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  return (await openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' }).record(id))?.entries ?? [];
}

/** A case of 陈建国's, in which 李 represents him. */
async function represented(scope: Scope, rest: Record<string, string> = {}): Promise<string> {
  const id = await ofChen();
  expect((await appoint(id, { scope, ...rest })).status).toBe(303);
  const joined = await li.post(await linkFor(portal, LI), {});
  expect(joined.headers.get('location')).toBe(`/cases/${id}`);
  return id;
}

const say = (who: Visitor, id: string) => who.post(`/cases/${id}/do/talk.message`, { words: '我代他答复。', requestId: randomId() });
const sayByApi = (who: Visitor, id: string, key: string = randomId()) =>
  who.send(`/api/v1/cases/${id}/commands/talk.message`, JSON.stringify({ words: '我代他答复。' }), {
    'content-type': 'application/json',
    'idempotency-key': key,
  });
/** Whether the newest entry of a case was told to somebody by a letter: each names it by its hash. */
async function hears(recipient: string, id: string): Promise<boolean> {
  const newest = (await record(id)).at(-1)?.hash ?? '';
  return (await openDirectory(portal.env).newestMail(500)).some((one) => one.recipient === recipient && one.body.includes(newest));
}

describe('appointing', () => {
  test('warns before the form, draws the letter up, and takes what was typed back where something is wrong', async () => {
    const id = await ofChen();
    const page = await (await chen.get(`/cases/${id}/representatives`)).text();
    expect(page.indexOf(said.warning.slice(0, 30))).toBeLessThan(page.indexOf('name="scope"'));
    const wrong = await chen.post(`/cases/${id}/representatives/check`, mandate({ until: '2027-02-30', contact: 'nobody' }));
    expect(wrong.status).toBe(422);
    const shown = await wrong.text();
    for (const part of ['id="representative-appoint-until-error"', PEOPLE.li.name, '春晖律师事务所', 'value="nobody"'])
      expect(shown).toContain(part);
    const letter = await (await chen.post(`/cases/${id}/representatives/check`, mandate())).text();
    // In another language it is the same letter: what was filled in goes along.
    const turned = [...letter.matchAll(/<button type="submit" form="(\w+)" formaction="([^"]+)"/g)];
    expect(turned).toHaveLength(2);
    for (const [, form, to = ''] of turned) {
      expect(letter).toContain(`id="${form}"`);
      expect(await (await chen.post(to.replace(/&amp;/g, '&'), mandate())).text()).toContain('name="signed"');
    }
    for (const part of [PEOPLE.chen.name, PEOPLE.li.name, 'PLAIN-1', said.powersOf[2]?.negotiate ?? '', 'name="signed"', 'type="password"'])
      expect(letter).toContain(part);
  });

  test('the letter has an address of its own: going back to it, or loading it, sends nothing; once signed it leads to the list', async () => {
    const id = await ofChen();
    const at = `/cases/${id}/representatives`;
    const send = (path: string, fields: Record<string, string>, from: string) =>
      fetch(portal.url + path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        redirect: 'manual',
        headers: { cookie: chen.cookie, origin: portal.url, referer: portal.url + from },
      });
    expect((await chen.get(`${at}/check`)).headers.get('location')).toBe(at);
    const drawn = await send(`${at}/check`, mandate(), at);
    expect([drawn.status, drawn.headers.get('location')]).toEqual([303, `${at}/check`]);
    for (let i = 0; i < 2; i++) {
      const html = await (await chen.get(`${at}/check`)).text();
      for (const part of [PEOPLE.li.name, 'name="signed"', `value="${LI}"`]) expect(html).toContain(part);
    }
    // Whoever goes back to change something finds all of it in the form.
    const form = await (await chen.get(`${at}?again=1`)).text();
    expect(form).not.toContain('name="signed"');
    for (const part of ['春晖律师事务所', `name="contact" value="${LI}"`, 'value="negotiate" checked'])
      expect(form.replace(/ (?:id|type|class|autocomplete|inputmode|maxlength|aria-\w+|required)(?:="[^"]*")?/g, '')).toContain(part);
    // To nobody else, though they see who acts for whom.
    expect((await lin.get(`${at}/check`)).headers.get('location')).toBe(at);
    expect((await send(`/cases/${id}/do/representative.appoint`, mandate(), `${at}/check`)).headers.get('location')).toBe(at);
    await expect.poll(async () => (await chen.get(`${at}/check`)).headers.get('location')).toBe(at);
    expect(await seqOf(id)).toBeGreaterThan(0);
  });

  test('a form that was written when the session had ended waits in the page to sign in', async () => {
    const page = await visitor(portal).post(`/cases/${await ofChen()}/representatives/check`, mandate());
    expect(page.status).toBe(401);
    expect(await page.text()).toContain('春晖律师事务所');
  });

  test('needs the borrower’s own name and password, and stays on the letter where they are wrong', async () => {
    const id = await ofChen();
    for (const [field, value] of [
      ['signed', '别人'],
      ['password', 'not the password'],
    ] as const) {
      const refused = await appoint(id, { [field]: value });
      expect(refused.status).toBe(422);
      const html = await refused.text();
      expect(html).toContain(`id="representative-appoint-${field}-error"`);
      expect(html).toContain('name="signed"');
    }
    for (const until of [dayIn(-1), dayIn(1_200)]) expect((await appoint(id, { until })).status).toBe(422);
    expect(await seqOf(id)).toBe(0);
  });

  test('is nobody’s but the borrower’s, and never of the lender’s staff nor of the borrower themselves', async () => {
    const id = await represented('sign');
    for (const who of [li, lin]) {
      expect((await who.post(`/cases/${id}/do/representative.appoint`, mandate())).status).toBe(422);
      expect((await who.post(`/cases/${id}/representatives/check`, mandate())).status).toBe(404);
      expect((await who.post(`/cases/${id}/do/representative.revoke`, { appointment: await seqOf(id) })).status).toBe(422);
    }
    const other = await ofChen();
    expect((await appoint(other, { contact: PEOPLE.lin.email })).status).toBe(422);
    const [stranger, none] = [visitor(portal), randomId()];
    expect((await stranger.get(`/cases/${other}/representatives`)).status).toBe(303);
    expect((await li.get(`/cases/${other}/representatives`)).status).toBe(404);
    expect((await chen.get(`/cases/${none}/representatives`)).status).toBe(404);
  });

  test('sent twice it is one appointment and one letter', async () => {
    const id = await ofChen();
    const once = mandate({ contact: 'twice@law.example' });
    for (let i = 0; i < 2; i++) expect((await chen.post(`/cases/${id}/do/representative.appoint`, once)).status).toBe(303);
    expect((await record(id)).filter(({ kind }) => kind === 'representative.appointed')).toHaveLength(1);
    const letters = (await openDirectory(portal.env).newestMail(500)).filter((one) => one.recipient === 'twice@law.example');
    expect(letters).toHaveLength(1);
    // Their contact is none of the lender's to see.
    expect(letters[0]?.lender ?? null).toBeNull();
    const fang = await signedIn(portal, 'fang');
    expect(await (await fang.get('/desk/mingheng/staff')).text()).not.toMatch(/law\.example/);
  });
});

describe('the link', () => {
  test('shows nothing of the case but to who has its contact; taken up by nobody else; good once', async () => {
    const id = await ofChen();
    await appoint(id);
    const link = await linkFor(portal, LI);
    const zhao = await signedIn(portal, 'zhao');
    for (const who of [visitor(portal), zhao, lin, chen]) expect(await (await who.get(link)).text()).not.toMatch(/PLAIN-1|陈建国|明衡.*贷/);
    expect(await (await li.get(link)).text()).toContain('PLAIN-1');
    expect((await zhao.post(link, {})).status).toBe(422);
    expect((await lin.post(link, {})).status).toBe(409);
    expect((await li.get(`/cases/${id}`)).status).toBe(404);
    expect((await li.post(link, {})).headers.get('location')).toBe(`/cases/${id}`);
    expect((await li.post(link, {})).headers.get('location')).toBe(`/cases/${id}`);
    expect((await record(id)).filter(({ kind }) => kind === 'representative.accepted')).toHaveLength(1);
    expect((await zhao.post(link, {})).status).toBe(404);
  });

  test('goes to a contact that has no account of its own, and is taken up with the code that goes there', async () => {
    const id = await ofChen();
    await appoint(id, { contact: 'mei@law.example', name: '梅律师' });
    const link = await linkFor(portal, 'mei@law.example');
    const zhao = await signedIn(portal, 'zhao');
    const asked = await zhao.post(`${link}/code`, {});
    const at = visitor(portal, [zhao.cookie, ...cookiesIn(asked)].join('; '));
    expect((await at.post(link, { code: await codeFor(portal, 'mei@law.example') })).headers.get('location')).toBe(`/cases/${id}`);
    expect((await say(zhao, id)).status).toBe(303);
    const entry = (await record(id)).at(-1);
    expect(entry?.author).toMatchObject({
      name: '梅律师',
      capacity: 'representative',
      for: { name: PEOPLE.chen.name, authority: await seqOf(id) },
    });
  });

  test('opens nothing once the appointment was taken back', async () => {
    const id = await ofChen();
    await appoint(id);
    const link = await linkFor(portal, LI);
    await chen.post(`/cases/${id}/do/representative.revoke`, { appointment: await seqOf(id) });
    expect((await li.post(link, {})).status).toBe(404);
    expect((await li.get(`/cases/${id}`)).status).toBe(404);
  });
});

describe('acting', () => {
  test('who may only read sees the case and takes its documents away, and is offered and allowed nothing else', async () => {
    const id = await represented('read');
    const page = await (await li.get(`/cases/${id}`)).text();
    expect(page).toContain('PLAIN-1');
    expect(page).not.toMatch(/\/do\/(?:talk|proposal|case)\./);
    expect((await takeAway(li, id, 'record.json')).status).toBe(200);
    const refused = await say(li, id);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('我代他答复。');
    expect((await sayByApi(li, id)).status).toBe(403);
  });

  test('who may speak speaks, for whom is said wherever it is read, and makes no offers', async () => {
    const id = await represented('speak');
    expect((await say(li, id)).status).toBe(303);
    const who = said.onBehalf({ name: PEOPLE.li.name, of: PEOPLE.chen.name });
    for (const reader of [chen, lin, li]) expect(await (await reader.get(`/cases/${id}`)).text()).toContain(who);
    expect((await li.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() })).status).toBe(422);
    expect((await chen.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() })).status).toBe(303);
  });

  test('nothing that the borrower keeps to themselves is shown to them, nor the borrower’s account', async () => {
    const id = await represented('sign');
    await chen.post(`/cases/${id}/do/note.write`, { words: '只给我自己看。', requestId: randomId() });
    for (const path of ['', '/own', '/representatives'])
      expect(await (await li.get(`/cases/${id}${path}`)).text()).not.toContain('只给我自己看');
    expect((await li.get(`/cases/${id}/own`)).status).toBe(404);
    expect((await li.get(`/api/v1/cases/${id}/own`)).status).toBe(404);
  });

  test('their list says for whom, with which lender, how far and until when', async () => {
    const id = await represented('negotiate');
    const list = await (await li.get('/cases')).text();
    const item = list.split('<li>').find((one) => one.includes(id)) ?? '';
    for (const part of ['明衡', PEOPLE.chen.name, said.scopeOf.negotiate]) expect(item).toContain(part);
    expect(await (await chen.get('/cases')).text()).not.toContain(said.scopeOf.negotiate);
  });

  test('the borrower hears of what is done for them, and a representative of what the lender says', async () => {
    const id = await represented('speak');
    expect((await say(li, id)).status).toBe(303);
    await told(portal, id);
    expect(await hears('chen@borrower.example', id)).toBe(true);
    expect(await hears(LI, id)).toBe(false);
    expect((await say(lin, id)).status).toBe(303);
    await told(portal, id);
    expect(await hears(LI, id)).toBe(true);
  });
});

describe('the end', () => {
  /** Pages of a case as one who has no seat in it finds them; `beside.test.ts` walks every route and command. */
  async function expectOut(who: Visitor, id: string) {
    const file = `/cases/${id}/files/${'a'.repeat(64)}`;
    const paths = [
      '',
      '/debt',
      '/means',
      '/evidence',
      '/letters/new',
      '/proposals/1',
      '/proposals/new',
      '/compare?a=1&b=1',
      '/agreement',
      '/own',
    ];
    const more = ['/share', '/sent', '/representatives', `/representatives/${await seqOf(id)}.pdf`, '/exports/record.pdf'];
    for (const path of [...paths, ...more]) expect((await who.get(`/cases/${id}${path}`)).status, path).toBe(404);
    for (const path of [file, `${file}/view`, `/api/v1/cases/${id}`, `/api/v1/cases/${id}/own`])
      expect((await who.get(path)).status, path).toBe(404);
    expect((await who.post(`/cases/${id}/exports/record.json`, {})).status).toBe(404);
    expect((await say(who, id)).status).toBe(404);
    expect((await sayByApi(who, id)).status).toBe(404);
  }

  test('revoked with the page still open: nothing more, whatever is asked, and one last letter', async () => {
    const id = await represented('sign');
    expect((await li.get(`/cases/${id}`)).status).toBe(200);
    expect((await chen.post(`/cases/${id}/do/representative.revoke`, { appointment: await seqOf(id) })).status).toBe(303);
    await expectOut(li, id);
    await told(portal, id);
    expect(await hears(LI, id)).toBe(true);
    expect(await (await li.get('/cases')).text()).not.toContain(id);
    await say(lin, id);
    await told(portal, id);
    expect(await hears('chen@borrower.example', id)).toBe(true);
    expect(await hears(LI, id)).toBe(false);
    // Appointed anew, they come in by the new link, and the old one stays used.
    await appoint(id, { scope: 'read' });
    expect((await li.post(await linkFor(portal, LI), {})).headers.get('location')).toBe(`/cases/${id}`);
    expect((await li.get(`/cases/${id}`)).status).toBe(200);
  });

  test('the record alone decides, also where the directory still has the seat', async () => {
    const id = await represented('sign');
    const directory = openDirectory(portal.env);
    const account = await directory.accountByContact(contactIn(PEOPLE.li));
    const lender = await directory.lenderBySlug('mingheng');
    await chen.post(`/cases/${id}/do/representative.revoke`, { appointment: await seqOf(id) });
    await expect.poll(async () => (await (await li.get('/cases')).text()).includes(id)).toBe(false);
    const seat = { account: account?.id ?? '', case: id, lender: lender?.id ?? '', capacity: 'representative' as const, contact: LI };
    const again = () => directory.addSeat({ ...seat, scope: 'sign', until: null, since: new Date().toISOString() });
    const asks: ((id: string) => Promise<Response>)[] = [
      () => li.get(`/cases/${id}`),
      () => say(li, id),
      () => sayByApi(li, id),
      () => li.get(`/api/v1/cases/${id}`),
      () => li.post(`/cases/${id}/exports/record.json`, {}),
      () => li.get(`/cases/${id}/evidence`),
    ];
    for (const ask of asks) {
      await again();
      expect((await ask(id)).status).toBe(404);
      // What the record ended the directory lets go of as soon as somebody knocks.
      await expect.poll(async () => (await (await li.get('/cases')).text()).includes(id)).toBe(false);
    }
  });

  test('a seat of a case in which nobody was appointed opens nothing', async () => {
    const id = await ofChen();
    const directory = openDirectory(portal.env);
    const account = await directory.accountByContact(contactIn(PEOPLE.li));
    const lender = await directory.lenderBySlug('mingheng');
    const seat = { account: account?.id ?? '', case: id, lender: lender?.id ?? '', capacity: 'representative' as const, contact: LI };
    await directory.addSeat({ ...seat, scope: 'sign', until: null, since: new Date().toISOString() });
    expect((await li.get(`/cases/${id}`)).status).toBe(404);
  });

  test('laid down by themselves', async () => {
    const id = await represented('negotiate');
    expect((await li.post(`/cases/${id}/do/representative.resign`, { requestId: randomId() })).status).toBe(303);
    // Not a moment later.
    expect(await (await li.get('/cases')).text()).not.toContain(id);
    expect((await say(li, id)).status).toBe(404);
    expect((await record(id)).at(-1)).toMatchObject({ kind: 'representative.ended', content: { why: 'resigned' } });
  });

  test('and whoever did it without another look hears no more of the case', async () => {
    const id = await represented('negotiate');
    await li.send(`/api/v1/cases/${id}/commands/representative.resign`, '{}', { 'content-type': 'application/json' });
    expect((await say(lin, id)).status).toBe(303);
    await told(portal, id);
    expect(await hears('chen@borrower.example', id)).toBe(true);
    expect(await hears(LI, id)).toBe(false);
  });
});
