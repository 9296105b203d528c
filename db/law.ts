/**
 * `npm run --silent law < cases.ndjson`: one JSON document a line in (`worker/plan/FORMAT.md`, "Lines of the law"), its marks out, a line each, as a stream.
 * A line that cannot be read is answered with `input.invalid`; nothing stops the stream. Empty lines are passed over.
 */
import { lawAnswer } from '../worker/plan/law/answer.ts';
import { answerLines } from './lines.ts';

function answerLine(line: string | null): unknown {
  try {
    return lawAnswer(JSON.parse(line ?? ''));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return { refused: { code: 'input.invalid', fields: [{ path: '', bound: 'one JSON document a line, of at most 1 MiB' }] } };
  }
}

await answerLines(answerLine);
