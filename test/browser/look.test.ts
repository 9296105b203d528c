import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playDemo } from '../../db/demo-cases.ts';
import { type Rig, rig } from '../portal.ts';
import { chrome } from './chrome.ts';
import { goTo, type Place, places, type Who } from './places.ts';

/** Every page of the demo world, as it stands before fingers that are not sure and eyes that are not young: what can be pressed is large enough, and nothing is cut. */

let portal: Rig;
let browser: Browser;
/** A browser whose owner has set its letters to be twice as large. */
let large: Browser;
let all: Place[];
let cookies: Map<Who, string>;

beforeAll(async () => {
  [portal, browser, large] = await Promise.all([rig(), chrome(), chrome('--blink-settings=defaultFontSize=32')]);
  await playDemo(portal);
  ({ places: all, cookies } = await places(portal));
});
afterAll(async () => {
  await Promise.all([browser.close(), large.close()]);
  await portal.remove();
});

/** Each page in turn, as one of its people sees it in a window of a width. */
async function walk(
  width: number,
  settings: Record<string, string>,
  look: (page: Page) => Promise<string[]>,
  within = browser,
): Promise<string[]> {
  const found: string[] = [];
  for (const who of new Set(all.map((place) => place.who))) {
    const context = await within.newContext({ viewport: { width, height: 780 } });
    const own = (cookies.get(who) ?? '').split('; ').filter((one) => one.startsWith('heyi='));
    const given = [...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ...own].map((one) => one.split('='));
    await context.addCookies(given.map(([name = '', ...value]) => ({ name, value: value.join('='), url: portal.url })));
    const page = await context.newPage();
    for (const place of all.filter((one) => one.who === who)) {
      await goTo(page, portal.url, place);
      found.push(...(await look(page)).map((one) => `${who} ${place.name}: ${one}`));
    }
    await context.close();
  }
  return found;
}

/** What can be pressed and is smaller than so many pixels either way. A box to tick is as large as its label. */
const small = (least: number) => (page: Page) =>
  page.evaluate((size) => {
    const pressed = document.querySelectorAll(
      'a, button, summary, select, textarea, label.choice, input:not([type=hidden], [type=checkbox], [type=radio])',
    );
    return [...pressed].flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      if (one.closest('.skip, .said, .visually-hidden') || !one.checkVisibility() || (width >= size - 0.5 && height >= size - 0.5))
        return [];
      return [`${Math.round(width)}×${Math.round(height)} ${one.outerHTML.slice(0, 120)}`];
    });
  }, least);

/** What is wider than its window or its own box; amounts and days that break in themselves. */
const cut = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const wide = [...document.querySelectorAll('body *')].filter(
        (one) => one.getBoundingClientRect().right > clientWidth && !one.closest('.table-frame'),
      );
      found.push(`wider than its window: ${scrollWidth} for ${clientWidth}: ${wide.at(-1)?.outerHTML.slice(0, 120)}`);
    }
    const texts = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (node.parentElement?.closest('.hash, .visually-hidden, thead, svg, textarea, script') || !node.parentElement?.checkVisibility())
        continue;
      for (const match of (node.textContent ?? '').matchAll(/¥[\d,.]*\d|(?<![@.*\w])[A-Za-z]{3,}(?![\w.@])/g)) {
        const range = document.createRange();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        // A sign from another font stands a little higher or lower in the same line.
        const rects = [...range.getClientRects()];
        const tall = Math.max(...rects.map(({ bottom }) => bottom)) - Math.min(...rects.map(({ top }) => top));
        if (tall > 1.6 * Math.max(...rects.map(({ height }) => height)))
          found.push(`breaks in itself: ${match[0]} in ${node.parentElement.outerHTML.slice(0, 120)}`);
      }
    }
    return found;
  });

/** What stands too close: a tag over words of others, two names or numbers without a space, words at the very edge of their list. */
const close = (page: Page) =>
  page.evaluate(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent ?? '';
      // What sticks to an edge lies over what moves below it.
      const apart = '.visually-hidden, .skip, svg, textarea, select, script, .sticky-actions, .marked-acts';
      if (text.trim() === '' || !node.parentElement?.checkVisibility() || node.parentElement.closest(apart)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const rects = [...range.getClientRects()].filter(({ width }) => width > 0.5);
      if (rects.length > 0) texts.push({ node, text, rects });
    }
    const found: string[] = [];
    for (const tag of document.querySelectorAll('main .tag')) {
      const box = tag.getBoundingClientRect();
      const isOver = (one: DOMRect) =>
        Math.min(one.right, box.right) - Math.max(one.left, box.left) > 2 &&
        Math.min(one.bottom, box.bottom) - Math.max(one.top, box.top) > 3;
      const under = tag.checkVisibility() && texts.find(({ node, rects }) => !tag.contains(node) && rects.some(isOver));
      if (under) found.push(`${tag.textContent} lies over ${under.text}`);
    }
    for (const [i, { text, rects }] of texts.entries()) {
      const [last, next, first] = [rects.at(-1), texts[i + 1], texts[i + 1]?.rects[0]];
      if (!last || !next || !first || !/[A-Za-z0-9]$/.test(text) || !/^[A-Za-z0-9]/.test(next.text)) continue;
      const isOneLine = Math.abs(last.bottom - first.bottom) < 6 && first.left >= last.left;
      if (isOneLine && first.left - last.right < 1) found.push(`no space between ${text} and ${next.text}`);
    }
    for (const one of document.querySelectorAll('main .list > li')) {
      const { left } = one.getBoundingClientRect();
      const edge = texts.find(({ node, rects }) => one.contains(node) && rects.some((rect) => rect.left - left < 8));
      if (edge) found.push(`at the edge of its list: ${edge.text}`);
    }
    return found;
  });

/** What runs over the edge of the box that it stands in, and letters of a picture that lie over each other. */
const beyond = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const frame = node.parentElement?.closest('.card, .offer, .tag, .button, button, main');
      if (!frame || !node.parentElement?.checkVisibility() || node.parentElement.closest('.table-frame, .visually-hidden, svg, thead'))
        continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { right } = frame.getBoundingClientRect();
      if ([...range.getClientRects()].some((one) => one.right > right + 1)) found.push(`runs over its edge: ${node.textContent}`);
    }
    for (const picture of document.querySelectorAll('.chart > svg')) {
      const written = [...picture.querySelectorAll(':scope > text')].map((one) => ({ one, box: one.getBoundingClientRect() }));
      for (const [i, { one, box }] of written.entries())
        for (const other of written.slice(i + 1))
          if (
            Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 1 &&
            Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 4
          )
            found.push(`lie over each other: ${one.textContent} and ${other.one.textContent}`);
    }
    return found;
  });

/** As wide as A4 within its margins, in CSS pixels: a page in print. */
const PAPER = 718;

/** On paper: what can only be pressed, a head without anything below it, what is cut at an edge; or next to nothing at all. */
const printed = async (page: Page) => {
  await page.emulateMedia({ media: 'print' });
  const found = await page.evaluate(() => {
    const stands = (one: Element) => one.checkVisibility() && one.getBoundingClientRect().height > 0;
    const main = document.querySelector('main');
    const all = [...(main?.querySelectorAll('*') ?? [])].filter((one) => stands(one) && !one.closest('.visually-hidden'));
    const pressed = all.filter((one) => one.matches('button, .button, input:is([type=checkbox], [type=radio], [type=file]), nav, kbd'));
    const cut = all.filter(
      (one) =>
        !one.matches('svg *, thead, thead *, input') &&
        getComputedStyle(one).overflowX !== 'visible' &&
        one.scrollWidth > one.clientWidth + 2,
    );
    const wide = all.filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !one.closest('svg'));
    const said = all.filter(
      (one) =>
        /^(H\d|svg|INPUT|SELECT|TEXTAREA|IMG)$/.test(one.tagName) ||
        [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
    );
    const heads = said.filter((one, i) => {
      const next = said.slice(i + 1).find((other) => !one.contains(other));
      return (
        /^H[2-4]$/.test(one.tagName) && !one.querySelector('.tag') && (!next || (/^H\d$/.test(next.tagName) && next.tagName <= one.tagName))
      );
    });
    const least = main && said.filter((one) => one.tagName !== 'H1').length > 0 ? [] : ['a blank sheet'];
    return [
      ...least,
      ...Object.entries({ pressed, cut, wide, heads }).flatMap(([what, ones]) =>
        ones.map((one) => `${what}: ${one.outerHTML.slice(0, 120)}`),
      ),
    ];
  });
  await page.emulateMedia({ media: 'screen' });
  return found;
};

describe.each(['zh', 'en'])('%s', (language) => {
  test('what can be pressed is 44 px or more each way', async () => expect(await walk(360, { language }, small(44))).toEqual([]));
  test('nothing lies over or sticks to anything else', async () => expect(await walk(360, { language }, close)).toEqual([]));
  test('for those who chose larger letters it is 60 px or more', async () =>
    expect(await walk(360, { language, size: 'elder' }, small(60))).toEqual([]));
  test.each(['plain', 'elder'])('at 320 px nothing is cut, and no amount and no word breaks in itself (%s)', async (size) =>
    expect(await walk(320, { language, size }, cut)).toEqual([]),
  );
  test('nor with letters twice as large', async () =>
    expect(await walk(360, { language }, async (page) => [...(await cut(page)), ...(await beyond(page))], large)).toEqual([]));
});

// In English, whose names of columns are the longer ones.
test('what is printed is whole, and nothing in it can only be pressed', async () =>
  expect(await walk(PAPER, { language: 'en' }, printed)).toEqual([]));

test('no script of a page tries what the content policy forbids', async () => {
  const tried: string[] = [];
  const context = await browser.newContext();
  await context.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error('policy', violatedDirective, blockedURI),
    ),
  );
  const page = await context.newPage();
  page.on('console', (message) => (message.text().startsWith('policy') ? tried.push(`${page.url()}: ${message.text()}`) : undefined));
  for (const { path } of all.filter(({ who }) => who === 'stranger')) {
    await page.goto(portal.url + path);
    await page.waitForLoadState('networkidle');
  }
  expect(tried).toEqual([]);
  await context.close();
});

test('the message box is within ten tab stops of the top of a thread, and what is owed, offered and to be done in its first screen', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
  const given = (cookies.get('wang') ?? '').split('; ').map((one) => one.split('='));
  await context.addCookies(given.map(([name = '', ...value]) => ({ name, value: value.join('='), url: portal.url })));
  const page = await context.newPage();
  await page.goto(portal.url + (all.find(({ who, name }) => who === 'wang' && name === 'countered')?.path ?? ''));
  for (const part of ['.key-figures', '.next-step .primary']) {
    const box = await page.locator(part).boundingBox();
    expect((box?.y ?? 780) + (box?.height ?? 0), part).toBeLessThan(780);
  }
  const href = () => page.evaluate(() => document.activeElement?.getAttribute('href') ?? '');
  let stops = 0;
  do {
    await page.keyboard.press('Tab');
    stops += 1;
  } while (!(await href()).endsWith('-words') && stops < 12);
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
  expect(stops).toBeLessThanOrEqual(10);
  await context.close();
});

/** So tall a page of a case in the middle of talks may be on a phone, in CSS pixels: seven of its screens, the newest offer in full. */
const TALL = 5_400;

test('a case in the middle of talks is no longer than seven screens of a phone; a link to an entry that is folded opens it, without a script too', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 }, javaScriptEnabled: false });
  const page = await context.newPage();
  const heights: Record<string, number> = {};
  for (const [who, name] of [
    ['wang', 'countered'],
    ['lin', 'countered'],
    ['lin', 'waiting'],
    ['chen', 'invited'],
    ['zhao', 'mediated'],
  ] as const) {
    await context.clearCookies();
    const own = (cookies.get(who) ?? '').split('; ').filter((one) => one.startsWith('heyi='));
    const given = ['language=zh', ...own].map((one) => one.split('='));
    await context.addCookies(given.map(([cookie = '', ...value]) => ({ name: cookie, value: value.join('='), url: portal.url })));
    const path = all.find((one) => one.who === who && one.name === name)?.path ?? '';
    await page.goto(portal.url + path);
    heights[`${who} ${name}`] = await page.evaluate(() => document.documentElement.scrollHeight);
    if (name !== 'countered') continue;
    expect(await page.locator('#e1 > header').isVisible()).toBe(false);
    await page.goto(`${portal.url}${path}#e1`);
    await page.locator('#e1 > header').waitFor({ state: 'visible' });
  }
  for (const [name, height] of Object.entries(heights)) expect(height, name).toBeLessThanOrEqual(TALL);
  await context.close();
});

test('a PDF is seen on its page, sheet by sheet, as wide as the phone', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
  const given = (cookies.get('lin') ?? '').split('; ').map((one) => one.split('='));
  await context.addCookies(given.map(([name = '', ...value]) => ({ name, value: value.join('='), url: portal.url })));
  const page = await context.newPage();
  await page.goto(portal.url + (all.find(({ name }) => name === 'countered-file')?.path ?? ''));
  const sheet = page.locator('.sheet > canvas').first();
  await sheet.waitFor();
  expect((await sheet.boundingBox())?.width).toBeGreaterThan(300);
  expect(await page.locator('.sheet > p').first().textContent()).toContain('解除劳动合同通知');
  await context.close();
});
