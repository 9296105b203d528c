/**
 * `npm run --silent verify -- FILE [--keys KEYS.json] [--hash HASH]`: checks a ZIP, `record.json` or PDF and prints a JSON report. Exit 0 when all holds,
 * 1 when something does not, 2 when it cannot be read. `--keys` names the published keys (`/.well-known/heyi-keys.json`), so that a key that
 * the portal never published is found; `--hash` asks whether a receipt's hash is one of the record's.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { PublicKey } from '../worker/record/format.ts';
import { openRecord } from '../worker/record/open.ts';
import { verify } from '../worker/record/verify.ts';

const UNREADABLE = 2;

function unreadable(reason: string): never {
  console.log(JSON.stringify({ holds: false, unreadable: reason }));
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
    return parseArgs({ allowPositionals: true, options: { keys: { type: 'string' }, hash: { type: 'string' } } });
  } catch (thrown) {
    return unreadable((thrown as Error).message);
  }
}

const { values, positionals } = argumentsOf();
const [file] = positionals;
if (!file || positionals.length > 1) unreadable('name one file: a ZIP, a record.json or a PDF');
const opened = openRecord(bytesOf(file));
if (!opened || typeof opened.document !== 'object' || opened.document === null)
  unreadable('neither a ZIP, a record.json nor a PDF that carries a record');
const published = values.keys ? (JSON.parse(new TextDecoder().decode(bytesOf(values.keys))) as { keys: PublicKey[] }).keys : null;
const report = await verify(opened.document, { files: opened.files, published });
const { entries } = opened.document as { entries?: { seq?: number; hash?: string }[] };
const wanted = values.hash?.trim().toLowerCase();
const receipt = wanted
  ? { hash: wanted, seq: (Array.isArray(entries) ? entries : []).find((entry) => entry?.hash === wanted)?.seq ?? null }
  : null;
console.log(JSON.stringify({ ...report, ...(receipt ? { receipt } : {}) }, null, 2));
process.exit(report.holds && receipt?.seq !== null ? 0 : 1);
