import { FileRef, filesIn, type LenderRecordFile, type PrivateRecordFile, type PublicKey, type RecordFile } from '../record/format.ts';
import { publish } from '../record/keys.ts';
import type { StoredRecord } from '../store/casebook.ts';
import type { StoredInstitution } from '../store/institution.ts';
import type { StoredPrivate } from '../store/streams.ts';

/** A case's record as `record.json` (format 1): header, entries, checkpoints, the ring of keys, the files they name. */
export function recordFile(record: StoredRecord, keys: readonly PublicKey[]): RecordFile {
  const { row, entries, checkpoints } = record;
  return {
    format: 'heyi-record/1',
    header: { case: row.id, lender: row.lender, openedAt: row.openedAt, number: row.number },
    entries,
    checkpoints,
    keys: keys.map(publish),
    files: filesOf(entries),
  };
}

/** A side's private record as it takes it away. */
export function privateRecordFile({ header, entries, checkpoints }: StoredPrivate, keys: readonly PublicKey[]): PrivateRecordFile {
  return { format: 'heyi-private-record/1', header, entries, checkpoints, keys: keys.map(publish), files: filesOf(entries) };
}

/** A lender's own record as its auditors take it away. */
export function lenderRecordFile({ header, entries, checkpoints }: StoredInstitution, keys: readonly PublicKey[]): LenderRecordFile {
  return { format: 'heyi-lender-record/1', header, entries, checkpoints, keys: keys.map(publish), files: filesOf(entries) };
}

/** Each file that the entries name, once. */
function filesOf(entries: readonly { content: unknown }[]): FileRef[] {
  return [...new Map(entries.flatMap(({ content }) => filesIn(content)).map((file) => [file.sha256, FileRef.parse(file)])).values()];
}
