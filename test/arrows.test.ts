import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, test } from 'vitest';

/**
 * Which way arrows point. What may be read from where is said here once, place by place; every import of `worker/`, `web/` and `db/`, of types too, is
 * held against it.
 */

/** What everybody above may read: settings, instants, chance, secrets, where a person can be reached. */
const GROUND = ['worker/env', 'worker/carriers', 'worker/clock', 'worker/chance', 'worker/secret', 'worker/contact', 'worker/file-digest'];
const RULES = ['worker/plan', 'worker/negotiation', 'worker/record', 'worker/wording'];
const TOLD = ['web/telling', 'web/words'];
const SHOWN = ['web/layout', 'web/pages', 'web/parts', ...TOLD];
const KEPT = ['worker/store', 'worker/export', 'worker/execute', 'worker/proof', 'worker/projection', 'worker/letters', 'worker/deliver'];
/** What a route needs to let a person in: the session, passwords, the portal's own name. */
const DOOR = [
  'worker/session',
  'worker/password',
  'worker/factor',
  'worker/passkey',
  'worker/guessable',
  'worker/door',
  'worker/intake',
  'worker/inbound',
];
const BUILT = '.heyi/assets';

/** A place is a folder, or a file of its own beside folders. Each may read itself, and what is named here. */
const MAY_READ: Record<string, readonly string[]> = {
  'worker/plan': [],
  'worker/record': [],
  'worker/wording': ['worker/plan'],
  'worker/negotiation': ['worker/plan', 'worker/record', 'worker/wording'],

  'web/html': [],
  'web/words': RULES,
  'web/telling': [...RULES, 'web/words'],
  'web/parts': [...RULES, ...TOLD, 'web/html', BUILT],
  'web/layout': [...RULES, ...TOLD, 'web/parts', BUILT],
  'web/mail': ['web/words'],
  'web/pages': [...RULES, ...TOLD, 'web/parts', 'web/layout', BUILT],
  'web/islands': [...RULES, ...TOLD, 'web/parts'],

  'worker/clock': RULES,
  'worker/chance': RULES,
  'worker/carriers': [],
  'worker/env': ['worker/carriers', ...RULES],
  'worker/file-digest': [],
  'worker/password': [],
  'worker/secret': ['worker/env', ...RULES],
  'worker/contact': ['worker/env', 'worker/secret', ...RULES],
  'worker/door': GROUND,
  'worker/factor': [...GROUND, ...RULES],
  'worker/passkey': RULES,
  'worker/guessable': [...GROUND, ...RULES],
  'worker/letters': [...GROUND, ...TOLD],
  'worker/intake': [...GROUND, ...RULES],
  'worker/store': [...GROUND, ...RULES, 'db/directory', 'db/casebook'],
  'worker/export': [...GROUND, ...RULES, ...TOLD, 'worker/store'],
  'worker/projection': [...GROUND, ...RULES, 'worker/store'],
  'worker/proof': [...GROUND, ...RULES, 'worker/store', 'worker/export'],
  'worker/execute': [...GROUND, ...RULES, ...KEPT],
  'worker/deliver': [...GROUND, ...RULES, ...KEPT, ...TOLD, 'web/mail'],
  'worker/inbound': [...GROUND, ...RULES, ...KEPT, ...TOLD, 'worker/intake'],
  'worker/session': [...GROUND, ...RULES, 'worker/store'],
  'worker/routes': [...GROUND, ...RULES, ...KEPT, ...DOOR, ...SHOWN, BUILT],
  // What a job notes for people to read is in the words of each language.
  'worker/jobs': [...GROUND, ...RULES, ...KEPT, 'web/words'],
  'worker/app': [...GROUND, ...RULES, ...KEPT, ...DOOR, ...SHOWN, 'worker/routes'],
  'worker/index': [...GROUND, 'worker/app', 'worker/inbound', 'worker/jobs'],

  'db/columns': ['worker/clock', ...RULES],
  'db/directory': [...RULES, 'db/columns'],
  'db/casebook': [...RULES, 'db/columns'],
  'db/hrana': [],
  // Commands stand above everything but the routes, which they reach by their addresses, as everybody does.
  db: ['db/directory', 'db/casebook', 'db/hrana', ...GROUND, ...RULES, ...KEPT, ...DOOR, ...SHOWN, 'web/islands', BUILT],
};

/** Libraries by which the pure floors read and check what they are given, and none that does anything else. */
const PURE = /^(zod|nzh\/cn|fflate|@noble\/(ed25519|hashes\/.+))$/;

type Arrow = { from: string; to: string };

/** What a file names in `import … from`, `export … from`, `import()` and `import('…')` as a type. */
function named(file: string): string[] {
  const { program, errors } = parseSync(file, readFileSync(file, 'utf8'));
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const found: string[] = [];
  const note = (source: { type: string; value?: unknown } | null) => {
    if (source?.type === 'Literal' && typeof source.value === 'string') found.push(source.value);
  };
  new Visitor({
    ImportDeclaration: ({ source }) => note(source),
    ExportNamedDeclaration: ({ source }) => note(source),
    ExportAllDeclaration: ({ source }) => note(source),
    ImportExpression: ({ source }) => note(source),
    TSImportType: ({ source }) => note(source),
  }).visit(program);
  return found;
}

const files = globSync('{worker,web,db}/**/*.{ts,tsx}')
  .filter((file) => !/\.d\.ts$|drizzle\.config\.ts$/.test(file))
  .sort();
const all: Arrow[] = files.flatMap((from) =>
  named(from).map((to) => ({ from, to: to.startsWith('.') ? normalize(join(dirname(from), to)) : to })),
);
const isOurs = ({ to }: Arrow) => /^(worker|web|db|\.heyi|test)\//.test(to);
const arrows = all.filter(isOurs);

const placeOf = (file: string) => {
  const [top = '', second = '', ...deeper] = file.split('/');
  if (top === 'db' && deeper.length === 0) return top;
  return `${top}/${second.replace(/\.\w+$/, '')}`;
};

const said = ({ from, to }: Arrow) => `${from} → ${to}`;

/** Files that read one another in a circle, each circle once. */
function circles(): string[] {
  const reads = Map.groupBy(arrows, ({ from }) => from);
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const { to } of reads.get(file) ?? []) walk(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  return found;
}

describe('arrows', () => {
  test('every import is found, of types and of what is loaded later too', () => {
    const has = (from: string, to: string) => arrows.some((one) => one.from === from && one.to === to);
    expect(has('worker/app.ts', 'worker/routes/api.ts')).toBe(true);
    expect(has('web/words/index.ts', 'worker/negotiation/form.ts'), 'a type').toBe(true);
    expect(has('web/islands/verify.ts', 'web/islands/verifier.ts'), 'the type of a module').toBe(true);
    expect(has('db/start.ts', 'db/portal.ts'), 'a module that is loaded later').toBe(true);
  });

  test('every place is named', () => {
    expect([...new Set(files.map(placeOf))].filter((place) => !(place in MAY_READ))).toEqual([]);
  });

  test('none points up, none sideways', () => {
    const wrong = arrows.filter(({ from, to }) => placeOf(from) !== placeOf(to) && !MAY_READ[placeOf(from)]?.includes(placeOf(to)));
    expect(wrong.map(said)).toEqual([]);
  });

  test('what is told is no JSX, so that documents can read it', () => {
    expect(files.filter((file) => /^web\/(telling|words)\/.*\.tsx$/.test(file))).toEqual([]);
  });

  test('none goes in a circle', () => {
    expect(circles()).toEqual([]);
  });

  test('plans, negotiation and record read nothing but zod and small pure libraries', () => {
    const outside = all.filter(
      (arrow) => /^worker\/(plan|negotiation|record|wording)\//.test(arrow.from) && !isOurs(arrow) && !PURE.test(arrow.to),
    );
    expect(outside.map(said)).toEqual([]);
  });

  test('a whole casebook is opened for the portal itself, and by no route, which has been let in to less', () => {
    const opens = files.filter((file) => readFileSync(file, 'utf8').includes('openCasebookForPortal')).map(placeOf);
    expect([...new Set(opens)].sort()).toEqual(['db', 'worker/execute', 'worker/jobs', 'worker/store']);
  });

  test('SQL and R2 are spoken in the store alone', () => {
    const speaks = all.filter(({ to }) => /^(drizzle-orm|@libsql)/.test(to)).map(({ from }) => placeOf(from));
    expect([...new Set(speaks)].sort()).toEqual(['db', 'db/casebook', 'db/columns', 'db/directory', 'worker/store']);
  });
});

test('what runs on node alone, such as the tour and the pictures, takes up no page: node reads none', () => {
  const seen = new Set(['test/browser/tour.ts', 'test/browser/shots.ts']);
  for (const file of seen)
    for (const [, to = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)';/gm))
      if (/\.tsx?$/.test(to)) seen.add(normalize(join(dirname(file), to)));
  expect([...seen].filter((file) => file.endsWith('.tsx'))).toEqual([]);
  expect(seen.size).toBeGreaterThan(20);
});
