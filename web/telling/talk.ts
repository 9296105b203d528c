import type { Case } from '../../worker/negotiation/case.ts';
import { isConfirmation, type Letter, type Petition, petitionOf, type talk as topic, voiceOf } from '../../worker/negotiation/talk.ts';
import type { Author } from '../../worker/record/format.ts';
import { dateText, type Words } from '../words/index.ts';
import { authorName, capacityName } from './author.ts';
import { calledText, excessText } from './conduct.ts';
import { fileLines } from './evidence.ts';
import { type Line, named, said, type Tellers } from './telling.ts';

/** Messages, calls and letters, told. */

export const talk: Tellers<typeof topic> = {
  'talk.letter-issued': ({ seq, author, content: { letter, words: text } }, _kase, words) => ({
    what: words.entry['talk.letter-issued'](words.letters.kind[letter]),
    lines: [...voiceLines(letter, author, words), ...said(text), { value: words.letters.pdf, about: { letter: seq } }],
  }),
  'talk.message': ({ content }, _kase, words) => ({ what: words.entry['talk.message'], lines: said(content.words) }),
  'talk.mail-received': ({ content: { words: text, mail, left } }, kase, words) => ({
    what: words.entry['talk.mail-received'],
    lines: [...said(text), ...fileLines(mail, [], kase, words), ...(left ? [named(words.case.mailLeft, left.join(words.comma))] : [])],
  }),
  'talk.call-logged': ({ content: { when, direction, minutes, outcome, called, number, beyond = [], words: text } }, _kase, words) => ({
    what: words.entry['talk.call-logged'],
    lines: [
      { value: words.case.callDirectionOf[direction] },
      named(words.case.callWhen, `${dateText(words, when.slice(0, 10))} ${when.slice(11)}`, { aside: words.case.minutes(minutes) }),
      ...(outcome
        ? [
            named(
              words.conduct.outcome,
              words.conduct.outcomeOf[outcome],
              asideOf([calledText(called, words), number ? words.conduct.ending(number) : null], words),
            ),
          ]
        : []),
      ...beyond.map((one): Line => ({ value: excessText(one, words), as: 'warning' })),
      ...said(text),
    ],
  }),
  'talk.call-confirmed': ({ content: { call } }, _kase, words) => ({ what: words.entry['talk.call-confirmed'](call), lines: [] }),
  'talk.call-contested': ({ content: { call, words: text } }, _kase, words) => ({
    what: words.entry['talk.call-contested'](call),
    lines: said(text),
  }),
};

function asideOf(parts: readonly (string | null)[], words: Words): { aside?: string } {
  const all = parts.filter((one) => one !== null);
  return all.length > 0 ? { aside: all.join(words.comma) } : {};
}

function voiceLines(letter: Letter, author: Author | null, words: Words): Line[] {
  const note = otherVoice(letter, author, words);
  return note ? [{ value: note, as: 'warning' }] : [];
}

/** What is to be said of a letter of an old record that one side issued in the other's voice; null for every other. */
export function otherVoice(letter: Letter, author: Author | null, words: Words): string | null {
  if (!author || author.side === voiceOf(letter)) return null;
  return words.letters.otherVoice({ name: authorName(author, words), side: words.of(author.side) });
}

/** Who issued a letter and to whom, as its document says: by the author of the entry, whatever its text claims. */
export function issuedBy(
  author: Author | null,
  kase: Pick<Case, 'lenderName' | 'borrowerName' | 'invitedName'>,
  words: Words,
  letter: Letter,
): { from: string; to: string } {
  const petition = petitionOf(letter);
  const name = author
    ? words.letters.signer({ name: authorName(author, words), capacity: capacityName(author.capacity, words) })
    : words.case.erasedName;
  const lenders = author?.side === 'lender';
  return {
    from: lenders ? `${kase.lenderName}${words.comma}${name}` : name,
    to: petition ? petitionTo(petition, words) : lenders ? (kase.borrowerName ?? kase.invitedName ?? '') : kase.lenderName,
  };
}

/** To whom a letter of a kind goes, in a word: what stands beside it where the other side would. */
const petitionTo = (letter: Petition, words: Words): string =>
  isConfirmation(letter)
    ? words.petition.toCourt
    : letter === 'regulator-complaint'
      ? words.petition.toOverseer
      : words.petition.toMediators;
