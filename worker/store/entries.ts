import { hash as digest } from 'node:crypto';
import type { entries } from '../../db/casebook/schema.ts';
import type { Case } from '../negotiation/case.ts';
import type { SealedEntry } from '../record/format.ts';
import { entryText } from '../record/seal.ts';
import { holdsDigest } from '../record/verify.ts';
import { frozen, Remembered } from './remembered.ts';

/** Entries as they are stored, and whether what a page shows of them is what was sealed. */

type Row = Omit<typeof entries.$inferSelect, 'case'>;

/** An entry on a page. One that does not hold is not what was sealed: what it says is not to be shown. */
export type PageEntry = Pick<SealedEntry, 'seq' | 'at' | 'kind' | 'author' | 'content' | 'hash'> & { holds: boolean };

/** What a text says; a text that is no JSON was not written by the portal, and stays the text that it is. */
export function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

export function entryOf(row: Row): SealedEntry {
  return { ...row, author: parsed(row.author), content: parsed(row.content) };
}

/** Which rows of a stream are a page: so many of the newest, of which the first must have the hash `trusted`. */
type PageOf = { stream: string; most: number; trusted: string | null } & Pick<Case, 'erasures'>;

/**
 * A page of entries, oldest first, held against itself: `trusted` is what its newest entry's hash must be, and each names the hash of the one before.
 * A content is what was sealed where it gives its digest, and is missing only where an entry says that it was erased; so is an author.
 * @param rows newest first
 */
export function checkedPage(rows: readonly Row[], of: PageOf): PageEntry[] {
  if (!Object.isFrozen(rows)) return checkedNow(rows, of);
  const last = pages.get(rows);
  if (last && isSamePage(last.of, of)) return last.entries;
  const entries = frozen(checkedNow(rows, of));
  pages.set(rows, { of, entries });
  return entries;
}

/** Rows that cannot change, as the page that they were last. */
const pages = new WeakMap<readonly Row[], { of: PageOf; entries: PageEntry[] }>();

const isSamePage = (one: PageOf, other: PageOf) =>
  one.stream === other.stream && one.most === other.most && one.trusted === other.trusted && one.erasures === other.erasures;

function checkedNow(rows: readonly Row[], { stream, most, trusted, erasures }: PageOf): PageEntry[] {
  const erased = new Set(erasures.flatMap((erasure) => erasure.entries));
  // Authors go with a whole case alone. A snapshot that is older than `whole` does not say.
  const authorless = new Set(erasures.flatMap(({ entries, whole }) => (whole === false ? [] : entries)));
  let wanted = trusted;
  const newestFirst = rows.slice(0, most).map((row) => {
    const { seq, at, kind, hash } = row;
    const known = verified.get(hash);
    if (known && isSame(known, stream, row)) {
      const chained = hash === wanted;
      wanted = chained ? row.prev : null;
      return chained ? known.entry : { ...known.entry, holds: false };
    }
    const chained = hash === wanted && hashOf(stream, row) === hash;
    wanted = chained ? row.prev : null;
    const content = parsed(row.content);
    const author = parsed(row.author);
    const whole =
      (row.salt === null ? row.content === null && erased.has(seq) : gives(row.salt, row.content, content, row.digest)) &&
      (row.authorSalt === null ? row.author === null && authorless.has(seq) : gives(row.authorSalt, row.author, author, row.authorDigest));
    const entry = { seq, at, kind, author, content, hash, holds: chained && whole };
    // What of it is erased later is seen, as the row is another then.
    if (entry.holds && row.content !== null && row.author !== null)
      verified.set(hash, { stream, row, entry: frozen(entry) }, row.content.length + row.author.length + 1_000);
    return entry;
  });
  return newestFirst.reverse();
}

/** Rows that were found to be what was sealed, by their hashes, with what they say: a thread is read again with each new entry. */
const verified = new Remembered<{ stream: string; row: Row; entry: PageEntry }>(8_000_000);

/** Whether a row is letter for letter the one that was verified. */
function isSame({ stream, row: known }: { stream: string; row: Row }, of: string, row: Row): boolean {
  return (
    stream === of &&
    known.content === row.content &&
    known.salt === row.salt &&
    known.digest === row.digest &&
    known.author === row.author &&
    known.authorSalt === row.authorSalt &&
    known.authorDigest === row.authorDigest &&
    known.seq === row.seq &&
    known.at === row.at &&
    known.kind === row.kind &&
    known.prev === row.prev
  );
}

/** Whether a text gives its digest. It is stored as it was sealed but for an order of names that no JSON keeps: then its canonical form is made. */
function gives(salt: string, text: string | null, value: unknown, wanted: string): boolean {
  // A column that was changed from outside may hold anything.
  if (typeof text !== 'string' || typeof salt !== 'string' || !SALT.test(salt)) return false;
  return digest('sha256', salted(salt, text), 'hex') === wanted || holdsDigest(value, salt, wanted);
}

/** Sixteen bytes in base64url, in the one way in which they are written. */
const SALT = /^[\w-]{21}[AQgw]$/;
const SALT_BYTES = 16;

const encoder = new TextEncoder();
/** Where a salt and its text are laid side by side, one pair after the other. What is longer than most gets room of its own. */
const desk = Buffer.alloc(65_536);

function salted(salt: string, text: string): Uint8Array {
  const most = SALT_BYTES + 3 * text.length;
  const room = most <= desk.length ? desk : Buffer.alloc(most);
  room.write(salt, 0, SALT_BYTES, 'base64url');
  return room.subarray(0, SALT_BYTES + encoder.encodeInto(text, room.subarray(SALT_BYTES)).written);
}

/** The hash of an entry; null where a column holds what no entry can. */
function hashOf(stream: string, row: Row): string | null {
  try {
    return digest('sha256', entryText(stream, row), 'hex');
  } catch {
    return null;
  }
}
