import { describe, expect, test } from 'vitest';
import { ownWords } from '../../worker/inbound/own-words.ts';
import { worked } from '../cpu.ts';

/** What mail programs put below an answer, as they write it, and what people write that looks like it. */

const QUOTED = '您参与的事项 HY-2026-1 有了新的进展。\n回执：第 3 条';
const marked = (text: string) => text.replace(/^/gm, '> ');

describe('what is quoted is cut', () => {
  test.each([
    ['Gmail', `On Fri, Nov 27, 2026 at 9:01 AM 合意 <notice@heyi.example> wrote:\n\n${marked(QUOTED)}`],
    [
      'Gmail, the line broken in two',
      `On Fri, Nov 27, 2026 at 9:01 AM 合意 <reply+0123456789@in.heyi.example>\nwrote:\n\n${marked(QUOTED)}`,
    ],
    ['Gmail in Chinese', `合意 <notice@heyi.example> 于2026年11月27日周五 09:01写道：\n\n${marked(QUOTED)}`],
    ['Apple Mail in Chinese', `> 在 2026年11月27日，09:01，合意 <notice@heyi.example> 写道：\n> \n${marked(QUOTED)}`],
    ['Apple Mail in Chinese, not marked', `在 2026年11月27日，上午9:01，合意 <notice@heyi.example> 写道：\n\n${QUOTED}`],
    [
      'QQ',
      `------------------&nbsp;原始邮件&nbsp;------------------\n发件人: "合意" <notice@heyi.example>;\n${QUOTED}`.replaceAll(
        '&nbsp;',
        ' ',
      ),
    ],
    ['QQ in English', `------------------ Original ------------------\nFrom: "合意" <notice@heyi.example>;\n${QUOTED}`],
    ['163', `---- 回复的原邮件 ----\n| 发件人 | 合意 |\n${QUOTED}`],
    ['163, older', `在 2026-11-27 09:01:02，"合意" <notice@heyi.example> 写道：\n${QUOTED}`],
    [
      'Outlook',
      `From: 合意 <notice@heyi.example>\nSent: Friday, November 27, 2026 9:01 AM\nTo: wang@mail.example\nSubject: 合意：您有一封新的回复\n\n${QUOTED}`,
    ],
    [
      'Outlook in Chinese',
      `________________________________\n发件人: 合意 <notice@heyi.example>\n发送时间: 2026年11月27日 9:01\n收件人: wang@mail.example\n主题: 合意\n\n${QUOTED}`,
    ],
    ['Outlook, older', `-----Original Message-----\nFrom: 合意\n${QUOTED}`],
    ['traditional', `合意 <notice@heyi.example> 於 2026年11月27日 週五 上午9:01寫道：\n\n${marked(QUOTED)}`],
  ])('%s', (_, below) => {
    expect(ownWords(`收到，周五前补交流水。\n\nThanks, Wang\n\n${below}`)).toBe('收到，周五前补交流水。\n\nThanks, Wang');
    // What is nothing but a quotation has no words.
    expect(ownWords(below)).toBe('');
  });
});

test.each([
  '发自我的iPhone',
  '发自我的华为手机',
  'Sent from my iPhone',
  'Get Outlook for iOS',
  '获取 Outlook for iOS',
  '来自QQ邮箱手机版客户端',
  '由 网易邮箱大师 发送',
  '-- \n王小雨\n13900000000',
])('what signs is cut: %s', (signed) => {
  expect(ownWords(`好的，我同意。\n\n${signed}\n\n在 2026-11-27 09:01:02，"合意" <a@heyi.example> 写道：\n${marked(QUOTED)}`)).toBe(
    '好的，我同意。',
  );
});

test.each([
  '在2026年3月我失业了，信里写道：\n公司裁员。',
  '我的房东说：\n房租不能再拖。',
  'On Monday I lost my job. My boss wrote: you are fired.',
  '发件人：我\n我想问一下。',
  '我在 1 月 3 日写道歉信给了贵公司。',
  `--\n这是一条分隔线，下面还有很多\n${'一行\n'.repeat(14)}完`,
  '利率 > 24% 的部分\n请解释。',
  '通过银行发送了 500 元，请查收。',
  '发自内心地感谢您一直以来的帮助，我会按时还款，下个月开始每个月还 500 元，请您放心，谢谢您。',
])('what people write is kept: %s', (text) => {
  expect(ownWords(text)).toBe(text.trim());
});

test('an answer between the lines that it answers is kept with them', () => {
  const text = `On Fri, Nov 27, 2026 at 9:01 AM 合意 <notice@heyi.example> wrote:\n> 每月能还多少？\n500 元。\n> 从什么时候开始？\n1 月。`;
  expect(ownWords(text)).toBe('> 每月能还多少？\n500 元。\n> 从什么时候开始？\n1 月。');
});

test('however long a mail is, it is read at once', () => {
  const started = worked();
  for (const one of [
    'On '.repeat(30_000),
    '在 2026年'.repeat(12_000),
    '> '.repeat(40_000),
    '通过'.repeat(40_000),
    '- '.repeat(40_000),
    `${'发自'.repeat(9)}\n`.repeat(4_000),
  ])
    ownWords(one);
  expect(worked() - started).toBeLessThan(2_000);
});
