import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import * as z from 'zod';
import type { Filled } from '../../web/parts/view.ts';
import { refusalField, refusalText, type Words, wordsAt, wordsOf } from '../../web/words/index.ts';
import { randomToken } from '../chance.ts';
import { instant, later, MINUTE } from '../clock.ts';
import type { Typed } from '../negotiation/form.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import { IdentityEnd } from '../negotiation/text.ts';
import { LANGUAGES, type Language } from '../plan/languages.ts';
import { openReturned } from '../store/open.ts';
import { addressOf } from './address.ts';
import { type C, localPath } from './portal.ts';
import { SECRETS } from './proof.ts';

/**
 * A form that comes back has an address of its own, so that going back to it, or loading it again, shows it and asks nobody whether to send it again. What was
 * typed in it is kept for minutes under the token of the session, or of a cookie where there is none; an address says nothing of it. What cannot be kept is
 * shown in the place of the answer.
 */

const LIFE = 30 * MINUTE;
const COOKIE = 'returned';

/** The mark of an address at which a form is shown again. */
const AGAIN = 'again';
export const isAgain = (c: C): boolean => c.req.query(AGAIN) !== undefined;
export const againAt = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}${AGAIN}=1`;

/** What is wrong with a form, as it is said in the words of a language. */
export type Said = (words: Words) => Filled['errors'];

/** A refusal, beside the field that it is about. */
export const refusedBy =
  (refusal: Refusal): Said =>
  (words) => ({ [refusalField(refusal)]: refusalText(words, refusal) });

/** A form as it came back. `errors` are null where nobody asked what is wrong with it, or where that is to be worked out when it is shown. */
export type Returned = { values: Typed; errors: Filled['errors'] | null; beyond: boolean };

const Kept = z.object({
  values: z.array(z.tuple([z.string(), z.array(z.string())])),
  errors: z.partialRecord(z.enum(LANGUAGES), z.record(z.string(), z.string())),
  beyond: z.boolean(),
});

/** What is wrong with a form in every language, so that whoever changes theirs reads it. */
export function saidInAll(c: C, said: Said): Partial<Record<Language, Filled['errors']>> {
  const { place } = c.var.view.words;
  const all: Partial<Record<Language, Filled['errors']>> = {};
  for (const one of LANGUAGES) all[one] = said(wordsAt(wordsOf(one), place));
  return all;
}

/**
 * To the address `at`, at which the form is shown as it was typed (but for secrets), with what is wrong with it; what `otherwise` answers where it cannot be
 * kept. Nothing is kept of a request that asks for the address itself.
 */
export async function comeBack(
  c: C,
  at: string,
  form: { values: Typed; errors?: Partial<Record<Language, Filled['errors']>>; beyond?: boolean },
  otherwise: () => Response | Promise<Response>,
): Promise<Response> {
  if (c.req.method !== 'POST' || keepable(form.values).size < form.values.size) return otherwise();
  const values = [...withoutSecrets(form.values)].map(([name, all]): [string, string[]] => [name, [...all]]);
  const content = { values, errors: form.errors ?? {}, beyond: form.beyond ?? false };
  return (await kept(c, at, content)) ? c.redirect(at, 303) : otherwise();
}

/** What of a form is kept: an identity number is nowhere but on the page, until it is no more than its end. */
export function keepable(values: Typed): Typed {
  const [end = ''] = values.get(IDENTITY) ?? [];
  return end === '' || IdentityEnd.safeParse(end).success ? values : new Map([...values].filter(([name]) => name !== IDENTITY));
}

const IDENTITY = 'loan.identity';

/** The page at `path` again, with a form as it was refused; `draw` draws it where it cannot be kept. */
export function refusedAt(
  c: C,
  path: string,
  values: Typed,
  said: Said,
  draw: (form: Filled) => Response | Promise<Response>,
): Promise<Response> {
  return comeBack(c, againAt(path), { values, errors: saidInAll(c, said) }, () => {
    return draw({ values: withoutSecrets(values), errors: said(c.var.view.words) });
  });
}

/**
 * The page at `path` as its form was typed, such as in the other language: with what was wrong with it, where it had come back. Nothing is done.
 */
export async function retyped(c: C, path: string, values: Typed, draw: (form: Filled) => Response | Promise<Response>): Promise<Response> {
  const errors = await errorsAt(c, againAt(path));
  const here = () => draw({ values: withoutSecrets(values), errors: {} });
  return errors ? comeBack(c, againAt(path), { values, errors }, here) : here();
}

/** What is wrong, in every language, with the form that is shown at an address; null where the request does not come from its page. */
export async function errorsAt(c: C, about: string): Promise<Partial<Record<Language, Filled['errors']>> | null> {
  return c.var.view.path === about ? ((await readAt(c, about))?.errors ?? null) : null;
}

const withoutSecrets = (values: Typed): Typed => new Map([...values].filter(([name]) => !SECRETS.has(name)));

/** Forms that come back to one place without a session in an hour. On a development machine everybody comes from one. */
const A_PLACE = 120;

async function kept(c: C, about: string, content: unknown): Promise<boolean> {
  const { env } = c.var;
  const own = ownToken(c);
  const token = own ?? cookieToken(c) ?? randomToken();
  const at = instant();
  const most = env.development ? Number.MAX_SAFE_INTEGER : A_PLACE;
  const place = own ? null : { key: `returned:${addressOf(c)}`, until: later(at, 60 * MINUTE), most };
  try {
    if (!(await openReturned(env).keep(token, { about, content, at, expiresAt: later(at, LIFE) }, place))) return false;
  } catch (thrown) {
    console.error(`A form that came back was not kept: ${thrown instanceof Error ? thrown.name : ''}`);
    return false;
  }
  const secure = env.origin.startsWith('https:');
  if (!own) setCookie(c, COOKIE, token, { path: '/', maxAge: LIFE / 1000, httpOnly: true, sameSite: 'Lax', secure });
  return true;
}

const cookieToken = (c: C): string | null => {
  const token = getCookie(c, COOKIE) ?? '';
  return /^[\w-]{27}$/.test(token) ? token : null;
};

/** The token of the session in which the person is; null where there is none. */
const ownToken = (c: C): string | null => (c.var.visit ? c.var.sessions.tokenOf(c.req.header('cookie') ?? '') : null);

/** The form that is shown at an address; null where none is, or no more. */
export async function returnedAt(c: C, about: string): Promise<Returned | null> {
  const data = await readAt(c, about);
  return data ? { values: new Map(data.values), errors: data.errors[c.var.view.language] ?? null, beyond: data.beyond } : null;
}

async function readAt(c: C, about: string): Promise<z.infer<typeof Kept> | null> {
  const token = ownToken(c) ?? (c.var.visit ? null : cookieToken(c));
  return token ? (Kept.safeParse(await openReturned(c.var.env).read(token, about, instant())).data ?? null) : null;
}

/** Whoever comes after somebody who has signed in, at the same browser, is shown nothing of what they had typed before. */
export const forgetReturned = (c: C) => deleteCookie(c, COOKIE, { path: '/' });

/** The same as a form is drawn. */
export async function returnedForm(c: C, path: string): Promise<Filled | null> {
  const typed = isAgain(c) ? await returnedAt(c, againAt(path)) : null;
  return typed && { values: typed.values, errors: typed.errors ?? {} };
}

/** How a page answers that shows a form: that something in it is wrong, or that all is well. */
export const statusOf = ({ errors }: Pick<Filled, 'errors'>): 200 | 422 => (Object.keys(errors).length > 0 ? 422 : 200);

/** What was sent from the page of a form that had come back is done: that page shows it no more. */
export function doneWith(c: C): void {
  const from = c.req.header('referer');
  const token = ownToken(c);
  if (!token || !from || !URL.canParse(from)) return;
  const { pathname, search } = new URL(from);
  const about = localPath(pathname + search, '');
  if (SHOWN.test(about)) c.executionCtx.waitUntil(Promise.resolve(openReturned(c.var.env).drop(token, about)));
}

/** Addresses at which nothing else is shown than a form that came back. */
const SHOWN = /^\/cases\/[0-9a-f]{32}\/(?:typed\/|marked\/|(?:proposals|representatives)\/check$)/;
