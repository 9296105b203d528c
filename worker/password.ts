import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** Passwords: scrypt with N = 2^15, r = 8, p = 3 (OWASP's second profile) and a salt of 16 bytes, stored with its parameters. */

const NOW = { N: 32768, r: 8, p: 3 };
const LENGTH = 32;

/** `scrypt$N$r$p$salt$hash`, the last two in base64url. Takes about a third of a second, on purpose. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, NOW);
  return ['scrypt', NOW.N, NOW.r, NOW.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether a password gives a stored hash. With null (no such account) the same work is done, and the answer is no. */
export async function checkPassword(password: string, stored: string | null): Promise<boolean> {
  const [, N, r, p, salt, hash] = (stored ?? `scrypt$${NOW.N}$${NOW.r}$${NOW.p}$AAAAAAAAAAAAAAAAAAAAAA$${'A'.repeat(43)}`).split('$');
  const wanted = Buffer.from(hash ?? '', 'base64url');
  const derived = await derive(password, Buffer.from(salt ?? '', 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return derived.length === wanted.length && timingSafeEqual(derived, wanted) && stored !== null;
}

function derive(password: string, salt: Buffer, { N, r, p }: { N: number; r: number; p: number }): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    // NFKC, so that the same password typed on another keyboard gives the same bytes (NIST SP 800-63B 5.1.1.2).
    scrypt(password.normalize('NFKC'), salt, LENGTH, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
