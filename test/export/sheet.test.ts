import { beforeAll, describe, expect, test } from 'vitest';
import type { Fonts } from '../../worker/export/font/faces.ts';
import { Sheet } from '../../worker/export/sheet.ts';
import { pagesOf } from './extract.ts';
import { allFonts } from './fonts.ts';

/** How documents are set: what belongs together stands on one page, and what is bold is bold. */

let fonts: Fonts;
beforeAll(async () => {
  fonts = await allFonts();
});

async function set(draw: (sheet: Sheet) => void): Promise<{ pages: string[]; fonts: string[] }> {
  const sheet = Sheet.begin(fonts, { title: 'x', language: 'zh-CN', at: '2026-11-25T00:00:00.000Z' });
  draw(sheet);
  const pdf = await sheet.finish(() => '', '');
  const names = [
    ...Buffer.from(pdf)
      .toString('latin1')
      .matchAll(/\/FontName \/[A-Z]+\+([\w-]+)/g),
  ].map(([, name = '']) => name);
  return { pages: await pagesOf(pdf), fonts: names };
}

/** As many lines as push what comes next over the end of a page, line by line. */
const FILLED = Array.from({ length: 46 }, (_, lines) => lines);
const fill = (sheet: Sheet, lines: number) => {
  for (let i = 0; i < lines; i++) sheet.paragraph('一行', { after: 0 });
};

test('the bold weight is in a document where something is set in it, and only there', async () => {
  expect((await set((sheet) => sheet.paragraph('正文'))).fonts).toEqual(['noto-sans-sc']);
  const { fonts: both } = await set((sheet) => {
    sheet.title('还款协议');
    sheet.paragraph('正文');
  });
  expect(both.sort()).toEqual(['noto-sans-sc', 'noto-sans-sc-bold']);
});

describe('wherever a page ends', () => {
  test('signatures stand whole on one page, with their heading', async () => {
    for (const lines of FILLED) {
      const { pages } = await set((sheet) => {
        fill(sheet, lines);
        sheet.signatures('签字', [
          { title: '出借方：明衡', ink: 'lender', name: '林静', empty: '', lines: ['身份：经办', '书面记录：第 16 条'] },
          { title: '借款人', ink: 'borrower', name: null, empty: '尚未签字', lines: [] },
        ]);
      });
      const page = pages.find((text) => text.includes('签字')) ?? '';
      for (const part of ['出借方：明衡', '林静', '身份：经办', '第 16 条', '借款人', '尚未签字']) expect(page, `${lines}`).toContain(part);
    }
  });

  test('no page has one or two rows of a table alone', async () => {
    for (const rows of FILLED.slice(1)) {
      const { pages } = await set((sheet) => {
        fill(sheet, 5);
        sheet.heading('附表', sheet.tableKeep(rows + 1));
        sheet.table(
          [{ name: '期', width: 1 }],
          Array.from({ length: rows }, (_, i) => [`行${i + 1}`]),
          ['合计'],
        );
      });
      const last = pages.at(-1) ?? '';
      expect(last).toContain('合计');
      expect(last.match(/行\d+/g)?.length ?? 0, `${rows}`).toBeGreaterThanOrEqual(Math.min(3, rows));
      expect(pages.filter((text) => text.includes('附表') && !text.includes('行1'))).toEqual([]);
    }
  });

  test('a line of contents names the page on which the place begins', async () => {
    for (const lines of FILLED) {
      const { pages } = await set((sheet) => {
        sheet.lead('第一天', '1');
        fill(sheet, lines);
        sheet.day('2026年');
        sheet.entry({ number: '1', what: '第一天的内容', who: '', when: '', lines: [], hash: '', ink: 'soft' });
      });
      // The numbers are written once all is set, and so come last of what is copied of the page.
      const named = Number(/(\d+)\s*$/.exec(pages[0] ?? '')?.[1]);
      expect(pages[named - 1], `${lines}`).toContain('第一天的内容');
    }
  });
});
