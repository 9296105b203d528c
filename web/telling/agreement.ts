import type { agreement as topic } from '../../worker/negotiation/agreement.ts';
import type { Words } from '../words/index.ts';
import { clauses } from './clauses.ts';
import { dayLines } from './proposal.ts';
import { closely, type Line, named, type Tellers } from './telling.ts';

/** What was agreed, who signed it, and since when it binds, told. */

export const agreement: Tellers<typeof topic> = {
  'agreement.drawn-up': ({ content: { version, debt, terms, digest, conditions, supersedes } }, _kase, words) => ({
    what: supersedes === undefined ? words.entry['agreement.drawn-up'] : words.entry['agreement.varied'](supersedes),
    lines: [
      agreedOn(version, words),
      ...closely(
        ...clauses(debt, terms, words, conditions).map((clause, i): Line => ({ value: clause, as: 'clause', no: i + 1 })),
        ...dayLines(terms, words),
        ...(conditions?.holidayHint ? [{ value: words.schedule.holidays }] : []),
      ),
      digestLine(digest, words),
      { value: words.agreement.title, about: { page: 'agreement' } },
    ],
  }),
  'agreement.signed': ({ content: { version, digest, conditions, name } }, _kase, words) => ({
    what: words.entry['agreement.signed'],
    lines: [
      named(words.agreement.signName, name),
      agreedOn(version, words),
      digestLine(digest, words),
      ...(conditions ? [named(words.agreement.conditionsDigest, conditions, { close: true })] : []),
    ],
  }),
  'agreement.superseded': ({ content: { version, by } }, _kase, words) => ({
    what: words.entry['agreement.superseded']({ version, by }),
    lines: [agreedOn(version, words), agreedOn(by, words)],
  }),
  'agreement.in-force': ({ content: { version, digest } }, _kase, words) => ({
    what: words.entry['agreement.in-force'],
    lines: [agreedOn(version, words), digestLine(digest, words), { value: words.agreement.title, about: { page: 'agreement' } }],
  }),
};

const agreedOn = (version: number, words: Words): Line => ({ value: words.offer.proposal(version), about: { offer: version } });

const digestLine = (digest: string, words: Words) => named(words.agreement.digest, digest, { close: true });
