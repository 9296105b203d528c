/**
 * Brings databases up to date. Safe to repeat: what has been applied is not applied again. `npm run migrate [-- --people]` does all of an installation.
 * Cases that are older than seals are sealed here, each only once its record verifies and comes to what the row says; others are named and stay read-only.
 * Snapshots by other rules than this release's are folded anew from their record.
 * A policy has no record to be held against: one that is older than seals is taken as it stands once in the life of a data folder, and where there is no
 * folder to remember that by, only when asked for by name (`npm run rebuild -- LENDER --write --policy`). So are the rows of the directory that say who people
 * are and what they may do, and, once a key was revoked, those that it sealed: by `--people`.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate } from 'drizzle-orm/libsql/migrator';
import { RULES } from '../worker/negotiation/case.ts';
import { milestonesOf, type PolicyAt } from '../worker/negotiation/milestones.ts';
import type { Side } from '../worker/negotiation/seats.ts';
import { project, projectInstitution, projectOwn } from '../worker/projection.ts';
import { contains, prove, proveInstitution, proveOwn } from '../worker/proof.ts';
import { connect } from '../worker/store/connect.ts';
import { type Casebook, casebookUrl, type Directory, openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import type { Unheld } from '../worker/store/relied.ts';
import type { RowFault } from '../worker/store/seals.ts';
import { isOutdated } from '../worker/store/snapshots.ts';
import { hasFormer } from './bucket.ts';
import { migrationsOf } from './current.ts';
import { dataFolder, type Installation, installation } from './installation.ts';
import { differing } from './rebuild.ts';
import { openStorage } from './storage.ts';

/** Brings one database up to date. */
export async function migrateDatabase(kind: 'directory' | 'casebook', url: string, token: string | undefined): Promise<void> {
  await migrate(connect(url, token), { migrationsFolder: migrationsOf(kind) });
}

export type Migrated = {
  /** Slugs of the lenders. */
  lenders: string[];
  /** Ids of cases that stay without a seal that counts: they differ from their record, it does not verify, or a revoked key signed in it. */
  unsealed: string[];
  /** Slugs of the lenders whose policy is not the portal's own: nothing can be done in their cases. */
  policies: string[];
  /** Slugs of the lenders whose row in the directory is not the portal's own: they are as if they were not there. */
  unknown: string[];
  /** Rows of the directory that were taken as they stand. */
  people: Unheld[];
};

/**
 * Brings the directory and every casebook up to date.
 * @param data the data folder, or null where the databases are elsewhere
 * @param people whether somebody asks for it by name that people are taken as they stand, who has looked at them
 * @throws where there are lenders and no signing keys: without them what is older could not be sealed, and nothing is changed
 */
export async function migrateAll(env: Installation, data: string | null, people = false): Promise<Migrated> {
  if (env.keys.length === 0 && (await hasLenders(env)))
    throw new Error('The signing keys are needed to seal what is older than seals: set SIGNING_KEYS. Nothing was changed.');
  await migrateDatabase('directory', env.directory.url, env.directory.token);
  const directory = openDirectory(env);
  const taken = await takePeople(directory, data, people);
  const lenders = await directory.lenders();
  const slugs = lenders.map(({ slug }) => slug);
  const held = (await directory.allLenders()).map(({ slug }) => slug);
  const unknown = (await directory.namedLenders()).map(({ slug }) => slug).filter((slug) => !held.includes(slug));
  const migrated: Migrated = { lenders: slugs, unsealed: [], policies: [], unknown, people: taken };
  const older = data !== null && !existsSync(join(data, POLICIES));
  for (const lender of lenders) {
    await migrateDatabase('casebook', casebookUrl(env, lender), env.casebookToken);
    const casebook = openCasebookForPortal(env, lender);
    if (older && !(await casebook.policy()).sealed) await casebook.takePolicy(new Date().toISOString());
    if (!(await casebook.policy()).proven) migrated.policies.push(lender.slug);
    const policyAt = await casebook.policiesAt();
    for (const { id } of await casebook.outdated()) if (!(await refold(casebook, id, policyAt))) migrated.unsealed.push(id);
    for (const { case: id, side } of await casebook.outdatedOwn()) await refoldOwn(casebook, id, side);
    await refoldInstitution(casebook);
  }
  if (older) remember(data, POLICIES);
  return migrated;
}

/**
 * These tell that the policies, and the people, of a data folder have been sealed, and since when. They lie beside the databases and not in them, as who has
 * their files in hand could make a row of their own look older than seals.
 */
export const MARKS = ['policies-sealed', 'directory-sealed'] as const;
const [POLICIES, PEOPLE] = MARKS;

function remember(data: string, what: (typeof MARKS)[number]): void {
  writeFileSync(join(data, what), `${new Date().toISOString()}\n`, { mode: 0o600, flush: true });
}

/** Seals the rows of a directory that is older than seals, and, asked for by name, those that a revoked key sealed. What is broken is never taken. */
async function takePeople(directory: Directory, data: string | null, asked: boolean): Promise<Unheld[]> {
  const older = data !== null && !existsSync(join(data, PEOPLE));
  const faults: RowFault[] = [];
  if (older || (asked && data === null)) faults.push('seal.missing');
  if (asked) faults.push('seal.revoked');
  const taken = faults.length > 0 ? await directory.take(faults) : [];
  if (older) remember(data, PEOPLE);
  return taken;
}

async function hasLenders(env: Installation): Promise<boolean> {
  try {
    return (await openDirectory(env).namedLenders()).length > 0;
  } catch {
    // A directory that has never been migrated has no table of lenders yet.
    return false;
  }
}

/**
 * Folds a case anew whose record verifies, and seals it. One that is older than seals has to say nothing else than its record, as nobody vouches for it;
 * what rules work out may have changed since.
 */
async function refold(casebook: Casebook, id: string, policyAt: PolicyAt): Promise<boolean> {
  const record = await casebook.record(id);
  const last = record?.entries.at(-1);
  if (!record || !last) return false;
  const isSealed = record.row.seal !== null;
  // What only a key vouches for that others may have is not sealed without somebody's word.
  if (casebook.published.some(({ id: key, revoked }) => revoked !== undefined && record.checkpoints.some((one) => one.key === key)))
    return isSealed;
  const known = await casebook.doubts(id);
  const { kase, doubts } = await prove(record, casebook.published, known);
  if (doubts.some(({ code }) => code !== 'seal.missing')) return false;
  const made = project(kase, last, (await casebook.policy()).value);
  if (!isSealed && (!contains({ rules: RULES, ...kase }, JSON.parse(record.row.state)) || differing(record, made).length > 0)) return false;
  await casebook.reproject(record.row, made, milestonesOf(record.entries, policyAt));
  return true;
}

/** Folds a private stream anew that verifies. */
async function refoldOwn(casebook: Casebook, id: string, side: Side): Promise<void> {
  const found = await casebook.privateRecord(id, side);
  const last = found?.record?.entries.at(-1);
  if (!found?.record || !last) return;
  const { kase: own, doubts } = await proveOwn(found.record, casebook.published, found.doubts);
  if (doubts.length === 0) await casebook.restoreOwn(found.record.header, projectOwn(own, last));
}

/** Folds a lender's own stream anew that is of other rules and verifies. */
async function refoldInstitution({ institution, published }: Casebook): Promise<void> {
  const found = await institution.record();
  const last = found?.record.entries.at(-1);
  if (!found || !last || !isOutdated(found.record.row.state)) return;
  const { kase, doubts } = await proveInstitution(found.record, published, found.doubts);
  if (doubts.length === 0) await institution.restore(projectInstitution(kase, last));
}

if (import.meta.main) {
  const { env, server, close } = await installation();
  try {
    // The portal moves them at its start: while one runs there are none left.
    if (server && hasFormer(dataFolder())) {
      const storage = await openStorage(dataFolder());
      await storage.move();
      await storage.close();
    }
    const { values } = parseArgs({ options: { people: { type: 'boolean', default: false } } });
    const migrated = await migrateAll(env, server ? dataFolder() : null, values.people);
    const { lenders, people } = migrated;
    console.log(`The directory and ${lenders.length} casebooks are up to date${lenders.length > 0 ? `: ${lenders.join(', ')}` : ''}.`);
    if (people.length > 0)
      console.log(`Taken as they stand and sealed anew: ${counted(people)}. Sessions and codes that a revoked key had sealed have ended.`);
    sayUnsealed(migrated);
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 1;
  } finally {
    await close();
  }
}

/** How many of each kind. */
function counted(rows: readonly Unheld[]): string {
  const kinds = Map.groupBy(rows, ({ kind }) => kind);
  return [...kinds].map(([kind, { length }]) => `${kind} ${length}`).join(', ');
}

/** Names what stays read-only, and what to do. */
export function sayUnsealed({ unsealed, policies, unknown }: Migrated): void {
  if (unknown.length > 0)
    console.error(
      `The directory does not hold by the signing keys, so these lenders are as if they were not there, and nobody signs in whose rows are so too: ${unknown.join(', ')}. npm run audit names every row. Where a key was revoked, or the rows are older than seals: look at them, then npm run migrate -- --people takes them as they stand.`,
    );
  if (unsealed.length > 0)
    console.error(
      `Read-only, as they are not what their record says, or a key that was revoked signed them. npm run audit says more; npm run rebuild -- LENDER --write seals those whose record verifies:\n${unsealed.map((id) => `  ${id}`).join('\n')}`,
    );
  for (const slug of policies)
    console.error(
      `The policy of ${slug} is not one that the portal sealed, so all its cases are read-only. npm run rebuild -- ${slug} --policy shows it; with --write it is taken as it stands.`,
    );
}
