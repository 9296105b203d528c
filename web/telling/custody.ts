import type { Restored, custody as topic } from '../../worker/negotiation/custody.ts';
import type { Words } from '../words/index.ts';
import { type Line, named, said, type Tellers, type Told } from './telling.ts';

/** What was taken away, what was erased, and that a record was set back on purpose, told. */

/** The same in each stream. */
export function tellRestored({ anchor, entries, reason }: Restored, { entry: say }: Words): Told {
  return {
    what: say['custody.restored'],
    lines: [
      { value: entries ? say.restoredFrom(entries) : say.restoredUnknown },
      named(say.restoredBecause, reason),
      named(say.restoredAnchor, String(anchor), { close: true }),
    ],
  };
}

export const custody: Tellers<typeof topic> = {
  'custody.exported': ({ content: { what, head, digest } }, _kase, words) => ({
    what: words.entry['custody.exported'](words.case.download[what]),
    lines: [{ value: words.entry.upTo({ seq: head }) }, ...(digest ? [named(words.case.fileDigest, digest, { close: true })] : [])],
  }),
  'custody.erased': ({ content: { entries: erased, files, reason, whole } }, _kase, words) => ({
    what: words.entry['custody.erased'](erased.length + files.length),
    lines: [
      ...(whole ? [{ value: words.entry.erasedWhole }] : []),
      ...said(reason),
      ...erased.map((seq): Line => ({ value: words.case.receipt(seq), about: { entry: seq }, close: true })),
      ...files.map((sha256) => named(words.case.fileDigest, sha256, { close: true })),
    ],
  }),
  'custody.restored': ({ content }, _kase, words) => tellRestored(content, words),
};
