import * as z from 'zod';
import type { Zone } from '../plan/law/place.ts';
import { endOfDay } from '../plan/law/zone.ts';
import type { Row } from '../plan/schedule.ts';
import { IsoDate, PositiveAmount } from '../plan/terms.ts';
import { agreedSchedule } from './agreement.ts';
import { afterWaivers, lessPaid } from './authority.ts';
import { command } from './command.ts';
import { type Case, type ContentsOf, type Decided, entry } from './entry.ts';
import { refuse } from './refusal.ts';
import { Line, Seq, Text } from './text.ts';
import { type Due, nobody, topic } from './topic.ts';

/** Payments under an agreement: the borrower reports one, the lender confirms or disputes it; the schedule shows what is paid, due, late. */

export const METHODS = ['bank-transfer', 'app', 'alipay', 'wechat', 'cash', 'other'] as const;

/** Payments that a case can hold: several for each of the instalments that a plan can have. */
const MAX_PAYMENTS = 2_000;

const Report = z.object({ amount: PositiveAmount, on: IsoDate, method: z.enum(METHODS), reference: Line(80).optional() });

export type Payment = z.infer<typeof Report> & { seq: number; state: 'reported' | 'confirmed' | 'disputed' };

export type Performance = { payments: Payment[]; overdue: number[] };

const entries = {
  'payment.reported': entry({
    content: Report,
    told: 'others',
    personal: false,
    evolve: (kase, { seq, content }) => ({ ...kase, payments: [...kase.payments, { seq, state: 'reported', ...content }] }),
  }),
  'payment.confirmed': entry({
    content: z.object({ payment: z.int() }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { payment } }) => answered(kase, payment, 'confirmed'),
  }),
  'payment.disputed': entry({
    content: z.object({ payment: z.int(), words: z.string() }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { payment } }) => answered(kase, payment, 'disputed'),
  }),
  'instalment.overdue': entry({
    content: z.object({ no: z.int(), due: IsoDate, missing: z.int() }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { no } }) => ({ ...kase, overdue: [...kase.overdue, no] }),
  }),
  'performance.completed': entry({
    content: z.object({ paid: z.int() }),
    told: 'others',
    personal: false,
    evolve: (kase) => ({ ...kase, stage: 'completed' }),
  }),
};

declare module './entry.ts' {
  interface Case extends Performance {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

function answered(kase: Case, seq: number, state: Payment['state']): Case {
  return { ...kase, payments: kase.payments.map((one) => (one.seq === seq ? { ...one, state } : one)) };
}

const inForce = (kase: Case) => (kase.stage === 'in-force' ? null : refuse('agreement.not-in-force'));

const report = command({
  name: 'payment.report',
  input: Report,
  needs: 'declare',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
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
  needs: 'review',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
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
  needs: 'review',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
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
  const rows = filled(kase).map((row): Standing => ({ ...row, state: stateOf(row, row.paid, today) }));
  const paid = sum(kase, 'confirmed');
  const next = rows.find((row) => row.paid < row.payment) ?? null;
  return { rows, paid, left: rows.reduce((total, { payment }) => total + payment, 0) - paid, next };
}

/** The rows of the agreed schedule, with what of each is paid. */
function filled(kase: Case): (Row & { paid: number })[] {
  let purse = sum(kase, 'confirmed');
  return agreedSchedule(kase).rows.map((row) => {
    const paid = Math.min(purse, row.payment);
    purse -= paid;
    return { ...row, paid };
  });
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

/** An instalment is late from the day after its own, where the parties are. */
function dueInstalments(kase: Case, zone: Zone): Due[] {
  if (kase.stage !== 'in-force') return [];
  return filled(kase).flatMap(({ no, due, payment, paid }) =>
    no === null || paid >= payment || kase.overdue.includes(no)
      ? []
      : [{ at: endOfDay(due, zone), entry: { kind: 'instalment.overdue', content: { no, due, missing: payment - paid }, by: 'portal' } }],
  );
}

export const performance = topic({ empty: { payments: [], overdue: [] }, entries, commands, due: dueInstalments, awaits: nobody });
