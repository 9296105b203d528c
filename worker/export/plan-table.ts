import { daysOff, type Hints, holidayNotes, rowName } from '../../web/telling/schedule.ts';
import { dateText, money, type Words } from '../../web/words/index.ts';
import type { Schedule } from '../plan/schedule.ts';
import type { Sheet } from './sheet.ts';

/** A schedule as a table of a document under its heading: row by row, with what is paid in all. */
export function planTable(sheet: Sheet, heading: string, { rows, totals }: Schedule, words: Words, hints: Hints | null = null): void {
  const off = new Set(hints ? daysOff(rows, hints) : []);
  const { schedule } = words;
  sheet.heading(heading, sheet.tableKeep(rows.length + 1));
  sheet.table(
    [
      { name: schedule.no, width: 6 },
      { name: schedule.due, width: 14 },
      { name: schedule.payment, width: 13, end: true },
      { name: schedule.fees, width: 10, end: true },
      { name: schedule.penalty, width: 10, end: true },
      { name: schedule.interest, width: 11, end: true },
      { name: schedule.principal, width: 13, end: true },
      { name: schedule.balance, width: 14, end: true },
    ],
    rows.map((row) => [
      rowName(row, words),
      off.has(row.due) ? `${dateText(words, row.due)} ${schedule.dayOff}` : dateText(words, row.due),
      money(row.payment),
      money(row.fees),
      money(row.penalty),
      money(row.interest),
      money(row.principal),
      money(row.balance),
    ]),
    [words.total, '', money(totals.paid), '', '', '', '', ''],
  );
  for (const note of hints ? holidayNotes(rows, hints, words) : []) sheet.paragraph(note, { size: 9, ink: 'soft' });
}
