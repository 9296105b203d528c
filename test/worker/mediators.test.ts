import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId, randomNumber } from '../../worker/chance.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import { execute } from '../../worker/execute/execute.ts';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { admissions } from '../../worker/store/admission.ts';
import { connect } from '../../worker/store/connect.ts';
import { openCasebookForPortal, openCaseFile, openDirectory } from '../../worker/store/open.ts';
import { linkFor, type Rig, rig, told } from '../portal.ts';
import { invited, mediate, plainText, represent, signedIn, type Visitor, visitor } from './people.ts';
import { routesOf } from './routes.ts';

/** Somebody neutral between a borrower and a lender, over HTTP: let in by both, by a link to their contact, and out again at once. */

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let li: Visitor;
let lin: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, li, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'li'), signedIn(portal, 'lin')]);
});
afterAll(() => portal.remove());

const LI = contactText(contactIn(PEOPLE.li));
const SHEN = { name: '沈和平', contact: LI };
const said = wordsOf('en').mediation;

async function ofChen(): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  return id;
}

async function record(id: string) {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  return (await openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' }).record(id))?.entries ?? [];
}
const seqOf = async (id: string, wanted = 'mediation.proposed') => (await record(id)).findLast(({ kind }) => kind === wanted)?.seq ?? 0;

/** A case of 陈建国's, between whose sides 沈和平 sits, by the account of 李. */
async function mediated(): Promise<string> {
  const id = await ofChen();
  await mediate(portal, { id, proposes: chen, admits: lin, by: li }, SHEN);
  return id;
}

const propose = (who: Visitor, id: string, rest: Record<string, string> = {}) =>
  who.post(`/cases/${id}/do/mediation.propose`, { ...SHEN, requestId: randomId(), ...rest });
const admit = async (who: Visitor, id: string) =>
  who.post(`/cases/${id}/do/mediation.admit`, { mediation: await seqOf(id), requestId: randomId() });
const say = (who: Visitor, id: string) => who.post(`/cases/${id}/do/mediation.say`, { words: '两边都听我说一句。', requestId: randomId() });
const linksTo = async (recipient: string) =>
  (await openDirectory(portal.env).newestMail(500))
    .filter((one) => one.recipient === recipient)
    .flatMap(({ body }) => /\/join\/[\w-]+/.exec(body)?.[0] ?? []);
async function hears(recipient: string, id: string): Promise<boolean> {
  const newest = (await record(id)).at(-1)?.hash ?? '';
  return (await openDirectory(portal.env).newestMail(500)).some((one) => one.recipient === recipient && one.body.includes(newest));
}

const typedTerms = () => {
  const { start, firstDue } = plainTerms(stage.today(), {});
  return {
    'terms.start': start,
    'terms.firstDue': firstDue,
    'terms.every': 'month',
    'terms.rate.ppm': '0',
    'terms.rate.per': 'year',
    'terms.interestOn': 'principal',
    'terms.dayCount': 'period',
    'terms.phases.0.kind': 'level',
    'terms.phases.0.count': '20',
    words: '各让一步。',
  };
};
const suggest = (who: Visitor, id: string) => who.post(`/cases/${id}/do/mediation.suggest`, { ...typedTerms(), requestId: randomId() });

describe('letting somebody in', () => {
  test('the link goes to the mediator only once the other side has agreed, and then once', async () => {
    const id = await ofChen();
    const contact = 'shen@mediation.example';
    expect((await propose(chen, id, { contact })).headers.get('location')).toBe(`/cases/${id}/mediation`);
    expect(await linksTo(contact)).toEqual([]);
    expect(plainText(await (await lin.get(`/cases/${id}`)).text())).toContain(said.duty({ name: SHEN.name }));
    expect((await admit(chen, id)).status).toBe(422);
    expect(await linksTo(contact)).toEqual([]);
    await admit(lin, id);
    expect(await linksTo(contact)).toHaveLength(1);
    for (const who of [chen, lin]) expect((await who.get(`/cases/${id}/mediation`)).status).toBe(200);
    expect(await linksTo(contact)).toHaveLength(1);
    const kept = JSON.stringify(await record(id));
    expect(kept).not.toContain(contact);
  });

  test('whoever comes by next makes up for a portal that was killed between the agreement and the letter', async () => {
    const id = await ofChen();
    const contact = 'killed@mediation.example';
    await propose(chen, id, { contact });
    await stage.give('lin', 'mingheng', id, 'mediation.admit', { mediation: await seqOf(id) });
    expect(await linksTo(contact)).toEqual([]);
    for (let i = 0; i < 2; i++) await chen.get(`/cases/${id}/mediation`);
    expect(await linksTo(contact)).toHaveLength(1);
  });

  test('sent twice it is one proposal; what is refused leaves nothing behind', async () => {
    const id = await ofChen();
    const contact = 'twice@mediation.example';
    const requestId = randomId();
    for (let i = 0; i < 2; i++)
      expect((await propose(chen, id, { contact, requestId })).headers.get('location')).toBe(`/cases/${id}/mediation`);
    for (let i = 0; i < 3; i++) expect((await propose(lin, id, { contact: `${i}@mediation.example` })).status).toBe(422);
    expect((await record(id)).filter(({ kind }) => kind === 'mediation.proposed')).toHaveLength(1);
    expect(await openDirectory(portal.env).invitedAs(id, 'mediator')).toEqual([contact]);
  });

  test('where nobody used a link, whom it was sent to is forgotten once it has expired, and no sooner', async () => {
    const id = await ofChen();
    const contact = 'unused@mediation.example';
    await propose(chen, id, { contact });
    await admit(lin, id);
    const directory = openDirectory(portal.env);
    expect(await directory.invitedAs(id, 'mediator')).toContain(contact);
    const daysOn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    await directory.forgetInvitations(daysOn(0));
    expect(await directory.invitedAs(id, 'mediator')).toContain(contact);
    await directory.forgetInvitations(daysOn(30));
    expect(await directory.invitedAs(id, 'mediator')).toEqual([]);
  });

  test('the schedule does that, thirty days after it expired', async () => {
    const sent = async (daysAgo: number) => {
      const id = await ofChen();
      await propose(chen, id, { contact: `${daysAgo}@unused.example` });
      await admit(lin, id);
      const expired = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
      await connect(portal.env.directory.url, portal.env.directory.token).run(
        `UPDATE invitations SET expires_at = '${expired}' WHERE "case" = '${id}' AND capacity = 'mediator'`,
      );
      return id;
    };
    const [young, old] = [await sent(29), await sent(31)];
    const kept = async () => {
      const { rows } = await connect(portal.env.directory.url, portal.env.directory.token).run(
        `SELECT DISTINCT "case" FROM invitations WHERE capacity = 'mediator' AND "case" IN ('${young}', '${old}')`,
      );
      return rows.map((row) => row.case);
    };
    expect((await kept()).toSorted()).toEqual([young, old].toSorted());
    await portal.sweep();
    expect(await kept()).toEqual([young]);
  });

  test('who is let in again keeps the place, though what drops the earlier one comes late', async () => {
    const id = await mediated();
    const directory = openDirectory(portal.env);
    const account = (await directory.accountByContact(contactIn(PEOPLE.li)))?.id ?? '';
    const lender = (await directory.lenderBySlug('mingheng'))?.id ?? '';
    const earlier = new Date().toISOString();
    await new Promise((done) => setTimeout(done, 5));
    const now = new Date().toISOString();
    const link = {
      id: randomId(),
      case: id,
      lender,
      contact: LI,
      capacity: 'mediator' as const,
      via: null,
      createdAt: now,
      expiresAt: now,
    };
    await directory.addInvitation(link);
    await directory.takePlace(
      { ...link, usedAt: null, usedBy: null, seal: null },
      account,
      { capacity: 'mediator', scope: null, until: null },
      now,
    );
    await directory.dropSeat(account, id, earlier);
    expect((await li.get(`/cases/${id}`)).status).toBe(200);
  });

  test('what is wrong comes back beside its field; nobody of the lender’s, nor an organisation of no list', async () => {
    const id = await ofChen();
    for (const wrong of [{ contact: PEOPLE.lin.email }, { contact: 'nobody' }, { organisation: 'constructor' }, { name: '' }]) {
      const answer = await propose(chen, id, wrong as Record<string, string>);
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(`mediation-propose-${Object.keys(wrong)[0]}-error`);
    }
    expect(await seqOf(id)).toBe(0);
    expect((await propose(chen, id, { organisation: 'people', name: '' })).headers.get('location')).toBe(`/cases/${id}/mediation`);
    expect((await record(id)).at(-1)?.content).toMatchObject({ organisation: { place: 'everywhere' } });
  });

  test('the link shows the parties to who has its contact alone, asks for a statement of neutrality, and is good once', async () => {
    const id = await ofChen();
    await propose(lin, id);
    await admit(chen, id);
    const link = await linkFor(portal, LI);
    const zhao = await signedIn(portal, 'zhao');
    for (const who of [visitor(portal), zhao, lin, chen]) expect(await (await who.get(link)).text()).not.toMatch(/PLAIN-1|陈建国/);
    expect(await (await li.get(link)).text()).toContain('PLAIN-1');
    expect((await li.post(link, {})).status).toBe(422);
    expect((await zhao.post(link, { neutral: 'yes' })).status).toBe(422);
    expect((await lin.post(link, { neutral: 'yes' })).status).toBe(409);
    expect((await li.get(`/cases/${id}`)).status).toBe(404);
    for (let i = 0; i < 2; i++) expect((await li.post(link, { neutral: 'yes' })).headers.get('location')).toBe(`/cases/${id}`);
    expect((await record(id)).filter(({ kind }) => kind === 'mediation.accepted')).toHaveLength(1);
    expect((await zhao.post(link, { neutral: 'yes' })).status).toBe(404);
  });

  test('that a proposal ends is no day of an offer in the lists of either side', async () => {
    const id = await ofChen();
    const itemIn = async (who: Visitor, path: string) =>
      (await (await who.get(path)).text()).split(/<li|<tr/).find((one) => one.includes(id)) ?? '';
    const stands = /offer stands until/;
    expect(await itemIn(lin, '/desk/mingheng?show=all')).toMatch(stands);
    await chen.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() });
    await propose(chen, id);
    for (const [who, path] of [
      [chen, '/cases'],
      [lin, '/desk/mingheng?show=all'],
    ] as const) {
      expect(await itemIn(who, path)).toContain(id);
      expect(await itemIn(who, path)).not.toMatch(stands);
    }
  });

  test('is not open to who wrote for the lender in the case, though they have left since', async () => {
    const id = await ofChen();
    const directory = openDirectory(portal.env);
    const [account, lender] = await Promise.all([directory.accountByContact(contactIn(PEOPLE.li)), directory.lenderBySlug('mingheng')]);
    if (!account || !lender) throw new Error('Nobody is there.');
    const [admission] = admissions({ account, seat: null, memberships: [{ lender, capacity: 'agent' }] }, id);
    if (!admission) throw new Error('No way in.');
    const at = (await record(id)).at(-1)?.at ?? '';
    const wrote = await execute({
      ...{ admission, casefile: openCaseFile(portal.env, admission), command: 'talk.message', input: { words: '请尽快答复。' } },
      ...{ requestId: randomId(), at, key: await signingKey(portal.keys), random: randomBytes, number: randomNumber },
    });
    expect(wrote.ok).toBe(true);
    await propose(chen, id);
    await admit(lin, id);
    const link = await linkFor(portal, LI);
    expect((await li.post(link, { neutral: 'yes' })).status).toBe(409);
    expect((await li.get(`/cases/${id}`)).status).toBe(404);
    expect(await seqOf(id, 'mediation.accepted')).toBe(0);
  });

  test('is not open to the borrower, whoever represents them, nor once it was taken back', async () => {
    const own = await ofChen();
    expect((await propose(lin, own, { contact: contactText(contactIn(PEOPLE.chen)) })).status).toBe(422);
    const acting = await ofChen();
    await represent(
      portal,
      { id: acting, borrower: chen, by: li, signed: PEOPLE.chen.name },
      { name: '李', contact: LI, scope: 'sign', until: addDays(stage.today(), 30) },
    );
    expect((await propose(lin, acting)).status).toBe(422);
    const id = await ofChen();
    await propose(chen, id);
    await admit(lin, id);
    const link = await linkFor(portal, LI);
    await chen.post(`/cases/${id}/do/mediation.dismiss`, { mediation: await seqOf(id), requestId: randomId() });
    expect((await li.post(link, { neutral: 'yes' })).status).toBe(404);
    expect((await li.get(`/cases/${id}`)).status).toBe(404);
  });
});

describe('being there', () => {
  test('reads what both share, and nothing of either side’s own; takes nothing away', async () => {
    const id = await mediated();
    await chen.post(`/cases/${id}/do/note.write`, { words: '只给我自己看。', requestId: randomId() });
    await lin.post(`/cases/${id}/do/note.write`, { words: '只给机构看。', requestId: randomId() });
    // The figures are the borrower's, not the reader's own.
    const yours = wordsOf('en').terms.yours('');
    for (const path of ['', '/mediation', '/means', '/evidence', '/proposals/1', '/suggestions/new']) {
      const answer = await li.get(`/cases/${id}${path}`);
      expect(answer.status, path).toBe(200);
      const html = await answer.text();
      expect(html, path).not.toMatch(/只给/);
      expect(html, path).not.toContain(yours);
    }
    // Of who was invited and has said nothing yet there is nothing to read, and the page says so.
    const { id: bare } = await invited(portal, stage.today());
    await mediate(portal, { id: bare, proposes: lin, admits: chen, by: li }, SHEN);
    for (const [path, none] of [
      ['/means', wordsOf('en').means.none],
      ['/evidence', wordsOf('en').evidence.none],
    ] as const) {
      const html = await (await li.get(`/cases/${bare}${path}`)).text();
      expect(html, path).toContain(none);
      expect(html, path).not.toContain('<ul class="list">');
    }
    const shut = ['/own', '/debt', '/share', '/representatives', '/complaints', '/letters/new', '/proposals/new', '/approvals/1'];
    for (const path of [...shut, '/assignment', '/exports/record.pdf', '/exports/record.json', '/sent', '/agreement'])
      expect((await li.get(`/cases/${id}${path}`)).status, path).toBe(404);
    expect((await li.post(`/cases/${id}/exports/record.json`, {})).status).toBe(404);
    for (const path of [`/api/v1/cases/${id}`, `/api/v1/cases/${id}/own`]) expect((await li.get(path)).status, path).toBe(404);
    expect((await li.get(`/cases/${await ofChen()}`)).status).toBe(404);
  });

  /** What a mediator reads. A route that is new is shut to them until it stands here. */
  const READ =
    /^\/cases\/:case(?:|\/mediation|\/means|\/evidence|\/compare|\/agreement|\/proposals\/:version\{.*|\/suggestions\/.*|\/files\/.*)$/;

  test('of all the routes of a case none answers them but those of what both share', async () => {
    const id = await mediated();
    const before = (await record(id)).length;
    const wrong: string[] = [];
    for (const { method, path, at } of routesOf(id)) {
      if (path.includes(':command')) continue;
      const answer = method === 'GET' ? await li.get(at) : await li.post(at, { requestId: randomId() });
      const to = answer.headers.get('location');
      const leadsBack = answer.status === 303 && (to === `/cases/${id}` || to?.startsWith(`/cases/${id}/suggestions/new`));
      if (!READ.test(path) && answer.status !== 404 && !leadsBack) wrong.push(`${method} ${path} ${answer.status}`);
    }
    expect(wrong).toEqual([]);
    expect(await record(id)).toHaveLength(before);
  });

  test('of all commands none but their own opens to them, by form or as JSON', async () => {
    const id = await mediated();
    const before = (await record(id)).length;
    for (const { name, doors } of COMMANDS.values()) {
      if (/^mediation\.(?:say|suggest|leave)$/.test(name)) continue;
      const json = await li.send(`/api/v1/cases/${id}/commands/${name}`, '{}', { 'content-type': 'application/json' });
      expect(json.status, name).toBe(doors.includes('api') ? 403 : 404);
      const form = await li.post(`/cases/${id}/do/${name}`, { requestId: randomId() });
      expect([303, 404, 422], name).toContain(form.status);
    }
    expect(await record(id)).toHaveLength(before);
  });

  test('both hear what they say, they hear what both do, and nobody hears twice', async () => {
    const id = await mediated();
    expect((await say(li, id)).status).toBe(303);
    await told(portal, id);
    expect(await hears('chen@borrower.example', id)).toBe(true);
    expect(await hears(LI, id)).toBe(false);
    for (const who of [chen, lin]) {
      await who.post(`/cases/${id}/do/impasse.say`, { words: '谈不下去了。', requestId: randomId() });
      await told(portal, id);
      expect(await hears(LI, id)).toBe(true);
    }
    expect((await record(id)).findLast(({ kind }) => kind === 'mediation.said')?.author).toMatchObject({
      side: 'mediator',
      name: SHEN.name,
    });
  });

  test('their list names both, apart from cases of their own', async () => {
    const id = await mediated();
    const list = await (await li.get('/cases')).text();
    expect(list.indexOf(said.cases)).toBeLessThan(list.indexOf(id));
    expect(list.slice(list.indexOf(id))).toContain(PEOPLE.chen.name);
  });
});

describe('a suggestion', () => {
  test('is looked over and taken up by either side in one step, as that side’s own offer', async () => {
    for (const who of [chen, lin]) {
      const id = await mediated();
      expect((await suggest(li, id)).status).toBe(303);
      // A lender's own system reads the same.
      const read: unknown = await (await who.get(`/api/v1/cases/${id}`)).json();
      expect(read).toMatchObject({ mediations: [{ name: SHEN.name }], suggestions: [{ words: '各让一步。' }] });
      const page = await (await who.get(`/cases/${id}/suggestions/1`)).text();
      const hidden = Object.fromEntries(
        [...page.matchAll(/<input type="hidden" name="(suggestion|digest|answers)" value="([^"]*)"/g)].map(([, name, value]) => [
          name ?? '',
          value ?? '',
        ]),
      );
      expect(hidden).toMatchObject({ suggestion: '1', answers: '1' });
      const adopted = await who.post(`/cases/${id}/do/mediation.adopt`, { ...hidden, words: '采纳。', requestId: randomId() });
      expect(adopted.status).toBe(303);
      const made = (await record(id)).at(-1);
      expect(made).toMatchObject({ kind: 'proposal.made', author: { side: who === chen ? 'borrower' : 'lender' } });
      expect(made?.content).toMatchObject({ version: 2, suggestion: 1, mediation: await seqOf(id) });
      expect(await (await who.get(`/cases/${id}/suggestions/1`)).text()).not.toContain('mediation.adopt');
      // Whoever decides on it is told so where they decide.
      const offer = plainText(await (await lin.get(`/cases/${id}/proposals/2`)).text());
      expect(offer).toContain(said.fromSuggestion({ no: 1 }));
      expect(offer).toContain(said.marked({ seq: await seqOf(id) }));
      // From a page that was open since before: what is on the table is another offer now.
      const stale = await who.post(`/cases/${id}/do/mediation.adopt`, { ...hidden, words: '采纳。', requestId: randomId() });
      expect(stale.status).toBe(422);
    }
  });

  test('nobody but the mediator makes one', async () => {
    const id = await mediated();
    for (const who of [chen, lin]) {
      expect((await who.get(`/cases/${id}/suggestions/new`)).status).toBe(404);
      await suggest(who, id);
    }
    expect(await seqOf(id, 'mediation.suggested')).toBe(0);
    expect((await chen.get(`/cases/${id}/suggestions/1`)).status).toBe(404);
  });
});

describe('the end', () => {
  async function expectOut(id: string) {
    const paths = [
      '',
      '/mediation',
      '/means',
      '/evidence',
      '/proposals/1',
      '/compare?a=1&b=1',
      '/suggestions/1',
      '/suggestions/new',
      '/agreement',
    ];
    for (const path of paths) expect((await li.get(`/cases/${id}${path}`)).status, path).toBe(404);
    expect((await li.get(`/cases/${id}/files/${'a'.repeat(64)}/view`)).status).toBe(404);
    for (const { name, doors } of COMMANDS.values()) {
      expect((await li.post(`/cases/${id}/do/${name}`, { requestId: randomId() })).status, name).toBe(404);
      if (doors.includes('api')) {
        const json = await li.send(`/api/v1/cases/${id}/commands/${name}`, '{}', { 'content-type': 'application/json' });
        expect(json.status, name).toBe(404);
      }
    }
    expect((await say(li, id)).status).toBe(404);
  }

  test('dismissed with the page still open: nothing more, whatever is asked, and one last letter', async () => {
    const id = await mediated();
    expect((await li.get(`/cases/${id}`)).status).toBe(200);
    await lin.post(`/cases/${id}/do/mediation.dismiss`, { mediation: await seqOf(id), requestId: randomId() });
    await told(portal, id);
    expect(await hears(LI, id)).toBe(true);
    await expectOut(id);
    expect(await (await li.get('/cases')).text()).not.toContain(id);
    await chen.post(`/cases/${id}/do/talk.message`, { words: '以后再说。', requestId: randomId() });
    await told(portal, id);
    expect(await hears('chen@borrower.example', id)).toBe(false);
    expect(await hears(LI, id)).toBe(false);
    // Proposed and let in anew, they come in by the new link.
    await mediate(portal, { id, proposes: lin, admits: chen, by: li }, SHEN);
    expect((await li.get(`/cases/${id}`)).status).toBe(200);
  });

  test('nobody else goes with them, and they with nobody: who hears of it by name keeps their place', async () => {
    const id = await mediated();
    const zhao = await signedIn(portal, 'zhao');
    const lawyer = { name: PEOPLE.zhao.name, contact: contactText(contactIn(PEOPLE.zhao)), until: addDays(stage.today(), 30) };
    const appoint = () => represent(portal, { id, borrower: chen, by: zhao, signed: PEOPLE.chen.name }, { ...lawyer, scope: 'negotiate' });
    const stays = async (who: Visitor, recipient: string) => {
      // A seat goes with the last letter.
      await told(portal, id);
      expect(await hears(recipient, id)).toBe(true);
      expect((await who.get(`/cases/${id}`)).status).toBe(200);
    };
    await appoint();
    await chen.post(`/cases/${id}/do/representative.revoke`, { appointment: await seqOf(id, 'representative.appointed') });
    await stays(li, LI);
    await appoint();
    expect((await zhao.post(`/cases/${id}/do/mediation.dismiss`, { mediation: await seqOf(id), requestId: randomId() })).status).toBe(303);
    await stays(chen, 'chen@borrower.example');
    expect((await li.get(`/cases/${id}`)).status).toBe(404);
  });

  test('laid down: the same, and the record alone decides, also where the directory still has the seat', async () => {
    const id = await mediated();
    expect((await li.post(`/cases/${id}/do/mediation.leave`, { requestId: randomId() })).status).toBe(303);
    const directory = openDirectory(portal.env);
    const account = await directory.accountByContact(contactIn(PEOPLE.li));
    const lender = await directory.lenderBySlug('mingheng');
    const seat = { account: account?.id ?? '', case: id, lender: lender?.id ?? '', capacity: 'mediator' as const, contact: LI };
    await directory.addSeat({ ...seat, scope: null, since: new Date().toISOString(), until: null });
    await expectOut(id);
  });
});
