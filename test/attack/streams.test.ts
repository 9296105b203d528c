import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { PEOPLE, plainOpening, type Stage } from '../../db/demo.ts';
import { playWhole } from '../../db/play-whole.ts';
import { rebuild } from '../../db/rebuild.ts';
import { en } from '../../web/words/en.ts';
import { zh } from '../../web/words/zh.ts';
import { app } from '../../worker/app.ts';
import { randomId } from '../../worker/chance.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { EXPORTS } from '../../worker/negotiation/custody.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { checkFile } from '../../worker/record/check.ts';
import type { PrivateRecordFile } from '../../worker/record/format.ts';
import { readPublished } from '../../worker/record/published.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { command } from '../command.ts';
import { type Rig, rig } from '../portal.ts';
import { allInside } from '../record/inside.ts';
import { mediate, represent, signedIn, takeAway, type Visitor, visitor } from '../worker/people.ts';
import { inFile } from './in-file.ts';

/** What a side keeps to itself: all that the portal ever serves to anybody else is looked through for it. */

const CANARY = { borrower: `kanarienvogel-b-${randomId()}`, lender: `kanarienvogel-l-${randomId()}` };

let portal: Rig;
let stage: Stage;
let id: string;
let chen: Visitor;
let lin: Visitor;
let zhou: Visitor;
let li: Visitor;
let before: string;

const note = (who: Visitor, words: string, caseId = id) => who.post(`/cases/${caseId}/do/note.write`, { words, requestId: randomId() });
const noteByApi = (who: Visitor, words: string) =>
  who.send(`/api/v1/cases/${id}/commands/note.write`, JSON.stringify({ words }), { 'content-type': 'application/json' });

beforeAll(async () => {
  portal = await rig();
  ({ id, stage } = await playWhole(portal));
  [chen, lin, zhou, li] = await Promise.all([
    signedIn(portal, 'chen'),
    signedIn(portal, 'lin'),
    signedIn(portal, 'zhou'),
    signedIn(portal, 'li'),
  ]);
  // 李婷 represents the borrower, as far as that goes: what he tells himself is not for her either.
  const contact = contactText(contactIn(PEOPLE.li));
  const mandate = { name: PEOPLE.li.name, contact, scope: 'sign', until: addDays(stage.today(), 30) };
  await represent(portal, { id, borrower: chen, by: li, signed: PEOPLE.chen.name }, mandate);
  before = await rowOf(id);
});
afterAll(() => portal.remove());

const inCasebook = <T>(work: (db: DatabaseSync) => T): T => inFile(portal.data, 'casebook-mingheng', work);

const rowOf = async (caseId: string) => JSON.stringify(inCasebook((db) => db.prepare('SELECT * FROM cases WHERE id = ?').get(caseId)));

/** Everything of an answer: where it leads, its headers, and its body with all that is packed in it. */
async function served(answer: Response): Promise<string> {
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${decodeURIComponent(value.replaceAll('%', '%25'))}`).join('\n');
  return `${headers}\n${await allInside(new Uint8Array(await answer.arrayBuffer()))}`;
}

/** The addresses of every page of the portal, with what there is in the case in them. */
async function addresses(): Promise<string[]> {
  const evidence = await (await chen.get(`/cases/${id}/evidence`)).text();
  const sha256 = /\/files\/([0-9a-f]{64})/.exec(evidence)?.[1] ?? '';
  const gets = app.routes.filter(({ method, path }) => method === 'GET' && !path.includes('*'));
  return [...new Set(gets.map(({ path }) => path))].flatMap((path) => {
    const at = path
      .replace(':case', id)
      .replace(/:sha256\{.*?\}$/, sha256)
      .replace(/:(?:version|no)\{.*\}$/, '1')
      .replace(/:seq\{.*$/, '1.pdf')
      .replace(':lender', 'mingheng')
      .replace(':step', 'loan')
      .replace(':token', 'no-such-token')
      .replace(/:language\{.*?\}/, 'en')
      .replace(/:size\{.*?\}/, 'plain')
      .replace(':made', randomId())
      .replace(':command', 'note.write');
    const all = at.includes(':what') ? EXPORTS.map((what) => at.replace(':what', what)) : [at];
    // A list is looked at as each of its tabs, a thread as each of its pages.
    return all.flatMap((one) => [one, ...(one === '/desk/mingheng' ? ['us', 'them', 'all'].map((tab) => `${one}?show=${tab}`) : [])]);
  });
}

/** All that somebody can come by: every page, every document, every answer of the API, the answers to every command. */
async function everythingServedTo(who: Visitor): Promise<string> {
  const parts: string[] = [];
  const add = async (what: string, answer: Promise<Response>) => parts.push(`${what}\n${await served(await answer)}`);
  for (const path of await addresses()) await add(path, who.get(path));
  for (const path of [`/cases/${id}?before=8`, `/cases/${id}/own?before=2`, `/cases/${id}/share`, `/cases/${id}/templates/talk.message`])
    await add(path, who.get(path));
  for (const what of EXPORTS.filter((one) => one !== 'partial.zip')) await add(what, takeAway(who, id, what));
  const all = Array.from({ length: 60 }, (_, i) => String(i + 1));
  const partial = await who.post(`/cases/${id}/exports/partial.zip`, { show: all });
  if (partial.status === 303) await add('partial.zip', who.get(partial.headers.get('location') ?? ''));
  await add('own', ownRecord(who));
  for (const what of EXPORTS) await add(`api ${what}`, who.send(`/api/v1/cases/${id}/exports/${what}`, ''));
  const json = { 'content-type': 'application/json' };
  // Who lays their authority down sees nothing any more, which would prove nothing.
  for (const { name } of [...COMMANDS.values()].filter((one) => one.name !== 'representative.resign' && one.name !== 'mediation.leave')) {
    await add(`api ${name}`, who.send(`/api/v1/cases/${id}/commands/${name}`, '{"words":""}', json));
    await add(`form ${name}`, who.post(`/cases/${id}/do/${name}`, { requestId: randomId() }));
    await add(`typed ${name}`, who.post(`/cases/${id}/typed/${name}`, { words: '' }));
  }
  return parts.join('\n\n');
}

async function ownRecord(who: Visitor): Promise<Response> {
  const made = await who.post(`/cases/${id}/own/private-record.json`, {});
  return made.status === 303 ? who.get(made.headers.get('location') ?? '') : made;
}

describe('notes', () => {
  test('are written by a form and by the API, seen by their own side, all of it, with who wrote them', async () => {
    const written = await note(chen, CANARY.borrower);
    expect(written.headers.get('location')).toBe(`/cases/${id}#o1`);
    const answered = await noteByApi(lin, CANARY.lender);
    expect(answered.status).toBe(201);
    expect(await answered.json()).toMatchObject({ ok: true, entries: [], told: 0, own: [{ seq: 1, kind: 'note.written' }] });
    const [mine, colleagues] = await Promise.all([chen, zhou].map(async (who) => (await who.get(`/cases/${id}`)).text()));
    expect(mine).toContain(CANARY.borrower);
    expect(mine).toContain(en.own.only.borrower);
    expect(colleagues).toContain(CANARY.lender);
    expect(colleagues).toContain(en.own.only.lender);
    expect(colleagues).toContain(PEOPLE.lin.name);
    const api = (await (await zhou.get(`/api/v1/cases/${id}/own`)).json()) as { side: string; entries: { content: unknown }[] };
    expect(api).toMatchObject({ side: 'lender', seq: 1, entries: [{ content: { words: CANARY.lender } }] });
    const chinese = await (await (await signedIn(portal, 'chen', 'zh')).get(`/cases/${id}`)).text();
    expect(chinese).toContain(zh.own.only.borrower);
  });

  test('change nothing that the other side could see: not the row of lists, no number, no time, no letter', async () => {
    expect(await rowOf(id)).toBe(before);
    // What was told of before has been.
    await portal.sweep();
    const letters = (await openDirectory(portal.env).newestMail(500)).length;
    await note(chen, `${CANARY.borrower} noch einmal`);
    await note(lin, `${CANARY.lender} noch einmal`);
    await portal.sweep();
    expect(await rowOf(id)).toBe(before);
    expect((await openDirectory(portal.env).newestMail(500)).length).toBe(letters);
  });

  test('are given once: a request that is repeated gets its first outcome', async () => {
    const requestId = randomId();
    const send = () => chen.post(`/cases/${id}/do/note.write`, { words: 'einmal', requestId });
    expect([(await send()).headers.get('location'), (await send()).headers.get('location')]).toEqual([
      `/cases/${id}#o3`,
      `/cases/${id}#o3`,
    ]);
  });

  test('that are empty or too long come back to their place, as typed', async () => {
    for (const words of ['', 'x'.repeat(5_001)]) {
      const refused = await note(chen, words);
      expect(refused.status).toBe(422);
      const html = await refused.text();
      expect(html).toContain('id="note-write-words-error"');
      expect(html).toContain(`${words}</textarea>`);
    }
  });
});

describe('nothing of it is served', () => {
  /** What the lender’s people ask of each other, and begin from, stands among it: a mention, tasks that wait and that are done, a draft, a template. */
  beforeAll(async () => {
    const html = await (await lin.get(`/cases/${id}/errands`)).text();
    const to = /type="checkbox" name="to" value="([0-9a-f]{32})"/.exec(html)?.[1] ?? '';
    const give = (command: string, fields: Record<string, string>) =>
      lin.post(`/cases/${id}/do/${command}`, { ...fields, requestId: randomId() });
    const what = (of: string) => `${CANARY.lender} ${of}`;
    const written = [
      await give('note.mention', { what: what('mention'), to }),
      await give('task.set', { what: what('task'), to, on: stage.today() }),
      await give('task.set', { what: what('done'), to, on: stage.today() }),
      await zhou.post('/desk/mingheng/templates', {
        ...{ use: 'message', language: 'zh', name: CANARY.lender.slice(-40), text: what('template'), requestId: randomId() },
      }),
    ];
    const task = /#o(\d+)/.exec(written[2]?.headers.get('location') ?? '')?.[1] ?? '';
    written.push(await give('task.finish', { task }));
    expect(written.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303]);
    await portal.sweep();
  });

  /** 赵 sits between the sides. */
  async function mediator(): Promise<Visitor> {
    const zhao = await signedIn(portal, 'zhao');
    const named = { name: '沈和平', contact: contactText(contactIn(PEOPLE.zhao)) };
    await mediate(portal, { id, proposes: lin, admits: chen, by: zhao }, named);
    return zhao;
  }

  test.each([
    ['to the lender’s staff, of what the borrower wrote', () => lin, CANARY.borrower, CANARY.lender],
    ['to another of them', () => zhou, CANARY.borrower, CANARY.lender],
    ['to the borrower, of what staff wrote', () => chen, CANARY.lender, CANARY.borrower],
  ] as const)('%s', async (_, who, foreign, own) => {
    const all = await everythingServedTo(who());
    expect(all).not.toContain(foreign);
    // What is looked for can be found.
    expect(all).toContain(own);
  });

  test.each([
    ['to who represents the borrower', () => li],
    ['to another lender’s staff', () => signedIn(portal, 'gu')],
    ['to another borrower', () => signedIn(portal, 'wang')],
    ['to a stranger', () => visitor(portal)],
    ['to who mediates', () => mediator()],
  ] as const)('%s, of either', async (_, of) => {
    const who = await of();
    const all = await everythingServedTo(who);
    for (const canary of Object.values(CANARY)) expect(all).not.toContain(canary);
    expect((await who.get(`/cases/${id}/own`)).status).not.toBe(200);
    expect((await ownRecord(who)).headers.get('content-disposition')).toBeNull();
  });

  test('to anybody, in what is shared or sent: a side’s own documents of the case do not have it either', async () => {
    for (const who of [chen, lin]) {
      for (const what of EXPORTS.filter((one) => one !== 'partial.zip')) {
        const all = await served(await takeAway(who, id, what));
        for (const canary of Object.values(CANARY)) expect(all, what).not.toContain(canary);
      }
    }
    const letters = await openDirectory(portal.env).newestMail(1_000);
    expect(letters.length).toBeGreaterThan(0);
    for (const canary of Object.values(CANARY)) expect(JSON.stringify(letters)).not.toContain(canary);
  });

  test('in a list: it is not found by what it says', async () => {
    const [, sought = ''] = CANARY.lender.split('kanarienvogel-l-');
    for (const text of [sought, sought.slice(0, 8)]) {
      const html = await (await lin.get(`/desk/mingheng?text=${text}`)).text();
      expect(html).not.toContain(`/cases/${id}`);
    }
  });

  test('by a representative’s hand: who may not see it does not write it', async () => {
    expect((await note(li, 'x')).status).toBe(422);
    expect((await noteByApi(li, 'x')).status).toBe(403);
    expect(await (await li.get(`/cases/${id}`)).text()).not.toContain('note.write');
  });
});

describe('a private record', () => {
  const published = async () => readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());

  test('is taken away by its own side, verifies as what it is, and says that it was taken', async () => {
    for (const [who, side] of [
      [chen, 'borrower'],
      [zhou, 'lender'],
    ] as const) {
      const answer = await ownRecord(who);
      expect(answer.headers.get('content-disposition')).toContain('private-record.json');
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const { report } = await checkFile(bytes, { published: await published() });
      expect(report).toMatchObject({ verdict: 'holds', side, case: id, findings: [] });
      const record = JSON.parse(new TextDecoder().decode(bytes)) as PrivateRecordFile;
      expect(JSON.stringify(record)).toContain(CANARY[side]);
      expect(await (await who.get(`/cases/${id}/own`)).text()).toContain(en.own.exported);
      // Asked for once more with nothing new in it, it is the same file, and nothing is written.
      const again = (await (await ownRecord(who)).json()) as PrivateRecordFile;
      expect(again.entries.length).toBe(record.entries.length);
    }
  });

  test('is all there, page by page', async () => {
    for (let i = 0; i < 34; i++) await stage.give('lin', 'mingheng', id, 'note.write', { words: `Notiz ${i}.` });
    const first = await (await lin.get(`/cases/${id}/own`)).text();
    expect(first).toContain('Notiz 33.');
    expect(first).not.toContain('Notiz 1.');
    const older = /\/own\?before=\d+/.exec(first)?.[0] ?? '';
    const second = await (await lin.get(`/cases/${id}${older}`)).text();
    for (const words of ['Notiz 1.', CANARY.lender]) expect(second).toContain(words);
    expect(second).not.toContain(en.own.unproven);
    expect(second).not.toContain(en.unproven.entry);
  });
});

describe('changed in the database', () => {
  const stream = () => `${id}/borrower`;
  const run = (sql: string, ...args: string[]) => inCasebook((db) => void db.prepare(sql).run(...args));
  /** `written`: what is changed is old, and only what shows or takes it away looks at it. */
  type Attack = { name: string; change: () => void; code: string; rebuilt: boolean; written?: true };
  const ATTACKS: Attack[] = [
    {
      name: 'what a note says',
      change: () =>
        run(
          `UPDATE entries SET content = '{"words":"gefälscht"}' WHERE "case" = ? AND seq = (SELECT max(seq) FROM entries WHERE "case" = ?) - 1`,
          stream(),
          stream(),
        ),
      code: 'entry',
      rebuilt: false,
      written: true,
    },
    {
      name: 'where the stream stands',
      change: () => run(`UPDATE streams SET state = json_set(state, '$.notes', 99) WHERE "case" = ? AND side = 'borrower'`, id),
      code: 'seal.broken',
      rebuilt: true,
    },
    {
      name: 'its row taken away',
      change: () => run(`DELETE FROM streams WHERE "case" = ? AND side = 'borrower'`, id),
      code: 'head',
      rebuilt: true,
    },
    {
      name: 'its newest entry deleted',
      change: () =>
        run(`DELETE FROM entries WHERE "case" = ? AND seq = (SELECT max(seq) FROM entries WHERE "case" = ?)`, stream(), stream()),
      code: 'head',
      rebuilt: false,
    },
    {
      name: 'its checkpoint taken away',
      change: () =>
        run(`DELETE FROM checkpoints WHERE "case" = ? AND seq = (SELECT max(seq) FROM entries WHERE "case" = ?)`, stream(), stream()),
      code: 'checkpoint',
      rebuilt: false,
    },
    {
      name: 'the entries of the other side put in',
      change: () =>
        inCasebook((db) => {
          for (const table of ['entries', 'checkpoints']) {
            db.prepare(`DELETE FROM ${table} WHERE "case" = ?`).run(stream());
            db.prepare(`UPDATE ${table} SET "case" = ? WHERE "case" = ?`).run(stream(), `${id}/lender`);
          }
          db.prepare(`DELETE FROM streams WHERE "case" = ? AND side = 'borrower'`).run(id);
          db.prepare(`UPDATE streams SET side = 'borrower' WHERE "case" = ?`).run(id);
        }),
      code: 'seal.broken',
      rebuilt: false,
    },
  ];
  /** What is private as it was, put back after each attack. */
  const KEPT = { entries: `"case" LIKE '%/%'`, checkpoints: `"case" LIKE '%/%'`, streams: '1' };
  const kept = () =>
    inCasebook((db) => {
      for (const [table, which] of Object.entries(KEPT))
        db.exec(`DROP TABLE IF EXISTS kept_${table}; CREATE TABLE kept_${table} AS SELECT * FROM ${table} WHERE ${which}`);
    });
  const putBack = () =>
    inCasebook((db) => {
      for (const [table, which] of Object.entries(KEPT))
        db.exec(`DELETE FROM ${table} WHERE ${which}; INSERT INTO ${table} SELECT * FROM kept_${table}; DROP TABLE kept_${table}`);
    });

  test.each(ATTACKS)('$name: it is doubted and named, and the case goes on', async ({ change, code, rebuilt, written }) => {
    kept();
    change();
    const page = await (await chen.get(`/cases/${id}`)).text();
    expect(page).not.toContain('gefälscht');
    expect(page).not.toContain(CANARY.lender);
    expect(page).toContain(en.own.unproven);
    expect(page).not.toContain(`/do/note.write`);
    // The shared record is as it was.
    expect(page).not.toContain(en.unproven.title);
    expect((await note(chen, 'x')).status).toBe(written ? 303 : 422);
    expect((await noteByApi(chen, 'x')).status).toBe(written ? 201 : 409);
    expect((await chen.get(`/api/v1/cases/${id}/own`)).status).toBe(409);
    expect((await chen.post(`/cases/${id}/do/talk.message`, { words: 'Es geht weiter.', requestId: randomId() })).status).toBe(303);
    const { faults } = await audit(portal.env, null, 'mingheng');
    expect(faults).toContainEqual(expect.objectContaining({ case: id, side: 'borrower', code }));
    expect(JSON.stringify(faults)).not.toMatch(/kanarienvogel|gefälscht/);
    const { broken, differences } = await rebuild(portal.env, 'mingheng', true);
    const named = rebuilt ? differences : broken;
    expect(named).toContainEqual(expect.objectContaining({ case: id, side: 'borrower' }));
    if (rebuilt) expect((await note(chen, 'Und hier auch.')).status).toBe(303);
    else putBack();
    const after = await audit(portal.env, null, 'mingheng');
    expect(after.faults.filter(({ side }) => side)).toEqual([]);
  });

  test('the database itself refuses to change or delete an entry of it, or to forget it', async () => {
    const db = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { timeout: 30_000 });
    for (const sql of [
      `UPDATE entries SET content = 'x' WHERE "case" = '${id}/lender'`,
      `UPDATE entries SET content = NULL, salt = NULL WHERE "case" = '${id}/lender' AND seq = 1`,
      `DELETE FROM entries WHERE "case" = '${id}/lender'`,
      `DELETE FROM checkpoints WHERE "case" = '${id}/lender'`,
      `DELETE FROM streams`,
    ])
      expect(() => db.exec(sql), sql).toThrow(/record/);
    db.close();
  });
});

test('a note is erased by an entry of its own stream, and verifies; a whole case takes what each side kept with it', async () => {
  const erase = (...args: string[]) => command('db/erase.ts', ['mingheng', ...args, '--reason', '本人请求删除'], { DATA: portal.data });
  const done = await erase(id, '--side', 'borrower', '--entries', '1,2');
  expect(done.out).toContain('of the private record says so');
  const page = await (await chen.get(`/cases/${id}/own`)).text();
  expect(page).toContain(en.case.erased);
  expect(page).not.toContain(CANARY.borrower);
  expect(page).not.toContain(en.own.unproven);
  expect((await note(chen, 'Danach.')).status).toBe(303);
  // Of that side alone: the same numbers of the other are as they were.
  expect(await (await lin.get(`/api/v1/cases/${id}/own?before=4`)).text()).toContain(CANARY.lender);
  // What was taken away, and that something was erased, stays said.
  expect((await erase(id, '--side', 'borrower', '--entries', '4')).out).toMatch(/kept|together|belongs/i);

  const other = randomId();
  await stage.give('chen', 'mingheng', other, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const words = `kanarienvogel-whole-${randomId()}`;
  for (const who of [chen, lin]) expect((await note(who, words, other)).status).toBe(303);
  await stage.give('chen', 'mingheng', other, 'case.close', { reason: 'withdrawn' });
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const casebook = openCasebookForPortal(portal.env, lender ?? expect.fail());
  const { value } = await casebook.policy();
  await casebook.setPolicy({ ...value, retentionYears: 0 }, new Date().toISOString());
  expect((await erase(other, '--all')).out).toContain('Erased');
  for (const side of ['borrower', 'lender'] as const) {
    const entries = (await casebook.privateRecord(other, side))?.record?.entries ?? [];
    expect(entries.map(({ kind, content }) => [kind, content === null])).toEqual([
      ['note.written', true],
      ['custody.erased', false],
    ]);
    expect(entries[0]?.author).toBeNull();
  }
  expect((await note(chen, 'x', other)).status).toBe(422);
  const { faults } = await audit(portal.env, null, 'mingheng');
  expect(faults).toEqual([]);
});
