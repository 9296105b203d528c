import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { playDemo } from '../../db/demo-cases.ts';
import { en } from '../../web/words/en.ts';
import { zh } from '../../web/words/zh.ts';
import { app } from '../../worker/app.ts';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { type Rig, rig } from '../portal.ts';
import { cookiesIn, signedIn, type Visitor, visitor } from './people.ts';

/** Every route, as the routes themselves list them, against everybody who has no business there. */

let portal: Rig;
let caseId: string;
let sha256: string;
const visitors = {} as Record<'stranger' | 'half' | 'wang' | 'chen' | 'li' | 'lin' | 'gu', Visitor>;

beforeAll(async () => {
  portal = await rig();
  await playDemo(portal);
  visitors.stranger = visitor(portal);
  for (const who of ['wang', 'chen', 'li', 'lin', 'gu'] as const) visitors[who] = await signedIn(portal, who);
  // 林静 with her password alone.
  const begun = await visitor(portal).post('/sign-in', { contact: PEOPLE.lin.email, password: PASSWORD });
  visitors.half = visitor(portal, ['language=en', ...cookiesIn(begun)].join('; '));
  const list = await (await visitors.lin.get('/desk/mingheng?show=them')).text();
  const ids = [...list.matchAll(/href="\/cases\/([0-9a-f]{32})[?"]/g)].map((match) => match[1] ?? '');
  // 王小雨's case is the one of these that she can open.
  for (const id of ids) if ((await visitors.wang.get(`/cases/${id}`)).status === 200) caseId = id;
  const evidence = await (await visitors.wang.get(`/cases/${caseId}/evidence`)).text();
  sha256 = /\/files\/([0-9a-f]{64})/.exec(evidence)?.[1] ?? '';
});
afterAll(() => portal.remove());

const routes = [
  ...new Map(
    app.routes.filter(({ path, method }) => method !== 'ALL' && !path.includes('*')).map((one) => [`${one.method} ${one.path}`, one]),
  ).values(),
];

/** A route's path with values in it that are real ones of 王小雨's case at 明衡. */
function paths(path: string): string[] {
  const at = path
    .replace(':case', caseId)
    .replace(/:sha256\{.*\}/, sha256)
    .replace(/:(?:version|no)\{.*\}$/, '1')
    .replace(/:seq\{.*$/, '1.pdf')
    .replace(':lender', 'mingheng')
    .replace(':step', 'loan')
    .replace(':what', 'record.json')
    .replace(':way', 'mediation')
    .replace(':token', 'no-such-token')
    .replace(/:language\{.*?\}/, 'en')
    .replace(':id', 'x');
  return at.includes(':command') ? [...COMMANDS.keys()].map((name) => at.replace(':command', name)) : [at];
}

const OPEN =
  /^\/(?:$|open$|law$|lenders|verify|\.well-known|robots|favicon|healthz|readyz|assets|dev\/outbox|unsubscribe|sign-up|sign-in|sign-out|recover|language|join|second-factor|wording$)/;

test('the walk has something to walk', () => {
  expect(routes.length).toBeGreaterThan(40);
  expect(caseId).toMatch(/^[0-9a-f]{32}$/);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

describe.each(['stranger', 'half', 'chen', 'li', 'gu'] as const)('%s, at 王小雨’s case and 明衡’s desk', (who) => {
  test('finds nothing, or the sign-in page', async () => {
    const wrong: string[] = [];
    for (const route of routes) {
      if (OPEN.test(route.path)) continue;
      const own = who !== 'stranger' && who !== 'half' && /^\/(?:account|cases$|open|begun|wording$)/.test(route.path);
      if (own) continue;
      for (const path of paths(route.path)) {
        const answer = route.method === 'GET' ? await visitors[who].get(path) : await visitors[who].post(path, { requestId: 'x' });
        const hidden =
          answer.status === 404 ||
          ((who === 'stranger' || who === 'half') &&
            (answer.status === 401 ||
              (answer.status === 303 &&
                (answer.headers.get('location') ?? '').startsWith(who === 'half' ? '/second-factor' : '/sign-in'))));
        if (!hidden) wrong.push(`${route.method} ${path} ${answer.status}`);
        const said = await answer.text();
        if (/王小雨|MH-2025-083317/.test(said)) wrong.push(`${route.method} ${path} tells`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('those who belong there find what they look for', async () => {
  const wrong: string[] = [];
  for (const route of routes) {
    if (route.method !== 'GET' || !route.path.startsWith('/cases/:case')) continue;
    // There is no agreement, no letter and no mediator in this case yet, and nothing waits for approval: of that the borrower finds nothing anyway.
    if (/agreement$|:seq|approvals\/:no|suggestions\//.test(route.path)) continue;
    // Who of the lender's people sees to a case, what they ask of each other and from what they write is the lender's own. Of commands few have templates.
    const isOwn = /\/(?:assign|errands|templates\/:command)$/.test(route.path);
    const at = paths(route.path).find((path) => path.endsWith('/templates/talk.message')) ?? paths(route.path)[0] ?? '';
    for (const who of isOwn ? (['lin'] as const) : (['wang', 'lin'] as const)) {
      let answer = await visitors[who].get(at);
      // The address of a form leads to the case that it is in, or to the page where it stands.
      const to = answer.headers.get('location');
      if (to?.startsWith(`/cases/${caseId}`)) answer = await visitors[who].get(to);
      if (answer.status !== 200) wrong.push(`${who} ${route.path} ${answer.status}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('a file of one case cannot be had through another', async () => {
  const other = await (await visitors.li.get('/cases')).text();
  const own = /href="\/cases\/([0-9a-f]{32})"/.exec(other)?.[1];
  expect(own).toBeDefined();
  expect((await visitors.li.get(`/cases/${own}/files/${sha256}`)).status).toBe(404);
  const add = await visitors.li.send(`/api/v1/cases/${own}/commands/evidence.add`, JSON.stringify({ files: [{ sha256, figures: [] }] }), {
    'content-type': 'application/json',
  });
  expect(add.status).toBe(404);
});

test('what a client sends never yields a 500', async () => {
  const NONSENSE = [
    '',
    '0',
    '-0',
    'NaN',
    '1e400',
    '99999999999999999999',
    '\u0000',
    '<script>',
    '{"a":1}',
    '٣',
    '2026-02-30',
    '\ud800x',
    '９９９',
    'a'.repeat(6000),
  ];
  const fields = [
    'terms.phases.0.kind',
    'terms.phases.0.count',
    'terms.firstDue',
    'terms.rate.ppm',
    'version',
    'digest',
    'words',
    'amount',
    'on',
    'reasons',
    'figure',
    'file',
    'call',
    'payment',
    'means.incomes.0.amount',
    'debt.principal',
    'name',
    'password',
    'requestId',
  ];
  const wrong: string[] = [];
  for (const [i, value] of NONSENSE.entries()) {
    // What asks for a password is guessed at, which ends a session after some tries: signed in anew for each, none ends here.
    const who = await signedIn(portal, i % 2 === 0 ? 'wang' : 'lin');
    for (const name of COMMANDS.keys()) {
      const answer = await who.post(`/cases/${caseId}/do/${name}`, Object.fromEntries(fields.map((field) => [field, value])));
      if (answer.status >= 500) wrong.push(`${name} ${JSON.stringify(value.slice(0, 20))} ${answer.status}`);
      const json = await who.send(`/api/v1/cases/${caseId}/commands/${name}`, value, { 'content-type': 'application/json' });
      if (json.status >= 500) wrong.push(`api ${name} ${JSON.stringify(value.slice(0, 20))} ${json.status}`);
      if (answer.status === 401 || json.status === 401) wrong.push(`${name} ${JSON.stringify(value.slice(0, 20))} nobody is there`);
    }
  }
  for (const body of ['not a form', '--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n']) {
    const answer = await visitors.wang.send(`/cases/${caseId}/do/evidence.add`, body, {
      'content-type': 'multipart/form-data; boundary=x',
    });
    if (answer.status >= 500) wrong.push(`multipart ${answer.status}`);
  }
  for (const path of [
    '/cases/%00',
    '/cases/..%2f..',
    `/cases/${caseId}?before=-1`,
    `/cases/${caseId}/proposals/99999`,
    `/cases/${caseId}/compare?a=x&b=-1`,
    '/join/%F0%28',
    '/desk/mingheng?from=x',
    '/desk/mingheng?show=constructor',
    '/account?done=constructor',
    '/account?done=__proto__',
    `/cases/${caseId}/letters/new?letter=constructor`,
    `/cases/${caseId}/proposals/new?template=toString`,
    `/cases/${caseId}/means?edit=constructor`,
    '/language/zh?back=//evil.example',
    '/open/%ff/loan',
    '/%E0%A4%A',
  ]) {
    const answer = await visitors.wang.get(path);
    if (answer.status >= 500) wrong.push(`${path} ${answer.status}`);
    if ((answer.headers.get('location') ?? '').includes('evil')) wrong.push(`${path} leads away`);
  }
  expect(wrong).toEqual([]);
});

test('names that every object has are names as any other, in a form that is shown again', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const typed = Object.fromEntries(
    [...names, ...names.map((name) => `terms.${name}`), 'reason', 'method', 'direction'].map((name, i) => [name, names[i % 4] ?? '']),
  );
  // Sessions of their own: what asks for a password counts the tries.
  const people = [await signedIn(portal, 'wang'), await signedIn(portal, 'lin')];
  for (const name of COMMANDS.keys())
    for (const way of ['do', 'typed'])
      for (const who of people) {
        const answer = await who.post(`/cases/${caseId}/${way}/${name}`, { ...typed, ['__proto__']: 'x' });
        expect([way, name, answer.status].join(' ')).not.toMatch(/ (?:5\d\d|401)$/);
      }
});

test('a page of the record that begins past its end is the newest one, and raises no doubt', async () => {
  for (const before of [1_000, Number.MAX_SAFE_INTEGER]) {
    const page = await (await visitors.wang.get(`/cases/${caseId}?before=${before}`)).text();
    expect(page).not.toContain(zh.unproven.title);
    expect(page).not.toContain(zh.unproven.entry);
    expect(page).toContain('id="e15"');
  }
});

test('an unsafe request from another site is refused, whatever cookie it brings', async () => {
  const answer = await visitors.wang.send(`/cases/${caseId}/do/talk.message`, new URLSearchParams({ words: 'forged' }), {
    origin: 'https://evil.example',
  });
  expect(answer.status).toBe(403);
  expect((await visitors.wang.send('/sign-out', '', { origin: 'null' })).status).toBe(403);
});

test('an address that is there, asked for by another method, says which it takes; one that is not there is not found', async () => {
  const { stranger, wang } = visitors;
  const [page, unsafe, api] = [
    await stranger.get('/sign-out'),
    await fetch(`${portal.url}/sign-in`, { method: 'DELETE', headers: { origin: portal.url } }),
    await wang.get(`/api/v1/cases/${caseId}/commands/talk.message`),
  ];
  expect([page.status, page.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await page.text()).toContain(en.errors.method);
  expect([unsafe.status, unsafe.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  expect([api.status, api.headers.get('allow'), api.headers.get('content-type')]).toEqual([405, 'POST', 'application/problem+json']);
  for (const path of ['/nothing-here', `/cases/${'0'.repeat(32)}`]) expect((await wang.get(path)).status).toBe(404);
});

test.each([
  ['fr-FR, zh-CN;q=0.4', 'zh-CN'],
  ['en-GB,en;q=0.8', 'en'],
  ['fr', 'en'],
  ['zh-TW', 'zh-CN'],
  ['*', 'zh-CN'],
  ['', 'zh-CN'],
])('who asks for %j reads %s', async (accepted, language) => {
  const answer = await fetch(`${portal.url}/sign-in`, { headers: { 'accept-language': accepted } });
  expect(answer.headers.get('content-language')).toBe(language);
});

test('no answer may be kept but what is everybody’s, and no answer leads to another site', async () => {
  const everybodys = /^\/(?:assets\/|\.well-known\/)/;
  const wrong: string[] = [];
  for (const route of routes) {
    // A session that ends here would end the walk.
    if (/sign-out|sessions|account\/password|second-factor\//.test(route.path)) continue;
    for (const who of ['stranger', 'wang', 'lin'] as const) {
      for (const path of paths(route.path).slice(0, 3)) {
        const at = route.method === 'GET' ? `${path}?next=/%5cevil.example&back=//evil.example` : path;
        const answer =
          route.method === 'GET' ? await visitors[who].get(at) : await visitors[who].post(at, { requestId: 'x', next: '/\t/evil.example' });
        const kept = answer.headers.get('cache-control') ?? '';
        if (!everybodys.test(path) && !/no-store/.test(kept)) wrong.push(`${who} ${route.method} ${path} ${answer.status} ${kept}`);
        const to = answer.headers.get('location');
        if (to !== null && !/^\/(?![/\\])[^\s\\]*$/.test(to)) wrong.push(`${who} ${route.method} ${path} leads to ${to}`);
        // The sign-in page may carry, encoded, the page of ours that was asked for.
        if (/evil/.test(to?.split('?')[0] ?? '')) wrong.push(`${who} ${route.method} ${path} leads to ${to}`);
        await answer.arrayBuffer();
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('pages forbid scripts from elsewhere, framing and sniffing', async () => {
  const { headers } = await visitors.wang.get(`/cases/${caseId}`);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
  expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toContain('no-store');
  const file = await visitors.wang.get(`/cases/${caseId}/files/${sha256}`);
  expect(file.headers.get('content-security-policy')).toContain('sandbox');
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename=".+"; filename\*=UTF-8''/);
});
