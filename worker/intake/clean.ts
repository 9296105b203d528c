/**
 * Takes out of an image what says where and with what it was made: Exif, XMP, IPTC, comments, and whatever follows its end.
 * Pixels are untouched; a JPEG keeps its orientation, and colour profiles stay. Returns null where the file is not built as its type is.
 */
export function clean(bytes: Uint8Array<ArrayBuffer>, type: string): Uint8Array<ArrayBuffer> | null {
  try {
    if (type === 'image/jpeg') return cleanJpeg(bytes);
    if (type === 'image/png') return cleanPng(bytes);
    if (type === 'image/webp') return cleanWebp(bytes);
    if (type === 'image/heic') return cleanHeic(bytes);
    return bytes;
  } catch (thrown) {
    // A length that points beyond the end: the file is damaged, or is not what it claims to be.
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const ascii = (bytes: Uint8Array, at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** JPEG (ITU-T T.81, B.1): segments up to the end of the image; APP0, APP2 with a colour profile and APP14 stay, other APPn and comments go. */
function cleanJpeg(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const data = view(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let orientation = 1;
  let at = 2;
  for (;;) {
    if (data.getUint8(at) !== 0xff) return null;
    const marker = data.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) {
      kept.push(bytes.subarray(at, at + 2));
      break;
    }
    const end = at + 2 + data.getUint16(at + 2);
    if (end > bytes.length) return null;
    if (marker === 0xe1) orientation = orientationOf(bytes.subarray(at + 4, end)) ?? orientation;
    const isApp = marker >= 0xe0 && marker <= 0xef;
    const stays = !isApp || marker === 0xe0 || marker === 0xee || (marker === 0xe2 && ascii(bytes, at + 4, 11) === 'ICC_PROFILE');
    if (stays && marker !== 0xfe) kept.push(bytes.subarray(at, end));
    at = end;
    if (marker === 0xda) {
      const scanEnd = endOfScan(bytes, at);
      kept.push(bytes.subarray(at, scanEnd));
      at = scanEnd;
    }
  }
  if (orientation !== 1) kept.splice(1, 0, exifWith(orientation));
  return join(kept);
}

/** Where entropy-coded data ends: at the next marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw new RangeError('a scan without an end');
}

/** The orientation (1 to 8) in an Exif segment, TIFF tag 0x0112. */
function orientationOf(segment: Uint8Array): number | null {
  if (ascii(segment, 0, 6) !== 'Exif\0\0') return null;
  const tiff = segment.subarray(6);
  const data = view(tiff);
  if (tiff.length < 14) return null;
  const little = ascii(tiff, 0, 2) === 'II';
  const directory = data.getUint32(4, little);
  if (directory + 2 > tiff.length) return null;
  const count = data.getUint16(directory, little);
  for (let i = 0; i < count && directory + 14 + i * 12 <= tiff.length; i++) {
    const entry = directory + 2 + i * 12;
    if (data.getUint16(entry, little) !== 0x0112) continue;
    const value = data.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}

/** An Exif segment that says the orientation and nothing else. */
function exifWith(orientation: number): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  return Uint8Array.from([0xff, 0xe1, 0, body.length + 2, ...body]);
}

/** PNG chunks that draw the picture; all others (text, time, Exif, private ones) go. */
const PNG_KEPT = new Set('IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs hIST sPLT acTL fcTL fdAT cICP mDCV cLLI'.split(' '));

function cleanPng(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const data = view(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  for (let at = 8; ; ) {
    const end = at + 12 + data.getUint32(at);
    if (end > bytes.length) return null;
    const name = ascii(bytes, at + 4, 4);
    if (PNG_KEPT.has(name)) kept.push(bytes.subarray(at, end));
    if (name === 'IEND') return join(kept);
    at = end;
  }
}

/** WebP (RIFF): the chunks EXIF and XMP go, and the flags in VP8X that announce them. */
function cleanWebp(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const data = view(bytes);
  const size = data.getUint32(4, true) + 8;
  if (size > bytes.length) return null;
  const kept: Uint8Array[] = [];
  for (let at = 12; at + 8 <= size; ) {
    const name = ascii(bytes, at, 4);
    const length = data.getUint32(at + 4, true);
    const end = Math.min(at + 8 + length + (length % 2), size);
    if (at + 8 + length > size) return null;
    const chunk = bytes.slice(at, end);
    if (name === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~0x0c;
    if (name !== 'EXIF' && name !== 'XMP ') kept.push(chunk);
    at = end;
  }
  const body = join(kept);
  const head = bytes.slice(0, 12);
  view(head).setUint32(4, body.length + 4, true);
  return join([head, body]);
}

type Box = { name: string; start: number; end: number };

/** The boxes of an ISO media file (ISO/IEC 14496-12) from `at` to `end`. `start` is where a box's content begins. */
function boxes(bytes: Uint8Array, at: number, end: number): Box[] {
  const data = view(bytes);
  const found: Box[] = [];
  while (at + 8 <= end) {
    const short = data.getUint32(at);
    const size = short === 1 ? Number(data.getBigUint64(at + 8)) : short === 0 ? end - at : short;
    if (size < 8 || at + size > end) throw new RangeError('a box beyond its frame');
    found.push({ name: ascii(bytes, at + 4, 4), start: at + (short === 1 ? 16 : 8), end: at + size });
    at += size;
  }
  return found;
}

/** HEIC: the items of Exif and XMP are blanked where they stand, so that no offset moves. */
function cleanHeic(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const meta = boxes(bytes, 0, bytes.length).find(({ name }) => name === 'meta');
  if (!meta) return null;
  const inside = boxes(bytes, meta.start + 4, meta.end);
  const items = inside.find(({ name }) => name === 'iinf');
  const places = inside.find(({ name }) => name === 'iloc');
  if (!items || !places) return null;
  const told = tellingItems(bytes, items);
  const result = bytes.slice();
  const own = inside.find(({ name }) => name === 'idat');
  for (const { item, method, offset, length } of extents(bytes, places)) {
    if (!told.has(item)) continue;
    const from = method === 1 ? (own?.start ?? 0) + offset : offset;
    if (from + length > bytes.length) return null;
    result.fill(0, from, from + length);
  }
  return result;
}

/** Ids of the items that hold Exif or XMP. */
function tellingItems(bytes: Uint8Array, { start, end }: Box): Set<number> {
  const data = view(bytes);
  const told = new Set<number>();
  for (const entry of boxes(bytes, start + (data.getUint8(start) === 0 ? 6 : 8), end)) {
    const version = data.getUint8(entry.start);
    if (entry.name !== 'infe' || version < 2) continue;
    const wide = version > 2;
    const id = wide ? data.getUint32(entry.start + 4) : data.getUint16(entry.start + 4);
    const type = ascii(bytes, entry.start + (wide ? 10 : 8), 4);
    if (type === 'Exif' || type === 'mime') told.add(id);
  }
  return told;
}

type Extent = { item: number; method: number; offset: number; length: number };

function extents(bytes: Uint8Array, { start, end }: Box): Extent[] {
  const data = view(bytes);
  const version = data.getUint8(start);
  const sizes = data.getUint16(start + 4);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  let at = start + 6;
  const read = (size: number): number => {
    const value = size === 0 ? 0 : size === 8 ? Number(data.getBigUint64(at)) : size === 4 ? data.getUint32(at) : data.getUint16(at);
    at += size;
    if (at > end) throw new RangeError('a list of places beyond its box');
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
      read(indexSize);
      found.push({ item, method, offset: base + read(offsetSize), length: read(lengthSize) });
    }
  }
  return found;
}
