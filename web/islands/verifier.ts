import './lib/older.ts';
import './lib/no-eval.ts';
import { type Checked, checkFile } from '../../worker/record/check.ts';
import type { Comparison } from '../../worker/record/compare.ts';
import { readPublished } from '../../worker/record/published.ts';
import { entryOfReceipt, readReceipt } from '../../worker/record/receipt.ts';
import { type ToldReport, tellReport } from '../parts/verified.ts';
import { type Language, wordsOf } from '../words/index.ts';

/** The verifier itself with its words, which the page `/verify` loads once it stands: the same module that the command runs. */

/** Checks a file by what the portal publishes (the document as it was fetched, null where it was not). */
export function check(bytes: Uint8Array, published: unknown, progress: (done: number) => Promise<void>): Promise<Checked> {
  return checkFile(bytes, { published: readPublished(published), progress });
}

/** The outcome in sentences, in the reader's language and time zone. `typed` is what stands in the field for a receipt: its line, or its hash. */
export function tell({ report, record }: Checked, language: Language, typed: string): ToldReport {
  const read = readReceipt(typed);
  const receipt = read && { hash: read.hash, seq: entryOfReceipt(read, record) };
  return tellReport(report, record, wordsOf(language), Intl.DateTimeFormat().resolvedOptions().timeZone, receipt);
}

/** What two copies of a record are to each other, in a sentence. */
export function tellComparison(comparison: Comparison, language: Language): string {
  const { compare: say } = wordsOf(language).verify;
  if (comparison.is === 'other') return say.other();
  return comparison.is === 'list-fork' ? say['list-fork'](comparison) : say[comparison.is](comparison);
}
