/** Small pictures with a place in their metadata, made byte by byte so that the tests need no photographs. */

export const PLACE = 'SECRET-PLACE-31.23N';

const ascii = (text: string) => Array.from(text, (char) => char.charCodeAt(0));
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

/** Segments in which cameras and programs leave more than a picture: who made it, where, and further pictures. */
export const TELLING_SEGMENTS: [string, number, number[]][] = [
  ['Exif', 0xe1, [...ascii('Exif\0\0'), ...tiff(1)]],
  ['XMP', 0xe1, ascii(`http://ns.adobe.com/xap/1.0/\0<x>${PLACE}</x>`)],
  ['extended XMP', 0xe1, ascii(`http://ns.adobe.com/xmp/extension/\0${PLACE}`)],
  ['IPTC', 0xed, ascii(`Photoshop 3.0\x008BIM${PLACE}`)],
  ['CIFF of old cameras', 0xe0, ascii(`II\x1a\0\0\0HEAPJPGM${PLACE}`)],
  ['a JFIF thumbnail', 0xe0, [...ascii('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 1, 8, ...ascii(PLACE)]],
  ['a JFXX thumbnail', 0xe0, ascii(`JFXX\0\x10${PLACE}`)],
  ['an index of further pictures', 0xe2, ascii(`MPF\0${PLACE}`)],
  ['FlashPix', 0xe2, ascii(`FPXR\0${PLACE}`)],
  ['a maker’s segment', 0xe4, ascii(PLACE)],
  ['C2PA', 0xeb, ascii(`JP${PLACE}`)],
  ['what follows Adobe’s transform', 0xee, [...ascii('Adobe'), 0, 100, 0, 0, 0, 0, 0, ...ascii(PLACE)]],
  ['a comment', 0xfe, ascii(PLACE)],
];

/** One grey pixel whose frame, of a given kind (SOF0 to SOF15), comes right after the segments given. */
export function jpegWith(segments: [string, number, number[]][], frame = 0xc0, size = { width: 1, height: 1 }): Uint8Array<ArrayBuffer> {
  const segment = (marker: number, body: number[]) => [0xff, marker, ...u16(body.length + 2), ...body];
  return Uint8Array.from([
    0xff, 0xd8,
    ...segments.flatMap(([, marker, body]) => segment(marker, body)),
    ...segment(frame, [8, ...u16(size.height), ...u16(size.width), 1, 1, 0x11, 0]),
    ...segment(0xdb, [0, ...Array(64).fill(1)]),
    ...segment(0xc4, [0, 1, ...Array(15).fill(0), 0]),
    ...segment(0xc4, [0x10, 1, ...Array(15).fill(0), 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    0x3f, 0xff, 0x00,
    0xff, 0xd9,
  ]); // biome-ignore format: bytes
}

/** One pixel of PNG with a text chunk and an eXIf chunk; checksums are not looked at on intake. */
export function pngWithText(orientation = 1): Uint8Array<ArrayBuffer> {
  const chunk = (name: string, body: number[]) => [...u32(body.length), ...ascii(name), ...body, 0, 0, 0, 0];
  return Uint8Array.from([
    0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10,
    ...chunk('IHDR', [...u32(1), ...u32(1), 8, 0, 0, 0, 0]),
    ...chunk('tEXt', ascii(`Location\0${PLACE}`)),
    ...chunk('iTXt', ascii(`XML:com.adobe.xmp\0\0\0\0\0<x>${PLACE}</x>`)),
    ...chunk('zTXt', ascii(`Comment\0\0${PLACE}`)),
    ...chunk('prVt', ascii(PLACE)),
    ...chunk('eXIf', tiff(orientation)),
    ...chunk('IDAT', [0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]),
    ...chunk('IEND', []),
  ]); // biome-ignore format: bytes
}

/** WebP: an extended header that announces Exif and XMP, one lossless pixel, and both. */
export function webpWithExif(orientation = 1): Uint8Array<ArrayBuffer> {
  const le = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
  const chunk = (name: string, body: number[]) => [...ascii(name), ...le(body.length), ...body, ...(body.length % 2 ? [0] : [])];
  const body = [
    ...ascii('WEBP'),
    ...chunk('VP8X', [0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ...chunk('VP8L', [0x2f, 0, 0, 0, 0, 0x88, 0x88, 8]),
    ...chunk('EXIF', tiff(orientation)),
    ...chunk('XMP ', ascii(`<x>${PLACE}</x>`)),
    ...chunk('prVt', ascii(PLACE)),
  ];
  return Uint8Array.from([...ascii('RIFF'), ...le(body.length), ...body]);
}

const box = (name: string, body: number[]) => [...u32(body.length + 8), ...ascii(name), ...body];
const full = (name: string, version: number, body: number[]) => box(name, [version, 0, 0, 0, ...body]);

/** Bytes of a picture in a made HEIC: what must stand where it stood. */
export const HEIC_PICTURE = [0xa1, 0xa2, 0xa3, 0xa4];

/** A video as it stands behind a motion photo, with the place of its taking. */
const VIDEO = [
  ...box('ftyp', ascii('mp42\0\0\0\0isommp42')),
  ...box('moov', box('udta', box('\xa9xyz', ascii(`+31.2304+121.4737/${PLACE}`)))),
];

/** What stands at the top of a HEIC beside its picture, as phones write it. */
export const HEIC_BESIDE: [string, number[]][] = [
  ['a motion photo’s video', box('mpvd', VIDEO)],
  ['a maker’s data', box('sefd', ascii(`MCC_Data460${PLACE}`))],
  ['a user’s box', box('uuid', ascii(`0123456789abcdef${PLACE}`))],
  ['a film', box('moov', ascii(PLACE))],
  ['free room that is not empty', box('free', ascii(PLACE))],
  ['a second description', full('meta', 0, box('xml ', ascii(PLACE)))],
  ['a box with a long size', [...u32(1), ...ascii('mpvd'), ...u32(0), ...u32(16 + PLACE.length), ...ascii(PLACE)]],
  ['a box up to the end of the file', [...u32(0), ...ascii('mpvd'), ...ascii(PLACE)]],
  ['what is no box', ascii(`\xff\xff\xff${PLACE}`)],
];

/**
 * HEIC: a file type, and a meta box with an image item (with its size and its turn) and an Exif item whose bytes stand in the media data,
 * where a video that no item refers to stands as well; behind it what is given. `thumbnail` is a second picture that is a JPEG of its own.
 */
export function heicWithLocation(beside: number[] = [], thumbnail: number[] = []): Uint8Array<ArrayBuffer> {
  const infe = (id: number, type: string, name: string) => full('infe', 2, [...u16(id), 0, 0, ...ascii(type), ...ascii(`${name}\0`)]);
  const exif = tiff(1);
  const property = [...full('ispe', 0, [...u32(4), ...u32(3)]), ...full('udes', 0, ascii(`zh\0${PLACE}\0\0\0`)), ...box('irot', [1])];
  const place = (item: number, at: number, length: number) => [...u16(item), 0, 0, ...u16(1), ...u32(at), ...u32(length)];
  const build = (at: number) => [
    ...box('ftyp', [...ascii('heic'), 0, 0, 0, 0, ...ascii('mif1heic')]),
    ...full('meta', 0, [
      ...full('hdlr', 0, [0, 0, 0, 0, ...ascii('pict'), ...Array(13).fill(0)]),
      ...full('pitm', 0, u16(1)),
      ...full('iinf', 0, [
        ...u16(thumbnail.length > 0 ? 3 : 2),
        ...infe(1, 'hvc1', PLACE),
        ...infe(2, 'Exif', ''),
        ...(thumbnail.length > 0 ? infe(3, 'jpeg', '') : []),
      ]),
      ...box('iprp', box('ipco', property)),
      ...full('iloc', 0, [
        0x44,
        0x00,
        ...u16(thumbnail.length > 0 ? 3 : 2),
        ...place(1, at, 4),
        ...place(2, at + 4, exif.length),
        ...(thumbnail.length > 0 ? place(3, at + 4 + exif.length, thumbnail.length) : []),
      ]),
      ...box('uuid', ascii(PLACE)),
    ]),
  ];
  const head = build(0).length;
  return Uint8Array.from([...build(head + 8), ...box('mdat', [...HEIC_PICTURE, ...exif, ...thumbnail, ...VIDEO]), ...beside]);
}

/**
 * A HEIC of one hostile hand: so many extents of one of its items (1 is the picture, 2 its Exif), each over all of its media data, which lie in so many
 * boxes; the last extent stands first, so that nothing is in order.
 */
export function heicOfExtents(item: 1 | 2, extents: number, size: number, boxes = 1): Uint8Array<ArrayBuffer> {
  const infe = (id: number, type: string) => full('infe', 2, [...u16(id), 0, 0, ...ascii(`${type}\0`)]);
  const counts = [1, 2].map((id) => (id === item ? extents : 1));
  const whole = Math.floor(size / boxes);
  const start = [
    ...full('iinf', 0, [...u16(2), ...infe(1, 'hvc1'), ...infe(2, 'Exif')]),
    ...box('iprp', box('ipco', full('ispe', 0, [...u32(4), ...u32(3)]))),
  ];
  const type = box('ftyp', [...ascii('heic'), 0, 0, 0, 0, ...ascii('mif1heic')]);
  const places = 16 + 2 * 6 + 8 * (extents + 1);
  const meta = 12 + start.length + places;
  const bytes = new Uint8Array(type.length + meta + whole * boxes);
  bytes.set([...type, ...u32(meta), ...ascii('meta'), 0, 0, 0, 0, ...start]);
  bytes.set([...u32(places), ...ascii('iloc'), 0, 0, 0, 0, 0x44, 0, 0, 2], type.length + 12 + start.length);
  const data = new DataView(bytes.buffer);
  let at = type.length + 12 + start.length + 16;
  const media = type.length + meta;
  counts.forEach((count, i) => {
    bytes.set([...u16(i + 1), 0, 0, ...u16(count)], at);
    at += 6;
    for (let left = count; left > 0; left--) {
      const from = (left % boxes) * whole + 8 + (left % 997);
      data.setUint32(at, media + from);
      data.setUint32(at + 4, whole - (from % whole));
      at += 8;
    }
  });
  for (let i = 0; i < boxes; i++) bytes.set([...u32(whole), ...ascii('mdat')], media + i * whole);
  return bytes;
}
