import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { plainOpening, Stage } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn } from '../worker/people.ts';

/** Somebody has the databases' files in hand and no keys: nothing that they write there makes anybody a person, or lets anybody do anything. */

let portal: Rig;
let stage: Stage;
beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
});
afterAll(() => portal.remove());

type Row = Record<string, SQLInputValue>;

/** Works on a database's file as any program can: triggers are no hindrance to whoever holds it. */
function inFile<T>(name: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(portal.data, 'databases', `${name}.db`), { timeout: 5_000 });
  try {
    const triggers = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all() as { name: string; sql: string }[];
    for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger.name}`);
    const done = work(db);
    for (const { sql } of triggers) db.exec(sql);
    return done;
  } finally {
    db.close();
  }
}

function put(db: DatabaseSync, table: string, row: Row): void {
  const names = Object.keys(row);
  const columns = names.map((name) => `"${name}"`).join(', ');
  db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${names.map(() => '?').join(', ')})`).run(...Object.values(row));
}

/** A case of 陈建国's with 明衡. */
async function opened(): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  return id;
}

describe('a case that was moved into another lender’s casebook', () => {
  test('is shown to none of its people, acted on by none, and sealed by nothing', async () => {
    const id = await opened();
    const its = inFile('casebook-mingheng', (db) =>
      ['cases', 'entries', 'checkpoints'].map((table) => {
        const column = table === 'cases' ? 'id' : 'case';
        return { table, rows: db.prepare(`SELECT * FROM ${table} WHERE "${column}" = ?`).all(id) as Row[] };
      }),
    );
    inFile('casebook-pujiang', (db) => {
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
    inFile('casebook-pujiang', (db) => db.prepare('UPDATE cases SET seal = NULL WHERE id = ?').run(id));
    expect((await rebuild(portal.env, 'pujiang', true)).broken).toMatchObject([{ case: id }]);
    expect((await gu.get(`/cases/${id}`)).status).toBe(409);
    // Where it belongs it goes on.
    expect(
      (await (await signedIn(portal, 'chen')).post(`/cases/${id}/do/talk.message`, { words: '继续', requestId: randomId() })).status,
    ).toBe(303);
  });
});
