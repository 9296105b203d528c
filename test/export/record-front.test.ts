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
  const { front } = words.case;
  for (const text of [
    front.agreed,
    front.how,
    front.contents,
    words.agreement.proof,
    words.schedule.highest,
    words.stage[shown.kase.stage],
  ])
    expect(pages[0]).toContain(text);
  // No entry stands on the first page, and no page has the code alone.
  for (const { hash } of entries) expect(pages[0]).not.toContain(hash);
  expect(pages.at(-1)).toContain(entries.at(-1)?.hash);
  expect(pages.slice(1).join('')).not.toContain(words.agreement.proof);
});
