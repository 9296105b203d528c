/** SQLite's result codes by number (https://www.sqlite.org/rescode.html): what clients of libSQL are told. */
const PRIMARY = [
  ...[
    'OK',
    'ERROR',
    'INTERNAL',
    'PERM',
    'ABORT',
    'BUSY',
    'LOCKED',
    'NOMEM',
    'READONLY',
    'INTERRUPT',
    'IOERR',
    'CORRUPT',
    'NOTFOUND',
    'FULL',
  ],
  ...[
    'CANTOPEN',
    'PROTOCOL',
    'EMPTY',
    'SCHEMA',
    'TOOBIG',
    'CONSTRAINT',
    'MISMATCH',
    'MISUSE',
    'NOLFS',
    'AUTH',
    'FORMAT',
    'RANGE',
    'NOTADB',
  ],
];

/** Extended codes: the first byte is the primary code, the second counts from 1 in these lists. */
const EXTENDED: Record<string, readonly string[]> = {
  CONSTRAINT: [
    ...['CHECK', 'COMMITHOOK', 'FOREIGNKEY', 'FUNCTION', 'NOTNULL', 'PRIMARYKEY', 'TRIGGER', 'UNIQUE', 'VTAB', 'ROWID', 'PINNED'],
    'DATATYPE',
  ],
  BUSY: ['RECOVERY', 'SNAPSHOT', 'TIMEOUT'],
  READONLY: ['RECOVERY', 'CANTLOCK', 'ROLLBACK', 'DBMOVED', 'CANTINIT', 'DIRECTORY'],
  ERROR: ['MISSING_COLLSEQ', 'RETRY', 'SNAPSHOT'],
  CORRUPT: ['VTAB', 'SEQUENCE', 'INDEX'],
  CANTOPEN: ['NOTEMPDIR', 'ISDIR', 'FULLPATH', 'CONVPATH', 'DIRTYWAL', 'SYMLINK'],
  LOCKED: ['SHAREDCACHE', 'VTAB'],
};

/** The name of a result code, extended where it is: 2067 is SQLITE_CONSTRAINT_UNIQUE. */
export function nameOfCode(code: number): string {
  const primary = PRIMARY[code & 0xff] ?? 'ERROR';
  const extended = code >> 8 === 0 ? undefined : EXTENDED[primary]?.[(code >> 8) - 1];
  return extended ? `SQLITE_${primary}_${extended}` : `SQLITE_${primary}`;
}
