/**
 * `npm run --silent plan < cases.ndjson`: one JSON document of plan format 1 in, its answer out, a line each, as a stream.
 * A line that cannot be read is answered with `input.invalid`; nothing stops the stream. Empty lines are passed over.
 */
import { once } from 'node:events';
import { answerLine } from '../worker/plan/answer.ts';
import { linesOf } from './lines.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

for await (const line of linesOf(process.stdin)) {
  if (line?.trim() === '') continue;
  if (!process.stdout.write(`${JSON.stringify(answerLine(line))}\n`)) await once(process.stdout, 'drain');
}
