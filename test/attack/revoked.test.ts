import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import { makeKey, revoke, type StoredKey, signingKey } from '../../worker/record/keys.ts';
import { checkpointText } from '../../worker/record/seal.ts';
import { keyed } from '../../worker/secret.ts';
import { sealsOf } from '../../worker/store/seals.ts';
import { command } from '../command.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { cookieOf, signedIn, takeAway, visitor } from '../worker/people.ts';

/** A signing key has got into other hands and was revoked. The portal takes nothing by it that its own verifier refuses. */

describe('what a revoked key made', () => {
  const since = '2026-06-01T00:00:00.000Z';
  let key: StoredKey;
  let ring: StoredKey[];
  beforeAll(async () => {
    key = await makeKey('2026-01-01T00:00:00.000Z');
    ring = (await revoke([key], key.id, since, '2026-06-02T00:00:00.000Z')) ?? [];
  });

  test.each([
    ['2026-05-31T23:59:59.999Z', true],
    [since, false],
    ['2026-06-01T12:00:00.000Z', false],
  ])('a checkpoint of %s holds: %s', async (at, holds) => {
    const entry = { hash: '0'.repeat(64), at };
    const signed = { case: 'c', seq: 1, hash: entry.hash, at };
    const signature = await (await signingKey([key])).sign(checkpointText(signed));
    expect(await sealsOf(ring).checkpointHolds({ ...signed, key: key.id, signature }, 'c', entry)).toBe(holds);
  });

  test('seals, which have no date, tell nothing any more; those of a key that only ended still do', async () => {
    const row = { id: 1, value: JSON.stringify(DEFAULT_POLICY), at: since, holdsFrom: null, holdsUntil: null };
    const stored = { ...row, seal: sealsOf([key]).policy('acme', row) };
    expect(sealsOf([key]).policyHolds('acme', stored)).toBe(true);
    expect(sealsOf(ring).policyHolds('acme', stored)).toBe(false);
    const ended = [{ ...key, until: since }, await makeKey(since)];
    expect(sealsOf(ended).policyHolds('acme', stored)).toBe(true);
  });
});

test('what is digested under a secret of the installation is digested under no key that was revoked', async () => {
  const [first, second] = [await makeKey('2026-01-01T00:00:00.000Z'), await makeKey('2026-03-01T00:00:00.000Z')];
  const now = '2026-06-02T00:00:00.000Z';
  const by = (keys: StoredKey[]) => keyed({ keys }, 'contact', 'chen@borrower.example');
  const revoked = (await revoke([first, second], first.id, now, now)) ?? [];
  expect(by([first, second])).toBe(by([first]));
  expect(by(revoked)).toBe(by([second]));
  expect(by((await revoke([first, second], second.id, now, now)) ?? [])).toBe(by([first]));
});

describe('an installation whose key was revoked', () => {
  let portal: Rig;
  let id: string;
  beforeAll(async () => {
    portal = await rig();
    id = await openedCase(portal);
    await portal.stop();
    const done = await command('db/keys.ts', ['revoke', portal.keys[0]?.id ?? ''], { DATA: portal.data });
    expect(done.out).toContain('npm run rebuild');
    expect(done.out).toContain('npm run migrate -- --people');
    portal = await rig(portal.data);
  });
  afterAll(() => portal.remove());

  const file = () => new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { timeout: 30_000 });

  test('lets nobody in until somebody who looked takes its people by name; what is broken is not taken with them', async () => {
    const chen = { contact: PEOPLE.chen.email ?? '', password: PASSWORD };
    expect((await visitor(portal).post('/sign-in', chen)).status).toBe(422);
    expect(await (await visitor(portal).get('/')).text()).not.toContain('明衡消费金融');
    const { faults } = await audit(portal.env, portal.files);
    for (const row of ['account', 'staff', 'seat', 'lender'])
      expect(faults).toContainEqual(expect.objectContaining({ code: 'seal.revoked', row: expect.stringMatching(`^${row} `) }));

    // What somebody put there meanwhile is not taken with the rest.
    const directory = new DatabaseSync(join(portal.data, 'databases', 'directory.db'), { timeout: 30_000 });
    directory.exec(
      `UPDATE staff SET capacity = 'administrator' WHERE account = (SELECT id FROM accounts WHERE email = '${PEOPLE.lin.email}');
      INSERT INTO sessions (id, account, expires_at, created_at, device)
        SELECT '${'0'.repeat(64)}', id, 9999999999999, '2026-01-01T00:00:00.000Z', '' FROM accounts LIMIT 1`,
    );
    directory.close();
    const taken = await command('db/migrate.ts', ['--people'], { DATA: portal.data });
    expect(taken).toMatchObject({ code: 0, out: expect.stringMatching(/Taken as they stand and sealed anew: lender 2, account \d+/) });
    expect((await visitor(portal).post('/sign-in', chen)).status).toBe(303);
    const left = (await audit(portal.env, null)).faults.filter(({ row }) => row !== undefined);
    expect(left.map(({ code, row }) => `${code} ${row?.split(' ')[0]}`).sort()).toEqual(['seal.broken staff', 'seal.missing session']);
    const lin = visitor(portal, await cookieOf(portal, 'lin'));
    expect((await lin.get('/desk/mingheng')).status).toBe(404);
  });

  test('stays read-only until somebody who looked asks for its seals by name; then it goes on', async () => {
    const chen = await signedIn(portal, 'chen');
    expect(await (await chen.get(`/cases/${id}`)).text()).toContain(en.unproven.title);
    expect((await takeAway(chen, id, 'record.pdf')).status).toBe(409);
    const { faults } = await audit(portal.env, portal.files, 'mingheng');
    expect(faults).toContainEqual({ lender: 'mingheng', code: 'policy' });
    expect(faults).toContainEqual({ lender: 'mingheng', code: 'seal.missing', case: id });
    // Taking a seal away makes no case look older than seals at the next start.
    const db = file();
    db.exec('UPDATE cases SET seal = NULL');
    db.close();
    portal = await portal.restart();
    const again = await signedIn(portal, 'chen');
    expect(await (await again.get(`/cases/${id}`)).text()).toContain(en.unproven.title);

    const taken = await command('db/rebuild.ts', ['mingheng', '--write', '--policy'], { DATA: portal.data });
    expect(taken.out).toContain(`${id}: seal (put right)`);
    expect(await (await again.get(`/cases/${id}`)).text()).not.toContain(en.unproven.title);
    expect((await again.post(`/cases/${id}/do/talk.message`, { words: '你好', requestId: randomId() })).status).toBe(303);
    expect((await takeAway(again, id, 'record.pdf')).status).toBe(200);
    const after = await audit(portal.env, portal.files, 'mingheng');
    expect(after.faults.filter(({ row }) => row === undefined)).toEqual([]);
  });

  test('a checkpoint that is missing in the middle of a record is found, as the verifier finds it', async () => {
    const db = file();
    const [trigger] = db.prepare("SELECT sql FROM sqlite_master WHERE name = 'checkpoints_kept'").all() as { sql: string }[];
    db.exec(`DROP TRIGGER checkpoints_kept; DELETE FROM checkpoints WHERE seq = 1; ${trigger?.sql}`);
    db.close();
    expect((await audit(portal.env, portal.files, 'mingheng')).faults).toContainEqual({
      lender: 'mingheng',
      code: 'entry',
      case: id,
      seq: 1,
    });
    expect((await rebuild(portal.env, 'mingheng', true)).broken).toMatchObject([{ case: id }]);
  });
});
