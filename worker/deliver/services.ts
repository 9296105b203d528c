import * as z from 'zod';
import type { MailWay, TextWay } from '../carriers.ts';
import type { StoredLetter } from '../store/letters.ts';
import type { Message } from './message.ts';
import { LATER, type Outcome, SENT, WAY_FAILS, type Way } from './outcome.ts';

/** Services that take a letter as JSON over HTTPS: a mail API, and whatever sends short messages. Both know a letter they had before by `Idempotency-Key`. */

const PATIENCE = 15_000;

export type ApiWay = Extract<MailWay, { by: 'api' }>;

/** `{from, to, reply_to, subject, text, html, headers}`, as the usual mail APIs take it. */
export function mailApi({ url, token }: ApiWay): Way<Message> {
  return {
    carry: ({ id, from, to, replyTo, subject, text, html, headers }) =>
      post(url, token, id, {
        from: from.name ? `${from.name} <${from.address}>` : from.address,
        to: [to],
        ...(replyTo ? { reply_to: replyTo } : {}),
        subject,
        text,
        html,
        headers: { ...headers, 'Message-ID': id },
      }),
    close: async () => undefined,
  };
}

/** What stands in a text; lists of what a mail says have no place in one. */
const Params = z
  .record(z.string(), z.unknown())
  .transform((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => typeof value !== 'object')));

/** `{to, template, params, language}`: the text itself is the service's, approved for its sender in that language. */
export function textService({ url, token }: TextWay): Way<Pick<StoredLetter, 'id' | 'recipient' | 'template' | 'params' | 'language'>> {
  return {
    carry: ({ id, recipient, template, params, language }) =>
      post(url, token, id, { to: recipient, template, params: Params.parse(JSON.parse(params)), language }),
    close: async () => undefined,
  };
}

async function post(url: string, token: string, id: string, body: unknown): Promise<Outcome> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    await answer.body?.cancel();
    return outcomeOf(answer.status);
  } catch {
    return WAY_FAILS;
  }
}

/** RFC 9110: 408, 425 and 429 are for another time, and so is what the service itself does wrong; other 4xx are about the letter. */
function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return SENT;
  if (status === 408 || status === 425 || status === 429) return LATER;
  // The portal is not let in, asks at the wrong place, or is sent elsewhere: nothing is said of the letter.
  if (status >= 500 || status < 400 || [401, 403, 404, 405].includes(status)) return WAY_FAILS;
  return { is: 'refused', what: 'letter' };
}
