import * as z from 'zod';

/** Looking at schemas from outside: which parts have no bound, the largest input that one takes, and inputs one step beyond. */

type Def = {
  type: string;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  innerType?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
  options?: z.ZodType[];
  values?: unknown[];
  entries?: Record<string, string>;
  checks?: { _zod: { def: { check: string; maximum?: number; length?: number } } }[];
};
const defOf = (schema: z.ZodType) => schema.def as unknown as Def;

/** What a pipe lets through: its end, or where that is a mere change of what came, its beginning. */
function read({ in: first, out: last }: Def): z.ZodType {
  return last && defOf(last).type !== 'transform' ? last : (first ?? z.unknown());
}

/** The most items that an array takes, or null. */
function mostOf(schema: z.ZodType): number | null {
  const most = (defOf(schema).checks ?? []).flatMap(({ _zod: { def } }) =>
    def.check === 'max_length' ? [def.maximum ?? 0] : def.check === 'length_equals' ? [def.length ?? 0] : [],
  );
  return most.length > 0 ? Math.min(...most) : null;
}

/** Every part of a schema that has no bound, by its path. */
export function unbounded(schema: z.ZodType, path = '$'): string[] {
  const def = defOf(schema);
  const wrong = (what: string) => [`${path}: ${what}`];
  switch (def.type) {
    case 'string':
      return mostOf(schema) === null ? wrong('a string of any length') : [];
    case 'number': {
      const { minValue, maxValue } = schema as z.ZodNumber;
      const within = (value: number | null) => value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER;
      return within(minValue) && within(maxValue) ? [] : wrong('a number of any size');
    }
    case 'array':
      return [
        ...(mostOf(schema) === null ? wrong('a list of any length') : []),
        ...(def.element ? unbounded(def.element, `${path}[]`) : []),
      ];
    case 'object':
      return Object.entries(def.shape ?? {}).flatMap(([key, field]) => unbounded(field, `${path}.${key}`));
    case 'union':
      return (def.options ?? []).flatMap((option, i) => unbounded(option, `${path}|${i}`));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return def.innerType ? unbounded(def.innerType, path) : wrong('nothing inside');
    case 'pipe':
      return unbounded(read(def), path);
    case 'enum':
    case 'literal':
    case 'boolean':
    case 'null':
      return [];
    default:
      return wrong(`anything (${def.type})`);
  }
}

/** Strings that fixed forms take; others are filled to their bound with a letter of three bytes. */
const FIXED = ['5831', 'a'.repeat(64), 'a'.repeat(32), '2026-01-01', '2026-01-01T00:00', 'incomes.salary', 'CN', '123X'];

/** The largest value that a schema takes, by the bytes of its JSON. */
export function largest(schema: z.ZodType): unknown {
  const def = defOf(schema);
  switch (def.type) {
    case 'string': {
      const whole = '债'.repeat(mostOf(schema) ?? 0);
      return [whole, ...FIXED].find((text) => schema.safeParse(text).success) ?? '';
    }
    case 'number':
      return (schema as z.ZodNumber).maxValue;
    case 'array':
      return def.element ? Array.from({ length: mostOf(schema) ?? 0 }, () => largest(def.element as z.ZodType)) : [];
    case 'object':
      return Object.fromEntries(Object.entries(def.shape ?? {}).map(([key, field]) => [key, largest(field)]));
    case 'union':
      return (def.options ?? []).map(largest).sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)[0];
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return def.innerType ? largest(def.innerType) : null;
    case 'pipe':
      return largest(read(def));
    case 'enum':
      return Object.values(def.entries ?? {}).sort((a, b) => b.length - a.length)[0];
    case 'literal':
      return def.values?.[0];
    default:
      return true;
  }
}

/** What no field may take, whatever it is for. */
export const NONSENSE: readonly unknown[] = [
  'x'.repeat(100_000),
  '\u0000',
  '\ud800',
  1e308,
  -1,
  0.5,
  Number.MAX_SAFE_INTEGER,
  Array.from({ length: 100_000 }, () => 'x'),
  Array.from({ length: 1_000 }),
  { length: 1e9 },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
];

/** Inputs that differ from `valid` in one leaf or list: one item too many, one character too many, or nonsense. */
export function* beyond(valid: unknown, path: string[] = []): Generator<{ path: string; input: (root: unknown) => unknown }> {
  const put = (value: unknown) => (root: unknown) => replaced(root, path, value);
  const at = path.join('.');
  if (typeof valid === 'string') yield { path: at, input: put(`${valid}${valid.at(-1) ?? 'x'}`.repeat(2)) };
  if (typeof valid === 'number') yield { path: at, input: put(valid + 1) };
  if (Array.isArray(valid)) yield { path: at, input: put([...valid, ...valid.slice(0, 1)]) };
  for (const value of NONSENSE) yield { path: at, input: put(value) };
  if (Array.isArray(valid)) yield* beyond(valid[0], [...path, '0']);
  else if (typeof valid === 'object' && valid !== null)
    for (const [key, value] of Object.entries(valid)) yield* beyond(value, [...path, key]);
}

function replaced(root: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(root)) return root.map((item, i) => (String(i) === key ? replaced(item, rest, value) : item));
  return { ...(root as object), [key]: replaced((root as Record<string, unknown>)[key], rest, value) };
}
