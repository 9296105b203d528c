import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { ENGINE_ERRORS, type ErrorBody, errorBody } from './errors.ts';
import { type Judgement, judge, nothingYet } from './guard.ts';
import { type Batch, type Condition, HranaError, type StatementResult, type Stmt, type StreamRequest, type Value } from './protocol.ts';
import { isBlank, parameters } from './sql.ts';

/** How long a statement waits for another writer before it answers SQLITE_BUSY. */
const BUSY_LIMIT = 10_000;
const KEPT_STATEMENTS = 200;
const KEPT_SQL = 100;

type Prepared = { statement: StatementSync; names: (string | null)[]; judgement: Judgement };

/**
 * One connection to one database file, speaking Hrana's statements. The engine is called synchronously; while another connection holds the
 * write lock a statement waits without blocking the process, so that the holder can go on.
 */
export class Connection {
  private readonly db: DatabaseSync;
  private readonly prepared = new Map<string, Prepared>();
  private readonly stored = new Map<number, string>();
  /** What SQLite asked about the statement that it is compiling. */
  private judgement = nothingYet();
  private tainted = false;

  constructor(file: string) {
    this.db = new DatabaseSync(file, {
      readBigInts: true,
      returnArrays: true,
      allowExtension: false,
      allowBareNamedParameters: false,
      enableDoubleQuotedStringLiterals: false,
      defensive: true,
      timeout: 0,
      limits: { attach: 0 },
    });
    // FULL: what was answered survives a power cut too, not only kill -9. Erased bytes are overwritten, in the log too once it is reset.
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON');
    this.db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    this.db.setAuthorizer((action, first, second, database) => judge(this.judgement, action, first, second, database));
  }

  get autocommit(): boolean {
    return !this.db.isTransaction;
  }

  /**
   * Back to a state in which another stream may use it: an open transaction is rolled back, stored SQL forgotten.
   * @returns whether another stream may: not where this one left a setting or a temporary table
   */
  reset(): boolean {
    if (this.db.isTransaction) this.db.exec('ROLLBACK');
    this.stored.clear();
    return !this.tainted;
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
      case 'sequence':
        await this.sequence(this.sqlOf(request));
        return { type: 'sequence' };
      case 'describe':
        return { type: 'describe', result: this.describe(this.sqlOf(request)) };
      case 'store_sql':
        if (this.stored.has(request.sql_id)) throw new HranaError(`sql_id ${request.sql_id} is in use`, 'SQL_STORE_EXISTS');
        if (this.stored.size >= KEPT_SQL) throw new HranaError(`a stream stores at most ${KEPT_SQL} texts`, 'SQL_STORE_FULL');
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
      const { statement, judgement } = prepared;
      const [named, positional] = bind(prepared.names, stmt);
      // A changed schema has the engine compile the statement anew, and ask again.
      this.judgement = judgement;
      const columns = statement.columns();
      if (columns.length === 0) {
        const { changes, lastInsertRowid } = statement.run(named, ...positional);
        this.tainted ||= judgement.taints;
        return { cols: [], rows: [], affected_row_count: Number(changes), last_insert_rowid: String(lastInsertRowid) };
      }
      const rows = statement.all(named, ...positional) as unknown as unknown[][];
      this.tainted ||= judgement.taints;
      const cols = statement.columns().map(({ name, type }) => ({ name, decltype: type }));
      const values = stmt.want_rows === false ? [] : rows.map((row) => row.map(toValue));
      const [changes, rowid] = judgement.writes ? this.lastWrite() : [0n, null];
      return {
        cols,
        rows: values,
        affected_row_count: Number(changes),
        last_insert_rowid: rowid === null ? null : String(rowid),
      };
    });
  }

  /** Rows changed and last row id, of a statement that wrote and gave rows back (RETURNING). */
  private lastWrite(): [bigint, bigint] {
    const [row] = this.prepare('SELECT changes(), last_insert_rowid()').statement.all() as unknown as [bigint, bigint][];
    return row ?? [0n, 0n];
  }

  /** Each statement of a script, one after the other, as far as none fails. */
  private async sequence(script: string): Promise<void> {
    for (let rest = script; !isBlank(rest); ) {
      const statement = await this.patiently(() => {
        const [compiled, judgement] = this.compile(rest);
        if (compiled.columns().length > 0) compiled.all();
        else compiled.run();
        this.tainted ||= judgement.taints;
        return compiled;
      });
      rest = rest.slice(statement.sourceSQL.length);
    }
  }

  private prepare(sql: string): Prepared {
    const known = this.prepared.get(sql);
    if (known) {
      this.prepared.delete(sql);
      this.prepared.set(sql, known);
      return known;
    }
    const [statement, judgement] = this.compile(sql);
    if (!isBlank(sql.slice(statement.sourceSQL.length))) throw new HranaError('SQL has more than one statement', 'SQL_MANY_STATEMENTS');
    const prepared: Prepared = { statement, names: parameters(sql), judgement };
    this.prepared.set(sql, prepared);
    const oldest = this.prepared.keys().next();
    if (this.prepared.size > KEPT_STATEMENTS && !oldest.done) this.prepared.delete(oldest.value);
    return prepared;
  }

  /** The first statement of `sql`, compiled by SQLite, and what SQLite said that it does. */
  private compile(sql: string): [StatementSync, Judgement] {
    if (isBlank(sql)) throw new HranaError('SQL has no statement', 'SQL_NO_STATEMENT');
    if (sql.includes('\0')) throw new HranaError('SQL with a NUL in it', 'SQL_INVALID');
    const judgement = nothingYet();
    this.judgement = judgement;
    try {
      return [this.db.prepare(sql), judgement];
    } catch (thrown) {
      throw judgement.refused === null ? thrown : new HranaError(judgement.refused, 'SQLITE_AUTH');
    }
  }

  private describe(sql: string): Record<string, unknown> {
    const { names, statement, judgement } = this.prepare(sql);
    return {
      params: names.map((name) => ({ name })),
      cols: statement.columns().map(({ name, type }) => ({ name, decltype: type })),
      is_explain: /^\s*explain\b/i.test(sql),
      is_readonly: !judgement.writes,
    };
  }

  private sqlOf(from: { sql?: string | null | undefined; sql_id?: number | null | undefined }): string {
    const sql = from.sql ?? (typeof from.sql_id === 'number' ? this.stored.get(from.sql_id) : undefined);
    if (sql === undefined) throw new HranaError(`no SQL is stored under ${from.sql_id ?? 'nothing'}`, 'SQL_STORE_NOT_FOUND');
    return sql;
  }

  /** Runs `work`, and again while another connection holds the lock. A snapshot that has gone stale is not waited for. */
  private async patiently<T>(work: () => T): Promise<T> {
    const until = Date.now() + BUSY_LIMIT;
    for (let pause = 1; ; pause = Math.min(pause * 2, 20)) {
      try {
        return work();
      } catch (thrown) {
        const { refused } = this.judgement;
        // VACUUM asks only while it runs.
        if (refused !== null && !(thrown instanceof HranaError)) throw new HranaError(refused, 'SQLITE_AUTH');
        if ((thrown as { errcode?: number }).errcode !== ENGINE_ERRORS.SQLITE_BUSY || Date.now() > until) throw thrown;
        await wait(pause);
      }
    }
  }
}

/** Arguments for the engine: those with a name by it, the others (`?` and `?5`) in the order of their positions; what is not given is null. */
function bind(names: readonly (string | null)[], stmt: Stmt): [Record<string, SQLInputValue>, SQLInputValue[]] {
  const values: SQLInputValue[] = names.map(() => null);
  const given = stmt.args ?? [];
  if (given.length > names.length) {
    throw new HranaError(`${given.length} arguments for ${names.length} parameters`, 'ARGS_INVALID');
  }
  given.forEach((value, i) => {
    values[i] = fromValue(value);
  });
  for (const { name, value } of stmt.named_args ?? []) {
    const at = names.findIndex((one) => one !== null && (one === name || one.slice(1) === name));
    if (at < 0) throw new HranaError(`the statement has no parameter ${JSON.stringify(name)}`, 'ARGS_INVALID');
    values[at] = fromValue(value);
  }
  const isNamed = (name: string | null): name is string => name !== null && !name.startsWith('?');
  const named = Object.fromEntries(names.flatMap((name, i) => (isNamed(name) ? [[name, values[i] ?? null]] : [])));
  return [named, values.filter((_, i) => !isNamed(names[i] ?? null))];
}

function fromValue(value: Value): SQLInputValue {
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
