import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { plainLines } from '../../web/telling/plain.ts';
import { zh } from '../../web/words/zh.ts';

/** How words are set, as GB/T 15834 and good printers have it: held against every word of both languages, so that nobody has to look. */

/** The words of a language as they stand in its file, without what is code between them. */
function literals(language: 'zh' | 'en'): string[] {
  const source = readFileSync(new URL(`../../web/words/${language}.ts`, import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(([, plain, template]) => plain ?? template ?? '');
}

const against = (language: 'zh' | 'en', fault: RegExp) => literals(language).filter((text) => fault.test(text));

/** Figures as they come into sentences, by the names under which they come. What is named otherwise is a word. */
const FIGURES: [RegExp, string | number][] = [
  [/^(?:date|due|start|end|asOf|since|until|day|on|firstDue|lastDue)$/, '2026年3月31日'],
  [/^(?:at|moment|deadline)$/, '2026年3月31日 14:05'],
  [/^(?:month)$/, '2026年3月'],
  [
    /amount|total|owed|highest|paid|waived|income|expenses|others|left|floor|least|given|sum|bears|before|now|now|affordable|disposable/i,
    '¥1,200.00',
  ],
  [/share|percent/, '6%'],
  [
    /^(?:n|count|seq|version|years|days|months|max|most|no|size|pages?|place|step|steps|stage|entries|limit|minutes|files|least|hours|typed)$/,
    7,
  ],
  [/^rate$/, '年利率 6%'],
];
const figure = (name: string) => FIGURES.find(([pattern]) => pattern.test(name))?.[1] ?? '某某';

/** What a sentence says with such figures: none where it takes other things than texts. */
function said(value: object): string[] {
  const source = value.toString();
  const [, plain = ''] = /^\(?\s*([^)=]*)/.exec(source) ?? [];
  const names = plain.split(',').map((one) => one.trim());
  const proxy = new Proxy({}, { get: (_, name) => figure(String(name)) });
  const given = source.startsWith('({') ? [proxy] : names.map(figure);
  try {
    const text: unknown = typeof value === 'function' ? Reflect.apply(value, undefined, given) : null;
    return [text].flat().filter((one): one is string => typeof one === 'string' && !/undefined|\[object/.test(one));
  } catch {
    return [];
  }
}

/** Every sentence of some words, with where it stands. */
function saidBy(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return said(value).map((text) => [path, text]);
  return Object.entries(value ?? {}).flatMap(([key, one]) => saidBy(one, `${path}.${key}`));
}

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
    // Files are called as their senders call them, and what is called 方案 2 ends with a figure.
    [
      'no space stands after whoever is named',
      /(?<!第 |最多 |方案 |PDF |户名 )\$\{(?:name|who|lender|borrower|side|actor)\} [\u4e00-\u9fff](?!款$|余$|.*上传过)/,
    ],
    ['no space stands before 起 and 前', / (?:起|前)(?:[，。、；还]|$)/],
    ['an ellipsis has six points, a dash two', /[\u4e00-\u9fff](?:\.\.\.|--)/],
    ['who reads is 您, never 你', /你/],
    ['what is quoted stands in “”', /[「」『』"]/],
  ])('%s', (_, fault) => expect(against('zh', fault)).toEqual([]));
});

test('brackets around what is said stand in the words of a language, never in what is drawn for both', () => {
  const web = new URL('../../web/', import.meta.url);
  const drawn = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((name) => /^(?:pages|parts|telling)\/.*\.tsx?$/.test(name));
  expect(drawn.length).toBeGreaterThan(90);
  expect(drawn.filter((name) => /`[^`\n]*\} \(\$\{/.test(readFileSync(new URL(name, web), 'utf8')))).toEqual([]);
});

describe('what Chinese sentences say with figures in them', () => {
  /** Forms of an amount that are quoted, a name of a file, moments that end with the name of their zone, and a limit by its name. */
  const OTHERWISE = ['.issue.amount', '.inbox.amountBad', '.case.letterFile', '.verify.bySignature', '.schedule.bar.supervisor'];
  const DAY = /\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?/g;
  const texts = saidBy(zh).map(([path, text]): [string, string] => [path, text.replace(DAY, '某某日')]);
  const against = (fault: RegExp) =>
    texts.filter(([path, text]) => !OTHERWISE.includes(path) && fault.test(text)).map((one) => one.join(' '));
  test('they are all looked at', () => expect(texts.length).toBeGreaterThan(900));
  test('a space stands between Chinese and a figure', () =>
    expect(against(/[\u4e00-\u9fff][0-9A-Za-z¥]|[0-9A-Za-z%][\u4e00-\u9fff]/)).toEqual([]));
  test('and none after a day', () => expect(against(/某某日 [\u4e00-\u9fff]/)).toEqual([]));
  test('a name and what has it are told apart where both are Chinese', () => {
    const told = plainLines(
      [
        { label: '每月预留', value: '可支配收入的 10%' },
        { label: '供养人数', value: '1' },
      ],
      zh,
    );
    expect(told).toEqual(['每月预留：可支配收入的 10%，供养人数 1']);
  });
});

describe('English', () => {
  test.each([
    ['no full-width mark', /[，。；：？！、（）]/],
    ['an instalment is afforded, not borne', /(?<!-)\b(?:bears?|borne)\b(?! interest)/],
    ['no space before a mark, and never two', /\w [,.;!](?:\s|$)|[a-z] {2}[a-z]/],
  ])('%s', (_, fault) => expect(against('en', fault).filter((text) => !/[\u4e00-\u9fff]/.test(text))).toEqual([]));
});
