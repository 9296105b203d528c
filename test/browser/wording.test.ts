import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playDemo } from '../../db/demo-cases.ts';
import { wordsOf } from '../../web/words/index.ts';
import { instant } from '../../worker/clock.ts';
import { type Rig, rig } from '../portal.ts';
import { invited, signedIn } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';
import { passed } from './steps.ts';

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
});
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
  await expect.poll(() => beside().count()).toBe(0);
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
  await passed(page, 2_000);
  expect(asked).toEqual([]);
  await box().dispatchEvent('compositionend');
  await beside().first().waitFor();
  expect(asked).toHaveLength(1);
  expect(await beside().allTextContents()).toEqual([expect.stringContaining(say.kinds.insult.why)]);
});

const besideOf = (at: Page, name: string) => at.locator(`[name="${name}"] + [aria-live="polite"] p`);

test('so are the words of an offer, and why something is waived', async () => {
  await page.goto(`${portal.url}/desk/mingheng?show=all`);
  await page.locator('table.inbox tr', { hasText: 'MH-2024-110925' }).locator('th a').first().click();
  await page.waitForURL(/\/cases\//);
  await page.goto(`${portal.url}${new URL(page.url()).pathname}/proposals/new`);
  await page.fill('[name="words"]', '我们会联系你单位领导');
  await besideOf(page, 'words').first().waitFor();
  const reason = page.locator('input[type="text"][name^="reasons."]').first();
  const name = (await reason.getAttribute('name')) ?? '';
  await reason.evaluate((one) => {
    for (let at = one.closest('details'); at; at = at.parentElement?.closest('details') ?? null) at.open = true;
  });
  await reason.fill('你这个废物');
  await besideOf(page, name).first().waitFor();
  expect(await besideOf(page, name).allTextContents()).toEqual([expect.stringContaining(say.kinds.insult.why)]);
  await sound(page);
});

test('so is the text of a template', async () => {
  const zhou = await signedIn(portal, 'zhou', 'zh');
  const own = await browser.newContext({ viewport: { width: 360, height: 800 } });
  await own.addCookies(cookiesFor(portal.url, zhou.cookie));
  const writing = await own.newPage();
  await writing.goto(`${portal.url}/desk/mingheng/templates/new`);
  await writing.fill('textarea[name="text"]', '我们会联系你单位领导');
  await besideOf(writing, 'text').first().waitFor();
  expect(await besideOf(writing, 'text').allTextContents()).toEqual([expect.stringContaining(say.kinds.exposure.why)]);
  await sound(writing);
  await own.close();
});

test('so are the words that a case is opened with, and no input method is interrupted', async () => {
  const chen = await signedIn(portal, 'chen', 'zh');
  const { id } = await invited(portal, instant().slice(0, 10));
  const own = await browser.newContext({ viewport: { width: 360, height: 800 } });
  await own.addCookies(cookiesFor(portal.url, chen.cookie));
  const opening = await own.newPage();
  await opening.goto(`${portal.url}/open/mingheng/${id}/proposal`);
  const asked: string[] = [];
  opening.on('request', (request) => {
    if (request.url().endsWith('/wording')) asked.push(request.postData() ?? '');
  });
  const words = opening.locator('textarea[name="proposal.words"]');
  await words.dispatchEvent('compositionstart');
  await words.evaluate((area: HTMLTextAreaElement) => {
    area.value = '你们就是一群吸血鬼';
    area.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }));
  });
  // Twice as long as typing has to rest.
  await passed(opening, 2_400);
  expect([asked, await words.inputValue()]).toEqual([[], '你们就是一群吸血鬼']);
  await words.dispatchEvent('compositionend');
  await besideOf(opening, 'proposal.words').first().waitFor();
  expect(asked).toHaveLength(1);
  await own.close();
});
