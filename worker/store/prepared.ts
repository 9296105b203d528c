import { fillPlaceholders, type Placeholder, sql } from 'drizzle-orm';
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
  const read = (rows: readonly Row[]): Q['_']['result'] => statement.mapResult({ rows }, true);
  return (values) => ({ sql: text, args: fillPlaceholders(params, values), read });
}

/** One round trip, all or nothing: the statements in their order, in one transaction. */
export async function ask<const All extends readonly Bound<unknown>[]>(
  to: Pipeline,
  ...all: All
): Promise<{ -readonly [K in keyof All]: All[K] extends Bound<infer Result> ? Result : never }> {
  const answers = await to(all);
  return all.map(({ read }, i) => read(answers[i] ?? [])) as Awaited<ReturnType<typeof ask<All>>>;
}
