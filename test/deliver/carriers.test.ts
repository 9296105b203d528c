import { describe, expect, test } from 'vitest';
import { readCarriers } from '../../worker/carriers.ts';
import { instant } from '../../worker/clock.ts';
import { messageOf } from '../../worker/deliver/message.ts';
import { nextTry } from '../../worker/deliver/pace.ts';
import { bytesOf } from '../../worker/deliver/smtp.ts';

/** Settings are read once, and say what is wrong with them without saying what they hold. */

const FROM = { MAIL_FROM: '合意 <notice@heyi.example>' };

test('a mail server, a mail API and a service for short messages are read', () => {
  expect(readCarriers({})).toEqual({ mail: null, text: null });
  expect(readCarriers({ MAIL_URL: 'smtp://a%40b:p%25%20w@mx.example', ...FROM }).mail).toEqual({
    by: 'smtp',
    host: 'mx.example',
    port: 587,
    secure: false,
    user: 'a@b',
    password: 'p% w',
    from: { name: '合意', address: 'notice@heyi.example' },
    replyTo: null,
    answers: null,
  });
  expect(readCarriers({ MAIL_URL: 'smtps://mx.example', MAIL_FROM: 'a@b.example', MAIL_REPLY_TO: 'r@b.example' }).mail).toMatchObject({
    port: 465,
    secure: true,
    user: '',
    from: { name: '', address: 'a@b.example' },
    replyTo: 'r@b.example',
  });
  expect(readCarriers({ MAIL_URL: 'https://api.example/emails', MAIL_TOKEN: 't', ...FROM }).mail).toMatchObject({ by: 'api', token: 't' });
  expect(readCarriers({ SMS_URL: 'https://sms.example/', SMS_TOKEN: 's' }).text).toEqual({ url: 'https://sms.example/', token: 's' });
});

test('where answers come in is read, in lower case', () => {
  const set = { MAIL_URL: 'smtp://mx.example', MAIL_IN: 'Reply@In.heyi.example', MAIL_IN_SERVER: 'MX.heyi.example', ...FROM };
  const answers = { local: 'reply', domain: 'in.heyi.example', server: 'mx.heyi.example', token: null };
  expect(readCarriers(set).mail?.answers).toEqual(answers);
  expect(readCarriers({ ...set, MAIL_IN_TOKEN: 't' }).mail?.answers).toEqual({ ...answers, token: 't' });
});

describe('what is wrong is named, and never shown', () => {
  test.each([
    ['MAIL_URL', { MAIL_URL: 'mx.secret.example', ...FROM }],
    ['MAIL_URL', { MAIL_URL: 'http://api.secret.example/', MAIL_TOKEN: 't', ...FROM }],
    ['MAIL_URL', { MAIL_URL: 'smtp://a:secret@mx.example/path', ...FROM }],
    ['MAIL_URL', { MAIL_URL: 'smtp://a:secret%zz@mx.example', ...FROM }],
    ['MAIL_URL', { MAIL_TOKEN: 'secret' }],
    ['MAIL_FROM', { MAIL_URL: 'smtp://a:secret@mx.example' }],
    ['MAIL_FROM', { MAIL_URL: 'smtp://mx.example', MAIL_FROM: 'Heyi <a@b.example>\r\nBcc: secret@evil.example' }],
    ['MAIL_FROM', { MAIL_URL: 'smtp://mx.example', MAIL_FROM: 'secret' }],
    ['MAIL_REPLY_TO', { MAIL_URL: 'smtp://mx.example', MAIL_REPLY_TO: 'secret\r\n@b.example', ...FROM }],
    ['MAIL_TOKEN', { MAIL_URL: 'https://secret.example/', ...FROM }],
    ['MAIL_TOKEN', { MAIL_URL: 'https://api.example/', MAIL_TOKEN: 'secret\r\nx: y', ...FROM }],
    ['MAIL_TOKEN', { MAIL_URL: 'smtp://mx.example', MAIL_TOKEN: 'secret', ...FROM }],
    ['MAIL_IN', { MAIL_IN: 'secret@b.example' }],
    ['MAIL_IN', { MAIL_URL: 'smtp://mx.example', MAIL_IN: 'secret+@b.example', MAIL_IN_SERVER: 'mx', ...FROM }],
    ['MAIL_IN', { MAIL_URL: 'smtp://mx.example', MAIL_IN: 'secretsecret@b.example', MAIL_IN_SERVER: 'mx', ...FROM }],
    ['MAIL_IN_SERVER', { MAIL_URL: 'smtp://mx.example', MAIL_IN: 'reply@secret.example', ...FROM }],
    ['MAIL_IN_TOKEN', { MAIL_URL: 'smtp://mx.example', MAIL_IN_TOKEN: 'secret', ...FROM }],
    ['MAIL_IN_TOKEN', { MAIL_URL: 'smtp://mx.example', MAIL_IN: 'r@b.example', MAIL_IN_SERVER: 'mx', MAIL_IN_TOKEN: 'secret x', ...FROM }],
    ['SMS_URL', { SMS_TOKEN: 'secret' }],
    ['SMS_URL', { SMS_URL: 'http://secret.example', SMS_TOKEN: 't' }],
    ['SMS_TOKEN', { SMS_URL: 'https://secret.example' }],
  ])('%s of %j', (name, given) => {
    let said = '';
    try {
      readCarriers(given);
    } catch (thrown) {
      said = String(thrown);
    }
    expect(said).toContain(name);
    expect(said).not.toContain('secret');
  });
});

test('no header ends before its end, whatever it holds', async () => {
  const evil = 'x\r\nBcc: evil@evil.example\r\n\r\nbody\u0000\u2028';
  const way = { from: { name: `Heyi"${evil}`, address: 'notice@heyi.example' }, replyTo: null };
  const letter = {
    id: evil,
    recipient: `a@b.example`,
    subject: evil,
    body: 'text',
    createdAt: instant(),
    language: 'zh' as const,
    replyTo: evil,
    unsubscribe: evil,
  };
  const [head = ''] = (await bytesOf(messageOf(letter, way, 'https://heyi.example'))).toString('utf8').split('\r\n\r\n');
  expect(head).not.toMatch(/^Bcc:/im);
  expect(head).toMatch(/^To: a@b\.example$/m);
});

test('tries come further and further apart, up to four hours, never all at one time, and a code’s are close', () => {
  const at = '2026-11-24T00:00:00.000Z';
  const minutes = (attempts: number, urgency: number, chance: number) =>
    (Date.parse(nextTry(at, attempts, urgency, chance)) - Date.parse(at)) / 60_000;
  expect([1, 2, 3, 30].map((attempts) => minutes(attempts, 2, 1))).toEqual([1, 2, 4, 240]);
  expect(minutes(30, 2, 0)).toBe(120);
  expect(minutes(1, 0, 1) * 60).toBe(5);
});
