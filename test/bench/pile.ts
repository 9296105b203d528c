import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { plainlySought } from '../../worker/negotiation/sought.ts';
import { addDays } from '../../worker/plan/calendar.ts';

/**
 * A pile of cases put into a casebook's file as lists know them: rows without a record, which no page proves, but which are read, sorted and found as any. What a case
 * comes to is as it may be: most of an age, few in arrears, names and contracts of every kind.
 */

const NAMES = ['孙晓梅', '王小雨', '陈建国', '李晓明', '古丽·买买提', '欧阳修文', 'İlknur Öz', '赵晓'];
const CAUSES = ['illness', 'job-loss', 'income-drop', 'family', 'business', null];
const STAGES = ['negotiating', 'negotiating', 'negotiating', 'agreed', 'in-force', 'in-force', 'in-arrears', 'completed', 'closed'];
const COLUMNS = [
  ...['id', 'number', 'lender', 'opened_at', 'seq', 'hash', 'last_at', 'stage', 'awaited', 'deadline', 'borrower', 'reference', 'amount'],
  ...['state', 'product', 'cause', 'need', 'due_on', 'marks', 'sought', 'assignee'],
];

/** @param file of the casebook @param today as the lists are asked */
export function pile(file: string, count: number, today: string): void {
  const db = new DatabaseSync(file, { timeout: 30_000 });
  try {
    db.exec('BEGIN');
    const put = db.prepare(`INSERT INTO cases (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`);
    for (let i = 0; i < count; i++) put.run(...rowOf(i, today));
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

/** As much as a snapshot of a case usually is. */
const STATE = JSON.stringify({ rules: 0, filler: 'x'.repeat(3_000) });

function rowOf(i: number, today: string): (string | number | null)[] {
  const chance = createHash('sha256').update(String(i)).digest();
  const of = <T>(all: readonly T[], at: number): T | null => all[chance.readUInt16BE(at) % all.length] ?? null;
  const id = chance.toString('hex').slice(0, 32);
  const stage = of(STAGES, 4) ?? 'negotiating';
  const name = of(NAMES, 6) ?? '';
  const reference = `CT-2026-${String(i).padStart(16, '0')}`;
  const open = stage !== 'completed' && stage !== 'closed';
  const negotiating = stage === 'negotiating';
  const opened = `${addDays(today, -(chance.readUInt16BE(8) % 700))}T02:00:00.000Z`;
  const last = `${addDays(today, -(chance.readUInt16BE(10) % 60))}T0${chance.readUInt8(12) % 9}:00:00.000Z`;
  return [
    ...[id, `HY-${id.slice(0, 4).toUpperCase()}-${id.slice(4, 8).toUpperCase()}${i}`, 'acme', opened, 3, id, last, stage],
    ...[negotiating ? of(['borrower', 'lender'], 14) : null, null, name, reference, chance.readUInt32BE(16) % 5_000_000, STATE, null],
    ...[of(CAUSES, 20), negotiating ? of(['answer', null], 22) : null, open ? addDays(today, (chance.readUInt16BE(24) % 40) - 10) : null],
    ...[marksOf(chance.readUInt8(26)), `${plainlySought(reference)}\n${plainlySought(name)}`, of(['lin', 'zhou', null], 28)],
  ];
}

/** One of forty asked for a person, some complain, some are at an impasse. */
const marksOf = (chance: number): number => (chance % 40 === 0 ? 2 : 0) + (chance % 50 === 1 ? 4 : 0) + (chance % 60 === 2 ? 16 : 0);

if (import.meta.main) {
  const [file = '', count = '0', today = ''] = process.argv.slice(2);
  pile(file, Number(count), today);
}
