import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { witness } from '../../db/witness.ts';
import { randomBytes } from '../../worker/chance.ts';
import { type Anchor, hashOfLeaf, makeAnchor, proofText } from '../../worker/record/anchor.ts';
import { type Grown, grow, growthProof } from '../../worker/record/anchor-tiles.ts';
import { toBase64url } from '../../worker/record/digest.ts';
import { makeKey, type StoredKey, signingKey } from '../../worker/record/keys.ts';
import { publishedDocument } from '../../worker/record/published.ts';

/** A witness before a portal that is not what it should be: whatever it answers, the witness comes to an end and says what is wrong. */

const folder = mkdtempSync(join(tmpdir(), 'heyi-witness-'));
let server: Server;
let list: string;
let ring: StoredKey[];
let shown: string;
let copy: string;

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
