/**
 * `npm run rebuild -- LENDER [--write]`: works every projection of a casebook out again from its record and reports any difference.
 * Exit 0 where there is none, 1 where there is (with `--write` they are put right). Erased contents leave the projections as they are left.
 */
import { dayInChina } from '../worker/clock.ts';
import { project } from '../worker/execute.ts';
import { type Entry, fold } from '../worker/negotiation/case.ts';
import { canonical } from '../worker/record/digest.ts';
import { openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { type Installation, installation } from './installation.ts';

export type Difference = { case: string; columns: string[] };

/** Compares the projection of every case of a lender with what its record says; puts them right where `write`. @throws for an unknown lender */
export async function rebuild(env: Installation, slug: string, write: boolean): Promise<{ cases: number; differences: Difference[] }> {
  const lender = await openDirectory(env).lenderBySlug(slug);
  if (!lender) throw new Error(`There is no lender ${slug}.`);
  const casebook = openCasebookForPortal(env, lender);
  const ids = await casebook.ids();
  const differences: Difference[] = [];
  for (const { id } of ids) {
    const record = await casebook.record(id);
    const last = record?.entries.at(-1);
    if (!record || !last) {
      differences.push({ case: id, columns: ['seq'] });
      continue;
    }
    const kase = fold(record.entries as Entry[]);
    const made = project(kase, { seq: last.seq, hash: last.hash }, dayInChina(last.at));
    const same = (name: keyof typeof made) =>
      canonical(JSON.parse(JSON.stringify(made[name] ?? null))) === canonical(record.row[name] ?? null);
    const columns = (Object.keys(made) as (keyof typeof made)[]).filter((name) => !same(name));
    if (columns.length === 0) continue;
    differences.push({ case: id, columns });
    if (write) await casebook.reproject(id, made);
  }
  return { cases: ids.length, differences };
}

if (import.meta.main) {
  const [slug = '', flag] = process.argv.slice(2);
  const { env, close } = await installation();
  try {
    const { cases, differences } = await rebuild(env, slug, flag === '--write');
    for (const one of differences) console.log(`${one.case}: ${one.columns.join(', ')}`);
    console.log(
      `${cases} cases, ${differences.length} differ from their record${differences.length > 0 && flag === '--write' ? '; put right' : ''}.`,
    );
    process.exitCode = differences.length > 0 && flag !== '--write' ? 1 : 0;
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 2;
  } finally {
    await close();
  }
}
