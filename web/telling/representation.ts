import type { Kinds } from '../../worker/negotiation/entry.ts';
import { AUTHORITY_WORDING, type representation as topic } from '../../worker/negotiation/representation.ts';
import type { Scope } from '../../worker/negotiation/seats.ts';
import { dateText, momentText, type Words } from '../words/index.ts';
import { closely, named, type Tellers } from './telling.ts';

/** Who was appointed to act for the borrower, how far and until when, told; and the letter of authority. */

export const representation: Tellers<typeof topic> = {
  'representative.appointed': ({ seq, content }, _kase, words) => {
    const { representation: say } = words;
    return {
      what: words.entry['representative.appointed']({ name: content.name }),
      lines: [
        named(say.name, content.name, { aside: relationText(content, words) }),
        named(say.scope, say.scopeOf[content.scope], { as: 'figure' }),
        named(say.until, dateText(words, content.until), { aside: say.over({ moment: momentText(words, content.expiresAt) }) }),
        { value: words.entry.invitedAt({ ...content.to, at: momentText(words, content.to.at) }) },
        ...closely(...authorityText(content, null, words).map((value) => ({ value }))),
        named(words.agreement.signName, content.signed),
        { value: say.letter, about: { authority: seq } },
      ],
    };
  },
  'representative.accepted': ({ author, content: { appointment, identified } }, _kase, words) => ({
    what: words.entry['representative.accepted'],
    lines: [
      byEntry(appointment, words),
      { value: words.representation.identified({ ...identified, name: author.name, at: momentText(words, identified.at) }) },
    ],
  }),
  'representative.revoked': ({ content: { appointment } }, kase, words) => ({
    what: words.entry['representative.revoked']({ name: nameOf(appointment, kase) }),
    lines: [byEntry(appointment, words)],
  }),
  'representative.ended': ({ content: { appointment, why } }, kase, words) => ({
    what: words.entry['representative.ended']({ name: nameOf(appointment, kase), why: words.representation.state[why] }),
    lines: [byEntry(appointment, words)],
  }),
};

const nameOf = (appointment: number, { representatives }: { representatives: readonly { seq: number; name: string }[] }) =>
  representatives.find(({ seq }) => seq === appointment)?.name ?? '';

const byEntry = (appointment: number, words: Words) => ({
  value: words.representation.byEntry(appointment),
  about: { entry: appointment },
});

const relationText = ({ relation, of }: Pick<Authority, 'relation' | 'of'>, words: Words): string =>
  [words.representation.relationOf[relation], of].filter(Boolean).join(words.comma);

/** What somebody may do with a scope, in the words of a version. */
export function powersText(scope: Scope, version: number, { representation: say }: Words): string {
  return (say.powersOf[version] ?? say.powersOf[AUTHORITY_WORDING])?.[scope] ?? '';
}

/** What a letter of authority says. */
export type Authority = Omit<Kinds['representative.appointed'], 'expiresAt' | 'to'>;

/**
 * The letter of authority (授权委托书), paragraph by paragraph: the same before it is signed, in the thread and on paper. @param day on which it is signed; null where
 * that stands beside it, and who signs
 */
export function authorityText(authority: Authority, day: string | null, words: Words): string[] {
  const { representation: say } = words;
  const { name, scope, until, lender, borrower, reference, signed, wording = 1 } = authority;
  return [
    say.appoints({ borrower, lender, reference, name, relation: relationText(authority, words) }),
    say.powers({ scope: say.scopeOf[scope], powers: powersText(scope, wording, words) }),
    say.term({ until: dateText(words, until) }),
    ...say.bounds,
    ...(day === null ? [] : ['', say.signedBy({ name: signed }), dateText(words, day)]),
  ];
}
