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
  const { totals } = worked;
  const parts = (amounts: { [part in Component]?: number | undefined }) =>
    words.joined(COMPONENTS.flatMap((one) => ((amounts[one] ?? 0) > 0 ? [`${words.component[one]} ${money(amounts[one] ?? 0)}`] : [])));
  const owed = outstanding(debt);
  const ways = words.joined(clausesOf({ ...terms, waive: {} }, words));
  return [
    say.c1(dateText(words, debt.asOf), money(owed), upperAmount(owed), parts(debt)),
    totals.waived > 0 ? say.c2(parts(terms.waive), money(totals.owed), upperAmount(totals.owed)) : say.c2none(money(totals.owed)),
    say.c3(ways, dateText(words, terms.firstDue)),
    terms.rate.ppm === 0
      ? say.c4none
      : say.c4(
          rateText(words, terms.rate),
          words.terms.interestOnOf[terms.interestOn],
          words.terms.dayCountOf[terms.dayCount],
          dateText(words, terms.start),
        ),
    say.c5,
    say.c6(money(totals.paid), upperAmount(totals.paid), dateText(words, totals.lastDue)),
    say.c7,
    say.c8,
  ];
}
