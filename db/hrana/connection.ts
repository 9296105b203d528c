import { setTimeout as wait } from 'node:timers/promises';
import Database from 'libsql';
import { type Batch, type Condition, HranaError, type StatementResult, type Stmt, type StreamRequest, type Value } from './protocol.ts';
import { isReadonly, leavesDatabase, parameters } from './sql.ts';

/** How long a statement waits for another writer before it answers SQLITE_BUSY. */
const BUSY_LIMIT = 10_000;
const KEPT_STATEMENTS = 200;

type Prepared = { statement: Database.Statement; names: (string | null)[]; cols: StatementResult['cols']; reader: boolean };

/**
 * One connection to one database file, speaking Hrana's statements. The engine is called synchronously; while another connection holds the
 * write lock a statement waits without blocking the process, so that the holder can go on.
 */
export class Connection {
  private readonly db: Database.Database;
  private readonly prepared = new Map<string, Prepared>();
  private readonly stored = new Map<number, string>();

  constructor(file: string) {
    this.db = new Database(file, { timeout: 0 });
    this.db.defaultSafeIntegers(true);
    // FULL: what was answered survives a power cut too, not only kill -9.
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    // What is deleted is overwritten: erased contents stay in no free page.
    this.db.exec('PRAGMA secure_delete = ON');
  }

  get autocommit(): boolean {
    return !this.db.inTransaction;
  }

  /** Back to a state in which another stream may use it: an open transaction is rolled back, stored SQL forgotten. */
  reset(): void {
    if (this.db.inTransaction) this.db.exec('ROLLBACK');
    this.stored.clear();
  }

  close(): void {
    this.prepared.clear();
    this.db.close();
  }

  async answer(request: StreamRequest): Promise<Record<string, unknown>> {
    switch (request.type) {
      case 'execute':
        return { type: 'execute', result: await this.execute(request.stmt) };
      case 'batch':
        return { type: 'batch', result: await this.batch(request.batch) };
      case 'sequence': {
        const sql = this.sqlOf(request);
        await this.patiently(() => this.db.exec(sql));
        return { type: 'sequence' };
      }
      case 'describe':
        return { type: 'describe', result: this.describe(this.sqlOf(request)) };
      case 'store_sql':
        if (this.stored.has(request.sql_id)) throw new HranaError(`sql_id ${request.sql_id} is in use`, 'SQL_STORE_EXISTS');
        this.stored.set(request.sql_id, request.sql);
        return { type: 'store_sql' };
      case 'close_sql':
        this.stored.delete(request.sql_id);
        return { type: 'close_sql' };
      case 'get_autocommit':
        return { type: 'get_autocommit', is_autocommit: this.autocommit };
      case 'close':
        return { type: 'close' };
    }
  }

  private async batch(batch: Batch): Promise<{ step_results: (StatementResult | null)[]; step_errors: (ErrorBody | null)[] }> {
    const results: (StatementResult | null)[] = [];
    const errors: (ErrorBody | null)[] = [];
    for (const { condition, stmt } of batch.steps) {
      let result: StatementResult | null = null;
      let error: ErrorBody | null = null;
      if (!condition || this.holds(condition, results, errors)) {
        try {
          result = await this.execute(stmt);
        } catch (thrown) {
          error = errorBody(thrown);
        }
      }
      results.push(result);
      errors.push(error);
    }
    return { step_results: results, step_errors: errors };
  }

  private holds(condition: Condition, results: unknown[], errors: unknown[]): boolean {
    switch (condition.type) {
      case 'ok':
      case 'error':
        if (condition.step >= results.length)
          throw new HranaError(`condition names step ${condition.step}, which has not run`, 'BATCH_COND_BAD_STEP');
        return (condition.type === 'ok' ? results : errors)[condition.step] !== null;
      case 'not':
        return !this.holds(condition.cond, results, errors);
      case 'and':
        return condition.conds.every((one) => this.holds(one, results, errors));
      case 'or':
        return condition.conds.some((one) => this.holds(one, results, errors));
      case 'is_autocommit':
        return this.autocommit;
    }
  }

  private execute(stmt: Stmt): Promise<StatementResult> {
    const sql = this.sqlOf(stmt);
    return this.patiently(() => {
      const prepared = this.prepare(sql);
      const args = bind(prepared.names, stmt);
      if (!prepared.reader) {
        const { changes, lastInsertRowid } = prepared.statement.run(args);
        return { cols: [], rows: [], affected_row_count: Number(changes), last_insert_rowid: this.rowid(lastInsertRowid) };
      }
      const rows = (prepared.statement.all(args) as unknown[][]).map((row) => row.map(toValue));
      const wrote = !isReadonly(sql);
      return {
        cols: prepared.cols,
        rows: stmt.want_rows === false ? [] : rows,
        affected_row_count: wrote ? Number(this.one('SELECT changes()')) : 0,
        last_insert_rowid: wrote ? String(this.one('SELECT last_insert_rowid()')) : null,
      };
    });
  }

  /** The engine hands the row id out as a double: past 2^53 it is asked for again, whole. */
  private rowid(id: number | bigint): string {
    return Math.abs(Number(id)) < Number.MAX_SAFE_INTEGER ? String(id) : String(this.one('SELECT last_insert_rowid()'));
  }

  private one(sql: string): unknown {
    const row = this.prepare(sql).statement.all([]) as unknown[][];
    return row[0]?.[0];
  }

  private prepare(sql: string): Prepared {
    const known = this.prepared.get(sql);
    if (known) {
      this.prepared.delete(sql);
      this.prepared.set(sql, known);
      return known;
    }
    if (sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() === '') throw new HranaError('SQL has no statement', 'SQL_NO_STATEMENT');
    const statement = this.db.prepare(sql);
    const reader = statement.reader;
    const prepared: Prepared = {
      statement: reader ? statement.raw() : statement,
      names: parameters(sql),
      cols: reader ? statement.columns().map(({ name, type }) => ({ name, decltype: type })) : [],
      reader,
    };
    // A changed schema makes kept column lists stale, so they are let go.
    if (!reader && /^\s*(create|alter|drop)\b/i.test(sql)) this.prepared.clear();
    else this.prepared.set(sql, prepared);
    const oldest = this.prepared.keys().next();
    if (this.prepared.size > KEPT_STATEMENTS && !oldest.done) this.prepared.delete(oldest.value);
    return prepared;
  }

  private describe(sql: string): Record<string, unknown> {
    const { names, cols } = this.prepare(sql);
    return {
      params: names.map((name) => ({ name })),
      cols,
      is_explain: /^\s*explain\b/i.test(sql),
      is_readonly: isReadonly(sql),
    };
  }

  private sqlOf(from: { sql?: string | null | undefined; sql_id?: number | null | undefined }): string {
    const sql = from.sql ?? (typeof from.sql_id === 'number' ? this.stored.get(from.sql_id) : undefined);
    if (sql === undefined) throw new HranaError(`no SQL is stored under ${from.sql_id ?? 'nothing'}`, 'SQL_STORE_NOT_FOUND');
    if (leavesDatabase(sql)) throw new HranaError('ATTACH, DETACH and VACUUM INTO are not allowed', 'SQLITE_AUTH');
    return sql;
  }

  /** Runs `work`, and again while another connection holds the lock. A snapshot that has gone stale is not waited for. */
  private async patiently<T>(work: () => T): Promise<T> {
    const until = Date.now() + BUSY_LIMIT;
    for (let pause = 1; ; pause = Math.min(pause * 2, 20)) {
      try {
        return work();
      } catch (thrown) {
        if ((thrown as { code?: string }).code !== 'SQLITE_BUSY' || Date.now() > until) throw thrown;
        await wait(pause);
      }
    }
  }
}

/** Arguments by position, as many as the statement has; the engine itself would stop the process on a name that it does not find. */
function bind(names: (string | null)[], stmt: Stmt): unknown[] {
  const args: unknown[] = names.map(() => null);
  const given = stmt.args ?? [];
  if (given.length > names.length) {
    throw new HranaError(`${given.length} arguments for ${names.length} parameters`, 'ARGS_INVALID');
  }
  given.forEach((value, i) => {
    args[i] = fromValue(value);
  });
  for (const { name, value } of stmt.named_args ?? []) {
    const at = names.findIndex((one) => one !== null && (one === name || one.slice(1) === name));
    if (at < 0) throw new HranaError(`the statement has no parameter ${JSON.stringify(name)}`, 'ARGS_INVALID');
    args[at] = fromValue(value);
  }
  return args;
}

function fromValue(value: Value): unknown {
  switch (value.type) {
    case 'null':
      return null;
    case 'integer': {
      const integer = BigInt(value.value);
      if (BigInt.asIntN(64, integer) !== integer) throw new HranaError(`${value.value} is not a 64-bit integer`, 'ARGS_INVALID');
      return integer;
    }
    case 'float':
    case 'text':
      return value.value;
    case 'blob':
      return Buffer.from(value.base64, 'base64');
  }
}

function toValue(value: unknown): Value {
  if (value === null || value === undefined) return { type: 'null' };
  if (typeof value === 'bigint') return { type: 'integer', value: value.toString() };
  if (typeof value === 'number') return { type: 'float', value };
  if (typeof value === 'string') return { type: 'text', value };
  return {
    type: 'blob',
    base64: Buffer.from(value as Uint8Array)
      .toString('base64')
      .replace(/=+$/, ''),
  };
}

export type ErrorBody = { message: string; code: string };

/** What the client is told of a failure: the message, and SQLite's extended code where the engine gave one. */
export function errorBody(thrown: unknown): ErrorBody {
  const { message, code } = thrown as { message?: string; code?: string };
  return { message: message ?? String(thrown), code: code ?? 'SQLITE_UNKNOWN' };
}
