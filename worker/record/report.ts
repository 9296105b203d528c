import type { DocumentFault } from './document.ts';
import type { Stamped, TimestampCheck, TimestampFault } from './timestamp.ts';
import type { ZipFault } from './zip.ts';

/**
 * What does not hold. `seq` is the entry it is about, `file` the digest of a file, `key` the id of a key, `name` the name of a file in a bundle
 * (a document that was given by itself has none), `path` a place in the document.
 */
export type Finding = { code: FindingCode; seq?: number; file?: string; key?: string; path?: string; name?: string };

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
  | 'key.ended'
  | 'key.revoked'
  | 'key.unknown'
  | 'file.missing'
  | 'file.changed'
  | 'file.unlisted'
  | 'file.unnamed'
  | 'record.empty'
  | DocumentFault
  | 'pdf.other-record'
  | ZipFault['code']
  | 'bundle.unreadable'
  | 'bundle.added'
  | 'bundle.missing'
  | 'bundle.changed'
  | 'bundle.renamed'
  | 'index.format'
  | 'index.key'
  | 'index.signature'
  | 'index.record'
  | 'index.withheld'
  | 'anchor.format'
  | 'anchor.entry'
  | 'anchor.time'
  | 'anchor.proof'
  | 'anchor.key'
  | 'anchor.signature'
  | 'anchor.key-dates'
  | 'anchor.index'
  | 'anchor.fork'
  | TimestampFault;

/** What could not be checked, or counts for less than it seems; `name`, `key` and `file` as in a finding. */
export type Unchecked = { code: UncheckedCode; name?: string; key?: string; file?: string };

export type UncheckedCode =
  /** No published keys at hand: whose key it is cannot be told. */
  | 'keys.published'
  /** No published certificates at hand: whose signature a document carries cannot be told. */
  | 'documents.published'
  /** Whether a checkpoint in the middle was left out cannot be told of a key that is not said to sign each entry. */
  | 'checkpoints.each'
  /** The key was revoked later: that a signature is older than the revocation is the portal's word. */
  | 'key.revoked-later'
  /** The same, where a time stamp says that the signature is older: it counts for as much as whoever gave it, and anybody can make one. */
  | 'key.revoked-stamped'
  /** No entry that is shown names the file: whether one that is not shown does cannot be told. */
  | 'file.unnamed'
  /** Only the record or a document came, so that the files it names were not looked at. */
  | 'files.absent'
  /** A ZIP without a signed index: README, pages and names in it are covered by nothing. */
  | 'bundle.index'
  /** No proof of when the record, or its newest entries, stood in this form came with it. */
  | 'anchor.none'
  /** The signature of a time stamp was not checked: it is of another kind, or here is no WebCrypto. */
  | 'timestamp.signature'
  /** The pages of a document were not checked, as here is no WebCrypto. */
  | 'document.signature';

/**
 * `holds`: all that came was checked and holds. `record-only`: the record holds, but what else came is covered by no signature.
 * `whole-unknown-key`: whole in itself, by a key or certificate that is not known to be the portal's. `broken`: something does not hold.
 * `unreadable`: nothing of ours.
 */
export type Verdict = 'holds' | 'record-only' | 'whole-unknown-key' | 'broken' | 'unreadable';

export type Report = {
  verdict: Verdict;
  /** Whether the verdict is `holds`. Erased and withheld contents are no fault. */
  holds: boolean;
  /** The case and its number; null of a lender's own record, which is of none. */
  case: string | null;
  lender: string | null;
  number: string | null;
  /** Whose private record it is; null of the shared record of a case, and of a lender's own. */
  side: 'borrower' | 'lender' | null;
  entries: number;
  /** Head of the record: what a receipt or a PDF names. */
  head: { seq: number; hash: string; at: string } | null;
  /** Number of the first entry that does not hold. */
  firstBroken: number | null;
  findings: Finding[];
  unchecked: Unchecked[];
  /** Keys whose signatures hold, what they cover and since when. `published` tells whether the key is among those given as known. */
  signatures: { key: string; from: number; to: number; since: string; until: string; published: boolean | null }[];
  /**
   * Signatures of documents that hold over all of the document. `published` is null where no published certificates are at hand; `timestamp` when somebody else says that the signature
   * was there.
   */
  documents: { name: string | null; fingerprint: string; at: string; published: boolean | null; timestamp?: Stamped }[];
  /** The signed index of a bundle, where it holds. */
  index: { key: string; madeAt: string; files: number } | null;
  /**
   * Heads of the record that were in the lender's list of anchors, each with the anchor that brought it: until that entry the record stood in this form then. `restored` is
   * why records of the lender had been set back to an older state before, where they had; `timestamp` when somebody else says that the anchor was there.
   */
  anchors: { seq: number; n: number; at: string; digest: string; restored?: string; timestamp?: Stamped }[];
  /** Entries whose content was erased by a named entry, and entries whose content is not shown here. */
  erased: { seq: number; by: number }[];
  withheld: number[];
  /** Entries whose author is not shown here, and was not erased with the whole case: who wrote them this copy does not prove. */
  authorsWithheld: number[];
  files: { listed: number; present: number; erased: string[] };
};

export function emptyReport(): Report {
  return {
    verdict: 'unreadable',
    holds: false,
    case: null,
    lender: null,
    number: null,
    side: null,
    entries: 0,
    head: null,
    firstBroken: null,
    findings: [],
    unchecked: [],
    signatures: [],
    documents: [],
    index: null,
    anchors: [],
    erased: [],
    withheld: [],
    authorsWithheld: [],
    files: { listed: 0, present: 0, erased: [] },
  };
}

/** Says once of a key that it was revoked after it signed. @param older the time stamp from before that which its signature has, where it has one */
export function noteRevokedLater({ unchecked }: Report, key: string, older: Stamped | null = null): void {
  const note: Unchecked = older ? { code: 'key.revoked-stamped', key, name: older.name } : { code: 'key.revoked-later', key };
  if (!unchecked.some(({ code, key: of, name }) => code === note.code && of === key && name === note.name)) unchecked.push(note);
}

/** What a time stamp says, where it holds; what it does not, or what could not be checked of it, comes into the report. `of` is what it is of. */
export function heldStamp(
  stamp: TimestampCheck | null,
  of: Pick<Finding, 'seq' | 'name'>,
  { findings, unchecked }: Report,
): Stamped | null {
  if (stamp?.fault) findings.push({ code: stamp.fault, ...of });
  if (stamp?.unchecked) unchecked.push({ code: 'timestamp.signature', name: stamp.stamped?.name ?? '' });
  return stamp && !stamp.fault && !stamp.unchecked ? stamp.stamped : null;
}

/** Findings that say no more than that a key is not known. */
const UNKNOWN = new Set<FindingCode>(['key.unknown', 'anchor.key']);

/** Draws the verdict from what was found and what was not checked. */
export function judge(report: Report, source: 'record' | 'pdf' | 'zip'): void {
  const { findings, unchecked, documents } = report;
  const lacks = (code: UncheckedCode) => unchecked.some((one) => one.code === code);
  const unknown =
    findings.length > 0 || lacks('keys.published') || (source === 'pdf' && documents.some(({ published }) => published !== true));
  report.verdict = findings.some(({ code }) => !UNKNOWN.has(code))
    ? 'broken'
    : unknown
      ? 'whole-unknown-key'
      : lacks('bundle.index') || (source === 'pdf' && lacks('document.signature'))
        ? 'record-only'
        : 'holds';
  report.holds = report.verdict === 'holds';
  let first = Number.POSITIVE_INFINITY;
  for (const { seq } of findings) if (seq !== undefined && seq < first) first = seq;
  report.firstBroken = first === Number.POSITIVE_INFINITY ? null : first;
}
