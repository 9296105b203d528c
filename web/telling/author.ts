import { CAPACITIES } from '../../worker/negotiation/seats.ts';
import { Author } from '../../worker/record/format.ts';
import type { Words } from '../words/index.ts';

/** The author of an entry as a record holds it; null where the name was erased or is withheld. */
export function authorOf({ author }: { author?: unknown }): Author | null {
  if (typeof author !== 'object' || author === null) return null;
  const known = read.get(author);
  if (known !== undefined) return known;
  const found = Author.safeParse(author).data ?? null;
  // A thread asks of each entry several times, and its entries stay what they were found to be.
  if (Object.isFrozen(author)) read.set(author, found);
  return found;
}

const read = new WeakMap<object, Author | null>();

/** Whose entry it is, and for whom where somebody acts for another: of an author who is not named any more, nobody's in particular. */
export function authorName(author: Author | null, words: Words): string {
  if (!author) return words.case.erasedName;
  if (author.side === 'portal') return words.of('portal');
  return author.for ? words.representation.onBehalf({ name: author.name, of: author.for.name }) : author.name;
}

/** The capacity in which somebody acted; of one that this release does not know, the capacity itself. */
export function capacityName(capacity: string, words: Words): string {
  const known = CAPACITIES.find((one) => one === capacity);
  if (known) return words.capacity[known];
  return capacity === 'portal' ? words.capacity.portal : capacity;
}
