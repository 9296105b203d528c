import { PDF, PdfArray, PdfDict, PdfName, PdfNumber, PdfString } from '@libpdf/core';
import { sha256 } from '@noble/hashes/sha2.js';
import type { DocumentSigner } from '../env.ts';
import { makeCms, type Stamping } from '../record/cms-made.ts';
import { toHex } from '../record/digest.ts';

/** What a signature may take with its certificates, in bytes, and a time stamp of it with its own: what they leave free stays zeros (ISO 32000-2, 12.8.3.3.1). */
const ROOM = 12_288;
const STAMP_ROOM = 12_288;
/** Stands for a number of the range until it is known: as many digits as any has. */
const UNKNOWN = 9_999_999_999;

/** Hidden, printed, locked: the field has no place on the page, and no reader lets it be moved (ISO 32000-2, 12.5.3). */
const FLAGS = 132;

/**
 * Signs a document (PAdES B-B, ETSI EN 319 142-1), so that any reader of PDF sees whether a byte was changed; with a time stamp of somebody else's beside the signature (B-T) where `stamp` brings
 * one.
 * @throws where it was signed before, or a signature finds no room
 */
export async function signDocument(
  bytes: Uint8Array,
  { privateKey, certificates }: DocumentSigner,
  about: { reason: string; at: string },
  stamp: Stamping | null = null,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('pkcs8', bytesOf(privateKey), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const [leaf, ...chain] = certificates.map(bytesOf);
  if (!leaf) throw new Error('DOCUMENT_KEY names no certificate.');
  const at = new Date(about.at);
  const room = stamp ? ROOM + STAMP_ROOM : ROOM;
  const document = await withRoom(bytes, about.reason, at, room);
  const covered = coverAllBut(document, lastPlaceOf(document, `<${'00'.repeat(room)}>`));
  const digits = toHex(await makeCms({ key, certificates: [leaf, ...chain] }, covered.digest, at, { stamp, room }));
  if (digits.length > room * 2) throw new Error('The signature with its certificates is larger than the room for it.');
  document.set(codes(digits), covered.gap + 1);
  return document;
}

/** The document with a field for a signature and the signature's dictionary behind it, not yet signed (ISO 32000-2, 12.7.5.5, 12.8.1). */
async function withRoom(bytes: Uint8Array, reason: string, at: Date, room: number): Promise<Uint8Array<ArrayBuffer>> {
  const pdf = await PDF.load(bytes);
  if (pdf.getCatalog().has('AcroForm')) throw new Error('A document is signed once: a second form would hide the first signature.');
  const page = pdf.getPage(0);
  if (!page) throw new Error('A document without pages is not signed.');
  const signature = PdfDict.of({
    Type: PdfName.of('Sig'),
    Filter: PdfName.of('Adobe.PPKLite'),
    SubFilter: PdfName.of('ETSI.CAdES.detached'),
    ByteRange: new PdfArray([0, UNKNOWN, UNKNOWN, UNKNOWN].map(PdfNumber.of)),
    Contents: PdfString.fromBytes(new Uint8Array(room)),
    M: PdfString.fromString(`D:${at.toISOString().slice(0, 19).replace(/\D/g, '')}Z`),
    Reason: PdfString.fromString(reason),
  });
  const field = PdfDict.of({
    FT: PdfName.of('Sig'),
    T: PdfString.fromString('Signature_1'),
    V: pdf.register(signature),
    Type: PdfName.of('Annot'),
    Subtype: PdfName.of('Widget'),
    F: PdfNumber.of(FLAGS),
    P: page.ref,
    Rect: new PdfArray([0, 0, 0, 0].map(PdfNumber.of)),
  });
  // There is a signature, and the document is only ever added to: SigFlags, 12.7.3.
  const form = PdfDict.of({ Fields: new PdfArray([pdf.register(field)]), SigFlags: PdfNumber.of(3) });
  pdf.getCatalog().set('AcroForm', pdf.register(form));
  return new Uint8Array(await pdf.save({ incremental: true }));
}

/** Writes down that all is covered but the gap for the signature, and tells the SHA-256 of what is (ISO 32000-2, 12.8.1). */
function coverAllBut(document: Uint8Array, { start: gap, end: after }: Stretch): { gap: number; digest: Uint8Array } {
  const range = lastPlaceOf(document, `[0 ${[UNKNOWN, UNKNOWN, UNKNOWN].join(' ')}]`);
  const numbers = [gap, after, document.length - after].map((number) => `${number}`.padEnd(`${UNKNOWN}`.length));
  document.set(codes(`[0 ${numbers.join(' ')}]`), range.start);
  return { gap, digest: sha256.create().update(document.subarray(0, gap)).update(document.subarray(after)).digest() };
}

type Stretch = { start: number; end: number };

/** Where a text stands for the last time: what was added is behind all that the document says itself. */
function lastPlaceOf(document: Uint8Array, text: string): Stretch {
  const wanted = codes(text);
  for (let start = document.length - wanted.length; start >= 0; start--)
    if (wanted.every((code, i) => document[start + i] === code)) return { start, end: start + wanted.length };
  throw new Error('The dictionary of the signature is not where it was written.');
}

const codes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (char) => char.charCodeAt(0));

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
