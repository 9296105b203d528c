import { describe, expect, test } from 'vitest';
import { isAuthentic, isAutomatic } from '../../worker/inbound/sender.ts';

const heads = (...lines: [string, string][]) => lines.map(([key, value]) => ({ key: key.toLowerCase(), originalKey: key, value }));
const results = (...values: string[]) => heads(...values.map((value): [string, string] => ['Authentication-Results', value]));
const SERVER = 'mx.heyi.example';
const FROM = 'wang@mail.example';

describe('our own mail server vouches for a sender', () => {
  test.each([
    'mx.heyi.example; dmarc=pass header.from=mail.example',
    'MX.heyi.example 1; spf=pass smtp.mailfrom=bounce@mail.example',
    'mx.heyi.example; dkim=pass (2048-bit key) header.d=mail.example header.s=k1; spf=fail smtp.mailfrom=x@y.example',
    'mx.heyi.example; dkim=pass header.i=@mail.example',
    'mx.heyi.example; dkim=fail header.d=mail.example; dmarc=pass (p=none dis=none) header.from=MAIL.example',
  ])('%s', (value) => expect(isAuthentic(results(value), SERVER, FROM)).toBe(true));
  test('a subdomain of who signed', () =>
    expect(isAuthentic(results('mx.heyi.example; dkim=pass header.d=mail.example'), SERVER, 'a@cn.mail.example')).toBe(true));
});

describe('nobody else does', () => {
  test.each([
    ['none', []],
    ['another server', ['mx.evil.example; dmarc=pass header.from=mail.example']],
    ['a name that begins like ours', ['mx.heyi.example.evil.example; dmarc=pass header.from=mail.example']],
    ['ours, below another', ['mx.evil.example; none', 'mx.heyi.example; dmarc=pass header.from=mail.example']],
    [
      'one that the sender wrote, below ours',
      ['mx.heyi.example; dmarc=fail header.from=mail.example', 'mx.heyi.example; dmarc=pass header.from=mail.example'],
    ],
    ['nothing found', ['mx.heyi.example; none']],
    ['failed', ['mx.heyi.example; dmarc=fail header.from=mail.example; spf=softfail smtp.mailfrom=a@mail.example']],
    ['of another domain', ['mx.heyi.example; dmarc=pass header.from=evil.example']],
    ['signed by another', ['mx.heyi.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=a@evil.example']],
    ['signed by one that ends alike', ['mx.heyi.example; dkim=pass header.d=ail.example']],
    ['signed by a whole country', ['mx.heyi.example; dkim=pass header.d=example']],
    ['in a comment', ['mx.heyi.example; spf=fail (x; dmarc=pass header.from=mail.example) smtp.mailfrom=a@evil.example']],
    ['in a comment in a comment', ['mx.heyi.example; spf=fail ((a) ; dmarc=pass header.from=mail.example) reason=x']],
    ['in what is quoted', ['mx.heyi.example; spf=pass smtp.mailfrom="; dmarc=pass header.from=mail.example ;"@evil.example']],
    ['in a quoted quote', ['mx.heyi.example; spf=pass smtp.mailfrom="\\"; dmarc=pass header.from=mail.example ;"@evil.example']],
    ['another method', ['mx.heyi.example; arc=pass header.d=mail.example; iprev=pass']],
  ] as [string, string[]][])('%s', (_, values) => expect(isAuthentic(results(...values), SERVER, FROM)).toBe(false));
});

describe('machines', () => {
  test.each([
    [['Auto-Submitted', 'auto-replied'], ''],
    [['Precedence', 'bulk'], ''],
    [['Return-Path', '<>'], ''],
    [['List-Id', '<a.example>'], ''],
    [['X-Autoreply', 'yes'], ''],
    [['Content-Type', 'multipart/report; report-type=delivery-status'], ''],
    [['From', 'MAILER-DAEMON@mx.example'], ''],
    [['X-A', ''], '自动回复：我在休假'],
    [['X-A', ''], 'Automatic reply: away'],
    [['X-A', ''], '系统退信'],
    [['X-A', ''], 'Undelivered Mail Returned to Sender'],
  ] as [[string, string], string][])('%j %s', (head, subject) => expect(isAutomatic(heads(head), subject)).toBe(true));
  test('people', () => {
    expect(
      isAutomatic(heads(['Auto-Submitted', 'no'], ['Return-Path', '<wang@mail.example>'], ['Content-Type', 'text/plain']), 'Re: 合意'),
    ).toBe(false);
    expect(isAutomatic(heads(['constructor', 'x'], ['__proto__', 'x']), '回复：我没有自动回复')).toBe(false);
  });
});
