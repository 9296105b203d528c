import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { View } from '../../web/parts/view.ts';
import { type Language, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../chance.ts';
import { dayInChina, instant } from '../clock.ts';
import type { Bindings, Env } from '../env.ts';
import type { Context as Situation } from '../negotiation/command.ts';
import type { Policy } from '../negotiation/policy.ts';
import type { Sessions } from '../session.ts';
import { admissions, type Visit } from '../store/directory.ts';
import { type Admission, type Casebook, type Directory, openCasebook } from '../store/open.ts';
import { type Typed, typed } from './form.ts';

/** What routes have in hand: settings, the directory, and who is there. */
export type Portal = {
  Bindings: Bindings;
  Variables: { env: Env; directory: Directory; sessions: Sessions; visit: Visit | null; view: View };
};
export type C = Context<Portal>;

type Html = string | { toString(): string };

/** A page. */
export function page(c: C, node: Html, status: 200 | 400 | 403 | 404 | 409 | 413 | 422 | 429 | 500 = 200) {
  c.header('Content-Language', c.var.view.words.language.code);
  return c.html(`<!DOCTYPE html>${node.toString()}`, status);
}

/** Not found: what a person without a seat is told, whether or not there is something. */
export const notFound = () => new HTTPException(404);

/** The person, or the sign-in page, which comes back here. */
export function person(c: C): Visit {
  const { visit } = c.var;
  if (visit) return visit;
  const back = c.req.method === 'GET' ? c.var.view.path : '/cases';
  throw new HTTPException(303, { res: c.redirect(`/sign-in?next=${encodeURIComponent(back)}`, 303) });
}

/** The doors of a person to casebooks: their seat in the case, or each membership. */
export function doors(c: C): { admission: Admission; casebook: Casebook }[] {
  return admissions(person(c)).map((admission) => ({ admission, casebook: openCasebook(c.var.env, admission) }));
}

/** The case that the path names, as far as `before` reads back, or 404. */
export async function openCase(c: C, before?: number) {
  const id = caseId(c);
  for (const { admission, casebook } of doors(c)) {
    const read = await casebook.read(id, before);
    if (read) return { ...read, id, admission, casebook, situation: situation(admission, read.policy, read.kase.lastAt) };
  }
  throw notFound();
}

export type OpenCase = Awaited<ReturnType<typeof openCase>>;

/** The case id of the path; anything that cannot be one is not found. */
export function caseId(c: C): string {
  const id = c.req.param('case') ?? '';
  if (!/^[0-9a-f]{32}$/.test(id)) throw notFound();
  return id;
}

/** The situation in which a page is drawn: now, for this seat. */
export function situation(admission: Admission, policy: Policy, lastAt: string): Situation {
  const now = instant();
  const at = lastAt > now ? lastAt : now;
  return { at, today: dayInChina(at), seat: admission.seat, policy, proven: false, files: new Map() };
}

/** The form of a request as text fields. A body that is none is a bad request. */
export async function formOf(c: C): Promise<Typed> {
  return typed(await formData(c));
}

export async function formData(c: C): Promise<FormData> {
  try {
    return await c.req.formData();
  } catch {
    throw new HTTPException(400);
  }
}

/** Where to go after a form, where the request names a place: a path of this site and its query, or `otherwise`. */
export function localPath(path: string | undefined, otherwise: string): string {
  if (!path || path.length > 500 || !leadsHere(path) || !leadsHere(decoded(path.split(/[?#]/)[0] ?? ''))) return otherwise;
  // Read as browsers read it: what comes out is what a `Location` holds.
  const { origin, pathname, search } = new URL(path, HERE);
  return origin === HERE && leadsHere(pathname) ? pathname + search : otherwise;
}

const HERE = 'https://here.invalid';

/** Two slashes at the start, a backslash, a space or a control character would leave the site, or be read differently by others on the way. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const leadsHere = (path: string) => /^\/(?!\/)[^\s\\\u0000-\u001f\u007f]*$/.test(path);

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

export function languageOf(c: C, visit: Visit | null): Language {
  const chosen = /(?:^|;\s*)language=(zh|en)/.exec(c.req.header('cookie') ?? '')?.[1] as Language | undefined;
  if (chosen) return chosen;
  if (visit) return visit.account.language;
  const first = (c.req.header('accept-language') ?? '').split(',')[0]?.trim().toLowerCase() ?? '';
  return first === '' || first === '*' || first.startsWith('zh') ? 'zh' : 'en';
}

/** What pages know of their reader. */
export function viewOf(c: C, visit: Visit | null, env: Pick<Env, 'development'>): View {
  const language = languageOf(c, visit);
  const url = new URL(c.req.url);
  return {
    words: wordsOf(language),
    language,
    path: url.pathname + url.search,
    person: visit
      ? { name: visit.account.name, memberships: visit.memberships.map(({ lender: { slug, name } }) => ({ slug, name })) }
      : null,
    development: env.development,
    requestId: randomId,
    refused: null,
  };
}
