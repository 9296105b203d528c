import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playDemo } from '../../db/demo-cases.ts';
import { connect as open } from '../../worker/store/connect.ts';
import { casebookUrl, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { cookieOf, signedIn, type Visitor, visitor } from '../worker/people.ts';
import { PATIENCE } from './fuzz.ts';
import { workOfWorkers } from './processes.ts';

/** The attacks that went through once, each as it was made. */

let portal: Rig;
let wang: Visitor;
let lin: Visitor;
let own: string;
beforeAll(async () => {
  portal = await rig();
  await playDemo(portal);
  [wang, lin] = await Promise.all([signedIn(portal, 'wang'), signedIn(portal, 'lin')]);
  own = /\/cases\/([0-9a-f]{32})/.exec(await (await wang.get('/cases')).text())?.[1] ?? '';
});
afterAll(() => portal.remove());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('one form does not hold up everybody', () => {
  test.each([
    ['80,000 fields', 'a&'.repeat(80_000)],
    ['500,000 fields', 'a&'.repeat(500_000)],
    ['80,000 rows', Array.from({ length: 40_000 }, (_, i) => `means.incomes.${i}.amount=1`).join('&')],
    ['a row number that no list has', 'terms.phases.999999999.kind=pause'],
    ['what every object has', '__proto__.polluted=1&constructor.prototype.polluted=1'],
  ])('%s are refused at once, to anybody, and an innocent page does not wait', async (_, body) => {
    const work = workOfWorkers();
    for (const [who, path] of [
      [visitor(portal), '/sign-in'],
      [wang, `/cases/${own}/do/means.submit`],
      [wang, '/open/mingheng/month'],
      [lin, '/desk/mingheng/new'],
    ] as const) {
      const begun = work();
      const [answer, innocent] = await Promise.all([who.send(path, body, FORM), visitor(portal).get('/verify')]);
      expect(answer.status, path).toBe(413);
      expect(innocent.status).toBe(200);
      expect(work() - begun, path).toBeLessThan(PATIENCE);
    }
  });
  test('the same in parts of a multipart body', async () => {
    const body = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'.repeat(100_000);
    const answer = await wang.send(`/cases/${own}/do/evidence.add`, `${body}--x--\r\n`, {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expect(answer.status).toBe(413);
  });
  test('the bounds are named', async () => {
    const text = await (await wang.send('/open/mingheng/month', 'a&'.repeat(3_000), FORM)).text();
    expect(text).toContain('2000');
  });
});

test('figures that no statement has do not get into a case', async () => {
  const json = { 'content-type': 'application/json' };
  const many = Array.from({ length: 5_000 }, (_, i) => `incomes.${'x'.repeat(40)}${i}`);
  const evidence = await (await wang.get(`/cases/${own}/evidence`)).text();
  const file = /\/files\/([0-9a-f]{64})/.exec(evidence)?.[1] ?? '';
  const api = `/api/v1/cases/${own}/commands`;
  expect((await lin.send(`${api}/means.query`, JSON.stringify({ figure: 'incomes.zzz', words: 'x' }), json)).status).toBe(422);
  expect((await wang.send(`/cases/${own}/do/evidence.add`, new URLSearchParams(many.map((one) => ['figures', one])), FORM)).status).toBe(
    413,
  );
  const form = new FormData();
  form.set('files', new File(['%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n'], 'a.pdf'));
  for (const one of many.slice(0, 500)) form.append('figures', one);
  expect((await wang.send(`/cases/${own}/do/evidence.add`, form)).status).toBe(422);
  expect(file).toMatch(/^[0-9a-f]{64}$/);
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const db = open(casebookUrl(portal.env, lender ?? { url: '' }), portal.env.casebookToken);
  const { rows } = await db.run('SELECT max(length(content)) AS most FROM entries');
  expect(Number((rows[0] as unknown as { most: number }).most)).toBeLessThan(20_000);
});

describe('cookies', () => {
  test.each([
    '%',
    'heyi=%',
    'heyi=%E0%A4%A',
    'language=%zz; pending=%',
    'a=%; b=%ff',
    `heyi=${'a'.repeat(7_000)}`,
    ';;;=;',
    '__proto__=1',
    'heyi=\u00ff',
  ])('%s: a page all the same', async (cookie) => {
    for (const path of ['/', '/verify', '/sign-in', '/sign-up/confirm', '/cases']) {
      expect((await visitor(portal, cookie).get(path)).status, path).toBeLessThan(400);
    }
    expect((await visitor(portal, cookie).post('/sign-out', {})).status).toBe(303);
  });
  test('one that cannot be read beside the session does not end it', async () => {
    const session = await cookieOf(portal, 'wang');
    expect((await visitor(portal, `x=%; ${session}; y=%zz`).get(`/cases/${own}`)).status).toBe(200);
  });
});

describe('paths', () => {
  test.each([
    '/%',
    '/%E0%A4%A',
    '/cases/%',
    '/cases/%00',
    `/cases/${'a'.repeat(9_000)}`,
    '/open/%ff/loan',
    '/cases/..%2f..%2fx',
    '/join/%F0%28',
    '/files/%2e%2e%2f',
    '/desk/%ed%a0%80',
  ])('%s is not found', async (path) => {
    const answer = await wang.get(path);
    expect([400, 404]).toContain(answer.status);
  });
});

describe('files of nobody are not read', () => {
  /** Sends the head of a large upload and nothing of its body; what comes back within a moment. */
  const head = (path: string, cookie: string, length: string) =>
    new Promise<string>((resolve) => {
      const { hostname, port, host } = new URL(portal.url);
      const lines = [
        `POST ${path} HTTP/1.1`,
        `Host: ${host}`,
        `Origin: ${portal.url}`,
        `Cookie: ${cookie}`,
        'Content-Type: multipart/form-data; boundary=x',
        length,
        '',
        '',
      ];
      const socket = connect(Number(port), hostname, () => socket.write(lines.join('\r\n')));
      let said = '';
      socket.setTimeout(PATIENCE, () => socket.destroy());
      socket.on('data', (data) => {
        said += data.toString('latin1');
        socket.destroy();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(said.split('\r\n')[0] ?? ''));
    });

  test.each(['Content-Length: 60000000', 'Transfer-Encoding: chunked'])('%s', async (length) => {
    const li = await cookieOf(portal, 'li');
    expect(await head('/open/mingheng/evidence', 'language=en', length)).toContain(' 303 ');
    expect(await head(`/cases/${own}/do/evidence.add`, 'language=en', length)).toContain(' 303 ');
    // Signed in, but without a seat in that case.
    expect(await head(`/cases/${own}/do/evidence.add`, li, length)).toContain(' 404 ');
  });
  test('more than a request may have is refused before it is sent', async () => {
    expect(await head('/open/mingheng/evidence', await cookieOf(portal, 'wang'), 'Content-Length: 90000000')).toContain(' 413 ');
  });
});
