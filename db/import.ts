/**
 * `npm run import -- LENDER FILE [--dry-run]`: opens a case of each loan in a file, CSV (UTF-8, GB 18030, UTF-16) or XLSX (the first sheet), by contract number, each once
 * however often the file comes: of a contract that has a case nothing is changed. README.md, "Import", names the columns. Prints what was done as JSON:
 * `{"rows", "created", "unchanged", "refused": [{"row", "column", "problem"}]}`; `row` counts as spreadsheets do, the line of names being 1. With `--dry-run` nothing is
 * written, and `created` counts what would be. Ended in the middle and begun again, it goes on where it was.
 * Exit 0 where each row has its case, 1 where something is refused, 2 where the file or the lender cannot be read.
 */
import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { wordsOf } from '../web/words/index.ts';
import { LOAN_NAMES, loanWhyText } from '../web/words/loans.ts';
import { randomBytes, randomNumber } from '../worker/chance.ts';
import { openLoans } from '../worker/execute/loans.ts';
import { tableIn } from '../worker/intake/sheet.ts';
import { readLoans } from '../worker/negotiation/loans.ts';
import { lawOf } from '../worker/plan/law/index.ts';
import { dayOf } from '../worker/plan/law/zone.ts';
import { signingKey } from '../worker/record/keys.ts';
import { admitOperator } from '../worker/store/admission.ts';
import { openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { assertCurrent } from './current.ts';
import { installation } from './installation.ts';

/** Bytes of a file: fifty thousand rows of a dozen columns are less. */
const MAX_BYTES = 64 * 1024 * 1024;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'dry-run': { type: 'boolean', default: false } } });
const [slug = '', file = ''] = positionals;
const { env, close } = await installation();
try {
  await assertCurrent(env);
  const lender = await openDirectory(env).lenderBySlug(slug);
  if (!lender) throw new Error(`There is no lender ${slug}.`);
  if (file === '') throw new Error('Say which file: npm run import -- LENDER FILE [--dry-run]');
  const words = wordsOf('en');
  if (statSync(file).size > MAX_BYTES) throw new Error(`${file} is larger than ${MAX_BYTES / 1024 / 1024} MiB: divide it.`);
  const table = await tableIn(readFileSync(file));
  if (!Array.isArray(table)) throw new Error(words.loans.unread[table]);
  const casebook = openCasebookForPortal(env, lender);
  const at = new Date().toISOString();
  const { value: policy } = await casebook.policy();
  const today = dayOf(at, lawOf(policy).place.zone);
  const { rows, loans, refused } = readLoans(table, LOAN_NAMES, { today, lenderName: lender.name });
  const by = { casebook, admission: admitOperator(lender), at, key: await signingKey(env.keys), random: randomBytes, number: randomNumber };
  const opened = await openLoans(by, loans, values['dry-run']);
  const problems = [...refused, ...opened.refused].sort((a, b) => a.row - b.row);
  const told = problems.map(({ row, column, why }) => ({ row, column, problem: loanWhyText(words, why) }));
  console.log(JSON.stringify({ rows, created: opened.created, unchanged: opened.unchanged, refused: told }));
  process.exitCode = told.length > 0 ? 1 : 0;
} catch (thrown) {
  console.error((thrown as Error).message);
  process.exitCode = 2;
} finally {
  await close();
}
