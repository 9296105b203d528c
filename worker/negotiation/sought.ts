import { INVISIBLE_ON_RECORD, withoutInvisible } from '../plan/unseen.ts';
import { DOTS } from './text.ts';

/** What cases are found by, and what is looked for, read alike: whatever people leave out or write otherwise is not there. */

/** Spaces, dots in names, hyphens in numbers, and what cannot be seen. */
const MARKS = new RegExp(`[\\s\\u00a0\\u3000${INVISIBLE_ON_RECORD}\\uff65\\uff0e${DOTS}\\-\\u2010-\\u2014]`, 'gu');

/** A text without case, width and marks between its letters. */
export function plainlySought(text: string): string {
  return withoutInvisible(text.normalize('NFKC')).replace(MARKS, '').toLowerCase();
}
