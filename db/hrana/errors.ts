/** SQLite's primary result codes ("Result and Error Codes"), by name: what the client tells its callers as `code`. */
export const ENGINE_ERRORS = {
  SQLITE_ERROR: 1,
  SQLITE_INTERNAL: 2,
  SQLITE_PERM: 3,
  SQLITE_ABORT: 4,
  SQLITE_BUSY: 5,
  SQLITE_LOCKED: 6,
  SQLITE_NOMEM: 7,
  SQLITE_READONLY: 8,
  SQLITE_INTERRUPT: 9,
  SQLITE_IOERR: 10,
  SQLITE_CORRUPT: 11,
  SQLITE_NOTFOUND: 12,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_PROTOCOL: 15,
  SQLITE_SCHEMA: 17,
  SQLITE_TOOBIG: 18,
  SQLITE_CONSTRAINT: 19,
  SQLITE_MISMATCH: 20,
  SQLITE_MISUSE: 21,
  SQLITE_NOLFS: 22,
  SQLITE_AUTH: 23,
  SQLITE_RANGE: 25,
  SQLITE_NOTADB: 26,
} as const;

const NAMES = new Map<number, string>(Object.entries(ENGINE_ERRORS).map(([name, code]) => [code, name]));

export type ErrorBody = { message: string; code: string };

/** What the client is told of a failure: the message and, of the engine's own, the primary code's name. The message says which constraint failed. */
export function errorBody(thrown: unknown): ErrorBody {
  const { message, code, errcode } = thrown as { message?: string; code?: string; errcode?: number };
  // The low byte of an extended code is its primary one.
  const named = errcode === undefined ? code : NAMES.get(errcode & 0xff);
  return { message: message ?? String(thrown), code: named ?? 'SQLITE_UNKNOWN' };
}
