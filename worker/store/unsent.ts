import { and, eq, lte, or, sql } from 'drizzle-orm';
import * as z from 'zod';
import { requests, unsent } from '../../db/casebook/schema.ts';
import type { Env } from '../env.ts';
import { keyed } from '../secret.ts';
import { lockedBy } from './locked.ts';
import { prepared } from './prepared.ts';

/**
 * The message that somebody has written in a case and not sent. It is read and written by its writer's own case file alone, and encrypted under a key that follows from the
 * installation's for that case and that account: in no other place than the page of who wrote it does it come to anything.
 */

export type UnsentRow = typeof unsent.$inferSelect;

/** What is kept of a form. `textOf`: as of when a template filled it in, where one did. */
const Content = z.object({ words: z.string(), textOf: z.string().exactOptional() });
export type UnsentContent = z.infer<typeof Content>;
export type Unsent = UnsentContent & { version: number };

/** Which of what stands there a form knows: the version that it was drawn with (0: none), and its own, whichever that is. */
export type Known = { version: number; form: string };

export const unsentOf = prepared(['case', 'account'], (db, at) =>
  db
    .select()
    .from(unsent)
    .where(and(eq(unsent.case, at.case), eq(unsent.account, at.account))),
);

/**
 * Keeps a message where what stands there is what its form knows; no row comes back where it is not. What was sent from the form in the meantime (`request`) stays sent: a request
 * that was on its way brings nothing of it back.
 */
export const putUnsent = prepared(['case', 'account', 'now', 'form', 'content', 'version', 'request'], (db, at) => {
  const stands = sql`EXISTS (SELECT 1 FROM ${unsent} WHERE ${unsent.case} = ${at.case} AND ${unsent.account} = ${at.account})`;
  const isSent = sql`EXISTS (SELECT 1 FROM ${requests} WHERE ${requests.id} = ${at.request})`;
  return db
    .insert(unsent)
    .select(
      sql`SELECT ${at.case}, ${at.account}, ${at.now}, ${at.form}, ${at.content} WHERE (${at.version} = 0 OR ${stands}) AND NOT ${isSent}`,
    )
    .onConflictDoUpdate({
      target: [unsent.case, unsent.account],
      set: {
        version: sql`max(excluded.version, ${unsent.version} + 1)`,
        form: sql`excluded.form`,
        content: sql`excluded.content`,
      },
      setWhere: sql`${unsent.version} = ${at.version} OR ${unsent.form} = ${at.form}`,
    })
    .returning({ version: unsent.version });
});

/** Gives up what a form knows: nothing that was kept elsewhere since. */
export const dropUnsent = prepared(['case', 'account', 'version', 'form'], (db, at) =>
  db
    .delete(unsent)
    .where(and(eq(unsent.case, at.case), eq(unsent.account, at.account), or(lte(unsent.version, at.version), eq(unsent.form, at.form)))),
);

/** All that somebody kept in a case. */
export const dropUnsentBy = prepared(['case', 'account'], (db, at) =>
  db.delete(unsent).where(and(eq(unsent.case, at.case), eq(unsent.account, at.account))),
);

/** All that anybody kept in a case. */
export const dropUnsentIn = prepared(['case'], (db, at) => db.delete(unsent).where(eq(unsent.case, at.case)));

/** All that somebody kept in any case of the lender. */
export const dropUnsentOf = prepared(['account'], (db, at) => db.delete(unsent).where(eq(unsent.account, at.account)));

/** Whether somebody has written in a case and not sent it, beside the row of the case in a list: 1 or 0. */
export const draftedBy = (account: string) => ({
  drafted: sql<number>`EXISTS (SELECT 1 FROM unsent AS own WHERE own."case" = cases.id AND own.account = ${account})`,
});

/** What locks and opens the message of one account in one case; the key is made once it is needed. */
export function unsentLock(env: Pick<Env, 'keys'>, caseId: string, account: string) {
  const bound = `${caseId} ${account}`;
  let made: ReturnType<typeof lockedBy> | null = null;
  const lock = () => {
    made ??= lockedBy(keyed(env, 'unsent', bound), 'unsent message');
    return made;
  };
  return {
    lock: async (content: UnsentContent): Promise<string> => (await lock()).lock(bound, content),
    /** Null where there is nothing, or nothing that can be read: a row that was changed from outside, or of a key that was revoked since. */
    async open(row: UnsentRow | undefined): Promise<Unsent | null> {
      if (!row || !Number.isSafeInteger(row.version)) return null;
      const content = Content.safeParse(await (await lock()).unlock(bound, String(row.content)));
      return content.success ? { ...content.data, version: row.version } : null;
    },
  };
}
export type UnsentLock = ReturnType<typeof unsentLock>;
