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
  const unlock = holdLock(join(data, 'portal.lock'));
  if (!unlock)
    throw new Error(
      `A portal runs on this data folder already (${data}${processOf(holder)}). Stop it first, or choose another folder with DATA.`,
    );
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  return unlock;
}

/** Whether a portal runs on a data folder at this moment. */
export function isLocked(data: string): boolean {
  const file = join(data, 'portal.lock');
  if (!existsSync(file)) return false;
  const unlock = holdLock(file);
  unlock?.();
  return unlock === null;
}

/** Takes the lock on a file; the answer gives it back, once however often it is called. Null where somebody has it. */
export function holdLock(file: string): (() => void) | null {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    if ((thrown as { errcode?: number }).errcode !== 5) throw thrown;
    return null;
  }
  return () => {
    if (lock.isOpen) lock.close();
  };
}

function processOf(file: string): string {
  try {
    return `, process ${readFileSync(file, 'utf8').trim()}`;
  } catch {
    return '';
  }
}
