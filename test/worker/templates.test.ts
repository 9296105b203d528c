import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { en } from '../../web/words/en.ts';
import { zh } from '../../web/words/zh.ts';
import { randomId } from '../../worker/chance.ts';
import { inFile } from '../attack/in-file.ts';
import { pngOf } from '../intake/drawn.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** Templates at the desk, and answering by one. */

const AT = '/desk/mingheng/templates';
let portal: Rig;
let id: string;
let lin: Visitor;
let zhou: Visitor;
let chen: Visitor;
let gu: Visitor;

beforeAll(async () => {
  portal = await rig();
  id = await openedCase(portal);
  [lin, zhou, chen, gu] = await Promise.all([
    signedIn(portal, 'lin'),
    signedIn(portal, 'zhou'),
    signedIn(portal, 'chen'),
    signedIn(portal, 'gu'),
  ]);
});
afterAll(() => portal.remove());

const write = (fields: Record<string, string>) =>
  zhou.post(AT, { use: 'message', language: 'zh', name: '问候', text: '{借款人}，您好。', requestId: randomId(), ...fields });
const chooser = (command = 'talk.message') => `/cases/${id}/templates/${command}`;
/** The forms of a page by which a template is chosen: its number, by its name. */
const numbersIn = (html: string) =>
  new Map([...html.matchAll(/<h2 id="t(\d+)"[^>]*>([^<]*)/g)].map(([, no = '', name = '']) => [name, no]));
const text = async (answer: Promise<Response>) => plainText(await (await answer).text());

test('a set to begin with is added by one press, and never twice', async () => {
  expect(await text(zhou.get(AT))).toContain(en.templates.startHint);
  expect(await text(lin.get(AT))).not.toContain(en.templates.startHint);
  const begun = await zhou.post(`${AT}/begin`, { requestId: randomId() });
  expect(begun.headers.get('location')).toBe(`${AT}?done=begun`);
  const page = await text(zhou.get(AT));
  for (const name of ['收到，正在核对', 'Received, being looked at']) expect(page).toContain(name);
  expect(page).not.toContain(en.templates.startHint);
  expect(await text(zhou.post(`${AT}/begin`, { requestId: randomId() }))).toContain(en.refusal['template.begun']);
});

test('one is written by a supervisor, in versions that stay readable, and told in the lender’s log', async () => {
  expect((await write({})).headers.get('location')).toBe(`${AT}?done=written`);
  const no = /templates\/(\d+)"><span[^>]*>问候/.exec(await (await zhou.get(AT)).text())?.[1] ?? '';
  await write({ no, base: '1', text: '{借款人}，早上好。' });
  const page = await text(zhou.get(`${AT}/${no}`));
  for (const said of ['{借款人}，早上好。', '周岚', en.templates.version({ version: 1 })]) expect(page).toContain(said);
  expect(await text(lin.get(`${AT}/${no}?version=1`))).toContain('{借款人}，您好。');
  expect(await text(write({ no, base: '1' }))).toContain(en.refusal['template.changed']);
  const log = await text(zhou.get('/desk/mingheng/record'));
  expect(log).toContain(en.templates.act.written({ name: '问候', version: 2 }));
  // Whoever works on cases alone reads them and writes none.
  expect((await lin.post(AT, {})).status).toBe(404);
  expect([(await lin.post(`${AT}/${no}/retire`, {})).status, (await lin.get(`${AT}/${no}/retire`)).status]).toEqual([404, 404]);
  expect((await lin.get(`${AT}/999`)).status).toBe(404);
  await write({ name: '不再用', text: '您好' });
  const other = String(Number(no) + 1);
  expect((await zhou.post(`${AT}/${other}/retire`, { requestId: randomId() })).headers.get('location')).toBe(`${AT}?done=retired`);
  expect(await text(zhou.get(`${AT}/${other}`))).toContain(en.templates.retiredHint);
  expect(await text(lin.get(chooser()))).not.toContain('不再用');
  expect((await gu.get(AT)).status).toBe(404);
});

test.each([
  ['a place that there is not', { name: 'x', text: '{借款者}' }, '借款者'],
  ['words that staff may not send', { name: 'y', text: '再不还我就联系你单位领导。' }, 'text-error'],
  ['no name', { name: '', text: '您好' }, 'name-error'],
  ['too much', { name: 'z', text: 'x'.repeat(4_001) }, '4,001'],
])('one with %s comes back as typed, with what is wrong beside its field', async (_, fields, wrong) => {
  const answer = await write(fields);
  expect(answer.status).toBe(422);
  const html = await answer.text();
  expect(html.replaceAll(',', '')).toContain(wrong.replaceAll(',', ''));
  expect(html).toContain(fields.text);
});

test('what merely reads badly is shown once, and kept where its writer wants it so', async () => {
  const fields = { name: '强硬', text: '最后通牒：今天必须还清，否则后果自负。' };
  const shown = await write(fields);
  expect(shown.status).toBe(422);
  const html = await shown.text();
  expect(html).toContain(en.templates.marked);
  expect(html).toContain('name="asItIs"');
  expect((await write({ ...fields, asItIs: '1' })).status).toBe(303);
});

test('an answer takes two steps: it is chosen, and the form is there with it; what was typed in another field stays, and nothing is sent', async () => {
  await write({ name: '金额', text: '{借款人}，截至{今天}，欠款共计 {欠款总额}。' });
  const page = await (await lin.get(`/cases/${id}`)).text();
  expect(page).toContain(`formaction="${chooser()}"`);
  const asked = await lin.post(chooser(), { words: '写了一半的话', requestId: randomId() });
  const html = await asked.text();
  expect(html).toContain('写了一半的话');
  // In the borrower’s language, filled in already; another is a press away.
  expect(plainText(html)).toContain('陈建国，截至');
  expect(html).not.toContain('Received, being looked at');
  expect(await (await lin.post(`${chooser()}?in=en`, { words: '' })).text()).toContain('Received, being looked at');
  const chosen = await lin.post(chooser(), { words: '写了一半的话', textChosen: numbersIn(html).get('金额') ?? '' });
  expect(chosen.status).toBe(200);
  const filled = await chosen.text();
  expect(filled).toMatch(/<textarea[^>]*>陈建国，截至\d+年\d+月\d+日，欠款共计 ¥[\d,.]+。<\/textarea>/);
  expect(filled).toContain(en.kept.notSent);
  const entries = async () => ((await (await lin.get(`/api/v1/cases/${id}`)).json()) as { seq: number }).seq;
  const before = await entries();
  await lin.post(`/cases/${id}/do/talk.message`, { words: /<textarea[^>]*>(陈[^<]*)/.exec(filled)?.[1] ?? '', requestId: randomId() });
  expect(await entries()).toBe(before + 1);
  expect(await text(chen.get(`/cases/${id}`))).toContain('欠款共计');
});

test('what a template filled in is asked about once where the case has gone on since, and only then', async () => {
  const html = await (await lin.get(chooser())).text();
  const chosen = async () => {
    const page = await (await lin.post(chooser(), { words: '', textChosen: numbersIn(html).get('金额') ?? '' })).text();
    const field = (name: RegExp) => name.exec(page)?.[1] ?? expect.fail();
    return { words: field(/<textarea[^>]*>(陈建国，截至[^<]*)/), textOf: field(/name="textOf" value="([^"]*)"/) };
  };
  const send = (form: Record<string, string>) => lin.post(`/cases/${id}/do/talk.message`, { ...form, requestId: randomId() });
  // What its writer said meanwhile is no news to them: a form that is sent twice is not told that it was sent.
  const own = await chosen();
  expect([(await send(own)).status, (await send(own)).status]).toEqual([303, 303]);
  const stale = await chosen();
  await chen.post(`/cases/${id}/do/talk.message`, { words: '我昨天还了一笔', requestId: randomId() });
  const asked = await send(stale);
  const page = await asked.text();
  expect([asked.status, plainText(page).includes(en.templates.moved), page.includes(stale.words)]).toEqual([422, true, true]);
  const textOf = /name="textOf" value="([^"]*)"/.exec(page)?.[1] ?? expect.fail();
  expect((await send({ ...stale, textOf })).status).toBe(303);
  const yesterday = await chosen();
  expect((await send({ ...yesterday, textOf: yesterday.textOf.replace(/ .*/, ' 2020-01-01') })).status).toBe(422);
});

test('what the case does not have is said where it is chosen, and is not sent with a gap', async () => {
  const html = await (await lin.get(chooser())).text();
  const no = numbersIn(html).get('下期还款提前告知') ?? '';
  expect(plainText(html)).toContain(en.templates.missing({ places: ['next instalment', 'next due date'] }));
  expect(html).not.toContain(`value="${no}"`);
  const forced = await lin.post(chooser(), { words: 'x', textChosen: no });
  expect(await forced.text()).toContain(en.templates.chooseTitle);
});

test('it goes into the field that is chosen, such as the reason of a reduction', async () => {
  const html = await (await lin.get(chooser('proposal.make'))).text();
  expect(html).toContain('name="textInto"');
  const no = numbersIn(html).get('反方案的说明') ?? '';
  const filled = await lin.post(chooser('proposal.make'), { words: '说明', textInto: 'reasons.interest', textChosen: no });
  const page = await filled.text();
  expect(page).toMatch(/name="reasons\.interest"[^>]*value="您的方案/);
  expect(page).toContain('>说明</textarea>');
  await write({ name: '两行', use: 'reason', text: '第一行。\n第二行。' });
  const two = numbersIn(await (await lin.get(chooser('proposal.make'))).text()).get('两行') ?? '';
  const lines = await lin.post(chooser('proposal.make'), { words: '', textInto: 'reasons.interest', textChosen: two });
  expect(await lines.text()).toMatch(/name="reasons\.interest"[^>]*value="第一行。 第二行。"/);
});

test('answers to complaints, questions about figures and papers that are not accepted begin from one, too, each in its own form', async () => {
  await chen.post(`/cases/${id}/do/complaint.raise`, { kind: 'charges', facts: '费用不明。', wish: '请说明。', requestId: randomId() });
  const upload = new FormData();
  for (const [name, value] of Object.entries({ consent: 'yes', requestId: randomId() })) upload.set(name, value);
  upload.set('files', new File([pngOf(3, 3)], '工资.png', { type: 'image/png' }));
  await chen.send(`/cases/${id}/do/evidence.add`, upload);
  const value = async (path: string, name: string) =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(await (await lin.get(`/cases/${id}/${path}`)).text())?.[1] ?? expect.fail();
  for (const [command, path, hidden] of [
    ['complaint.answer', 'complaints', 'complaint'],
    ['means.query', 'means', 'figure'],
    ['evidence.reject', 'evidence', 'file'],
  ] as const) {
    const of = await value(path, hidden);
    expect(await (await lin.get(`/cases/${id}/${path}`)).text()).toContain(`formaction="/cases/${id}/templates/${command}"`);
    expect(await (await chen.get(`/cases/${id}/${path}`)).text()).not.toContain('/templates/');
    const chosen = numbersIn(await (await lin.post(chooser(command), { [hidden]: of, words: '' })).text()).get('金额') ?? '';
    const page = await (await lin.post(chooser(command), { [hidden]: of, words: '', textChosen: chosen })).text();
    const form = page.split(`action="/cases/${id}/do/${command}"`).find((part) => part.includes('陈建国，截至')) ?? '';
    expect([command, form.includes(`name="${hidden}" value="${of}"`)]).toEqual([command, true]);
  }
});

test('nobody but the lender’s own people comes to any of it', async () => {
  for (const [who, status] of [
    [chen, 404],
    [gu, 404],
  ] as const)
    expect([(await who.get(chooser())).status, (await who.post(chooser(), { words: 'x' })).status]).toEqual([status, status]);
  expect((await lin.get(chooser('debt.state'))).status).toBe(404);
  expect((await lin.get(chooser('constructor'))).status).toBe(404);
  expect(await (await chen.get(`/cases/${id}`)).text()).not.toContain('/templates/');
  expect(await text(signedIn(portal, 'zhou', 'zh').then((who) => who.get(AT)))).toContain(zh.templates.title);
});

test('one that was changed in the database is said so, and offered to nobody', async () => {
  await write({ name: '改过的', text: '欠款共计 {欠款总额}。' });
  const no = numbersIn(await (await lin.get(chooser())).text()).get('改过的') ?? '';
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.exec(`UPDATE entries SET content = replace(content, '欠款共计', '马上还清') WHERE content LIKE '%"name":"改过的"%'`),
  );
  expect(numbersIn(await (await lin.get(chooser())).text()).has('改过的')).toBe(false);
  expect(await text(lin.get(`${AT}/${no}`))).toContain(en.templates.unreadable);
  const { faults } = await audit(portal.env, null, 'mingheng');
  expect(faults.length).toBeGreaterThan(0);
});
