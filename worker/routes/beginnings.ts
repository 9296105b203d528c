import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { randomToken } from '../chance.ts';
import { DAY, instant, later, MINUTE } from '../clock.ts';
import { admitOwn, caseOf } from '../store/admission.ts';
import type { Beginning } from '../store/beginnings.ts';
import { type Lender, openBeginnings, openOwn } from '../store/open.ts';
import { addressOf } from './address.ts';
import type { C } from './portal.ts';

/** What a visitor has begun before they have an account: known by a random token in a cookie, kept for two weeks, and theirs once they sign in. */

const LIFE = 14 * DAY;
const COOKIE = 'begun';

const tokenOf = (c: C): string | null => {
  const token = getCookie(c, COOKIE) ?? '';
  return /^[\w-]{27}$/.test(token) ? token : null;
};

/** Whether the visitor's browser says that something was begun in it. */
export const hasBegun = (c: C): boolean => tokenOf(c) !== null;

/** A draft of this visitor, with its lender; null where that is not here. */
type Begun = Omit<Beginning, 'lender'> & { lender: Lender | null };

/** What this visitor has begun, newest first. What is for a lender whose row is not the portal's own is left alone. */
export async function beginnings(c: C): Promise<Begun[]> {
  const token = tokenOf(c);
  if (!token) return [];
  const [begun, lenders] = await Promise.all([openBeginnings(c.var.env).list(token, instant()), c.var.directory.lenders()]);
  return begun.flatMap((one) => {
    const lender = lenders.find(({ id }) => id === one.lender) ?? null;
    return lender === null && one.lender !== null ? [] : [{ ...one, lender }];
  });
}

/** Drafts that are begun from one place in an hour, and lenders that are missed there. On a development machine everybody comes from one. */
const A_PLACE = 30;
const placeOf = (c: C, at: string) => ({
  key: `begin:${addressOf(c)}`,
  until: later(at, 60 * MINUTE),
  most: c.var.env.development ? Number.MAX_SAFE_INTEGER : A_PLACE,
});

/** Keeps a draft for this visitor, whose cookie is made with the first; false where there is no room for it. */
export async function keepBeginning(c: C, draft: Beginning): Promise<boolean> {
  const token = tokenOf(c) ?? randomToken();
  const expiresAt = later(draft.updatedAt, LIFE);
  const kept = await openBeginnings(c.var.env).save(token, { ...draft, expiresAt }, placeOf(c, draft.updatedAt));
  const secure = c.var.env.origin.startsWith('https:');
  if (kept) setCookie(c, COOKIE, token, { path: '/', maxAge: LIFE / 1000, httpOnly: true, sameSite: 'Lax', secure });
  return kept;
}

/** Counts that somebody looked for a lender which is not here, by the name that they gave. */
export async function want(c: C, name: string): Promise<void> {
  const at = instant();
  await openBeginnings(c.var.env).want(name, at, placeOf(c, at));
}

export async function dropBeginning(c: C, about: string): Promise<void> {
  const token = tokenOf(c);
  if (token) await openBeginnings(c.var.env).drop(token, about);
}

/**
 * What was begun in this browser becomes the account's. What is for a lender that is not here, or for whom the person works, stays what it is; so does all of
 * it where that fails, and the next time one signs in finds it. `sending` is the address of one that was looked over and sent, and waited for the code
 * `confirmed`: by that of another who signs up in the same browser nothing is sent.
 */
export async function adopt(c: C, account: string, confirmed?: string): Promise<{ sending: string | null }> {
  const token = tokenOf(c);
  let sending: string | null = null;
  if (!token) return { sending };
  try {
    const store = openBeginnings(c.var.env);
    const begun = await beginnings(c);
    if (begun.length === 0) return { sending };
    const employers = await c.var.directory.employersOf(account);
    const staying = begun.filter(({ lender }) => lender === null || employers.includes(lender.id));
    for (const one of begun) {
      const { about, lender, content, updatedAt } = one;
      if (!lender || staying.includes(one)) continue;
      const own = openOwn(c.var.env, admitOwn({ id: account }, lender));
      await c.var.directory.noteBegun(account, lender.id);
      await own.takeDraft({ about, case: caseOf({ id: account }, lender, about), content, updatedAt });
      await store.drop(token, about);
      if (confirmed !== undefined && waitsFor(content, confirmed)) sending = `/open/${lender.slug}/${about}/check`;
    }
    if (staying.length === 0) deleteCookie(c, COOKIE, { path: '/' });
  } catch (thrown) {
    console.error(`A beginning was not taken over: ${thrown instanceof Error ? thrown.name : ''}`);
  }
  return { sending };
}

const waitsFor = (content: unknown, code: string) =>
  typeof content === 'object' && content !== null && 'sending' in content && content.sending === code;
