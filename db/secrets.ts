/** Files with private keys: written whole or not at all, readable for their owner alone, and never made anew over what was lost. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type * as z from 'zod';

/** Thrown where a file with keys is empty or cannot be read as one. Its message says what to do. */
class BrokenSecret extends Error {}

const OWNER_ALONE = 0o600;
const FOLDER = 0o700;
const OTHERS = 0o077;

/** The text of a file with keys, or null where there is none. A file that others can read is closed to them, and that is said. @throws BrokenSecret */
export function readSecret(file: string): string | null {
  let mode: number;
  try {
    ({ mode } = statSync(file));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw thrown;
  }
  if ((mode & OTHERS) !== 0) {
    chmodSync(file, OWNER_ALONE);
    console.error(
      `${file}: others on this machine could read it; closed to them now. If somebody did, give the ring a new key and revoke the old one.`,
    );
  }
  const text = readFileSync(file, 'utf8');
  if (text.trim() === '') throw broken(file, 'is empty', '');
  return text;
}

/** What a file with keys holds. `lost` says what depends on it. @throws BrokenSecret */
export function parseSecret<S extends z.ZodType>(schema: S, text: string, file: string, lost: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw broken(file, 'does not hold the keys that it should', lost);
  }
}

function broken(file: string, how: string, lost: string): BrokenSecret {
  const why = lost === '' ? 'What its keys signed verifies with no others' : lost;
  return new BrokenSecret(
    `${file} ${how}. ${why}, so nothing was made in its place. Put it back from a backup; only if this installation never signed anything, remove the file and start again.`,
  );
}

/** The text of a file with keys, made by `make` where there is none. Of two that make it at once, one wins and both use it. */
export async function secretOf(file: string, make: () => Promise<string>): Promise<string> {
  const found = readSecret(file);
  if (found !== null) return found;
  put(file, await make(), (draft) => {
    try {
      linkSync(draft, file);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
    rmSync(draft);
  });
  return readSecret(file) ?? '';
}

/** Writes a file with keys: after a loss of power it holds either what it held or what was to be written. */
export function writeSecret(file: string, text: string): void {
  put(file, text, (draft) => renameSync(draft, file));
}

function put(file: string, text: string, place: (draft: string) => void): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: FOLDER });
  chmodSync(folder, FOLDER);
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = openSync(draft, 'wx', OWNER_ALONE);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    place(draft);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw thrown;
  }
  // The name is in the folder, which is written apart.
  const listing = openSync(folder, 'r');
  fsyncSync(listing);
  closeSync(listing);
}
