import { gzipSync } from 'node:zlib';
import exifr from 'exifr';
import { imageSize } from 'image-size';
import { describe, expect, test, vi } from 'vitest';
import { receive, safeName } from '../../worker/intake/receive.ts';
import { evidencePdf } from '../browser/evidence.ts';
import { worked } from '../cpu.ts';
import { exifSegment, heicWithLocation, jpegWithLocation, PLACE, pngWithText, webpWithExif } from './pictures.ts';

const file = (bytes: Uint8Array | string, name: string) => new File([bytes as Uint8Array<ArrayBuffer>], name);

async function taken(bytes: Uint8Array, name: string) {
  const result = await receive(file(bytes, name));
  if ('rejected' in result) throw new Error(result.rejected.code);
  return result;
}

const tells = (bytes: Uint8Array) => Buffer.from(bytes).includes(PLACE);

describe('location goes, the picture stays', () => {
  test('JPEG: where it was taken is gone, its orientation and pixels stay', async () => {
    const sent = jpegWithLocation(6);
    expect(await exifr.gps(sent)).toMatchObject({ latitude: expect.any(Number) });
    const { bytes, original, sha256 } = await taken(sent, 'IMG_1.jpg');
    expect(await exifr.gps(bytes)).toBeUndefined();
    expect(await exifr.orientation(bytes)).toBe(6);
    expect(tells(bytes)).toBe(false);
    expect(imageSize(bytes)).toMatchObject({ width: 1, height: 1 });
    expect(original).not.toBe(sha256);
  });
  test('JPEG: what follows its end goes too', async () => {
    const sent = new Uint8Array([...jpegWithLocation(1), ...new TextEncoder().encode(`trailer ${PLACE}`)]);
    expect(tells((await taken(sent, 'a.jpg')).bytes)).toBe(false);
  });
  test.each([
    ['PNG', pngWithText(), 'a.png'],
    ['WebP', webpWithExif(), 'a.webp'],
    ['HEIC', heicWithLocation(), 'a.heic'],
  ])('%s', async (_, sent, name) => {
    expect(tells(sent)).toBe(true);
    const { bytes } = await taken(sent, name);
    expect(tells(bytes)).toBe(false);
    expect(imageSize(bytes).width).toBeGreaterThan(0);
  });
  test('the segment that the test plants is one that readers find', async () => {
    expect(Buffer.from(exifSegment(3)).includes('Exif')).toBe(true);
  });
});

describe('by content, not by name', () => {
  test.each([
    ['a page that calls itself a PDF', '<html><script>alert(1)</script></html>', 'x.pdf', 'type'],
    ['a picture that can run scripts', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'x.png', 'type'],
    ['a PDF behind something else', '<html>%PDF-1.7', 'x.pdf', 'type'],
    ['nothing', '', 'x.pdf', 'empty'],
    ['a JPEG that ends in the middle', '\xff\xd8\xff\xe0\x00\x10JFIF', 'x.jpg', 'cut'],
  ])('not %s', async (_, content, name, code) => {
    const bytes = Uint8Array.from(content, (char) => char.charCodeAt(0) & 255);
    expect(await receive(file(bytes, name))).toEqual({ rejected: { code, name } });
  });
  test.each([
    ['a gzip file', gzipSync(Buffer.from('x'))],
    ['a TAR in a gzip file', gzipSync(Buffer.alloc(10_240))],
    ['a ZIP', Buffer.from('PK\x03\x04'.padEnd(100, '\0'), 'latin1')],
    ['a Word file', Buffer.from(`PK\x03\x04${'\0'.repeat(26)}[Content_Types].xml`, 'latin1')],
    ['a PNG behind an ID3 tag', Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1'), pngWithText()])],
    ['a film', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1')],
    ['a picture in AVIF', Buffer.from('\0\0\0\x18ftypavif\0\0\0\0avifmif1', 'latin1')],
    ['sound in RIFF', Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1')],
    ['three bytes', Buffer.from('\xff\xd8\xfe', 'latin1')],
  ])('not %s', async (_, bytes) =>
    expect(await receive(file(new Uint8Array(bytes), 'x.jpg'))).toMatchObject({ rejected: { code: 'type' } }),
  );
  test('what is packed is not unpacked: a file that says so much costs its own bytes alone', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(400_000_000), { level: 9 }));
    const unpack = vi.spyOn(globalThis, 'DecompressionStream');
    const begun = worked();
    expect(await receive(file(bomb, 'a.pdf'))).toEqual({ rejected: { code: 'type', name: 'a.pdf' } });
    expect(worked() - begun).toBeLessThan(100);
    expect(unpack).not.toHaveBeenCalled();
    unpack.mockRestore();
  });
  test('not beyond 20 MB', async () => {
    expect(await receive(file(new Uint8Array(20 * 1024 * 1024 + 1), 'big.pdf'))).toEqual({ rejected: { code: 'size', name: 'big.pdf' } });
  });
  test('not a picture of more pixels than a page can bear', async () => {
    const flood = pngWithText();
    new DataView(flood.buffer).setUint32(16, 60_000);
    new DataView(flood.buffer).setUint32(20, 60_000);
    expect(await receive(file(flood, 'flood.png'))).toMatchObject({ rejected: { code: expect.stringMatching(/pixels|type/) } });
  });
  test('a PDF keeps its bytes and gets its ending', async () => {
    const pdf = await evidencePdf();
    expect(await taken(pdf, '工资单')).toMatchObject({ type: 'application/pdf', name: '工资单.pdf', size: pdf.length });
  });
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\a.pdf', 'a.pdf'],
  ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
  ['a\u0000b\n.pdf', 'ab.pdf'],
  ['...hidden', 'hidden'],
  ['', 'file'],
  ['工资·单𠮷.pdf', '工资·单𠮷.pdf'],
  [`${'长'.repeat(200)}.pdf`, `${'长'.repeat(76)}.pdf`],
])('the name %j becomes %j', (given, safe) => expect(safeName(given)).toBe(safe));

test.each(['a', '长', '𠮷', '../', '\u202e', '. ', 'e\u0301'])('a name of 4 million characters (%j …) costs no work', (part) => {
  const long = part.repeat(4_000_000 / part.length);
  const begun = worked();
  expect([...safeName(long)].length).toBeLessThanOrEqual(80);
  expect(worked() - begun).toBeLessThan(200);
});
