import { Column, fillPlaceholders, is, type Placeholder, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { drizzle } from 'drizzle-orm/libsql/web';
import type { Pipeline, Row, Sent } from './pipeline.ts';

/**
 * Statements whose SQL drizzle writes once, when the module is loaded: to write it anew was a fifth of what a page costs. A request brings the values.
 *
 *     const caseRow = prepared(['id'], (db, at) => db.select().from(cases).where(eq(cases.id, at.id)));
 *     const [[row]] = await ask(pipeline, caseRow({ id }));
 */

/** A statement with its values, and how to read what the database answers. */
export type Bound<Result> = Sent & { readonly read: (rows: readonly Row[]) => Result };

type Written = BatchItem<'sqlite'> & {
  prepare(): { getQuery(): { sql: string; params: unknown[] }; mapResult(answer: unknown, batch: boolean): unknown };
};

/** How names of columns follow from those of the schema. */
export const CASING = 'snake_case';

/** No database: it writes SQL. */
const writer = drizzle.mock({ casing: CASING });

/** @param names what a request brings; `at` has their places */
export function prepared<const Name extends string, Q extends Written>(
  names: readonly Name[],
  write: (db: typeof writer, at: Readonly<Record<Name, Placeholder<Name>>>) => Q,
): (values: Readonly<Record<Name, unknown>>) => Bound<Q['_']['result']> {
  const places = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Record<Name, Placeholder<Name>>;
  const statement = write(writer, places).prepare();
  const { sql: text, params } = statement.getQuery();
  const columns = columnsOf(statement);
  const read = (rows: readonly Row[]): Q['_']['result'] =>
    columns ? rows.map((row) => rowOf(columns, row)) : statement.mapResult({ rows }, true);
  return (values) => ({ sql: text, args: fillPlaceholders(params, values), read });
}

/** The columns that a statement reads, by their names in the row; null where it reads anything else, which drizzle puts together. */
function columnsOf(statement: object): [name: string, column: Column][] | null {
  const [fields, joins]: unknown[] = ['fields', 'joinsNotNullableMap'].map((name) => Reflect.get(statement, name));
  if (!Array.isArray(fields) || joins) return null;
  const columns = fields.flatMap(({ path, field }): [string, Column][] =>
    path.length === 1 && is(field, Column) ? [[path[0], field]] : [],
  );
  return columns.length === fields.length ? columns : null;
}

function rowOf(columns: readonly (readonly [string, Column])[], row: Row): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  let i = 0;
  for (const [name, column] of columns) {
    const value = row[i++];
    made[name] = value === null ? null : column.mapFromDriverValue(value);
  }
  return made;
}

/** One round trip, all or nothing: the statements in their order, in one transaction. */
export async function ask<const All extends readonly Bound<unknown>[]>(
  to: Pipeline,
  ...all: All
): Promise<{ -readonly [K in keyof All]: All[K] extends Bound<infer Result> ? Result : never }> {
  const answers = await to(all);
  return all.map(({ read }, i) => read(answers[i] ?? [])) as Awaited<ReturnType<typeof ask<All>>>;
}
