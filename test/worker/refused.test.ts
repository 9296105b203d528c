import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { connect } from '../../worker/store/connect.ts';
import { type Rig, rig } from '../portal.ts';
import { cookiesIn, signedIn, type Visitor, visitor } from './people.ts';

/** A form that is refused comes back: with why, and with every word of what was typed, also where it would no longer be offered. */

const LENDER = 'mingheng';
const STATES = ['offered', 'declined', 'agreed', 'signed', 'in force', 'closed'] as const;
type State = (typeof STATES)[number];

let portal: Rig;
let stage: Stage;
let digest: string;
const cases = {} as Record<State, string>;
const at = {} as Record<'chen' | 'lin', Visitor>;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  for (const state of STATES) cases[state] = await made(state);
  for (const who of ['chen', 'lin'] as const) at[who] = await signedIn(portal, who);
});
afterAll(() => portal.remove());

/** A case as far as a state. */
async function made(state: State): Promise<string> {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const give = (who: 'chen' | 'lin', command: string, input: unknown) => stage.give(who, LENDER, id, command, input);
  const reached = (one: State) => STATES.indexOf(state) >= STATES.indexOf(one);
  digest = offerDigest(opening.debt.debt, opening.proposal.terms);
  await give('chen', 'case.open', opening);
  if (state === 'offered') return id;
  if (state === 'declined' || state === 'closed') {
    await give('lin', 'proposal.decline', { version: 1, reasons: ['other'], words: '太长。' });
    if (state === 'closed') await give('chen', 'case.close', { reason: 'withdrawn' });
    return id;
  }
  await give('lin', 'proposal.accept', { version: 1, digest });
  if (reached('signed')) await give('chen', 'agreement.sign', { digest, name: PEOPLE.chen.name });
  if (reached('in force')) {
    await give('lin', 'agreement.sign', { digest, name: PEOPLE.lin.name });
    const { seq } = await give('chen', 'payment.report', { amount: 100, on: stage.today(), method: 'cash' });
    await give('lin', 'payment.confirm', { payment: seq });
  }
  return id;
}

const WORDS = '我想说的话：<b>第一行</b> & “引号”\r\n第二行，最后一行。';

/** What a person types into the form of a command, and what the form brings along by itself. */
function typedFor(name: string): Record<string, string> {
  const today = stage.today();
  const plan = {
    'terms.start': today,
    'terms.firstDue': '2031-02-03',
    'terms.every': 'month',
    'terms.rate.ppm': '3.21',
    'terms.rate.per': 'year',
    'terms.interestOn': 'principal',
    'terms.dayCount': 'period',
    'terms.waive.fees': '77.77',
    'terms.phases.0.kind': 'level',
    'terms.phases.0.count': '13',
    'terms.phases.1.kind': 'fixed',
    'terms.phases.1.amount': '4321.09',
    'reasons.fees': '费用太高，请减免。',
    words: WORDS,
  };
  const all: Record<string, Record<string, string>> = {
    'debt.state': {
      'debt.asOf': today,
      'debt.principal': '7654.32',
      'debt.interest': '1.1元',
      'debt.penalty': '2',
      'debt.fees': '3',
      words: WORDS,
    },
    'debt.confirm': { total: '123' },
    'means.submit': {
      'means.cause.kind': 'illness',
      'means.cause.since': '2026-01-02',
      'means.cause.words': WORDS,
      'means.incomes.0.kind': 'salary',
      'means.incomes.0.amount': '4567.89',
      'means.incomes.0.every': 'month',
      'means.changes.0.from': '2027-05-06',
      'means.changes.0.direction': 'more',
      'means.changes.0.amount': '1234.50',
      'means.changes.0.words': '五月复工。',
      'means.dependants': '3',
      'means.assets': '一辆旧车',
    },
    'means.verify': { figure: 'incomes.salary' },
    'means.query': { figure: 'incomes.salary', words: WORDS },
    'means.answer': { figure: 'incomes.salary', words: WORDS },
    'evidence.withdraw': { file: 'a'.repeat(64), words: WORDS },
    'evidence.tie': { file: 'a'.repeat(64), figures: 'incomes.salary' },
    'evidence.accept': { file: 'a'.repeat(64) },
    'evidence.reject': { file: 'a'.repeat(64), reason: 'other', words: WORDS },
    'talk.message': { words: WORDS },
    'note.write': { words: WORDS },
    'note.mention': { what: WORDS, to: NOBODY },
    'note.see': { mention: '1' },
    'task.set': { what: WORDS, on: '2026-01-02', to: NOBODY },
    'task.give': { task: '1', to: NOBODY },
    'task.finish': { task: '1' },
    'task.reopen': { task: '1' },
    'case.assign': { to: 'team:没有的团队' },
    'talk.logCall': { when: '2099-01-02T03:04', direction: 'to-lender', minutes: '17', words: WORDS },
    'talk.confirmCall': { call: '1' },
    'talk.contestCall': { call: '1', words: WORDS },
    'talk.issueLetter': { letter: 'hardship', words: WORDS },
    'proposal.make': { answers: '9', ...plan },
    'proposal.accept': { version: '1', digest },
    'proposal.decline': { version: '1', reasons: 'too-long', words: WORDS },
    'proposal.withdraw': { version: '1' },
    'agreement.sign': { digest, name: '不是我的名字', password: 'never shown again' },
    'payment.report': { amount: '87654.32', on: today, method: 'cash', reference: 'TX-20261125-0001' },
    'payment.confirm': { payment: '1' },
    'payment.dispute': { payment: '1', words: WORDS },
    'payment.withdraw': { payment: '1', words: WORDS },
    'payment.reverse': { payment: '1', words: WORDS },
    'move.ask': { no: '1', by: 'day', to: '2099-05-06', words: WORDS },
    'move.grant': { asked: '1' },
    'move.decline': { asked: '1', words: WORDS },
    // With the right password: so many wrong ones would end the session.
    'settlement.issue': { name: '不是我的名字', password: PASSWORD },
    'arrears.declareBroken': { words: WORDS, password: PASSWORD },
    'approval.approve': { approval: '1', words: WORDS, password: PASSWORD },
    'approval.return': { approval: '1', words: WORDS },
    'approval.withdraw': { approval: '1' },
    'impasse.declare': { words: WORDS },
    'impasse.say': { words: WORDS },
    'impasse.resume': { words: WORDS },
    'complaint.raise': { kind: 'conduct', figures: 'otherDebts.car', facts: WORDS, wish: '当面道歉。' },
    'complaint.extend': { complaint: '1', words: WORDS },
    'complaint.answer': { complaint: '1', outcome: 'partly', words: WORDS },
    'complaint.accept': { complaint: '1' },
    'complaint.escalate': { complaint: '1', to: 'regulator', words: WORDS },
    'complaint.withdraw': { complaint: '1', words: WORDS },
    'person.ask': {},
    'contact.wish': { asks: 'writing', when: 'hours', from: '20', until: '9', words: WORDS },
    'contact.takeBack': { held: '1' },
    'representative.revoke': { appointment: '1' },
    'representative.resign': {},
    'referral.make': { way: 'court', on: '2099-01-02', words: WORDS },
    'referral.return': { referral: '1', outcome: 'agreed', words: WORDS },
    'consent.give': { consent: '9' },
    'consent.withdraw': { words: WORDS },
    'mediation.admit': { mediation: '1' },
    'mediation.decline': { mediation: '1', words: WORDS },
    'mediation.dismiss': { mediation: '1', words: WORDS },
    'mediation.say': { words: WORDS },
    'mediation.suggest': plan,
    'mediation.adopt': { suggestion: '1', digest, answers: '9', words: WORDS },
    'mediation.leave': { words: WORDS },
    'case.vacate': { words: WORDS, password: PASSWORD },
    'case.close': { reason: 'withdrawn', words: WORDS },
  };
  const found = all[name];
  if (!found) throw new Error(`The test types nothing for ${name}.`);
  return found;
}

const BY_FORM = [...COMMANDS.values()]
  .filter(({ doors }) => doors.includes('form'))
  .map(({ name }) => name)
  .filter((name) => !/^(?:case\.(?:open|begin|join|invite)|custody\.|evidence\.add$)/.test(name));
/** Fields that say what a form is about, or that choose: nobody types them. */
const CHOSEN =
  /^(?:total|figure|figures|kind|outcome|complaint|file|call|held|letter|answers|version|digest|payment|asked|approval|no|by|appointment|mediation|suggestion|referral|mention|task|way|consent|password|reason|reasons|method|direction|.*\.(?:kind|every|per|interestOn|dayCount|direction))$/;

/** An account that is none of the lender's. */
const NOBODY = 'f'.repeat(32);

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
const summaryOf = (html: string) => /<div class="error-summary" role="alert" id="errors"[\s\S]*?<\/div>/.exec(html)?.[0] ?? '';

/** What is missing from a page on which a form was refused. */
function missing(html: string, fields: Record<string, string>): string[] {
  // Nor somebody who works there no more.
  const isChosen = (name: string, value: string) => CHOSEN.test(name) || value === NOBODY;
  return Object.entries(fields).flatMap(([name, value]) => (isChosen(name, value) || html.includes(escaped(value)) ? [] : [name]));
}

describe.each(STATES)('in a case that is %s', (state) => {
  test.each(['chen', 'lin'] as const)('whatever %s sends in vain comes back with why, and with every word', async (who) => {
    const wrong: string[] = [];
    let refused = 0;
    for (const name of BY_FORM) {
      const fields = typedFor(name);
      const path = `/cases/${cases[state]}`;
      const shown = await at[who].post(`${path}/typed/${name}`, fields);
      const asTyped = await shown.text();
      const lost = missing(asTyped, fields);
      if (lost.length > 0) wrong.push(`${name}, shown again: ${lost.join()}`);
      if (shown.status === 200) {
        if (!asTyped.includes(wordsOf('en').kept.notSent)) wrong.push(`${name}: nothing says that it was not sent`);
        continue;
      }
      const answer = await at[who].post(`${path}/do/${name}`, { ...fields, requestId: randomId() });
      const html = await answer.text();
      refused++;
      const summary = summaryOf(html);
      if (answer.status !== 422) wrong.push(`${name}: ${answer.status}`);
      else if (!/<li>(?:<a[^>]*>)?[^<]+/.test(summary)) wrong.push(`${name}: no summary`);
      else if (!summary.includes(' autofocus')) wrong.push(`${name}: the summary is not focused`);
      else if (!html.includes(`<title>${wordsOf('en').errors.notDone}: `)) wrong.push(`${name}: the title does not say so`);
      else if (html.match(/role="alert"/g)?.length !== 1) wrong.push(`${name}: more than one summary`);
      for (const [, id] of summary.matchAll(/href="#([^"]+)"/g))
        if (!html.includes(` id="${id}"`)) wrong.push(`${name}: leads nowhere: #${id}`);
      if (html.includes('never shown again')) wrong.push(`${name}: shows the password`);
      const gone = missing(html, fields);
      if (gone.length > 0) wrong.push(`${name}: lost ${gone.join()}`);
    }
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(8);
  });
});

test('a form and JSON are refused for the same reason', async () => {
  const path = cases.agreed;
  const body = { version: 1, digest };
  const json = await at.lin.send(`/api/v1/cases/${path}/commands/proposal.accept`, JSON.stringify(body), {
    'content-type': 'application/json',
  });
  const form = await at.lin.post(`/cases/${path}/do/proposal.accept`, { ...body });
  const { title } = (await json.json()) as { title: string };
  expect([json.status, form.status]).toEqual([409, 422]);
  expect(summaryOf(await form.text())).toContain(escaped(title));
});

test('sent twice with one id is sent once, and both lead to the same entry; another text under that id is refused and comes back', async () => {
  const fields = { words: '只发一次。', requestId: randomId() };
  const path = `/cases/${cases.declined}/do/talk.message`;
  const [one, two] = await Promise.all([at.chen.post(path, fields), at.chen.post(path, fields)]);
  const places = [one, two].map((answer) => answer.headers.get('location'));
  expect([one.status, two.status]).toEqual([303, 303]);
  expect(places[0]).toBe(places[1]);
  const other = await at.chen.post(path, { ...fields, words: '后来改过的话。' });
  expect(other.status).toBe(422);
  const html = await other.text();
  expect(html).toContain('后来改过的话。');
  expect(summaryOf(html)).toContain(wordsOf('en').refusal['request.reused'] as string);
  // The form that came back has an id of its own: it can be sent.
  const fresh = [...html.matchAll(/do\/talk\.message"[\s\S]*?name="requestId" value="([^"]+)"/g)][0]?.[1];
  expect(fresh).not.toBe(fields.requestId);
});

test('the language of a refused form is changed by a button that takes it along', async () => {
  const fields = typedFor('talk.logCall');
  const path = `/cases/${cases.offered}`;
  const html = await (await at.chen.post(`${path}/do/talk.logCall`, fields)).text();
  const action = /<button type="submit" form="typed" formaction="([^"]+\?language=[a-z]+)"/.exec(html)?.[1] ?? '';
  expect(html.match(/ id="typed"/g)).toHaveLength(1);
  expect(action).toBe(`${path}/typed/talk.logCall?language=zh`);
  const answer = await at.chen.post(action, fields);
  const other = await answer.text();
  expect(answer.headers.getSetCookie().join()).toContain('language=zh');
  expect(other).toContain('<html lang="zh');
  expect(summaryOf(other)).toContain(wordsOf('zh').refusal['call.future'] as string);
  expect(missing(other, fields)).toEqual([]);
});

test('a message that is being written goes along into another language or size without a script; where nothing is written, no form comes of it', async () => {
  const path = `/cases/${cases.offered}`;
  const html = await (await at.chen.get(path)).text();
  const action = /<button type="submit" form="typed" formaction="([^"]+language=zh)"/.exec(html)?.[1] ?? '';
  expect(action).toBe(`${path}/typed/talk.message?language=zh`);
  expect(/<form[^>]*action="[^"]*\/do\/talk\.message"[^>]* id="typed"/.test(html)).toBe(true);
  const turned = await (await at.chen.post(action, { words: WORDS, requestId: randomId() })).text();
  expect(turned).toContain('<html lang="zh');
  expect(missing(turned, { words: WORDS })).toEqual([]);
  const headers = { cookie: at.chen.cookie, origin: portal.url, referer: `${portal.url}${path}?before=3` };
  const body = new URLSearchParams({ words: ' ', requestId: randomId() });
  const blank = await fetch(portal.url + action, { method: 'POST', body, redirect: 'manual', headers });
  expect([blank.status, blank.headers.get('location')]).toEqual([303, `${path}?before=3`]);
  expect(blank.headers.getSetCookie().join()).toContain('language=zh');
});

test.each([
  ['talk.issueLetter', '/letters/new?letter=hardship', 'words'],
  ['complaint.raise', '/complaints', 'facts'],
])('so does what is being written for %s', async (command, on, field) => {
  const path = `/cases/${cases.offered}${on}`;
  const html = await (await at.chen.get(path)).text();
  const action = /<button type="submit" form="typed" formaction="([^"]+language=zh)"/.exec(html)?.[1] ?? '';
  expect(action).toBe(`/cases/${cases.offered}/typed/${command}?language=zh`);
  expect(new RegExp(`<form[^>]*action="[^"]*/do/${command}"[^>]* id="typed"`).test(html)).toBe(true);
  const letter = /name="letter" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const turned = await (await at.chen.post(action, { [field]: WORDS, letter, requestId: randomId() })).text();
  expect(turned).toContain('<html lang="zh');
  expect(missing(turned, { [field]: WORDS })).toEqual([]);
  // A draft that nobody has changed is drawn in the other language.
  const draft = (/<textarea[^>]*name="words"[^>]*>([\s\S]*?)<\/textarea>/.exec(html)?.[1] ?? '').trim();
  const headers = { cookie: at.chen.cookie, origin: portal.url, referer: portal.url + path };
  const body = new URLSearchParams({ [field]: draft.replaceAll('\n', '\r\n'), letter, requestId: randomId() });
  const blank = await fetch(portal.url + action, { method: 'POST', body, redirect: 'manual', headers });
  expect([blank.status, blank.headers.get('location')]).toEqual([303, path]);
});

describe('a form that came back has an address of its own', () => {
  const read = (cookie: string, path: string) => fetch(portal.url + path, { redirect: 'manual', headers: { cookie } });
  const send = (cookie: string, path: string, fields: Record<string, string>, from = '') =>
    fetch(portal.url + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
      headers: { cookie, origin: portal.url, ...(from ? { referer: portal.url + from } : {}) },
    });

  test('which says nothing of it, shows it to the session in which it was typed, in either language, and no more once it was sent', async () => {
    const path = `/cases/${cases.declined}`;
    const { cookie } = at.chen;
    const refused = await send(cookie, `${path}/do/talk.message`, { words: '字'.repeat(5_001), requestId: randomId() });
    const to = refused.headers.get('location') ?? '';
    expect([refused.status, to]).toEqual([303, `${path}/typed/talk.message`]);
    for (const language of ['en', 'zh'] as const) {
      const shown = await read(cookie.replace('language=en', `language=${language}`), to);
      const html = await shown.text();
      expect(shown.status).toBe(422);
      expect(html).toContain('字'.repeat(5_001));
      expect(summaryOf(html)).toContain(wordsOf(language).errors.title);
    }
    const [another, colleague] = [await signedIn(portal, 'chen'), at.lin];
    for (const who of [another, colleague]) expect((await who.get(to)).headers.get('location')).toBe(path);
    expect((await read('language=en', to)).headers.get('location')).toContain('/sign-in');
    const sent = await send(cookie, `${path}/do/talk.message`, { words: '短一些。', requestId: randomId() }, to);
    expect(sent.headers.get('location')).toContain('#e');
    await expect.poll(async () => (await read(cookie, to)).status).toBe(303);
  });

  test('a few are kept, for minutes, and the directory can read none', async () => {
    const { cookie } = at.lin;
    const path = `/cases/${cases.declined}`;
    const typed = ['talk.message', 'note.write', 'means.query', 'talk.logCall', 'case.close', 'impasse.say'];
    for (const name of typed) await send(cookie, `${path}/typed/${name}`, { words: '不该让别人读到', password: PASSWORD });
    const shown = await Promise.all(typed.map(async (name) => (await read(cookie, `${path}/typed/${name}`)).status));
    expect(shown).toEqual([303, 200, 422, 422, 422, 200]);
    const { rows } = await connect(portal.env.directory.url, portal.env.directory.token).run(
      'SELECT content, at, expires_at FROM returned',
    );
    expect(rows.length).toBeGreaterThan(4);
    for (const { content, at: from, expires_at: until } of rows) {
      expect(String(content)).toMatch(/^[\w-]+\.[\w-]+$/);
      expect(Date.parse(String(until)) - Date.parse(String(from))).toBe(30 * 60_000);
    }
  });

  const comesBack = async (cookie: string, path: string, fields: Record<string, string>, from = path) => {
    const refused = await send(cookie, path, fields, from);
    const to = refused.headers.get('location') ?? '';
    expect([refused.status, to], path).toEqual([303, expect.stringContaining('again=1')]);
    const all = [cookie, ...cookiesIn(refused)].join('; ');
    const shown = await read(all, to);
    const html = await shown.text();
    expect(shown.status, to).toBe(422);
    expect(summaryOf(html), to).not.toBe('');
    return { html, cookie: all, to };
  };

  test('whoever changes language there reads what is wrong in the other one, with what is typed now, and signing in leaves nothing of it', async () => {
    const contact = '不是联系方式';
    const wrong = { contact, name: '赵敏', password: 'a secret of mine 8' };
    for (const path of ['/sign-in', '/sign-up', '/recover']) {
      const { html, cookie, to } = await comesBack('language=en', path, wrong);
      expect(summaryOf(html), path).toContain(wordsOf('en').account.contactBad);
      const turned = await send(cookie, `${path}/typed?language=zh`, { ...wrong, contact: '后来改的' }, to);
      expect(turned.headers.get('location'), path).toBe(to);
      const other = await (await read(cookie.replace('language=en', 'language=zh'), to)).text();
      expect(summaryOf(other), path).toContain(wordsOf('zh').account.contactBad);
      expect(other, path).toContain('后来改的');
      expect(html + other, path).not.toContain('a secret of mine 8');
      // Who looks at the form for the first time is told of nothing.
      expect((await send(cookie, `${path}/typed?language=zh`, wrong, path)).status, path).toBe(200);
      const signed = await send(cookie, '/sign-in', { contact: PEOPLE.chen.email, password: PASSWORD });
      expect(signed.headers.getSetCookie().join(), path).toContain('returned=;');
    }
  });

  test('also on the pages of an account, of codes and of the desk, without a password, a code or a whole identity number', async () => {
    const [lin, fang] = [at.lin.cookie, (await signedIn(portal, 'fang')).cookie];
    const secret = 'a secret of mine 8';
    const account = await comesBack(lin, '/account/password', { password: secret, newPassword: secret });
    expect(account.html).toContain(escaped(wordsOf('en').refusal['proof.needed'] as string));
    const fields = { contact: 'nobody', 'loan.reference': 'HT-2026-0077' };
    const opened = await comesBack(lin, `/desk/${LENDER}/new`, fields);
    expect(opened.html).toContain('HT-2026-0077');
    const identity = '110101199003078888';
    const whole = await send(lin, `/desk/${LENDER}/new`, { ...fields, 'loan.identity': identity });
    expect(whole.status).toBe(422);
    const first = await send('language=en', '/open', { 'loan.identity': identity });
    expect(first.status).toBe(422);
    const policy = await comesBack(fang, `/desk/${LENDER}/policy/edit`, { base: '1', from: '2001-02-03' });
    expect(policy.html).toContain('2001-02-03');
    const asked = await send('language=en', '/recover', { contact: 'nobody@example.com' });
    const pending = ['language=en', ...cookiesIn(asked)].join('; ');
    const code = await comesBack(pending, '/recover/confirm', { code: '123456', newPassword: secret });
    expect(account.html + policy.html + code.html).not.toMatch(/a secret of mine 8|123456/);
  });

  test('an address of it is nowhere in the directory: that of an invitation opens it', async () => {
    const path = `/cases/${cases.declined}`;
    await send(at.chen.cookie, `${path}/typed/talk.message`, { words: '一句话' });
    const { rows } = await connect(portal.env.directory.url, portal.env.directory.token).run('SELECT about FROM returned');
    expect(rows.length).toBeGreaterThan(0);
    for (const { about } of rows) expect(String(about)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a session that ended while somebody wrote', () => {
  test('the text waits in the sign-in page, comes back after signing in, and is not sent by itself', async () => {
    const path = `/cases/${cases.offered}`;
    const nobody = visitor(portal);
    const page = await nobody.post(`${path}/do/talk.message`, { words: WORDS, requestId: 'x' });
    const html = await page.text();
    expect(page.status).toBe(401);
    expect(html).toContain(wordsOf('en').kept.signIn);
    const hidden = Object.fromEntries(
      [...html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
    );
    const wrong = await nobody.post('/sign-in', { ...hidden, contact: PEOPLE.chen.email, password: 'not my password' });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain(escaped('第二行，最后一行。'));
    const signed = await nobody.post('/sign-in', { ...hidden, contact: PEOPLE.chen.email, password: PASSWORD });
    expect(signed.status).toBe(307);
    expect(signed.headers.get('location')).toBe(`${path}/typed/talk.message`);
    const shown = await at.chen.post(`${path}/typed/talk.message`, { ...hidden, contact: PEOPLE.chen.email, password: PASSWORD });
    const again = await shown.text();
    expect(shown.status).toBe(200);
    expect(again).toContain(escaped('第二行，最后一行。'));
    expect(again).toContain(wordsOf('en').kept.notSent);
    expect(again).not.toContain(PASSWORD);
    expect(await (await at.lin.get(path)).text()).not.toContain('第二行，最后一行。');
  });
  test.each(['/desk/mingheng/new', '/open/mingheng/cause', `/cases/${'0'.repeat(32)}/proposals/new`, `/cases/${'0'.repeat(32)}/means`])(
    '%s too',
    async (path) => {
      const page = await visitor(portal).post(path, { words: WORDS });
      expect(page.status).toBe(401);
      expect(await page.text()).toContain(escaped('第二行，最后一行。'));
    },
  );
  test('where it leads is a page of ours, whatever a client says', async () => {
    for (const to of ['https://evil.example', '//evil.example', '/sign-out', `/cases/${'0'.repeat(32)}/do/talk.message`]) {
      const signed = await visitor(portal).post('/sign-in', { 'kept:at': to, contact: PEOPLE.chen.email, password: PASSWORD });
      expect(signed.status).toBe(303);
      expect(signed.headers.get('location')).toBe('/cases');
    }
  });
});

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
