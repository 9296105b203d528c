import { sha256 } from '@noble/hashes/sha2.js';
import canonicalize from 'canonicalize';

/** What a record may hold: strings, integers, booleans, null, arrays and objects; no fractions. */
export type Sealable = string | number | boolean | null | readonly Sealable[] | { readonly [key: string]: Sealable | undefined };

/** Thrown where content holds what the record cannot: a fraction, an unsafe integer, undefined, a function. */
export class NotSealable extends Error {}

const encoder = new TextEncoder();

/** RFC 8785 text of `value`. Members that are undefined are left out. @throws NotSealable */
export function canonical(value: unknown): string {
  check(value, '$');
  return canonicalize(value) ?? '';
}

function check(value: unknown, path: string): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new NotSealable(`${path}: ${value} is no whole number below 2^53`);
  } else if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new NotSealable(`${path}: a lone surrogate`);
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) check(item, `${path}[${i}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (!key.isWellFormed()) throw new NotSealable(`${path}: a lone surrogate in a name`);
      if (member !== undefined) check(member, `${path}.${key}`);
    }
  } else if (typeof value !== 'boolean' && value !== null) {
    throw new NotSealable(`${path}: ${typeof value}`);
  }
}

/** SHA-256 of bytes or of a text's UTF-8, in lower-case hex. */
export function digestOf(input: Uint8Array | string): string {
  return toHex(sha256(typeof input === 'string' ? encoder.encode(input) : input));
}

/** SHA-256( salt bytes ‖ canonical(value) ): the salt keeps a guessable content from being found by trying. */
export function saltedDigest(salt: string, value: unknown): string {
  const bytes = fromBase64url(salt);
  if (!bytes) throw new NotSealable('a salt is base64url without padding');
  return toHex(
    sha256
      .create()
      .update(bytes)
      .update(encoder.encode(canonical(value)))
      .digest(),
  );
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

export function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The bytes of base64url text without padding, or null where it is anything else (also a second spelling of the same bytes). */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return toBase64url(bytes) === text ? bytes : null;
}
