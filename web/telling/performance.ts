import type { performance as topic } from '../../worker/negotiation/performance.ts';
import type { Author } from '../../worker/record/format.ts';
import { dateText, money, type Words } from '../words/index.ts';
import { amount, type Line, named, said, type Tellers } from './telling.ts';

/** Payments under an agreement, and instalments that were missed, told. */

export const performance: Tellers<typeof topic> = {
  'payment.reported': ({ author, content: { amount: fen, on, method, reference } }, _kase, words) => ({
    what: words.entry[isLenders(author) ? 'payment.recorded' : 'payment.reported'](money(fen)),
    lines: [
      named(words.payment.on, dateText(words, on)),
      named(words.payment.method, words.payment.methods[method]),
      ...(reference ? [named(words.payment.reference, reference)] : []),
    ],
  }),
  'payment.confirmed': ({ author, content: { payment, reference } }, _kase, words) => ({
    what: words.entry[isLenders(author) ? 'payment.confirmed' : 'payment.agreed'],
    lines: [reported(payment, words), ...(reference ? [named(words.payment.receipt, reference)] : [])],
  }),
  'payment.disputed': ({ content: { payment, words: text } }, _kase, words) => ({
    what: words.entry['payment.disputed'],
    lines: [reported(payment, words), ...said(text)],
  }),
  'payment.withdrawn': ({ content: { payment, words: text } }, _kase, words) => ({
    what: words.entry['payment.withdrawn'],
    lines: [reported(payment, words), ...said(text)],
  }),
  'payment.reversed': ({ content: { payment, words: text } }, _kase, words) => ({
    what: words.entry['payment.reversed'],
    lines: [reported(payment, words), ...said(text)],
  }),
  'instalment.overdue': ({ content: { no, due, missing } }, _kase, words) => ({
    what: words.entry['instalment.overdue']({ no, amount: money(missing) }),
    lines: [named(words.schedule.due, dateText(words, due))],
  }),
  'performance.completed': ({ content: { paid, on, overpaid } }, _kase, words) => ({
    what: words.entry['performance.completed'],
    lines: [
      amount(words.payment.paid, paid),
      ...(on ? [named(words.payment.settledOn, dateText(words, on))] : []),
      ...(overpaid ? [amount(words.payment.overpaid, overpaid)] : []),
    ],
  }),
  'performance.reopened': ({ content: { left } }, _kase, words) => ({
    what: words.entry['performance.reopened'],
    lines: [amount(words.payment.stillOwed, left)],
  }),
};

const isLenders = (author: Author | null) => author?.side === 'lender';

/** The entry by which a payment was recorded. */
const reported = (seq: number, words: Words): Line => ({ value: words.case.receipt(seq), about: { entry: seq } });
