import type * as z from 'zod';
import { parseAmount, parsePercent } from '../plan/amount.ts';
import { MAX_AMOUNT } from '../plan/format.ts';
import { HOME } from '../plan/law/place.ts';
import type { FieldIssue } from './form.ts';
import { commands as life } from './life.ts';
import type { Refusal } from './refusal.ts';
import { type ColumnNames, columnsAt, dayIn, type Line, plain } from './table.ts';

/** Loans as a lender's books list them, a row each, to open a case of each: a table, read row by row, with what is wrong named by row and column. */

export const LOAN_COLUMNS = [
  ...(['contract', 'name', 'principal', 'interest', 'penalty', 'fees'] as const),
  ...(['asOf', 'product', 'identity', 'rate', 'contractDate'] as const),
] as const;
export type LoanColumn = (typeof LOAN_COLUMNS)[number];

/** Without these no case is opened. A blank part of the debt is 0; without `asOf` the figures are today's. */
const NEEDED = ['contract', 'name', 'principal'] as const;

/** Rows that are read of one file by the command. */
export const MAX_LOANS = 50_000;

/** What is wrong with a row. `row` counts as spreadsheets do, the line of names being 1; `column` is null where it is the file as a whole. */
export type LoanProblem = { row: number; column: LoanColumn | null; why: LoanWhy };

export type LoanWhy =
  | { code: 'encoding' | 'empty' | 'rows' | 'column' | 'missing' | 'date' | 'rate' | 'identity' | 'failed' }
  | { code: 'amount'; typed: string }
  | { code: 'issue'; issue: FieldIssue }
  /** The contract stands in another row of the file, with other words. */
  | { code: 'twice'; row: number }
  | { code: 'refused'; refusal: Refusal };

export type LoanInput = z.output<typeof life.openByLender.input>;

/** A row that a case can be opened of. */
export type LoanRow = { row: number; input: LoanInput };

/** Lines above the one with the names, such as a title, are passed over; so many. */
const TITLE_LINES = 10;

/**
 * Reads a table of which a line has the names of the columns, in any order; columns of other names are passed over, and so are empty rows.
 * @param today of figures of which no day is said
 * @param lenderName as the cases call the lender
 */
export function readLoans(
  table: readonly Line[],
  names: ColumnNames<LoanColumn>,
  { today, lenderName }: { today: string; lenderName: string },
): { rows: number; loans: LoanRow[]; refused: LoanProblem[] } {
  const isNamed = ({ cells }: Line) => NEEDED.every((column) => columnsAt(cells, names).has(column));
  const named = Math.max(0, table.slice(0, TITLE_LINES).findIndex(isNamed));
  const at = columnsAt(table[named]?.cells ?? [], names);
  const rows = table.slice(named + 1);
  const lacking = NEEDED.filter((column) => !at.has(column));
  const head = table[named]?.row ?? 1;
  if (lacking.length > 0)
    return { rows: rows.length, loans: [], refused: lacking.map((column) => ({ row: head, column, why: { code: 'column' } })) };
  const loans: LoanRow[] = [];
  const refused: LoanProblem[] = [];
  for (const { row, cells } of rows) {
    const read = readLoan(row, (column) => plain(cells[at.get(column) ?? -1] ?? ''), { today, lenderName });
    if ('problems' in read) refused.push(...read.problems);
    else loans.push(read);
  }
  return { rows: rows.length, loans, refused };
}

type Cell = (column: LoanColumn) => string;

function readLoan(
  row: number,
  cell: Cell,
  { today, lenderName }: { today: string; lenderName: string },
): LoanRow | { problems: LoanProblem[] } {
  const problems: LoanProblem[] = [];
  const note = (column: LoanColumn, why: LoanWhy) => problems.push({ row, column, why });
  /** What a cell says by its reader; null where it says nothing, or what cannot be read. */
  const said = <T>(column: LoanColumn, read: (text: string) => T | null, why: (text: string) => LoanWhy): T | null => {
    const text = cell(column);
    if (isBlank(text)) return null;
    const value = read(text);
    if (value === null) note(column, why(text));
    return value;
  };
  for (const column of ['contract', 'name'] as const) if (isBlank(cell(column))) note(column, { code: 'missing' });
  const amount = (column: LoanColumn) => said(column, amountIn, (typed) => ({ code: 'amount', typed })) ?? 0;
  const day = (column: LoanColumn) => said(column, dayIn, () => ({ code: 'date' }));
  const parts = { principal: amount('principal'), interest: amount('interest'), penalty: amount('penalty'), fees: amount('fees') };
  const asOf = day('asOf') ?? today;
  const contractDate = day('contractDate');
  const rate = said('rate', rateIn, () => ({ code: 'rate' }));
  const identity = said('identity', identityIn, () => ({ code: 'identity' }));
  const product = cell('product');
  if (problems.length > 0) return { problems };
  const read = life.openByLender.input.safeParse(
    {
      loan: { reference: cell('contract'), ...(isBlank(product) ? {} : { product }), ...(identity === null ? {} : { identity }) },
      debt: {
        debt: { asOf, currency: HOME.currency.code, ...parts },
        ...(rate === null ? {} : { rate: { per: 'year', ppm: rate } }),
        ...(contractDate === null ? {} : { contractDate }),
      },
      borrowerName: cell('name'),
      lenderName,
    },
    { reportInput: true },
  );
  if (read.success) return { row, input: read.data };
  return {
    problems: read.error.issues.map((issue) => {
      const path = issue.path.join('.');
      return { row, column: columnOf(path), why: { code: 'issue', issue: { path, issue, as: undefined } } };
    }),
  };
}

/** What stands for nothing in books. */
const isBlank = (text: string) => /^(?:|[-–—－/\\]+|n\/?a|null|无|空)$/i.test(text);

/** An amount in 分. Spreadsheets put brackets of text formats and signs of a currency around it. */
function amountIn(text: string): number | null {
  const fen = parseAmount(text);
  return fen !== null && fen <= MAX_AMOUNT ? fen : null;
}

/** A yearly rate in ppm, with its sign or as a number of per cent; 0.18 may be meant as either of two, and is not guessed at. */
function rateIn(text: string): number | null {
  const ppm = parsePercent(text);
  return ppm === null || (ppm > 0 && ppm < 10_000 && !/[%％]/.test(text)) ? null : ppm;
}

/** The last four characters; of a whole number of an identity card no more is kept. */
function identityIn(text: string): string | null {
  const found = /^(?:\d{11}|\d{14})?([\dA-Z]{3}[\dXA-Z])$/.exec(text.normalize('NFKC').replace(/[\s*]/g, '').toUpperCase());
  return found?.[1] ?? null;
}

/** The column of a field of the command, or null. */
export function columnOf(path: string): LoanColumn | null {
  const last = path.split('.').at(-1) ?? '';
  if (path.startsWith('debt.rate')) return 'rate';
  if (last === 'reference') return 'contract';
  if (last === 'borrowerName') return 'name';
  return LOAN_COLUMNS.find((column) => column === last) ?? null;
}

/** What of a row makes it the same as another. */
export const sameLoan = (a: LoanInput, b: LoanInput): boolean =>
  JSON.stringify([a.loan, a.debt, a.borrowerName]) === JSON.stringify([b.loan, b.debt, b.borrowerName]);
