/**
 * `npm run --silent plan < cases.ndjson`: one JSON document of plan format 1 in, its answer out, a line each, as a stream.
 * A line that cannot be read is answered with `input.invalid`; nothing stops the stream. Empty lines are passed over.
 */
import { answerLine } from '../worker/plan/answer.ts';
import { answerLines } from './lines.ts';

await answerLines(answerLine);
