import { beforeAll, expect, test } from 'vitest';
import { letterDraft } from '../../web/parts/letter.ts';
import { wordsOf } from '../../web/words/index.ts';
import type { Fonts } from '../../worker/export/font/faces.ts';
import { letterForm } from '../../worker/export/letter-form.ts';
import { Sheet } from '../../worker/export/sheet.ts';
import { opened, XIAOYU } from '../negotiation/play.ts';
import { placesOf } from './extract.ts';
import { allFonts } from './fonts.ts';

/** Letters are set in the form of letters. */

let fonts: Fonts;
beforeAll(async () => {
  fonts = await allFonts();
});

/** Where each line of a letter begins and ends, in points from the edge of the text. */
async function set(language: 'zh' | 'en', letter: 'repayment-plan' | 'mediation-request' = 'repayment-plan') {
  const play = opened();
  const sheet = Sheet.begin(fonts, { title: 'x', language, at: '2026-11-25T00:00:00.000Z' });
  letterForm(sheet, letterDraft(letter, play.kase, play.context(XIAOYU), wordsOf(language)), 0);
  const places = await placesOf(await sheet.finish(() => '', ''));
  return (start: string) => {
    const found = places.findLast(({ text }) => text.startsWith(start));
    return found && { begins: Math.round(found.x - 62), left: Math.round(595.28 - 62 - found.x - found.width) };
  };
}

test('in Chinese: the salutation at the edge, paragraphs two letters in, 敬礼 at the edge, who signs and the day at the right', async () => {
  const at = await set('zh');
  expect(at('明衡：')?.begins).toBe(0);
  expect(at('本人王小雨')?.begins).toBe(21);
  expect(at('此致')?.begins).toBe(21);
  expect(at('敬礼！')?.begins).toBe(0);
  for (const line of ['王小雨', '2026年11月24日']) {
    expect(Math.abs(at(line)?.left ?? 9)).toBe(0);
    expect(at(line)?.begins).toBeGreaterThan(300);
  }
});

test('a request: to whom it goes at the edge, below 此致', async () => {
  const at = await set('zh', 'mediation-request');
  expect(at('此致')?.begins).toBe(21);
  expect(at('________________调解委员会')?.begins).toBe(0);
});

test('in English: all at the edge, the day first, who signs last', async () => {
  const at = await set('en');
  for (const line of ['24 Nov 2026', 'Dear ', 'My name is', 'Yours sincerely,', '王小雨']) expect(at(line)?.begins, line).toBe(0);
});
