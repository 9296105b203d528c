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

/** Drafts that one person keeps with one lender. */
export const MAX_DRAFTS = 10;

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

/** A draft of this browser that can become somebody's own. */
type Found = Omit<Beginning, 'lender'> & { lender: Lender };

/** What was begun in this browser that can become the account's: not what is for a lender that is not here, or for whom the person works. */
export async function foundHere(c: C, account: string): Promise<Found[]> {
  const begun = await beginnings(c);
  if (begun.length === 0) return [];
  const employers = await c.var.directory.employersOf(account);
  return begun.flatMap(({ lender, ...one }) => (lender === null || employers.includes(lender.id) ? [] : [{ ...one, lender }]));
}

/** Moves one draft from the browser to the account; false, and it stays, where the account has as many with that lender as one keeps. */
async function takeOver(c: C, account: string, { about, lender, content, updatedAt }: Found): Promise<boolean> {
  const own = openOwn(c.var.env, admitOwn({ id: account }, lender));
  const draft = { about, case: caseOf({ id: account }, lender, about), content, updatedAt };
  const { drafts } = await own.begun(draft.case);
  if (drafts.length >= MAX_DRAFTS && !drafts.some((one) => one.about === about)) return false;
  await c.var.directory.noteBegun(account, lender.id);
  await own.takeDraft(draft);
  await dropBeginning(c, about);
  return true;
}

/** The browser forgets its cookie once nothing is left that was begun in it. */
async function forgetIfEmpty(c: C): Promise<void> {
  if ((await beginnings(c)).length === 0) deleteCookie(c, COOKIE, { path: '/' });
}

/**
 * A draft becomes the account's unasked only where the person signs up or in from that draft's own last page (`next`), or by the code for which it waits
 * (`confirmed`): a browser may be shared, and what else was begun in it may be another's, so the list of cases asks. `sending` is the address of one that
 * was looked over and sent, and waited for that code: by that of another who signs up in the same browser nothing is sent. `full`: there was no room for
 * it. What fails here stays in the browser, and is asked about.
 */
export async function adopt(
  c: C,
  account: string,
  { next, confirmed }: { next: string; confirmed?: string | undefined },
): Promise<{ sending: string | null; full: boolean }> {
  let sending: string | null = null;
  let full = false;
  if (!hasBegun(c)) return { sending, full };
  try {
    for (const one of await foundHere(c, account)) {
      const check = `/open/${one.lender.slug}/${one.about}/check`;
      const waited = confirmed !== undefined && waitsFor(one.content, confirmed);
      if (!waited && next.split('?')[0] !== check) continue;
      if (!(await takeOver(c, account, one))) full = true;
      else if (waited) sending = check;
    }
    await forgetIfEmpty(c);
  } catch (thrown) {
    console.error(`A beginning was not taken over: ${thrown instanceof Error ? thrown.name : ''}`);
  }
  return { sending, full };
}

/** The person says of a draft that was found in this browser whether it is theirs: it becomes their account's where there is room, or is deleted. */
export async function answerFound(c: C, account: string, about: string, isTheirs: boolean): Promise<void> {
  const found = (await foundHere(c, account)).find((one) => one.about === about);
  if (!found) return;
  if (isTheirs) await takeOver(c, account, found);
  else await dropBeginning(c, about);
  await forgetIfEmpty(c);
}

const waitsFor = (content: unknown, code: string) =>
  typeof content === 'object' && content !== null && 'sending' in content && content.sending === code;
