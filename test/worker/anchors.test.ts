import type { R2Bucket } from '@cloudflare/workers-types';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { instant, MINUTE } from '../../worker/clock.ts';
import { AnchorsDiffer, anchorFaults, anchorHeads, reviewAnchors } from '../../worker/execute/anchor.ts';
import { proofsFor } from '../../worker/execute/proofs.ts';
import { NoTimestamp, stampAnchors } from '../../worker/execute/stamp.ts';
import { type Anchor, anchorDigest, anchorFault, followFault, hashOfLeaf, isAnchored, proofText } from '../../worker/record/anchor.ts';
import { grow, inclusionProof, tilesFor, tilesOf } from '../../worker/record/anchor-tiles.ts';
import { inclusionSpans } from '../../worker/record/anchor-tree.ts';
import { toHex } from '../../worker/record/digest.ts';
import { makeKey } from '../../worker/record/keys.ts';
import { readPublished } from '../../worker/record/published.ts';
import { checkTimestamp } from '../../worker/record/timestamp.ts';
import { anchorList } from '../../worker/store/anchor-list.ts';
import type { PublishedAnchor } from '../../worker/store/anchors.ts';
import { type Lender, openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { type Rig, rig, trips } from '../portal.ts';
import { timestampService } from '../record/timestamp-service.ts';

/** Every head of a record comes into the lender's list of anchors once, whoever is killed meanwhile, and the list can be followed from outside. */

let portal: Rig;
let stage: Stage;
let lender: Lender;
beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  lender = (await openDirectory(portal.env).lenderBySlug('mingheng')) as Lender;
});
afterAll(() => portal.remove());

const opened = async () => {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  return id;
};
const says = (id: string) => stage.give('chen', 'mingheng', id, 'talk.message', { words: '本人的原话' });
const here = (files: R2Bucket = portal.files) => ({ ...portal.env, files });
const rows = <T>(sql: string): T[] => inFile(portal.data, 'casebook-mingheng', (db) => db.prepare(sql).all() as T[]);

/** The list as it is published, page by page, held against itself and the published keys from the first anchor on. */
async function published(): Promise<PublishedAnchor[]> {
  const keys = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json())?.keys ?? [];
  const all: PublishedAnchor[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const answer = await fetch(`${portal.url}/.well-known/heyi-anchors/mingheng?after=${after}`);
    const page = (await answer.json()) as { anchors: PublishedAnchor[]; next: number | null };
    all.push(...page.anchors);
    after = page.next;
  }
  for (const [i, { anchor, proof }] of all.entries()) {
    expect(followFault(anchor, all[i - 1]?.anchor ?? null, proof)).toBeNull();
    expect(await anchorFault(anchor, keys)).toBeNull();
  }
  return all;
}

test('what was said is in the public list after the next run of the schedule, each head once, and nothing in it tells of a case', async () => {
  const id = await opened();
  await says(id);
  await portal.sweep();
  const [first, ...more] = await published();
  expect(more).toEqual([]);
  const heads = rows<{ case: string; seq: number; position: number; salt: string; hash: string }>('SELECT * FROM anchored');
  const checkpoints = rows<{ n: number }>('SELECT count(*) AS n FROM checkpoints')[0]?.n ?? 0;
  expect(heads.length).toBe(checkpoints);
  expect(rows('SELECT * FROM heads')).toEqual([]);
  // 16 leaves at the least, a power of two: how many heads there are is not told.
  expect(first?.anchor.size).toBe(16);
  const text = JSON.stringify(await published());
  for (const head of heads) for (const told of [head.case, head.hash, head.salt]) expect(text).not.toContain(told);
  const kept = await anchorList(portal.files, 'mingheng').read(1);
  for (const { case: of, seq, hash, salt, position } of heads) {
    const proof = proofText(inclusionProof(position, 16, tilesOf(16, kept?.edge ?? [])));
    expect(isAnchored({ salt, head: { case: of, seq, hash } }, position, proof, first?.anchor ?? { size: 0, root: '' })).toBe(true);
  }
  // Nothing new: nothing is anchored.
  await portal.sweep();
  expect(await published()).toEqual([first]);
});

test('where nothing waits, a run costs one round trip to the casebook, and one request to storage', async () => {
  expect((await trips(portal, () => anchorHeads(here(), lender, instant()))).count).toBe(1);
});

test('the list is paged, says what is wrong with an address, and is everybody’s to read', async () => {
  const at = (path: string) => fetch(`${portal.url}/.well-known/heyi-anchors/${path}`);
  const answer = await at('mingheng?after=1');
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  expect(await answer.json()).toEqual({ lender: 'mingheng', anchors: [], next: null });
  for (const [path, status] of [
    ['nobody', 404],
    ['constructor', 404],
    ['mingheng?after=-1', 400],
    ['mingheng?after=1e9', 400],
    [`mingheng?after=${'9'.repeat(16)}`, 400],
  ] as const) {
    const refused = await at(path);
    expect([refused.status, typeof ((await refused.json()) as { error: string }).error]).toEqual([status, 'string']);
  }
});

/** Whoever works with this is killed after so many steps: each is a request to storage or to a database, which was done or not when it happened. */
function mortal(steps: number, isDone: boolean) {
  let left = steps;
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left > 0) return work();
    if (left === 0 && isDone) await work();
    throw new Error('killed');
  };
  const files = new Proxy(portal.files, {
    get: (bucket, name) => {
      const of = Reflect.get(bucket, name);
      return typeof of === 'function' ? (...args: unknown[]) => step(() => of.apply(bucket, args)) : of;
    },
  });
  return { files, step };
}

test('two workers anchor while others write and one of them is killed at any step: no head is lost, none is there twice, the list holds (50 rounds)', async () => {
  const id = await opened();
  const reached = globalThis.fetch;
  for (let round = 0; round < 50; round++) {
    const { files, step } = mortal(1 + (round % 12), round % 2 === 0);
    // Databases are reached by the first worker alone while it is tried: the second and the writers come right after.
    const doomed = vi.spyOn(globalThis, 'fetch').mockImplementation((...args) => step(() => reached(...args)));
    const first = anchorHeads(here(files), lender, instant()).catch(() => {});
    if (round % 3 === 0) await first;
    doomed.mockRestore();
    await Promise.all([first, says(id), anchorHeads(here(), lender, instant()), anchorHeads(here(), lender, instant())]);
  }
  await anchorHeads(here(), lender, instant());
  const all = await published();
  const list = anchorList(portal.files, 'mingheng');
  const told: string[] = [];
  let [size, edge]: [number, readonly Uint8Array[]] = [0, []];
  for (const { anchor } of all) {
    const kept = await list.read(anchor.n);
    expect(kept?.anchor).toEqual(anchor);
    const grown = grow(size, edge, (kept?.leaves ?? []).map(hashOfLeaf));
    expect([grown.size, toHex(grown.root)]).toEqual([anchor.size, anchor.root]);
    ({ size, edge } = grown);
    told.push(...(kept?.leaves ?? []).flatMap(({ head }) => (head ? [`${head.case} ${head.seq} ${head.hash}`] : [])));
  }
  const checkpoints = rows<{ at: string }>(`SELECT "case" || ' ' || seq || ' ' || hash AS at FROM checkpoints`).map(({ at }) => at);
  expect(told.toSorted()).toEqual(checkpoints.toSorted());
  const known = rows<{ at: string; position: number; salt: string }>(`SELECT "case" || ' ' || seq || ' ' || hash AS at, * FROM anchored`);
  expect(known.map(({ at }) => at).toSorted()).toEqual(checkpoints.toSorted());
  // A proof out of tiles, of the last anchor.
  const last = await list.read(all.length);
  for (const { position, at, salt } of known.slice(0, 40)) {
    const [of = '', seq, hash = ''] = at.split(' ');
    const full = await list.readTiles(tilesFor(inclusionSpans(position, size), size));
    const proof = proofText(inclusionProof(position, size, tilesOf(size, last?.edge ?? [], full)));
    expect(isAnchored({ salt, head: { case: of, seq: Number(seq), hash } }, position, proof, last?.anchor ?? { size: 0, root: '' })).toBe(
      true,
    );
  }
}, 300_000);

test('each anchor gets a time stamp of somebody else’s: while the service is away or refuses, it waits, and nothing waits for it', async () => {
  const service = await timestampService();
  const env = { ...here(), tsa: service.url };
  try {
    for (const state of ['away', 'refusing'] as const) {
      service.state = state;
      await says(await opened());
      await anchorHeads(env, lender, instant());
      await expect(stampAnchors(env, lender)).rejects.toThrow(NoTimestamp);
    }
    await expect(stampAnchors({ ...env, tsa: 'http://127.0.0.1:1/' }, lender)).rejects.toThrow('is not reached');
    const unstamped = (await published()).filter(({ timestamp }) => timestamp === null).length;
    expect(unstamped).toBeGreaterThan(20);
    service.state = 'well';
    const before = service.asked();
    // So many a run; what has one is not asked for again.
    for (let run = 0; run < Math.ceil(unstamped / 20) + 1; run++) await stampAnchors(env, lender);
    expect(service.asked() - before).toBe(unstamped);
    for (const { anchor, timestamp } of await published()) {
      const { stamped, fault } = await checkTimestamp(Buffer.from(timestamp ?? '', 'base64'), anchorDigest(anchor));
      expect([fault, stamped?.name]).toEqual([null, '可信时间戳 Test']);
    }
  } finally {
    await service.close();
  }
});

test('an anchor is created once: what storage has is never overwritten', async () => {
  const list = anchorList(portal.files, 'mingheng');
  const kept = await list.read(1);
  if (!kept) throw new Error('no anchor');
  expect(await list.put({ ...kept, proof: ['0'.repeat(64)] })).toBe(false);
  expect(await list.read(1)).toEqual(kept);
});

test('an older anchor that the casebook forgot, or knows otherwise, is put right from storage in its turn', async () => {
  const before = rows('SELECT * FROM anchored ORDER BY position');
  inFile(portal.data, 'casebook-mingheng', (db) => {
    db.exec('DELETE FROM anchored WHERE n = 1 AND position % 2 = 0');
    db.exec(`UPDATE anchored SET hash = 'x' WHERE n = 1`);
  });
  const { n = 0 } = rows<{ n: number }>('SELECT max(n) AS n FROM anchored')[0] ?? {};
  const turn = Math.ceil(Date.now() / MINUTE / n) * n * MINUTE;
  await reviewAnchors(here(), lender, instant(turn));
  expect(rows('SELECT * FROM anchored ORDER BY position')).toEqual(before);
});

test('a list in storage that ends earlier than what was published does not go on', async () => {
  const { n = 0 } = rows<{ n: number }>('SELECT max(n) AS n FROM anchored')[0] ?? {};
  const path = `anchors/mingheng/${String(n).padStart(12, '0')}`;
  const kept = await (await portal.files.get(path))?.text();
  await portal.files.delete(path);
  await says(await opened());
  await expect(anchorHeads(here(), lender, instant())).rejects.toThrow(AnchorsDiffer);
  // Nor does it where the casebook is as old as the storage.
  const taken = rows<Record<string, string | number>>(`SELECT * FROM anchored WHERE n = ${n}`);
  inFile(portal.data, 'casebook-mingheng', (db) => db.exec(`DELETE FROM anchored WHERE n = ${n}`));
  await expect(anchorHeads(here(), lender, instant())).rejects.toThrow(AnchorsDiffer);
  await portal.files.put(path, kept ?? '');
  await anchorHeads(here(), lender, instant());
  expect(rows(`SELECT * FROM anchored WHERE n = ${n}`)).toEqual(taken);
  expect((await published()).length).toBe(n + 1);
});

test('what a key signed that is revoked since before stands by the next anchor, of a key that counts: one is made, and proofs are by it', async () => {
  const id = await opened();
  await anchorHeads(here(), lender, instant());
  const last = await openDirectory(portal.env).lastAnchor(lender.id);
  const next = await makeKey('2026-01-01T00:00:00.000Z');
  const revoked = last?.at ?? '';
  const env = { ...here(), keys: [...portal.keys.map((key) => ({ ...key, until: revoked, revoked })), next] };
  expect(await anchorFault(last as Anchor, env.keys)).toBe('anchor.key-dates');
  expect(await anchorFaults(env, lender)).toEqual([{ code: 'anchor.key-dates', n: last?.n }]);
  const of = { case: id, entries: [{ seq: 4, kind: 'case.opened' }] };
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
  // What is asked for at once makes it, as the next run of the schedule does.
  const [proof] = await proofsFor(env, lender, of, instant());
  quiet.mockRestore();
  const healed = await openDirectory(portal.env).lastAnchor(lender.id);
  expect(healed).toMatchObject({ n: (last?.n ?? 0) + 1, key: next.id });
  expect(proof?.anchor).toEqual(healed);
  const hash = rows<{ hash: string }>(`SELECT hash FROM entries WHERE "case" = '${id}' AND seq = ${proof?.seq}`)[0]?.hash ?? '';
  const leaf = { salt: proof?.salt ?? '', head: { case: id, seq: proof?.seq ?? 0, hash } };
  expect(isAnchored(leaf, proof?.index ?? 0, proof?.proof ?? [], healed as Anchor)).toBe(true);
  expect(await anchorFaults(env, lender)).toEqual([]);
  await anchorHeads(env, lender, instant());
  expect((await openDirectory(portal.env).lastAnchor(lender.id))?.n).toBe(healed?.n);
});
