import { filesIn, type RecordFile } from './format.ts';

/**
 * A record of which only some entries are shown: the contents of the others are withheld, their digests stay, and the chain holds. Files follow
 * their entries. Erasures stay shown, as they say of what is missing that it is gone for everybody.
 */
export function withhold(record: RecordFile, shown: ReadonlySet<number>): RecordFile {
  const entries = record.entries.map((entry) =>
    shown.has(entry.seq) || entry.kind === 'custody.erased' ? entry : { ...entry, content: null, salt: null },
  );
  const named = new Set(entries.flatMap(({ content }) => filesIn(content)).map(({ sha256 }) => sha256));
  return { ...record, entries, files: record.files.filter(({ sha256 }) => named.has(sha256)) };
}
