import { type Bytes, type Cleaned, type Fault, Unfit } from './bytes.ts';
import { cleanHeic } from './heic.ts';
import { cleanJpeg } from './jpeg.ts';
import { cleanPdf } from './pdf.ts';
import { cleanPng } from './png.ts';
import { cleanWebp } from './webp.ts';

const PICTURES: Record<string, (bytes: Bytes) => Cleaned> = {
  'image/jpeg': cleanJpeg,
  'image/png': cleanPng,
  'image/webp': cleanWebp,
  'image/heic': cleanHeic,
};

/**
 * Takes out of an image what says where, when and with what it was made: Exif, XMP, IPTC, comments, further pictures, and whatever follows
 * its end. Pixels are untouched, the orientation and colour profiles stay. A PDF keeps its content; it is checked for its two ends and for a
 * password. The size is that which the picture's own frame declares, 0 by 0 for a PDF. Else says why the file cannot be taken.
 */
export async function clean(bytes: Bytes, type: string): Promise<Cleaned | { fault: Fault }> {
  try {
    const picture = PICTURES[type];
    return picture ? picture(bytes) : { bytes: await cleanPdf(bytes), width: 0, height: 0 };
  } catch (thrown) {
    if (thrown instanceof Unfit) return { fault: thrown.fault };
    // A length that points beyond the end.
    if (thrown instanceof RangeError) return { fault: 'cut' };
    throw thrown;
  }
}
