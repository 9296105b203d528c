import { sha256 } from '@noble/hashes/sha2.js';
import { contents, type Element, elementAt, inside, NotDer, take, timeOf, whole } from './der.ts';
import { toHex } from './digest.ts';

/**
 * A detached CMS signature (RFC 5652) in the profile PAdES B-B (ETSI EN 319 142-1): one signer, SHA-256, ECDSA on P-256; or B-T, with a time stamp of the signature beside it. What
 * that says is for `timestamp.ts`.
 */

export const OID = {
  data: '2a864886f70d010701',
  signedData: '2a864886f70d010702',
  contentType: '2a864886f70d010903',
  messageDigest: '2a864886f70d010904',
  signingTime: '2a864886f70d010905',
  signingCertificateV2: '2a864886f70d010910022f',
  signatureTimeStamp: '2a864886f70d010910020e',
  algorithmProtection: '2a864886f70d010934',
  sha256: '608648016503040201',
};

/** What stands in the frame, in DER and hexadecimal: version 1, and the algorithms; SHA-256 with or without a NULL for parameters (RFC 5754, 2). */
export const VERSION_1 = '020101';
export const SHA256 = [`300b0609${OID.sha256}`, `300d0609${OID.sha256}0500`];
export const ECDSA_WITH_SHA256 = '300a06082a8648ce3d040302';

/** What was found: `null` as fault where the signature holds for the content; `unchecked` where this browser has no WebCrypto. */
export type Cms = {
  fault: 'unreadable' | 'content' | 'signature' | null;
  unchecked: boolean;
  /** SHA-256 of the signer's certificate (DER), and when it says to have signed. */
  fingerprint: string | null;
  at: string | null;
  /** The time stamp beside the signature (RFC 3161, DER), and the SHA-256 that it is to be of: that of the signature's value. Null where there is none. */
  stamp: { token: Uint8Array; digest: string } | null;
};

/** Checks `cms` (DER, with nothing but zeros after it) against the SHA-256 of the content. Never throws. */
export async function checkCms(cms: Uint8Array, digest: Uint8Array): Promise<Cms> {
  const found: Cms = { fault: 'unreadable', unchecked: false, fingerprint: null, at: null, stamp: null };
  try {
    const signed = readSigned(cms);
    found.fingerprint = toHex(sha256(signed.certificate.der));
    found.at = signed.at;
    found.stamp = signed.token && { token: signed.token, digest: toHex(sha256(signed.value)) };
    if (toHex(signed.messageDigest) !== toHex(digest)) return { ...found, fault: 'content' };
    // Without this attribute another certificate of the same key or name could be put beside the signature (RFC 5035).
    if (toHex(signed.certificateDigest) !== found.fingerprint) return { ...found, fault: 'signature' };
    const { notBefore, notAfter } = signed.certificate;
    if (signed.at < notBefore || signed.at > notAfter) return { ...found, fault: 'signature' };
    const subtle = globalThis.crypto?.subtle;
    if (!subtle) return { ...found, fault: null, unchecked: true };
    const key = await subtle.importKey('spki', signed.certificate.publicKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    const holds = await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signed.signature, signed.attributes);
    return { ...found, fault: holds ? null : 'signature' };
  } catch {
    return found;
  }
}

/** Takes the signature apart, refusing all that the profile does not have. @throws NotDer */
function readSigned(cms: Uint8Array) {
  const outer = take([elementAt(cms, 0)], 0, 0x30);
  if (cms.subarray(outer.end).some((byte) => byte !== 0)) throw new NotDer('something follows the signature');
  const info = inside(cms, outer);
  same(cms, take(info, 0, 0x06), OID.signedData);
  const explicit = inside(cms, take(info, 1, 0xa0));
  if (info.length !== 2 || explicit.length !== 1) throw new NotDer('more than signed data');
  const data = inside(cms, take(explicit, 0, 0x30));
  // No signature covers what frames it, so that all of the frame is compared byte by byte.
  exactly(cms, data[0], VERSION_1);
  const digests = inside(cms, take(data, 1, 0x31));
  if (digests.length !== 1) throw new NotDer('one digest');
  exactly(cms, digests[0], ...SHA256);
  const enclosed = inside(cms, take(data, 2, 0x30));
  same(cms, take(enclosed, 0, 0x06), OID.data);
  if (enclosed.length !== 1) throw new NotDer('the content is to be apart');
  const signers = inside(cms, take(data, data.length - 1, 0x31));
  if (data.length !== 5 || signers.length !== 1) throw new NotDer('one signer, with certificates');
  const signer = inside(cms, take(signers, 0, 0x30));
  if (signer.length !== 6 && signer.length !== 7) throw new NotDer('a signer without attributes');
  exactly(cms, signer[0], VERSION_1);
  exactly(cms, signer[2], ...SHA256);
  exactly(cms, signer[4], ECDSA_WITH_SHA256);
  const signed = take(signer, 3, 0xa0);
  const attributes = attributesOf(cms, signed);
  same(cms, one(attributes, OID.contentType), OID.data);
  const certificateId = inside(cms, take(inside(cms, take(inside(cms, one(attributes, OID.signingCertificateV2)), 0, 0x30)), 0, 0x30));
  // hashAlgorithm is left out where it is SHA-256.
  if (certificateId[0]?.tag === 0x30) same(cms, take(inside(cms, certificateId[0]), 0, 0x06), OID.sha256);
  const certificateDigest = contents(cms, take(certificateId, certificateId[0]?.tag === 0x30 ? 1 : 0, 0x04));
  const certificates = inside(cms, take(data, 3, 0xa0)).map((element) => whole(cms, element));
  const der = certificates.find((each) => toHex(sha256(each)) === toHex(certificateDigest)) ?? certificates[0];
  if (!der) throw new NotDer('no certificate');
  const certificate = readCertificate(der);
  const identifier = inside(cms, take(signer, 1, 0x30));
  if (identifier.length !== 2) throw new NotDer('a signer is named by issuer and serial number');
  const [issuer, serial] = identifier.map((element) => toHex(whole(cms, element)));
  if (issuer !== certificate.issuer || serial !== certificate.serial) throw new NotDer('the signer is not the one of the certificate');
  // Signed are the attributes as a SET, not with the tag they have here (RFC 5652, 5.4).
  const set = whole(cms, signed);
  set[0] = 0x31;
  const value = contents(cms, take(signer, 5, 0x04));
  return {
    certificate,
    certificateDigest,
    attributes: set,
    messageDigest: contents(cms, take([one(attributes, OID.messageDigest)], 0, 0x04)),
    at: timeOf(cms, one(attributes, OID.signingTime)),
    signature: rawSignature(value),
    value,
    token: signer.length === 7 ? tokenIn(cms, take(signer, 6, 0xa1)) : null,
  };
}

/** The one unsigned attribute that there may be: a time stamp of the signature (RFC 3161, appendix A; ETSI EN 319 122-1, 5.3). @throws NotDer */
function tokenIn(cms: Uint8Array, unsigned: Element): Uint8Array {
  const attributes = attributesOf(cms, unsigned);
  if (attributes.size !== 1) throw new NotDer('other unsigned attributes');
  return whole(cms, one(attributes, OID.signatureTimeStamp));
}

/** The attributes by their names, each with its one value. */
function attributesOf(cms: Uint8Array, signed: Element): Map<string, Element> {
  const attributes = new Map<string, Element>();
  for (const attribute of inside(cms, signed)) {
    const parts = inside(cms, attribute);
    const name = toHex(contents(cms, take(parts, 0, 0x06)));
    const values = inside(cms, take(parts, 1, 0x31));
    if (attributes.has(name) || values.length !== 1 || !values[0]) throw new NotDer('an attribute twice');
    attributes.set(name, values[0]);
  }
  return attributes;
}

function one(attributes: ReadonlyMap<string, Element>, name: string): Element {
  const value = attributes.get(name);
  if (!value) throw new NotDer('an attribute is missing');
  return value;
}

function exactly(bytes: Uint8Array, element: Element | undefined, ...forms: string[]): void {
  if (!element || !forms.includes(toHex(whole(bytes, element)))) throw new NotDer('another algorithm or version');
}

function same(bytes: Uint8Array, element: Element, name: string): void {
  if (element.tag !== 0x06 || toHex(contents(bytes, element)) !== name) throw new NotDer('another algorithm or type');
}

/** What of a certificate (RFC 5280) counts here. @throws NotDer */
export function readCertificate(der: Uint8Array<ArrayBuffer>) {
  const fields = inside(der, take(inside(der, elementAt(der, 0)), 0, 0x30));
  const [, serial, , issuer, validity, , publicKey] = fields;
  if (fields[0]?.tag !== 0xa0 || !serial || !issuer || !validity || !publicKey) throw new NotDer('not a certificate');
  const [notBefore, notAfter] = inside(der, validity).map((time) => timeOf(der, time));
  if (!notBefore || !notAfter) throw new NotDer('a certificate without dates');
  const hex = (element: Element) => toHex(whole(der, element));
  return { der, serial: hex(serial), issuer: hex(issuer), notBefore, notAfter, publicKey: whole(der, publicKey) };
}

/** An ECDSA signature as WebCrypto takes it: r and s of 32 bytes each, from SEQUENCE { r, s }. @throws NotDer */
function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> {
  const outer = take([elementAt(der, 0)], 0, 0x30);
  const parts = inside(der, outer);
  const raw = new Uint8Array(64);
  if (parts.length !== 2 || outer.end !== der.length) throw new NotDer('not a signature');
  for (const i of [0, 1]) {
    let number: Uint8Array = contents(der, take(parts, i, 0x02));
    // Positive, with no more zeros before it than its sign needs (X.690, 8.3.2).
    const [lead = 0x80, next = 0] = number;
    if (lead >= 0x80 || (lead === 0 && number.length > 1 && next < 0x80)) throw new NotDer('a number that DER does not have');
    if (lead === 0) number = number.subarray(1);
    if (number.length > 32) throw new NotDer('a number too long');
    raw.set(number, 32 * (i + 1) - number.length);
  }
  return raw;
}
