import { fileDigest } from '../file-digest.ts';
import { fitName } from '../negotiation/file-name.ts';
import type { Fault } from './bytes.ts';
import { clean } from './clean.ts';
import { TYPES, typeOf } from './types.ts';

/** Files as they come in: recognised by content, bounded, cleaned of location, named safely, and known by their digests. */

export const MAX_BYTES = 20 * 1024 * 1024;
/** Files of one form that are looked at, whether or not they can be kept: each costs work. */
export const FILES_A_FORM = 10;
const MAX_PIXELS = 120_000_000;

export type Received = {
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
  /** Digest of the file as it was sent, before it was cleaned. */
  original: string;
  size: number;
  type: string;
  name: string;
};

/** Why a file was not kept; `known`, `many` and `full` come from those around it. */
export type Cause = Fault | 'type' | 'size' | 'empty' | 'pixels' | 'known' | 'many' | 'full';
export type Rejection = { code: Cause; name: string };

/** Checks and cleans one file. A rejection names the file and the cause. */
export async function receive(file: File, hasRoom = true): Promise<Received | { rejected: Rejection }> {
  const name = safeName(file.name);
  if (!hasRoom) return { rejected: { code: 'many', name } };
  if (file.size === 0) return { rejected: { code: 'empty', name } };
  if (file.size > MAX_BYTES) return { rejected: { code: 'size', name } };
  const sent = new Uint8Array(await file.arrayBuffer());
  const type = typeOf(sent);
  const ending = type && TYPES.get(type);
  if (!type || !ending) return { rejected: { code: 'type', name } };
  const cleaned = await clean(sent, type);
  if ('fault' in cleaned) return { rejected: { code: cleaned.fault, name } };
  const { bytes, width, height } = cleaned;
  if (width * height > MAX_PIXELS) return { rejected: { code: 'pixels', name } };
  const original = fileDigest(sent);
  return {
    bytes,
    sha256: bytes === sent ? original : fileDigest(bytes),
    original,
    size: bytes.length,
    type,
    name: new RegExp(`\\.${ending}$|${ending === 'jpg' ? '\\.jpeg$' : '^$'}`, 'i').test(name) ? name : `${name}.${ending}`,
  };
}

/** Longer than any file system's names (255 bytes or UTF-16 units): of what is longer, the end is looked at. */
const LONGEST_NAME = 300;

/** A name without folders, control characters, direction overrides or characters that file systems refuse; at most 80 characters. */
export function safeName(name: string): string {
  const last = name.slice(-LONGEST_NAME).split(/[/\\]/).at(-1) ?? '';
  const plain = [
    ...fitName(last)
      .replace(/^[.\s]+/, '')
      .trim(),
  ];
  if (plain.length <= 80) return plain.join('') || 'file';
  const ending = /\.[A-Za-z0-9]{1,5}$/.exec(last)?.[0] ?? '';
  return `${plain.slice(0, 80 - ending.length).join('')}${ending}`;
}
