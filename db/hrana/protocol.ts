import * as z from 'zod';

/** The part of Hrana 2 over HTTP that the server speaks, as schemas: https://github.com/tursodatabase/libsql → docs/HRANA_2_SPEC.md. */

const Value = z.discriminatedUnion('type', [
  z.object({ type: z.literal('null') }),
  z.object({ type: z.literal('integer'), value: z.string().regex(/^-?\d{1,19}$/) }),
  z.object({ type: z.literal('float'), value: z.number() }),
  z.object({ type: z.literal('text'), value: z.string() }),
  z.object({ type: z.literal('blob'), base64: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/) }),
]);
export type Value = z.infer<typeof Value>;

const Stmt = z.object({
  sql: z.string().nullish(),
  sql_id: z.int().nullish(),
  args: z.array(Value).nullish(),
  named_args: z.array(z.object({ name: z.string(), value: Value })).nullish(),
  want_rows: z.boolean().nullish(),
});
export type Stmt = z.infer<typeof Stmt>;

export type Condition =
  | { type: 'ok' | 'error'; step: number }
  | { type: 'not'; cond: Condition }
  | { type: 'and' | 'or'; conds: Condition[] }
  | { type: 'is_autocommit' };

const Condition: z.ZodType<Condition> = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ok', 'error']), step: z.int().min(0) }),
  z.object({ type: z.literal('not'), cond: z.lazy(() => Condition) }),
  z.object({ type: z.enum(['and', 'or']), conds: z.array(z.lazy(() => Condition)) }),
  z.object({ type: z.literal('is_autocommit') }),
]);

const Batch = z.object({ steps: z.array(z.object({ condition: Condition.nullish(), stmt: Stmt })) });
export type Batch = z.infer<typeof Batch>;

const SqlOrId = { sql: z.string().nullish(), sql_id: z.int().nullish() };

export const StreamRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('close') }),
  z.object({ type: z.literal('execute'), stmt: Stmt }),
  z.object({ type: z.literal('batch'), batch: Batch }),
  z.object({ type: z.literal('sequence'), ...SqlOrId }),
  z.object({ type: z.literal('describe'), ...SqlOrId }),
  z.object({ type: z.literal('store_sql'), sql_id: z.int(), sql: z.string() }),
  z.object({ type: z.literal('close_sql'), sql_id: z.int() }),
  z.object({ type: z.literal('get_autocommit') }),
]);
export type StreamRequest = z.infer<typeof StreamRequest>;

export const Pipeline = z.object({ baton: z.string().nullish(), requests: z.array(StreamRequest).max(10_000) });

export type StatementResult = {
  cols: { name: string; decltype: string | null }[];
  rows: Value[][];
  affected_row_count: number;
  last_insert_rowid: string | null;
};

/** An error as the protocol carries it: a message and, where SQLite gave one, its extended code such as SQLITE_CONSTRAINT_UNIQUE. */
export class HranaError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}
