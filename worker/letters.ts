import { type Language, wordsOf, zonedText } from '../web/words/index.ts';
import { randomId } from './chance.ts';

/** Letters as they stand in the directory's outbox until a mail service takes them. None of them says that anybody owes anything. */

/** `expiresAt` is set where a letter is of no more use after it, and goes. */
export type Letter = { id: string; recipient: string; subject: string; body: string; createdAt: string; expiresAt?: string };

function letter(recipient: string, subject: string, body: string, createdAt: string): Letter {
  return { id: randomId(), recipient, subject, body, createdAt };
}

export function codeLetter(recipient: string, language: Language, code: string, at: string, expiresAt: string): Letter {
  const { mail } = wordsOf(language);
  return { ...letter(recipient, mail.codeSubject, mail.codeBody(code), at), expiresAt };
}

/** To the owner of a contact that somebody tried to sign up with again: the page itself does not tell. */
export function takenLetter(recipient: string, language: Language, at: string): Letter {
  const { mail } = wordsOf(language);
  return letter(recipient, mail.takenSubject, mail.takenBody, at);
}

/** To who has an account: its password was changed. */
export function passwordLetter(recipient: string, language: Language, at: string): Letter {
  const words = wordsOf(language);
  return letter(recipient, words.mail.passwordSubject, words.mail.passwordBody({ at: zonedText(words, at) }), at);
}

/** To who has an account: somebody signed in on a device that it did not know. */
export function newDeviceLetter(recipient: string, language: Language, at: string): Letter {
  const words = wordsOf(language);
  return letter(recipient, words.mail.deviceSubject, words.mail.deviceBody({ at: zonedText(words, at) }), at);
}

/** To who has an account: its second factor was set up, or is gone. */
export function factorLetter(recipient: string, language: Language, what: 'on' | 'off', at: string): Letter {
  const words = wordsOf(language);
  return letter(recipient, words.mail.factorSubject, words.mail.factorBody[what]({ at: zonedText(words, at) }), at);
}

/** To a borrower whose case a lender has opened. It does not say by whom: that stands behind the link. */
export function invitationLetter(recipient: string, language: Language, link: string, at: string, expiresAt: string): Letter {
  const { mail } = wordsOf(language);
  return { ...letter(recipient, mail.inviteSubject, mail.inviteBody({ link }), at), expiresAt };
}

/** News of an entry: where to read it, and its number and hash as a receipt. */
export function newsLetter(
  recipient: string,
  language: Language,
  entry: { link: string; number: string; seq: number; hash: string },
  at: string,
): Letter {
  const { mail } = wordsOf(language);
  return letter(recipient, mail.newsSubject, mail.newsBody(entry), at);
}
