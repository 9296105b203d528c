import Papa from 'papaparse';
import { rowName } from '../../web/telling/schedule.ts';
import type { Words } from '../../web/words/index.ts';
import { plainAmount } from '../plan/amount.ts';
import type { Schedule } from '../plan/schedule.ts';

/** A schedule as CSV (RFC 4180) that spreadsheets open: UTF-8 with a byte order mark, amounts in 元 with two decimals, formulas made harmless. */
export function scheduleTable({ rows }: Schedule, words: Words): string {
  const { schedule: say } = words;
  const fields = [say.no, say.due, say.payment, say.fees, say.penalty, say.interest, say.principal, say.balance];
  const data = rows.map((row) => [
    rowName(row, words),
    row.due,
    ...[row.payment, row.fees, row.penalty, row.interest, row.principal, row.balance].map(plainAmount),
  ]);
  return `\uFEFF${Papa.unparse({ fields, data }, { escapeFormulae: true, newline: '\r\n' })}\r\n`;
}
