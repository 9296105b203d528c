import { ops, PDF, type PDFPage, PdfDict, type PdfRef, PdfString, rgb } from '@libpdf/core';
import { encode } from 'uqr';
import { lettersOf } from '../negotiation/letters.ts';
import { Faces, type Fonts } from './font/faces.ts';

/** Typesetting of documents on A4: paragraphs that break where Chinese and Latin may break, tables whose header is on each page, footers. */

const WIDTH = 595.28;
const HEIGHT = 841.89;
const MARGIN = 62;
const BOTTOM = 64;
const COLUMN = WIDTH - 2 * MARGIN;
/** The inks of the pages, as `web/styles/tokens.css` has them. */
const FULL = [0.15, 0.12, 0.14] as const;
const SOFT = [0.39, 0.35, 0.37] as const;
const INK = rgb(...FULL);
const LINE = rgb(0.8, 0.76, 0.71);
const ACCENT = rgb(0.36, 0.17, 0.31);

/** Marks that may not begin a line, and those that may not end one (GB/T 15834, and common Latin ones). */
const NOT_FIRST = /^[、。，；：？！）】」』》〉”’…·,.;:?!)\]%]/u;
const NOT_LAST = /[（【「『《〈“‘([¥]$/u;

type Style = { size?: number; soft?: boolean; indent?: number; after?: number; align?: 'left' | 'center' };

export type Column = { name: string; width: number; end?: boolean };

export class Sheet {
  private readonly pdf: PDF;
  private readonly faces: Faces;
  private readonly pages: PDFPage[] = [];
  private page: PDFPage;
  private y = 0;

  private constructor(pdf: PDF, fonts: Fonts) {
    this.pdf = pdf;
    this.faces = new Faces(pdf, fonts);
    this.page = this.turn();
  }

  /** A document and the fonts that it may use, of which only the letters that it has end up in it. */
  static begin(fonts: Fonts, about: { title: string; language: string; at: string }): Sheet {
    const pdf = PDF.create();
    pdf.setTitle(about.title, { showInWindowTitleBar: true });
    pdf.setLanguage(about.language);
    pdf.setProducer('Heyi');
    pdf.setCreationDate(new Date(about.at));
    pdf.setModificationDate(new Date(about.at));
    return new Sheet(pdf, fonts);
  }

  private turn(): PDFPage {
    this.page = this.pdf.addPage({ width: WIDTH, height: HEIGHT });
    this.pages.push(this.page);
    this.y = HEIGHT - MARGIN;
    return this.page;
  }

  private room(height: number): void {
    if (this.y - height < BOTTOM) this.turn();
  }

  private put(text: string, x: number, y: number, size: number, soft = false): void {
    this.write(this.page, text, x, y, size, soft);
  }

  private write(page: PDFPage, text: string, x: number, y: number, size: number, soft: boolean): void {
    let at = x;
    const [red, green, blue] = soft ? SOFT : FULL;
    for (const { face, codes, width } of this.faces.line(text)) {
      page.drawOperators([
        ops.beginText(),
        ops.setNonStrokingRGB(red, green, blue),
        ops.setFont(nameOn(page, face.ref), size),
        ops.moveText(at, y),
        ops.showText(PdfString.fromBytes(bytesOf(codes))),
        ops.endText(),
      ]);
      at += (width * size) / 1000;
    }
  }

  private width(text: string, size: number): number {
    return this.faces.width(text, size);
  }

  title(text: string): void {
    for (const line of this.wrap(text, 20, COLUMN)) {
      this.room(32);
      this.put(line, (WIDTH - this.width(line, 20)) / 2, this.y - 22, 20);
      this.y -= 30;
    }
    this.y -= 6;
  }

  heading(text: string): void {
    // A heading is never the last line of a page.
    this.room(96);
    this.y -= 12;
    this.page.drawRectangle({ x: MARGIN, y: this.y - 15, width: 3, height: 14, color: ACCENT });
    this.put(text, MARGIN + 10, this.y - 13, 13);
    this.y -= 26;
  }

  paragraph(text: string, { size = 10.5, soft = false, indent = 0, after = 6, align = 'left' }: Style = {}): void {
    const leading = size * 1.65;
    for (const line of this.wrap(text, size, COLUMN - indent)) {
      this.room(leading);
      const x = align === 'center' ? (WIDTH - this.width(line, size)) / 2 : MARGIN + indent;
      this.put(line, x, this.y - size, size, soft);
      this.y -= leading;
    }
    this.y -= after;
  }

  /** Numbered clauses, each with its number hanging. */
  clauses(items: readonly string[]): void {
    for (const [i, item] of items.entries()) {
      this.room(20);
      this.put(`${i + 1}.`, MARGIN, this.y - 10.5, 10.5);
      this.paragraph(item, { indent: 22 });
    }
  }

  rule(): void {
    this.room(14);
    this.page.drawLine({ start: { x: MARGIN, y: this.y - 4 }, end: { x: WIDTH - MARGIN, y: this.y - 4 }, color: LINE, thickness: 0.6 });
    this.y -= 12;
  }

  /** A table; its header stands again on each page that it goes on to. Widths are shares of the column. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const size = 9;
    const height = 17;
    const whole = columns.reduce((sum, { width }) => sum + width, 0);
    const widths = columns.map(({ width }) => (width / whole) * COLUMN);
    const draw = (cells: readonly string[], soft: boolean) => {
      let x = MARGIN;
      for (const [i, cell] of cells.entries()) {
        const width = widths[i] ?? 0;
        const shrunk = Math.min(size, (size * (width - 6)) / Math.max(this.width(cell, size), 1));
        this.put(cell, columns[i]?.end ? x + width - 3 - this.width(cell, shrunk) : x + 3, this.y - 12, shrunk, soft);
        x += width;
      }
      this.page.drawLine({
        start: { x: MARGIN, y: this.y - height },
        end: { x: WIDTH - MARGIN, y: this.y - height },
        color: LINE,
        thickness: 0.5,
      });
      this.y -= height;
    };
    const header = () => {
      this.page.drawRectangle({ x: MARGIN, y: this.y - height, width: COLUMN, height, color: rgb(0.96, 0.94, 0.91) });
      draw(
        columns.map(({ name }) => name),
        true,
      );
    };
    this.room(height * 3);
    header();
    for (const row of rows) {
      if (this.y - height < BOTTOM) {
        this.turn();
        header();
      }
      draw(row, false);
    }
    this.y -= 12;
  }

  /** An entry of the record: its number in the margin, who and what, its lines, its hash. */
  entry(number: string, head: string, lines: readonly string[], hash: string): void {
    this.room(48);
    this.put(number, MARGIN - 8 - this.width(number, 9), this.y - 10, 9, true);
    this.paragraph(head, { after: 0 });
    for (const line of lines) this.paragraph(line, { size: 9.5, after: 0 });
    this.paragraph(hash, { size: 6.5, soft: true, after: 8 });
  }

  /** Blocks side by side, such as two signatures; kept together. */
  blocks(blocks: readonly { title: string; lines: readonly string[] }[]): void {
    const lines = Math.max(...blocks.map((block) => block.lines.length));
    const height = 44 + lines * 16;
    this.room(height);
    const width = (COLUMN - 16 * (blocks.length - 1)) / blocks.length;
    for (const [i, block] of blocks.entries()) {
      const x = MARGIN + i * (width + 16);
      this.page.drawRectangle({ x, y: this.y - height + 8, width, height: height - 8, borderColor: LINE, borderWidth: 0.8 });
      this.put(block.title, x + 12, this.y - 20, 10, true);
      for (const [k, line] of block.lines.entries()) {
        const size = k === 0 ? 14 : 9;
        this.put(line, x + 12, this.y - 42 - k * 17, Math.min(size, (size * (width - 24)) / Math.max(1, this.width(line, size))), k > 0);
      }
    }
    this.y -= height + 8;
  }

  /** A QR code (ISO/IEC 18004) with words beside it. */
  qr(content: string, words: readonly string[]): void {
    const { data, size } = encode(content, { border: 0, ecc: 'M' });
    const side = 76;
    this.room(side + 8);
    const cell = side / size;
    for (const [row, cells] of data.entries()) {
      for (const [column, dark] of cells.entries()) {
        if (dark)
          this.page.drawRectangle({
            x: MARGIN + column * cell,
            y: this.y - (row + 1) * cell,
            width: cell * 1.02,
            height: cell * 1.02,
            color: INK,
          });
      }
    }
    let y = this.y - 10;
    for (const text of words) {
      for (const line of this.wrap(text, 8.5, COLUMN - side - 16)) {
        this.put(line, MARGIN + side + 16, y, 8.5, true);
        y -= 13;
      }
    }
    this.y = Math.min(this.y - side - 12, y);
  }

  /** Attaches a file to the document. */
  attach(name: string, bytes: Uint8Array, type: string, description: string): void {
    this.pdf.addAttachment(name, bytes, { mimeType: type, description });
  }

  /** Writes the footers and returns the document. `footer` says page n of all. */
  async finish(footer: (page: number, all: number) => string, left: string): Promise<Uint8Array<ArrayBuffer>> {
    for (const [i, page] of this.pages.entries()) {
      const text = footer(i + 1, this.pages.length);
      this.write(page, left, MARGIN, 36, 8, true);
      this.write(page, text, WIDTH - MARGIN - this.width(text, 8), 36, 8, true);
    }
    this.faces.embed();
    return new Uint8Array(await this.pdf.save({ subsetFonts: true }));
  }

  private wrap(text: string, size: number, width: number): string[] {
    return text.split('\n').flatMap((line) => this.wrapLine(line, size, width));
  }

  private wrapLine(text: string, size: number, width: number): string[] {
    const lines: string[] = [];
    let line = '';
    // Pieces are measured each by itself: none joins with the next across a place where a line may break.
    let used = 0;
    for (const piece of pieces(text)) {
      if (used + this.width(piece.trimEnd(), size) <= width) {
        line += piece;
        used += this.width(piece, size);
      } else {
        if (line !== '') lines.push(line.trimEnd());
        line = piece.trimStart();
        // A word longer than the line is broken between two letters, wherever it must be.
        while (this.width(line, size) > width) {
          const letters = lettersOf(line);
          let end = Math.max(1, letters.length - 1);
          while (end > 1 && this.width(letters.slice(0, end).join(''), size) > width) end--;
          lines.push(letters.slice(0, end).join(''));
          line = letters.slice(end).join('');
        }
        used = this.width(line, size);
      }
    }
    lines.push(line.trimEnd());
    return lines;
  }
}

/** The pieces between which a line may break: each Chinese character is one, a Latin word is one, marks stay with their neighbours. */
function pieces(text: string): string[] {
  const atoms =
    text.match(/[\u2e80-\u9fff\uf900-\uffef\u{20000}-\u{3ffff}]|[^\s\u2e80-\u9fff\uf900-\uffef\u{20000}-\u{3ffff}]+\s*|\s+/gu) ?? [];
  const joined: string[] = [];
  for (const atom of atoms) {
    const last = joined.at(-1);
    if (last !== undefined && (NOT_FIRST.test(atom) || NOT_LAST.test(last))) joined[joined.length - 1] = last + atom;
    else joined.push(atom);
  }
  return joined;
}

/** The name of a font among a page's resources, where it is put at its first use. */
function nameOn(page: PDFPage, font: PdfRef): string {
  const resources = page.getResources();
  const fonts = resources.getDict('Font') ?? new PdfDict();
  resources.set('Font', fonts);
  const name = `F${font.objectNumber}`;
  fonts.set(name, font);
  return name;
}

function bytesOf(codes: readonly number[]): Uint8Array {
  return Uint8Array.from(codes.flatMap((code) => [code >> 8, code & 0xff]));
}
