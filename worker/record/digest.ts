import { sha256 } from '@noble/hashes/sha2.js';
import canonicalize from 'canonicalize';

/** What a record may hold: strings, integers, booleans, null, arrays and objects; no fractions. */
export type Sealable = string | number | boolean | null | readonly Sealable[] | { readonly [key: string]: Sealable | undefined };

/** Thrown where content holds what the record cannot: a fraction, an unsafe integer, undefined, a function. */
export class NotSealable extends Error {}

const encoder = new TextEncoder();

/** RFC 8785 text of `value`. Members that are undefined are left out. @throws NotSealable */
export function canonical(value: unknown): string {
  const fault = faultIn(value);
  if (fault !== null) throw new NotSealable(`$${fault}`);
  return canonicalize(value) ?? '';
}

/** Whether `value` has an RFC 8785 text. */
export const isSealable = (value: unknown): boolean => faultIn(value) === null;

/** Where `value` holds what the record cannot, and what; the path is put together only where there is something to say. */
function faultIn(value: unknown): string | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : ': a lone surrogate';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? null : `: ${value} is no whole number below 2^53`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const fault = faultIn(value[i]);
      if (fault !== null) return `[${i}]${fault}`;
    }
    return null;
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (!key.isWellFormed()) return ': a lone surrogate in a name';
      const fault = member === undefined ? null : faultIn(member);
      if (fault !== null) return `.${key}${fault}`;
    }
    return null;
  }
  return typeof value === 'boolean' || value === null ? null : `: ${typeof value}`;
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

/** The bytes of hexadecimal digits. */
export const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

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
