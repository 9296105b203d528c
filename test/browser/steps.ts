import type { Locator, Page } from 'playwright-core';
import { shownCode } from '../../worker/factor.ts';

/** Steps that people take in more than one of the tests. */

export const PASSWORD = 'a long pass phrase';

/** Presses what leads to another page, until that is there: a click alone may return while the one before is still shown, and another way from there would take it back. */
export async function follow(page: Page, what: string | Locator): Promise<void> {
  const there = page.waitForNavigation();
  await (typeof what === 'string' ? page.click(what) : what.click());
  await there;
}

/** Until so many milliseconds have gone by for the page itself: whatever it does sooner after what was done to it is done then, also on a machine that is busy. */
export const passed = (page: Page, milliseconds: number): Promise<void> =>
  page.evaluate((time) => new Promise<void>((done) => setTimeout(done, time)), milliseconds);

/** Opens the page that verifies, until what it fetches once it is open is there: from then on it asks for nothing. */
export async function openVerifier(page: Page, origin: string): Promise<void> {
  const fetched = [/\/verifier-[A-Z0-9]+\.js$/, /\/heyi-keys\.json$/].map((what) =>
    page.waitForEvent('requestfinished', (request) => what.test(request.url())),
  );
  await page.goto(`${origin}/verify`);
  await Promise.all(fetched);
}

/** Sets up the second factor as the page says, with the key that is to be typed by hand. */
export async function setUpFactor(page: Page): Promise<void> {
  const secret = ((await page.textContent('.key')) ?? '').replaceAll(' ', '');
  await page.fill('[name=factor]', shownCode(secret, Date.now()).code);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main form .primary');
  await page.waitForSelector('.codes');
}
