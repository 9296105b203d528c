import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { expect } from 'vitest';

/** A real Chromium from the npm registry alone. The flags that it brings for serverless hosts are left out: contexts must be able to close. */
const UNFIT = ['--single-process', '--no-zygote', '--in-process-gpu', '--disable-web-security', '--allow-running-insecure-content'];

/** `flags` are further ones, such as a setting of the reader's. */
export async function chrome(...flags: string[]): Promise<Browser> {
  const args = [...chromium.args.filter((flag) => !UNFIT.includes(flag)), ...flags];
  // Files with Chinese names can be chosen in a UTF-8 locale only, whatever the machine's is.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  return playwright.launch({ executablePath: await chromium.executablePath(), args, env, headless: true });
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Axe = { run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };

/**
 * Expects that axe reports nothing and that the page is no wider than its window. The page is inspected as a copy in a context with
 * JavaScript, as axe cannot run in one without it.
 */
export async function sound(page: Page): Promise<void> {
  const browser = page.context().browser();
  if (!browser) throw new Error('A page without its browser.');
  // Right after a click there may be the blank one between two pages.
  await page.waitForLoadState();
  await page.waitForSelector('main', { state: 'attached' });
  const html = (await page.content()).replace(/<script type="module"[^>]*><\/script>/g, '');
  const context = await browser.newContext({ viewport: page.viewportSize(), bypassCSP: true });
  try {
    const copy = await context.newPage();
    const url = page.url().replace(/#.*$/, '');
    await copy.route(url, (route) => route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }));
    await copy.goto(url);
    // As tall as the page is, so that what sticks to an edge stands in its place, and covers nothing that one could scroll to.
    const { width = 360, height = 780 } = page.viewportSize() ?? {};
    const whole = await copy.evaluate(() => document.documentElement.scrollHeight);
    await copy.setViewportSize({ width, height: Math.max(height, whole) });
    await copy.evaluate(AXE);
    const { violations } = await copy.evaluate(() =>
      (globalThis as unknown as { axe: Axe }).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
    );
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(' | ')}`),
      page.url(),
    ).toEqual([]);
    const [content, frame] = await copy.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(content, `${page.url()} is wider than its window`).toBeLessThanOrEqual(frame ?? 0);
  } finally {
    await context.close();
  }
}

/** Cookies as a request brings them, as a browser takes them. */
export const cookiesFor = (url: string, cookie: string) =>
  cookie.split('; ').map((one) => {
    const at = one.indexOf('=');
    return { name: one.slice(0, at), value: one.slice(at + 1), url };
  });
