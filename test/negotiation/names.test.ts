import { describe, expect, test } from 'vitest';
import { lettersOf, runsOf } from '../../worker/negotiation/letters.ts';
import type { Seat } from '../../worker/negotiation/seats.ts';
import { comparable, Line, PartyName, Text } from '../../worker/negotiation/text.ts';
import { agreed, XIAOYU } from './play.ts';

/** Names as they are given, and as people type them again to sign. */

const signs = (name: string, typed: string) => {
  const seat: Seat = { ...XIAOYU, name };
  const play = agreed();
  play.kase = { ...play.kase, borrowerName: name };
  return play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: typed }, true);
};

describe('signing with one’s own name', () => {
  test.each(['•', '．', '.', '‧', '・', '･', '·', '∙', '⋅', '。', '｡', ' · '])('阿卜杜拉%s买买提 is 阿卜杜拉·买买提', (dot) => {
    expect(signs('阿卜杜拉·买买提', `阿卜杜拉${dot}买买提`)).toEqual(['agreement.signed']);
    expect(signs(`阿卜杜拉${dot}买买提`, '阿卜杜拉·买买提')).toEqual(['agreement.signed']);
  });
  test.each([
    ['Nguyễn Thị Ánh', 'Nguyễn Thị Ánh'.normalize('NFD')],
    ['王小雨', '\u202D王小\u200b雨\u202C\ufeff'],
    ['王小\u00ad雨', '王小雨'],
    ['Ánh', 'ánh'],
    ['王小雨🙂', '王小雨🙂'],
    ['ئابدۇللا', '\u200fئابدۇللا'],
  ])('%s typed another way that reads the same', (name, typed) => expect(signs(name, typed)).toEqual(['agreement.signed']));
  test.each([
    ['阿卜杜拉·买买提', '阿卜杜拉买买提'],
    ['王小雨', '王小雪'],
    ['𠮷田', '吉田'],
  ])('%s is not %s', (name, typed) => expect(signs(name, typed)).toBe('agreement.name-differs'));
});

describe('a name as it is kept', () => {
  test('is composed and has nothing invisible in it', () => {
    expect(PartyName.parse(' Nguyễn Thị Ánh '.normalize('NFD'))).toBe('Nguyễn Thị Ánh'.normalize('NFC'));
    for (const hidden of [
      '\u200b',
      '\u200c',
      '\u200d',
      '\u200e',
      '\u202e',
      '\u2060',
      '\u2066',
      '\u00ad',
      '\ufeff',
      '\u{e0041}',
      '\ufe0f',
      '\u{e0100}',
      '\u3164',
      '\u034f',
    ])
      expect(PartyName.parse(`王${hidden}小雨${hidden}`)).toBe('王小雨');
    expect(PartyName.safeParse('\u200b\u200b').success).toBe(false);
  });
  test('keeps what its script cannot do without', () => {
    for (const name of ['ᠮᠠ\u180bᠨ', 'می\u200cخواهم']) expect(PartyName.parse(name)).toBe(name);
  });
  test.each(['🙂', '\u{378}', '\ue000', '𓀀', '\u{31350}'])('refuses %s and names it', (letter) => {
    const read = PartyName.safeParse(`王${letter}雨`);
    expect(read.error?.issues).toMatchObject([{ message: 'letter', params: { letter } }]);
  });
  test('words and lines are composed too, and keep their letters', () => {
    expect(Line(60).parse('Cafe\u0301')).toBe('Café');
    expect(Text(60).parse('Cafe\u0301\r\n🙂')).toBe('Café\n🙂');
    expect(Line(1).safeParse('e\u0301').success).toBe(true);
  });
});

test('text goes to the fonts letter by letter, and nothing of it is lost', () => {
  const text = '王𠮷 김 Ж བསོད e\u0323\u0308';
  expect(
    runsOf(text)
      .map(({ text: one }) => one)
      .join(''),
  ).toBe(text);
  expect(lettersOf('e\u0323\u0308x')).toEqual(['e\u0323\u0308', 'x']);
  expect(comparable('A・b')).toBe('a·b');
});
