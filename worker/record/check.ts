import { ANCHORS_NAME, checkProofs } from './anchor-proof.ts';
import { BundleIndex, INDEX_NAME, indexHolds } from './bundle-index.ts';
import { canonical } from './digest.ts';
import { checkDocument } from './document.ts';
import type { RecordFile } from './format.ts';
import { parseJson } from './json.ts';
import { type Opened, openRecord } from './open.ts';
import { knownAs, type Published, refusedAt } from './published.ts';
import { emptyReport, heldStamp, judge, noteRevokedLater, type Report } from './report.ts';
import { type AnyRecord, checkRecord, isShared, type VerifyOptions } from './verify.ts';

export type CheckOptions = {
  /** What the portal publishes; null where it is not at hand. */
  published: Published | null;
  progress?: VerifyOptions['progress'];
};

/** A checked file: the report, and the record where it is in the format, for reading. */
export type Checked = { report: Report; record: AnyRecord | null };

/**
 * Checks a ZIP, a `record.json` or a PDF of ours: the record, and everything that came with it for reading. The one way in for the page `/verify` and
 * the command `verify`. Never throws for any bytes.
 */
export async function checkFile(bytes: Uint8Array, options: CheckOptions): Promise<Checked> {
  const report = emptyReport();
  const opened = openRecord(bytes);
  if (!opened) return { report, record: null };
  if (opened.source === 'pdf') return checkPdf(bytes, report, options);
  if (opened.document === undefined) {
    if (opened.source === 'zip') report.findings.push(...opened.zip.faults);
    return { report, record: null };
  }
  const record = await checkRecord(opened.document, report, recordOptions(options, opened.files));
  if (opened.source === 'zip') await checkBundle(opened, shared(record, report), report, options);
  judge(report, opened.source);
  return { report, record };
}

/** A bundle and a document are of the shared record: a private one, or a lender's own, has no place in them, and is by itself. */
function shared(record: AnyRecord | null, report: Report): RecordFile | null {
  if (!record || isShared(record)) return record;
  report.findings.push({ code: 'format', path: 'format' });
  return null;
}

function recordOptions({ published, progress }: CheckOptions, files: VerifyOptions['files']): VerifyOptions {
  return { files: files ?? null, published: published?.keys ?? null, ...(progress ? { progress } : {}) };
}

async function checkPdf(bytes: Uint8Array, report: Report, options: CheckOptions): Promise<Checked> {
  const attached = await checkDocumentInto(bytes, null, report, options);
  // Neither signed nor with a record: it is somebody's document, but none of ours.
  if (attached === undefined && report.findings.some(({ code }) => code === 'pdf.unsigned')) return { report, record: null };
  const record = attached === undefined ? null : await checkRecord(attached, report, recordOptions(options, null));
  shared(record, report);
  judge(report, 'pdf');
  return { report, record };
}

/** Checks a document by its own signature; returns the record attached. `name` is its name in a bundle. */
async function checkDocumentInto(bytes: Uint8Array, name: string | null, report: Report, { published }: CheckOptions): Promise<unknown> {
  const { faults, record, signature, timestamp, unchecked } = await checkDocument(bytes, published?.documents ?? null);
  const of = name === null ? {} : { name };
  for (const code of faults) report.findings.push({ code, ...of });
  if (unchecked) report.unchecked.push({ code: 'document.signature', ...of });
  if (signature && signature.published === null) report.unchecked.push({ code: 'documents.published', ...of });
  const stamped = heldStamp(timestamp, of, report);
  if (signature && !unchecked && faults.length === 0) {
    const { revoked, ...held } = signature;
    // Who has a key can write any date: that the signature is older than the revocation, somebody else may say.
    if (revoked !== null) noteRevokedLater(report, signature.fingerprint, stamped && stamped.at < revoked ? stamped : null);
    report.documents.push({ name, ...held, ...(stamped ? { timestamp: stamped } : {}) });
  }
  return record;
}

type Bundle = Extract<Opened, { source: 'zip' }>;

/** Everything in a bundle but the record and its files: what the signed index covers, and the documents by their own signatures. */
async function checkBundle(bundle: Bundle, record: RecordFile | null, report: Report, options: CheckOptions): Promise<void> {
  report.findings.push(...bundle.zip.faults.slice(0, 200));
  for (const name of bundle.broken.slice(0, 200)) report.findings.push({ code: 'bundle.unreadable', name });
  const text = record && canonical(record);
  for (const part of bundle.parts.filter(({ name }) => name.endsWith('.pdf') && !name.includes('/')).slice(0, 50)) {
    const bytes = bundle.bytesOf(part);
    const attached = bytes ? await checkDocumentInto(bytes, part.name, report, options) : undefined;
    if (bytes === null) report.findings.push({ code: 'bundle.unreadable', name: part.name });
    else if (attached !== undefined && textOf(attached) !== text) report.findings.push({ code: 'pdf.other-record', name: part.name });
  }
  const proofs = bundle.parts.find(({ name }) => name === ANCHORS_NAME);
  if (proofs && record) await checkProofs(parseJson(bundle.bytesOf(proofs) ?? new Uint8Array()), record, report, options.published);
  const newest = report.anchors.at(-1);
  if (record && newest?.seq !== record.entries.at(-1)?.seq)
    report.unchecked.push({ code: 'anchor.none', ...(newest ? { name: String(newest.seq) } : {}) });
  const index = bundle.parts.find(({ name }) => name === INDEX_NAME);
  if (!index) report.unchecked.push({ code: 'bundle.index' });
  else if (record) await checkIndex(bundle, parseJson(bundle.bytesOf(index) ?? new Uint8Array()), record, report, options);
}

function textOf(document: unknown): string | null {
  try {
    return canonical(document);
  } catch {
    return null;
  }
}

async function checkIndex(
  bundle: Bundle,
  document: unknown,
  record: RecordFile,
  report: Report,
  { published }: CheckOptions,
): Promise<void> {
  const read = BundleIndex.safeParse(document);
  if (!read.success) return void report.findings.push({ code: 'index.format', path: read.error.issues[0]?.path.join('.') ?? '' });
  const index = read.data;
  const before = report.findings.length;
  const key = record.keys.find(({ id }) => id === index.key);
  const known = key && published ? knownAs(key, published.keys) : undefined;
  if (!key || !(await indexHolds(index, key))) report.findings.push({ code: key ? 'index.signature' : 'index.key', key: index.key });
  else if (published && !known) report.findings.push({ code: 'key.unknown', key: key.id });
  const refused =
    (known && refusedAt(known, index.madeAt)) ?? (key && (index.madeAt < key.from || (key.until !== null && index.madeAt > key.until)));
  if (refused) report.findings.push({ code: refused === true ? 'key.dates' : refused, key: index.key });
  if (known?.revoked !== undefined && !refused) noteRevokedLater(report, known.id);
  const last = record.entries.at(-1);
  if (index.case !== record.header.case || index.head.seq !== last?.seq || index.head.hash !== last.hash || index.madeAt < last.at)
    report.findings.push({ code: 'index.record' });
  if (index.withheld.join() !== report.withheld.join()) report.findings.push({ code: 'index.withheld' });
  if ('anchored' in index && index.anchored !== (report.anchors.at(-1)?.n ?? null)) report.findings.push({ code: 'anchor.index' });
  compare(bundle, index, report);
  if (report.findings.length === before) report.index = { key: index.key, madeAt: index.madeAt, files: index.files.length };
}

/** What the index lists against what is there, by name and digest. */
function compare(bundle: Bundle, index: BundleIndex, report: Report): void {
  const listed = new Map(index.files.map((file) => [file.name, file]));
  if (listed.size !== index.files.length) report.findings.push({ code: 'index.format', path: 'files' });
  const there = new Map(bundle.parts.map((part) => [part.name, part]));
  const missing = new Map(
    index.files.filter(({ name }) => !there.has(name) && !bundle.broken.includes(name)).map((file) => [file.sha256, file]),
  );
  for (const { name, sha256, size } of bundle.parts) {
    if (name === INDEX_NAME) continue;
    const file = listed.get(name);
    if (!file) {
      const renamed = missing.get(sha256);
      missing.delete(sha256);
      report.findings.push({ code: renamed ? 'bundle.renamed' : 'bundle.added', name });
    } else if (file.sha256 !== sha256 || file.size !== size) report.findings.push({ code: 'bundle.changed', name });
  }
  // A file of the case that is missing was named by its digest already.
  const named = new Set(report.findings.flatMap(({ code, file }) => (code === 'file.missing' && file ? [file] : [])));
  for (const { name, sha256 } of missing.values()) if (!named.has(sha256)) report.findings.push({ code: 'bundle.missing', name });
}
