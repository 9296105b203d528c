import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** How words are set, as GB/T 15834 and good printers have it: held against every word of both languages, so that nobody has to look. */

/** The words of a language as they stand in its file, without what is code between them. */
function literals(language: 'zh' | 'en'): string[] {
  const source = readFileSync(new URL(`../../web/words/${language}.ts`, import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(([, plain, template]) => plain ?? template ?? '');
}

const against = (language: 'zh' | 'en', fault: RegExp) => literals(language).filter((text) => fault.test(text));

describe('Chinese', () => {
  test('there are words to look at', () =>
    expect(literals('zh').filter((text) => /[\u4e00-\u9fff]/.test(text)).length).toBeGreaterThan(700));
  test.each([
    ['brackets, colons, commas and question marks beside Chinese are full-width', /[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]/],
    [
      'no space stands between two Chinese letters, or beside a full-width mark',
      /[\u4e00-\u9fff，。；：？！、（）] [\u4e00-\u9fff，。；：？！、（）]/,
    ],
    ['no space stands between a day and what follows it', /\$\{(?:date|due|start|asOf|last|end|first)\} [\u4e00-\u9fff]/],
    ['no space stands before 起 and 前', / (?:起|前)(?:[，。、；还]|$)/],
    ['an ellipsis has six points, a dash two', /[\u4e00-\u9fff](?:\.\.\.|--)/],
    ['who reads is 您, never 你', /你/],
  ])('%s', (_, fault) => expect(against('zh', fault)).toEqual([]));
});

describe('English', () => {
  test.each([
    ['no full-width mark', /[，。；：？！、（）]/],
    ['no space before a mark, and never two', /\w [,.;!](?:\s|$)|[a-z] {2}[a-z]/],
  ])('%s', (_, fault) => expect(against('en', fault).filter((text) => !/[\u4e00-\u9fff]/.test(text))).toEqual([]));
});
