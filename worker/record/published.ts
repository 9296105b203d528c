import * as z from 'zod';
import { Instant, PublicKey, Sha256 } from './format.ts';
import type { StoredKey } from './keys.ts';

/**
 * What a portal publishes at `/.well-known/heyi-keys.json`: with which keys it signs records, with which certificates documents, from when until
 * when, and which of them were revoked. Members that are not named here are for others and are passed over.
 */

const Key = z.object({ ...PublicKey.shape, revoked: Instant.optional() });
export const PublishedCertificate = z.object({
  fingerprint: Sha256,
  from: Instant,
  until: Instant.nullable(),
  revoked: Instant.optional(),
});
const Document = z.object({
  keys: z.array(Key).max(10_000),
  /** Ids of the keys under which each entry has a checkpoint of its own, and not only the head of each append. */
  everyEntry: z.array(z.string()).max(10_000).optional(),
  /** Left out by a portal that signs no documents, or says nothing of them. */
  documents: z.array(PublishedCertificate).max(10_000).optional(),
});

/** A published key. `revoked` is when it stopped being trusted. */
export type PublishedKey = z.infer<typeof Key> & { everyEntry?: boolean };

/** A certificate that documents are signed with; `fingerprint` is SHA-256 of its DER. */
export type PublishedCertificate = z.infer<typeof PublishedCertificate>;

/** The published list as it is used: `documents` is null where the portal says nothing of certificates. */
export type Published = { keys: readonly PublishedKey[]; documents: readonly PublishedCertificate[] | null };

/** The document to publish. */
export function publishedDocument(ring: readonly StoredKey[], documents: readonly PublishedCertificate[]): z.infer<typeof Document> {
  return {
    keys: ring.map(({ privateKey: _, ...key }) => key),
    everyEntry: ring.map(({ id }) => id),
    documents: [...documents],
  };
}

/** Reads the document; null where it is not one. */
export function readPublished(document: unknown): Published | null {
  const read = Document.safeParse(document);
  if (!read.success) return null;
  const { keys, everyEntry, documents } = read.data;
  const every = new Set(everyEntry);
  return { keys: keys.map((key) => (every.has(key.id) ? { ...key, everyEntry: true } : key)), documents: documents ?? null };
}

/** The published key that `key` is: with its id, its bytes and its beginning, as an id alone can be put on any key. */
export function knownAs(key: PublicKey, published: readonly PublishedKey[]): PublishedKey | undefined {
  return published.find((one) => one.id === key.id && one.publicKey === key.publicKey && one.from === key.from);
}

/** Why nothing signed at `at` counts under a published key, or null where it does. */
export function refusedAt({ from, until, revoked }: PublishedKey, at: string): 'key.dates' | 'key.ended' | 'key.revoked' | null {
  if (revoked !== undefined && at >= revoked) return 'key.revoked';
  if (until !== null && at > until) return 'key.ended';
  return at < from ? 'key.dates' : null;
}
