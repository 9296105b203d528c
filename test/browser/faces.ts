/** Draws what other programs show of the portal: the icon of a phone's home screen and the picture beside a shared link. `npm run tour` does it first. */
import { readFileSync } from 'node:fs';
import { wordsOf } from '../../web/words/index.ts';
import { chrome } from './chrome.ts';

const STYLES = new URL('../../web/styles/', import.meta.url).pathname;
const icon = readFileSync(`${STYLES}icon.svg`, 'utf8').replace(/rx="[\d.]+"/, '');
const { brand, tagline, footer } = wordsOf('zh');

const browser = await chrome();
const page = await browser.newPage({ viewport: { width: 180, height: 180 } });
await page.setContent(`<style>body{margin:0}svg{display:block;width:180px}</style>${icon}`);
await page.screenshot({ path: `${STYLES}touch.png` });
await page.setViewportSize({ width: 1200, height: 630 });
await page.setContent(`<style>
  body { margin: 0; height: 630px; background: #fbf8f3; color: #261f24; display: flex; align-items: center; gap: 72px; padding-left: 110px; font: 700 74px/1.3 "Noto Serif CJK SC", serif }
  svg { width: 300px; flex: none } p { margin: 0 } p:first-child { color: #5c2c50; letter-spacing: .1em } p:last-child { font: 400 34px/2.2 sans-serif; color: #635a5f }
</style>${icon}<div><p>${brand} Heyi</p><p>${tagline}</p><p>${footer}</p></div>`);
await page.screenshot({ path: `${STYLES}picture.png` });
await browser.close();
