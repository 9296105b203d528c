import * as z from 'zod';
import { type Language, wordsOf, zonedText } from '../web/words/index.ts';
import { randomId } from './chance.ts';

/** Letters as they stand in the directory's outbox until they leave. None of them says that anybody owes anything. */

/**
 * `template` is what it is, with what stands in it as `params`, for services that have a text of their own for it. `urgency` is the order in which letters
 * leave: 0 codes, 1 accounts and invitations, 2 news, 3 news that are gathered for a day. `expiresAt` is set where a letter is of no more use after it, and goes.
 */
export type Letter = {
  id: string;
  recipient: string;
  subject: string;
  body: string;
  createdAt: string;
  language: Language;
  template: Template;
  params: string;
  urgency: 0 | 1 | 2 | 3;
  account?: string | null;
  lender?: string | null;
  /** The case that news are of. */
  about?: string;
  /** Where answers to it go, where they come back into its case. */
  replyTo?: string | null;
  unsubscribe?: string | null;
  /** From when on it may leave. */
  nextAt?: string;
  expiresAt?: string;
};

export type Template =
  | 'code'
  | 'taken'
  | 'password'
  | 'device'
  | 'factor-on'
  | 'factor-off'
  | 'ending'
  | 'vacated'
  | 'passkey-added'
  | 'passkey-removed'
  | 'contact-added'
  | 'invitation'
  | 'news'
  | 'unentered';

/** To whom: where they are reached, in which language, and whose account it is where it is one's. */
export type Addressee = { recipient: string; language: Language; account?: string | null };

type Text = { subject: string; body: string };

function letter(
  to: Addressee,
  template: Template,
  { subject, body }: Text,
  params: Readonly<Record<string, string | number | undefined>>,
  urgency: Letter['urgency'],
  createdAt: string,
): Letter {
  return { id: randomId(), ...to, subject, body, createdAt, template, params: JSON.stringify(params), urgency };
}

export function codeLetter(to: Addressee, code: string, at: string, expiresAt: string): Letter {
  const { mail } = wordsOf(to.language);
  return { ...letter(to, 'code', { subject: mail.codeSubject, body: mail.codeBody(code) }, { code }, 0, at), expiresAt };
}

/** To the owner of a contact that somebody tried to sign up with again: the page itself does not tell. */
export function takenLetter(to: Addressee, at: string): Letter {
  const { mail } = wordsOf(to.language);
  return letter(to, 'taken', { subject: mail.takenSubject, body: mail.takenBody }, {}, 1, at);
}

/** To who has an account: its password was changed. */
export function passwordLetter(to: Addressee, at: string): Letter {
  const words = wordsOf(to.language);
  const when = zonedText(words, at);
  return letter(to, 'password', { subject: words.mail.passwordSubject, body: words.mail.passwordBody({ at: when }) }, { at: when }, 1, at);
}

/** To who has an account: somebody signed in on a device that it did not know. */
export function newDeviceLetter(to: Addressee, at: string): Letter {
  const words = wordsOf(to.language);
  const when = zonedText(words, at);
  return letter(to, 'device', { subject: words.mail.deviceSubject, body: words.mail.deviceBody({ at: when }) }, { at: when }, 1, at);
}

/** To who has an account: its second factor was set up, or is gone. */
export function factorLetter(to: Addressee, what: 'on' | 'off', at: string): Letter {
  const words = wordsOf(to.language);
  const when = zonedText(words, at);
  const text = { subject: words.mail.factorSubject, body: words.mail.factorBody[what]({ at: when }) };
  return letter(to, `factor-${what}`, text, { at: when }, 1, at);
}

/** To who has an account: one more passkey opens it, or one no longer does. */
export function passkeyLetter(to: Addressee, what: 'added' | 'removed', at: string): Letter {
  const words = wordsOf(to.language);
  const when = zonedText(words, at);
  const text = { subject: words.mail.factorSubject, body: words.mail.passkeyBody[what]({ at: when }) };
  return letter(to, `passkey-${what}`, text, { at: when }, 1, at);
}

/** To who has an account, where they sign in: news can go to a second contact from now on. */
export function contactLetter(to: Addressee, at: string): Letter {
  const words = wordsOf(to.language);
  const when = zonedText(words, at);
  return letter(
    to,
    'contact-added',
    { subject: words.mail.contactSubject, body: words.mail.contactBody({ at: when }) },
    { at: when },
    1,
    at,
  );
}

/** To who has a seat in a case that will be here no longer: until when what is theirs can be taken away. It does not say whose case it is. */
export function endingLetter(to: Addressee, link: string, until: string, at: string): Letter {
  const words = wordsOf(to.language);
  const day = zonedText(words, until);
  const text = { subject: words.mail.endingSubject, body: words.mail.endingBody({ until: day, link }) };
  return letter(to, 'ending', text, { until: day, link }, 1, at);
}

/** To who sat in a case that was not theirs, and to whom they brought: they do no more. It says nothing of the case, nor whose it is. */
export function vacatedLetter(to: Addressee, at: string): Letter {
  const words = wordsOf(to.language);
  const when = zonedText(words, at);
  const text = { subject: words.mail.vacatedSubject, body: words.mail.vacatedBody({ at: when }) };
  return letter(to, 'vacated', text, { at: when }, 1, at);
}

/**
 * To a borrower whose case a lender has opened, or to who is to act beside one. It does not say by whom: that stands behind the link. @param lender whose people see
 * to it where it cannot be delivered; null where it is none of theirs
 */
export function invitationLetter(to: Addressee, lender: string | null, link: string, at: string, expiresAt: string): Letter {
  const { mail } = wordsOf(to.language);
  const text = { subject: mail.inviteSubject, body: mail.inviteBody({ link }) };
  return { ...letter(to, 'invitation', text, { link }, 1, at), lender, expiresAt };
}

/** To who is to work for a lender. */
export function staffLetter(to: Addressee, lender: { id: string; name: string }, link: string, at: string, expiresAt: string): Letter {
  const { mail } = wordsOf(to.language);
  const text = { subject: mail.staffSubject, body: mail.staffBody({ lender: lender.name, link }) };
  return { ...letter(to, 'invitation', text, { link }, 1, at), lender: lender.id, expiresAt };
}

/** To who answered a letter by mail: it did not become an entry, and why. */
export function unenteredLetter(to: Addressee, why: string, link: string, at: string): Letter {
  const { mail } = wordsOf(to.language);
  const text = { subject: mail.unenteredSubject, body: mail.unenteredBody({ why, link }) };
  return letter(to, 'unentered', text, { link }, 1, at);
}

const Entry = z.object({ link: z.string(), number: z.string(), seq: z.int(), hash: z.string(), anchor: z.int().optional() });
type Entry = z.infer<typeof Entry>;
/** Of a letter that others were joined to, `entries` are all that it says. */
const Said = Entry.extend({ entries: z.array(Entry).optional() });

/** News of an entry: where to read it, and its number and hash as a receipt. */
export function newsLetter(
  to: Addressee,
  { lender, about, daily }: { lender: string; about: string; daily: boolean },
  entry: Entry,
  at: string,
): Letter {
  const { mail } = wordsOf(to.language);
  const text = { subject: mail.newsSubject(entry), body: mail.newsBody({ ...entry, receipt: mail.receipt(entry) }) };
  return { ...letter(to, 'news', text, entry, daily ? 3 : 2, at), lender, about };
}

/** What several letters of news say as one: of one case, or of several (which are counted in the subject). Every entry stands in it with its receipt. */
export function joinedNews(language: Language, params: readonly string[]): Pick<Letter, 'subject' | 'body' | 'params'> | null {
  const { mail } = wordsOf(language);
  const entries = params.flatMap((text) => readEntry(text));
  const [last] = entries.slice(-1);
  if (!last || entries.length < params.length) return null;
  const cases = Map.groupBy(entries, ({ number }) => number);
  const subject = cases.size > 1 ? mail.dailySubject({ count: cases.size }) : mail.newsSubject(last);
  const parts = [...cases].map(([number, some]) => {
    const [newest = last] = some.slice(-1);
    return [mail.joined({ number, count: some.length }), newest.link, ...some.map(mail.receipt)].join('\n');
  });
  return { subject, body: [...parts, mail.keep].join('\n\n'), params: JSON.stringify({ ...last, entries }) };
}

function readEntry(text: string): Entry[] {
  try {
    const { entries, ...entry } = Said.parse(JSON.parse(text));
    return entries ?? [entry];
  } catch {
    return [];
  }
}
