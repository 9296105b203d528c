import Papa from 'papaparse';
import type { Line } from '../negotiation/table.ts';

/** A table that a spreadsheet or a bank wrote as CSV: commas, semicolons or tabs, in UTF-8 or, as Chinese spreadsheets still write it, in GB 18030. */

/** Bytes of one file. */
export const MAX_TABLE_BYTES = 524_288;

/** The text of a file; null where it is in neither encoding, or no text. */
export function textOfTable(bytes: Uint8Array): string | null {
  // What spreadsheets call Unicode text says by its first two bytes that it is UTF-16.
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  for (const encoding of marked ? [marked] : ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes('\0') ? null : text;
    } catch (thrown) {
      // Not of this encoding, or one that this runtime does not know.
      if (!(thrown instanceof TypeError || thrown instanceof RangeError)) throw thrown;
    }
  }
  return null;
}

/** The cells of a text, row by row. */
export function cellsOf(text: string): string[][] {
  const whole = text.replace(/^\uFEFF/, '');
  return Papa.parse<string[]>(whole, { delimiter: delimiterOf(whole) }).data;
}

/** The rows of a text that say something, as far as they are read: up to one more than so many, of each so many columns, of a cell so many characters. */
export function linesIn(text: string, most: { rows: number; columns: number; cell: number }): Line[] {
  const whole = text.replace(/^\uFEFF/, '');
  const lines: Line[] = [];
  let row = 0;
  Papa.parse<string[]>(whole, {
    delimiter: delimiterOf(whole),
    step({ data }, parser) {
      row++;
      if (!data.some((cell) => cell.trim() !== '')) return;
      lines.push({ row, cells: data.slice(0, most.columns).map((cell) => cell.slice(0, most.cell)) });
      if (lines.length > most.rows) parser.abort();
    },
  });
  return lines;
}

/** Rows by which it is seen what stands between cells: titles and the names of the columns are among them. */
const LOOKED_AT = 20;

/** What stands between cells: that by which a row of the first has most of them. */
function delimiterOf(text: string): string {
  const widths = [',', '\t', ';'].map((delimiter) => {
    const { data } = Papa.parse<string[]>(text, { delimiter, preview: LOOKED_AT });
    return { delimiter, width: Math.max(...data.map((row) => row.length), 0) };
  });
  return widths.reduce((best, one) => (one.width > best.width ? one : best)).delimiter;
}
