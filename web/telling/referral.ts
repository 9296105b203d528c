import type { Referral, referral as topic } from '../../worker/negotiation/referral.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { wayOf } from '../../worker/plan/law/ways.ts';
import { dateText, languageOf, type Words } from '../words/index.ts';
import { closely, named, said, type Tellers } from './telling.ts';

/** That the matter was taken elsewhere, and what came of it, told. */
export const referral: Tellers<typeof topic> = {
  'referral.made': ({ content }, _kase, words) => ({
    what: words.entry['referral.made']({ way: wayName(content, words) }),
    lines: [
      named(words.ways.to, content.to),
      named(words.ways.on, dateText(words, content.on)),
      ...said(content.words),
      { value: words.ways.open },
      ...closely({ value: words.ways.by({ name: lawOf(content).name[languageOf(words)] }) }),
    ],
  }),
  'referral.returned': ({ content: { referral: seq, outcome, words: text } }, _kase, words) => ({
    what: words.entry['referral.returned'](words.ways.outcomes[outcome]),
    lines: [{ value: words.case.receipt(seq), about: { entry: seq } }, ...said(text)],
  }),
};

/** What a way is called where it is one. */
export const wayName = ({ jurisdiction, way }: Pick<Referral, 'jurisdiction' | 'way'>, words: Words): string =>
  wayOf(jurisdiction, way)?.name[languageOf(words)] ?? '';
