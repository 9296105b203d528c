import { ascii, type Bytes, type Cleaned, counter, Unfit, view, writer } from './bytes.ts';
import { orientationOf, tiffWith } from './orientation.ts';

const PICTURE = new Set(['VP8 ', 'VP8L', 'ALPH']);
const KEPT = new Set([...PICTURE, 'VP8X', 'ICCP', 'ANIM']);

/** Flags of VP8X that announce Exif and XMP. */
const EXIF = 0x08;
const XMP = 0x04;

/** WebP (RIFF): the chunks that draw stay; Exif is left with the orientation alone, XMP and unknown chunks go, as does what follows the end. */
export function cleanWebp(bytes: Bytes): Cleaned {
  const size = view(bytes).getUint32(4, true) + 8;
  if (size > bytes.length) throw new Unfit('cut');
  const part = counter();
  const kept = writer(bytes.length + 64);
  kept.put(bytes.subarray(0, 12));
  let [width, height, pictures] = [0, 0, 0];
  let orientation = 1;
  for (const { name, at, end } of chunks(bytes, 12, size, part)) {
    const body = bytes.subarray(at + 8, end);
    const told = sizeIn(name, body);
    [width, height] = [Math.max(width, told.width), Math.max(height, told.height)];
    if (name === 'EXIF' && orientation === 1) {
      // Some writers put the name of the JPEG segment in front.
      orientation = orientationOf(ascii(body, 0, 4) === 'Exif' ? body.subarray(6) : body);
      if (orientation !== 1) kept.put(chunk('EXIF', tiffWith(orientation)));
    }
    if (name === 'VP8 ' || name === 'VP8L' || name === 'ANMF') pictures += 1;
    if (KEPT.has(name)) kept.put(chunk(name, body));
    if (name === 'ANMF') {
      const frame = writer(body.length + 8);
      frame.put(body.subarray(0, 16));
      for (const inner of chunks(body, 16, body.length, part)) {
        if (PICTURE.has(inner.name)) frame.put(chunk(inner.name, body.subarray(inner.at + 8, inner.end)));
      }
      kept.put(chunk('ANMF', frame.done()));
    }
  }
  if (pictures === 0 || width === 0 || height === 0) throw new Unfit('damaged');
  const result = kept.done();
  view(result).setUint32(4, result.length - 8, true);
  if (ascii(result, 12, 4) === 'VP8X') result[20] = ((result[20] ?? 0) & ~(EXIF | XMP)) | (orientation === 1 ? 0 : EXIF);
  return { bytes: result, width, height };
}

/** The chunks between `from` and `to`: name, where each begins, and where its content ends (without the byte that makes it even). */
function* chunks(bytes: Uint8Array, from: number, to: number, part: () => void) {
  const data = view(bytes);
  for (let at = from; at + 8 <= to; ) {
    part();
    const length = data.getUint32(at + 4, true);
    const end = at + 8 + length;
    if (end > to) throw new Unfit('damaged');
    yield { name: ascii(bytes, at, 4), at, end };
    at = end + (length % 2);
  }
}

function chunk(name: string, body: ArrayLike<number>): Uint8Array {
  const whole = new Uint8Array(8 + body.length + (body.length % 2));
  for (let i = 0; i < 4; i++) whole[i] = name.charCodeAt(i);
  view(whole).setUint32(4, body.length, true);
  whole.set(body, 8);
  return whole;
}

/** The size that a chunk declares: the canvas (VP8X), a lossy frame (VP8, RFC 6386, 9.1) or a lossless one (VP8L). */
function sizeIn(name: string, body: Uint8Array): { width: number; height: number } {
  const data = view(body);
  if (name === 'VP8X') {
    return { width: (data.getUint32(4, true) & 0xffffff) + 1, height: (data.getUint32(6, true) >>> 8) + 1 };
  }
  if (name === 'VP8 ') return { width: data.getUint16(6, true) & 0x3fff, height: data.getUint16(8, true) & 0x3fff };
  if (name === 'VP8L') {
    const bits = data.getUint32(1, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return { width: 0, height: 0 };
}
