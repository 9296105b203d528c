import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../../db/demo.ts';
import { playDemo } from '../../db/demo-cases.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { figureNames, figureOf, SECTIONS } from '../../worker/negotiation/report.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** Reports at the desk: for whoever may look into all cases; each figure with what it counts, and the cases behind it; taken away as a table. */

const PATH = '/desk/mingheng/reports';
const { reports: say } = wordsOf('en');

let portal: Rig;
let lin: Visitor;
let zhou: Visitor;

beforeAll(async () => {
  portal = await rig();
  await playDemo(portal);
  [lin, zhou] = await Promise.all([signedIn(portal, 'lin'), signedIn(portal, 'zhou')]);
});
afterAll(() => portal.remove());

const pageOf = async (path: string, who = zhou) => {
  const answer = await who.get(`${PATH}${path}`);
  return { status: answer.status, html: await answer.text() };
};

test('whoever may not look into all cases finds nothing; the desk leads there those who may', async () => {
  expect([(await pageOf('', lin)).status, (await pageOf('/cases?figure=opened', lin)).status]).toEqual([404, 404]);
  expect(await (await zhou.get('/desk/mingheng')).text()).toContain(`href="${PATH}"`);
  expect(await (await lin.get('/desk/mingheng')).text()).not.toContain(PATH);
});

test('every figure stands in its section with what it counts, by month and by each of the others', async () => {
  for (const section of SECTIONS)
    for (const by of ['month', 'agent', 'product', 'policy']) {
      const { status, html } = await pageOf(`?section=${section}&by=${by}`);
      expect([section, by, status]).toEqual([section, by, 200]);
      const text = plainText(html);
      for (const name of figureNames.filter((one) => figureOf(one).section === section)) {
        expect(text).toContain(say.figures[name].name);
        expect(text).toContain(say.figures[name].what);
      }
    }
  expect((await pageOf('?by=agent')).html).toContain('林静');
});

test('a figure opens to as many cases as it says', async () => {
  const { html } = await pageOf('');
  const [, link = '', count = ''] = /href="([^"]*figure=opened[^"]*)">(\d+)</.exec(html) ?? [];
  expect(Number(count)).toBeGreaterThan(2);
  const behind = await (await zhou.get(link.replaceAll('&amp;', '&'))).text();
  expect(behind.match(/href="\/cases\/[0-9a-f]{32}"/g)).toHaveLength(Number(count));
  expect(plainText(behind)).toContain(say.behind({ figure: say.figures.opened.name }));
});

test('what an address asks that there is not is said beside its field, or not found; names of every object are none', async () => {
  const wrong = await pageOf('?from=2026-13&until=x');
  expect([wrong.status, wrong.html.includes(say.badMonth), wrong.html.includes('value="2026-13"')]).toEqual([422, true, true]);
  expect((await pageOf('?from=2020-01&until=2026-01')).html).toContain(say.badRange({ most: 36 }));
  expect((await pageOf('?from=2026-05&until=2026-01')).status).toBe(422);
  for (const figure of ['', 'constructor', 'recovered']) expect((await pageOf(`/cases?figure=${figure}`)).status).toBe(404);
  for (const after of ['x', 'opened 2026-01-01 zz 1', '%00'])
    expect((await pageOf(`/cases?figure=opened&after=${after}`)).status).toBe(200);
  expect((await pageOf('?by=constructor&section=constructor&of=constructor&key=x')).status).toBe(200);
  expect((await pageOf(`?of=policy&key=${'9'.repeat(80)}`)).status).toBe(200);
  expect((await pageOf('/cases?figure=opened&of=policy&key=x')).status).toBe(200);
  for (const key of ['%00', '%ED%A0%80', '%', '%27%22%3E', 'a%0Ab'])
    for (const of of ['agent', 'product'])
      for (const path of [`?of=${of}&key=${key}`, `/cases?figure=opened&of=${of}&key=${key}`])
        expect([path, (await pageOf(path)).status]).toEqual([path, 200]);
});

test('a page is one round trip to the casebook', async () => {
  await pageOf('?section=recovery');
  const before = portal.server.pipelines;
  await pageOf('?section=recovery');
  // The other is the directory's: who asks.
  expect(portal.server.pipelines - before).toBe(2);
});

test('it is taken away as a table of all its figures, and the log tells of it', async () => {
  const link =
    /href="(\/desk\/mingheng\/tables\?what=report[^"]*)"/.exec((await pageOf('?by=agent')).html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const form = await (await zhou.get(link)).text();
  expect(form).toMatch(/<option value="report" selected/);
  const choice = new URLSearchParams(link.split('?')[1]).get('choice') ?? '';
  const fields = { what: 'report', format: 'csv', choice, password: PASSWORD, requestId: randomId() };
  expect((await zhou.post('/desk/mingheng/tables', { ...fields, password: 'wrong' })).status).toBe(422);
  const taken = await (await zhou.post('/desk/mingheng/tables', fields)).text();
  const [titles = [], ...rows] = Papa.parse<string[]>(taken.trim()).data;
  expect([titles.length, ...rows.map(({ length }) => length)]).toEqual(Array(rows.length + 1).fill(figureNames.length + 1));
  expect(rows.map(([name]) => name)).toContain('林静');
  expect(plainText(await (await zhou.get('/desk/mingheng/record')).text())).toMatch(/Took a table away: Report .*by=agent/);
});

test('a product of the longest name, which a spreadsheet would read as a formula, is shown, opened and taken away as any', async () => {
  const product = `=${'消'.repeat(59)}`;
  const db = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { timeout: 30_000 });
  db.prepare(
    `INSERT INTO milestones ("case", kind, "no", day, outcome, product, policy) SELECT id, 'opened', 1, date('now'), '', ?, 1 FROM cases LIMIT 1
     ON CONFLICT DO UPDATE SET product = excluded.product, day = excluded.day`,
  ).run(product);
  db.close();
  const { html } = await pageOf('?by=product');
  const link = html.match(/href="[^"]*"/g)?.find((one) => one.includes('of=product') && one.includes('%3D')) ?? '';
  const one = await (await zhou.get(link.slice(6, -1).replaceAll('&amp;', '&'))).text();
  const take = /href="[^"]*(\?what=report[^"]*)"/.exec(one)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const choice = new URLSearchParams(take).get('choice') ?? '';
  for (const by of [{ choice }, { choice: 'by=product' }]) {
    const fields = { what: 'report', format: 'csv', ...by, password: PASSWORD, requestId: randomId() };
    const [titles = [], ...rows] = Papa.parse<string[]>((await (await zhou.post('/desk/mingheng/tables', fields)).text()).trim()).data;
    const opened = titles.findIndex((title) => title.endsWith(say.figures.opened.name));
    const theirs = by.choice === choice ? rows : rows.filter(([name]) => name === `'${product}`);
    expect(theirs.reduce((sum, row) => sum + Number(row[opened]), 0)).toBe(1);
  }
});
