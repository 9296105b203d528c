import { and, asc, desc, eq, gt, isNull } from 'drizzle-orm';
import * as z from 'zod';
import { anchors, restorations } from '../../db/directory/schema.ts';
import { Anchor, Proof } from '../record/anchor.ts';
import { canonical } from '../record/digest.ts';
import type { Database } from './connect.ts';
import type { RowSeals } from './relied.ts';

/** The anchors of each lender in the directory, from where they are published. Storage is the truth of them (`anchor-list.ts`). */

/** An anchor as it is published, with the proof that its tree begins with the one before, and its time stamp (RFC 3161, base64) once there is one. */
export type PublishedAnchor = { anchor: Anchor; proof: string[]; timestamp: string | null };

const Json = z.string().transform((text) => JSON.parse(text) as unknown);

/** What the directory holds may have been changed from outside. @throws where it is no anchor */
const read = ({ anchor, proof, timestamp }: Pick<typeof anchors.$inferSelect, 'anchor' | 'proof' | 'timestamp'>): PublishedAnchor => ({
  anchor: Json.pipe(Anchor).parse(anchor),
  proof: Json.pipe(Proof).parse(proof),
  timestamp,
});

/** Lenders are named by their ids. */
export function anchorsIn(db: Database, { sealed, held }: RowSeals) {
  return {
    /** The newest anchor of a lender; null where there is none. */
    async lastAnchor(lender: string): Promise<Anchor | null> {
      const [row] = await db.select().from(anchors).where(eq(anchors.lender, lender)).orderBy(desc(anchors.n)).limit(1);
      return row ? read(row).anchor : null;
    },

    /** So many anchors after one, the oldest first. */
    async anchorsAfter(lender: string, n: number, most: number): Promise<PublishedAnchor[]> {
      const after = and(eq(anchors.lender, lender), gt(anchors.n, n));
      return (await db.select().from(anchors).where(after).orderBy(asc(anchors.n)).limit(most)).map(read);
    },

    /** The anchor of a number; null where the directory does not know it. */
    async anchor(lender: string, n: number): Promise<PublishedAnchor | null> {
      const [row] = await db
        .select()
        .from(anchors)
        .where(and(eq(anchors.lender, lender), eq(anchors.n, n)));
      return row ? read(row) : null;
    },

    /** So many anchors that have no time stamp yet, the oldest first. */
    async unstampedAnchors(lender: string, most: number): Promise<PublishedAnchor[]> {
      const waiting = and(eq(anchors.lender, lender), isNull(anchors.timestamp));
      return (await db.select().from(anchors).where(waiting).orderBy(asc(anchors.n)).limit(most)).map(read);
    },

    /** Notes the time stamp of an anchor, in base64. */
    setTimestamp: (lender: string, n: number, timestamp: string) =>
      db
        .update(anchors)
        .set({ timestamp })
        .where(and(eq(anchors.lender, lender), eq(anchors.n, n))),

    /** Adds an anchor; repeating it changes nothing. */
    addAnchor: (lender: string, { anchor, proof }: { anchor: Anchor; proof: readonly string[] }) =>
      db
        .insert(anchors)
        .values({ lender, n: anchor.n, anchor: canonical(anchor), proof: JSON.stringify(proof) })
        .onConflictDoNothing(),

    /** What the operator ordered, where it waits to be carried out. */
    async orderedRestoration(lender: string) {
      const [row] = await db.select().from(restorations).where(eq(restorations.lender, lender));
      return held('restoration', row);
    },

    /** Orders that records which were set back are taken as they stand; another order that waits is given up for it. */
    orderRestoration(order: Omit<typeof restorations.$inferInsert, 'seal'>) {
      const row = sealed('restoration', order);
      return db.insert(restorations).values(row).onConflictDoUpdate({ target: restorations.lender, set: row });
    },

    /** Lets go of an order, unless another one was given meanwhile. */
    dropRestoration: (lender: string, at: string) =>
      db.delete(restorations).where(and(eq(restorations.lender, lender), eq(restorations.at, at))),
  };
}
