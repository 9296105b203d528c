import type { performance as topic } from '../../worker/negotiation/performance.ts';
import { dateText, money, type Words } from '../words/index.ts';
import { amount, type Line, named, said, type Tellers } from './telling.ts';

/** Payments under an agreement, and instalments that were missed, told. */

export const performance: Tellers<typeof topic> = {
  'payment.reported': ({ content: { amount: fen, on, method, reference } }, _kase, words) => ({
    what: words.entry['payment.reported'](money(fen)),
    lines: [
      named(words.payment.on, dateText(words, on)),
      named(words.payment.method, words.payment.methods[method]),
      ...(reference ? [named(words.payment.reference, reference)] : []),
    ],
  }),
  'payment.confirmed': ({ content: { payment } }, _kase, words) => ({
    what: words.entry['payment.confirmed'],
    lines: [reported(payment, words)],
  }),
  'payment.disputed': ({ content: { payment, words: text } }, _kase, words) => ({
    what: words.entry['payment.disputed'],
    lines: [reported(payment, words), ...said(text)],
  }),
  'instalment.overdue': ({ content: { no, due, missing } }, _kase, words) => ({
    what: words.entry['instalment.overdue']({ no, amount: money(missing) }),
    lines: [named(words.schedule.due, dateText(words, due))],
  }),
  'performance.completed': ({ content: { paid } }, _kase, words) => ({
    what: words.entry['performance.completed'],
    lines: [amount(words.payment.paid, paid)],
  }),
};

/** The entry by which a payment was reported. */
const reported = (seq: number, words: Words): Line => ({ value: words.case.receipt(seq), about: { entry: seq } });
