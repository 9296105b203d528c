import { LetterMail } from '../../web/mail/letter.tsx';
import { wordsOf } from '../../web/words/index.ts';
import type { MailWay } from '../carriers.ts';
import type { StoredLetter } from '../store/letters.ts';

/** A letter as a mail: who sends it to whom, what it says as text and as HTML, and the headers that say what it is. */
export type Message = {
  /** Its Message-ID, the same however often it is sent. */
  id: string;
  from: MailWay['from'];
  to: string;
  replyTo: string | null;
  subject: string;
  text: string;
  html: string;
  date: Date;
  headers: Record<string, string>;
};

export type Composed = Pick<StoredLetter, 'id' | 'recipient' | 'subject' | 'body' | 'createdAt' | 'language' | 'replyTo' | 'unsubscribe'>;

/** @param origin where the portal is: unsubscribing leads there */
export function messageOf(letter: Composed, { from, replyTo }: Pick<MailWay, 'from' | 'replyTo'>, origin: string): Message {
  const words = wordsOf(letter.language);
  const { subject, body } = letter;
  const sentBy = letter.replyTo === null ? words.mail.sentBy : words.mail.answerable;
  const stop = letter.unsubscribe ? `${origin}/unsubscribe/${letter.unsubscribe}` : null;
  const domain = from.address.slice(from.address.indexOf('@') + 1);
  return {
    id: `<${letter.id}@${domain}>`,
    from,
    to: letter.recipient,
    replyTo: letter.replyTo ?? replyTo,
    subject,
    text: [body, '', '—', sentBy, ...(stop ? [`${words.mail.stop}${words.colon}${stop}`] : [])].join('\n'),
    html: `<!DOCTYPE html>${LetterMail({ words, subject, body, sentBy, stop }).toString()}`,
    date: new Date(letter.createdAt),
    headers: {
      // RFC 3834: no holiday notes in answer to it.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': words.language.code,
      // RFC 8058: mail programs stop letters of this kind with one request.
      ...(stop ? { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
    },
  };
}
