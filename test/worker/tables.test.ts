import readXlsxFile from 'read-excel-file/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { playDemo } from '../../db/demo-cases.ts';
import { randomId } from '../../worker/chance.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** Tables that a lender takes away: by whoever may look into all of its cases and proves who they are, told in its own stream, and holding what the desk chose. */

const PATH = '/desk/mingheng/tables';

let portal: Rig;
let lin: Visitor;
let zhou: Visitor;

beforeAll(async () => {
  portal = await rig();
  await playDemo(portal);
  [lin, zhou] = await Promise.all([signedIn(portal, 'lin'), signedIn(portal, 'zhou')]);
});
afterAll(() => portal.remove());

const take = (fields: Record<string, string>, who = zhou) =>
  who.post(PATH, { what: 'cases', format: 'csv', choice: '', password: PASSWORD, requestId: randomId(), ...fields });
const linesOf = async (answer: Response) => (await answer.text()).trim().split('\r\n');

test('whoever may not look into all cases finds nothing; without a proof, or of what there is not, nothing is taken', async () => {
  expect([(await lin.get(PATH)).status, (await take({}, lin)).status]).toEqual([404, 404]);
  expect((await take({ password: 'wrong' })).status).toBe(422);
  expect((await take({ what: 'constructor' })).status).toBe(422);
  expect(await (await zhou.get('/desk/mingheng/record')).text()).not.toContain('Took a table away');
});

test('the list holds the cases that the desk chose, and the log says who took it, of what', async () => {
  const all = await linesOf(await take({ choice: 'show=all' }));
  const some = await linesOf(await take({ choice: 'show=all&stage=in-force&evil=1' }));
  expect(all.length).toBeGreaterThan(some.length);
  // What names no choice is all of them; the list that shows by itself is named by the link from it.
  expect((await linesOf(await take({ choice: '' }))).length).toBe(all.length);
  expect(await (await zhou.get('/desk/mingheng')).text()).toContain('/tables?choice=show%3Dus');
  // What a search found is no choice: no table of something else is offered beside it.
  const found = await (await zhou.get(`/desk/mingheng?text=${encodeURIComponent('李婷')}`)).text();
  expect([found.includes('李婷'), found.includes('/tables?')]).toEqual([true, false]);
  expect(all.join()).toContain('MH-2025-083317');
  expect(some.slice(1)).toEqual([expect.stringMatching(/^HY-[^,]+,MH-2025-020446,李婷,.*,8337\.08,In force,/)]);
  expect(plainText(await (await zhou.get('/desk/mingheng/record')).text())).toMatch(
    /Took a table away: List of cases .*CSV \(UTF-8\).*show=all&stage=in-force/,
  );
});

test('every tab is taken as the desk shows it, in both languages: as CSV, and as a workbook whose amounts are numbers and whose days are days', async () => {
  const zh = await signedIn(portal, 'zhou', 'zh');
  const desk = await (await zhou.get('/desk/mingheng')).text();
  const tabs = [...desk.matchAll(/\?show=(\w+)"[^>]*>[^<]* ?<span class="count[^"]*">(\d+)</g)];
  expect(tabs).toHaveLength(10);
  for (const [, tab = '', count = ''] of tabs) {
    const [titles, ...rows] = await linesOf(await take({ choice: `show=${tab}` }));
    expect([tab, rows.length]).toEqual([tab, Number(count)]);
    expect(titles).toMatch(/^\uFEFF?Case,Contract,Borrower,/);
  }
  const answer = await take({ choice: 'show=all&mark=hardship', format: 'xlsx' }, zh);
  const [cases] = await readXlsxFile(Buffer.from(await answer.arrayBuffer()));
  const [titles = [], ...rows] = cases?.data ?? [];
  const at = (row: (typeof rows)[number] | undefined, title: string) => row?.[titles.indexOf(title)];
  expect(rows).toHaveLength(1);
  expect(at(rows[0], '标记')).toBe('特殊困难');
  expect([typeof at(rows[0], '未还金额'), at(rows[0], '开案日期')]).toEqual(['number', expect.any(Date)]);
});

test('agreements and payments of all cases, as a workbook and as CSV', async () => {
  const answer = await take({ what: 'agreements', format: 'xlsx' });
  expect(answer.headers.get('content-disposition')).toContain('heyi-mingheng-agreements-');
  const [agreements] = await readXlsxFile(Buffer.from(await answer.arrayBuffer()));
  const [titles = [], row = []] = agreements?.data ?? [];
  const at = (title: string) => row[titles.indexOf(title)];
  expect([at('Contract'), at('Borrower'), typeof at('To be paid in all'), at('In force since')]).toEqual([
    'MH-2025-020446',
    PEOPLE.li.name,
    'number',
    expect.any(Date),
  ]);
  const payments = await linesOf(await take({ what: 'payments' }));
  expect(payments[0]).toMatch(/^\uFEFF?Case,Contract,Borrower,Entry,Paid on,Amount,/);
  expect(payments.length).toBeGreaterThan(1);
  expect(payments.slice(1).every((line) => /^HY-[^,]+,MH-2025-020446,李婷,\d+,\d{4}-\d\d-\d\d,\d+\.\d\d,/.test(line))).toBe(true);
});
