/**
 * Brings databases up to date. Safe to repeat: what has been applied is not applied again. `npm run migrate` does all of an installation.
 * Rows that are older than seals are sealed here, each only once its record verifies and comes to what the row says; others are named and stay read-only.
 */
import { migrate } from 'drizzle-orm/libsql/migrator';
import { project } from '../worker/projection.ts';
import { contains, prove } from '../worker/proof.ts';
import { connect } from '../worker/store/connect.ts';
import { type Casebook, casebookUrl, type Lender, openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { type Installation, installation } from './installation.ts';
import { differing } from './rebuild.ts';

const folder = (kind: 'directory' | 'casebook') => new URL(`${kind}/migrations`, import.meta.url).pathname;

/** Brings one database up to date. */
export async function migrateDatabase(kind: 'directory' | 'casebook', url: string, token: string | undefined): Promise<void> {
  await migrate(connect(url, token), { migrationsFolder: folder(kind) });
}

/** Slugs of the lenders, and the ids of cases that stay without a seal, as they differ from their record or it does not verify. */
export type Migrated = { lenders: string[]; unsealed: string[] };

/** Brings the directory and every casebook up to date. */
export async function migrateAll(env: Installation): Promise<Migrated> {
  await migrateDatabase('directory', env.directory.url, env.directory.token);
  const lenders = await openDirectory(env).lenders();
  const unsealed: string[] = [];
  for (const lender of lenders) unsealed.push(...(await migrateCasebook(env, lender)));
  return { lenders: lenders.map(({ slug }) => slug), unsealed };
}

async function migrateCasebook(env: Installation, lender: Lender): Promise<string[]> {
  const url = casebookUrl(env, lender);
  // A policy has no record to be held against: only what was there before seals is sealed as it stands, and never again.
  const older = !(await hasSeals(url, env.casebookToken));
  await migrateDatabase('casebook', url, env.casebookToken);
  const casebook = openCasebookForPortal(env, lender);
  const waiting = await casebook.unsealed();
  if (env.keys.length === 0) return waiting.map(({ id }) => id);
  if (older) await casebook.sealPolicy();
  const unsealed: string[] = [];
  for (const { id } of waiting) if (!(await sealCase(casebook, id))) unsealed.push(id);
  return unsealed;
}

async function hasSeals(url: string, token: string | undefined): Promise<boolean> {
  try {
    await connect(url, token).run('SELECT seal FROM policy LIMIT 0');
    return true;
  } catch {
    return false;
  }
}

/** What follows from the clock, or from rules that may be newer than the row, is no difference: it is worked out anew. */
const WORKED_OUT = new Set(['state', 'awaited', 'deadline']);

/** Seals a case whose record verifies and whose row says nothing else than the record. */
async function sealCase(casebook: Casebook, id: string): Promise<boolean> {
  const record = await casebook.record(id);
  const last = record?.entries.at(-1);
  if (!record || !last) return false;
  const known = await casebook.doubts(id);
  const { kase, doubts } = await prove(record, casebook.published, known);
  if (doubts.some(({ code }) => code !== 'seal.missing')) return false;
  const made = project(kase, last);
  if (!contains(kase, JSON.parse(record.row.state)) || differing(record, made).some((column) => !WORKED_OUT.has(column))) return false;
  await casebook.reproject(record.row, made);
  return true;
}

if (import.meta.main) {
  const { env, close } = await installation();
  const { lenders, unsealed } = await migrateAll(env);
  console.log(`The directory and ${lenders.length} casebooks are up to date${lenders.length > 0 ? `: ${lenders.join(', ')}` : ''}.`);
  sayUnsealed(env, unsealed);
  await close();
}

/** Names the cases that stay read-only, and what to do. */
export function sayUnsealed({ keys }: Pick<Installation, 'keys'>, unsealed: readonly string[]): void {
  if (unsealed.length === 0) return;
  console.error(
    keys.length === 0
      ? `${unsealed.length} cases are older than seals and stay read-only until you run this with SIGNING_KEYS set.`
      : `Read-only, as they are not what their record says (npm run audit says more):\n${unsealed.map((id) => `  ${id}`).join('\n')}`,
  );
}
