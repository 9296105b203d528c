import { attachedRecord } from './document.ts';
import { MAX_RECORD, parseJson } from './json.ts';
import { readZip, unpacking, type Zip, type ZipEntry } from './zip.ts';

/** A file of a bundle with its digest; `bytes` gives the content where it is read further. */
export type Part = { name: string; sha256: string; size: number; entry: ZipEntry };

/** What a file of ours holds. `files` are those at hand, or null where only the record came. */
export type Opened = { document: unknown; files: { sha256: string; size: number }[] | null } & (
  | { source: 'record' }
  | { source: 'pdf' }
  | { source: 'zip'; zip: Zip; parts: Part[]; broken: string[]; bytesOf(part: Part): Uint8Array | null }
);

/**
 * Opens a ZIP, a `record.json` or a PDF of ours, by content. Null where it cannot be read as one; `document` is undefined where a ZIP or a PDF
 * carries no record. Never throws.
 */
export function openRecord(bytes: Uint8Array): Opened | null {
  try {
    if (hasHeader(bytes)) return { source: 'pdf', document: attachedRecord(bytes), files: null };
    const zip = readZip(bytes);
    if (zip) return fromZip(bytes, zip);
    const document = parseJson(bytes);
    return typeof document === 'object' && document !== null ? { source: 'record', document, files: null } : null;
  } catch {
    return null;
  }
}

/** Readers of PDF take a header within the first kilobyte (ISO 32000-1, annex H): what stands before it is found as a fault. */
function hasHeader(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 1024)).includes('%PDF-') && bytes[0] !== 0x7b && !isZip(bytes);
}

const isZip = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 4)) === 'PK\u0003\u0004';

function fromZip(bytes: Uint8Array, zip: Zip): Opened {
  const unpack = unpacking(bytes.length);
  const parts: Part[] = [];
  const broken: string[] = [];
  // A folder alone holds nothing that anybody reads.
  const named = zip.entries.filter(({ name, size }) => !(name === 'files/' && size === 0));
  for (const entry of named) {
    const sha256 = unpack.digest(entry);
    if (sha256 === null) broken.push(entry.name);
    else parts.push({ name: entry.name, sha256, size: entry.size, entry });
  }
  const again = unpacking(bytes.length);
  const bytesOf = ({ entry, size }: Part) => (size > MAX_RECORD ? null : again.bytes(entry));
  const record = parts.find(({ name }) => name === 'record.json');
  const content = record ? bytesOf(record) : null;
  return {
    source: 'zip',
    document: content ? parseJson(content) : undefined,
    files: parts.filter(({ name }) => name.startsWith('files/')).map(({ sha256, size }) => ({ sha256, size })),
    zip,
    parts,
    broken,
    bytesOf,
  };
}
