import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** Figures are looked at one after the other, each beside the files that stand behind it: whoever has dealt with one is where the next one is. */

const EXPENSES = ['housing', 'food', 'utilities', 'transport', 'medical', 'children', 'insurance'] as const;
const FIGURES = ['incomes.salary', ...EXPENSES.map((kind) => `expenses.${kind}`)];

let portal: Rig;
let stage: Stage;
let id: string;
let slip: string;
let lin: Visitor;
let chen: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  id = randomId();
  slip = await stage.upload('chen', 'mingheng', id, '工资单', ['实发工资：5,000.00']);
  const opening = plainOpening(stage.today(), '明衡消费金融');
  Object.assign(opening.means, { expenses: EXPENSES.map((kind) => ({ kind, amount: 20_000, every: 'month' })) });
  opening.evidence.files = [{ sha256: slip, figures: ['incomes.salary'] }];
  await stage.give('chen', 'mingheng', id, 'case.open', opening);
  [lin, chen] = [await signedIn(portal, 'lin', 'zh'), await signedIn(portal, 'chen', 'zh')];
});
afterAll(() => portal.remove());

const rowOf = (html: string, row: string) => plainText(html.split(`id="${row}"`)[1]?.split('<li id=')[0] ?? '');

/** Sends the form of a row, and is where its browser is then: the path, the fragment and the page. */
async function act(who: Visitor, command: string, fields: Record<string, string>) {
  const answer = await who.post(`/cases/${id}/do/${command}`, { ...fields, requestId: randomId() });
  expect(answer.status).toBe(303);
  const to = new URL(answer.headers.get('location') ?? '', portal.url);
  return { path: to.pathname, row: to.hash.slice(1), html: await (await who.get(to.pathname + to.search)).text() };
}

test('eight figures are verified in nine page views: the page once, and then each row stays where it is and says what was done', async () => {
  const page = await (await lin.get(`/cases/${id}/means`)).text();
  let views = 1;
  for (const figure of FIGURES) {
    expect(rowOf(page, `figure-${figure}`)).toContain('核实');
    const { path, row, html } = await act(lin, 'means.verify', { figure });
    views += 1;
    expect([path, row]).toEqual([`/cases/${id}/means`, `figure-${figure}`]);
    expect(html).toContain(`id="${row}" tabindex="-1"`);
    expect(rowOf(html, row)).toContain('已核实。');
    // Only in that row.
    expect(html.match(/role="status"[^>]*>已核实。/g)).toHaveLength(1);
  }
  expect(views).toBe(9);
});

test('a question and its answer stay in the row, too', async () => {
  const asked = await act(lin, 'means.query', { figure: 'expenses.food', words: '包括几口人？' });
  expect(rowOf(asked.html, 'figure-expenses.food')).toMatch(/疑问已发给借款人.*包括几口人？/s);
  const answered = await act(chen, 'means.answer', { figure: 'expenses.food', words: '三口人。' });
  expect(rowOf(answered.html, answered.row)).toMatch(/答复已发给机构.*三口人。/s);
});

test('a file stands in the row of the figure that it supports, leads to a page to look at it, and can be tied to others later', async () => {
  const salary = async () => rowOf(await (await lin.get(`/cases/${id}/means`)).text(), 'figure-incomes.salary');
  expect(await salary()).toContain('工资单.pdf 待审核');
  const accepted = await act(lin, 'evidence.accept', { file: slip });
  expect([accepted.path, accepted.row]).toEqual([`/cases/${id}/evidence`, `file-${slip.slice(0, 12)}`]);
  expect(rowOf(accepted.html, accepted.row)).toContain('已认可。');
  const tied = await act(chen, 'evidence.tie', { file: slip, figures: 'expenses.housing' });
  expect(rowOf(tied.html, tied.row)).toMatch(/证明：房租、房屋.*待审核.*已更改证明的项目。/s);
  expect(await salary()).not.toContain('工资单');
  expect(rowOf(await (await lin.get(`/cases/${id}/means`)).text(), 'figure-expenses.housing')).toContain('工资单.pdf 待审核');
});

test('a file is a download in a sandbox, and its page draws it: neither is there for others', async () => {
  const at = `/cases/${id}/files/${slip}`;
  const page = await lin.get(`${at}/view`);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
  const html = await page.text();
  expect(plainText(html)).toMatch(/工资单\.pdf.*第 1 份，共 1 份/s);
  expect(html).toContain(`data-file="${at}"`);
  const file = await lin.get(at);
  expect(file.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
  expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
  const li = await signedIn(portal, 'li', 'zh');
  for (const path of [at, `${at}/view`, `/cases/${id}/files/${'b'.repeat(64)}/view`])
    expect([(await li.get(path)).status, path]).toEqual([404, path]);
});

test('beside a paper stand the figures that it supports: verified, queried or not accepted there, its reader stays there', async () => {
  const at = `/cases/${id}/files/${slip}/view`;
  const page = await (await lin.get(at)).text();
  const supported = page.split('id="own"')[1]?.split('</section>')[0] ?? '';
  expect(plainText(supported)).toMatch(/房租、房屋.*提出疑问/s);
  expect(supported).toContain(`name="paper" value="${slip}"`);
  expect(plainText(page)).toMatch(/其他收支.*工资.*欠款 本金/s);
  const beside = { figure: 'expenses.housing', paper: slip };
  const refused = await lin.post(`/cases/${id}/do/means.query`, { ...beside, words: '', requestId: randomId() });
  const again = await refused.text();
  expect([refused.status, again.includes('id="own"'), again.includes('id="errors"')]).toEqual([422, true, true]);
  const asked = await act(lin, 'means.query', { ...beside, words: '合同是哪一年的？' });
  expect([asked.path, asked.row]).toEqual([at, 'figure-expenses.housing']);
  expect(rowOf(asked.html, asked.row)).toMatch(/疑问已发给借款人.*合同是哪一年的？/s);
  const rejected = await act(lin, 'evidence.reject', { file: slip, paper: slip, reason: 'illegible', words: '请重拍。' });
  expect([rejected.path, rejected.row]).toEqual([at, `file-${slip.slice(0, 12)}`]);
  expect(plainText(rejected.html)).toMatch(/已写明不认可的原因.*请重拍。/s);
  // Whoever has no say in figures sees the paper alone; a place that is none is the page of the command.
  expect(await (await chen.get(at)).text()).not.toContain('id="own"');
  for (const paper of ['x', 'constructor', '../../desk'])
    expect((await act(lin, 'means.verify', { figure: 'expenses.housing', paper })).path).toBe(`/cases/${id}/means`);
  const gone = await lin.post(`/cases/${id}/do/means.query`, { ...beside, paper: 'constructor', words: '', requestId: randomId() });
  expect(gone.status).toBe(422);
});

test('from the view of a case a figure that nobody has verified leads to its papers', async () => {
  const other = await stage.upload('chen', 'mingheng', id, '房租收据', ['房租']);
  await stage.give('chen', 'mingheng', id, 'evidence.add', { files: [{ sha256: other, figures: ['expenses.food'] }] });
  const page = await (await lin.get(`/cases/${id}`)).text();
  expect(page.split('id="glance"')[1]?.split('</section>')[0]).toContain(`/cases/${id}/files/${other}/view`);
  expect(await (await chen.get(`/cases/${id}`)).text()).not.toContain('id="glance"');
});

test('what an address says was done is a word of the page, or nothing', async () => {
  for (const done of ['constructor', '__proto__', 'means.verified'])
    expect((await lin.get(`/cases/${id}/means?done=${done}&at=incomes.salary`)).status).toBe(200);
});

test('a paper stands beside the part of the debt that it supports, and leads to it', async () => {
  const tied = await act(chen, 'evidence.tie', { file: slip, figures: 'debt.fees' });
  expect(rowOf(tied.html, tied.row)).toMatch(/证明：欠款：费用/);
  const page = await (await lin.get(`/cases/${id}/files/${slip}/view`)).text();
  const supported = page.split('id="own"')[1]?.split('</section>')[0] ?? '';
  expect(supported).toContain(`href="/cases/${id}/debt"`);
  expect(plainText(supported)).toMatch(/欠款：费用.*0\.00/s);
  expect(await (await lin.get(`/cases/${id}/debt`)).text()).toContain(`/files/${slip}/view`);
  expect(plainText(await (await lin.get(`/cases/${id}/evidence`)).text())).toMatch(/欠款：本金/);
});
