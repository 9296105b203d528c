import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { expect, test } from 'vitest';
import { startSettings } from '../../db/settings.ts';
import { bindWorkerd } from '../../db/workerd.ts';
import { readCarriers, type SendBinding } from '../../worker/carriers.ts';
import { mailBy } from '../../worker/deliver/by-mail.ts';
import type { Message } from '../../worker/deliver/message.ts';

/** Letters leave by Cloudflare's own mail: in workerd, by the binding as Miniflare has it; and what that binding refuses is told apart as at every other way. */

const MESSAGE: Message = {
  id: '<one@heyi.example>',
  from: { name: '合意', address: 'notice@heyi.example' },
  to: 'wang@reader.example',
  replyTo: 'reply+token@in.heyi.example',
  subject: '合意：您有一封新的回复',
  text: '有新的进展',
  html: '<p>有新的进展</p>',
  date: new Date(),
  headers: { 'Auto-Submitted': 'auto-generated', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
};
const SETTINGS = { MAIL_URL: 'cloudflare:', MAIL_FROM: '合意 <notice@heyi.example>' };

const WORKER = `
  import { readCarriers } from './worker/carriers.ts';
  import { mailBy } from './worker/deliver/by-mail.ts';
  export default {
    async fetch(request, env) {
      const { message, settings } = await request.json();
      return Response.json(await mailBy(readCarriers(settings, env.SEND_EMAIL).mail, 'https://heyi.example').carry(message));
    },
  };`;

test('a letter leaves by the binding; one that the binding does not let through waits', async () => {
  const made = await build({
    stdin: { contents: WORKER, resolveDir: new URL('../..', import.meta.url).pathname },
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['node:*', 'cloudflare:*'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
    write: false,
  });
  bindWorkerd();
  const worker = new Miniflare({
    cf: false,
    telemetry: { enabled: false },
    enableDevRegistry: false,
    workers: [
      {
        config: {
          name: 'mail',
          compatibilityDate: '2026-11-01',
          compatibilityFlags: ['nodejs_compat'],
          manifest: { mainModule: 'index.js', modules: { 'index.js': { type: 'esm', contents: made.outputFiles[0]?.text ?? '' } } },
          env: { SEND_EMAIL: { type: 'send-email', allowedDestinationAddresses: [MESSAGE.to] } },
        },
      },
    ],
  } as unknown as ConstructorParameters<typeof Miniflare>[0]);
  try {
    const carry = async (message: Message) => {
      const body = JSON.stringify({ message, settings: SETTINGS });
      return (await worker.dispatchFetch('http://mail/', { method: 'POST', body })).json();
    };
    expect(await carry(MESSAGE)).toEqual({ is: 'sent' });
    expect(await carry({ ...MESSAGE, to: 'li@reader.example' })).toEqual({ is: 'later', way: true });
  } finally {
    await worker.dispose();
  }
});

const by = (binding: SendBinding) => {
  const { mail } = readCarriers(SETTINGS, binding);
  if (!mail) throw new Error('no mail');
  return mailBy(mail, 'https://heyi.example');
};

test('it goes as Cloudflare takes it, with its own id where Message-ID is not to be set', async () => {
  const sent: Parameters<SendBinding['send']>[0][] = [];
  expect(await by({ send: async (mail) => sent.push(mail) }).carry(MESSAGE)).toEqual({ is: 'sent' });
  expect(sent).toEqual([
    {
      from: { email: 'notice@heyi.example', name: '合意' },
      to: MESSAGE.to,
      subject: MESSAGE.subject,
      text: MESSAGE.text,
      html: MESSAGE.html,
      replyTo: MESSAGE.replyTo,
      headers: { ...MESSAGE.headers, 'X-Entity-Ref-ID': MESSAGE.id },
    },
  ]);
});

test.each([
  ['E_RECIPIENT_SUPPRESSED', { is: 'refused', what: 'address' }],
  ['E_VALIDATION_ERROR', { is: 'refused', what: 'letter' }],
  ['E_HEADERS_TOO_LARGE', { is: 'refused', what: 'letter' }],
  ['E_HEADER_VALUE_INVALID', { is: 'refused', what: 'letter' }],
  ['E_DELIVERY_FAILED', { is: 'later', way: false }],
  ['E_RECIPIENT_NOT_ALLOWED', { is: 'later', way: false }],
  ['E_RATE_LIMIT_EXCEEDED', { is: 'later', way: true }],
  ['E_SENDER_NOT_VERIFIED', { is: 'later', way: true }],
  ['of a kind that nobody knows', { is: 'later', way: true }],
])('%s says what becomes of the letter', async (code, outcome) => {
  const send = async () => {
    throw Object.assign(new Error('refused'), { code });
  };
  expect(await by({ send }).carry(MESSAGE)).toEqual(outcome);
});

test('without the binding the setting says so, as it does with a token or an address behind it', () => {
  expect(() => readCarriers(SETTINGS)).toThrow('SEND_EMAIL');
  const binding = { send: async () => null };
  expect(() => readCarriers({ ...SETTINGS, MAIL_TOKEN: 'x' }, binding)).toThrow('MAIL_TOKEN');
  expect(() => readCarriers({ ...SETTINGS, MAIL_URL: 'cloudflare:elsewhere' }, binding)).toThrow('MAIL_URL');
});

test('on one machine there is none; with the settings of a worker elsewhere the setting is right', () => {
  const set = { ...SETTINGS, ORIGIN: 'https://heyi.example' };
  expect(() => startSettings(set)).toThrow('SEND_EMAIL');
  expect(startSettings({ ...set, DIRECTORY_URL: 'libsql://directory.example' }).carriers.mail?.by).toBe('cloudflare');
});
