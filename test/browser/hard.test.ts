import { unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import { sweep } from '../../worker/jobs/sweep.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { checkFile } from '../../worker/record/check.ts';
import { readPublished } from '../../worker/record/published.ts';
import { linkFor, type Rig, rig } from '../portal.ts';
import { cookieOf } from '../worker/people.ts';
import { chrome, cookiesFor, sound } from './chrome.ts';
import { follow } from './steps.ts';

/** When talks are hard, as those live it who are in them: both ways out, to an agreement and to whoever oversees the lender. */

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

const HEATED = '你们就是一群吸血鬼，不要脸！';
const MEDIATOR = '沈和平';

describe.each(WAYS)('$name', (way) => {
  const words = wordsOf(way.language);
  const pageOf = async (who: keyof typeof PEOPLE): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: way.width, height: 780 }, javaScriptEnabled: way.script });
    await context.addCookies(cookiesFor(portal.url, await cookieOf(portal, who, way.language)));
    context.setDefaultTimeout(30_000);
    return context.newPage();
  };
  /** Opens what is folded around the form of a command. */
  const fold = async (page: Page, name: string) => {
    const details = page.locator('details', { has: page.locator(`form[action$="do/${name}"]`) }).last();
    if (!(await details.evaluate((one) => (one as HTMLDetailsElement).open))) await details.locator('summary').first().click();
  };
  const press = (page: Page, name: string) =>
    follow(page, page.locator(`form[action$="do/${name}"] button[type=submit]:not([formaction])`).last());
  const send = async (page: Page, name: string) => {
    await press(page, name);
    await page.waitForURL(/#e\d+$/);
  };
  const linkTo = async (who: keyof typeof PEOPLE) => portal.url + (await linkFor(portal, contactText(contactIn(PEOPLE[who]))));
  /** The bundle as its button brings it, and that it holds. */
  const bundleFrom = async (page: Page, at: string): Promise<Buffer> => {
    const answer = await page.context().request.post(`${at}/exports/bundle.zip`, { form: {}, headers: { origin: portal.url } });
    return holding(await answer.body());
  };
  /** What goes to whoever oversees the lender, or to a court, as the page for it brings it with what it has chosen. */
  const packFrom = async (page: Page, at: string): Promise<Buffer> => {
    await page.goto(at);
    await sound(page);
    const form = page.locator('form[action$="/exports/partial.zip"]');
    const typed = await form.evaluate((one) => [...new FormData(one as HTMLFormElement)].map(([name, value]) => [name, String(value)]));
    const answer = await page.context().request.post(`${portal.url}${await form.getAttribute('action')}`, {
      data: String(new URLSearchParams(typed)),
      headers: { origin: portal.url, 'content-type': 'application/x-www-form-urlencoded' },
    });
    return holding(await answer.body());
  };
  const holding = async (bytes: Buffer): Promise<Buffer> => {
    const published = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());
    expect((await checkFile(new Uint8Array(bytes), { published })).report).toMatchObject({ holds: true, findings: [] });
    return bytes;
  };

  describe('to an agreement', () => {
    let borrower: Page;
    let agent: Page;
    let lawyer: Page;
    let mediator: Page;
    let at: string;

    beforeAll(async () => {
      const id = randomId();
      at = `${portal.url}/cases/${id}`;
      stage.on(0);
      await stage.give('chen', LENDER, id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
      [borrower, agent] = [await pageOf('chen'), await pageOf('lin')];
      [lawyer, mediator] = [await pageOf('li'), await pageOf('zhao')];
    });

    const offer = async (page: Page, text: string) => {
      await page.goto(`${at}/proposals/new`);
      await page.fill('[name=words]', text);
      await page.click('button[value=check]');
      await page.waitForURL('**/proposals/check');
      await page.click('button[value=send]');
      await page.waitForURL(/\/cases\/[0-9a-f]{32}#e\d+$/);
    };

    test('a heated message is shown once more, and goes out as a calm one', async () => {
      await borrower.goto(at);
      await borrower.fill('form[action$="talk.message"] textarea', HEATED);
      await borrower.click('form[action$="talk.message"] .primary');
      await borrower.waitForSelector('form[action$="typed/talk.message"]');
      expect(await borrower.textContent('main')).toContain(words.wording.title);
      await sound(borrower);
      await borrower.click('form[action$="typed/talk.message"] button');
      await borrower.waitForURL('**/typed/talk.message');
      expect(await borrower.inputValue('form[action$="talk.message"] textarea')).toBe(HEATED);
      await borrower.fill('form[action$="talk.message"] textarea', '这样催促让我很难受，请用书面方式沟通。');
      await send(borrower, 'talk.message');
      for (const page of [borrower, agent]) {
        await page.goto(at);
        expect(await page.textContent('.thread')).not.toContain('吸血鬼');
      }
    });

    test('three rounds are declined, and the borrower says by that rule that talks come no further', async () => {
      for (const round of [1, 2, 3]) {
        if (round > 1) await offer(borrower, `第 ${round} 次提议。`);
        await agent.goto(`${at}/proposals/${round}`);
        await fold(agent, 'proposal.decline');
        await agent.check('form[action$="proposal.decline"] [value=too-low]');
        await agent.fill('form[action$="proposal.decline"] textarea', '低于我们能接受的。');
        await send(agent, 'proposal.decline');
      }
      await borrower.goto(at);
      await fold(borrower, 'impasse.declare');
      await send(borrower, 'impasse.declare');
      await agent.goto(at);
      for (const page of [borrower, agent]) expect(await page.textContent('#impasse')).toContain(words.impasse.rules.declined);
      await sound(borrower);
    });

    test('the borrower appoints a lawyer by a letter that is signed here; the lawyer offers for them', async () => {
      await borrower.goto(`${at}/representatives`);
      await borrower.fill('[name=name]', PEOPLE.li.name);
      await borrower.check('[name=relation][value=lawyer]');
      await borrower.fill('[name=contact]', contactText(contactIn(PEOPLE.li)));
      await borrower.check('[name=scope][value=negotiate]');
      await borrower.fill('[name=until]', addDays(stage.today(), 60));
      await borrower.click('form[action$="representatives/check"] .primary');
      await borrower.waitForSelector('[name=signed]');
      await sound(borrower);
      await borrower.fill('[name=signed]', PEOPLE.chen.name);
      await borrower.fill('[name=password]', PASSWORD);
      await borrower.click('form[action$="representative.appoint"] .primary');
      await borrower.waitForURL('**/representatives');
      await lawyer.goto(await linkTo('li'));
      expect(await lawyer.textContent('main')).toContain(PEOPLE.chen.name);
      await lawyer.click('main form .primary');
      await lawyer.waitForURL(at);
      await offer(lawyer, '我代陈先生再提一次。');
      await agent.goto(at);
      const who = words.representation.onBehalf({ name: PEOPLE.li.name, of: PEOPLE.chen.name });
      expect(await agent.textContent('.thread')).toContain(who);
    });

    test('the lawyer proposes a mediator, the lender agrees, the mediator says that they are neutral and comes in', async () => {
      await lawyer.goto(`${at}/mediation`);
      await sound(lawyer);
      await lawyer.fill('[name=name]', MEDIATOR);
      await lawyer.fill('[name=contact]', 'nobody');
      await lawyer.click('form[action$="mediation.propose"] .primary');
      await lawyer.waitForSelector('.error-summary');
      expect(await lawyer.inputValue('[name=name]')).toBe(MEDIATOR);
      await sound(lawyer);
      await lawyer.fill('[name=contact]', contactText(contactIn(PEOPLE.zhao)));
      await lawyer.click('form[action$="mediation.propose"] .primary');
      await lawyer.waitForURL(`${at}/mediation`);
      await sound(lawyer);
      await agent.goto(at);
      expect(await agent.textContent('.next-step')).toContain(words.mediation.duty({ name: MEDIATOR }));
      await agent.click(`.next-step a[href$="/mediation"]`);
      await sound(agent);
      await send(agent, 'mediation.admit');
      await mediator.goto(await linkTo('zhao'));
      await sound(mediator);
      await mediator.click('main form .primary');
      await mediator.waitForSelector('.error-summary');
      await sound(mediator);
      await mediator.check('[name=neutral]');
      await mediator.click('main form .primary');
      await mediator.waitForURL(at);
      await sound(mediator);
      await mediator.fill('form[action$="mediation.say"] textarea', '请双方各让一步。');
      await send(mediator, 'mediation.say');
    });

    test('the mediator suggests terms; the borrower looks them over and takes them up as their own offer', async () => {
      await mediator.goto(`${at}/suggestions/new`);
      await mediator.fill('[name="terms.phases.0.count"]', '10');
      await mediator.click('button[value=work-out]');
      await mediator.waitForSelector('#preview .totals');
      await sound(mediator);
      await mediator.fill('[name=words]', '十期还清，不计息。');
      await send(mediator, 'mediation.suggest');
      await borrower.goto(at);
      expect(await borrower.textContent('main')).toContain(words.mediation.inCase({ name: MEDIATOR }));
      await sound(borrower);
      await borrower.click('.notice a[href$="/suggestions/1"]');
      await sound(borrower);
      await borrower.fill('form[action$="mediation.adopt"] textarea', '我们接受这个建议。');
      await send(borrower, 'mediation.adopt');
      await agent.goto(at);
      expect(await agent.textContent('.thread')).toContain(words.mediation.fromSuggestion({ no: 1 }));
      await mediator.goto(`${at}/suggestions/1`);
      await sound(mediator);
      expect(await mediator.locator('form[action$="mediation.adopt"]').count()).toBe(0);
    });

    test('the lender accepts, both sign; the agreement says that it was mediated, and both take it away', async () => {
      await agent.goto(`${at}/proposals/5`);
      await sound(agent);
      await send(agent, 'proposal.accept');
      for (const [page, who] of [
        [borrower, 'chen'],
        [agent, 'lin'],
      ] as const) {
        await page.goto(`${at}/agreement`);
        await page.fill('form[action$="agreement.sign"] [name=name]', PEOPLE[who].name);
        await page.fill('form[action$="agreement.sign"] [name=password]', PASSWORD);
        await send(page, 'agreement.sign');
      }
      expect(await agent.textContent('.case-head')).toContain(words.stage['in-force']);
      await borrower.goto(`${at}/agreement`);
      expect(await borrower.textContent('main')).toContain(MEDIATOR);
      await mediator.goto(`${at}/agreement`);
      await sound(mediator);
      expect(await mediator.locator('form[action*="/exports/"]').count()).toBe(0);
      for (const page of [borrower, agent]) expect(Object.keys(unzipSync(await bundleFrom(page, at)))).toContain('agreement.pdf');
      await mediator.goto(at);
      await fold(mediator, 'mediation.leave');
      await press(mediator, 'mediation.leave');
      await mediator.goto(at);
      expect(await mediator.locator('.thread').count()).toBe(0);
    });
  });

  describe('to whoever oversees the lender', () => {
    let borrower: Page;
    let agent: Page;
    let at: string;
    let bundle: Buffer;

    beforeAll(async () => {
      const id = randomId();
      at = `${portal.url}/cases/${id}`;
      // Longer ago than its clock and the longest holiday together, whatever is published of the year.
      stage.on(45);
      await stage.give('chen', LENDER, id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
      // At night it would be told in the morning that nobody answered.
      await stage.give('chen', LENDER, id, 'contact.wish', { when: 'any' });
      const complaint = { kind: 'charges', facts: '账单里有一笔服务费，合同里没有。', wish: '去掉这笔费用。', figures: ['debt.principal'] };
      await stage.give('chen', LENDER, id, 'complaint.raise', complaint);
      await sweep({ ...portal.env, origin: portal.url, files: portal.files, carriers: { mail: null, text: null } });
      [borrower, agent] = [await pageOf('chen'), await pageOf('lin')];
    });

    test('a complaint that was not answered in time is told to both, and the borrower takes it further', async () => {
      for (const page of [borrower, agent]) {
        await page.goto(at);
        expect(await page.textContent('.thread')).toContain(words.entry['complaint.unanswered']);
      }
      expect(await borrower.textContent('.next-step')).toContain(words.complaint.dutyLate);
      await borrower.goto(`${at}/complaints`);
      await sound(borrower);
      await fold(borrower, 'complaint.escalate');
      await borrower.selectOption('form[action$="complaint.escalate"] [name=to]', 'regulator');
      await send(borrower, 'complaint.escalate');
      await agent.goto(`${at}/complaints`);
      await sound(agent);
      expect(await agent.textContent('main')).toContain(words.complaint.state.escalated);
    });

    test('the bundle for it is taken away, opened without the portal, and holds', async () => {
      await borrower.goto(`${at}/complaints`);
      const [, seq] = /(\d+)$/.exec((await borrower.locator('[id^="complaint-"]').first().getAttribute('id')) ?? '') ?? [];
      bundle = await packFrom(borrower, `${at}/ways/regulator?complaint=${seq}`);
      const files = unzipSync(bundle);
      expect(Object.keys(files)).toEqual(expect.arrayContaining(['evidence-list.zh.pdf', 'evidence-list.en.pdf']));
      const [index = ''] = Object.keys(files).filter((name) => name.endsWith('.html'));
      const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
      const page = await context.newPage();
      await page.setContent(new TextDecoder().decode(files[index]));
      expect(await page.textContent('body')).toContain('账单里有一笔服务费');
      expect(await page.textContent('body')).toContain(words.entry['complaint.unanswered']);
      await context.close();
    });

    test.runIf(way.script)('and anybody sees so on the page that verifies', async () => {
      const page = await (await browser.newContext()).newPage();
      await page.context().addCookies([{ name: 'language', value: way.language, url: portal.url }]);
      await page.goto(`${portal.url}/verify`);
      await page.setInputFiles('#file', { name: 'bundle.zip', mimeType: 'application/zip', buffer: bundle });
      await page.waitForFunction(() => document.querySelector('#report')?.textContent?.includes('All of it holds'));
      await page.context().close();
    });
  });
});
