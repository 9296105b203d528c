/** The certificate with which PDFs are signed: self-issued for an EC P-256 key, unless the operator has one from a CA. */
import { join } from 'node:path';
import * as asn1js from 'asn1js';
import { AttributeTypeAndValue, BasicConstraints, Certificate, CryptoEngine, Extension, setEngine } from 'pkijs';
import { DocumentKey } from '../worker/record/certificates.ts';
import { parseSecret, readSecret, secretOf, writeSecret } from './secrets.ts';

const YEARS = 10;
const COMMON_NAME = '2.5.4.3';
const base64 = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('base64');

/** Makes a key and a certificate of its own for it (RFC 5280): for signing documents, for ten years. */
export async function makeDocumentKey(name = '合意 Heyi'): Promise<DocumentKey> {
  setEngine('node', new CryptoEngine({ name: 'node', crypto: globalThis.crypto as Crypto }));
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])) as CryptoKeyPair;
  const certificate = new Certificate();
  certificate.version = 2;
  // Positive (RFC 5280, 4.1.2.2), and its first byte not zero: DER pads no number, and readers of PDFs that hold by that find no signer (Poppler).
  const serial = crypto.getRandomValues(new Uint8Array(16));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  certificate.serialNumber = new asn1js.Integer({ valueHex: serial.buffer });
  for (const party of [certificate.issuer, certificate.subject]) {
    party.typesAndValues.push(new AttributeTypeAndValue({ type: COMMON_NAME, value: new asn1js.Utf8String({ value: name }) }));
  }
  certificate.notBefore.value = new Date(Date.now() - 86_400_000);
  certificate.notAfter.value = new Date(Date.now() + YEARS * 365 * 86_400_000);
  // digitalSignature and nonRepudiation.
  const usage = new asn1js.BitString({ valueHex: Uint8Array.from([0xc0]).buffer, unusedBits: 6 });
  certificate.extensions = [
    new Extension({ extnID: '2.5.29.15', critical: true, extnValue: usage.toBER() }),
    new Extension({ extnID: '2.5.29.19', critical: true, extnValue: new BasicConstraints({ cA: false }).toSchema().toBER() }),
  ];
  await certificate.subjectPublicKeyInfo.importKey(pair.publicKey);
  await certificate.sign(pair.privateKey, 'SHA-256');
  return {
    privateKey: base64((await crypto.subtle.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer),
    certificates: [base64(certificate.toSchema(true).toBER())],
  };
}

const FILE = 'document-key.json';
const LOST = 'Documents that its certificate signed are vouched for by no other';

/** The document key of a data folder, as text for the setting; made on first use. @throws BrokenSecret */
export async function localDocumentKey(data: string): Promise<string> {
  const file = join(data, FILE);
  const text = await secretOf(file, async () => JSON.stringify(await makeDocumentKey()));
  parseSecret(DocumentKey, text, file, LOST);
  return text;
}

/** The document key of a data folder where there is one. @throws BrokenSecret */
export function existingDocumentKey(data: string): DocumentKey | null {
  const file = join(data, FILE);
  const text = readSecret(file);
  return text === null ? null : parseSecret(DocumentKey, text, file, LOST);
}

export function writeLocalDocumentKey(data: string, key: DocumentKey): void {
  writeSecret(join(data, FILE), JSON.stringify(key));
}
