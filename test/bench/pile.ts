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

/** What reports count of such a pile: the triggers of the casebook tally it. */
export function pileMilestones(file: string, count: number, today: string): void {
  const db = new DatabaseSync(file, { timeout: 30_000 });
  try {
    db.exec('BEGIN');
    const put = db.prepare(`INSERT INTO milestones (${MILESTONE.join(', ')}) VALUES (${MILESTONE.map(() => '?').join(', ')})`);
    for (let i = 0; i < count; i++) for (const one of milestonesOf(i, today)) put.run(...one);
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

const MILESTONE = ['"case"', 'kind', 'no', 'day', 'outcome', 'due', 'ended', 'days', 'amount', 'beyond', 'agent', 'product', 'policy'];
const PRODUCTS = ['消费贷', '现金分期', '教育分期', '信用卡', null];
const ANSWERS = ['answered', 'answered', 'answered', 'answered', 'open', 'lapsed', 'replaced', 'withdrawn'];
const AGREEMENTS = ['kept', 'kept', 'kept', 'arrears', 'broken', 'completed', 'unsigned'];

/** What reports count of a case of a year: ten things or so, by fifty people. */
function milestonesOf(i: number, today: string): (string | number | null)[][] {
  const chance = createHash('sha256').update(`milestones ${i}`).digest();
  const of = <T>(all: readonly T[], at: number): T | null => all[chance.readUInt8(at) % all.length] ?? null;
  const id = createHash('sha256').update(String(i)).digest('hex').slice(0, 32);
  const [product, policy, opened] = [of(PRODUCTS, 0), (chance.readUInt8(1) % 3) + 1, chance.readUInt16BE(2) % 330];
  const agent = `agent${chance.readUInt8(4) % 50}`;
  const day = (after: number) => addDays(today, Math.min(0, after - opened));
  type Said = { due?: string; ended?: string; days?: number; amount?: number; beyond?: number; agent?: null | string };
  const one = (kind: string, no: number, on: string, outcome: string, said: Said = {}) => [
    ...[id, kind, no, on, outcome, said.due ?? null, said.ended ?? null, said.days ?? null, said.amount ?? null, said.beyond ?? null],
    ...[said.agent === undefined ? agent : said.agent, product, policy],
  ];
  const took = chance.readUInt8(5) % 12;
  const answer = of(ANSWERS, 6) ?? 'open';
  const answered = answer === 'answered' ? { ended: day(1 + took), days: took } : { agent: null };
  const found = [
    one('opened', 1, day(0), '', { agent: i % 3 === 0 ? agent : null }),
    one('answer', 2, day(1), answer, { due: day(8), ...answered }),
    one('call', 4, day(2), of(['effective', 'unanswered', 'unreachable', 'contested'], 7) ?? ''),
    one('written', 5, day(3), 'talk.message'),
  ];
  if (i % 4 === 0)
    found.push(one('counter', 3, day(1), of(['accepted', 'declined', 'open', 'answered', 'lapsed'], 8) ?? '', { agent: '@policy' }));
  if (i % 16 === 0) found.push(one(`beyond.${of(['hours', 'effective', 'wish-writing'], 9)}`, 4, day(2), 'counted'));
  if (i % 2 === 1) return found;
  const stands = of(AGREEMENTS, 10) ?? 'kept';
  found.push(one('agreement', 6, day(20), stands, stands === 'unsigned' ? {} : { days: 10 + (chance.readUInt8(11) % 40) }));
  // What is beyond policy is as rare as it should be.
  const beyond = i % 400 === 0 ? 1_000 : 0;
  found.push(one('waived.penalty', 6, day(20), stands === 'unsigned' ? 'unsigned' : 'signed', { amount: 10_000 + beyond, beyond }));
  for (let n = 0; n < 3; n++) found.push(one('due', 1_000_000 + n, `${day(40 + 30 * n).slice(0, 7)}-01`, '', { amount: 50_000 }));
  found.push(one('paid', 7, day(45), '', { amount: 50_000 }));
  return found;
}

/** One of forty asked for a person, some complain, some are at an impasse. */
const marksOf = (chance: number): number => (chance % 40 === 0 ? 2 : 0) + (chance % 50 === 1 ? 4 : 0) + (chance % 60 === 2 ? 16 : 0);

if (import.meta.main) {
  const [file = '', count = '0', today = ''] = process.argv.slice(2);
  pile(file, Number(count), today);
  pileMilestones(file, Number(count), today);
}
