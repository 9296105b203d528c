import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, plainOpening, Stage } from '../../db/demo.ts';
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { claimOf } from '../../worker/execute/claims.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { CLAIMS } from '../../worker/routes/attempts.ts';
import { formerId, importedId } from '../../worker/store/imports.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { command } from '../command.ts';
import { linkFor, type Rig, rig } from '../portal.ts';
import { newcomer, plainText, signedIn, takeAway, type Visitor, visitor } from './people.ts';

/** Joining a case of a lender's file by its contract, a name and the end of an identity number: one answer for all that is wrong, and the four characters stand nowhere. */

const JOIN = '/lenders/mingheng/join';
/** As no other text of the portal has it. */
const END = '907X';
/** By itself, or at the end of its number: in digests and signatures any four letters may stand. */
const STANDS = /(?<![\w+/=-])(?:\d{14})?907x(?![\w+/=-])/i;
let portal: Rig;
let stage: Stage;
let lin: Visitor;
let wen: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  lin = await signedIn(portal, 'lin');
  wen = await newcomer(portal, 'wen@example.com', undefined, '温宁');
  const file = join(portal.data, 'loans.csv');
  const rows = ['A-1', 'A-2', 'A-3', 'A-4', 'A-5', 'A-6', 'A-7', 'A-8'].map((contract) => `CL ${contract},温宁,1000,11010119900307${END}`);
  writeFileSync(file, `合同号,姓名,本金,身份证号\n${rows.join('\n')}\nCL A-9,温宁,1000,\n`);
  const done = await command('db/import.ts', ['mingheng', file], { DATA: portal.data });
  expect(JSON.parse(done.out)).toMatchObject({ created: 9, refused: [] });
});
afterAll(() => portal.remove());

const claim = (who: Visitor, reference: string, name: string, identity: string) => who.post(JOIN, { reference, name, identity });
async function answered(answer: Promise<Response>): Promise<[number, string]> {
  const { status } = await answer;
  return [status, plainText(await (await answer).text())];
}
const refused = [422, expect.stringContaining(en.claim.wrong)];

function allOf(name: string): string {
  const db = new DatabaseSync(join(portal.data, 'databases', `${name}.db`), { readOnly: true, timeout: 30_000 });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    return tables
      .map((table) => JSON.stringify(db.prepare(`SELECT * FROM "${table.name}"`).all(), (_, one) => (one instanceof Uint8Array ? '' : one)))
      .join('\n');
  } finally {
    db.close();
  }
}

test('who is not signed in is led there and back; the lender’s own people do not join', async () => {
  const page = await (await visitor(portal).get(JOIN)).text();
  expect(page).toContain(`/sign-in?next=${encodeURIComponent(JOIN)}`);
  expect(await (await visitor(portal).get('/lenders/mingheng')).text()).toContain(`href="${JOIN}"`);
  expect((await claim(visitor(portal), 'CL A-1', '温宁', END)).headers.get('location')).toContain('/sign-in');
  expect(await answered(claim(lin, 'CL A-1', '温宁', END))).toEqual([
    409,
    expect.stringContaining(plainText(en.join.bothSides({ lender: '明衡消费金融' }))),
  ]);
  expect((await wen.get('/lenders/nobody/join')).status).toBe(404);
});

test('whatever is wrong, the answer is one; who knows all three joins, in small letters and without spaces too; then nobody else does', async () => {
  const other = await newcomer(portal, 'other@example.com', undefined, '温宁');
  const first = await answered(claim(other, 'CL A-1', '温宁', '9070'));
  expect(first).toEqual(refused);
  // Nothing of the page tells the wrong ones apart but what was typed.
  const bare = ([, text]: [number, string]) => text.replace(/\s+/g, ' ');
  for (const [reference, name, identity] of [
    ['CL A-1', '温静', END],
    ['CL A-404', '温宁', END],
    ['CL A-9', '温宁', END],
  ] as const) {
    const answer = await answered(claim(other, reference, name, identity));
    expect(answer).toEqual(refused);
    expect(bare(answer)).toBe(bare(first));
  }
  const joined = await claim(wen, 'cla-1', '温宁', ' 907x ');
  const at = joined.headers.get('location') ?? '';
  expect([joined.status, at]).toEqual([303, expect.stringMatching(/^\/cases\/[0-9a-f]{32}$/)]);
  expect((await wen.get(at)).status).toBe(200);
  expect((await claim(wen, 'CL A-1', '温宁', END)).headers.get('location')).toBe(at);
  const late = await answered(claim(other, 'CL A-1', '温宁', END));
  expect(late).toEqual(refused);
  expect(bare(late)).toBe(bare(first));
  expect((await other.get(at)).status).toBe(404);

  // Staff see who joined, when and how; nobody sees by which four.
  const shown = plainText(await (await lin.get(at)).text());
  expect(shown).toContain(en.entry.joinedByContract);
  expect(shown).toContain('w***@example.com');
  for (const who of [lin, wen]) {
    const caseId = at.slice('/cases/'.length);
    const taken = await (await takeAway(who, caseId, 'record.json')).text();
    expect(taken).toContain('"by":"contract"');
    expect(taken).not.toMatch(STANDS);
    expect(await (await who.get(at)).text()).not.toContain(END);
  }
  for (const name of ['casebook-mingheng', 'casebook-pujiang', 'directory']) expect(allOf(name)).not.toMatch(STANDS);
});

test('what is typed wrongly is said beside its field, and the four characters do not come back', async () => {
  const [status, text] = await answered(claim(wen, '', '温宁', '11010119900307907X'));
  expect([status, text]).toEqual([422, expect.stringContaining(en.issue.identity)]);
  const html = await (await claim(wen, 'x'.repeat(70), '温宁', END)).text();
  expect(html).toContain('x'.repeat(70));
  expect(html).not.toContain(END);
});

test('tries are bounded by account, and at one contract by all together, whether or not there is a case of it', async () => {
  for (const contract of ['CL A-2', 'CL A-502']) {
    const tries = await Promise.all([
      newcomer(portal, `a${contract.length}@example.com`),
      newcomer(portal, `b${contract.length}@example.com`),
    ]);
    for (let i = 0; i < CLAIMS.contract; i++) expect((await claim(tries[i % 2] ?? wen, contract, '温宁', `${1_000 + i}`)).status).toBe(422);
    // The right ones too: nobody finds them by going on.
    expect(await answered(claim(tries[0] ?? wen, contract, '温宁', END))).toEqual([429, expect.stringContaining(en.claim.tooMany)]);
  }
  const one = await newcomer(portal, 'one@example.com');
  for (let i = 0; i < CLAIMS.account; i++) expect((await claim(one, `CL B-${i}`, '温宁', '1234')).status).toBe(422);
  expect((await claim(one, 'CL A-3', '温宁', END)).status).toBe(429);
  const two = await newcomer(portal, 'two@example.com');
  expect((await claim(two, 'CL A-3', '温宁', END)).status).toBe(303);
});

test('of two who send it at once one joins', async () => {
  const both = await Promise.all([newcomer(portal, 'x1@example.com'), newcomer(portal, 'x2@example.com')]);
  const answers = await Promise.all(both.map((who) => claim(who, 'CL A-4', '温宁', END)));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
});

const caseOf = (answer: Response) => /^\/cases\/([0-9a-f]{32})$/.exec(answer.headers.get('location') ?? '')?.[1] ?? '';
const entriesOf = async (who: Visitor, id: string) =>
  ((await (await takeAway(who, id, 'record.json')).json()) as { entries: { kind: string; author: { side: string } | null }[] }).entries;

/** The letter that tells somebody that they are out. */
async function outLetter(contact: string): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const found = (await openDirectory(portal.env).newestMail(100)).find(
      ({ recipient, template }) => recipient === contact && template === 'vacated',
    );
    if (found) return `${found.subject}\n${found.body}\n${found.params}`;
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`Nobody told ${contact}.`);
}

test('who joined wrongly is put out: they see nothing more and are told nothing of the case; its borrower joins another of the same contract, where nothing of theirs stands', async () => {
  const zhou = await signedIn(portal, 'zhou');
  const stranger = await newcomer(portal, 'stranger@example.com', undefined, '温宁');
  const id = caseOf(await claim(stranger, 'CL A-5', '温宁', END));
  expect((await stranger.post(`/cases/${id}/do/talk.message`, { words: '误入者的话', requestId: randomId() })).status).toBe(303);
  const out = { words: '来电核对，不是借款人。', password: PASSWORD, requestId: randomId() };

  // An agent finds no such page; a colleague who oversees does, and says why, and who they are.
  expect((await lin.get(`/cases/${id}/vacate`)).headers.get('location')).toBe(`/cases/${id}`);
  expect((await lin.post(`/cases/${id}/do/case.vacate`, out)).status).toBe(422);
  expect(await (await zhou.get(`/cases/${id}`)).text()).toContain(`href="/cases/${id}/vacate"`);
  expect(plainText(await (await zhou.get(`/cases/${id}/vacate`)).text())).toContain(plainText(en.vacate.lead({ name: '温宁' })));
  for (const wrong of [{ words: '' }, { password: 'not the one' }])
    expect((await zhou.post(`/cases/${id}/do/case.vacate`, { ...out, ...wrong, requestId: randomId() })).status).toBe(422);
  expect((await stranger.get(`/cases/${id}`)).status).toBe(200);
  expect((await zhou.post(`/cases/${id}/do/case.vacate`, out)).status).toBe(303);

  for (const path of ['', '/debt', '/evidence', '/exports', '/vacate', '/exports/record.json'])
    expect((await stranger.get(`/cases/${id}${path}`)).status, path).toBe(404);
  expect((await stranger.post(`/cases/${id}/do/talk.message`, { words: '还在吗', requestId: randomId() })).status).toBe(404);
  const letter = await outLetter('stranger@example.com');
  const number = /(?:案件|Case )([\w-]+)/.exec(plainText(await (await zhou.get(`/cases/${id}`)).text()))?.[1] ?? 'none';
  for (const told of [id, number, 'CL A-5', '明衡', '温宁', '1,000', 'http']) expect(letter).not.toContain(told);
  // Where to turn to: the lender, and who oversees it.
  for (const said of ['your lender', 'those who oversee it']) expect(letter).toContain(said);
  expect(await (await stranger.get('/cases')).text()).not.toContain(id);

  // The lender reads all of it, and is led on. Asked for again, it is the same one.
  const left = plainText(await (await lin.get(`/cases/${id}`)).text());
  expect(left).toContain(plainText(en.vacate.done));
  // Nobody of the other side sees it any more.
  expect(left).not.toContain(en.case.threadHint);
  const anew = caseOf(await zhou.post(`/cases/${id}/vacate`, {}));
  expect(anew).not.toBe(id);
  expect(caseOf(await zhou.post(`/cases/${id}/vacate`, {}))).toBe(anew);
  // Nobody was sent a link to it: what is waited for is not said to come by one.
  const waits = plainText(await (await zhou.get(`/cases/${anew}`)).text());
  expect(waits).toContain('Waiting for the borrower to join.');
  expect(waits).toContain(en.case.threadHint);
  expect((await lin.post(`/cases/${id}/vacate`, {})).status).toBe(404);
  expect((await entriesOf(zhou, id)).at(-1)?.kind).toBe('case.vacated');
  expect(await answered(claim(stranger, 'CL A-5', '温宁', END))).toEqual(refused);
  const borrower = await newcomer(portal, 'borrower@example.com', undefined, '温宁');
  expect(caseOf(await claim(borrower, 'CL A-5', '温宁', END))).toBe(anew);
  const page = await (await borrower.get(`/cases/${anew}`)).text();
  expect(page).toContain('CL A-5');
  expect(page).not.toContain('误入者的话');
  expect((await borrower.get(`/cases/${id}`)).status).toBe(404);
  expect((await stranger.get(`/cases/${anew}`)).status).toBe(404);
});

test('whom they invited to act for them, and who has not joined yet, is shown nothing of the case from then on, and does not come in', async () => {
  expect(await imports(`CL A-21,温宁,1000,11010119900307${END}`)).toMatchObject({ created: 1 });
  const zhou = await signedIn(portal, 'zhou');
  const [stranger, friend] = [
    await newcomer(portal, 'brings@example.com', PASSWORD, '温宁'),
    await newcomer(portal, 'friend@example.com', undefined, '常林'),
  ];
  const id = caseOf(await claim(stranger, 'CL A-21', '温宁', END));
  const mandate = {
    name: '常林',
    relation: 'lawyer',
    contact: 'friend@example.com',
    scope: 'negotiate',
    until: addDays(stage.today(), 30),
  };
  const signed = { signed: '温宁', password: PASSWORD, requestId: randomId() };
  expect((await stranger.post(`/cases/${id}/do/representative.appoint`, { ...mandate, ...signed })).status).toBe(303);
  const link = await linkFor(portal, 'friend@example.com');
  expect(await (await friend.get(link)).text()).toContain('CL A-21');
  const out = { words: '来电核对，不是借款人。', password: PASSWORD, requestId: randomId() };
  expect((await zhou.post(`/cases/${id}/do/case.vacate`, out)).status).toBe(303);
  const shown = await (await friend.get(link)).text();
  for (const told of [id, 'CL A-21', '温宁']) expect(shown).not.toContain(told);
  expect((await friend.post(link, {})).status).toBe(404);
  expect((await friend.get(`/cases/${id}`)).status).toBe(404);
});

test('put out while they write: what was first stands, and nothing of theirs comes after', async () => {
  const zhou = await signedIn(portal, 'zhou');
  const stranger = await newcomer(portal, 'quick@example.com', undefined, '温宁');
  const id = caseOf(await claim(stranger, 'CL A-6', '温宁', END));
  const out = { words: '来电核对，不是借款人。', password: PASSWORD };
  const say = (n: number) => stranger.post(`/cases/${id}/do/talk.message`, { words: `话 ${n}`, requestId: `say ${n}` });
  const answers = await Promise.all([
    say(1),
    say(2),
    zhou.post(`/cases/${id}/do/case.vacate`, { ...out, requestId: 'out 1' }),
    say(3),
    zhou.post(`/cases/${id}/do/case.vacate`, { ...out, requestId: 'out 2' }),
    say(4),
  ]);
  const said = [0, 1, 3, 5].map((i) => answers[i]?.status);
  expect(said.every((status) => status === 303 || status === 404)).toBe(true);
  expect([answers[2]?.status, answers[4]?.status].sort()).toEqual([303, 422]);
  const entries = await entriesOf(zhou, id);
  const at = entries.findIndex(({ kind }) => kind === 'case.vacated');
  expect(entries.filter(({ kind }) => kind === 'case.vacated')).toHaveLength(1);
  expect(entries.filter(({ kind }) => kind === 'talk.message')).toHaveLength(said.filter((status) => status === 303).length);
  expect(entries.slice(at).some(({ author }) => author?.side === 'borrower')).toBe(false);
});

/** Imports rows of 合同号,姓名,本金,身份证号. */
async function imports(...rows: string[]): Promise<unknown> {
  const file = join(portal.data, 'more.csv');
  writeFileSync(file, `合同号,姓名,本金,身份证号\n${rows.join('\n')}\n`);
  return JSON.parse((await command('db/import.ts', ['mingheng', file], { DATA: portal.data })).out);
}

test('a contract is the same in any width, with other dashes and spaces, in files and at joining; by what a case was known before it is found still', async () => {
  // U+3000, a full-width hyphen, an em dash and a mark that cannot be seen.
  const ways = ['ＣＬ　Ａ－７', 'cl a—7', 'CL\u200bA–7'];
  expect(await imports(...ways.map((one) => `${one},温宁,1000,907X`))).toMatchObject({ created: 0, unchanged: ways.length, refused: [] });
  expect(await imports('ＣＬ－Ｂ７,温宁,1000,907X')).toMatchObject({ created: 1 });
  expect(await imports('CL B7,温宁,1000,907X', 'ＣＬ－Ｂ７,温宁,1000,907X')).toMatchObject({ created: 0, unchanged: 2 });
  const first = await newcomer(portal, 'wide@example.com', undefined, '温宁');
  expect(caseOf(await claim(first, ways[0] ?? '', '温宁', '９０７ｘ'))).not.toBe('');
  expect(caseOf(await claim(await newcomer(portal, 'b7@example.com', undefined, '温宁'), 'cl-b 7', '温宁', END))).not.toBe('');

  // However a case came by it: one that was opened at the desk is found by a file, and by whoever opens another of the same contract.
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('There is no 明衡.');
  const { debt } = plainOpening(stage.today(), '明衡消费金融');
  const openedAt = (id: string, reference: string) =>
    stage.give('lin', 'mingheng', id, 'case.openForBorrower', {
      loan: { reference },
      debt,
      borrowerName: '温宁',
      lenderName: '明衡消费金融',
    });
  await openedAt(randomId(), 'ＣＬ－\u2212Ｄ１');
  expect(await imports('CL D1,温宁,1000,907X')).toMatchObject({ created: 0, unchanged: 1 });
  const { others } = await openCasebookForPortal(portal.env, lender).load(randomId(), '', '', { loan: 'cl—ｄ１' });
  expect(others.map(({ loan }) => loan.reference)).toEqual(['ＣＬ－\u2212Ｄ１']);

  // As the last release knew it: an en dash was a part of the number.
  const contract = 'CL–8';
  const id = formerId(lender, contract);
  expect(id).not.toBe(importedId(lender, contract));
  await openedAt(id, contract);
  const db = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { timeout: 30_000 });
  db.prepare('INSERT INTO imported ("case", claim) VALUES (?, ?)').run(id, claimOf(portal, { case: id, name: '温宁', identity: END }));
  db.close();
  expect(await imports(`${contract},温宁,1000,907X`)).toMatchObject({ created: 0, unchanged: 1 });
  expect(caseOf(await claim(await newcomer(portal, 'older@example.com', undefined, '温宁'), contract, '温宁', END))).toBe(id);
});

test('with what is erased of a case goes by what it could be joined', async () => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const id = importedId({ id: lender?.id ?? '' }, 'CL A-8');
  const kept = () => {
    const db = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { readOnly: true, timeout: 30_000 });
    const row = db.prepare('SELECT claim FROM imported WHERE "case" = ?').get(id) as { claim: string | null } | undefined;
    db.close();
    return row?.claim;
  };
  expect(kept()).toMatch(/^[0-9a-f]{64}$/);
  // A message would wait until morning at night.
  const call = { when: `${stage.today()}T00:00`, direction: 'to-borrower', minutes: 3, words: '请他看一下案件。' };
  await stage.give('lin', 'mingheng', id, 'talk.logCall', call);
  const seq = (await entriesOf(lin, id)).findIndex(({ kind }) => kind === 'talk.call-logged') + 1;
  const args = ['mingheng', id, '--entries', String(seq), '--reason', '本人请求删除'];
  expect(await command('db/erase.ts', args, { DATA: portal.data })).toMatchObject({ code: 0 });
  expect(kept()).toBeNull();
});
