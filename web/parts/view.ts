import type { Language, Words } from '../words/index.ts';

/** What every page knows of its reader. */
export type View = {
  words: Words;
  language: Language;
  /** Path and query of the request: where a change of language comes back to. */
  path: string;
  person: { name: string; memberships: { slug: string; name: string }[] } | null;
  development: boolean;
};

/** What a person typed and what is wrong with it, field by field; '' is the form as a whole. */
export type Filled = { values: ReadonlyMap<string, readonly string[]>; errors: Readonly<Record<string, string>> };

export const BLANK: Filled = { values: new Map(), errors: {} };

/** A form filled in from what is known, field by field. */
export function filled(values: Record<string, string | number | null | undefined>): Filled {
  const entries = Object.entries(values).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, [String(value)]] as const]));
  return { values: new Map(entries), errors: {} };
}

export function valueOf(form: Filled, name: string): string {
  return form.values.get(name)?.[0] ?? '';
}
