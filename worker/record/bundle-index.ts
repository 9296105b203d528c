import * as z from 'zod';
import { canonical, digestOf } from './digest.ts';
import { ed25519Holds } from './ed25519.ts';
import { type PublicKey, type RecordFile, Sha256, TrueInstant } from './format.ts';
import type { SigningKey } from './keys.ts';

/** `index.json` of a bundle: every other file in it with its digest, signed with the record's key. */

const Listed = z.strictObject({ name: z.string().min(1), sha256: Sha256, size: z.int().min(0) });

const Members = {
  case: z.string(),
  /** Head of the record that the bundle holds. */
  head: z.strictObject({ seq: z.int().min(0), hash: Sha256 }),
  madeAt: TrueInstant,
  /** Numbers of the entries whose content is not shown in this copy though nobody erased it. */
  withheld: z.array(z.int().min(1)),
  files: z.array(Listed).max(10_000),
  key: z.string(),
  signature: z.string(),
};

/** Version 2 says up to which anchor there are proofs beside the record; null where there are none. Version 1 knew of none. */
export const BundleIndex = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('heyi-index/1'), ...Members }),
  z.strictObject({ format: z.literal('heyi-index/2'), ...Members, anchored: z.int().min(1).nullable() }),
]);
export type BundleIndex = z.infer<typeof BundleIndex>;
export type Listed = z.infer<typeof Listed>;

export const INDEX_NAME = 'index.json';

type Unsigned = BundleIndex extends infer One ? (One extends unknown ? Omit<One, 'signature'> : never) : never;

/** The text that is signed: the index without its signature. */
function indexText({ signature: _, ...unsigned }: Unsigned & { signature?: string }): string {
  return canonical(unsigned);
}

/** Makes the index of a bundle and signs it. */
export async function signIndex(
  record: RecordFile,
  {
    files,
    madeAt,
    withheld,
    anchored = null,
  }: { files: readonly Listed[]; madeAt: string; withheld: readonly number[]; anchored?: number | null },
  key: SigningKey,
): Promise<BundleIndex> {
  const last = record.entries.at(-1);
  const unsigned = {
    format: 'heyi-index/2' as const,
    case: record.header.case,
    head: { seq: last?.seq ?? 0, hash: last?.hash ?? digestOf(canonical(record.header)) },
    madeAt,
    withheld: [...withheld],
    files: [...files],
    anchored,
    key: key.published.id,
  };
  return { ...unsigned, signature: await key.sign(indexText(unsigned)) };
}

/** Whether the index is signed by `key`. */
export const indexHolds = (index: BundleIndex, key: PublicKey): Promise<boolean> =>
  ed25519Holds(key.publicKey, index.signature, indexText(index));
