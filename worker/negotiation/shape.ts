import { parseAmount, parsePercent, plainTyped } from '../plan/amount.ts';
import { isDate } from '../plan/calendar.ts';
import { isText, type Typed } from './typed.ts';

/**
 * Reading a form by the shape of what it should hold. A shape follows from a schema (`form.ts`) and is plain JSON, so that the server and the browser's
 * preview read a form by the same code. Amounts are read as people type them, blank fields are absent; what cannot be read goes on as typed.
 */

/** `by` are the fields that make a group one: the amounts and rates of it. */
type Group = { readonly of: Shape; readonly by: readonly string[] };

export type Shape =
  | ({ readonly is: 'optional' } & Group)
  | ({ readonly is: 'nullable' } & Group)
  | { readonly is: 'object'; readonly of: Readonly<Record<string, Shape>> }
  | { readonly is: 'array'; readonly of: Shape }
  | { readonly is: 'union'; readonly by: string; readonly of: Readonly<Record<string, Shape>> }
  | { readonly is: 'amount' | 'percent' | 'whole'; readonly least: number; readonly most: number }
  | { readonly is: 'only'; readonly value: unknown }
  | { readonly is: 'choice'; readonly of: readonly unknown[] }
  | { readonly is: 'date' | 'yes' | 'text' };

/** The shape of a T. */
export type ShapeOf<T> = Shape & { readonly t?: T };

/** A form as it is read: its values, the paths that lead to a field, and those that lead to one that is filled in. Each lookup is one step. */
type Fields = { values: Typed; groups: ReadonlySet<string>; filled: ReadonlySet<string> };

export function fieldsOf(values: Typed): Fields {
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

/** What a form holds of a shape, from a path on. `note` hears of every leaf, what it is and where. */
export function built(shape: Shape, path: string, fields: Fields, note: (path: string, is: Shape['is']) => void = () => {}): unknown {
  const within = (of: Shape, key: string | number) => built(of, join(path, key), fields, note);
  switch (shape.is) {
    case 'optional':
      return isAbsent(shape, path, fields) ? undefined : built(shape.of, path, fields, note);
    case 'nullable':
      return isAbsent(shape, path, fields) ? null : built(shape.of, path, fields, note);
    case 'object': {
      const entries = Object.entries(shape.of).map(([key, of]) => [key, within(of, key)] as const);
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
    case 'array': {
      // Rows by their numbers (`typed` has made them dense); several values of one name where the elements are simple.
      const simple = fields.values.get(path);
      if (simple) return simple.filter((value) => value !== '').map((value) => leafValue(shape.of, value));
      const rows: unknown[] = [];
      while (fields.groups.has(join(path, rows.length))) rows.push(within(shape.of, rows.length));
      return rows;
    }
    case 'union': {
      // The option that the discriminator names; with no such option the whole goes on, for the schema to refuse.
      const named = fields.values.get(join(path, shape.by))?.[0] ?? '';
      const option = Object.keys(shape.of).includes(named) ? shape.of[named] : undefined;
      return option ? built(option, path, fields, note) : { [shape.by]: named };
    }
    default:
      note(path, shape.is);
      return leafValue(shape, fields.values.get(path)?.[0]);
  }
}

/** A group counts as absent where the amounts and rates that make it one are blank, whatever its selects and dates say. */
function isAbsent({ by }: Group, path: string, { filled }: Fields): boolean {
  return by.length > 0 ? by.every((key) => !filled.has(join(path, key))) : !filled.has(path);
}

function join(path: string, key: string | number): string {
  return path ? `${path}.${key}` : String(key);
}

/** What a client may say of a box that is not ticked, of which a browser says nothing: no is never read as yes. */
const NOT_TICKED = /^(?:no|off|false|0)?$/i;

function leafValue(shape: Shape, value: string | undefined): unknown {
  if (shape.is === 'yes') return value !== undefined && !NOT_TICKED.test(value.trim());
  if (shape.is === 'only' && value === undefined) return shape.value;
  if (value === undefined) return undefined;
  if (shape.is === 'amount') return value.trim() === '' ? undefined : (parseAmount(value) ?? value);
  if (shape.is === 'percent') return value.trim() === '' ? undefined : (parsePercent(value) ?? value);
  if (shape.is === 'whole') return whole(value);
  return shape.is === 'date' ? value.trim().normalize('NFKC') : value;
}

function whole(value: string): number | string | undefined {
  const text = plainTyped(value);
  if (text === '') return undefined;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : value;
}

/** Whether nothing is missing or beyond its bounds, as far as a shape tells: enough for a preview. What counts is held against the schema. */
export function isWhole<T>(shape: ShapeOf<T>, value: unknown): value is T {
  switch (shape.is) {
    case 'optional':
      return value === undefined || isWhole(shape.of, value);
    case 'nullable':
      return value === null || isWhole(shape.of, value);
    case 'object':
      return isObject(value) && Object.entries(shape.of).every(([key, of]) => isWhole(of, value[key]));
    case 'array':
      return Array.isArray(value) && value.every((one) => isWhole(shape.of, one));
    case 'union': {
      const option = isObject(value) ? shape.of[String(value[shape.by])] : undefined;
      return option !== undefined && isWhole(option, value);
    }
    case 'amount':
    case 'percent':
    case 'whole':
      return typeof value === 'number' && value >= shape.least && value <= shape.most;
    case 'only':
      return value === shape.value;
    case 'choice':
      return shape.of.includes(value);
    case 'date':
      return typeof value === 'string' && isDate(value);
    case 'yes':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
