import { sha256 } from '@noble/hashes/sha2.js';
import { crc32 } from './crc.ts';
import { toHex } from './digest.ts';
import { inflate, inflateInto } from './inflate.ts';

/**
 * A ZIP (APPNOTE 6.3) read strictly, so that no two readers can see different files in it: what the directory at the end says and what stands before
 * each file must be the same, the files follow each other without a gap, nothing stands before, between or behind, and each is a plain file without
 * a comment of its own.
 */
/** `crc` is what the directory says of the unpacked bytes: readers refuse a file that has another. */
export type ZipEntry = { name: string; size: number; data: Uint8Array; packed: boolean; crc: number };
export type ZipFault = { code: 'zip.structure' | 'zip.extra' | 'bundle.doubled'; name?: string };
export type Zip = { entries: ZipEntry[]; faults: ZipFault[] };

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
/** More than a bundle has: bounds the time that a hostile one takes. */
const MOST_ENTRIES = 10_000;
/** How much a packed ZIP may unpack to: ours are not packed at all. */
const MOST_RATIO = 40;
const MOST_UNPACKED = 1024 * 1024 * 1024;

/** Null where the bytes are no ZIP that can be read. Never throws. */
export function readZip(bytes: Uint8Array): Zip | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  if (end < 0) return null;
  const faults: ZipFault[] = [];
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  // Bytes put before everything move all places by as much.
  const begin = end - size - view.getUint32(end + 16, true);
  if (begin !== 0 || end + 22 !== bytes.length) faults.push({ code: 'zip.extra' });
  if (begin < 0 || count > MOST_ENTRIES || count !== view.getUint16(end + 8, true) || view.getUint16(end + 4, true) !== 0) return null;
  const entries: (ZipEntry & { start: number; next: number; descriptor: boolean })[] = [];
  let at = end - size;
  for (let i = 0; i < count; i++) {
    const central = at + 46 <= end && view.getUint32(at, true) === CENTRAL ? readCentral(bytes, view, at, end) : null;
    if (!central) return null;
    at = central.end;
    const start = begin + central.offset;
    const local = start + 30 <= end && view.getUint32(start, true) === LOCAL ? readLocal(view, start) : null;
    if (!local || local.data + central.packed > end - size) return null;
    const name = nameOf(central.name);
    const localName = bytes.subarray(start + 30, start + 30 + central.name.length);
    const agrees =
      local.nameLength === central.name.length &&
      central.name.every((byte, k) => byte === localName[k]) &&
      local.flags === central.flags &&
      local.method === central.method &&
      (local.crc === central.crc || (central.descriptor && local.crc === 0)) &&
      (central.descriptor
        ? [0, central.packed].includes(local.packed) && [0, central.size].includes(local.size)
        : local.packed === central.packed && local.size === central.size);
    const plain =
      (central.flags & ~0x0808) === 0 &&
      (central.method === 0 || central.method === 8) &&
      isPlainFile(central.attributes, central.name) &&
      central.disk === 0 &&
      central.commentLength === 0 &&
      // Without the flag, names are read in the letters of an old code page.
      ((central.flags & 0x0800) !== 0 || central.name.every((byte) => byte < 0x80)) &&
      !central.isRenamed &&
      !local.isRenamed(bytes);
    if (name === null || !agrees || !plain || (central.method === 0 && central.packed !== central.size))
      faults.push({ code: 'zip.structure', name: name ?? '' });
    const data = bytes.subarray(local.data, local.data + central.packed);
    entries.push({
      name: name ?? '',
      size: central.size,
      data,
      packed: central.method === 8,
      crc: central.crc,
      start,
      next: local.data + central.packed,
      descriptor: central.descriptor,
    });
  }
  if (at !== end) faults.push({ code: 'zip.extra' });
  gaps(entries, begin, end - size, view, faults);
  doubled(entries, faults);
  return { entries, faults };
}

/** Where the end of the directory is: at the very end, or before what was put behind it. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65_535); at--)
    if (view.getUint32(at, true) === END) return at;
  return -1;
}

function readCentral(bytes: Uint8Array, view: DataView, at: number, limit: number) {
  const lengthAt = (place: number) => view.getUint16(at + place, true);
  const [nameLength, extraLength, commentLength] = [lengthAt(28), lengthAt(30), lengthAt(32)];
  const end = at + 46 + nameLength + extraLength + commentLength;
  if (end > limit) return null;
  const flags = view.getUint16(at + 8, true);
  return {
    flags,
    method: view.getUint16(at + 10, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    name: bytes.subarray(at + 46, at + 46 + nameLength),
    offset: view.getUint32(at + 42, true),
    descriptor: (flags & 8) !== 0,
    crc: view.getUint32(at + 16, true),
    commentLength,
    disk: view.getUint16(at + 34, true),
    attributes: view.getUint32(at + 38, true),
    isRenamed: renames(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)),
    end,
  };
}

/** Whether the attributes are those of a plain file (or, where the name ends in a slash, of a folder): no link, device or hidden file. */
function isPlainFile(attributes: number, name: Uint8Array): boolean {
  const isFolder = name.at(-1) === 0x2f;
  const kind = (attributes >>> 16) & 0xf000;
  const dos = attributes & 0xff & ~(isFolder ? 0x31 : 0x21);
  return dos === 0 && (kind === 0 || kind === (isFolder ? 0x4000 : 0x8000));
}

function readLocal(view: DataView, at: number) {
  const [nameLength, extraLength] = [view.getUint16(at + 26, true), view.getUint16(at + 28, true)];
  const data = at + 30 + nameLength + extraLength;
  return {
    flags: view.getUint16(at + 6, true),
    method: view.getUint16(at + 8, true),
    crc: view.getUint32(at + 14, true),
    packed: view.getUint32(at + 18, true),
    size: view.getUint32(at + 22, true),
    nameLength,
    data,
    isRenamed: (bytes: Uint8Array) => renames(bytes.subarray(at + 30 + nameLength, data)),
  };
}

/** Whether an extra field gives another name (Info-ZIP Unicode Path), which some readers take and others do not; or cannot be read. */
function renames(extra: Uint8Array): boolean {
  for (let at = 0; at < extra.length; ) {
    const length = (extra[at + 2] ?? 0) + 256 * (extra[at + 3] ?? 0);
    if (at + 4 + length > extra.length || (extra[at] === 0x75 && extra[at + 1] === 0x70)) return true;
    at += 4 + length;
  }
  return false;
}

/** The name, where it is UTF-8 and leads nowhere else. */
function nameOf(bytes: Uint8Array): string | null {
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: names with control characters are what is looked for.
    return /^\/|\\|(?:^|\/)\.\.?(?:\/|$)|[\x00-\x1f\x7f]/.test(name) || name === '' ? null : name;
  } catch {
    return null;
  }
}

/** Files follow each other without a gap; behind one of unknown size stand 12 or 16 bytes that repeat it. */
function gaps(
  entries: { start: number; next: number; descriptor: boolean }[],
  begin: number,
  end: number,
  view: DataView,
  faults: ZipFault[],
): void {
  let expected = begin;
  const ordered = [...entries].sort((a, b) => a.start - b.start);
  for (const [i, { start, next, descriptor }] of ordered.entries()) {
    if (start !== expected) return void faults.push({ code: 'zip.extra' });
    const following = ordered[i + 1]?.start ?? end;
    const between = following - next;
    const marked = between >= 4 && view.getUint32(next, true) === DESCRIPTOR;
    if (between !== (descriptor ? (marked ? 16 : 12) : 0)) return void faults.push({ code: 'zip.extra' });
    expected = following;
  }
}

/** Names that are one on some machines: but for case or the form of composed letters. */
function doubled(entries: readonly ZipEntry[], faults: ZipFault[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    const folded = name.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/\/$/, '');
    if (seen.has(folded)) faults.push({ code: 'bundle.doubled', name });
    seen.add(folded);
  }
}

/** Unpacks the entries of a ZIP, as much as a ZIP of that size may hold; null where one cannot be unpacked. */
export function unpacking(length: number): { bytes(entry: ZipEntry): Uint8Array | null; digest(entry: ZipEntry): string | null } {
  let left = Math.min(MOST_UNPACKED, MOST_RATIO * length + 1_048_576);
  const counted = (entry: ZipEntry) => {
    left -= entry.size;
    return left >= 0;
  };
  return {
    bytes(entry) {
      if (!entry.packed) return crc32(entry.data) === entry.crc ? entry.data : null;
      if (!counted(entry)) return null;
      try {
        const unpacked = inflate(entry.data, 'raw', entry.size);
        return unpacked.length === entry.size && crc32(unpacked) === entry.crc ? unpacked : null;
      } catch {
        return null;
      }
    },
    digest(entry) {
      if (!entry.packed) return crc32(entry.data) === entry.crc ? toHex(sha256(entry.data)) : null;
      if (!counted(entry)) return null;
      const hash = sha256.create();
      let size = 0;
      let crc = 0;
      try {
        inflateInto(entry.data, 'raw', entry.size, (piece) => {
          size += piece.length;
          crc = crc32(piece, crc);
          hash.update(piece);
        });
        return size === entry.size && crc === entry.crc ? toHex(hash.digest()) : null;
      } catch {
        return null;
      }
    },
  };
}
