import * as z from 'zod';
import { parseAmount, parsePercent, plainTyped } from '../plan/amount.ts';
import { leaf } from '../plan/terms.ts';

/**
 * Reading a form by the same zod schema that reads JSON. Field names are paths (`terms.phases.0.amount`); amounts are read as people type
 * them, blank fields are absent, and rows that were left blank are no rows. What cannot be read goes on as typed, for the schema to refuse.
 */

/** What is wrong with a field: a zod issue with the kind of the leaf, from which `web/words` makes a sentence. */
export type FieldIssue = { path: string; issue: z.core.$ZodIssue; as: string | undefined };

export type Read<T> = { ok: true; input: T } | { ok: false; issues: FieldIssue[] };

/** What a person typed, field by field, so that a refused form comes back filled in. */
export type Typed = ReadonlyMap<string, readonly string[]>;

export function typed(data: FormData): Typed {
  const values = new Map<string, string[]>();
  for (const [name, value] of data) if (typeof value === 'string') values.set(name, [...(values.get(name) ?? []), value]);
  return dense(values);
}

/** Leaves blank rows out and numbers the others from 0, so that a row's number is its place and a fault stands beside its field. */
function dense(values: Typed): Typed {
  const numbers = new Map<string, number>();
  const next = new Map<string, number>();
  const result = new Map<string, readonly string[]>();
  for (const [name, all] of values) {
    const match = /^(.*?\.)(\d{1,3})(\..*)$/.exec(name);
    if (!match) {
      result.set(name, all);
      continue;
    }
    const [, list = '', row = '', rest = ''] = match;
    if (blankRow(`${list}${row}`, values)) continue;
    const known = numbers.get(`${list}${row}`);
    const number = known ?? next.get(list) ?? 0;
    if (known === undefined) {
      numbers.set(`${list}${row}`, number);
      next.set(list, number + 1);
    }
    result.set(`${list}${number}${rest}`, all);
  }
  return result;
}

export function readForm<S extends z.ZodType>(schema: S, values: Typed): Read<z.output<S>> {
  const kinds = new Map<string, string>();
  const read = schema.safeParse(build(schema, '', values, kinds) ?? {}, { reportInput: true });
  if (read.success) return { ok: true, input: read.data };
  return { ok: false, issues: read.error.issues.map((issue) => at(issue, kinds)) };
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
  const kinds = new Map<string, string>();
  build(schema, '', values, kinds);
  const amounts = [...kinds].flatMap(([path, as]) => (as === 'amount' ? [[path, parseAmount(values.get(path)?.[0] ?? '')] as const] : []));
  return Object.fromEntries(
    amounts.filter((one): one is [string, number] => one[1] !== null && one[1] > 0 && !shown.includes(String(one[1]))),
  );
}

/** A JSON body by a schema. */
export function readJson<S extends z.ZodType>(schema: S, body: unknown): Read<z.output<S>> {
  const read = schema.safeParse(body, { reportInput: true });
  if (read.success) return { ok: true, input: read.data };
  return { ok: false, issues: read.error.issues.map((issue) => at(issue, new Map())) };
}

function at(issue: z.core.$ZodIssue, kinds: Map<string, string>): FieldIssue {
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
};

function build(schema: z.ZodType, path: string, values: Typed, kinds: Map<string, string>): unknown {
  const def = schema.def as Def;
  const as = leaf.get(schema as never)?.as;
  if (as) kinds.set(path, as);
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
      return absent(inner(def), path, values) ? undefined : build(inner(def), path, values, kinds);
    case 'nullable':
      return absent(inner(def), path, values) ? null : build(inner(def), path, values, kinds);
    case 'pipe':
      return def.in ? build(def.in, path, values, kinds) : undefined;
    case 'object':
      return object(def.shape ?? {}, path, values, kinds);
    case 'array':
      return array(def.element, path, values, kinds);
    case 'union':
      return union(def, path, values, kinds);
    default:
      return leafValue(schema, def, as, path, values);
  }
}

/** A group counts as absent where the amounts and rates that make it one are blank, whatever its selects and dates say. */
function absent(schema: z.ZodType, path: string, values: Typed): boolean {
  const shape = (schema.def as Def).shape ?? {};
  const measured = Object.keys(shape).filter((key) => ['amount', 'percent'].includes(leaf.get(shape[key] as never)?.as ?? ''));
  return measured.length > 0 ? measured.every((key) => blank(join(path, key), values)) : blank(path, values);
}

function inner(def: Def): z.ZodType {
  if (!def.innerType) throw new Error(`A schema of type ${def.type} has no inner type.`);
  return def.innerType;
}

function join(path: string, key: string | number): string {
  return path ? `${path}.${key}` : String(key);
}

function object(shape: Record<string, z.ZodType>, path: string, values: Typed, kinds: Map<string, string>): Record<string, unknown> {
  const entries = Object.entries(shape).map(([key, field]) => [key, build(field, join(path, key), values, kinds)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Rows by their numbers (`typed` has made them dense); several values of one name where the elements are simple. */
function array(element: z.ZodType | undefined, path: string, values: Typed, kinds: Map<string, string>): unknown[] {
  if (!element) return [];
  const simple = values.get(path);
  if (simple) return simple.filter((value) => value !== '');
  const rows: unknown[] = [];
  while ([...values.keys()].some((name) => name.startsWith(`${path}.${rows.length}.`))) {
    rows.push(build(element, join(path, rows.length), values, kinds));
  }
  return rows;
}

/** A row counts as blank where what makes it a row is blank: its amount, or without one its kind, or else everything. */
function blankRow(path: string, values: Typed): boolean {
  const kind = values.get(`${path}.kind`)?.[0];
  const amount = values.get(`${path}.amount`)?.[0];
  if (kind !== undefined && values.has(`${path}.count`)) return kind === '';
  return amount === undefined ? blank(path, values) : amount.trim() === '';
}

function blank(path: string, values: Typed): boolean {
  for (const [name, all] of values) {
    if ((name === path || name.startsWith(`${path}.`)) && all.some((value) => value.trim() !== '')) return false;
  }
  return true;
}

/** The option that the discriminator names; with no such option the whole goes on, for the schema to refuse. */
function union(def: Def, path: string, values: Typed, kinds: Map<string, string>): unknown {
  const key = def.discriminator;
  if (!key) return values.get(path)?.[0];
  const named = values.get(join(path, key))?.[0] ?? '';
  const option = def.options?.find((one) => ((one.def as Def).shape?.[key]?.def as Def | undefined)?.values?.includes(named));
  return option ? build(option, path, values, kinds) : { [key]: named };
}

function leafValue(schema: z.ZodType, def: Def, as: string | undefined, path: string, values: Typed): unknown {
  const value = values.get(path)?.[0];
  if (def.type === 'boolean') return value !== undefined && value !== '';
  if (def.type === 'literal' && value === undefined) return def.values?.[0];
  if (value === undefined) return undefined;
  if (as === 'amount') return value.trim() === '' ? undefined : (parseAmount(value) ?? value);
  if (as === 'percent') return value.trim() === '' ? undefined : (parsePercent(value) ?? value);
  if (schema instanceof z.ZodNumber) return whole(value);
  return as === 'date' ? value.trim().normalize('NFKC') : value;
}

function whole(value: string): number | string | undefined {
  const text = plainTyped(value);
  if (text === '') return undefined;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : value;
}
