import { and, eq, ne, or, sql } from 'drizzle-orm';
import { accounts, acts, beginnings, begun, invitations, lenders, mail, seats, staff, sweeps } from '../../db/directory/schema.ts';
import type { Account } from './accounts.ts';
import type { Database } from './connect.ts';
import type { RowSeals } from './relied.ts';

/** What the directory holds of a lender that ends: who has a seat in its cases, and all that goes with it. */
export function endingIn(db: Database, { held }: RowSeals) {
  return {
    /** Everybody with a seat in a case of the lender, each once. */
    async seatedWith(lender: string): Promise<Account[]> {
      const found = await db
        .select({ seat: seats, account: accounts })
        .from(seats)
        .innerJoin(accounts, eq(accounts.id, seats.account))
        // A mediator takes nothing away.
        .where(and(eq(seats.lender, lender), ne(seats.capacity, 'mediator')));
      const people = found.flatMap(({ seat, account }) => (held('seat', seat) && held('account', account) ? [account] : []));
      return [...new Map(people.map((account) => [account.id, account])).values()];
    },

    /**
     * All or nothing: who works for the lender and who has a seat with it, invitations, what was begun, and letters about it. People keep their accounts, and the
     * lender its row, so that its name is nobody else's.
     */
    dropAllOf: (lender: string, cases: readonly string[]) =>
      db.batch([
        db.delete(staff).where(eq(staff.lender, lender)),
        db.delete(seats).where(eq(seats.lender, lender)),
        db.delete(invitations).where(eq(invitations.lender, lender)),
        db.delete(begun).where(eq(begun.lender, lender)),
        db.delete(beginnings).where(eq(beginnings.lender, lender)),
        db.delete(acts).where(eq(acts.lender, lender)),
        db.delete(sweeps).where(eq(sweeps.lender, lender)),
        db.delete(mail).where(or(eq(mail.lender, lender), sql`${mail.about} IN (SELECT value FROM json_each(${JSON.stringify(cases)}))`)),
      ]),

    /** The row of a lender by its slug, ended or not, where it is the portal's own. */
    async lenderEver(slug: string) {
      const [row] = await db.select().from(lenders).where(eq(lenders.slug, slug));
      return held('lender', row);
    },
  };
}
