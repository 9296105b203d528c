import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, takeAway } from '../worker/people.ts';
import { chrome } from './chrome.ts';
import { openVerifier } from './steps.ts';

/** The page that verifies, in a browser: what a person reads of a record that holds and of one that was changed, also once the connection is gone. */

let portal: Rig;
let browser: Browser;
let record: Buffer;

beforeAll(async () => {
  [portal, browser] = await Promise.all([rig(), chrome()]);
  const stage = await Stage.set(portal, Date.now());
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  record = Buffer.from(await (await takeAway(await signedIn(portal, 'chen'), id, 'record.json')).arrayBuffer());
});
afterAll(async () => {
  await browser.close();
  await portal.remove();
});

test.each([
  ['zh', '全部属实', '有问题：第 3 条'],
  ['en', 'All of it holds', 'entry 3'],
] as const)('in %s', async (language, holds, broken) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
  await context.addCookies([{ name: 'language', value: language, url: portal.url }]);
  const page = await context.newPage();
  await openVerifier(page, portal.url);
  // The file stays here: from now on nothing can be asked.
  await context.setOffline(true);
  await page.setInputFiles('#file', { name: 'record.json', mimeType: 'application/json', buffer: record });
  await page.waitForFunction((text) => document.querySelector('#report')?.textContent?.includes(text), holds);
  const changed = Buffer.from(record.toString('utf8').replace('失业', '生病'));
  expect(changed.equals(record)).toBe(false);
  await page.setInputFiles('#file', { name: 'record.json', mimeType: 'application/json', buffer: changed });
  await page.waitForFunction((text) => document.querySelector('#report')?.textContent?.toLowerCase().includes(text.toLowerCase()), broken);
  expect(await page.textContent('#report')).not.toContain(holds);
  await context.close();
});
