/**
 * Lighthouse on the pages of the demo world, as a phone on a slow network, in the Chromium of the tests: `npm run bench -- --pages`. Public pages are held to
 * what search engines want, too. Anything below 100 is named and ends it with an error. Needs `npm run build -- --worker`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse from 'lighthouse';
import { playDemo } from '../../db/demo-cases.ts';
import { startPortal } from '../../db/portal.ts';
import { chrome } from '../browser/chrome.ts';
import { places } from '../browser/places.ts';

/** Those of a stranger that anybody may find, then those of people who are signed in. */
const PUBLIC = ['home', 'sign-in', 'sign-up', 'verify', 'open'].map((name) => `stranger ${name}`);
const OPENING = ['loan', 'cause', 'month', 'proposal', 'check'].map((step) => `wang open-${step}`);
const CASE = ['', '-debt', '-means', '-evidence', '-proposals-2', '-proposals-new', '-compare-a-1-b-2'].map(
  (page) => `wang countered${page}`,
);
const PAGES = [...PUBLIC, ...OPENING, ...CASE, 'zhao agreed-agreement', 'lin desk', 'lin countered', 'lin countered-proposals-new'];

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;

/** A port that nobody has. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No port.'))));
    });
  });
}

/** What one page scores, from 0 to 100, with what falls short in it. */
async function measured(url: string, cookie: string, port: number, categories: readonly (typeof CATEGORIES)[number][]) {
  const run = await lighthouse(url, { port, onlyCategories: [...categories], extraHeaders: { Cookie: cookie }, logLevel: 'error' });
  if (!run) throw new Error(`Lighthouse says nothing of ${url}.`);
  const { lhr } = run;
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  const scores = categories.map((name) => [name, Math.round((lhr.categories[name]?.score ?? 0) * 100)] as const);
  const short = scores
    .filter(([, score]) => score < 100)
    .flatMap(([name]) => lhr.categories[name]?.auditRefs ?? [])
    .flatMap(({ id, weight }) => {
      const audit = lhr.audits[id];
      return audit && weight > 0 && (audit.score ?? 1) < 1 ? [`${id}${audit.displayValue ? ` (${audit.displayValue})` : ''}`] : [];
    });
  return { scores, short, paint: Math.round(lhr.audits['largest-contentful-paint']?.numericValue ?? 0) };
}

const data = mkdtempSync(join(tmpdir(), 'heyi-pages-'));
const portal = await startPortal(data);
const port = await freePort();
const browser = await chrome(`--remote-debugging-port=${port}`);
let below = 0;
try {
  await playDemo(portal);
  const { places: all, cookies } = await places(portal);
  const only = process.argv.slice(2).filter((one) => !one.startsWith('-'));
  const table: Record<string, Record<string, number>> = {};
  for (const name of PAGES.filter((one) => only.length === 0 || only.some((part) => one.includes(part)))) {
    const place = all.find((one) => `${one.who} ${one.name}` === name);
    if (!place) throw new Error(`There is no page "${name}" in test/browser/places.ts.`);
    const categories = place.who === 'stranger' ? CATEGORIES : CATEGORIES.slice(0, 3);
    const measure = () => measured(portal.url + place.path, cookies.get(place.who) ?? '', port, categories);
    const first = await measure();
    // A machine that is busy with something else draws slowly: what falls short is looked at once more.
    const { scores, short, paint } = first.short.length > 0 ? await measure() : first;
    table[name] = { ...Object.fromEntries(scores), 'LCP ms': paint };
    if (short.length === 0) continue;
    below += 1;
    console.error(`${name}: ${short.join(', ')}`);
  }
  console.log('\nLighthouse, mobile');
  console.table(table);
} finally {
  await browser.close();
  await portal.stop();
  rmSync(data, { recursive: true, force: true });
}
process.exitCode = below > 0 ? 1 : 0;
