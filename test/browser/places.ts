import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import type { Portal } from '../../db/portal.ts';
import { cookiesIn, signedIn, visitor } from '../worker/people.ts';

/** Every page of the portal as the demo's people come to it: for the pictures, and for tests that look at all of them. */

/** `half` is 林静 with her password alone. */
export type Who = keyof typeof PEOPLE | 'stranger' | 'half';
/** A page, by a name that tells it from all others. */
export type Place = { who: Who; name: string; path: string };

/** Cases of the demo world, by the contract that they are about. */
const CONTRACTS = { countered: 'MH-2025-083317', inForce: 'MH-2025-020446', agreed: 'PJ20250611-882', closed: 'PJ20250903-071' } as const;

const STEPS = ['loan', 'cause', 'month', 'proposal', 'check', 'evidence'];
const OPEN = ['', '/debt', '/means', '/evidence', '/letters/new', '/proposals/1', '/proposals/2', '/proposals/new', '/compare?a=1&b=2'];

/** The places of a portal that plays the demo world, with the cookies of each person. */
export async function places(portal: Portal): Promise<{ places: Place[]; cookies: Map<Who, string> }> {
  const cookies = new Map<Who, string>([['stranger', 'language=zh']]);
  const cases = new Map<string, string>();
  for (const who of ['wang', 'li', 'zhao', 'lin', 'zhou', 'gu'] as const) {
    const visitor = await signedIn(portal, who);
    cookies.set(who, visitor.cookie.replace(/^language=\w+; /, ''));
    const person = PEOPLE[who];
    const list = await (await visitor.get('staff' in person ? `/desk/${person.staff[0]}?show=all` : '/cases')).text();
    for (const [, id = '', item = ''] of list.matchAll(/<a href="\/cases\/([0-9a-f]{32})">([\s\S]*?)<\/a>/g))
      for (const [name, contract] of Object.entries(CONTRACTS)) if (item.includes(contract)) cases.set(name, id);
  }
  const begun = await visitor(portal).post('/sign-in', { contact: PEOPLE.lin.email, password: PASSWORD });
  cookies.set('half', cookiesIn(begun).join('; '));
  const evidence = await (await (await signedIn(portal, 'wang')).get(`/cases/${cases.get('countered')}/evidence`)).text();
  const [, looked = ''] = /\/(files\/[0-9a-f]{64}\/view)/.exec(evidence) ?? [];
  const at = (name: keyof typeof CONTRACTS) => `/cases/${cases.get(name) ?? name}`;
  const named = (who: Who, paths: Record<string, string>): Place[] => Object.entries(paths).map(([name, path]) => ({ who, name, path }));
  const within = (who: Who, name: keyof typeof CONTRACTS, paths: string[]): Place[] =>
    paths.map((path) => ({ who, name: `${name}${path.replace(/[/?&=]+/g, '-')}`, path: `${at(name)}${path}` }));
  return {
    cookies,
    places: [
      ...named('stranger', {
        home: '/',
        'sign-in': '/sign-in',
        'sign-up': '/sign-up',
        recover: '/recover',
        verify: '/verify',
        law: '/law',
      }),
      ...named('stranger', { open: '/open', missing: '/nowhere', gone: `/join/${'a'.repeat(43)}` }),
      ...named('half', { 'second-factor': '/second-factor' }),
      ...named('wang', { cases: '/cases', account: '/account', open: '/open', 'set-up': '/second-factor/set-up' }),
      ...named('wang', Object.fromEntries(STEPS.map((step) => [`open-${step}`, `/open/pujiang/${step}`]))),
      ...within('wang', 'countered', [...OPEN, '/means?edit=1', '/share', '/sent']),
      ...named('wang', { 'countered-file': `${at('countered')}/${looked}` }),
      ...within('wang', 'closed', ['']),
      ...within('li', 'inForce', ['', '/agreement', '/letters/new']),
      ...within('zhao', 'agreed', ['', '/agreement', '/means']),
      ...named('lin', { desk: '/desk/mingheng', 'desk-new': '/desk/mingheng/new' }),
      ...named('zhou', { 'desk-record': '/desk/mingheng/record' }),
      ...within('lin', 'countered', OPEN),
      ...named('lin', { 'countered-file': `${at('countered')}/${looked}` }),
      ...within('lin', 'inForce', ['', '/agreement']),
      ...within('gu', 'agreed', ['', '/agreement']),
    ],
  };
}
