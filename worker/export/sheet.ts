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
/** The inks of the pages, as `web/styles/tokens.css` has them: who speaks has the colour that they have there. */
const INKS = {
  full: [0.149, 0.122, 0.141],
  soft: [0.388, 0.353, 0.373],
  accent: [0.361, 0.173, 0.314],
  borrower: [0.58, 0.275, 0.102],
  lender: [0.176, 0.298, 0.541],
} as const;
export type Ink = keyof typeof INKS;
const paint = (ink: Ink) => {
  const [red, green, blue] = INKS[ink];
  return rgb(red, green, blue);
};
const LINE = rgb(0.8, 0.76, 0.71);
const BAND = rgb(0.96, 0.94, 0.91);
/** The height of a row of a table. */
const ROW = 17;
/** The side of a QR code. */
const QR = 76;
/** How far the words of an entry stand from the line of whose it is, which is drawn in the margin. */
const BESIDE = 8;

/** Marks that may not begin a line, and those that may not end one (GB/T 15834, and common Latin ones). */
const NOT_FIRST = /^[、。，；：？！）】」』》〉”’…·,.;:?!)\]%]/u;
const NOT_LAST = /[（【「『《〈“‘([¥]$/u;

/** How letters are drawn. */
type Hand = { size: number; ink?: Ink; bold?: boolean };

/** `first` is how much further in the first line begins. */
type Style = Partial<Hand> & { indent?: number; first?: number; after?: number; align?: 'left' | 'center' | 'right' };

/** What stands in a frame of its own: by the first line whose it is, on a line of its own who signs, and beneath what is said of them. */
export type Block = { title: string; ink: Ink; name: string | null; empty: string; lines: readonly string[] };

/** A piece of the first pages: what a line leads to, and the page that it is on once that is known. */
type Lead = { page: PDFPage; y: number; number: string };

/** An entry as it is set; `ink` is the colour of whose it is. */
export type Entry = { number: string; what: string; who: string; when: string; lines: readonly string[]; hash: string; ink: Ink };

export type Column = { name: string; width: number; end?: boolean };

export class Sheet {
  private readonly pdf: PDF;
  private readonly at: Date;
  private readonly faces: Faces;
  private readonly pages: PDFPage[] = [];
  private readonly places = new Map<string, number>();
  private readonly leads: Lead[] = [];
  /** The colour of the line that is drawn in the margin beside what is set. */
  private beside: Ink | null = null;
  private page: PDFPage;
  private y = 0;

  private constructor(pdf: PDF, fonts: Fonts, at: Date) {
    this.pdf = pdf;
    this.at = at;
    this.faces = new Faces(pdf, fonts);
    this.page = this.turn();
  }

  /** A document and the fonts that it may use, of which only the letters that it has end up in it. */
  static begin(fonts: Fonts, about: { title: string; language: string; at: string }): Sheet {
    const pdf = PDF.create();
    pdf.setTitle(about.title, { showInWindowTitleBar: true });
    pdf.setLanguage(about.language);
    pdf.setProducer('Heyi');
    const at = new Date(about.at);
    pdf.setCreationDate(at);
    pdf.setModificationDate(at);
    return new Sheet(pdf, fonts, at);
  }

  private turn(): PDFPage {
    this.page = this.pdf.addPage({ width: WIDTH, height: HEIGHT });
    this.pages.push(this.page);
    this.y = HEIGHT - MARGIN;
    return this.page;
  }

  /** What follows, so high, begins on the next page where this one does not hold it. */
  room(height: number): void {
    if (this.y - height < BOTTOM) this.turn();
  }

  /** What follows begins on a page of its own. */
  anew(): void {
    if (this.y < HEIGHT - MARGIN) this.turn();
  }

  private put(text: string, x: number, y: number, hand: Hand): void {
    this.write(this.page, text, x, y, hand);
  }

  private write(page: PDFPage, text: string, x: number, y: number, { size, ink = 'full', bold = false }: Hand): void {
    let at = x;
    const [red, green, blue] = INKS[ink];
    for (const { face, codes, width } of this.faces.line(text, bold)) {
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

  private width(text: string, { size, bold = false }: Hand): number {
    return this.faces.width(text, size, bold);
  }

  /** The size at which a line is no wider than there is room. */
  private fitting(text: string, hand: Hand, room: number): number {
    return Math.min(hand.size, (hand.size * room) / Math.max(1, this.width(text, hand)));
  }

  /** Empty paper. */
  space(height: number): void {
    this.y -= height;
  }

  title(text: string): void {
    const hand = { size: 20, bold: true };
    for (const line of this.wrap(text, hand, COLUMN)) {
      this.room(32);
      this.put(line, (WIDTH - this.width(line, hand)) / 2, this.y - 22, hand);
      this.y -= 30;
    }
    this.y -= 6;
  }

  /** A heading is never the last of a page: `keep` is how much of what follows is to stand with it, in points. */
  heading(text: string, keep = 58): void {
    this.room(38 + keep);
    this.y -= 12;
    this.page.drawRectangle({ x: MARGIN, y: this.y - 15, width: 3, height: 14, color: paint('accent') });
    this.put(text, MARGIN + 10, this.y - 13, { size: 13, bold: true });
    this.y -= 26;
  }

  paragraph(text: string, { size = 10.5, ink, bold, indent = 0, first = 0, after = 6, align = 'left' }: Style = {}): void {
    const hand = { size, ...(ink && { ink }), ...(bold && { bold }) };
    const leading = size * 1.65;
    const left = MARGIN + indent;
    for (const paragraph of text.split('\n')) {
      for (const [i, line] of this.wrapLine(paragraph, hand, COLUMN - indent, first).entries()) {
        this.room(leading);
        const free = COLUMN - indent - this.width(line, hand);
        const x = { left: left + (i === 0 ? first : 0), center: left + free / 2, right: left + free }[align];
        this.edge(leading);
        this.put(line, x, this.y - size, hand);
        this.y -= leading;
      }
    }
    this.edge(after);
    this.y -= after;
  }

  /** The line in the margin beside what is set next, where there is one. */
  private edge(height: number): void {
    if (this.beside === null) return;
    this.page.drawRectangle({ x: MARGIN - BESIDE, y: this.y - height, width: 2, height: height + 0.2, color: paint(this.beside) });
  }

  /** Numbered clauses, each with its number hanging. */
  clauses(items: readonly string[]): void {
    for (const [i, item] of items.entries()) {
      this.room(20);
      this.put(`${i + 1}.`, MARGIN, this.y - 10.5, { size: 10.5, bold: true });
      this.paragraph(item, { indent: 22 });
    }
  }

  /** Values by their names, two in a row. */
  facts(facts: readonly { name: string; value: string }[]): void {
    const half = (COLUMN - 16) / 2;
    const [name, value] = [{ size: 9, ink: 'soft' } as const, { size: 12, bold: true }];
    for (let i = 0; i < facts.length; i += 2) {
      this.room(38);
      for (const [k, fact] of facts.slice(i, i + 2).entries()) {
        const x = MARGIN + k * (half + 16);
        this.put(fact.name, x, this.y - 10, name);
        this.put(fact.value, x, this.y - 26, { ...value, size: this.fitting(fact.value, value, half) });
      }
      this.y -= 36;
    }
    this.y -= 4;
  }

  /** A line of contents: to which entry it leads, by its number, and at its end on which page that is. */
  lead(text: string, number: string, { ink = 'full' }: { ink?: Ink } = {}): void {
    const hand: Hand = { size: 9.5, ink };
    const lines = this.wrap(text, hand, COLUMN - 48);
    this.room(lines.length * 16);
    for (const line of lines) {
      this.put(line, MARGIN, this.y - 10, hand);
      this.y -= 16;
    }
    const last = MARGIN + this.width(lines.at(-1) ?? '', hand) + 6;
    const y = this.y + 6;
    for (let x = Math.ceil(last / 5) * 5; x < WIDTH - MARGIN - 26; x += 5)
      this.page.drawRectangle({ x, y, width: 0.8, height: 0.8, color: LINE });
    this.leads.push({ page: this.page, y, number });
  }

  rule(ink?: Ink): void {
    this.room(14);
    const color = ink ? paint(ink) : LINE;
    this.page.drawLine({
      start: { x: MARGIN, y: this.y - 4 },
      end: { x: WIDTH - MARGIN, y: this.y - 4 },
      color,
      thickness: ink ? 1.6 : 0.6,
    });
    this.y -= 12;
  }

  /** How much of a table is to stand with its heading: all of it where a page holds it, else its first rows. */
  tableKeep(rows: number): number {
    const whole = (rows + 1) * ROW;
    return whole + 40 <= HEIGHT - MARGIN - BOTTOM ? whole : 4 * ROW;
  }

  /** A table; its header stands again on each page that it goes on to, never with one or two rows alone. Widths are shares of the column. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[], total?: readonly string[]): void {
    const size = 9;
    const height = ROW;
    const whole = columns.reduce((sum, { width }) => sum + width, 0);
    const widths = columns.map(({ width }) => (width / whole) * COLUMN);
    const draw = (cells: readonly string[], hand: Omit<Hand, 'size'> = {}) => {
      let x = MARGIN;
      for (const [i, cell] of cells.entries()) {
        const width = widths[i] ?? 0;
        const shrunk = { ...hand, size: this.fitting(cell, { ...hand, size }, width - 6) };
        this.put(cell, columns[i]?.end ? x + width - 3 - this.width(cell, shrunk) : x + 3, this.y - 12, shrunk);
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
    const band = (cells: readonly string[]) => {
      this.page.drawRectangle({ x: MARGIN, y: this.y - height, width: COLUMN, height, color: BAND });
      draw(cells, { bold: true });
    };
    const header = () => band(columns.map(({ name }) => name));
    const last = total ? 1 : 0;
    this.room(height * Math.min(4, rows.length + 1 + last));
    header();
    for (const [i, row] of rows.entries()) {
      // The third from the end takes those after it along.
      const together = i === rows.length - Math.min(3, rows.length) ? rows.length - i + last : 1;
      if (this.y - height * together < BOTTOM) {
        this.turn();
        header();
      }
      draw(row);
    }
    if (total) band(total);
    this.y -= 12;
  }

  /** An entry of the record: its number in the margin, what happened, who and when, its lines, its hash; beside it a line in the colour of whose it is. */
  entry({ number, what, who, when, lines, hash, ink }: Entry): void {
    this.room(64);
    this.places.set(number, this.pages.length);
    const hand = { size: 8, ink: 'soft' } as const;
    this.put(number, MARGIN - BESIDE - 5 - this.width(number, hand), this.y - 10, hand);
    this.beside = ink;
    this.paragraph(what, { bold: true, after: 0 });
    const [name, moment] = [{ size: 9, ink } as const, { size: 9, ink: 'soft' } as const];
    this.edge(16);
    this.put(who, MARGIN, this.y - 9, { ...name, size: this.fitting(who, name, COLUMN - 120) });
    this.put(when, WIDTH - MARGIN - this.width(when, moment), this.y - 9, moment);
    this.y -= 16;
    for (const line of lines) this.paragraph(line, { size: 9.5, after: 0 });
    this.paragraph(hash, { size: 6.5, ink: 'soft', after: 0 });
    this.beside = null;
    this.y -= 12;
  }

  /** The day from which on what follows was said. */
  day(text: string): void {
    this.room(96);
    this.y -= 4;
    this.page.drawRectangle({ x: MARGIN - BESIDE, y: this.y - 18, width: COLUMN + BESIDE, height: 18, color: BAND });
    this.put(text, MARGIN, this.y - 13, { size: 9.5, bold: true });
    this.y -= 28;
  }

  /** Signatures side by side under their heading, with room for a hand: all of it on one page. */
  signatures(heading: string, blocks: readonly Block[]): void {
    const width = (COLUMN - 16 * (blocks.length - 1)) / blocks.length;
    const inner = width - 28;
    const small = { size: 9, ink: 'soft' } as const;
    const set = blocks.map((block) => ({ ...block, lines: block.lines.flatMap((line) => this.wrap(line, small, inner)) }));
    const height = 88 + Math.max(...set.map(({ lines }) => lines.length)) * 15 + 14;
    this.heading(heading, height + 8);
    for (const [i, { title, ink, name, empty, lines }] of set.entries()) {
      const x = MARGIN + i * (width + 16);
      const top = this.y;
      this.page.drawRectangle({ x, y: top - height, width, height, borderColor: LINE, borderWidth: 0.8 });
      this.page.drawRectangle({ x, y: top - 3, width, height: 3, color: paint(ink) });
      const head = { size: 10.5, ink, bold: true };
      this.put(title, x + 14, top - 23, { ...head, size: this.fitting(title, head, inner) });
      const signed: Hand = name === null ? small : { size: 16, bold: true };
      const text = name ?? empty;
      this.put(text, x + 14, top - 62, { ...signed, size: this.fitting(text, signed, inner) });
      this.page.drawLine({ start: { x: x + 14, y: top - 70 }, end: { x: x + 14 + inner, y: top - 70 }, color: LINE, thickness: 0.6 });
      for (const [k, line] of lines.entries()) this.put(line, x + 14, top - 87 - k * 15, small);
    }
    this.y -= height + 14;
  }

  /** A QR code (ISO/IEC 18004) with words beside it. */
  qr(content: string, words: readonly string[]): void {
    const { data, size } = encode(content, { border: 0, ecc: 'M' });
    const side = QR;
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
            color: paint('full'),
          });
      }
    }
    let y = this.y - 10;
    const hand = { size: 8.5, ink: 'soft' } as const;
    for (const text of words) {
      for (const line of this.wrap(text, hand, COLUMN - side - 16)) {
        this.put(line, MARGIN + side + 16, y, hand);
        y -= 13;
      }
    }
    this.y = Math.min(this.y - side - 12, y);
  }

  /** The page on which an entry begins, by its number. @throws where the document does not have it */
  pageOf(number: string): number {
    const page = this.places.get(number);
    if (page === undefined) throw new Error(`The document does not have entry ${number}.`);
    return page;
  }

  /** Attaches a file to the document, of the same moment as the document. */
  attach(name: string, bytes: Uint8Array, type: string, description: string): void {
    const { at } = this;
    this.pdf.addAttachment(name, bytes, { mimeType: type, description, createdAt: at, modifiedAt: at });
  }

  /** Writes the footers and the numbers of pages, and returns the document. `footer` says page n of all. */
  async finish(footer: (page: number, all: number) => string, left: string): Promise<Uint8Array<ArrayBuffer>> {
    for (const [i, page] of this.pages.entries()) {
      const text = footer(i + 1, this.pages.length);
      const hand = { size: 8, ink: 'soft' } as const;
      this.write(page, left, MARGIN, 36, hand);
      this.write(page, text, WIDTH - MARGIN - this.width(text, hand), 36, hand);
    }
    for (const { page, y, number } of this.leads) {
      const place = this.pageOf(number);
      const hand = { size: 9.5 };
      this.write(page, `${place}`, WIDTH - MARGIN - this.width(`${place}`, hand), y, hand);
    }
    this.faces.embed();
    return new Uint8Array(await this.pdf.save({ subsetFonts: true }));
  }

  private wrap(text: string, hand: Hand, width: number): string[] {
    return text.split('\n').flatMap((line) => this.wrapLine(line, hand, width));
  }

  private wrapLine(text: string, hand: Hand, width: number, first = 0): string[] {
    const lines: string[] = [];
    let line = '';
    // Pieces are measured each by itself: none joins with the next across a place where a line may break.
    let used = first;
    for (const piece of pieces(text)) {
      if (used + this.width(piece.trimEnd(), hand) <= width) {
        line += piece;
        used += this.width(piece, hand);
      } else {
        if (line !== '') lines.push(line.trimEnd());
        line = piece.trimStart();
        // A word longer than the line is broken between two letters, wherever it must be.
        while (this.width(line, hand) > width) {
          const letters = lettersOf(line);
          let end = Math.max(1, letters.length - 1);
          while (end > 1 && this.width(letters.slice(0, end).join(''), hand) > width) end--;
          lines.push(letters.slice(0, end).join(''));
          line = letters.slice(end).join('');
        }
        used = this.width(line, hand);
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
