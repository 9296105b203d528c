/**
 * Which installation a command works on: the one that the environment names (DIRECTORY_URL and tokens), or else the one of this machine,
 * whose databases are in the data folder (DATA, `.heyi/data` unless said otherwise).
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { Env } from '../worker/env.ts';
import { Instant, PublicKey } from '../worker/record/format.ts';
import { makeKey, type StoredKey } from '../worker/record/keys.ts';
import { parseSecret, readSecret, secretOf, writeSecret } from './secrets.ts';
import { type LibsqlServer, serve } from './server.ts';

/** `keys` is the ring of signing keys: what the portal has written is known by it. Empty where the environment names an installation and no keys. */
export type Installation = Pick<Env, 'directory' | 'casebookToken' | 'keys'>;

export const dataFolder = (): string => resolve(process.env.DATA ?? '.heyi/data');

/** Stands in a data folder while a backup is put into it: what is there is no installation yet. */
export const RESTORING = 'restoring';

/** @throws where a restore was begun in a data folder and not finished */
export function assertRestored(data: string): void {
  if (existsSync(join(data, RESTORING)))
    throw new Error(`A restore into ${data} was begun and not finished: run npm run restore again; it begins anew.`);
}

/**
 * Opens the databases of a data folder on a server of their own, and makes the directory where there is none. Commands have theirs inside their own
 * process; beside a portal that is running both work on the same files, as SQLite's locks allow.
 */
export async function openLocal(
  data: string,
  open: (folder: string) => Promise<LibsqlServer> = (folder) => serve({ folder }),
): Promise<{ env: Installation; server: LibsqlServer }> {
  assertRestored(data);
  return openUnfinished(data, open);
}

/** The same of a data folder into which a backup is being put. */
export async function openUnfinished(
  data: string,
  open: (folder: string) => Promise<LibsqlServer> = (folder) => serve({ folder }),
): Promise<{ env: Installation; server: LibsqlServer }> {
  const keys = await localKeys(data);
  const server = await open(join(data, 'databases'));
  if (!server.names().includes('directory')) await server.create('directory');
  return { env: { directory: { url: `${server.url}directory/`, token: server.token }, casebookToken: server.token, keys }, server };
}

export async function installation(): Promise<{ env: Installation; server: LibsqlServer | null; close: () => Promise<void> }> {
  const { DIRECTORY_URL: url, DIRECTORY_TOKEN: token, CASEBOOK_TOKEN: casebookToken, SIGNING_KEYS: ring } = process.env;
  const keys = ring ? (JSON.parse(ring) as StoredKey[]) : [];
  if (url) return { env: { directory: { url, token }, casebookToken, keys }, server: null, close: async () => {} };
  const { env, server } = await openLocal(dataFolder());
  if (ring) env.keys = keys;
  return { env, server, close: () => server.close() };
}

const KEYS = 'signing-keys.json';
export const Ring = z.array(PublicKey.extend({ privateKey: z.string().min(1), revoked: Instant.optional() })).min(1);

/** The ring of signing keys of a data folder; a development key is made on first use. It never leaves the folder. @throws BrokenSecret */
export async function localKeys(data: string): Promise<StoredKey[]> {
  const file = join(data, KEYS);
  // In force for a year already: the demo world's cases began in the past.
  const made = async () => ringText([await makeKey(new Date(Date.now() - 365 * 86_400_000).toISOString())]);
  return readLocal(await secretOf(file, made), file);
}

/** The ring of a data folder where there is one. @throws BrokenSecret */
export function existingKeys(data: string): StoredKey[] | null {
  const file = join(data, KEYS);
  const text = readSecret(file);
  return text === null ? null : readLocal(text, file);
}

const readLocal = (text: string, file: string) => parseSecret(Ring, text, file, 'Records that its keys sealed verify with no others');
const ringText = (ring: readonly StoredKey[]) => `${JSON.stringify(ring, null, 2)}\n`;

export function writeLocalKeys(data: string, ring: readonly StoredKey[]): void {
  writeSecret(join(data, KEYS), ringText(ring));
}
