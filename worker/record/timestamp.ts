import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { contents, type Element, elementAt, inside, NotDer, take, timeOf, whole } from './der.ts';
import { fromHex, toHex } from './digest.ts';

/**
 * Time stamps of somebody else's (RFC 3161): a request for one, and a token held against what it is of and against the certificates in it (RFC 5652, 5280, 5816).
 * Signatures by RSA (PKCS #1 v1.5) and by ECDSA on P-256 and P-384, with SHA-256, SHA-384 or SHA-512.
 */

const OID = {
  signedData: '2a864886f70d010702',
  tstInfo: '2a864886f70d0109100104',
  contentType: '2a864886f70d010903',
  messageDigest: '2a864886f70d010904',
  signingCertificate: '2a864886f70d010910020c',
  signingCertificateV2: '2a864886f70d010910022f',
  extendedKeyUsage: '551d25',
  basicConstraints: '551d13',
  timeStamping: '2b06010505070308',
  commonName: '550403',
  organisation: '55040a',
  rsa: '2a864886f70d010101',
  ec: '2a8648ce3d0201',
};

const DIGESTS: Readonly<Record<string, { name: string; of: (bytes: Uint8Array) => Uint8Array }>> = {
  '608648016503040201': { name: 'SHA-256', of: sha256 },
  '608648016503040202': { name: 'SHA-384', of: sha384 },
  '608648016503040203': { name: 'SHA-512', of: sha512 },
};
/** Signature algorithms that name their digest; one that is the key's alone (`rsaEncryption`) goes with the signer's. */
const SIGNATURES: Readonly<Record<string, string>> = {
  '2a864886f70d01010b': '608648016503040201',
  '2a864886f70d01010c': '608648016503040202',
  '2a864886f70d01010d': '608648016503040203',
  '2a8648ce3d040302': '608648016503040201',
  '2a8648ce3d040303': '608648016503040202',
  '2a8648ce3d040304': '608648016503040203',
};
const CURVES: Readonly<Record<string, { name: string; bytes: number }>> = {
  '2a8648ce3d030107': { name: 'P-256', bytes: 32 },
  '2b81040022': { name: 'P-384', bytes: 48 },
};

/** The request for a time stamp of a SHA-256, with the certificates. `nonce` are 8 random bytes. */
export function timestampRequest(digest: string, nonce: Uint8Array): Uint8Array<ArrayBuffer> {
  return fromHex(`30430201013031300d060960864801650304020105000420${digest}0208${numberOf(nonce)}0101ff`);
}

/** A number as it stands in a request: positive, and no zeros before it: the first bits are 01. */
const numberOf = (nonce: Uint8Array): string =>
  toHex(Uint8Array.from(nonce.subarray(0, 8), (byte, i) => (i === 0 ? (byte & 0x3f) | 0x40 : byte)));

/** What a time stamp says: when, by whom. Fingerprints are SHA-256 of a certificate: the signer's, and the last one of the chain that leads on from it. */
export type Stamped = { at: string; name: string; certificate: string; root: string };

export type TimestampFault = 'timestamp.format' | 'timestamp.other' | 'timestamp.certificate' | 'timestamp.signature';

/** Thrown where the certificate of the signer may not sign time stamps, or not then. */
class NotForTime extends Error {}

/** `null` as fault where it holds; `unchecked` where nothing here can check its signature. */
export type TimestampCheck = {
  stamped: Stamped | null;
  fault: TimestampFault | null;
  unchecked: boolean;
};

/** The token in an answer; null where the service did not grant one, or it cannot be read. */
export function tokenIn(answer: Uint8Array): Uint8Array<ArrayBuffer> | null {
  try {
    const parts = inside(answer, elementAt(answer, 0));
    const [status] = inside(answer, take(parts, 0, 0x30));
    const granted = status && toHex(whole(answer, status));
    const token = parts[1];
    return token && (granted === '020100' || granted === '020101') ? whole(answer, token) : null;
  } catch (thrown) {
    if (thrown instanceof NotDer) return null;
    throw thrown;
  }
}

/**
 * Holds a token against the SHA-256 (hex) that it is to be of, and, as it comes, against the `nonce` of the request: one that answers another request, such as an older one that somebody
 * kept, is none of this (RFC 3161, 2.4.2). Never throws.
 */
export async function checkTimestamp(token: Uint8Array, digest: string, nonce?: Uint8Array): Promise<TimestampCheck> {
  try {
    const read = readToken(token);
    if (read.imprint !== digest || (nonce && read.nonce !== numberOf(nonce)))
      return { stamped: null, fault: 'timestamp.other', unchecked: false };
    const { signer, certificates } = read;
    const stampedBy = (last: Certificate): Stamped => ({
      at: read.at,
      name: signer.name,
      certificate: fingerprint(signer),
      root: fingerprint(last),
    });
    if (!globalThis.crypto?.subtle) return { stamped: stampedBy(signer), fault: null, unchecked: true };
    const signed = { by: signer, algorithm: read.algorithm, digest: read.digestName, signature: read.signature, text: read.attributes };
    const holds = await signatureHolds(signed);
    if (holds === false) return { stamped: null, fault: 'timestamp.signature', unchecked: false };
    const chain = await chainOf(signer, certificates, read.at);
    const stamped = stampedBy(chain.last);
    if (holds === null || chain.unchecked) return { stamped, fault: null, unchecked: true };
    return { stamped, fault: null, unchecked: false };
  } catch (thrown) {
    return { stamped: null, fault: thrown instanceof NotForTime ? 'timestamp.certificate' : 'timestamp.format', unchecked: false };
  }
}

const fingerprint = ({ der }: Certificate): string => toHex(sha256(der));

type Signature = { by: Certificate; algorithm: string; digest: string | null; signature: Uint8Array; text: Uint8Array<ArrayBuffer> };

/** Whether a signature holds; null where nothing here can tell. */
async function signatureHolds({ by, algorithm, digest, signature, text }: Signature): Promise<boolean | null> {
  const hash = DIGESTS[SIGNATURES[algorithm] ?? (algorithm === OID.rsa ? digest : null) ?? '']?.name;
  const { subtle } = globalThis.crypto;
  if (!hash) return null;
  if (by.keyType === OID.rsa) {
    const key = await subtle.importKey('spki', by.publicKey, { name: 'RSASSA-PKCS1-v1_5', hash }, false, ['verify']);
    return subtle.verify('RSASSA-PKCS1-v1_5', key, new Uint8Array(signature), text);
  }
  const curve = by.keyType === OID.ec ? CURVES[by.curve] : undefined;
  if (!curve) return null;
  const key = await subtle.importKey('spki', by.publicKey, { name: 'ECDSA', namedCurve: curve.name }, false, ['verify']);
  return subtle.verify({ name: 'ECDSA', hash }, key, rawEcdsa(signature, curve.bytes), text);
}

/** r and s as WebCrypto takes them. @throws NotDer */
function rawEcdsa(der: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const parts = inside(der, take([elementAt(der, 0)], 0, 0x30));
  const raw = new Uint8Array(bytes * 2);
  for (const i of [0, 1]) {
    let number: Uint8Array = contents(der, take(parts, i, 0x02));
    while (number.length > 1 && number[0] === 0) number = number.subarray(1);
    if (number.length > bytes) throw new NotDer('a number too long');
    raw.set(number, bytes * (i + 1) - number.length);
  }
  return raw;
}

const oidOf = (bytes: Uint8Array, element: Element | undefined): string => toHex(contents(bytes, take(element ? [element] : [], 0, 0x06)));
const digestNamed = (oid: string) => {
  const digest = DIGESTS[oid];
  if (!digest) throw new NotDer('another digest');
  return digest;
};

/** Takes a token apart and holds together what no signature covers. @throws NotDer */
function readToken(token: Uint8Array) {
  const outer = take([elementAt(token, 0)], 0, 0x30);
  if (outer.end !== token.length) throw new NotDer('something follows the token');
  const info = inside(token, outer);
  if (oidOf(token, info[0]) !== OID.signedData) throw new NotDer('no signed data');
  const data = inside(token, take(inside(token, take(info, 1, 0xa0)), 0, 0x30));
  const enclosed = inside(token, take(data, 2, 0x30));
  if (oidOf(token, enclosed[0]) !== OID.tstInfo) throw new NotDer('no time stamp');
  const text = contents(token, take(inside(token, take(enclosed, 1, 0xa0)), 0, 0x04));
  const certificates = data
    .filter(({ tag }) => tag === 0xa0)
    .flatMap((set) => inside(token, set).map((one) => readX509(whole(token, one))));
  const signers = inside(token, take(data, data.length - 1, 0x31));
  if (signers.length !== 1) throw new NotDer('one signer');
  const fields = inside(token, take(signers, 0, 0x30));
  const digestName = oidOf(token, inside(token, take(fields, 2, 0x30))[0]);
  const signedAttributes = take(fields, 3, 0xa0);
  const attributes = new Map<string, Element>();
  for (const attribute of inside(token, signedAttributes)) {
    const [name, values] = inside(token, attribute);
    const value = values && inside(token, values)[0];
    if (value) attributes.set(oidOf(token, name), value);
  }
  const attribute = (name: string): Element => {
    const value = attributes.get(name);
    if (!value) throw new NotDer('an attribute is missing');
    return value;
  };
  if (oidOf(token, attribute(OID.contentType)) !== OID.tstInfo) throw new NotDer('another type');
  if (toHex(contents(token, take([attribute(OID.messageDigest)], 0, 0x04))) !== toHex(digestNamed(digestName).of(text)))
    throw new NotDer('another text');
  const signer = certificates.find((one) => isNamed(token, attributes, one));
  if (!signer) throw new NotDer('the certificate of the signer is not there');
  if (!signer.stampsTime) throw new NotForTime('a certificate that is not for time stamps');
  const set = whole(token, signedAttributes);
  set[0] = 0x31;
  const stamp = readStamp(text);
  if (stamp.at < signer.notBefore || stamp.at > signer.notAfter) throw new NotForTime('a certificate that was not in force');
  return {
    ...stamp,
    signer,
    certificates,
    digestName,
    algorithm: oidOf(token, inside(token, take(fields, 4, 0x30))[0]),
    signature: contents(token, take(fields, 5, 0x04)),
    attributes: set,
  };
}

/** Whether the attribute for it names this certificate, by its SHA-256 (RFC 5816), another digest, or its SHA-1 (RFC 2634). */
function isNamed(token: Uint8Array, attributes: ReadonlyMap<string, Element>, { der }: Certificate): boolean {
  const [second, first] = [attributes.get(OID.signingCertificateV2), attributes.get(OID.signingCertificate)];
  const value = second ?? first;
  if (!value) throw new NotDer('no certificate is named');
  const id = inside(token, take(inside(token, take(inside(token, value), 0, 0x30)), 0, 0x30));
  if (!second) return toHex(contents(token, take(id, 0, 0x04))) === toHex(sha1(der));
  const named = id[0]?.tag === 0x30;
  const digest = named && id[0] ? digestNamed(oidOf(token, inside(token, id[0])[0])).of : sha256;
  return toHex(contents(token, take(id, named ? 1 : 0, 0x04))) === toHex(digest(der));
}

/** TSTInfo: of which SHA-256, when, and to which request's number it is the answer. @throws NotDer */
function readStamp(text: Uint8Array): { imprint: string; at: string; nonce: string | null } {
  const fields = inside(text, take([elementAt(text, 0)], 0, 0x30));
  const imprint = inside(text, take(fields, 2, 0x30));
  if (digestNamed(oidOf(text, inside(text, take(imprint, 0, 0x30))[0])).name !== 'SHA-256') throw new NotDer('another digest');
  const time = take(fields, 4, 0x18);
  const [, whole = '', fraction = ''] = /^(\d{14})(?:\.(\d{1,9}))?Z$/.exec(String.fromCharCode(...contents(text, time))) ?? [];
  const parts = whole.match(/\d\d/g) ?? [];
  if (parts.length !== 7) throw new NotDer('not a time');
  const at = `${parts[0]}${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const nonce = fields.slice(5).find(({ tag }) => tag === 0x02);
  return { imprint: toHex(contents(text, take(imprint, 1, 0x04))), at, nonce: nonce ? toHex(contents(text, nonce)) : null };
}

type Certificate = ReturnType<typeof readX509>;

/** Signatures of certificates that are looked at for one token: more than any chain has. */
const MOST_SIGNATURES = 40;

/**
 * Where the certificates at hand lead on from one: each is of who issued the one before, by its name and by its signature, and may issue any. Of several of a name all are tried, one that
 * issued itself first; one that only has the name leads nowhere. `unchecked` where nothing here can check a signature on the way.
 */
async function chainOf(
  one: Certificate,
  all: readonly Certificate[],
  at: string,
  looked = { left: MOST_SIGNATURES },
): Promise<{ last: Certificate; unchecked: boolean }> {
  const end = { last: one, unchecked: false };
  if (one.issuer === one.subject) return end;
  const others = all.filter((by) => by !== one);
  const named = others.filter((by) => by.subject === one.issuer && by.issues && by.notBefore <= at && at <= by.notAfter);
  named.sort((a, b) => Number(b.issuer === b.subject) - Number(a.issuer === a.subject));
  let unsure = false;
  for (const by of named) {
    if (looked.left-- <= 0) break;
    // Whatever stands in one that only has the name keeps none of the others.
    const signed = { by, algorithm: one.algorithm, digest: null, signature: one.signature, text: one.signed };
    const holds = await signatureHolds(signed).catch(() => false);
    if (holds) return chainOf(by, others, at, looked);
    unsure ||= holds === null;
  }
  return { ...end, unchecked: unsure };
}

/** What of a certificate counts for time stamps. @throws NotDer */
function readX509(der: Uint8Array<ArrayBuffer>) {
  const parts = inside(der, elementAt(der, 0));
  const body = take(parts, 0, 0x30);
  const fields = inside(der, body);
  const from = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [issuer, validity, subject, key] = [2, 3, 4, 5].map((i) => take(fields, from + i, 0x30));
  if (!issuer || !validity || !subject || !key) throw new NotDer('not a certificate');
  const [notBefore = '', notAfter = ''] = inside(der, validity).map((time) => timeOf(der, time));
  const algorithm = inside(der, take(inside(der, key), 0, 0x30));
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  const held = new Map<string, Uint8Array>();
  for (const one of extensions ? inside(der, take(inside(der, extensions), 0, 0x30)) : []) {
    const members = inside(der, one);
    held.set(oidOf(der, members[0]), contents(der, take(members, members.length - 1, 0x04)));
  }
  const usage = held.get(OID.extendedKeyUsage);
  const constraints = held.get(OID.basicConstraints);
  const bits = contents(der, take(parts, 2, 0x03));
  const hex = (element: Element) => toHex(whole(der, element));
  return {
    der,
    issuer: hex(issuer),
    subject: hex(subject),
    name: nameOf(der, subject),
    notBefore,
    notAfter,
    publicKey: whole(der, key),
    keyType: oidOf(der, algorithm[0]),
    curve: algorithm[1]?.tag === 0x06 ? oidOf(der, algorithm[1]) : '',
    stampsTime: usage !== undefined && inside(usage, elementAt(usage, 0)).some((one) => oidOf(usage, one) === OID.timeStamping),
    issues: constraints !== undefined && toHex(constraints).includes('0101ff'),
    signed: whole(der, body),
    algorithm: oidOf(der, inside(der, take(parts, 1, 0x30))[0]),
    // A BIT STRING without unused bits.
    signature: bits.subarray(1),
  };
}

const decoder = new TextDecoder();
/** Letters of a name at the most (RFC 5280, appendix A: `ub-common-name`). */
const MOST_NAME = 64;

/** The common name of somebody, or their organisation; '' where they have neither. */
function nameOf(der: Uint8Array, subject: Element): string {
  const found = new Map<string, string>();
  for (const set of inside(der, subject))
    for (const one of inside(der, set)) {
      const [type, value] = inside(der, one);
      if (type && value) found.set(oidOf(der, type), decoder.decode(contents(der, value)));
    }
  return (found.get(OID.commonName) ?? found.get(OID.organisation) ?? '').slice(0, MOST_NAME);
}
