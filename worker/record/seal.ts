import { canonical, digestOf, saltedDigest, toBase64url } from './digest.ts';
import type { Author, Checkpoint, Header, SealedEntry } from './format.ts';
import type { SigningKey } from './keys.ts';

/** An entry before it is sealed. `content` must be sealable: no fractions. */
export type Draft = { kind: string; content: unknown; author: Author };

/** Where a record stands: the last entry's number, hash and instant. */
export type Head = { seq: number; hash: string; at: string };

/** The head of a record without entries: what the first entry's `prev` is. */
export function emptyHead(header: Header): Head {
  return { seq: 0, hash: digestOf(canonical(header)), at: header.openedAt };
}

/** `hash` of an entry: SHA-256(canonical({v: 1, case, seq, at, kind, author: authorDigest, digest, prev})). */
export function entryHash(caseId: string, entry: Hashed): string {
  return digestOf(entryText(caseId, entry));
}

type Hashed = Pick<SealedEntry, 'seq' | 'at' | 'kind' | 'authorDigest' | 'digest' | 'prev'>;

/** The text of which the hash of an entry is the SHA-256. */
export function entryText(caseId: string, { seq, at, kind, authorDigest, digest, prev }: Hashed): string {
  return canonical({ v: 1, case: caseId, seq, at, kind, author: authorDigest, digest, prev });
}

/**
 * Seals drafts onto a record and signs each new head.
 * @param at     instant of the append, not before the head's
 * @param random gives n random bytes: salts are 16
 */
export async function seal(
  caseId: string,
  head: Head,
  drafts: readonly Draft[],
  at: string,
  random: (bytes: number) => Uint8Array,
  key: SigningKey,
): Promise<{ entries: SealedEntry[]; checkpoints: Checkpoint[]; head: Head }> {
  const entries: SealedEntry[] = [];
  if (at < head.at) throw new Error('A record never goes back in time.');
  let last = head;
  for (const { kind, content, author } of drafts) {
    const salt = toBase64url(random(16));
    const authorSalt = toBase64url(random(16));
    const plain: unknown = JSON.parse(canonical(content));
    const named: unknown = JSON.parse(canonical(author));
    const sealed = {
      seq: last.seq + 1,
      at,
      kind,
      author: named,
      authorSalt,
      authorDigest: saltedDigest(authorSalt, author),
      content: plain,
      salt,
      digest: saltedDigest(salt, plain),
      prev: last.hash,
    };
    const hash = entryHash(caseId, sealed);
    entries.push({ ...sealed, hash });
    last = { seq: sealed.seq, hash, at };
  }
  const checkpoints = await Promise.all(entries.map(({ seq, hash }) => checkpoint(caseId, seq, hash, at, key)));
  return { entries, checkpoints, head: last };
}

/** The text that a checkpoint signs. */
export function checkpointText({ case: caseId, seq, hash, at }: Pick<Checkpoint, 'case' | 'seq' | 'hash' | 'at'>): string {
  return canonical({ case: caseId, seq, hash, at });
}

async function checkpoint(caseId: string, seq: number, hash: string, at: string, key: SigningKey): Promise<Checkpoint> {
  const unsigned = { case: caseId, seq, hash, at };
  return { ...unsigned, key: key.published.id, signature: await key.sign(checkpointText(unsigned)) };
}
