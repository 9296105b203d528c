import { SignInPage } from '../../web/pages/people.tsx';
import { filled, KEPT, KEPT_AT } from '../../web/parts/view.ts';
import type { Typed } from '../negotiation/form.ts';
import { hasBegun } from './beginnings.ts';
import { factorPage } from './factor-page.ts';
import { type C, formOf, page } from './portal.ts';

/**
 * What was written when the session had ended. It goes along in the page to sign in, as hidden fields, and is kept nowhere else; after
 * signing in it is shown again as it was typed, and not sent. Requests from other sites have been refused before.
 */

/** The forms that are worth it, and where each is shown again. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/^\/cases\/([0-9a-f]{32})\/(?:do|drafts|typed|templates)\/([a-zA-Z]+\.[a-zA-Z]+)$/, '/cases/$1/typed/$2'],
  [/^\/cases\/([0-9a-f]{32})\/invitation$/, '/cases/$1/typed/case.invite'],
  [/^\/cases\/([0-9a-f]{32})\/representatives\/check$/, '/cases/$1/typed/representative.appoint'],
  [/^\/cases\/([0-9a-f]{32})\/(proposals\/(?:new|check)|means)$/, '/cases/$1/$2'],
  [/^\/open\/([a-z0-9-]{1,60}(?:\/(?:open|[0-9a-f]{32}))?)\/(loan|cause|month|proposal)(?:\/typed)?$/, '/open/$1/$2/typed'],
  [/^\/desk\/([a-z0-9-]{1,60})\/(?:new|typed)$/, '/desk/$1/typed'],
];

/** Where the form of a path is shown again, or null where there is none. */
function shownAt(path: string): string | null {
  const found = FORMS.find(([pattern]) => pattern.test(path));
  return found ? path.replace(found[0], found[1]) : null;
}

/** Whether a request without a session brings a form to be kept. One to a draft may be of somebody who has no account yet: its route tells. */
export function keeps(c: C): boolean {
  if (c.req.method !== 'POST' || c.get('visit') !== null) return false;
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '');
  const isBegun = c.req.path.startsWith('/open/') && hasBegun(c);
  return isForm && !isBegun && shownAt(c.req.path) !== null;
}

/** The sign-in page, with what was typed in it. */
export async function keepAndSignIn(c: C) {
  const at = shownAt(c.req.path) ?? '/';
  const typed = [...(await formOf(c))].filter(([name]) => !/^(?:password|factor|passkey|requestId)$/.test(name));
  const values = new Map<string, readonly string[]>([[KEPT_AT, [at]], ...typed.map(([name, all]) => [`${KEPT}${name}`, all] as const)]);
  const form = { ...filled({}), values: new Map([...values, ['next', ['/cases']]]) };
  return c.var.owing ? factorPage(c, c.var.owing, form, 401) : page(c, SignInPage({ view: c.var.view, form }), 401);
}

/** Where a form that was kept is shown again, once its writer has signed in; null where none was kept. */
export function keptAt(values: Typed): string | null {
  const path = values.get(KEPT_AT)?.[0] ?? '';
  return shownAt(path) === path ? path : null;
}

/** A form as it was typed: of one that was kept, without what belonged to signing in. */
export function unkept(values: Typed): Typed {
  if (!values.has(KEPT_AT)) return values;
  return new Map(
    [...values].flatMap(([name, all]) => (name.startsWith(KEPT) && name !== KEPT_AT ? [[name.slice(KEPT.length), all] as const] : [])),
  );
}
