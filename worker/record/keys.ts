import { canonical, digestOf, fromBase64url, toBase64url } from './digest.ts';
import type { PublicKey } from './format.ts';

/**
 * A key that signs: its published half and the private key, as a PKCS #8 document in base64url. `revoked` is since when it is not trusted any more;
 * it is published, but no part of `record.json`.
 */
export type StoredKey = PublicKey & { privateKey: string; revoked?: string | undefined };

/** A key ready to sign with. */
export type SigningKey = { published: PublicKey; sign(text: string): Promise<string> };

/** A key's id binds what it is and since when: `hk-` and 32 hex digits of SHA-256(canonical({algorithm, from, publicKey})). */
function keyId(key: Pick<PublicKey, 'algorithm' | 'from' | 'publicKey'>): string {
  return `hk-${digestOf(canonical({ algorithm: key.algorithm, from: key.from, publicKey: key.publicKey })).slice(0, 32)}`;
}

/** Makes a new Ed25519 key in force from `from` (RFC 3339 UTC with milliseconds). */
export async function makeKey(from: string): Promise<StoredKey> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const publicKey = toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const privateKey = toBase64url(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)));
  const key = { algorithm: 'Ed25519' as const, publicKey, from, until: null };
  return { id: keyId(key), ...key, privateKey };
}

/** The key that signs at an instant: of those that have begun and neither ended nor been revoked, the one that began last. */
export function keyInForce(ring: readonly StoredKey[], at: string): StoredKey | undefined {
  const inForce = ring.filter(({ from, until, revoked }) => revoked === undefined && from <= at && (until === null || at < until));
  return inForce.reduce<StoredKey | undefined>((last, key) => (last && last.from > key.from ? last : key), undefined);
}

/** Readies the key in force of a ring for signing, now unless said otherwise. @throws where there is none or it cannot be read. */
export async function signingKey(ring: readonly StoredKey[], at = new Date().toISOString()): Promise<SigningKey> {
  const stored = keyInForce(ring, at);
  const known = stored && readied.get(stored);
  if (known) return known;
  const bytes = stored && fromBase64url(stored.privateKey);
  if (!stored || !bytes) throw new Error('The ring of signing keys has no key in force.');
  const key = await crypto.subtle.importKey('pkcs8', bytes, 'Ed25519', false, ['sign']);
  const made: SigningKey = {
    published: publish(stored),
    sign: async (text) => toBase64url(new Uint8Array(await crypto.subtle.sign('Ed25519', key, new TextEncoder().encode(text)))),
  };
  readied.set(stored, made);
  return made;
}

const readied = new WeakMap<StoredKey, SigningKey>();

/** The public half of a key as `record.json` holds it, and nothing else of it. */
export function publish({ id, algorithm, publicKey, from, until }: PublicKey): PublicKey {
  return { id, algorithm, publicKey, from, until };
}

/**
 * A new key from `at`; the one before it ends at `until` and stays published. A portal that runs signs with the one before until it has the new ring:
 * where there may be one, the end lies late enough for that.
 */
export async function rotate(ring: readonly StoredKey[], at: string, until = at): Promise<StoredKey[]> {
  return [...ring.map((key) => (key.until === null ? { ...key, until } : key)), await makeKey(at)];
}

/**
 * Takes a key out of trust from `since`, which may lie in the past: what it signed from then on is refused. Where it is in force it ends at `now`, and a
 * new one begins. Null where the ring has no such key, or it was revoked earlier.
 */
export async function revoke(ring: readonly StoredKey[], id: string, since: string, now: string): Promise<StoredKey[] | null> {
  const key = ring.find((one) => one.id === id);
  if (!key || (key.revoked !== undefined && key.revoked <= since)) return null;
  const ended = key.until === null ? await rotate(ring, now) : ring;
  return ended.map((one) =>
    one.id === id ? { ...one, revoked: since, until: one.until !== null && one.until > now ? now : one.until } : one,
  );
}
