/** Takes the pictures of the README's tour from a demo world: `npm run tour`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PEOPLE } from '../../db/demo.ts';
import { playDemo } from '../../db/demo-cases.ts';
import { startPortal } from '../../db/portal.ts';
import { cookieOf } from '../worker/people.ts';
import { chrome, cookiesFor } from './chrome.ts';

const OUT = new URL('../../web/tour/', import.meta.url).pathname;
const data = mkdtempSync(join(tmpdir(), 'heyi-tour-'));
const portal = await startPortal(data);
await playDemo(portal);
const browser = await chrome();
mkdirSync(OUT, { recursive: true });

async function as(who: keyof typeof PEOPLE, width: number, language: 'zh' | 'en') {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 760 : 900 } });
  await context.addCookies(cookiesFor(portal.url, await cookieOf(portal, who, language)));
  const page = await context.newPage();
  const person = PEOPLE[who];
  await page.goto(`${portal.url}${'staff' in person ? `/desk/${person.staff[0]}` : '/cases'}`);
  return page;
}

const wang = await as('wang', 360, 'zh');
await wang.click('.list a');
await wang.waitForSelector('.next-step');
const at = wang.url();
await wang.screenshot({ path: `${OUT}thread-phone.jpg`, quality: 72, type: 'jpeg' });
await wang.goto(`${at}/proposals/2`);
await wang.screenshot({ path: `${OUT}offer-phone.jpg`, quality: 72, type: 'jpeg' });
await wang.goto(`${at}/proposals/new`);
await wang.waitForSelector('.plan-bar > *');
await wang.locator('#preview').evaluate((preview) => preview.scrollIntoView());
await wang.screenshot({ path: `${OUT}plan-phone.jpg`, quality: 72, type: 'jpeg' });
const lin = await as('lin', 1280, 'en');
await lin.screenshot({ path: `${OUT}desk.jpg`, quality: 72, type: 'jpeg' });
await lin.goto(at);
await lin.screenshot({ path: `${OUT}thread.jpg`, quality: 72, type: 'jpeg' });
await lin.goto(`${at}/compare?a=1&b=2`);
await lin.screenshot({ path: `${OUT}compare.jpg`, quality: 72, type: 'jpeg' });

await browser.close();
await portal.stop();
rmSync(data, { recursive: true, force: true });
