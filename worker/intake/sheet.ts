import { unzipSync } from 'fflate';
import { readSheet } from 'read-excel-file/universal';
import { cellsOf, textOfTable } from './table.ts';

/** For commands, as the library is more than the worker carries. A table as people keep it: CSV, or the first sheet of an XLSX file, as the texts of its cells, each row in its place. */

/** Bytes of an XLSX file unpacked: what is beyond is no table of loans, however small it was packed. */
const MOST_UNPACKED = 200 * 1024 * 1024;

/** A file that cannot be read as a table, and why. */
export type Unread = 'encoding' | 'broken';

/** @returns the cells, row by row, or why there are none */
export async function tableIn(bytes: Uint8Array): Promise<string[][] | Unread> {
  if (!isPacked(bytes)) {
    const text = textOfTable(bytes);
    return text === null ? 'encoding' : cellsOf(text);
  }
  try {
    if (unpackedSize(bytes) > MOST_UNPACKED) return 'broken';
    const rows = await readSheet(new Uint8Array(bytes).buffer, { trim: false, parseNumber: numberText });
    return rows.map((row) => row.map(cellText));
  } catch {
    return 'broken';
  }
}

/** ZIP's first four bytes. */
const isPacked = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** What the parts of a ZIP come to by its own list, of which nothing is unpacked here. */
function unpackedSize(bytes: Uint8Array): number {
  let sum = 0;
  unzipSync(bytes, {
    filter({ originalSize }) {
      sum += originalSize;
      return false;
    },
  });
  return sum;
}

/** A number as a sheet stores it, in binary floating point: without what that adds behind the tenth digit, and never with an exponent. */
export function numberText(stored: string): string {
  if (/^-?\d{1,15}$/.test(stored)) return stored;
  const value = Number(stored);
  if (!Number.isFinite(value)) return stored;
  // A long number of a contract, which the sheet has rounded already: its digits are shifted, as no double holds them.
  const [, sign = '', first = '', rest = '', power = ''] = /^(-?)(\d)(?:\.(\d+))?e\+?(\d+)$/i.exec(stored) ?? [];
  const digits = rest.replace(/0+$/, '');
  if (first !== '' && Number(power) >= digits.length) return `${sign}${first}${digits.padEnd(Number(power), '0')}`;
  if (Number.isInteger(value)) return stored.replace(/\.0*$/, '');
  return value.toFixed(10).replace(/\.?0+$/, '');
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  // A day stands in a sheet without a zone; the library gives it as that day in UTC.
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
}
