import * as z from 'zod';
import type { Row } from '../plan/schedule.ts';
import { IsoDate, PositiveAmount } from '../plan/terms.ts';
import { agreedSchedule } from './agreement.ts';
import { afterWaivers, lessPaid } from './authority.ts';
import type { Case, Entry } from './case.ts';
import { command, type Decided } from './command.ts';
import { refuse } from './refusal.ts';
import { borrower, staff } from './seats.ts';
import { Line, Seq, Text } from './text.ts';

/** Payments under an agreement: the borrower reports one, the lender confirms or disputes it; the schedule shows what is paid, due, late. */

export const METHODS = ['bank-transfer', 'app', 'alipay', 'wechat', 'cash', 'other'] as const;

/** Payments that a case can hold: several for each of the instalments that a plan can have. */
export const MAX_PAYMENTS = 2_000;

export type Payment = {
  seq: number;
  amount: number;
  on: string;
  method: (typeof METHODS)[number];
  reference?: string;
  state: 'reported' | 'confirmed' | 'disputed';
};

export type Performance = { payments: Payment[]; overdue: number[] };

export const EMPTY: Performance = { payments: [], overdue: [] };

const Report = z.object({ amount: PositiveAmount, on: IsoDate, method: z.enum(METHODS), reference: Line(80).optional() });

export const entries = {
  'payment.reported': Report,
  'payment.confirmed': z.object({ payment: z.int() }),
  'payment.disputed': z.object({ payment: z.int(), words: z.string() }),
  'instalment.overdue': z.object({ no: z.int(), due: IsoDate, missing: z.int() }),
  'performance.completed': z.object({ paid: z.int() }),
};

const inForce = (kase: Case) => (kase.stage === 'in-force' ? null : refuse('agreement.not-in-force'));

const report = command({
  name: 'payment.report',
  input: Report,
  by: borrower,
  when: inForce,
  decide(kase, input, { today }) {
    if (kase.payments.length >= MAX_PAYMENTS) return refuse('case.full', { max: MAX_PAYMENTS });
    if (input.on > today) return refuse('payment.future', { field: 'on' });
    const left = agreedSchedule(kase).totals.paid - sum(kase, 'confirmed') - sum(kase, 'reported');
    if (input.amount > left) return refuse('payment.more-than-left', { field: 'amount', left });
    return [{ kind: 'payment.reported', content: input }];
  },
  gives: 'nothing',
});

const reported = (kase: Case) => inForce(kase) ?? (kase.payments.some(({ state }) => state === 'reported') ? null : refuse('payment.none'));

const confirm = command({
  name: 'payment.confirm',
  input: z.object({ payment: Seq }),
  by: staff,
  when: reported,
  decide(kase, { payment }) {
    const known = awaiting(kase, payment);
    if (!known) return refuse('payment.none', { field: 'payment' });
    const paid = sum(kase, 'confirmed') + known.amount;
    const confirmed: Decided = { kind: 'payment.confirmed', content: { payment } };
    if (paid < agreedSchedule(kase).totals.paid) return [confirmed];
    return [confirmed, { kind: 'performance.completed', content: { paid }, by: 'portal' }];
  },
  /** A receipt says that money came, and gives nothing. But what was paid before the day of the agreed figures is in them already: it would count twice. */
  gives(kase, { payment }) {
    const { agreement } = kase;
    if (!agreement) return null;
    const early = kase.payments.filter(({ on, state, seq }) => isCounted(kase, { on }) && (state === 'confirmed' || seq === payment));
    if (!early.some(({ seq }) => seq === payment)) return null;
    const twice = early.reduce((total, { amount }) => total + amount, 0);
    return { kept: lessPaid(afterWaivers(agreement.debt, agreement.terms), twice), why: { paidBefore: agreement.debt.asOf } };
  },
});

const dispute = command({
  name: 'payment.dispute',
  input: z.object({ payment: Seq, words: Text(2000) }),
  by: staff,
  when: reported,
  decide: (kase, { payment, words }) =>
    awaiting(kase, payment) ? [{ kind: 'payment.disputed', content: { payment, words } }] : refuse('payment.none', { field: 'payment' }),
  gives: 'nothing',
});

export const commands = { report, confirm, dispute };

function awaiting(kase: Case, seq: number): Payment | undefined {
  return kase.payments.find((payment) => payment.seq === seq && payment.state === 'reported');
}

function sum(kase: Case, state: Payment['state']): number {
  return kase.payments.reduce((total, payment) => (payment.state === state ? total + payment.amount : total), 0);
}

export type Standing = Row & { paid: number; state: 'paid' | 'late' | 'due' | 'part' | 'ahead' };

/** The agreed schedule as payments have left it on `today`: confirmed amounts fill the rows in order of their due dates. */
export function standing(kase: Case, today: string): { rows: Standing[]; paid: number; left: number; next: Standing | null } {
  const { rows, totals } = agreedSchedule(kase);
  let purse = sum(kase, 'confirmed');
  const paid = purse;
  const standings = rows.map((row): Standing => {
    const part = Math.min(purse, row.payment);
    purse -= part;
    return { ...row, paid: part, state: stateOf(row, part, today) };
  });
  const next = standings.find((row) => row.paid < row.payment) ?? null;
  return { rows: standings, paid, left: totals.paid - paid, next };
}

function stateOf(row: Row, paid: number, today: string): Standing['state'] {
  if (paid >= row.payment) return 'paid';
  if (row.due < today) return 'late';
  if (row.due === today) return 'due';
  return paid > 0 ? 'part' : 'ahead';
}

/** Whether a payment was made before the day of the agreed figures: then it is in them already. */
export function isCounted({ agreement }: Pick<Case, 'agreement'>, { on }: Pick<Payment, 'on'>): boolean {
  return agreement !== null && on < agreement.debt.asOf;
}

/** Entries for the instalments that have gone past their day unpaid, each once. */
export function overdueEntries(kase: Case, today: string): Decided[] {
  if (kase.stage !== 'in-force') return [];
  return standing(kase, today).rows.flatMap((row) =>
    row.no !== null && row.state === 'late' && !kase.overdue.includes(row.no)
      ? [{ kind: 'instalment.overdue', content: { no: row.no, due: row.due, missing: row.payment - row.paid }, by: 'portal' as const }]
      : [],
  );
}

export function evolve(kase: Case, entry: Entry): Case {
  switch (entry.kind) {
    case 'payment.reported':
      return {
        ...kase,
        payments: [...kase.payments, { seq: entry.seq, state: 'reported', ...(entry.content as z.infer<typeof Report>) } as Payment],
      };
    case 'payment.confirmed':
    case 'payment.disputed': {
      const { payment } = entry.content as { payment: number };
      const state = entry.kind === 'payment.confirmed' ? 'confirmed' : 'disputed';
      return { ...kase, payments: kase.payments.map((one) => (one.seq === payment ? { ...one, state } : one)) };
    }
    case 'instalment.overdue':
      return { ...kase, overdue: [...kase.overdue, (entry.content as { no: number }).no] };
    case 'performance.completed':
      return { ...kase, stage: 'completed' };
    default:
      return kase;
  }
}
