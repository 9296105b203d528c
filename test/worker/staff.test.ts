import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { inviteAdministrator } from '../../db/tenant.ts';
import { en } from '../../web/words/en.ts';
import { refusalText, wordsOf } from '../../web/words/index.ts';
import { app } from '../../worker/app.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { may, POSTS, type Post, type Power } from '../../worker/negotiation/seats.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { codeFor, letterTo, linkFor, NO_CODE, type Rig, rig } from '../portal.ts';
import { cookiesIn, giveFactor, newcomer, plainText, signedIn, type Visitor, visitor } from './people.ts';

/** A lender's people: who may do what, and how it changes. The routes and the commands are walked from their lists. */

let portal: Rig;
let stage: Stage;
let fang: Visitor;
beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  fang = await signedIn(portal, 'fang');
});
afterAll(() => portal.remove());

const STAFF = '/desk/mingheng/staff';
const lenderNamed = async (slug: string) => {
  const lender = await openDirectory(portal.env).lenderBySlug(slug);
  if (!lender) throw new Error(`${slug} is there.`);
  return lender;
};
const log = async () => (await openCasebookForPortal(portal.env, await lenderNamed('mingheng')).institution.read()).entries;
const accountOf = async (contact: string) => (await openDirectory(portal.env).accountByContact({ email: contact }))?.id ?? '';

/** Somebody new who works for 明衡, by an invitation as an administrator sends it. */
async function hired(
  capacity: Post,
  contact = `${randomId()}@mingheng.example`,
  by = fang,
): Promise<{ who: Visitor; contact: string; account: string }> {
  const sent = await by.post(STAFF, { contact, capacity, password: PASSWORD, requestId: randomId() });
  if (sent.status !== 200) throw new Error(`not invited: ${sent.status}`);
  const link = await linkFor(portal, contact);
  const who = await newcomer(portal, contact, PASSWORD, '新同事');
  const joined = await who.post(link, {});
  if (joined.status !== 303) throw new Error(`not joined: ${joined.status}`);
  await giveFactor(portal, who.cookie);
  return { who, contact, account: await accountOf(contact) };
}

/** The form of a person's page, as this administrator sees it. */
async function seenBy(who: Visitor, account: string): Promise<string> {
  return /name="seen" value="([0-9a-f]{64})"/.exec(await (await who.get(`${STAFF}/${account}`)).text())?.[1] ?? '';
}
const change = async (who: Visitor, account: string, form: string, fields: Record<string, string> = {}, seen?: string) =>
  who.post(`${STAFF}/${account}/${form}`, { seen: seen ?? (await seenBy(who, account)), password: PASSWORD, ...fields });

describe('who may do what', () => {
  const people = new Map<Post | 'ended' | 'half' | 'stranger' | 'borrower' | 'elsewhere', Visitor>();
  let caseId: string;
  beforeAll(async () => {
    caseId = randomId();
    await stage.give('chen', 'mingheng', caseId, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    for (const [post, who] of [
      ['agent', 'lin'],
      ['supervisor', 'zhou'],
      ['administrator', 'fang'],
      ['auditor', 'shen'],
    ] as const)
      people.set(post, await signedIn(portal, who));
    people.set('borrower', await signedIn(portal, 'chen'));
    people.set('elsewhere', await signedIn(portal, 'gu'));
    people.set('stranger', visitor(portal));
    const half = await visitor(portal).post('/sign-in', { contact: PEOPLE.zhou.email, password: PASSWORD });
    people.set('half', visitor(portal, ['language=en', ...cookiesIn(half)].join('; ')));
    const { who, account, contact } = await hired('agent');
    expect((await change(fang, account, 'end')).status).toBe(303);
    expect((await who.get('/account')).headers.get('location')).toContain('/sign-in');
    // They sign in anew: an account as everybody has, and no more.
    const again = await visitor(portal).post('/sign-in', { contact, password: PASSWORD });
    people.set('ended', visitor(portal, ['language=en', ...cookiesIn(again)].join('; ')));
  });

  const of = (who: Parameters<typeof people.get>[0]): Visitor => people.get(who) ?? visitor(portal);
  const mayNot = refusalText(en, { code: 'seat.may-not' });

  test.each([...POSTS, 'borrower'] as const)('a %s gives the commands that the table says, and is refused the others', async (who) => {
    const wrong: string[] = [];
    for (const command of COMMANDS.values()) {
      const allowed = may({ capacity: who }, command.needs, instant());
      if (command.doors.includes('form')) {
        const answer = await of(who).post(`/cases/${caseId}/do/${command.name}`, { requestId: randomId() });
        const told = plainText(await answer.text()).includes(mayNot);
        if (told === allowed || answer.status >= 500 || (!allowed && answer.status !== 422))
          wrong.push(`form ${command.name} ${answer.status}`);
      }
      if (command.doors.includes('api')) {
        const answer = await of(who).send(`/api/v1/cases/${caseId}/commands/${command.name}`, '{}', {
          'content-type': 'application/json',
        });
        const problem = await answer.text();
        if (problem.includes('seat.may-not') === allowed || answer.status >= 500) wrong.push(`api ${command.name} ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(['ended', 'half', 'stranger', 'elsewhere'] as const)('for the %s there is no command and no desk', async (who) => {
    const wrong: string[] = [];
    const hidden = (answer: Response) =>
      answer.status === 404 ||
      answer.status === 401 ||
      (answer.status === 303 && /^\/(?:sign-in|second-factor)/.test(answer.headers.get('location') ?? ''));
    for (const command of COMMANDS.values()) {
      const answers = [
        await of(who).post(`/cases/${caseId}/do/${command.name}`, { requestId: randomId() }),
        await of(who).send(`/api/v1/cases/${caseId}/commands/${command.name}`, '{}', { 'content-type': 'application/json' }),
      ];
      for (const answer of answers) if (!hidden(answer)) wrong.push(`${command.name} ${answer.status}`);
    }
    for (const [method, path] of desks()) {
      const answer = method === 'GET' ? await of(who).get(path) : await of(who).post(path, {});
      if (!hidden(answer)) wrong.push(`${method} ${path} ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  /** Every route under a lender's desk, as the routes themselves list them. */
  const desks = () =>
    [
      ...new Map(
        app.routes
          .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/desk/'))
          .map((one) => [`${one.method} ${one.path}`, one]),
      ).values(),
    ].map(
      ({ method, path }) =>
        [
          method,
          path
            .replace(':lender', 'mingheng')
            .replace(/:form\{.*?\}/, 'end')
            .replace(':account', '0'.repeat(32))
            .replace(/:\w+(?:\{.*?\})?/g, 'x'),
          path,
        ] as const,
    );

  /** What each page and form of the desk needs: all of them, so that a new one is decided upon. */
  const NEEDS: Record<string, Power> = {
    'GET /desk/:lender': 'read',
    'POST /desk/:lender/views': 'read',
    'GET /desk/:lender/views': 'read',
    'GET /desk/:lender/next': 'read',
    'GET /desk/:lender/payments': 'read',
    'GET /desk/:lender/complaints': 'read',
    'GET /desk/:lender/many': 'assign',
    'POST /desk/:lender/many': 'assign',
    'GET /desk/:lender/new': 'invite',
    'POST /desk/:lender/new': 'invite',
    'GET /desk/:lender/typed': 'invite',
    'POST /desk/:lender/typed': 'invite',
    'GET /desk/:lender/import': 'invite',
    'POST /desk/:lender/import': 'invite',
    'GET /desk/:lender/payments/import': 'read',
    'POST /desk/:lender/payments/import': 'pay',
    'GET /desk/:lender/approvals': 'witness',
    'GET /desk/:lender/errands': 'assign',
    'GET /desk/:lender/record': 'inspect',
    'POST /desk/:lender/record': 'inspect',
    'GET /desk/:lender/exports': 'inspect',
    'POST /desk/:lender/exports': 'inspect',
    'GET /desk/:lender/exports/:made': 'inspect',
    'GET /desk/:lender/tables': 'inspect',
    'POST /desk/:lender/tables': 'inspect',
    'GET /desk/:lender/reports': 'inspect',
    'GET /desk/:lender/reports/cases': 'inspect',
    'GET /desk/:lender/templates': 'witness',
    'POST /desk/:lender/templates': 'phrase',
    'GET /desk/:lender/templates/new': 'phrase',
    'POST /desk/:lender/templates/begin': 'phrase',
    'GET /desk/:lender/templates/begin': 'phrase',
    'GET /desk/:lender/staff': 'inspect',
    'GET /desk/:lender/staff/invitations/:id': 'inspect',
    'GET /desk/:lender/policy': 'inspect',
    'GET /desk/:lender/policy/confirm': 'inspect',
    'GET /desk/:lender/policy/withdraw': 'inspect',
    'POST /desk/:lender/policy/confirm': 'countersign',
    'GET /desk/:lender/hand-over': 'reassign',
    'POST /desk/:lender/hand-over': 'reassign',
    'GET /desk/:lender/hand-over/typed': 'reassign',
    'POST /desk/:lender/hand-over/typed': 'reassign',
    'POST /desk/:lender/staff': 'administer',
    'GET /desk/:lender/staff/:account': 'administer',
    'POST /desk/:lender/staff/invitations/:id': 'administer',
    'GET /desk/:lender/staff/:account/:form{change|team|vouch|reset|end}': 'administer',
    'POST /desk/:lender/staff/:account/:form{change|team|vouch|reset|end}': 'administer',
    'GET /desk/:lender/policy/edit': 'administer',
    'POST /desk/:lender/policy/typed': 'administer',
    'GET /desk/:lender/policy/typed': 'administer',
    'POST /desk/:lender/policy/edit': 'administer',
    'POST /desk/:lender/policy': 'administer',
    'POST /desk/:lender/policy/withdraw': 'administer',
    'GET /desk/:lender/policy/logo': 'administer',
    'POST /desk/:lender/policy/logo': 'administer',
    'GET /desk/:lender/letters': 'administer',
    'GET /desk/:lender/schedule': 'administer',
    'POST /desk/:lender/letters': 'administer',
  };
  /**
   * Of one picture by its digest, one case or import by its id, or one template by its number, of which there is none here: `logo.test.ts`,
   * `received.test.ts`, `loans.test.ts` and `templates.test.ts` ask for some that there are.
   */
  const ELSEWHERE = new Set([
    'GET /desk/:lender/policy/logo/:sha256{[0-9a-f]{64}}',
    'POST /desk/:lender/payments',
    'GET /desk/:lender/templates/:no{[1-9][0-9]{0,2}}',
    'GET /desk/:lender/templates/:no{[1-9][0-9]{0,2}}/retire',
    'POST /desk/:lender/templates/:no{[1-9][0-9]{0,2}}/retire',
    ...[
      'GET /desk/:lender/import/:import',
      'POST /desk/:lender/import/:import',
      'GET /desk/:lender/import/:import/problems.csv',
      'GET /desk/:lender/import/:import/waiting',
    ],
  ]);

  test('every page and form of the desk stands in the table, and nothing else', () => {
    const there = desks().map(([method, , path]) => `${method} ${path}`);
    expect(there.filter((one) => !Object.hasOwn(NEEDS, one) && !ELSEWHERE.has(one))).toEqual([]);
    expect([...Object.keys(NEEDS), ...ELSEWHERE].filter((one) => !there.includes(one))).toEqual([]);
  });

  test.each(POSTS)('a %s comes to the pages that the table says', async (who) => {
    const wrong: string[] = [];
    const account = await accountOf(PEOPLE.lin.email);
    for (const [method, at, path] of desks()) {
      const needed = NEEDS[`${method} ${path}`];
      if (!needed) continue;
      const asked = at.replace('0'.repeat(32), account);
      const answer = method === 'GET' ? await of(who).get(asked) : await of(who).post(asked, {});
      const allowed = may({ capacity: who }, needed, instant());
      if ((answer.status !== 404) !== allowed || answer.status >= 500) wrong.push(`${method} ${path} ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  test('an auditor reads and takes away all of it, is offered nothing to write, and writes nothing', async () => {
    const shen = of('auditor');
    for (const path of ['', '/debt', '/means', '/evidence', '/proposals/1', '/own']) {
      const answer = await shen.get(`/cases/${caseId}${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      const html = await answer.text();
      expect([...html.matchAll(/action="[^"]*\/do\/([\w.]+)"/g)].map(([, name]) => name)).toEqual([]);
    }
    const before = await (await shen.get(`/api/v1/cases/${caseId}`)).json();
    const taken = await shen.post(`/cases/${caseId}/exports/record.json`, {});
    expect(taken.status).toBe(303);
    expect((await shen.get(taken.headers.get('location') ?? '')).status).toBe(200);
    const page = await (await shen.get('/desk/mingheng')).text();
    expect(page).not.toContain('/desk/mingheng/new');
    const payments = await shen.get('/desk/mingheng/payments');
    expect([payments.status, (await payments.text()).includes('method="post" action="/desk/')]).toEqual([200, false]);
    expect(page).toContain(STAFF);
    expect(await (await shen.get(STAFF)).text()).not.toContain('<form method="post" action="/desk');
    const after = (await (await shen.get(`/api/v1/cases/${caseId}`)).json()) as {
      entries: { kind: string; author: { capacity: string } }[];
    };
    expect(after.entries.length).toBeGreaterThan((before as typeof after).entries.length);
    expect(after.entries.filter(({ author }) => author.capacity === 'auditor').map(({ kind }) => kind)).toEqual(['custody.exported']);
  });
});

describe('inviting', () => {
  test('goes by a link that is good once, for seven days, and for who receives it', async () => {
    const contact = 'new@mingheng.example';
    const requestId = randomId();
    const form = { contact, capacity: 'supervisor', password: PASSWORD, requestId };
    expect((await fang.post(STAFF, { ...form, password: 'not it' })).status).toBe(422);
    const sent = await fang.post(STAFF, form);
    expect(plainText(await sent.text())).toContain(en.staff.sent({ to: 'n***@mingheng.example' }));
    // Sent twice, it is one.
    expect((await fang.post(STAFF, form)).status).toBe(200);
    const letters = (await openDirectory(portal.env).newestMail(50)).filter(({ recipient }) => recipient === contact);
    expect(letters).toHaveLength(1);
    expect(letters[0]?.body).toContain('明衡消费金融');
    const link = /\/join\/[\w-]+/.exec(letters[0]?.body ?? '')?.[0] ?? '';
    const { invited } = await openDirectory(portal.env).staffOf((await lenderNamed('mingheng')).id, instant());
    const [row] = invited.filter((one) => one.contact === contact);
    expect(Date.parse(row?.expiresAt ?? '') - Date.parse(row?.createdAt ?? '')).toBe(7 * 86_400_000);

    // Whoever else has the link has to have the code, too.
    const other = await newcomer(portal, 'other@mingheng.example', PASSWORD, '别人');
    expect((await other.post(link, {})).status).toBe(422);
    expect((await other.get('/desk/mingheng')).status).toBe(404);
    const me = await newcomer(portal, contact, PASSWORD, '新主管');
    const both = await Promise.all([me.post(link, {}), me.post(link, {})]);
    expect(both.map(({ status }) => status)).toContain(303);
    await giveFactor(portal, me.cookie);
    expect((await me.get(STAFF)).status).toBe(200);
    expect((await other.get(link)).status).toBe(404);
    const kinds = (await log()).map(({ kind, content }) => [kind, content]);
    expect(kinds.filter(([kind]) => kind === 'staff.invited' || kind === 'staff.joined').slice(-2)).toEqual([
      ['staff.invited', { to: 'n***@mingheng.example', capacity: 'supervisor', until: row?.expiresAt }],
      ['staff.joined', { member: { account: await accountOf(contact), name: '新主管' }, capacity: 'supervisor' }],
    ]);
  });

  test('is refused with what is wrong beside its field, and all that was typed', async () => {
    for (const [fields, field, text] of [
      [{ contact: 'nobody', capacity: 'agent' }, 'contact', en.account.contactBad],
      [{ contact: PEOPLE.lin.email, capacity: 'agent' }, 'contact', en.staff.isStaff],
      [{ contact: 'x@example.com', capacity: 'constructor' }, 'capacity', en.issue.missing],
      [{ contact: 'x@example.com', capacity: 'borrower' }, 'capacity', en.issue.missing],
    ] as const) {
      const answer = await fang.post(STAFF, { ...fields, password: PASSWORD, requestId: randomId() });
      const html = await answer.text();
      expect(answer.status).toBe(422);
      expect(plainText(html)).toContain(text);
      expect(html).toContain(`id="${field}-error"`);
      expect(html).toContain(`value="${fields.contact}"`);
    }
  });

  test('is taken back before it is taken up', async () => {
    const contact = 'withdrawn@mingheng.example';
    await fang.post(STAFF, { contact, capacity: 'agent', password: PASSWORD, requestId: randomId() });
    const link = await linkFor(portal, contact);
    const id = /invitations\/([0-9a-f]{64})/.exec(await (await fang.get(STAFF)).text())?.[1] ?? '';
    expect((await fang.post(`${STAFF}/invitations/${id}`, {})).status).toBe(303);
    const me = await newcomer(portal, contact, PASSWORD);
    expect((await me.post(link, {})).status).toBe(404);
    expect((await log()).at(-1)).toMatchObject({ kind: 'staff.uninvited', author: { name: PEOPLE.fang.name } });
  });
});

describe('changing', () => {
  test('holds from the very next request on, also for a form that was open; what was typed in it is shown', async () => {
    const { who, account } = await hired('agent');
    const id = randomId();
    await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    expect((await who.get(`/cases/${id}`)).status).toBe(200);
    expect((await change(fang, account, 'change', { capacity: 'auditor' })).status).toBe(303);
    const words = '这段话是在变更之前写的。';
    const answer = await who.post(`/cases/${id}/do/talk.message`, { words, requestId: randomId() });
    const html = await answer.text();
    expect([answer.status, plainText(html).includes(refusalText(en, { code: 'seat.may-not' })), html.includes(words)]).toEqual([
      422,
      true,
      true,
    ]);
    expect((await log()).at(-1)).toMatchObject({ kind: 'staff.changed', content: { from: 'agent', to: 'auditor' } });
  });

  test('is made to who they were when the form was shown', async () => {
    const { account } = await hired('agent');
    const seen = await seenBy(fang, account);
    expect((await change(fang, account, 'change', { capacity: 'supervisor' })).status).toBe(303);
    const late = await change(fang, account, 'change', { capacity: 'administrator' }, seen);
    expect(late.status).toBe(422);
    expect(plainText(await late.text())).toContain(en.staff.gone);
    // At the same moment one of two has it.
    const now = await seenBy(fang, account);
    const both = await Promise.all(['agent', 'auditor'].map((capacity) => change(fang, account, 'change', { capacity }, now)));
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422]);
  });

  test('a team has a name, or none', async () => {
    const { account } = await hired('agent');
    expect((await change(fang, account, 'team', { team: '一组' })).status).toBe(303);
    expect(await (await fang.get(STAFF)).text()).toContain('一组');
    expect((await change(fang, account, 'team', { team: '长'.repeat(61) })).status).toBe(422);
    expect((await log()).at(-1)).toMatchObject({ kind: 'staff.teamed', content: { from: null, to: '一组' } });
  });

  test('a second factor is reset by an administrator, not of who works elsewhere too', async () => {
    const { who, account, contact } = await hired('agent');
    const directory = openDirectory(portal.env);
    await directory.addFactor({ account, secret: 'x', since: instant(), lastStep: 0 });
    expect((await change(fang, account, 'reset')).status).toBe(303);
    expect((await who.get('/desk/mingheng')).headers.get('location')).toContain('/sign-in');
    expect((await directory.memberOf((await lenderNamed('mingheng')).id, account))?.hasFactor).toBe(false);
    await letterTo(portal, contact, /两步验证|second step/i);
    await directory.addStaff({ account, lender: (await lenderNamed('pujiang')).id, capacity: 'agent', since: instant() });
    const refused = await change(fang, account, 'reset');
    expect(plainText(await refused.text())).toContain(en.staff.elsewhere);
  });
});

describe('ending', () => {
  test('ends every session in that instant: the open tab and the open form', async () => {
    const { who, account, contact } = await hired('agent');
    const answer = await visitor(portal).post('/sign-in', { contact, password: PASSWORD });
    const phone = visitor(portal, ['language=en', ...cookiesIn(answer)].join('; '));
    await giveFactor(portal, phone.cookie);
    const id = randomId();
    await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    for (const tab of [who, phone]) expect((await tab.get(`/cases/${id}`)).status).toBe(200);
    expect((await change(fang, account, 'end')).headers.get('location')).toBe(STAFF);
    for (const tab of [who, phone]) {
      expect((await tab.get(`/cases/${id}`)).headers.get('location')).toContain('/sign-in');
      const form = await tab.post(`/cases/${id}/do/talk.message`, { words: '还没发出', requestId: randomId() });
      expect(form.status).toBe(401);
      expect(await form.text()).not.toContain(PEOPLE.chen.name);
    }
    const { entries } = (await (await fang.get(`/api/v1/cases/${id}`)).json()) as { entries: { kind: string }[] };
    expect(entries.some(({ kind }) => kind === 'talk.message')).toBe(false);
    expect((await log()).at(-1)).toMatchObject({ kind: 'staff.ended', content: { member: { account }, capacity: 'agent' } });
    expect((await fang.get(`${STAFF}/${account}`)).status).toBe(404);
  });

  test('ends the links by which they came, and those that are still open: nobody is back by an old one', async () => {
    const contact = `${randomId()}@mingheng.example`;
    const invite = async () => {
      const sent = await fang.post(STAFF, { contact, capacity: 'supervisor', password: PASSWORD, requestId: randomId() });
      expect(sent.status).toBe(200);
      const letters = (await openDirectory(portal.env).newestMail(50)).filter(({ recipient }) => recipient === contact);
      return letters.flatMap(({ body }) => /\/join\/[\w-]+/.exec(body)?.[0] ?? []);
    };
    await invite();
    const links = await invite();
    expect(new Set(links).size).toBe(2);
    const [used = ''] = links;
    const who = await newcomer(portal, contact, PASSWORD, '新同事');
    expect((await who.post(used, {})).headers.get('location')).toBe('/desk/mingheng');
    // The same link again leads to the desk, for who works there.
    expect((await who.post(used, {})).headers.get('location')).toContain('/second-factor');
    await giveFactor(portal, who.cookie);
    expect((await who.post(used, {})).headers.get('location')).toBe('/desk/mingheng');
    expect((await change(fang, await accountOf(contact), 'end')).status).toBe(303);
    const again = await visitor(portal).post('/sign-in', { contact, password: PASSWORD });
    const half = visitor(portal, ['language=en', ...cookiesIn(again)].join('; '));
    await giveFactor(portal, half.cookie);
    expect((await half.get('/account')).status).toBe(200);
    for (const link of links) expect((await half.post(link, {})).status, link).toBe(404);
    expect((await half.get('/desk/mingheng')).status).toBe(404);
  });

  test('leaves one administrator, also where two end each other or themselves at the same moment', async () => {
    const own = await accountOf(PEOPLE.fang.email);
    for (const [form, fields] of [
      ['end', {}],
      ['change', { capacity: 'agent' }],
    ] as const) {
      const refused = await change(fang, own, form, fields);
      expect([refused.status, plainText(await refused.text()).includes(en.staff.last)]).toEqual([422, true]);
    }
    for (const how of ['each other', 'themselves'] as const) {
      const { who, account } = await hired('administrator');
      const seen = { fang: await seenBy(who, own), other: await seenBy(fang, account) };
      const answers = await Promise.all(
        how === 'each other'
          ? [change(fang, account, 'end', {}, seen.other), change(who, own, 'change', { capacity: 'agent' }, seen.fang)]
          : [
              change(fang, own, 'change', { capacity: 'agent' }, seen.fang),
              change(who, account, 'change', { capacity: 'agent' }, seen.other),
            ],
      );
      // One is done. The other comes too late: as who they are no more, or with a session that has ended with their access.
      const came = answers.map(({ status, headers }) => (status === 303 ? (headers.get('location') ?? '').split(/[/?]/)[1] : status));
      expect(came.filter((one) => one === 'desk')).toHaveLength(1);
      expect([404, 422, 'sign-in']).toContain(came.find((one) => one !== 'desk'));
      const { members } = await openDirectory(portal.env).staffOf((await lenderNamed('mingheng')).id, instant());
      const left = members.filter(({ member }) => member.capacity === 'administrator');
      expect(left).toHaveLength(1);
      // So that the next round begins as this one did: with one, whoever was first.
      if (left[0]?.account.id === own) continue;
      expect((await change(who, own, 'change', { capacity: 'administrator' })).status).toBe(303);
      expect((await change(fang, account, 'end')).status).toBe(303);
    }
    expect((await fang.get(STAFF)).status).toBe(200);
  });
});

describe('a second account of one’s own', () => {
  const POLICY = '/desk/mingheng/policy';
  const book = async () => openCasebookForPortal(portal.env, await lenderNamed('mingheng')).policy();

  test('does not count as a second person, nor one that it invites, until somebody who came another way vouches', async () => {
    const propose = async (who: Visitor, number: string) => {
      const html = await (await who.get(`${POLICY}/edit`)).text();
      const form = /<form method="post" action="[^"]*policy\/edit".*?<\/form>/s.exec(html)?.[0] ?? '';
      const fields: Record<string, string> = { 'lender.languages': 'zh' };
      for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
        const name = /name="([^"]*)"/.exec(tag)?.[1] ?? '';
        if (name && name !== 'shown[]' && !/checkbox/.test(tag)) fields[name] = /value="([^"]*)"/.exec(tag)?.[1] ?? '';
      }
      const account = { 'account.name': '明衡', 'account.bank': '银行', 'account.number': number };
      const kept = { 'pauses.interestWaived': 'yes' };
      expect((await who.post(POLICY, { ...fields, ...kept, ...account, requestId: randomId() })).headers.get('location')).toBe(
        `${POLICY}?done=proposed`,
      );
      return /name="proposal" value="(\d+)"/.exec(await (await who.get(POLICY)).text())?.[1] ?? '';
    };
    const confirm = (who: Visitor, proposal: string) =>
      who.post(`${POLICY}/confirm`, { proposal, password: PASSWORD, requestId: randomId() });
    const notTwo = refusalText(en, { code: 'policy.not-two' });

    const second = await hired('administrator');
    const proposal = await propose(fang, '1111');
    const refused = await confirm(second.who, proposal);
    expect([refused.status, plainText(await refused.text())]).toEqual([422, expect.stringContaining(notTwo)]);
    expect(plainText(await (await second.who.get(POLICY)).text())).toContain(notTwo);
    // One whom that one invites is of the same chain, and neither vouches for the other.
    const third = await hired('administrator', undefined, second.who);
    expect((await confirm(third.who, proposal)).status).toBe(422);
    const own = await change(second.who, third.account, 'vouch');
    expect([own.status, plainText(await own.text())]).toEqual([422, expect.stringContaining(en.staff.sameWay)]);
    expect((await change(fang, second.account, 'vouch')).status).toBe(422);
    expect((await book()).value.account?.number).not.toBe('1111');
    // Somebody whom the operator invited says that they know them.
    const operators = await inviteAdministrator(portal.env, await lenderNamed('mingheng'), portal.url);
    const contact = `${randomId()}@mingheng.example`;
    const other = await newcomer(portal, contact, PASSWORD, '另一位');
    expect((await other.post(new URL(operators).pathname, {})).status).toBe(303);
    await giveFactor(portal, other.cookie);
    expect((await change(other, third.account, 'vouch')).status).toBe(303);
    expect((await log()).at(-1)).toMatchObject({ kind: 'staff.vouched', content: { member: { account: third.account } } });
    expect((await confirm(third.who, proposal)).status).toBe(303);
    expect((await book()).value.account?.number).toBe('1111');
  });
});

test('each change is told once in the log, in both languages, also where the portal went down before it was', async () => {
  const { account } = await hired('agent');
  const directory = openDirectory(portal.env);
  const lender = await lenderNamed('mingheng');
  const found = await directory.memberOf(lender.id, account);
  if (!found) throw new Error('They work there.');
  const seat = { side: 'lender', capacity: 'administrator', account: await accountOf(PEOPLE.fang.email), name: PEOPLE.fang.name } as const;
  const member = { account, name: found.account.name };
  const act = { kind: 'staff.teamed', content: { member, from: null, to: '夜班' } } as const;
  expect(
    await directory.changeMember(found.member, { team: '夜班' }, { id: randomId(), lender: lender.id, at: instant(), seat, act }),
  ).toBeNull();
  const told = async () => (await log()).filter(({ content }) => JSON.stringify(content).includes('夜班'));
  expect(await told()).toEqual([]);
  await Promise.all([portal.sweep(), portal.sweep()]);
  await portal.sweep();
  expect(await directory.deeds(lender.id)).toEqual([]);
  expect(await told()).toMatchObject([{ kind: 'staff.teamed', author: { name: PEOPLE.fang.name } }]);
  for (const language of ['zh', 'en'] as const) {
    const page = await (await signedIn(portal, 'shen', language)).get('/desk/mingheng/record');
    const text = plainText(await page.text());
    expect(text).toContain(wordsOf(language).staff.acts.teamed({ name: member.name, from: wordsOf(language).staff.noTeam, to: '夜班' }));
  }
  const taken = await (await signedIn(portal, 'shen')).post('/desk/mingheng/record', { requestId: randomId() });
  expect(taken.headers.get('content-disposition')).toMatch(/^attachment/);
});

test('a code goes to the contact of the invitation where another account takes it up', async () => {
  const contact = 'shared@mingheng.example';
  await fang.post(STAFF, { contact, capacity: 'auditor', password: PASSWORD, requestId: randomId() });
  const link = await linkFor(portal, contact);
  const me = await newcomer(portal, 'mine@elsewhere.example', PASSWORD, '外部审计');
  const asked = await me.post(`${link}/code`, {});
  const at = visitor(portal, [me.cookie, ...cookiesIn(asked)].join('; '));
  expect((await at.post(link, { code: NO_CODE })).status).toBe(422);
  expect((await at.post(link, { code: await codeFor(portal, contact) })).headers.get('location')).toBe('/desk/mingheng');
  // Ended, they do not come back by one that is open to the contact by which they came, though their account has another.
  await fang.post(STAFF, { contact, capacity: 'auditor', password: PASSWORD, requestId: randomId() });
  const open = async () => (await openDirectory(portal.env).staffOf((await lenderNamed('mingheng')).id, instant())).invited;
  expect((await open()).filter((one) => one.contact === contact)).toHaveLength(1);
  expect((await change(fang, await accountOf('mine@elsewhere.example'), 'end')).status).toBe(303);
  expect((await open()).filter((one) => one.contact === contact)).toEqual([]);
});
