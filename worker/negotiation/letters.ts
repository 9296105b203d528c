import { INVISIBLE, withoutInvisible } from '../plan/unseen.ts';
import { COVERAGE } from './coverage.ts';

/**
 * Which letters documents can draw, and with which font: what a name is checked against when it is given, and what a document is set from. Both
 * read the one table in `coverage.ts`, so that no name is taken that its agreement could not show.
 */

export type FontName = keyof typeof COVERAGE;

/** The face of every document; the others are read only where they are needed. */
export const FIRST_FONT: FontName = 'noto-sans-sc';

/** The same face in bold: it has every letter of the first font, and no other font has a bold one. */
export const BOLD_FONT = 'noto-sans-sc-bold' as const;

/** What a document can be set in: the fonts of the table, and the bold weight of the first. */
export type FaceName = FontName | typeof BOLD_FONT;

const isFont = (name: string): name is FontName => Object.hasOwn(COVERAGE, name);

/** In the order in which they are asked for a letter. */
const FONTS: readonly FontName[] = [
  FIRST_FONT,
  ...Object.keys(COVERAGE)
    .filter(isFont)
    .filter((name) => name !== FIRST_FONT),
];

/** A stretch of text in one font. Where no font has a letter, it stands as its code point, such as [U+1F642]. */
export type Run = { font: FontName; text: string };

const MONGOLIAN = /\p{Script=Mongolian}/u;
/** Scripts in which a joiner decides how two letters are written. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Mongolian}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Sinhala}]/u;

/** Pictures (emoji) of which a joiner makes one, and how the first may end. */
const PICTURE = /\p{Extended_Pictographic}/u;
const PICTURE_END = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;

const ranges = new Map<FontName, readonly [number, number][]>();

/** Ranges as the table writes them: gap since the last one and length less one, in base 36; a length of one is left out. */
function rangesOf(font: FontName): readonly [number, number][] {
  const known = ranges.get(font);
  if (known) return known;
  let at = 0;
  const read = COVERAGE[font].split(' ').map((one): [number, number] => {
    const [gap = '', more = '0'] = one.split('+');
    const from = at + Number.parseInt(gap, 36);
    at = from + Number.parseInt(more, 36);
    return [from, at];
  });
  ranges.set(font, read);
  return read;
}

function has(font: FontName, codePoint: number): boolean {
  const all = rangesOf(font);
  let [low, high] = [0, all.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from = 0, to = 0] = all[middle] ?? [];
    if (codePoint < from) high = middle - 1;
    else if (codePoint > to) low = middle + 1;
    else return true;
  }
  return false;
}

/** The first font that has a letter with all its marks, or the preferred one where it has. */
function fontOf(letter: string, preferred?: FontName): FontName | undefined {
  const points = Array.from(withoutInvisible(letter), (char) => char.codePointAt(0) ?? 0);
  const hasAll = (font: FontName) => points.every((point) => has(font, point));
  return preferred && hasAll(preferred) ? preferred : FONTS.find(hasAll);
}

/** Text as runs, in its own order, in the `preferred` font as far as it goes. Invisible characters go with the letter before them; those alone are left out. */
export function runsOf(text: string, preferred?: FontName): Run[] {
  const runs: Run[] = [];
  const add = (font: FontName, shown: string) => {
    const last = runs.at(-1);
    if (last?.font === font) last.text += shown;
    else runs.push({ font, text: shown });
  };
  for (const letter of lettersOf(text)) {
    if ([...letter].every((char) => INVISIBLE.test(char))) continue;
    const font = fontOf(letter, preferred);
    if (font === FIRST_FONT) add(font, withoutInvisible(letter));
    else if (font) add(font, letter);
    else for (const char of withoutInvisible(letter)) add(fontOf(char) ?? FIRST_FONT, fontOf(char) ? char : codePointOf(char));
  }
  return runs;
}

/** Letters with their marks, as a reader counts them. */
export function lettersOf(text: string): string[] {
  // Most text has no mark, no joiner and no old Hangul: there each code point is a letter, and the segmenter would cost ten times as much.
  if (!/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\p{Regional_Indicator}\u1100-\u11ff]/u.test(text))
    return Array.from(text);
  return Array.from(new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);
}

/** The first letter that no font has, alone or with the marks on it; null where documents can draw all of `text`. */
export function undrawable(text: string): string | null {
  return lettersOf(text).find((letter) => !fontOf(letter)) ?? null;
}

/** A letter by its number, as [U+1F642]. */
export function codePointOf(letter: string): string {
  return [...letter].map((char) => `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`).join('');
}

/**
 * A name without invisible characters, which somebody could not type again or could hide another name behind. What a script needs stays:
 * joiners between two letters of a script that joins or two pictures that make one, and the variation selectors and vowel separator of Mongolian after one of its letters.
 */
export function visible(name: string): string {
  const chars = [...name];
  return chars
    .filter((char, i) => {
      if (!INVISIBLE.test(char)) return true;
      const [before = '', after = ''] = [chars[i - 1], chars[i + 1]];
      if (/[\u200c\u200d]/.test(char))
        return (JOINING.test(before) && JOINING.test(after)) || (PICTURE_END.test(before) && PICTURE.test(after));
      return /[\u180b-\u180f]/.test(char) && MONGOLIAN.test(before);
    })
    .join('');
}
