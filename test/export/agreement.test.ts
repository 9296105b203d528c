import { expect, test } from 'vitest';
import { fontFiles } from '../../db/fonts.ts';
import { wordsOf } from '../../web/words/index.ts';
import { agreementSheet } from '../../worker/export/agreement.ts';
import type { FontName } from '../../worker/negotiation/letters.ts';
import { agreed, XIAOYU, ZHOU } from '../negotiation/play.ts';
import { copied } from './extract.ts';

test('the day from which two sides talked is the day by their clocks, whatever day it was by UTC', async () => {
  const fonts = { files: new Map(fontFiles().map(({ name, bytes }) => [name as FontName, bytes])), shaper: null };
  const head = { seq: 1, hash: 'a'.repeat(64) };
  const source = { number: 'HY-1', lender: '明衡', head, origin: 'https://heyi.example', fonts, at: '2026-11-28T00:00:00.000Z' };
  const header = { case: 'c', lender: 'mingheng', openedAt: '2026-11-27T22:02:00.000Z', number: 'HY-1' };
  const sheet = agreementSheet(agreed(XIAOYU, ZHOU).kase, { header, entries: [] }, source, wordsOf('zh'));
  const { pdfjs } = await copied(await sheet.finish(() => '', ''));
  expect(pdfjs.replace(/\s/g, '')).toContain('双方自2026年11月28日起在合意协商');
});
