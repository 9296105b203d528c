/**
 * One portal at a time on a data folder. The lock is one of SQLite's on a file: the system lets go of it when its holder dies, however that went, so a lock
 * left behind does not exist.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Takes the lock of a data folder; the answer gives it back, once however often it is called. @throws with who holds it, where somebody does */
export function lockFolder(data: string): () => void {
  const holder = join(data, 'portal.pid');
  const lock = new DatabaseSync(join(data, 'portal.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    if ((thrown as { errcode?: number }).errcode !== 5) throw thrown;
    throw new Error(
      `A portal runs on this data folder already (${data}${processOf(holder)}). Stop it first, or choose another folder with DATA.`,
    );
  }
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  return () => {
    if (lock.isOpen) lock.close();
  };
}

/** Whether a portal runs on a data folder at this moment. */
export function isLocked(data: string): boolean {
  if (!existsSync(join(data, 'portal.lock'))) return false;
  const lock = new DatabaseSync(join(data, 'portal.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return false;
  } catch (thrown) {
    if ((thrown as { errcode?: number }).errcode !== 5) throw thrown;
    return true;
  } finally {
    lock.close();
  }
}

function processOf(file: string): string {
  try {
    return `, process ${readFileSync(file, 'utf8').trim()}`;
  } catch {
    return '';
  }
}
