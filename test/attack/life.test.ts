/** How a portal ends, and what the next start finds: nothing is left behind, nothing is stuck. */
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { lockFolder } from '../../db/lock.ts';
import {
  answers,
  family,
  freePort,
  isDatabase,
  isFree,
  isWorkerd,
  type Process,
  processes,
  type Started,
  start,
  until,
} from './processes.ts';

/** Milliseconds that anything may take on a machine that is busy with other tests. */
const PATIENCE = 90_000;
vi.setConfig({ testTimeout: 4 * PATIENCE });

const data = mkdtempSync(join(tmpdir(), 'heyi-life-'));
const known = new Map<number, string>();
let port: number;

const remember = (all: readonly Process[]): number[] => {
  for (const { pid, command } of all) known.set(pid, command);
  return all.map(({ pid }) => pid);
};

/** Starts on the one folder and port. Known by its own address it plays no demo world, and is up sooner. */
async function up(by: 'node' | 'npm' = 'node', origin = `http://127.0.0.1:${port}`): Promise<Started> {
  const portal = start(data, port, by, { ORIGIN: origin });
  try {
    await until('the portal is there', () => answers(`http://127.0.0.1:${port}/robots.txt`), PATIENCE);
    await until('it has said all', () => /Ctrl-C stops it|Serving https/.test(portal.output()), PATIENCE);
  } catch (thrown) {
    throw new Error(`${(thrown as Error).message}\n${portal.output()}`);
  } finally {
    remember(family(portal.pid));
  }
  return portal;
}

const gone = (pids: readonly number[]) => () => !processes().some(({ pid }) => pids.includes(pid));

beforeAll(async () => {
  port = await freePort('away');
});
afterEach(() => {
  for (const { pid, command } of processes()) if (known.get(pid) === command) process.kill(pid, 'SIGKILL');
  known.clear();
});
afterAll(() => {
  rmSync(data, { recursive: true, force: true });
});

const left = async (pids: readonly number[]) => {
  await until('every process has ended', gone(pids), PATIENCE);
  expect(await isFree(port), 'the port is free').toBe(true);
  lockFolder(data)();
};

test('a part that is killed is started again by itself; a second portal is refused; SIGTERM to npm ends all of it', async () => {
  const portal = await up('npm');
  for (const [which, path] of [
    [isWorkerd, '/robots.txt'],
    // A page that is read from the database.
    [isDatabase, '/dev/outbox'],
  ] as const) {
    const part = () => family(portal.pid).find(which)?.pid;
    const before = part() ?? 0;
    expect(before).toBeGreaterThan(1);
    process.kill(before, 'SIGKILL');
    await until('it is there again', () => ![undefined, before].includes(part()), PATIENCE);
    await until('pages are there again', () => answers(`http://127.0.0.1:${port}${path}`), PATIENCE);
  }

  const second = start(data, 0);
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`A portal runs on this data folder already (${data}, process `);
  expect(second.output()).not.toContain('    at ');
  const elsewhere = mkdtempSync(join(tmpdir(), 'heyi-life-'));
  const third = start(elsewhere, port);
  expect(await third.ended).toBe(1);
  expect(third.output()).toContain(`Port ${port} is in use by another program.`);
  rmSync(elsewhere, { recursive: true });

  expect(await answers(`http://127.0.0.1:${port}/dev/outbox`)).toBe(true);
  const all = remember(family(portal.pid));
  expect(all.length).toBeGreaterThan(3);
  process.kill(portal.pid, 'SIGTERM');
  // npm is the last to go: where it is the first process of a container, all else is killed with it.
  await portal.ended;
  expect(processes().filter((one) => all.includes(one.pid) && (isDatabase(one) || one.command.includes('db/start.ts')))).toEqual([]);
  await left(all);
});

test('SIGHUP or SIGINT to npm ends all of it, and so does Ctrl-C, which a terminal sends to every process', async () => {
  for (const [reach, signal] of [
    ['npm', 'SIGHUP'],
    ['npm', 'SIGINT'],
    ['all', 'SIGINT'],
  ] as const) {
    const portal = await up('npm');
    const all = remember(family(portal.pid));
    for (const pid of reach === 'npm' ? [portal.pid] : all) process.kill(pid, signal);
    await left(all);
  }
});

test('npm told to end while the portal is only starting leaves nothing that goes on to serve', async () => {
  const portal = start(data, port, 'npm', { ORIGIN: `http://127.0.0.1:${port}` });
  await until('its databases are there', () => remember(family(portal.pid)).length > 0 && family(portal.pid).some(isDatabase), PATIENCE);
  process.kill(portal.pid, 'SIGTERM');
  await portal.ended;
  await left([...known.keys()]);
});

test('told to end while it plays the demo world it ends in order', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'heyi-life-'));
  const portal = start(empty, port);
  await until('it plays', () => portal.output().includes('playing the demo world'), PATIENCE);
  const all = remember(family(portal.pid));
  process.kill(portal.pid, 'SIGTERM');
  expect(await portal.ended, portal.output()).toBe(0);
  await until('every process has ended', gone(all), PATIENCE);
  expect(portal.output()).not.toContain('    at ');
  rmSync(empty, { recursive: true });
});

test('npm killed outright takes all along; of node killed outright the next start takes over at once', async () => {
  const first = await up('npm');
  const all = remember(family(first.pid));
  process.kill(first.pid, 'SIGKILL');
  await left(all);

  const second = await up('node');
  const old = remember(family(second.pid));
  process.kill(second.pid, 'SIGKILL');
  await second.ended;
  // Parts of the second may still be ending.
  const third = await up('node');
  await until('what was below the second has ended', gone(old), PATIENCE);
  expect(await answers(`http://127.0.0.1:${port}/dev/outbox`)).toBe(true);
  const rest = remember(family(third.pid));
  process.kill(third.pid, 'SIGINT');
  expect(await third.ended).toBe(0);
  await left(rest);
});

const ask = (path: string, host: string) =>
  new Promise<{ status: number; text: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      let text = '';
      answer
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    }).on('error', reject);
  });

test('with an https ORIGIN it serves that name alone, nobody reads the outbox, and SIGTERM to node ends all of it', async () => {
  const portal = await up('node', 'https://heyi.example');
  const status = async (path: string, host: string) => (await ask(path, host)).status;
  expect(await status('/', 'heyi.example')).toBe(200);
  expect(await status('/', 'other.example')).toBe(421);
  for (const host of ['heyi.example', `127.0.0.1:${port}`, `localhost:${port}`]) expect(await status('/dev/outbox', host)).toBe(404);
  expect(await status('/join/a-secret-of-an-invitation', 'heyi.example')).toBe(404);
  await until('the request is in the log', () => portal.output().includes('"route":"/join/:token"'), PATIENCE);
  const all = remember(family(portal.pid));
  process.kill(portal.pid, 'SIGTERM');
  expect(await portal.ended).toBe(0);
  await left(all);

  const lines = portal
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines)
    expect(line, JSON.stringify(line)).toMatchObject({
      at: expect.stringMatching(/Z$/),
      level: expect.any(String),
      part: expect.any(String),
    });
  expect(lines).toContainEqual(
    expect.objectContaining({ part: 'worker', method: 'GET', route: '/join/:token', status: 404, ms: expect.any(Number) }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', message: expect.stringContaining('TRUSTED_PROXY') }));
  for (const secret of ['a-secret', 'Demo', 'npm run']) expect(portal.output()).not.toContain(secret);
});

test('what watches over it is told that it is alive, and whether its parts answer, by whatever name it asks', async () => {
  const portal = await up('node', 'https://heyi.example');
  const [alive, ready] = [await ask('/healthz', '10.1.2.3:8787'), await ask('/readyz', 'heyi.example')];
  expect(alive).toMatchObject({ status: 200, text: '{"alive":true}' });
  expect(ready).toMatchObject({ status: 200, text: '{"ready":true,"directory":true,"storage":true}' });
  for (const { headers } of [alive, ready]) {
    expect(headers['cache-control']).toContain('no-store');
    expect(headers['set-cookie']).toBeUndefined();
  }
  // Many at once are no flood, and the parts behind are asked no more often for them.
  const many = await Promise.all(Array.from({ length: 300 }, () => ask('/readyz', 'heyi.example')));
  expect(many.every(({ status }) => status === 200)).toBe(true);

  const database = family(portal.pid).find(isDatabase)?.pid ?? 0;
  expect(database).toBeGreaterThan(1);
  process.kill(database, 'SIGSTOP');
  try {
    await until('it is not ready', async () => (await ask('/readyz', 'heyi.example')).status === 503, PATIENCE);
    expect((await ask('/readyz', 'heyi.example')).text).toBe('{"ready":false,"directory":false,"storage":true}');
    expect((await ask('/healthz', 'heyi.example')).status).toBe(200);
  } finally {
    process.kill(database, 'SIGCONT');
  }
  await until('it is ready', async () => (await ask('/readyz', 'heyi.example')).status === 200, PATIENCE);
  const all = remember(family(portal.pid));
  process.kill(portal.pid, 'SIGTERM');
  expect(await portal.ended).toBe(0);
  await left(all);
});

test('what is set wrongly is said in a sentence, and nothing is served', async () => {
  for (const [environment, said] of [
    [{ ORIGIN: 'http://heyi.example' }, 'https:// alone'],
    [{ ORIGIN: 'https://heyi.example/path' }, 'without a path'],
    [{ HOST: '0.0.0.0' }, 'Set ORIGIN'],
    [{ TRUSTED_PROXY: '10.0.0.0/33' }, 'TRUSTED_PROXY: addresses'],
    [{ PORT: '99999' }, 'PORT: a whole number'],
  ] as const) {
    const portal = start(data, port, 'node', environment);
    expect(await portal.ended, said).toBe(2);
    expect(portal.output()).toContain(said);
    expect(portal.output()).not.toContain('    at ');
  }
});
