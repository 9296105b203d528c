/**
 * `npm run --silent verify -- FILE [--keys KEYS.json | --portal https://…] [--any-key] [--hash HASH] [--words [--language en]]`: checks a ZIP,
 * `record.json` or PDF and prints a JSON report; with `--words` in sentences, in the machine's time zone. Exit 0 when all holds; 1 when something does
 * not, or was not covered, or the key is not known to be the portal's; 2 when it cannot be read.
 *
 * Whose keys count: `--keys` names a file with what a portal publishes at `/.well-known/heyi-keys.json`, `--portal` fetches it from there; otherwise they are
 * those of this machine's data folder, where it has any. Without, the best answer is `whole-unknown-key`, which `--any-key` takes for good.
 * `verify -- FILE OTHER` compares two copies of a record: exit 0 where both hold and one is the other, or the other gone on; else 1, and where they part.
 * `--hash` asks whether a receipt (its line as it stands in a notice, or its hash) is of the record.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { asLanguage, LANGUAGES } from '../worker/plan/languages.ts';
import { publishedCertificates } from '../worker/record/certificates.ts';
import { checkFile } from '../worker/record/check.ts';
import { compareRecords } from '../worker/record/compare.ts';
import { type Published, publishedDocument, readPublished } from '../worker/record/published.ts';
import { entryOfReceipt, readReceipt } from '../worker/record/receipt.ts';
import { existingDocumentKey } from './certificate.ts';
import { dataFolder, existingKeys } from './installation.ts';

const UNREADABLE = 2;
const PATIENCE = 10_000;

function unreadable(reason: string): never {
  console.log(JSON.stringify({ verdict: 'unreadable', holds: false, unreadable: reason }));
  process.exit(UNREADABLE);
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (thrown) {
    return unreadable((thrown as Error).message);
  }
}

function argumentsOf() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        keys: { type: 'string' },
        portal: { type: 'string' },
        'any-key': { type: 'boolean' },
        hash: { type: 'string' },
        words: { type: 'boolean' },
        language: { type: 'string' },
      },
    });
  } catch (thrown) {
    return unreadable((thrown as Error).message);
  }
}

/** What a portal publishes, by the options or the data folder; null where nothing is at hand. */
async function publishedFor(options: { keys?: string | undefined; portal?: string | undefined }): Promise<Published | null> {
  try {
    if (options.keys === undefined && options.portal === undefined) {
      const [ring, documents] = [existingKeys(dataFolder()), existingDocumentKey(dataFolder())];
      return ring && readPublished(publishedDocument(ring, documents ? publishedCertificates(documents) : []));
    }
    const text = options.keys ? readFileSync(options.keys, 'utf8') : await fetched(options.portal ?? '');
    const published = readPublished(JSON.parse(text));
    if (published) return published;
  } catch (thrown) {
    return unreadable(`the published keys: ${(thrown as Error).message}`);
  }
  return unreadable('the published keys: not a document such as /.well-known/heyi-keys.json');
}

async function fetched(portal: string): Promise<string> {
  const answer = await fetch(new URL('/.well-known/heyi-keys.json', portal), { signal: AbortSignal.timeout(PATIENCE), redirect: 'error' });
  if (!answer.ok) throw new Error(`${portal} answers ${answer.status}`);
  return answer.text();
}

/** The sentences of the page `/verify`. They are drawn from parts of pages, which Node does not load as they stand. */
async function teller(): Promise<typeof import('../web/islands/verifier.ts')> {
  const entryPoints = [new URL('../web/islands/verifier.ts', import.meta.url).pathname];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', write: false, logLevel: 'error' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`);
}

const { values, positionals } = argumentsOf();
const [file, other] = positionals;
if (!file || positionals.length > 2) unreadable('name one file, or two to compare: a ZIP, a record.json or a PDF');
const published = await publishedFor(values);
const { report, record } = await checkFile(bytesOf(file), { published });
if (other) await compared(other);

/** Two files of one record: whether one is the other gone on, or where they part. */
async function compared(path: string): Promise<never> {
  const second = await checkFile(bytesOf(path), { published });
  if (!record || !second.record) return unreadable(`${record ? path : file}: neither a ZIP, a record.json nor a PDF that carries a record`);
  const comparison = compareRecords({ record, report }, { record: second.record, report: second.report });
  const are = ['same', 'extends', 'extended'].includes(comparison.is);
  if (values.words) {
    const { tell, tellComparison } = await teller();
    const language = asLanguage(values.language) ?? LANGUAGES[0];
    const verdicts = [{ report, record }, second].map((one, i) => `${positionals[i]}: ${tell(one, language, '').verdict}`);
    // What a comparison says counts as far as both hold.
    console.log([...verdicts, tellComparison(comparison, language)].join('\n'));
  } else console.log(JSON.stringify({ comparison, reports: [report, second.report] }, null, 2));
  const good = [report, second.report].every((one) => one.holds || (values['any-key'] === true && one.verdict === 'whole-unknown-key'));
  process.exit(are && good ? 0 : 1);
}
if (report.verdict === 'unreadable' && !values.words) {
  console.log(JSON.stringify({ ...report, unreadable: 'neither a ZIP, a record.json nor a PDF that carries a record' }, null, 2));
  process.exit(UNREADABLE);
}
const wanted = values.hash?.trim().toLowerCase();
const read = wanted ? (readReceipt(wanted) ?? { hash: wanted, seq: null }) : null;
const receipt = read && { hash: read.hash, seq: entryOfReceipt(read, record) };
if (values.words) {
  const { tell } = await teller();
  const told = tell({ report, record }, asLanguage(values.language) ?? LANGUAGES[0], wanted ?? '');
  console.log([told.verdict, ...told.sections.flatMap(({ title, lines }) => ['', title, ...lines.map((line) => `  ${line}`)])].join('\n'));
} else console.log(JSON.stringify({ ...report, ...(receipt ? { receipt } : {}) }, null, 2));
const isGood = report.holds || (values['any-key'] === true && report.verdict === 'whole-unknown-key');
process.exit(report.verdict === 'unreadable' ? UNREADABLE : isGood && receipt?.seq !== null ? 0 : 1);
