import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { codeFor, type Rig, rig } from '../portal.ts';
import { cookieOf, invited } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';
import { follow } from './steps.ts';

/**
 * From the home page to "sent", by somebody whom the portal has never seen, with the shortest truthful answers: how many pages, presses and fields that
 * takes, and how long. Each page is sound, and can be gone back to without losing anything.
 */

const WAYS = [
  { name: 'Chinese, 360 px, without JavaScript', width: 360, script: false, language: 'zh', contact: '13900139021' },
  { name: 'English, 1280 px, with JavaScript', width: 1280, script: true, language: 'en', contact: 'xiaoyu@way.example' },
] as const;
const MOST = { pages: 8, presses: 10, fields: 12, seconds: 180 };

/** Seconds that things take a person on a phone: to take a page in, to come to a field and press it, to type one character, to press a button. */
const TAKES = { page: 7, field: 3, character: 0.5, press: 1.5 };

let portal: Rig;
let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  [portal, browser] = await Promise.all([rig(), chrome()]);
  stage = await Stage.set(portal, Date.now());
});
afterAll(async () => {
  await browser.close();
  await portal.remove();
});

/** A page whose every load, press and field is counted. */
class Counted {
  pages = 0;
  presses = 0;
  fields = 0;
  characters = 0;
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    page.on('response', (response) => {
      const request = response.request();
      const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (isPage && (response.status() < 300 || response.status() >= 400)) this.pages += 1;
    });
  }
  async press(selector: string, to: string | RegExp) {
    this.presses += 1;
    await this.page.click(selector);
    await this.page.waitForURL(to);
  }
  async type(name: string, text: string) {
    this.fields += 1;
    this.characters += text.length;
    await this.page.fill(`[name="${name}"]`, text);
  }
  async choose(name: string, value: string) {
    this.fields += 1;
    await this.page.selectOption(`[name="${name}"]`, value);
  }
  async tick(name: string, value: string) {
    this.fields += 1;
    await this.page.check(`[name="${name}"][value="${value}"]`);
  }
  get seconds() {
    return this.pages * TAKES.page + this.fields * TAKES.field + this.characters * TAKES.character + this.presses * TAKES.press;
  }
}

async function contextOf(way: (typeof WAYS)[number]): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: way.width, height: 780 }, javaScriptEnabled: way.script });
  await context.addCookies([{ name: 'language', value: way.language, url: portal.url }]);
  context.setDefaultTimeout(30_000);
  return context;
}

/** Expects that something can be seen whole without scrolling. */
async function expectInView(page: Page, selector: string): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  expect((box?.y ?? 780) + (box?.height ?? 0), selector).toBeLessThanOrEqual(780);
}

const heightOf = async (page: Page) => (await page.locator('main').boundingBox())?.height ?? Number.POSITIVE_INFINITY;

describe.each(WAYS)('$name', (way) => {
  const words = wordsOf(way.language);
  let context: BrowserContext;
  let page: Page;

  test('from the home page to "sent"', async () => {
    context = await contextOf(way);
    page = await context.newPage();
    const count = new Counted(page);
    await page.goto(portal.url);
    await count.press('main a.primary[href="/open"]', '**/open');
    await sound(page);
    await count.choose('lender', 'mingheng');
    await count.type('loan.reference', 'MH-2026-7');
    await count.type('debt.total', '18000');
    await count.press('button[value=continue]', '**/cause');
    await sound(page);
    await count.tick('means.cause.kind', 'job-loss');
    await count.type('means.cause.since', '2026-09-01');
    await count.type('means.cause.words', way.language === 'zh' ? '公司裁员，正在找工作。' : 'My job was cut; I am looking.');
    await count.press('button[value=continue]', '**/month');
    await sound(page);
    // One and a half screens of a phone.
    if (way.width === 360) expect(await heightOf(page)).toBeLessThan(1.6 * 780);
    await count.type('means.incomes.0.amount', '3200');
    await count.type('means.expenses.0.amount', '2000');
    if (way.script) {
      const month = page.locator('[data-month]');
      expect(await month.textContent()).toContain('¥1,200.00');
      // With a line that cannot be read yet there is no sum of what is there: the last one stays.
      await page.fill('[name="means.incomes.0.amount"]', '4200,50');
      expect(await month.textContent()).toContain('¥1,200.00');
      await page.fill('[name="means.incomes.0.amount"]', '3200');
    }
    await count.press('button[value=continue]', '**/proposal');
    await sound(page);
    // What the figures alone support, at no new interest: 1,200 a month, less 200 for what comes.
    expect(await page.textContent('#preview .totals')).toContain('¥1,000.00');
    await count.press('main form > .actions button[value=continue]', '**/check');
    await sound(page);
    const check = await page.textContent('main');
    for (const text of ['MH-2026-7', '18,000.00', words.debt.partsUnknown, words.opening.willing]) expect(check).toContain(text);
    // On a phone the button that sends is where the thumb is, however much is above it.
    if (way.width === 360) await expectInView(page, 'main form > .actions .primary');
    await count.type('name', '王小雨');
    await count.type('contact', way.contact);
    await count.type('password', 'a long pass phrase');
    await count.press('main form > .actions .primary', '**/sign-up/confirm**');
    await sound(page);
    expect(await page.textContent('main')).toContain(words.account.confirmSends);
    await count.type('code', await codeFor(portal, way.contact));
    await count.press('main form .primary', /\/cases\/[0-9a-f]{32}\/sent$/);
    await sound(page);
    const { pages, presses, fields, seconds } = count;
    console.log(`${way.name}: ${JSON.stringify({ pages, presses, fields, seconds })}`);
    for (const [what, count] of Object.entries({ pages, presses, fields, seconds }))
      expect(count, what).toBeLessThanOrEqual(MOST[what as keyof typeof MOST]);
  });

  test('the page after sending says what happens now, and what would help', async () => {
    const { sent } = words.opening;
    const text = await page.textContent('main');
    for (const said of [sent.next, sent.meanwhile, sent.evidence, '¥3,200.00']) expect(text).toContain(said);
    await page.click('main a.primary');
    await page.waitForURL('**/evidence');
    // The draft is gone, here and from the account.
    await page.goto(`${portal.url}/cases`);
    expect(await page.textContent('main')).not.toContain(words.cases.resume);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('begun');
    await context.close();
  });

  test('what was begun is found again, is saved by going back, and can be given up', async () => {
    context = await contextOf(way);
    page = await context.newPage();
    await page.goto(`${portal.url}/open`);
    await page.selectOption('[name=lender]', 'mingheng');
    await page.fill('[name="loan.reference"]', 'BACK-7');
    await page.fill('[name="debt.total"]', '5000');
    await page.click('button[value=continue]');
    await page.waitForURL('**/cause');
    await page.fill('[name="means.cause.words"]', '还没写完');
    await page.click('button[value=back]');
    await page.waitForURL('**/loan');
    expect(await page.inputValue('[name="debt.total"]')).toBe('5000');
    await page.goto(portal.url);
    await page.click(`main a.primary >> text=${words.home.goOn}`);
    await page.waitForURL('**/open');
    await sound(page);
    expect(await page.textContent('main')).toContain('BACK-7');
    await page.click('main .list a');
    await page.waitForURL('**/cause');
    expect(await page.inputValue('[name="means.cause.words"]')).toBe('还没写完');
    if (way.script) {
      // With JavaScript it is kept as it is typed, and the page says so.
      await page.fill('[name="means.cause.words"]', '写着写着就停了');
      await page.waitForResponse((response) => response.request().method() === 'POST' && response.status() === 200);
      await page.goto(page.url());
      expect(await page.inputValue('[name="means.cause.words"]')).toBe('写着写着就停了');
    }
    // Back from the next page to a step that was refused before: what was typed, not whether to send it again.
    const typed = way.script ? '写着写着就停了' : '还没写完';
    await page.click('button[value=continue]');
    await page.waitForSelector('.error-summary');
    // In the other language what is wrong is said still.
    const other = wordsOf(way.language === 'zh' ? 'en' : 'zh');
    await page.click(`.site-footer >> text=${words.language.other}`);
    await page.waitForSelector(`.error-summary >> text=${other.errors.title}`);
    await page.click(`.site-footer >> text=${other.language.other}`);
    await page.waitForSelector(`.error-summary >> text=${words.errors.title}`);
    await page.check('[name="means.cause.kind"][value="job-loss"]');
    await page.fill('[name="means.cause.since"]', '2026-09-01');
    await page.click('button[value=continue]');
    await page.waitForURL('**/month');
    await follow(page, 'button[value="add-row:means.incomes"]');
    await page.goBack();
    await page.goBack();
    expect(await page.inputValue('[name="means.cause.words"]')).toBe(typed);
    expect(await page.locator('.error-summary').count()).toBe(0);
    await page.click('a[href$="/discard"]');
    await sound(page);
    await page.click('main form button.bad');
    await page.waitForURL('**/open');
    expect(await page.textContent('main')).not.toContain('BACK-7');
    await context.close();
  });

  test('who was invited walks the same steps, from what the lender stated', async () => {
    const { id } = await invited(portal, stage.today());
    context = await contextOf(way);
    await context.addCookies(cookiesFor(portal.url, await cookieOf(portal, 'chen', way.language)));
    page = await context.newPage();
    const count = new Counted(page);
    await page.goto(`${portal.url}/cases/${id}`);
    await count.press('.next-step a.primary', '**/loan');
    await sound(page);
    expect(await page.textContent('main')).toContain('¥5,300.00');
    await page.click('button[value=continue]');
    await page.waitForSelector('.error-summary:focus');
    await sound(page);
    await count.tick('owed.as', 'agree');
    await count.press('button[value=continue]', '**/cause');
    await count.tick('means.cause.kind', 'job-loss');
    await count.type('means.cause.since', '2026-09-01');
    await count.type('means.cause.words', '公司裁员，正在找工作。');
    await count.press('button[value=continue]', '**/month');
    await count.type('means.incomes.0.amount', '3200');
    await count.type('means.expenses.0.amount', '2000');
    await count.press('button[value=continue]', '**/proposal');
    await sound(page);
    await count.press('main form > .actions button[value=continue]', '**/check');
    await sound(page);
    await count.press('main form > .actions .primary', '**/sent');
    await sound(page);
    expect(count.pages).toBeLessThanOrEqual(MOST.pages + 1);
    await context.close();
  });
});
