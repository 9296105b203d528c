import * as z from 'zod';
import { parseAmount, parsePercent, plainTyped } from '../plan/amount.ts';
import { COMPONENTS } from '../plan/format.ts';
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

/**
 * What a form may hold. The largest page of ours has some two hundred fields; texts are bounded by their schemas, and come back whole
 * where they are longer, so that they can be shortened.
 */
export const FORM_BOUNDS = { fields: 2_000, name: 200, depth: 8, index: 999, value: 65_536, body: 1_048_576 } as const;

/** A form beyond those bounds: it cannot have come from a page of ours. */
export class FormTooLarge extends Error {}

/** Path segments that name what every object has. No field of ours is called so. */
const RESERVED = new Set(['__proto__', 'prototype', 'constructor']);

/** The fields of a body of `application/x-www-form-urlencoded`. @throws FormTooLarge */
export function typedBody(body: string): Typed {
  let fields = 1;
  // Counted before anything is made of them.
  for (let at = body.indexOf('&'); at >= 0; at = body.indexOf('&', at + 1)) if (++fields > FORM_BOUNDS.fields) throw new FormTooLarge();
  return typed(new URLSearchParams(body));
}

/** The text fields of a form. @throws FormTooLarge */
export function typed(form: Iterable<[string, unknown]>): Typed {
  const values = new Map<string, string[]>();
  let fields = 0;
  let all = 0;
  for (const [name, value] of form) {
    if (++fields > FORM_BOUNDS.fields || !isName(name)) throw new FormTooLarge();
    if (typeof value !== 'string') continue;
    all += value.length;
    if (value.length > FORM_BOUNDS.value || all > FORM_BOUNDS.body) throw new FormTooLarge();
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return dense(values);
}

function isName(name: string): boolean {
  if (name.length > FORM_BOUNDS.name) return false;
  const segments = name.split('.');
  return segments.length <= FORM_BOUNDS.depth && !segments.some((one) => RESERVED.has(one) || /^-?\d{4,}$/.test(one));
}

/** A part of a debt that was left blank is none: one rule for everybody who states one. `path` is where the form has the debt. */
export function zeroed(values: Typed, path: string): Typed {
  const all = new Map(values);
  for (const part of COMPONENTS) {
    const name = `${path}.${part}`;
    if ((all.get(name)?.[0] ?? '').trim() === '') all.set(name, ['0']);
  }
  return all;
}

/** A row of a list: what was typed in it, by the rest of each name, and whether it counts. */
type Row = { list: string; fields: [rest: string, values: readonly string[]][]; number: number | null };

/** Leaves blank rows out and numbers the others from 0, so that a row's number is its place and a fault stands beside its field. */
function dense(values: Typed): Typed {
  const rows = new Map<string, Row>();
  for (const [name, all] of values) {
    const match = ROW.exec(name);
    if (!match) continue;
    const [, list = '', no = '', rest = ''] = match;
    const row = rows.get(`${list}${no}`) ?? { list, fields: [], number: null };
    row.fields.push([rest, all]);
    rows.set(`${list}${no}`, row);
  }
  const next = new Map<string, number>();
  for (const row of rows.values()) {
    if (isBlank(row)) continue;
    row.number = next.get(row.list) ?? 0;
    next.set(row.list, row.number + 1);
  }
  const result = new Map<string, readonly string[]>();
  for (const [name, all] of values) {
    const match = ROW.exec(name);
    const row = match ? rows.get(`${match[1]}${match[2]}`) : undefined;
    if (!match || !row) result.set(name, all);
    else if (row.number !== null) result.set(`${row.list}${row.number}${match[3]}`, all);
  }
  return result;
}

const ROW = /^(.*?\.)(\d{1,3})(\..*)$/;

/** A row counts as blank where what makes it a row is blank: its amount, or without one its kind, or else everything. */
function isBlank({ fields }: Row): boolean {
  const field = (name: string) => fields.find(([rest]) => rest === name)?.[1][0];
  const [kind, amount] = [field('.kind'), field('.amount')];
  if (kind !== undefined && field('.count') !== undefined) return kind === '';
  return amount === undefined ? !fields.some(([, all]) => all.some(isText)) : !isText(amount);
}

const isText = (value: string) => value.trim() !== '';

/** A form as it is read: its values, the paths that lead to a field, and those that lead to one that is filled in. Each lookup is one step. */
type Fields = { values: Typed; groups: ReadonlySet<string>; filled: ReadonlySet<string> };

function fieldsOf(values: Typed): Fields {
  const groups = new Set<string>();
  const filled = new Set<string>();
  for (const [name, all] of values) {
    const text = all.some(isText);
    if (text) filled.add(name);
    for (let at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1)) {
      const group = name.slice(0, at);
      groups.add(group);
      if (text) filled.add(group);
    }
  }
  return { values, groups, filled };
}

export function readForm<S extends z.ZodType>(schema: S, values: Typed): Read<z.output<S>> {
  const kinds = new Map<string, string>();
  const read = schema.safeParse(build(schema, '', fieldsOf(values), kinds) ?? {}, { reportInput: true });
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
  build(schema, '', fieldsOf(values), kinds);
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

function build(schema: z.ZodType, path: string, fields: Fields, kinds: Map<string, string>): unknown {
  const def: Def = schema.def;
  const as = leaf.get(schema)?.as;
  if (as) kinds.set(path, as);
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
      return absent(inner(def), path, fields) ? undefined : build(inner(def), path, fields, kinds);
    case 'nullable':
      return absent(inner(def), path, fields) ? null : build(inner(def), path, fields, kinds);
    case 'pipe':
      return def.in ? build(def.in, path, fields, kinds) : undefined;
    case 'object':
      return object(def.shape ?? {}, path, fields, kinds);
    case 'array':
      return array(def.element, path, fields, kinds);
    case 'union':
      return union(def, path, fields, kinds);
    default:
      return leafValue(schema, def, as, path, fields);
  }
}

/** A group counts as absent where the amounts and rates that make it one are blank, whatever its selects and dates say. */
function absent(schema: z.ZodType, path: string, fields: Fields): boolean {
  const { shape = {} }: Def = schema.def;
  const measured = Object.keys(shape).filter((key) => ['amount', 'percent'].includes(leaf.get(shape[key] ?? z.never())?.as ?? ''));
  return measured.length > 0 ? measured.every((key) => !fields.filled.has(join(path, key))) : !fields.filled.has(path);
}

function inner(def: Def): z.ZodType {
  if (!def.innerType) throw new Error(`A schema of type ${def.type} has no inner type.`);
  return def.innerType;
}

function join(path: string, key: string | number): string {
  return path ? `${path}.${key}` : String(key);
}

function object(shape: Record<string, z.ZodType>, path: string, fields: Fields, kinds: Map<string, string>): Record<string, unknown> {
  const entries = Object.entries(shape).map(([key, field]) => [key, build(field, join(path, key), fields, kinds)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Rows by their numbers (`typed` has made them dense); several values of one name where the elements are simple. */
function array(element: z.ZodType | undefined, path: string, fields: Fields, kinds: Map<string, string>): unknown[] {
  if (!element) return [];
  const simple = fields.values.get(path);
  if (simple) return simple.filter((value) => value !== '');
  const rows: unknown[] = [];
  while (fields.groups.has(join(path, rows.length))) {
    rows.push(build(element, join(path, rows.length), fields, kinds));
  }
  return rows;
}

/** The option that the discriminator names; with no such option the whole goes on, for the schema to refuse. */
function union(def: Def, path: string, fields: Fields, kinds: Map<string, string>): unknown {
  const key = def.discriminator;
  if (!key) return fields.values.get(path)?.[0];
  const named = fields.values.get(join(path, key))?.[0] ?? '';
  const option = def.options?.find((one) => ((one.def as Def).shape?.[key]?.def as Def | undefined)?.values?.includes(named));
  return option ? build(option, path, fields, kinds) : { [key]: named };
}

function leafValue(schema: z.ZodType, def: Def, as: string | undefined, path: string, fields: Fields): unknown {
  const value = fields.values.get(path)?.[0];
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
