import { expect, test } from 'vitest';
import { wordsOf } from '../../web/words/index.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { entryOfReceipt, readReceipt } from '../../worker/record/receipt.ts';
import type { AnyRecord } from '../../worker/record/verify.ts';

/** A receipt as it stands in a notice is known again, in either language, with or without an anchor, whole or by its hash alone. */

const hash = 'ab'.repeat(32);
const record = { entries: [{ seq: 7, hash }] } as unknown as AnyRecord;

test.each(LANGUAGES.flatMap((language) => [undefined, 12].map((anchor) => ({ language, anchor }))))(
  'in $language, anchor $anchor',
  ({ language, anchor }) => {
    const line = wordsOf(language).mail.receipt({ seq: 7, hash, anchor });
    expect(line.includes('12')).toBe(anchor !== undefined);
    const read = readReceipt(` ${line.toUpperCase()}\n`);
    expect(read).toEqual({ hash, seq: 7 });
    expect(read && entryOfReceipt(read, record)).toBe(7);
    const other = readReceipt(wordsOf(language).mail.receipt({ seq: 8, hash, anchor }));
    expect(other && entryOfReceipt(other, record)).toBeNull();
  },
);

test('a hash alone is one, and what has none is none', () => {
  expect(readReceipt(hash)).toEqual({ hash, seq: null });
  expect(entryOfReceipt({ hash, seq: null }, record)).toBe(7);
  expect(entryOfReceipt({ hash: 'cd'.repeat(32), seq: null }, record)).toBeNull();
  for (const text of ['', 'entry 7', `${hash}0`, hash.slice(1)]) expect(readReceipt(text)).toBeNull();
});
