import { existsSync, readFileSync } from 'node:fs';
import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, test } from 'vitest';
import { contactText, masked, parseContact, readCode } from '../../worker/contact.ts';
import { passwordFault } from '../../worker/guessable.ts';
import { placeOf } from '../../worker/routes/address.ts';
import { localPath } from '../../worker/routes/portal.ts';

const read = (typed: string) => {
  const contact = parseContact(typed);
  return contact ? contactText(contact) : 'refuse';
};

/** What people and phones really paste; those handed to us stand beside the repository. */
const shared = new URL('../../../shared/cases/contacts.ndjson', import.meta.url);
const handed = existsSync(shared)
  ? readFileSync(shared, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { typed?: string; code?: string; expected: string })
  : [];

describe('a contact', () => {
  test.each([
    ['\u202d139 1234 5674\u202c', '13912345674'],
    ['\u2068+86 139 1234 5674\u2069', '13912345674'],
    ['8613912345679', '13912345679'],
    ['0086-139-1234-5679', '13912345679'],
    ['139.1234.5678', '13912345678'],
    ['139·1234·5678', '13912345678'],
    ['+86\u2011139\u20111234\u20115681', '13912345681'],
    ['139–1234—5681', '13912345681'],
    ['139\u22121234\u22125681', '13912345681'],
    ['tel:+86-139-1234-5678', '13912345678'],
    ['TEL:+8613912345678;ext=1', '13912345678'],
    ['（139）１２３４　５６７８', '13912345678'],
    ['\ufeff13912345678\u200b', '13912345678'],
    ['13912345678\n', '13912345678'],
    ['user@qq.com\u200b', 'user@qq.com'],
    ['user@qq。com', 'user@qq.com'],
    ['user＠qq．com', 'user@qq.com'],
    ['mailto:User@QQ.com', 'user@qq.com'],
    ['info@例子.中国', 'info@xn--fsqu00a.xn--fiqs8s'],
    ['info@XN--fsqu00a.xn--fiqs8s', 'info@xn--fsqu00a.xn--fiqs8s'],
    ['info@bücher.example', 'info@xn--bcher-kva.example'],
    ['first.last+tag@mail.example.co', 'first.last+tag@mail.example.co'],
  ])('%j is %s', (typed, expected) => expect(read(typed)).toBe(expected));

  test.each([
    'a..b@x.com',
    '.a@x.com',
    'a.@x.com',
    'a@x',
    'a@x..com',
    'a@.x.com',
    'a@-x.com',
    'a@x-.com',
    'a@x_y.com',
    `a@${'x'.repeat(64)}.com`,
    `${'a'.repeat(65)}@x.com`,
    'a@b@x.com',
    'a@1.2.3.4',
    'a@[1.2.3.4]',
    'a@0x7f.1',
    'a@x.com/b',
    'a@x.com:80',
    'a@x%2ecom',
    'a b@x.com',
    'a@x.com, b@x.com',
    'a@x.com\r\nBcc: b@x.com',
    '12912345678',
    '1391234567',
    '139123456789',
    '+1 139 1234 5678',
    '86861391234567',
    '',
    '\u202d\u202c',
  ])('%j is none', (typed) => expect(read(typed)).toBe('refuse'));

  test.runIf(handed.length > 0)('each of those handed to us reads as expected', () => {
    for (const { typed, code, expected } of handed)
      expect(typed === undefined ? readCode(code ?? '') : read(typed), expected).toBe(expected);
  });

  test('an international domain is shown in its own letters', () => {
    const contact = parseContact('info@例子.中国');
    expect(contact && masked(contact)).toBe('i***@例子.中国');
  });
});

test.each([
  ['123456', '123456'],
  ['123-456', '123456'],
  ['123 456', '123456'],
  ['１２３４５６', '123456'],
  ['123\u2011456', '123456'],
  ['\u202d123456\u202c', '123456'],
  ['1 2 3 4 5 6\u200b', '123456'],
  ['验证码123456', '123456'],
  ['验证码：123456。', '123456'],
  ['您的验证码是 123456，10 分钟内有效。', '123456'],
  ['您的验证码是 1234567890，10 分钟内有效。', '1234567890'],
  ['12345 67890', '1234567890'],
  ['12345', '12345'],
  ['1234567', '1234567'],
  ['none', ''],
])('a code typed as %j is read as %j', (typed, expected) => expect(readCode(typed)).toBe(expected));

describe('a new password', () => {
  const common = new Set(dictionary['passwords-common'].map((one) => one.toLowerCase()).filter((one) => one.length >= 4));
  const fault = (password: string, contact = 'xiaoyu@borrower.example', name = '王小雨') =>
    passwordFault(password, parseContact(contact), name, common);

  test.each([
    'woaini1314',
    'woaini1314520',
    '5201314520',
    'a123456789',
    'qwer123456',
    'qwertyuiop1',
    '1qaz2wsx3edc',
    'password123',
    'Password2024!',
    'p@ssw0rd123',
    'zhangwei19900101',
    '1990wangxiaoming',
    'wangxiaoming',
    'abc123abc123',
    '19900101abc',
    'iloveyou 520',
    '１２３４５６７８９０',
    'aaaaaaaaaaaaaaa',
    'xiaoyu-2026-spring',
    '王小雨 19900101',
  ])('%s is what everybody tries', (password) => expect(fault(password)).toBe('plain'));

  test('with the person’s own number in it is none', () => {
    expect(fault('my 13912345678 phone', '13912345678')).toBe('plain');
    // A bare number of somebody else's, too.
    expect([fault('13812345679', '13912345678'), fault('13812345679a', '13912345678')]).toEqual(['plain', 'plain']);
    expect(fault('13812345679 paid in spring', '13912345678')).toBeNull();
    expect(fault('my 13912345678 phone', '13812345678')).toBeNull();
  });

  test.each([
    'a long pass phrase',
    'quite another phrase',
    'wo hen xi huan chi fan',
    '下雨天适合在家喝茶看书',
    'kx83-ploq-zz',
    'heyi-demo-2026',
    'gP9#vLq2!xTz',
  ])('%s is the person’s own', (password) => expect(fault(password)).toBeNull());
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::FFFF:cb00:7109', '203.0.113.9'],
  ['64:ff9b::203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['1:2:3::4::5', 'unreadable'],
  ['1:2:3', 'unreadable'],
])('%s is counted as %s', (address, place) => expect(placeOf(address)).toBe(place));

describe('where to go next', () => {
  test.each([
    '/cases',
    '/open/mingheng/loan?template=level',
    '/join/abc_-1',
    '/cases/0?before=3',
    '/cases/%E5%90%88',
    '/desk/pujiang?text=%E7%8E%8B%20%5c',
  ])('%s is ours', (path) => expect(localPath(path, '/otherwise')).toBe(path));
  test.each([
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%5cevil.example',
    '/%5Cevil.example',
    '/%2fevil.example',
    '/%2f%2fevil.example',
    '/\t/evil.example',
    '/%09/evil.example',
    '/\n/evil.example',
    '/%0d%0aSet-Cookie:x=1',
    '/\r\nSet-Cookie: x=1',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    'user@evil.example',
    '/ /evil.example',
    '/%zz',
    'javascript:alert(1)',
    'data:text/html,x',
    ' //evil.example',
    '',
    `/${'a'.repeat(600)}`,
  ])('%j is not', (path) => expect(localPath(path, '/otherwise')).toBe('/otherwise'));
  test('a fragment stays behind', () => expect(localPath('/cases/1#//evil.example', '/')).toBe('/cases/1'));
});
