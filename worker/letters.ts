import { type Language, wordsOf } from '../web/words/index.ts';
import { randomId } from './chance.ts';

/** Letters as they stand in the directory's outbox until a mail service takes them. None of them says that anybody owes anything. */

export type Letter = { id: string; recipient: string; subject: string; body: string; createdAt: string };

function letter(recipient: string, subject: string, body: string, createdAt: string): Letter {
  return { id: randomId(), recipient, subject, body, createdAt };
}

export function codeLetter(recipient: string, language: Language, code: string, at: string): Letter {
  const { mail } = wordsOf(language);
  return letter(recipient, mail.codeSubject, mail.codeBody(code), at);
}

/** To the owner of a contact that somebody tried to sign up with again: the page itself does not tell. */
export function takenLetter(recipient: string, language: Language, at: string): Letter {
  const { mail } = wordsOf(language);
  return letter(recipient, mail.takenSubject, mail.takenBody, at);
}

/** News of an entry: where to read it, and its number and hash as a receipt. */
export function newsLetter(
  recipient: string,
  language: Language,
  entry: { link: string; number: string; seq: number; hash: string },
  at: string,
): Letter {
  const { mail } = wordsOf(language);
  return letter(recipient, mail.newsSubject, mail.newsBody(entry.link, entry.number, entry.seq, entry.hash), at);
}
