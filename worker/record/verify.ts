import { verifyAsync } from '@noble/ed25519';
import { canonical, fromBase64url, NotSealable, saltedDigest } from './digest.ts';
import { type Checkpoint, type FileRef, filesIn, type PublicKey, RecordFile, type SealedEntry } from './format.ts';
import { keyId } from './keys.ts';
import { checkpointText, emptyHead, entryHash } from './seal.ts';

/** What does not hold, or is worth saying. `seq` is the entry it is about, `file` the digest of a file, `path` a place in the document. */
export type Finding = { code: FindingCode; seq?: number; file?: string; key?: string; path?: string };

export type FindingCode =
  | 'format'
  | 'entry.missing'
  | 'entry.order'
  | 'entry.prev'
  | 'entry.hash'
  | 'entry.content'
  | 'entry.author'
  | 'entry.time'
  | 'checkpoint.missing'
  | 'checkpoint.order'
  | 'checkpoint.case'
  | 'checkpoint.hash'
  | 'checkpoint.time'
  | 'checkpoint.signature'
  | 'checkpoint.key'
  | 'key.id'
  | 'key.dates'
  | 'key.unknown'
  | 'file.missing'
  | 'file.changed'
  | 'file.unlisted'
  | 'file.unnamed'
  | 'record.empty';

export type Report = {
  /** Whether all holds. Erased and withheld contents are no fault. */
  holds: boolean;
  case: string | null;
  lender: string | null;
  number: string | null;
  entries: number;
  /** Head of the record: what a receipt or a PDF names. */
  head: { seq: number; hash: string; at: string } | null;
  /** Number of the first entry that does not hold. */
  firstBroken: number | null;
  findings: Finding[];
  /** Keys whose signatures hold, what they cover and since when. `published` tells whether the key is among those given as known. */
  signatures: { key: string; from: number; to: number; since: string; until: string; published: boolean | null }[];
  /** Entries whose content was erased by a named entry, and entries whose content is not shown here. */
  erased: { seq: number; by: number }[];
  withheld: number[];
  files: { listed: number; present: number; erased: string[] };
};

export type VerifyOptions = {
  /** SHA-256 and size of the files at hand, or null where only the record is. */
  files?: readonly { sha256: string; size: number }[] | null;
  /** Keys known from elsewhere (the portal's published ones); null where none are. */
  published?: readonly PublicKey[] | null;
  /** Called now and then with the share done, from 0 to 1; awaiting it lets a page draw. */
  progress?: (done: number) => Promise<void> | void;
};

/**
 * Says exactly what holds and what does not of a record in format 1, from the document alone. Never throws for any document.
 * The rules are those of `design/5-record.md`; each finding names the rule that is broken.
 */
export async function verify(document: unknown, options: VerifyOptions = {}): Promise<Report> {
  const report: Report = {
    holds: false,
    case: null,
    lender: null,
    number: null,
    entries: 0,
    head: null,
    firstBroken: null,
    findings: [],
    signatures: [],
    erased: [],
    withheld: [],
    files: { listed: 0, present: 0, erased: [] },
  };
  const read = RecordFile.safeParse(document);
  if (!read.success) {
    for (const issue of read.error.issues.slice(0, 20)) report.findings.push({ code: 'format', path: issue.path.join('.') });
    return report;
  }
  const record = read.data;
  report.case = record.header.case;
  report.lender = record.header.lender;
  report.number = record.header.number;
  report.entries = record.entries.length;
  if (record.entries.length === 0) report.findings.push({ code: 'record.empty' });

  await checkChain(record, report, options);
  await checkCheckpoints(record, report, options);
  checkKeys(record, report);
  checkErasure(record, report);
  checkFiles(record, report, options.files ?? null);

  const broken = report.findings.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
  report.firstBroken = broken.length > 0 ? Math.min(...broken) : null;
  report.holds = report.findings.length === 0;
  return report;
}

async function checkChain(record: RecordFile, report: Report, { progress }: VerifyOptions): Promise<void> {
  const empty = emptyHead(record.header);
  let prev = empty.hash;
  let at = '';
  let expected = 1;
  for (const entry of record.entries) {
    const { seq } = entry;
    if (seq !== expected) report.findings.push(seq > expected ? { code: 'entry.missing', seq: expected } : { code: 'entry.order', seq });
    if (entry.prev !== prev) report.findings.push({ code: 'entry.prev', seq });
    if (entry.at < at || Number.isNaN(Date.parse(entry.at))) report.findings.push({ code: 'entry.time', seq });
    if (entry.hash !== entryHash(record.header.case, entry)) report.findings.push({ code: 'entry.hash', seq });
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
    return saltedDigest(salt, value) === digest;
  } catch (thrown) {
    if (thrown instanceof NotSealable) return false;
    throw thrown;
  }
}

async function checkCheckpoints(record: RecordFile, report: Report, { progress, published }: VerifyOptions): Promise<void> {
  const entries = new Map(record.entries.map((entry) => [entry.seq, entry]));
  const keys = new Map(record.keys.map((key) => [key.id, key]));
  const covered = new Set<number>();
  let last = 0;
  let checked = 0;
  for (const checkpoint of record.checkpoints) {
    const { seq } = checkpoint;
    const found = await checkpointFault(checkpoint, entries.get(seq), keys.get(checkpoint.key), record.header.case);
    if (found) report.findings.push({ code: found, seq, key: checkpoint.key });
    if (seq <= last) report.findings.push({ code: 'checkpoint.order', seq });
    last = Math.max(last, seq);
    covered.add(seq);
    if (!found) cover(report, checkpoint, published);
    if (progress && ++checked % 200 === 0) await progress(0.5 + (0.5 * checked) / record.checkpoints.length);
  }
  // Ours sign every entry, so that no checkpoint can be dropped unseen; the format itself asks for the head of each append.
  const ours = record.keys.every(({ id }) => id.startsWith('hk-'));
  const needed = ours ? record.entries : record.entries.slice(-1);
  for (const { seq } of needed) if (!covered.has(seq)) report.findings.push({ code: 'checkpoint.missing', seq });
}

/** What is wrong with one checkpoint of an entry; null where nothing is. */
export async function checkpointFault(
  checkpoint: Checkpoint,
  entry: Pick<SealedEntry, 'hash' | 'at'> | undefined,
  key: PublicKey | undefined,
  caseId: string,
): Promise<FindingCode | null> {
  if (checkpoint.case !== caseId) return 'checkpoint.case';
  if (!entry || entry.hash !== checkpoint.hash) return 'checkpoint.hash';
  if (!key) return 'checkpoint.key';
  if (checkpoint.at < entry.at) return 'checkpoint.time';
  if (checkpoint.at < key.from || (key.until !== null && checkpoint.at > key.until)) return 'key.dates';
  return (await signed(checkpoint, key)) ? null : 'checkpoint.signature';
}

const imported = new Map<string, Promise<CryptoKey | null>>();

/** WebCrypto where it knows Ed25519 (it is ten times faster), the pure library in older browsers. */
async function signed(checkpoint: Checkpoint, key: PublicKey): Promise<boolean> {
  const publicKey = fromBase64url(key.publicKey);
  const signature = fromBase64url(checkpoint.signature);
  if (publicKey?.length !== 32 || signature?.length !== 64) return false;
  const text = new TextEncoder().encode(checkpointText(checkpoint));
  const known =
    imported.get(key.publicKey) ??
    crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']).then(
      (one) => one,
      () => null,
    );
  imported.set(key.publicKey, known);
  const ready = await known;
  if (ready) return crypto.subtle.verify('Ed25519', ready, signature, text);
  return verifyAsync(signature, text, publicKey).catch(() => false);
}

function cover(report: Report, { key, seq, at }: Checkpoint, published: readonly PublicKey[] | null | undefined): void {
  const known = report.signatures.find((one) => one.key === key);
  if (known) {
    known.to = Math.max(known.to, seq);
    known.until = at;
  } else {
    const isPublished = published ? published.some((one) => one.id === key) : null;
    if (isPublished === false) report.findings.push({ code: 'key.unknown', key });
    report.signatures.push({ key, from: seq, to: seq, since: at, until: at, published: isPublished });
  }
}

/**
 * A key's id binds the key and the day it came into force, and each key ends where the next begins, the last one not at all: so no date of
 * ours can be changed unseen. Keys that name themselves otherwise (not `hk-`) are held to the format alone.
 */
function checkKeys(record: RecordFile, report: Report): void {
  const seen = new Set<string>();
  record.keys.forEach((key, i) => {
    const next = record.keys[i + 1];
    const ours = key.id.startsWith('hk-');
    if (seen.has(key.id) || (ours && key.id !== keyId(key))) report.findings.push({ code: 'key.id', key: key.id });
    const overlaps = next !== undefined && (key.until === null || key.until > next.from);
    const broken = ours && key.until !== (next?.from ?? null);
    if (overlaps || broken || (key.until !== null && key.until < key.from)) report.findings.push({ code: 'key.dates', key: key.id });
    seen.add(key.id);
  });
}

/** Contents that a later entry says were erased, and those that are only not shown. */
function checkErasure(record: RecordFile, report: Report): void {
  const erasedBy = new Map<number, number>();
  for (const { seq, kind, content } of record.entries) {
    if (kind !== 'custody.erased' || typeof content !== 'object' || content === null) continue;
    const { entries, files } = content as { entries?: unknown; files?: unknown };
    if (Array.isArray(entries)) for (const one of entries) if (typeof one === 'number') erasedBy.set(one, seq);
    if (Array.isArray(files)) report.files.erased.push(...files.filter((one): one is string => typeof one === 'string'));
  }
  for (const { seq, salt } of record.entries) {
    if (salt !== null) continue;
    const by = erasedBy.get(seq);
    if (by === undefined) report.withheld.push(seq);
    else report.erased.push({ seq, by });
  }
}

/** Each file that an entry names is listed, with the same size, type and name; each that is listed is named, and at hand unchanged. */
function checkFiles(record: RecordFile, report: Report, at: readonly { sha256: string; size: number }[] | null): void {
  const named = new Map<string, { file: FileRef; seq: number }>();
  for (const { seq, content } of record.entries) for (const file of filesIn(content)) named.set(file.sha256, { file, seq });
  const listed = new Map(record.files.map((file) => [file.sha256, file]));
  const hidden = report.withheld.length + report.erased.length > 0;
  report.files.listed = record.files.length;
  if (listed.size !== record.files.length) report.findings.push({ code: 'file.unnamed', path: 'files' });
  for (const [sha256, { file, seq }] of named) {
    const entry = listed.get(sha256);
    if (!entry) {
      if (!report.files.erased.includes(sha256)) report.findings.push({ code: 'file.unlisted', file: sha256, seq });
    } else if (canonical(entry) !== canonical(file)) report.findings.push({ code: 'file.changed', file: sha256, seq });
  }
  for (const { sha256 } of record.files) if (!named.has(sha256) && !hidden) report.findings.push({ code: 'file.unnamed', file: sha256 });
  if (!at) return;
  const present = new Map(at.map((file) => [file.sha256, file]));
  for (const file of record.files) {
    const seq = named.get(file.sha256)?.seq;
    const found = present.get(file.sha256);
    // Erased by an entry that says so: that is no fault.
    if (!found && report.files.erased.includes(file.sha256)) continue;
    if (found && found.size === file.size) report.files.present += 1;
    else report.findings.push({ code: found ? 'file.changed' : 'file.missing', file: file.sha256, ...(seq === undefined ? {} : { seq }) });
  }
}
