import * as z from 'zod';
import { filesIn, type RecordFile, type SealedEntry } from './format.ts';

/**
 * A record of which only some entries are shown: the contents of the others are withheld, their digests stay, and the chain holds. Files follow
 * their entries. Erasures stay shown, as they say of what is missing that it is gone for everybody.
 */
export function withhold(record: RecordFile, shown: ReadonlySet<number>): RecordFile {
  return withFilesOf(
    record,
    record.entries.map((entry) => (isShown(entry, shown) ? entry : { ...entry, content: null, salt: null })),
  );
}

/** A record of which one entry alone is shown, and of the others not even who wrote them: what a letter carries to prove itself. */
export function alone(record: RecordFile, seq: number): RecordFile {
  return withFilesOf(
    record,
    record.entries.map((entry) => (entry.seq === seq ? entry : { ...entry, content: null, salt: null, author: null, authorSalt: null })),
  );
}

/** Which entries are not shown in a record, though nobody erased them. */
export function withheldIn({ entries }: Pick<RecordFile, 'entries'>): number[] {
  const erased = new Set(entries.flatMap(({ kind, content }) => (kind === 'custody.erased' ? erasedBy(content) : [])));
  return entries.filter(({ seq, content }) => content === null && !erased.has(seq)).map(({ seq }) => seq);
}

const isShown = ({ seq, kind }: SealedEntry, shown: ReadonlySet<number>) => shown.has(seq) || kind === 'custody.erased';

const erasedBy = (content: unknown): number[] => z.object({ entries: z.array(z.int()) }).safeParse(content).data?.entries ?? [];

function withFilesOf(record: RecordFile, entries: SealedEntry[]): RecordFile {
  const named = new Set(entries.flatMap(({ content }) => filesIn(content)).map(({ sha256 }) => sha256));
  return { ...record, entries, files: record.files.filter(({ sha256 }) => named.has(sha256)) };
}
