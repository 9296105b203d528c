/** A list of a million heads: how long an anchor of 10,000 new ones takes, and a proof out of its tiles. Neither reads the list. */
import { randomBytes } from '../../worker/chance.ts';
import { hashOfLeaf, isAnchored, type Leaf, makeAnchor, padded, proofText } from '../../worker/record/anchor.ts';
import { type Edge, grow, growthProof, inclusionProof, type Tile, tilesFor, tilesOf } from '../../worker/record/anchor-tiles.ts';
import { inclusionSpans } from '../../worker/record/anchor-tree.ts';
import { toBase64url, toHex } from '../../worker/record/digest.ts';
import { makeKey, signingKey } from '../../worker/record/keys.ts';

const HEADS = 1_000_000;
const NEW = 10_000;
const PROOFS = 1_000;

const key = await signingKey([await makeKey('2026-01-01T00:00:00.000Z')]);
const kept = new Map<string, Tile>();
let [size, edge]: [number, Edge] = [0, []];
const leafOf = (i: number): Leaf => ({
  salt: toBase64url(randomBytes(16)),
  head: { case: toHex(randomBytes(16)), seq: i + 1, hash: toHex(randomBytes(32)) },
});

function add(leaves: readonly Leaf[]) {
  const grown = grow(size, edge, leaves.map(hashOfLeaf));
  const consistency = growthProof(size, grown);
  for (const tile of grown.full) kept.set(`${tile.level}/${tile.number}`, tile);
  ({ size, edge } = grown);
  return { ...grown, consistency };
}

for (let from = 0; from < HEADS; from += 50_000) add(Array.from({ length: 50_000 }, (_, i) => leafOf(from + i)));

const heads = Array.from({ length: NEW }, (_, i) => leafOf(i));
const pads = Array.from({ length: padded(NEW) - NEW }, () => ({ salt: toBase64url(randomBytes(16)), head: null }));
const before = size;
let begun = performance.now();
const { root } = add([...heads, ...pads]);
const anchor = await makeAnchor('bench', null, { at: new Date().toISOString(), size, root }, key);
const anchoring = performance.now() - begun;

let most = 0;
const times: number[] = [];
for (let i = 0; i < PROOFS; i++) {
  begun = performance.now();
  const index = Math.floor((i * 7_919 * size) / PROOFS) % size;
  const names = tilesFor(inclusionSpans(index, size), size);
  most = Math.max(most, names.length);
  const full = names.map(({ level, number }) => kept.get(`${level}/${number}`) as Tile);
  inclusionProof(index, size, tilesOf(size, edge, full));
  times.push(performance.now() - begun);
}
const proving = times.sort((a, b) => a - b)[PROOFS / 2] ?? 0;
const own = heads[5] as Leaf;
const names = tilesFor(inclusionSpans(before + 5, size), size);
const full = names.map(({ level, number }) => kept.get(`${level}/${number}`) as Tile);
const proof = proofText(inclusionProof(before + 5, size, tilesOf(size, edge, full)));
if (!isAnchored(own, before + 5, proof, anchor)) throw new Error('A proof does not hold.');

console.log(`\nA list of ${HEADS.toLocaleString('en')} heads`);
console.table([
  { what: `an anchor of ${NEW.toLocaleString('en')} new heads, in ms`, measured: Number(anchoring.toFixed(1)), goal: '< 1,000' },
  { what: 'a proof, in ms (median)', measured: Number(proving.toFixed(3)), goal: '< 1' },
  { what: 'tiles read for a proof, at most', measured: most, goal: '' },
]);
