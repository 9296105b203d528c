import { sha256 } from '@noble/hashes/sha2.js';
import { ECDSA_WITH_SHA256, OID, readCertificate, SHA256, VERSION_1 } from './cms.ts';
import { element, integer, setOf, timeElement } from './der.ts';
import { fromHex } from './digest.ts';

/** The signature that `cms.ts` checks, made: detached CMS (RFC 5652) in the profile PAdES B-B (ETSI EN 319 142-1), SHA-256, ECDSA on P-256. */

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

/** Signs a content by its SHA-256, as of `at`. @throws NotDer where the first certificate is none */
export async function makeCms({ key, certificates }: CmsSigner, digest: Uint8Array, at: Date): Promise<Uint8Array<ArrayBuffer>> {
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
  const signer = sequence(
    version1,
    sequence(issuer, serial),
    digestAlgorithm,
    setOf(FIRST, attributes),
    signatureAlgorithm,
    element(OCTETS, signature),
  );
  const signed = sequence(version1, element(SET, digestAlgorithm), sequence(oid('data')), setOf(FIRST, certificates), element(SET, signer));
  return sequence(oid('signedData'), element(FIRST, signed));
}

const attribute = (name: keyof typeof OID, value: Uint8Array) => sequence(oid(name), element(SET, value));
