import { consistencySpans, type Hash, inclusionSpans, nodeHash, perfectTrees, type Span, spanHash } from './anchor-tree.ts';

/**
 * A tree in tiles, so that neither growing it nor a proof reads it whole: tile N of level L holds the hashes of 256 perfect trees of height 8 L, from number
 * 256 N on (C2SP tlog-tiles). Full tiles never change. Those at the right edge of a tree, one a level, are its `Edge`, which is all that growing it needs.
 */

const WIDTH = 256;
const HEIGHT = 8;
const BYTES = 32;

/** A tile's place, and its hashes, one after the other. */
export type Tile = { level: number; number: number; hashes: Uint8Array };
export type TileName = Pick<Tile, 'level' | 'number'>;

/** The hashes of the tile of each level that is not full, from level 0 on: fewer than 256 each, none of a level that ends with a full one. */
export type Edge = readonly Uint8Array[];

/** What a tree came to: its edge, the tiles that became full, and the root. */
export type Grown = { size: number; edge: Edge; full: Tile[]; root: Hash };

const at = (hashes: Uint8Array, index: number): Hash => hashes.subarray(index * BYTES, (index + 1) * BYTES);

/** The hash over `width` hashes in a row, a power of two of them. */
function over(hashes: Uint8Array, from: number, width: number): Hash {
  let row = Array.from({ length: width }, (_, i) => at(hashes, from + i));
  while (row.length > 1) row = pairs(row);
  return row[0] ?? new Uint8Array();
}

function pairs(row: readonly Hash[]): Hash[] {
  const made: Hash[] = [];
  for (let i = 0; i + 1 < row.length; i += 2) made.push(nodeHash(row[i] as Hash, row[i + 1] as Hash));
  return made;
}

/** Adds leaves, by their hashes, to a tree of `size`. */
export function grow(size: number, edge: Edge, leaves: readonly Hash[]): Grown {
  const full: Tile[] = [];
  const levels: Uint8Array[] = [];
  let added: readonly Hash[] = leaves;
  let before = size;
  for (let level = 0; added.length > 0 || level < edge.length; level++) {
    const kept = edge[level] ?? new Uint8Array();
    const row = new Uint8Array(kept.length + added.length * BYTES);
    row.set(kept);
    added.forEach((hash, i) => {
      row.set(hash, kept.length + i * BYTES);
    });
    const tiles = Math.floor(row.length / (WIDTH * BYTES));
    const first = Math.floor(before / WIDTH);
    const above: Hash[] = [];
    for (let i = 0; i < tiles; i++) {
      const hashes = row.slice(i * WIDTH * BYTES, (i + 1) * WIDTH * BYTES);
      full.push({ level, number: first + i, hashes });
      above.push(over(hashes, 0, WIDTH));
    }
    levels.push(row.slice(tiles * WIDTH * BYTES));
    added = above;
    before = first;
  }
  const grown = size + leaves.length;
  const read = tilesOf(grown, levels, full);
  return { size: grown, edge: levels, full, root: spanHash({ from: 0, to: grown }, nodesIn(read)) };
}

/** Where the hash of a perfect tree is found: in which tile, and over how many of its hashes from which on. */
function placeOf(height: number, index: number): TileName & { from: number; width: number } {
  const level = Math.floor(height / HEIGHT);
  const width = 2 ** (height % HEIGHT);
  const first = index * width;
  return { level, number: Math.floor(first / WIDTH), from: first % WIDTH, width };
}

const keyOf = ({ level, number }: TileName): string => `${level}/${number}`;

/** Tiles at hand, by level and number. */
export type Tiles = ReadonlyMap<string, Uint8Array>;

/** The tiles at the edge of a tree of `size`, and others. */
export function tilesOf(size: number, edge: Edge, full: readonly Tile[] = []): Tiles {
  const tiles = new Map(full.map((tile) => [keyOf(tile), tile.hashes]));
  edge.forEach((hashes, level) => {
    if (hashes.length > 0) tiles.set(keyOf({ level, number: Math.floor(size / WIDTH ** (level + 1)) }), hashes);
  });
  return tiles;
}

/** Reads hashes of perfect trees out of tiles. @throws where a tile is not at hand, or too short */
function nodesIn(tiles: Tiles): (height: number, index: number) => Hash {
  return (height, index) => {
    const { from, width, ...name } = placeOf(height, index);
    const hashes = tiles.get(keyOf(name));
    if (!hashes || hashes.length < (from + width) * BYTES)
      throw new Error(`The tile ${keyOf(name)} of the list of anchors is missing or short.`);
    return over(hashes, from, width);
  };
}

/** The full tiles that some stretches of a tree of `size` need, each once: those of its edge are not among them. */
export function tilesFor(spans: readonly Span[], size: number): TileName[] {
  const names = new Map<string, TileName>();
  for (const { height, index } of spans.flatMap(perfectTrees)) {
    const { level, number } = placeOf(height, index);
    if (number < Math.floor(size / WIDTH ** (level + 1))) names.set(keyOf({ level, number }), { level, number });
  }
  return [...names.values()];
}

/** The hashes over some stretches. @throws where a tile that they need is not at hand */
export const spanHashes = (spans: readonly Span[], tiles: Tiles): Hash[] => spans.map((span) => spanHash(span, nodesIn(tiles)));

/** The proof that the leaf `index` is in the tree of `size`; `tiles` are those of `tilesFor(inclusionSpans(index, size), size)` and the edge. */
export const inclusionProof = (index: number, size: number, tiles: Tiles): Hash[] => spanHashes(inclusionSpans(index, size), tiles);

/** The proof that a tree which has just grown from `first` leaves begins with all of what it was. */
export function growthProof(first: number, { size, edge, full }: Grown): Hash[] {
  return first === 0 ? [] : spanHashes(consistencySpans(first, size), tilesOf(size, edge, full));
}
