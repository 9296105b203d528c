import type { Recorded } from '../../worker/negotiation/entry.ts';
import { type Act, type ActKind, knownAct } from '../../worker/negotiation/lender/institution.ts';
import type { Words } from '../words/index.ts';
import { named, type Told } from './telling.ts';

/** What a lender's own stream tells, to its staff alone. */

/** How each kind of entry is told. Does not compile where one is missing. */
const TELLERS: { readonly [K in ActKind]: (entry: Pick<Act<K>, 'content'>, words: Words) => Told } = {
  'record.exported': ({ content: { head, digest } }, words) => ({
    what: words.institution.exported,
    lines: [{ value: words.entry.upTo({ seq: head }) }, named(words.case.fileDigest, digest, { close: true })],
  }),
};

/** What an entry of the lender's own stream tells; of one that this release does not know, that something was put there. */
export function tellAct(recorded: Recorded, words: Words): Told {
  const entry = knownAct(recorded);
  return entry ? told(entry, words) : { what: words.entry.other, lines: [] };
}

function told<K extends ActKind>(entry: Act<K>, words: Words): Told {
  return TELLERS[entry.kind](entry, words);
}
