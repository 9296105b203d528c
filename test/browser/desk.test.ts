import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playDemo } from '../../db/demo-cases.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';
import { follow } from './steps.ts';

/** The desk under hands that stay on the keyboard: keys are a help, never in the way of typing, and can be turned off. */

let portal: Rig;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [portal, browser] = await Promise.all([rig(), chrome()]);
  await playDemo(portal);
  const lin = await signedIn(portal, 'lin', 'zh');
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addCookies(cookiesFor(portal.url, lin.cookie));
  page = await context.newPage();
});
afterAll(async () => {
  await browser.close();
  await portal.remove();
});

const at = () =>
  page.evaluate(() => document.activeElement?.getAttribute('href')?.slice(0, 39) ?? document.activeElement?.getAttribute('name') ?? '');
const marked = () => page.locator('input[name="case"]:checked').count();

test('j and k go through the rows, x marks, Enter opens; in the case j goes to the next', async () => {
  await page.goto(`${portal.url}/desk/mingheng?show=all`);
  const rows = await page.locator('table.inbox th a').evaluateAll((all) => all.map((one) => one.getAttribute('href')?.slice(0, 39) ?? ''));
  await page.keyboard.press('j');
  expect(await at()).toBe(rows[0]);
  await page.keyboard.press('j');
  expect(await at()).toBe(rows[1]);
  await page.keyboard.press('k');
  await page.keyboard.press('x');
  expect([await at(), await marked()]).toEqual([rows[0], 1]);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/cases\//);
  await sound(page);
  await page.keyboard.press('j');
  await page.waitForURL((url) => url.pathname === rows[1]);
});

test('/ goes to the search, where letters are letters, also those that an input method takes', async () => {
  await page.goto(`${portal.url}/desk/mingheng?show=all`);
  await page.keyboard.press('/');
  expect(await at()).toBe('text');
  await page.keyboard.type('jxa?');
  expect(await page.locator('input[name="text"]').inputValue()).toBe('jxa?');
  await page.locator('h1').click();
  await page.evaluate(() => dispatchEvent(new KeyboardEvent('keydown', { key: 'j', isComposing: true })));
  expect(await at()).toBe('');
});

test('a asks to whom what is marked is given; ? shows the keys, which can be turned off', async () => {
  await page.goto(`${portal.url}/desk/mingheng?show=all`);
  await page.keyboard.press('?');
  expect(await page.getByText('打开或收起这张表').isVisible()).toBe(true);
  await sound(page);
  await page.getByLabel('使用这些按键').uncheck();
  await page.goto(`${portal.url}/desk/mingheng?show=all`);
  await page.keyboard.press('j');
  expect(await at()).toBe('');
  await page.locator('[data-keys] summary').click();
  await page.getByLabel('使用这些按键').check();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.waitForURL(/\/many\?case=[0-9a-f]{32}&do=assign$/);
  await sound(page);
});

test('an invitation is copied in one press; what a supervisor takes away from is sound on a phone too', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${portal.url}/desk/mingheng/new`);
  const fields = { borrowerName: '王五', contact: 'five@borrower.example', 'loan.reference': 'MH-5', 'debt.debt.principal': '5000' };
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(value);
  await page.locator('main form button.primary').click();
  await page.locator('.qr').waitFor();
  await sound(page);
  await page.getByText('复制链接').click();
  await page.getByText('已复制').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/join\/[\w-]{20,}$/);
  const zhou = await signedIn(portal, 'zhou', 'zh');
  const phone = await browser.newContext({ viewport: { width: 360, height: 780 }, javaScriptEnabled: false });
  await phone.addCookies(cookiesFor(portal.url, zhou.cookie));
  const small = await phone.newPage();
  for (const path of ['?show=all', '/tables?choice=show%3Dall']) {
    await small.goto(`${portal.url}/desk/mingheng${path}`);
    await sound(small);
  }
});

test('a paper and the figures that it supports stand side by side, on a phone one below the other; both are sound', async () => {
  await page.goto(`${portal.url}/desk/mingheng?show=all&stage=negotiating`);
  const cases = await page.locator('table.inbox th a').evaluateAll((all) => all.map((one) => one.getAttribute('href')?.slice(0, 39) ?? ''));
  let way: string | null = null;
  for (const one of cases) {
    await page.goto(portal.url + one);
    const papers = page.locator('.glance a[href$="/view"]');
    if (way === null && (await papers.count()) > 0) way = await papers.first().getAttribute('href');
  }
  const boxes = async (of: Page) => {
    await of.goto(portal.url + way);
    await sound(of);
    const [paper, figures] = await Promise.all([
      of.locator('.checking > .stack').first().boundingBox(),
      of.locator('.checking > aside').boundingBox(),
    ]);
    if (!paper || !figures) throw new Error('Nothing is looked at.');
    return { beside: figures.x >= paper.x + paper.width, below: figures.y >= paper.y + paper.height };
  };
  expect(await boxes(page)).toEqual({ beside: true, below: false });
  const phone = await browser.newContext({ viewport: { width: 360, height: 780 }, javaScriptEnabled: false });
  await phone.addCookies(await page.context().cookies());
  const small = await phone.newPage();
  expect(await boxes(small)).toEqual({ beside: false, below: true });
  // Without a script as well a figure is verified there, and its reader stays.
  await follow(small, small.locator('button[aria-label^="核实"]').first());
  expect(new URL(small.url()).pathname).toBe(way);
  expect(await small.getByText('已核实。').isVisible()).toBe(true);
});

test('keys go through the rows of every tab that has some, and of a view', async () => {
  await page.goto(`${portal.url}/desk/mingheng?show=all&order=amount`);
  await page.locator('.choose > summary').click();
  await page.locator('#name').fill('金额大的');
  await follow(page, page.getByRole('button', { name: '保存视图' }));
  const ways = await page.locator('nav.tabs a').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
  expect(ways.some((way) => way.includes('order=amount'))).toBe(true);
  for (const way of ways.filter((one) => one.includes('show='))) {
    await page.goto(portal.url + way);
    const first = page.locator('table.inbox th a').first();
    if ((await first.count()) === 0) continue;
    await page.keyboard.press('j');
    expect([way, await at()]).toEqual([way, (await first.getAttribute('href'))?.slice(0, 39)]);
    await page.keyboard.press('x');
    expect([way, await marked()]).toEqual([way, 1]);
  }
});

test('a file of loans goes from its columns to who has not joined; each page of it is sound on a phone too', async () => {
  const rows = ['E-1,王小雨,100,13800137001', 'E-2,阿卜杜热合曼·麦麦提依明,100,', '6.22202E+18,李四,1,'];
  const both = async () => {
    await sound(page);
    await page.setViewportSize({ width: 360, height: 780 });
    await sound(page);
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  await page.goto(`${portal.url}/desk/mingheng/import`);
  const file = { name: '九月.csv', mimeType: 'text/csv', buffer: Buffer.from(`合同号,姓名,本金,手机号\n${rows.join('\n')}\n`) };
  await page.locator('input[type="file"]').setInputFiles(file);
  await both();
  await page.getByRole('button', { name: '上传' }).click();
  await page.getByRole('button', { name: '先核对，不写入' }).waitFor();
  await both();
  await page.getByRole('button', { name: '先核对，不写入' }).click();
  await page.getByRole('button', { name: '确认开案（2 件）' }).waitFor();
  await both();
  await page.getByLabel(/同时邀请借款人/).check();
  await page.getByRole('button', { name: '确认开案（2 件）' }).click();
  await page.getByRole('link', { name: '还没有加入的借款人' }).waitFor();
  await both();
  await page.getByRole('link', { name: '还没有加入的借款人' }).click();
  await page.getByText('138****7001').waitFor();
  await both();
});
