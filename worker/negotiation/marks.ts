import type { Case } from './case.ts';
import { toAnswer } from './complaint.ts';
import { difference } from './debt.ts';
import { debtDisputed } from './dispute.ts';
import { atImpasse } from './impasse.ts';

/** What lists mark a case with, for whoever answers it to know before opening it. A mark is a bit of the row by its place here: new ones come last. */
export const MARKS = ['differing', 'person', 'complaint', 'disputed', 'impasse'] as const;
export type Mark = (typeof MARKS)[number];

/** `differing`: the two sides name other figures, and none are confirmed; `person`: the borrower asked for a person; `complaint`: one waits for an
 * answer; `disputed`: parts of the debt are in dispute by one. */
const HOLDS: Readonly<Record<Mark, (kase: Case) => boolean>> = {
  differing: (kase) => kase.stage === 'negotiating' && !kase.debts.confirmed && (difference(kase) ?? 0) !== 0,
  person: (kase) => kase.stage === 'negotiating' && kase.personAsked !== null,
  complaint: (kase) => toAnswer(kase).length > 0,
  disputed: debtDisputed,
  impasse: atImpasse,
};

export const marksOf = (kase: Case): Mark[] => MARKS.filter((mark) => HOLDS[mark](kase));

export const bitOf = (mark: Mark): number => 2 ** MARKS.indexOf(mark);

/** Marks as a row keeps them, and read from one. */
export const bitsOf = (marks: readonly Mark[]): number => marks.reduce((sum, mark) => sum + bitOf(mark), 0);
export const marksIn = (bits: number): Mark[] => MARKS.filter((mark) => (bits & bitOf(mark)) !== 0);
