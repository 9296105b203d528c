import type { Case } from '../../worker/negotiation/case.ts';
import { workingDebt } from '../../worker/negotiation/debt.ts';
import type { LETTERS } from '../../worker/negotiation/talk.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { dateText, money, type Words } from '../words/index.ts';
import { clausesOf } from './schedule.tsx';

/** The first draft of a formal letter, drawn from the case: every figure in it is one that the case holds. */
export function letterDraft(letter: (typeof LETTERS)[number], kase: Case, today: string, words: Words): string {
  const { letters: say } = words;
  const debt = workingDebt(kase);
  const means = kase.means;
  const offer = kase.offers.findLast(({ side }) => side === 'borrower') ?? kase.offers.at(-1);
  const end = words.language.code === 'en' ? '; ' : '；';
  const lines = [say.to(kase.lenderName), '', say.opening(kase.borrowerName ?? kase.invitedName ?? '', kase.loan.reference)];
  if (debt)
    lines.push(
      say.owed(
        dateText(words, debt.asOf),
        money(outstanding(debt)),
        COMPONENTS.filter((one) => debt[one] > 0)
          .map((one) => `${words.component[one]} ${money(debt[one])}`)
          .join(words.comma),
      ),
    );
  if (means) {
    const { cause } = means.statement;
    lines.push(say.cause(words.cause[cause.kind], dateText(words, cause.since)), cause.words);
    if (letter !== 'call')
      lines.push(
        say.means(
          money(means.totals.income),
          money(means.totals.expenses),
          money(means.totals.otherDebts),
          money(means.totals.disposable),
          money(means.totals.affordable),
        ),
      );
  }
  if (letter === 'repayment-plan' && offer)
    lines.push(
      say.plan(
        clausesOf(offer.terms, words).join(end),
        money(offer.totals.highest),
        offer.totals.instalments,
        dateText(words, offer.totals.lastDue),
      ),
    );
  if (letter === 'reduction' && debt)
    lines.push(say.reduction(money(debt.interest + debt.penalty + debt.fees)), ...Object.values(offer?.reasons ?? {}));
  if (letter === 'call') lines.push(say.call);
  lines.push(say.willing, '', `${kase.borrowerName ?? ''}`, dateText(words, today));
  return lines.join('\n');
}
