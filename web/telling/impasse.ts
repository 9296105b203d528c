import type { impasse as topic } from '../../worker/negotiation/impasse.ts';
import { said, type Tellers } from './telling.ts';

/** That the two sides came no further, by which rule, and that they go on, told. */
export const impasse: Tellers<typeof topic> = {
  'impasse.said': ({ content }, _kase, words) => ({ what: words.entry['impasse.said'], lines: said(content.words) }),
  'impasse.declared': ({ content }, _kase, words) => ({
    what: words.entry['impasse.declared'],
    lines: [{ value: words.impasse.rules[content.rule] }, ...said(content.words)],
  }),
  'impasse.resumed': ({ content }, _kase, words) => ({ what: words.entry['impasse.resumed'], lines: said(content.words) }),
};
