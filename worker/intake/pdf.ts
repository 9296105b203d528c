import { PDF } from '@libpdf/core';
import { Dictionary, Reader, Reference, type Value } from '../record/pdf-syntax.ts';
import { ascii, type Bytes, codes, Unfit } from './bytes.ts';

/** PDFs: the few things that keep one from being read, found at the door: a header that is not at the start, a missing end, a password. */

const HEADER = '%PDF-';

/** How far from a file's start readers look for the header of a PDF (ISO 32000-1, annex H.3, note 13). */
const REACH = 1024;

/**
 * Where the header of a PDF stands: at the start, or behind nothing but a byte order mark and white space; else −1. What has anything else
 * in front could be read as something else.
 */
export function pdfHeader(bytes: Uint8Array): number {
  let at = ascii(bytes, 0, 3) === '\xef\xbb\xbf' ? 3 : 0;
  while (at < REACH && isSpace(bytes[at])) at += 1;
  return ascii(bytes, at, HEADER.length) === HEADER ? at : -1;
}

/** Checks a PDF and sets its header to the start. Its bytes are as they came where nothing stood in front. */
export async function cleanPdf(bytes: Bytes): Promise<Bytes> {
  const whole = repaired(bytes, pdfHeader(bytes));
  if (isCut(whole)) throw new Unfit('cut');
  if (await needsPassword(whole)) throw new Unfit('password');
  return whole;
}

/**
 * Offsets in a PDF count from its header, or, as some writers have it, from the file's first byte. In the first case what stands before the
 * header is cut away; in the second it changes places with the header (`%PDF-1.7` comes first, blanks after it), so that no object moves.
 */
function repaired(bytes: Bytes, header: number): Bytes {
  if (header === 0) return bytes;
  const stated = startOfReferences(bytes);
  const fromHeader = bytes.slice(header);
  if (isReferences(fromHeader, stated) || !isReferences(bytes, stated)) return fromHeader;
  const version = bytes.slice(header, header + HEADER.length + 3);
  const result = bytes.slice();
  result.set(version, 0);
  result.fill(0x20, version.length, version.length + header);
  return result;
}

/** The offset that the last `startxref` states; −1 where there is none. */
function startOfReferences(bytes: Uint8Array): number {
  const at = last(bytes, 'startxref');
  const digits = at < 0 ? null : /^\s*(\d{1,10})/.exec(ascii(bytes, at + 9, 24));
  return digits ? Number(digits[1]) : -1;
}

/** Whether a table of references, or an object that holds one, begins at an offset. */
function isReferences(bytes: Uint8Array, at: number): boolean {
  return at >= 0 && /^\s*(?:xref|\d{1,10}\s+\d{1,5}\s+obj)/.test(ascii(bytes, at, 32));
}

/**
 * Whether a PDF ends too early: without the mark of an end, in the middle of a later revision, before its own table of references, or short of
 * the length that it states. Other things after the end (a web server's page, blanks) are no fault of it.
 */
function isCut(bytes: Uint8Array): boolean {
  const end = last(bytes, '%%EOF');
  if (end < 0 || startOfReferences(bytes) >= bytes.length) return true;
  if (/^\s*\d{1,10}\s+\d{1,5}\s+obj/.test(ascii(bytes, end + 5, 64))) return true;
  const start = ascii(bytes, 0, REACH);
  const linear = /\/Linearized\b/.test(start) ? /\/L\s+(\d{1,10})\b/.exec(start) : null;
  return linear !== null && Number(linear[1]) > bytes.length;
}

/**
 * Whether it opens only with a password (or a certificate). One that only its owner's password protects opens without. All that decides it is the
 * dictionary of its encryption and its identifier (ISO 32000-2, 7.6.4.4): they are put into an empty document, so that nothing else of a file from
 * anybody is walked through.
 */
async function needsPassword(bytes: Bytes): Promise<boolean> {
  const encryption = encryptionOf(bytes);
  if (!encryption) return false;
  try {
    const { isEncrypted, isAuthenticated } = await PDF.load(emptyWith(encryption, identifierOf(bytes)));
    return isEncrypted && !isAuthenticated;
  } catch {
    // Another way of encrypting than by passwords: no reader opens it without more.
    return true;
  }
}

/** The dictionary of a file's encryption as it stands there; null where it has none, `{}` where it cannot be found. */
function encryptionOf(bytes: Bytes): Uint8Array | null {
  const entry = lastValue(bytes, '/Encrypt', (value) => value instanceof Reference || value instanceof Dictionary);
  if (!entry || entry.value instanceof Dictionary) return entry && isEncryption(entry.value) ? entry.written : null;
  // It is an object of its own, never packed into a stream of objects (7.5.7).
  const number = entry.value instanceof Reference ? entry.value.number : 0;
  const object = lastValue(bytes, `${number} 0 obj`, (_, at) => !isDigit(bytes[at - 1]));
  if (!object) return codes('<<>>');
  return isEncryption(object.value) ? object.written : null;
}

const isEncryption = (value: Value) => value instanceof Dictionary && value.members.has('Filter');

/** The file's identifier as it stands there, of which the key is made. */
function identifierOf(bytes: Bytes): Uint8Array {
  return lastValue(bytes, '/ID', (value) => Array.isArray(value))?.written ?? codes('[<><>]');
}

/** The longest of these values, in bytes, and how many places of a word are looked at. */
const MOST = 16_384;
const TRIES = 100;

/** The value behind the last place of a word behind which there is one that fits, and its bytes. */
function lastValue(bytes: Bytes, word: string, fits: (value: Value, at: number) => boolean): { value: Value; written: Uint8Array } | null {
  for (let at = last(bytes, word), tries = 0; at >= 0 && tries < TRIES; at = last(bytes, word, at), tries++) {
    const reader = new Reader(bytes.subarray(at + word.length, at + word.length + MOST));
    reader.space();
    const start = reader.at;
    try {
      const value = reader.value();
      if (fits(value, at)) return { value, written: reader.bytes.subarray(start, reader.at) };
    } catch {
      // The word stands here for something else.
    }
  }
  return null;
}

/** A document without pages that is encrypted as another is. */
function emptyWith(encryption: Uint8Array, identifier: Uint8Array): Uint8Array {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[]/Count 0>>', signedPermissions(plain(encryption))];
  let text = '%PDF-1.7\n';
  const places = objects.map((body, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const trailer = `trailer\n<</Size 4/Root 1 0 R/Encrypt 3 0 R/ID${plain(identifier)}>>\nstartxref\n${text.length}\n%%EOF\n`;
  return codes(`${text}xref\n0 4\n0000000000 65535 f \n${places.join('')}${trailer}`);
}

/** Bytes as text of as many characters. */
const plain = (bytes: Uint8Array) => ascii(bytes, 0, bytes.length);

/** Some writers put the permissions of 32 bits down without their sign; our reader compares them with it (7.6.4.2, table 21). */
function signedPermissions(dictionary: string): string {
  return dictionary.replace(/(\/P\s+)(\d{10})\b/, (_, key: string, bits: string) => `${key}${Number(bits) | 0}`);
}

const isSpace = (byte: number | undefined) => byte === 0 || byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 32;

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Where a word stands for the last time, before `end`; −1 where it does not. */
function last(bytes: Uint8Array, word: string, end = bytes.length): number {
  const wanted = codes(word);
  for (let at = end - wanted.length; at >= 0; at--) {
    let same = 0;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same += 1;
    if (same === wanted.length) return at;
  }
  return -1;
}
