import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage } from '../../db/demo.ts';
import { en } from '../../web/words/en.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** A file of loans at the desk: checked first, then opened step by step, without a script. */

const PATH = '/desk/mingheng/import';
let portal: Rig;
let lin: Visitor;
beforeAll(async () => {
  portal = await rig();
  await Stage.set(portal, Date.now());
  lin = await signedIn(portal, 'lin');
}, 60_000);
afterAll(() => portal.remove());

const upload = (text: string, who = lin) => {
  const form = new FormData();
  form.set('file', new File([text], 'loans.csv', { type: 'text/csv' }));
  return who.send(PATH, form);
};

/** Presses the one button of a page that goes on with what it carries. */
async function goOn(html: string): Promise<string> {
  const form = new FormData();
  for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="(text|from|created|unchanged)" value="([^"]*)"/g))
    form.append(name, value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'));
  return (await lin.send(PATH, form)).text();
}

test('what is wrong is said by row and column; the rest is opened, each once', async () => {
  const text = `合同号,借款人姓名,本金\nW-1,"王小雨","1,000"\n\nW-2,李四,many\nW-3,"A ""B"" & C",5\n`;
  const checked = await (await upload(text)).text();
  expect(plainText(checked)).toContain(en.loans.checked({ rows: 3, created: 2, unchanged: 0, bad: 1 }));
  expect(plainText(checked)).toMatch(/4 Principal “many” is not an amount/);
  const done = await goOn(checked);
  expect(plainText(done)).toContain(en.loans.done({ rows: 3, created: 2, unchanged: 0, bad: 1 }));
  expect(plainText(await (await lin.get('/desk/mingheng?text=W-3')).text())).toContain('A "B" & C');
  const again = await (await upload(text)).text();
  expect(plainText(again)).toContain(en.loans.checked({ rows: 3, created: 0, unchanged: 2, bad: 1 }));
  expect(again).not.toContain('name="text"');
});

test('many are opened in steps, each of which says how far it is', async () => {
  const text = `contract,name,principal\n${Array.from({ length: 1_100 }, (_, i) => `M-${i},王小雨,${i + 1}`).join('\n')}\n`;
  const first = await goOn(await (await upload(text)).text());
  expect(plainText(first)).toContain(en.loans.goesOn({ done: 1_000, of: 1_100 }));
  expect(first).toContain('<progress');
  expect(plainText(await goOn(first))).toContain(en.loans.done({ rows: 1_100, created: 1_100, unchanged: 0, bad: 0 }));
}, 60_000);

test('no file, and none that can be read, is said beside the field; another lender’s desk is not there', async () => {
  const none = await lin.send(PATH, new FormData());
  expect([none.status, plainText(await none.text())]).toEqual([422, expect.stringContaining(en.loans.fileNone)]);
  const damaged = await upload('PK\u0003\u0004\0 packed');
  expect([damaged.status, plainText(await damaged.text())]).toEqual([422, expect.stringContaining(en.loans.csvAlone)]);
  expect((await upload('x', await signedIn(portal, 'gu'))).status).toBe(404);
  expect((await upload('x', await signedIn(portal, 'chen'))).status).toBe(404);
});
