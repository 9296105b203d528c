import { fitName } from '../negotiation/file-name.ts';
import type { FileRef } from '../record/format.ts';

/** The longest name of a file in a folder, in bytes of UTF-8: what ext4, APFS and most programs for ZIP take. */
const LONGEST = 255;

/** Where a file lies in the bundle: the beginning of its digest keeps two of one name apart, and makes no name one that Windows reserves (CON, NUL). */
export function bundleName({ sha256, name }: Pick<FileRef, 'sha256' | 'name'>): string {
  return `files/${fileName(`${sha256.slice(0, 12)}-`, name)}`;
}

/** `before` and a person's name for a file, as every system takes it: the extension is kept, what is too long is cut between two letters. */
function fileName(before: string, name: string): string {
  const clean = fitName(name, '_').replace(/[. ]+$/, '');
  const dot = clean.lastIndexOf('.');
  const extension = dot > 0 && clean.length - dot <= 10 ? clean.slice(dot) : '';
  const room = LONGEST - bytesOf(before) - bytesOf(extension);
  return before + cut(clean.slice(0, clean.length - extension.length), room).replace(/[. ]+$/, '') + extension;
}

/** As many whole letters, with their marks, as fit in `room` bytes. */
function cut(text: string, room: number): string {
  let kept = '';
  let size = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    size += bytesOf(segment);
    if (size > room) break;
    kept += segment;
  }
  return kept;
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;
