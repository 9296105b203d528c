import * as z from 'zod';
import { canonical, fromBase64url, NotSealable, saltedDigest } from './digest.ts';
import { ed25519Holds } from './ed25519.ts';
import {
  type Checkpoint,
  type FileRef,
  filesIn,
  isInstant,
  LenderRecordFile,
  PrivateRecordFile,
  type PublicKey,
  RecordFile,
  type SealedEntry,
  streamOf,
} from './format.ts';
import { isTooDeep } from './json.ts';
import { knownAs, type PublishedKey, refusedAt } from './published.ts';
import { emptyReport, type FindingCode, judge, noteRevokedLater, type Report } from './report.ts';
import { checkpointText, emptyHead, entryHash } from './seal.ts';

export type { FindingCode, Report } from './report.ts';

export type VerifyOptions = {
  /** SHA-256 and size of the files at hand, or null where only the record is. */
  files?: readonly { sha256: string; size: number }[] | null;
  /** Keys known from elsewhere (the portal's published ones); null where none are. */
  published?: readonly PublishedKey[] | null;
  /** Called now and then with the share done, from 0 to 1; awaiting it lets a page draw. */
  progress?: (done: number) => Promise<void> | void;
};

/**
 * Says exactly what holds and what does not of a record in format 1, from the document alone. Never throws for any document.
 * The rules are those of `FORMAT.md`; each finding names the rule that is broken.
 */
export async function verify(document: unknown, options: VerifyOptions = {}): Promise<Report> {
  const report = emptyReport();
  await checkRecord(document, report, options);
  judge(report, 'record');
  return report;
}

/** A record of any kind: the shared one of a case, a side's private one, or a lender's own. */
export type AnyRecord = RecordFile | PrivateRecordFile | LenderRecordFile;

export const isShared = (record: AnyRecord): record is RecordFile => record.format === 'heyi-record/1';

/** Checks a record into `report`, without a verdict; returns it where it is in the format. */
export async function checkRecord(document: unknown, report: Report, options: VerifyOptions): Promise<AnyRecord | null> {
  if (isTooDeep(document)) {
    report.findings.push({ code: 'format', path: '' });
    return null;
  }
  const read = formatOf(document).safeParse(document);
  if (!read.success) {
    for (const issue of read.error.issues.slice(0, 20)) report.findings.push({ code: 'format', path: issue.path.join('.') });
    return null;
  }
  const record = read.data;
  const { header } = record;
  report.lender = header.lender;
  report.case = 'case' in header ? header.case : null;
  report.number = 'case' in header ? header.number : null;
  report.side = 'side' in header ? header.side : null;
  report.entries = record.entries.length;
  if (record.entries.length === 0) report.findings.push({ code: 'record.empty' });
  if (!options.published) report.unchecked.push({ code: 'keys.published' });

  await checkChain(record, report, options);
  await checkCheckpoints(record, report, options);
  checkKeys(record, report, options.published ?? null);
  checkErasure(record, report);
  checkFiles(record, report, options.files ?? null);
  return record;
}

/** The format that a document says it is in; of one that says none, the shared record's. */
function formatOf(document: unknown) {
  const format = typeof document === 'object' && document !== null && 'format' in document ? document.format : null;
  return format === 'heyi-private-record/1' ? PrivateRecordFile : format === 'heyi-lender-record/1' ? LenderRecordFile : RecordFile;
}

/** Findings of one kind that are listed: a document made to keep its reader busy can have hundreds of thousands. */
const MOST_TOLD = 1_000;

async function checkChain(record: AnyRecord, report: Report, { progress }: VerifyOptions): Promise<void> {
  const empty = emptyHead(record.header);
  const stream = streamOf(record.header);
  let prev = empty.hash;
  let at = '';
  let expected = 1;
  for (const entry of record.entries) {
    const { seq } = entry;
    if (seq !== expected) report.findings.push(seq > expected ? { code: 'entry.missing', seq: expected } : { code: 'entry.order', seq });
    if (entry.prev !== prev) report.findings.push({ code: 'entry.prev', seq });
    if (entry.at < at || !isInstant(entry.at)) report.findings.push({ code: 'entry.time', seq });
    if (entry.hash !== entryHash(stream, entry)) report.findings.push({ code: 'entry.hash', seq });
    if (!holdsDigest(entry.content, entry.salt, entry.digest)) report.findings.push({ code: 'entry.content', seq });
    if (!holdsDigest(entry.author, entry.authorSalt, entry.authorDigest)) report.findings.push({ code: 'entry.author', seq });
    prev = entry.hash;
    at = entry.at;
    expected = Math.max(expected, seq) + 1;
    if (progress && seq % 500 === 0) await progress((0.5 * seq) / record.entries.length);
  }
  const last = record.entries.at(-1);
  if (last) report.head = { seq: last.seq, hash: last.hash, at: last.at };
}

/** Content with its salt must give the digest; both null means erased or withheld; one of the two without the other is a fault. */
export function holdsDigest(value: unknown, salt: string | null, digest: string): boolean {
  if (value === undefined) return false;
  if (salt === null) return value === null;
  if (fromBase64url(salt)?.length !== 16) return false;
  try {
    return saltedDigest(salt, canonical(value)) === digest;
  } catch (thrown) {
    if (thrown instanceof NotSealable) return false;
    throw thrown;
  }
}

/**
 * Each checkpoint is for an entry of this record, in order, by a key of its ring. The last entry has one, so that the head is signed. That each entry has
 * one is asked for where the published list says that the key signs each: the format itself asks for the head of each append alone.
 */
async function checkCheckpoints(record: AnyRecord, report: Report, { progress, published }: VerifyOptions): Promise<void> {
  const entries = new Map(record.entries.map((entry) => [entry.seq, entry]));
  const ring = new Map(record.keys.map((key) => [key.id, { key, known: published ? knownAs(key, published) : undefined }]));
  const covered = new Set<number>();
  const signers = new Map<string, Report['signatures'][number]>();
  let last = 0;
  let checked = 0;
  let disordered = 0;
  for (const checkpoint of record.checkpoints) {
    const { seq } = checkpoint;
    // One that is out of its order counts for nothing, whoever signed it: so no more signatures are checked than there are entries.
    if (seq <= last) {
      if (++disordered <= MOST_TOLD) report.findings.push({ code: 'checkpoint.order', seq });
      continue;
    }
    const by = ring.get(checkpoint.key);
    const found =
      (await checkpointFault(checkpoint, entries.get(seq), by?.key, streamOf(record.header))) ??
      (by?.known && refusedAt(by.known, checkpoint.at));
    if (found) report.findings.push({ code: found, seq, key: checkpoint.key });
    last = seq;
    covered.add(seq);
    if (!found) cover(signers, checkpoint, published ? by?.known !== undefined : null);
    if (progress && ++checked % 200 === 0) await progress(0.5 + (0.5 * checked) / record.checkpoints.length);
  }
  report.signatures.push(...[...signers.values()].slice(0, 1_000));
  for (const { key, published: isKnown } of signers.values()) {
    if (isKnown === false) report.findings.push({ code: 'key.unknown', key });
    const known = ring.get(key)?.known;
    if (known?.revoked !== undefined) noteRevokedLater(report, key);
    if (known && !known.everyEntry) report.unchecked.push({ code: 'checkpoints.each', key });
  }
  const each = (published ?? []).filter((key) => key.everyEntry && record.keys.some((one) => knownAs(one, [key])));
  const isNeeded = ({ seq, at }: SealedEntry) =>
    seq === record.entries.at(-1)?.seq || each.some(({ from, until }) => from <= at && (until === null || at < until));
  for (const entry of record.entries)
    if (!covered.has(entry.seq) && isNeeded(entry)) report.findings.push({ code: 'checkpoint.missing', seq: entry.seq });
}

/** What is wrong with one checkpoint of an entry; null where nothing is. @param isOwn whether its signature was made here, a moment ago, by that key */
export async function checkpointFault(
  checkpoint: Checkpoint,
  entry: Pick<SealedEntry, 'hash' | 'at'> | undefined,
  key: PublicKey | undefined,
  stream: string,
  isOwn = false,
): Promise<FindingCode | null> {
  if (checkpoint.case !== stream) return 'checkpoint.case';
  if (!entry || entry.hash !== checkpoint.hash) return 'checkpoint.hash';
  if (!key) return 'checkpoint.key';
  if (checkpoint.at < entry.at || !isInstant(checkpoint.at)) return 'checkpoint.time';
  if (checkpoint.at < key.from || (key.until !== null && checkpoint.at > key.until)) return 'key.dates';
  return isOwn || (await ed25519Holds(key.publicKey, checkpoint.signature, checkpointText(checkpoint))) ? null : 'checkpoint.signature';
}

function cover(signers: Map<string, Report['signatures'][number]>, { key, seq, at }: Checkpoint, published: boolean | null): void {
  const known = signers.get(key);
  if (known) {
    known.to = Math.max(known.to, seq);
    known.until = at;
  } else signers.set(key, { key, from: seq, to: seq, since: at, until: at, published });
}

/**
 * The ring: each id once, each key ending after it began. A key that the portal publishes under the same id must be that one, with that beginning; its end
 * must be the published one, or open, in a record that was taken away while it was. How a key is named tells nothing.
 */
function checkKeys(record: AnyRecord, report: Report, published: readonly PublishedKey[] | null): void {
  const seen = new Set<string>();
  const named = new Map((published ?? []).map((key) => [key.id, key]));
  for (const key of record.keys) {
    const known = named.get(key.id);
    if (seen.has(key.id) || (known && !knownAs(key, [known]))) report.findings.push({ code: 'key.id', key: key.id });
    const isOther = known !== undefined && key.until !== null && key.until !== known.until;
    if (isOther || (key.until !== null && key.until < key.from)) report.findings.push({ code: 'key.dates', key: key.id });
    seen.add(key.id);
  }
}

/** An erasure as far as it can be read: what else stands in it says nothing. */
const Erasure = z.object({ entries: z.array(z.unknown()).catch([]), files: z.array(z.unknown()).catch([]), whole: z.unknown() });

/** Contents and authors that a later entry says were erased, and those that are only not shown. Authors go where a case is erased as a whole. */
function checkErasure(record: AnyRecord, report: Report): void {
  const erasedBy = new Map<number, number>();
  const authorless = new Set<number>();
  for (const { seq, kind, content } of record.entries) {
    const erasure = kind === 'custody.erased' ? Erasure.safeParse(content).data : undefined;
    if (!erasure) continue;
    for (const one of erasure.entries) {
      if (typeof one !== 'number') continue;
      erasedBy.set(one, seq);
      if (erasure.whole === true) authorless.add(one);
    }
    for (const one of erasure.files) if (typeof one === 'string') report.files.erased.push(one);
  }
  for (const { seq, salt, authorSalt } of record.entries) {
    if (authorSalt === null && !authorless.has(seq)) report.authorsWithheld.push(seq);
    if (salt !== null) continue;
    const by = erasedBy.get(seq);
    if (by === undefined) report.withheld.push(seq);
    else report.erased.push({ seq, by });
  }
}

/** Each file that an entry names is listed, with the same size, type and name; each that is listed is named, and at hand unchanged. */
function checkFiles(record: AnyRecord, report: Report, at: readonly { sha256: string; size: number }[] | null): void {
  const named = new Map<string, { file: FileRef; seq: number }>();
  for (const { seq, content } of record.entries) for (const file of filesIn(content)) named.set(file.sha256, { file, seq });
  const listed = new Map(record.files.map((file) => [file.sha256, file]));
  const erased = new Set(report.files.erased);
  const hidden = report.withheld.length + report.erased.length > 0;
  report.files.listed = record.files.length;
  if (listed.size !== record.files.length) report.findings.push({ code: 'file.unnamed', path: 'files' });
  for (const [sha256, { file, seq }] of named) {
    const entry = listed.get(sha256);
    if (!entry) {
      if (!erased.has(sha256)) report.findings.push({ code: 'file.unlisted', file: sha256, seq });
    } else if (canonical(entry) !== canonical(file)) report.findings.push({ code: 'file.changed', file: sha256, seq });
  }
  for (const { sha256 } of record.files) {
    if (named.has(sha256)) continue;
    if (hidden) report.unchecked.push({ code: 'file.unnamed', file: sha256 });
    else report.findings.push({ code: 'file.unnamed', file: sha256 });
  }
  if (!at) {
    if (record.files.length > 0) report.unchecked.push({ code: 'files.absent' });
    return;
  }
  const present = new Map(at.map((file) => [file.sha256, file]));
  for (const file of record.files) {
    const seq = named.get(file.sha256)?.seq;
    const found = present.get(file.sha256);
    // Erased by an entry that says so: that is no fault.
    if (!found && erased.has(file.sha256)) continue;
    if (found && found.size === file.size) report.files.present += 1;
    else report.findings.push({ code: found ? 'file.changed' : 'file.missing', file: file.sha256, ...(seq === undefined ? {} : { seq }) });
  }
}
