/**
 * Makes `web/fonts/rare-han-*.ttf.br` of HanaMinB (SIL Open Font License 1.1; Debian's package fonts-hanazono): the letters of CJK Extensions B to
 * F on a grid of 250 to the em, finer than print at the sizes of a document, without points that lie on the line between their neighbours.
 * `node db/rare-han.ts HanaMinB.ttf`, then `npm run fonts`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { assemble, outlineTables, readTrueType, tablesOf, viewOf } from '../worker/export/font/truetype.ts';

const EM = 250;
type Point = { x: number; y: number; on: boolean };

const [, , path] = process.argv;
if (!path) throw new Error('Say where HanaMinB.ttf is.');
const source = new Uint8Array(readFileSync(path));
const font = readTrueType(source);
const scale = EM / font.unitsPerEm;

for (const [name, from, to] of [
  ['rare-han-1', 0x20000, 0x257ff],
  ['rare-han-2', 0x25800, 0x2a6df],
  ['rare-han-3', 0x2a700, 0x2ebe0],
] as const) {
  const letters: number[] = [];
  const outlines: Uint8Array[] = [new Uint8Array()];
  for (let code = from; code <= to; code++) {
    const glyph = font.glyphOf(code);
    if (glyph === 0) continue;
    letters.push(code);
    outlines.push(encode(contoursOf(font.outlineOf(glyph))));
  }
  const tables = tablesOf(source);
  const made = outlineTables(outlines, tables);
  const head = viewOf(made.head);
  head.setUint16(18, EM);
  for (const at of [36, 38, 40, 42]) head.setInt16(at, Math.round(head.getInt16(at) * scale));
  const hhea = viewOf(made.hhea);
  for (let at = 4; at <= 16; at += 2) hhea.setInt16(at, Math.round(hhea.getInt16(at) * scale));
  hhea.setUint16(34, 1);
  const hmtx = new Uint8Array(4 + (outlines.length - 1) * 2);
  viewOf(hmtx).setUint16(0, EM);
  const file = assemble({ ...made, hmtx, cmap: cmap(letters) });
  const packed = brotliCompressSync(file, {
    params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: file.length },
  });
  writeFileSync(new URL(`../web/fonts/${name}.ttf.br`, import.meta.url), packed);
  console.log(name, letters.length, file.length, packed.length);
}

/** The contours of a simple glyph, on the new grid. */
function contoursOf(outline: Uint8Array): Point[][] {
  if (outline.length < 10) return [];
  const view = viewOf(outline);
  const count = view.getInt16(0);
  if (count < 0) throw new Error('Composite glyphs are not read.');
  const ends = Array.from({ length: count }, (_, i) => view.getUint16(10 + i * 2));
  const total = (ends.at(-1) ?? -1) + 1;
  let at = 10 + count * 2;
  at += 2 + view.getUint16(at);
  const flags: number[] = [];
  while (flags.length < total) {
    const flag = view.getUint8(at++);
    flags.push(flag);
    if (flag & 8) for (let n = view.getUint8(at++); n > 0; n--) flags.push(flag);
  }
  const axis = (short: number, same: number) => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? view.getUint8(at++) : -view.getUint8(at++);
      else if (!(flag & same)) {
        value += view.getInt16(at);
        at += 2;
      }
      return Math.round(value * scale);
    });
  };
  const xs = axis(2, 16);
  const ys = axis(4, 32);
  let start = 0;
  return ends
    .map((end) => {
      const points = Array.from({ length: end - start + 1 }, (_, i) => ({
        x: xs[start + i] ?? 0,
        y: ys[start + i] ?? 0,
        on: ((flags[start + i] ?? 0) & 1) === 1,
      }));
      start = end + 1;
      return flat(points).filter((p, i) => {
        const before = points[(i + points.length - 1) % points.length];
        return !(before && points.length > 1 && p.x === before.x && p.y === before.y);
      });
    })
    .filter((points) => points.length > 2);
}

/** Contours as an entry of `glyf`. */
function encode(contours: Point[][]): Uint8Array {
  if (contours.length === 0) return new Uint8Array();
  const all = contours.flat();
  const box = [
    Math.min(...all.map((p) => p.x)),
    Math.min(...all.map((p) => p.y)),
    Math.max(...all.map((p) => p.x)),
    Math.max(...all.map((p) => p.y)),
  ];
  const flags: number[] = [],
    xs: number[] = [],
    ys: number[] = [];
  let [x, y] = [0, 0];
  for (const p of all) {
    let flag = p.on ? 1 : 0;
    const axis = (delta: number, short: number, same: number, into: number[]) => {
      if (delta === 0) flag |= same;
      else if (Math.abs(delta) < 256) {
        flag |= short | (delta > 0 ? same : 0);
        into.push(Math.abs(delta));
      } else into.push((delta >> 8) & 255, delta & 255);
    };
    axis(p.x - x, 2, 16, xs);
    axis(p.y - y, 4, 32, ys);
    [x, y] = [p.x, p.y];
    flags.push(flag);
  }
  const packed: number[] = [];
  for (let i = 0; i < flags.length; ) {
    let n = 1;
    while (flags[i + n] === flags[i] && n < 256) n++;
    if (n > 2) packed.push((flags[i] ?? 0) | 8, n - 1);
    else for (let k = 0; k < n; k++) packed.push(flags[i] ?? 0);
    i += n;
  }
  const out = new Uint8Array(10 + contours.length * 2 + 2 + packed.length + xs.length + ys.length);
  const view = viewOf(out);
  view.setInt16(0, contours.length);
  for (const [i, value] of box.entries()) view.setInt16(2 + i * 2, value);
  let end = -1;
  contours.forEach((c, i) => {
    end += c.length;
    view.setUint16(10 + i * 2, end);
  });
  out.set([...packed, ...xs, ...ys], 12 + contours.length * 2);
  return out;
}

/** A table `cmap` of format 12: letters in order, from glyph 1 on. */
function cmap(letters: number[]): Uint8Array {
  const groups: [number, number, number][] = [];
  letters.forEach((code, i) => {
    const last = groups.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else groups.push([code, code, i + 1]);
  });
  const out = new Uint8Array(12 + 16 + groups.length * 12);
  const view = viewOf(out);
  view.setUint16(2, 1);
  view.setUint16(4, 3);
  view.setUint16(6, 10);
  view.setUint32(8, 12);
  view.setUint16(12, 12);
  view.setUint32(16, 16 + groups.length * 12);
  view.setUint32(24, groups.length);
  for (const [i, value] of groups.flat().entries()) view.setUint32(28 + i * 4, value);
  return out;
}

/** Leaves out points that lie on the line between their neighbours, to less than half a unit. */
function flat(points: Point[]): Point[] {
  let left = points;
  for (let again = true; again && left.length > 3; ) {
    again = false;
    const kept: Point[] = [];
    for (let i = 0; i < left.length; i++) {
      const a = kept.at(-1) ?? left.at(-1),
        b = left[i],
        c = left[(i + 1) % left.length];
      if (!a || !b || !c) continue;
      const length = Math.hypot(c.x - a.x, c.y - a.y);
      const off =
        length === 0 ? Math.hypot(b.x - a.x, b.y - a.y) : Math.abs((c.x - a.x) * (a.y - b.y) - (a.x - b.x) * (c.y - a.y)) / length;
      const within =
        (b.x - a.x) * (c.x - a.x) + (b.y - a.y) * (c.y - a.y) >= 0 && (b.x - c.x) * (a.x - c.x) + (b.y - c.y) * (a.y - c.y) >= 0;
      // Between points on the curve alone: else another curve would change.
      const safe = a.on && c.on;
      if (safe && within && off < (b.on ? 0.45 : 0.6)) {
        again = true;
        continue;
      }
      kept.push(b);
    }
    left = kept;
  }
  return left;
}
