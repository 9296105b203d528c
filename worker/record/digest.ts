import { sha256 } from '@noble/hashes/sha2.js';

/** What a record may hold: strings, integers, booleans, null, arrays and objects; no fractions. */
export type Sealable = string | number | boolean | null | readonly Sealable[] | { readonly [key: string]: Sealable | undefined };

/** Thrown where content holds what the record cannot: a fraction, an unsafe integer, undefined, a function. */
export class NotSealable extends Error {}

const encoder = new TextEncoder();

/** RFC 8785 text of `value`. Members that are undefined are left out. @throws NotSealable */
export function canonical(value: unknown): string {
  const text = textOf(value);
  if (text === null) throw new NotSealable(`$${faultIn(value) ?? ''}`);
  return text;
}

/** Whether `value` has an RFC 8785 text. */
export const isSealable = (value: unknown): boolean => textOf(value) !== null;

/** Null where `value` holds what the record cannot. Numbers are whole, so that none needs more than its digits (RFC 8785, 3.2.2.3). */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? `${value}` : null;
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'object') return null;
  if (Array.isArray(value)) return listOf(value);
  return isPlain(value) ? membersOf(value) : null;
}

/** What stands in quotes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string | null {
  if (PLAIN.test(text)) return `"${text}"`;
  return text.isWellFormed() ? JSON.stringify(text) : null;
}

function listOf(list: readonly unknown[]): string | null {
  let text = '';
  for (let i = 0; i < list.length; i++) {
    const one = textOf(list[i]);
    if (one === null) return null;
    text += i === 0 ? one : `,${one}`;
  }
  return `[${text}]`;
}

/** What JSON writes in a way of its own, as an instant, is no part of a record. */
const isPlain = (value: object): value is Readonly<Record<string, unknown>> => !('toJSON' in value) || typeof value.toJSON !== 'function';

/** Sorted by their names' UTF-16 code units, as `sort` does it by itself (RFC 8785, 3.2.3). */
function membersOf(members: Readonly<Record<string, unknown>>): string | null {
  let text = '';
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    const key = quoted(name);
    const one = member === undefined ? '' : textOf(member);
    if (key === null || one === null) return null;
    if (member !== undefined) text += text === '' ? `${key}:${one}` : `,${key}:${one}`;
  }
  return `{${text}}`;
}

/** Where `value` holds what the record cannot, and what. */
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
    if (!isPlain(value)) return ': an object of its own kind';
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

/** SHA-256( salt bytes ‖ text ), of a text that is canonical: the salt keeps a guessable content from being found by trying. */
export function saltedDigest(salt: string, text: string): string {
  const bytes = fromBase64url(salt);
  if (!bytes) throw new NotSealable('a salt is base64url without padding');
  return toHex(sha256.create().update(bytes).update(encoder.encode(text)).digest());
}

/** Each byte in hex. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
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
