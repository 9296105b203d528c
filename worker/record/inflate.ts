import { Inflate, Unzlib } from 'fflate';

const SLICE = 16_384;

/**
 * Unpacks a deflate stream (`raw`) or a zlib one and hands on the pieces, at most `limit` bytes in all.
 * DEFLATE packs at most 1 : 1,032, so that a slice of the input never stands for more than 17 MB in memory.
 * @throws where the stream is broken, cut off or unpacks to more
 */
export function inflateInto(bytes: Uint8Array, kind: 'raw' | 'zlib', limit: number, take: (piece: Uint8Array) => void): void {
  let total = 0;
  let ended = false;
  const unpack = new (kind === 'raw' ? Inflate : Unzlib)((piece, final) => {
    total += piece.length;
    if (total > limit) throw new Error('unpacks to too much');
    take(piece);
    ended ||= final;
  });
  for (let at = 0; at < bytes.length; at += SLICE) unpack.push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length);
  if (!ended) throw new Error('cut off');
}

/** The whole of it in one piece. @throws as `inflateInto` */
export function inflate(bytes: Uint8Array, kind: 'raw' | 'zlib', limit: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  inflateInto(bytes, kind, limit, (piece) => {
    pieces.push(piece.slice());
    length += piece.length;
  });
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
