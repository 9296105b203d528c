import { toBase64url, toHex } from './record/digest.ts';

/** Random values, each for one purpose: made at the edge and handed in. */

export function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** An id that cannot be guessed and does not say when it was made: 128 random bits in hex. */
export function randomId(): string {
  return toHex(randomBytes(16));
}

/** A token for a link or a cookie: 160 random bits. */
export function randomToken(): string {
  return toBase64url(randomBytes(20));
}

/** So many digits, each value equally likely. */
export function randomCode(digits: number): string {
  let code = '';
  while (code.length < digits) {
    // 256 is no multiple of 10: what is left over is thrown again.
    for (const byte of randomBytes(digits)) if (byte < 250) code += byte % 10;
  }
  return code.slice(0, digits);
}

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ23';

/** A case's number as people say it: eight letters and digits that are not mistaken for one another. */
export function randomNumber(): string {
  const text = [...randomBytes(8)].map((byte) => ALPHABET[byte & 31]).join('');
  return `HY-${text.slice(0, 4)}-${text.slice(4)}`;
}

/** A number from 0 to 1, for what is to be spread out. */
export function randomShare(): number {
  return (randomBytes(1)[0] ?? 0) / 255;
}
