import * as z from 'zod';
import { COMPONENTS, MAX_AMOUNT } from '../plan/format.ts';
import { Debt, outstanding, Rate } from '../plan/terms.ts';
import { type Books, booked, booksOf } from './authority.ts';
import type { Case, Entry } from './case.ts';
import { type Context, command, type Decision } from './command.ts';
import { refuse } from './refusal.ts';
import { bothSides, otherSide, type Side } from './seats.ts';
import { negotiable } from './stage.ts';
import { Text } from './text.ts';

/** What each side says is owed. The negotiation runs on the confirmed figures, or on the borrower's with the difference shown. */

export const Figures = z.object({ debt: Debt, rate: Rate.optional() });
export type Figures = z.infer<typeof Figures>;

export type Debts = {
  debts: { borrower: Debt | null; lender: Debt | null; confirmed: Debt | null };
  contractRate: z.infer<typeof Rate> | null;
  /** What the lender's own figures are taken to be, however they are restated: see `authority.ts`. */
  books: Books | null;
};

export const EMPTY: Debts = { debts: { borrower: null, lender: null, confirmed: null }, contractRate: null, books: null };

const Stated = Figures.extend({ words: z.string().optional() });

export const entries = {
  'debt.stated': Stated,
  'debt.corrected': Stated,
  'debt.disputed': Stated,
  'debt.confirmed': z.object({ debt: Debt }),
};

/** The figures on which the negotiation runs. */
export function workingDebt(kase: Case): Debt | null {
  return kase.debts.confirmed ?? kase.debts.borrower ?? kase.debts.lender;
}

/** By how much the two sides' figures differ, lender's less borrower's, in 分; null unless both have stated theirs. */
export function difference(kase: Pick<Case, 'debts'>): number | null {
  const { borrower, lender } = kase.debts;
  return borrower && lender ? outstanding(lender) - outstanding(borrower) : null;
}

/** States figures: the first time, as a correction of one's own, or as a dispute of the other side's. */
export function stateDebt(kase: Case, input: Figures & { words?: string | undefined }, { seat, today }: Context): Decision {
  if (outstanding(input.debt) === 0) return refuse('debt.nothing-owed', { field: 'debt.principal' });
  if (input.debt.asOf > today) return refuse('debt.as-of-future', { field: 'debt.asOf' });
  const own = kase.debts[seat.side];
  const others = kase.debts[otherSide(seat.side)];
  if (others && sameDebt(others, input.debt)) return [{ kind: 'debt.confirmed', content: { debt: others } }];
  const kind = own ? 'debt.corrected' : others ? 'debt.disputed' : 'debt.stated';
  if (kind === 'debt.disputed' && !input.words) return refuse('debt.reason-needed', { field: 'words' });
  const { debt, rate, words } = input;
  return [{ kind, content: { debt, ...(rate ? { rate } : {}), ...(words ? { words } : {}) } }];
}

const state = command({
  name: 'debt.state',
  input: Figures.extend({ words: Text(2000).optional() }),
  by: bothSides,
  when: (kase) => negotiable(kase) ?? (kase.debts.confirmed ? refuse('debt.confirmed-already') : null),
  decide: stateDebt,
  gives: (_kase, { debt }) => ({ kept: debt, asOf: debt.asOf, beside: { principal: 'debt.principal', charges: chargeField(debt) } }),
});

/** Lower charges are said beside the first of them that the form could raise. */
export const chargeField = ({ interest, penalty }: Debt, form = 'debt') =>
  `${form}.${interest > 0 ? 'interest' : penalty > 0 ? 'penalty' : 'fees'}`;

const confirm = command({
  name: 'debt.confirm',
  input: z.object({
    total: z
      .int()
      .min(0)
      .max(COMPONENTS.length * MAX_AMOUNT),
  }),
  by: bothSides,
  when: (kase, { seat }) => negotiable(kase) ?? (kase.debts.confirmed ? refuse('debt.confirmed-already') : othersFigures(kase, seat.side)),
  decide(kase, { total }, { seat }) {
    const debt = kase.debts[otherSide(seat.side)];
    if (!debt || outstanding(debt) !== total) return refuse('debt.changed');
    return [{ kind: 'debt.confirmed', content: { debt } }];
  },
  gives: ({ debts: { borrower } }) => (borrower ? { kept: borrower, asOf: borrower.asOf } : null),
});

function othersFigures(kase: Case, side: Side) {
  return kase.debts[otherSide(side)] ? null : refuse('debt.none-stated');
}

export const commands = { state, confirm };

export function evolve(kase: Case, entry: Entry): Case {
  const side = entry.author?.side === 'lender' ? 'lender' : 'borrower';
  const by = { side, capacity: entry.author?.capacity ?? '' };
  switch (entry.kind) {
    case 'debt.stated':
    case 'debt.corrected':
    case 'debt.disputed': {
      const { debt, rate } = entry.content as Figures;
      const books = booked(booksOf(kase), { debt, rate: rate ?? null }, by);
      return { ...kase, debts: { ...kase.debts, [side]: debt }, contractRate: rate ?? kase.contractRate, books };
    }
    case 'debt.confirmed': {
      const { debt } = entry.content as { debt: Debt };
      const books = booked(booksOf(kase), { debt, rate: null }, by);
      return { ...kase, debts: { borrower: debt, lender: debt, confirmed: debt }, books };
    }
    default:
      return kase;
  }
}

function sameDebt(a: Debt, b: Debt): boolean {
  return a.asOf === b.asOf && COMPONENTS.every((component) => a[component] === b[component]);
}
