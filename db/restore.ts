/**
 * `npm run restore -- DIR [--at NAME] [--reason "…"]`: puts a backup (the newest, unless its name is said) into the data folder (DATA), which is to be empty, and verifies all
 * of it: digests of what is put there, then every chain, seal and file as `npm run audit` does. Interrupted, it is run again and begins anew; until it is
 * through no portal starts there. Everybody signs in anew, as a session that was ended since the backup would be open again. Exit 0 where all holds, 1
 * where something does not, 2 where it could not be done. The lists of anchors say that there was a restore, of which backup and why (`--reason`, which everybody can read).
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { randomBytes } from '../worker/chance.ts';
import { instant } from '../worker/clock.ts';
import { anchorRestored } from '../worker/execute/anchor.ts';
import { sayRestored } from '../worker/execute/restored.ts';
import { fileDigest } from '../worker/file-digest.ts';
import { RESTORED_REASON } from '../worker/negotiation/custody.ts';
import { DocumentKey } from '../worker/record/certificates.ts';
import { signingKey } from '../worker/record/keys.ts';
import { putFile } from '../worker/store/files.ts';
import { type Lender, openDirectory } from '../worker/store/open.ts';
import { type Audit, audit, table } from './audit.ts';
import { backupsIn, digestOf, fileIn, filesIn, flush, type Manifest, manifestText, numberOf, readManifest } from './backup.ts';
import { writeLocalDocumentKey } from './certificate.ts';
import { assertCurrent } from './current.ts';
import { dataFolder, openUnfinished, RESTORING, Ring, writeLocalKeys } from './installation.ts';
import { lockFolder } from './lock.ts';
import { MARKS, migrateAll, sayUnsealed } from './migrate.ts';
import { openKeys, passphraseOf } from './sealed-keys.ts';
import { openStorage } from './storage.ts';

const Keys = z.object({ signing: Ring, document: DocumentKey.nullable() });

/** What an empty data folder may have: its lock, and what a disk has of its own. */
const OURS = /^(?:portal\.|lost\+found$)/;

/** Puts a backup into a data folder and verifies it. @throws in words where that cannot be done */
export async function restore(
  from: string,
  name: string | undefined,
  data: string,
  passphrase: string,
  reason = 'restored from a backup',
): Promise<Audit> {
  const all = backupsIn(from);
  const chosen = name ?? all.at(-1);
  if (chosen === undefined) throw new Error(`There is no backup in ${from}.`);
  // It may be the newest: nothing older is taken for that without a word.
  const unread = name === undefined ? all.find((one) => numberOf(join(from, one)) === null) : undefined;
  if (unread !== undefined)
    throw new Error(`The manifest of ${unread} cannot be read, so which backup is the newest is not known: say which one with --at.`);
  // The list says both, and everybody can read it.
  const because = `${reason} (${chosen})`;
  if (because.length > RESTORED_REASON || !because.isWellFormed())
    throw new Error(`--reason: ${RESTORED_REASON - chosen.length - 3} characters at most.`);
  if (!all.includes(chosen)) throw new Error(`There is no backup ${chosen} in ${from}; there are ${all.join(', ')}.`);
  const folder = join(from, chosen);
  // The keys open beside the manifest that they were kept with alone, and that names the digest of all else.
  const keys = Keys.parse(JSON.parse(openKeys(readFileSync(join(folder, 'keys.json'), 'utf8'), passphrase, manifestText(folder))));
  const manifest = readManifest(folder);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(data);
  try {
    const there = readdirSync(data).filter((one) => !OURS.test(one));
    if (there.length > 0 && !there.includes(RESTORING))
      throw new Error(`${data} is not empty: choose a folder for what is restored with DATA, or move this one away.`);
    writeFileSync(join(data, RESTORING), `${chosen}\n`, { mode: 0o600, flush: true });
    flush(data);
    for (const one of there) if (one !== RESTORING) rmSync(join(data, one), { recursive: true });

    mkdirSync(join(data, 'databases'), { mode: 0o700 });
    for (const [database, { sha256 }] of Object.entries(manifest.databases)) {
      const copy = join(data, 'databases', `${database}.db`);
      copyFileSync(join(folder, 'databases', `${database}.db`), copy);
      if ((await digestOf(copy)) !== sha256)
        throw new Error(`The database ${database} of this backup is not what was kept: restore another one.`);
      flush(copy);
    }
    writeLocalKeys(data, keys.signing);
    if (keys.document) writeLocalDocumentKey(data, keys.document);
    for (const mark of MARKS)
      if (manifest.marks[mark] !== undefined) writeFileSync(join(data, mark), manifest.marks[mark], { mode: 0o600, flush: true });
    return await putFiles(from, manifest, data, because);
  } finally {
    unlock();
  }
}

/** What needs the parts of the portal: files go into storage, and all of it is verified. Whole, it is an installation from the moment on that its mark is gone. */
async function putFiles(from: string, manifest: Manifest, data: string, reason: string): Promise<Audit> {
  const storage = await openStorage(data);
  try {
    for (const database of Object.keys(manifest.databases)) {
      for (const { case: of, sha256, type } of filesIn(join(data, 'databases', `${database}.db`))) {
        const place = { case: of, lender: database.replace(/^casebook-/, '') };
        if (manifest.files[sha256] !== undefined) await putFile(storage.files, place, { bytes: fileOf(from, sha256), sha256, type });
      }
    }
    for (const [path, sha256] of Object.entries(manifest.anchors)) await storage.files.put(path, fileOf(from, sha256));
    endSessions(join(data, 'databases', 'directory.db'));
    const { env, server } = await openUnfinished(data);
    try {
      // A backup of an older release is brought up to date, as a start would.
      sayUnsealed(await migrateAll(env, data));
      await assertCurrent(env);
      const files = { ...env, files: storage.files };
      for (const lender of await openDirectory(env).lenders()) await sayPutBack(files, lender, reason);
      rmSync(join(data, RESTORING));
      flush(data);
      return await audit(env, storage.files);
    } finally {
      await server.close();
    }
  } finally {
    await storage.close();
  }
}

/** Whoever follows the list is told, and each case says, that what was written since the backup is not there any more. */
async function sayPutBack(env: Parameters<typeof anchorRestored>[0], lender: Lender, reason: string): Promise<void> {
  const at = instant();
  await anchorRestored(env, lender, reason, at, true);
  const seals = { at, key: await signingKey(env.keys, at), random: randomBytes };
  // Of one that is paused the schedule writes it once it goes on.
  await sayRestored(env, lender, seals);
}

function fileOf(from: string, sha256: string): Buffer {
  const file = fileIn(from, sha256);
  const bytes = existsSync(file) ? readFileSync(file) : null;
  if (!bytes || fileDigest(bytes) !== sha256)
    throw new Error(
      `The file ${sha256} of this backup is ${bytes ? 'not what was kept' : 'missing'}: put it back from another copy of the backup.`,
    );
  return bytes;
}

function endSessions(directory: string): void {
  const db = new DatabaseSync(directory);
  try {
    db.exec('PRAGMA secure_delete = ON; DELETE FROM sessions; DELETE FROM codes; DELETE FROM challenges; DELETE FROM restorations;');
  } finally {
    db.close();
  }
}

if (import.meta.main) {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { at: { type: 'string' }, reason: { type: 'string' } } });
    const [from] = positionals;
    if (!from) throw new Error('Say from where: npm run restore -- DIR.');
    const found = await restore(resolve(from), values.at, dataFolder(), passphraseOf(process.env), values.reason);
    console.log(`${table(found)}\nRestored into ${dataFolder()}. Everybody signs in anew.`);
    process.exitCode = found.holds ? 0 : 1;
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 2;
  }
}
