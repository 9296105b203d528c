import { globSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'oxc-parser';
import { API } from 'typescript/unstable/sync';
import { expect, test } from 'vitest';

/** Every word has a reader: the compiler is asked, for each name in the code, which word it stands for. */

const root = new URL('../../', import.meta.url).pathname;
const SOURCE = `${root}web/words/zh.ts`;

/** Codes are looked up as they come; that each has its sentence is a matter of types. */
const BY_CODE = ['refusal'];

type Key = { path: string; at: number; isGroup: boolean };

/** The keys of the words, each with its place in the file. */
function keysOf(file: string): Key[] {
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  const found: Key[] = [];
  const walk = (node: { type: string; properties?: readonly unknown[] }, path: string): void => {
    for (const one of node.properties ?? []) {
      const { key, value } = one as { key: { start: number; name?: string; value?: string }; value: { type: string } };
      const name = `${path}${path ? '.' : ''}${key.name ?? key.value}`;
      const isGroup = value.type === 'ObjectExpression';
      found.push({ path: name, at: key.start, isGroup });
      if (isGroup) walk(value, name);
    }
  };
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && id.name === 'zh' && init) walk(init, '');
    },
  }).visit(program);
  return found;
}

/** Whether a group is passed on as it is: not taken apart, and not only given a shorter name. */
const isTakenWhole = (before: string, after: string) => /\.$/.test(before) && !/^\??\./.test(after) && !/const \w+ = [\w.]+$/.test(before);

type Checker = ReturnType<ReturnType<API['updateSnapshot']>['getProjects']>[number]['checker'];

type Placed = { readonly declarations: readonly { readonly path: string; readonly index: number }[] };

/** By what the compiler knows a word again, whatever type it was reached by. */
const placeOf = (symbol: Placed | undefined): string | null => {
  const declared = symbol?.declarations[0];
  return declared?.path.endsWith('/web/words/zh.ts') ? `${declared.index}` : null;
};

const NAME = /[A-Za-z_$][\w$]*|'[^'\n]+'/g;

/** The words that `files` read: each by its name, or with all of its group where that is passed on, or asked for what comes. */
function readBy(checker: Checker, files: readonly string[], keys: readonly Key[]): Set<string> {
  const places = checker.getSymbolAtPosition(
    SOURCE,
    keys.map(({ at }) => at),
  );
  const byPlace = new Map(keys.map((key, i) => [placeOf(places[i]), key]));
  const read = new Set<string>();
  const readAll = (group: string) => {
    for (const { path } of keys) if (path === group || path.startsWith(`${group}.`)) read.add(path);
  };
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const names = [...text.matchAll(NAME)];
    const symbols = checker.getSymbolAtPosition(
      file,
      names.map(({ index }) => index),
    );
    for (const [i, { 0: name, index }] of names.entries()) {
      const after = text.slice(index + name.length).trimStart();
      const key = byPlace.get(placeOf(symbols[i]));
      if (key) {
        read.add(key.path);
        if (key.isGroup && isTakenWhole(text.slice(0, index), after)) readAll(key.path);
      } else if (after.startsWith('[') && symbols[i]) {
        const type = checker.getTypeAtPosition(file, index);
        for (const one of type ? checker.getPropertiesOfType(type) : []) {
          const asked = byPlace.get(placeOf(one));
          if (asked) readAll(asked.path);
        }
      }
    }
  }
  return read;
}

test('every word has a reader', () => {
  const keys = keysOf(SOURCE);
  expect(keys.length).toBeGreaterThan(900);
  const files = globSync('{web,worker,db}/**/*.{ts,tsx}', { cwd: root })
    .filter((file) => !/^web\/words\/(zh|en)\.ts$|\.d\.ts$/.test(file))
    .map((file) => root + file)
    .filter((file) => /words|refused/i.test(readFileSync(file, 'utf8')));
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProjects: [`${root}tsconfig.json`] }).getProjects();
    if (!project) throw new Error('tsconfig.json was not read.');
    const read = readBy(project.checker, files, keys);
    const unread = keys.filter(
      ({ path, isGroup }) => !isGroup && !read.has(path) && !BY_CODE.some((group) => path.startsWith(`${group}.`)),
    );
    expect(unread.map(({ path }) => path)).toEqual([]);
  } finally {
    api.close();
  }
});
