import { METHODS } from '../../worker/negotiation/payment.ts';
import { COLUMNS, type Names, type Why } from '../../worker/negotiation/received.ts';
import { columnName } from '../../worker/negotiation/table.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { refusalText, type Words, wordsOf } from './index.ts';

/** A file of payments received: the names that its columns and methods may have, in both languages, and what is wrong with a row. */

const all = LANGUAGES.map(wordsOf);

/** The names of the format, and as people of either language write them. */
export const RECEIVED_NAMES: Names = {
  columns: new Map([
    ...COLUMNS.map((column) => [columnName(column), column] as const),
    ...all.flatMap(({ received }) => COLUMNS.map((column) => [columnName(received.columns[column]), column] as const)),
  ]),
  methods: new Map(all.flatMap(({ payment }) => METHODS.map((method) => [payment.methods[method].toLowerCase(), method] as const))),
};

export function whyText(words: Words, why: Why): string {
  const { received: say } = words;
  if (why.code === 'refused') return refusalText(words, why.refusal);
  return why.code === 'twice' ? say.twice(why) : say.why[why.code];
}
