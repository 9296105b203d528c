import { authorName, authorOf } from '../../web/telling/author.ts';
import { plainLines } from '../../web/telling/plain.ts';
import { tell } from '../../web/telling/tell.ts';
import { momentText, type Words } from '../../web/words/index.ts';
import type { Case } from '../negotiation/case.ts';
import type { Recorded } from '../negotiation/entry.ts';

/** An entry in plain words: who, when, what, and the lines of its content. What the record as a document and the offline page both show. */
export type Narrated = { seq: number; who: string; when: string; what: string; lines: string[]; hash: string };

export function narrated(entry: Recorded & { hash: string }, kase: Case, words: Words): Narrated {
  const author = authorOf(entry);
  const { what, lines } = tell(entry, kase, words);
  const name = authorName(author, words);
  return {
    seq: entry.seq,
    who: !author || author.side === 'portal' ? name : `${name}${words.colon}${words.of(author.side)}`,
    when: momentText(words, entry.at),
    what,
    lines: plainLines(lines, words),
    hash: entry.hash,
  };
}
