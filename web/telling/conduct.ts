import type { CALLED, CallExcess } from '../../worker/negotiation/calls.ts';
import { ASKS, type Conduct, clock, type conduct as topic } from '../../worker/negotiation/conduct.ts';
import type { OwnKind, OwnWhole } from '../../worker/negotiation/entry.ts';
import { momentText, type Words } from '../words/index.ts';
import { type Line, named, said, type Tellers, type Told } from './telling.ts';

/** How the lender reaches the borrower, told: wishes to both sides, what waits for the hours to the lender's alone. */

type OwnTeller<K extends OwnKind> = (entry: Pick<OwnWhole<K>, 'content'>, words: Words) => Told;
type Own = NonNullable<(typeof topic)['own']>;

export const conduct: Tellers<typeof topic> = {
  'contact.wished': ({ content }, _kase, words) => ({
    what: words.entry['contact.wished'],
    lines: [...wishLines(content, words).map((value): Line => ({ value })), ...said(content.words)],
  }),
};

export const ownConduct: { readonly [K in keyof Own['entries'] & OwnKind]: OwnTeller<K> } = {
  'contact.held': ({ content: { command, input, until } }, words) => ({
    what: words.conduct.held(words.conduct.heldAs[command]),
    lines: [named(words.conduct.noSooner, momentText(words, until)), ...said(typeof input.words === 'string' ? input.words : undefined)],
  }),
  'contact.taken-back': ({ content: { held } }, words) => ({ what: words.conduct.takenBack({ held }), lines: [] }),
  'contact.sent': ({ content: { held } }, words) => ({ what: words.conduct.sent({ held }), lines: [] }),
  'contact.dropped': ({ content: { held, why } }, words) => ({
    what: words.conduct.dropped({ held }),
    lines: [{ value: words.conduct.why[why], as: 'warning' }],
  }),
};

/** What a borrower wishes, a sentence each; that nothing is wished, where nothing is. */
export function wishLines({ asks, hours }: Pick<NonNullable<Conduct['wish']>, 'asks' | 'hours'>, { conduct: say }: Words): string[] {
  const lines = ASKS.filter((one) => asks.includes(one)).map((one) => say.asks[one]);
  if (hours === 'any') lines.push(say.anyHour);
  else if (hours) lines.push(say.onlyHours({ opens: clock(hours.from), closes: clock(hours.until) }));
  return lines.length > 0 ? lines : [say.noWish];
}

/** Whom a call of the lender's went to, where it was not the borrower's own number. */
export const calledText = (called: (typeof CALLED)[number] | undefined, { conduct: say }: Words): string | null =>
  called === undefined || called === 'party' ? null : say.calledOf[called];

/** What a call went beyond, a sentence each. */
export function excessText({ what, count = 0, limit = 0 }: CallExcess, { conduct: say }: Words): string {
  return say.beyond[what]({ count, limit });
}
