import * as z from 'zod';
import { Anchor, anchorDigest, anchorFault, isAnchored, Proof } from './anchor.ts';
import type { RecordFile, SealedEntry } from './format.ts';
import type { Published } from './published.ts';
import { heldStamp, noteRevokedLater, type Report } from './report.ts';
import { checkTimestamp } from './timestamp.ts';

/** Proofs that a record stood in a form when an anchor was made, as they go along with it in a bundle (`anchors.json`). */

export const ANCHORS_NAME = 'anchors.json';

const One = z.strictObject({
  /** The entry whose head is in the list, with the salt of its leaf and the leaf's index. */
  seq: z.int().min(1),
  salt: z.string(),
  index: z.int().min(0),
  proof: Proof,
  anchor: Anchor,
  /** A time stamp of the anchor (RFC 3161, DER) in base64; null where there was none. */
  timestamp: z.base64().nullable(),
});

export const AnchorProofs = z.strictObject({ format: z.literal('heyi-anchors/1'), proofs: z.array(One).max(100) });
export type AnchorProofs = z.infer<typeof AnchorProofs>;
export type AnchorProof = z.infer<typeof One>;

/** Checks the proofs that came with a record into `report`. Each names an entry of the record, in their order; one that does not hold is a finding. */
export async function checkProofs(document: unknown, record: RecordFile, report: Report, published: Published | null): Promise<void> {
  const read = AnchorProofs.safeParse(document);
  if (!read.success) return void report.findings.push({ code: 'anchor.format', path: read.error.issues[0]?.path.join('.') ?? '' });
  const entries = new Map(record.entries.map((entry) => [entry.seq, entry]));
  const shown = new Map<number, string>();
  let last = 0;
  for (const one of read.data.proofs) {
    const code = one.seq <= last ? 'anchor.format' : await proofFault(one, entries.get(one.seq), record, published);
    last = one.seq;
    if (code) {
      report.findings.push({ code, seq: one.seq });
      continue;
    }
    const { n, at, restored } = one.anchor;
    const digest = anchorDigest(one.anchor);
    // Two of a number are of two lists (`compare.ts` says the same of two files).
    if ((shown.get(n) ?? digest) !== digest) report.findings.push({ code: 'anchor.fork', seq: one.seq, name: String(n) });
    shown.set(n, digest);
    const timestamp = one.timestamp === null ? null : await checkTimestamp(bytesOf(one.timestamp), digest);
    const stamped = heldStamp(timestamp, { seq: one.seq }, report);
    const known = published?.keys.find(({ id }) => id === one.anchor.key);
    // Who has a key can write any date: that the anchor is older than the revocation, somebody else may say.
    if (known?.revoked !== undefined) noteRevokedLater(report, known.id, stamped && stamped.at < known.revoked ? stamped : null);
    report.anchors.push({
      seq: one.seq,
      n,
      at,
      digest,
      ...(restored === undefined ? {} : { restored }),
      ...(stamped ? { timestamp: stamped } : {}),
    });
  }
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

async function proofFault(
  { seq, salt, index, proof, anchor }: AnchorProof,
  entry: SealedEntry | undefined,
  record: RecordFile,
  published: Published | null,
) {
  const { header } = record;
  if (!entry || anchor.lender !== header.lender) return 'anchor.entry';
  if (anchor.at < entry.at) return 'anchor.time';
  if (!isAnchored({ salt, head: { case: header.case, seq, hash: entry.hash } }, index, proof, anchor)) return 'anchor.proof';
  // By the keys of the record, and where the portal's are at hand by those: a key may have come since the record's last entry.
  return anchorFault(anchor, published?.keys ?? record.keys);
}
