import * as z from 'zod';
import { extendsTree, type Hash, includes, leafHash } from './anchor-tree.ts';
import { canonical, digestOf, fromBase64url, toHex } from './digest.ts';
import { ed25519Holds } from './ed25519.ts';
import { Base64url, type PublicKey, Sha256, TrueInstant } from './format.ts';
import type { SigningKey } from './keys.ts';
import { type PublishedKey, refusedAt } from './published.ts';

/**
 * Anchors (`FORMAT.md`, “Anchors”): a lender's list of the heads of its records, as a Merkle tree (RFC 9162) that only grows. Each anchor signs the tree as it
 * is then, and names the anchor before it, so that the list cannot be told differently to two people, nor later than it was, without their seeing it.
 */

const Size = z.int().min(0);

export const Anchor = z.strictObject({
  v: z.literal(1),
  /** Slug of the lender. */
  lender: z
    .string()
    .min(1)
    .refine((text) => text.isWellFormed()),
  /** 1, 2, 3 … without gaps. */
  n: z.int().min(1),
  /** SHA-256(canonical(the anchor before)); null of the first. */
  prev: Sha256.nullable(),
  at: TrueInstant,
  /** How many leaves the tree has. */
  size: Size,
  root: Sha256,
  /** Why the lender's records were set back to an older state before this anchor was made, in the operator's words; left out of all others. */
  restored: z
    .string()
    .min(1)
    .max(500)
    .refine((text) => text.isWellFormed())
    .optional(),
  key: z.string().refine((text) => text.isWellFormed()),
  signature: Base64url,
});
export type Anchor = z.infer<typeof Anchor>;

/** Where a record stood: the name of its stream, and the number and hash of an entry. */
export const AnchoredHead = z.strictObject({ case: z.string().min(1), seq: z.int().min(1), hash: Sha256 });
export type AnchoredHead = z.infer<typeof AnchoredHead>;

/** What a leaf says: a head, or nothing, so that how many heads there are cannot be counted. The salt is 16 random bytes. */
export type Leaf = { salt: string; head: AnchoredHead | null };

const SALT = 16;
const encoder = new TextEncoder();

/** The hash of a leaf: SHA-256(0x00 ‖ salt ‖ canonical(head or null)). @throws where the salt is none */
export function hashOfLeaf({ salt, head }: Leaf): Hash {
  const bytes = fromBase64url(salt);
  if (bytes?.length !== SALT) throw new Error('The salt of a leaf is 16 bytes in base64url.');
  const said = encoder.encode(canonical(head));
  const input = new Uint8Array(SALT + said.length);
  input.set(bytes);
  input.set(said, SALT);
  return leafHash(input);
}

/** The fewest leaves that an anchor adds. */
const FEWEST = 16;

/** How many leaves an anchor adds for so many heads: a power of two, so that the tree tells only about how many there are. */
export function padded(heads: number): number {
  let leaves = FEWEST;
  while (leaves < heads) leaves *= 2;
  return leaves;
}

/** The text that an anchor signs: all of it but the signature. */
function anchorText({ signature: _, ...unsigned }: Omit<Anchor, 'signature'> & { signature?: string }): string {
  return canonical(unsigned);
}

/** What the next anchor's `prev` is, and what a time stamp is of: SHA-256(canonical(anchor)). */
export const anchorDigest = (anchor: Anchor): string => digestOf(canonical(anchor));

/** Makes the anchor that follows another (null: the first). `at` is no earlier than the other's. */
export async function makeAnchor(
  lender: string,
  last: Anchor | null,
  { at, size, root, restored }: { at: string; size: number; root: Hash; restored?: string | undefined },
  key: SigningKey,
): Promise<Anchor> {
  const unsigned = {
    v: 1 as const,
    lender,
    n: (last?.n ?? 0) + 1,
    prev: last && anchorDigest(last),
    at: last && last.at > at ? last.at : at,
    size,
    root: toHex(root),
    ...(restored === undefined ? {} : { restored }),
    key: key.published.id,
  };
  return { ...unsigned, signature: await key.sign(anchorText(unsigned)) };
}

/** Whether an anchor is signed by one of these keys, at a time at which that counts; why not, where it is not. */
export async function anchorFault(
  anchor: Anchor,
  keys: readonly (PublicKey | PublishedKey)[],
): Promise<'anchor.key' | 'anchor.signature' | 'anchor.key-dates' | null> {
  const key = keys.find(({ id }) => id === anchor.key);
  if (!key) return 'anchor.key';
  if (!(await ed25519Holds(key.publicKey, anchor.signature, anchorText(anchor)))) return 'anchor.signature';
  return refusedAt(key, anchor.at) ? 'anchor.key-dates' : null;
}

/** The hashes of a proof, in lower-case hex: one for each doubling of a tree, at the most. */
export const Proof = z.array(Sha256).max(64);
export const proofText = (proof: readonly Hash[]): string[] => proof.map(toHex);
const bytesOfHex = (hex: string): Hash => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** Whether a leaf is number `index` of the tree that an anchor signs. */
export function isAnchored(leaf: Leaf, index: number, proof: readonly string[], anchor: Pick<Anchor, 'size' | 'root'>): boolean {
  if (fromBase64url(leaf.salt)?.length !== SALT) return false;
  return includes(proof.map(bytesOfHex), hashOfLeaf(leaf), index, anchor.size, bytesOfHex(anchor.root));
}

/**
 * Why an anchor does not follow another as the next of the same list, by its consistency proof; null where it does. Signatures are another matter.
 */
export function followFault(
  anchor: Anchor,
  last: Anchor | null,
  proof: readonly string[],
): 'lender' | 'number' | 'prev' | 'time' | 'tree' | null {
  if (last && anchor.lender !== last.lender) return 'lender';
  if (anchor.n !== (last?.n ?? 0) + 1) return 'number';
  if (anchor.prev !== (last && anchorDigest(last))) return 'prev';
  if (last && anchor.at < last.at) return 'time';
  const before = last ? { size: last.size, root: bytesOfHex(last.root) } : null;
  const grown = { size: anchor.size, root: bytesOfHex(anchor.root) };
  const grows = before ? extendsTree(proof.map(bytesOfHex), before, grown) : proof.length === 0;
  return grows ? null : 'tree';
}
