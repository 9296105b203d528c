import { and, desc, eq, exists, inArray, lt, notExists, type SQL, sql } from 'drizzle-orm';
import { anchored, cases, drafts, files, policy } from '../../db/casebook/schema.ts';
import { instant } from '../clock.ts';
import type { HeldPolicy } from '../negotiation/policy.ts';
import { leave, notOpened } from './case-files.ts';
import { holdsAt } from './case-statements.ts';
import type { Database } from './connect.ts';
import { instantIn, type Listed, listed, ofOffer, type RowFault, toListed } from './lists.ts';
import type { StoredPolicy } from './policies.ts';
import { draftedBy } from './unsent.ts';

/** What people have begun and not sent. */

export type Draft = typeof drafts.$inferSelect;

/** A person's own case in a list. */
type OwnListed = Listed & { offeredAt: string | null; drafted: boolean };

/** When the offer on the table of a case was made. */
const offeredAt = ofOffer('at');

/** The drafts of a casebook, beside what their pages and lists need. @param policyOf what a stored policy says */
export function draftsIn(db: Database, rowFault: RowFault, policyOf: (stored: readonly StoredPolicy[]) => HeldPolicy) {
  const caseOf = (id: string | SQL) => db.select({ id: cases.id }).from(cases).where(eq(cases.id, id));
  const draftsOf = (account: string) => db.select().from(drafts).where(eq(drafts.account, account)).orderBy(desc(drafts.updatedAt));

  return {
    /** One round trip: what a person has begun and not sent, newest first; the policy; and whether `caseId` is a case already. */
    async begun(account: string, caseId: string) {
      const [found, stored, opened] = await db.batch([
        draftsOf(account),
        db.select().from(policy).where(holdsAt(instant())),
        caseOf(caseId),
      ]);
      return { drafts: found, policy: policyOf(stored), opened: opened.length > 0 };
    },

    /**
     * One round trip: some cases, with when the offer on the table of each was made, and those that were anchored and are not here any more; what a person has begun and not
     * sent; and the policy.
     */
    async own(ids: string[], account: string): Promise<{ cases: OwnListed[]; gone: string[]; drafts: Draft[]; policy: HeldPolicy }> {
      const [found, started, stored, lost] = await db.batch([
        db
          .select({ ...listed, offeredAt, ...draftedBy(account) })
          .from(cases)
          .where(inArray(cases.id, ids)),
        draftsOf(account),
        db.select().from(policy).where(holdsAt(instant())),
        db
          .selectDistinct({ id: anchored.case })
          .from(anchored)
          .where(and(inArray(anchored.case, ids), notExists(caseOf(sql`${anchored.case}`)))),
      ]);
      const rows = found.map(({ offeredAt: at, drafted, ...row }) => {
        const one = toListed(row, 'borrower', rowFault);
        return { ...one, drafted: drafted === 1, offeredAt: one.proven ? instantIn(at) : null };
      });
      return { cases: rows, gone: lost.map(({ id }) => id), drafts: started, policy: policyOf(stored) };
    },

    /** Saves a draft; one whose case was sent meanwhile is gone at once. `older` takes the place of none that was saved since. */
    saveDraft: (draft: typeof drafts.$inferInsert, { older = false } = {}) =>
      db.batch([
        db
          .insert(drafts)
          .values(draft)
          .onConflictDoUpdate({
            target: [drafts.account, drafts.about],
            set: { content: draft.content, updatedAt: draft.updatedAt },
            ...(older ? { setWhere: lt(drafts.updatedAt, draft.updatedAt) } : {}),
          }),
        db.delete(drafts).where(and(eq(drafts.case, draft.case), exists(caseOf(draft.case)))),
      ]),

    /** One round trip: forgets a draft that was not sent, and the files that were stored for it; they are to leave storage. */
    discardDraft(account: string, about: string, caseId: string, at: string) {
      const its = and(eq(files.account, account), eq(files.case, caseId), notOpened);
      return db.batch([
        leave(db, its, at),
        db.delete(files).where(its),
        db.delete(drafts).where(and(eq(drafts.account, account), eq(drafts.about, about))),
      ]);
    },
  };
}
