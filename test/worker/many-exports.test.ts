import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDocumentKey } from '../../db/certificate.ts';
import { PASSWORD, plainOpening, Stage } from '../../db/demo.ts';

import { en } from '../../web/words/en.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { eraseContents } from '../../worker/execute/erase.ts';
import { making } from '../../worker/export/documents.ts';
import { type Asked, manyBundles, TooMuch } from '../../worker/export/many.ts';
import { recordFile } from '../../worker/export/record.ts';
import { checkFile } from '../../worker/record/check.ts';
import { canonical, digestOf } from '../../worker/record/digest.ts';
import { ed25519Holds } from '../../worker/record/ed25519.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { type Published, readPublished } from '../../worker/record/published.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { allFonts } from '../export/fonts.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** Many cases taken away at once: each as it would be by itself, with an index that is signed; the lender's log and every record say so. */

let portal: Rig;
let stage: Stage;
let shen: Visitor;
let zhou: Visitor;
const ids: string[] = [];
const numbers: string[] = [];
let published: Published | null;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  for (const who of ['chen', 'wang', 'zhao'] as const) {
    const id = randomId();
    await stage.give(who, 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    ids.push(id);
  }
  [shen, zhou] = [await signedIn(portal, 'shen'), await signedIn(portal, 'zhou')];
  const book = await openBook();
  for (const id of ids) numbers.push((await book.record(id))?.row.number ?? '');
  published = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());
});
afterAll(() => portal.remove());

const at = '/desk/mingheng/exports';
const ask = (who: Visitor, fields: Record<string, string | string[]>) =>
  who.post(at, { password: PASSWORD, requestId: randomId(), ...fields });

async function taken(
  who: Visitor,
  fields: Record<string, string | string[]>,
): Promise<{ zip: Record<string, Uint8Array>; digest: string; path: string; report: string }> {
  const made = await ask(who, fields);
  const report = await made.text();
  expect(made.status, plainText(report)).toBe(200);
  const path = /href="(\/desk\/mingheng\/exports\/[^"]+)"/.exec(report)?.[1] ?? '';
  const answer = await who.get(path);
  expect(answer.headers.get('content-disposition')).toContain('attachment');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { zip: unzipSync(bytes), digest: digestOf(bytes), path, report: plainText(report) };
}

type Index = {
  cases: { case: string; file: string; sha256: string; size: number; head: { seq: number } }[];
  left: { number: string }[];
  signature: string;
  key: string;
};
const indexOf = (zip: Record<string, Uint8Array>): Index => JSON.parse(new TextDecoder().decode(zip['index.json']));

async function lastEntry(id: string) {
  const { entries } = (await (await shen.get(`/api/v1/cases/${id}`)).json()) as {
    entries: { kind: string; author: { account: string }; content: { digest?: string; head?: number } }[];
  };
  return entries.at(-1);
}

describe('what is taken away', () => {
  test('holds a bundle for each, which verifies; the index is signed; the log and the records have the digests', async () => {
    const { zip, digest, report } = await taken(shen, { case: ids });
    expect(report).toContain('Done: 3.');
    for (const number of numbers) expect(report).toContain(`${number} Exported`);
    const index = indexOf(zip);
    expect(index.cases.map((one) => one.case).sort()).toEqual([...ids].sort());
    const { signature, ...unsigned } = index;
    const key = portal.keys.find(({ id }) => id === index.key);
    expect(await ed25519Holds(key?.publicKey ?? '', signature, canonical(unsigned))).toBe(true);
    for (const one of index.cases) {
      const bytes = zip[one.file] ?? new Uint8Array();
      expect(digestOf(bytes)).toBe(one.sha256);
      expect(bytes.length).toBe(one.size);
      const { report } = await checkFile(bytes, { published });
      // Each has the proof that its newest entry was anchored.
      expect(report, JSON.stringify(report)).toMatchObject({ holds: true, unchecked: [] });
      expect(report.anchors.at(-1)?.seq).toBe(one.head.seq);
      expect(await lastEntry(one.case)).toMatchObject({ kind: 'custody.exported', content: { digest: one.sha256, head: one.head.seq } });
    }
    expect(Object.keys(zip).sort()).toEqual(['README.txt', 'index.json', ...index.cases.map(({ file }) => file)].sort());
    const log = plainText(await (await shen.get('/desk/mingheng/record')).text());
    expect(log).toContain(en.takeMany.taken({ count: 3 }));
    expect(log).toContain(digest);
  });

  test('is chosen by numbers or days as well, in either kind of letters', async () => {
    const one = await taken(zhou, { numbers: ` ${numbers[0]?.toLowerCase()}，\n${numbers[1]}` });
    expect(indexOf(one.zip).cases).toHaveLength(2);
    const today = stage.today();
    expect(indexOf((await taken(zhou, { from: today, until: today })).zip).cases).toHaveLength(3);
  });

  test('is sent for twice and told once', async () => {
    const requestId = randomId();
    const before = (await (await openBook()).institution.read()).entries.length;
    const [one, other] = await Promise.all([ask(zhou, { case: ids, requestId }), ask(zhou, { case: ids, requestId })]);
    expect([one.status, other.status].sort()).toEqual([200, 422]);
    expect((await (await openBook()).institution.read()).entries.length).toBe(before + 1);
  });

  test('leaves out a case that its record does not prove, and says which', async () => {
    const [broken = ''] = ids;
    inFile(portal.data, 'casebook-mingheng', (db) =>
      db.prepare('UPDATE entries SET content = ? WHERE "case" = ? AND seq = 2').run('{}', broken),
    );
    const { zip, report } = await taken(shen, { case: ids });
    expect(report).toMatch(new RegExp(`Done: 2\\. Not done: 1\\..*${numbers[0]} What is stored does not agree`));
    expect(indexOf(zip).left.map(({ number }) => number)).toEqual([numbers[0]]);
    expect(new TextDecoder().decode(zip['README.txt'])).toContain(numbers[0]);
    expect((await ask(shen, { case: broken })).status).toBe(422);
    ids.shift();
    numbers.shift();
  });
});

const openBook = async () => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  return openCasebookForPortal(portal.env, lender ?? { slug: '', url: '' });
};

describe('who may, and what is refused', () => {
  test('an agent, a borrower and staff of another lender find no such page; a case of another lender is nobody’s', async () => {
    for (const who of ['lin', 'chen', 'gu'] as const) {
      const visitor = await signedIn(portal, who);
      expect((await visitor.get(at)).status).toBe(404);
      expect((await ask(visitor, { case: ids })).status).toBe(404);
    }
    const theirs = randomId();
    await stage.give('li', 'pujiang', theirs, 'case.open', plainOpening(stage.today(), '浦江小贷'));
    expect((await ask(shen, { case: theirs })).status).toBe(404);
    expect((await ask(shen, { case: [...ids, randomId()] })).status).toBe(404);
  });

  test('the address opens for who had it made alone, and a changed one for nobody', async () => {
    const { path } = await taken(shen, { case: ids });
    expect((await zhou.get(path)).headers.get('location')).toBe(at);
    expect((await shen.get(`${path.slice(0, -1)}${path.endsWith('0') ? '1' : '0'}`)).headers.get('location')).toBe(at);
    expect((await shen.get(path)).status).toBe(200);
  });

  test.each([
    [{}, 'from', en.takeMany.day],
    [{ from: '2026-02-30', until: '2026-03-01' }, 'from', en.takeMany.day],
    [{ from: '2026-03-02', until: '2026-03-01' }, 'until', en.takeMany.order],
    [{ from: '2020-01-01', until: '2020-01-31' }, 'until', en.takeMany.none],
    [{ numbers: 'HY-NONE-0000' }, 'numbers', 'HY-NONE-0000'],
    [{ numbers: Array.from({ length: 51 }, (_, i) => `HY-${i}`).join(' ') }, 'numbers', en.takeMany.tooMany({ most: 50 })],
    [{ case: Array.from({ length: 51 }, () => randomId()) }, '', en.takeMany.tooMany({ most: 50 })],
  ] as const)('%j: the form comes back filled in and says why', async (fields, _, said) => {
    const answer = await ask(shen, fields as Record<string, string | string[]>);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(plainText(html)).toContain(said);
    for (const typed of Object.values(fields).flat()) if (typed.length > 0) expect(html).toContain(typed.slice(0, 10));
  });

  test('without the password nothing is made', async () => {
    const before = await lastEntry(ids[0] ?? '');
    const answer = await ask(shen, { case: ids, password: 'wrong' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(`value="${ids[0]}"`);
    expect(await lastEntry(ids[0] ?? '')).toEqual(before);
  });
});

test('once something of one of them is erased, the ZIP is handed out no more', async () => {
  const { path } = await taken(shen, { case: ids });
  const casebook = await openBook();
  const key = await signingKey(portal.keys);
  const by = {
    casebook,
    caseId: ids[0] ?? '',
    lender: 'mingheng',
    at: new Date().toISOString(),
    requestId: randomId(),
    key,
    random: randomBytes,
  };
  const { entries } = (await casebook.record(ids[0] ?? '')) ?? { entries: [] };
  const personal = entries.find(({ kind }) => kind === 'means.submitted')?.seq ?? 0;
  expect((await eraseContents(by, { entries: [personal], files: [], reason: '本人要求', whole: false })).ok).toBe(true);
  await portal.sweep();
  expect((await shen.get(path)).headers.get('location')).toBe(at);
});

test('a ZIP that would grow beyond what it may hold is not made', async () => {
  const key = await signingKey(portal.keys);
  const away = { lender: { slug: 'mingheng', name: '明衡' }, at: new Date().toISOString() };
  async function* none(): AsyncGenerator<Asked> {}
  const empty = manyBundles(none(), away, portal.files, key).body;
  expect(Object.keys(unzipSync(new Uint8Array(await new Response(empty).arrayBuffer())))).toEqual(['README.txt', 'index.json']);
  const casebook = await openBook();
  const stored = await casebook.record(ids[0] ?? '');
  if (!stored) throw new Error('no case');
  const { seq, hash, number } = stored.row;
  const source = { number, lender: '明衡', head: { seq, hash }, origin: portal.url, fonts: await allFonts(), at: away.at };
  const made = making(recordFile(stored, casebook.published), { source, words: wordsOf('zh'), signer: await makeDocumentKey('x') });
  async function* one(): AsyncGenerator<Asked> {
    yield { case: stored?.row.id ?? '', number, making: made, proofs: [] };
  }
  const grown = manyBundles(one(), { ...away, most: 10_000 }, portal.files, key);
  await expect(new Response(grown.body).arrayBuffer()).rejects.toBeInstanceOf(TooMuch);
});
