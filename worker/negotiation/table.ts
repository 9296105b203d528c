import { isDate } from '../plan/calendar.ts';
import { withoutInvisible } from '../plan/unseen.ts';

/** Tables as lenders' books and banks write them, read row by row: which column is which, and what stands in a cell. */

/** The names of columns as people write them, as `columnName` reads them. */
export type ColumnNames<Column extends string> = ReadonlyMap<string, Column>;

/** What spreadsheets put around a cell, such as the sign that keeps a long number from being rounded (`'` or a tab). */
export const plain = (cell: string): string => cell.normalize('NFC').trim().replace(/^'/, '').trim();

/** A name of a column without width, case, spaces and marks, and without what is said of it in brackets, such as a unit. */
export function columnName(name: string): string {
  return withoutInvisible(plain(name).normalize('NFKC'))
    .toLowerCase()
    .replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/g, '')
    .replace(/[\s_\-.:*#/]/g, '');
}

/** Where each column stands in a line of names; the first of a name counts. */
export function columnsAt<Column extends string>(line: readonly string[], names: ColumnNames<Column>): Map<Column, number> {
  const at = new Map<Column, number>();
  for (const [i, name] of line.entries()) {
    const column = names.get(columnName(name));
    if (column && !at.has(column)) at.set(column, i);
  }
  return at;
}

/** A day as books write it: 2026-12-24, 2026/12/24, 2026.12.24, 2026年12月24日, 20261224, with a time after it or without. */
export function dayIn(text: string): string | null {
  const found =
    /^(\d{4})(?: *[-/.年] *(\d{1,2}) *[-/.月] *(\d{1,2}) *日?|(\d{2})(\d{2}))(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$/.exec(
      text.normalize('NFKC').trim(),
    );
  if (!found) return null;
  const [, year = '', month = found[4] ?? '', day = found[5] ?? ''] = found;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? date : null;
}
