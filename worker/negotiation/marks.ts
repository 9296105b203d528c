import type { Case } from './case.ts';
import { toAnswer } from './complaint.ts';
import { difference } from './debt.ts';
import { debtDisputed } from './dispute.ts';
import { atImpasse } from './impasse.ts';
import { HARDSHIP } from './means.ts';

/** Marks that a row keeps: each is a bit of it by its place here, so new ones come last. */
const KEPT = ['differing', 'person', 'complaint', 'disputed', 'impasse', 'representative'] as const;
export type Kept = (typeof KEPT)[number];

/** What lists mark a case with, for whoever answers it to know before opening it. Of `hardship` the cause tells, which rows have as well: it is of many cases, as the others are not. */
export const MARKS = ['hardship', ...KEPT] as const;
export type Mark = (typeof MARKS)[number];

/** `differing`: the two sides name other figures, and none are confirmed; `person`: the borrower asked for a person; `complaint`: one waits for an
 * answer; `disputed`: parts of the debt are in dispute by one; `representative`: somebody acts for the borrower. */
const HOLDS: Readonly<Record<Kept, (kase: Case) => boolean>> = {
  differing: (kase) => kase.stage === 'negotiating' && !kase.debts.confirmed && (difference(kase) ?? 0) !== 0,
  person: (kase) => kase.stage === 'negotiating' && kase.personAsked !== null,
  complaint: (kase) => toAnswer(kase).length > 0,
  disputed: debtDisputed,
  impasse: atImpasse,
  representative: ({ representatives }) => representatives.some(({ state }) => state === 'acting'),
};

export const isKept = (mark: Mark): mark is Kept => mark !== 'hardship';

export const bitOf = (mark: Kept): number => 2 ** KEPT.indexOf(mark);

/** Marks of a case as its row keeps them. */
export const bitsOf = (kase: Case): number => KEPT.filter((mark) => HOLDS[mark](kase)).reduce((sum, mark) => sum + bitOf(mark), 0);

/** Marks of a case as its row tells them. `cause` is that of the borrower's newest statement. */
export const marksIn = ({ marks, cause }: { marks: number; cause: string | null }): Mark[] =>
  MARKS.filter((mark) => (isKept(mark) ? (marks & bitOf(mark)) !== 0 : HARDSHIP.some((one) => one === cause)));
