/** Whether an installation is as this code knows it: for commands that read one and are not to change it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { connect } from '../worker/store/connect.ts';
import { casebookUrl, openDirectory } from '../worker/store/open.ts';
import { dataFolder, type Installation } from './installation.ts';

/** The folder with the migrations of a kind of database. */
export const migrationsOf = (kind: 'directory' | 'casebook'): string => new URL(`${kind}/migrations`, import.meta.url).pathname;

/** Thrown where a command finds an installation that it cannot read: older or newer than the code, or none. Its message says what to do. */
export class NotCurrent extends Error {}

/** Asked before an installation is opened, as opening makes what is not there. @throws NotCurrent where this machine is meant and has none */
export function assertThere(): void {
  if (process.env.DIRECTORY_URL || existsSync(join(dataFolder(), 'databases', 'directory.db'))) return;
  throw new NotCurrent(`There is no installation in ${dataFolder()}: choose the folder with DATA.`);
}

/** Reads whether every database is as this code knows it, and changes nothing. @throws NotCurrent */
export async function assertCurrent(env: Installation): Promise<void> {
  await assertApplied('directory', env.directory.url, env.directory.token);
  for (const lender of await openDirectory(env).lenders()) await assertApplied('casebook', casebookUrl(env, lender), env.casebookToken);
}

async function assertApplied(kind: 'directory' | 'casebook', url: string, token: string | undefined): Promise<void> {
  const { entries } = JSON.parse(readFileSync(join(migrationsOf(kind), 'meta', '_journal.json'), 'utf8')) as {
    entries: { when: number }[];
  };
  const wanted = entries.at(-1)?.when ?? 0;
  const database = connect(url, token);
  const tables = await database.all<{ name: string }>(sql`SELECT name FROM sqlite_master WHERE name = '__drizzle_migrations'`);
  const [newest] =
    tables.length > 0 ? await database.all<{ at: number | null }>(sql`SELECT max(created_at) AS at FROM __drizzle_migrations`) : [];
  const at = newest?.at ?? 0;
  if (at < wanted) throw new NotCurrent(`The ${kind} is older than this code: run npm run migrate (or npm start) first.`);
  if (at > wanted) throw new NotCurrent(`The ${kind} is newer than this code: use the code that brought it up to date.`);
}
