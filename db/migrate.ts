/** Brings databases up to date. Safe to repeat: what has been applied is not applied again. `npm run migrate` does all of an installation. */
import { migrate } from 'drizzle-orm/libsql/migrator';
import { connect } from '../worker/store/connect.ts';
import { casebookUrl, openDirectory } from '../worker/store/open.ts';
import { type Installation, installation } from './installation.ts';

const folder = (kind: 'directory' | 'casebook') => new URL(`${kind}/migrations`, import.meta.url).pathname;

/** Brings one database up to date. */
export async function migrateDatabase(kind: 'directory' | 'casebook', url: string, token: string | undefined): Promise<void> {
  await migrate(connect(url, token), { migrationsFolder: folder(kind) });
}

/** Brings the directory and every casebook up to date; returns the slugs of the lenders. */
export async function migrateAll(env: Installation): Promise<string[]> {
  await migrateDatabase('directory', env.directory.url, env.directory.token);
  const lenders = await openDirectory(env).lenders();
  for (const lender of lenders) await migrateDatabase('casebook', casebookUrl(env, lender), env.casebookToken);
  return lenders.map(({ slug }) => slug);
}

if (import.meta.main) {
  const { env, close } = await installation();
  const lenders = await migrateAll(env);
  console.log(`The directory and ${lenders.length} casebooks are up to date${lenders.length > 0 ? `: ${lenders.join(', ')}` : ''}.`);
  await close();
}
