import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { audit } from '../../db/audit.ts';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { serve } from '../../db/server.ts';
import { inviteAdministrator } from '../../db/tenant.ts';
import { en } from '../../web/words/en.ts';
import { zh } from '../../web/words/zh.ts';
import { randomId, randomToken } from '../../worker/chance.ts';
import { contactIn } from '../../worker/contact.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { digestOf } from '../../worker/record/digest.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { rowSeals } from '../../worker/store/relied.ts';
import { sealsOf } from '../../worker/store/seals.ts';
import { command } from '../command.ts';
import { withoutSince } from '../older-directory.ts';
import { codeFor, type Rig, rig, told } from '../portal.ts';
import { cookiesIn, giveFactor, newcomer, represent, signedIn, visitor } from '../worker/people.ts';
import { inFile } from './in-file.ts';

/** Somebody has the databases' files in hand and no keys: nothing that they write there makes anybody a person, or lets anybody do anything. */

let portal: Rig;
let stage: Stage;
beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
});
afterAll(() => portal.remove());

type Row = Record<string, SQLInputValue>;

function put(db: DatabaseSync, table: string, row: Row): void {
  const names = Object.keys(row);
  const columns = names.map((name) => `"${name}"`).join(', ');
  db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${names.map(() => '?').join(', ')})`).run(...Object.values(row));
}

const inDirectory = <T>(work: (db: DatabaseSync) => T): T => inFile(portal.data, 'directory', work);

/** Changes a row of the directory, and gives back what puts it right. */
function changed(table: string, where: Row, set: Row): () => void {
  const named = (row: Row, by: string) =>
    Object.keys(row)
      .map((name) => `"${name}" = ?`)
      .join(by);
  return inDirectory((db) => {
    const before = db.prepare(`SELECT * FROM ${table} WHERE ${named(where, ' AND ')}`).get(...Object.values(where)) as Row | undefined;
    if (!before) throw new Error(`No such row of ${table}.`);
    const { rowid } = db.prepare(`SELECT rowid FROM ${table} WHERE ${named(where, ' AND ')}`).get(...Object.values(where)) as {
      rowid: number;
    };
    const write = (to: DatabaseSync, row: Row) =>
      void to.prepare(`UPDATE ${table} SET ${named(row, ', ')} WHERE rowid = ?`).run(...Object.values(row), rowid);
    write(db, set);
    return () => inDirectory((to) => write(to, before));
  });
}

async function accountOf(who: keyof typeof PEOPLE): Promise<string> {
  const account = await openDirectory(portal.env).accountByContact(contactIn(PEOPLE[who]));
  if (!account) throw new Error(`${who} is there.`);
  return account.id;
}

async function lenderOf(slug: string): Promise<string> {
  return (await openDirectory(portal.env).lenderBySlug(slug))?.id ?? '';
}

/** The account's id of whoever has just signed up with a contact. */
const idOf = async (email: string) => (await openDirectory(portal.env).accountByContact({ email }))?.id ?? '';

/** A case of 陈建国's with 明衡. */
async function opened(): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  // What staff write is news at once, at whatever hour this runs.
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  return id;
}

describe('a case that was moved into another lender’s casebook', () => {
  test('is shown to none of its people, acted on by none, and sealed by nothing', async () => {
    const id = await opened();
    const its = inFile(portal.data, 'casebook-mingheng', (db) =>
      ['cases', 'entries', 'checkpoints', 'inbox'].map((table) => {
        const column = table === 'cases' ? 'id' : 'case';
        return { table, rows: db.prepare(`SELECT * FROM ${table} WHERE "${column}" = ?`).all(id) as Row[] };
      }),
    );
    inFile(portal.data, 'casebook-pujiang', (db) => {
      for (const { table, rows } of its) for (const row of rows) put(db, table, row);
    });
    const gu = await signedIn(portal, 'gu');
    for (const path of ['', '/debt', '/evidence', '/share', '/exports/record.json']) {
      const answer = await gu.get(`/cases/${id}${path}`);
      expect(answer.status, path).toBe(409);
      expect(await answer.text()).not.toMatch(/PLAIN-1|陈建国/);
    }
    const raw = await gu.post(`/cases/${id}/exports/record.json`, {});
    expect(raw.status).toBe(409);
    expect(await raw.text()).not.toMatch(/PLAIN-1|陈建国/);
    const said = await gu.send(`/api/v1/cases/${id}/commands/talk.message`, JSON.stringify({ words: '您好' }), {
      'content-type': 'application/json',
    });
    expect(await said.json()).toMatchObject({ type: 'urn:heyi:problem:case.unproven' });
    const list = await (await gu.get('/desk/pujiang?show=all')).text();
    expect(list).toContain(en.unproven.title);
    expect(list).not.toContain('12,000.00');

    expect((await audit(portal.env, portal.files, 'pujiang')).faults).toContainEqual({ lender: 'pujiang', code: 'seal.lender', case: id });
    expect((await rebuild(portal.env, 'pujiang', true)).broken).toMatchObject([{ case: id }]);
    // Without its seal it does not look older than seals either.
    inFile(portal.data, 'casebook-pujiang', (db) => db.prepare('UPDATE cases SET seal = NULL WHERE id = ?').run(id));
    expect((await rebuild(portal.env, 'pujiang', true)).broken).toMatchObject([{ case: id }]);
    expect((await gu.get(`/cases/${id}`)).status).toBe(409);
    // Where it belongs it goes on.
    expect(
      (await (await signedIn(portal, 'chen')).post(`/cases/${id}/do/talk.message`, { words: '继续', requestId: randomId() })).status,
    ).toBe(303);
  });
});

const NOW = '2026-11-01T00:00:00.000Z';
const mail = () => `${randomId()}@borrower.example`;

describe('whoever writes rows into the directory', () => {
  test('gets no seat by it, and no news of the case; and no wider one by changing what there is', async () => {
    const id = await opened();
    const [li, chen, lin] = await Promise.all([signedIn(portal, 'li'), signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
    const [account, lender] = [await accountOf('li'), await lenderOf('mingheng')];
    const seat = { account, case: id, lender, capacity: 'borrower', since: NOW };
    for (const seal of [null, 'hk-0.x.y', randomId()]) {
      inDirectory((db) => put(db, 'seats', { ...seat, seal }));
      expect((await li.get(`/cases/${id}`)).status).toBe(404);
      expect((await li.post(`/cases/${id}/do/talk.message`, { words: '我是借款人', requestId: randomId() })).status).toBe(404);
      expect(await (await li.get('/cases')).text()).not.toContain(id);
      const before = (await openDirectory(portal.env).newestMail(200)).filter(({ recipient }) => recipient === PEOPLE.li.phone).length;
      expect((await lin.post(`/cases/${id}/do/talk.message`, { words: '您好', requestId: randomId() })).status).toBe(303);
      await told(portal, id);
      const letters = await openDirectory(portal.env).newestMail(200);
      expect(letters.some(({ recipient, body }) => recipient === PEOPLE.chen.email && body.includes(id))).toBe(true);
      expect(letters.filter(({ recipient }) => recipient === PEOPLE.li.phone)).toHaveLength(before);
      inDirectory((db) => db.prepare('DELETE FROM seats WHERE account = ? AND "case" = ?').run(account, id));
    }
    // The seal of another's seat in the case fits no other row.
    const { seal } = inDirectory((db) => db.prepare('SELECT seal FROM seats WHERE "case" = ?').get(id)) as Row;
    inDirectory((db) => put(db, 'seats', { ...seat, seal: seal ?? null }));
    expect((await li.get(`/cases/${id}`)).status).toBe(404);
    inDirectory((db) => db.prepare('DELETE FROM seats WHERE account = ?').run(account));

    const mandate = { name: PEOPLE.li.name, contact: PEOPLE.li.phone ?? '', scope: 'read', until: addDays(stage.today(), 30) };
    await represent(portal, { id, borrower: chen, by: li, signed: PEOPLE.chen.name }, mandate);
    expect((await li.get(`/cases/${id}`)).status).toBe(200);
    for (const set of [{ scope: 'sign' }, { capacity: 'borrower' }, { until: null }, { case: await opened() }] as Row[]) {
      const undo = changed('seats', { account, case: id }, set);
      for (const at of [id, String(set.case ?? id)]) expect((await li.get(`/cases/${at}`)).status, JSON.stringify(set)).toBe(404);
      undo();
    }
    expect((await li.get(`/cases/${id}`)).status).toBe(200);
    expect((await chen.get(`/cases/${id}`)).status).toBe(200);
  });

  test('works for no lender by it, and for none in a higher capacity', async () => {
    const id = await opened();
    const [li, lin] = [await signedIn(portal, 'li'), await signedIn(portal, 'lin')];
    const [account, lender] = [await accountOf('li'), await lenderOf('mingheng')];
    inDirectory((db) => put(db, 'staff', { account, lender, capacity: 'administrator', since: NOW }));
    for (const path of ['/desk/mingheng', `/cases/${id}`]) expect((await li.get(path)).status).toBe(404);
    inDirectory((db) => db.prepare('DELETE FROM staff WHERE account = ?').run(account));

    const others = await accountOf('lin');
    for (const set of [{ capacity: 'administrator' }, { lender: await lenderOf('pujiang') }, { account }] as Row[]) {
      const undo = changed('staff', { account: others }, set);
      for (const who of [li, lin])
        for (const path of ['/desk/mingheng', '/desk/pujiang', `/cases/${id}`]) expect((await who.get(path)).status, path).toBe(404);
      undo();
    }
    expect((await lin.get('/desk/mingheng')).status).toBe(200);
  });

  test('is nobody else by it: not by a password’s digest, not by a contact, not by a name', async () => {
    const own = mail();
    const me = await newcomer(portal, own, 'another long pass phrase');
    const [mine, chen] = [await idOf(own), await accountOf('chen')];
    const { password } = inDirectory((db) => db.prepare('SELECT password FROM accounts WHERE id = ?').get(mine)) as Row;
    const signIn = (contact: string, typed: string) => visitor(portal).post('/sign-in', { contact, password: typed });

    let undo = changed('accounts', { id: chen }, { password: password ?? null });
    expect((await signIn(PEOPLE.chen.email, 'another long pass phrase')).status).toBe(422);
    undo();
    // 陈建国 has the contact that is theirs, whoever writes it beside an account of their own.
    inDirectory((db) => db.exec('DROP INDEX accounts_email'));
    undo = changed('accounts', { id: mine }, { email: PEOPLE.gu.email });
    const theirs = changed('accounts', { id: await accountOf('gu') }, { email: mail() });
    expect((await signIn(PEOPLE.gu.email, 'another long pass phrase')).status).toBe(422);
    theirs();
    undo();
    inDirectory((db) => db.exec('CREATE UNIQUE INDEX accounts_email ON accounts (email)'));
    for (const set of [{ name: '陈建国' }, { confirmed_at: null }, { id: randomId() }] as Row[]) {
      undo = changed('accounts', { id: mine }, set);
      expect((await me.get('/account')).status, JSON.stringify(set)).toBe(303);
      undo();
    }
    expect((await me.get('/account')).status).toBe(200);
    expect((await signIn(PEOPLE.chen.email, PASSWORD)).status).toBe(303);
  });

  test('is signed in as nobody by it', async () => {
    const [gu, lin] = [await accountOf('gu'), await accountOf('lin')];
    const token = randomToken();
    const session = { id: digestOf(token), expires_at: Date.parse('2099-01-01'), created_at: new Date().toISOString(), device: '' };
    inDirectory((db) => put(db, 'sessions', { ...session, account: lin }));
    const forged = visitor(portal, `language=en; heyi=${token}`);
    expect((await forged.get('/desk/mingheng')).status).toBe(303);

    const asGu = await signedIn(portal, 'gu');
    const id = digestOf(/heyi=([^;]+)/.exec(asGu.cookie)?.[1] ?? '');
    expect((await asGu.get('/desk/pujiang')).status).toBe(200);
    for (const set of [{ account: lin }, { expires_at: Date.parse('2099-01-01') }, { created_at: new Date().toISOString() }] as Row[]) {
      const undo = changed('sessions', { id }, set);
      for (const path of ['/desk/mingheng', '/desk/pujiang']) expect((await asGu.get(path)).status, JSON.stringify(set)).toBe(303);
      undo();
    }
    expect((await asGu.get('/desk/pujiang')).status).toBe(200);
    expect(await openDirectory(portal.env).sessionsOf(gu)).not.toHaveLength(0);
  });

  test('is invited nowhere by it, and takes no other place than the one that an invitation was for', async () => {
    const directory = openDirectory(portal.env);
    const lender = await directory.lenderBySlug('mingheng');
    if (!lender) throw new Error('明衡 is there.');
    const token = randomToken();
    const invitation = {
      id: digestOf(token),
      lender: lender.id,
      capacity: 'administrator',
      created_at: NOW,
      expires_at: '2099-01-01T00:00:00.000Z',
    };
    inDirectory((db) => put(db, 'invitations', invitation));
    const own = mail();
    const me = await newcomer(portal, own);
    expect((await me.get(`/join/${token}`)).status).toBe(404);
    expect((await me.post(`/join/${token}`, {})).status).toBe(404);

    const link = new URL(await inviteAdministrator(portal.env, lender, portal.url)).pathname;
    const id = digestOf(link.slice('/join/'.length));
    const mine = await idOf(own);
    for (const set of [
      { lender: await lenderOf('pujiang') },
      { capacity: 'borrower', case: await opened(), contact: own },
      { expires_at: '2099-01-01T00:00:00.000Z' },
    ] as Row[]) {
      const undo = changed('invitations', { id }, set);
      expect((await me.post(link, {})).status, JSON.stringify(set)).toBe(404);
      undo();
    }
    expect((await me.post(link, {})).status).toBe(303);
    await giveFactor(portal, me.cookie);
    expect((await me.get('/desk/mingheng')).status).toBe(200);
    // Used, it is used: also for who writes that it was not, or by whom.
    const other = mail();
    const another = await newcomer(portal, other);
    for (const set of [{ used_at: null, used_by: null }, { used_by: await idOf(other) }] as Row[]) {
      const undo = changed('invitations', { id }, set);
      expect((await another.post(link, {})).status).toBe(404);
      undo();
    }
    inDirectory((db) => db.prepare('DELETE FROM staff WHERE account = ?').run(mine));
  });

  test('makes a code good for nobody else by it', async () => {
    const own = mail();
    await newcomer(portal, own);
    const asked = await visitor(portal).post('/recover', { contact: own });
    const me = visitor(portal, ['language=en', ...cookiesIn(asked)].join('; '));
    const code = await codeFor(portal, own);
    const id = digestOf(/pending=([^;]+)/.exec(me.cookie)?.[1] ?? '');
    const type = () => me.post('/recover/confirm', { code, newPassword: 'a new long pass phrase' });
    const undo = changed('codes', { id }, { account: await accountOf('lin') });
    expect((await type()).headers.get('location')).not.toBe('/cases');
    expect((await visitor(portal).post('/sign-in', { contact: PEOPLE.lin.email, password: 'a new long pass phrase' })).status).toBe(422);
    undo();
    expect((await type()).headers.get('location')).toBe('/cases');

    // A sign-up that waits for its code makes the account that was asked for, and no other.
    const [mine, theirs] = [mail(), mail()];
    const begun = await visitor(portal).post('/sign-up', { name: '孙悦', contact: mine, password: 'a long pass phrase' });
    const at = visitor(portal, ['language=en', ...cookiesIn(begun)].join('; '));
    const pending = digestOf(/pending=([^;]+)/.exec(at.cookie)?.[1] ?? '');
    for (const set of [{ contact: theirs }, { name: '陈建国' }, { password: 'scrypt$1$1$1$AA$AA' }] as Row[]) {
      const back = changed('codes', { id: pending }, set);
      await at.post('/sign-up/confirm', { code: await codeFor(portal, mine) });
      for (const contact of [mine, theirs]) expect(await idOf(contact)).toBe('');
      back();
    }
  });

  test('leads nobody to another casebook, nor the portal’s token to another place', async () => {
    const id = await opened();
    const gu = await signedIn(portal, 'gu');
    const [mingheng, pujiang] = [await lenderOf('mingheng'), await lenderOf('pujiang')];
    const undo = changed('lenders', { id: pujiang }, { url: '/casebook-mingheng/' });
    for (const path of ['/desk/pujiang', `/cases/${id}`]) expect((await gu.get(path)).status).toBe(404);
    expect(await (await gu.get('/')).text()).not.toContain('浦江');
    const renamed = changed('lenders', { id: mingheng }, { slug: 'other' });
    changed('lenders', { id: pujiang }, { slug: 'mingheng' });
    for (const path of ['/desk/mingheng', `/cases/${id}`]) expect((await gu.get(path)).status).toBe(404);
    undo();
    renamed();
    expect((await gu.get('/desk/pujiang')).status).toBe(200);
  });

  test('is named by the audit, row by row, and by nothing that anybody wrote', async () => {
    const account = await accountOf('chen');
    const undo = changed('accounts', { id: account }, { name: '别人' });
    const { faults } = await audit(portal.env, null);
    expect(faults).toContainEqual({ lender: '', code: 'seal.broken', row: `account ${account}` });
    expect(JSON.stringify(faults)).not.toMatch(/别人|陈建国|@borrower/);
    undo();
  });
});

test('whatever the directory says: the borrower of a case is who the record says, in both languages', async () => {
  const id = await opened();
  const [account, lender] = [await accountOf('wang'), await lenderOf('mingheng')];
  // As if it had been sealed: by a release that took what it found, or by who had a key once.
  await openDirectory(portal.env).addSeat({ account, case: id, lender, capacity: 'borrower', since: NOW });
  for (const [language, words] of [
    ['zh', zh],
    ['en', en],
  ] as const) {
    const wang = await signedIn(portal, 'wang', language);
    expect(await (await wang.get(`/cases/${id}`)).text()).not.toContain('/do/talk.message');
    const answer = await wang.post(`/cases/${id}/do/talk.message`, { words: '我是借款人', requestId: randomId() });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(words.refusal['seat.not-the-borrower']);
  }
  const wang = await signedIn(portal, 'wang');
  const said = await wang.send(`/api/v1/cases/${id}/commands/talk.message`, JSON.stringify({ words: '您好' }), {
    'content-type': 'application/json',
  });
  expect(said.status).toBe(403);
  expect((await wang.post(`/cases/${id}/exports/record.json`, {})).status).toBe(422);
});

test('an offer whose author was taken away is accepted by nobody, least of all by who made it', async () => {
  const id = await opened();
  const lin = await signedIn(portal, 'lin');
  const { offers } = (await (await lin.get(`/api/v1/cases/${id}`)).json()) as { offers: { digest: string; terms: unknown }[] };
  const counter = { answers: 1, terms: offers[0]?.terms, reasons: {}, words: '我们的反方案。' };
  const made = await lin.send(`/api/v1/cases/${id}/commands/proposal.make`, JSON.stringify(counter), {
    'content-type': 'application/json',
  });
  expect(made.status).toBe(201);
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db
      .prepare(
        `UPDATE entries SET author = NULL, author_salt = NULL WHERE "case" = ? AND seq = (SELECT max(seq) FROM entries WHERE "case" = ?)`,
      )
      .run(id, id),
  );
  for (const who of [lin, await signedIn(portal, 'chen')]) {
    const accepted = await who.post(`/cases/${id}/do/proposal.accept`, {
      version: 2,
      digest: offers[0]?.digest ?? '',
      requestId: randomId(),
    });
    expect([409, 422]).toContain(accepted.status);
  }
  const { faults } = await audit(portal.env, null, 'mingheng');
  expect(faults).toContainEqual(expect.objectContaining({ code: 'entry', case: id }));
});

test('a session that is extended is sealed anew, in the round trip that it takes anyway', async () => {
  const li = await accountOf('li');
  const token = randomToken();
  const created = new Date(Date.now() - 10 * 86_400_000).toISOString();
  const session = { id: digestOf(token), account: li, expiresAt: Date.now() + 86_400_000, createdAt: created, device: '' };
  const { expiresAt: expires_at, createdAt: created_at, ...row } = rowSeals(sealsOf(portal.keys)).sealed('session', session);
  inDirectory((db) => put(db, 'sessions', { ...row, expires_at, created_at }));
  const known = visitor(portal, `language=en; heyi=${token}`);
  const first = await known.get('/account');
  expect(first.status).toBe(200);
  expect(first.headers.get('set-cookie')).toContain(token);
  const later = (await openDirectory(portal.env).sessionsOf(li)).find(({ id }) => id === session.id);
  expect(later?.expiresAt).toBeGreaterThan(session.expiresAt);
  expect((await known.get('/account')).status).toBe(200);
});

test('a row that does not hold is named in the log: its kind and its ids, whatever stands there, and nothing that a person wrote', () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  const { sealed, held } = rowSeals(sealsOf(portal.keys));
  const account = sealed('account', {
    id: 'a1',
    name: '陈建国',
    email: 'chen@borrower.example',
    phone: null,
    password: 'x',
    language: 'zh' as const,
    size: null,
    createdAt: NOW,
    confirmedAt: NOW,
  });
  expect(held('account', account)).toEqual(account);
  expect(held('account', { ...account, language: 'en', size: 'elder' })).not.toBeNull();
  for (const wrong of [
    { id: 'a\n2' },
    { name: '别人' },
    { email: null },
    { password: 'y' },
    { confirmedAt: null },
    { seal: null },
    { seal: '' },
  ])
    expect(held('account', { ...account, ...wrong }), JSON.stringify(wrong)).toBeNull();
  // A column can be of any type to whoever writes the file.
  const odd: unknown = { ...account, createdAt: new Uint8Array([1]), confirmedAt: 1.5 };
  expect(held('account', odd as typeof account)).toBeNull();
  const lines = said.mock.calls.map(([line]) => String(line));
  said.mockRestore();
  expect(lines).toHaveLength(8);
  expect(lines[0]).toBe('directory: account a?2 is not as the portal wrote it: seal.broken');
  expect(lines.join()).not.toMatch(/陈建国|别人|borrower/);
});

describe('a document that was made and is kept for a day', () => {
  const faultsOf = async (id: string) => (await audit(portal.env, portal.files, 'mingheng')).faults.filter((fault) => fault.case === id);
  const pathOf = (id: string, account: string, what: string) => `exports/${id}/${account}/${what}`;
  const keptAt = async (path: string) => {
    const stored = await portal.files.get(path);
    if (!stored) throw new Error('It is kept.');
    return { about: stored.customMetadata ?? {}, bytes: new Uint8Array(await stored.arrayBuffer()) };
  };
  const put = (path: string, bytes: Uint8Array | string, customMetadata: Record<string, string>) =>
    portal.files.put(path, bytes, { customMetadata });

  test('is handed out as it was made: what somebody put in its place is not, and is made again when it is asked for again', async () => {
    const id = await opened();
    const chen = await signedIn(portal, 'chen');
    const path = pathOf(id, await accountOf('chen'), 'record.json');
    const at = (await chen.post(`/cases/${id}/exports/record.json`, {})).headers.get('location') ?? '';
    const { about, bytes } = await keptAt(path);
    expect(await (await chen.get(at)).bytes()).toEqual(bytes);
    expect(await faultsOf(id)).toEqual([]);

    await put(path, '{"forged":true}', about);
    const forged = await chen.get(at);
    expect(forged.headers.get('content-disposition')).toBeNull();
    expect(await forged.text()).toContain(en.case.makeDownload);
    expect(await faultsOf(id)).toEqual([{ lender: 'mingheng', code: 'export.changed', case: id, path }]);
    // Nor under an address of somebody's own making.
    const [made = ''] = at.split('/').at(-1)?.split('.') ?? [];
    for (const other of [made, `${made}.`, `${made}.${'0'.repeat(32)}`]) {
      const answer = await chen.get(`/cases/${id}/exports/record.json/${other}`);
      expect(answer.headers.get('content-disposition')).toBeNull();
    }
    const again = (await chen.post(`/cases/${id}/exports/record.json`, {})).headers.get('location') ?? '';
    expect(again).not.toBe(at);
    const record = await (await chen.get(again)).json();
    expect(record).toMatchObject({ format: 'heyi-record/1' });
    expect(await faultsOf(id)).toEqual([]);
  });

  test('is the very one that was chosen: a part that shows more is not passed off for one that shows less', async () => {
    const id = await opened();
    const chen = await signedIn(portal, 'chen');
    const path = pathOf(id, await accountOf('chen'), 'partial.zip');
    const take = async (show: string[]) => (await chen.post(`/cases/${id}/exports/partial.zip`, { show })).headers.get('location') ?? '';
    await take(['1', '2', '3']);
    const more = await keptAt(path);
    const at = await take(['1']);
    const less = await keptAt(path);
    expect(less.bytes).not.toEqual(more.bytes);
    for (const about of [less.about, { ...more.about, made: less.about.made ?? '' }]) {
      await put(path, more.bytes, about);
      expect((await chen.get(at)).headers.get('content-disposition')).toBeNull();
    }
    await put(path, more.bytes, { ...less.about });
    const anew = await chen.get(await take(['1']));
    expect(anew.headers.get('content-disposition')).toMatch(/^attachment/);
    const { 'record.json': record } = unzipSync(await anew.bytes());
    const { entries } = JSON.parse(new TextDecoder().decode(record)) as { entries: { content: unknown }[] };
    expect(entries.slice(0, 3).map(({ content }) => content !== null)).toEqual([true, false, false]);
  });
});

describe('a data folder from before the directory was sealed', () => {
  const TABLES = ['accounts', 'codes', 'invitations', 'lenders', 'seats', 'sessions', 'staff'];
  const OLDER = `${TABLES.map((table) => `ALTER TABLE ${table} DROP COLUMN seal;`).join('')}
    ${withoutSince('0005_people')}`;

  test('has its people sealed at its first start, once: what is made to look older later counts for nothing, until it is asked for elsewhere', async () => {
    const id = await opened();
    await portal.stop();
    inDirectory((db) => db.exec(OLDER));
    rmSync(join(portal.data, 'directory-sealed'));
    portal = await rig(portal.data);
    const [chen, lin] = [await signedIn(portal, 'chen'), await signedIn(portal, 'lin')];
    expect((await chen.get(`/cases/${id}`)).status).toBe(200);
    expect((await lin.get('/desk/mingheng')).status).toBe(200);

    await portal.stop();
    inDirectory((db) => db.exec(OLDER));
    inDirectory((db) => db.exec(`UPDATE staff SET capacity = 'administrator'`));
    const migrated = await command('db/migrate.ts', ['--people'], { DATA: portal.data });
    expect(migrated.out).toMatch(/as if they were not there.*mingheng, pujiang/);
    expect(migrated.out).not.toContain('Taken');
    portal = await rig(portal.data);
    expect((await visitor(portal).post('/sign-in', { contact: PEOPLE.lin.email, password: PASSWORD })).status).toBe(422);
    const { faults } = await audit(portal.env, null);
    expect(faults).toContainEqual(
      expect.objectContaining({ lender: 'mingheng', code: 'seal.missing', row: expect.stringMatching(/^staff /) }),
    );

    // Where no folder remembers anything, it is for somebody who has looked to ask for it by name.
    const server = await serve({ folder: join(portal.data, 'databases') });
    const hosted = {
      DIRECTORY_URL: `${server.url}directory/`,
      DIRECTORY_TOKEN: server.token,
      CASEBOOK_TOKEN: server.token,
      SIGNING_KEYS: JSON.stringify(portal.keys),
    };
    expect((await command('db/migrate.ts', [], hosted)).out).not.toContain('Taken');
    const taken = await command('db/migrate.ts', ['--people'], hosted);
    expect(taken).toMatchObject({ code: 0, out: expect.stringContaining('Taken as they stand') });
    await server.close();
    expect((await visitor(portal).post('/sign-in', { contact: PEOPLE.lin.email, password: PASSWORD })).status).toBe(303);
  });
});
