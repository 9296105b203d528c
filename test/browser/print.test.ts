import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { type Rig, rig } from '../portal.ts';
import { cookieOf } from '../worker/people.ts';
import { chrome } from './chrome.ts';

/** Paper holds what it refers to, and nothing that can only be pressed. */

let portal: Rig;
let browser: Browser;
const id = randomId();

beforeAll(async () => {
  [portal, browser] = await Promise.all([rig(), chrome()]);
  const stage = await Stage.set(portal, Date.now());
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const digest = offerDigest(opening.debt.debt, opening.proposal.terms);
  const give = (who: 'chen' | 'lin', command: string, input: unknown) => stage.give(who, 'mingheng', id, command, input);
  await give('chen', 'case.open', opening);
  for (let i = 0; i < 30; i++) await give('chen', 'talk.message', { words: `第 ${i} 条留言。` });
  await give('lin', 'proposal.accept', { version: 1, digest });
  await give('chen', 'agreement.sign', { digest, name: PEOPLE.chen.name });
  await give('lin', 'agreement.sign', { digest, name: PEOPLE.lin.name });
});
afterAll(async () => {
  await browser.close();
  await portal.remove();
});

test.each(['zh', 'en'] as const)('in print (%s)', async (language) => {
  const words = wordsOf(language);
  const context = await browser.newContext({ viewport: { width: 794, height: 1100 } });
  const cookies = (await cookieOf(portal, 'chen', language)).split('; ').map((one) => one.split('='));
  await context.addCookies(cookies.map(([name = '', ...value]) => ({ name, value: value.join('='), url: portal.url })));
  const page = await context.newPage();
  await page.emulateMedia({ media: 'print' });
  await page.goto(`${portal.url}/cases/${id}/agreement`);
  // Folded by whoever read it, the annex is printed all the same.
  for (const open of [true, false]) {
    await page.evaluate((state) => {
      for (const one of document.querySelectorAll('details')) one.open = state;
    }, open);
    const annex = page.locator('details:not(:has(form)) table tbody tr').last();
    expect((await annex.boundingBox())?.height ?? 0, `annex, open: ${open}`).toBeGreaterThan(5);
  }
  // A page that ends inside a grid prints what comes after it over what is in it.
  for (const long of [page.locator('details:not(:has(form)) table').last(), page.locator('main ol').first()]) {
    const around = await long.evaluate((one) => {
      const displays: string[] = [];
      for (let at = one.parentElement; at; at = at.parentElement) displays.push(getComputedStyle(at).display);
      return displays;
    });
    expect(around.filter((display) => /grid|flex/.test(display))).toEqual([]);
  }
  expect(await page.locator('button:visible, .button:visible, input:visible').count()).toBe(0);
  expect((await page.locator('main').allInnerTexts()).join()).not.toContain(words.case.downloads);
  await page.goto(`${portal.url}/cases/${id}`);
  const text = (await page.locator('main').allInnerTexts()).join();
  expect(await page.locator('button:visible, .button:visible, textarea:visible').count()).toBe(0);
  expect(text).not.toContain(words.case.messageHint);
  const first = Number(/id="e(\d+)"/.exec(await page.content())?.[1]);
  expect(first).toBeGreaterThan(1);
  expect(text).toContain(words.case.printedFrom(first));
  await page.emulateMedia({ media: 'screen' });
  expect((await page.locator('main').allInnerTexts()).join()).not.toContain(words.case.printedFrom(first));
  await context.close();
});
