import type { person as topic } from '../../worker/negotiation/person.ts';
import type { Tellers } from './telling.ts';

/** That a borrower asked for a person, told. */
export const person: Tellers<typeof topic> = {
  'person.asked': ({ content: { offer } }, _kase, words) => ({
    what: words.entry['person.asked'],
    lines: offer === null ? [] : [{ value: words.offer.proposal(offer), about: { offer } }],
  }),
};
