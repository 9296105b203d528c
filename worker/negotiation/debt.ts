import * as z from 'zod';
import { daysBetween } from '../plan/calendar.ts';
import { COMPONENTS, MAX_AMOUNT } from '../plan/format.ts';
import { Debt, IsoDate, outstanding, Rate } from '../plan/terms.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { type Books, booked } from './authority.ts';
import { type Context, command, type Saying } from './command.ts';
import { type Case, type ContentsOf, entry, sideOf, type Written } from './entry.ts';
import { refuse } from './refusal.ts';
import { otherSide, type Side } from './seats.ts';
import { negotiable } from './stage.ts';
import { Digest, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/** What each side says is owed. The negotiation runs on the confirmed figures, or on the borrower's with the difference shown. */

/**
 * What is owed, and of the contract, where it is known: its rate, and the day on which it was made, by which the law table measures. `overdueSince` is the due date of
 * the oldest instalment that is not paid.
 */
export const Figures = z.object({ debt: Debt, rate: Rate.optional(), contractDate: IsoDate.optional(), overdueSince: IsoDate.optional() });
export type Figures = z.infer<typeof Figures>;

/**
 * Figures of a borrower who may know the total alone. It stands as principal then, and `partsUnknown` says that it is none: the lender states the parts.
 */
export const KnownFigures = Figures.extend({ partsUnknown: z.boolean().optional() });
export type KnownFigures = z.infer<typeof KnownFigures>;

export type Debts = {
  debts: { borrower: Debt | null; lender: Debt | null; confirmed: Debt | null };
  contractRate: z.infer<typeof Rate> | null;
  /** The day on which the contract was made, and who said it: what the lender has stated stands. */
  contractDate: string | null;
  contractDateBy: Side | null;
  /** The due date of the oldest instalment that is not paid, as the lender has stated it: larger waivers may follow, so nobody else's word counts. */
  overdueSince: string | null;
  /** In whose words the figures stand on which the negotiation runs. */
  debtSaid: Said | null;
  /** The borrower's figures are a total whose parts they do not know. */
  partsUnknown: boolean;
  /** What the lender's own figures are taken to be, however they are restated: see `authority.ts`. */
  books: Books | null;
  /** The same, as an administrator alone lowers them. */
  ceiling: Books | null;
};

/** By which entry figures came to be those that count: whose they are, whether the other side has confirmed them by it, and whether they are a total alone. */
export type Said = { seq: number; at: string; side: Side; confirmed: boolean; totalAlone?: true };

/** `mediation` is the one in which they were stated. */
const Stated = KnownFigures.extend({ words: z.string().optional(), mediation: z.int().optional() });
const StatedAgain = Stated.omit({ partsUnknown: true });

/** Figures that a side states, the first time or again. */
function said(kase: Case, written: Written<z.infer<typeof Stated>>): Case {
  const { seq, at, content } = written;
  const { debt, rate, contractDate: made, overdueSince } = content;
  const side = sideOf(written);
  const books = bothBooks(kase, { debt, rate: rate ?? null }, written);
  const partsUnknown = side === 'borrower' ? (content.partsUnknown ?? false) : kase.partsUnknown;
  // What the lender has stated of its contract no statement of the borrower's takes the place of.
  const contractRate = rate && (side === 'lender' || !kase.books?.rate) ? rate : kase.contractRate;
  const dateSaid = made && (side === 'lender' || kase.contractDateBy !== 'lender') ? { contractDate: made, contractDateBy: side } : {};
  const late = overdueFrom(kase, overdueSince, side);
  const next = { ...kase, debts: { ...kase.debts, [side]: debt }, contractRate, ...dateSaid, ...late, partsUnknown, ...books };
  return workingDebt(next) === debt
    ? { ...next, debtSaid: { seq, at, side, confirmed: false, ...(partsUnknown && side === 'borrower' ? { totalAlone: true } : {}) } }
    : next;
}

const overdueFrom = ({ overdueSince }: Case, since: string | undefined, side: Side) => ({
  overdueSince: since !== undefined && side === 'lender' ? since : overdueSince,
});

const again = () => entry({ content: StatedAgain, told: 'others', personal: false, evolve: said });

const entries = {
  'debt.stated': entry({ content: Stated, told: 'others', personal: false, evolve: said }),
  'debt.corrected': again(),
  'debt.disputed': again(),
  'debt.confirmed': entry({
    content: z.object({ debt: Debt, overdueSince: IsoDate.optional(), mediation: z.int().optional() }),
    told: 'others',
    personal: false,
    evolve(kase, written) {
      const { debt, overdueSince } = written.content;
      const books = bothBooks(kase, { debt, rate: null }, written);
      const late = overdueFrom(kase, overdueSince, sideOf(written));
      const debtSaid = { seq: written.seq, at: written.at, side: otherSide(sideOf(written)), confirmed: true };
      return { ...kase, debts: { borrower: debt, lender: debt, confirmed: debt }, debtSaid, partsUnknown: false, ...late, ...books };
    },
  }),
};

/** The books once figures were stated, as all but agents lower them and as administrators alone do. Of a total whose parts are unknown, who states them first says what they are. */
function bothBooks(
  { books, ceiling, partsUnknown }: Case,
  stated: { debt: Debt; rate: z.infer<typeof Rate> | null },
  written: Written<unknown>,
): Pick<Debts, 'books' | 'ceiling'> {
  const by = { side: sideOf(written), capacity: written.author.capacity };
  const known = (before: Books | null) => (partsUnknown && !before?.own ? null : before);
  return {
    books: booked(known(books), stated, by),
    ceiling: booked(known(ceiling), stated, by, (capacity) => capacity === 'administrator'),
  };
}

declare module './entry.ts' {
  interface Case extends Debts {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/** The figures on which the negotiation runs. */
export function workingDebt(kase: Pick<Case, 'debts'>): Debt | null {
  return kase.debts.confirmed ?? kase.debts.borrower ?? kase.debts.lender;
}

/**
 * Days that the debt is overdue on a day by the clocks of the parties: none on the due date itself, one on the next. Null where the lender has not said since when. The
 * one place where they are counted.
 */
export function daysOverdue({ overdueSince }: Pick<Case, 'overdueSince'>, today: string): number | null {
  return overdueSince === null ? null : Math.max(0, daysBetween(overdueSince, today));
}

/** By how much the two sides' figures differ, lender's less borrower's, in 分; null unless both have stated theirs. */
export function difference(kase: Pick<Case, 'debts'>): number | null {
  const { borrower, lender } = kase.debts;
  return borrower && lender ? outstanding(lender) - outstanding(borrower) : null;
}

/** States figures: the first time, as a correction of one's own, or as a dispute of the other side's. The parts of the other side's total confirm it. */
export function stateDebt(kase: Case, input: KnownFigures & { words?: string | undefined }, { seat, today }: Context): Saying {
  if (outstanding(input.debt) === 0) return refuse('debt.nothing-owed', { field: 'debt.principal' });
  if (input.debt.asOf > today) return refuse('debt.as-of-future', { field: 'debt.asOf' });
  if (input.contractDate && input.contractDate > today) return refuse('debt.contract-date', { field: 'contractDate' });
  if (input.overdueSince && input.overdueSince > today) return refuse('debt.overdue-future', { field: 'overdueSince' });
  const own = kase.debts[seat.side];
  const others = kase.debts[otherSide(seat.side)];
  const same = kase.partsUnknown && seat.side === 'lender' ? sameTotal : sameDebt;
  if (others && same(others, input.debt)) return [{ kind: 'debt.confirmed', content: { debt: input.debt, ...since(input) } }];
  const kind = own ? 'debt.corrected' : others ? 'debt.disputed' : 'debt.stated';
  if (kind === 'debt.disputed' && !input.words) return refuse('debt.reason-needed', { field: 'words' });
  const { debt, rate, contractDate, words } = input;
  const content = {
    ...{ debt, ...(rate ? { rate } : {}), ...(contractDate ? { contractDate } : {}) },
    ...since(input),
    ...(words ? { words } : {}),
  };
  if (kind !== 'debt.stated') return [{ kind, content }];
  return [{ kind, content: { ...content, ...(input.partsUnknown ? { partsUnknown: true } : {}) } }];
}

const since = ({ overdueSince }: Pick<Figures, 'overdueSince'>) => (overdueSince ? { overdueSince } : {});

const state = command({
  name: 'debt.state',
  input: Figures.extend({ words: Text(2000).optional() }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'debt',
  proof: false,
  when: (kase) => negotiable(kase) ?? (kase.debts.confirmed ? refuse('debt.confirmed-already') : null),
  decide: stateDebt,
  gives: (kase, { debt }) => ({
    kept: debt,
    asOf: debt.asOf,
    beside: { principal: 'debt.principal', charges: chargeField(debt) },
    ...(saysParts(kase, debt) ? { parts: true } : {}),
  }),
});

/** Whether these are the parts of a total that the borrower stated, and no less: saying them gives nothing away. */
const saysParts = ({ partsUnknown, debts }: Case, debt: Debt) =>
  partsUnknown && debts.lender === null && debts.borrower !== null && outstanding(debt) >= outstanding(debts.borrower);

/** Lower charges are said beside the first of them that the form could raise. */
export const chargeField = ({ interest, penalty }: Debt, form = 'debt') =>
  `${form}.${interest > 0 ? 'interest' : penalty > 0 ? 'penalty' : 'fees'}`;

const confirm = command({
  name: 'debt.confirm',
  /** `digest` is what the figures are known by that were shown, where they were: others can have the same total. */
  input: z.object({
    digest: Digest.optional(),
    total: z
      .int()
      .min(0)
      .max(COMPONENTS.length * MAX_AMOUNT),
    overdueSince: IsoDate.optional(),
  }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'debt',
  proof: false,
  when: (kase, { seat }) => negotiable(kase) ?? (kase.debts.confirmed ? refuse('debt.confirmed-already') : othersFigures(kase, seat.side)),
  decide(kase, { digest, total, overdueSince }, { seat, today }) {
    const debt = kase.debts[otherSide(seat.side)];
    if (!debt || outstanding(debt) !== total || (digest !== undefined && debtDigest(debt) !== digest)) return refuse('debt.changed');
    if (overdueSince && overdueSince > today) return refuse('debt.overdue-future', { field: 'overdueSince' });
    return [{ kind: 'debt.confirmed', content: { debt, ...since({ overdueSince }) } }];
  },
  gives: ({ debts: { borrower } }) => (borrower ? { kept: borrower, asOf: borrower.asOf } : null),
});

function othersFigures(kase: Case, side: Side) {
  // What a total is made up of is the lender's to say.
  if (kase.partsUnknown && side === 'lender') return refuse('debt.parts-needed');
  return kase.debts[otherSide(side)] ? null : refuse('debt.none-stated');
}

export const commands = { state, confirm };

export const debt = topic({
  empty: {
    debts: { borrower: null, lender: null, confirmed: null },
    contractRate: null,
    contractDate: null,
    contractDateBy: null,
    overdueSince: null,
    debtSaid: null,
    partsUnknown: false,
    books: null,
    ceiling: null,
  },
  entries,
  commands,
  due: nothingDue,
  awaits: nobody,
});

/** What figures are known by: SHA-256 of their canonical form. */
export const debtDigest = (debt: Debt): string => digestOf(canonical(debt));

export const sameTotal = (a: Debt, b: Debt) => a.asOf === b.asOf && outstanding(a) === outstanding(b);

export function sameDebt(a: Debt, b: Debt): boolean {
  return a.asOf === b.asOf && COMPONENTS.every((component) => a[component] === b[component]);
}
