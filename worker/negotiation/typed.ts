import { COMPONENTS } from '../plan/format.ts';

/**
 * What a form holds, before anything is known of what it should: field names are paths (`terms.phases.0.amount`), and rows that were left blank are no rows.
 * Bounded before anything is made of it.
 */

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

export const isText = (value: string) => value.trim() !== '';
