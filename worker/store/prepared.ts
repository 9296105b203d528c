import { Column, getTableName, is, noopDecoder, Param, Placeholder, SQL, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { drizzle } from 'drizzle-orm/libsql/web';
import type { Row } from './answer.ts';
import type { Pipeline, Sent } from './pipeline.ts';
import { frozen } from './remembered.ts';

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
  const values = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Record<Name, Placeholder<Name>>;
  const statement = write(writer, values).prepare();
  const { sql: text, params } = statement.getQuery();
  const fills = params.map(fillOf);
  const places = placesOf(statement);
  const made = (rows: readonly Row[]): Q['_']['result'] =>
    places ? rows.map((row) => rowOf(places, row)) : statement.mapResult({ rows }, true);
  /** What is made of rows that are remembered is made once, and is to be changed as little as they are. */
  const known = new WeakMap<readonly Row[], Q['_']['result']>();
  const read = (rows: readonly Row[]): Q['_']['result'] => {
    if (!Object.isFrozen(rows)) return made(rows);
    const before = known.get(rows);
    if (before) return before;
    const now = frozen(made(rows));
    known.set(rows, now);
    return now;
  };
  return (values) => ({ sql: text, args: fills.map((fill) => fill(values)), read });
}

/** What stands in a place of a statement, by what a request brings: drizzle finds that out of each place anew, and a command has hundreds. @throws where nothing is brought for it */
function fillOf(param: unknown): (values: Readonly<Record<string, unknown>>) => unknown {
  if (is(param, Placeholder)) return (values) => brought(values, param.name);
  if (!is(param, Param) || !is(param.value, Placeholder)) return () => param;
  const { encoder, value } = param;
  return (values) => encoder.mapToDriverValue(brought(values, value.name));
}

function brought(values: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!(name in values)) throw new TypeError(`A statement was given no value of ${name}.`);
  return values[name];
}

/** Where a value of a row goes: under a name, or under a name of a table that was joined; and what is made of it, null where it stays as it came. */
type Place = { name: string; of: string | null; decode: ((value: unknown) => unknown) | null };
/** `absent` are tables that may have had nothing to join: their first column is null then, as drizzle has it. */
type Places = { places: readonly Place[]; absent: ReadonlySet<string> };

/**
 * Where the values that a statement reads go, by their names in the row. drizzle works that out for each value of each row anew, and of what is read with every
 * request that was more than reading it; null where a row is put together in a way that is not known here.
 */
function placesOf(statement: object): Places | null {
  const [fields, joined]: unknown[] = ['fields', 'joinsNotNullableMap'].map((name) => Reflect.get(statement, name));
  if (!Array.isArray(fields)) return null;
  const places: Place[] = [];
  const tableOf = new Map<string, string>();
  for (const { path, field } of fields) {
    const [one = '', two] = path;
    const decoder = is(field, Column) ? field : is(field, SQL) && two === undefined ? Reflect.get(field, 'decoder') : null;
    if (!decoder || path.length > 2) return null;
    places.push({ name: two ?? one, of: two === undefined ? null : one, decode: decodeOf(decoder) });
    if (two === undefined) continue;
    const table = getTableName(field.table);
    if (tableOf.has(one) && tableOf.get(one) !== table) return null;
    tableOf.set(one, table);
  }
  const absent = [...tableOf].flatMap(([name, table]) => (isRecord(joined) && joined[table] === false ? [name] : []));
  return { places, absent: new Set(absent) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What a decoder makes of a value; null where it is the value. */
function decodeOf(decoder: { mapFromDriverValue(value: unknown): unknown }): Place['decode'] {
  const isPlain = decoder.mapFromDriverValue === Column.prototype.mapFromDriverValue || decoder === noopDecoder;
  return isPlain ? null : (value) => decoder.mapFromDriverValue(value);
}

function rowOf({ places, absent }: Places, row: Row): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  let of: string | null = null;
  let at = made;
  let i = 0;
  for (const place of places) {
    const value = row[i++];
    if (place.of !== of) {
      of = place.of;
      const known = of === null ? made : made[of];
      if (of !== null && known === undefined && value === null && absent.has(of)) made[of] = null;
      at = isRecord(known) ? known : {};
      if (of !== null && known === undefined && made[of] === undefined) made[of] = at;
    }
    at[place.name] = value === null || place.decode === null ? value : place.decode(value);
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
