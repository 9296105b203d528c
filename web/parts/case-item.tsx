import { dayIn } from '../../worker/negotiation/complaint.ts';
import type { Stage } from '../../worker/negotiation/entry.ts';
import { endsNext } from '../../worker/negotiation/own-cases.ts';
import type { Pending } from '../../worker/negotiation/pending.ts';
import type { Side } from '../../worker/negotiation/seats.ts';
import type { WorkingDay } from '../../worker/plan/law/working-days.ts';
import { clockText } from '../telling/complaint.ts';
import { dateText, momentText, money, pendingText, type Words, workingDayText } from '../words/index.ts';

/** A case as lists show it. What is not `proven` is shown by its name alone. */
export type CaseShown = {
  id: string;
  number: string;
  reference: string;
  borrower: string | null;
  stage: Stage;
  awaited: string | null;
  deadline: string | null;
  /** Until when the offer on the table stands. */
  offerUntil: string | null;
  amount: number;
  nextDue: string | null;
  nextAmount: number | null;
  complaintDue: string | null;
  marks: number;
  cause: string | null;
  proven: boolean;
  pending: readonly Pending[];
};

/** By when a complaint is to be answered, where one waits. */
export const complaintText = ({ complaintDue }: Pick<CaseShown, 'complaintDue'>, today: string, words: Words): string =>
  complaintDue === null ? '' : words.complaint.listed({ by: clockText(dayIn(complaintDue), today, words) });

/** Whose answer a case waits for, and what else waits for a side: the reader's own, or, for who only `watches`, that of colleagues. */
export function waitsText({ awaited, pending }: Pick<CaseShown, 'awaited' | 'pending'>, side: Side, words: Words, watches = false): string {
  const { cases: say } = words;
  if (watches) {
    const { watch } = words.case;
    const waits = awaited === 'borrower' || awaited === 'lender' ? watch.waits({ side: awaited }) : '';
    return [waits, ...pending.map(({ what, count }) => watch.pending[what](count))].filter(Boolean).join(words.semicolon);
  }
  const offer = awaited === null ? '' : awaited === side ? say.waitingYou : say.waitingThem;
  return [offer, ...pending.map((what) => pendingText(what, words))].filter(Boolean).join(words.semicolon);
}

/**
 * What time brings next: the day by which the lender promised to answer; the next instalment, or since when it is overdue; before an agreement, the end of the
 * offer on the table.
 */
export function untilText(
  { stage, deadline, offerUntil, nextDue, nextAmount, promised, complaintDue }: CaseShown & { promised?: WorkingDay | null },
  today: string,
  words: Words,
): string {
  const { cases: say } = words;
  if (promised && promised.latest < today) return say.answerLate({ date: dateText(words, promised.latest) });
  if (promised) return say.answerBy({ date: workingDayText(words, promised) });
  if (nextDue !== null) {
    const next = { date: dateText(words, nextDue), amount: money(nextAmount ?? 0) };
    return nextDue < today ? say.overdue(next) : say.nextPayment(next);
  }
  // Where a complaint runs, what is due next may be of its clock.
  const ends = complaintDue === null ? endsNext({ stage, deadline, offerUntil }) : null;
  if (ends === null) return '';
  return stage === 'negotiating' ? words.case.offerStands(momentText(words, ends)) : words.case.by(momentText(words, ends));
}
