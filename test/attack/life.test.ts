/** How a portal ends, and what a second one finds: nothing is left behind, nothing is stuck. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answers, family, processes, type Started, start, until } from './processes.ts';

const data = mkdtempSync(join(tmpdir(), 'heyi-life-'));
const begun: Started[] = [];
let port: number;

async function up(by: 'node' | 'npm', environment: Record<string, string> = {}): Promise<Started> {
  const portal = start(data, port, by, environment);
  begun.push(portal);
  await until('the portal is there', () => answers(`http://127.0.0.1:${port}/robots.txt`), 120_000);
  await until('it has said all', () => portal.output().includes('Ctrl-C stops it.'), 120_000);
  return portal;
}

const gone = (pids: readonly number[]) => () => !processes().some(({ pid }) => pids.includes(pid));

beforeAll(async () => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  port = (probe.address() as AddressInfo).port;
  await new Promise((resolve) => probe.close(resolve));
});
afterAll(() => {
  for (const { pid } of begun) for (const one of family(pid)) process.kill(one.pid, 'SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s', (signal) => {
  test('to npm start ends all of it', async () => {
    const portal = await up('npm');
    const all = family(portal.pid).map(({ pid }) => pid);
    expect(all.length).toBeGreaterThan(3);
    portal.child.kill(signal);
    await until('every process has ended', gone(all), 15_000);
  });
});

test.each([
  ['npm, killed outright', 'npm', 'SIGKILL'],
  ['its node, by SIGTERM', 'node', 'SIGTERM'],
  ['its node, killed outright', 'node', 'SIGKILL'],
] as const)('%s, takes all along', async (_what, by, signal) => {
  const portal = await up(by);
  const all = family(portal.pid).map(({ pid }) => pid);
  portal.child.kill(signal);
  await until('every process has ended', gone(all), 15_000);
});

test('a second start on the same folder, and one on a port in use, say so and end', async () => {
  const first = await up('node');
  const second = start(data, 0);
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`A portal runs on this data folder already (${data}, process ${first.pid})`);
  const elsewhere = mkdtempSync(join(tmpdir(), 'heyi-life-'));
  const third = start(elsewhere, port);
  expect(await third.ended).toBe(1);
  expect(third.output()).toContain(`Port ${port} is in use by another program.`);
  rmSync(elsewhere, { recursive: true });
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
});

test('with an https ORIGIN it serves that name alone, and nobody reads the outbox', async () => {
  const portal = await up('node', { ORIGIN: 'https://heyi.example' });
  const ask = (path: string, host: string) =>
    new Promise<{ status: number; cookies: string[] }>((resolve, reject) => {
      import('node:http').then(({ get }) =>
        get({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode ?? 0, cookies: answer.headers['set-cookie'] ?? [] });
        }).on('error', reject),
      );
    });
  expect((await ask('/', 'heyi.example')).status).toBe(200);
  expect((await ask('/', 'other.example')).status).toBe(421);
  for (const host of ['heyi.example', `127.0.0.1:${port}`, `localhost:${port}`]) expect((await ask('/dev/outbox', host)).status).toBe(404);
  expect(portal.output()).not.toContain('/dev/outbox');
  portal.child.kill('SIGTERM');
  await portal.ended;
});
