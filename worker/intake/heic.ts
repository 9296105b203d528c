import { ascii, type Bytes, type Cleaned, codes, counter, Unfit, view } from './bytes.ts';
import { tellingParts } from './jpeg.ts';

/**
 * HEIC (ISO/IEC 23008-12): nothing moves, so that every offset stays right. What no picture needs is overwritten with zeros where it stands:
 * boxes beside the picture (a motion photo's video, the maker's data), items of Exif and XMP, descriptions among the properties, and each
 * part of the media data to which no picture refers. Pictures that are JPEGs of their own lose what those tell.
 */

/** Boxes of a meta box that a picture needs; of the properties, those that say how it is decoded and shown. */
const META = new Set('hdlr dinf pitm iinf iloc iref iprp idat ipro grpl'.split(' '));
const PROPERTIES = new Set(
  'hvcC av1C avcC vvcC jpgC j2kH uncC cmpd lhvC oinf tols ispe pixi colr irot imir clap pasp auxC lsel rloc a1op a1lx clli mdcv cclv amve iscl subs mskC'.split(' '),
); // biome-ignore format: a list of words
/** Types of items that are pictures, or put pictures together. */
const PICTURES = new Set('hvc1 hev1 lhv1 hvt1 av01 avc1 vvc1 jpeg j2k1 unci mski grid iden iovl tmap'.split(' '));

/** More pieces of media data than any camera writes. */
const MOST_MEDIA = 64;

type Box = { name: string; at: number; start: number; end: number };
type Range = { from: number; to: number };

export function cleanHeic(bytes: Bytes): Cleaned {
  const part = counter();
  const { found: top, rest } = boxes(bytes, 0, bytes.length, part);
  const beyond = ascii(bytes, rest + 4, 4);
  if (['ftyp', 'meta', 'mdat'].includes(beyond)) throw new Unfit('cut');
  const meta = top.find(({ name }) => name === 'meta');
  if (!meta) throw new Unfit(top.some(({ name }) => name === 'mdat' || name === 'moov') ? 'damaged' : 'cut');
  const media = top.filter(({ name }) => name === 'mdat');
  if (media.length > MOST_MEDIA) throw new Unfit('damaged');
  const inside = within(bytes, meta.start + 4, meta.end, part);
  const one = (name: string) => inside.find((box) => box.name === name);
  const [items, places, properties, data] = [one('iinf'), one('iloc'), one('iprp'), one('idat')];
  if (!items || !places || !properties) throw new Unfit('damaged');

  const result = bytes.slice();
  const blank = (box: Box) => {
    result.set(codes('free'), box.at + 4);
    result.fill(0, box.start, box.end);
  };
  const first = new Set([top.find(({ name }) => name === 'ftyp'), meta]);
  for (const box of top) if (!first.has(box) && box.name !== 'mdat') blank(box);
  leaveFree(result, rest);
  for (const box of inside) if (!META.has(box.name)) blank(box);
  const container = within(bytes, properties.start, properties.end, part).find(({ name }) => name === 'ipco');
  const described = container ? within(bytes, container.start, container.end, part) : [];
  // A property is known by its place in the list: one that goes leaves an empty box there.
  for (const box of described) if (!PROPERTIES.has(box.name)) blank(box);

  const pictures = pictureItems(bytes, items, result, part);
  const [used, usedInside]: [Range[], Range[]] = [[], []];
  const told: Range[] = [];
  const jpegs = new Set<number>();
  let walked = 0;
  for (const { item, method, offset, length } of extents(bytes, places, part)) {
    if (method > 1) continue;
    const holder = method === 1 ? data : media.find((box) => offset >= box.start && offset < box.end);
    const from = offset + (method === 1 ? (data?.start ?? 0) : 0);
    const to = length === 0 && holder ? holder.end : from + length;
    if (!pictures.has(item)) told.push({ from, to });
    else if (!holder || to > holder.end) throw new Unfit(to > bytes.length ? 'cut' : 'damaged');
    else (method === 1 ? usedInside : used).push({ from, to });
    if (pictures.get(item) === 'jpeg') {
      // A JPEG cut into pieces would have to be put together to be understood: no program writes one. Nor may they lie over one another.
      walked += to - from;
      if (jpegs.has(item) || walked > bytes.length) throw new Unfit('damaged');
      jpegs.add(item);
      told.push(...tellingParts(bytes.subarray(from, to)).map((range) => ({ from: from + range.from, to: from + range.to })));
    }
  }
  if (used.length + usedInside.length === 0) throw new Unfit('damaged');
  // Put in order once: there may be a hundred thousand of them, and dozens of boxes.
  const kept = inOrder(used);
  for (const box of media) blankBetween(result, box, kept);
  if (data) blankBetween(result, data, inOrder(usedInside));
  blankRanges(result, inOrder(told));
  return { bytes: result, ...largest(bytes, described) };
}

/**
 * The boxes (ISO/IEC 14496-12, 4.2) from `at` to `end`, and where they stop being boxes. `at` of a box is its header, `start` its content.
 */
function boxes(bytes: Uint8Array, at: number, end: number, part: () => void): { found: Box[]; rest: number } {
  const data = view(bytes);
  const found: Box[] = [];
  while (at + 8 <= end) {
    part();
    const short = data.getUint32(at);
    const long = short === 1;
    if (long && at + 16 > end) break;
    const size = long ? Number(data.getBigUint64(at + 8)) : short === 0 ? end - at : short;
    if (size < (long ? 16 : 8) || at + size > end) break;
    found.push({ name: ascii(bytes, at + 4, 4), at, start: at + (long ? 16 : 8), end: at + size });
    at += size;
  }
  return { found, rest: at };
}

/** The boxes of a container, all of it. */
function within(bytes: Uint8Array, at: number, end: number, part: () => void): Box[] {
  const { found, rest } = boxes(bytes, at, end, part);
  if (rest !== end) throw new Unfit('damaged');
  return found;
}

/** What follows the last whole box becomes one free box, or zeros where it is too short for one. */
function leaveFree(result: Bytes, rest: number): void {
  result.fill(0, rest);
  if (result.length - rest < 8) return;
  view(result).setUint32(rest, result.length - rest);
  result.set(codes('free'), rest + 4);
}

/** The type of each item that is a picture, by its id. The names of items, which can say anything, go from `result`. */
function pictureItems(bytes: Uint8Array, { start, end }: Box, result: Bytes, part: () => void): Map<number, string> {
  const data = view(bytes);
  const pictures = new Map<number, string>();
  for (const entry of within(bytes, start + (data.getUint8(start) === 0 ? 6 : 8), end, part)) {
    const version = data.getUint8(entry.start);
    if (entry.name !== 'infe' || version < 2) continue;
    const wide = version > 2;
    const id = wide ? data.getUint32(entry.start + 4) : data.getUint16(entry.start + 4);
    const type = entry.start + (wide ? 10 : 8);
    const name = ascii(bytes, type, 4);
    if (PICTURES.has(name)) pictures.set(id, name);
    result.fill(0, type + 4, entry.end);
  }
  return pictures;
}

type Extent = { item: number; method: number; offset: number; length: number };

/** Where the bytes of each item stand (iloc): in the file (method 0) or in the meta box's own data (method 1). */
function extents(bytes: Uint8Array, { start, end }: Box, part: () => void): Extent[] {
  const data = view(bytes);
  const version = data.getUint8(start);
  const sizes = data.getUint16(start + 4);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  if (version > 2 || [offsetSize, lengthSize, baseSize, indexSize].some((size) => ![0, 4, 8].includes(size))) throw new Unfit('damaged');
  let at = start + 6;
  const read = (size: number): number => {
    const value = size === 0 ? 0 : size === 8 ? Number(data.getBigUint64(at)) : size === 4 ? data.getUint32(at) : data.getUint16(at);
    at += size;
    if (at > end) throw new Unfit('damaged');
    return value;
  };
  const found: Extent[] = [];
  const wide = version === 2;
  for (let left = read(wide ? 4 : 2); left > 0; left--) {
    const item = read(wide ? 4 : 2);
    const method = version > 0 ? read(2) & 15 : 0;
    read(2);
    const base = read(baseSize);
    for (let parts = read(2); parts > 0; parts--) {
      // Extents may take no room at all: they are counted, so that a list of nothing ends.
      part();
      read(indexSize);
      found.push({ item, method, offset: base + read(offsetSize), length: read(lengthSize) });
    }
  }
  return found;
}

const inOrder = (ranges: readonly Range[]): Range[] => ranges.toSorted((a, b) => a.from - b.from);

/** Overwrites what lies in any of the ranges, which are in order: each byte once, as thousands of them may lie over one another. */
function blankRanges(result: Bytes, ranges: readonly Range[]): void {
  let at = 0;
  for (const { from, to } of ranges) {
    if (to > at) result.fill(0, Math.max(from, at), to);
    at = Math.max(at, to);
  }
}

/** Overwrites what lies in a box outside all ranges, which are in order. */
function blankBetween(result: Bytes, { start, end }: Box, ranges: readonly Range[]): void {
  let at = start;
  for (const { from, to } of ranges) {
    if (from >= end) break;
    if (from > at) result.fill(0, at, from);
    at = Math.max(at, to);
  }
  if (at < end) result.fill(0, at, end);
}

/** The largest size among the properties (ispe): a grid says that of the whole. */
function largest(bytes: Uint8Array, properties: Box[]): { width: number; height: number } {
  const data = view(bytes);
  const sizes = properties
    .filter(({ name, start, end }) => name === 'ispe' && end - start >= 12)
    .map(({ start }) => ({ width: data.getUint32(start + 4), height: data.getUint32(start + 8) }));
  const [first, ...more] = sizes;
  if (!first) throw new Unfit('damaged');
  return more.reduce((best, size) => (size.width * size.height > best.width * best.height ? size : best), first);
}
