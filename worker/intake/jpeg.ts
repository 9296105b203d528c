import { ascii, type Bytes, type Cleaned, codes, counter, Unfit, view, writer } from './bytes.ts';
import { orientationOf, tiffWith } from './orientation.ts';

/** Segments that draw the picture: SOF0 to SOF15 with DHT and DAC among them, SOS, DQT, DNL, DRI, DHP, EXP (ITU-T T.81, table B.1). */
const draws = (marker: number) => (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8) || (marker >= 0xda && marker <= 0xdf);
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
/** Markers without a length: TEM and restarts, and a stuffed zero that stands outside a scan. */
const isBare = (marker: number) => marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/** A segment from its marker at `at` to `end`, and to `until` with the scan that follows it. The end of the picture is the last one, without a body. */
type Segment = { marker: number; at: number; end: number; until: number };

/** The segments of a JPEG behind its first marker, up to the end of the picture. */
function* segments(bytes: Uint8Array): Generator<Segment> {
  const data = view(bytes);
  const part = counter();
  for (let at = 2; ; ) {
    part();
    at = nextMarker(bytes, at);
    const marker = data.getUint8(at + 1);
    if (marker === 0xd9) return yield { marker, at, end: at + 2, until: at + 2 };
    if (isBare(marker)) {
      at += 2;
      continue;
    }
    const length = marker === 0xd8 ? 0 : data.getUint16(at + 2);
    if (length < 2) throw new Unfit('damaged');
    const end = at + 2 + length;
    if (end > bytes.length) throw new Unfit('cut');
    const until = marker === 0xda ? endOfScan(bytes, end) : end;
    yield { marker, at, end, until };
    at = until;
  }
}

/**
 * JPEG (ITU-T T.81, B.1): the segments that draw stay, with the colour profile, the colour transform, the density and the orientation; Exif,
 * XMP, IPTC, CIFF, further pictures, comments, thumbnails and whatever follows the end go. The size is that of the frame itself.
 */
export function cleanJpeg(bytes: Bytes): Cleaned {
  const data = view(bytes);
  const kept = writer(bytes.length + 64);
  let [width, height, scans, orientation] = [0, 0, 0, 1];
  kept.put([0xff, 0xd8]);
  for (const { marker, at, end, until } of segments(bytes)) {
    if (marker === 0xd9) break;
    const body = bytes.subarray(at + 4, end);
    if (isFrame(marker)) {
      height = Math.max(height, data.getUint16(at + 5));
      width = Math.max(width, data.getUint16(at + 7));
    }
    // A height that is said only after the first scan.
    if (marker === 0xdc) height = Math.max(height, data.getUint16(at + 4));
    if (marker === 0xda) scans += 1;
    if (draws(marker)) kept.put(bytes.subarray(at, until));
    else if (marker === 0xe1 && orientation === 1 && ascii(body, 0, 4) === 'Exif') {
      orientation = orientationOf(body.subarray(6));
      if (orientation !== 1) kept.put(segment(0xe1, [...codes('Exif\0\0'), ...tiffWith(orientation)]));
    } else kept.put(applicationData(marker, body));
  }
  if (scans === 0 || width === 0 || height === 0) throw new Unfit('damaged');
  kept.put([0xff, 0xd9]);
  return { bytes: kept.done(), width, height };
}

/**
 * The parts of a JPEG that tell more than the picture, where nothing may move: the bodies of segments of which nothing may stay, and whatever
 * follows the end. A colour profile and Adobe's transform stay as they are.
 */
export function tellingParts(bytes: Uint8Array): { from: number; to: number }[] {
  if (bytes.length < 4 || view(bytes).getUint16(0) !== 0xffd8) throw new Unfit('damaged');
  return [...segments(bytes)].flatMap(({ marker, at, end }) => {
    if (marker === 0xd9) return [{ from: end, to: bytes.length }];
    if (draws(marker)) return [];
    const stays = applicationData(marker, bytes.subarray(at + 4, end)).length;
    return [{ from: at + Math.max(4, stays), to: end }];
  });
}

/** What stays of an APPn segment: of JFIF the density without its thumbnail, of Adobe the transform, the colour profile; of others nothing. */
function applicationData(marker: number, body: Uint8Array): ArrayLike<number> {
  if (marker === 0xe0 && ascii(body, 0, 5) === 'JFIF\0' && body.length >= 14) return segment(marker, [...body.subarray(0, 12), 0, 0]);
  if (marker === 0xee && ascii(body, 0, 5) === 'Adobe' && body.length >= 12) return segment(marker, [...body.subarray(0, 12)]);
  if (marker === 0xe2 && ascii(body, 0, 12) === 'ICC_PROFILE\0') return segment(marker, body);
  return [];
}

function segment(marker: number, body: ArrayLike<number>): Uint8Array {
  const whole = new Uint8Array(body.length + 4);
  whole.set([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]);
  whole.set(body, 4);
  return whole;
}

/** The next marker from `from`; what stands before it, and fill bytes, count for nothing (as every decoder has it). */
function nextMarker(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  if (at < 0) throw new Unfit('cut');
  while (bytes[at + 1] === 0xff) at += 1;
  return at;
}

/** Where entropy-coded data ends: at the next marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw new Unfit('cut');
}
