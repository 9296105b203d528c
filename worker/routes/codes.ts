import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { randomCode, randomId, randomToken } from '../chance.ts';
import { instant, later, MINUTE } from '../clock.ts';
import { type Contact, contactOf, contactText, readCode } from '../contact.ts';
import { deliver } from '../deliver/deliver.ts';
import { codeLetter, takenLetter } from '../letters.ts';
import { digestOf } from '../record/digest.ts';
import { keyed } from '../secret.ts';
import type { Account, Code } from '../store/accounts.ts';
import { aboutOf, codeAsked, codeGuessed, digitsAfter, TRIES_A_CODE } from './attempts.ts';
import type { C } from './portal.ts';
import type { Said } from './returned.ts';

/** One-time codes: asking for one, and typing it. Whoever asks holds a token in a cookie; a code is good for that token alone. */

const LIFE = 10 * MINUTE;
const COOKIE_LIFE = 30 * 60;

/**
 * Counts that a code is asked for. Who has the contact comes back with it, whatever the answer: the work is the same for everybody. `digits` is
 * what the code has to have.
 */
export async function askForCode(
  c: C,
  contact: Contact,
  purpose: Code['purpose'],
): Promise<{ tooMany: boolean; account: Account | null; digits: number }> {
  const now = instant();
  const { keys, guesses, tooMany } = codeAsked(c, aboutOf(c, contact), purpose, now);
  const asked = await c.var.directory.countAttempts(keys, guesses, contact, now);
  return { tooMany: tooMany(asked.counts), account: asked.account, digits: digitsAfter(asked.other) };
}

/** What a code will be for. `letter` says what goes out: the code, word that the contact has an account, or nothing. */
export type Asked = Pick<Code, 'purpose'> & {
  contact: Contact;
  digits: number;
  letter: 'code' | 'taken' | 'none';
  account?: Account | null;
  name?: string | null;
  password?: string | null;
  invitation?: string | null;
};

/** Makes a code and sends it, under a new token; or in the place of the one that `again` names, and returns its id. Nobody has the code where none is sent. */
export async function sendCode(c: C, asked: Asked, again: string | null = null): Promise<string> {
  const { purpose, contact, digits, letter, account, name = null, password = null, invitation = null } = asked;
  const { env, view, directory } = c.var;
  const now = instant();
  const token = randomToken();
  const id = again ?? digestOf(token);
  const code = randomCode(digits);
  const language = account?.language ?? view.language;
  const expiresAt = later(now, LIFE);
  const to = { recipient: contactText(contact), language, account: account?.id ?? null };
  const sent = {
    code: () => codeLetter(to, code, now, expiresAt),
    taken: () => takenLetter(to, now),
    none: () => null,
  }[letter]();
  const hash = keyed(env, 'code', letter === 'code' ? `${id}:${code}` : randomId());
  const about = aboutOf(c, contact);
  const row = { id, purpose, contact: contactText(contact), about, account: account?.id ?? null, name, password, invitation };
  const letterId = letter === 'code' ? (sent?.id ?? null) : null;
  await directory.addCode({ ...row, hash, letter: letterId, createdAt: now, expiresAt }, sent);
  if (sent) c.executionCtx.waitUntil(deliver(env));
  if (!again) keepToken(c, token);
  return id;
}

/** Between the two pages a random token travels in a cookie: the contact is in no address and no cookie. */
function keepToken(c: C, token: string): void {
  const secure = c.var.env.origin.startsWith('https:');
  setCookie(c, 'pending', token, { path: '/', maxAge: COOKIE_LIFE, httpOnly: true, sameSite: 'Lax', secure });
}

export const forgetToken = (c: C) => deleteCookie(c, 'pending', { path: '/' });

/** The id of the code that this visitor asked for; '' where they asked for none. */
function pendingId(c: C): string {
  const token = getCookie(c, 'pending') ?? '';
  return /^[\w-]{27}$/.test(token) ? digestOf(token) : '';
}

/** The code that this visitor asked for to this end, good or not, with its contact; null where they asked for none. */
export async function pendingCode(c: C, purpose: Code['purpose']): Promise<{ code: Code; contact: Contact } | null> {
  const id = pendingId(c);
  const code = id ? await c.var.directory.code(id) : null;
  return code?.purpose === purpose ? { code, contact: contactOf(code.contact) } : null;
}

/** What is wrong with a code that was typed in vain, as the page says it that asks for it. */
export const codeFault = (wrong: 'wrong' | 'many'): Said => {
  return ({ account }) => ({ code: wrong === 'many' ? account.tooManyCodes : account.wrongCode });
};

/** What was typed, held against the live code that this visitor asked for; and whose it is. The try is counted first, for the code, its token and its contact. */
export async function typedCode(
  c: C,
  purpose: Code['purpose'],
  typed: string,
): Promise<{ code: Code; account: Account | null } | { wrong: 'wrong' | 'many' }> {
  const now = instant();
  const id = pendingId(c);
  const { keys, tooMany } = codeGuessed(id, purpose, now);
  const { code, account, counts } = await c.var.directory.tryCode(id, purpose, TRIES_A_CODE, keys, now);
  if (!code) return { wrong: 'wrong' };
  if (tooMany(counts)) return { wrong: 'many' };
  return keyed(c.var.env, 'code', `${code.id}:${readCode(typed)}`) === code.hash ? { code, account } : { wrong: 'wrong' };
}
