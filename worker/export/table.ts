import Papa from 'papaparse';
import { rowName } from '../../web/telling/schedule.ts';
import type { Words } from '../../web/words/index.ts';
import type { Instalment } from '../negotiation/instalments.ts';
import { plainAmount } from '../plan/amount.ts';
import { FORMULA } from './cells.ts';

/** A schedule as CSV (RFC 4180) that spreadsheets open: UTF-8 with a byte order mark, amounts in 元 with two decimals, formulas made harmless. Where one was moved, each has both days. */
export function scheduleTable({ rows }: { rows: readonly Instalment[] }, words: Words): string {
  const { schedule: say } = words;
  const isMoved = rows.some(({ moved }) => moved !== null);
  const fields = [
    say.no,
    say.due,
    say.payment,
    say.fees,
    say.penalty,
    say.interest,
    say.principal,
    say.balance,
    ...(isMoved ? [words.move.from] : []),
  ];
  const data = rows.map((row) => [
    rowName(row, words),
    row.due,
    ...[row.payment, row.fees, row.penalty, row.interest, row.principal, row.balance].map(plainAmount),
    ...(isMoved ? [row.moved ?? ''] : []),
  ]);
  return `\uFEFF${Papa.unparse({ fields, data }, { escapeFormulae: FORMULA, newline: '\r\n' })}\r\n`;
}
