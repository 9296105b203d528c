import type { Line } from '../negotiation/table.ts';
import { linesIn, textOfTable } from './table.ts';
import { type Bounds, firstSheet, LAST_ROW, LONGEST_CELL, MOST_COLUMNS, TooManyRows } from './xlsx.ts';

/** A table as people keep it: CSV, or the first sheet of an XLSX file, as the texts of its cells, each row by its number. */

/** A file that cannot be read as a table, and why: `old` is of a spreadsheet's former format, or locked by a password. */
export type Unread = 'encoding' | 'broken' | 'old' | 'rows';

/** @returns the rows that say something, or why there are none */
export function tableIn(bytes: Uint8Array, bounds: Bounds): Line[] | Unread {
  if (begins(bytes, OLD)) return 'old';
  if (!begins(bytes, ZIP)) {
    // More than a sheet can have, most of them empty: millions of them fill the memory before the first is looked at.
    if (endsOf(bytes) > LAST_ROW) return 'rows';
    const text = textOfTable(bytes);
    if (text === null) return 'encoding';
    const lines = linesIn(text, { rows: bounds.rows, columns: MOST_COLUMNS, cell: LONGEST_CELL });
    return lines.length > bounds.rows ? 'rows' : lines;
  }
  try {
    return firstSheet(bytes, bounds);
  } catch (thrown) {
    return thrown instanceof TooManyRows ? 'rows' : 'broken';
  }
}

/** How files begin: those of spreadsheets before 2007, in which locked ones of today are wrapped too; and ZIP. */
const OLD = [0xd0, 0xcf, 0x11, 0xe0];
const ZIP = [0x50, 0x4b, 3, 4];

/** How many lines end, by whichever character it is. */
function endsOf(bytes: Uint8Array): number {
  let [feeds, returns] = [0, 0];
  for (const byte of bytes) {
    if (byte === 0x0a) feeds++;
    else if (byte === 0x0d) returns++;
  }
  return Math.max(feeds, returns);
}

const begins = (bytes: Uint8Array, with_: readonly number[]) => with_.every((byte, i) => bytes[i] === byte);
