import { fileDigest } from '../file-digest.ts';
import { LOGO, type Logo } from '../negotiation/policy.ts';
import { ascii, type Bytes, type Fault } from './bytes.ts';
import { clean } from './clean.ts';
import { typeOf } from './types.ts';

/** A lender's logo as it comes in: a small still picture that every browser draws, without what tells where and with what it was made. Nothing that holds text or script (SVG) is one. */

/** Why a file is no logo. */
export type LogoFault = Fault | 'type' | 'size' | 'empty' | 'pixels' | 'moves';

/** Checks and cleans it. */
export async function receiveLogo(file: File): Promise<{ logo: Logo; bytes: Bytes } | { fault: LogoFault }> {
  if (file.size === 0) return { fault: 'empty' };
  if (file.size > LOGO.bytes) return { fault: 'size' };
  const sent = new Uint8Array(await file.arrayBuffer());
  const type = LOGO.types.find((one) => one === typeOf(sent));
  if (!type) return { fault: 'type' };
  const cleaned = await clean(sent, type);
  if ('fault' in cleaned) return cleaned;
  const { bytes, width, height } = cleaned;
  if (Math.min(width, height) < LOGO.least || width > LOGO.width || height > LOGO.height) return { fault: 'pixels' };
  if (moves(bytes, type)) return { fault: 'moves' };
  return { logo: { sha256: fileDigest(bytes), type, width, height }, bytes };
}

/** Whether it is drawn more than once: of PNG what says so stands before the first data (`acTL`), of WebP it is a bit of the extended header. */
function moves(bytes: Bytes, type: Logo['type']): boolean {
  if (type === 'image/png') {
    const head = ascii(bytes, 0, bytes.length);
    return head.slice(0, head.indexOf('IDAT')).includes('acTL');
  }
  return type === 'image/webp' && ascii(bytes, 12, 4) === 'VP8X' && ((bytes[20] ?? 0) & 0x02) !== 0;
}
