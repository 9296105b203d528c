/**
 * What a statement may do, asked of SQLite's own authorizer while it compiles the statement: nothing is read out of its text. A statement reaches its
 * database and nothing else: no other file, no program code, no setting that outlives its stream unseen.
 */
import { constants as sqlite } from 'node:sqlite';

/** PRAGMAs that only tell, whatever stands in their brackets. `database_list` is not among them: it tells where files are. */
const TELLING = new Set([
  'collation_list',
  'compile_options',
  'foreign_key_check',
  'foreign_key_list',
  'index_info',
  'index_list',
  'index_xinfo',
  'integrity_check',
  'quick_check',
  'table_info',
  'table_list',
  'table_xinfo',
]);
/** PRAGMAs that may be read and not set. */
const READ = new Set([
  'auto_vacuum',
  'cache_size',
  'data_version',
  'encoding',
  'freelist_count',
  'journal_mode',
  'page_count',
  'page_size',
  'recursive_triggers',
  'schema_version',
  'secure_delete',
  'synchronous',
]);
/** PRAGMAs that change the database itself, as data does. */
const KEPT = new Set(['application_id', 'optimize', 'user_version', 'wal_checkpoint']);
/** PRAGMAs that change the connection: it is closed after its stream. */
const PASSING = new Set(['defer_foreign_keys', 'foreign_keys']);

/** Functions that reach code, files or memory. Most are not compiled in; a rule does not rest on that. */
const FUNCTIONS = new Set(['edit', 'fsdir', 'fts3_tokenizer', 'load_extension', 'readfile', 'sqlite_log', 'writefile']);
/** Tables of the engine that show pages instead of rows. */
const TABLES = new Set(['dbstat', 'sqlite_dbpage', 'sqlite_stmt']);

const WRITES = new Set([sqlite.SQLITE_INSERT, sqlite.SQLITE_UPDATE, sqlite.SQLITE_DELETE]);
const TEMPORARY = new Set([
  sqlite.SQLITE_CREATE_TEMP_INDEX,
  sqlite.SQLITE_CREATE_TEMP_TABLE,
  sqlite.SQLITE_CREATE_TEMP_TRIGGER,
  sqlite.SQLITE_CREATE_TEMP_VIEW,
  sqlite.SQLITE_DROP_TEMP_INDEX,
  sqlite.SQLITE_DROP_TEMP_TABLE,
  sqlite.SQLITE_DROP_TEMP_TRIGGER,
  sqlite.SQLITE_DROP_TEMP_VIEW,
]);
const SCHEMA = new Set([
  sqlite.SQLITE_ALTER_TABLE,
  sqlite.SQLITE_ANALYZE,
  sqlite.SQLITE_CREATE_INDEX,
  sqlite.SQLITE_CREATE_TABLE,
  sqlite.SQLITE_CREATE_TRIGGER,
  sqlite.SQLITE_CREATE_VIEW,
  sqlite.SQLITE_DROP_INDEX,
  sqlite.SQLITE_DROP_TABLE,
  sqlite.SQLITE_DROP_TRIGGER,
  sqlite.SQLITE_DROP_VIEW,
  sqlite.SQLITE_REINDEX,
]);
const PLAIN = new Set([sqlite.SQLITE_RECURSIVE, sqlite.SQLITE_SAVEPOINT, sqlite.SQLITE_SELECT, sqlite.SQLITE_TRANSACTION]);

/** What the authorizer saw of one statement. */
export type Judgement = {
  /** What was refused, or null. */
  refused: string | null;
  /** Rows are written. */
  writes: boolean;
  /** Tables, indexes, triggers or views are changed. */
  schema: boolean;
  /** The connection is changed beyond its transaction. */
  passing: boolean;
};

export const unjudged = (): Judgement => ({ refused: null, writes: false, schema: false, passing: false });

/** SQLite's question for one action of a statement (sqlite3_set_authorizer): the answer, with what it says noted in `seen`. */
export function judge(seen: Judgement, action: number, first: string | null, second: string | null): number {
  const refusal = refusalOf(seen, action, first, second);
  if (refusal === null) return sqlite.SQLITE_OK;
  seen.refused ??= refusal;
  return sqlite.SQLITE_DENY;
}

function refusalOf(seen: Judgement, action: number, first: string | null, second: string | null): string | null {
  if (action === sqlite.SQLITE_FUNCTION) return FUNCTIONS.has((second ?? '').toLowerCase()) ? `the function ${second}` : null;
  if (action === sqlite.SQLITE_PRAGMA) return refusalOfPragma(seen, (first ?? '').toLowerCase(), second);
  if (action === sqlite.SQLITE_READ) return refusalOfTable(seen, (first ?? '').toLowerCase());
  if (PLAIN.has(action)) return null;
  if (WRITES.has(action)) {
    seen.writes = true;
    return null;
  }
  if (TEMPORARY.has(action)) {
    seen.passing = true;
    return null;
  }
  if (SCHEMA.has(action)) {
    seen.schema = true;
    return null;
  }
  if (action === sqlite.SQLITE_ATTACH || action === sqlite.SQLITE_DETACH) return 'ATTACH, DETACH and VACUUM';
  return 'a statement of this kind';
}

/** A PRAGMA can be asked as a table, too (https://www.sqlite.org/pragma.html#pragfunc). */
function refusalOfTable(seen: Judgement, table: string): string | null {
  if (TABLES.has(table)) return `the table ${table}`;
  return table.startsWith('pragma_') ? refusalOfPragma(seen, table.slice('pragma_'.length), null) : null;
}

function refusalOfPragma(seen: Judgement, name: string, value: string | null): string | null {
  if (TELLING.has(name) || (READ.has(name) && value === null)) return null;
  if (KEPT.has(name)) {
    seen.schema ||= value !== null;
    return null;
  }
  if (!PASSING.has(name)) return `PRAGMA ${name}`;
  seen.passing ||= value !== null;
  return null;
}
