import type { Filled } from '../../web/parts/view.ts';
import type { Words } from '../../web/words/index.ts';
import { deliver } from '../deliver/deliver.ts';
import type { passwordFault } from '../guessable.ts';
import type { Typed } from '../negotiation/form.ts';
import type { Session } from '../store/accounts.ts';
import { adopt } from './beginnings.ts';
import { forgetToken } from './codes.ts';
import { rememberDevice } from './device.ts';
import { type C, localPath } from './portal.ts';
import { SECRETS } from './proof.ts';
import { forgetReturned } from './returned.ts';

/** What signing up, signing in and recovering have in common: reading their forms, and the session in which each ends. */

export const value = (values: Typed, name: string) => values.get(name)?.[0] ?? '';

/** Where the person wanted to go. */
export const nextOf = (c: C, values?: Typed) => localPath(values ? value(values, 'next') : c.req.query('next'), '/');

/** On to the page that asks for the code, and from there to where the person wanted to go. */
export const toConfirm = (c: C, way: 'sign-up' | 'sign-in' | 'recover', next: string) =>
  c.redirect(`/${way}/confirm${next === '/' ? '' : `?next=${encodeURIComponent(next)}`}`, 303);

/** A refused form: all that was typed but secrets, and what is wrong. */
export const refusedForm = (values: Typed, errors: Filled['errors']): Filled => ({
  values: new Map([...values].filter(([name]) => !SECRETS.has(name))),
  errors,
});

export const passwordText = (say: Words['account'], fault: NonNullable<ReturnType<typeof passwordFault>>) =>
  ({ short: say.passwordShort, long: say.passwordLong, plain: say.passwordPlain })[fault];

/**
 * Begins the session that `store` stores, and goes on to `next`: by way of the second factor, where the person owes it (`factorAt` is when they gave it); else
 * on a device that from now on is known for the contact (its digest). A draft from whose last page the person came is the account's from then on.
 * `again` sends the form of the request on to `next`; by the code `confirmed` what was looked over is sent, where it waited for that code.
 */
export async function arrive(
  c: C,
  account: string,
  about: string,
  next: string,
  store: (session: Session) => Promise<unknown>,
  { again, confirmed, factorAt = null }: { again?: boolean; confirmed?: string; factorAt?: string | null } = {},
) {
  await beginSession(c, account, store, factorAt);
  if (factorAt === null && (await c.var.directory.owesFactor(account))) {
    // 307: what was written when the session had ended goes along, and waits in the next page too.
    return again ? c.redirect(next, 307) : c.redirect(`/second-factor?next=${encodeURIComponent(next)}`, 303);
  }
  rememberDevice(c, about);
  const { sending, full } = await adopt(c, account, { next, confirmed });
  // 307: a form goes on to its page, which does what its button said.
  if (sending) return c.redirect(sending, 307);
  // The list of cases says that there is no room for it.
  if (full) return c.redirect('/cases', 303);
  return c.redirect(next === '/' ? '/cases' : next, again ? 307 : 303);
}

/** Begins the session that `store` stores, and gives its cookie to the browser. */
export async function beginSession(c: C, account: string, store: (session: Session) => Promise<unknown>, factorAt: string | null) {
  const device = c.req.header('user-agent') ?? '';
  const cookie = await c.var.sessions.begin(account, device, (session) => store({ ...session, factorAt }));
  c.header('Set-Cookie', cookie, { append: true });
  c.executionCtx.waitUntil(deliver(c.var.env));
  forgetToken(c);
  forgetReturned(c);
}
