import { viewOf } from './truetype.ts';

/**
 * Quotation marks, which Chinese and English write with the same code points: “ ” ‘ ’. In a Chinese font they are as wide as a letter, which tears an English
 * word with an apostrophe apart; its proportional ones are other glyphs, named by the feature `pwid` (OpenType, registered features).
 */

const OPENING = '“‘';
const CLOSING = '”’';
const WIDE = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u;

/** Whether a letter of a text is a quotation mark that stands around, or in, what is not Chinese: as wide as what it holds. Looks no further than the letters beside it. */
export function isNarrow(letters: readonly string[], at: number): boolean {
  const letter = letters[at] ?? '';
  const step = OPENING.includes(letter) ? 1 : CLOSING.includes(letter) ? -1 : 0;
  if (step === 0 || letter === '') return false;
  let inside = at + step;
  while (/^[“‘”’]$/.test(letters[inside] ?? '')) inside += step;
  return !WIDE.test(letters[inside] ?? '');
}

/** The proportional glyph of each glyph that has one: the single substitutions of `pwid` (ISO/IEC 14496-22, GSUB lookup type 1, also by extension, 7). */
export function proportional(table: Uint8Array | undefined): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  if (!table) return found;
  const gsub = viewOf(table);
  const [features, lookups] = [gsub.getUint16(6), gsub.getUint16(8)];
  for (let i = 0; i < gsub.getUint16(features); i++) {
    const record = features + 2 + i * 6;
    if (gsub.getUint32(record) !== PWID) continue;
    const feature = features + gsub.getUint16(record + 4);
    for (let k = 0; k < gsub.getUint16(feature + 2); k++) {
      const lookup = lookups + gsub.getUint16(lookups + 2 + gsub.getUint16(feature + 4 + k * 2) * 2);
      for (let s = 0; s < gsub.getUint16(lookup + 4); s++) {
        const sub = lookup + gsub.getUint16(lookup + 6 + s * 2);
        const extended = gsub.getUint16(lookup) === EXTENSION;
        const type = extended ? gsub.getUint16(sub + 2) : gsub.getUint16(lookup);
        if (type === SINGLE) single(gsub, extended ? sub + gsub.getUint32(sub + 4) : sub, found);
      }
    }
  }
  return found;
}

const PWID = 0x70776964;
const SINGLE = 1;
const EXTENSION = 7;

/** Format 1 adds a delta to each glyph, format 2 lists what takes its place. */
function single(gsub: DataView, at: number, into: Map<number, number>): void {
  const glyphs = covered(gsub, at + gsub.getUint16(at + 2));
  const listed = gsub.getUint16(at) === 2;
  for (const [i, glyph] of glyphs.entries())
    into.set(glyph, listed ? gsub.getUint16(at + 6 + i * 2) : (glyph + gsub.getUint16(at + 4)) & 0xffff);
}

/** A coverage table: format 1 lists glyphs, format 2 ranges of them. */
function covered(gsub: DataView, at: number): number[] {
  const count = gsub.getUint16(at + 2);
  if (gsub.getUint16(at) === 1) return Array.from({ length: count }, (_, i) => gsub.getUint16(at + 4 + i * 2));
  return Array.from({ length: count }, (_, i) => at + 4 + i * 6).flatMap((range) => {
    const from = gsub.getUint16(range);
    return Array.from({ length: gsub.getUint16(range + 2) - from + 1 }, (_, i) => from + i);
  });
}
