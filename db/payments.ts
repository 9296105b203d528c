/**
 * `npm run payments -- LENDER FILE.csv [--dry-run]`: records the payments that a lender received, by contract number, each once however often the file comes: a
 * reference is known again. Columns, in any order: contract, date, amount, method (may be left out), reference. Prints what was done as JSON:
 * `{"rows", "recorded", "unchanged", "refused": [{"row", "column", "problem"}]}`; `row` counts as spreadsheets do, the line of names being 1.
 * Exit 0 where all is recorded or was before, 1 where something is refused, 2 where the file or the lender cannot be read.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { wordsOf } from '../web/words/index.ts';
import { RECEIVED_NAMES, whyText } from '../web/words/received.ts';
import { randomBytes } from '../worker/chance.ts';
import { recordReceived } from '../worker/execute/received.ts';
import { cellsOf, MAX_TABLE_BYTES, textOfTable } from '../worker/intake/table.ts';
import { readReceived } from '../worker/negotiation/received.ts';
import { signingKey } from '../worker/record/keys.ts';
import { admitOperator } from '../worker/store/admission.ts';
import { openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { assertCurrent } from './current.ts';
import { installation } from './installation.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'dry-run': { type: 'boolean', default: false } } });
const [slug = '', file = ''] = positionals;
const { env, close } = await installation();
try {
  await assertCurrent(env);
  const lender = await openDirectory(env).lenderBySlug(slug);
  if (!lender) throw new Error(`There is no lender ${slug}.`);
  if (file === '') throw new Error('Say which file: npm run payments -- LENDER FILE.csv');
  const bytes = readFileSync(file);
  const words = wordsOf('en');
  if (bytes.length > MAX_TABLE_BYTES) throw new Error(words.received.fileSize({ kib: MAX_TABLE_BYTES / 1024 }));
  const text = textOfTable(bytes);
  if (text === null) throw new Error(words.received.why.encoding);
  const { rows, received, refused } = readReceived(cellsOf(text), RECEIVED_NAMES);
  const at = new Date().toISOString();
  const casebook = openCasebookForPortal(env, lender);
  const by = { casebook, admission: admitOperator(lender), at, key: await signingKey(env.keys), random: randomBytes };
  const done = await recordReceived(by, received, values['dry-run']);
  const problems = [...refused, ...done.refused].sort((a, b) => a.row - b.row);
  const told = problems.map(({ row, column, why }) => ({ row, column, problem: whyText(words, why) }));
  console.log(JSON.stringify({ rows, recorded: done.recorded, unchanged: done.unchanged, refused: told }));
  process.exitCode = told.length > 0 ? 1 : 0;
} catch (thrown) {
  console.error((thrown as Error).message);
  process.exitCode = 2;
} finally {
  await close();
}
