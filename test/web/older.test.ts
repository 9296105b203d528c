import { basename } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { parseSync, Visitor } from 'oxc-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundled } from '../../db/build.ts';

/** Scripts run in the browsers inside the apps of old phones: esbuild lowers what is new in syntax, and what is new in the language's own objects is added. */

/** What `web/islands/lib/older.ts` adds. */
const ADDED = ['at', 'findLast', 'hasOwn', 'isWellFormed'];

/** What is newer than Chrome 87 or Safari 15, by names that nothing else in the scripts has. */
const NEWER = new Set([
  ...ADDED,
  ...['findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'groupBy', 'fromAsync', 'structuredClone', 'toWellFormed', 'withResolvers'],
  ...['randomUUID', 'setFromHex', 'toBase64', 'fromBase64', 'setFromBase64', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'],
  ...['symmetricDifference', 'getOrInsert', 'sumPrecise', 'requestSubmit', 'requestIdleCallback', 'showPicker', 'checkVisibility'],
  ...['showModal', 'showPopover', 'Temporal', 'scheduler', 'Iterator', 'throwIfAborted', 'DecompressionStream', 'CompressionStream'],
]);

/** Names of members and of globals that a script uses, and its patterns. */
function usedBy(file: string, text: string) {
  const names = new Set<string>();
  const patterns: string[] = [];
  new Visitor({
    MemberExpression: ({ property, computed }) => {
      if (!computed && property.type === 'Identifier') names.add(property.name);
    },
    Identifier: ({ name }) => {
      names.add(name);
    },
    Literal: (literal) => {
      if ('regex' in literal) patterns.push(`/${literal.regex.pattern}/${literal.regex.flags}`);
    },
    NewExpression: ({ callee, arguments: [pattern] }) => {
      if (callee.type === 'Identifier' && callee.name === 'RegExp' && pattern?.type === 'Literal') patterns.push(`/${pattern.value}/`);
    },
  }).visit(parseSync(file, text).program);
  return { names, patterns };
}

const newerIn = ({ names }: ReturnType<typeof usedBy>) => [...names].filter((name) => NEWER.has(name));
const patternsIn = ({ patterns }: ReturnType<typeof usedBy>) => patterns.filter((one) => /\(\?<[=!]|\/[a-z]*[vd][a-z]*$/.test(one));

describe('scripts as they are built', () => {
  let scripts: { name: string; text: string }[];
  beforeAll(async () => {
    scripts = (await bundled()).map(({ path, text }) => ({ name: basename(path), text })).filter(({ name }) => name.endsWith('.js'));
  });

  test('what is newer is found', () => {
    const found = usedBy(
      'a.js',
      'a.findLast(b); structuredClone(c); /(?<=a)b/u.test(d); new RegExp("(?<!a)", "u"); /a/v.test(e); /(?<a>b)/u',
    );
    expect(newerIn(found)).toEqual(['findLast', 'structuredClone']);
    expect(patternsIn(found)).toEqual(['/(?<=a)b/u', '/(?<!a)/', '/a/v']);
  });

  test('use nothing that is newer than the browsers they are for, but what is added in the same script', () => {
    expect(scripts.length).toBeGreaterThan(6);
    // What reads PDFs brings additions of its own; where a browser is too old for it all the same, the page says to download the file.
    for (const { name, text } of scripts.filter((one) => !one.name.startsWith('pdf-'))) {
      const used = usedBy(name, text);
      const adds = text.includes('"isWellFormed"');
      expect(
        newerIn(used).filter((one) => !(adds && ADDED.includes(one))),
        name,
      ).toEqual([]);
      expect(patternsIn(used), name).toEqual([]);
    }
  });
});

describe('what is added where a browser does not have it', () => {
  const context = createContext();
  const run = (code: string): unknown => JSON.parse(runInContext(`JSON.stringify([${code}])`, context));
  beforeAll(async () => {
    const { outputFiles } = await build({ entryPoints: ['web/islands/lib/older.ts'], bundle: true, format: 'iife', write: false });
    runInContext(
      `for (const of of [Array.prototype, String.prototype, Object.getPrototypeOf(Uint8Array.prototype)]) { delete of.at; delete of.findLast; }
       delete Object.hasOwn; delete String.prototype.isWellFormed;`,
      context,
    );
    expect(run('[].at, "".at, [].findLast, Object.hasOwn, "".isWellFormed, new Uint8Array().at')).toEqual(Array(6).fill(null));
    runInContext(outputFiles[0]?.text ?? '', context);
  });

  test.each([
    '[1, 2, 3].at(-1), [1, 2, 3].at(0), [1, 2, 3].at(3) === undefined, [1, 2, 3].at(-4) === undefined, [1, 2].at(NaN), [1, 2].at(-1.5)',
    '"abc".at(-1), "".at(0) === undefined, new Uint8Array([4, 5]).at(-2)',
    '[1, 2, 3].findLast((n) => n < 3), [].findLast(() => true) === undefined, [1, 2].findLast((_, i) => i === 0), new Uint8Array([4, 5]).findLast((n) => n < 5)',
    'Object.hasOwn({ a: undefined }, "a"), Object.hasOwn({}, "toString"), Object.hasOwn([1], 0), Object.hasOwn(Object.create({ a: 1 }), "a")',
    `'好𠮷'.isWellFormed(), '\\ud842'.isWellFormed(), 'a\\udfb7b'.isWellFormed(), ''.isWellFormed(), '\\udfb7\\ud842'.isWellFormed()`,
    'Object.keys([1]), Object.keys(Object)',
  ])('%s', (code) => {
    // The engine that the tests run in has all of it.
    expect(run(code)).toEqual(JSON.parse(runInContext(`JSON.stringify([${code}])`, createContext())));
  });
});
