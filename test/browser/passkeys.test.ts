import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { cookieOf } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';

/** Passkeys in a real Chromium with an authenticator of its own (CDP, WebAuthn): made, used to sign in and to prove who one is, removed; and all of it without. */

let portal: Rig;
let browser: Browser;
let url: string;
beforeAll(async () => {
  [portal, browser] = await Promise.all([rig(), chrome()]);
  await Stage.set(portal, Date.now());
  url = portal.url.replace('127.0.0.1', 'localhost');
});
afterAll(async () => {
  await browser.close();
  await portal.remove();
});

/** A window whose device has, or has not, an authenticator behind its screen lock. */
async function windowOf(cookie: string, { width = 360, authenticator = true, script = true, userAgent = '' } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 780 },
    javaScriptEnabled: script,
    ...(userAgent ? { userAgent } : {}),
  });
  context.setDefaultTimeout(30_000);
  await context.addCookies(cookiesFor(url, cookie));
  const page = await context.newPage();
  const device = await context.newCDPSession(page);
  await device.send('WebAuthn.enable');
  if (authenticator) {
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    } as const;
    await device.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: true } });
  }
  return { page, device };
}

async function signIn(page: Page): Promise<void> {
  await page.context().clearCookies({ name: 'heyi' });
  await page.goto(`${url}/sign-in`);
  await page.fill('[name=contact]', PEOPLE.zhou.email);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main form .primary');
  await page.waitForURL('**/second-factor**');
}

test.each(['zh', 'en'] as const)('made, used and removed, in %s', async (language) => {
  const { factor: say } = wordsOf(language);
  const { page, device } = await windowOf(await cookieOf(portal, 'zhou', language), { width: language === 'zh' ? 360 : 1280 });
  await page.goto(`${url}/account`);
  await page.click(`summary:text-is("${say.passkeyAdd}")`);
  await sound(page);
  await page.fill('#passkey-name', '办公室电脑');
  await page.fill('#passkey-password', 'wrong');
  await page.click('form[action="/second-factor/passkeys/new"] button[type=submit]');
  await page.waitForSelector('.error-summary');
  await sound(page);
  expect(await page.inputValue('#passkey-name')).toBe('办公室电脑');
  await page.fill('#passkey-password', PASSWORD);
  await page.click('form[action="/second-factor/passkeys/new"] button[type=submit]');
  await page.waitForSelector('form[data-passkey=make]');
  await sound(page);
  await page.click('form[data-passkey=make] button');
  await page.waitForURL('**/account?done=passkey-added');
  await sound(page);
  expect(await page.textContent('#second-factor')).toContain('办公室电脑');

  await signIn(page);
  await page.waitForSelector('[data-passkey=use] button:visible');
  await sound(page);
  await page.click('[data-passkey=use] button');
  await page.waitForURL((at) => !at.pathname.startsWith('/second-factor'));

  // Some time later it is asked for again, and the person sends the form by its own button.
  const directory = openDirectory(portal.env);
  const one = (await directory.peopleWithFactors()).find(({ account }) => account.email === PEOPLE.zhou.email);
  for (const { seal, ...session } of await directory.sessionsOf(one?.account.id ?? ''))
    await directory.noteFactor(session, new Date(Date.now() - 3_600_000).toISOString());
  await page.goto(`${url}/account`);
  await page.click(`summary:text-is("${say.passkeyRemove}")`);
  await page.fill('#passkey-0-password', PASSWORD);
  await page.click('form[action="/second-factor/passkeys/remove"] [data-passkey=use] button');
  await page.waitForSelector(`button:text-is("${say.passkeyGiven}")`);
  await sound(page);
  await page.click('form[action="/second-factor/passkeys/remove"] button[type=submit]');
  await page.waitForURL('**/account?done=passkey-removed');
  await sound(page);

  await signIn(page);
  expect(await page.locator('[data-passkey]').count()).toBe(0);
  await device.detach();
  await page.context().close();
});

test('a device that has none for this site says so, and the code does; nothing of it shows without script or inside another app', async () => {
  const { factor: say } = wordsOf('zh');
  const made = await windowOf(await cookieOf(portal, 'zhou', 'zh'));
  await made.page.goto(`${url}/account`);
  await made.page.click(`summary:text-is("${say.passkeyAdd}")`);
  await made.page.fill('#passkey-name', '手机');
  await made.page.fill('#passkey-password', PASSWORD);
  await made.page.click('form[action="/second-factor/passkeys/new"] button[type=submit]');
  await made.page.click('form[data-passkey=make] button');
  await made.page.waitForURL('**/account?done=passkey-added');
  // A second one on the same device: the browser refuses, and the page says so.
  await made.page.click(`summary:text-is("${say.passkeyAdd}")`);
  await made.page.fill('#passkey-name', '手机二');
  await made.page.fill('#passkey-password', PASSWORD);
  await made.page.click('form[action="/second-factor/passkeys/new"] button[type=submit]');
  await made.page.click('form[data-passkey=make] button');
  await made.page.waitForSelector('form[data-passkey=make] [role=alert]:visible');
  await sound(made.page);
  expect(await made.page.isEnabled('form[data-passkey=make] button')).toBe(true);
  await made.page.context().close();

  const other = await windowOf('language=zh');
  await signIn(other.page);
  await other.page.click('[data-passkey=use] button');
  await other.page.waitForSelector('[data-passkey=use] [role=alert]:visible');
  await sound(other.page);
  await other.page.context().close();

  for (const without of [{ script: false }, { userAgent: 'Mozilla/5.0 (Linux; Android 14; wv) Chrome/120 Mobile MicroMessenger/8.0.49' }]) {
    const { page } = await windowOf('language=zh', without);
    await signIn(page);
    expect(await page.locator('[data-passkey]:visible').count()).toBe(0);
    expect(await page.locator('[name=factor]').count()).toBe(1);
    await page.context().close();
  }
});
