import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Language, wordsOf } from '../../web/words/index.ts';
import { instant } from '../../worker/clock.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { localTime } from '../../worker/plan/law/zone.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { cookieOf, signedIn } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';
import { passed } from './steps.ts';

/** A message that is not sent yet, as its writer has it on one device and on another, with a script and without. */

let portal: Rig;
let browser: Browser;
let id: string;

beforeAll(async () => {
  [portal, browser] = await Promise.all([rig(), chrome()]);
  id = await openedCase(portal);
});
afterAll(async () => {
  await browser.close();
  await portal.remove();
});

/** 陈建国 at the case, or 林静, on a device of their own. */
async function device(
  language: Language,
  { width = 360, script = true, who = 'chen' as 'chen' | 'lin' } = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width, height: 780 }, javaScriptEnabled: script });
  await context.addCookies(cookiesFor(portal.url, await cookieOf(portal, who, language)));
  const page = await context.newPage();
  await page.goto(`${portal.url}/cases/${id}`);
  return { context, page };
}

const form = (page: Page) => page.locator('form[action$="/do/talk.message"]');
const box = (page: Page) => form(page).locator('textarea');
const status = (page: Page) => form(page).locator('[role=status]');
const button = (page: Page, name: string) => form(page).getByRole('button', { name, exact: true });
const until = async (page: Page, said: string) => expect.poll(() => status(page).textContent()).toContain(said);
const KEPT = { zh: '草稿已保存 · ', en: 'Draft kept · ' };

test('typed at 360 px and closed, it is there on another device; sent, it is gone on both', async () => {
  const one = await device('zh');
  await box(one.page).pressSequentially('下个月发工资后先还一千，');
  await until(one.page, KEPT.zh);
  expect(await button(one.page, wordsOf('zh').unsent.discard).isVisible()).toBe(true);
  await one.context.close();
  const left = await device('zh');
  expect(await box(left.page).inputValue()).toBe('下个月发工资后先还一千，');
  // What is written on a page that is left before typing has rested is kept as well.
  await box(left.page).press('Control+End');
  await box(left.page).pressSequentially('可以吗？');
  await left.page.goto(`${portal.url}/cases`);
  const other = await device('en', { width: 1280 });
  const shown = async () => {
    await other.page.reload();
    return box(other.page).inputValue();
  };
  await expect.poll(shown).toBe('下个月发工资后先还一千，可以吗？');
  await left.context.close();
  expect(await status(other.page).textContent()).toContain(KEPT.en);
  await sound(other.page);
  await button(other.page, wordsOf('en').case.send).click();
  await other.page.waitForURL(/#e\d+$/);
  expect([await box(other.page).inputValue(), await status(other.page).textContent()]).toEqual(['', '']);
  await other.page.reload();
  expect(await box(other.page).inputValue()).toBe('');
  await other.context.close();
});

test('sent where there is no network it is in the box again, however the case is come back to; sent, it is gone', async () => {
  const { context, page } = await device('zh');
  // After a message of before, the address of the case is the one that a message that arrived leads to.
  await box(page).fill('收到，我看一下。');
  await button(page, wordsOf('zh').case.send).click();
  await page.waitForURL(/#e\d+$/);
  await box(page).fill('地铁里没有信号时写的话。');
  await context.setOffline(true);
  const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/do/talk.message'));
  await button(page, wordsOf('zh').case.send).click();
  await failed;
  await page.waitForURL(/^chrome-error:/);
  await context.setOffline(false);
  await page.goto(`${portal.url}/cases/${id}`);
  expect(await box(page).inputValue()).toBe('地铁里没有信号时写的话。');
  await until(page, KEPT.zh);
  await button(page, wordsOf('zh').case.send).click();
  await page.waitForURL(/#e\d+$/);
  expect(await box(page).inputValue()).toBe('');
  await page.goto(`${portal.url}/cases/${id}`);
  expect(await box(page).inputValue()).toBe('');
  await context.close();
});

test('no input method is interrupted, and nothing leaves with each key', async () => {
  const { context, page } = await device('zh');
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/drafts/')) asked++;
  });
  await box(page).dispatchEvent('compositionstart');
  await box(page).evaluate((area: HTMLTextAreaElement) => {
    area.value = 'xiexie';
    area.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }));
  });
  // Longer than typing has to rest.
  await passed(page, 2_500);
  expect([asked, await box(page).inputValue()]).toEqual([0, 'xiexie']);
  await box(page).dispatchEvent('compositionend');
  await until(page, KEPT.zh);
  expect(asked).toBe(1);
  await button(page, wordsOf('zh').unsent.discard).click();
  await expect.poll(() => box(page).inputValue()).toBe('');
  await context.close();
});

test('of two tabs the one that is behind is told, keeps its own text in the form, and takes the place only by the button', async () => {
  const say = wordsOf('zh').unsent;
  const [one, other] = [await device('zh'), await device('zh')];
  await box(one.page).fill('第一台设备上写的，写得比较长。');
  await until(one.page, KEPT.zh);
  await box(other.page).fill('第二台');
  await until(other.page, '您在别的页面或设备上改过这份草稿');
  expect(await box(other.page).inputValue()).toBe('第二台');
  expect(await form(other.page).locator('.said').textContent()).toBe('第一台设备上写的，写得比较长。');
  await sound(other.page);
  // Whatever is typed there now, nothing takes the place of the other by itself.
  await box(other.page).fill('第二台，再写');
  await other.page.goto(`${portal.url}/cases/${id}`);
  await until(other.page, say.parted);
  expect(await box(other.page).inputValue()).toBe('第二台，再写');
  await button(other.page, say.keep).click();
  await until(other.page, KEPT.zh);
  await one.page.reload();
  expect(await box(one.page).inputValue()).toBe('第二台，再写');
  // Where the server is away it says so, and the next time it is kept.
  await one.context.setOffline(true);
  await box(one.page).fill('第二台，再写，没有网');
  await until(one.page, say.failed);
  await one.context.setOffline(false);
  await box(one.page).pressSequentially('了');
  await until(one.page, KEPT.zh);
  await button(one.page, say.discard).click();
  await expect.poll(() => box(one.page).inputValue()).toBe('');
  await Promise.all([one, other].map(({ context }) => context.close()));
});

test.each([
  ['zh', 360],
  ['en', 1280],
] as const)('without a script a button keeps it, in %s at %i px, and another gives it up', async (language, width) => {
  const say = wordsOf(language).unsent;
  const { context, page } = await device(language, { width, script: false });
  await box(page).fill('先不发，晚上再看看。');
  await button(page, say.keep).click();
  await page.waitForURL(/#talk-message-words$/);
  expect(await box(page).inputValue()).toBe('先不发，晚上再看看。');
  expect(await status(page).textContent()).toContain(KEPT[language]);
  await sound(page);
  await page.goto(`${portal.url}/cases`);
  expect(await page.locator('.tag', { hasText: say.mark }).count()).toBe(1);
  await page.goto(`${portal.url}/cases/${id}`);
  await button(page, say.discard).click();
  await page.waitForURL(/#talk-message-words$/);
  expect(await box(page).inputValue()).toBe('');
  await context.close();
});

test('what staff sent is out of the box, too, where it waits for the hours of the borrower', async () => {
  const isMorning = localTime(instant(), HOME.zone).slice(11) < '14:00';
  const hours = isMorning ? { from: 20, until: 22 } : { from: 8, until: 9 };
  const chen = await signedIn(portal, 'chen');
  expect((await chen.post(`/cases/${id}/do/contact.wish`, { when: 'hours', ...hours, requestId: 'wish' })).status).toBe(303);
  const { context, page } = await device('en', { width: 1280, who: 'lin' });
  await box(page).fill('We have your papers.');
  await button(page, wordsOf('en').case.send).click();
  await page.waitForURL(/#o\d+$/);
  expect(await box(page).inputValue()).toBe('');
  await page.goto(`${portal.url}/cases/${id}`);
  expect(await box(page).inputValue()).toBe('');
  await context.close();
});

test.each([
  ['zh', true],
  ['en', false],
] as const)('%s, script %s: what is marked and not to be sent after all is in no box any more', async (language, script) => {
  const { context, page } = await device(language, { script });
  const words = wordsOf(language);
  await box(page).fill('你们就是一群吸血鬼，不要脸！');
  await button(page, words.case.send).click();
  await page.waitForURL(/\/marked\//);
  await page.getByRole('button', { name: words.wording.discard, exact: true }).click();
  await page.waitForURL(new RegExp(`/cases/${id}(?:#.*)?$`));
  await sound(page);
  expect(await box(page).inputValue()).toBe('');
  await page.reload();
  expect(await box(page).inputValue()).toBe('');
  await context.close();
});
