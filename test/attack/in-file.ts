import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Works on a database's file of a portal in `data` as any program can: neither triggers nor foreign keys are a hindrance to whoever holds it. The triggers
 * are back afterwards.
 */
export function inFile<T>(data: string, name: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(data, 'databases', `${name}.db`), { timeout: 30_000, enableForeignKeyConstraints: false });
  try {
    const triggers = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all() as { name: string; sql: string }[];
    for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger.name}`);
    const done = work(db);
    for (const { sql } of triggers) db.exec(sql);
    return done;
  } finally {
    db.close();
  }
}
