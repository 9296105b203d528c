import * as z from 'zod';
import type { Zone } from '../plan/law/place.ts';
import { dayOf, endOfDay } from '../plan/law/zone.ts';
import type { Row } from '../plan/schedule.ts';
import { IsoDate } from '../plan/terms.ts';
import { cures } from './arrears.ts';
import { type Act, afterWaivers, lessPaid } from './authority.ts';
import { command, type Saying } from './command.ts';
import { type Case, type ContentsOf, type Decided, entry, sideOf, type Written } from './entry.ts';
import { filled, type Instalment } from './instalments.ts';
import { received, receivedSum, settleOn } from './owed.ts';
import { amountOf, isReceived, type Payment, PaymentMade, reportedSum } from './payment.ts';
import { type Refused, refuse } from './refusal.ts';
import type { Side } from './seats.ts';
import { binds, underAgreement } from './stage.ts';
import { Seq, Text } from './text.ts';
import { type Due, nobody, topic } from './topic.ts';

/**
 * Payments under an agreement. Either side records one, the other confirms or disputes it; whoever recorded it withdraws it while it is unanswered; the lender
 * reverses one that counts, with a reason. What counts is what the lender has said it received (`isReceived`); the schedule shows what is paid, due, late.
 */

/** Payments that a case can hold: several for each of the instalments that a plan can have. */
const MAX_PAYMENTS = 2_000;

export type Performance = { payments: Payment[]; overdue: number[] };

const Answered = z.object({ payment: z.int(), words: z.string() });

const entries = {
  'payment.reported': entry({
    content: PaymentMade,
    told: 'others',
    personal: false,
    evolve: (kase, written) => ({
      ...kase,
      payments: [...kase.payments, { seq: written.seq, side: sideOf(written), state: 'reported', ...written.content }],
    }),
  }),
  'payment.confirmed': entry({
    content: z.object({ payment: z.int(), reference: z.string().optional() }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { payment, reference } }) =>
      changed(kase, payment, { state: 'confirmed', ...(reference ? { receipt: reference } : {}) }),
  }),
  'payment.disputed': entry({ content: Answered, told: 'others', personal: false, evolve: ended('disputed') }),
  'payment.withdrawn': entry({
    content: Answered.extend({ words: z.string().optional() }),
    told: 'others',
    personal: false,
    evolve: ended('withdrawn'),
  }),
  'payment.reversed': entry({ content: Answered, told: 'others', personal: false, evolve: ended('reversed') }),
  'instalment.overdue': entry({
    content: z.object({ no: z.int(), due: IsoDate, missing: z.int() }),
    // The borrower is reminded of it in the morning.
    told: 'lender',
    personal: false,
    evolve: (kase, { content: { no } }) => ({ ...kase, overdue: [...kase.overdue, no] }),
  }),
  'performance.completed': entry({
    content: z.object({ paid: z.int(), on: IsoDate.optional(), overpaid: z.int().optional() }),
    told: 'others',
    personal: false,
    evolve: (kase) => ({ ...kase, stage: 'completed', arrears: null }),
  }),
  'performance.reopened': entry({
    content: z.object({ left: z.int() }),
    told: 'others',
    personal: false,
    evolve: (kase) => ({ ...kase, stage: kase.broken ? 'broken' : 'in-force', settlementAwaited: null }),
  }),
};

declare module './entry.ts' {
  interface Case extends Performance {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

function changed(kase: Case, seq: number, to: Partial<Payment>): Case {
  return { ...kase, payments: kase.payments.map((one) => (one.seq === seq ? { ...one, ...to } : one)) };
}

/** What it means that a payment was disputed, withdrawn or reversed. Instalments that it alone had paid are told of again, should they be late. */
function ended(state: 'disputed' | 'withdrawn' | 'reversed') {
  return (kase: Case, { content: { payment, words } }: Written<{ payment: number; words?: string | undefined }>): Case => {
    const next = changed(kase, payment, { state, ...(words ? { words } : {}) });
    if (kase.overdue.length === 0 || receivedSum(next) === receivedSum(kase)) return next;
    const paid = new Set(filled(kase, receivedSum(kase)).flatMap((row) => (row.paid >= row.payment ? [row.no] : [])));
    return { ...next, overdue: kase.overdue.filter((no) => !paid.has(no)) };
  };
}

/** The stages in which payments are recorded and answered: money may come, or turn out not to have come, after the last one too. */
const performing = (kase: Case) => (kase.stage === 'completed' ? null : underAgreement(kase));

/** Payments that one side recorded, of which a word of the other is awaited. */
export const toAnswer = ({ payments }: Pick<Case, 'payments'>, side: Side): Payment[] =>
  payments.filter((one) => one.state === 'reported' && one.side !== side);

const report = command({
  name: 'payment.report',
  input: PaymentMade,
  needs: 'pay',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
  when: performing,
  decide(kase, input, { today, seat: { side } }): Saying {
    if (input.on > today) return refuse('payment.future', { field: 'on' });
    const same = underReference(kase, input.reference);
    const isSame = same?.amount === input.amount && same.on === input.on;
    const awaited = side === 'lender' ? reportedAs(kase, input) : undefined;
    if (awaited) {
      const { reference } = input;
      const receipt = reference === undefined || reference === awaited.reference ? {} : { reference };
      const confirmed: Decided = { kind: 'payment.confirmed', content: { payment: awaited.seq, ...receipt } };
      return [confirmed, ...completes(changed(kase, awaited.seq, { state: 'confirmed' }), today)];
    }
    if (same) return refuse(isSame ? 'payment.known' : 'payment.reference-taken', { field: 'reference' });
    if (kase.payments.length >= MAX_PAYMENTS) return refuse('case.full', { max: MAX_PAYMENTS });
    const recorded: Decided = { kind: 'payment.reported', content: input };
    if (side === 'borrower') return [recorded];
    const next: Payment = { seq: kase.seq + 1, side, state: 'reported', ...input };
    return [recorded, ...completes({ ...kase, payments: [...kase.payments, next] }, today)];
  },
  gives: (kase, { amount, on }) => takenTwice(kase, { amount, on }),
});

/** A payment of that reference which stands: it was neither taken back nor found not to have come. */
function underReference({ payments }: Case, reference: string | undefined): Payment | undefined {
  if (reference === undefined) return undefined;
  return payments.find(
    (one) => (isReceived(one) || one.state === 'reported') && (one.reference === reference || one.receipt === reference),
  );
}

/** The borrower's report, unanswered, of the very payment that the lender records: by its reference or, where it has none, as the only one of that amount and day. */
function reportedAs({ payments }: Case, { amount, on, reference }: PaymentMade): Payment | undefined {
  const alike = payments.filter((one) => one.side === 'borrower' && one.state === 'reported' && one.amount === amount && one.on === on);
  const named = alike.find((one) => reference !== undefined && one.reference === reference);
  const [only, ...more] = alike.filter((one) => one.reference === undefined);
  return named ?? (more.length === 0 ? only : undefined);
}

const toConfirm = (kase: Case, { seat }: { seat: { side: Side } }) =>
  performing(kase) ?? (toAnswer(kase, seat.side).length > 0 ? null : refuse('payment.none'));

const confirm = command({
  name: 'payment.confirm',
  input: z.object({ payment: Seq }),
  needs: 'pay',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
  when: toConfirm,
  decide(kase, { payment }, { today, seat: { side } }) {
    if (!toAnswer(kase, side).some(({ seq }) => seq === payment)) return refuse('payment.none', { field: 'payment' });
    return [{ kind: 'payment.confirmed', content: { payment } }, ...completes(changed(kase, payment, { state: 'confirmed' }), today)];
  },
  gives(kase, { payment }) {
    const known = kase.payments.find(({ seq, side }) => seq === payment && side === 'borrower');
    return known ? takenTwice(kase, known) : null;
  },
});

/** A receipt says that money came, and gives nothing. But what was paid before the day of the agreed figures is in them already: it would count twice. */
function takenTwice(kase: Case, paid: Pick<Payment, 'amount' | 'on'>): Act | null {
  const { agreement } = kase;
  if (!agreement || !isCounted(kase, paid)) return null;
  const twice = amountOf(received(kase).filter((one) => isCounted(kase, one))) + paid.amount;
  return { kept: lessPaid(afterWaivers(agreement.debt, agreement.terms), twice), why: { paidBefore: agreement.debt.asOf } };
}

const dispute = command({
  name: 'payment.dispute',
  input: z.object({ payment: Seq, words: Text(2000) }),
  needs: 'pay',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
  when: toConfirm,
  decide: (kase, { payment, words }, { seat: { side } }) =>
    toAnswer(kase, side).some(({ seq }) => seq === payment)
      ? [{ kind: 'payment.disputed', content: { payment, words } }]
      : refuse('payment.none', { field: 'payment' }),
  gives: 'nothing',
});

const isOwnOpen = (side: Side) => (one: Payment) => one.side === side && one.state === 'reported';

const withdraw = command({
  name: 'payment.withdraw',
  input: z.object({ payment: Seq, words: Text(2000).optional() }),
  needs: 'pay',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
  when: (kase, { seat: { side } }) => performing(kase) ?? (kase.payments.some(isOwnOpen(side)) ? null : refuse('payment.none-own')),
  decide(kase, { payment, words }, { today, seat: { side } }) {
    if (!kase.payments.filter(isOwnOpen(side)).some(({ seq }) => seq === payment)) return refuse('payment.none-own', { field: 'payment' });
    const fixed = isFixed(kase, payment);
    if (fixed) return fixed;
    const withdrawn: Decided = { kind: 'payment.withdrawn', content: { payment, ...(words ? { words } : {}) } };
    return [withdrawn, ...reopens(changed(kase, payment, { state: 'withdrawn' }), today)];
  },
  gives: 'nothing',
});

/** Why a payment is not taken back: it is in figures that both have signed since, or the lender has signed that nothing more is owed. */
function isFixed({ agreement, settlement }: Case, payment: number): Refused | null {
  if (settlement) return refuse('settlement.issued-already');
  return agreement?.counted?.includes(payment) ? refuse('payment.in-figures', { field: 'payment' }) : null;
}

/** What the lender can reverse: what counts and was answered; what it recorded itself and nobody answered, it withdraws. */
export const isReversible = (one: Payment): boolean => isReceived(one) && one.state !== 'reported';

const reverse = command({
  name: 'payment.reverse',
  input: z.object({ payment: Seq, words: Text(2000) }),
  needs: 'review',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
  when: (kase) => performing(kase) ?? (kase.payments.some(isReversible) ? null : refuse('payment.none-received')),
  decide(kase, { payment, words }, { today }) {
    if (!kase.payments.filter(isReversible).some(({ seq }) => seq === payment))
      return refuse('payment.none-received', { field: 'payment' });
    const fixed = isFixed(kase, payment);
    if (fixed) return fixed;
    const reversed: Decided = { kind: 'payment.reversed', content: { payment, words } };
    return [reversed, ...reopens(changed(kase, payment, { state: 'reversed' }), today)];
  },
  gives: 'nothing',
});

export const commands = { report, confirm, dispute, withdraw, reverse };

/** That nothing is owed any more, or that arrears are cured, where a payment has brought a case to it. */
function completes(kase: Case, today: string): Decided[] {
  if (kase.stage === 'completed') return [];
  const { settledOn, overpaid } = settleOn(kase, today);
  if (settledOn === null) return cures(kase);
  const content = { paid: receivedSum(kase), on: settledOn, ...(overpaid > 0 ? { overpaid } : {}) };
  return [{ kind: 'performance.completed', content, by: 'portal' }];
}

/** That something is owed again, where a payment of a completed case no longer counts. */
function reopens(kase: Case, today: string): Decided[] {
  if (kase.stage !== 'completed') return [];
  const { settledOn, settle } = settleOn(kase, today);
  return settledOn === null ? [{ kind: 'performance.reopened', content: { left: settle }, by: 'portal' }] : [];
}

/**
 * An instalment as payments have left it: `paid` of its `payment`, in 分, and the state on a day. `settled`: nothing more is owed on it, as the whole was paid before.
 * `moved` is the day on which it was due by the agreement, where that is another than `due` now.
 */
export type Standing = Instalment & { paid: number; state: 'paid' | 'late' | 'due' | 'part' | 'ahead' | 'settled' };

/**
 * Where an agreement stands on a day, amounts in 分. By its schedule: `paid` (all that counts), `left` to pay, `late` (missing of instalments whose day has passed), `next` (the first
 * instalment of which something is left, or null; null too where the agreement was broken and the rest is due: all of it is late then). By actual time: `settle` ends it that day; `overpaid` is what came beyond all that was owed. `reported` is what
 * the borrower says was paid and the lender has not answered.
 */
export type StandingOn = {
  rows: Standing[];
  paid: number;
  reported: number;
  left: number;
  late: number;
  next: Standing | null;
  settle: number;
  overpaid: number;
  settledOn: string | null;
};

/** The agreed schedule as payments have left it on `today`: what counts fills the instalments in order of their days. @throws where the case has no agreement */
export function standing(kase: Case, today: string): StandingOn {
  const last = stood.get(kase);
  if (last?.today === today) return last.on;
  const on = standsOn(kase, today);
  // Several parts of a page ask. What is not frozen may be another the next time.
  if (Object.isFrozen(kase)) stood.set(kase, { today, on });
  return on;
}

/** Cases as they stood when they were asked for last. */
const stood = new WeakMap<Case, { today: string; on: StandingOn }>();

function standsOn(kase: Case, today: string): StandingOn {
  const paid = receivedSum(kase);
  const { settle, overpaid, settledOn } = settleOn(kase, today);
  const done = settledOn !== null;
  // Once the rest is due, no later day of an instalment stands any more: what is left is what settles it.
  const restDue = kase.broken?.restDue ? kase.broken.on : null;
  const since = ({ due }: Row) => (restDue !== null && restDue < due ? restDue : due);
  const rows = filled(kase, paid).map((row): Standing => ({ ...row, state: stateOf({ ...row, due: since(row) }, today, done) }));
  const missing = rows.filter(isOpen);
  return {
    rows,
    paid,
    reported: reportedSum(kase),
    left: kase.broken ? settle : amountOf(missing.map((row) => ({ amount: row.payment - row.paid }))),
    late:
      restDue !== null && restDue < today
        ? settle
        : amountOf(missing.flatMap((row) => (row.state === 'late' ? [{ amount: row.payment - row.paid }] : []))),
    next: restDue === null ? (missing[0] ?? null) : null,
    settle,
    overpaid,
    settledOn,
  };
}

/**
 * What of an agreement in force is left to pay by its schedule, and the next instalment with what of it is missing, in 分: what lists say, whatever day it is. Null
 * where none is in force.
 */
export function remaining(kase: Case): { left: number; next: { due: string; amount: number } | null } | null {
  if (!kase.agreement?.inForceAt || performing(kase)) return null;
  const lastPaid = received(kase).reduce((last, { on }) => (on > last ? on : last), kase.broken?.on ?? kase.agreement.debt.asOf);
  const { left, next } = standing(kase, lastPaid);
  return { left, next: next && { due: next.due, amount: next.payment - next.paid } };
}

/** Whether something of an instalment is still to be paid. */
const isOpen = ({ paid, payment, state }: Standing) => paid < payment && state !== 'settled';

function stateOf(row: Row & { paid: number }, today: string, settled: boolean): Standing['state'] {
  if (row.paid >= row.payment) return 'paid';
  if (settled) return 'settled';
  if (row.due < today) return 'late';
  if (row.due === today) return 'due';
  return row.paid > 0 ? 'part' : 'ahead';
}

/**
 * Whether a payment was made before the day of the agreed figures: then it is in them already. Those of a varied agreement are worked out from the payments
 * themselves: what was not received by then counts under it.
 */
export function isCounted({ agreement }: Pick<Case, 'agreement'>, { on }: Pick<Payment, 'on'>): boolean {
  return agreement !== null && agreement.counted === undefined && on < agreement.debt.asOf;
}

/** An instalment is late from the day after its own, where the parties are; not while the lender has yet to answer that what is missing was paid. */
function dueInstalments(kase: Case, zone: Zone): Due[] {
  if (!binds(kase)) return [];
  const { lastAt } = kase;
  // Nothing is owed any more by payments that an older release counted otherwise.
  const done = completes(kase, dayOf(lastAt, zone));
  if (done.length > 0) return done.map((one) => ({ at: lastAt, entry: one }));
  // All of it is due: no instalment has a day of its own any more.
  if (kase.broken?.restDue) return [];
  const known = filled(kase, receivedSum(kase));
  return filled(kase, receivedSum(kase) + reportedSum(kase)).flatMap(({ no, due, payment, paid }, i) =>
    no === null || paid >= payment || kase.overdue.includes(no)
      ? []
      : [
          {
            at: endOfDay(due, zone),
            entry: { kind: 'instalment.overdue', content: { no, due, missing: payment - (known[i]?.paid ?? 0) }, by: 'portal' },
          },
        ],
  );
}

export const performance = topic({ empty: { payments: [], overdue: [] }, entries, commands, due: dueInstalments, awaits: nobody });
