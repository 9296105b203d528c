import { parseArgs } from 'node:util';
import { randomBytes } from '../worker/chance.ts';
import { signingKey } from '../worker/record/keys.ts';
import { admitOperator } from '../worker/store/admission.ts';
import { openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { assertCurrent } from './current.ts';
import { installation } from './installation.ts';

/** What the commands share that bring the rows of a lender's file into its cases: `npm run NAME -- LENDER FILE [--dry-run]`. */

type Refused = { row: number; column: string | null; problem: string };
type Done = { refused: readonly Refused[] };

/** The lender's casebook, and by whom and when it is written to. */
async function lendersBooks(env: Awaited<ReturnType<typeof installation>>['env'], slug: string) {
  const lender = await openDirectory(env).lenderBySlug(slug);
  if (!lender) throw new Error(`There is no lender ${slug}.`);
  const by = {
    keys: env.keys,
    admission: admitOperator(lender),
    at: new Date().toISOString(),
    key: await signingKey(env.keys),
    random: randomBytes,
  };
  return { ...by, casebook: openCasebookForPortal(env, lender), lender };
}

/**
 * Reads the command line, brings the file in and prints as JSON what was done. Exit 0 where nothing is refused, 1 where something is, 2 where the file or the lender
 * cannot be read. @param usage how the command is called @param bring does it; `dry` writes nothing
 */
export async function fromFile(
  usage: string,
  bring: (file: string, by: Awaited<ReturnType<typeof lendersBooks>>, dry: boolean) => Promise<Done>,
): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'dry-run': { type: 'boolean', default: false } } });
  const [slug = '', file = ''] = positionals;
  const { env, close } = await installation();
  try {
    await assertCurrent(env);
    const by = await lendersBooks(env, slug);
    if (file === '') throw new Error(`Say which file: ${usage}`);
    const done = await bring(file, by, values['dry-run']);
    console.log(JSON.stringify(done));
    process.exitCode = done.refused.length > 0 ? 1 : 0;
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 2;
  } finally {
    await close();
  }
}

/** What is refused by reading and by writing, row by row, each with its problem in words. */
export function toldByRow<Why>(
  problems: readonly { row: number; column: string | null; why: Why }[],
  text: (why: Why) => string,
): Refused[] {
  return problems.toSorted((a, b) => a.row - b.row).map(({ row, column, why }) => ({ row, column, problem: text(why) }));
}
