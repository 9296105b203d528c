import { and, asc, eq, lte, type SQL, sql } from 'drizzle-orm';
import { files, leaving } from '../../db/casebook/schema.ts';
import { addFile, awaitFile, stays } from './case-statements.ts';
import type { Database } from './connect.ts';
import { casePath, FILES } from './files.ts';
import { ask } from './prepared.ts';

/** Which files a casebook knows of, and which are to leave storage: storage itself is in `files.ts`. */

export type StoredFile = typeof files.$inferSelect;

/** The files of a casebook. */
export function filesIn(db: Database) {
  const { send } = db;

  return {
    filesOf: (caseId: string) => db.select().from(files).where(eq(files.case, caseId)),

    async file(caseId: string, sha256: string): Promise<StoredFile | null> {
      const [row] = await db
        .select()
        .from(files)
        .where(and(eq(files.case, caseId), eq(files.sha256, sha256)));
      return row ?? null;
    },

    /** One round trip: notes files that are in storage, and that they stay there. */
    addFiles: (stored: (typeof files.$inferInsert)[]) =>
      ask(send, ...stored.flatMap((file) => [addFile(file), stays({ path: casePath(file.case, file.sha256) })])),

    /** One round trip: forgets a file that was stored for a case which is not opened yet. */
    dropFile(caseId: string, account: string, sha256: string, at: string) {
      const it = and(eq(files.case, caseId), eq(files.account, account), eq(files.sha256, sha256), notOpened);
      return db.batch([leave(db, it, at), db.delete(files).where(it)]);
    },

    /**
     * One round trip: notes files that are about to be put into storage, and from when they are to leave it again. Whatever names them until then takes
     * that back (`stays`); what a command came to nothing for, or a crash, leaves nothing behind. Files that are named already are not noted.
     */
    async awaitFiles(caseId: string, sha256s: readonly string[], at: string): Promise<void> {
      const noted = sha256s.map((sha256) => awaitFile({ path: casePath(caseId, sha256), at, case: caseId, sha256 }));
      if (noted.length > 0) await ask(send, ...noted);
    },

    /** What storage is to let go of at `now`. */
    leaving: (limit: number, now: string) => db.select().from(leaving).where(lte(leaving.at, now)).orderBy(asc(leaving.at)).limit(limit),

    /** Forgets a path that is gone from storage. */
    left: (path: string) => db.delete(leaving).where(eq(leaving.path, path)),
  };
}

/** Files of a case that was not opened. */
export const notOpened = sql`NOT EXISTS (SELECT 1 FROM cases WHERE cases.id = files."case")`;

/** Notes that the files which `which` tells are to leave storage. */
export function leave(db: Database, which: SQL | undefined, at: string) {
  const path = sql<string>`${FILES} || files."case" || '/' || files.sha256`.as('path');
  const paths = db
    .select({ path, at: sql<string>`${at}`.as('at') })
    .from(files)
    .where(which);
  return db.insert(leaving).select(paths).onConflictDoUpdate({ target: leaving.path, set: { at } });
}
