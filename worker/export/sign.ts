import { CryptoKeySigner, PDF } from '@libpdf/core';
import type { DocumentSigner } from '../env.ts';

/** Signs a document (PAdES B-B, ETSI EN 319 142-1), so that any reader of PDF sees whether a byte was changed. */
export async function signDocument(
  bytes: Uint8Array,
  { privateKey, certificates }: DocumentSigner,
  about: { reason: string; at: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('pkcs8', bytesOf(privateKey), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const [leaf, ...chain] = certificates.map(bytesOf);
  if (!leaf) throw new Error('DOCUMENT_KEY names no certificate.');
  const signer = new CryptoKeySigner(key, leaf, 'EC', 'ECDSA', chain);
  const pdf = await PDF.load(bytes);
  const signed = await pdf.sign({ signer, reason: about.reason, signingTime: new Date(about.at) });
  return new Uint8Array(signed.bytes);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
