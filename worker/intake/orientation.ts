import { ascii, view } from './bytes.ts';

/** The one thing of Exif that a picture needs: which way up it stands (TIFF tag 0x0112, 1 to 8). */

const ORIENTATION = 0x0112;

/** The orientation in a TIFF block, 1 (upright) where it says none. Thumbnails, which stand in further directories, do not count. */
export function orientationOf(tiff: Uint8Array): number {
  const data = view(tiff);
  const little = ascii(tiff, 0, 2) === 'II';
  if (tiff.length < 14 || !(little || ascii(tiff, 0, 2) === 'MM')) return 1;
  const directory = data.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const count = data.getUint16(directory, little);
  for (let i = 0; i < count && directory + 14 + i * 12 <= tiff.length; i++) {
    const entry = directory + 2 + i * 12;
    if (data.getUint16(entry, little) !== ORIENTATION) continue;
    const isLong = data.getUint16(entry + 2, little) === 4;
    const value = isLong ? data.getUint32(entry + 8, little) : data.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** A TIFF block that says the orientation and nothing else: 26 bytes. */
export function tiffWith(orientation: number): number[] {
  return [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
}
