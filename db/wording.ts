/**
 * `npm run --silent wording < lines.ndjson`: `{"text", "side": "borrower"|"lender", "language"?, "affordable"?}` in, `{"marks": [{"kind", "from", "to", "words"}]}` out, a line
 * each, as a stream. `affordable` is what can be paid a month, in 分. A line that cannot be read is answered with `{"refused"}`; nothing stops the stream.
 */
import * as z from 'zod';
import { marksOf } from '../worker/wording/marks.ts';
import { answerLines } from './lines.ts';

const Line = z.object({
  text: z.string().max(20_000),
  side: z.enum(['borrower', 'lender']),
  language: z.string().optional(),
  affordable: z.int().nullish(),
});

function answerLine(line: string | null): unknown {
  try {
    const { text, side, affordable } = Line.parse(JSON.parse(line ?? ''));
    return { marks: marksOf(text, side, affordable ?? null).map(({ kind, from, to, words }) => ({ kind, from, to, words })) };
  } catch {
    return { refused: 'one JSON document a line: {"text", "side": "borrower" or "lender", "language"?, "affordable"?}' };
  }
}

await answerLines(answerLine);
