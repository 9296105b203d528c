import type { Line } from '../negotiation/table.ts';
import { dayOfSerial } from '../negotiation/table.ts';
import { inflateInto } from '../record/inflate.ts';
import { readZip, type Zip } from '../record/zip.ts';
import { xmlReader } from './xml.ts';

/**
 * The first sheet of a workbook (ECMA-376, Office Open XML) that can be seen, as texts of its cells. Read as it is unpacked, in bounded memory, so that no small file
 * stands for a large one; formulas come as what they came to when the file was saved, and nothing is worked out here.
 */

/** How much is read of a table: bytes that its parts unpack to, and rows that say something. */
export type Bounds = { unpacked: number; rows: number };

/** Thrown where a table has more rows than are read. */
export class TooManyRows extends Error {}

/** Columns that are read, and characters of a cell: no table of loans has more, and a field that is longer is refused as too long. */
export const MOST_COLUMNS = 200;
export const LONGEST_CELL = 1_000;
/** Texts that cells share, and formats: more than a sheet of so many rows says, so that no list of empty ones fills the memory. */
const MOST_STRINGS = 2_000_000;
const MOST_STYLES = 65_536;
/** Rows that a sheet can have. */
export const LAST_ROW = 1_048_576;

/** @throws where the file is no such workbook, or beyond the bounds; {@link TooManyRows} */
export function firstSheet(bytes: Uint8Array, bounds: Bounds): Line[] {
  const zip = readZip(bytes);
  if (!zip || zip.faults.some(({ code }) => code === 'bundle.doubled')) throw new Error('no archive');
  const parts = partsOf(zip, bounds.unpacked);
  const { sheet, from1904 } = sheetIn(parts);
  const styles = stylesIn(parts);
  const strings = stringsIn(parts);
  return linesIn(parts, sheet, { styles, strings, from1904, most: bounds.rows });
}

type Parts = { has(name: string): boolean; read(name: string, told: Parameters<typeof xmlReader>[0]): void };

/** The parts of a workbook, whose XML is read as it is unpacked: all of them together come to no more than `most` bytes. */
function partsOf({ entries }: Zip, most: number): Parts {
  const byName = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
  let left = most;
  return {
    has: (name) => byName.has(name.toLowerCase()),
    read(name, told) {
      const entry = byName.get(name.toLowerCase());
      if (!entry) throw new Error('a part is missing');
      const decoder = new TextDecoder('utf-8', { fatal: true });
      const take = xmlReader(told);
      const piece = (bytes: Uint8Array) => {
        left -= bytes.length;
        if (left < 0) throw new Error('unpacks to too much');
        take(decoder.decode(bytes, { stream: true }));
      };
      if (entry.packed) inflateInto(entry.data, 'raw', left, piece);
      else piece(entry.data);
      take(decoder.decode());
    },
  };
}

const WORKBOOK = 'xl/workbook.xml';

/** Where the first sheet is that is not hidden, and from when the workbook counts its days. */
function sheetIn(parts: Parts): { sheet: string; from1904: boolean } {
  let [wanted, from1904]: [string | null, boolean] = [null, false];
  parts.read(WORKBOOK, {
    open(name, attribute) {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute('date1904') ?? '');
      if (name === 'sheet' && wanted === null && (attribute('state') ?? 'visible') === 'visible') wanted = attribute('id');
    },
    close: () => undefined,
    text: () => undefined,
  });
  let target: string | null = null;
  parts.read('xl/_rels/workbook.xml.rels', {
    open(name, attribute) {
      if (name === 'Relationship' && attribute('Id') === wanted) target = attribute('Target');
    },
    close: () => undefined,
    text: () => undefined,
  });
  if (target === null) throw new Error('no sheet');
  const path: string = target;
  return { sheet: path.startsWith('/') ? path.slice(1) : `xl/${path}`, from1904 };
}

/** How numbers of a style are meant: as a day, as per cent, or with so many digits at least, as a format of zeros has them. */
type Style = 'day' | 'percent' | number;

/** Formats that every workbook has (ECMA-376, part 1, 18.8.30), of days and of per cent. */
const isBuiltInDay = (id: number) => (id >= 14 && id <= 22 && id !== 18 && id !== 19 && id !== 20 && id !== 21) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58); // biome-ignore format: ranges
const isBuiltInPercent = (id: number) => id === 9 || id === 10;

/** A format without what it only shows: texts, escaped characters, colours and places. */
const bare = (format: string) => format.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '');

function stylesIn(parts: Parts): Style[] {
  const name = 'xl/styles.xml';
  if (!parts.has(name)) return [];
  const own = new Map<number, string>();
  const styles: Style[] = [];
  let inCells = false;
  parts.read(name, {
    open(tag, attribute) {
      if (tag === 'numFmt') own.set(Number(attribute('numFmtId')), bare(attribute('formatCode') ?? ''));
      if (tag === 'cellXfs') inCells = true;
      if (tag !== 'xf' || !inCells) return;
      const id = Number(attribute('numFmtId') ?? 0);
      const format = own.get(id);
      const isDay = format === undefined ? isBuiltInDay(id) : /[yd]/i.test(format) && !/general/i.test(format);
      const isPercent = format === undefined ? isBuiltInPercent(id) : format.includes('%');
      const [, zeros = ''] = /^(0{2,30})(?:;|$)/.exec(format ?? '') ?? [];
      if (styles.length >= MOST_STYLES) throw new Error('too many formats');
      styles.push(isDay ? 'day' : isPercent ? 'percent' : zeros.length);
    },
    close(tag) {
      if (tag === 'cellXfs') inCells = false;
    },
    text: () => undefined,
  });
  return styles;
}

/** Texts that cells share: what a text says, without how it is to be pronounced. */
function stringsIn(parts: Parts): string[] {
  const name = 'xl/sharedStrings.xml';
  if (!parts.has(name)) return [];
  const strings: string[] = [];
  const said = textsIn();
  parts.read(name, {
    open: (tag) => {
      if (tag === 'si') said.begin();
      else said.open(tag);
    },
    close: (tag) => {
      if (tag !== 'si') said.close(tag);
      else if (strings.push(said.end()) > MOST_STRINGS) throw new Error('too many texts');
    },
    text: said.text,
  });
  return strings;
}

/** Collects the `t` of a text, in one piece or in runs of letters of one look; no longer than a cell is read. */
function textsIn() {
  let [text, inText, aside] = ['', false, false];
  return {
    begin() {
      [text, inText, aside] = ['', false, false];
    },
    open(tag: string) {
      if (tag === 'rPh') aside = true;
      if (tag === 't') inText = !aside;
    },
    close(tag: string) {
      if (tag === 'rPh') aside = false;
      if (tag === 't') inText = false;
    },
    text(said: string) {
      if (inText && text.length < LONGEST_CELL) text += said.slice(0, LONGEST_CELL - text.length);
    },
    // Characters that XML cannot hold stand as _x000D_ (ECMA-376, part 1, 22.9.2.19).
    end: () => text.replace(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  };
}

type Reading = { styles: readonly Style[]; strings: readonly string[]; from1904: boolean; most: number };

function linesIn(parts: Parts, sheet: string, reading: Reading): Line[] {
  const lines: Line[] = [];
  const inline = textsIn();
  let row = 0;
  let cells: string[] = [];
  let column = -1;
  let [type, style, value, inValue]: [string, Style, string, boolean] = ['n', 0, '', false];
  parts.read(sheet, {
    open(tag, attribute) {
      if (tag === 'row') {
        row = Number(attribute('r') ?? row + 1);
        if (!Number.isInteger(row) || row < 1 || row > LAST_ROW) throw new Error('no row');
        [cells, column] = [[], -1];
      } else if (tag === 'c') {
        column = columnIn(attribute('r')) ?? column + 1;
        type = attribute('t') ?? 'n';
        style = reading.styles[Number(attribute('s') ?? 0)] ?? 0;
        value = '';
        inline.begin();
      } else if (tag === 'v') inValue = true;
      else inline.open(tag);
    },
    close(tag) {
      if (tag === 'v') inValue = false;
      else if (tag === 'c') {
        const text = cellText(type === 'inlineStr' ? inline.end() : value, type, style, reading);
        if (text !== '' && column < MOST_COLUMNS) {
          while (cells.length < column) cells.push('');
          cells[column] = text;
        }
      } else if (tag === 'row') {
        if (!cells.some((cell) => cell.trim() !== '')) return;
        if (lines.length >= reading.most) throw new TooManyRows();
        lines.push({ row, cells });
      } else inline.close(tag);
    },
    text(said) {
      if (inValue && value.length < LONGEST_CELL) value += said.slice(0, LONGEST_CELL - value.length);
      else inline.text(said);
    },
  });
  return lines;
}

/** The place of a column by the name of a cell in it, such as AB12; from 0. */
function columnIn(name: string | null): number | null {
  const [letters] = /^[A-Z]{1,3}/.exec(name ?? '') ?? [];
  return letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : null;
}

function cellText(value: string, type: string, style: Style, { strings, from1904 }: Reading): string {
  if (value === '') return '';
  if (type === 's') {
    const text = strings[Number(value)];
    if (text === undefined) throw new Error('a text is missing');
    return text;
  }
  // A text, what a formula came to as one, an error such as #N/A, yes or no, a day in letters.
  if (type !== 'n') return type === 'd' ? value.slice(0, 10) : value;
  const number = Number(value);
  if (style === 'day' && Number.isFinite(number)) return dayOfSerial(number, from1904) ?? value;
  if (style === 'percent' && Number.isFinite(number)) return `${numberText(String(Number((number * 100).toFixed(8))))}%`;
  const text = numberText(value);
  return typeof style === 'number' && /^\d+$/.test(text) ? text.padStart(style, '0') : text;
}

/**
 * A number as a sheet stores it, in binary floating point: without what that adds behind the tenth digit. Of a number sheets keep fifteen digits: one that is longer, such
 * as that of a contract, has lost its last ones. It is left as the power that it is (6.22202E+18), so that nobody takes zeros for them.
 */
export function numberText(stored: string): string {
  const value = Number(stored);
  if (/^-?\d{1,15}$/.test(stored) || !Number.isFinite(value)) return stored;
  if (Math.abs(value) >= 1e15) return value.toExponential().toUpperCase();
  return Number.isInteger(value) ? String(value) : value.toFixed(10).replace(/\.?0+$/, '');
}
