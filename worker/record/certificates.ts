import { sha256 } from '@noble/hashes/sha2.js';
import * as z from 'zod';
import { readCertificate } from './cms.ts';
import { contents, elementAt, integer } from './der.ts';
import { fromHex, toHex } from './digest.ts';
import { Instant } from './format.ts';
import { PublishedCertificate } from './published.ts';

/**
 * With what documents are signed, as the setting DOCUMENT_KEY holds it: PKCS #8 and DER certificates (leaf first) in base64, and the certificates
 * that signed before, so that their fingerprints stay published. `from` is since when the leaf signs; left out, since it is valid.
 */
export const DocumentKey = z.object({
  privateKey: z.base64().min(1),
  certificates: z.array(z.base64().min(1)).min(1),
  from: Instant.optional(),
  retired: z.array(PublishedCertificate).optional(),
});
export type DocumentKey = z.infer<typeof DocumentKey>;

/** The certificates as they are published, oldest first. @throws where the leaf is no certificate */
export function publishedCertificates({ certificates, from, retired = [] }: DocumentKey): PublishedCertificate[] {
  const der = Uint8Array.from(atob(certificates[0] ?? ''), (char) => char.charCodeAt(0));
  const { notBefore } = readCertificate(der);
  return [...retired, { fingerprint: toHex(sha256(der)), from: from ?? notBefore, until: null }];
}

/** Whether a certificate's serial number is written as DER has it (X.690, 8.3.2). Poppler and others find no signer by one that is padded or negative. @throws NotDer */
export function hasPlainSerial(der: Uint8Array<ArrayBuffer>): boolean {
  const serial = fromHex(readCertificate(der).serial);
  return toHex(integer(contents(serial, elementAt(serial, 0)))) === toHex(serial);
}

/**
 * A new key takes over at `at`; what signed until then ends, at `until` where a portal that runs may sign with it for a while, and stays published.
 * `revoked` is since when it is not trusted, where it was lost.
 */
export function succeed(
  old: DocumentKey,
  made: Pick<DocumentKey, 'privateKey' | 'certificates'>,
  at: string,
  revoked?: string,
  until = at,
): DocumentKey {
  const before = publishedCertificates(old).map((one) =>
    one.until === null ? { ...one, until, ...(revoked === undefined ? {} : { revoked }) } : one,
  );
  return { ...made, from: at, retired: before };
}
