import type { PDF } from '@libpdf/core';
import bidi from 'bidi-js';
import { BOLD_FONT, type FaceName, FIRST_FONT, type Run, runsOf } from '../../negotiation/letters.ts';
import { Face, type Laid } from './face.ts';
import type { Shaper } from './shaper.ts';

/** The fonts that a document may use: at least the first in both its weights, and those that its letters need (`fontsFor`). */
export type Fonts = { files: ReadonlyMap<FaceName, Uint8Array>; shaper: Shaper | null };

/**
 * A stretch of a line as it is drawn: codes of one face, in order from left to right, right-to-left scripts too. That is the order in which
 * readers of PDF expect such letters, and from which they put them into the order of the text again when it is copied.
 */
export type Piece = Laid & { face: Face };

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The fonts that a document of these letters needs. */
export function fontsFor(text: string): FaceName[] {
  const letters = [...new Set(text)].join('');
  return [
    ...new Set<FaceName>([
      FIRST_FONT,
      BOLD_FONT,
      ...runsOf(text.normalize('NFC')).map(({ font }) => font),
      ...runsOf(letters).map(({ font }) => font),
    ]),
  ];
}

/** Lays lines of text out in the faces of a document: which font each letter has, in which order letters of both directions stand (UAX #9). */
export class Faces {
  private readonly faces = new Map<FaceName, Face>();
  private readonly lines = new Map<string, Piece[]>();

  private readonly pdf: PDF;
  private readonly fonts: Fonts;

  constructor(pdf: PDF, fonts: Fonts) {
    this.pdf = pdf;
    this.fonts = fonts;
  }

  /** A line in the order in which it is drawn; in bold, what another font draws stays as it is there. */
  line(text: string, bold = false): Piece[] {
    const key = `${bold ? 'b' : 'r'}${text}`;
    const known = this.lines.get(key);
    if (known) return known;
    const composed = text.normalize('NFC');
    const pieces = RIGHT_TO_LEFT.test(composed) ? this.mixed(composed, bold) : runsOf(composed).map((run) => this.piece(run, false, bold));
    this.lines.set(key, pieces);
    return pieces;
  }

  /** The width of a line in points. */
  width(text: string, size: number, bold = false): number {
    return (this.line(text, bold).reduce((sum, { width }) => sum + width, 0) * size) / 1000;
  }

  embed(): void {
    for (const [index, face] of [...this.faces.values()].entries()) face.embed(index);
  }

  private piece({ font, text }: Pick<Run, 'font' | 'text'>, rightToLeft: boolean, bold: boolean): Piece {
    const face = this.face(bold && font === FIRST_FONT ? BOLD_FONT : font);
    return { ...face.lay(text, rightToLeft), face };
  }

  /** Stretches of one direction and one font, put into the order of the eye: each sequence at or above a level turned round, highest first (UAX #9, L2). */
  private mixed(text: string, bold: boolean): Piece[] {
    const { levels } = bidi().getEmbeddingLevels(text, 'ltr');
    const stretches: (Pick<Run, 'font' | 'text'> & { level: number })[] = [];
    for (let at = 0; at < text.length; ) {
      let end = at + 1;
      while (end < text.length && levels[end] === levels[at]) end++;
      const level = levels[at] ?? 0;
      const stretch = text.slice(at, end);
      // The spaces and marks between two right-to-left words are of their font, so that whoever copies them gets the words in their order.
      const own = level % 2 === 1 ? runsOf(stretch).find(({ font }) => font !== FIRST_FONT)?.font : undefined;
      stretches.push(...runsOf(stretch, own).map((run) => ({ ...run, level })));
      at = end;
    }
    for (let level = Math.max(...stretches.map((one) => one.level)); level > 0; level--) {
      for (let at = 0; at < stretches.length; at++) {
        let end = at;
        while ((stretches[end]?.level ?? -1) >= level) end++;
        stretches.splice(at, end - at, ...stretches.slice(at, end).reverse());
        at = end;
      }
    }
    return stretches.map((one) => this.piece(one, one.level % 2 === 1, bold));
  }

  private face(name: FaceName): Face {
    const known = this.faces.get(name);
    if (known) return known;
    const bytes = this.fonts.files.get(name);
    if (!bytes) throw new Error(`The font ${name} was not read for this document.`);
    const face = new Face(this.pdf, name, bytes, isPlain(name) ? null : (this.fonts.shaper?.(bytes) ?? null));
    this.faces.set(name, face);
    return face;
  }
}

/** Chinese is set letter by letter; so are the rare letters of it. */
export const isPlain = (name: FaceName) => name === FIRST_FONT || name === BOLD_FONT || name.startsWith('rare-han');
