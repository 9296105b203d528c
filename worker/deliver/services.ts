import * as z from 'zod';
import type { MailWay, TextWay } from '../carriers.ts';
import type { StoredLetter } from '../store/letters.ts';
import type { Message } from './message.ts';
import { LATER, type Outcome, SENT, WAY_FAILS, type Way } from './outcome.ts';

/**
 * Services that take a letter as JSON over HTTPS: a mail API, and whatever sends short messages. Both know a letter they had before by `Idempotency-Key`. And
 * Cloudflare's own mail, by a binding.
 */

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

export type CloudflareWay = Extract<MailWay, { by: 'cloudflare' }>;

/** Cloudflare sets Message-ID itself: the letter's own id stands beside it, so that one that came twice is known. */
export function cloudflareMail({ binding }: CloudflareWay): Way<Message> {
  return {
    async carry({ id, from, to, replyTo, subject, text, html, headers }) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const over = new Promise<never>((_, reject) => {
        timer = setTimeout(reject, PATIENCE);
      });
      const sending = binding.send({
        from: from.name ? { email: from.address, name: from.name } : from.address,
        to,
        subject,
        text,
        html,
        ...(replyTo ? { replyTo } : {}),
        headers: { ...headers, 'X-Entity-Ref-ID': id },
      });
      try {
        await Promise.race([sending, over]);
        return SENT;
      } catch (thrown) {
        const { data } = Coded.safeParse(thrown);
        return refusedBy(data?.code ?? '');
      } finally {
        clearTimeout(timer);
      }
    },
    close: async () => undefined,
  };
}

const Coded = z.object({ code: z.string() });

/** https://developers.cloudflare.com/email-service/api/send-emails/workers-api/#error-codes. Limits, and whether the portal may send at all, are of the way. */
function refusedBy(code: string): Outcome {
  if (code === 'E_RECIPIENT_SUPPRESSED') return { is: 'refused', what: 'address' };
  if (/^E_(?:VALIDATION_ERROR|FIELD_MISSING|CONTENT_TOO_LARGE|HEADERS?_\w+)$/.test(code)) return { is: 'refused', what: 'letter' };
  // Of the one to whom it goes: others may be reached.
  return code === 'E_DELIVERY_FAILED' || code === 'E_RECIPIENT_NOT_ALLOWED' ? LATER : WAY_FAILS;
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
