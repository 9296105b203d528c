import type { Page } from 'playwright-core';
import { shownCode } from '../../worker/factor.ts';

/** Steps that people take in more than one of the tests. */

export const PASSWORD = 'a long pass phrase';

/** Sets up the second factor as the page says, with the key that is to be typed by hand. */
export async function setUpFactor(page: Page): Promise<void> {
  const secret = ((await page.textContent('.key')) ?? '').replaceAll(' ', '');
  await page.fill('[name=factor]', shownCode(secret, Date.now()).code);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main form .primary');
  await page.waitForSelector('.codes');
}
