import { PDF } from '@libpdf/core';
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
  if (last(whole, '/Encrypt') >= 0 && (await needsPassword(whole))) throw new Unfit('password');
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
 * Whether it opens only with a password (or a certificate). One that only its owner's password protects opens without. What is said to be
 * encrypted and cannot be followed is locked too: where its objects lie packed together, nothing of it can be read without the key.
 */
async function needsPassword(bytes: Bytes): Promise<boolean> {
  try {
    const { isEncrypted, isAuthenticated, recoveredViaBruteForce } = await PDF.load(signedPermissions(bytes));
    return isEncrypted ? !isAuthenticated : recoveredViaBruteForce && saysEncrypted(bytes);
  } catch {
    return saysEncrypted(bytes);
  }
}

/** Whether a key of a dictionary, not only the word, says that the file is encrypted. */
function saysEncrypted(bytes: Bytes): boolean {
  const at = last(bytes, '/Encrypt');
  return /^\/Encrypt\s*(?:\d{1,10}\s+\d{1,5}\s+R|<<)/.test(ascii(bytes, at, 40));
}

/** Some writers put the permissions of 32 bits down without their sign; our reader compares them with it (ISO 32000-2, 7.6.4.2, table 21). */
function signedPermissions(bytes: Bytes): Bytes {
  const at = last(bytes, '/P ');
  const written = at < 0 ? null : /^\/P +(\d{10})\b/.exec(ascii(bytes, at, 24));
  if (!written) return bytes;
  const result = bytes.slice();
  result.set(codes(`/P ${Number(written[1]) | 0}`.padEnd(written[0].length)), at);
  return result;
}

const isSpace = (byte: number | undefined) => byte === 0 || byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 32;

/** Where a word stands for the last time; −1 where it does not. */
function last(bytes: Uint8Array, word: string): number {
  const wanted = codes(word);
  for (let at = bytes.length - wanted.length; at >= 0; at--) {
    let same = 0;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same += 1;
    if (same === wanted.length) return at;
  }
  return -1;
}
