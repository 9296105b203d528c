import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { issueText, wordsOf } from '../../web/words/index.ts';
import { readForm } from '../../worker/negotiation/form.ts';
import { amountReadings, parseAmount, parsePercent, percentReadings } from '../../worker/plan/amount.ts';
import { Amount, PositiveAmount } from '../../worker/plan/terms.ts';

/** Amounts as people type and paste them: read where there is one reading, refused with both where there are two, never guessed. */

describe('one reading', () => {
  test.each([
    ['1,234,567.89', 123_456_789],
    ['1,2345.67', 1_234_567],
    ['12,3456,7890', 123_456_789_000],
    ['1 234 567.89', 123_456_789],
    ['1\u00a0234.50', 123_450],
    ['1\u2009234.50', 123_450],
    ['1\u202f234.50', 123_450],
    ['12’000', 1_200_000],
    ['\u202d12000\u202c', 1_200_000],
    ['12\u200b000\ufeff', 1_200_000],
    ['１２，０００．５０', 1_200_050],
    ['12000。50', 1_200_050],
    ['人民币12000元', 1_200_000],
    ['人民币：1.2万元整', 1_200_000],
    ['12000块钱', 1_200_000],
    ['RMB 12,000', 1_200_000],
    ['12,000 CNY', 1_200_000],
    ['1.2w', 1_200_000],
    ['1.2W', 1_200_000],
    ['1.2万', 1_200_000],
    ['1.2345亿', 12_345_000_000],
    ['1,234万', 1_234_000_000],
    ['0.5', 50],
    ['0', 0],
  ])('%j is %i 分', (typed, fen) => expect(parseAmount(typed)).toBe(fen));
});

describe('two readings: neither is taken', () => {
  test.each([
    ['1200,50', [120_050, 12_005_000]],
    ['12,5', [1_250, 12_500]],
    ['0,5', [50, 500]],
    ['12.000,00', [1_200_000, 1_200]],
    ['1.000', [100, 100_000]],
    ['1 200,5', [120_050, 1_200_500]],
    ['1,2万', [1_200_000, 12_000_000]],
    ['￥1200,50元', [120_050, 12_005_000]],
  ])('%j', (typed, readings) => {
    expect(parseAmount(typed)).toBeNull();
    expect(amountReadings(typed)).toEqual(readings);
  });
  test.each([
    ['3,6', [36_000, 360_000]],
    ['1,200', [12_000, 12_000_000]],
  ])('%j %%', (typed, readings) => {
    expect(parsePercent(typed)).toBeNull();
    expect(percentReadings(typed)).toEqual(readings);
  });
});

test.each([
  '',
  ' ',
  '-5',
  '−0',
  '-0',
  '1e15',
  'NaN',
  'Infinity',
  '0x10',
  '①200',
  '12²',
  '1万2',
  '1.2.3',
  '1,23,4',
  '12.345',
  '0.005',
  '٣٤',
  '9'.repeat(300),
])('%j is no amount', (typed) => expect(parseAmount(typed)).toBeNull());

describe('what a person is told, with the field and the bound', () => {
  const told = (typed: string, language: 'zh' | 'en', schema: z.ZodType = z.object({ amount: PositiveAmount })) => {
    const read = readForm(schema, new Map([['amount', [typed]]]));
    if (read.ok) throw new Error(`${typed} was read`);
    const [issue] = read.issues;
    expect(issue?.path).toBe('amount');
    return issue ? issueText(wordsOf(language), issue) : '';
  };
  test.each([
    ['1200,50', '“1200,50”有两种读法：1200.50 还是 120050.00？请不用逗号，再写一次'],
    ['12.000,00', '“12.000,00”有两种读法：12000.00 还是 12.00？请不用逗号，再写一次'],
    ['1.234.567,89', '“1.234.567,89”不好确定是多少。如果是 1234567.89，请这样写'],
    ['1.200', '“1.200”有两种读法：1.20 还是 1200.00？您要的是哪一种，请写成那一种'],
    ['1e4', '请填写 0 至 100 亿元之间的金额，例如 1234.56 或 1.2万，最多两位小数'],
    ['-5', '不能小于 ¥0.00'],
    ['−0', '不能小于 ¥0.00'],
    ['1e15', '不能大于 ¥10,000,000,000.00'],
    ['999999999999999', '不能大于 ¥10,000,000,000.00'],
    ['20000000000', '不能大于 ¥10,000,000,000.00'],
    ['0', '不能小于 ¥0.01'],
    ['12.345.6', '请填写 0 至 100 亿元之间的金额，例如 1234.56 或 1.2万，最多两位小数'],
    ['NaN', '请填写 0 至 100 亿元之间的金额，例如 1234.56 或 1.2万，最多两位小数'],
  ])('%j: %s', (typed, text) => expect(told(typed, 'zh')).toBe(text));
  test('in English, too', () => {
    expect(told('12,5', 'en')).toBe('“12,5” can be read as 12.50 or as 125.00. Please write it without a comma');
    expect(told('1.200', 'en')).toBe('“1.200” can be read as 1.20 or as 1200.00. Please write the one that you mean');
    expect(told('1.2345', 'en')).toBe('Enter an amount from 0 to 10,000,000,000.00 yuan, such as 1234.56, with at most two decimals');
  });
});

test('a program’s −0 is below 0, as it looks', () => {
  expect(Amount.safeParse(-0).error?.issues).toMatchObject([{ code: 'too_small', minimum: 0 }]);
  expect(Amount.safeParse(0).success).toBe(true);
});

const kept = new URL('../../../shared/cases/amounts.ndjson', import.meta.url);
describe.runIf(existsSync(kept))('amounts that were once misread', () => {
  const cases = (existsSync(kept) ? readFileSync(kept, 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { typed: string; expected: string | number });
  test.each(cases)('$typed: $expected', ({ typed, expected }) => {
    if (typeof expected === 'number') expect(parseAmount(typed)).toBe(expected);
    else expect([null, Number(/\d+(?= fen)/.exec(expected)?.[0])]).toContain(parseAmount(typed));
  });
});

test('of several values under one name each is read as what it is: entries ticked in a complaint are numbers', () => {
  const schema = z.object({ entries: z.array(z.int()), figures: z.array(z.string()) });
  const typed = new Map([
    ['entries', ['8', '', '11']],
    ['figures', ['debt.fees']],
  ]);
  expect(readForm(schema, typed)).toEqual({ ok: true, input: { entries: [8, 11], figures: ['debt.fees'] } });
});
