import { PDF } from '@libpdf/core';
import { unzipSync } from 'fflate';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { dateText, money, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { sweep } from '../../worker/jobs/sweep.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { checkFile } from '../../worker/record/check.ts';
import { readPublished } from '../../worker/record/published.ts';
import { type Rig, rig } from '../portal.ts';
import { cookieOf } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';
import { follow } from './steps.ts';

/** After the signature, as two people live it: an instalment is moved and missed, made good, the agreement varied, paid early, and the letter signed. */

const WAYS = [
  { name: 'Chinese, 360 px, without JavaScript', width: 360, script: false, language: 'zh' },
  { name: 'English, 1280 px, with JavaScript', width: 1280, script: true, language: 'en' },
] as const;
const LENDER = 'mingheng';
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

/** A case in force for fifty days: the first instalment was moved by ten days, and has been missed since. */
async function missed(): Promise<string> {
  const id = randomId();
  stage.on(50);
  const start = stage.today();
  const opening = plainOpening(start, '明衡消费金融');
  const terms = plainTerms(start, { firstDue: addDays(start, 30), phases: [{ kind: 'level', count: 12 }] });
  await stage.give('chen', LENDER, id, 'case.open', { ...opening, proposal: { ...opening.proposal, terms } });
  // At night arrears would begin in the morning.
  await stage.give('chen', LENDER, id, 'contact.wish', { when: 'any' });
  const digest = offerDigest(opening.debt.debt, terms);
  await stage.give('lin', LENDER, id, 'proposal.accept', { version: 1, digest });
  for (const who of ['chen', 'lin'] as const) await stage.give(who, LENDER, id, 'agreement.sign', { digest, name: PEOPLE[who].name });
  stage.on(25);
  await stage.give('chen', LENDER, id, 'move.ask', { no: 1, by: 'day', to: addDays(start, 40), words: '工资推迟到月底。' });
  return id;
}

describe.each(WAYS)('$name', (way) => {
  const words = wordsOf(way.language);
  let borrower: Page;
  let agent: Page;
  let at: string;
  let id: string;

  const pageOf = async (who: 'chen' | 'lin'): Promise<Page> => {
    const context: BrowserContext = await browser.newContext({
      viewport: { width: way.width, height: 780 },
      javaScriptEnabled: way.script,
    });
    await context.addCookies(cookiesFor(portal.url, await cookieOf(portal, who, way.language)));
    context.setDefaultTimeout(30_000);
    return context.newPage();
  };
  /** Opens what is folded, and presses a button in the form of a command. */
  const fold = async (page: Page, name: string) => {
    const details = page.locator('details', { has: page.locator(`form[action$="${name}"]`) }).last();
    if (!(await details.evaluate((one) => (one as HTMLDetailsElement).open))) await details.locator('summary').first().click();
  };
  const send = async (page: Page, name: string) => {
    await follow(page, page.locator(`form[action$="do/${name}"] button[type=submit]`).last());
    await page.waitForURL(/#e\d+$/);
  };
  const main = (page: Page) => page.textContent('main');
  const onAgreement = async (page: Page) => {
    await page.goto(`${at}/agreement`);
    await sound(page);
  };
  const sign = async (page: Page, who: 'chen' | 'lin') => {
    await onAgreement(page);
    const form = page.locator('form[action$="agreement.sign"]');
    await form.locator('[name=name]').fill(PEOPLE[who].name);
    await form.locator('[name=password]').fill(PASSWORD);
    await send(page, 'agreement.sign');
  };
  /** Both take the bundle away, and it verifies; what it holds is told, and the casebook is as its records say. */
  const taken = async (): Promise<string[]> => {
    let names: string[] = [];
    const published = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());
    for (const page of [borrower, agent]) {
      const answer = await page.context().request.post(`${at}/exports/bundle.zip`, { form: {}, headers: { origin: portal.url } });
      const bytes = new Uint8Array(await answer.body());
      expect((await checkFile(bytes, { published })).report).toMatchObject({ holds: true, findings: [] });
      names = Object.keys(unzipSync(bytes));
    }
    expect(await rebuild(portal.env, LENDER, false)).toMatchObject({ differences: [], broken: [] });
    return names;
  };

  beforeAll(async () => {
    id = await missed();
    at = `${portal.url}/cases/${id}`;
    await sweep({ ...portal.env, origin: portal.url, files: portal.files, carriers: { mail: null, text: null } });
    [borrower, agent] = [await pageOf('chen'), await pageOf('lin')];
  });

  test('the moved instalment shows both days; what is missing, and until when it can be made good, is told to both', async () => {
    stage.on(50);
    const due = addDays(stage.today(), 30);
    await borrower.goto(at);
    await sound(borrower);
    expect(await borrower.textContent('.case-head')).toContain(words.stage['in-arrears']);
    expect(await borrower.textContent('.next-step')).toContain(money(104_167));
    await onAgreement(borrower);
    expect(await borrower.textContent('#payments')).toContain(dateText(words, due));
    expect(await borrower.textContent('#payments')).toContain(dateText(words, addDays(due, 10)));
    await onAgreement(agent);
    expect(await agent.textContent('#arrears')).toContain(money(104_167));
    expect(await agent.locator('form[action$="arrears.declareBroken"]').count()).toBe(0);
    expect(await taken()).toContain('agreement.pdf');
  });

  test('the borrower asks to move the next one further than the agreement allows; the lender answers', async () => {
    await onAgreement(borrower);
    await fold(borrower, 'move.ask');
    stage.on(0);
    await borrower.locator('form[action$="move.ask"] [name=to]').fill(addDays(stage.today(), 60));
    await borrower.locator('form[action$="move.ask"] [name=words]').fill('下个月有一笔医药费。');
    await borrower.locator('form[action$="move.ask"] [name=no]').selectOption('2');
    await send(borrower, 'move.ask');
    await agent.goto(at);
    expect(await main(agent)).toContain(words.cases.pending.moves(1));
    await onAgreement(agent);
    await send(agent, 'move.grant');
    await onAgreement(borrower);
    expect(await borrower.textContent('#moves')).toContain(words.move.state.granted);
  });

  test('what is missing is paid and confirmed: cured', async () => {
    await onAgreement(borrower);
    await fold(borrower, 'payment.report');
    const form = borrower.locator('form[action$="payment.report"]');
    await form.locator('[name=amount]').fill('1041.67');
    await form.locator('[name=method]').selectOption('bank-transfer');
    await send(borrower, 'payment.report');
    await onAgreement(agent);
    await send(agent, 'payment.confirm');
    expect(await agent.textContent('.case-head')).toContain(words.stage['in-force']);
    expect(await main(agent)).toContain(words.entry['arrears.cured']);
    await taken();
  });

  test('the borrower proposes a variation from what is left; the lender reads the clauses, accepts, and both sign', async () => {
    await onAgreement(borrower);
    await borrower.click('#variation a[href$="/proposals/new"]');
    await sound(borrower);
    expect(await main(borrower)).toContain(money(1_145_833));
    // What the figures support is proposed first; another way is theirs to choose.
    await borrower.selectOption('[name="terms.phases.0.kind"]', 'level');
    await borrower.fill('[name="terms.phases.0.count"]', '24');
    await borrower.fill('[name=words]', '收入又减少了，请改为二十四期。');
    await borrower.click('button[value=check]');
    await sound(borrower);
    await borrower.click('button[value=send]');
    await borrower.waitForURL(/#e\d+$/);
    await agent.goto(at);
    expect(await agent.textContent('.case-head')).toContain(words.stage['in-force']);
    await agent.goto(`${at}/proposals/2`);
    await sound(agent);
    expect(await agent.textContent('#answer')).toContain(words.agreement.conditions.language);
    await send(agent, 'proposal.accept');
    expect(await agent.textContent('.case-head')).toContain(words.stage['in-force']);
    await sign(borrower, 'chen');
    expect(await taken()).not.toContain('agreement-1.pdf');
    await sign(agent, 'lin');
    await onAgreement(borrower);
    expect(await main(borrower)).toContain(words.agreement.earlier);
    expect(await borrower.textContent('#payments')).toContain(money(1_145_833));
    expect(await taken()).toContain('agreement-1.pdf');
  });

  test('what settles it today is paid and confirmed: nothing is left', async () => {
    await onAgreement(borrower);
    expect(await borrower.textContent('#settle')).toContain(money(1_145_833));
    await fold(borrower, 'payment.report');
    const form = borrower.locator('form[action$="payment.report"]');
    await form.locator('[name=amount]').fill('11458.33');
    await form.locator('[name=method]').selectOption('bank-transfer');
    if (!way.script) {
      // Without a script a large amount is read back once before it is sent.
      await follow(borrower, form.locator('button[type=submit]'));
      expect(await borrower.textContent('.error-summary')).toContain(money(1_145_833));
      await sound(borrower);
    }
    await send(borrower, 'payment.report');
    await onAgreement(agent);
    await agent.locator('form[action$="payment.confirm"] button').last().click();
    await agent.waitForURL(/#e\d+$/);
    expect(await agent.textContent('.case-head')).toContain(words.stage.completed);
  });

  test('the lender signs the settlement letter; both take it away', async () => {
    await agent.goto(at);
    expect(await agent.textContent('.next-step')).toContain(words.settlement.issue);
    await onAgreement(agent);
    const form = agent.locator('form[action$="settlement.issue"]');
    await form.locator('[name=name]').fill(PEOPLE.lin.name);
    await form.locator('[name=password]').fill(PASSWORD);
    await send(agent, 'settlement.issue');
    await onAgreement(borrower);
    expect(await borrower.textContent('#settlement')).toContain(money(1_250_000));
    const answer = await borrower.context().request.post(`${at}/exports/settlement.pdf`, { form: {}, headers: { origin: portal.url } });
    const text = (await (await PDF.load(new Uint8Array(await answer.body()))).extractText()).map((one) => one.text).join('\n');
    expect(text.replace(/\s/g, '')).toContain(PEOPLE.chen.name);
    expect(text).toContain('12,500.00');
    expect(await taken()).toContain('settlement.pdf');
  });
});
