import { describe, expect, test } from 'vitest';
import { marksOf } from '../../worker/wording/marks.ts';
import { KINDS } from '../../worker/wording/phrases.ts';
import { partsOf } from './parts.ts';

/** What says by itself that it does harm, or that somebody despairs: it is heard whatever stands around it, and from whichever side may mean it. */
const sentences = partsOf('certain.txt');

const isHan = (text: string) => /\p{Script=Han}/u.test(text);
const wide = (text: string) => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
const mixed = (text: string) => [...text].map((char, i) => (i % 2 ? char.toUpperCase() : char.toLowerCase())).join('');

const LETTER =
  '您好，您的来信我已经收到了，谢谢您抽时间看我的材料。我每个月的收入和支出都写在表里了，请您核对一下。关于分期的方案，我希望能分成二十四期来还，每期八百元。';
const LETTER_EN =
  'Dear team, thank you for your letter and for looking at my papers. My income and my expenses are in the form. I would like to spread the balance over 24 months at 800 a month. ';

const FRAMES: [string, (text: string) => string][] = [
  ['alone', (text) => text],
  ['in a sentence', (text) => (isHan(text) ? `我说一句：${text}。` : `I say this: ${text}.`)],
  [
    'said to somebody',
    (text) => (isHan(text) ? (text.includes('你') ? text.replaceAll('你', '您') : `你们听好了，${text}`) : `You there, ${text}`),
  ],
  ['shouted', (text) => (isHan(text) ? `${text}！！！` : `${text}!!!`)],
  ['spaced, wide, in mixed letters', (text) => (isHan(text) ? [...text].join(' ') : wide(mixed(text)))],
  ['at the end of a polite letter', (text) => (isHan(text) ? LETTER : LETTER_EN) + text],
];

test('there are such of every kind, in both languages', () => {
  for (const isOf of [isHan, (text: string) => !isHan(text)])
    expect(new Set(sentences.filter(({ text }) => isOf(text)).map(({ kind }) => kind))).toEqual(new Set(KINDS));
});

describe.each(FRAMES)('%s', (_, frame) => {
  test.each(KINDS)('each %s is marked', (kind) => {
    const missed = sentences
      .filter((one) => one.kind === kind)
      .flatMap(({ sides, text }) => sides.map((side) => ({ side, text: frame(text) })))
      .filter(({ side, text }) => !marksOf(text, side, side === 'borrower' ? 97_100 : null).some((mark) => mark.kind === kind));
    expect(missed).toEqual([]);
  });
});
