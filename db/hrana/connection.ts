import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { type Judgement, judge, unjudged } from './authority.ts';
import { nameOfCode } from './codes.ts';
import { type Batch, type Condition, HranaError, type StatementResult, type Stmt, type StreamRequest, type Value } from './protocol.ts';
import { isExplain, parameters } from './sql.ts';

/** How long a statement waits for another writer before it answers SQLITE_BUSY. */
const BUSY_LIMIT = 10_000;
const KEPT_STATEMENTS = 200;
const MEGABYTE = 1024 * 1024;
/** Largest text or blob, and largest answer to one statement, in bytes: a request that asks for more is refused before memory runs out. */
const VALUE_LIMIT = 64 * MEGABYTE;
const ANSWER_LIMIT = 128 * MEGABYTE;
const SQL_LIMIT = 4 * MEGABYTE;

type Prepared = { statement: StatementSync; names: (string | null)[]; reader: boolean; judgement: Judgement; rest: string };

/**
 * One connection to one database file, speaking Hrana's statements. The engine is SQLite as Node carries it: the package `libsql` ends the whole
 * process on text that is not UTF-8 (0.5.29 and 0.6.0-pre.41 alike, on every way of reading a row) and has no limits to set; files and dialect are
 * the same. The engine is called synchronously; while another connection holds the write lock a statement waits without blocking the process, so
 * that the holder can go on.
 */
export class Connection {
  private readonly db: DatabaseSync;
  private readonly prepared = new Map<string, Prepared>();
  private readonly stored = new Map<number, string>();
  private seen: Judgement = unjudged();
  /** A statement has changed more than data (temporary tables, settings): the connection is not for another stream. */
  private changed = false;

  constructor(file: string) {
    this.db = new DatabaseSync(file, {
      timeout: 0,
      allowExtension: false,
      defensive: true,
      readBigInts: true,
      returnArrays: true,
      limits: { attach: 0, length: VALUE_LIMIT, sqlLength: SQL_LIMIT },
    });
    // FULL: what was answered survives a power cut too, not only kill -9. secure_delete: what was erased is overwritten.
    this.db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF',
    );
    this.db.setAuthorizer((action, first, second) => judge(this.seen, action, first, second));
  }

  get autocommit(): boolean {
    return !this.db.isTransaction;
  }

  /** Back to a state in which another stream may use it. False where it cannot be: then it is to be closed. */
  reset(): boolean {
    if (this.db.isTransaction) this.db.exec('ROLLBACK');
    this.stored.clear();
    return !this.changed;
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
      const { statement, names, reader, judgement } = this.only(sql);
      const { named, positional } = bind(names, stmt);
      if (!reader) {
        const { changes, lastInsertRowid } = statement.run(named, ...positional);
        // SQLite's count stays what the last write made it: a statement that changes the schema has none of its own.
        const counted = judgement.writes && !judgement.schema;
        return { cols: [], rows: [], affected_row_count: counted ? Number(changes) : 0, last_insert_rowid: String(lastInsertRowid) };
      }
      const rows = rowsOf(statement, named, positional);
      return {
        cols: columnsOf(statement),
        rows: stmt.want_rows === false ? [] : rows,
        affected_row_count: judgement.writes ? Number(this.one('SELECT changes()')) : 0,
        last_insert_rowid: judgement.writes ? String(this.one('SELECT last_insert_rowid()')) : null,
      };
    });
  }

  /** Every statement of a text, one after the other; each waits for its lock by itself, so that none runs twice. */
  private async sequence(sql: string): Promise<void> {
    for (let rest = sql; rest !== ''; ) {
      const text = rest;
      rest = await this.patiently(() => {
        const prepared = this.next(text);
        if (!prepared) return '';
        if (prepared.reader) for (const _row of prepared.statement.iterate());
        else prepared.statement.run();
        return prepared.rest;
      });
    }
  }

  private one(sql: string): SQLOutputValue | undefined {
    return (this.only(sql).statement.get() as unknown as SQLOutputValue[] | undefined)?.[0];
  }

  /** The one statement of a text. @throws where it holds none, or something after it */
  private only(sql: string): Prepared {
    const known = this.prepared.get(sql);
    if (known) {
      this.prepared.delete(sql);
      this.prepared.set(sql, known);
      return known;
    }
    const prepared = this.next(sql);
    if (!prepared) throw new HranaError('SQL has no statement', 'SQL_NO_STATEMENT');
    if (!this.isBlank(prepared.rest)) throw new HranaError('SQL has more than one statement', 'SQL_MANY_STATEMENTS');
    // A changed schema makes what was judged and kept stale, so it is let go; what changes the connection is judged each time.
    if (prepared.judgement.schema) this.prepared.clear();
    else if (!prepared.judgement.passing) this.prepared.set(sql, prepared);
    const oldest = this.prepared.keys().next();
    if (this.prepared.size > KEPT_STATEMENTS && !oldest.done) this.prepared.delete(oldest.value);
    return prepared;
  }

  /** The first statement of a text and what follows it, compiled and judged by SQLite itself; null where there is no statement. */
  private next(sql: string): Prepared | null {
    if (sql.includes('\0')) throw new HranaError('SQL holds a NUL character', 'SQLITE_ERROR');
    this.seen = unjudged();
    let statement: StatementSync;
    try {
      statement = this.db.prepare(sql);
    } catch (thrown) {
      if ((thrown as { code?: string }).code === 'ERR_INVALID_ARG_VALUE') return null;
      if (this.seen.refused) throw new HranaError(`not allowed here: ${this.seen.refused}`, 'SQLITE_AUTH');
      throw thrown;
    } finally {
      this.changed ||= this.seen.passing;
    }
    const text = statement.sourceSQL;
    return {
      statement,
      names: parameters(text),
      reader: statement.columns().length > 0,
      judgement: this.seen,
      rest: sql.slice(text.length),
    };
  }

  private isBlank(sql: string): boolean {
    if (sql.trim() === '') return true;
    try {
      return this.next(sql) === null;
    } catch (thrown) {
      if ((thrown as { code?: string }).code === 'SQLITE_AUTH') throw thrown;
      return false;
    }
  }

  private describe(sql: string): Record<string, unknown> {
    const { statement, names, judgement } = this.only(sql);
    return {
      params: names.map((name) => ({ name })),
      cols: columnsOf(statement),
      is_explain: isExplain(sql),
      is_readonly: !judgement.writes && !judgement.schema && !judgement.passing,
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
        // Only SQLITE_BUSY itself: a snapshot that went stale (an extended code) does not come back by waiting.
        if ((thrown as { errcode?: number }).errcode !== 5 || Date.now() > until) throw thrown;
        await wait(pause);
      }
    }
  }
}

/**
 * Arguments as the engine takes them. In the protocol `args` go by position over all parameters and `named_args` by name, with or without the sign
 * before it; the engine takes names for those that have one and the others in their order.
 */
function bind(names: (string | null)[], stmt: Stmt): { named: Record<string, SQLInputValue>; positional: SQLInputValue[] } {
  const values: SQLInputValue[] = names.map(() => null);
  const given = stmt.args ?? [];
  if (given.length > names.length) {
    throw new HranaError(`${given.length} arguments for ${names.length} parameters`, 'ARGS_INVALID');
  }
  given.forEach((value, i) => {
    values[i] = fromValue(value);
  });
  for (const { name, value } of stmt.named_args ?? []) {
    const exact = names.indexOf(name);
    const at = exact >= 0 ? exact : names.findIndex((one) => one?.slice(1) === name);
    if (at < 0) throw new HranaError(`the statement has no parameter ${JSON.stringify(name)}`, 'ARGS_INVALID');
    values[at] = fromValue(value);
  }
  const named: Record<string, SQLInputValue> = Object.create(null);
  const positional: SQLInputValue[] = [];
  names.forEach((name, i) => {
    const value = values[i] ?? null;
    if (name === null || name.startsWith('?')) positional.push(value);
    else named[name] = value;
  });
  return { named, positional };
}

function rowsOf(statement: StatementSync, named: Record<string, SQLInputValue>, positional: SQLInputValue[]): Value[][] {
  const rows: Value[][] = [];
  let size = 0;
  for (const row of statement.iterate(named, ...positional) as unknown as Iterable<SQLOutputValue[]>) {
    for (const value of row) size += 16 + (typeof value === 'string' ? value.length : value instanceof Uint8Array ? value.length : 0);
    if (size > ANSWER_LIMIT) throw new HranaError(`an answer is at most ${ANSWER_LIMIT} bytes`, 'SQLITE_TOOBIG');
    rows.push(row.map(toValue));
  }
  return rows;
}

const columnsOf = (statement: StatementSync): StatementResult['cols'] =>
  statement.columns().map(({ name, type }) => ({ name, decltype: type }));

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

function toValue(value: SQLOutputValue): Value {
  if (value === null) return { type: 'null' };
  if (typeof value === 'bigint') return { type: 'integer', value: value.toString() };
  if (typeof value === 'number') return { type: 'float', value: Number.isFinite(value) ? value : infinite(value) };
  if (typeof value === 'string') return { type: 'text', value };
  return {
    type: 'blob',
    base64: Buffer.from(value).toString('base64').replace(/=+$/, ''),
  };
}

/** Infinity as JSON can write it: 1e999 is read back as Infinity, where JSON.stringify would make null of it. */
const infinite = (value: number): number => (JSON as unknown as { rawJSON(text: string): number }).rawJSON(value > 0 ? '1e999' : '-1e999');

export type ErrorBody = { message: string; code: string; extended_code?: string };

/** What the client is told of a failure: the message, SQLite's primary code (what `@libsql/client` compares), and the extended one beside it. */
export function errorBody(thrown: unknown): ErrorBody {
  const { message, code, errcode } = thrown as { message?: string; code?: string; errcode?: number };
  const said = message ?? String(thrown);
  if (thrown instanceof HranaError) return { message: said, code: thrown.code };
  if (typeof errcode === 'number') return { message: said, code: nameOfCode(errcode & 0xff), extended_code: nameOfCode(errcode) };
  return { message: said, code: code === 'ERR_OUT_OF_RANGE' || code === 'ERR_INVALID_ARG_TYPE' ? 'ARGS_INVALID' : 'SQLITE_UNKNOWN' };
}
