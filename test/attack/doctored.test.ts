import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { en } from '../../web/words/en.ts';
import { zh } from '../../web/words/zh.ts';
import { randomId } from '../../worker/chance.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import { publish } from '../../worker/record/keys.ts';
import { verify } from '../../worker/record/verify.ts';
import { forgetAsked } from '../../worker/store/case-statements.ts';
import { connect } from '../../worker/store/connect.ts';
import { casebookUrl, openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { ask } from '../../worker/store/prepared.ts';
import { type Rig, rig } from '../portal.ts';
import { cookiesIn, signedIn, takeAway, type Visitor, visitor } from '../worker/people.ts';
import { inFile } from './in-file.ts';

/** Somebody has the database's file in hand, and changes it while the portal runs. Nothing that they make up is shown as true, acted on or signed. */

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let chinese: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin, chinese] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin'), signedIn(portal, 'chen', 'zh')]);
});
afterAll(() => portal.remove());

const inCasebook = <T>(work: (db: DatabaseSync) => T): T => inFile(portal.data, 'casebook-mingheng', work);

const run = (sql: string, ...args: SQLInputValue[]) => inCasebook((db) => void db.prepare(sql).run(...args));

/** A case in which 陈建国 has said something of his own and his offer, version 1, is on the table. */
async function opened(): Promise<{ id: string; digest: string }> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await stage.give('chen', 'mingheng', id, 'talk.message', { words: '本人的原话' });
  const { offers } = (await (await lin.get(`/api/v1/cases/${id}`)).json()) as { offers: { digest: string }[] };
  return { id, digest: offers[0]?.digest ?? '' };
}

async function mingheng() {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('no lender');
  return lender;
}

type Row = Record<string, SQLInputValue>;

const rowOf = (id: string): Row => inCasebook((db) => db.prepare('SELECT * FROM cases WHERE id = ?').get(id)) ?? {};

function putRow(row: Row): void {
  const names = Object.keys(row);
  run(`INSERT OR REPLACE INTO cases (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, ...Object.values(row));
}

const entriesIn = (id: string) =>
  (inCasebook((db) => db.prepare('SELECT count(*) AS n FROM entries WHERE "case" = ?').get(id)) as { n: number }).n;

/** Has the worker read a case for both sides, twice: what it remembers of that, checked and drawn, hides nothing that is changed afterwards. */
async function readBy(id: string): Promise<void> {
  for (const who of [chen, lin, chen, lin]) expect((await who.get(`/cases/${id}`)).status).toBe(200);
  await lin.get('/desk/mingheng?show=all');
}

type Attack = {
  name: string;
  change: (id: string) => void | Promise<void>;
  /** What the audit says of it. */
  found: { code: string; seq?: number };
  /** Whether the record itself is harmed, so that it cannot be worked out anew. */
  broken?: boolean;
};

const ATTACKS: Attack[] = [
  {
    name: 'a principal of ¥1',
    change: (id) =>
      run(
        `UPDATE cases SET state = json_set(state, '$.debts.borrower.principal', 100, '$.offers[0].debt.principal', 100) WHERE id = ?`,
        id,
      ),
    found: { code: 'seal.broken' },
  },
  { name: 'another stage', change: (id) => run(`UPDATE cases SET stage = 'completed' WHERE id = ?`, id), found: { code: 'seal.broken' } },
  {
    name: 'another amount in lists',
    change: (id) => run('UPDATE cases SET amount = 777 WHERE id = ?', id),
    found: { code: 'seal.broken' },
  },
  {
    name: 'a snapshot that is no JSON',
    change: (id) => run(`UPDATE cases SET state = '{nonsense', amount = 'x' WHERE id = ?`, id),
    found: { code: 'seal.broken' },
  },
  {
    name: 'an offer on the table that is none',
    change: (id) => run(`UPDATE cases SET state = json_set(state, '$.table', 'x') WHERE id = ?`, id),
    found: { code: 'seal.broken' },
  },
  { name: 'a row without its seal', change: (id) => run('UPDATE cases SET seal = NULL WHERE id = ?', id), found: { code: 'seal.missing' } },
  {
    name: 'an older row put back, with its seal',
    async change(id) {
      const before = rowOf(id);
      await stage.give('chen', 'mingheng', id, 'talk.message', { words: '后来的话' });
      putRow(before);
    },
    found: { code: 'head' },
  },
  {
    name: 'what an entry says',
    change: (id) =>
      run(`UPDATE entries SET content = json_set(content, '$.words', '伪造的话') WHERE "case" = ? AND kind = 'talk.message'`, id),
    found: { code: 'entry', seq: 5 },
    broken: true,
  },
  {
    name: 'what an entry says, as no JSON',
    change: (id) => run(`UPDATE entries SET content = '伪造的话 {' WHERE "case" = ? AND kind = 'talk.message'`, id),
    found: { code: 'entry', seq: 5 },
    broken: true,
  },
  {
    name: 'an entry emptied, with no erasure that says so',
    change: (id) => run(`UPDATE entries SET content = NULL, salt = NULL WHERE "case" = ? AND kind = 'debt.stated'`, id),
    found: { code: 'entry', seq: 2 },
    broken: true,
  },
  {
    name: 'who wrote an entry',
    change: (id) => run(`UPDATE entries SET author = json_set(author, '$.name', '别人') WHERE "case" = ? AND seq = 3`, id),
    found: { code: 'entry', seq: 3 },
    broken: true,
  },
  {
    name: 'when an entry was written, as no instant',
    change: (id) => run(`UPDATE entries SET at = '[[]]' WHERE "case" = ? AND seq = 3`, id),
    found: { code: 'record' },
    broken: true,
  },
  {
    name: 'a loan and a name in lists that are no text',
    change: (id) => run(`UPDATE cases SET reference = x'00ff', borrower = x'00ff' WHERE id = ?`, id),
    found: { code: 'seal.broken' },
  },
  {
    name: 'the head’s checkpoint taken away',
    change: (id) => run(`DELETE FROM checkpoints WHERE "case" = ? AND seq = (SELECT max(seq) FROM entries WHERE "case" = ?)`, id, id),
    found: { code: 'checkpoint' },
    broken: true,
  },
  {
    name: 'the newest entries deleted',
    change: (id) => run(`DELETE FROM entries WHERE "case" = ? AND seq > 3`, id),
    found: { code: 'head' },
    broken: true,
  },
  {
    name: 'the newest entry deleted and the older row put back',
    async change(id) {
      const before = rowOf(id);
      await stage.give('chen', 'mingheng', id, 'talk.message', { words: '后来的话' });
      putRow(before);
      run('DELETE FROM entries WHERE "case" = ? AND seq > ?', id, before.seq ?? null);
    },
    found: { code: 'checkpoint' },
    broken: true,
  },
];

describe.each(ATTACKS)('$name', ({ change, found, broken }) => {
  test('is noticed on the page, by the API, by commands, by exports and by the audit; nothing is written', async () => {
    const { id, digest } = await opened();
    await readBy(id);
    await change(id);
    const count = entriesIn(id);

    const page = await chen.get(`/cases/${id}`);
    expect([200, 409]).toContain(page.status);
    const html = await page.text();
    expect(html).toContain(en.unproven.title);
    expect(html).not.toMatch(/伪造的话|别人|¥1\.00|¥7\.77/);
    expect(html).not.toContain(`/do/talk.message`);
    for (const path of ['/debt', '/means', '/evidence', '/proposals/1', '/share']) {
      const other = await lin.get(`/cases/${id}${path}`);
      expect([200, 404, 409], path).toContain(other.status);
      if (other.status !== 404) expect(await other.text()).toContain(en.unproven.title);
    }

    expect((await lin.get('/desk/mingheng?show=all')).status).toBe(200);
    expect((await chen.get('/cases')).status).toBe(200);

    const api = await lin.get(`/api/v1/cases/${id}`);
    expect(api.status).toBe(409);
    expect(await api.json()).toMatchObject({ type: 'urn:heyi:problem:case.unproven' });

    const accepted = await lin.post(`/cases/${id}/do/proposal.accept`, { version: 1, digest, requestId: randomId() });
    expect([409, 422]).toContain(accepted.status);
    expect(await accepted.text()).toMatch(new RegExp(en.unproven.title));
    const json = await lin.send(`/api/v1/cases/${id}/commands/proposal.accept`, JSON.stringify({ version: 1, digest }), {
      'content-type': 'application/json',
    });
    expect(json.status).toBe(409);
    expect(await json.json()).toMatchObject({ type: 'urn:heyi:problem:case.unproven' });

    for (const what of ['record.pdf', 'bundle.zip']) {
      const answer = await lin.post(`/cases/${id}/exports/${what}`, {});
      expect(answer.status, what).toBe(409);
      expect(await answer.text()).toContain(en.unproven.title);
    }
    // The record as it is stored can still be had: it says by itself what of it holds.
    const raw = await takeAway(lin, id, 'record.json');
    expect(raw.headers.get('content-disposition')).toContain('unproven');
    const report = await verify(await raw.json(), { published: portal.keys.map(publish) });
    const whole = report.holds && report.withheld.length === 0;
    if (broken) expect(whole && found.code === 'entry').toBe(false);
    else expect(whole).toBe(true);

    expect(entriesIn(id)).toBe(count);
    const { faults } = await audit(portal.env, portal.files, 'mingheng');
    expect(faults).toContainEqual(expect.objectContaining({ case: id, ...found }));
  });

  test(broken ? 'rebuild refuses it and says why' : 'rebuild puts it right from the record, and the case goes on', async () => {
    const { id } = await opened();
    await change(id);
    const before = rowOf(id);
    const rebuilt = await rebuild(portal.env, 'mingheng', true);
    const left = rebuilt.broken.find((one) => one.case === id);
    if (broken) {
      expect(left?.doubts.length).toBeGreaterThan(0);
      expect(rowOf(id)).toEqual(before);
      return;
    }
    expect(left).toBeUndefined();
    expect(rebuilt.differences.map((one) => one.case)).toContain(id);
    expect((await chen.post(`/cases/${id}/do/talk.message`, { words: '继续', requestId: randomId() })).status).toBe(303);
    expect((await takeAway(chen, id, 'record.pdf')).status).toBe(200);
  });
});

test('rows of two cases exchanged: neither is shown, acted on or exported as the other', async () => {
  const [one, other] = [await opened(), await opened()];
  for (const { id } of [one, other]) await readBy(id);
  const [a, b] = [rowOf(one.id), rowOf(other.id)];
  run('DELETE FROM cases WHERE id IN (?, ?)', one.id, other.id);
  putRow({ ...a, id: other.id });
  putRow({ ...b, id: one.id });
  for (const { id, digest } of [one, other]) {
    const page = await chen.get(`/cases/${id}`);
    expect(page.status).toBe(409);
    expect(await page.text()).toContain(en.unproven.title);
    expect((await lin.post(`/cases/${id}/do/proposal.accept`, { version: 1, digest, requestId: randomId() })).status).toBe(409);
    expect((await lin.post(`/cases/${id}/exports/record.pdf`, {})).status).toBe(409);
  }
  const { faults } = await audit(portal.env, portal.files, 'mingheng');
  expect(new Set(faults.filter(({ code }) => code === 'seal.broken').map((fault) => fault.case))).toEqual(
    expect.objectContaining(new Set([one.id, other.id])),
  );
  putRow(a);
  putRow(b);
});

describe('what has no seal, changed to what nobody can read', () => {
  const NO_JSON = ["'{nonsense'", "x'00ff'", "'null'", "'[]'", `'{"ok":true,"values":7}'`];
  const NO_MOMENT = ["'yesterday'", "x'00ff'", "'+275760-09-13T00:00:00.000Z'"];
  const inDirectory = (sql: string) => connect(portal.env.directory.url, portal.env.directory.token).run(sql);

  test('a draft: lists go on, and it is there to be given up', async () => {
    const at = ((await chen.get('/open/mingheng/new')).headers.get('location') ?? '').replace(/\/loan$/, '');
    await chen.post(`${at}/loan`, { 'loan.reference': 'DRAFT-1' });
    for (const to of [...NO_JSON.map((one) => `content = ${one}`), ...NO_MOMENT.map((one) => `updated_at = ${one}`)]) {
      run(`UPDATE drafts SET ${to}`);
      for (const path of ['/cases', '/open', `${at}/loan`, `${at}/discard`])
        expect((await chen.get(path)).status, `${to} ${path}`).toBe(200);
    }
    expect((await chen.post(`${at}/discard`, {})).status).toBe(303);
  });

  test('what was begun before an account', async () => {
    const begun = await visitor(portal).post('/open', { lender: 'mingheng', 'debt.debt.asOf': stage.today(), 'debt.total': '12000' });
    const who = visitor(portal, ['language=en', ...cookiesIn(begun)].join('; '));
    for (const to of [...NO_JSON.map((one) => `content = ${one}`), ...NO_MOMENT.map((one) => `updated_at = ${one}`)].toReversed()) {
      await inDirectory(`UPDATE beginnings SET ${to}`);
      expect((await who.get('/open')).status, to).toBe(200);
    }
  });

  test('a person’s language, where they sign in from a new device', async () => {
    for (const to of ["'xx'", "x'00ff'", "''"]) {
      await inDirectory(`UPDATE accounts SET language = ${to} WHERE email = '${PEOPLE.chen.email}'`);
      const arrived = await visitor(portal, '').post('/sign-in', { contact: PEOPLE.chen.email ?? '', password: PASSWORD });
      expect(arrived.status, to).toBe(303);
      const there = visitor(portal, cookiesIn(arrived).join('; '));
      expect((await there.get('/account')).status, to).toBe(200);
    }
    await inDirectory(`UPDATE accounts SET language = 'en' WHERE email = '${PEOPLE.chen.email}'`);
  });

  test('what came of a command: sent again it is refused, and erasing goes on', async () => {
    const { id } = await opened();
    const said = { words: '只说一次', requestId: randomId() };
    expect((await chen.post(`/cases/${id}/do/talk.message`, said)).status).toBe(303);
    const count = entriesIn(id);
    for (const to of NO_JSON) {
      run(`UPDATE requests SET outcome = ${to} WHERE id LIKE '%' || ? || '%'`, said.requestId);
      const again = await chen.post(`/cases/${id}/do/talk.message`, said);
      expect(again.status, to).toBe(422);
      expect(await again.text()).toContain(en.refusal['request.unreadable']);
      const by = { 'content-type': 'application/json', 'idempotency-key': said.requestId };
      const json = await chen.send(`/api/v1/cases/${id}/commands/talk.message`, JSON.stringify({ words: said.words }), by);
      expect(json.status, to).toBeLessThan(500);
    }
    expect(entriesIn(id)).toBe(count);
    await ask(connect(casebookUrl(portal.env, await mingheng()), portal.env.casebookToken).send, forgetAsked({ case: id }));
  });
});

test('lists show no figure of a row that is not the portal’s own', async () => {
  const { id } = await opened();
  run(`UPDATE cases SET amount = 77700, borrower = '陈建国' WHERE id = ?`, id);
  for (const [who, path] of [
    [chen, '/cases'],
    [lin, '/desk/mingheng?show=all'],
  ] as const) {
    const html = await (await who.get(path)).text();
    expect(html).not.toContain('777.00');
    expect(html).toContain(en.unproven.title);
  }
  await rebuild(portal.env, 'mingheng', true);
});

test('a policy that the lender did not set lets nobody do more: staff are stopped until it is put right', async () => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('no lender');
  const casebook = openCasebookForPortal(portal.env, lender);
  const { id } = await opened();
  await casebook.setPolicy(DEFAULT_POLICY, new Date().toISOString());
  expect((await lin.post(`/cases/${id}/do/talk.message`, { words: '您好', requestId: randomId() })).status).toBe(303);
  run(`UPDATE policy SET value = json_set(value, '$.agentAuthority.principalPpm', 1000000)`);
  const answer = await lin.post(`/cases/${id}/do/talk.message`, { words: '您好', requestId: randomId() });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain(en.refusal['case.unproven']);
  expect((await audit(portal.env, portal.files, 'mingheng')).faults).toContainEqual({ lender: 'mingheng', code: 'policy' });
  await casebook.setPolicy(DEFAULT_POLICY, new Date().toISOString());
  expect((await lin.post(`/cases/${id}/do/talk.message`, { words: '您好', requestId: randomId() })).status).toBe(303);
});

test('files: one changed in storage is not handed out, and the audit finds it, one that is missing and one that nobody named', async () => {
  const id = randomId();
  const [kept, lost] = [
    await stage.upload('chen', 'mingheng', id, '工资单', ['实发 5,000.00']),
    await stage.upload('chen', 'mingheng', id, '流水', ['余额 12.00']),
  ];
  await stage.give('chen', 'mingheng', id, 'case.open', {
    ...plainOpening(stage.today(), '明衡消费金融'),
    evidence: { files: [kept, lost].map((sha256) => ({ sha256, figures: [] })), consent: true },
  });
  const path = (sha256: string) => `cases/${id}/${sha256}`;
  await portal.files.put(path(kept), '不是原来的文件');
  await portal.files.delete(path(lost));
  await portal.files.put('cases/nobody/knows', 'x');
  const file = await lin.get(`/cases/${id}/files/${kept}`);
  expect(file.status).toBe(409);
  expect(await file.text()).toContain(en.errors.fileDiffers);
  const bundle = await lin.post(`/cases/${id}/exports/bundle.zip`, {});
  expect(bundle.status).toBe(409);
  expect((await chen.get(`/cases/${id}`)).status).toBe(200);
  run(`UPDATE files SET name = '别的名字.pdf' WHERE "case" = ? AND sha256 = ?`, id, lost);
  const { faults } = await audit(portal.env, portal.files);
  for (const wanted of [
    { code: 'file.changed', path: path(kept) },
    { code: 'file.missing', path: path(lost) },
    { code: 'file.differs', path: path(lost) },
    { code: 'file.orphan', path: 'cases/nobody/knows' },
  ]) {
    expect(faults).toContainEqual(expect.objectContaining(wanted));
  }
  expect(JSON.stringify(faults)).not.toMatch(/别的名字|工资单|陈建国/);
});

test('seats and invitations that point to no case are found', async () => {
  const directory = openDirectory(portal.env);
  const [lender, account] = [
    await directory.lenderBySlug('mingheng'),
    await directory.accountByContact({ email: 'chen@borrower.example' }),
  ];
  const nowhere = randomId();
  await directory.addSeat({
    account: account?.id ?? '',
    case: nowhere,
    lender: lender?.id ?? '',
    capacity: 'borrower',
    since: '2026-01-01T00:00:00.000Z',
  });
  expect((await audit(portal.env, null, 'mingheng')).faults).toContainEqual({ lender: 'mingheng', code: 'place.no-case', case: nowhere });
});

test('what it means is said in Chinese too', async () => {
  const { id } = await opened();
  run('UPDATE cases SET amount = 1 WHERE id = ?', id);
  const html = await (await chinese.get(`/cases/${id}`)).text();
  expect(html).toContain(zh.unproven.title);
  expect(html).toContain(zh.unproven.text);
  const refused = await (await chinese.post(`/cases/${id}/do/talk.message`, { words: '打了很久的字', requestId: randomId() })).text();
  expect(refused).toContain(zh.refusal['case.unproven']);
  expect(refused).toContain('打了很久的字');
  await rebuild(portal.env, 'mingheng', true);
});

describe('an installation from before rows were sealed', () => {
  test('opens as before once its records are verified; a case that differs from its record stays read-only and is named', async () => {
    const own = await rig();
    const its = await Stage.set(own, Date.now());
    const [good, bad] = [randomId(), randomId()];
    for (const id of [good, bad]) await its.give('chen', 'mingheng', id, 'case.open', plainOpening(its.today(), '明衡消费金融'));
    const file = join(own.data, 'databases', 'casebook-mingheng.db');
    await own.stop();
    const db = new DatabaseSync(file, { timeout: 30_000 });
    // As it was written then, by a fold that knew of fewer things.
    db.exec(`UPDATE cases SET seal = NULL, state = json_remove(state, '$.exports', '$.rules')`);
    db.exec(`UPDATE cases SET state = json_set(state, '$.debts.borrower.principal', 100) WHERE id = '${bad}'`);
    db.close();
    const migrated = execFileSync(process.execPath, ['db/migrate.ts'], {
      encoding: 'utf8',
      env: { ...process.env, DATA: own.data },
      stdio: 'pipe',
    });
    expect(migrated).toContain('mingheng');
    const again = await rig(own.data);
    const visitor = await signedIn(again, 'chen');
    const page = await (await visitor.get(`/cases/${good}`)).text();
    expect(page).not.toContain(en.unproven.title);
    expect((await visitor.post(`/cases/${good}/do/talk.message`, { words: '你好', requestId: randomId() })).status).toBe(303);
    expect((await takeAway(visitor, good, 'record.pdf')).status).toBe(200);
    expect(await (await visitor.get(`/cases/${bad}`)).text()).toContain(en.unproven.title);
    const { faults } = await audit(again.env, again.files);
    expect(new Set(faults.map((fault) => fault.case))).toEqual(new Set([bad]));
    await again.stop();
    const said = audited(own.data);
    expect(said.code).toBe(1);
    expect(said.out).toContain(bad);
    expect(said.out).not.toMatch(/陈建国|PLAIN-1|失业/);
    await own.remove().catch(() => {});
  });
});

test('rows that an older key sealed are known after the keys were rotated, and move to the new one when they are written', async () => {
  const own = await rig();
  const its = await Stage.set(own, Date.now());
  const id = randomId();
  await its.give('chen', 'mingheng', id, 'case.open', plainOpening(its.today(), '明衡消费金融'));
  await own.stop();
  execFileSync(process.execPath, ['db/keys.ts', 'rotate'], { encoding: 'utf8', env: { ...process.env, DATA: own.data }, stdio: 'pipe' });
  const again = await rig(own.data);
  const visitor = await signedIn(again, 'chen');
  expect(await (await visitor.get(`/cases/${id}`)).text()).not.toContain(en.unproven.title);
  expect((await visitor.post(`/cases/${id}/do/talk.message`, { words: '你好', requestId: randomId() })).status).toBe(303);
  expect((await takeAway(visitor, id, 'record.pdf')).status).toBe(200);
  expect(await audit(again.env, again.files)).toMatchObject({ holds: true, faults: [] });
  await again.remove();
});

function audited(DATA: string): { code: number; out: string } {
  try {
    return {
      code: 0,
      out: execFileSync(process.execPath, ['db/audit.ts'], { encoding: 'utf8', env: { ...process.env, DATA }, stdio: 'pipe' }),
    };
  } catch (thrown) {
    const { status, stdout } = thrown as { status: number; stdout: string };
    return { code: status, out: stdout };
  }
}
