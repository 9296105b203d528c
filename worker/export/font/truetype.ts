/**
 * TrueType files, as far as documents need them (ISO/IEC 14496-22): which glyph draws a letter, how wide it is, and a file with only some of
 * the glyphs. Only what is asked for is read, so that a font of 10 MB costs no more than the letters of one document.
 */

export type TrueType = {
  unitsPerEm: number;
  ascent: number;
  descent: number;
  box: readonly [number, number, number, number];
  /** The glyph of a code point, 0 where the font has none. */
  glyphOf(codePoint: number): number;
  /** The advance of a glyph, in font units. */
  advanceOf(glyph: number): number;
  /** The glyph's entry of the table `glyf`; empty where it draws nothing. */
  outlineOf(glyph: number): Uint8Array;
};

export type Tables = Readonly<Record<string, Uint8Array>>;

const COMPOSITE = { words: 1, offsets: 2, more: 32, scale: 8, scaleXY: 64, matrix: 128 };

export function tablesOf(bytes: Uint8Array): Tables {
  const file = viewOf(bytes);
  const found: Record<string, Uint8Array> = {};
  for (let i = 0; i < file.getUint16(4); i++) {
    const at = 12 + i * 16;
    const start = file.getUint32(at + 8);
    found[String.fromCharCode(...bytes.subarray(at, at + 4))] = bytes.subarray(start, start + file.getUint32(at + 12));
  }
  return found;
}

/** @throws where the file is no TrueType font with a Unicode `cmap` */
export function readTrueType(bytes: Uint8Array): TrueType {
  const tables = tablesOf(bytes);
  const table = (tag: string) => {
    const found = tables[tag];
    if (!found) throw new Error(`The font has no table ${tag}.`);
    return found;
  };
  const head = viewOf(table('head'));
  const hhea = viewOf(table('hhea'));
  const hmtx = viewOf(table('hmtx'));
  const loca = viewOf(table('loca'));
  const glyf = table('glyf');
  const metrics = hhea.getUint16(34);
  const long = head.getInt16(50) === 1;
  const place = (glyph: number) => (long ? loca.getUint32(glyph * 4) : loca.getUint16(glyph * 2) * 2);
  return {
    unitsPerEm: head.getUint16(18),
    ascent: hhea.getInt16(4),
    descent: hhea.getInt16(6),
    box: [head.getInt16(36), head.getInt16(38), head.getInt16(40), head.getInt16(42)],
    glyphOf: readCmap(viewOf(table('cmap'))),
    advanceOf: (glyph) => hmtx.getUint16(Math.min(glyph, metrics - 1) * 4),
    outlineOf: (glyph) => glyf.subarray(place(glyph), place(glyph + 1)),
  };
}

function readCmap(cmap: DataView): (codePoint: number) => number {
  const offsets: Record<number, number> = {};
  for (let i = 0; i < cmap.getUint16(2); i++) {
    const at = 4 + i * 8;
    const platform = cmap.getUint16(at);
    const start = cmap.getUint32(at + 4);
    if (platform === 0 || platform === 3) offsets[cmap.getUint16(start)] = start;
  }
  const full = offsets[12];
  if (full !== undefined) return (codePoint) => segmented(cmap, full, codePoint);
  const basic = offsets[4];
  if (basic === undefined) throw new Error('The font has no cmap of format 4 or 12.');
  return (codePoint) => (codePoint > 0xffff ? 0 : deltas(cmap, basic, codePoint));
}

/** Format 12: groups of (first, last, glyph of the first), in order. */
function segmented(cmap: DataView, start: number, codePoint: number): number {
  let low = 0;
  let high = cmap.getUint32(start + 12) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = start + 16 + middle * 12;
    if (codePoint < cmap.getUint32(at)) high = middle - 1;
    else if (codePoint > cmap.getUint32(at + 4)) low = middle + 1;
    else return cmap.getUint32(at + 8) + codePoint - cmap.getUint32(at);
  }
  return 0;
}

/** Format 4: segments with a delta, or with an offset to an array of glyphs. */
function deltas(cmap: DataView, start: number, codePoint: number): number {
  const twice = cmap.getUint16(start + 6);
  const ends = start + 14;
  const starts = ends + twice + 2;
  for (let i = 0; i < twice; i += 2) {
    if (codePoint > cmap.getUint16(ends + i)) continue;
    const first = cmap.getUint16(starts + i);
    if (codePoint < first) return 0;
    const delta = cmap.getUint16(starts + twice + i);
    const rangeAt = starts + 2 * twice + i;
    const range = cmap.getUint16(rangeAt);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = cmap.getUint16(rangeAt + range + (codePoint - first) * 2);
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}

/**
 * A font file for a PDF, without names and cmap: glyph 0 draws nothing, then come these outlines, numbered as they stand, and after them what
 * composites among them are made of.
 */
export function subset(
  font: TrueType,
  drawn: readonly { outline: Uint8Array; advance: number }[],
  source: Tables,
): Uint8Array<ArrayBuffer> {
  const all = [{ outline: new Uint8Array(), advance: font.unitsPerEm }, ...drawn];
  const places = new Map<number, number>();
  for (let i = 0; i < all.length; i++) {
    const outline = all[i]?.outline.slice() ?? new Uint8Array();
    for (const at of components(outline)) {
      const view = viewOf(outline);
      const part = view.getUint16(at);
      const place = places.get(part) ?? all.push({ outline: font.outlineOf(part), advance: font.advanceOf(part) }) - 1;
      places.set(part, place);
      view.setUint16(at, place);
    }
    all[i] = { outline, advance: all[i]?.advance ?? 0 };
  }
  const hmtx = new DataView(new ArrayBuffer(all.length * 4));
  for (const [i, { outline, advance }] of all.entries()) {
    hmtx.setUint16(i * 4, advance);
    // The side bearing is where the outline begins: a reader places the glyph by it.
    hmtx.setInt16(i * 4 + 2, outline.length < 10 ? 0 : viewOf(outline).getInt16(2));
  }
  const kept = ['cvt ', 'fpgm', 'prep'].flatMap((tag) => (source[tag] ? [[tag, source[tag]] as const] : []));
  return assemble({
    ...Object.fromEntries(kept),
    ...outlineTables(
      all.map(({ outline }) => outline),
      source,
    ),
    hmtx: new Uint8Array(hmtx.buffer),
  });
}

/** Several glyphs at their places as one (a composite, with words for its offsets). One glyph at its own place is itself. */
export function composite(font: TrueType, parts: readonly { glyph: number; x: number; y: number }[]): Uint8Array {
  const shown = parts.filter(({ glyph }) => font.outlineOf(glyph).length >= 10);
  const [only] = shown;
  if (!only) return new Uint8Array();
  if (shown.length === 1 && only.x === 0 && only.y === 0) return font.outlineOf(only.glyph);
  const boxes = shown.map(({ glyph, x, y }) => {
    const view = viewOf(font.outlineOf(glyph));
    return [view.getInt16(2) + x, view.getInt16(4) + y, view.getInt16(6) + x, view.getInt16(8) + y] as const;
  });
  const outline = new Uint8Array(10 + shown.length * 8);
  const view = viewOf(outline);
  view.setInt16(0, -1);
  view.setInt16(2, Math.min(...boxes.map(([left]) => left)));
  view.setInt16(4, Math.min(...boxes.map(([, bottom]) => bottom)));
  view.setInt16(6, Math.max(...boxes.map(([, , right]) => right)));
  view.setInt16(8, Math.max(...boxes.map(([, , , top]) => top)));
  for (const [i, { glyph, x, y }] of shown.entries()) {
    const at = 10 + i * 8;
    view.setUint16(at, COMPOSITE.words | COMPOSITE.offsets | (i < shown.length - 1 ? COMPOSITE.more : 0));
    view.setUint16(at + 2, glyph);
    view.setInt16(at + 4, x);
    view.setInt16(at + 6, y);
  }
  return outline;
}

/** `glyf`, `loca`, and what of `head`, `hhea` and `maxp` counts glyphs. */
export function outlineTables(outlines: readonly Uint8Array[], source: Tables) {
  const loca = new DataView(new ArrayBuffer((outlines.length + 1) * 4));
  const padded = outlines.map((outline) => (outline.length + 3) & ~3);
  const glyf = new Uint8Array(padded.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const [i, outline] of outlines.entries()) {
    loca.setUint32(i * 4, at);
    glyf.set(outline, at);
    at += padded[i] ?? 0;
  }
  loca.setUint32(outlines.length * 4, at);
  const copy = (tag: string) => source[tag]?.slice() ?? new Uint8Array();
  const [head, hhea, maxp] = [copy('head'), copy('hhea'), copy('maxp')];
  viewOf(head).setInt16(50, 1);
  viewOf(hhea).setUint16(34, outlines.length);
  viewOf(maxp).setUint16(4, outlines.length);
  // Composites of ours may be larger and deeper than the font's own: points, contours, components, depth.
  for (const [at, least] of [
    [10, 20_000],
    [12, 2_000],
    [28, 64],
    [30, 8],
  ] as const) {
    if (maxp.length >= 32) viewOf(maxp).setUint16(at, Math.max(least, viewOf(maxp).getUint16(at)));
  }
  return { head, hhea, maxp, loca: new Uint8Array(loca.buffer), glyf };
}

/** Where a composite names its parts; nothing for a simple glyph. */
function components(outline: Uint8Array): number[] {
  if (outline.length < 10) return [];
  const view = viewOf(outline);
  if (view.getInt16(0) >= 0) return [];
  const found: number[] = [];
  for (let at = 10, flags = COMPOSITE.more; flags & COMPOSITE.more; ) {
    flags = view.getUint16(at);
    found.push(at + 2);
    at += 4 + (flags & COMPOSITE.words ? 4 : 2);
    at += flags & COMPOSITE.matrix ? 8 : flags & COMPOSITE.scaleXY ? 4 : flags & COMPOSITE.scale ? 2 : 0;
  }
  return found;
}

/** A font file of its tables, each padded and with its checksum. */
export function assemble(tables: Tables): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1));
  const begin = 12 + entries.length * 16;
  const bytes = new Uint8Array(begin + entries.reduce((sum, [, { length }]) => sum + ((length + 3) & ~3), 0));
  const view = viewOf(bytes);
  const power = Math.floor(Math.log2(entries.length));
  view.setUint32(0, 0x00010000);
  view.setUint16(4, entries.length);
  view.setUint16(6, 2 ** power * 16);
  view.setUint16(8, power);
  view.setUint16(10, entries.length * 16 - 2 ** power * 16);
  let at = begin;
  for (const [i, [tag, table]] of entries.entries()) {
    bytes.set(table, at);
    const entry = 12 + i * 16;
    for (let k = 0; k < 4; k++) view.setUint8(entry + k, tag.charCodeAt(k));
    let sum = 0;
    for (let k = 0; k < table.length; k += 4) sum = (sum + view.getUint32(at + k)) >>> 0;
    view.setUint32(entry + 4, sum);
    view.setUint32(entry + 8, at);
    view.setUint32(entry + 12, table.length);
    at += (table.length + 3) & ~3;
  }
  return bytes;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
