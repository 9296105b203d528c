import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { type Rig, rig } from '../portal.ts';
import { cookieOf } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';

/** A session ends while somebody writes: after signing in they are at the same page, with the text, and nothing was sent. */

const words = wordsOf('zh');
const TEXT = '写到一半的话，不能丢。';
let portal: Rig;
let browser: Browser;
let id: string;

beforeAll(async () => {
  [portal, browser] = await Promise.all([rig(), chrome()]);
  const stage = await Stage.set(portal, Date.now());
  id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
});
afterAll(async () => {
  await browser.close();
  await portal.remove();
});

const FORMS = [
  { name: 'a message', at: '', form: 'form[action$="talk.message"]', field: 'textarea[name=words]', button: 'button.primary' },
  { name: 'a proposal', at: '/proposals/new', form: '#typed', field: 'textarea[name=words]', button: 'button[value=check]' },
  { name: 'means', at: '/means?edit=1', form: 'form[action$="means.submit"]', field: '[name="means.cause.words"]', button: '.primary' },
] as const;

describe.each([true, false])('with JavaScript: %s', (script) => {
  test.each(FORMS)('$name', async ({ at, form, field, button }) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 780 }, javaScriptEnabled: script });
    context.setDefaultTimeout(30_000);
    await context.addCookies(cookiesFor(portal.url, await cookieOf(portal, 'chen', 'zh')));
    const page: Page = await context.newPage();
    await page.goto(`${portal.url}/cases/${id}${at}`);
    await page.locator(`${form} ${field}`).first().fill(TEXT);
    await context.clearCookies({ name: /heyi/ });
    await page.locator(`${form} ${button}`).last().click();
    await page.waitForSelector('[name=password]');
    expect(await page.textContent('main')).toContain(words.kept.signIn);
    await sound(page);
    await page.fill('[name=contact]', PEOPLE.chen.email ?? '');
    await page.fill('[name=password]', PASSWORD);
    await page.click('main form .primary');
    await page.waitForURL(`**/cases/${id}/**`);
    expect(await page.textContent('main')).toContain(TEXT);
    await page.goto(`${portal.url}/cases/${id}`);
    expect(await page.textContent('.thread')).not.toContain(TEXT);
    await context.close();
  });
});

test.each([true, false])(
  'back over a message that was refused is a page, and asks nobody whether to send it again; with JavaScript: %s',
  async (script) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 780 }, javaScriptEnabled: script });
    context.setDefaultTimeout(30_000);
    await context.addCookies(cookiesFor(portal.url, await cookieOf(portal, 'chen', 'zh')));
    const page: Page = await context.newPage();
    await page.goto(`${portal.url}/cases/${id}`);
    const form = page.locator('form[action$="talk.message"]');
    // What they had written when their session ended is still there.
    await form.locator('textarea').fill('');
    await form.locator('button.primary').click();
    await page.waitForSelector('.error-summary');
    await page.goto(`${portal.url}/cases/${id}/means`);
    expect((await page.goBack())?.status()).toBe(422);
    expect(await page.textContent('.error-summary')).toContain(words.issue.missing);
    await form.locator('textarea').fill(TEXT);
    await form.locator('button.primary').click();
    await page.waitForURL(/#e\d+$/);
    await page.goBack();
    expect(await page.locator('.error-summary').count()).toBe(0);
    expect(await page.textContent('.thread')).toContain(TEXT);
    await context.close();
  },
);
