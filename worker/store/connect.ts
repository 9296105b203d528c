import { createClient } from '@libsql/client/web';
import { drizzle } from 'drizzle-orm/libsql/web';

export type Database = ReturnType<typeof connect>;

/** A connection to a libSQL database over HTTP. It holds nothing open: each query or batch is one round trip. */
export function connect(url: string, token: string | undefined) {
  const client = createClient(token ? { url, authToken: token } : { url });
  return drizzle(client, { casing: 'snake_case' });
}

/** Whether a batch failed because a row was there already, or a record had moved on: somebody else was first. */
export function isConflict(thrown: unknown): boolean {
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) {
    const { code, message } = at as Error & { code?: string };
    if (code?.startsWith('SQLITE_CONSTRAINT') || /UNIQUE constraint|record: (an entry follows|a checkpoint is made once)/.test(message))
      return true;
  }
  return false;
}
