/** What was overwritten or deleted leaves the database files, too: SQLite keeps old pages in the log beside a database until it is emptied. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Empties the write-ahead log of every database of a folder, so that pages from before an erasure are in no file; where one is in use at this moment it is
 * left for the next time. `whole` rewrites the databases as well, for what was deleted before `secure_delete` was on.
 */
export function tidy(folder: string, whole = false): void {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.db'))) {
    const db = new DatabaseSync(join(folder, name), { timeout: whole ? 2_000 : 0 });
    try {
      db.exec('PRAGMA secure_delete = ON');
      if (whole) db.exec('VACUUM');
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (thrown) {
      console.error(`${name}: not tidied now, as it is in use (${(thrown as Error).message}).`);
    } finally {
      db.close();
    }
  }
}
