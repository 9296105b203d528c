import { type Fact, type Facts, factOf, PLACES, type Place, piecesOf } from '../../worker/negotiation/places.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { dateText, money, type Words, wordsOf } from './index.ts';

/** Places of templates as people write and read them: their names in both languages, and what a case fills them with, as it is said. */

const plain = (name: string) => name.normalize('NFKC').trim().toLowerCase();

/** The names of the format, and as people of either language write them. */
const NAMES: ReadonlyMap<string, Place> = new Map([
  ...PLACES.map((place) => [plain(place), place] as const),
  ...LANGUAGES.flatMap((language) => PLACES.map((place) => [plain(wordsOf(language).templates.placeOf[place]), place] as const)),
]);

/** A text with places as they were typed, as it is kept: by the names of the format. What names no place stays as it is, to be refused. */
export function keptPlaces(typed: string): string {
  const text = typed.replaceAll('｛', '{').replaceAll('｝', '}');
  return written(text, (name) => NAMES.get(plain(name)) ?? name);
}

/** A text that was kept, with the names of places in the language of `words`. */
export function shownPlaces(text: string, { templates: { placeOf } }: Words): string {
  return written(text, (name) => PLACES.filter((place) => place === name).map((place) => placeOf[place])[0] ?? name);
}

function written(text: string, nameOf: (name: string) => string): string {
  return piecesOf(text)
    .map((piece) => ('text' in piece ? piece.text : `{${nameOf(piece.place)}}`))
    .join('');
}

/**
 * A text with what a case fills it with, in the language of `words`; or the places for which the case has nothing. It is read once: what is filled in, such as a
 * name with braces in it, is not read again.
 */
export function filledIn(text: string, facts: Facts, words: Words): { text: string } | { missing: Place[] } {
  const missing = new Set<Place>();
  const pieces = piecesOf(text).map((piece) => {
    if ('text' in piece) return piece.text;
    const place = NAMES.get(plain(piece.place));
    const fact = place === undefined ? null : factOf(facts, place);
    if (fact) return factText(fact, words);
    if (place !== undefined) missing.add(place);
    return '';
  });
  return missing.size > 0 ? { missing: [...missing] } : { text: pieces.join('') };
}

function factText(fact: Fact, words: Words): string {
  if (fact.type === 'amount') return money(fact.value);
  return fact.type === 'date' ? dateText(words, fact.value) : String(fact.value);
}
