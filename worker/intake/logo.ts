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

/** How a PNG says that it is drawn more than once, and the frames of a WebP that is: in 100 KB of a still one neither stands by chance. Wherever it stands, a profile could hold what looks like the end. */
const MOVES: Readonly<Partial<Record<Logo['type'], string>>> = { 'image/png': 'acTL', 'image/webp': 'ANMF' };

function moves(bytes: Bytes, type: Logo['type']): boolean {
  const mark = MOVES[type];
  return mark !== undefined && ascii(bytes, 0, bytes.length).includes(mark);
}
