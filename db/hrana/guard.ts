import { constants as sqlite } from 'node:sqlite';

/**
 * What a statement may do, asked by SQLite itself while it compiles the statement (sqlite3_set_authorizer): whatever way it is written, a view,
 * a trigger or a table-valued function included. The database stays in its file, and nothing reaches another file or the engine's own settings.
 */
export type Judgement = {
  /** Whether the statement changes data or schema. */
  writes: boolean;
  /** Whether it leaves something on its connection (a setting, a temporary table): such a connection serves nobody after this stream. */
  taints: boolean;
  /** What was refused, in words. */
  refused: string | null;
};

/** PRAGMAs that only tell, and take no more than the name of a table or an index. */
const TELLING = new Set([
  'application_id',
  'collation_list',
  'compile_options',
  'data_version',
  'encoding',
  'foreign_key_check',
  'foreign_key_list',
  'freelist_count',
  'function_list',
  'index_info',
  'index_list',
  'index_xinfo',
  'integrity_check',
  'module_list',
  'page_count',
  'page_size',
  'pragma_list',
  'quick_check',
  'schema_version',
  'table_info',
  'table_list',
  'table_xinfo',
  'user_version',
]);
/** Of those, the ones whose argument is a name to tell about, and not a value to set. */
const ABOUT =
  /^(?:foreign_key_(?:check|list)|index_x?info|index_list|integrity_check|quick_check|table_x?info|table_list|function_list|module_list|pragma_list|collation_list|compile_options)$/;
/** Settings of a connection that migrations need. */
const SETTINGS = new Set(['foreign_keys', 'defer_foreign_keys', 'legacy_alter_table']);
/** `wal_checkpoint` and `optimize` change where bytes lie, not what they say. */
const UPKEEP = new Set(['wal_checkpoint', 'optimize']);

const FUNCTIONS = new Set(['load_extension', 'readfile', 'writefile', 'edit', 'fts3_tokenizer', 'sqlite_log']);
/** Virtual tables that keep to the database: search and places. `dbstat`, `sqlite_dbpage`, `fsdir`, `zipfile`, `csv` read pages and files. */
const MODULES = new Set(['fts3', 'fts4', 'fts5', 'fts5vocab', 'fts4aux', 'rtree', 'rtree_i32', 'geopoly']);
const FOREIGN_TABLES = new Set(['dbstat', 'sqlite_dbpage', 'fsdir', 'zipfile', 'csv', 'sqlite_stmt', 'fts3tokenize']);

const WRITING = new Set<number>([
  sqlite.SQLITE_INSERT,
  sqlite.SQLITE_UPDATE,
  sqlite.SQLITE_DELETE,
  sqlite.SQLITE_CREATE_TABLE,
  sqlite.SQLITE_CREATE_INDEX,
  sqlite.SQLITE_CREATE_VIEW,
  sqlite.SQLITE_CREATE_TRIGGER,
  sqlite.SQLITE_CREATE_VTABLE,
  sqlite.SQLITE_DROP_TABLE,
  sqlite.SQLITE_DROP_INDEX,
  sqlite.SQLITE_DROP_VIEW,
  sqlite.SQLITE_DROP_TRIGGER,
  sqlite.SQLITE_DROP_VTABLE,
  sqlite.SQLITE_ALTER_TABLE,
  sqlite.SQLITE_REINDEX,
  sqlite.SQLITE_ANALYZE,
]);
const TEMPORARY = new Set<number>([
  sqlite.SQLITE_CREATE_TEMP_TABLE,
  sqlite.SQLITE_CREATE_TEMP_INDEX,
  sqlite.SQLITE_CREATE_TEMP_VIEW,
  sqlite.SQLITE_CREATE_TEMP_TRIGGER,
]);

export const nothingYet = (): Judgement => ({ writes: false, taints: false, refused: null });

/**
 * SQLite's question about one act of a statement, answered into `judgement`.
 * @param first, second, database the arguments that sqlite3_set_authorizer documents for each action
 * @returns SQLITE_OK or SQLITE_DENY
 */
export function judge(judgement: Judgement, action: number, first: string | null, second: string | null, database: string | null): number {
  if (WRITING.has(action)) judgement.writes = true;
  // CREATE TABLE temp.x comes as a plain CREATE_TABLE whose database is temp.
  if (TEMPORARY.has(action) || (database === 'temp' && WRITING.has(action))) judgement.taints = true;
  const refused = refusal(judgement, action, first?.toLowerCase() ?? '', second);
  if (refused === null) return sqlite.SQLITE_OK;
  judgement.refused ??= refused;
  return sqlite.SQLITE_DENY;
}

function refusal(judgement: Judgement, action: number, name: string, second: string | null): string | null {
  switch (action) {
    case sqlite.SQLITE_ATTACH:
    case sqlite.SQLITE_DETACH:
      return 'ATTACH, DETACH and VACUUM are not allowed';
    case sqlite.SQLITE_FUNCTION:
      return FUNCTIONS.has(second?.toLowerCase() ?? '') ? `the function ${second} is not allowed` : null;
    case sqlite.SQLITE_CREATE_VTABLE:
      return MODULES.has(second?.toLowerCase() ?? '') ? null : `a virtual table of ${second} is not allowed`;
    case sqlite.SQLITE_READ:
      return FOREIGN_TABLES.has(name) ? `the table ${name} is not allowed` : null;
    case sqlite.SQLITE_PRAGMA:
      return pragma(judgement, name, second);
    default:
      return null;
  }
}

function pragma(judgement: Judgement, name: string, value: string | null): string | null {
  if (TELLING.has(name) && (value === null || ABOUT.test(name))) return null;
  if (name === 'user_version') {
    judgement.writes = true;
    return null;
  }
  if (SETTINGS.has(name)) {
    judgement.taints ||= value !== null;
    return null;
  }
  return UPKEEP.has(name) ? null : `PRAGMA ${name} is not allowed`;
}
