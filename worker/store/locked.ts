import { randomBytes } from '../chance.ts';
import { fromBase64url, toBase64url } from '../record/digest.ts';

/**
 * Content that only the holder of a token can read: encrypted with a key that follows from the token (HKDF, AES-256-GCM), which the portal knows by its
 * digest alone. `purpose` tells the keys of one token apart; `bound` is what the content belongs to, and is not read as anything else.
 */
export async function lockedBy(token: string, purpose: string) {
  const bytes = new TextEncoder().encode(token);
  const material = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(`heyi ${purpose} 1`);
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
  const key = await crypto.subtle.deriveKey(params, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const algorithm = (iv: Uint8Array<ArrayBuffer>, bound: string) => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(bound),
  });

  return {
    /** A content as it is stored: 12 random bytes, and the ciphertext. */
    async lock(bound: string, content: unknown): Promise<string> {
      const iv = randomBytes(12);
      const sealed = await crypto.subtle.encrypt(algorithm(iv, bound), key, new TextEncoder().encode(JSON.stringify(content)));
      return `${toBase64url(iv)}.${toBase64url(new Uint8Array(sealed))}`;
    },

    /** Null for what is not as it was stored, whatever stands there. */
    async unlock(bound: string, stored: string): Promise<unknown> {
      try {
        const [iv, sealed] = stored.split('.').map((part) => fromBase64url(part));
        if (!iv || !sealed) return null;
        return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(algorithm(iv, bound), key, sealed)));
      } catch {
        return null;
      }
    },
  };
}
