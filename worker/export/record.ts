import { FileRef, filesIn, type RecordFile, type SealedEntry } from '../record/format.ts';
import { publish, type StoredKey } from '../record/keys.ts';
import type { Casebook } from '../store/open.ts';

/** A case's record as `record.json` (format 1): header, entries, checkpoints, the ring of keys, the files they name. */
export function recordFile(record: NonNullable<Awaited<ReturnType<Casebook['record']>>>, keys: readonly StoredKey[]): RecordFile {
  const { row, entries, checkpoints } = record;
  return {
    format: 'heyi-record/1',
    header: { case: row.id, lender: row.lender, openedAt: row.openedAt, number: row.number },
    entries: entries.map(({ case: _, ...entry }) => entry as SealedEntry),
    checkpoints,
    keys: keys.map(publish),
    files: filesOf(entries),
  };
}

/** Each file that the entries name, once. */
function filesOf(entries: readonly { content: unknown }[]): FileRef[] {
  return [...new Map(entries.flatMap(({ content }) => filesIn(content)).map((file) => [file.sha256, FileRef.parse(file)])).values()];
}
