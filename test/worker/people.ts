import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { giveFactor } from '../../db/play-whole.ts';
import type { Portal } from '../../db/portal.ts';
import type { Language } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { codeFor, linkFor } from '../portal.ts';

export { giveFactor };

/** Somebody at the portal, over HTTP: their cookie goes with each request, and forms come from the portal's own pages. */
export type Visitor = {
  cookie: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  head(path: string): Promise<Response>;
  post(path: string, fields: Record<string, string | number | string[]>): Promise<Response>;
  send(path: string, body: BodyInit, headers?: Record<string, string>): Promise<Response>;
};

export function visitor(portal: Portal, cookie = 'language=en'): Visitor {
  const send: Visitor['send'] = async (path, body, headers = {}) => {
    const answer = await fetch(portal.url + path, {
      method: 'POST',
      body,
      redirect: 'manual',
      headers: { cookie, origin: portal.url, ...headers },
    });
    const to = answer.headers.get('location') ?? '';
    return answer.status === 303 && COMES_BACK.test(to) ? shown(portal, to, cookie, answer) : answer;
  };
  return {
    cookie,
    get: (path, headers = {}) => fetch(portal.url + path, { redirect: 'manual', headers: { cookie, ...headers } }),
    head: (path) => fetch(portal.url + path, { method: 'HEAD', redirect: 'manual', headers: { cookie } }),
    post: (path, fields) => {
      const form = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, String(one));
      return send(path, form);
    },
    send,
  };
}

/** Addresses at which a form that was sent is shown again: a browser goes on to them by itself. */
const COMES_BACK = /\/(?:typed|marked)\/|\/(?:proposals|representatives)\/check$|[?&](?:again|act|confirmed)=/;

/** The page of a form that came back, with the cookies that its answer set on the way. */
async function shown(portal: Portal, to: string, cookie: string, answer: Response): Promise<Response> {
  const page = await fetch(portal.url + to, { redirect: 'manual', headers: { cookie: [...cookiesIn(answer), cookie].join('; ') } });
  const headers = new Headers(page.headers);
  for (const one of answer.headers.getSetCookie()) headers.append('set-cookie', one);
  return new Response(await page.text(), { status: page.status, headers });
}

/** Takes a document of a case away, as a browser does: the form makes it, and its address hands it over. */
export async function takeAway(who: Visitor, caseId: string, what: string): Promise<Response> {
  const made = await who.post(`/cases/${caseId}/exports/${what}`, {});
  return made.status === 303 ? who.get(made.headers.get('location') ?? '') : made;
}

/** Somebody new, with an account of their own. */
export async function newcomer(portal: Portal, contact: string, password = 'a long pass phrase', name = '孙悦'): Promise<Visitor> {
  const asked = await visitor(portal).post('/sign-up', { name, contact, password });
  const at = visitor(portal, ['language=en', ...cookiesIn(asked)].join('; '));
  const arrived = await at.post('/sign-up/confirm', { code: await codeFor(portal, contact) });
  if (arrived.status !== 303) throw new Error(`${contact} could not sign up: ${arrived.status}`);
  return visitor(portal, ['language=en', ...cookiesIn(arrived)].join('; '));
}

/** The cookies that an answer sets, as they are sent back. */
export const cookiesIn = (answer: Response): string[] =>
  answer.headers
    .getSetCookie()
    .flatMap((one) => one.split(';')[0] ?? [])
    .filter((one) => !one.endsWith('='));

/** A person of the demo world, signed in. */
export const signedIn = async (portal: Portal, who: keyof typeof PEOPLE, language: 'zh' | 'en' = 'en'): Promise<Visitor> =>
  visitor(portal, await cookieOf(portal, who, language));

/** A case of 明衡 to which 陈建国 was invited, and which he has joined: the lender says that 5,300.00 is owed. */
export async function invited(portal: Portal, today: string): Promise<{ id: string; debt: Record<string, string> }> {
  const [lin, chen] = [await signedIn(portal, 'lin'), await signedIn(portal, 'chen')];
  const debt = {
    'debt.debt.asOf': today,
    'debt.debt.principal': '5000',
    'debt.debt.interest': '300',
    'debt.debt.penalty': '',
    'debt.debt.fees': '',
  };
  const loan = { 'loan.reference': `INV-${randomId().slice(0, 6)}` };
  const fields = { borrowerName: PEOPLE.chen.name, contact: PEOPLE.chen.email ?? '', ...loan, ...debt, requestId: randomId() };
  const token = /\/join\/([\w-]+)/.exec(await (await lin.post('/desk/mingheng/new', fields)).text())?.[1] ?? '';
  const joined = await chen.post(`/join/${token}`, { name: PEOPLE.chen.name });
  const id = /[0-9a-f]{32}/.exec(joined.headers.get('location') ?? '')?.[0];
  if (!id) throw new Error(`陈建国 could not join: ${joined.status}`);
  return { id, debt };
}

/** Has a borrower appoint somebody by their contact, and them accept by the link that goes there. */
export async function represent(
  portal: Portal,
  { id, borrower, by, signed }: { id: string; borrower: Visitor; by: Visitor; signed: string },
  mandate: { name: string; contact: string; scope: string; until: string },
): Promise<void> {
  const fields = { relation: 'lawyer', ...mandate, signed, password: PASSWORD, requestId: randomId() };
  const appointed = await borrower.post(`/cases/${id}/do/representative.appoint`, fields);
  const link = await linkFor(portal, mandate.contact);
  const joined = await by.post(link, {});
  if (joined.headers.get('location') !== `/cases/${id}`) throw new Error(`Nobody acts in ${id}: ${appointed.status}, ${joined.status}`);
}

/** Has one side propose somebody as mediator, the other agree, and them accept by the link that goes to their contact. */
export async function mediate(
  portal: Portal,
  { id, proposes, admits, by }: { id: string; proposes: Visitor; admits: Visitor; by: Visitor },
  { name, contact }: { name: string; contact: string },
): Promise<void> {
  const proposed = await proposes.post(`/cases/${id}/do/mediation.propose`, { name, contact, requestId: randomId() });
  const page = await (await admits.get(`/cases/${id}/mediation`)).text();
  const mediation = /name="mediation" value="(\d+)"/.exec(page)?.[1] ?? '';
  const admitted = await admits.post(`/cases/${id}/do/mediation.admit`, { mediation, requestId: randomId() });
  const link = await linkFor(portal, contact);
  const joined = await by.post(link, { neutral: 'yes' });
  if (joined.headers.get('location') !== `/cases/${id}`)
    throw new Error(`Nobody mediates in ${id}: ${proposed.status}, ${admitted.status}, ${joined.status}`);
}

/** The cookies of a person of the demo world who has just signed in. */
export async function cookieOf(portal: Portal, who: keyof typeof PEOPLE, language: 'zh' | 'en' = 'en'): Promise<string> {
  const { email, phone } = PEOPLE[who];
  const answer = await visitor(portal).post('/sign-in', { contact: email ?? phone ?? '', password: PASSWORD });
  if (answer.status !== 303) throw new Error(`${who} could not sign in: ${answer.status}`);
  const own = cookiesIn(answer).filter((one) => one.startsWith('heyi='));
  if ('staff' in PEOPLE[who]) await giveFactor(portal, own[0] ?? '');
  return [`language=${language}`, ...own].join('; ');
}

/** A person of the demo world, signed in once for each language. */
export async function inBoth(portal: Portal, who: keyof typeof PEOPLE): Promise<Record<Language, Visitor>> {
  return { zh: await signedIn(portal, who, 'zh'), en: await signedIn(portal, who, 'en') };
}

/** What is read of a page: its text, with one space wherever something else stands between. */
export const plainText = (html: string): string =>
  html
    // What only holds a day together leaves no space in it.
    .replace(/<span class="nowrap">([^<]*)<\/span>/g, '$1')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');

/** What the form of an answer to the first offer brings, but for its stages, where nothing special was chosen. */
export function typedTerms(today: string) {
  const { start, firstDue } = plainTerms(today, {});
  return {
    answers: '1',
    'terms.start': start,
    'terms.firstDue': firstDue,
    'terms.every': 'month',
    'terms.rate.ppm': '0',
    'terms.rate.per': 'year',
    'terms.interestOn': 'principal',
    'terms.dayCount': 'period',
  };
}

/** What the form of the plan holds as it is first shown. */
export function planIn(page: string): Record<string, string> {
  const typed: Record<string, string> = {};
  const name = (tag: string) => / name="(proposal\.[^"]+)"/.exec(tag)?.[1];
  for (const [tag] of page.matchAll(/<input[^>]*>/g)) typed[name(tag) ?? ''] = / value="([^"]*)"/.exec(tag)?.[1] ?? '';
  for (const [tag, text] of page.matchAll(/<textarea[^>]*>([^<]*)/g)) typed[name(tag) ?? ''] = text ?? '';
  for (const [tag] of page.matchAll(/<select[\s\S]*?<\/select>/g))
    typed[name(tag) ?? ''] = /<option value="([^"]*)" selected/.exec(tag)?.[1] ?? '';
  delete typed[''];
  return typed;
}
