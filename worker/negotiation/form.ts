import * as z from 'zod';
import { parseAmount } from '../plan/amount.ts';
import { leaf } from '../plan/terms.ts';
import { noteRead } from './reads.ts';
import { built, fieldsOf, type Shape, type ShapeOf } from './shape.ts';
import type { Typed } from './typed.ts';

export { FORM_BOUNDS, FormTooLarge, type Typed, typed, typedBody, zeroed } from './typed.ts';

/** Reading a form by the same zod schema that reads JSON. */

/** What is wrong with a field: a zod issue with what the field is, from which `web/words` makes a sentence. */
export type FieldIssue = { path: string; issue: z.core.$ZodIssue; as: Shape['is'] | undefined };

export type Read<T> = { ok: true; input: T } | { ok: false; issues: FieldIssue[] };

export function readForm<S extends z.ZodType>(schema: S, values: Typed): Read<z.output<S>> {
  const kinds = new Map<string, Shape['is']>();
  const read = schema.safeParse(built(shapeOf(schema), '', fieldsOf(values), (path, is) => kinds.set(path, is)) ?? {}, {
    reportInput: true,
  });
  if (!read.success) return { ok: false, issues: read.error.issues.map((issue) => at(issue, kinds)) };
  noteRead(schema, read.data);
  return { ok: true, input: read.data };
}

/** A page's forms tell what they have shown of each amount: what it was read as, in 分; blank where a field was blank. See `AmountField`. */
const SHOWN = 'shown[]';

/**
 * Amounts that were typed and that the page had not yet shown as they are read, by field, in 分. Empty where a form shows none, as when a program
 * sends it: a person sees every amount, in capitals too, before it counts.
 */
export function unseenAmounts(schema: z.ZodType, values: Typed): Record<string, number> {
  const shown = values.get(SHOWN);
  if (!shown) return {};
  const amounts: [string, number | null][] = [];
  built(shapeOf(schema), '', fieldsOf(values), (path, is) => {
    if (is === 'amount') amounts.push([path, parseAmount(values.get(path)?.[0] ?? '')]);
  });
  return Object.fromEntries(
    amounts.filter((one): one is [string, number] => one[1] !== null && one[1] > 0 && !shown.includes(String(one[1]))),
  );
}

/** A JSON body by a schema. */
export function readJson<S extends z.ZodType>(schema: S, body: unknown): Read<z.output<S>> {
  const read = schema.safeParse(body, { reportInput: true });
  if (!read.success) return { ok: false, issues: read.error.issues.map((issue) => at(issue, new Map())) };
  noteRead(schema, read.data);
  return { ok: true, input: read.data };
}

function at(issue: z.core.$ZodIssue, kinds: ReadonlyMap<string, Shape['is']>): FieldIssue {
  const path = issue.path.join('.');
  return { path, issue, as: kinds.get(path) };
}

type Def = z.core.$ZodTypeDef & {
  innerType?: z.ZodType;
  in?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  options?: z.ZodType[];
  discriminator?: string;
  values?: unknown[];
  entries?: Record<string, unknown>;
};

const shapes = new WeakMap<z.ZodType, Shape>();

/** The shape that a form of a schema has. */
export function shapeOf<S extends z.ZodType>(schema: S): ShapeOf<z.output<S>> {
  const known = shapes.get(schema) ?? shaped(schema);
  shapes.set(schema, known);
  return known;
}

function shaped(schema: z.ZodType): Shape {
  const def: Def = schema.def;
  const as = leaf.get(schema)?.as;
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
      return { is: 'optional', of: shapeOf(inner(def)), by: measures(inner(def)) };
    case 'nullable':
      return { is: 'nullable', of: shapeOf(inner(def)), by: measures(inner(def)) };
    case 'pipe':
      return def.in ? shapeOf(def.in) : { is: 'text' };
    case 'object':
      return { is: 'object', of: each(def.shape ?? {}) };
    case 'array':
      return def.element ? { is: 'array', of: shapeOf(def.element) } : { is: 'text' };
    case 'union':
      return def.discriminator ? { is: 'union', by: def.discriminator, of: options(def, def.discriminator) } : { is: 'text' };
    case 'boolean':
      return { is: 'yes' };
    case 'literal':
      return { is: 'only', value: def.values?.[0] };
    case 'enum':
      return { is: 'choice', of: Object.values(def.entries ?? {}) };
    default:
      if (schema instanceof z.ZodNumber) {
        const is = as === 'amount' || as === 'percent' ? as : 'whole';
        return { is, least: schema.minValue ?? Number.MIN_SAFE_INTEGER, most: schema.maxValue ?? Number.MAX_SAFE_INTEGER };
      }
      return { is: as === 'date' ? 'date' : 'text' };
  }
}

function inner(def: Def): z.ZodType {
  if (!def.innerType) throw new Error(`A schema of type ${def.type} has no inner type.`);
  return def.innerType;
}

function each(shape: Record<string, z.ZodType>): Record<string, Shape> {
  return Object.fromEntries(Object.entries(shape).map(([key, field]) => [key, shapeOf(field)]));
}

/** The amounts and rates of a group. */
function measures(schema: z.ZodType): string[] {
  const { shape = {} }: Def = schema.def;
  return Object.keys(shape).filter((key) => ['amount', 'percent'].includes(leaf.get(shape[key] ?? z.never())?.as ?? ''));
}

/** The options of a union by what its discriminator may say. */
function options(def: Def, key: string): Record<string, Shape> {
  const valuesOf = (one: z.ZodType) => ((one.def as Def).shape?.[key]?.def as Def | undefined)?.values ?? [];
  return Object.fromEntries((def.options ?? []).flatMap((one) => valuesOf(one).map((value) => [String(value), shapeOf(one)])));
}
