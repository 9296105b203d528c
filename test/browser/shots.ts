/**
 * Pictures of every page for whoever reviews how it looks, from a demo world: `npm run shots -- FOLDER [PART OF A NAME]`. A name is
 * WHO-PAGE-WIDTH-LANGUAGE-SCHEME, such as wang-countered-360-zh-light.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playDemo } from '../../db/demo-cases.ts';
import { startPortal } from '../../db/portal.ts';
import { chrome } from './chrome.ts';
import { goTo, places } from './places.ts';

const [folder, part = ''] = process.argv.slice(2);
if (!folder) {
  console.error('npm run shots -- FOLDER [PART OF A NAME]: the folder into which the pictures go.');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const data = mkdtempSync(join(tmpdir(), 'heyi-shots-'));
const portal = await startPortal(data);
try {
  await playDemo(portal);
  const { places: all, cookies } = await places(portal);
  const browser = await chrome();
  for (const language of ['zh', 'en'] as const)
    for (const scheme of ['light', 'dark'] as const)
      for (const width of [360, 1280]) {
        const nameOf = ({ who, name }: (typeof all)[number]) => `${who}-${name}-${width}-${language}-${scheme}`;
        const wanted = all.filter((place) => nameOf(place).includes(part));
        for (const who of new Set(wanted.map((place) => place.who))) {
          const context = await browser.newContext({ viewport: { width, height: width < 600 ? 780 : 900 }, colorScheme: scheme });
          const own = (cookies.get(who) ?? '').split('; ').filter((one) => one && !one.startsWith('language='));
          const given = [`language=${language}`, ...own].map((one) => one.split('='));
          await context.addCookies(given.map(([name = '', ...value]) => ({ name, value: value.join('='), url: portal.url })));
          const page = await context.newPage();
          for (const place of wanted.filter((one) => one.who === who)) {
            await goTo(page, portal.url, place);
            if ((await page.locator('[data-pages]').count()) > 0) await page.locator('.sheet > canvas').first().waitFor();
            await page.screenshot({ path: join(folder, `${nameOf(place)}.png`), fullPage: true });
          }
          await context.close();
        }
      }
  await browser.close();
} finally {
  await portal.stop();
  rmSync(data, { recursive: true, force: true });
}
