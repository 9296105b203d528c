import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import { type DetectorOptions, detectFromCookie, detectFromHeader, detectFromQuery } from 'hono/language';
import type { CookieOptions } from 'hono/utils/cookie';
import { withErrorsSaid } from '../../web/parts/summary.ts';
import type { View } from '../../web/parts/view.ts';
import { wordsAt, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../chance.ts';
import { instant, later, MINUTE } from '../clock.ts';
import { contactIn, contactOf, masked } from '../contact.ts';
import type { Bindings, Env } from '../env.ts';
import { announceSome } from '../execute/announce.ts';
import { readable } from '../execute/decide.ts';
import type { Case } from '../negotiation/case.ts';
import { type AnyContext, notTheirs, type Context as Situation } from '../negotiation/command.ts';
import { FormTooLarge, type Typed, typed, typedBody } from '../negotiation/form.ts';
import { seated } from '../negotiation/seated.ts';
import { may } from '../negotiation/seats.ts';
import { isInApp, siteOf } from '../passkey.ts';
import { asLanguage, ELSEWHERE, LANGUAGES, type Language } from '../plan/languages.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { noted, prove } from '../proof.ts';
import { notBefore } from '../record/seal.ts';
import type { Sessions } from '../session.ts';
import { SIZES, type Size } from '../store/accounts.ts';
import { admissions, isOfParty, type Visit } from '../store/admission.ts';
import { type AnyAdmission, type CaseAdmission, type CaseFile, type Directory, openCaseFile } from '../store/open.ts';
import type { Doubt } from '../store/seals.ts';
import { boundaryOf, boundedParts, typeWith } from './multipart.ts';

/** What routes have in hand: settings, the directory, and who is there. */
export type Portal = {
  Bindings: Bindings;
  Variables: {
    env: Env;
    directory: Directory;
    sessions: Sessions;
    visit: Visit | null;
    /** Who has given their password alone and owes their second factor: nobody yet, but on the pages that ask for it. */
    owing: Visit | null;
    view: View;
    /** A further content policy of a page, beside that of all. */
    sandbox?: string;
  };
};
export type C = Context<Portal>;

/** The number before which a page of entries ends, as the address asks; undefined for the newest page. */
export function pageBefore(c: C): number | undefined {
  const asked = Number(c.req.query('before'));
  return Number.isSafeInteger(asked) && asked > 1 ? asked : undefined;
}

type Html = string | { toString(): string };

const HTML = 'text/html; charset=UTF-8';
const encoder = new TextEncoder();

/** A page. It is given in bytes: the runtime writes them several times faster than it writes a text. */
export function page(c: C, node: Html, status: 200 | 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 422 | 429 | 500 | 503 = 200) {
  const { words } = c.get('view');
  const html = withErrorsSaid(`<!DOCTYPE html>${node.toString()}`, words);
  return c.body(encoder.encode(html), status, { 'Content-Type': HTML, 'Content-Language': words.language.code });
}

/** Not found: what a person without a seat is told, whether or not there is something. */
export const notFound = () => new HTTPException(404);

/**
 * A case in which somebody has a seat, and of which nothing is here any more, though it was anchored: what was put back from a backup is older than it. `restored` is when, and in the
 * operator's words why, records were taken as they stand since; null where nobody said so.
 */
export class RecordGone extends Error {
  readonly said: { lender: string; restored: { at: string; reason: string } | null };

  constructor(said: RecordGone['said']) {
    super('The record of a case is gone.');
    this.said = said;
  }
}

/** The person, or the sign-in page, which comes back here. */
export function person(c: C): Visit {
  const visit = c.get('visit');
  if (visit) return visit;
  throw new HTTPException(303, { res: toSignIn(c, c.req.method === 'GET' ? c.var.view.path : '/cases') });
}

/** To the page by which somebody becomes somebody: signing in, or the second factor that they owe. It comes back to `next`. */
export const toSignIn = (c: C, next: string) =>
  c.redirect(`/${c.var.owing ? 'second-factor' : 'sign-in'}?next=${encodeURIComponent(next)}`, 303);

/** The doors of a party to the case of the path: their seat in it, or each membership. A mediator has none of these. */
export function doors(c: C): { admission: CaseAdmission; casefile: CaseFile }[] {
  return doorsTo(c, caseId(c)).flatMap(({ admission, casefile }) => (isOfParty(admission) ? [{ admission, casefile }] : []));
}

/** The same, with the door of who sits between the sides: what is carried out asks the record what each may do. */
export const anyDoors = (c: C) => doorsTo(c, caseId(c));

const doorsTo = (c: C, id: string) =>
  admissions(person(c), id).map((admission) => ({ admission, casefile: openCaseFile(c.get('env'), admission) }));

/** The case that the path names, for a party: as far as `before` reads back, with the newest entries of the seat's own stream or another page of it; or 404. */
export const openCase = (c: C, before?: number, page?: Parameters<CaseFile['read']>[1]) => openCaseOf(c, caseId(c), before, page);

/** The same of a case by its id, where the path names it otherwise. */
export async function openCaseOf(c: C, id: string, before?: number, page?: Parameters<CaseFile['read']>[1]) {
  for (const { admission, casefile } of doorsTo(c, id)) {
    if (!isOfParty(admission)) continue;
    const read = await readBy(c, admission, casefile, before, page);
    if (read) return opened(c, admission, casefile, read);
    await assertNeverThere(c, admission, casefile);
  }
  throw notFound();
}

/**
 * The same for a party or the mediator, who reads the shared record as somebody who may do nothing on either side: nothing that only the lender sees is shown to
 * them, and `neutral` is where they really sit. Pages that do not ask for this are not there for a mediator.
 */
export async function openShared(c: C, before?: number): Promise<OpenCase> {
  for (const { admission, casefile } of anyDoors(c)) {
    const read = await readBy(c, admission, casefile, before);
    if (!read) {
      await assertNeverThere(c, admission, casefile);
      continue;
    }
    if (isOfParty(admission)) return opened(c, admission, casefile, read);
    const reader: CaseAdmission = { ...admission, seat: { ...admission.seat, side: 'borrower' } };
    const shown = opened(c, reader, casefile, read);
    return { ...shown, neutral: { ...shown.situation, seat: seated(read.kase, admission.seat) } };
  }
  throw notFound();
}

/** A seat in a case that is not here: in one that never was, as of an opening that broke off, or in one that is gone. @throws RecordGone */
export async function assertNeverThere(c: C, { seat, lender }: AnyAdmission, casefile: CaseFile): Promise<void> {
  const gone = seat.side === 'lender' ? null : await casefile.gone();
  if (!gone) return;
  const taken = gone.by === null ? null : await c.var.directory.anchor(lender.id, gone.by);
  const { at, restored: reason } = taken?.anchor ?? {};
  throw new RecordGone({ lender: lender.name, restored: at === undefined || reason === undefined ? null : { at, reason } });
}

async function readBy(c: C, admission: AnyAdmission, casefile: CaseFile, before?: number, page?: Parameters<CaseFile['read']>[1]) {
  const read = await casefile.read(before, page);
  if (!read) return null;
  assertSeated(c, admission, read.kase);
  return read.doubts.length > 0 ? await doubtful(c, casefile, read) : read;
}

/** Tells moments by the clocks of the place by whose law a lender's cases are held. */
export function tellBy(c: C, policy: Parameters<typeof lawOf>[0]): void {
  const view = c.get('view');
  c.set('view', { ...view, words: wordsAt(view.words, lawOf(policy).place) });
}

/** A seat that gives nothing any more, by the record, opens nothing: what the directory says of it still is put right. */
export function assertSeated(c: C, { case: id, lender, seat }: AnyAdmission, kase: Case): void {
  const now = instant();
  if (may(seated(kase, seat), 'read', now)) return;
  // Once their last letter is made, as it finds them by that seat; and not one that they were given since this was read.
  c.executionCtx.waitUntil(announceSome(c.var.env, lender, [id]).then(() => c.var.directory.dropSeat(seat.account, id, now)));
  throw notFound();
}

type Read = NonNullable<Awaited<ReturnType<CaseFile['read']>>>;

/** Where a mediator sits who reads; of a party nothing. */
const NO_NEUTRAL: { neutral: AnyContext | null } = { neutral: null };

/**
 * A case as it was read, for the seat that opened it; from here on moments are told by its clocks. One that is not theirs, as far as the record says, opens
 * no private stream.
 */
export function opened(c: C, admission: CaseAdmission, casefile: CaseFile, read: Read) {
  tellBy(c, read.policy);
  const { id } = read.row;
  const own = notTheirs(read.kase, admission.seat) ? null : read.own;
  if (own && own.doubts.length > 0) noted(id, own.doubts);
  return { ...read, own, id, admission, casefile, situation: situation(admission, { ...read, own }), ...NO_NEUTRAL };
}

/**
 * A case that is not as the portal wrote it: where its row cannot be relied upon, it is shown as far as its record still proves it, and the page says so.
 * Where the record proves nothing there is nothing to show.
 */
async function doubtful(c: C, casefile: CaseFile, read: Read): Promise<Read> {
  const isSetBack = read.doubts.some(({ code }) => code === 'anchor');
  c.set('view', { ...c.var.view, unproven: isSetBack ? 'set-back' : true });
  assertTheirs(read.row.id, read.doubts);
  const record = await casefile.record();
  if (!record) throw notFound();
  const { kase, proven, broken, doubts } = await prove(record, casefile.published, read.doubts);
  noted(read.row.id, doubts);
  if (!read.doubts.some(({ code }) => code.startsWith('seal.'))) return { ...read, doubts };
  if (proven === 0) throw new HTTPException(409);
  const entries = read.entries.map((entry) => ({ ...entry, holds: !broken.has(entry.seq) }));
  return { ...read, kase, entries, doubts };
}

/** What was put into this lender's casebook from another's is shown to nobody here, however well its record holds. */
export function assertTheirs(id: string, doubts: readonly Doubt[]): void {
  if (!doubts.some(({ code }) => code === 'seal.lender')) return;
  noted(id, doubts);
  throw new HTTPException(409);
}

export type OpenCase = Awaited<ReturnType<typeof openCase>>;

/** The case id of the path; anything that cannot be one is not found. */
export function caseId(c: C): string {
  const id = c.req.param('case') ?? '';
  if (!/^[0-9a-f]{32}$/.test(id)) throw notFound();
  return id;
}

/** The situation in which a page is drawn: now, for this seat. */
function situation({ seat }: CaseAdmission, { policy, kase, own, doubts }: Pick<Read, 'policy' | 'kase' | 'own' | 'doubts'>): Situation {
  const at = notBefore(instant(), kase.lastAt);
  const readOnly = doubts.length > 0;
  const { zone } = lawOf(policy).place;
  return {
    at,
    today: dayOf(at, zone),
    zone,
    seat: seated(kase, seat),
    own: readable(own),
    policy,
    proven: false,
    files: new Map(),
    readOnly,
  };
}

/** The form of a request as text fields. A body that is none is a bad request. @throws FormTooLarge */
export async function formOf(c: C): Promise<Typed> {
  return isPlain(c) ? typedBody(await textOf(c)) : typed(await formData(c));
}

const isPlain = (c: C) => /^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '');

/** The text of a body. One that breaks off is a bad request. */
export async function textOf(c: C): Promise<string> {
  try {
    return await c.req.text();
  } catch {
    throw new HTTPException(400);
  }
}

/** A form with its files; one that is sent as plain text has none. A body that is none is a bad request. @throws FormTooLarge */
export async function formData(c: C): Promise<FormData> {
  if (isPlain(c)) {
    const plain = new FormData();
    for (const [name, all] of typedBody(await textOf(c))) for (const value of all) plain.append(name, value);
    return plain;
  }
  const boundary = boundaryOf(c.req.header('content-type') ?? '');
  if (boundary === null) throw new HTTPException(400);
  const parts = c.req.raw.body?.pipeThrough(boundedParts(boundary)) ?? null;
  try {
    return await new Response(parts, { headers: { 'content-type': typeWith(boundary) } }).formData();
  } catch (thrown) {
    throw thrown instanceof FormTooLarge ? thrown : new HTTPException(400);
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

/** Where a request says its language. Of those that it accepts the first that there is counts. */
const SAID: DetectorOptions = {
  order: ['querystring', 'cookie', 'header'],
  lookupQueryString: 'language',
  lookupCookie: 'language',
  lookupFromHeaderKey: 'accept-language',
  lookupFromPathIndex: 0,
  supportedLanguages: [...LANGUAGES],
  fallbackLanguage: LANGUAGES[0],
  ignoreCase: true,
  caches: false,
};

/** A text as the size that it names, where it names one. */
export function asSize(text: string | undefined): Size | null {
  return SIZES.find((one) => one === text) ?? null;
}

/** The language and the size of a page that answers a form are the choice of a button in it: only pages of this site can make that. */
export function chosenLanguage(c: C): Language | null {
  return c.req.method === 'POST' ? asLanguage(detectFromQuery(c, SAID)) : null;
}

export function chosenSize(c: C): Size | null {
  return c.req.method === 'POST' ? asSize(c.req.query('size')) : null;
}

/** A choice stays with the device for a year. */
const KEPT: CookieOptions = { path: '/', maxAge: 31_536_000, sameSite: 'Lax' };

export const keepLanguage = (c: C, language: Language) => setCookie(c, SAID.lookupCookie, language, KEPT);

/** The size stays with the account too, where somebody is signed in: a page of another site that leads here changes no account. */
export async function keepSize(c: C, size: Size): Promise<void> {
  setCookie(c, 'size', size, KEPT);
  const { visit, directory } = c.var;
  const own = (c.req.header('sec-fetch-site') ?? 'same-origin') === 'same-origin';
  if (own && visit && visit.account.size !== size) await directory.setSize(visit.account.id, size);
}

/** The size chosen, on this device or in the account. */
const sizeFor = (c: C, visit: Visit | null): Size => chosenSize(c) ?? asSize(getCookie(c, 'size')) ?? visit?.account.size ?? 'plain';

/** The language chosen, on this device or in the account; or one that the browser asks for. */
function languageFor(c: C, visit: Visit | null): Language {
  const kept = () => asLanguage(getCookie(c, SAID.lookupCookie)) ?? asLanguage(detectFromCookie(c, SAID));
  const said = chosenLanguage(c) ?? kept() ?? visit?.account.language ?? asLanguage(detectFromHeader(c, SAID));
  return said ?? (/^[\s*]*$/.test(c.req.header('accept-language') ?? '') ? LANGUAGES[0] : ELSEWHERE);
}

/** How long a second factor that was given counts as given just now. */
const FRESH = 10 * MINUTE;

/** Whether the person has given their second factor just now. */
export const isFresh = ({ factorAt }: Pick<Visit['session'], 'factorAt'>, now: string): boolean =>
  factorAt !== null && later(factorAt, FRESH) > now;

/** Where the page stands that is read: a form that comes back stands where it was filled in, which may be another address than it was sent to. */
function pageOf(c: C): string {
  const { url } = c.req;
  const sent = url.slice(url.indexOf('/', url.indexOf('//') + 2));
  const from = c.req.method === 'POST' ? c.req.header('referer') : undefined;
  if (!from || !URL.canParse(from)) return sent;
  const page = new URL(from);
  return page.host === new URL(url).host && localPath(page.pathname, '') !== '' ? page.pathname + page.search : sent;
}

/** The lender whose cases are paused, where the reader is in one of them or works there. */
function pausedOf({ seat, memberships }: Visit): string | null {
  const lenders = seat ? [seat.lender] : memberships.map(({ lender }) => lender);
  return lenders.find(({ pausedAt }) => pausedAt !== null)?.name ?? null;
}

/** Where letters to somebody are refused for good, and where what goes there goes instead. */
function unreachedOf({ account, refusedAt, second }: Visit): View['unreached'] {
  const first = masked(contactIn(account));
  if (refusedAt !== null) return { to: first, instead: null };
  return second?.refusedAt ? { to: masked(contactOf(second.contact)), instead: first } : null;
}

/** The site that passkeys are for, where the reader's browser can have any: that of ORIGIN, or on a development machine that by which it was asked. */
export function passkeySite(c: C, { origin, development }: Pick<Env, 'origin' | 'development'>) {
  return isInApp(c.req.header('user-agent') ?? '') ? null : siteOf(development ? new URL(c.req.url).origin : origin);
}

/** What pages know of their reader. */
export function viewOf(c: C, visit: Visit | null, env: Pick<Env, 'development' | 'outbox' | 'origin' | 'reachesPhones'>): View {
  const language = languageFor(c, visit);
  const path = pageOf(c);
  return {
    words: wordsOf(language),
    language,
    path: path.length < 500 ? path : '/',
    origin: env.origin,
    elder: sizeFor(c, visit) === 'elder',
    person: visit
      ? {
          name: visit.account.name,
          memberships: visit.memberships.map(({ lender: { slug, name } }) => ({ slug, name })),
          asksFactor: visit.factor !== null && !isFresh(visit.session, instant()),
        }
      : null,
    passkey: visit?.factor !== null && visit?.hasPasskeys === true && passkeySite(c, env) !== null,
    development: env.outbox,
    reachesPhones: env.reachesPhones,
    unreached: visit ? unreachedOf(visit) : null,
    requestId: randomId,
    refused: null,
    unproven: false,
    paused: visit ? pausedOf(visit) : null,
  };
}
