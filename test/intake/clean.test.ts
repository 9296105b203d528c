import { existsSync, readFileSync } from 'node:fs';
import exifr from 'exifr';
import { imageSize } from 'image-size';
import { describe, expect, test, vi } from 'vitest';
import { cleanHeic } from '../../worker/intake/heic.ts';
import { cleanJpeg } from '../../worker/intake/jpeg.ts';
import { receive } from '../../worker/intake/receive.ts';
import { worked } from '../cpu.ts';
import {
  HEIC_BESIDE,
  HEIC_PICTURE,
  heicOfExtents,
  heicWithLocation,
  jpegWith,
  jpegWithLocation,
  PLACE,
  pngWithText,
  TELLING_SEGMENTS,
  webpWithExif,
} from './pictures.ts';

const give = (bytes: Uint8Array, name = 'IMG_1') => receive(new File([bytes as Uint8Array<ArrayBuffer>], name));

async function taken(bytes: Uint8Array) {
  const result = await give(bytes);
  if ('rejected' in result) throw new Error(result.rejected.code);
  return result.bytes;
}

const holds = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(Buffer.from(text, 'latin1'));
const tells = (bytes: Uint8Array) => [PLACE, 'SECRET', '+31.2304', 'MCC_Data'].some((text) => holds(bytes, text));
const trailer = (bytes: Uint8Array, text: string) => new Uint8Array([...bytes, ...Buffer.from(text, 'latin1')]);

describe('the size of a JPEG is its own frame’s', () => {
  const frames = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
  const exif = TELLING_SEGMENTS.slice(0, 1);
  test.each(frames)('kind %i, right after Exif', async (frame) => {
    expect(await give(jpegWith(exif, frame, { width: 2304, height: 1728 }))).toMatchObject({ type: 'image/jpeg' });
    expect(await give(jpegWith(exif, frame, { width: 60_000, height: 60_000 }))).toMatchObject({ rejected: { code: 'pixels' } });
  });
  test('a thumbnail inside Exif counts for nothing, however large it says it is', async () => {
    const thumbnail = [...jpegWith([], 0xc0, { width: 60_000, height: 60_000 })];
    const sent = jpegWith([['Exif', 0xe1, [...(exif[0]?.[2] ?? []), ...thumbnail]]]);
    expect(await give(sent)).toMatchObject({ type: 'image/jpeg' });
  });
  test('a frame of no size is no picture', async () => {
    expect(await give(jpegWith(exif, 0xc0, { width: 0, height: 1 }))).toMatchObject({ rejected: { code: 'damaged' } });
  });
});

describe('what a JPEG tells goes', () => {
  test.each(TELLING_SEGMENTS)('%s', async (_, marker, body) => {
    const sent = jpegWith([['', marker, body]]);
    expect(tells(sent)).toBe(true);
    const bytes = await taken(sent);
    expect(tells(bytes)).toBe(false);
    const picture = Buffer.from(jpegWith([]).subarray(2));
    expect(Buffer.from(bytes).subarray(-picture.length).equals(picture)).toBe(true);
    expect(Object.keys((await exifr.parse(bytes, { xmp: true, iptc: true, gps: true, jfif: false })) ?? {})).toEqual([]);
  });
  test.each([
    ['a maker’s trailer', `\0\0MotionPhoto_Data${PLACE}SEFH\0SEFT`],
    ['a motion photo’s video', `\0\0\0\x18ftypmp42${PLACE}`],
    ['a second picture', Buffer.from(jpegWithLocation(1)).toString('latin1')],
  ])('%s behind its end', async (_, behind) => expect(tells(await taken(trailer(jpegWith([]), behind)))).toBe(false));
  test('the colour profile stays, byte for byte', async () => {
    const profile = ['', 0xe2, [...Buffer.from('ICC_PROFILE\0\x01\x01a profile', 'latin1')]] as [string, number, number[]];
    expect(holds(await taken(jpegWith([profile])), 'ICC_PROFILE\0\x01\x01a profile')).toBe(true);
  });
});

describe('which way up a picture stands is kept', () => {
  test.each([2, 3, 4, 5, 6, 7, 8])('%i', async (orientation) => {
    for (const sent of [jpegWithLocation(orientation), pngWithText(orientation)]) {
      const bytes = await taken(sent);
      expect(await exifr.orientation(bytes)).toBe(orientation);
      expect(await exifr.gps(bytes)).toBeUndefined();
      expect(tells(bytes)).toBe(false);
    }
    const webp = await taken(webpWithExif(orientation));
    const at = Buffer.from(webp).indexOf('EXIF');
    expect(await exifr.orientation(webp.slice(at + 8))).toBe(orientation);
    expect(webp[20]).toBe(0x08);
    expect(tells(webp)).toBe(false);
  });
});

test.each([
  ['PNG', pngWithText()],
  ['WebP', webpWithExif()],
])('what follows the end of a %s goes', async (_, sent) => {
  const bytes = await taken(trailer(sent, `\0\0\0\x18ftypmp42${PLACE}`));
  expect(tells(bytes)).toBe(false);
  expect(Buffer.from(bytes).includes('ftyp')).toBe(false);
});

describe('HEIC keeps the picture where it stands, and nothing beside it', () => {
  test.each([['nothing', [] as number[]], ...HEIC_BESIDE])('%s', async (_, beside) => {
    const sent = heicWithLocation(beside);
    expect(tells(sent)).toBe(true);
    const bytes = await taken(sent);
    expect(tells(bytes)).toBe(false);
    expect(bytes.length).toBe(sent.length);
    const picture = Buffer.from(HEIC_PICTURE);
    expect(Buffer.from(bytes).indexOf(picture)).toBe(Buffer.from(sent).indexOf(picture));
    for (const name of ['mpvd', 'moov', 'sefd', 'mp42', 'udta']) expect(holds(bytes, name)).toBe(false);
    // Size and turn are properties of the picture: they stay, in their places in the list.
    for (const name of ['ispe', 'irot', 'hvc1']) expect(Buffer.from(bytes).indexOf(name)).toBe(Buffer.from(sent).indexOf(name));
    expect(imageSize(bytes)).toMatchObject({ width: 4, height: 3 });
  });
  test('a thumbnail that is a JPEG of its own tells nothing either, and is drawn as before', async () => {
    const thumbnail = [...jpegWith(TELLING_SEGMENTS), ...Buffer.from(PLACE)];
    const bytes = await taken(heicWithLocation([], thumbnail));
    expect(tells(bytes)).toBe(false);
    const at = Buffer.from(bytes).indexOf(Buffer.from([0xff, 0xd8]));
    const { bytes: drawn } = cleanJpeg(bytes.slice(at));
    expect(Buffer.from(drawn).equals(Buffer.from(cleanJpeg(Uint8Array.from(thumbnail)).bytes))).toBe(true);
  });
});

describe('cut off is found, wherever the cut is', () => {
  test.each([
    ['JPEG', jpegWithLocation(6)],
    ['PNG', pngWithText()],
    ['WebP', webpWithExif()],
    ['HEIC', heicWithLocation()],
  ])('%s', async (_, whole) => {
    for (let length = 40; length < whole.length; length++) {
      expect(await give(whole.subarray(0, length)), `${length} bytes of ${whole.length}`).toMatchObject({ rejected: { code: 'cut' } });
    }
  });
});

describe('a file made to keep the portal busy is answered in good time', () => {
  const MOST = 20 * 1024 * 1024;
  const repeated = (start: number[], unit: number[]) => {
    const bytes = new Uint8Array(MOST);
    bytes.set(start);
    for (let at = start.length; at + unit.length <= MOST; at += unit.length) bytes.set(unit, at);
    return bytes;
  };
  const ascii = (text: string) => [...Buffer.from(text, 'latin1')];
  const heic = heicWithLocation();
  const places = Buffer.from(heic).indexOf('iloc');
  // Extents that take no room: each of the items claims 65,535 of them.
  const flood = heic.slice();
  flood.set([0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 1, 0, 0, 0xff, 0xff, 0, 2, 0, 0, 0xff, 0xff], places + 4);
  const objects = Array.from({ length: 500_000 }, (_, i) => `${i + 1} 0 obj <</Length 9>> stream\n`).join('');
  const streams = new Uint8Array(ascii(`%PDF-1.7\n${objects}trailer<</Root 1 0 R /Encrypt 2 0 R>>\nstartxref\n5\n%%EOF`));
  test.each([
    ['JPEG of markers', repeated([0xff, 0xd8, 0xff, 0xe0], [0xff])],
    ['JPEG of empty segments', repeated([0xff, 0xd8], [0xff, 0xe4, 0, 2])],
    ['JPEG of empty scans', repeated([0xff, 0xd8, 0xff, 0xe0, 0, 2], [0xff, 0xda, 0, 2, 0xff, 0])],
    ['PNG of empty chunks', repeated([...pngWithText().subarray(0, 33)], [0, 0, 0, 0, ...ascii('tEXt'), 0, 0, 0, 0])],
    ['WebP of empty chunks', repeated([...ascii('RIFF'), 0xf8, 0xff, 0x3f, 1, ...ascii('WEBPVP8 ')], [0, 0, 0, 0, ...ascii('VP8 ')])],
    ['HEIC of empty boxes', repeated([...heic.subarray(0, 24)], [0, 0, 0, 8, ...ascii('free')])],
    ['HEIC of places without end', flood],
    ['PDF of objects', repeated(ascii('%PDF-1.7\ntrailer<</Encrypt 1 0 R>>startxref\n9\n%%EOF\n'), ascii('1 0 obj<<'))],
    ['PDF of streams, each an object of its own', streams],
    ['PDF of open brackets', repeated(ascii('%PDF-1.7\n1 0 obj '), [40])],
    ['PDF of encryptions', repeated(ascii('%PDF-1.7\n'), ascii('/Encrypt<<'))],
    ['PDF of nothing', repeated(ascii('%PDF-1.7\n'), ascii('%%EO'))],
    ['blanks', repeated([], [32])],
  ])('%s', async (_, bytes) => {
    const start = worked();
    expect(await give(bytes)).toHaveProperty('rejected');
    expect(worked() - start).toBeLessThan(2000);
  });
});

describe('HEIC whose extents lie over one another costs no more than its bytes', () => {
  const MEGABYTES_20 = 20 * 1024 * 1024;
  test.each([
    ['20,000 of the picture', 1, 20_000, 1],
    ['20,000 of Exif', 2, 20_000, 1],
    ['65,535 of the picture', 1, 65_535, 1],
    ['65,535 of Exif', 2, 65_535, 1],
    ['65,535 of the picture in 64 boxes', 1, 65_535, 64],
    ['65,535 of Exif in 64 boxes', 2, 65_535, 64],
  ] as const)('%s', (_, item, extents, boxes) => {
    const bytes = heicOfExtents(item, extents, MEGABYTES_20, boxes);
    let [written, sorted] = [0, 0];
    const arrays = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
    const { fill } = arrays;
    const { toSorted } = Array.prototype;
    const fills = vi.spyOn(arrays, 'fill').mockImplementation(function (this: Uint8Array, value, from = 0, to = this.length) {
      written += Math.max(0, Math.min(to, this.length) - from);
      return fill.call(this, value, from, to);
    });
    const sorts = vi.spyOn(Array.prototype, 'toSorted').mockImplementation(function (this: unknown[], by) {
      sorted += this.length;
      return toSorted.call(this, by);
    });
    try {
      expect(cleanHeic(bytes)).toMatchObject({ width: 4, height: 3 });
    } finally {
      fills.mockRestore();
      sorts.mockRestore();
    }
    expect(written).toBeLessThan(3 * bytes.length);
    expect(sorted).toBeLessThan(3 * extents);
  });
});

/** The inputs with which the faults were reported, where the folder stands beside the project. */
describe('as reported', () => {
  const folder = ['../shared/cases/', '../../shared/cases/'].find((path) => existsSync(`${path}evidence-heic-motion-photo.heic`));
  const read = (name: string) => new Uint8Array(readFileSync(`${folder}${name}`));
  test.skipIf(!folder)('a camera’s JPEG is taken', async () => {
    const bytes = await taken(read('evidence-sof0-right-after-exif.jpg'));
    expect(await exifr.gps(bytes)).toBeUndefined();
    expect(tells(bytes)).toBe(false);
  });
  test.skipIf(!folder)('a motion photo tells nothing', async () => {
    const bytes = await taken(read('evidence-heic-motion-photo.heic'));
    expect(tells(bytes)).toBe(false);
    expect(await exifr.gps(bytes)).toBeUndefined();
  });
});
