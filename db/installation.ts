/**
 * Which installation a command works on: the one that the environment names (DIRECTORY_URL and tokens), or else the one of this machine,
 * whose databases are in the data folder (DATA, `.heyi/data` unless said otherwise).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Env } from '../worker/env.ts';
import { makeKey, type StoredKey } from '../worker/record/keys.ts';
import { type LibsqlServer, serve } from './server.ts';

export type Installation = Pick<Env, 'directory' | 'casebookToken'>;

export const dataFolder = (): string => resolve(process.env.DATA ?? '.heyi/data');

/**
 * Opens the databases of a data folder on a server of their own, and makes the directory where there is none. Commands have theirs inside their own
 * process; beside a portal that is running both work on the same files, as SQLite's locks allow.
 */
export async function openLocal(
  data: string,
  open: (folder: string) => Promise<LibsqlServer> = (folder) => serve({ folder }),
): Promise<{ env: Installation; server: LibsqlServer }> {
  const server = await open(join(data, 'databases'));
  if (!server.names().includes('directory')) await server.create('directory');
  return { env: { directory: { url: `${server.url}directory/`, token: server.token }, casebookToken: server.token }, server };
}

export async function installation(): Promise<{ env: Installation; server: LibsqlServer | null; close: () => Promise<void> }> {
  const { DIRECTORY_URL: url, DIRECTORY_TOKEN: token, CASEBOOK_TOKEN: casebookToken } = process.env;
  if (url) return { env: { directory: { url, token }, casebookToken }, server: null, close: async () => {} };
  const { env, server } = await openLocal(dataFolder());
  return { env, server, close: () => server.close() };
}

/** The ring of signing keys of a data folder; a development key is made on first use. It never leaves the folder. */
export async function localKeys(data: string): Promise<StoredKey[]> {
  const file = join(data, 'signing-keys.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as StoredKey[];
  // In force for a year already: the demo world's cases began in the past.
  const ring = [await makeKey(new Date(Date.now() - 365 * 86_400_000).toISOString())];
  writeLocalKeys(data, ring);
  return ring;
}

export function writeLocalKeys(data: string, ring: readonly StoredKey[]): void {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(join(data, 'signing-keys.json'), `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600 });
}
