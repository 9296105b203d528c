import { beforeAll, expect, test } from 'vitest';
import { wordsOf } from '../../web/words/index.ts';
import { making, recordSheet } from '../../worker/export/documents.ts';
import type { Fonts } from '../../worker/export/font/faces.ts';
import { EVERYTHING } from '../web/everything.ts';
import { pagesOf } from './extract.ts';
import { allFonts } from './fonts.ts';

let fonts: Fonts;
beforeAll(async () => {
  fonts = await allFonts();
});

test.each(['zh', 'en'] as const)('%s: the record begins with what was agreed and how, and ends with an entry', async (language) => {
  const words = wordsOf(language);
  const entries = EVERYTHING.map((entry) => ({ ...entry, authorSalt: null, authorDigest: '', salt: null, digest: '', prev: '' }));
  const header = { case: 'c', lender: 'mingheng', openedAt: '2026-11-01T00:00:00.000Z', number: 'MH-1' };
  const source = {
    number: 'MH-1',
    lender: '明衡',
    head: { seq: 1, hash: 'ab' },
    origin: 'https://heyi.example',
    fonts,
    at: header.openedAt,
  };
  const of = { source, words, signer: { privateKey: '', certificates: [] } };
  const shown = making({ format: 'heyi-record/1', header, entries, checkpoints: [], keys: [], files: [] }, of);
  const pages = await pagesOf(await recordSheet(shown).finish(() => '', ''));
  // Its front takes the pages before the first that has an entry: of a record with so many kinds more than one.
  const begins = pages.findIndex((page) => entries.some(({ hash }) => page.includes(hash)));
  const [before, rest] = [pages.slice(0, begins).join('\n'), pages.slice(begins).join('\n')];
  const { front } = words.case;
  for (const text of [
    front.agreed,
    front.how,
    front.contents,
    words.agreement.proof,
    words.schedule.highest,
    words.stage[shown.kase.stage],
  ])
    expect(before).toContain(text);
  expect(pages[0]).toContain(front.contents);
  // No page has the code alone.
  expect(pages.at(-1)).toContain(entries.at(-1)?.hash);
  expect(rest).not.toContain(words.agreement.proof);
});
