import type { Move, moves as topic } from '../../worker/negotiation/moves.ts';
import { dateText, type Words } from '../words/index.ts';
import { instalmentName } from './schedule.ts';
import { type Line, named, said, type Tellers } from './telling.ts';

/** Instalments that were to be moved, told: always with both days. */

export const moves: Tellers<typeof topic> = {
  'instalment.move-asked': ({ content: { no, due, to, words: text } }, _kase, words) => ({
    what: words.entry['instalment.move-asked'](instalmentName(no, words)),
    lines: [...dayLines({ due, to }, words), ...said(text)],
  }),
  'instalment.moved': ({ content: { asked, no, due, to, atOnce } }, _kase, words) => ({
    what: words.entry['instalment.moved'](instalmentName(no, words)),
    lines: [...dayLines({ due, to }, words), { value: words.move.how[atOnce ? 'atOnce' : 'granted'] }, askedBy(asked, words)],
  }),
  'instalment.move-declined': ({ content: { asked, words: text } }, _kase, words) => ({
    what: words.entry['instalment.move-declined'],
    lines: [askedBy(asked, words), ...said(text)],
  }),
};

const dayLines = ({ due, to }: { due: string; to: string }, words: Words): Line[] => [
  named(words.move.from, dateText(words, due)),
  named(words.move.to, dateText(words, to), { as: 'figure' }),
];

/** The entry by which it was asked. */
const askedBy = (seq: number, words: Words): Line => ({ value: words.case.receipt(seq), about: { entry: seq } });

/** Which instalment is moved, from which day to which. */
export const fromTo = ({ no, due, to }: Pick<Move, 'no' | 'due' | 'to'>, words: Words): string =>
  words.move.fromTo({ name: instalmentName(no, words), from: dateText(words, due), to: dateText(words, to) });
