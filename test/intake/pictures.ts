/** Small pictures with a place in their metadata, made byte by byte so that the tests need no photographs. */

export const PLACE = 'SECRET-PLACE-31.23N';

const ascii = (text: string) => [...new TextEncoder().encode(text)];
const u16 = (value: number) => [(value >> 8) & 255, value & 255];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];

/** A TIFF block (big endian): orientation, a description that names the place, and GPS 31°14' N 121°28' E. */
function tiff(orientation: number): number[] {
  const text = ascii(`${PLACE}\0`);
  const entry = (tag: number, type: number, count: number, value: number[]) => [...u16(tag), ...u16(type), ...u32(count), ...value];
  const ifd = 8;
  const gps = ifd + 2 + 3 * 12 + 4;
  const data = gps + 2 + 4 * 12 + 4;
  const place = data + 48;
  const rational = (degrees: number, minutes: number) => [...u32(degrees), ...u32(1), ...u32(minutes), ...u32(1), ...u32(0), ...u32(1)];
  return [
    ...ascii('MM'),
    ...u16(42),
    ...u32(ifd),
    ...u16(3),
    ...entry(0x010e, 2, text.length, u32(place)),
    ...entry(0x0112, 3, 1, [...u16(orientation), 0, 0]),
    ...entry(0x8825, 4, 1, u32(gps)),
    ...u32(0),
    ...u16(4),
    ...entry(1, 2, 2, [...ascii('N\0'), 0, 0]),
    ...entry(2, 5, 3, u32(data)),
    ...entry(3, 2, 2, [...ascii('E\0'), 0, 0]),
    ...entry(4, 5, 3, u32(data + 24)),
    ...u32(0),
    ...rational(31, 14),
    ...rational(121, 28),
    ...text,
  ];
}

export function exifSegment(orientation: number): number[] {
  const body = [...ascii('Exif\0\0'), ...tiff(orientation)];
  return [0xff, 0xe1, ...u16(body.length + 2), ...body];
}

/** The smallest baseline JPEG (one grey pixel) with an Exif segment, an XMP segment and a comment. */
export function jpegWithLocation(orientation: number): Uint8Array<ArrayBuffer> {
  const segment = (marker: number, body: number[]) => [0xff, marker, ...u16(body.length + 2), ...body];
  return Uint8Array.from([
    0xff, 0xd8,
    ...segment(0xe0, [...ascii('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...exifSegment(orientation),
    ...segment(0xe1, ascii(`http://ns.adobe.com/xap/1.0/\0<x>${PLACE}</x>`)),
    ...segment(0xfe, ascii(PLACE)),
    ...segment(0xdb, [0, ...Array(64).fill(1)]),
    ...segment(0xc0, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
    ...segment(0xc4, [0, 1, ...Array(15).fill(0), 0]),
    ...segment(0xc4, [0x10, 1, ...Array(15).fill(0), 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    0x3f, 0xff, 0x00,
    0xff, 0xd9,
  ]); // biome-ignore format: bytes
}

/** One pixel of PNG with a text chunk and an eXIf chunk; checksums are not looked at on intake. */
export function pngWithText(): Uint8Array<ArrayBuffer> {
  const chunk = (name: string, body: number[]) => [...u32(body.length), ...ascii(name), ...body, 0, 0, 0, 0];
  return Uint8Array.from([
    0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10,
    ...chunk('IHDR', [...u32(1), ...u32(1), 8, 0, 0, 0, 0]),
    ...chunk('tEXt', ascii(`Location\0${PLACE}`)),
    ...chunk('eXIf', tiff(1)),
    ...chunk('IDAT', [0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]),
    ...chunk('IEND', []),
  ]); // biome-ignore format: bytes
}

/** WebP: an extended header that announces Exif and XMP, one lossless pixel, and both. */
export function webpWithExif(): Uint8Array<ArrayBuffer> {
  const le = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
  const chunk = (name: string, body: number[]) => [...ascii(name), ...le(body.length), ...body, ...(body.length % 2 ? [0] : [])];
  const body = [
    ...ascii('WEBP'),
    ...chunk('VP8X', [0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ...chunk('VP8L', [0x2f, 0, 0, 0, 0, 0x88, 0x88, 8]),
    ...chunk('EXIF', tiff(1)),
    ...chunk('XMP ', ascii(`<x>${PLACE}</x>`)),
  ];
  return Uint8Array.from([...ascii('RIFF'), ...le(body.length), ...body]);
}

/** HEIC: a file type, and a meta box with an image item (with its size) and an Exif item whose bytes stand in the media data. */
export function heicWithLocation(): Uint8Array<ArrayBuffer> {
  const box = (name: string, body: number[]) => [...u32(body.length + 8), ...ascii(name), ...body];
  const full = (name: string, version: number, body: number[]) => box(name, [version, 0, 0, 0, ...body]);
  const infe = (id: number, type: string) => full('infe', 2, [...u16(id), 0, 0, ...ascii(type), 0]);
  const exif = tiff(1);
  const build = (at: number) => [
    ...box('ftyp', [...ascii('heic'), 0, 0, 0, 0, ...ascii('mif1heic')]),
    ...full('meta', 0, [
      ...full('hdlr', 0, [0, 0, 0, 0, ...ascii('pict'), ...Array(13).fill(0)]),
      ...full('pitm', 0, u16(1)),
      ...full('iinf', 0, [...u16(2), ...infe(1, 'hvc1'), ...infe(2, 'Exif')]),
      ...box('iprp', box('ipco', full('ispe', 0, [...u32(4), ...u32(3)]))),
      ...full('iloc', 0, [
        0x44,
        0x00,
        ...u16(2),
        ...u16(1),
        0,
        0,
        ...u16(1),
        ...u32(at),
        ...u32(4),
        ...u16(2),
        0,
        0,
        ...u16(1),
        ...u32(at + 4),
        ...u32(exif.length),
      ]),
    ]),
  ];
  const head = build(0).length;
  return Uint8Array.from([...build(head + 8), ...box('mdat', [1, 2, 3, 4, ...exif])]);
}
