/**
 * `npm run backup -- DIR [--keep N]`: a backup of this machine's installation, while it runs or not. DIR holds any number of them, each in a folder named by
 * its instant, and beside those the files of all, each once, by digest:
 *
 *     DIR/2026-11-27T22-00-00-000Z/manifest.json   what it holds, with digests
 *     DIR/2026-11-27T22-00-00-000Z/databases/      each database as it was at one instant
 *     DIR/2026-11-27T22-00-00-000Z/keys.json       signing keys and document key, encrypted with BACKUP_PASSPHRASE
 *     DIR/files/ab/abcdef…                         evidence
 *
 * What was answered before it began is in it. A folder has its name only once it is whole, so one that was interrupted is none, and goes with the next.
 * `--keep N` lets go of all but the newest N, and of the files that none of these names. Exit 0 where it is whole, 1 where a file is missing in storage
 * or is not what was put there (all else is kept, and the sentence names it), 2 where it could not be made.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { fileDigest } from '../worker/file-digest.ts';
import { anchorFolder } from '../worker/store/anchor-list.ts';
import { bodyOf, casePath, checkedStream, FileDiffers, listed } from '../worker/store/files.ts';
import { existingDocumentKey } from './certificate.ts';
import { assertThere } from './current.ts';
import { assertRestored, dataFolder, existingKeys } from './installation.ts';
import { holdLock } from './lock.ts';
import { MARKS } from './migrate.ts';
import { passphraseOf, sealKeys } from './sealed-keys.ts';
import { openStorage, type Storage } from './storage.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
export const Manifest = z.object({
  format: z.literal(1),
  at: z.iso.datetime(),
  /** Which backup of its folder it is, from 1: what is newer is known by it, as names are of a clock that may have been wrong. 0 where it is of a release that did not count. */
  n: z.int().min(0).default(0),
  databases: z.record(z.string().regex(/^[a-z0-9-]+$/), z.object({ sha256: Digest, size: z.int() })),
  /** Sizes of the files of all casebooks, by digest. */
  files: z.record(Digest, z.int()),
  /** The lists of anchors as the casebooks here know them: digests of what storage holds of them, by path. */
  anchors: z.record(z.string().regex(/^anchors\/[a-z0-9/.-]+$/), Digest).default({}),
  /** Files that casebooks name and storage does not have as it should. */
  faults: z.array(z.object({ casebook: z.string(), case: z.string(), sha256: z.string(), fault: z.enum(['missing', 'changed']) })),
  /** What the data folder remembers of itself beside the databases. */
  marks: z.partialRecord(z.enum(MARKS), z.string()),
});
export type Manifest = z.infer<typeof Manifest>;

const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;
const PART = '.part';
const OWNER = { mode: 0o700, recursive: true } as const;

/** The whole backups in a folder, in the order in which they were made. One whose manifest cannot be read stands by its name among those of releases that did not count. */
export function backupsIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => NAME.test(name)) : [];
  const counted = names.sort().map((name) => ({ name, n: numberOf(join(folder, name)) ?? 0 }));
  return counted.sort((a, b) => a.n - b.n).map(({ name }) => name);
}

/** Which backup of its folder one is; null where its manifest cannot be read. */
export function numberOf(folder: string): number | null {
  try {
    return readManifest(folder).n;
  } catch {
    return null;
  }
}

export const fileIn = (folder: string, sha256: string): string => join(folder, 'files', sha256.slice(0, 2), sha256);

export const manifestText = (folder: string): string => readFileSync(join(folder, 'manifest.json'), 'utf8');

export const readManifest = (folder: string): Manifest => Manifest.parse(JSON.parse(manifestText(folder)));

/** Makes a backup of a data folder. @returns its folder. @throws in words where it cannot be made */
export async function backUp(
  data: string,
  into: string,
  passphrase: string,
  keep: number | null = null,
): Promise<{ name: string; manifest: Manifest }> {
  assertRestored(data);
  if (`${resolve(into)}/`.startsWith(`${resolve(data)}/`)) throw new Error('DIR: outside of the data folder, best on another disk.');
  mkdirSync(into, OWNER);
  const unlock = holdLock(join(into, 'backup.lock'));
  if (!unlock) throw new Error('Another backup is being made in this folder.');
  const storage = await openStorage(data);
  try {
    // Of those that were interrupted nothing is used again but files, which have their names only once they are whole.
    for (const name of readdirSync(into)) if (name.endsWith(PART)) rmSync(join(into, name), { recursive: true });
    const at = new Date().toISOString();
    const name = at.replaceAll(/[:.]/g, '-');
    const part = join(into, `${name}${PART}`);
    mkdirSync(join(part, 'databases'), OWNER);
    const last = backupsIn(into).map((one) => numberOf(join(into, one)) ?? 0);
    const manifest = await copyInto({ data, into, part, at, n: Math.max(0, ...last) + 1, storage });
    const text = `${JSON.stringify(manifest, null, 1)}\n`;
    write(join(part, 'manifest.json'), text);
    // Last: whatever key sealed something in the databases is in the ring by now.
    const keys = { signing: existingKeys(data), document: existingDocumentKey(data) };
    write(join(part, 'keys.json'), sealKeys(JSON.stringify(keys), passphrase, text));
    for (const folder of [join(part, 'databases'), part]) flush(folder);
    renameSync(part, join(into, name));
    flush(into);
    if (keep !== null) prune(into, keep);
    return { name, manifest };
  } finally {
    await storage.close();
    unlock();
  }
}

type Copying = { data: string; into: string; part: string; at: string; n: number; storage: Storage };

/**
 * The directory before the casebooks: a case that is opened meanwhile is in its casebook and not yet anybody's, as after a crash, never the other way about.
 * Files after both: each was put into storage before a casebook names it.
 */
async function copyInto(copying: Copying): Promise<Manifest> {
  const { data, part, at, n } = copying;
  const manifest: Manifest = { format: 1, at, n, databases: {}, files: {}, anchors: {}, faults: [], marks: {} };
  for (const mark of MARKS) if (existsSync(join(data, mark))) manifest.marks[mark] = readFileSync(join(data, mark), 'utf8');
  const names = readdirSync(join(data, 'databases')).flatMap((file) => (file.endsWith('.db') ? [file.slice(0, -3)] : []));
  const all = ['directory', ...names.filter((name) => name !== 'directory').sort()];
  for (const name of all) copyDatabase(copying, name);
  for (const name of all.slice(1)) {
    let faults = await copyFiles(copying, name, manifest);
    // Something was erased since the database was copied: as it is now it no longer names it.
    if (faults.length > 0) {
      copyDatabase(copying, name);
      faults = await copyFiles(copying, name, manifest);
    }
    manifest.faults.push(...faults);
    await copyAnchors(copying, name, manifest);
  }
  for (const name of all) {
    const file = join(part, 'databases', `${name}.db`);
    flush(file);
    manifest.databases[name] = { sha256: await digestOf(file), size: statSync(file).size };
  }
  return manifest;
}

/** As it is at one instant, without what was deleted from it; whoever writes to it goes on. */
function copyDatabase({ data, part }: Copying, name: string): void {
  const copy = join(part, 'databases', `${name}.db`);
  rmSync(copy, { force: true });
  const db = new DatabaseSync(join(data, 'databases', `${name}.db`), { timeout: 30_000 });
  try {
    db.prepare('VACUUM INTO ?').run(copy);
  } finally {
    db.close();
  }
}

type Fault = Manifest['faults'][number];

async function copyFiles({ into, part, storage }: Copying, casebook: string, manifest: Manifest): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { case: of, sha256, size } of filesIn(join(part, 'databases', `${casebook}.db`))) {
    const fault = await copyFile(into, storage, of, sha256, size);
    if (fault) faults.push({ casebook, case: of, sha256, fault });
    else manifest.files[sha256] = size;
  }
  return faults;
}

/**
 * The list of anchors of a lender, as far as its casebook's copy knows it: what was anchored since is of records that are not in the copy. Digests name what is kept, so
 * that a list that has grown is not kept twice.
 */
async function copyAnchors({ into, part, storage }: Copying, casebook: string, manifest: Manifest): Promise<void> {
  const last = lastAnchorIn(join(part, 'databases', `${casebook}.db`));
  const folder = anchorFolder(casebook.replace(/^casebook-/, ''));
  for (const { key } of last > 0 ? await listed(storage.files, folder) : []) {
    const rest = key.slice(folder.length);
    if (!rest.includes('/') && Number.parseInt(rest, 10) > last) continue;
    const bytes = new Uint8Array((await (await storage.files.get(key))?.arrayBuffer()) ?? new ArrayBuffer(0));
    const sha256 = fileDigest(bytes);
    const place = fileIn(into, sha256);
    mkdirSync(dirname(place), OWNER);
    if (!existsSync(place)) {
      write(`${place}.draft`, bytes);
      renameSync(`${place}.draft`, place);
    }
    manifest.anchors[key] = sha256;
  }
}

/** The number of the last anchor that a casebook knows; 0 where there is none. */
function lastAnchorIn(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const known = db.prepare("SELECT name FROM sqlite_master WHERE name = 'anchored'").get();
    return known ? (z.object({ n: z.int().nullable() }).parse(db.prepare('SELECT max(n) AS n FROM anchored').get()).n ?? 0) : 0;
  } finally {
    db.close();
  }
}

const Row = z.object({ case: z.string(), sha256: Digest, size: z.int(), type: z.string() });

/** The files that a casebook names. */
export function filesIn(file: string): z.infer<typeof Row>[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const known = db.prepare("SELECT name FROM sqlite_master WHERE name = 'files'").get();
    return known ? Row.array().parse(db.prepare('SELECT "case", sha256, size, type FROM files').all()) : [];
  } finally {
    db.close();
  }
}

async function copyFile(into: string, { files }: Storage, of: string, sha256: string, size: number): Promise<Fault['fault'] | null> {
  const place = fileIn(into, sha256);
  if (existsSync(place) && statSync(place).size === size) return null;
  const stored = await files.get(casePath(of, sha256));
  if (!stored) return 'missing';
  mkdirSync(dirname(place), OWNER);
  const draft = `${place}.${randomBytes(6).toString('hex')}`;
  try {
    const checked = checkedStream(bodyOf(stored), sha256);
    await pipeline(
      Readable.fromWeb(checked as Parameters<typeof Readable.fromWeb>[0]),
      createWriteStream(draft, { mode: 0o600, flush: true }),
    );
    renameSync(draft, place);
    return null;
  } catch (thrown) {
    rmSync(draft, { force: true });
    if (thrown instanceof FileDiffers) return 'changed';
    throw thrown;
  }
}

/** Lets go of all but the newest, and of the files that only the others named, with drafts of files that came to nothing. */
function prune(into: string, keep: number): void {
  const all = backupsIn(into);
  const kept = new Set(all.slice(-keep));
  const named = new Set(
    [...kept].flatMap((name) => {
      const { files, anchors } = readManifest(join(into, name));
      return [...Object.keys(files), ...Object.values(anchors)];
    }),
  );
  for (const name of all.filter((one) => !kept.has(one))) {
    // Under a name that is none first, so that half of one is never taken for whole.
    renameSync(join(into, name), join(into, `${name}${PART}`));
    rmSync(join(into, `${name}${PART}`), { recursive: true });
  }
  const folder = join(into, 'files');
  for (const some of existsSync(folder) ? readdirSync(folder) : [])
    for (const file of readdirSync(join(folder, some))) if (!named.has(file)) rmSync(join(folder, some, file));
}

export async function digestOf(file: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file)) digest.update(chunk as Buffer);
  return digest.digest('hex');
}

function write(file: string, text: string | Uint8Array): void {
  writeFileSync(file, text, { mode: 0o600, flush: true });
}

/** What was written to a file, and which names a folder holds, is on the disk. */
export function flush(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

if (import.meta.main) {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: 'string' } } });
    const [into] = positionals;
    const keep = values.keep === undefined ? null : Number(values.keep);
    if (!into) throw new Error('Say where: npm run backup -- DIR.');
    if (keep !== null && !(Number.isInteger(keep) && keep >= 1)) throw new Error('--keep: how many backups stay, 1 or more.');
    if (process.env.DIRECTORY_URL)
      throw new Error(
        'DIRECTORY_URL is set: databases elsewhere are backed up there (README, Backup and restore). This copies a data folder of this machine.',
      );
    assertThere();
    const { name, manifest } = await backUp(dataFolder(), resolve(into), passphraseOf(process.env), keep);
    const [databases, files] = [Object.keys(manifest.databases).length, Object.keys(manifest.files).length];
    console.log(`${join(into, name)}: ${databases} databases, ${files} files, and the keys, encrypted.`);
    for (const { casebook, case: of, sha256, fault } of manifest.faults)
      console.error(
        `${casebook}: file ${sha256} of case ${of} is ${fault === 'missing' ? 'not in storage' : 'not what was put there'}. npm run audit says more.`,
      );
    process.exitCode = manifest.faults.length > 0 ? 1 : 0;
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 2;
  }
}
