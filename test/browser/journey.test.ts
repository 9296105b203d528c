import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDF } from '@libpdf/core';
import ical from 'node-ical';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wordsOf } from '../../web/words/index.ts';
import { publishedDocument, readPublished } from '../../worker/record/published.ts';
import { verify } from '../../worker/record/verify.ts';
import { codeFor, lender, type Rig, rig } from '../portal.ts';
import { chrome, sound } from './chrome.ts';
import { evidencePdf } from './evidence.ts';
import { follow, PASSWORD, setUpFactor } from './steps.ts';

/** The main job, as two people do it: sign up, open a case, counter, accept, sign, export. Each way of looking runs the whole of it. */

const WAYS = [
  { name: 'Chinese, 360 px, without JavaScript', width: 360, script: false, language: 'zh' },
  { name: 'English, 1280 px, with JavaScript', width: 1280, script: true, language: 'en' },
] as const;

const folder = mkdtempSync(join(tmpdir(), 'heyi-journey-'));
const pdf = join(folder, '工资单.pdf');
let portal: Rig;
let browser: Browser;

beforeAll(async () => {
  writeFileSync(pdf, await evidencePdf());
  [portal, browser] = await Promise.all([rig(), chrome()]);
});
afterAll(async () => {
  await browser.close();
  await portal.remove();
});

type Way = (typeof WAYS)[number];

async function contextOf(way: Way): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: way.width, height: 780 },
    javaScriptEnabled: way.script,
    acceptDownloads: true,
  });
  await context.addCookies([{ name: 'language', value: way.language, url: portal.url }]);
  context.setDefaultTimeout(30_000);
  return context;
}

async function signUp(page: Page, name: string, contact: string): Promise<void> {
  await page.fill('[name=name]', name);
  await page.fill('[name=contact]', contact);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main form .primary');
  await sound(page);
  await page.fill('[name=code]', await codeFor(portal, contact));
  await page.click('main form .primary');
}

const next = (page: Page) => follow(page, 'button[value=continue]');
const caseUrl = (page: Page) =>
  page
    .url()
    .replace(/[?#].*$/, '')
    .replace(/\/(proposals|agreement|means|evidence|debt|sent).*$/, '');

describe.each(WAYS)('$name', (way) => {
  const words = wordsOf(way.language);
  const borrowerContact = way.script ? 'xiaoyu@borrower.example' : '13900139001';
  const staffContact = `staff-${way.language}@lender.example`;
  const slug = `lender-${way.language}`;
  let borrower: Page;
  let agent: Page;
  let at: string;

  test('the first administrator takes up the invitation', async () => {
    const link = await lender(portal, slug, way.script ? 'Bright Loan' : '明衡消费金融');
    agent = await (await contextOf(way)).newPage();
    // Looking at the link, as previewers of chat programs do, does not use it up.
    await agent.goto(link);
    await agent.goto(link);
    await sound(agent);
    await agent.click('main a.primary');
    await signUp(agent, '林静', staffContact);
    await agent.click('main form .primary');
    await agent.waitForURL('**/second-factor**');
    await sound(agent);
    await setUpFactor(agent);
    await sound(agent);
    await agent.click('main a.primary');
    await agent.waitForURL(`**/desk/${slug}`);
    await sound(agent);
  });

  test('the borrower signs up', async () => {
    borrower = await (await contextOf(way)).newPage();
    await borrower.goto(portal.url);
    await sound(borrower);
    await borrower.click('main a.primary');
    await sound(borrower);
    await borrower.goto(`${portal.url}/sign-up?next=/open`);
    await signUp(borrower, '王小雨', borrowerContact);
    await borrower.waitForURL('**/open');
  });

  test('the borrower opens a case, step by step; what is refused comes back filled in', async () => {
    await sound(borrower);
    await next(borrower);
    expect(await borrower.textContent('.error-summary')).toContain(words.issue.missing);
    await sound(borrower);
    await borrower.selectOption('[name=lender]', slug);
    await borrower.fill('[name="loan.reference"]', 'MH-2026-001');
    await borrower.click('details:has([name="debt.debt.principal"]) > summary');
    await borrower.fill('[name="debt.debt.principal"]', '１.8万');
    await borrower.fill('[name="debt.debt.interest"]', 'viel');
    await borrower.fill('[name="debt.debt.penalty"]', '350.50元');
    await next(borrower);
    expect(await borrower.textContent('#debt\\.debt\\.interest-error')).toContain(words.issue.amount);
    expect(await borrower.inputValue('[name="debt.debt.principal"]')).toBe('１.8万');
    await borrower.fill('[name="debt.debt.interest"]', '640');
    await next(borrower);
    await borrower.check('[name="means.cause.kind"][value="job-loss"]');
    await borrower.fill('[name="means.cause.since"]', '2026-09-01');
    await borrower.fill('[name="means.cause.words"]', '公司裁员，正在找工作。');
    await sound(borrower);
    await next(borrower);
    await sound(borrower);
    await borrower.fill('[name="means.incomes.0.amount"]', '3200');
    await borrower.fill('[name="means.expenses.0.amount"]', '1,500');
    await borrower.fill('[name="means.expenses.1.amount"]', '800');
    // With JavaScript the totals follow by themselves; they are there once there is something to total.
    if (way.script) await borrower.waitForSelector('.totals >> text=¥700.00');
    expect(await borrower.isVisible('.totals')).toBe(way.script);
    await next(borrower);
    await borrower.waitForURL('**/proposal');
    await sound(borrower);
    // First of all stands what the figures alone support: 900 a month, less 200 for what comes.
    expect(await borrower.textContent('#preview .totals')).toContain('¥700.00');
    await borrower.click('form > details > summary');
    await borrower.click('button[value="template:level"]');
    await borrower.fill('[name="proposal.terms.phases.0.count"]', '36');
    // With JavaScript the preview follows by itself, in the same words.
    if (way.script) await borrower.waitForSelector('#preview >> text=¥527.52');
    await borrower.click('button[value=work-out]');
    await borrower.waitForSelector('#preview .totals');
    // 18,000 + 640 + 350.50 over 36 months without interest: 527.52 each, the last takes what is left.
    expect(await borrower.textContent('#preview .totals')).toContain('¥527.52');
    await borrower.fill('[name="proposal.words"]', '我愿意还款，请给我三年时间。');
    await sound(borrower);
    await next(borrower);
    await borrower.waitForURL('**/check');
    await sound(borrower);
    expect(await borrower.textContent('main')).toContain('MH-2026-001');
    // What was changed from here leads back here.
    await follow(borrower, 'a[href$="/month?to=check"]');
    expect(await borrower.textContent('.totals')).toContain('¥700.00');
    await sound(borrower);
    await next(borrower);
    await borrower.waitForURL('**/check');
    await borrower.click('a[href*="/evidence"]');
    await borrower.setInputFiles('[name=files]', pdf);
    await borrower.check('[name=figures][value="incomes.salary"]');
    await borrower.check('[name="evidence.consent"]');
    await sound(borrower);
    await borrower.click('button[value=upload]');
    await borrower.waitForSelector('button[value^="remove:"]');
    await next(borrower);
    await borrower.waitForURL('**/check');
    await borrower.click('main form .primary');
    await borrower.waitForURL(/\/cases\/[0-9a-f]{32}/);
    at = caseUrl(borrower);
    await sound(borrower);
    await follow(borrower, `main a[href="${new URL(at).pathname}"]`);
    expect(await borrower.textContent('.next-step')).toContain(words.case.now.theirAnswer);
    // Whoever answers at night is welcome: else the agent's message would wait until morning where this runs at night.
    const wish = 'form[action$="contact.wish"]';
    await borrower.click(`details:has(${wish}) > summary`);
    await borrower.check(`${wish} [name=when][value=any]`);
    await borrower.click(`${wish} button`);
    await borrower.waitForURL(/#e\d+$/);
    expect(await borrower.textContent('.thread')).toContain(words.conduct.anyHour);
  });

  test('the agent finds the case waiting, reviews it and counters', async () => {
    await agent.goto(`${portal.url}/desk/${slug}`);
    await sound(agent);
    await follow(agent, 'main a[href^="/cases/"]');
    expect(agent.url().split('?')[0]).toBe(at);
    await sound(agent);
    await agent.goto(`${at}/debt`);
    await sound(agent);
    await follow(agent, 'main form .primary');
    await agent.goto(`${at}/means`);
    await sound(agent);
    await follow(agent, 'main .list button >> nth=0');
    await agent.goto(`${at}/evidence`);
    await sound(agent);
    await follow(agent, 'main .list button >> nth=0');
    await agent.goto(at);
    await agent.fill('form[action$="talk.message"] textarea', '您好，材料已收到。<b>&</b>');
    await agent.click('form[action$="talk.message"] .primary');
    await agent.waitForURL(/#e\d+$/);
    expect(await agent.textContent('.thread')).toContain('<b>&</b>');
    await agent.goto(`${at}/proposals/1`);
    await sound(agent);
    await agent.goto(`${at}/proposals/new`);
    expect(await agent.inputValue('[name="terms.phases.0.count"]')).toBe('36');
    await agent.fill('[name="terms.phases.0.count"]', '24');
    await agent.click('button[value=work-out]');
    await agent.waitForSelector('#preview .totals');
    await sound(agent);
    await agent.click('button[value=check]');
    await agent.waitForSelector('.error-summary');
    expect(await agent.inputValue('[name="terms.phases.0.count"]')).toBe('24');
    await agent.fill('[name=words]', '最长 24 期，不另计利息。');
    await agent.click('button[value=check]');
    // What will be sent is shown before it is, and can still be changed.
    await agent.waitForURL('**/proposals/check');
    await sound(agent);
    for (const text of ['¥791.28', '最长 24 期，不另计利息。']) expect(await agent.textContent('main')).toContain(text);
    await follow(agent, 'button[value=change]');
    expect(await agent.inputValue('[name="terms.phases.0.count"]')).toBe('24');
    await follow(agent, 'button[value=check]');
    await agent.click('button[value=send]');
    await agent.waitForURL(/\/cases\/[0-9a-f]{32}#e\d+$/);
    expect(await agent.textContent('.next-step')).toContain(words.case.now.theirAnswer);
  });

  test('the borrower compares, confirms what was discussed, and accepts', async () => {
    await borrower.goto(at);
    expect(await borrower.textContent('.next-step')).toContain(words.case.now.yourAnswer);
    await borrower.goto(`${at}/compare?a=1&b=2`);
    await sound(borrower);
    expect(await borrower.textContent('main')).toContain('¥791.28');
    // What a plan is worth at the lender's own rate is the lender's to know.
    const worth = words.compare.presentValue(60_000);
    expect(await borrower.textContent('main')).not.toContain(worth);
    await agent.goto(`${at}/compare?a=1&b=2`);
    await sound(agent);
    expect(await agent.textContent('main')).toContain(worth);
    await borrower.goto(`${at}/proposals/2`);
    await sound(borrower);
    await borrower.click('form[action$="proposal.accept"] .primary');
    await borrower.waitForURL(/#e\d+$/);
    expect(await borrower.textContent('.next-step')).toContain(words.case.now.yourSignature);
  });

  test('both sign by name with their password; the portal is killed and restarted in between', async () => {
    await borrower.goto(`${at}/agreement`);
    await sound(borrower);
    await borrower.fill('[name=name]', '王小雨');
    await borrower.fill('[name=password]', 'not my password');
    await borrower.click('form[action$="agreement.sign"] .primary');
    await borrower.waitForSelector('.error-summary');
    expect(await borrower.textContent('.error-summary')).toContain(words.refusal['proof.needed'] as string);
    await borrower.fill('[name=password]', PASSWORD);
    await borrower.click('form[action$="agreement.sign"] .primary');
    await borrower.waitForURL(/#e\d+$/);
    portal = await portal.restart();
    await agent.goto(`${at}/agreement`);
    await agent.fill('[name=name]', '林静');
    await agent.fill('[name=password]', PASSWORD);
    await agent.click('form[action$="agreement.sign"] .primary');
    await agent.waitForURL(/#e\d+$/);
    expect(await agent.textContent('.case-head')).toContain(words.stage['in-force']);
  });

  test('a payment is reported and confirmed', async () => {
    await borrower.goto(`${at}/agreement`);
    await sound(borrower);
    const report = borrower.locator('details', { has: borrower.locator('form[action$="payment.report"]') });
    await report.locator('summary').click();
    await report.locator('select[name="method"]').selectOption('bank-transfer');
    await borrower.click('form[action$="payment.report"] .primary');
    await borrower.waitForURL(/#e\d+$/);
    await agent.goto(`${at}/agreement`);
    await agent.click('form[action$="payment.confirm"] .primary');
    await agent.waitForURL(/#e\d+$/);
    await borrower.goto(`${at}/agreement`);
    expect(await borrower.textContent('#payments')).toContain(words.payment.state.confirmed);
  });

  test.each(['borrower', 'agent'])('the %s exports; ordinary programs open what comes', async (who) => {
    const page = who === 'borrower' ? borrower : agent;
    const get = async (what: string) => {
      // As the button of the page does: the form makes it, and the browser follows to where it comes from.
      const answer = await page.context().request.post(`${at}/exports/${what}`, { form: {}, headers: { origin: portal.url } });
      expect(answer.status(), what).toBe(200);
      expect(answer.headers()['content-disposition']).toMatch(/^attachment/);
      return answer.body();
    };
    await page.goto(`${at}/agreement`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('form[action$="exports/schedule.csv"] button')]);
    expect(download.suggestedFilename()).toMatch(way.language === 'zh' ? /^合意-HY-.+-还款计划\.csv$/ : /^heyi-HY-.+-schedule\.csv$/);
    expect(readFileSync(await download.path(), 'utf8')).toContain('791.28');
    const agreement = await get('agreement.pdf');
    const file = join(folder, `agreement-${who}.pdf`);
    writeFileSync(file, agreement);
    const text = (await (await PDF.load(new Uint8Array(agreement))).extractText()).map((one) => one.text).join('\n');
    expect(text.replace(/\s/g, '')).toContain('王小雨');
    expect(text).toContain('791.28');
    if (hasPoppler()) expect(execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })).toContain(words.agreement.title);
    const record = JSON.parse((await get('record.json')).toString('utf8')) as unknown;
    const report = await verify(record, { published: readPublished(publishedDocument(portal.keys, []))?.keys ?? null });
    expect(report).toMatchObject({ holds: true, findings: [], withheld: [] });
    expect((await get('schedule.csv')).toString('utf8')).toContain('791.28');
    const events = Object.values(ical.sync.parseICS((await get('schedule.ics')).toString('utf8'))).filter((one) => one?.type === 'VEVENT');
    expect(events).toHaveLength(24);
  });
});

function hasPoppler(): boolean {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
