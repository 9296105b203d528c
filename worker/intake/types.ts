import { ascii } from './bytes.ts';
import { pdfHeader } from './pdf.ts';

/** The types of files that are taken, each with the ending of its name. */
export const TYPES = new Map([
  ['application/pdf', 'pdf'],
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/webp', 'webp'],
  ['image/heic', 'heic'],
]);

/** Major brands of pictures in HEIF (ISO/IEC 23008-12, annex B): still ones, and what any reader of HEIF may try. */
const HEIC = ['heic', 'heix', 'mif1'];

/**
 * Of what type a file is by its first bytes, or null where it is of none that is taken. Nothing is unpacked and nothing else is looked for: a
 * library that knows all types unpacks archives to see what lies in them, and a small one may hold any amount of work.
 */
export function typeOf(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, 12);
  if (pdfHeader(bytes) >= 0) return 'application/pdf';
  // The fourth byte begins the next marker; of these, SOF55 is JPEG-LS (ITU-T T.87), which browsers cannot show.
  if (ascii(head, 0, 3) === '\xff\xd8\xff' && head[3] !== 0xf7) return 'image/jpeg';
  if (ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') return 'image/webp';
  return ascii(head, 4, 4) === 'ftyp' && HEIC.includes(ascii(head, 8, 4)) ? 'image/heic' : null;
}
