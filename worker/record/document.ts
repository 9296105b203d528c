import { sha256 } from '@noble/hashes/sha2.js';
import { checkCms } from './cms.ts';
import { MAX_RECORD, parseJson } from './json.ts';
import { attachmentsOf, type Pdf, readPdf, signaturesIn } from './pdf.ts';
import { type Dictionary, hexDigit, Text } from './pdf-syntax.ts';
import type { PublishedCertificate } from './published.ts';
import { checkTimestamp, type TimestampCheck } from './timestamp.ts';

/** What can be wrong with a document. */
export type DocumentFault =
  | 'pdf.prefix'
  | 'pdf.unsigned'
  | 'pdf.signatures'
  | 'pdf.range'
  | 'pdf.appended'
  | 'pdf.changed'
  | 'pdf.signature'
  | 'pdf.certificate'
  | 'pdf.certificate-dates'
  | 'pdf.structure'
  | 'pdf.record-missing'
  | 'pdf.record-several';

export type CheckedDocument = {
  faults: DocumentFault[];
  /** The record attached, as it was read, or undefined where there is none. */
  record: unknown;
  signature: {
    /** SHA-256 of the certificate (DER). */
    fingerprint: string;
    at: string;
    /** Whether the portal publishes it; null where no list is at hand. */
    published: boolean | null;
    /** Since when it is not trusted, where it was revoked after it signed. */
    revoked: string | null;
  } | null;
  /** What was found of the time stamp of the signature; null where there is none. */
  timestamp: TimestampCheck | null;
  /** Whether the signature could not be checked here, for want of WebCrypto. */
  unchecked: boolean;
};

/** Two stretches that a signature covers, with the hexadecimal string between them that holds the signature itself. */
type Range = { gap: number; after: number; end: number };

/**
 * Checks a PDF of ours: that its one signature covers all of it but the signature's own digits, that it holds, by which certificate, and that exactly
 * one record is attached to what was signed. Never throws.
 */
export async function checkDocument(bytes: Uint8Array, certificates: readonly PublishedCertificate[] | null): Promise<CheckedDocument> {
  const checked: CheckedDocument = { faults: [], record: undefined, signature: null, timestamp: null, unchecked: false };
  const { faults } = checked;
  const fault = (code: DocumentFault) => void (faults.includes(code) || faults.push(code));
  if (!beginsAs(bytes, '%PDF-')) fault('pdf.prefix');
  let pdf = opened(bytes);
  const signatures = pdf ? signaturesOf(pdf) : null;
  if (!signatures) fault('pdf.structure');
  const found = signatures ?? [];
  if (found.length > 1) fault('pdf.signatures');
  const named = found.at(-1);
  // A later save can drop the field; the signature below it still tells what was signed.
  const range = named ? rangeOf(bytes, named) : hiddenRange(bytes);
  if (!range) fault(named ? 'pdf.range' : 'pdf.unsigned');
  else {
    if (range.end < bytes.length) fault('pdf.appended');
    else if (!named && signatures) fault('pdf.unsigned');
    const digest = sha256.create().update(bytes.subarray(0, range.gap)).update(bytes.subarray(range.after, range.end)).digest();
    const cms = await checkCms(digitsOf(bytes, range), digest);
    if (cms.fault) fault(cms.fault === 'content' ? 'pdf.changed' : 'pdf.signature');
    checked.unchecked = cms.unchecked;
    if (cms.fault === null && cms.fingerprint !== null && cms.at !== null) {
      const { fingerprint, at } = cms;
      const known = certificates?.find((one) => one.fingerprint === fingerprint);
      checked.signature = { fingerprint, at, published: certificates ? known !== undefined : null, revoked: known?.revoked ?? null };
      if (cms.stamp) checked.timestamp = await checkTimestamp(cms.stamp.token, cms.stamp.digest);
      if (certificates && !known) fault('pdf.certificate');
      if (known && !wasInForce(known, at)) fault('pdf.certificate-dates');
      // What counts is what was signed, not what was put behind it.
      if (range.end < bytes.length) pdf = opened(bytes.subarray(0, range.end));
    }
  }
  if (!pdf) fault('pdf.structure');
  else attachedTo(pdf, checked, fault);
  return checked;
}

/** The seconds of a signature are whole: it may seem to be made up to a second before what it signs. */
function wasInForce({ from, until, revoked }: PublishedCertificate, at: string): boolean {
  const end = new Date(Date.parse(at) + 999).toISOString();
  return end >= from && (until === null || at <= until) && (revoked === undefined || at < revoked);
}

function opened(bytes: Uint8Array): Pdf | null {
  try {
    return readPdf(bytes);
  } catch {
    return null;
  }
}

function signaturesOf(pdf: Pdf): Dictionary[] | null {
  try {
    return signaturesIn(pdf);
  } catch {
    return null;
  }
}

/** The record attached to a document, for reading alone. */
export function attachedRecord(bytes: Uint8Array): unknown {
  const checked: CheckedDocument = { faults: [], record: undefined, signature: null, timestamp: null, unchecked: false };
  const pdf = opened(bytes);
  if (pdf) attachedTo(pdf, checked, () => {});
  return checked.record;
}

function attachedTo(pdf: Pdf, checked: CheckedDocument, fault: (code: DocumentFault) => void): void {
  try {
    const attached = attachmentsOf(pdf);
    if (attached.length > 1) fault('pdf.record-several');
    const file = attached.findLast(({ name }) => name === 'record.json');
    if (file) checked.record = parseJson(pdf.stream(file.stream, MAX_RECORD));
    if (checked.record === undefined) fault('pdf.record-missing');
  } catch {
    fault('pdf.structure');
  }
}

/** ByteRange and Contents of a signature's dictionary, where they are what they must be: from the first byte, around the digits alone. */
function rangeOf(bytes: Uint8Array, { members, start }: Dictionary): Range | null {
  const range = members.get('ByteRange');
  const contents = members.get('Contents');
  if (!Array.isArray(range) || !(contents instanceof Text)) return null;
  // The place of the digits is that in the file, not in a stream of objects inside it.
  const inFile = beginsAs(bytes.subarray(start), '<<') && contents.start > start && bytes[contents.start] === 0x3c;
  const found = rangeFrom(bytes, range);
  return inFile && found && found.gap === contents.start && found.after === contents.end ? found : null;
}

function rangeFrom(bytes: Uint8Array, numbers: readonly unknown[]): Range | null {
  const [first, gap, after, length] = numbers.map(Number);
  if (numbers.length !== 4 || gap === undefined || after === undefined || length === undefined) return null;
  if (![first, gap, after, length].every(Number.isSafeInteger)) return null;
  const end = after + length;
  if (first !== 0 || gap < 1 || after - gap < 4 || length < 1 || end > bytes.length) return null;
  if (bytes[gap] !== 0x3c || bytes[after - 1] !== 0x3e || (after - gap) % 2 !== 0) return null;
  for (let at = gap + 1; at < after - 1; at++) if (hexDigit(bytes[at] ?? 0) < 0) return null;
  return { gap, after, end };
}

/** The last ByteRange that stands in the bytes although no field leads to it. */
function hiddenRange(bytes: Uint8Array): Range | null {
  const wanted = [...'/ByteRange'].map((char) => char.charCodeAt(0));
  let met = 0;
  for (
    let at = bytes.lastIndexOf(0x2f), tries = 0;
    at >= 0 && tries < 1_000_000;
    at = at === 0 ? -1 : bytes.lastIndexOf(0x2f, at - 1), tries++
  ) {
    if (!wanted.every((byte, i) => bytes[at + i] === byte)) continue;
    if (++met > 1_000) return null;
    const [, numbers] =
      /^\/ByteRange\s*\[\s*((?:\d{1,10}\s+){3}\d{1,10})\s*\]/.exec(String.fromCharCode(...bytes.subarray(at, at + 80))) ?? [];
    const found = numbers ? rangeFrom(bytes, numbers.split(/\s+/)) : null;
    if (found) return found;
  }
  return null;
}

function digitsOf(bytes: Uint8Array, { gap, after }: Range): Uint8Array {
  const signature = new Uint8Array((after - gap - 2) / 2);
  for (let i = 0; i < signature.length; i++)
    signature[i] = hexDigit(bytes[gap + 1 + 2 * i] ?? 0) * 16 + hexDigit(bytes[gap + 2 + 2 * i] ?? 0);
  return signature;
}

function beginsAs(bytes: Uint8Array, text: string): boolean {
  return [...text].every((char, i) => bytes[i] === char.charCodeAt(0));
}
