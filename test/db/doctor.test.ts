/** What `npm run doctor` says of an installation that is well, and of such as are not. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DocumentKey } from '../../worker/record/certificates.ts';
import { command } from '../command.ts';
import { MailServer } from '../mail-server.ts';
import { openedCase, type Rig, rig } from '../portal.ts';

let portal: Rig;
let stopped = false;
beforeAll(async () => {
  portal = await rig();
  await openedCase(portal);
});
afterAll(async () => {
  if (!stopped) await portal.stop();
  rmSync(portal.data, { recursive: true, force: true });
});

const doctor = (environment: Record<string, string> = {}, ...args: string[]) =>
  command('db/doctor.ts', args, { DATA: portal.data, ...environment });

test('beside a portal that runs all is well, and nothing of a case is said', async () => {
  const { code, out } = await doctor({ PORT: new URL(portal.url).port });
  expect(out).toContain('the portal is ready: its directory and its storage answer');
  expect(out).toContain('the directory and 2 casebooks answer and are up to date');
  expect(out).not.toMatch(/WRONG|HY-|陈建国/);
  expect(code).toBe(0);
});

test('a letter is sent to whom one is asked for, and what stands in its way is said', async () => {
  const server = await new MailServer().start();
  try {
    const set = { PORT: new URL(portal.url).port, ...server.settings };
    expect(await doctor(set)).toMatchObject({ code: 0, out: expect.stringContaining('mail is set') });
    expect(server.got).toEqual([]);
    expect(await doctor(set, '--to', 'me@operator.example')).toMatchObject({ code: 0, out: expect.stringContaining('has taken a letter') });
    expect(server.got.map(({ to }) => to)).toEqual(['me@operator.example']);
    expect(server.got[0]?.mail.subject).toContain('测试邮件');
    server.refused.add('nobody@operator.example');
    expect(await doctor(set, '--to', 'nobody@operator.example')).toMatchObject({ code: 1, out: expect.stringContaining('for good') });
    const wrong = await doctor({ ...set, MAIL_URL: server.url.replace('heyi:', 'another:') }, '--to', 'me@operator.example');
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining('does not let the portal in') });
    expect(wrong.out).not.toContain(encodeURIComponent('p@ss'));
    expect(await doctor({ PORT: set.PORT }, '--to', 'me@operator.example')).toMatchObject({
      code: 1,
      out: expect.stringContaining('MAIL_URL is not set'),
    });
  } finally {
    await server.kill();
  }
});

test('answers by mail: who takes them, and whether the door opens by its secret', async () => {
  const mail = { MAIL_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'notice@heyi.example' };
  const set = { ...mail, MAIL_IN: 'reply@in.heyi.invalid', MAIL_IN_SERVER: 'mx.heyi.example', MAIL_IN_TOKEN: 'the-secret-of-the-door' };
  const port = { PORT: new URL(portal.url).port };
  expect((await doctor({ ...port, ...mail })).out).toMatch(
    /well +answers +MAIL_IN is not set: what people answer goes to notice@heyi\.example/,
  );
  const unknown = await doctor({ ...port, ...set });
  expect(unknown).toMatchObject({ code: 1, out: expect.stringContaining('knows no MAIL_IN_TOKEN') });
  expect(unknown.out).toContain('No mail server is named for in.heyi.invalid');
  expect((await doctor({ ...port, ...set, MAIL_IN_SERVER: '' })).out).toMatch(/WRONG +settings +Settings: MAIL_IN_SERVER: the name/);
  expect((await doctor({ ...port, ...mail, MAIL_IN_TOKEN: 'the-secret-of-the-door' })).out).toContain('and no MAIL_IN.');
  const other = await rig(undefined, 0, undefined, set);
  try {
    const there = { DATA: other.data, PORT: new URL(other.url).port };
    const opened = await doctor({ ...there, ...set });
    expect(opened.out).toMatch(
      /well +answers +reply\+…@in\.heyi\.invalid, found authentic by mx\.heyi\.example; the door opens by MAIL_IN_TOKEN/,
    );
    expect(opened.out).not.toContain('the-secret');
    const wrong = await doctor({ ...there, ...set, MAIL_IN_TOKEN: 'another' });
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining('has another MAIL_IN_TOKEN') });
  } finally {
    await other.remove();
  }
  expect((await doctor({ ...port, TSA_URL: 'tsa.example' })).out).toContain('TSA_URL: the address of a service of time stamps');
});

// A dozen commands, each a process that opens an installation.
test('what is wrong is said in words, with how to mend it, and the exit code tells', async () => {
  expect(await doctor({ PORT: '1' })).toMatchObject({
    code: 1,
    out: expect.stringContaining('does not answer at http://127.0.0.1:1/readyz'),
  });
  await portal.stop();
  stopped = true;
  expect(await doctor()).toMatchObject({ code: 0, out: expect.stringContaining('a file was put there, read and taken away') });

  expect(await doctor({ ORIGIN: 'http://heyi.example' })).toMatchObject({ code: 1, out: expect.stringContaining('https:// alone') });
  // Reserved for names that never are (RFC 2606).
  const unreached = await doctor({ ORIGIN: 'https://heyi.invalid' });
  expect(unreached).toMatchObject({ code: 1, out: expect.stringMatching(/https:\/\/heyi\.invalid is not reached[\s\S]*2 wrong/) });
  expect(unreached.out).toContain('Neither MAIL_URL nor SMS_URL is set');
  expect(unreached.out).toContain('TRUSTED_PROXY is not set');
  const none = mkdtempSync(join(tmpdir(), 'heyi-doctor-'));
  expect(await doctor({ DATA: none })).toMatchObject({ code: 1, out: expect.stringContaining('There is no installation in') });
  rmSync(none, { recursive: true });
  expect(await doctor({ DIRECTORY_URL: 'libsql://directory.example' })).toMatchObject({
    code: 1,
    out: expect.stringContaining('Set SIGNING_KEYS, DOCUMENT_KEY, ORIGIN'),
  });

  expect((await doctor()).out).toMatch(/well +schedule +nothing waits longer than 15 minutes/);
  const behind = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { timeout: 30_000 });
  const deadlines = behind.prepare('SELECT id, deadline FROM cases').all();
  behind.exec("UPDATE cases SET deadline = '2026-01-01T00:00:00.000Z'");
  expect((await doctor()).out).toMatch(/WARNING +schedule +1 cases of mingheng in which something fell due wait since 2026-01-01/);
  for (const { id, deadline } of deadlines) behind.prepare('UPDATE cases SET deadline = ? WHERE id = ?').run(deadline ?? null, id ?? null);
  behind.close();

  chmodSync(portal.data, 0o755);
  expect(await doctor()).toMatchObject({ code: 0, out: expect.stringContaining('chmod 700') });
  chmodSync(portal.data, 0o700);

  const document = join(portal.data, 'document-key.json');
  const held = readFileSync(document, 'utf8');
  const key = JSON.parse(held) as DocumentKey;
  const der = Buffer.from(key.certificates[0] ?? '', 'base64');
  der.set([0x00, 0x10], der.indexOf(Buffer.from([0x02, 0x10])) + 2);
  writeFileSync(document, JSON.stringify({ ...key, certificates: [der.toString('base64')] }), { mode: 0o600 });
  expect(await doctor()).toMatchObject({
    code: 1,
    out: expect.stringMatching(/WRONG +document key +The serial number .* rotate-document/),
  });
  writeFileSync(document, held, { mode: 0o600 });

  const ring = join(portal.data, 'signing-keys.json');
  const keys = readFileSync(ring, 'utf8');
  writeFileSync(ring, '[]', { mode: 0o600 });
  expect(await doctor()).toMatchObject({ code: 1, out: expect.stringContaining('does not hold the keys that it should') });
  writeFileSync(ring, keys, { mode: 0o600 });

  const ahead = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { timeout: 30_000 });
  ahead.exec("UPDATE cases SET last_at = '2999-01-01T00:00:00.000Z'");
  ahead.close();
  expect(await doctor()).toMatchObject({ code: 1, out: expect.stringContaining('which is still to come') });
  const broken = new DatabaseSync(join(portal.data, 'databases', 'directory.db'), { timeout: 30_000 });
  broken.exec("UPDATE lenders SET name = 'another' WHERE slug = 'pujiang'");
  broken.close();
  expect(await doctor()).toMatchObject({
    code: 1,
    out: expect.stringContaining('1 rows of the directory are not as the portal wrote them'),
  });
}, 300_000);
