import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { cookieOf } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';
import { follow, passed } from './steps.ts';

/** The live preview says what the server says when asked to work it out: the same figures in the same words. */

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

describe.each(['zh', 'en'] as const)('%s', (language) => {
  test.each([
    { what: 'fits', count: '12', rate: '3.6', state: '.notice.good' },
    { what: 'does not fit', count: '2', rate: '3.6', state: '.notice.warn' },
    { what: 'does not fit in one instalment', count: '1', rate: '3.6', state: '.notice.warn' },
    {
      what: 'is below the least instalment, long, and of a lender whose line of the law cannot be told',
      count: '119',
      rate: '13',
      state: '.notice.warn',
      parts: 4,
    },
    { what: 'does not fit in more stretches than are shown', count: '6', rate: '600', state: '.notice.warn', kind: 'even-principal' },
    { what: 'cannot be worked out', count: '600', rate: '0', state: '.error' },
  ])('a plan that $what', async ({ count, rate, state, parts, kind }) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
    await context.addCookies([{ name: 'language', value: language, url: portal.url }]);
    const page = await context.newPage();
    page.on('pageerror', (error) => expect.fail(error.message));
    await page.goto(`${portal.url}/sign-in`);
    await page.fill('[name=contact]', PEOPLE.chen.email);
    await page.fill('[name=password]', PASSWORD);
    await page.click('main .primary');
    await page.waitForURL('**/cases');
    await page.goto(`${portal.url}/cases/${id}/proposals/new`);
    // Drawn at once, from what the form holds.
    await page.waitForSelector('#preview .totals');
    await page.locator('details:has([name="terms.rate.ppm"]) > summary').click();
    await page.fill('[name="terms.rate.ppm"]', rate);
    await page.fill('[name="terms.phases.0.count"]', state === '.error' ? '600' : count);
    if (kind) await page.selectOption('[name="terms.phases.0.kind"]', kind);
    if (state === '.error') await page.locator('details:has([name="terms.waive.principal"]) > summary').click();
    if (state === '.error') await page.fill('[name="terms.waive.principal"]', '11999.99');
    // It waits a moment for the next key before it draws.
    await passed(page, 300);
    await page.waitForSelector(`#preview > ${state}`);
    // What is folded away is held against the server's as well.
    const said = () => page.locator('#preview > :is(.totals, .notice, .error, details.small)').allTextContents();
    const live = await said();
    if (kind) expect(live.join()).toContain(wordsOf(language).schedule.moreMisses(1));
    if (parts) expect(live).toHaveLength(parts);
    await follow(page, 'button[value=work-out]');
    await page.waitForSelector(`#preview > ${state}`);
    expect(await said()).toEqual(live);
    await sound(page);
    await context.close();
  });
});

test.each([
  { what: 'charges', field: 'terms.waive.interest', value: '251', given: '¥251.00', limit: '¥250.00' },
  { what: 'term', field: 'terms.phases.0.count', value: '49', given: '49', limit: '48' },
] as const)(
  'an agent is told while typing what goes beyond their authority, as the server says it: $what',
  async ({ what, field, value, given, limit }) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
    await context.addCookies(cookiesFor(portal.url, await cookieOf(portal, 'lin', 'zh')));
    const page = await context.newPage();
    page.on('pageerror', (error) => expect.fail(error.message));
    await page.goto(`${portal.url}/cases/${id}/proposals/new`);
    await page.waitForSelector('#preview .totals');
    await page.locator('details:has([name="terms.waive.interest"]) > summary').click();
    await page.fill(`[name="${field}"]`, value);
    const text = wordsOf('zh').authority.exceeded[what]({ given, limit });
    await page.waitForSelector(`#preview > .notice.warn:text-is("${text}")`);
    await follow(page, 'button[value=work-out]');
    expect(await page.locator('#preview > .notice.warn').first().textContent()).toBe(text);
    await context.close();
  },
);

test.each([
  { script: true, language: 'zh', size: 'plain' },
  { script: true, language: 'en', size: 'elder' },
  { script: false, language: 'zh', size: 'plain' },
] as const)(
  'on a phone the plan stands in a line where the thumb is, and hides nothing that is come to (%o)',
  async ({ script, language, size }) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 780 }, javaScriptEnabled: script });
    const own = (await cookieOf(portal, 'chen', language)).split('; ').map((one) => one.split('='));
    await context.addCookies([...own, ['size', size]].map(([name = '', ...value]) => ({ name, value: value.join('='), url: portal.url })));
    const page = await context.newPage();
    page.on('pageerror', (error) => expect.fail(error.message));
    await page.goto(`${portal.url}/cases/${id}/proposals/new`);
    const bar = page.locator('.plan-bar');
    if (!script) {
      await page.fill('[name="terms.phases.0.count"]', '12');
      await follow(page, 'button[value=work-out]');
      expect(await bar.textContent()).toContain(wordsOf(language).schedule.bar.count({ count: 12 }));
      // In the flow: nobody's form is beneath it.
      expect((await bar.boundingBox())?.y).toBeGreaterThan((await page.locator('[name=expiresInDays]').boundingBox())?.y ?? Infinity);
      return context.close();
    }
    const { bar: say } = wordsOf(language).schedule;
    for (const count of ['12', '2']) {
      await page.fill('[name="terms.phases.0.count"]', count);
      await page.locator('.plan-bar', { hasText: say.count({ count }) }).waitFor();
      const highest = await page.locator('#preview .totals dd').first().textContent();
      expect(await bar.textContent()).toContain(highest);
    }
    expect(await bar.locator('.over').textContent()).toContain('¥');
    await page.locator('[name="terms.firstDue"]').evaluate((field) => field.scrollIntoView());
    const foot = await page.locator('.plan-foot').boundingBox();
    expect(Math.round((foot?.y ?? 0) + (foot?.height ?? 0))).toBe(780);
    const hidden: string[] = [];
    await page.focus('[name="terms.firstDue"]');
    for (let stops = 0; stops < 14; stops++) {
      await page.keyboard.press('Tab');
      const covered = await page.evaluate(() => {
        const [one, foot] = [document.activeElement, document.querySelector('.plan-foot')];
        if (!one || !foot || foot.contains(one) || !foot.closest('form')?.contains(one)) return '';
        return one.getBoundingClientRect().bottom > foot.getBoundingClientRect().top + 1 ? one.outerHTML.slice(0, 100) : '';
      });
      if (covered) hidden.push(covered);
    }
    expect(hidden).toEqual([]);
    await sound(page);
    await context.close();
  },
);

test('an amount is read back below its field as it is typed, in capitals too; one with two readings is not', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
  await context.addCookies([{ name: 'language', value: 'zh', url: portal.url }]);
  const page = await context.newPage();
  page.on('pageerror', (error) => expect.fail(error.message));
  await page.goto(`${portal.url}/sign-in`);
  await page.fill('[name=contact]', PEOPLE.chen.email);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main .primary');
  await page.waitForURL('**/cases');
  await page.goto(`${portal.url}/cases/${id}/debt`);
  await page.locator('details:has([name="debt.principal"]) > summary').click();
  const principal = page.locator('[name="debt.principal"]');
  const read = page.locator('#debt-state-debt\\.principal-read');
  expect(await read.textContent()).toBe('¥12,000.00，人民币壹万贰仟元整');
  await principal.fill('1.25w');
  expect(await read.textContent()).toBe('¥12,500.00，人民币壹万贰仟伍佰元整');
  await principal.fill('1250,5');
  expect(await read.textContent()).toBe('');
  await principal.fill('12500');
  await page.fill('[name=words]', '利息算错了。');
  // It has been seen: nothing more is asked.
  await page.click('form[action$="debt.state"] button[type=submit]');
  await page.waitForURL(/#e\d+$/);
  await sound(page);
  await context.close();
});

test('where a finger or a pointer rests on a picture of a plan, the day and the amount of the table stand above it, one at a time', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 }, hasTouch: true });
  await context.addCookies([{ name: 'language', value: 'zh', url: portal.url }]);
  const page = await context.newPage();
  await page.goto(`${portal.url}/sign-in`);
  await page.fill('[name=contact]', PEOPLE.chen.email);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main .primary');
  await page.waitForURL('**/cases');
  await page.goto(`${portal.url}/cases/${id}/proposals/1`);
  for (const chart of await page.locator('.plot.chart').all()) {
    const read = () =>
      chart.evaluate((one) =>
        [...one.querySelectorAll('.month text')]
          .filter((text) => getComputedStyle(text).visibility === 'visible')
          .map((text) => text.textContent),
      );
    expect(await read()).toEqual([]);
    const months = chart.locator('.month');
    const said = await months.evaluateAll((all) => all.map((one) => one.textContent ?? ''));
    expect(said.length).toBeGreaterThan(3);
    await chart.scrollIntoViewIfNeeded();
    await months.nth(2).locator('rect').tap();
    expect(await read()).toEqual([said[2]]);
    await months.nth(3).locator('rect').hover();
    expect(await read()).toEqual([said[3]]);
    // What stands above is the table's.
    const [, day, amount] = /(\d{4}年\d+月\d+日).*：(¥[\d,.]+)/.exec(said[3] ?? '') ?? [];
    const rows = await page.locator('table tr').evaluateAll((all) => all.map((one) => one.textContent ?? ''));
    expect(rows.some((row) => row.includes(day ?? '-') && row.includes(amount ?? '-'))).toBe(true);
  }
  await context.close();
});

test('what is printed is dark on white, whatever the screen is', async () => {
  const context = await browser.newContext({ colorScheme: 'dark' });
  const page = await context.newPage();
  await page.goto(`${portal.url}/sign-in`);
  const colour = () => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--ink').trim());
  const onScreen = await colour();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect([onScreen, await colour()]).toEqual(['#f2edef', '#261f24']);
  await context.close();
});
