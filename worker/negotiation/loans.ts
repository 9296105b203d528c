import * as z from 'zod';
import { parseAmount, parsePercent } from '../plan/amount.ts';
import { MAX_AMOUNT } from '../plan/format.ts';
import { HOME } from '../plan/law/place.ts';
import type { FieldIssue } from './form.ts';
import { commands as life } from './life.ts';
import type { Refusal } from './refusal.ts';
import { type ColumnNames, columnsAt, dayIn, type Line, plain, plainContract } from './table.ts';

/** Loans as a lender's books list them, a row each, to open a case of each: a table, read row by row, with what is wrong named by row and column. */

export const LOAN_COLUMNS = [
  ...(['contract', 'name', 'principal', 'interest', 'penalty', 'fees'] as const),
  ...(['asOf', 'product', 'identity', 'rate', 'contractDate', 'phone', 'mail'] as const),
] as const;
export type LoanColumn = (typeof LOAN_COLUMNS)[number];

/** Without these no case is opened. A blank part of the debt is 0; without `asOf` the figures are today's. */
const NEEDED = ['contract', 'name', 'principal'] as const;

/** Rows that are read of one file by the command. */
export const MAX_LOANS = 50_000;

/** What is wrong with a row. `row` counts as spreadsheets do, the line of names being 1; `column` is null where it is the file as a whole. */
export type LoanProblem = { row: number; column: LoanColumn | null; why: LoanWhy };

export type LoanWhy =
  | { code: 'encoding' | 'empty' | 'rows' | 'column' | 'missing' | 'amount' | 'date' | 'rate' | 'identity' | 'failed' }
  /** A spreadsheet took it for a number and lost some of its digits. */
  | { code: 'digits' }
  /** A number or an address that none can be reached by, or of one of the lender's own people. */
  | { code: 'contact' | 'staff' }
  | { code: 'issue'; issue: FieldIssue }
  /** The contract stands in another row of the file, with other words. */
  | { code: 'twice'; row: number }
  | { code: 'refused'; refusal: Refusal };

export type LoanInput = z.output<typeof life.openByLender.input>;

/**
 * A row that a case can be opened of; `again` where one before it says the same. `identity`, the end of the borrower's identity number, is no part of what the case
 * says: a digest of it is kept, by which they may join. `phone` and `mail`, at which they can be invited, are as they stand there; '' where nothing does.
 */
export type LoanRow = { row: number; input: LoanInput; identity: string | null; phone: string; mail: string; again: boolean };

/** Where each column stands in a row. */
export type Mapping = ReadonlyMap<LoanColumn, number>;

/** Rows that say the contract of one before them, which can be read: whether they say the same of it. */
export type Repeated = ReadonlyMap<number, { before: number; same: boolean }>;

type Reading = { today: string; lenderName: string };

/** Lines above the one with the names, such as a title, are passed over; so many. */
const TITLE_LINES = 10;

/**
 * Reads a table of which a line has the names of the columns, in any order; columns of other names are passed over.
 * @param reading `today` is of figures of which no day is said, `lenderName` as the cases call the lender
 */
export function readLoans(
  table: readonly Line[],
  names: ColumnNames<LoanColumn>,
  reading: Reading,
): { rows: number; loans: LoanRow[]; refused: LoanProblem[] } {
  const { head, rows } = headOf(table, names);
  const at = columnsAt(head.cells, names);
  const lacking = lackingIn(at);
  if (lacking.length > 0)
    return { rows: rows.length, loans: [], refused: lacking.map((column) => ({ row: head.row, column, why: { code: 'column' } })) };
  return { rows: rows.length, ...readRows(rows, at, { ...reading, repeated: repeatedIn(rows, at, reading) }) };
}

/** The line of a table with the names of its columns, and the rows below: the one by which most columns are known, and the first where none is. */
export function headOf(table: readonly Line[], names: ColumnNames<LoanColumn>): { head: Line; rows: readonly Line[] } {
  const known = table.slice(0, TITLE_LINES + 1).map(({ cells }) => {
    const at = columnsAt(cells, names);
    return at.size + (lackingIn(at).length === 0 ? LOAN_COLUMNS.length : 0);
  });
  const named = Math.max(0, known.indexOf(Math.max(...known, 1)));
  return { head: table[named] ?? { row: 1, cells: [] }, rows: table.slice(named + 1) };
}

/** How many columns a file has: those of its line of names, and any beside them that have none. */
export const widthOf = (head: readonly string[], sample: readonly Pick<Line, 'cells'>[]): number =>
  Math.max(head.length, ...sample.map(({ cells }) => cells.length));

/** The columns without which no case is opened and that a mapping does not have. */
export const lackingIn = (at: Mapping): LoanColumn[] => NEEDED.filter((column) => !at.has(column));

/** A mapping as it is kept: what is none of a column of ours is passed over. */
export function mappingIn(kept: string): Mapping {
  const read = KeptMapping.safeParse(parsed(kept));
  return new Map(
    read.success ? LOAN_COLUMNS.flatMap((column) => (read.data[column] === undefined ? [] : [[column, read.data[column]]])) : [],
  );
}
export const mappingText = (at: Mapping): string => JSON.stringify(Object.fromEntries(at));
const KeptMapping = z.partialRecord(z.enum(LOAN_COLUMNS), z.int().nonnegative());

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const cellIn =
  (cells: readonly string[], at: Mapping): Cell =>
  (column) =>
    plain(cells[at.get(column) ?? -1] ?? '');

/** Which rows say again the contract of one before them. Only these are read for it. */
export function repeatedIn(rows: readonly Line[], at: Mapping, reading: Reading): Repeated {
  const byContract = Map.groupBy(rows, ({ cells }) => plainContract(cellIn(cells, at)('contract')));
  const repeated = new Map<number, { before: number; same: boolean }>();
  for (const some of byContract.values()) {
    if (some.length === 1) continue;
    const readable = some.map(({ row, cells }) => readLoan(row, cellIn(cells, at), reading)).filter((read) => 'input' in read);
    const [first, ...others] = readable;
    if (first) for (const other of others) repeated.set(other.row, { before: first.row, same: sameLoan(first, other) });
  }
  return repeated;
}

/** Reads some rows of a table, and says what is wrong with the others. */
export function readRows(
  rows: readonly Line[],
  at: Mapping,
  { repeated, ...reading }: Reading & { repeated: Repeated },
): { loans: LoanRow[]; refused: LoanProblem[] } {
  const loans: LoanRow[] = [];
  const refused: LoanProblem[] = [];
  for (const { row, cells } of rows) {
    const again = repeated.get(row);
    const read = readLoan(row, cellIn(cells, at), reading);
    if ('problems' in read) refused.push(...read.problems);
    else if (again && !again.same) refused.push({ row, column: 'contract', why: { code: 'twice', row: again.before } });
    else loans.push({ ...read, again: again !== undefined });
  }
  return { loans, refused };
}

type Cell = (column: LoanColumn) => string;

function readLoan(row: number, cell: Cell, { today, lenderName }: Reading): Omit<LoanRow, 'again'> | { problems: LoanProblem[] } {
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
  if (isRounded(cell('contract'))) note('contract', { code: 'digits' });
  const amount = (column: LoanColumn) => said(column, amountIn, () => ({ code: 'amount' })) ?? 0;
  const day = (column: LoanColumn) => said(column, dayIn, () => ({ code: 'date' }));
  const parts = { principal: amount('principal'), interest: amount('interest'), penalty: amount('penalty'), fees: amount('fees') };
  const asOf = day('asOf') ?? today;
  const contractDate = day('contractDate');
  const rate = said('rate', rateIn, () => ({ code: 'rate' }));
  // Short of four, zeros before them went: a sheet keeps none of a number.
  const identity = said('identity', identityIn, (text) => ({ code: isRounded(text) || /^\d{1,3}$/.test(text) ? 'digits' : 'identity' }));
  const product = cell('product');
  if (problems.length > 0) return { problems };
  const read = life.openByLender.input.safeParse(
    {
      loan: { reference: cell('contract'), ...(isBlank(product) ? {} : { product }) },
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
  if (read.success)
    return { row, input: read.data, identity, phone: said('phone', given, never) ?? '', mail: said('mail', given, never) ?? '' };
  return {
    problems: read.error.issues.map((issue) => {
      const path = issue.path.join('.');
      return { row, column: columnOf(path), why: { code: 'issue', issue: { path, issue, as: undefined } } };
    }),
  };
}

const given = (text: string) => text;
const never = (): LoanWhy => ({ code: 'contact' });

/** What stands for nothing in books. */
const isBlank = (text: string) => /^(?:|[-–—－/\\]+|n\/?a|null|无|空)$/i.test(text);

/** Whether a text is a number as spreadsheets write long ones (6.22202E+18): the digits behind are lost. */
export const isRounded = (text: string) => /^\d(?:\.\d+)?e\+\d+$/i.test(text);

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
const sameLoan = (a: Omit<LoanRow, 'again'>, b: Omit<LoanRow, 'again'>): boolean => saidIn(a) === saidIn(b);
const saidIn = ({ input: { loan, debt, borrowerName }, identity }: Omit<LoanRow, 'again'>) =>
  JSON.stringify([{ ...loan, reference: plainContract(loan.reference) }, debt, borrowerName, identity]);
