import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomBytes } from '../../worker/chance.ts';
import { anchorFault, followFault, hashOfLeaf, isAnchored, makeAnchor, padded, proofText } from '../../worker/record/anchor.ts';
import { checkProofs } from '../../worker/record/anchor-proof.ts';
import {
  type Edge,
  type Grown,
  grow,
  growthProof,
  inclusionProof,
  spanHashes,
  type Tile,
  tilesFor,
  tilesOf,
} from '../../worker/record/anchor-tiles.ts';
import {
  consistencySpans,
  emptyRoot,
  extendsTree,
  type Hash,
  includes,
  inclusionSpans,
  leafHash,
} from '../../worker/record/anchor-tree.ts';
import { canonical, toBase64url, toHex } from '../../worker/record/digest.ts';
import type { RecordFile } from '../../worker/record/format.ts';
import { makeKey, publish, signingKey } from '../../worker/record/keys.ts';
import { emptyReport } from '../../worker/record/report.ts';
import { emptyHead, seal } from '../../worker/record/seal.ts';

/** Trees of anchors against RFC 9162 written down once more, as plainly as it stands there, with another SHA-256. */

const sha = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1);
const input = (i: number) => new TextEncoder().encode(`leaf ${i}`);
/** D[from:to] is of the inputs of those numbers; what was worked out once is kept, as a tree of 130 has 8,000 proofs. */
const known = new Map<string, Buffer>();
function mth(from: number, to: number): Buffer {
  const kept = known.get(`${from} ${to}`);
  if (kept) return kept;
  const k = from + split(to - from);
  const made = to - from === 1 ? sha(Uint8Array.of(0), input(from)) : sha(Uint8Array.of(1), mth(from, k), mth(k, to));
  known.set(`${from} ${to}`, made);
  return made;
}
function path(m: number, from: number, to: number): Buffer[] {
  if (to - from === 1) return [];
  const k = split(to - from);
  return m < k ? [...path(m, from, from + k), mth(from + k, to)] : [...path(m - k, from + k, to), mth(from, from + k)];
}
function subproof(m: number, from: number, to: number, b: boolean): Buffer[] {
  if (m === to - from) return b ? [] : [mth(from, to)];
  const k = split(to - from);
  return m <= k ? [...subproof(m, from, from + k, b), mth(from + k, to)] : [...subproof(m - k, from + k, to, false), mth(from, from + k)];
}
const hexes = (hashes: readonly Uint8Array[]) => hashes.map(toHex);

/** A tree in tiles that keeps every full tile, as storage does. */
class Kept {
  size = 0;
  edge: Edge = [];
  tiles: Tile[] = [];
  root: Hash = emptyRoot();
  add(leaves: readonly Hash[]): Grown {
    const grown = grow(this.size, this.edge, leaves);
    this.tiles.push(...grown.full);
    Object.assign(this, { size: grown.size, edge: grown.edge, root: grown.root });
    return grown;
  }
  needed(spans: readonly { from: number; to: number }[]) {
    const names = tilesFor(spans, this.size);
    const full = names.map((name) => this.tiles.find((tile) => tile.level === name.level && tile.number === name.number) as Tile);
    return tilesOf(this.size, this.edge, full);
  }
}

describe('a tree', () => {
  /** The leaves and roots that implementations of RFC 6962 and 9162 hold themselves against. */
  const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const ROOTS = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  test('has the roots that are known of the leaves with which others are tested', () => {
    expect(toHex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    const hashes = LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex')));
    expect(ROOTS.map((_, i) => toHex(grow(0, [], hashes.slice(0, i + 1)).root))).toEqual(ROOTS);
  });

  test('has, with 1 to 130 leaves, the root and every proof of the RFC, and each is taken and no other', () => {
    for (let size = 1; size <= 130; size++) {
      const d = Array.from({ length: size }, (_, i) => input(i));
      const hashes = d.map(leafHash);
      const tree = new Kept();
      // One by one and all at once come to the same.
      for (const one of hashes) tree.add([one]);
      expect(toHex(tree.root)).toBe(toHex(mth(0, size)));
      expect(toHex(grow(0, [], hashes).root)).toBe(toHex(tree.root));
      for (let i = 0; i < size; i++) {
        const proof = inclusionProof(i, size, tree.needed(inclusionSpans(i, size)));
        expect(hexes(proof)).toEqual(hexes(path(i, 0, size)));
        const leaf = hashes[i] as Hash;
        expect(includes(proof, leaf, i, size, tree.root)).toBe(true);
        expect(includes(proof, leafHash(input(i + 1)), i, size, tree.root)).toBe(false);
        expect(includes([...proof, leaf], leaf, i, size, tree.root)).toBe(false);
        if (i > 0) expect(includes(proof, leaf, i - 1, size, tree.root)).toBe(false);
        if (proof.length > 0) expect(includes(proof.slice(1), leaf, i, size, tree.root)).toBe(false);
      }
      for (let first = 1; first <= size; first++) {
        const spans = consistencySpans(first, size);
        const proof = spanHashes(spans, tree.needed(spans));
        expect(hexes(proof)).toEqual(hexes(subproof(first, 0, size, true)));
        const [before, after] = [mth(0, first), tree.root];
        expect(extendsTree(proof, { size: first, root: before }, { size, root: after })).toBe(true);
        expect(extendsTree(proof, { size: first, root: leafHash(input(first)) }, { size, root: after })).toBe(false);
        expect(extendsTree(proof, { size: first, root: before }, { size, root: leafHash(input(999)) })).toBe(false);
        if (proof.length > 0) expect(extendsTree(proof.slice(1), { size: first, root: before }, { size, root: after })).toBe(false);
        expect(extendsTree([...proof, before], { size: first, root: before }, { size, root: after })).toBe(false);
      }
    }
  });

  test('grows by any steps over many tiles to the same, with a proof of each step, and is never read whole', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 4 }), fc.nat(), (steps, pick) => {
        const all = Array.from({ length: steps.reduce((a, b) => a + b) }, (_, i) => leafHash(Uint8Array.of(i, i >> 8, i >> 16)));
        const tree = new Kept();
        for (const step of steps) {
          const [size, root] = [tree.size, tree.root];
          const grown = tree.add(all.slice(size, size + step));
          expect(extendsTree(growthProof(size, grown), { size, root }, { size: tree.size, root: tree.root })).toBe(true);
        }
        expect(toHex(tree.root)).toBe(toHex(grow(0, [], all).root));
        const index = pick % tree.size;
        const spans = inclusionSpans(index, tree.size);
        // One tile a level beside those of the edge, at the most.
        expect(tilesFor(spans, tree.size).length).toBeLessThanOrEqual(3);
        expect(includes(inclusionProof(index, tree.size, tree.needed(spans)), all[index] as Hash, index, tree.size, tree.root)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test('takes no proof with numbers that are none', () => {
    const leaf = leafHash(input(0));
    for (const size of [-1, 0.5, Number.NaN, 2 ** 54]) {
      expect(includes([], leaf, 0, size, leaf)).toBe(false);
      expect(includes([], leaf, size, 1, leaf)).toBe(false);
      expect(extendsTree([], { size, root: leaf }, { size: 1, root: leaf })).toBe(false);
    }
    expect(() => spanHashes([{ from: 0, to: 256 }], new Map())).toThrow('tile 1/0');
  });
});

describe('an anchor', () => {
  const salt = () => toBase64url(randomBytes(16));
  const head = (seq: number) => ({ case: 'c', seq, hash: toHex(sha(input(seq))) });

  test('is held to its leaves, its keys and the anchor before', async () => {
    const ring = [await makeKey('2026-01-01T00:00:00.000Z')];
    const key = await signingKey(ring);
    const leaves = [head(1), head(2), null].map((one) => ({ salt: salt(), head: one }));
    const grown = grow(0, [], leaves.map(hashOfLeaf));
    const first = await makeAnchor('acme', null, { at: '2026-03-03T10:05:00.000Z', size: grown.size, root: grown.root }, key);
    expect(first).toMatchObject({ v: 1, n: 1, prev: null, size: 3 });
    expect(await anchorFault(first, ring)).toBeNull();
    expect(followFault(first, null, [])).toBeNull();
    expect(await anchorFault({ ...first, size: 4 }, ring)).toBe('anchor.signature');
    expect(await anchorFault(first, [])).toBe('anchor.key');
    expect(await anchorFault(first, [{ ...key.published, until: '2026-02-01T00:00:00.000Z' }])).toBe('anchor.key-dates');

    const proof = proofText(inclusionProof(1, 3, tilesOf(3, grown.edge)));
    const leaf = leaves[1] as (typeof leaves)[number];
    expect(isAnchored(leaf, 1, proof, first)).toBe(true);
    expect(isAnchored({ ...leaf, salt: salt() }, 1, proof, first)).toBe(false);
    expect(isAnchored({ ...leaf, salt: 'short' }, 1, proof, first)).toBe(false);
    expect(isAnchored({ ...leaf, head: head(3) }, 1, proof, first)).toBe(false);

    const more = grow(3, grown.edge, [hashOfLeaf({ salt: salt(), head: head(3) })]);
    const consistency = proofText(growthProof(3, more));
    // A clock that went back makes no anchor older than the one before.
    const second = await makeAnchor('acme', first, { at: '2026-03-03T10:00:00.000Z', size: more.size, root: more.root }, key);
    expect(second.at).toBe(first.at);
    expect(followFault(second, first, consistency)).toBeNull();
    expect(followFault(second, first, [])).toBe('tree');
    expect(followFault(second, null, consistency)).toBe('number');
    expect(followFault(second, { ...first, root: second.root }, consistency)).toBe('prev');
    expect(followFault({ ...second, lender: 'other' }, first, consistency)).toBe('lender');
    expect(followFault({ ...second, at: '2026-03-03T10:00:00.000Z' }, first, consistency)).toBe('time');
  });

  test('two of one number in one file are of two lists, and that is said', async () => {
    const ring = [await makeKey('2026-01-01T00:00:00.000Z')];
    const key = await signingKey(ring);
    const header = { case: 'c', lender: 'acme', openedAt: '2026-02-01T00:00:00.000Z', number: 'n' };
    const author = { side: 'borrower' as const, capacity: 'borrower', name: 'x', account: null };
    const drafts = ['one', 'two'].map((words) => ({ kind: 'talk.message', content: { words }, author }));
    const { entries, checkpoints } = await seal('c', emptyHead(header), drafts, '2026-02-02T00:00:00.000Z', randomBytes, key);
    const record: RecordFile = { format: 'heyi-record/1', header, entries, checkpoints, keys: ring.map(publish), files: [] };
    const proofs = await Promise.all(
      entries.map(async ({ seq, hash }) => {
        const leaf = { salt: salt(), head: { case: 'c', seq, hash } };
        const grown = grow(0, [], [hashOfLeaf(leaf)]);
        const anchor = await makeAnchor('acme', null, { at: '2026-03-03T10:05:00.000Z', size: 1, root: grown.root }, key);
        return { seq, salt: leaf.salt, index: 0, proof: [], anchor, timestamp: null };
      }),
    );
    const found = async (...some: typeof proofs) => {
      const report = emptyReport();
      await checkProofs({ format: 'heyi-anchors/1', proofs: some }, record, report, null);
      return report.findings;
    };
    for (const one of proofs) expect(await found(one)).toEqual([]);
    expect(await found(...proofs)).toEqual([{ code: 'anchor.fork', seq: 2, name: '1' }]);
  });

  test('adds a power of two of leaves, so that the size of the tree tells about how many heads there are and no more', () => {
    expect([1, 16, 17, 33, 10_000].map(padded)).toEqual([16, 16, 32, 64, 16_384]);
  });

  test('is of leaves as the format has them', () => {
    const one = { salt: toBase64url(new Uint8Array(16)), head: head(7) };
    expect(toHex(hashOfLeaf(one))).toBe(toHex(sha(Uint8Array.of(0), new Uint8Array(16), Buffer.from(canonical(one.head)))));
    expect(canonical(one.head)).toBe(`{"case":"c","hash":"${one.head.hash}","seq":7}`);
  });
});
