import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { cases } from '../../db/casebook/schema.ts';
import { plainOpening, Stage } from '../../db/demo.ts';
import { migrateAll } from '../../db/migrate.ts';
import { rebuild } from '../../db/rebuild.ts';
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { RULES } from '../../worker/negotiation/case.ts';
import { connect } from '../../worker/store/connect.ts';
import { casebookUrl, openDirectory } from '../../worker/store/open.ts';
import { sealsOf } from '../../worker/store/seals.ts';
import { type Rig, rig, trips } from '../portal.ts';
import { signedIn, type Visitor } from '../worker/people.ts';

/** A release whose rules of the fold are others than those of the release that wrote a case's snapshot: nothing of it is read, nothing is doubted. */

let portal: Rig;
let lin: Visitor;
let chen: Visitor;
let stage: Stage;
let id: string;
let db: ReturnType<typeof connect>;
beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [lin, chen] = [await signedIn(portal, 'lin'), await signedIn(portal, 'chen')];
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  db = connect(casebookUrl(portal.env, lender ?? { url: '' }), portal.env.casebookToken);
});
afterAll(() => portal.remove());

/** A case in which an offer is on the table. */
async function opened(): Promise<string> {
  const made = randomId();
  await stage.give('chen', 'mingheng', made, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  return made;
}

const rowOf = async () => {
  const [row] = await db.select().from(cases).where(eq(cases.id, id));
  if (!row) throw new Error('no case');
  return row;
};
const rulesOf = async () => (JSON.parse((await rowOf()).state) as { rules?: unknown }).rules;

/** As another release would have left the row: worked out by its rules, and sealed by the portal. `rules` is missing where it had no versions. */
async function leftByAnother(rules?: number): Promise<void> {
  const row = await rowOf();
  const state = JSON.stringify({ ...(JSON.parse(row.state) as object), rules, offers: [], table: null, stage: 'closed', another: 'part' });
  const changed = { ...row, awaited: null, deadline: null };
  await db
    .update(cases)
    .set({ ...changed, state, seal: sealsOf(portal.env.keys).row(changed, state) })
    .where(eq(cases.id, id));
}

const page = async (who: Visitor, path = '') => (await who.get(`/cases/${id}${path}`)).text();
const decline = () =>
  lin.post(`/cases/${id}/do/proposal.decline`, { version: 1, reasons: 'too-low', words: '太低。', requestId: randomId() });

describe.each([['of other rules', RULES + 1] as const, ['from before rules had versions', undefined] as const])(
  'a snapshot %s',
  (_, rules) => {
    beforeEach(async () => {
      id = await opened();
      await leftByAnother(rules);
    });

    test('is not read: pages show what the record comes to, for one round trip more', async () => {
      const { count, answer } = await trips(portal, () => chen.get(`/cases/${id}`));
      expect(count).toBe(3);
      const text = await answer.text();
      expect(text).not.toContain(en.unproven.title);
      expect(text).toContain('id="offer-1"');
      expect(await page(lin, '/proposals/1')).toContain('do/proposal.accept');
    });

    test('is replaced by the next entry, which is decided by what the record comes to', async () => {
      expect((await decline()).status).toBe(303);
      expect(await rulesOf()).toBe(RULES);
      expect(await page(chen, '/proposals/1')).toContain(en.offer.state.declined);
    });

    test('is no fault to the audit; whatever of the row all rules come to alike is', async () => {
      expect(await audit(portal.env, portal.files, 'mingheng')).toMatchObject({ holds: true, faults: [] });
      const row = { ...(await rowOf()), amount: 1 };
      await db
        .update(cases)
        .set({ amount: 1, seal: sealsOf(portal.env.keys).row(row, row.state) })
        .where(eq(cases.id, id));
      expect((await audit(portal.env, portal.files, 'mingheng')).faults).toEqual([
        { lender: 'mingheng', code: 'column', case: id, column: 'amount' },
      ]);
      await rebuild(portal.env, 'mingheng', true);
    });

    test('is named by rebuild, and worked out anew where it may write', async () => {
      expect((await rebuild(portal.env, 'mingheng', false)).differences).toEqual([{ case: id, columns: ['rules'] }]);
      await rebuild(portal.env, 'mingheng', true);
      expect(await rebuild(portal.env, 'mingheng', false)).toMatchObject({ differences: [], broken: [] });
      expect(await rulesOf()).toBe(RULES);
    });

    test('is worked out anew by migrate', async () => {
      expect(await migrateAll(portal.env, null)).toMatchObject({ unsealed: [], policies: [] });
      expect(await rulesOf()).toBe(RULES);
      expect((await trips(portal, () => chen.get(`/cases/${id}`))).count).toBe(2);
    });
  },
);

test('a record that was changed beneath such a snapshot is not believed: the case is read-only, and migrate names it', async () => {
  id = await opened();
  await leftByAnother(RULES + 1);
  // As whoever holds the file can: triggers are no hindrance.
  const file = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { timeout: 30_000 });
  file.exec(`DROP TRIGGER entries_erased; UPDATE entries SET content = replace(content, '"principal":1200000', '"principal":1')
    WHERE "case" = '${id}' AND kind = 'debt.stated'`);
  file.close();
  expect(await page(chen)).toContain(en.unproven.title);
  const refused = await decline();
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain(en.refusal['case.unproven']);
  expect(await migrateAll(portal.env, null)).toMatchObject({ unsealed: [id] });
  expect(await rulesOf()).toBe(RULES + 1);
});
