import type { Stage } from '../../worker/negotiation/entry.ts';
import type { Pending } from '../../worker/negotiation/pending.ts';
import type { Side } from '../../worker/negotiation/seats.ts';
import { dateText, momentText, money, pendingText, type Words } from '../words/index.ts';

/** A case as lists show it. What is not `proven` is shown by its name alone. */
export type CaseShown = {
  id: string;
  number: string;
  reference: string;
  borrower: string | null;
  stage: Stage;
  awaited: string | null;
  deadline: string | null;
  amount: number;
  nextDue: string | null;
  nextAmount: number | null;
  proven: boolean;
  pending: readonly Pending[];
};

/** Whose answer a case waits for, and what else waits for a side. */
export function waitsText({ awaited, pending }: Pick<CaseShown, 'awaited' | 'pending'>, side: Side, words: Words): string {
  const { cases: say } = words;
  const offer = awaited === null ? '' : awaited === side ? say.waitingYou : say.waitingThem;
  return [offer, ...pending.map((what) => pendingText(what, words))].filter(Boolean).join(words.semicolon);
}

/**
 * What time brings next: the day by which the lender promised to answer; the next instalment, or since when it is overdue; before an agreement, the end of the
 * offer on the table.
 */
export function untilText(
  { stage, deadline, nextDue, nextAmount, promised }: CaseShown & { promised?: string | null },
  today: string,
  words: Words,
): string {
  const { cases: say } = words;
  if (promised) return (promised < today ? say.answerLate : say.answerBy)({ date: dateText(words, promised) });
  if (nextDue !== null) {
    const next = { date: dateText(words, nextDue), amount: money(nextAmount ?? 0) };
    return nextDue < today ? say.overdue(next) : say.nextPayment(next);
  }
  if (!deadline) return '';
  return stage === 'negotiating' ? words.case.offerStands(momentText(words, deadline)) : words.case.by(momentText(words, deadline));
}
