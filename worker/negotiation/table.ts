import { addDays, isDate } from '../plan/calendar.ts';
import { withoutInvisible } from '../plan/unseen.ts';

/** Tables as lenders' books and banks write them, read row by row: which column is which, and what stands in a cell. */

/** A row that says something, by its number as spreadsheets count. */
export type Line = { row: number; cells: readonly string[] };

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

/** Days of spreadsheets that are meant where a number stands for a day: of this century. */
const SERIALS = { from: 36_526, until: 73_050 };

/** The day that spreadsheets know by a number: days since 1899-12-30, or since 1904-01-01 in workbooks that say so. Null where it is none that a loan could have. */
export function dayOfSerial(serial: number, from1904 = false): string | null {
  const day = Math.floor(serial) + (from1904 ? 1_462 : 0);
  return day >= SERIALS.from && day <= SERIALS.until ? addDays('1899-12-30', day) : null;
}

/** A day as books write it: 2026-12-24, 2026/12/24, 2026.12.24, 2026年12月24日, 20261224, with a time after it or without; or the number by which a spreadsheet knows it. */
export function dayIn(text: string): string | null {
  if (/^\d{5}(?:\.\d+)?$/.test(text)) return dayOfSerial(Number(text));
  const found =
    /^(\d{4})(?: *[-/.年] *(\d{1,2}) *[-/.月] *(\d{1,2}) *日?|(\d{2})(\d{2}))(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$/.exec(
      text.normalize('NFKC').trim(),
    );
  if (!found) return null;
  const [, year = '', month = found[4] ?? '', day = found[5] ?? ''] = found;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? date : null;
}

/** A contract's number as rows have it: in one width, with plain spaces and dashes, without what cannot be seen. What `plainReference` makes of that is {@link plainContract}. */
export const writtenContract = (reference: string) =>
  withoutInvisible(reference.normalize('NFKC'))
    .replace(/\s/gu, ' ')
    .replace(/[\p{Pd}\u2212]/gu, '-');

/**
 * A contract's number as it is compared, in files, at joining, among cases and in what was asked: in one width, in capitals, without spaces, dashes of any kind and what cannot be
 * seen. The one rule. Capitals of ASCII alone, as SQLite knows them.
 */
export const plainContract = (reference: string) => storedContract(writtenContract(reference));

/** The same as `plainReference` reads a stored one, and as all were compared before: without spaces and hyphens, in capitals. */
export const storedContract = (reference: string) => capitals(reference.replace(/[ -]/g, ''));

/** By what the index of references finds a contract: as it is compared and, where its number was kept in another width or with other dashes, as it stands there. */
export const contractNames = (reference: string): string[] => [...new Set([plainContract(reference), storedContract(reference)])];

const capitals = (text: string) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
