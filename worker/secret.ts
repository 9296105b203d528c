import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Env } from './env.ts';
import { fromBase64url, toHex } from './record/digest.ts';

/** What is digested under a key, so that who reads a table or a record cannot find six digits or a phone number by trying them all. */
type Purpose =
  | 'claim'
  | 'code'
  | 'contact'
  | 'device'
  | 'export'
  | 'import'
  | 'invitation'
  | 'reply'
  | 'spare code'
  | 'unsent'
  | 'unsubscribe';

const encoder = new TextEncoder();
const known = new WeakMap<object, Map<Purpose, Uint8Array>>();

/**
 * HMAC-SHA-256 of a text in hex, under a secret of the installation for one purpose. The secret follows (HKDF, RFC 5869) from the oldest key of
 * the ring of signing keys that was not revoked, so that a digest in the record stays comparable when keys are rotated; no setting of its own has to be
 * kept. Once a key is revoked others may have it: digests are made anew from the next one, and invitations that are open have to be sent again.
 */
export function keyed({ keys }: Pick<Env, 'keys'>, purpose: Purpose, text: string): string {
  return toHex(hmac(sha256, secret(keys, purpose), encoder.encode(text)));
}

function secret(keys: Env['keys'], purpose: Purpose): Uint8Array {
  const secrets = known.get(keys) ?? new Map<Purpose, Uint8Array>();
  known.set(keys, secrets);
  const made = secrets.get(purpose) ?? derive(keys, purpose);
  secrets.set(purpose, made);
  return made;
}

function derive(keys: Env['keys'], purpose: Purpose): Uint8Array {
  const [oldest] = keys.filter(({ revoked }) => revoked === undefined).sort((a, b) => a.from.localeCompare(b.from));
  const material = oldest && fromBase64url(oldest.privateKey);
  if (!material) throw new Error('The ring of signing keys has no key that is trusted.');
  return hkdf(sha256, material, undefined, encoder.encode(`heyi ${purpose} 1`), 32);
}
