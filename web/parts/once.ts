import type { JSX } from 'hono/jsx/jsx-runtime';
import { inOnePiece } from '../html/jsx-runtime.ts';
import { readBy, type Words } from '../words/index.ts';
import { BLANK, type Filled } from './view.ts';

/** Parts of pages that are the same for everybody who reads a language: they are drawn once. */

const drawn = new Map<string, JSX.Element>();
/** Parts are few, in a few languages and by a few clocks. */
const MOST_DRAWN = 200;

/** A part as it was drawn first. @param name tells it from every other part, and from what it is elsewhere */
export function once(name: string, words: Words, draw: () => JSX.Element): JSX.Element {
  const key = `${readBy(words)} ${name}`;
  const known = drawn.get(key);
  if (known) return known;
  const made = inOnePiece(draw());
  if (drawn.size < MOST_DRAWN) drawn.set(key, made);
  return made;
}

/** The fields of a form: drawn once as they are while nothing is typed in them and nothing is wrong with them. `name` tells apart what a form of its scope may hold. */
export const fieldsOnce = (form: Filled, words: Words, draw: () => JSX.Element, name = ''): JSX.Element =>
  form.values === BLANK.values && form.errors === BLANK.errors ? once(`${form.scope} ${name}`, words, draw) : draw();
