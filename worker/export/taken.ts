import { known } from '../negotiation/case.ts';
import type { Recorded } from '../negotiation/entry.ts';

/** The digests of the documents of a kind that a person has taken away, oldest first, as the record names them. */
export function takenBy(entries: readonly Recorded[], account: string, what: string): string[] {
  return entries.flatMap((recorded) => {
    const entry = known(recorded);
    if (entry?.kind !== 'custody.exported' || entry.content === null) return [];
    const { author, content } = entry;
    return author.account === account && content.what === what && content.digest ? [content.digest] : [];
  });
}
