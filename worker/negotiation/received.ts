import { MAX_AMOUNT } from '../plan/format.ts';
import { HOME } from '../plan/law/place.ts';
import { METHODS, PaymentMade } from './payment.ts';
import type { Refusal } from './refusal.ts';
import { type ColumnNames, columnsAt, dayIn, plain } from './table.ts';

/** A day's payments as a lender's books or its bank list them: a table, read row by row, with what is wrong named by row and column. */

export const COLUMNS = ['contract', 'date', 'amount', 'method', 'reference'] as const;
export type Column = (typeof COLUMNS)[number];

/** Rows that are read of one file. */
const MAX_ROWS = 2_000;

/** What is wrong with a row. `row` counts as spreadsheets do, the line of names being 1; `column` is null where it is the file as a whole. */
export type Problem = { row: number; column: Column | null; why: Why };

export type Why =
  | { code: 'encoding' | 'rows' | 'column' | 'missing' | 'long' | 'date' | 'amount' | 'method' }
  /** The contract has no agreement in force here, or several. */
  | { code: 'contract' | 'contracts' }
  /** The number stands in another row of the file, or belongs to a payment of another case. */
  | { code: 'twice'; row: number }
  | { code: 'elsewhere' | 'failed' }
  | { code: 'refused'; refusal: Refusal };

/** A row that can be recorded. */
export type Received = { row: number; contract: string; payment: PaymentMade & { reference: string } };

/** The names of columns as people write them, and of methods, in small letters. */
export type Names = { columns: ColumnNames<Column>; methods: ReadonlyMap<string, PaymentMade['method']> };

/** Reads a table whose first line has the names of its columns, in any order; columns of other names are passed over, and so are empty rows. */
export function readReceived(
  table: readonly (readonly string[])[],
  names: Names,
): { rows: number; received: Received[]; refused: Problem[] } {
  const [head = [], ...body] = table;
  const at = columnsAt(head, names.columns);
  const lacking = COLUMNS.filter((column) => column !== 'method' && !at.has(column));
  if (lacking.length > 0) return { rows: 0, received: [], refused: lacking.map((column) => ({ row: 1, column, why: { code: 'column' } })) };
  const rows = body.map((cells, i) => ({ row: i + 2, cells })).filter(({ cells }) => cells.some((cell) => plain(cell) !== ''));
  if (rows.length > MAX_ROWS) return { rows: rows.length, received: [], refused: [{ row: 1, column: null, why: { code: 'rows' } }] };
  const received: Received[] = [];
  const refused: Problem[] = [];
  const seen = new Map<string, number>();
  for (const { row, cells } of rows) {
    const read = readRow(row, (column) => plain(cells[at.get(column) ?? -1] ?? ''), names);
    if (Array.isArray(read)) {
      refused.push(...read);
      continue;
    }
    const before = seen.get(read.payment.reference);
    if (before === undefined) received.push(read);
    else refused.push({ row, column: 'reference', why: { code: 'twice', row: before } });
    seen.set(read.payment.reference, before ?? row);
  }
  return { rows: rows.length, received, refused };
}

const MAX_CONTRACT = 80;

function readRow(row: number, cell: (column: Column) => string, names: Names): Received | Problem[] {
  const wrong: Problem[] = [];
  const note = (column: Column, code: 'missing' | 'long' | 'date' | 'amount' | 'method') => wrong.push({ row, column, why: { code } });
  for (const column of COLUMNS) if (column !== 'method' && cell(column) === '') note(column, 'missing');
  const [contract, on, amount, reference] = [cell('contract'), dayIn(cell('date')), amountIn(cell('amount')), cell('reference')];
  const method = methodIn(cell('method'), names);
  if (contract.length > MAX_CONTRACT) note('contract', 'long');
  if (cell('date') !== '' && on === null) note('date', 'date');
  if (cell('amount') !== '' && amount === null) note('amount', 'amount');
  if (method === null) note('method', 'method');
  const payment = PaymentMade.safeParse({ amount, on, method, reference });
  if (wrong.length === 0 && !payment.success) note('reference', 'long');
  if (wrong.length > 0 || !payment.success) return wrong;
  return { row, contract, payment: { ...payment.data, reference: payment.data.reference ?? reference } };
}

/** An amount in 元 with at most two decimals, with commas by threes or none, as 分. */
function amountIn(text: string): number | null {
  const found = /^(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d{1,2}))?$/.exec(text.replace(HOME.currency.before, ''));
  if (!found) return null;
  const [, whole = '', cents = ''] = found;
  const fen = Number(`${whole.replaceAll(',', '')}${cents.padEnd(2, '0')}`);
  return fen >= 1 && fen <= MAX_AMOUNT ? fen : null;
}

/** How it was paid; by the bank where nothing is said. */
function methodIn(text: string, { methods }: Names): PaymentMade['method'] | null {
  if (text === '') return 'bank-transfer';
  return methods.get(text.toLowerCase()) ?? METHODS.find((one) => one === text) ?? null;
}
