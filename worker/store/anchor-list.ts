import type { R2Bucket } from '@cloudflare/workers-types';
import * as z from 'zod';
import { Anchor, AnchoredHead, type Leaf, Proof } from '../record/anchor.ts';
import type { Edge, Tile, TileName } from '../record/anchor-tiles.ts';
import { fromBase64url, toBase64url } from '../record/digest.ts';
import { Base64url } from '../record/format.ts';

/**
 * A lender's list of anchors in object storage, which is the truth of it: an object an anchor, with the leaves that it brings and the edge of its tree, put there
 * once and never overwritten; and the full tiles of the tree, which follow from those.
 */

/** The folder of all lists. */
const ANCHORS = 'anchors/';

/** Where the list of a lender lies; its tiles in a folder of it. */
export const anchorFolder = (lender: string): string => `${ANCHORS}${lender}/`;

/** Behind the head of a record that was set back on purpose, in the anchor that says so. */
const RESTORED = 'restored';
/** The same behind the head that was anchored last of a record of which nothing is left; its leaf says nothing. */
const GONE = 'gone';

const Salt = z.string().length(22);
const Head = [AnchoredHead.shape.case, AnchoredHead.shape.seq, AnchoredHead.shape.hash] as const;
const Row = z.union([z.tuple([Salt]), z.tuple([Salt, ...Head]), z.tuple([Salt, ...Head, z.enum([RESTORED, GONE])])]);

const Stored = z.object({ anchor: Anchor, proof: Proof, leaves: z.array(Row), edge: z.array(Base64url.or(z.literal(''))) });

/**
 * A leaf as it is kept. `restored`: by this anchor the record is taken as it stands, as it was set back on purpose. `gone`: by this anchor it is taken that nothing is left of a record,
 * of which this was anchored last. The tree says nothing of either.
 */
export type KeptLeaf = Leaf & { restored?: true; gone?: AnchoredHead };

/** An anchor as it is kept: `proof` is that its tree begins with the one before, `edge` the tiles of its tree that are not full. */
export type KeptAnchor = { anchor: Anchor; proof: string[]; leaves: KeptLeaf[]; edge: Edge };

const DIGITS = 12;
const numbered = (number: number) => String(number).padStart(DIGITS, '0');

/** @param lender slug of the lender */
export function anchorList(bucket: R2Bucket, lender: string) {
  const folder = anchorFolder(lender);
  const anchorPath = (n: number) => `${folder}${numbered(n)}`;
  const stampPath = (n: number) => `${anchorPath(n)}.tsr`;
  const tilePath = ({ level, number }: TileName) => `${folder}tiles/${level}/${numbered(number)}`;

  return {
    /** The anchor of a number; null where there is none. @throws where it cannot be read as one */
    async read(n: number): Promise<KeptAnchor | null> {
      const stored = await bucket.get(anchorPath(n));
      if (!stored) return null;
      const { anchor, proof, leaves, edge } = Stored.parse(await stored.json());
      return {
        anchor,
        proof,
        leaves: leaves.map(leafOf),
        edge: edge.map((hashes) => fromBase64url(hashes) ?? new Uint8Array()),
      };
    },

    /** Puts an anchor where there is none of its number yet. False where there is: somebody else was first. */
    async put({ anchor, proof, leaves, edge }: KeptAnchor): Promise<boolean> {
      const rows = leaves.map(({ salt, head, restored, gone }) => {
        const kept = head ?? gone;
        return kept ? [salt, kept.case, kept.seq, kept.hash, ...(gone ? [GONE] : restored ? [RESTORED] : [])] : [salt];
      });
      const text = JSON.stringify({ anchor, proof, leaves: rows, edge: edge.map(toBase64url) });
      const put = await bucket.put(anchorPath(anchor.n), text, {
        onlyIf: { etagDoesNotMatch: '*' },
        httpMetadata: { contentType: 'application/json' },
      });
      return put !== null;
    },

    /** The time stamp of an anchor in base64; null where there is none. */
    async readTimestamp(n: number): Promise<string | null> {
      const stored = await bucket.get(stampPath(n));
      return stored && base64(new Uint8Array(await stored.arrayBuffer()));
    },

    /** Keeps a time stamp, once: what is kept then, in base64, as somebody else may have been first. */
    async putTimestamp(n: number, token: Uint8Array): Promise<string> {
      const put = await bucket.put(stampPath(n), token, { onlyIf: { etagDoesNotMatch: '*' } });
      return (put ? null : await this.readTimestamp(n)) ?? base64(token);
    },

    /** Tiles follow from the anchors: to put one again changes nothing. */
    async putTiles(tiles: readonly Tile[]): Promise<void> {
      for (let from = 0; from < tiles.length; from += AT_ONCE)
        await Promise.all(tiles.slice(from, from + AT_ONCE).map((tile) => bucket.put(tilePath(tile), tile.hashes)));
    },

    /** Full tiles. @throws where one is missing */
    readTiles: (names: readonly TileName[]): Promise<Tile[]> =>
      Promise.all(
        names.map(async (name) => {
          const stored = await bucket.get(tilePath(name));
          if (!stored) throw new Error(`The tile ${tilePath(name)} is not in storage.`);
          return { ...name, hashes: new Uint8Array(await stored.arrayBuffer()) };
        }),
      ),
  };
}

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

function leafOf(row: z.infer<typeof Row>): KeptLeaf {
  const [salt] = row;
  if (row.length === 1) return { salt, head: null };
  const head = { case: row[1], seq: row[2], hash: row[3] };
  if (row.length === 4) return { salt, head };
  return row[4] === GONE ? { salt, head: null, gone: head } : { salt, head, restored: true };
}

/** Requests to storage beside each other, as the platform takes them. */
const AT_ONCE = 6;

export type AnchorList = ReturnType<typeof anchorList>;
