/**
 * The end of a lender, in three steps that are each run again until they are through: `announce` (nothing more is written, people are told by when to take their own
 * away), `takeAll` (everything for the lender, as files that prove themselves), `eraseAll` (all of it leaves this installation, and a signed statement says what that was).
 * What was done stands in the folder of the export, so that a run that was killed goes on where it stopped.
 */
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { R2Bucket } from '@cloudflare/workers-types';
import { build } from 'esbuild';
import * as z from 'zod';
import { wordsOf } from '../web/words/index.ts';
import { DAY, later } from '../worker/clock.ts';
import { contactIn, contactText } from '../worker/contact.ts';
import { proofsFor } from '../worker/execute/proofs.ts';
import { stampsBy } from '../worker/execute/stamp.ts';
import { makeShaper } from '../worker/export/font/shaper.ts';
import { endingLetter } from '../worker/letters.ts';
import type { FaceName } from '../worker/negotiation/letters.ts';
import { binds } from '../worker/negotiation/stage.ts';
import { prove, proveInstitution, proveOwn } from '../worker/proof.ts';
import { DocumentKey } from '../worker/record/certificates.ts';
import { canonical, digestOf } from '../worker/record/digest.ts';
import { lenderStream } from '../worker/record/format.ts';
import { signingKey } from '../worker/record/keys.ts';
import { casePath, endedPath, exportsPath, listed } from '../worker/store/files.ts';
import { importsPath } from '../worker/store/import-files.ts';
import { openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { digestOf as fileDigest, flush } from './backup.ts';
import { localDocumentKey } from './certificate.ts';
import { fontFiles } from './fonts.ts';
import type { Installation } from './installation.ts';

/** How many days people have to take their own away, unless the operator says otherwise. */
const NOTICE_DAYS = 30;

/** What was begun: `because` is why it ends, `despite` why it does although agreements are in force. */
const Begun = z.object({
  lender: z.string(),
  name: z.string(),
  begunAt: z.iso.datetime(),
  until: z.iso.datetime(),
  because: z.string(),
  inForce: z.int(),
  despite: z.string().nullable(),
});
type Begun = z.infer<typeof Begun>;

const Head = z.object({ case: z.string(), number: z.string(), seq: z.int(), hash: z.string() });
const Index = z.object({
  format: z.literal('heyi-lender-export/1'),
  lender: z.string(),
  name: z.string(),
  madeAt: z.string(),
  cases: z.array(Head.extend({ proven: z.boolean() })),
  log: z.object({ seq: z.int(), hash: z.string() }).nullable(),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), size: z.int() })),
  key: z.string(),
  signature: z.string(),
});
type Index = z.infer<typeof Index>;

const Statement = z.object({
  format: z.literal('heyi-ended/1'),
  lender: z.string(),
  name: z.string(),
  because: z.string(),
  despite: z.string().nullable(),
  noticeFrom: z.string(),
  endedAt: z.string(),
  handedTo: z.string(),
  /** SHA-256 of the index of the export that was handed over. */
  export: z.string(),
  cases: z.array(Head),
  log: z.object({ seq: z.int(), hash: z.string() }).nullable(),
  /** How many files of evidence left storage. */
  files: z.int(),
  kept: z.array(z.string()),
  key: z.string(),
  signature: z.string(),
});
type Statement = z.infer<typeof Statement>;

/** What is about to be erased: said before anything goes, and where it lies in storage. */
const Erasing = z.object({ statement: Statement, places: z.array(z.string()) });
type Erasing = z.infer<typeof Erasing>;

/** What stays, and why: said in the statement. */
const KEPT = [
  'The lender keeps its business records for as long as the law requires of it; the export that it was handed is for that.',
  'Here remain the lender’s name and slug with the day on which it ended, this statement, the public keys by which copies of its records verify, and the accounts of people, which are their own.',
  'Backups of this installation from before hold what was erased until they are let go of.',
];

export type Ending = {
  env: Installation;
  data: string;
  files: R2Bucket;
  slug: string;
  to: string;
  origin: string;
  say: (text: string) => void;
};

const folderOf = ({ to, slug }: Pick<Ending, 'to' | 'slug'>) => join(to, slug);

/** Writes a file whole or not at all. */
function put(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.part`, text, { mode: 0o600, flush: true });
  renameSync(`${path}.part`, path);
  flush(dirname(path));
}

function readAs<S extends z.ZodType>(schema: S, path: string): z.output<S> | null {
  if (!existsSync(path)) return null;
  const read = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new Error(`${path} is not as this command wrote it: name another folder, or put it right.`);
  return read.data;
}

async function lenderOf({ env, slug }: Ending) {
  if (env.keys.length === 0) throw new Error('The signing keys are needed to sign what is said of it: set SIGNING_KEYS.');
  const lender = await openDirectory(env).lenderEver(slug);
  if (!lender) throw new Error(`There is no lender ${slug}: npm run tenant -- list shows them.`);
  return lender;
}

/**
 * Announces the end: from now on nothing is written in the lender's cases, and everybody with a seat in one gets a letter that says by when to take their own away.
 * @throws while agreements are in force and nothing says why it ends all the same
 */
async function announce(ending: Ending, how: { because: string; despite: string | null; days: number }): Promise<Begun> {
  const { env, slug, origin } = ending;
  const lender = await lenderOf(ending);
  const place = join(folderOf(ending), 'begun.json');
  const directory = openDirectory(env);
  const known = readAs(Begun, place);
  if (lender.endedAt !== null && !known) throw new Error(`${slug} has ended already.`);
  const begun = known ?? (await begin());
  if (lender.endedAt !== null) return begun;
  if (lender.pausedAt === null) await directory.changeLender(slug, { pausedAt: begun.begunAt });
  const people = await directory.seatedWith(lender.id);
  const link = `${origin}/cases`;
  // Each by an id that follows from whom it is to: told again after a crash, it is the same letter.
  await directory.addMail(
    people.map((account) => ({
      ...endingLetter(
        { recipient: contactText(contactIn(account)), language: account.language, account: account.id },
        link,
        begun.until,
        begun.begunAt,
      ),
      id: digestOf(`ending:${lender.id}:${begun.begunAt}:${account.id}`).slice(0, 32),
    })),
  );
  return begun;

  async function begin(): Promise<Begun> {
    const { casebook, ids } = await casesOf(ending, lender);
    let inForce = 0;
    for (const id of ids) {
      const record = await casebook.record(id);
      if (record && binds(record.row)) inForce += 1;
    }
    if (inForce > 0 && how.despite === null)
      throw new Error(
        `${inForce} of its agreements are in force: payments are due under them, and people rely on their record. Where it has to end all the same, say why: --despite "…".`,
      );
    const begunAt = new Date().toISOString();
    const begun = {
      lender: slug,
      name: lender.name,
      begunAt,
      until: later(begunAt, how.days * DAY),
      because: how.because,
      inForce,
      despite: how.despite,
    };
    put(place, `${JSON.stringify(begun, null, 2)}\n`);
    return begun;
  }
}

async function casesOf({ env }: Ending, lender: { slug: string; url: string }) {
  const casebook = openCasebookForPortal(env, lender);
  return { casebook, ids: (await casebook.inventory()).cases };
}

/** Makes the export whole: a bundle for each case, what the lender kept to itself, its own stream, its policies and people, and an index that is signed. */
async function takeAll(ending: Ending): Promise<Index> {
  const folder = folderOf(ending);
  const known = readAs(Index, join(folder, 'index.json'));
  if (known) return known;
  const lender = await lenderOf(ending);
  const { env, data, files, origin } = ending;
  const { casebook, ids } = await casesOf(ending, lender);
  const make = await maker();
  const { published } = casebook;
  const key = await signingKey(env.keys);
  const cases: Index['cases'] = [];
  const named: string[] = [];
  const keep = (name: string, text: string | Uint8Array) => {
    named.push(name);
    if (!existsSync(join(folder, name))) put(join(folder, name), text);
  };
  const stamp = stampsBy(process.env.TSA_URL, Number.POSITIVE_INFINITY)?.stamp ?? null;
  const signer = DocumentKey.parse(JSON.parse(await localDocumentKey(data)));
  const fonts = { files: new Map(fontFiles().map(({ name, bytes }) => [name as FaceName, bytes])), shaper: await shaper() };
  for (const id of ids) {
    const loaded = await casebook.load(id, '', '', { whole: true });
    const record = loaded.record;
    if (!record) continue;
    const { number, seq, hash } = record.row;
    const { doubts } = await prove(record, published, loaded.doubts);
    cases.push({ case: id, number, seq, hash, proven: doubts.length === 0 });
    const file = make.recordFile(record, published);
    if (doubts.length > 0) keep(`cases/${number}-unproven-record.json`, JSON.stringify(file));
    else {
      const source = { number, lender: lender.name, head: { seq, hash }, origin, fonts, at: new Date().toISOString() };
      const name = `cases/${number}.zip`;
      named.push(name);
      await stream(join(folder, name), async () => {
        const proofs = await proofsFor({ ...env, files }, lender, { case: id, entries: record.entries }, source.at, stamp);
        // Made after its proofs: an anchor that is made now is older than the index that names it.
        const made = { ...source, at: new Date().toISOString() };
        return make.bundle(make.making(file, { source: made, words: wordsOf('zh'), signer, stamp }), files, key, proofs);
      });
    }
    // What the borrower kept to themselves is not the lender's.
    const own = await casebook.privateRecord(id, 'lender');
    if (!own?.record) continue;
    const faults = (await proveOwn(own.record, published, own.doubts)).doubts;
    keep(
      `cases/${number}-${faults.length > 0 ? 'unproven-notes' : 'notes'}.json`,
      JSON.stringify(make.privateRecordFile(own.record, published)),
    );
  }
  const found = await casebook.institution.record();
  if (found) {
    const faults = (await proveInstitution(found.record, published, found.doubts)).doubts;
    keep(faults.length > 0 ? 'unproven-log.json' : 'log.json', JSON.stringify(make.lenderRecordFile(found.record, published)));
  }
  const versions = await casebook.policyVersions();
  keep(
    'policies.json',
    JSON.stringify(
      versions.map(({ row, held }) => ({ ...row, seal: undefined, value: held })),
      null,
      2,
    ),
  );
  // A version says of its logo the digest alone: the picture lies beside it, under that name.
  for (const { held } of versions) {
    const logo = held?.lender.logo;
    const bytes = logo && (await casebook.logo(logo.sha256));
    if (bytes) keep(`logos/${logo.sha256}.${logo.type.slice('image/'.length)}`, bytes);
  }
  const { members } = await openDirectory(env).staffOf(lender.id, new Date().toISOString());
  keep(
    'people.json',
    JSON.stringify(
      members.map(({ member, account }) => personOf(member, account)),
      null,
      2,
    ),
  );
  const listedFiles = [];
  for (const name of named) {
    const { sha256, size } = await measured(join(folder, name));
    listedFiles.push({ name, sha256, size });
  }
  const unsigned = {
    format: 'heyi-lender-export/1' as const,
    lender: lender.slug,
    name: lender.name,
    madeAt: new Date().toISOString(),
    cases,
    log: found ? { seq: found.record.row.seq, hash: found.record.row.hash } : null,
    files: listedFiles,
    key: key.published.id,
  };
  const index = { ...unsigned, signature: await key.sign(canonical(unsigned)) };
  put(join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
  return index;
}

const personOf = (
  { capacity, since, team }: { capacity: string; since: string; team: string | null },
  account: { name: string; email: string | null; phone: string | null },
) => ({ name: account.name, contact: contactText(contactIn(account)), capacity, since, team });

/** The file as it comes, under its name once it is whole; one that is there already stays. */
async function stream(path: string, body: () => Promise<ReadableStream<Uint8Array>>): Promise<void> {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const source = Readable.fromWeb((await body()) as Parameters<typeof Readable.fromWeb>[0]);
  await pipeline(source, createWriteStream(`${path}.part`, { mode: 0o600, flush: true }));
  renameSync(`${path}.part`, path);
}

async function measured(path: string): Promise<{ sha256: string; size: number }> {
  return { sha256: await fileDigest(path), size: statSync(path).size };
}

/** The modules that make bundles, with the JSX of their pages. */
async function maker(): Promise<typeof import('./away.ts')> {
  const entryPoints = [new URL('./away.ts', import.meta.url).pathname];
  const { outputFiles } = await build({
    entryPoints,
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'error',
    banner: { js: REQUIRE },
  });
  const file = join(new URL('../.heyi', import.meta.url).pathname, `away-${process.pid}.mjs`);
  writeFileSync(file, outputFiles[0]?.contents ?? '');
  try {
    return await import(file);
  } finally {
    rmSync(file, { force: true });
  }
}
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

async function shaper() {
  const wasm = createRequire(import.meta.url).resolve('harfbuzzjs/dist/harfbuzz.wasm');
  return makeShaper(await WebAssembly.compile(readFileSync(wasm)));
}

/**
 * Erases the lender: its pages and doors at once, then its rows in the directory, its files, its casebook. The export has to lie where it was made, and be whole.
 * What is to be erased is written down and signed before anything goes. @throws where the notice is not over, or the export is not what its index says
 */
async function eraseAll(ending: Ending, begun: Begun, handedTo: string): Promise<Statement> {
  const { env, slug, files, data } = ending;
  const folder = folderOf(ending);
  const done = readAs(Statement, join(folder, 'erased.json'));
  if (done) return done;
  const plan = join(folder, 'erasing.json');
  const { statement, places } = readAs(Erasing, plan) ?? (await toErase());
  const directory = openDirectory(env);
  const lender = await lenderOf(ending);
  if (lender.endedAt === null) await directory.changeLender(slug, { endedAt: statement.endedAt });
  await directory.dropAllOf(
    lender.id,
    statement.cases.map((one) => one.case),
  );
  for (const id of places)
    for (const prefix of [casePath(id, ''), exportsPath(id)]) for (const { key } of await listed(files, prefix)) await files.delete(key);
  dropCasebook(join(data, 'databases', `casebook-${slug}.db`));
  for (const { key } of await listed(files, importsPath(slug))) await files.delete(key);
  await files.put(endedPath(slug), JSON.stringify(statement));
  put(join(folder, 'erased.json'), `${JSON.stringify(statement, null, 2)}\n`);
  rmSync(plan);
  return statement;

  async function toErase(): Promise<Erasing> {
    const index = readAs(Index, join(folder, 'index.json'));
    if (!index) throw new Error('There is no export to hand over yet: run this command without --handed-over first.');
    for (const { name, sha256, size } of index.files) {
      const path = join(folder, name);
      const now = existsSync(path) ? await measured(path) : null;
      if (now?.sha256 !== sha256 || now.size !== size)
        throw new Error(`${path} is not what the index of the export says: nothing was erased. Make it anew in another folder.`);
    }
    const { casebook } = await casesOf(ending, await lenderOf(ending));
    const { files: stored, cases: ids } = await casebook.inventory();
    // Nothing was written since, as the lender is paused: what is erased is what was handed over.
    const moved =
      ids.length !== index.cases.length ||
      (await Promise.all(index.cases.map((one) => casebook.record(one.case)))).some((record, i) => record?.row.seq !== index.cases[i]?.seq);
    if (moved) throw new Error('Its cases are not what was exported any more: nothing was erased. Make the export anew in another folder.');
    const key = await signingKey(env.keys);
    const unsigned = {
      format: 'heyi-ended/1' as const,
      lender: slug,
      name: begun.name,
      because: begun.because,
      despite: begun.despite,
      noticeFrom: begun.begunAt,
      endedAt: new Date().toISOString(),
      handedTo,
      export: await fileDigest(join(folder, 'index.json')),
      cases: index.cases.map(({ proven: _, ...head }) => head),
      log: index.log,
      files: stored.length,
      kept: KEPT,
      key: key.published.id,
    };
    const statement = { ...unsigned, signature: await key.sign(canonical(unsigned)) };
    // Files of what was begun lie under the case that it would have become.
    const places = [...new Set([...ids, ...stored.map((file) => file.case), lenderStream(slug)])];
    put(plan, JSON.stringify({ statement, places }));
    return { statement, places };
  }
}

/** The database goes with all its pages overwritten, so that a process that still has it open holds nothing either. */
function dropCasebook(file: string): void {
  if (!existsSync(file)) return;
  const db = new DatabaseSync(file, { timeout: 10_000, enableForeignKeyConstraints: false });
  try {
    db.exec('PRAGMA secure_delete = ON');
    const named = (type: string) =>
      db.prepare('SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE ?').all(type, 'sqlite_%') as { name: string }[];
    db.exec('BEGIN IMMEDIATE');
    for (const type of ['trigger', 'view', 'table'])
      for (const { name } of named(type)) db.exec(`DROP ${type} IF EXISTS "${name.replaceAll('"', '""')}"`);
    db.exec('COMMIT');
    db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE);');
  } finally {
    db.close();
  }
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
}

const Options = z.object({
  to: z.string(),
  because: z.string().optional(),
  despite: z.string().optional(),
  notice: z.string().optional(),
  'handed-over': z.string().optional(),
});

/** As far as it goes today: the announcement, then after the notice the export, then, once it was handed over, the erasure. */
export async function end(ending: Ending, options: z.input<typeof Options>): Promise<void> {
  const { say } = ending;
  const { because, despite = null, notice, 'handed-over': handedTo } = Options.parse(options);
  const isKnown = existsSync(join(folderOf(ending), 'begun.json'));
  const days = notice === undefined ? NOTICE_DAYS : Number(notice);
  if (!Number.isInteger(days) || days < 0 || days > 365)
    throw new Error('--notice: days that people have to take their own away, 0 to 365.');
  if (!isKnown && !because?.trim())
    throw new Error('Say why it ends: --because "…". It stands in the statement that is signed at the end.');
  const begun = await announce(ending, { because: because?.trim() ?? '', despite: despite?.trim() || null, days });
  const { name, lender: slug, until } = begun;
  if (!isKnown)
    say(`${name} (${slug}) takes nothing more, and its people are told that they can take their own away until ${until.slice(0, 10)}.`);
  if (until > new Date().toISOString()) {
    say(
      `Run this command again from ${until} on: then the export is made. Until then npm run tenant -- resume ${slug} takes it all back (and delete ${folderOf(ending)}).`,
    );
    return;
  }
  const index = await takeAll(ending);
  say(`The export is in ${folderOf(ending)}: ${index.cases.length} cases, ${index.files.length} files, and index.json, signed.`);
  if (!handedTo?.trim()) {
    say(
      `Hand it to the lender, have it checked (npm run verify), and run this command again with --handed-over "TO WHOM": then all of it is erased here.`,
    );
    return;
  }
  const statement = await eraseAll(ending, begun, handedTo.trim());
  say(
    `${name} (${slug}) has ended: ${statement.cases.length} cases and ${statement.files} files are erased. ${join(folderOf(ending), 'erased.json')} says so, signed; the portal publishes it at /lenders/${slug}.`,
  );
}
