import { globSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';

/** Where the compiler is told what something is, instead of seeing it: as little as can be, and never to read an entry of the record. */

/** Lines of all of `worker/` and `web/` that may, where the platform or a hot loop leaves no other way. */
const FEWER_THAN = 40;

type Cast = { file: string; line: number; type: string };

function castsIn(file: string, text: string): Cast[] {
  const found: Cast[] = [];
  const add = ({ typeAnnotation }: { typeAnnotation: { start: number; end: number } }) => {
    const type = text.slice(typeAnnotation.start, typeAnnotation.end);
    if (type !== 'const') found.push({ file, line: text.slice(0, typeAnnotation.start).split('\n').length, type });
  };
  new Visitor({ TSAsExpression: add, TSTypeAssertion: add }).visit(parseSync(file, text).program);
  return found;
}

const casts = globSync('{worker,web}/**/*.{ts,tsx}')
  .filter((file) => !file.endsWith('.d.ts'))
  .flatMap((file) => castsIn(file, readFileSync(file, 'utf8')));
const said = ({ file, line, type }: Cast) => `${file}:${line} as ${type}`;

test('what stands in a file is found', () => {
  const text = `// as never\nimport * as z from 'zod';\nconst a = ['as x'] as const;\nexport const b = (a as unknown) as string;\nexport const c = <number>b;\n`;
  expect(castsIn('a.ts', text).map(said)).toEqual(['a.ts:4 as string', 'a.ts:4 as unknown', 'a.ts:5 as number']);
});

test('none where entries are told, drawn or exported', () => {
  expect(casts.filter(({ file }) => /^(web\/(telling|parts|pages|words)\/|worker\/export\/[^/]+$)/.test(file)).map(said)).toEqual([]);
});

test('fewer than 40 lines in all of worker/ and web/, and none as never', () => {
  const lines = new Set(casts.map(({ file, line }) => `${file}:${line}`));
  expect(lines.size, casts.map(said).join('\n')).toBeLessThan(FEWER_THAN);
  expect(casts.filter(({ type }) => type === 'never').map(said)).toEqual([]);
});
