import * as z from 'zod';
import { fromBase64url, toBase64url } from './record/digest.ts';

/**
 * Passkeys (W3C WebAuthn, level 3) as a second factor, beside the app's codes: what the browser hands over once a key was made or used, verified by WebCrypto.
 * Where a key's maker comes from is not asked (attestation "none"), so its public key is taken as the browser gives it (`getPublicKey`, 5.2.1.1).
 * `test/passkey.test.ts` holds this against @simplewebauthn/server, which knows all kinds of attestation and would not fit into the worker's bundle.
 */

/** COSE names of signatures, as browsers give a key for: ECDSA with P-256, Ed25519, RSA PKCS #1 v1.5, each with SHA-256 where one is named. */
const ALGORITHMS = {
  '-7': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  '-8': { name: 'Ed25519' },
  '-257': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;

type Algorithm = keyof typeof ALGORITHMS;
/** In the order in which they are asked for. */
const ALGORITHM_NAMES: readonly Algorithm[] = ['-7', '-8', '-257'];

/** How many milliseconds a challenge is good, which is also how long a browser waits for the person. */
export const CHALLENGE_TIME = 5 * 60_000;

/** Whom a passkey is for: the site by its name, and where its pages come from. */
export type Site = { id: string; origin: string };

/** The site of an origin; null where there can be no passkey: on an address of numbers, and without TLS anywhere but on this machine. */
export function siteOf(origin: string): Site | null {
  const { hostname, protocol } = new URL(origin);
  const named = !/^[\d.]+$|:/.test(hostname);
  return named && (protocol === 'https:' || hostname === 'localhost') ? { id: hostname, origin } : null;
}

/** Browsers inside other apps know no passkeys, or lose them. */
export const isInApp = (userAgent: string): boolean =>
  /MicroMessenger|QQ\/|DingTalk|AlipayClient|AliApp|Weibo|Lark|Feishu|FBA[NV]|Instagram|Line\/|; wv\)/i.test(userAgent);

const Base64url = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[\w-]+$/);

const CredentialId = Base64url(1400);

const Made = z.object({
  id: CredentialId,
  response: z.object({
    clientDataJSON: Base64url(4000),
    authenticatorData: Base64url(8000),
    publicKey: Base64url(2000),
    publicKeyAlgorithm: z.int(),
    transports: z.array(z.string().max(20)).max(8).default([]),
  }),
});

const Used = z.object({
  id: CredentialId,
  response: z.object({ clientDataJSON: Base64url(4000), authenticatorData: Base64url(4000), signature: Base64url(2000) }),
});

const ClientData = z.object({ type: z.string(), challenge: z.string(), origin: z.string(), crossOrigin: z.boolean().optional() });

/** A passkey as it is kept; `publicKey` is its SubjectPublicKeyInfo, `counter` how often the key says it was used: 0 where it does not count. */
export type Passkey = { id: string; publicKey: string; algorithm: number; counter: number };

/** Options for making a passkey (5.4), as the browser takes them. `account` is the id of the person, `others` the keys that they have. */
export function makingOptions(
  site: Site,
  challenge: string,
  account: { id: string; contact: string; name: string },
  others: readonly string[],
  brand: string,
) {
  return {
    challenge,
    rp: { id: site.id, name: brand },
    user: { id: account.id, name: account.contact, displayName: account.name },
    pubKeyCredParams: ALGORITHM_NAMES.map((name) => ({ type: 'public-key' as const, alg: Number(name) })),
    timeout: CHALLENGE_TIME,
    excludeCredentials: others.map((id) => ({ id, type: 'public-key' as const })),
    authenticatorSelection: { residentKey: 'preferred' as const, userVerification: 'preferred' as const },
    attestation: 'none' as const,
  };
}

/** Options for using one of some passkeys (5.5). */
export function usingOptions(site: Site, challenge: string, keys: readonly { id: string; transports: readonly string[] }[]) {
  return {
    challenge,
    rpId: site.id,
    timeout: CHALLENGE_TIME,
    userVerification: 'preferred' as const,
    allowCredentials: keys.map(({ id, transports }) => ({ id, type: 'public-key' as const, transports })),
  };
}

/** The passkey that a browser says it has made for this challenge (7.1, as far as it holds without attestation); null where it did not. */
export async function madePasskey(typed: string, site: Site, challenge: string): Promise<(Passkey & { transports: string[] }) | null> {
  const made = read(Made, typed);
  if (!made) return null;
  const { clientDataJSON, authenticatorData, publicKey, publicKeyAlgorithm, transports } = made.response;
  if (!isClientData(clientDataJSON, { type: 'webauthn.create', challenge, origin: site.origin })) return null;
  const said = await authenticatorSaid(authenticatorData, site);
  if (!said?.present || said.credential !== made.id) return null;
  if (!(await importKey(publicKey, publicKeyAlgorithm))) return null;
  return { id: made.id, publicKey, algorithm: publicKeyAlgorithm, counter: said.counter, transports };
}

/** The id of the passkey by which something claims to be signed; null where it is nothing of the kind. */
export const usedId = (typed: string): string | null => read(Used, typed)?.id ?? null;

/** How often a passkey has been used with this use, where it signed this challenge (7.2); null where it did not, or counts less than it did before. */
export async function usedPasskey(typed: string, key: Passkey, site: Site, challenge: string): Promise<number | null> {
  const used = read(Used, typed);
  if (used?.id !== key.id) return null;
  const { clientDataJSON, authenticatorData, signature } = used.response;
  if (!isClientData(clientDataJSON, { type: 'webauthn.get', challenge, origin: site.origin })) return null;
  const said = await authenticatorSaid(authenticatorData, site);
  if (!said?.present) return null;
  // 6.1.1: one that counts only ever counts up; one that does not says 0 for ever.
  if ((said.counter > 0 || key.counter > 0) && said.counter <= key.counter) return null;
  return (await isSigned(key, authenticatorData, clientDataJSON, signature)) ? said.counter : null;
}

function read<S extends z.ZodType>(schema: S, typed: string): z.output<S> | null {
  try {
    return schema.parse(JSON.parse(typed));
  } catch {
    return null;
  }
}

/** Whether what the browser signed along is of this site, for this challenge, and not from a page within another site's. */
function isClientData(encoded: string, wanted: { type: string; challenge: string; origin: string }): boolean {
  const bytes = fromBase64url(encoded);
  const said = bytes && read(ClientData, new TextDecoder().decode(bytes));
  if (!said || said.crossOrigin) return false;
  return said.type === wanted.type && said.challenge === wanted.challenge && said.origin === wanted.origin;
}

const PRESENT = 0x01;
const ATTESTED = 0x40;

/** What the authenticator says (6.1), where it says so of this site. `credential` is the id of a key that it has just made. */
async function authenticatorSaid(encoded: string, site: Site) {
  const bytes = fromBase64url(encoded);
  if (!bytes || bytes.length < 37) return null;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(site.id)));
  if (!hash.every((byte, i) => bytes[i] === byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(32);
  // 6.5.1: sixteen bytes of its model, the length of the id in two, the id.
  const has = (flags & ATTESTED) !== 0 && bytes.length >= 55;
  const credential = has ? bytes.slice(55, 55 + view.getUint16(53)) : null;
  return {
    present: (flags & PRESENT) !== 0,
    counter: view.getUint32(33),
    credential: credential && toBase64url(credential),
  };
}

async function isSigned(key: Passkey, authenticatorData: string, clientDataJSON: string, signature: string): Promise<boolean> {
  const [data, client, signed] = [authenticatorData, clientDataJSON, signature].map((text) => fromBase64url(text));
  const known = await importKey(key.publicKey, key.algorithm);
  if (!data || !client || !signed || !known) return false;
  const clientHash = new Uint8Array(await crypto.subtle.digest('SHA-256', client));
  const over = new Uint8Array([...data, ...clientHash]);
  const plain = known.algorithm.name === 'ECDSA' ? plainSignature(signed) : signed;
  return plain !== null && crypto.subtle.verify(known.algorithm, known.imported, plain, over);
}

async function importKey(publicKey: string, algorithm: number) {
  const known = Object.entries(ALGORITHMS).find(([name]) => Number(name) === algorithm)?.[1];
  const bytes = fromBase64url(publicKey);
  if (!known || !bytes) return null;
  try {
    return { algorithm: known, imported: await crypto.subtle.importKey('spki', bytes, known, false, ['verify']) };
  } catch {
    return null;
  }
}

const COORDINATE = 32;

/** A signature of P-256 as WebCrypto takes it, r ‖ s, from that of authenticators: SEQUENCE { r INTEGER, s INTEGER } in DER (6.5.5). */
function plainSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const plain = new Uint8Array(2 * COORDINATE);
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  let at = 2;
  for (const end of [COORDINATE, 2 * COORDINATE]) {
    const length = der[at + 1] ?? 0;
    const number = der.slice(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || length === 0 || number.length !== length) return null;
    // An integer has a sign: a first byte of zeros where it would seem to be below zero.
    const digits = number[0] === 0 ? number.slice(1) : number;
    if (digits.length > COORDINATE) return null;
    plain.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? plain : null;
}
