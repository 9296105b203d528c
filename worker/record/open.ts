import { unzipSync } from 'fflate';
import { attachedRecord } from './attached.ts';
import { digestOf } from './digest.ts';

/** What a file of ours holds: the record as a document, and from a ZIP the digests of its files (null where only the record came). */
export type Opened = { document: unknown; files: { sha256: string; size: number }[] | null };

/** More than a case can hold: a ZIP that claims to unpack to more is not unpacked. */
const MAX_UNPACKED = 1024 * 1024 * 1024;

/** Opens a ZIP, a `record.json` or a PDF of ours, by content. Null where it cannot be read as one; never throws. */
export function openRecord(bytes: Uint8Array): Opened | null {
  try {
    const head = String.fromCharCode(...bytes.subarray(0, 4));
    if (head === 'PK\u0003\u0004') return fromZip(bytes);
    if (head === '%PDF') {
      const text = attachedRecord(bytes);
      return text === null ? null : { document: JSON.parse(text), files: null };
    }
    return { document: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), files: null };
  } catch {
    return null;
  }
}

function fromZip(bytes: Uint8Array): Opened | null {
  let total = 0;
  const names = new Set<string>();
  const found = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      total += originalSize;
      if (total > MAX_UNPACKED) throw new Error('unpacks to too much');
      // Two files of one name: which of them counts would depend on the reader.
      if (names.has(name)) throw new Error('a name twice');
      names.add(name);
      return name === 'record.json' || name.startsWith('files/');
    },
  });
  const record = found['record.json'];
  if (!record) return null;
  const files = Object.entries(found).filter(([name]) => name.startsWith('files/') && !name.endsWith('/'));
  return {
    document: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(record)),
    files: files.map(([, content]) => ({ sha256: digestOf(content), size: content.length })),
  };
}
