/**
 * `npm run import -- LENDER FILE [--dry-run]`: opens a case of each loan in a file, CSV (UTF-8, GB 18030, UTF-16) or XLSX (the first sheet), by contract number, each once
 * however often the file comes: of a contract that has a case nothing is changed. README.md, "Import", names the columns. Prints what was done as JSON:
 * `{"rows", "created", "unchanged", "refused": [{"row", "column", "problem"}]}`; `row` counts as spreadsheets do, the line of names being 1. With `--dry-run` nothing is
 * written, and `created` counts what would be. Ended in the middle and begun again, it goes on where it was.
 * Exit 0 where each row has its case, 1 where something is refused, 2 where the file or the lender cannot be read.
 */
import { readFileSync, statSync } from 'node:fs';
import { wordsOf } from '../web/words/index.ts';
import { LOAN_NAMES, loanWhyText } from '../web/words/loans.ts';
import { randomNumber } from '../worker/chance.ts';
import { openLoans } from '../worker/execute/loans.ts';
import { tableIn } from '../worker/intake/sheet.ts';
import { MAX_LOANS, readLoans } from '../worker/negotiation/loans.ts';
import { lawOf } from '../worker/plan/law/index.ts';
import { dayOf } from '../worker/plan/law/zone.ts';
import { fromFile, toldByRow } from './from-file.ts';

/** Bytes of a file: fifty thousand rows of a dozen columns are less. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Lines above the loans that say something: titles, and the names of the columns. */
const TITLES = 10;

await fromFile('npm run import -- LENDER FILE [--dry-run]', async (file, { lender, ...by }, dry) => {
  const words = wordsOf('en');
  if (statSync(file).size > MAX_BYTES) throw new Error(`${file} is larger than ${MAX_BYTES / 1024 / 1024} MiB: divide it.`);
  const table = tableIn(readFileSync(file), { unpacked: 3 * MAX_BYTES, rows: MAX_LOANS + TITLES });
  if (!Array.isArray(table)) throw new Error(words.loans.unread[table]);
  const { value: policy } = await by.casebook.policy();
  const today = dayOf(by.at, lawOf(policy).place.zone);
  const { rows, loans, refused } = readLoans(table, LOAN_NAMES, { today, lenderName: lender.name });
  const opened = await openLoans({ ...by, number: randomNumber, importId: null }, loans, dry);
  const told = toldByRow([...refused, ...opened.refused], (why) => loanWhyText(words, why));
  return { rows, created: opened.created, unchanged: opened.unchanged, refused: told };
});
