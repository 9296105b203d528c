import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { Stage } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { tellAct } from '../../web/telling/institution.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { type Keeping, keep } from '../../worker/execute/keep.ts';
import { lenderRecordFile } from '../../worker/export/record.ts';
import { EMPTY_INSTITUTION } from '../../worker/negotiation/lender/institution.ts';
import { refuse } from '../../worker/negotiation/refusal.ts';
import type { Seat } from '../../worker/negotiation/seats.ts';
import { proveInstitution } from '../../worker/proof.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { verify } from '../../worker/record/verify.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { type Rig, rig } from '../portal.ts';
import { inBoth, plainText, signedIn } from './people.ts';

/** A lender's own stream: of no case, sealed and signed as the record is, and read by nobody outside. */

const ZHOU: Seat = { side: 'lender', capacity: 'supervisor', account: 'z'.repeat(32), name: '周岚' };

let portal: Rig;
beforeAll(async () => {
  portal = await rig();
  await Stage.set(portal, Date.now());
});
afterAll(() => portal.remove());

async function bookOf(slug: string) {
  const lender = await openDirectory(portal.env).lenderBySlug(slug);
  if (!lender) throw new Error('no lender');
  return openCasebookForPortal(portal.env, lender).institution;
}

const exported = (head: number) => ({ kind: 'record.exported', content: { head, digest: 'a'.repeat(64) } }) as const;

async function kept(slug: string, rest: Partial<Keeping> = {}) {
  const order = { book: await bookOf(slug), seat: ZHOU, at: instant(), requestId: randomId(), asked: { name: 'export', input: {} } };
  return keep({ ...order, key: await signingKey(portal.keys), random: randomBytes, decide: ({ seq }) => [exported(seq)], ...rest });
}

describe('what is kept of a lender', () => {
  test('is appended in order, whoever is first, and read page by page', async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => kept('mingheng')));
    expect(outcomes.map((one) => one.ok && one.seq).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    const { entries, more, institution, doubts } = await (await bookOf('mingheng')).read();
    expect(entries.map(({ seq, content }) => [seq, content])).toEqual([0, 1, 2, 3, 4, 5].map((head) => [head + 1, exported(head).content]));
    expect({ more, doubts, seq: institution.seq }).toEqual({ more: false, doubts: [], seq: 6 });
    expect((await (await bookOf('mingheng')).read(3)).entries.map(({ seq, holds }) => [seq, holds])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(entries[0]?.author).toEqual({ side: 'lender', capacity: 'supervisor', name: '周岚', account: ZHOU.account });
    for (const language of ['zh', 'en'] as const) {
      const words = wordsOf(language);
      const [first] = entries;
      expect(first && tellAct(first, words)).toMatchObject({ what: words.institution.exported });
    }
  });

  test('is known again by its request, and the same id for something else is told so', async () => {
    const requestId = randomId();
    const first = await kept('mingheng', { requestId });
    expect(await kept('mingheng', { requestId })).toEqual(first);
    expect(await kept('mingheng', { requestId, asked: { name: 'export', input: { other: true } } })).toMatchObject({
      refusal: { code: 'request.reused' },
    });
    expect(await kept('mingheng', { decide: () => refuse('seat.may-not') })).toMatchObject({ refusal: { code: 'seat.may-not' } });
  });

  test('is another lender’s to no extent, and what the portal does by itself says so', async () => {
    expect((await (await bookOf('pujiang')).load('')).institution).toEqual(EMPTY_INSTITUTION);
    expect(await kept('pujiang', { seat: null })).toMatchObject({ ok: true, case: '@pujiang', seq: 1 });
    expect((await (await bookOf('pujiang')).read()).entries[0]?.author).toMatchObject({ side: 'portal', account: null });
  });

  test('can be taken away, and whoever has it checks it alone; it is taken for nothing else', async () => {
    const book = await bookOf('mingheng');
    const found = await book.record();
    if (!found) throw new Error('no record');
    const file = lenderRecordFile(found.record, book.published);
    const options = { published: book.published };
    expect(await verify(JSON.parse(JSON.stringify(file)), options)).toMatchObject({ verdict: 'holds', lender: 'mingheng', case: null });
    for (const changed of [
      { ...file, header: { ...file.header, lender: 'pujiang' } },
      { ...file, format: 'heyi-record/1' },
      { ...file, format: 'heyi-record/1', header: { ...file.header, case: '@mingheng', number: '' } },
    ]) {
      expect((await verify(changed, options)).holds).toBe(false);
    }
  });
});

describe('the page of it', () => {
  const at = '/desk/mingheng/record';

  test('is shown to whoever may inspect it, in both languages, and taking it away is written in it', async () => {
    const zhou = await inBoth(portal, 'zhou');
    for (const language of ['zh', 'en'] as const) {
      const words = wordsOf(language);
      const text = plainText(await (await zhou[language].get(at)).text());
      expect(text).toContain(words.institution.title);
      expect(text).toContain(words.institution.exported);
    }
    const requestId = randomId();
    const taken = await zhou.zh.post(at, { requestId });
    const file: unknown = await taken.json();
    const { published } = await bookOf('mingheng');
    expect(await verify(file, { published })).toMatchObject({ holds: true, lender: 'mingheng' });
    const { entries } = await (await bookOf('mingheng')).read();
    expect(entries.at(-1)).toMatchObject({ kind: 'record.exported', author: { capacity: 'supervisor', name: '周岚' } });
    // Another copy under the same id would be another file.
    const again = await zhou.en.post(at, { requestId });
    expect(again.status).toBe(422);
    expect(await again.text()).toContain(wordsOf('en').refusal['request.reused']);
  });

  test('is not there for anybody else', async () => {
    for (const who of ['lin', 'gu', 'wang'] as const) {
      const visitor = await signedIn(portal, who);
      expect((await visitor.get(at)).status, who).toBe(404);
      expect((await visitor.post(at, { requestId: randomId() })).status, who).toBe(404);
    }
  });
});

describe('what was changed from outside', () => {
  const change = (sql: string) => inFile(portal.data, 'casebook-mingheng', (db) => db.exec(sql));
  const codes = async () =>
    (await audit(portal.env, portal.files, 'mingheng')).faults.filter((one) => one.case === '@mingheng').map(({ code }) => code);

  test('is found by the audit, and nothing more is written until it is looked into', async () => {
    expect(await codes()).toEqual([]);
    change(`CREATE TABLE kept AS SELECT * FROM streams; UPDATE streams SET state = '{"rules":0,"seq":1}' WHERE "case" = '@mingheng'`);
    expect(await kept('mingheng')).toMatchObject({ refusal: { code: 'lender.unproven' } });
    expect(await codes()).toContain('seal.broken');
    // The record verifies: what stands beside it is put right from it.
    const { differences } = await rebuild(portal.env, 'mingheng', true);
    expect(differences.map((one) => one.case)).toEqual(['@mingheng']);
    expect(await codes()).toEqual([]);
    expect(await kept('mingheng')).toMatchObject({ ok: true });
    change('DROP TABLE kept');
  });

  test('also an entry in the middle', async () => {
    change(`UPDATE entries SET content = '{"head":9,"digest":"${'b'.repeat(64)}"}' WHERE "case" = '@mingheng' AND seq = 2`);
    const book = await bookOf('mingheng');
    expect((await book.read()).entries.filter(({ holds }) => !holds).map(({ seq }) => seq)).toEqual([2]);
    expect(await kept('mingheng', { binding: true })).toMatchObject({ refusal: { code: 'lender.unproven' } });
    const found = await book.record();
    if (!found) throw new Error('no record');
    expect((await proveInstitution(found.record, book.published)).doubts).toEqual([{ code: 'entry', seq: 2 }]);
    const { broken } = await rebuild(portal.env, 'mingheng', true);
    expect(broken.map((one) => one.case)).toEqual(['@mingheng']);
  });
});
