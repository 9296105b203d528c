import { expect, test } from 'vitest';
import { jsx } from '../../web/html/jsx-runtime.ts';
import { fieldsOnce, once } from '../../web/parts/once.ts';
import { BLANK } from '../../web/parts/view.ts';
import { wordsOf } from '../../web/words/index.ts';

/** What is the same for everybody is drawn once a language; what somebody typed, and what is wrong with it, never is. */

const [zh, en] = [wordsOf('zh'), wordsOf('en')];
const drawing = (text: string) => () => jsx('p', { children: text });

test('a part is drawn once by its name, its language and its clocks', () => {
  expect(String(once('one', zh, drawing('甲')))).toBe('<p>甲</p>');
  expect(String(once('one', zh, drawing('乙')))).toBe('<p>甲</p>');
  expect(String(once('one', en, drawing('A')))).toBe('<p>A</p>');
  expect(String(once('other', zh, drawing('丙')))).toBe('<p>丙</p>');
  const elsewhere = { ...zh, place: { ...zh.place, zone: 'Asia/Urumqi' as typeof zh.place.zone } };
  expect(String(once('one', elsewhere, drawing('丁')))).toBe('<p>丁</p>');
});

test('fields in which something stands, or with which something is wrong, are drawn for that form alone', () => {
  const blank = { ...BLANK, scope: 'a' };
  expect(String(fieldsOnce(blank, zh, drawing('blank')))).toBe('<p>blank</p>');
  const typed = { ...blank, values: new Map([['words', ['x']]]) };
  expect(String(fieldsOnce(typed, zh, drawing('typed')))).toBe('<p>typed</p>');
  expect(String(fieldsOnce({ ...blank, errors: { words: 'wrong' } }, zh, drawing('wrong')))).toBe('<p>wrong</p>');
  expect(String(fieldsOnce(blank, zh, drawing('later')))).toBe('<p>blank</p>');
  expect(String(fieldsOnce(blank, zh, drawing('lender'), 'lender'))).toBe('<p>lender</p>');
});
