import { canonical, digestOf, fromBase64url, toBase64url } from './digest.ts';
import type { PublicKey } from './format.ts';

/** A key that signs: its published half and the private key, as a PKCS #8 document in base64url. */
export type StoredKey = PublicKey & { privateKey: string };

/** A key ready to sign with. */
export type SigningKey = { published: PublicKey; sign(text: string): Promise<string> };

/** A key's id binds what it is and since when: `hk-` and 32 hex digits of SHA-256(canonical({algorithm, from, publicKey})). */
export function keyId(key: Pick<PublicKey, 'algorithm' | 'from' | 'publicKey'>): string {
  return `hk-${digestOf(canonical({ algorithm: key.algorithm, from: key.from, publicKey: key.publicKey })).slice(0, 32)}`;
}

/** Makes a new Ed25519 key in force from `from` (RFC 3339 UTC with milliseconds). */
export async function makeKey(from: string): Promise<StoredKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const publicKey = toBase64url(new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer));
  const privateKey = toBase64url(new Uint8Array((await crypto.subtle.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer));
  const key = { algorithm: 'Ed25519' as const, publicKey, from, until: null };
  return { id: keyId(key), ...key, privateKey };
}

/** Readies the newest key of a ring for signing. @throws where the ring is empty or a key cannot be read. */
export async function signingKey(ring: readonly StoredKey[]): Promise<SigningKey> {
  const stored = ring.find((key) => key.until === null);
  const bytes = stored && fromBase64url(stored.privateKey);
  if (!stored || !bytes) throw new Error('The ring of signing keys has no key in force.');
  const key = await crypto.subtle.importKey('pkcs8', bytes, 'Ed25519', false, ['sign']);
  return {
    published: publish(stored),
    sign: async (text) => toBase64url(new Uint8Array(await crypto.subtle.sign('Ed25519', key, new TextEncoder().encode(text)))),
  };
}

/** The public half of a key, and nothing else of it. */
export function publish({ id, algorithm, publicKey, from, until }: PublicKey): PublicKey {
  return { id, algorithm, publicKey, from, until };
}

/** A new key from `at`; the one in force until now ends there and stays published. */
export async function rotate(ring: readonly StoredKey[], at: string): Promise<StoredKey[]> {
  return [...ring.map((key) => (key.until === null ? { ...key, until: at } : key)), await makeKey(at)];
}
