import { crc32 } from '../record/crc.ts';
import { ascii, type Bytes, type Cleaned, codes, counter, Unfit, view, writer } from './bytes.ts';
import { orientationOf, tiffWith } from './orientation.ts';

/** Chunks that draw the picture; all others (text, time, Exif, private ones) go. */
const KEPT = new Set('IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs hIST sPLT acTL fcTL fdAT cICP mDCV cLLI'.split(' '));

/** PNG (ISO/IEC 15948): chunk by chunk to IEND; what follows goes. */
export function cleanPng(bytes: Bytes): Cleaned {
  const data = view(bytes);
  const kept = writer(bytes.length + 64);
  const part = counter();
  let pictures = 0;
  kept.put(bytes.subarray(0, 8));
  if (ascii(bytes, 12, 4) !== 'IHDR' || data.getUint32(8) !== 13) throw new Unfit('damaged');
  const [width, height] = [data.getUint32(16), data.getUint32(20)];
  for (let at = 8; ; ) {
    part();
    const end = at + 12 + data.getUint32(at);
    if (end > bytes.length) throw new Unfit('cut');
    const name = ascii(bytes, at + 4, 4);
    if (KEPT.has(name)) kept.put(bytes.subarray(at, end));
    if (name === 'eXIf') {
      const orientation = orientationOf(bytes.subarray(at + 8, end - 4));
      if (orientation !== 1) kept.put(chunk('eXIf', tiffWith(orientation)));
    }
    if (name === 'IDAT') pictures += 1;
    if (name === 'IEND') break;
    at = end;
  }
  if (pictures === 0 || width === 0 || height === 0) throw new Unfit('damaged');
  return { bytes: kept.done(), width, height };
}

function chunk(name: string, body: readonly number[]): Uint8Array {
  const whole = new Uint8Array(body.length + 12);
  whole.set([...codes(name), ...body], 4);
  view(whole).setUint32(0, body.length);
  view(whole).setUint32(body.length + 8, crc32(whole.subarray(4, body.length + 8)));
  return whole;
}
