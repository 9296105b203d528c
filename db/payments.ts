/**
 * `npm run payments -- LENDER FILE.csv [--dry-run]`: records the payments that a lender received, by contract number, each once however often the file comes: a
 * reference is known again. Columns, in any order: contract, date, amount, method (may be left out), reference. Prints what was done as JSON:
 * `{"rows", "recorded", "unchanged", "refused": [{"row", "column", "problem"}]}`; `row` counts as spreadsheets do, the line of names being 1.
 * Exit 0 where all is recorded or was before, 1 where something is refused, 2 where the file or the lender cannot be read.
 */
import { readFileSync } from 'node:fs';
import { wordsOf } from '../web/words/index.ts';
import { RECEIVED_NAMES, whyText } from '../web/words/received.ts';
import { recordReceived } from '../worker/execute/received.ts';
import { cellsOf, MAX_TABLE_BYTES, textOfTable } from '../worker/intake/table.ts';
import { readReceived } from '../worker/negotiation/received.ts';
import { fromFile, toldByRow } from './from-file.ts';

await fromFile('npm run payments -- LENDER FILE.csv', async (file, by, dry) => {
  const bytes = readFileSync(file);
  const words = wordsOf('en');
  if (bytes.length > MAX_TABLE_BYTES) throw new Error(words.received.fileSize({ kib: MAX_TABLE_BYTES / 1024 }));
  const text = textOfTable(bytes);
  if (text === null) throw new Error(words.received.why.encoding);
  const { rows, received, refused } = readReceived(cellsOf(text), RECEIVED_NAMES);
  const done = await recordReceived(by, received, dry);
  const told = toldByRow([...refused, ...done.refused], (why) => whyText(words, why));
  return { rows, recorded: done.recorded, unchanged: done.unchanged, refused: told };
});
