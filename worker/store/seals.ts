import { createHmac, hkdfSync, hash as sha, timingSafeEqual } from 'node:crypto';
import type { cases, policy } from '../../db/casebook/schema.ts';
import { instant } from '../clock.ts';
import type { Side } from '../negotiation/seats.ts';
import { canonical, fromBase64url } from '../record/digest.ts';
import type { Checkpoint } from '../record/format.ts';
import { keyInForce, type StoredKey } from '../record/keys.ts';
import { type PublishedKey, publishedDocument, readPublished, refusedAt } from '../record/published.ts';
import { checkpointFault } from '../record/verify.ts';
import { Remembered } from './remembered.ts';

/**
 * How the portal knows its own rows again. The record proves itself; what is kept beside it (a case's snapshot and columns, a lender's policy, who people are
 * and what they may do) does not, so each such row carries a seal: `KEY.DIGEST.MAC`, where KEY is the id of a signing key, DIGEST the SHA-256 of the row's long text
 * and MAC an HMAC-SHA-256 over DIGEST and all else that is relied upon. The MAC's key is derived (HKDF-SHA-256, RFC 5869) from the private half
 * of KEY, so that who has only the database cannot make one. A list checks its rows without their long texts. A seal has no date: once KEY is revoked,
 * whoever has it may have made any of them, and none tells anything.
 */

/**
 * What differs from what the portal wrote. `seq` is the entry that it is about, `side` whose private stream, where it is of one. Nothing here says what
 * anybody wrote.
 */
export type Doubt = { code: DoubtCode; seq?: number; column?: string; side?: Side };

export type DoubtCode =
  /** The row has no seal that counts: it is older than seals, or its key was revoked, and it was not verified since. */
  | 'seal.missing'
  /** The row is not what the portal sealed. */
  | 'seal.broken'
  /** The row is another lender's: it was put into this casebook. */
  | 'seal.lender'
  /** The policy of the lender is missing, or has no seal of the portal's. */
  | 'policy'
  /** The newest entry of the record is not the one that the row names. */
  | 'head'
  /** The head's checkpoint is missing, or does not verify. */
  | 'checkpoint'
  /** An entry that was anchored is not there, or is another one: the record was set back, and may have gone on otherwise. */
  | 'anchor'
  /** An entry is missing, or is not what was sealed. */
  | 'entry'
  /** The record as a whole does not verify. */
  | 'record'
  /** The row says something else than the record comes to. */
  | 'snapshot';

/** Why a row's seal does not count: there is none, a revoked key made it, or it is not the portal's. */
export type RowFault = 'seal.missing' | 'seal.revoked' | 'seal.broken';

type CaseRow = typeof cases.$inferSelect;
type PolicyRow = Omit<typeof policy.$inferSelect, 'seal'>;
export type SealedRow = Omit<CaseRow, 'state' | 'seal' | 'assignee' | 'team'>;

/**
 * Where a record stands, as its own tables say: its newest entry with its checkpoint, the number of its newest checkpoint, and the entry that was anchored and is not
 * there.
 */
export type Tip = { seq: number; hash: string; checkpoint: Checkpoint | null; signedUpTo: number | null; strayed: number | null };

export type Seals = {
  /** The public halves of the ring, with their ends and revocations: which checkpoints are the portal's own, as it tells everybody. */
  published: readonly PublishedKey[];
  /** Seals a case's row with its state, as JSON text. */
  row(row: SealedRow, state: string): string;
  /** Why a row is not the portal's own; null where it is. Without `state` the columns alone are checked, as for lists. */
  rowFault(row: SealedRow & { seal: string | null }, state?: string): DoubtCode | null;
  /** Seals a row of another kind by a text of all that is relied upon in it. */
  text(text: string): string;
  /** Why a row of that text is not the portal's own; null where it is. */
  textFault(text: string, seal: unknown): RowFault | null;
  policy(lender: string, row: PolicyRow): string;
  policyHolds(lender: string, stored: PolicyRow & { seal: string | null }): boolean;
  /** Whether a record ends where its row says, by a checkpoint of the ring. `id` is the name of its stream. */
  tipFault(row: Pick<SealedRow, 'id' | 'seq' | 'hash' | 'lastAt'>, tip: Tip | null): Promise<DoubtCode | null>;
  /**
   * Whether a checkpoint is the portal's own, for an entry of this hash and instant. One that was signed here a moment ago (`isOwn`) is known again when it is
   * read.
   */
  checkpointHolds(checkpoint: Checkpoint | null, stream: string, entry: { hash: string; at: string }, isOwn?: boolean): Promise<boolean>;
};

const made = new WeakMap<readonly StoredKey[], Seals>();

/** The seals of a ring; made once for each ring, as the keys are derived. @throws where the ring is empty */
export function sealsOf(ring: readonly StoredKey[]): Seals {
  const known = made.get(ring) ?? make(ring);
  made.set(ring, known);
  return known;
}

const PURPOSE = 'heyi/rows/1';

/** Characters of what was verified once that a ring remembers, of each kind. */
const MOST_REMEMBERED = 2_000_000;

function make(ring: readonly StoredKey[]): Seals {
  const keys = new Map(ring.map(({ id, privateKey }) => [id, derived(privateKey)]));
  const published = readPublished(publishedDocument(ring, []))?.keys ?? [];
  const ours = new Map(published.map((key) => [key.id, key]));
  const revoked = new Set(ring.flatMap((key) => (key.revoked === undefined ? [] : [key.id])));
  const current = keyInForce(ring, instant())?.id ?? '';

  function seal(id: string, digest: string, text: string): string {
    const key = keys.get(id);
    if (!key) throw new Error('The signing keys are needed: set SIGNING_KEYS.');
    return `${id}.${digest}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  }

  /** Over what a seal was found to hold: rows are read far more often than they are written. */
  const held = new Remembered<string>(MOST_REMEMBERED);
  const heldLong = new Remembered<string>(MOST_REMEMBERED);
  const signed = new Remembered<true>(MOST_REMEMBERED);

  /** Seals, and knows its own work again: what was sealed here a moment ago is not worked out anew when it is read. */
  function sealed(long: string, textOf: (digest: string) => string): string {
    const digest = digestText(long);
    const text = textOf(digest);
    const made = seal(current, digest, text);
    held.set(made, text, text.length);
    heldLong.set(digest, long, long.length);
    return made;
  }

  /** What was changed from outside may be of any type: whatever cannot be read is not the portal's. */
  function holds(stored: string, long: string | undefined, textOf: (digest: string) => string): boolean {
    try {
      const [id = '', digest = ''] = stored.split('.');
      if (!keys.has(id)) return false;
      const text = textOf(digest);
      if (held.get(stored) !== text) {
        if (!same(seal(id, digest, text), stored)) return false;
        held.set(stored, text, text.length);
      }
      if (long === undefined || heldLong.get(digest) === long) return true;
      if (digestText(long) !== digest) return false;
      heldLong.set(digest, long, long.length);
      return true;
    } catch {
      return false;
    }
  }

  /** Rows that cannot change, and were found to be the portal's own, with their state. */
  const proven = new WeakMap<object, string | undefined>();

  const isRevoked = (stored: unknown) => revoked.has(String(stored).split('.')[0] ?? '');

  const seals: Seals = {
    published,
    row: (row, state) => sealed(state, (digest) => rowText(row, digest)),
    rowFault(row, state) {
      if (proven.has(row) && proven.get(row) === state) return null;
      if (row.seal === null) return 'seal.missing';
      if (!holds(row.seal, state, (digest) => rowText(row, digest))) return 'seal.broken';
      if (isRevoked(row.seal)) return 'seal.missing';
      if (Object.isFrozen(row)) proven.set(row, state);
      return null;
    },
    text: (text) => sealed(text, plainText),
    textFault(text, stored) {
      if (stored === null) return 'seal.missing';
      if (typeof stored !== 'string' || !holds(stored, text, plainText)) return 'seal.broken';
      return isRevoked(stored) ? 'seal.revoked' : null;
    },
    policy: (lender, row) => sealed(row.value, (digest) => policyText(lender, digest, row)),
    policyHolds: (lender, { seal: stored, ...row }) =>
      stored !== null && !isRevoked(stored) && holds(stored, row.value, (digest) => policyText(lender, digest, row)),
    async tipFault({ id, seq, hash, lastAt }, tip) {
      if (!tip || tip.seq !== seq || tip.hash !== hash) return 'head';
      if (tip.signedUpTo !== seq) return 'checkpoint';
      if (tip.strayed !== null) return 'anchor';
      return (await seals.checkpointHolds(tip.checkpoint, id, { hash, at: lastAt })) ? null : 'checkpoint';
    },
    async checkpointHolds(checkpoint, stream, entry, isOwn) {
      const key = checkpoint ? ours.get(checkpoint.key) : undefined;
      if (!checkpoint || !key || refusedAt(key, checkpoint.at)) return false;
      const said = saidBy(checkpoint, stream, entry);
      if (signed.get(said)) return true;
      if ((await checkpointFault(checkpoint, entry, key, stream, isOwn)) !== null) return false;
      signed.set(said, true);
      return true;
    },
  };
  return seals;
}

/** What a checkpoint was found to say, of which entry: member by member, whatever the order is in which they came. */
const saidBy = ({ case: of, seq, hash, at, key, signature }: Checkpoint, stream: string, entry: { hash: string; at: string }): string =>
  JSON.stringify([of, seq, hash, at, key, signature, stream, entry.hash, entry.at]);

function derived(privateKey: string): Buffer {
  const material = fromBase64url(privateKey);
  if (!material) throw new Error('A signing key cannot be read.');
  return Buffer.from(hkdfSync('sha256', material, new Uint8Array(), PURPOSE, 32));
}

const encoder = new TextEncoder();

/** Of bytes: the runtime makes those of a text several times faster than its library does by itself. */
const digestText = (text: string) => sha('sha256', encoder.encode(text), 'base64url');

function rowText(row: SealedRow, state: string): string {
  const { id, number, lender, openedAt, seq, hash, lastAt, stage, awaited, deadline, borrower, reference, amount } = row;
  const { nextDue, nextAmount, toConfirm } = row;
  // Rows that older releases sealed have none of these, nor what the desk goes by: where they say nothing, the text is theirs.
  const performed = nextDue === null && nextAmount === null && toConfirm === 0 ? [] : [nextDue, nextAmount, toConfirm];
  const { product, cause, need, dueOn, marks, sought } = row;
  const desk = sought === null ? [] : [product, cause, need, dueOn, marks, sought];
  const complained = row.complaintDue === null ? [] : [row.complaintDue];
  const known = [id, number, lender, openedAt, seq, hash, lastAt, stage, awaited, deadline, borrower, reference, amount, state];
  return canonical(['case', ...known, ...performed, ...desk, ...complained]);
}

const plainText = (digest: string) => canonical(['text', digest]);

/** The first version, as long as no other follows it, is sealed as a policy was when there was one for all time. */
function policyText(lender: string, value: string, { id, at, holdsFrom, holdsUntil }: PolicyRow): string {
  const isOnly = id === 1 && holdsFrom === null && holdsUntil === null;
  return canonical(isOnly ? ['policy', lender, at, value] : ['policy', lender, at, value, id, holdsFrom, holdsUntil]);
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
