import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDocumentKey } from '../../db/certificate.ts';
import { wordsOf } from '../../web/words/index.ts';
import { connect } from '../../worker/store/connect.ts';
import { MailServer } from '../mail-server.ts';
import { atRest, lender, type Rig, rig } from '../portal.ts';
import { chrome, sound } from './chrome.ts';
import { PASSWORD, setUpFactor } from './steps.ts';

/**
 * A portal on the net, as strangers find it: behind a proxy that speaks TLS, known by its own name, with a mail server. Whatever they need to know comes by
 * mail; no page of a development machine is there, or is led to by any page that they see.
 */

const ORIGIN = 'https://heyi.example';
const BORROWER = 'xiaoyu@stranger.example';
const STAFF = 'linjing@lender.example';
const words = wordsOf('zh');

const server = new MailServer();
const seen: string[] = [];
let portal: Rig;
let proxy: Server;
let browser: Browser;
let borrower: Page;
let agent: Page;

beforeAll(async () => {
  await server.start();
  portal = await rig(undefined, 0, undefined, server.settings, ORIGIN);
  proxy = await tlsInFrontOf(portal.url);
  browser = await chrome(`--host-resolver-rules=MAP heyi.example 127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  [borrower, agent] = [await stranger(), await stranger()];
});
afterAll(async () => {
  await browser.close();
  proxy.closeAllConnections();
  proxy.close();
  await portal.remove();
  await server.kill();
});

/** As a proxy does that ends TLS: it passes on what it is asked, and says by whom. */
async function tlsInFrontOf(url: string): Promise<Server> {
  const { privateKey, certificates } = await makeDocumentKey('heyi.example');
  const made = createServer({ key: pem('PRIVATE KEY', privateKey), cert: pem('CERTIFICATE', certificates[0] ?? '') }, (asked, answer) => {
    const headers = { ...asked.headers, 'x-forwarded-for': asked.socket.remoteAddress };
    const onward = request(url + asked.url, { method: asked.method, headers, setHost: false }, (said) => {
      answer.writeHead(said.statusCode ?? 502, said.headers);
      said.pipe(answer);
    });
    onward.once('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return made;
}

const pem = (what: string, der: string) => `-----BEGIN ${what}-----\n${der.match(/.{1,64}/g)?.join('\n')}\n-----END ${what}-----\n`;

/** Somebody's browser: every page that it is shown is looked at. */
async function stranger(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 }, javaScriptEnabled: false, ignoreHTTPSErrors: true });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  page.on('response', async (response) => {
    if (response.headers()['content-type']?.startsWith('text/html')) seen.push(await response.text().catch(() => ''));
  });
  return page;
}

async function signUp(page: Page, name: string, contact: string): Promise<void> {
  await page.fill('[name=name]', name);
  await page.fill('[name=contact]', contact);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main form .primary');
  await page.fill('[name=code]', await server.codeTo(contact));
  await page.click('main form .primary');
}

/** The link of the newest letter that leads to the case: news wait for contact hours, and for ten minutes after other news; as if these had come. */
async function linkTo(address: string): Promise<string> {
  const db = connect(portal.env.directory.url, portal.env.directory.token);
  const waits = async () => (await db.all(sql`SELECT 1 FROM mail WHERE sent_at IS NULL AND recipient = ${address}`)).length > 0;
  // By day it may have left by itself, just now.
  await atRest(portal);
  while (await waits()) {
    await db.run(sql`UPDATE mail SET next_at = '' WHERE sent_at IS NULL`);
    await db.run(sql`UPDATE mail SET sent_at = '2020-01-01T00:00:00.000Z' WHERE sent_at IS NOT NULL`);
    await portal.sweep();
    await atRest(portal);
  }
  const links = server.to(address).flatMap(({ mail }) => /https:\/\/\S+\/cases\/\S+/.exec(mail.text ?? '')?.[0] ?? []);
  return links.at(-1) ?? expect.fail(`No mail to ${address} leads to a case.`);
}

const sign = async (page: Page, name: string) => {
  await page.fill('[name=name]', name);
  await page.fill('[name=password]', PASSWORD);
  await page.click('form[action$="agreement.sign"] .primary');
  await page.waitForURL(/#e\d+$/);
};

test('a lender’s first administrator comes in, with a code by mail and a second factor', async () => {
  await agent.goto(await lender(portal, 'mingheng', '明衡消费金融', ORIGIN));
  await agent.click('main a.primary');
  await signUp(agent, '林静', STAFF);
  await agent.click('main form .primary');
  await agent.waitForURL('**/second-factor**');
  await setUpFactor(agent);
  await agent.click('main a.primary');
  await agent.waitForURL(`${ORIGIN}/desk/mingheng`);
});

test('a stranger opens a case and signs up by mail', async () => {
  await borrower.goto(ORIGIN);
  await sound(borrower);
  await borrower.click('main a.primary[href="/open"]');
  await borrower.selectOption('[name=lender]', 'mingheng');
  await borrower.fill('[name="loan.reference"]', 'MH-2026-9');
  await borrower.click('details:has([name="debt.debt.principal"]) > summary');
  await borrower.fill('[name="debt.debt.principal"]', '18000');
  await borrower.click('button[value=continue]');
  await borrower.check('[name="means.cause.kind"][value="job-loss"]');
  await borrower.fill('[name="means.cause.since"]', '2026-09-01');
  await borrower.fill('[name="means.cause.words"]', '公司裁员，正在找工作。');
  await borrower.click('button[value=continue]');
  await borrower.fill('[name="means.incomes.0.amount"]', '3200');
  await borrower.fill('[name="means.expenses.0.amount"]', '2000');
  await borrower.click('button[value=continue]');
  await borrower.waitForURL('**/proposal');
  await borrower.click('main form > .actions button[value=continue]');
  await borrower.waitForURL('**/check');
  await signUp(borrower, '王小雨', BORROWER);
  await borrower.waitForURL(/\/cases\/[0-9a-f]{32}\/sent$/);
  // The session is for TLS alone.
  expect((await borrower.context().cookies()).find(({ name }) => name === '__Host-heyi')).toMatchObject({ secure: true, httpOnly: true });
});

test('the lender is told by mail, and answers', async () => {
  await agent.goto(await linkTo(STAFF));
  const at = agent.url().replace(/#.*$/, '');
  expect(at).toMatch(/^https:\/\/heyi\.example\/cases\/[0-9a-f]{32}$/);
  await agent.goto(`${at}/debt`);
  await agent.click('form[action$="debt.confirm"] .primary');
  await agent.waitForURL(/#e\d+$/);
  await agent.goto(`${at}/proposals/new`);
  await agent.click('button[value=work-out]');
  await agent.waitForSelector('#preview .totals');
  await agent.fill('[name=words]', '不另计利息。');
  await agent.click('button[value=check]');
  await agent.waitForURL('**/proposals/check');
  await agent.click('button[value=send]');
  await agent.waitForURL(/\/cases\/[0-9a-f]{32}#e\d+$/);
});

test('the stranger is told by mail, accepts, and both sign', async () => {
  await borrower.goto(await linkTo(BORROWER));
  const at = borrower.url().replace(/#.*$/, '');
  expect(await borrower.textContent('.next-step')).toContain(words.case.now.yourAnswer);
  await borrower.goto(`${at}/proposals/2`);
  await borrower.click('form[action$="proposal.accept"] .primary');
  await borrower.waitForURL(/#e\d+$/);
  await borrower.goto(`${at}/agreement`);
  await sign(borrower, '王小雨');
  await agent.goto(`${at}/agreement`);
  await sign(agent, '林静');
  expect(await agent.textContent('.case-head')).toContain(words.stage['in-force']);
  // From another page, as a place in the same one is not asked for anew.
  const link = await linkTo(BORROWER);
  await borrower.goto(`${ORIGIN}/cases`);
  await borrower.goto(link);
  expect(await borrower.textContent('.case-head')).toContain(words.stage['in-force']);
});

test('nobody saw a page of a development machine, and there is none', async () => {
  expect(seen.length).toBeGreaterThan(20);
  expect(seen.filter((html) => html.includes('/dev/'))).toEqual([]);
  const answer = await borrower.goto(`${ORIGIN}/dev/outbox`);
  expect(answer?.status()).toBe(404);
  expect(await borrower.textContent('main')).not.toContain(BORROWER);
});
