import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import { digestOf } from '../record/digest.ts';
import { clean } from './clean.ts';

/** Files as they come in: recognised by content, bounded, cleaned of location, named safely, and known by their digests. */

export const MAX_BYTES = 20 * 1024 * 1024;
export const FILES_AT_ONCE = 10;
const MAX_PIXELS = 120_000_000;

const TYPES = new Map([
  ['application/pdf', 'pdf'],
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/webp', 'webp'],
  ['image/heic', 'heic'],
]);

export type Received = {
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
  /** Digest of the file as it was sent, before it was cleaned. */
  original: string;
  size: number;
  type: string;
  name: string;
};

export type Rejection = { code: 'type' | 'size' | 'empty' | 'pixels'; name: string };

/** Checks and cleans one file. A rejection names the file and the bound. */
export async function receive(file: File): Promise<Received | { rejected: Rejection }> {
  const name = safeName(file.name);
  if (file.size === 0) return { rejected: { code: 'empty', name } };
  if (file.size > MAX_BYTES) return { rejected: { code: 'size', name } };
  const sent = new Uint8Array(await file.arrayBuffer());
  const type = await typeOf(sent);
  const ending = type && TYPES.get(type);
  if (!type || !ending) return { rejected: { code: 'type', name } };
  const bytes = clean(sent, type);
  if (!bytes) return { rejected: { code: 'type', name } };
  if (type.startsWith('image/') && pixels(bytes) > MAX_PIXELS) return { rejected: { code: 'pixels', name } };
  return {
    bytes,
    sha256: digestOf(bytes),
    original: digestOf(sent),
    size: bytes.length,
    type,
    name: new RegExp(`\\.${ending}$|${ending === 'jpg' ? '\\.jpeg$' : '^$'}`, 'i').test(name) ? name : `${name}.${ending}`,
  };
}

async function typeOf(bytes: Uint8Array): Promise<string | null> {
  // A PDF must begin as one: what has something else in front could be read as something else.
  if (new TextDecoder('latin1').decode(bytes.subarray(0, 5)) === '%PDF-') return 'application/pdf';
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  const type = found?.mime === 'image/heif' ? 'image/heic' : found?.mime;
  return type && type !== 'application/pdf' && TYPES.has(type) ? type : null;
}

/** Width × height as the file declares them; a file that declares none counts as too large. */
function pixels(bytes: Uint8Array): number {
  try {
    const { width, height } = imageSize(bytes);
    return width * height;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** A name without folders, control characters, direction overrides or characters that file systems refuse; at most 80 characters. */
export function safeName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = [
    ...last
      .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/gu, '')
      .replace(/^[.\s]+/, '')
      .trim(),
  ];
  if (plain.length <= 80) return plain.join('') || 'file';
  const ending = /\.[A-Za-z0-9]{1,5}$/.exec(last)?.[0] ?? '';
  return `${plain.slice(0, 80 - ending.length).join('')}${ending}`;
}
