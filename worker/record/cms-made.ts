import { sha256 } from '@noble/hashes/sha2.js';
import { ECDSA_WITH_SHA256, OID, readCertificate, SHA256, VERSION_1 } from './cms.ts';
import { element, integer, setOf, timeElement } from './der.ts';
import { fromHex, toHex } from './digest.ts';

/** The signature that `cms.ts` checks, made: detached CMS (RFC 5652) in the profile PAdES B-B (ETSI EN 319 142-1), SHA-256, ECDSA on P-256; or B-T, with a time stamp. */

const SEQUENCE = 0x30;
const SET = 0x31;
const OCTETS = 0x04;
/** [0] and [1] of what they stand in. */
const [FIRST, SECOND] = [0xa0, 0xa1];
/** directoryName among the general names (RFC 5280, 4.2.1.6). */
const DIRECTORY_NAME = 0xa4;

const sequence = (...parts: readonly Uint8Array[]) => element(SEQUENCE, ...parts);
const oid = (name: keyof typeof OID) => element(0x06, fromHex(OID[name]));
const [digestAlgorithm = new Uint8Array()] = SHA256.map(fromHex);
const signatureAlgorithm = fromHex(ECDSA_WITH_SHA256);
const version1 = fromHex(VERSION_1);

/** Who signs: the private key (ECDSA, P-256), and the certificates (DER), the key's own first. */
export type CmsSigner = { key: CryptoKey; certificates: readonly [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]] };

/** Gets a time stamp (RFC 3161, DER) of a SHA-256 in hexadecimal; null where none is to be had. */
export type Stamping = (digest: string) => Promise<Uint8Array | null>;

/**
 * Signs a content by its SHA-256, as of `at`. @param stamp gets the time stamp of the signature that goes beside it; what is larger than `room` bytes with it goes without
 * @throws NotDer where the first certificate is none
 */
export async function makeCms(
  { key, certificates }: CmsSigner,
  digest: Uint8Array,
  at: Date,
  { stamp, room }: { stamp: Stamping | null; room: number } = { stamp: null, room: 0 },
): Promise<Uint8Array<ArrayBuffer>> {
  const [own] = certificates;
  const certificate = readCertificate(own);
  const [issuer, serial] = [fromHex(certificate.issuer), fromHex(certificate.serial)];
  const attributes = [
    attribute('contentType', oid('data')),
    attribute('signingTime', timeElement(at)),
    attribute('messageDigest', element(OCTETS, digest)),
    // Which algorithms they are is signed too (RFC 6211)
    attribute('algorithmProtection', sequence(digestAlgorithm, element(SECOND, signatureAlgorithm.subarray(2)))),
    // and by which certificate (RFC 5035): none of the same key can be put in its place.
    attribute(
      'signingCertificateV2',
      sequence(sequence(sequence(element(OCTETS, sha256(own)), sequence(sequence(element(DIRECTORY_NAME, issuer)), serial)))),
    ),
  ];
  // Signed are the attributes as a SET, not with the tag they have beside the signature (RFC 5652, 5.4).
  const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, setOf(SET, attributes)));
  const half = raw.length / 2;
  const signature = sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)));
  const signer = [
    version1,
    sequence(issuer, serial),
    digestAlgorithm,
    setOf(FIRST, attributes),
    signatureAlgorithm,
    element(OCTETS, signature),
  ];
  const data = (...parts: readonly Uint8Array[]) => {
    const signers = element(SET, sequence(...signer, ...parts));
    const signed = sequence(version1, element(SET, digestAlgorithm), sequence(oid('data')), setOf(FIRST, certificates), signers);
    return sequence(oid('signedData'), element(FIRST, signed));
  };
  const token = stamp && (await stamp(toHex(sha256(signature))));
  // Beside the signature, as it is of the signature (RFC 3161, appendix A).
  const stamped = token && data(setOf(SECOND, [attribute('signatureTimeStamp', token)]));
  return stamped && stamped.length <= room ? stamped : data();
}

const attribute = (name: keyof typeof OID, value: Uint8Array) => sequence(oid(name), element(SET, value));
