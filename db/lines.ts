import { once } from 'node:events';

/** A line of text can be as long as this, in bytes; a plan's document is a few hundred, its largest some 60,000. */
export const MAX_LINE = 1_048_576;

/**
 * The lines of a stream of UTF-8 bytes, one at a time; null for one that is longer than `MAX_LINE`, which is never held whole. Only a line feed ends a
 * line (node:readline also breaks at U+2028, which a JSON text may hold); a byte order mark at the start is no part of the first.
 */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string | null> {
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = () => {
    const line = length > MAX_LINE ? null : decoder.decode(Buffer.concat(parts));
    parts = [];
    length = 0;
    return line;
  };
  const keep = (part: Uint8Array) => {
    length += part.length;
    if (length <= MAX_LINE) parts.push(part);
    else parts = [];
  };
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (length > 0) yield take();
}

/** Answers standard input line by line on standard output, a JSON document a line, as a stream; empty lines are passed over. */
export async function answerLines(answer: (line: string | null) => unknown): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  for await (const line of linesOf(process.stdin)) {
    if (line?.trim() === '') continue;
    if (!process.stdout.write(`${JSON.stringify(answer(line))}\n`)) await once(process.stdout, 'drain');
  }
}
