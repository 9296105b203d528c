import { type PDF, PdfArray, PdfDict, PdfName, PdfNumber, type PdfRef, PdfStream, PdfString } from '@libpdf/core';
import { isNarrow, proportional } from './quotes.ts';
import type { Shape } from './shaper.ts';
import { composite, readTrueType, subset, type TrueType, tablesOf } from './truetype.ts';

/** Codes of a font in a document, one for each letter or group of letters that is drawn as one, and how wide they are in thousandths of the size. */
export type Laid = { codes: number[]; width: number };

type Drawn = { text: string; advance: number; outline: Uint8Array };

/**
 * A font in one document (ISO 32000-2, 9.7): of its letters only those that were laid are embedded. A code stands for a letter *as written*, not for
 * a glyph: two letters that look alike keep a code each, so that what is copied is what was typed; what a script writes as one shape of several
 * letters, or of several glyphs, has one code too.
 */
export class Face {
  private readonly font: TrueType;
  private readonly drawn: Drawn[] = [];
  private readonly codes = new Map<string, number>();
  private readonly laid = new Map<string, Laid>();
  private readonly type0 = new PdfDict();
  private readonly pdf: PDF;
  private readonly name: string;
  private readonly bytes: Uint8Array;
  private readonly shape: Shape | null;
  private narrow: ReadonlyMap<number, number> | undefined;
  /** What a page refers to. */
  readonly ref: PdfRef;

  /** `bytes` is a TrueType file, `name` how it is called here; without `shape` each letter is set by itself. */
  constructor(pdf: PDF, name: string, bytes: Uint8Array, shape: Shape | null) {
    this.pdf = pdf;
    this.name = name;
    this.bytes = bytes;
    this.shape = shape;
    this.font = readTrueType(bytes);
    this.ref = pdf.register(this.type0);
  }

  /** The codes of a text, in the order in which they are drawn from left to right. */
  lay(text: string, rightToLeft: boolean): Laid {
    const key = `${rightToLeft ? 'r' : 'l'}${text}`;
    const known = this.laid.get(key);
    if (known) return known;
    const codes = this.shape ? this.shaped(this.shape, text, rightToLeft) : this.set(Array.from(text));
    const units = codes.reduce((sum, code) => sum + (this.drawn[code - 1]?.advance ?? 0), 0);
    const laid = { codes, width: (units * 1000) / this.font.unitsPerEm };
    this.laid.set(key, laid);
    return laid;
  }

  /** Letter by letter. */
  private set(letters: readonly string[]): number[] {
    return letters.map((letter, at) => this.plain(letter, isNarrow(letters, at)));
  }

  private plain(letter: string, narrow: boolean): number {
    const whole = this.font.glyphOf(letter.codePointAt(0) ?? 0);
    if (whole === 0) throw new Error(`${this.name} does not draw what its table says: ${letter}`);
    if (narrow) this.narrow ??= proportional(tablesOf(this.bytes).GSUB);
    const glyph = (narrow ? this.narrow?.get(whole) : undefined) ?? whole;
    return this.code(letter, `${glyph}`, () => ({
      text: letter,
      advance: this.font.advanceOf(glyph),
      outline: this.font.outlineOf(glyph),
    }));
  }

  /** Each cluster of the shaper's is one glyph of ours, made of its glyphs at their places. */
  private shaped(shape: Shape, text: string, rightToLeft: boolean): number[] {
    const glyphs = shape(text, rightToLeft);
    const starts = [...new Set(glyphs.map(({ cluster }) => cluster))].sort((a, b) => a - b);
    const order = [...new Set(glyphs.map(({ cluster }) => cluster))];
    return order.map((start) => {
      const letters = text.slice(start, starts[starts.indexOf(start) + 1]);
      const parts = glyphs.filter(({ cluster }) => cluster === start);
      if (parts.some(({ glyph }) => glyph === 0)) throw new Error(`${this.name} does not draw what its table says: ${letters}`);
      const key = parts.map(({ glyph, advance, x, y }) => `${glyph},${advance},${x},${y}`).join(';');
      return this.code(letters, key, () => {
        let pen = 0;
        const placed = parts.map(({ glyph, advance, x, y }) => {
          const at = { glyph, x: pen + x, y };
          pen += advance;
          return at;
        });
        return { text: letters, advance: pen, outline: composite(this.font, placed) };
      });
    });
  }

  private code(text: string, shape: string, draw: () => Drawn): number {
    const key = `${shape} ${text}`;
    const known = this.codes.get(key);
    if (known !== undefined) return known;
    const code = this.drawn.push(draw());
    this.codes.set(key, code);
    return code;
  }

  /** Writes the font into the document, once all is laid. `index` makes the tag of a subset, which is to differ within a document. */
  embed(index: number): void {
    const tag = Array.from({ length: 6 }, (_, i) => String.fromCharCode(65 + (i === 5 ? index % 26 : 0))).join('');
    const name = PdfName.of(`${tag}+${this.name}`);
    const scaled = (units: number) => Math.round((units * 1000) / this.font.unitsPerEm);
    const number = (value: number) => PdfNumber.of(value);
    const file = subset(
      this.font,
      this.drawn.map(({ outline, advance }) => ({ outline, advance })),
      tablesOf(this.bytes),
    );
    const descriptor = PdfDict.of({
      Type: PdfName.of('FontDescriptor'),
      FontName: name,
      Flags: number(4),
      FontBBox: new PdfArray(this.font.box.map((units) => number(scaled(units)))),
      ItalicAngle: number(0),
      Ascent: number(scaled(this.font.ascent)),
      Descent: number(scaled(this.font.descent)),
      CapHeight: number(scaled(this.font.ascent)),
      StemV: number(80),
      FontFile2: this.pdf.register(new PdfStream(PdfDict.of({ Length1: number(file.length) }), file)),
    });
    const descendant = PdfDict.of({
      Type: PdfName.of('Font'),
      Subtype: PdfName.of('CIDFontType2'),
      BaseFont: name,
      CIDSystemInfo: PdfDict.of({
        Registry: PdfString.fromString('Adobe'),
        Ordering: PdfString.fromString('Identity'),
        Supplement: number(0),
      }),
      FontDescriptor: this.pdf.register(descriptor),
      DW: number(1000),
      W: new PdfArray([number(1), new PdfArray(this.drawn.map(({ advance }) => number(scaled(advance))))]),
      CIDToGIDMap: PdfName.of('Identity'),
    });
    const map = new PdfStream(new PdfDict(), new TextEncoder().encode(toUnicode(this.drawn)));
    this.type0.set('Type', PdfName.of('Font'));
    this.type0.set('Subtype', PdfName.of('Type0'));
    this.type0.set('BaseFont', name);
    this.type0.set('Encoding', PdfName.of('Identity-H'));
    this.type0.set('DescendantFonts', new PdfArray([this.pdf.register(descendant)]));
    this.type0.set('ToUnicode', this.pdf.register(map));
  }
}

/** The map from codes to letters (ISO 32000-2, 9.10.3); a group of letters is the letters, in the order in which they are read. */
function toUnicode(drawn: readonly Drawn[]): string {
  const lines = drawn.map(
    ({ text }, i) => `<${hex(i + 1)}> <${Array.from({ length: text.length }, (_, k) => hex(text.charCodeAt(k))).join('')}>`,
  );
  const blocks: string[] = [];
  for (let i = 0; i < lines.length; i += 100) {
    const block = lines.slice(i, i + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`;
}

function hex(unit: number): string {
  return unit.toString(16).toUpperCase().padStart(4, '0');
}
