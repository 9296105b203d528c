import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage } from '../../db/demo.ts';
import { en } from '../../web/words/en.ts';
import { CLAIMS } from '../../worker/routes/attempts.ts';
import { command } from '../command.ts';
import { type Rig, rig } from '../portal.ts';
import { newcomer, plainText, signedIn, takeAway, type Visitor, visitor } from './people.ts';

/** Joining a case of a lender's file by its contract, a name and the end of an identity number: one answer for all that is wrong, and the four characters stand nowhere. */

const JOIN = '/lenders/mingheng/join';
/** As no other text of the portal has it. */
const END = '907X';
/** By itself, or at the end of its number: in digests and signatures any four letters may stand. */
const STANDS = /(?<![\w+/=-])(?:\d{14})?907x(?![\w+/=-])/i;
let portal: Rig;
let lin: Visitor;
let wen: Visitor;

beforeAll(async () => {
  portal = await rig();
  await Stage.set(portal, Date.now());
  lin = await signedIn(portal, 'lin');
  wen = await newcomer(portal, 'wen@example.com', undefined, '温宁');
  const file = join(portal.data, 'loans.csv');
  const rows = ['A-1', 'A-2', 'A-3', 'A-4'].map((contract) => `CL ${contract},温宁,1000,11010119900307${END}`);
  writeFileSync(file, `合同号,姓名,本金,身份证号\n${rows.join('\n')}\nCL A-9,温宁,1000,\n`);
  const done = await command('db/import.ts', ['mingheng', file], { DATA: portal.data });
  expect(JSON.parse(done.out)).toMatchObject({ created: 5, refused: [] });
}, 90_000);
afterAll(() => portal.remove());

const claim = (who: Visitor, reference: string, name: string, identity: string) => who.post(JOIN, { reference, name, identity });
async function answered(answer: Promise<Response>): Promise<[number, string]> {
  const { status } = await answer;
  return [status, plainText(await (await answer).text())];
}
const refused = [422, expect.stringContaining(en.claim.wrong)];

function allOf(name: string): string {
  const db = new DatabaseSync(join(portal.data, 'databases', `${name}.db`), { readOnly: true });
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
}, 60_000);

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
}, 60_000);

test('of two who send it at once one joins', async () => {
  const both = await Promise.all([newcomer(portal, 'x1@example.com'), newcomer(portal, 'x2@example.com')]);
  const answers = await Promise.all(both.map((who) => claim(who, 'CL A-4', '温宁', END)));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
});
