import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playDemo } from '../../db/demo-cases.ts';
import { wordsOf } from '../../web/words/index.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';

/** How a text reads, said beside its box while it is written: when typing rests, never in the midst of what an input method puts together, and nothing is sent or kept. */

let portal: Rig;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [portal, browser] = await Promise.all([rig(), chrome()]);
  await playDemo(portal);
  const lin = await signedIn(portal, 'lin', 'zh');
  context = await browser.newContext({ viewport: { width: 360, height: 800 } });
  await context.addCookies(cookiesFor(portal.url, lin.cookie));
  page = await context.newPage();
  await page.goto(`${portal.url}/desk/mingheng?show=all`);
  await page.locator('table.inbox th a').first().click();
  await page.waitForURL(/\/cases\//);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await portal.remove();
});

const say = wordsOf('zh').wording;
const box = () => page.locator('form[action$="/do/talk.message"] textarea[name="words"]');
const beside = () => page.locator('form[action$="/do/talk.message"] [aria-live="polite"] p');

test('it says so when typing rests, and takes it back once it is changed', async () => {
  await box().fill('我们会联系你单位领导');
  await beside().first().waitFor();
  expect(await beside().allTextContents()).toEqual([expect.stringContaining(say.kinds.exposure.why)]);
  await sound(page);
  await box().fill('我们只和您本人联系。');
  await expect.poll(() => beside().count(), { timeout: 10_000 }).toBe(0);
  expect(await page.locator('.said').filter({ hasText: '联系你单位领导' }).count()).toBe(0);
});

test('what an input method puts together is left alone until it is done', async () => {
  await box().fill('');
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/wording')) asked.push(request.postData() ?? '');
  });
  await box().dispatchEvent('compositionstart');
  await box().evaluate((area: HTMLTextAreaElement) => {
    area.value = '你这个废物';
    area.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }));
  });
  await page.waitForTimeout(2_000);
  expect(asked).toEqual([]);
  await box().dispatchEvent('compositionend');
  await beside().first().waitFor();
  expect(asked).toHaveLength(1);
  expect(await beside().allTextContents()).toEqual([expect.stringContaining(say.kinds.insult.why)]);
});
