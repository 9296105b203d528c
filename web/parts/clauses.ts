import { COMPONENTS, type Component } from '../../worker/plan/format.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import { type Debt, outstanding, type Terms } from '../../worker/plan/terms.ts';
import { upperAmount } from '../../worker/plan/upper.ts';
import { dateText, money, rateText, type Words } from '../words/index.ts';
import { clausesOf } from './schedule.tsx';

/** The clauses of an agreement, in the reader's language: the same figures in both, as both are drawn from the terms alone. */
export function clauses(debt: Debt, terms: Terms, words: Words): string[] {
  const { agreement: say } = words;
  const worked = schedule(debt, terms);
  if ('refused' in worked) throw new Error(`An agreement without a schedule: ${worked.refused.code}`);
  const { rows, totals } = worked;
  const first = rows.find(({ payment }) => payment > 0);
  if (!first) throw new Error('An agreement under which nothing is paid.');
  const parts = (amounts: { [part in Component]?: number | undefined }) =>
    COMPONENTS.flatMap((one) => ((amounts[one] ?? 0) > 0 ? [`${words.component[one]} ${money(amounts[one] ?? 0)}`] : [])).join(words.comma);
  const owed = outstanding(debt);
  const due = { owed: money(totals.owed), upper: upperAmount(totals.owed) };
  return [
    say.c1({ date: dateText(words, debt.asOf), total: money(owed), upper: upperAmount(owed), parts: parts(debt) }),
    totals.waived > 0 ? say.c2({ parts: parts(terms.waive), ...due }) : say.c2none(due),
    say.c3({
      ways: clausesOf({ ...terms, waive: {} }, words),
      first: dateText(words, first.due),
      amount: money(first.payment),
    }),
    terms.rate.ppm === 0 ? say.c4none : say.c4(interestOf(terms, words)),
    say.c5,
    say.c6({ paid: money(totals.paid), upper: upperAmount(totals.paid), last: dateText(words, totals.lastDue) }),
    say.c7,
    say.c8,
  ];
}

/** How interest runs under the terms (rules 3 and 4 of the plan format), in the agreement's words. */
function interestOf(terms: Terms, words: Words) {
  const { every, rate, dayCount } = terms;
  return {
    rate: rateText(words, rate),
    base: words.terms.interestOnOf[terms.interestOn],
    count: words.agreement.dayCount[dayCount]({ every, per: rate.per }),
    start: dateText(words, terms.start),
    paused: terms.phases.some((phase) => phase.kind === 'pause' && phase.interest === 'waived'),
    // Counted by actual days it runs before the payment up front, too.
    upfront: terms.upfront !== null && dayCount === 'period',
  };
}
