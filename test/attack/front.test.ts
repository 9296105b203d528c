/** Somebody on the same machine, or a page in somebody's browser, tries the portal's other doors. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { createClient } from '@libsql/client/web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handOf, playWhole } from '../../db/play-whole.ts';
import { readEnv } from '../../worker/env.ts';
import { type Rig, rig } from '../portal.ts';
import { family } from './processes.ts';

let portal: Rig;
let port: number;
let key: string;
let bucket: string;

type Answer = { status: number; body: string };
const ask = (at: number, path: string, headers: Record<string, string> = {}, method = 'GET', body = '') =>
  new Promise<Answer>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: at, path, method, headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
    });
    asked.setTimeout(5_000, () => asked.destroy(new Error('no answer')));
    asked.once('error', reject);
    asked.end(body);
  });

const raw = (text: string) =>
  new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let said = '';
    socket.on('data', (chunk) => (said += chunk)).once('close', () => resolve(said));
  });

beforeAll(async () => {
  portal = await rig();
  port = Number(new URL(portal.url).port);
  await playWhole(portal);
  key = (await portal.files.list({ limit: 1 })).objects[0]?.key ?? '';
  bucket = readFileSync(`${portal.data}/files-name`, 'utf8').trim();
});
afterAll(() => portal.remove());

describe('Miniflare’s own doors', () => {
  const paths = (name: string) => [
    `/cdn-cgi/local/r2/public/${name}/${key}`,
    `/cdn-cgi/local/r2/s3/${name}/${key}`,
    '/cdn-cgi/local/platform-proxy',
    '/cdn-cgi/local/scheduled',
    '/cdn-cgi/local/email',
    '/cdn-cgi/local/explorer',
    '/cdn-cgi/handler/scheduled',
    '/cdn-cgi/mf/scheduled',
    '/cdn-cgi/mf/reload',
    '/CDN-CGI/local/explorer',
    '/./cdn-cgi/local/explorer',
    '/x/../cdn-cgi/local/explorer',
    '/x/%2e%2e/cdn-cgi/local/explorer',
    '/\\cdn-cgi/local/explorer',
  ];
  test('are closed at the port that people reach, for every bucket', async () => {
    expect(key).not.toBe('');
    for (const name of ['files', bucket]) {
      for (const path of paths(name))
        expect({ path, ...(await ask(port, path)) }).toMatchObject({ status: 404, body: expect.not.stringContaining('%PDF') });
    }
  });
  test.each([
    ['MF-Original-URL', () => `http://127.0.0.1/cdn-cgi/local/r2/public/${bucket}/${key}`],
    ['MF-Route-Override', () => 'core:entry'],
    ['MF-Custom-Fetch-Service', () => 'loopback'],
    ['MF-Proxy-Shared-Secret', () => 'x'],
    ['MF-Op', () => 'GET'],
    ['MF-CF-Blob', () => '{'],
  ])('the header %s changes nothing', async (name, value) => {
    const plain = await ask(port, '/robots.txt');
    expect(await ask(port, '/robots.txt', { [name]: value() })).toEqual(plain);
  });
  test('are closed too where the target names the portal itself', async () => {
    const said = await raw(`GET http://127.0.0.1:${port}/cdn-cgi/x HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1.1 404 /);
  });
  test('nothing that any of its processes listens on gives anything to one without its secrets', async () => {
    const ports = listening(process.pid);
    expect(ports.length).toBeGreaterThan(2);
    for (const at of ports.filter((one) => one !== port)) {
      for (const path of ['/', '/robots.txt', '/dev/outbox', '/json', '/health', '/core/public-url', ...paths('files')]) {
        const { status, body } = await ask(at, path).catch((): Answer => ({ status: 0, body: '' }));
        expect({ at, path, status, refused: status === 0 || status >= 400 }).toMatchObject({ refused: true });
        expect(body).not.toContain('%PDF');
      }
    }
  });
});

describe('another name', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost', '127.0.0.1:1', '10.0.0.1'])(
    'Host %j is refused',
    async (host) => {
      for (const path of ['/', '/dev/outbox', '/.well-known/heyi-keys.json', '/styles.css']) {
        expect([400, 421]).toContain((await ask(port, path, { host })).status);
      }
    },
  );
  test.each(['127.0.0.1', 'evil.example', 'evil.example:1', '127.0.0.1:1@evil.example', ''])(
    'in the target (%j) is refused, whatever Host says',
    async (name) => {
      const said = await raw(`GET http://${name}/dev/outbox HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
      expect(said).toMatch(/^HTTP\/1.1 4(?:00|21) /);
    },
  );
  test.each([
    ['first', (own: string) => `Host: ${own}\r\nHost: evil.example\r\n`],
    ['last', (own: string) => `Host: evil.example\r\nHost: ${own}\r\n`],
    ['twice', (own: string) => `Host: ${own}\r\nhOST: ${own}\r\n`],
  ])('beside our own, which comes %s, is refused', async (_, lines) => {
    const said = await raw(`GET /dev/outbox HTTP/1.1\r\n${lines(`127.0.0.1:${port}`)}Connection: close\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1.1 400 /);
  });
  test('a Host that says nothing, or none, is refused', async () => {
    for (const line of ['Host:\r\n', '']) {
      expect(await raw(`GET / HTTP/1.1\r\n${line}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 4(?:00|21) /);
    }
  });
  test('this machine’s names are its own', async () => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`])
      expect((await ask(port, '/', { host })).status).toBe(200);
  });
});

describe('requests as programs make them', () => {
  const line = (first: string, more = '') => raw(`${first}\r\nHost: 127.0.0.1:${port}\r\n${more}Connection: close\r\n\r\n`);
  test('a target that names the portal is answered as its path is (RFC 9112, 3.2.2)', async () => {
    for (const target of [`http://127.0.0.1:${port}/verify`, `HTTP://127.0.0.1:${port}/verify?a=1`, `http://127.0.0.1:${port}`])
      expect(await line(`GET ${target} HTTP/1.1`)).toMatch(/^HTTP\/1.1 200 /);
  });
  test.each(['h2c', 'websocket', 'TLS/1.0, HTTP/2.0'])('who offers %s is answered in HTTP/1.1 (RFC 9110, 7.8)', async (protocol) => {
    const offer = `Upgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n`;
    const said = await raw(`GET /verify HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${offer}Connection: Upgrade, HTTP2-Settings, close\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1.1 200 /);
  });
  test.each(['M-SEARCH', 'PROPFIND', 'TRACE', 'PURGE', 'QUERY', 'SOURCE', 'BIND'])(
    'the method %s is none that there is here',
    async (method) => expect(await line(`${method} /sign-in HTTP/1.1`)).toMatch(/^HTTP\/1.1 405 .*\r\nallow: GET, HEAD, POST/is),
  );
  test('nor is a tunnel', async () => expect(await line(`CONNECT 127.0.0.1:${port} HTTP/1.1`)).toMatch(/^HTTP\/1.1 405 /));
  test.each(['FOO / HTTP/1.1', 'GET / HTTP/9.9', 'GET /\u0000 HTTP/1.1', 'GET * HTTP/1.1'])(
    'bytes that are no request (%j) are told so',
    async (first) => expect(await line(first)).toMatch(/^HTTP\/1.1 400 /),
  );
  test('a head without an end is told so', async () =>
    expect(await line('GET / HTTP/1.1', `X: ${'x'.repeat(20_000)}\r\n`)).toMatch(/^HTTP\/1.1 431 /));
});

describe('the outbox', () => {
  test('is read on this machine', async () => expect((await ask(port, '/dev/outbox')).status).toBe(200));
  test('and not from elsewhere by way of a proxy here', async () => {
    expect((await ask(port, '/dev/outbox', { 'x-forwarded-for': '203.0.113.7' })).status).toBe(404);
  });
  test('nor with an address that one gives oneself', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', 'cf-connecting-ip': '127.0.0.1' };
    expect((await ask(port, '/dev/outbox', headers)).status).toBe(404);
  });
  test('a development machine with an https origin does not start', () => {
    const settings = {
      DIRECTORY_URL: 'http://127.0.0.1:1/directory/',
      ORIGIN: 'https://heyi.example',
      DEVELOPMENT: '1',
      SIGNING_KEYS: '',
      DOCUMENT_KEY: '',
    };
    expect(() => readEnv(settings as unknown as Parameters<typeof readEnv>[0])).toThrow(/DEVELOPMENT/);
  });
});

describe('the databases', () => {
  const pipeline = JSON.stringify({ requests: [{ type: 'execute', stmt: { sql: 'SELECT email FROM accounts' } }, { type: 'close' }] });
  const database = () => Number(new URL(portal.server.url).port);
  test.each([
    ['no token', () => ({}), 401],
    ['another token', () => ({ authorization: `Bearer ${'x'.repeat(43)}` }), 401],
    [
      'a page’s Origin, even with the token',
      () => ({ authorization: `Bearer ${portal.server.token}`, origin: 'http://evil.example' }),
      403,
    ],
    ['another Host, even with the token', () => ({ authorization: `Bearer ${portal.server.token}`, host: 'evil.example' }), 403],
  ])('with %s', async (_what, headers, status) => {
    for (const path of ['/health', '/directory/v2', '/admin/own', '/']) {
      const answer = await ask(database(), path, headers(), path.startsWith('/admin') ? 'POST' : 'GET');
      expect({ path, status: answer.status }).toEqual({ path, status });
    }
    const answer = await ask(database(), '/directory/v2/pipeline', headers(), 'POST', pipeline);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('@');
  });
  test('the token stands in no list of processes', () => {
    for (const { command, pid } of family(process.pid)) {
      expect(command).not.toContain(portal.server.token);
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(portal.server.token);
    }
  });
  test('its process ends, and is there again with the same address and token; what was answered is there', async () => {
    const db = createClient({ url: portal.env.directory.url, authToken: portal.server.token });
    const before = await db.execute('SELECT count(*) AS n FROM accounts');
    const first = portal.server.pid;
    process.kill(first ?? 0, 'SIGKILL');
    const again = async () => {
      for (let tries = 0; tries < 100; tries++) {
        const found = await db.execute('SELECT count(*) AS n FROM accounts').catch(() => null);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return null;
    };
    expect((await again())?.rows).toEqual(before.rows);
    expect(portal.server.pid).not.toBe(first);
    expect((await (await handOf(portal, 'chen'))('/cases')).status).toBe(200);
  });
});

/** What a process has open; nothing of one that has ended since it was listed. */
function opened(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

/** Ports of loopback on which a process or one below it listens (proc(5), net/tcp: state 0A). */
function listening(root: number): number[] {
  const sockets = new Set(
    family(root).flatMap(({ pid }) =>
      opened(pid).flatMap((fd) => {
        try {
          return [/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? ''];
        } catch {
          return [];
        }
      }),
    ),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((field) => field[3] === '0A' && sockets.has(field[9] ?? ''))
      .map((field) => Number.parseInt(field[1]?.split(':')[1] ?? '', 16)),
  );
}
