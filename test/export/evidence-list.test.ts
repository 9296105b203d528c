import { beforeAll, expect, test } from 'vitest';
import { authorName, authorOf } from '../../web/telling/author.ts';
import { tell } from '../../web/telling/tell.ts';
import { wordsOf } from '../../web/words/index.ts';
import { making, recordSheet } from '../../worker/export/documents.ts';
import { evidenceList } from '../../worker/export/evidence-list.ts';
import type { Fonts } from '../../worker/export/font/faces.ts';
import { EVERYTHING } from '../web/everything.ts';
import { pagesOf } from './extract.ts';
import { allFonts } from './fonts.ts';

/** The list of evidence says of every kind of entry what the entry itself says, word for word, in each language, and nothing of what is not shown. */

let fonts: Fonts;
beforeAll(async () => {
  fonts = await allFonts();
});

const close = (text: string) => text.replace(/\s/g, '');

test.each(['zh', 'en'] as const)(
  '%s: each entry that is shown stands in it as the record tells it; one that is not, does not',
  async (language) => {
    const words = wordsOf(language);
    const sealed = EVERYTHING.map((entry) => ({ ...entry, authorSalt: null, authorDigest: '', salt: null, digest: '', prev: '' }));
    const hidden = 'talk.call-logged';
    const entries = sealed.map((one) => (one.kind === hidden ? { ...one, content: null } : one));
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
    const made = making({ format: 'heyi-record/1', header, entries, checkpoints: [], keys: [], files: [] }, of);
    const record = recordSheet(made);
    const { sheet } = evidenceList(made, { jurisdiction: 'CN', way: 'court' }, language, (seq) => record.pageOf(`${seq}`));
    const text = close((await pagesOf(await sheet.finish(() => '', ''))).join(''));
    const [told, untold] = [entries.filter(({ content }) => content !== null), sealed.filter(({ kind }) => kind === hidden)];
    for (const entry of told.filter(({ kind }) => !kind.startsWith('custody.'))) {
      const { what } = tell(entry, made.kase, words);
      expect(text, entry.kind).toContain(close(what));
      expect(text, entry.kind).toContain(
        close(`${authorName(authorOf(entry), words)}${words.comma}${what}${words.aside(words.case.receipt(entry.seq))}`),
      );
    }
    expect(untold.length).toBeGreaterThan(0);
    for (const { seq } of untold) expect(text).not.toContain(close(words.aside(words.case.receipt(seq))));
  },
);
