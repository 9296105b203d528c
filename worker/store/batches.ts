import type { Sent } from './pipeline.ts';

/** How much goes to a database at once, where there is more than one round trip should carry. */

export type Most = { statements: number; bytes: number };

/** What servers of libSQL take without complaint, and what a database is kept busy with for a moment only. */
const MOST: Most = { statements: 1_000, bytes: 2 * 1024 * 1024 };

/** Groups of statements in their order, in batches; a group is never divided, and one that is larger than a batch goes alone. */
export function batches<G extends readonly Sent[]>(groups: readonly G[], most: Most = MOST): G[][] {
  const made: G[][] = [];
  let left: Most = { statements: 0, bytes: 0 };
  for (const group of groups) {
    const bytes = group.reduce((sum, one) => sum + sizeOf(one), 0);
    const last = made.at(-1);
    const fits = last && group.length <= left.statements && bytes <= left.bytes;
    if (fits) last.push(group);
    else made.push([group]);
    const room = fits ? left : most;
    left = { statements: room.statements - group.length, bytes: room.bytes - bytes };
  }
  return made;
}

const sizeOf = ({ sql, args }: Sent): number =>
  args.reduce<number>((sum, one) => sum + (typeof one === 'string' ? Buffer.byteLength(one) : 8), sql.length);
