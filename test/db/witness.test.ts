import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { witness } from '../../db/witness.ts';
import { randomBytes } from '../../worker/chance.ts';
import { type Anchor, anchorDigest, hashOfLeaf, makeAnchor, proofText } from '../../worker/record/anchor.ts';
import { type Grown, grow, growthProof } from '../../worker/record/anchor-tiles.ts';
import { canonical, toBase64url } from '../../worker/record/digest.ts';
import { makeKey, type StoredKey, signingKey } from '../../worker/record/keys.ts';
import { publishedDocument } from '../../worker/record/published.ts';
import { timestampRequest, tokenIn } from '../../worker/record/timestamp.ts';
import { timestampService } from '../record/timestamp-service.ts';

/** A witness before a portal that is not what it should be: whatever it answers, the witness comes to an end and says what is wrong. */

const folder = mkdtempSync(join(tmpdir(), 'heyi-witness-'));
let server: Server;
let list: string;
let ring: StoredKey[];
let shown: string;
let copy: string;

const edges = new WeakMap<object, Grown['edge']>();
const edgeOf = (anchors: object) => edges.get(anchors) ?? [];

/** A list of so many anchors, as it is published. */
async function listed(many: number) {
  const anchors: { anchor: Anchor; proof: string[]; timestamp: null }[] = [];
  let grown: Grown = { size: 0, edge: [], full: [], root: new Uint8Array() };
  for (let n = 0; n < many; n++) {
    const before = grown.size;
    const leaves = Array.from({ length: 16 }, () => hashOfLeaf({ salt: toBase64url(randomBytes(16)), head: null }));
    grown = grow(before, grown.edge, leaves);
    const at = new Date(Date.UTC(2026, 10, 1, n)).toISOString();
    const anchor = await makeAnchor(
      'l',
      anchors.at(-1)?.anchor ?? null,
      { at, size: grown.size, root: grown.root },
      await signingKey(ring),
    );
    anchors.push({ anchor, proof: proofText(growthProof(before, grown)), timestamp: null });
  }
  edges.set(anchors, grown.edge);
  return anchors;
}
const page = (anchors: unknown[], next: number | null = null) => JSON.stringify({ lender: 'l', anchors, next });

beforeAll(async () => {
  ring = [await makeKey('2026-01-01T00:00:00.000Z')];
  server = createServer((request, answer) => {
    const after = Number(new URL(request.url ?? '', 'http://l').searchParams.get('after') ?? 0);
    if (request.url?.endsWith('keys.json')) return void answer.end(JSON.stringify(publishedDocument(ring, [])));
    if (shown.startsWith('stuck')) return void answer.end(page(after === 0 ? JSON.parse(shown.slice(5)) : [], 1));
    if (shown !== 'huge') return void answer.end(shown.startsWith('[') ? page(JSON.parse(shown).slice(after)) : shown);
    const more = () => {
      while (!answer.destroyed && answer.write(' '.repeat(1024 * 1024)));
    };
    answer.on('drain', more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  list = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/.well-known/heyi-anchors/l`;
});
beforeEach(() => {
  copy = mkdtempSync(join(folder, 'copy-'));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

test('a list that is of another lender is not the one that was asked for', async () => {
  shown = JSON.stringify(await listed(1));
  expect((await witness(list.replace(/l$/, 'm'), copy)).alarm).toBe('anchor 1 is of another list, that of l');
});

test('an answer without end, one that never goes on, and one that is no list are given up', async () => {
  shown = 'huge';
  await expect(witness(list, copy)).rejects.toThrow('answers with more than');
  shown = page([], 5);
  await expect(witness(list, copy)).rejects.toThrow('goes on after anchor 5, which is not the last one');
  shown = `stuck${JSON.stringify(await listed(1))}`;
  await expect(witness(list, copy)).rejects.toThrow('does not go on after anchor 1');
  copy = mkdtempSync(join(folder, 'copy-'));
  shown = '{"anchors":[],"anchors":[],"next":null}';
  await expect(witness(list, copy)).rejects.toThrow('read in more than one way');
  shown = page([{ anchor: { v: 1 } }]);
  await expect(witness(list, copy)).rejects.toThrow('is no list of anchors: anchors.0.anchor');
});

test('a line that was cut off while it was written is asked for again', async () => {
  const anchors = await listed(3);
  shown = JSON.stringify(anchors.slice(0, 2));
  expect(await witness(list, copy)).toMatchObject({ alarm: null, fresh: 2 });
  const kept = readFileSync(join(copy, 'anchors.ndjson'), 'utf8');
  appendFileSync(join(copy, 'anchors.ndjson'), '{"anchor":{"at":"2026-');
  shown = JSON.stringify(anchors);
  expect(await witness(list, copy)).toMatchObject({ alarm: null, fresh: 1 });
  expect(readFileSync(join(copy, 'anchors.ndjson'), 'utf8').startsWith(kept)).toBe(true);
  expect(await witness(list, copy)).toMatchObject({ alarm: null, fresh: 0, last: { n: 3 } });
});

test('a list that forks, goes back, or takes back the end of a key is cried out', async () => {
  const anchors = await listed(3);
  shown = JSON.stringify(anchors);
  await witness(list, copy);
  shown = JSON.stringify(anchors.slice(0, 2));
  expect((await witness(list, copy)).alarm).toBe('the list goes back: anchor 3 is not there any more');
  shown = JSON.stringify([...anchors.slice(0, 2), ...(await listed(3)).slice(2)]);
  expect((await witness(list, copy)).alarm).toBe('the list forks: anchor 3 is another one than before');
  shown = JSON.stringify(anchors);
  const [key] = ring;
  if (!key) throw new Error('no key');
  const ended = { ...key, until: '2026-12-01T00:00:00.000Z', revoked: '2026-12-01T00:00:00.000Z' };
  ring = [ended];
  expect((await witness(list, copy)).alarm).toBeNull();
  ring = [{ ...ended, until: null }];
  expect((await witness(list, copy)).alarm).toBe(`the key ${key.id}, which had ended, counts for longer`);
  ring = [{ ...key, until: ended.until }];
  expect((await witness(list, copy)).alarm).toBe(`the key ${key.id}, which was revoked, is trusted again`);
  ring = [];
  expect((await witness(list, copy)).alarm).toBe(`the key ${key.id} is not published any more`);
  ring = [key];
  expect(readdirSync(copy).filter((name) => name.startsWith('alarm-'))).toHaveLength(5);
});

test('a folder is of one list: another one is refused', async () => {
  shown = JSON.stringify(await listed(1));
  await witness(list, copy);
  await expect(witness(`${list}-other`, copy)).rejects.toThrow(`is a copy of ${list}`);
  expect(readFileSync(join(copy, 'list.txt'), 'utf8')).toBe(`${list}\n`);
});

test('a time stamp that came later is fetched, once, and cried out where it does not hold', async () => {
  const service = await timestampService();
  try {
    const anchors: { anchor: Anchor; proof: string[]; timestamp: string | null }[] = await listed(3);
    shown = JSON.stringify(anchors);
    await witness(list, copy);
    expect(existsSync(join(copy, 'stamps.ndjson'))).toBe(false);
    const [, second] = anchors;
    if (!second) throw new Error('no anchor');
    const stamp = async (of: string) => {
      const answer = await fetch(service.url, { method: 'POST', body: timestampRequest(of, randomBytes(8)) });
      return Buffer.from(tokenIn(new Uint8Array(await answer.arrayBuffer())) ?? new Uint8Array()).toString('base64');
    };
    second.timestamp = await stamp(anchorDigest(second.anchor));
    shown = JSON.stringify(anchors);
    expect(await witness(list, copy)).toMatchObject({ alarm: null, fresh: 0 });
    await witness(list, copy);
    expect(readFileSync(join(copy, 'stamps.ndjson'), 'utf8')).toBe(`${canonical({ n: 2, timestamp: second.timestamp })}\n`);
    const [first] = anchors;
    if (first) first.timestamp = await stamp('0'.repeat(64));
    shown = JSON.stringify(anchors);
    expect((await witness(list, copy)).alarm).toBe('the time stamp of anchor 1 does not hold (timestamp.other)');
  } finally {
    await service.close();
  }
});

test('anchors by a key that was revoked before are taken once one by a key that counts goes on from them, and cried out until then', async () => {
  const [old] = ring;
  if (!old) throw new Error('no key');
  const anchors = await listed(2);
  const next = await makeKey('2026-06-01T00:00:00.000Z');
  ring = [{ ...old, until: '2026-11-01T01:00:00.000Z', revoked: '2026-11-01T01:00:00.000Z' }, next];
  shown = JSON.stringify(anchors);
  expect(await witness(list, copy)).toMatchObject({
    alarm: 'anchor 2 is signed by a key that did not count then, and none after it by one that does',
    fresh: 1,
  });
  const grown = grow(32, edgeOf(anchors), [hashOfLeaf({ salt: toBase64url(randomBytes(16)), head: null })]);
  const anchor = await makeAnchor(
    'l',
    anchors[1]?.anchor ?? null,
    { at: '2026-11-02T00:00:00.000Z', size: grown.size, root: grown.root },
    await signingKey([next]),
  );
  shown = JSON.stringify([...anchors, { anchor, proof: proofText(growthProof(32, grown)), timestamp: null }]);
  const { alarm, fresh, told } = await witness(list, copy);
  expect({ alarm, fresh }).toEqual({ alarm: null, fresh: 2 });
  expect(told[0]).toContain('anchors 2 to 2 are by a key that was revoked before; anchor 3');
  ring = [old];
});
