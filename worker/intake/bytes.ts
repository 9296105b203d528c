/** What the walks through files of every type share. Each walk is linear and bounded, whatever lengths a file claims. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** Why a file that is of a known type cannot be taken: it ends early, is not built as its type is, or opens only with a password. */
export type Fault = 'cut' | 'damaged' | 'password';

/** Thrown inside a walk; `clean` turns it into a value. */
export class Unfit extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault);
    this.fault = fault;
  }
}

/** A file without what tells of place, time and device; of a picture, the size that its own frame declares. */
export type Cleaned = { bytes: Bytes; width: number; height: number };

/** Segments, chunks or boxes in one file. Photographs have some hundreds; pictures with tiny chunks some thousands. */
const MAX_PARTS = 100_000;

/** Counts the parts of a file, so that one made of nothing but parts is turned away. */
export function counter(most = MAX_PARTS): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > most) throw new Unfit('damaged');
  };
}

export const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
export const ascii = (bytes: Uint8Array, at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
export const codes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Collects what stays of a file. `most` is the largest result in bytes. */
export function writer(most: number) {
  const out = new Uint8Array(most);
  let at = 0;
  return {
    put(part: ArrayLike<number>) {
      out.set(part, at);
      at += part.length;
    },
    done: () => out.slice(0, at),
  };
}
