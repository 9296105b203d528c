import { canonical, digestOf, saltedDigest, toBase64url } from './digest.ts';
import type { Author, Checkpoint, Header, LenderHeader, PrivateHeader, SealedEntry } from './format.ts';
import type { SigningKey } from './keys.ts';

/** An entry before it is sealed. `content` must be sealable: no fractions. */
export type Draft = { kind: string; content: unknown; author: Author };

/** Where a record stands: the last entry's number, hash and instant. */
export type Head = { seq: number; hash: string; at: string };

/** The head of a record without entries: what the first entry's `prev` is. */
export function emptyHead(header: Header | PrivateHeader | LenderHeader): Head {
  return { seq: 0, hash: digestOf(canonical(header)), at: header.openedAt };
}

/** `hash` of an entry: SHA-256(canonical({v: 1, case, seq, at, kind, author: authorDigest, digest, prev})), `case` the name of its stream. */
export function entryHash(stream: string, entry: Hashed): string {
  return digestOf(entryText(stream, entry));
}

type Hashed = Pick<SealedEntry, 'seq' | 'at' | 'kind' | 'authorDigest' | 'digest' | 'prev'>;

/** The text of which the hash of an entry is the SHA-256. */
export function entryText(stream: string, { seq, at, kind, authorDigest, digest, prev }: Hashed): string {
  return canonical({ v: 1, case: stream, seq, at, kind, author: authorDigest, digest, prev });
}

/** The instant at which something happens in a record, whose newest entry is of `last`: it never goes back, also where a clock did. */
export function notBefore(at: string, last: string | undefined): string {
  return last !== undefined && last > at ? last : at;
}

/**
 * Seals drafts onto a record and signs each new head.
 * @param stream its name (`streamOf`): of the shared record the id of the case
 * @param at     instant of the append; `notBefore` the head's
 * @param random gives n random bytes: salts are 16
 */
export async function seal(
  stream: string,
  head: Head,
  drafts: readonly Draft[],
  at: string,
  random: (bytes: number) => Uint8Array,
  key: SigningKey,
): Promise<{ entries: SealedEntry[]; checkpoints: Checkpoint[]; head: Head }> {
  const entries: SealedEntry[] = [];
  const instant = notBefore(at, head.at);
  let last = head;
  for (const { kind, content, author } of drafts) {
    const salt = toBase64url(random(16));
    const authorSalt = toBase64url(random(16));
    const [text, authorText] = [canonical(content), canonical(author)];
    const plain: unknown = JSON.parse(text);
    const named: unknown = JSON.parse(authorText);
    const sealed = {
      seq: last.seq + 1,
      at: instant,
      kind,
      author: named,
      authorSalt,
      authorDigest: saltedDigest(authorSalt, authorText),
      content: plain,
      salt,
      digest: saltedDigest(salt, text),
      prev: last.hash,
    };
    const hash = entryHash(stream, sealed);
    entries.push({ ...sealed, hash });
    last = { seq: sealed.seq, hash, at: instant };
  }
  const checkpoints = await Promise.all(entries.map(({ seq, hash }) => checkpoint(stream, seq, hash, instant, key)));
  return { entries, checkpoints, head: last };
}

/** The text that a checkpoint signs. */
export function checkpointText({ case: caseId, seq, hash, at }: Pick<Checkpoint, 'case' | 'seq' | 'hash' | 'at'>): string {
  return canonical({ case: caseId, seq, hash, at });
}

async function checkpoint(stream: string, seq: number, hash: string, at: string, key: SigningKey): Promise<Checkpoint> {
  const unsigned = { case: stream, seq, hash, at };
  return { ...unsigned, key: key.published.id, signature: await key.sign(checkpointText(unsigned)) };
}
