import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { serve } from '../../db/server.ts';
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import { openCasebookForPortal, openDirectory, publishedPolicy } from '../../worker/store/open.ts';
import { command } from '../command.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { signedIn } from '../worker/people.ts';

/** What a lender allows its people rests on its policy: whoever has the database's file in hand makes none, and takes none away. */

let portal: Rig;
let id: string;
beforeAll(async () => {
  portal = await rig();
  id = await openedCase(portal);
});
afterAll(() => portal.remove());

function inFile(sql: string): void {
  const db = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { timeout: 30_000 });
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** What becomes of a message of staff in a case: 303 where it went, 422 where nothing may be written. */
async function message(): Promise<number> {
  const lin = await signedIn(portal, 'lin');
  const answer = await lin.post(`/cases/${id}/do/talk.message`, { words: '您好', requestId: randomId() });
  if (answer.status === 422) expect(await answer.text()).toContain(en.refusal['case.unproven']);
  return answer.status;
}

async function policyOf(slug: string) {
  const lender = await openDirectory(portal.env).lenderBySlug(slug);
  if (!lender) throw new Error('no lender');
  return openCasebookForPortal(portal.env, lender).policy();
}

/** Tests that run several commands, each a process that reads the whole program. */
const COMMANDS = 240_000;

/** What rows of cases are listed by since. */
const LISTED = ['product', 'cause', 'need', 'due_on', 'marks', 'sought'];

/** As an installation was before rows had seals. What it remembers beside its databases is gone with `folder`. */
const OLDER = `${['cases_listed', 'cases_listed_anew', 'cases_found', 'cases_found_anew', 'streams_errands', 'streams_errands_anew'].map((name) => `DROP TRIGGER ${name};`).join('')}
  ${['inbox', 'finds', 'views', 'readers', 'errands', 'streams', 'logos', 'looked', 'imports', 'import_problems', 'imported', 'mappings', 'unsent'].map((name) => `DROP TABLE ${name};`).join('')}
  DROP INDEX cases_to_confirm;
  DROP INDEX cases_loan;
  DROP INDEX cases_assignee;
  DROP INDEX cases_complaint;
  DROP INDEX cases_unanswered;
  ${['next_due', 'next_amount', 'to_confirm', 'assignee', 'team', 'complaint_due', ...LISTED].map((name) => `ALTER TABLE cases DROP COLUMN ${name};`).join('')}
  ALTER TABLE outbox DROP COLUMN person;
  ${['seal', 'holds_from', 'holds_until'].map((name) => `ALTER TABLE policy DROP COLUMN ${name};`).join('')}
  UPDATE cases SET seal = NULL, state = json_remove(state, '$.rules');
  ALTER TABLE cases DROP COLUMN seal;
  ALTER TABLE files ADD erased_at text;
  DROP TABLE milestones;
  DROP TABLE tallies;
  DROP TABLE leaving;
  DROP TRIGGER heads_follow;
  DROP TABLE heads;
  DROP TABLE anchored;
  DROP INDEX entries_restored;
  DELETE FROM __drizzle_migrations WHERE created_at NOT IN (SELECT created_at FROM __drizzle_migrations ORDER BY created_at LIMIT 2);`;

async function asBefore({ folder }: { folder: boolean }): Promise<void> {
  await portal.stop();
  inFile(OLDER);
  if (folder) rmSync(join(portal.data, 'policies-sealed'), { force: true });
}

test('a policy that was changed is not what a visitor’s plan is held against', async () => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('no lender');
  inFile("CREATE TABLE kept AS SELECT * FROM policy; UPDATE policy SET value = json_set(value, '$.minimumInstalment', 1)");
  expect(await publishedPolicy(portal.env, lender)).toEqual(DEFAULT_POLICY);
  inFile('DELETE FROM policy; INSERT INTO policy SELECT * FROM kept; DROP TABLE kept');
  expect(await publishedPolicy(portal.env, lender)).toEqual((await policyOf('mingheng')).value);
});

describe('a policy that was taken away', () => {
  test('gives nobody the limits that stand without one: staff are stopped, the audit says so, and it is taken again by name alone', async () => {
    inFile('CREATE TABLE kept AS SELECT * FROM policy; DELETE FROM policy');
    expect(await message()).toBe(422);
    expect((await audit(portal.env, portal.files, 'mingheng')).faults).toContainEqual({ lender: 'mingheng', code: 'policy' });
    inFile('INSERT INTO policy SELECT * FROM kept; DROP TABLE kept');
    expect(await message()).toBe(303);
  });

  test('is there from a lender’s first day on', async () => {
    const made = await command('db/tenant.ts', ['create', 'newcomer', 'Newcomer Loan'], { DATA: portal.data });
    expect(made.out).toContain('newcomer');
    expect(await policyOf('newcomer')).toMatchObject({ proven: true });
  });
});

describe('an installation whose policies are older than seals', () => {
  test('has them sealed at its first start, also where the run before died in between', async () => {
    await asBefore({ folder: true });
    portal = await rig(portal.data);
    expect(await policyOf('mingheng')).toMatchObject({ proven: true });
    // What a run leaves that ends after it made the column and before it sealed.
    await portal.stop();
    inFile('UPDATE policy SET seal = NULL');
    rmSync(join(portal.data, 'policies-sealed'));
    portal = await rig(portal.data);
    expect(await policyOf('mingheng')).toMatchObject({ proven: true });
    expect(await message()).toBe(303);
  });

  test(
    'is not taken for one again: a policy that is made to look older is sealed by nothing but its name',
    async () => {
      const { agentAuthority } = (await policyOf('mingheng')).value;
      await asBefore({ folder: false });
      inFile(`UPDATE policy SET value = json_set(value, '$.agentAuthority.principalPpm', 1000000)`);
      const migrated = await command('db/migrate.ts', [], { DATA: portal.data });
      expect(migrated.out).toMatch(/policy of mingheng[^\n]*read-only/);
      portal = await rig(portal.data);
      expect(await message()).toBe(422);
      expect((await audit(portal.env, portal.files, 'mingheng')).faults).toContainEqual({ lender: 'mingheng', code: 'policy' });

      // Who looks at it sees what was made of it, puts it back, and takes it.
      const seen = await command('db/rebuild.ts', ['mingheng', '--policy'], { DATA: portal.data });
      expect(seen).toMatchObject({ code: 1, out: expect.stringContaining('"principalPpm": 1000000') });
      expect((await command('db/rebuild.ts', ['mingheng', '--write'], { DATA: portal.data })).code).toBe(1);
      expect(await message()).toBe(422);
      inFile(`UPDATE policy SET value = json_set(value, '$.agentAuthority.principalPpm', ${agentAuthority.principalPpm})`);
      expect((await command('db/rebuild.ts', ['mingheng', '--policy', '--write'], { DATA: portal.data })).code).toBe(0);
      expect(await message()).toBe(303);
    },
    COMMANDS,
  );

  test(
    'elsewhere than in a data folder: nothing is changed without the signing keys, and nothing is lost by trying',
    async () => {
      await asBefore({ folder: true });
      portal = await rig(portal.data);
      await portal.stop();
      inFile(OLDER);
      const server = await serve({ folder: join(portal.data, 'databases') });
      const hosted = { DIRECTORY_URL: `${server.url}directory/`, DIRECTORY_TOKEN: server.token, CASEBOOK_TOKEN: server.token };
      const keys = { SIGNING_KEYS: JSON.stringify(portal.keys) };
      expect(await command('db/migrate.ts', [], hosted)).toMatchObject({ code: 1, out: expect.stringContaining('SIGNING_KEYS') });
      expect(await command('db/migrate.ts', [], { ...hosted, ...keys })).toMatchObject({
        code: 0,
        out: expect.stringContaining('policy of mingheng'),
      });
      expect((await command('db/rebuild.ts', ['mingheng', '--policy', '--write'], { ...hosted, ...keys })).code).toBe(0);
      expect((await command('db/migrate.ts', [], { ...hosted, ...keys })).out).not.toContain('policy of mingheng');
      await server.close();
      expect(existsSync(join(portal.data, 'policies-sealed'))).toBe(true);
      portal = await rig(portal.data);
      expect(await message()).toBe(303);
    },
    COMMANDS,
  );
});
