import type { arrears as topic } from '../../worker/negotiation/arrears.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import type { Parts } from '../../worker/plan/left.ts';
import { dateText, money, type Words } from '../words/index.ts';
import { amount, type Line, named, said, type Tellers } from './telling.ts';

/** Arrears, that they were cured, and an agreement that was declared broken, told. */

export const arrears: Tellers<typeof topic> = {
  'arrears.began': ({ content: { since, missing, until } }, _kase, words) => ({
    what: words.entry['arrears.began'](money(missing)),
    lines: [
      named(words.arrears.since, dateText(words, since)),
      named(words.arrears.until, dateText(words, until), { as: 'figure' }),
      { value: words.arrears.help },
    ],
  }),
  'arrears.cured': ({ content: { since } }, _kase, words) => ({
    what: words.entry['arrears.cured'],
    lines: [named(words.arrears.since, dateText(words, since))],
  }),
  'agreement.broken': ({ content: { on, since, missing, lapsed, left, restDue, words: text } }, _kase, words) => ({
    what: words.entry['agreement.broken'],
    lines: [
      named(words.arrears.brokenOn, dateText(words, on)),
      named(words.arrears.since, dateText(words, since)),
      amount(words.arrears.missingNow, missing),
      ...breachLines({ lapsed, left, restDue }, words),
      ...said(text),
    ],
  }),
};

/** What declaring an agreement broken comes to: what of its waivers lapses, what is left with it, and whether all of it is due. */
export function breachLines({ lapsed, left, restDue }: { lapsed: Parts; left: Parts; restDue: boolean }, words: Words): Line[] {
  const { arrears: say } = words;
  return [
    ...partLines(say.lapsed, lapsed, words),
    ...partLines(say.left, left, words, 'figure'),
    { value: restDue ? say.rest : say.restNot, as: 'warning' },
  ];
}

/** An amount with its parts; nothing where it is none. */
function partLines(label: string, parts: Parts, words: Words, as?: 'figure'): Line[] {
  const sum = COMPONENTS.reduce((total, one) => total + parts[one], 0);
  const aside = COMPONENTS.flatMap((one) => (parts[one] > 0 ? [`${words.component[one]} ${money(parts[one])}`] : [])).join(words.comma);
  return sum > 0 ? [amount(label, sum, as ? { aside, as } : { aside })] : [];
}
