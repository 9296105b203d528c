/** Keys as they leave the machine: encrypted with a passphrase (scrypt, RFC 7914; AES-256-GCM), and bound to what they were kept with. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import * as z from 'zod';

/** 128 MB and about half a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const LEAST = 12;

const Sealed = z.object({
  kdf: z.literal('scrypt'),
  N: z
    .int()
    .min(2 ** 14)
    .max(2 ** 20),
  r: z.int().min(1).max(32),
  p: z.int().min(1).max(16),
  salt: z.base64(),
  cipher: z.literal('aes-256-gcm'),
  iv: z.base64(),
  tag: z.base64(),
  text: z.base64(),
});

/** The passphrase of the environment. @throws in words where there is none that would keep anything */
export function passphraseOf(env: NodeJS.ProcessEnv): string {
  const given = env.BACKUP_PASSPHRASE ?? '';
  if (given.length < LEAST)
    throw new Error(
      `BACKUP_PASSPHRASE: at least ${LEAST} characters, with which the keys in the backup are encrypted. Keep it where the backup is not: without it nothing can be restored.`,
    );
  return given;
}

/** @param beside what the keys lie with: they open together with that alone */
export function sealKeys(text: string, passphrase: string, beside: string): string {
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const { N, r, p } = COST;
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase.normalize('NFC'), salt, 32, COST), iv);
  cipher.setAAD(Buffer.from(beside));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const [base64, tag] = [(bytes: Buffer) => bytes.toString('base64'), cipher.getAuthTag()];
  return JSON.stringify({
    kdf: 'scrypt',
    N,
    r,
    p,
    salt: base64(salt),
    cipher: 'aes-256-gcm',
    iv: base64(iv),
    tag: base64(tag),
    text: base64(sealed),
  } satisfies z.input<typeof Sealed>);
}

/** @throws in words where the passphrase is another, or keys or what they lie with were changed */
export function openKeys(sealed: string, passphrase: string, beside: string): string {
  try {
    const { N, r, p, ...rest } = Sealed.parse(JSON.parse(sealed));
    const bytes = (text: string) => Buffer.from(text, 'base64');
    const key = scryptSync(passphrase.normalize('NFC'), bytes(rest.salt), 32, { ...COST, N, r, p });
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(rest.iv), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(beside)).setAuthTag(bytes(rest.tag));
    return Buffer.concat([decipher.update(bytes(rest.text)), decipher.final()]).toString('utf8');
  } catch {
    throw new Error('The keys of this backup do not open: the passphrase is another one, or its manifest or its keys were changed.');
  }
}
