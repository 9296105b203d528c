import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Secret, TOTP } from 'otpauth/slim';
import { randomBytes } from './chance.ts';
import { readCode } from './contact.ts';
import type { Env } from './env.ts';
import { fromBase64url, toBase64url } from './record/digest.ts';
import { keyed } from './secret.ts';

/**
 * The second factor: six digits that an app on the person's phone shows for half a minute (TOTP, RFC 6238, with HMAC-SHA-1 as every app has it), and codes
 * on paper for when the phone is gone.
 */

const PERIOD = 30;
/** How many steps the clock of a phone may be off, either way (RFC 6238, 5.2). */
const SKEW = 1;
/** RFC 4226, 4, R6: 160 bits. */
const SECRET_BYTES = 20;

/** A new secret, in base32 as apps take it. */
export const newSecret = (): string => new Secret({ buffer: randomBytes(SECRET_BYTES).buffer }).base32;

const totp = (secret: string, issuer = '', label = '') =>
  new TOTP({ issuer, label, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: PERIOD });

/** What the QR code holds for the app: whose it is, and where. */
export const factorUri = (secret: string, issuer: string, label: string): string => totp(secret, issuer, label).toString();

/** The code that the app shows at a time, and for how many milliseconds it still does. */
export function shownCode(secret: string, time: number): { code: string; milliseconds: number } {
  const app = totp(secret);
  return { code: app.generate({ timestamp: time }), milliseconds: app.remaining({ timestamp: time }) };
}

/** The number of the step whose code was typed, of this one and those beside it; null where it is none of theirs. */
export function stepOf(secret: string, typed: string, time: number): number | null {
  const code = readCode(typed);
  const delta = /^\d{6}$/.test(code) ? totp(secret).validate({ token: code, timestamp: time, window: SKEW }) : null;
  return delta === null ? null : TOTP.counter({ timestamp: time, period: PERIOD }) + delta;
}

const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const SPARE = { count: 10, groups: 3, letters: 4 } as const;

/** Ten codes, each to be used once: twelve letters and digits that are not mistaken for one another, 58 bits. */
export function newSpareCodes(): string[] {
  return Array.from({ length: SPARE.count }, () => {
    let letters = '';
    while (letters.length < SPARE.groups * SPARE.letters) {
      // What would make some letters likelier than others is thrown again.
      for (const byte of randomBytes(16)) if (byte < 240) letters += LETTERS[byte % LETTERS.length];
    }
    return Array.from({ length: SPARE.groups }, (_, i) => letters.slice(i * SPARE.letters, (i + 1) * SPARE.letters)).join('-');
  });
}

/** The keyed digest under which a spare code is kept, as it was typed; null for what cannot be one. */
export function spareCodeId(env: Pick<Env, 'keys'>, account: string, typed: string): string | null {
  const letters = typed
    .slice(0, 100)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
  return letters.length === SPARE.groups * SPARE.letters ? keyed(env, 'spare code', `${account}:${letters}`) : null;
}

/**
 * A secret as it is stored: `KEY.IV.CIPHERTEXT` by AES-256-GCM, bound to its account, under a key that follows (HKDF, RFC 5869) from a signing key of the
 * installation, which is named, so that it can be read after keys were rotated.
 */
export async function lockedSecret(keys: Env['keys'], account: string, secret: string): Promise<string> {
  const { id } = keys.filter(({ revoked }) => revoked === undefined).at(-1) ?? keys.at(-1) ?? { id: '' };
  const iv = randomBytes(12);
  const sealed = await crypto.subtle.encrypt(boundTo(iv, account), await keyOf(keys, id), new TextEncoder().encode(secret));
  return [id, toBase64url(iv), toBase64url(new Uint8Array(sealed))].join('.');
}

/** The secret that was stored for this account; null for what is not as it was stored, whatever stands there. */
export async function unlockedSecret(keys: Env['keys'], account: string, stored: string): Promise<string | null> {
  try {
    const [id = '', ...parts] = stored.split('.');
    const [iv, sealed] = parts.map((part) => fromBase64url(part));
    if (!iv || !sealed) return null;
    return new TextDecoder().decode(await crypto.subtle.decrypt(boundTo(iv, account), await keyOf(keys, id), sealed));
  } catch {
    return null;
  }
}

const boundTo = (iv: Uint8Array<ArrayBuffer>, account: string) => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(account),
});

function keyOf(keys: Env['keys'], id: string): Promise<CryptoKey> {
  const material = fromBase64url(keys.find((key) => key.id === id)?.privateKey ?? '');
  if (!material) throw new Error('The ring of signing keys has no such key.');
  const bytes = hkdf(sha256, material, undefined, new TextEncoder().encode('heyi second factor 1'), 32);
  return crypto.subtle.importKey('raw', new Uint8Array(bytes), 'AES-GCM', false, ['encrypt', 'decrypt']);
}
