import { sha256 } from '@noble/hashes/sha2.js';

/**
 * Merkle trees as RFC 9162 has them (2.1): their hashes, which of them a proof is made of, and how a proof is checked. Hashes are of 32 bytes, sizes and
 * indexes whole numbers below 2^53.
 */

export type Hash = Uint8Array;

/** A stretch of leaves, `from` ≤ i < `to`: of each proof and root it is told which stretches it is made of. */
export type Span = { from: number; to: number };

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** MTH({d}) = SHA-256(0x00 ‖ d). */
export const leafHash = (input: Uint8Array): Hash => sha256.create().update(LEAF).update(input).digest();

/** SHA-256(0x01 ‖ left ‖ right). */
export const nodeHash = (left: Hash, right: Hash): Hash => sha256.create().update(NODE).update(left).update(right).digest();

/** The root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot = (): Hash => sha256(new Uint8Array());

/** The largest power of two below `size`, which is 2 at least. */
function half(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** PATH(index, D[0:size]): whose hashes prove that the leaf is in the tree, the nearest first. `index` is below `size`. */
export function inclusionSpans(index: number, size: number): Span[] {
  const spans: Span[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + half(to - from);
    if (index < middle) {
      spans.push({ from: middle, to });
      to = middle;
    } else {
      spans.push({ from, to: middle });
      from = middle;
    }
  }
  return spans.reverse();
}

/** PROOF(first, D[0:size]): whose hashes prove that a tree of `size` begins with all of one of `first` leaves. 0 < `first` ≤ `size`. */
export function consistencySpans(first: number, size: number): Span[] {
  const spans: Span[] = [];
  let [from, to] = [0, size];
  // Whether all that was taken off lies to the right: then the verifier knows what is left.
  let isKnown = true;
  while (first < to) {
    const middle = from + half(to - from);
    if (first <= middle) {
      spans.push({ from: middle, to });
      to = middle;
    } else {
      spans.push({ from, to: middle });
      from = middle;
      isKnown = false;
    }
  }
  if (!isKnown) spans.push({ from, to });
  return spans.reverse();
}

/** The perfect trees that a stretch at the right edge is made of, the largest first: `height`, and the index among those of its height. */
export function perfectTrees({ from, to }: Span): { height: number; index: number }[] {
  const found: { height: number; index: number }[] = [];
  for (let at = from; at < to; ) {
    let [height, width] = [0, 1];
    while (width * 2 <= to - at && at % (width * 2) === 0) {
      height += 1;
      width *= 2;
    }
    found.push({ height, index: at / width });
    at += width;
  }
  return found;
}

/** The hash over a stretch from those of its perfect trees. */
export function spanHash(span: Span, hashOf: (height: number, index: number) => Hash): Hash {
  const pieces = perfectTrees(span).map(({ height, index }) => hashOf(height, index));
  return pieces.reduceRight<Hash | null>((right, left) => (right ? nodeHash(left, right) : left), null) ?? emptyRoot();
}

const same = (a: Hash, b: Hash): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

const isOdd = (number: number) => number % 2 === 1;
const halved = (number: number) => Math.floor(number / 2);

/** Whether `proof` shows that the leaf with this hash is number `index` in the tree of this size and root (RFC 9162, 2.1.3.2). */
export function includes(proof: readonly Hash[], leaf: Hash, index: number, size: number, root: Hash): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size) return false;
  let [at, last] = [index, size - 1];
  let hash = leaf;
  for (const part of proof) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      hash = nodeHash(part, hash);
      while (!isOdd(at) && at !== 0) [at, last] = [halved(at), halved(last)];
    } else hash = nodeHash(hash, part);
    [at, last] = [halved(at), halved(last)];
  }
  return last === 0 && same(hash, root);
}

/** Whether `proof` shows that the tree of the second size and root begins with all of the first (RFC 9162, 2.1.4.2). */
export function extendsTree(proof: readonly Hash[], first: { size: number; root: Hash }, second: { size: number; root: Hash }): boolean {
  if (!isIndex(first.size) || !isIndex(second.size) || first.size > second.size) return false;
  if (first.size === second.size) return proof.length === 0 && same(first.root, second.root);
  if (first.size === 0) return proof.length === 0 && same(first.root, emptyRoot());
  let [at, last] = [first.size - 1, second.size - 1];
  while (isOdd(at)) [at, last] = [halved(at), halved(last)];
  // A first tree that is perfect is its own beginning, so that the proof leaves it out.
  const [begin, ...rest] = at === 0 ? [first.root, ...proof] : proof;
  if (!begin) return false;
  let [one, two] = [begin, begin];
  for (const part of rest) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      one = nodeHash(part, one);
      two = nodeHash(part, two);
      while (!isOdd(at) && at !== 0) [at, last] = [halved(at), halved(last)];
    } else two = nodeHash(two, part);
    [at, last] = [halved(at), halved(last)];
  }
  return last === 0 && same(one, first.root) && same(two, second.root);
}

const isIndex = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;
