import { hashes, verify } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { fromBase64url } from './digest.ts';

const imported = new Map<string, Promise<CryptoKey | null>>();
/** A ring has few keys; a hostile one many. */
const MOST_IMPORTED = 64;

/**
 * Whether `signature` is `publicKey`'s over the UTF-8 of `text` (both base64url). WebCrypto where it knows Ed25519, as it is ten times faster;
 * the pure library in older browsers, and where a page without TLS has no WebCrypto. Never throws.
 */
export async function ed25519Holds(publicKey: string, signature: string, text: string): Promise<boolean> {
  const key = fromBase64url(publicKey);
  const bytes = fromBase64url(signature);
  if (key?.length !== 32 || bytes?.length !== 64) return false;
  const message = new TextEncoder().encode(text);
  try {
    const ready = await readied(publicKey, key);
    if (ready) return await crypto.subtle.verify('Ed25519', ready, bytes, message);
    hashes.sha512 = sha512;
    return verify(bytes, message, key);
  } catch {
    return false;
  }
}

function readied(publicKey: string, bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return Promise.resolve(null);
  const known = imported.get(publicKey);
  if (known) return known;
  if (imported.size >= MOST_IMPORTED) imported.clear();
  const made = subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']).then(
    (one) => one,
    () => null,
  );
  imported.set(publicKey, made);
  return made;
}
