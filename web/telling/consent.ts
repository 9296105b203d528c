import type { consent as topic } from '../../worker/negotiation/consent.ts';
import type { Words } from '../words/index.ts';
import { said, type Tellers } from './telling.ts';

/** Consent to the handling of sensitive papers, and that it was taken back, told with all that was said of it. */
export const consent: Tellers<typeof topic> = {
  'consent.given': ({ content: { years } }, _kase, words) => ({
    what: words.entry['consent.given'],
    // The first line says for what; the rest is the same for everybody, word for word, and there for whoever looks closely.
    lines: consentLines(years, words).map((value, i) => ({ value, ...(i === 0 ? {} : { close: true }) })),
  }),
  'consent.withdrawn': ({ content }, _kase, words) => ({
    what: words.entry['consent.withdrawn'],
    lines: [{ value: words.consent.after }, ...said(content.words)],
  }),
};

/** What for, who sees it, how long it is kept, that refusing has no bad effect, and that it can be taken back. @param years for which a case is kept after it ends */
export const consentLines = (years: number, words: Words): string[] => {
  const { consent: say } = words;
  return [say.what, say.purpose, say.seen, say.kept({ years }), say.free, say.back];
};
