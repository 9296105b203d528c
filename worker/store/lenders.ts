import { and, asc, eq } from 'drizzle-orm';
import { begun, lenders } from '../../db/directory/schema.ts';
import type { Database } from './connect.ts';
import type { RowSeals } from './relied.ts';

/** Lenders in the directory, and with whom of them people have begun a case. A lender's row says where its casebook is: the portal's token goes there. */

export type Lender = Pick<typeof lenders.$inferSelect, 'id' | 'slug' | 'name' | 'url' | 'pausedAt'>;

export function lendersIn(db: Database, { sealed, held }: RowSeals) {
  const all = () => db.select().from(lenders).orderBy(asc(lenders.name));
  const begunBy = (account: string) =>
    db.select({ lender: lenders }).from(begun).innerJoin(lenders, eq(lenders.id, begun.lender)).where(eq(begun.account, account));
  const theirs = (rows: (typeof lenders.$inferSelect)[]): Lender[] => rows.filter((row) => held('lender', row) && row.endedAt === null);
  /** The row of a lender, ended or not, where it is the portal's own. */
  const rowOf = async (slug: string) => held('lender', (await db.select().from(lenders).where(eq(lenders.slug, slug)))[0]);

  return {
    /** All that are here: none that has ended. */
    lenders: async () => theirs(await all()),

    async lenderBySlug(slug: string): Promise<Lender | null> {
      const row = await rowOf(slug);
      return row && row.endedAt === null ? row : null;
    },

    /** For the operator: every row that is the portal's own, of lenders that have ended, too. */
    allLenders: async () => (await all()).flatMap((row) => held('lender', row) ?? []),

    /** The lenders that there are, whether or not their rows are the portal's own: no slug of these is to be given again. */
    namedLenders: () => db.select({ id: lenders.id, slug: lenders.slug }).from(lenders),

    /** For the operator: changes what the directory says of a lender, and seals it anew. False where there is none whose row is the portal's own. */
    async changeLender(slug: string, change: Partial<Pick<typeof lenders.$inferSelect, 'url' | 'pausedAt' | 'endedAt'>>): Promise<boolean> {
      const row = await rowOf(slug);
      if (!row) return false;
      await db
        .update(lenders)
        .set(sealed('lender', { ...row, ...change }))
        .where(eq(lenders.id, row.id));
      return true;
    },

    addLender: (lender: Omit<typeof lenders.$inferInsert, 'seal'>) => db.insert(lenders).values(sealed('lender', lender)),

    /** One round trip: all lenders, and those with whom a person has begun a case. */
    async lendersFor(account: string) {
      const [every, started] = await db.batch([all(), begunBy(account)]);
      return { lenders: theirs(every), begun: theirs(started.map(({ lender }) => lender)) };
    },

    /** Notes that a person has begun a case with a lender; repeating it changes nothing. */
    noteBegun: (account: string, lender: string) => db.insert(begun).values({ account, lender }).onConflictDoNothing(),

    /** Nothing that a person has begun with a lender is left. */
    dropBegun: (account: string, lender: string) => db.delete(begun).where(and(eq(begun.account, account), eq(begun.lender, lender))),
  };
}
