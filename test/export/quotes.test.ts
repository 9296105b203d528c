import { beforeAll, describe, expect, test } from 'vitest';
import type { Fonts } from '../../worker/export/font/faces.ts';
import { Sheet } from '../../worker/export/sheet.ts';
import { copied, placesOf } from './extract.ts';
import { allFonts } from './fonts.ts';

/** Quotation marks in documents: an English word with an apostrophe is one word, and what Chinese quotes has marks as wide as its letters. */

const SIZE = 10.5;
let fonts: Fonts;
beforeAll(async () => {
  fonts = await allFonts();
});

function pdfOf(text: string, bold: boolean): Promise<Uint8Array> {
  const sheet = Sheet.begin(fonts, { title: 'x', language: 'en-GB', at: '2026-11-25T00:00:00.000Z' });
  if (bold) sheet.title(text);
  else sheet.paragraph(text, { size: SIZE });
  return sheet.finish(() => '', '');
}

/** How wide a line is, in sizes of its letters. */
async function widthOf(text: string, bold = false): Promise<number> {
  const places = await placesOf(await pdfOf(text, bold));
  return places.reduce((sum, { width }) => sum + width, 0) / (bold ? 20 : SIZE);
}

describe.each([false, true])('what is not Chinese (bold: %s)', (bold) => {
  test.each([
    ['the lender’s books', 'the lenders books'],
    ['it isn’t due', 'it isnt due'],
    ['the years’ end', 'the years end'],
  ])('an apostrophe is less than a third of a letter wide: %s', async (text, without) => {
    const apostrophe = (await widthOf(text, bold)) - (await widthOf(without, bold));
    expect(apostrophe).toBeGreaterThan(0.15);
    expect(apostrophe).toBeLessThan(0.34);
  });

  test('marks around words are as narrow', async () => {
    const marks = (await widthOf('the tab “What changed” shows', bold)) - (await widthOf('the tab What changed shows', bold));
    expect(marks).toBeLessThan(1.2);
  });
});

test('Chinese that is quoted has marks as wide as its letters, in English too', async () => {
  expect((await widthOf('见“没有检查的”')) - (await widthOf('见没有检查的'))).toBeCloseTo(2, 1);
  expect((await widthOf('Enter “陈建国” here')) - (await widthOf('Enter 陈建国 here'))).toBeCloseTo(2, 1);
});

test('what is copied is what was written, whichever glyph draws it', async () => {
  const text = 'The lender’s “own” rate, 即“同业‘利率’”。';
  for (const read of Object.values(await copied(await pdfOf(text, false))))
    expect(read.replace(/\s/g, '')).toContain(text.replace(/\s/g, ''));
});
