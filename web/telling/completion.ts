import type { completion as topic } from '../../worker/negotiation/completion.ts';
import type { Kinds } from '../../worker/negotiation/entry.ts';
import { upperAmount } from '../../worker/plan/upper.ts';
import { dateText, money, type Words } from '../words/index.ts';
import { amount, closely, named, type Tellers } from './telling.ts';

/** The settlement letter, and that it is late, told. */

export const completion: Tellers<typeof topic> = {
  'settlement.awaited': ({ content: { on, until } }, _kase, words) => ({
    what: words.entry['settlement.awaited'],
    lines: [named(words.settlement.on, dateText(words, on)), named(words.settlement.until, dateText(words, until))],
  }),
  'settlement.issued': ({ content }, _kase, words) => ({
    what: words.entry['settlement.issued'],
    lines: [
      named(words.settlement.on, dateText(words, content.on), { as: 'figure' }),
      amount(words.settlement.paid, content.paid),
      ...closely(...letterText(content, words).map((value) => ({ value }))),
      named(words.settlement.kept, dateText(words, content.keptUntil)),
      named(words.agreement.signName, content.name),
    ],
  }),
};

/** The letter, paragraph by paragraph: the same on the page before it is signed, in the thread and on paper. */
export function letterText(letter: Omit<Kinds['settlement.issued'], 'name'>, words: Words): string[] {
  const { on, agreed, paid, keptUntil, ...rest } = letter;
  const { settlement: say } = words;
  return [
    ...say.body({ ...rest, agreed: dateText(words, agreed), paid: money(paid), upper: upperAmount(paid), on: dateText(words, on) }),
    say.credit({ on: dateText(words, on), until: dateText(words, keptUntil) }),
  ];
}
