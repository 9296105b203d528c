/**
 * Requests that nobody means well with, at a whole portal on loopback: every route with every method, forms, JSON, multipart, cookies, headers and
 * paths as no browser sends them, from a borrower, a lender's people and nobody. `npm run attack:fuzz -- --count 100000 --seed 1`
 */
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type * as z from 'zod';
import { playDemo } from '../../db/demo-cases.ts';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { PolicyForm } from '../../worker/negotiation/policy-form.ts';
import { type Rig, rig } from '../portal.ts';
import { cookieOf } from '../worker/people.ts';
import { family, isDatabase, isWorkerd, workOfWorkers } from './processes.ts';

export type Route = { method: string; path: string };
/** A borrower, an agent, who administers the lender, and who supervises there. */
const PERSONS = ['wang', 'lin', 'fang', 'zhou'] as const;
type Actor = (typeof PERSONS)[number] | 'nobody';

export type Report = {
  count: number;
  seconds: number;
  statuses: Record<string, number>;
  /** Answers that must not be: 5xx, none at all, a connection that is cut, or too late; the request that made each can be sent again. */
  faults: string[];
  /** The portal's processes: they must be the same ones at the end. */
  processes: { before: number[]; after: number[] };
  /** Longest that a request took, and that an innocent one beside them had to wait, in milliseconds. */
  slowest: { ms: number; what: string };
  innocent: { asked: number; slowest: number };
};

/** Nobody waits for more of the worker's work, in milliseconds: on a machine that does other things too it takes longer. */
export const PATIENCE = 2_000;

/** A stream of numbers in [0, 1) that a seed decides (mulberry32). */
function chance(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return { next, below, one: <T>(list: readonly T[]): T => list[below(list.length)] as T, odds: (share: number) => next() < share };
}
type Chance = ReturnType<typeof chance>;

const NASTY = [
  '',
  ' ',
  '0',
  '-0',
  '-1',
  'NaN',
  'Infinity',
  '1e400',
  '99999999999999999999',
  '1.7976931348623157e309',
  '0x10',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\u202egnp.exe',
  '\ufeff',
  '<script>alert(1)</script>',
  '"\'><img src=x>',
  '{"a":1}',
  '[[[[[[',
  '٣',
  '９９９',
  '1,2345.67',
  '2026-02-30',
  '0000-00-00',
  '9999-12-31',
  '2026-01-01T00:00',
  '%',
  '%zz',
  '%00',
  '%E0%A4%A',
  '../../etc/passwd',
  '..\\..\\',
  '\r\nSet-Cookie: x=1',
  "' OR 1=1 --",
  '__proto__',
  'constructor',
  'toString',
  '//evil.example',
  'javascript:alert(1)',
  '𠮷',
] as const;

/** Longer than any field takes. */
const LONG = ['a'.repeat(6_000), '债'.repeat(9_000), 'e\u0301'.repeat(3_000), '👩‍👩‍👧‍👦'.repeat(50)] as const;

type World = {
  caseId: string;
  other: string;
  sha256: string;
  digest: string;
  /** One of the lender's people. */
  account: string;
  origin: string;
  cookies: Record<Actor, string>;
  routes: Route[];
  fields: string[];
};

/** The names of a schema's fields, as forms write them. */
function fieldsOf(schema: z.ZodType, path = ''): string[] {
  const def = schema.def as unknown as {
    type: string;
    shape?: Record<string, z.ZodType>;
    element?: z.ZodType;
    innerType?: z.ZodType;
    options?: z.ZodType[];
    in?: z.ZodType;
  };
  if (def.shape) return Object.entries(def.shape).flatMap(([key, field]) => fieldsOf(field, path ? `${path}.${key}` : key));
  if (def.element) return [path, ...fieldsOf(def.element, `${path}.0`)];
  if (def.options) return def.options.flatMap((option) => fieldsOf(option, path));
  const inner = def.innerType ?? (def.type === 'pipe' ? def.in : undefined);
  return inner ? fieldsOf(inner, path) : [path];
}

function value(c: Chance, world: World): string {
  if (c.odds(0.02)) return c.one(LONG);
  if (c.odds(0.55)) return c.one(NASTY);
  const plain = [
    '1',
    '2',
    '12',
    '100.00',
    '2026-12-01',
    'month',
    'level',
    'fixed',
    'pause',
    'other',
    'too-low',
    'incomes.salary',
    'hardship',
    'zh',
    'en',
    'continue',
    'back',
  ];
  if (c.odds(0.6)) return c.one([...plain, world.digest, world.sha256, world.caseId, '王小雨', '我写的话。']);
  return Array.from({ length: c.below(40) }, () => String.fromCharCode(c.below(0x1_0000))).join('');
}

/** A field's name; where `wild`, also such as no page of ours has. */
function name(c: Chance, world: World, wild = true): string {
  const known = c.one(world.fields);
  if (!wild || c.odds(0.75)) return known.replace('.0.', `.${c.below(12)}.`);
  return c.one([
    known.replace('.0.', '.999999999.'),
    known.replace('.0.', '.-1.'),
    `${known}.${known}.${known}`,
    `__proto__.${known}`,
    `terms.__proto__.x`,
    'constructor.prototype.x',
    'a'.repeat(c.below(500)),
    Array.from({ length: c.below(60) }, () => 'a').join('.'),
    value(c, world),
    'action',
    'requestId',
    'contact',
    'next',
    'kept:at',
    'kept:words',
    'language',
  ]);
}

/** Percent-encoded, with lone surrogates as the bytes that no decoder takes. */
function encoded(text: string): string {
  return [...text].map((char) => (char.isWellFormed() ? encodeURIComponent(char) : '%ED%A0%80')).join('');
}

function form(c: Chance, world: World): string {
  if (c.odds(0.003)) return 'a&'.repeat(c.below(80_000));
  if (c.odds(0.003)) return `words=${'%E5%80%BA'.repeat(c.below(60_000))}`;
  const wild = c.odds(0.25);
  const fields = Array.from(
    { length: c.below(c.odds(0.01) ? 2_500 : 20) },
    () => `${encoded(name(c, world, wild))}=${encoded(value(c, world))}`,
  );
  if (c.odds(0.1)) fields.push(c.one(['%', '=', '&&&', '%zz=%zz', 'words=%', 'words=%ff%fe', 'words=%00']));
  return fields.join('&');
}

function json(c: Chance, world: World, depth = 0): unknown {
  const kind = c.below(depth > 4 ? 4 : 7);
  if (kind === 0) return value(c, world);
  if (kind === 1) return c.one([0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER, 2 ** 53, c.below(1_000_000)]);
  if (kind === 2) return c.one([null, true, false]);
  if (kind === 3) return c.one(world.fields);
  if (kind === 4 && depth === 0 && c.odds(0.05)) return Array.from({ length: 3_000 }, () => c.one(NASTY));
  if (kind === 4) return Array.from({ length: c.below(4) }, () => json(c, world, depth + 1));
  const root: Record<string, unknown> = {};
  for (const path of Array.from({ length: c.below(12) }, () => name(c, world))) {
    let at = root;
    const keys = path.split('.').slice(0, 6);
    for (const key of keys.slice(0, -1)) {
      // A list is not gone into: with a place 999,999,999 its text would be longer than any text can be.
      if (!Object.hasOwn(at, key) || typeof at[key] !== 'object' || at[key] === null || Array.isArray(at[key]))
        Object.defineProperty(at, key, { value: {}, enumerable: true, configurable: true });
      at = at[key] as Record<string, unknown>;
    }
    Object.defineProperty(at, keys.at(-1) ?? '', { value: json(c, world, depth + 2), enumerable: true, configurable: true });
  }
  return root;
}

function jsonText(c: Chance, world: World): string {
  if (c.odds(0.01)) return '['.repeat(c.below(100_000));
  if (c.odds(0.01)) return '{"a":'.repeat(c.below(50_000));
  const text = JSON.stringify(json(c, world)) ?? '';
  return c.odds(0.1) ? text.slice(0, c.below(text.length + 1)) : text;
}

/** Small files that say that they are large, or hold nothing but beginnings. */
const FILES = [
  '%PDF-1.7\n%%EOF',
  `%PDF-1.7\n${'1 0 obj <</Length 9>> stream\n'.repeat(2_000)}trailer<</Root 1 0 R /Encrypt 2 0 R>>\nstartxref\n5\n%%EOF`,
  `%PDF-1.7\n${'('.repeat(50_000)}\n%%EOF`,
  '\xff\xd8\xff\xe0\x00\x10JFIF',
  `\xff\xd8\xff${'\xe0\x00\x02\xff'.repeat(20_000)}\xd9`,
  `\x89PNG\r\n\x1a\n\0\0\0\rIHDR${'\0\0\0\0IDAT\0\0\0\0'.repeat(5_000)}`,
  `RIFF\xff\xff\0\0WEBP${'VP8 \0\0\0\0'.repeat(5_000)}`,
  `\0\0\0\x18ftypheic\0\0\0\0heicmif1${'\0\0\0\x08free'.repeat(5_000)}`,
  'GIF89a',
  'PK\x03\x04',
  gzipSync(Buffer.alloc(100_000_000)).toString('latin1'),
  gzipSync(gzipSync(Buffer.alloc(200_000_000))).toString('latin1'),
] as const;

/** A line of a part's head; lines that end it early among them. */
const lines = (c: Chance, world: World) =>
  Array.from({ length: c.below(c.odds(0.02) ? 2_000 : 4) }, () =>
    c.one(['X: y', 'Content-Transfer-Encoding: base64', ': ', ' folded', 'Content-Disposition: attachment', encoded(value(c, world)), '']),
  ).map((line) => `\r\n${line}`);

function multipart(c: Chance, world: World, boundary: string): string {
  const end = c.odds(0.9) ? '\r\n' : c.one(['\n', '\r', '\r\n\r\n', '']);
  const parts = Array.from({ length: c.below(c.odds(0.02) ? 4_000 : 6) }, () => {
    const named = c.odds(0.03)
      ? c.one(['a', '债', '../', '.']).repeat(c.below(100_000))
      : c.one([...NASTY.slice(0, 40), '../a.pdf', '工资单.pdf', '', 'a".pdf', 'a\\".pdf', '%22%0d%0a']);
    const file = c.odds(0.4) ? `; filename${c.odds(0.1) ? "*=utf-8''" : '='}"${named}"` : '';
    const field = c.one(['files', 'files', 'figures', 'action', name(c, world)]);
    const type = c.odds(0.3) ? `\r\nContent-Type: ${c.one(['application/pdf', 'image/jpeg', 'text/html', 'x', ''])}` : '';
    const more = c.odds(0.1) ? lines(c, world).join('') : '';
    const content = c.odds(0.5) ? c.one(FILES) : c.one([value(c, world), '', `--${boundary}`, `\r\n--${boundary}`, `\n--${boundary}--`]);
    return `--${boundary}${end}Content-Disposition: form-data; name="${field}"${file}${type}${more}${end}${end}${content}${end}`;
  });
  const before = c.odds(0.05) ? c.one(['\r\n', 'preamble\r\n', '--', `--${boundary.slice(1)}\r\n`]) : '';
  return `${before}${parts.join('')}${c.odds(0.85) ? `--${boundary}--\r\n` : ''}${c.odds(0.05) ? 'epilogue' : ''}`;
}

/** A boundary, and how the header writes it; or one that means something else to each reader. */
function typeOfForm(c: Chance): { boundary: string; type: string } {
  const boundary = c.one(['x', 'boundary', '-'.repeat(40), '----WebKitFormBoundary7MA4YWxkTrZu0gW', 'x'.repeat(70), "a'b+c_d-e.f"]);
  if (c.odds(0.6)) return { boundary, type: `multipart/form-data; boundary=${boundary}` };
  const type = c.one([
    `multipart/form-data; boundary="${boundary}"`,
    `multipart/form-data; a="; boundary=zzz"; boundary=${boundary}`,
    `multipart/form-data; boundary="${boundary.slice(0, 1)}\\${boundary.slice(1)}"`,
    `multipart/form-data; boundary=${boundary}; boundary=y`,
    `multipart/form-data; charset=utf-16; boundary=${boundary}`,
    `multipart/form-data; boundary=${boundary}${'z'.repeat(200)}`,
    `multipart/form-data; boundary*=utf-8''${boundary}`,
    `multipart/form-data;${' '.repeat(5_000)}boundary=${boundary}`,
    `MULTIPART/FORM-DATA;BOUNDARY=${boundary}`,
    `multipart/form-data, multipart/form-data; boundary=${boundary}`,
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary="',
    'multipart/form-data; boundary=\u00ff',
    `multipart/mixed; boundary=${boundary}`,
  ]);
  return { boundary, type };
}

/** Types of bodies that are none of a form's, or only begin like one. */
const OTHER_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/x-www-form-urlencodedx',
  'application/x-www-form-urlencoded, multipart/form-data; boundary=x',
  'APPLICATION/X-WWW-FORM-URLENCODED',
  'application/json; charset=utf-7',
  'application/octet-stream',
  'application/gzip',
  'x',
  '/',
  '',
  ';',
  '\u00ff',
  'x'.repeat(5_000),
] as const;

function path(c: Chance, world: World, route: string): string {
  const odd = () => encoded(value(c, world)).slice(0, 3_000);
  const known: Record<string, readonly string[]> = {
    case: [world.caseId, world.caseId, world.caseId, world.other, '0'.repeat(32)],
    command: [...COMMANDS.keys()],
    lender: ['mingheng', 'pujiang'],
    step: ['loan', 'debt', 'cause', 'income', 'expenses', 'debts', 'evidence', 'proposal', 'check', 'discard'],
    sha256: [world.sha256],
    version: ['1', '2', '9'],
    seq: ['1.pdf', '3.pdf'],
    what: ['record.json', 'schedule.csv', 'nothing.zip'],
    language: ['zh', 'en'],
    token: ['x'.repeat(22)],
    id: ['x'],
    account: [world.account],
    form: ['change', 'team', 'reset', 'end'],
    no: ['1', '2'],
  };
  let at = route.replace(/:(\w+)(\{(?:[^{}]|\{[^}]*\})*\})?/g, (_, key: string) => (c.odds(0.93) ? c.one(known[key] ?? ['x']) : odd()));
  if (c.odds(0.04))
    at = c.one([
      `//${at}`,
      `${at}/`,
      `${at}%`,
      `${at}%2f..%2f..`,
      `/%00${at}`,
      `/${'a/'.repeat(c.below(3_000))}`,
      '/%E0%A4%A',
      `${at};x`,
      '/*',
      '/cases/%2e%2e',
      '/assets/../index.js',
    ]);
  const queries = ['draft', 'template', 'a', 'b', 'before', 'show', 'text', 'from', 'next', 'back', 'letter', 'edit', 'language', 'done'];
  if (c.odds(0.3))
    at += `?${Array.from({ length: 1 + c.below(4) }, () => `${c.odds(0.8) ? c.one(queries) : encoded(name(c, world))}=${odd()}`).join('&')}`;
  return at;
}

function cookie(c: Chance, own: string): string {
  if (c.odds(0.75)) return own;
  return c.one([
    '',
    '%',
    'heyi=%',
    'heyi=%E0%A4%A; language=%zz; pending=%',
    `heyi=${'a'.repeat(c.below(7_000))}`,
    `${own}; ${own}`,
    `heyi=; ${own}`,
    `a=%; ${own}`,
    ';;;===',
    'heyi="quoted"; language=en',
    'pending=%00%00',
    Array.from({ length: 300 }, (_, i) => `c${i}=${i}`).join('; '),
    '__proto__=x; constructor=y',
    'heyi=\u00ff\u00fe',
  ]);
}

/** Where files are taken. */
const UPLOADS = /\/evidence$|\/do\/:command$/;

/** Headers that proxies, browsers and programs send, and such as none does. */
function oddHeaders(c: Chance): Record<string, string> {
  const names = [
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-real-ip',
    'forwarded',
    'cf-connecting-ip',
    'x-heyi-front',
    'mf-original-url',
    'range',
    'if-none-match',
    'if-modified-since',
    'content-encoding',
    'accept-encoding',
    'accept',
    'te',
    'upgrade',
    'connection',
    'keep-alive',
    'via',
    'referer',
    'sec-fetch-site',
    'user-agent',
    'x-http-method-override',
    'content-language',
    '__proto__',
  ];
  const values = [
    '1',
    'bytes=0-',
    'bytes=9-1,-1',
    '::1',
    'gzip',
    'br;q=x',
    'close',
    'h2c',
    'trailers',
    'same-origin',
    '*',
    '',
    ' ',
    '\u00ff',
  ];
  return Object.fromEntries(
    Array.from({ length: 1 + c.below(4) }, () => [c.one(names), c.odds(0.1) ? 'x'.repeat(c.below(4_000)) : c.one(values)]),
  );
}

type Sent = { method: string; path: string; headers: Record<string, string>; body: Buffer | null; actor: Actor };

function make(c: Chance, world: World): Sent {
  const actor = c.one(['wang', 'wang', 'lin', 'lin', 'fang', 'fang', 'zhou', 'nobody'] as const);
  const route = c.one(world.routes);
  const method = c.odds(0.85)
    ? route.method
    : c.one(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'M-SEARCH']);
  const headers: Record<string, string> = { cookie: cookie(c, world.cookies[actor]) };
  if (c.odds(0.9)) headers.origin = c.odds(0.93) ? world.origin : c.one(['null', 'https://evil.example', '', 'x'.repeat(2_000)]);
  if (c.odds(0.15)) headers['accept-language'] = c.one(['en', 'zh-CN', '*', ';;q=x', 'x'.repeat(4_000)]);
  if (c.odds(0.1)) headers['idempotency-key'] = c.one(['x', 'x'.repeat(200), '\u00ff', ' ', '__proto__']);
  if (c.odds(0.08)) Object.assign(headers, oddHeaders(c));
  let body: Buffer | null = null;
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) {
    const kind = c.next();
    const api = route.path.startsWith('/api/');
    if (api ? kind < 0.8 : kind < 0.1) {
      headers['content-type'] = 'application/json';
      body = Buffer.from(jsonText(c, world));
    } else if (kind > (UPLOADS.test(route.path) ? 0.2 : 0.85)) {
      const { boundary, type } = typeOfForm(c);
      headers['content-type'] = type;
      body = Buffer.from(multipart(c, world, boundary), 'latin1');
    } else if (kind > (UPLOADS.test(route.path) ? 0.18 : 0.82)) {
      headers['content-type'] = c.one(OTHER_TYPES);
      body = Buffer.from(c.odds(0.5) ? value(c, world) : form(c, world));
    } else {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      body = Buffer.from(form(c, world), 'latin1');
    }
  }
  return { method, path: path(c, world, route.path), headers, body, actor };
}

/** Bytes that no HTTP library would send. */
function rawBytes(c: Chance, world: World): Buffer {
  const { host } = new URL(world.origin);
  const line = c.one([
    'GET /verify HTTP/1.1',
    'GET / HTTP/9.9',
    'GET /\u0000 HTTP/1.1',
    'FOO /cases HTTP/1.1',
    'GET http://evil.example/cases HTTP/1.1',
    `GET http://${host}/verify HTTP/1.1`,
    'M-SEARCH * HTTP/1.1',
    `CONNECT ${host} HTTP/1.1`,
    'GET  /  HTTP/1.1',
    `GET /${'a'.repeat(20_000)} HTTP/1.1`,
    'POST /sign-in HTTP/1.1',
    `POST /cases/${world.caseId}/do/evidence.add HTTP/1.1`,
  ]);
  const rest = c.one([
    `Host: ${host}\r\n\r\n`,
    '\r\n',
    `Host: ${host}\r\nHost: evil.example\r\n\r\n`,
    `Host: ${host}\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n`,
    `Host: ${host}\r\nExpect: something\r\n\r\n`,
    `Host: ${host}\r\nCookie: heyi=\u0000%\r\n\r\n`,
    `Host: ${host}\r\nOrigin: ${world.origin}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: -1\r\n\r\na=b`,
    `Host: ${host}\r\nOrigin: ${world.origin}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `Host: ${host}\r\nOrigin: ${world.origin}\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `Host: ${host}\r\nOrigin: ${world.origin}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 60000000\r\n\r\n--x`,
  ]);
  return Buffer.from(`${line}\r\n${rest}`, 'latin1');
}

const agent = new Agent({ keepAlive: true, maxSockets: 40 });

/** The status of the answer. @throws where the connection is cut before or in the middle of it, or where none comes in time */
function send(origin: string, { method, path: at, headers, body }: Sent, limit: number): Promise<number> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method,
        path: at,
        headers: { ...headers, ...(body ? { 'content-length': String(body.length) } : {}) },
        agent,
        setHost: true,
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
        answer.on('error', reject);
      },
    );
    sent.setTimeout(limit, () => sent.destroy(new Error('late')));
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

/** The same for bytes; null where the portal waits for the rest of them, which is the sender's own time. */
function sendRaw(origin: string, bytes: Buffer): Promise<number | null> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(1_000, () => {
      resolve(null);
      socket.destroy();
    });
    socket.on('data', (data) => {
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(data.toString('latin1')) ?? [];
      if (status === '100') return;
      if (status) resolve(Number(status));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed without an answer')));
  });
}

/** Asks for an innocent page again and again, until told to stop; the most that was worked while one was waited for. */
function innocently(origin: string, cookies: string, faults: string[]) {
  const work = workOfWorkers();
  let asked = 0;
  let slowest = 0;
  let going = true;
  const done = (async () => {
    while (going) {
      const begun = work();
      const at = asked % 2 === 0 ? '/verify' : '/cases';
      const status = await send(
        origin,
        { method: 'GET', path: at, headers: { cookie: cookies }, body: null, actor: 'nobody' },
        60_000,
      ).catch(({ message }: Error) => message);
      if (status !== 200) faults.push(`an innocent ${at}: ${status}`);
      slowest = Math.max(slowest, work() - begun);
      asked++;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    going = false;
    await done;
    return { asked, slowest };
  };
}

/** Sends `count` requests, the same for the same seed, at most `concurrency` at once. */
export async function fuzz(
  portal: Rig,
  routes: readonly Route[],
  { count, seed, concurrency = 20 }: { count: number; seed: number; concurrency?: number },
): Promise<Report> {
  const c = chance(seed);
  const world = await worldOf(portal, routes);
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  const slowest = { ms: 0, what: '' };
  const late: Sent[] = [];
  const before = portalProcesses();
  const work = workOfWorkers();
  const stop = innocently(portal.url, await cookieOf(portal, 'chen'), faults);
  const begun = performance.now();
  let left = count;
  let signedIn = 0;
  const worker = async () => {
    while (left-- > 0) {
      // What is sent may end a session: the people come back.
      if (left % 1_000 === 0 && signedIn !== left) {
        signedIn = left;
        for (const who of PERSONS) if (!(await isIn(world, who))) world.cookies[who] = await cookieOf(portal, who);
      }
      const raw = c.odds(0.03) ? rawBytes(c, world) : null;
      const sent = raw ? null : make(c, world);
      const what = raw ? raw.toString('latin1').slice(0, 200) : describe(sent as Sent);
      const at = work();
      try {
        const status = sent ? await send(portal.url, sent, 60_000) : await sendRaw(portal.url, raw as Buffer);
        statuses[String(status)] = (statuses[String(status)] ?? 0) + 1;
        if (status !== null && status >= 500) faults.push(`${status} ${what}`);
      } catch (thrown) {
        faults.push(`no answer (${(thrown as Error).message}) ${what}`);
      }
      const ms = work() - at;
      if (ms > slowest.ms) Object.assign(slowest, { ms, what });
      if (ms > PATIENCE && sent) late.push(sent);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const innocent = await stop();
  // Beside twenty others any request can be late: what makes others wait is late on its own as well.
  for (const sent of late.slice(0, 50)) {
    const at = work();
    await send(portal.url, sent, 60_000).catch(() => undefined);
    const ms = work() - at;
    if (ms > PATIENCE) faults.push(`late by ${ms} ms ${describe(sent)}`);
  }
  const processes = { before, after: portalProcesses() };
  if (String(processes.after) !== String(before)) faults.push(`the processes ${before} became ${processes.after}`);
  return { count, seconds: Math.round((performance.now() - begun) / 1000), statuses, faults, processes, slowest, innocent };
}

/** Whoever would come back under another number had ended: workerd, and the databases' server. */
const portalProcesses = () =>
  family(process.pid)
    .filter((one) => isWorkerd(one) || isDatabase(one))
    .map(({ pid }) => pid)
    .sort((a, b) => a - b);

const describe = ({ method, path: at, headers, body, actor }: Sent) =>
  `${actor} ${method} ${at.slice(0, 300)} ${JSON.stringify({ ...headers, cookie: headers.cookie?.slice(0, 60) })} ${body?.length ?? 0} ${JSON.stringify(body?.toString('latin1').slice(0, 500) ?? '')}`;

async function isIn({ origin, cookies }: World, who: Actor): Promise<boolean> {
  return (
    (await send(origin, { method: 'GET', path: '/account', headers: { cookie: cookies[who] }, body: null, actor: who }, 30_000)) === 200
  );
}

/** Routes that end the session of whoever is signed in, or that cost a password's hash on purpose: left to the tests of accounts. */
const APART = /^\/(?:sign-out|account\/(?:password|sessions))|^\/\*/;

async function worldOf(portal: Rig, routes: readonly Route[]): Promise<World> {
  const cookies: World['cookies'] = { wang: '', lin: '', fang: '', zhou: '', nobody: 'language=en' };
  for (const who of PERSONS) cookies[who] = await cookieOf(portal, who);
  const get = async (at: string, who: Actor) => (await fetch(portal.url + at, { headers: { cookie: cookies[who] } })).text();
  const list = await get('/cases', 'wang');
  const [caseId = ''] = [...list.matchAll(/\/cases\/([0-9a-f]{32})/g)].map(([, id]) => id ?? '');
  const others = [...(await get('/desk/mingheng?show=all', 'lin')).matchAll(/\/cases\/([0-9a-f]{32})/g)].map(([, id]) => id ?? '');
  const evidence = await get(`/cases/${caseId}/evidence`, 'wang');
  return {
    caseId,
    other: others.find((id) => id !== caseId) ?? caseId,
    sha256: /\/files\/([0-9a-f]{64})/.exec(evidence)?.[1] ?? 'a'.repeat(64),
    digest: /name="digest" value="([0-9a-f]{64})"/.exec(await get(`/cases/${caseId}/proposals/2`, 'wang'))?.[1] ?? 'b'.repeat(64),
    account: /\/desk\/mingheng\/staff\/([0-9a-f]{32})"/.exec(await get('/desk/mingheng/staff', 'fang'))?.[1] ?? 'x',
    origin: portal.url,
    cookies,
    routes: routes.filter(({ path: at, method }) => method !== 'ALL' && !APART.test(at)),
    fields: [
      ...new Set(
        [...COMMANDS.values()]
          .map(({ input }) => input)
          .concat(PolicyForm)
          .flatMap((schema) => fieldsOf(schema)),
      ),
    ],
  };
}

/** The routes of the portal, as its own list has them. Pages are JSX, which Node does not read: they are bundled first. */
async function routesOf(): Promise<Route[]> {
  const outfile = new URL('../../.heyi/routes.mjs', import.meta.url);
  const entry = new URL('../../worker/app.ts', import.meta.url).pathname;
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    write: false,
    logLevel: 'error',
  });
  writeFileSync(outfile, outputFiles[0]?.contents ?? '');
  const { app } = (await import(outfile.href)) as { app: { routes: Route[] } };
  return app.routes;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: '20' },
    },
  });
  const portal = await rig();
  try {
    await playDemo(portal);
    const report = await fuzz(portal, await routesOf(), {
      count: Number(values.count),
      seed: Number(values.seed),
      concurrency: Number(values.concurrency),
    });
    console.log(JSON.stringify({ ...report, faults: report.faults.length }, null, 2));
    for (const fault of report.faults.slice(0, 40)) console.log(fault);
    process.exitCode = report.faults.length > 0 || report.innocent.slowest > PATIENCE ? 1 : 0;
  } finally {
    await portal.remove();
  }
  agent.destroy();
}
