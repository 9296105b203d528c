import { agreedSchedule } from '../../worker/negotiation/agreement.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { disputeOf } from '../../worker/negotiation/dispute.ts';
import { standing } from '../../worker/negotiation/performance.ts';
import type { Offer } from '../../worker/negotiation/proposal.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { type Debt, outstanding } from '../../worker/plan/terms.ts';
import { planClauses } from '../telling/clauses.ts';
import { partsText } from '../telling/debt.ts';
import { dateText, dayText, money, type Words } from '../words/index.ts';

/** What letters to the other side and to others say alike. */

/** What both sides have agreed, whether it is in force, and what has been paid under it. Of either voice, as it is the same for both. */
export function agreedLines(kase: Case, today: string, words: Words): string[] {
  const { agreement } = kase;
  if (!agreement) return [];
  const { agreed: say } = words.letters;
  const { version, debt, terms, at, inForceAt } = agreement;
  const totals = agreedSchedule(kase).totals;
  const lines = [
    say.terms({ version, date: dayText(words, at), ...planOf({ debt, terms, totals }, words) }),
    ...(totals.waived > 0
      ? [say.waived({ waived: money(totals.waived), owed: money(totals.owed), date: dateText(words, debt.asOf) })]
      : []),
    inForceAt ? say.inForce({ date: dayText(words, inForceAt) }) : say.unsigned,
  ];
  if (kase.stage === 'completed') return [...lines, say.completed];
  const { paid, left } = standing(kase, today);
  return paid > 0 ? [...lines, say.paid({ date: dateText(words, today), paid: money(paid), left: money(left) })] : lines;
}

/** A plan as letters name it. */
export function planOf({ debt, terms, totals }: Pick<Offer, 'debt' | 'terms' | 'totals'>, words: Words) {
  return {
    clauses: planClauses(terms, words, debt).join(words.semicolon),
    highest: money(totals.highest),
    count: totals.instalments,
    last: dateText(words, totals.lastDue),
  };
}

/** The parts of what is owed that the borrower disputes, after each place where a letter says how much that is: nobody's own letter takes them for granted. */
export function disputedLines(kase: Pick<Case, 'complaints'>, words: Words): string[] {
  const parts = COMPONENTS.flatMap((part) => {
    const seq = disputeOf(kase, `debt.${part}`);
    return seq === null ? [] : [{ name: words.component[part], seq }];
  });
  if (parts.length === 0) return [];
  const seqs = [...new Set(parts.map(({ seq }) => seq))];
  return [words.letters.disputed({ parts: parts.map(({ name }) => name), seqs })];
}

/** An amount with its parts; without them where the borrower knows the total alone. */
export function owedText(debt: Debt, words: Words, { partsUnknown }: Pick<Case, 'partsUnknown'> = { partsUnknown: false }): string {
  if (partsUnknown) return money(outstanding(debt));
  return words.letters.owedParts({ amount: money(outstanding(debt)), parts: partsText(debt, words) });
}
