import * as z from 'zod';

/** The written record, format 1 (`FORMAT.md`), as it stands in `record.json`. */

export const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);

/** Text of which JSON can be made in one way: without half of a surrogate pair. */
const Text = z.string().refine((text) => text.isWellFormed());

/** Whether an instant is one of the calendar: 30 February is none. */
export function isInstant(at: string): boolean {
  const time = new Date(at);
  return !Number.isNaN(time.getTime()) && time.toISOString() === at;
}

/** An instant of the calendar, where the rule that it breaks else has no name of its own. */
export const TrueInstant = Instant.refine(isInstant);
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const Base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

export const Header = z.strictObject({ case: Text, lender: Text, openedAt: Instant, number: Text });
export type Header = z.infer<typeof Header>;

/** The header of a side's private stream in a case: of that case, and of which side. */
export const PrivateHeader = z.strictObject({ ...Header.shape, side: z.enum(['borrower', 'lender']) });
export type PrivateHeader = z.infer<typeof PrivateHeader>;

export type PrivateSide = PrivateHeader['side'];

/** The header of a lender's own stream, which is of no case: since when it is kept. */
export const LenderHeader = z.strictObject({ lender: Text, openedAt: Instant });
export type LenderHeader = z.infer<typeof LenderHeader>;

/** The name of a side's private stream in a case. */
export const privateStream = (caseId: string, side: PrivateSide): string => `${caseId}/${side}`;

/** The name of a lender's own stream, by the lender's slug: never the id of a case. */
export const lenderStream = (lender: string): string => `@${lender}`;

/** The names of the streams of a case: the shared record, and what each side keeps to itself. */
export const streamsOf = (caseId: string): string[] => [caseId, privateStream(caseId, 'borrower'), privateStream(caseId, 'lender')];

/** The case that a stream is of, and whether it is a side's own. */
export function caseOfStream(name: string): { case: string; own: boolean } {
  const [id = '', side] = name.split('/');
  return { case: id, own: side !== undefined };
}

/**
 * The name of a stream, which its entries and checkpoints carry as their case: CASE of the shared record, CASE/SIDE of a private one, @LENDER of a lender's
 * own. So nothing that was sealed or signed in one stream holds in another.
 */
export function streamOf(header: Header | PrivateHeader | LenderHeader): string {
  if (!('case' in header)) return lenderStream(header.lender);
  return 'side' in header ? privateStream(header.case, header.side) : header.case;
}

/** For whom somebody acts: their name and account, and the number of the entry that is the authority for it. */
const Principal = z.object({ name: z.string(), account: z.string().nullable(), authority: z.int() });
export type Principal = z.infer<typeof Principal>;

/**
 * Who wrote an entry, and for whom where it is for somebody. `account` is the portal's id of the person; `mediator` is of neither side; `portal` writes what
 * follows from time alone.
 */
export const Author = z.object({
  side: z.enum(['borrower', 'lender', 'mediator', 'portal']),
  capacity: z.string(),
  name: z.string(),
  account: z.string().nullable(),
  for: Principal.exactOptional(),
});
export type Author = z.infer<typeof Author>;

export const SealedEntry = z.strictObject({
  seq: z.int().min(1),
  at: Instant,
  kind: Text.min(1),
  author: z.unknown(),
  authorSalt: Base64url.nullable(),
  authorDigest: Sha256,
  content: z.unknown(),
  salt: Base64url.nullable(),
  digest: Sha256,
  prev: Sha256,
  hash: Sha256,
});
export type SealedEntry = z.infer<typeof SealedEntry>;

export const Checkpoint = z.strictObject({
  case: Text,
  seq: z.int().min(1),
  hash: Sha256,
  at: Instant,
  key: Text,
  signature: Base64url,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

export const PublicKey = z.strictObject({
  id: Text,
  algorithm: z.literal('Ed25519'),
  publicKey: Base64url,
  from: Instant,
  until: Instant.nullable(),
});
export type PublicKey = z.infer<typeof PublicKey>;

export const FileRef = z.strictObject({ sha256: Sha256, size: z.int().min(0), type: Text, name: Text });
export type FileRef = z.infer<typeof FileRef>;

export const RecordFile = z.strictObject({
  format: z.literal('heyi-record/1'),
  header: Header,
  entries: z.array(SealedEntry),
  checkpoints: z.array(Checkpoint),
  keys: z.array(PublicKey),
  files: z.array(FileRef),
});
export type RecordFile = z.infer<typeof RecordFile>;

/** A private stream as it is taken away by its own side: the same but for its name, so that nobody takes it for the record of the case. */
export const PrivateRecordFile = z.strictObject({
  ...RecordFile.shape,
  format: z.literal('heyi-private-record/1'),
  header: PrivateHeader,
});
export type PrivateRecordFile = z.infer<typeof PrivateRecordFile>;

/** A lender's own stream as it is taken away. */
export const LenderRecordFile = z.strictObject({
  ...RecordFile.shape,
  format: z.literal('heyi-lender-record/1'),
  header: LenderHeader,
});
export type LenderRecordFile = z.infer<typeof LenderRecordFile>;

/** Every file that `content` names, wherever in it: an object with a digest, a size and a type. */
export function filesIn(content: unknown): FileRef[] {
  if (Array.isArray(content)) return content.flatMap(filesIn);
  if (typeof content !== 'object' || content === null) return [];
  // What has no digest is no file: to have the schema find that out of each thing in a content took longer than to seal it.
  const file = 'sha256' in content ? FileRef.safeParse(content) : null;
  return file?.success ? [file.data] : Object.values(content).flatMap(filesIn);
}
