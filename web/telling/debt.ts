import type { KnownFigures, debt as topic } from '../../worker/negotiation/debt.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { type Debt, outstanding, type Rate } from '../../worker/plan/terms.ts';
import { dateText, headed, money, rateText, type Words } from '../words/index.ts';
import { amount, type Line, named, said, type Teller, type Tellers } from './telling.ts';

/** What each side says is owed, told. */

const stated =
  (kind: 'debt.stated' | 'debt.corrected' | 'debt.disputed'): Teller<typeof kind> =>
  ({ content }, _kase, words) => ({ what: words.entry[kind], lines: [...figuresLines(content, words), ...said(content.words)] });

export const debt: Tellers<typeof topic> = {
  'debt.stated': stated('debt.stated'),
  'debt.corrected': stated('debt.corrected'),
  'debt.disputed': stated('debt.disputed'),
  'debt.confirmed': ({ content }, _kase, words) => ({ what: words.entry['debt.confirmed'], lines: figuresLines(content, words) }),
};

/** What is owed in all, of what it is made up, as of which day, and at which rate the contract has it. */
export function figuresLines({ debt, rate, contractDate, overdueSince, partsUnknown }: KnownFigures, words: Words): Line[] {
  return [
    ...owedLines({ debt, partsUnknown }, words),
    ...rateLines(rate, words),
    ...(contractDate ? [named(words.debt.contractDate, dateText(words, contractDate))] : []),
    ...(overdueSince ? [named(words.debt.overdueSince, dateText(words, overdueSince))] : []),
  ];
}

/** What is owed, in its parts where these are known. */
export function owedLines({ debt, partsUnknown }: Pick<KnownFigures, 'debt' | 'partsUnknown'>, words: Words): Line[] {
  return partsUnknown ? totalLines(debt, words) : debtLines(debt, words);
}

/** A total whose parts the borrower does not know: it says so, instead of amounts that nobody has stated. */
function totalLines(debt: Debt, words: Words): Line[] {
  return [
    amount(words.total, outstanding(debt), { as: 'figure' }),
    named(words.debt.date, dateText(words, debt.asOf)),
    named(words.debt.partsOf, words.debt.partsUnknown),
  ];
}

/** At which rate the contract has it, where that was said. */
export function rateLines(rate: Rate | null | undefined, words: Words): Line[] {
  return rate ? [named(words.debt.rate, rateText(words, rate))] : [];
}

/** The parts of a debt in a sentence. */
export function partsText(debt: Debt, words: Words): string {
  return COMPONENTS.filter((one) => debt[one] > 0)
    .map((one) => `${words.component[one]} ${money(debt[one])}`)
    .join(words.comma);
}

function debtLines(debt: Debt, words: Words): Line[] {
  return [
    amount(words.total, outstanding(debt), { as: 'figure' }),
    ...COMPONENTS.map((one) => amount(headed(words.component[one]), debt[one])),
    named(words.debt.date, dateText(words, debt.asOf)),
  ];
}
