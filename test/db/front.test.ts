import { Agent, createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Front, openFront } from '../../db/front.ts';
import { PACE } from '../../db/pace.ts';
import { trustedProxies } from '../../db/trusted.ts';
import { MAX_BYTES } from '../../worker/intake/receive.ts';

/** The door, with a listener behind it that shows what reaches it: the portal itself is tried in `test/attack/front.test.ts`. */

let front: Front;
let seen: Record<string, unknown>;
let read: number;
/** How often a connection is yet to be broken off before anything is answered, what is done then, and what was asked so. */
let breaks: { left: number; meanwhile: () => void; asked: string[] };
const behind = createServer().on('request', (incoming, response) => {
  seen = incoming.headers;
  if (incoming.url === '/breaks') {
    breaks.asked.push(`${incoming.method} ${incoming.socket.remotePort}`);
    if (breaks.left-- > 0) {
      breaks.meanwhile();
      return incoming.socket.destroy();
    }
  }
  incoming.on('data', (chunk: Buffer) => (read += chunk.length)).on('end', () => response.end('taken'));
});
// As a worker that looks at the head of a request before it reads on.
behind.on('checkContinue', (incoming, response) => {
  seen = incoming.headers;
  if (incoming.url === '/refused') return response.writeHead(413).end('refused');
  response.writeContinue();
  // Looks at the beginning of the body, answers, and takes its time with the rest.
  if (incoming.url === '/midway') {
    return incoming.once('data', () => {
      incoming.pause();
      setTimeout(() => incoming.resume(), 200);
      response.writeHead(413).end('refused');
    });
  }
  behind.emit('request', incoming, response);
});

beforeEach(async () => {
  read = 0;
  breaks = { left: 0, meanwhile: () => {}, asked: [] };
  await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
  front = await openFront(0);
});
afterEach(async () => {
  await front.close();
  behind.closeAllConnections();
  await new Promise((resolve) => behind.close(resolve));
});

const open = (trusted = '', origin = `http://127.0.0.1:${front.port}`) =>
  front.open({ port: (behind.address() as AddressInfo).port, origin: new URL(origin), secret: 'secret', trusted: trustedProxies(trusted) });

const ask = (path: string, headers: Record<string, string> = {}, body: Buffer | null = null, agent: Agent | false = false) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: front.port, path, method: body ? 'POST' : 'GET', headers, agent }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.setTimeout(5_000, () => asked.destroy(new Error('no answer')));
    asked.once('error', reject).end(body ?? undefined);
  });

describe('whose address a request has', () => {
  test.each([
    // No proxy is trusted: the header is anybody's word, and what came by way of something that writes it did not come from this machine.
    ['', undefined, '127.0.0.1'],
    ['', '127.0.0.1', 'unknown'],
    ['', '203.0.113.7', 'unknown'],
    ['10.0.0.0/8', '203.0.113.7', 'unknown'],
    // One: it has added the last; what was there before is its sender's word.
    ['127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['127.0.0.1', '127.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.0/8', '2001:db8::1', '2001:db8::1'],
    ['127.0.0.1', 'nonsense', 'unknown'],
    ['127.0.0.1', '', 'unknown'],
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    // Two: the outer one's address is the inner one's word; where the inner is not known, it is as a person.
    ['127.0.0.1, 198.51.100.0/24', '127.0.0.1, 203.0.113.7, 198.51.100.1', '203.0.113.7'],
    ['127.0.0.1, 2001:db8::/32', '203.0.113.7, 2001:db8::9', '203.0.113.7'],
    ['127.0.0.1', '203.0.113.7, 198.51.100.1', '198.51.100.1'],
  ])('with the proxies %j, and X-Forwarded-For %j: %s', async (trusted, said, address) => {
    open(trusted);
    await ask('/', {
      ...(said === undefined ? {} : { 'x-forwarded-for': said }),
      'cf-connecting-ip': '192.0.2.1',
      'x-real-ip': '192.0.2.2',
    });
    expect(seen['cf-connecting-ip']).toBe(address);
    expect(seen['x-forwarded-for']).toBeUndefined();
    expect(seen['x-real-ip']).toBeUndefined();
  });
});

describe('a connection that breaks while nothing is answered yet, as where the worker was killed', () => {
  test('what only reads is asked again, and a page comes of it', async () => {
    open();
    breaks.left = 2;
    expect(await ask('/breaks')).toEqual({ status: 200, text: 'taken' });
    expect(breaks.asked).toHaveLength(3);
  });
  test('not for ever: it may itself be what ends the worker', async () => {
    open();
    breaks.left = 100;
    expect((await ask('/breaks')).status).toBe(502);
    expect(breaks.asked).toHaveLength(3);
  });
  test('what may have changed something is not asked again, nor what has a body, as that is gone', async () => {
    open();
    breaks.left = 100;
    expect((await ask('/breaks', {}, Buffer.from('a=b'))).status).toBe(502);
    expect(breaks.asked).toHaveLength(1);
    const asked = request({
      host: '127.0.0.1',
      port: front.port,
      path: '/breaks',
      method: 'GET',
      headers: { 'content-length': 3 },
      agent: false,
    });
    const status = new Promise((resolve, reject) => {
      asked.once('response', (answer) => resolve(answer.resume().statusCode)).once('error', reject);
    });
    asked.end('a=b');
    expect(await status).toBe(502);
    expect(breaks.asked).toHaveLength(2);
  });
  test('the portal is not gone by that, however long it had been asked', async () => {
    await front.close();
    const lost = vi.fn();
    front = await openFront(0, { lost });
    open();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await ask('/', {}, null, agent)).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const later = Date.now() + 60_000;
      breaks = { ...breaks, left: 1, meanwhile: () => vi.setSystemTime(later) };
      expect(await ask('/breaks', {}, null, agent)).toEqual({ status: 200, text: 'taken' });
      expect(lost).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
      agent.destroy();
    }
  });
});

describe('large bodies', () => {
  const large = Buffer.alloc(3_000_000, 1);
  test.each([
    ['with a length', { 'content-length': String(large.length) }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('%s arrive whole once they are wanted, without a pause', async (_, headers) => {
    open();
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 40; i++) {
      const begun = performance.now();
      expect(await ask('/taken', headers, large)).toEqual({ status: 200, text: 'taken' });
      least = Math.min(least, performance.now() - begun);
    }
    expect(read).toBe(40 * large.length);
    // Where each had to wait for a quarter of a second, so had the quickest; on a machine that is busy others may be slow for its sake.
    expect(least).toBeLessThan(250);
  });
  test('that are refused in their middle do not stand in the way of the next request on the same connection', async () => {
    open();
    const one = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 8; i++) {
      expect((await ask('/midway', {}, Buffer.alloc(1_100_000), one)).status).toBe(413);
      expect(await ask('/', {}, null, one)).toEqual({ status: 200, text: 'taken' });
    }
    one.destroy();
  });
  test('that are refused by their head are not passed on, and use up nothing', async () => {
    open();
    // More than the door has connections.
    for (let i = 0; i < 300; i++) expect((await ask('/refused', {}, Buffer.alloc(70_000))).status).toBe(413);
    expect(read).toBe(0);
    expect(await ask('/')).toEqual({ status: 200, text: 'taken' });
  });
});

describe('slow bodies', () => {
  // A window is longer than a machine that is busy pauses for.
  const pace = { head: 5_000, whole: 60_000, window: 1_500, least: 1_000 };
  /** Sends so many bytes every 50 ms, `times` times, and then ends the request. */
  const slowly = (size: number, times: number, length = size * times) =>
    new Promise<string>((resolve) => {
      const socket = connect(front.port, '127.0.0.1');
      let said = '';
      socket.on('data', (chunk) => (said += chunk));
      socket.once('close', () => resolve(said)).on('error', () => {});
      const head = `POST /taken HTTP/1.1\r\nHost: 127.0.0.1:${front.port}\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;
      socket.write(head);
      const next = (left: number) => {
        if (left === 0 || socket.destroyed) return;
        socket.write('x'.repeat(size));
        setTimeout(next, 50, left - 1);
      };
      next(times);
    });
  beforeEach(async () => {
    await front.close();
    front = await openFront(0, { pace });
    open();
  });
  test('arrive, however long they take, as long as they come on', async () => {
    expect(await slowly(2_000, 60)).toMatch(/^HTTP\/1.1 200 .*taken$/s);
    expect(read).toBe(120_000);
  });
  test.each([
    ['nothing more comes', 70_000, 1],
    ['next to nothing comes', 1, 1_000],
  ])('are given up where %s, and their sender is told', async (_, size, times) => {
    const begun = performance.now();
    expect(await slowly(size, times, 200_000)).toMatch(/^HTTP\/1.1 408 .*没有保存/s);
    expect(performance.now() - begun).toBeLessThan(pace.whole / 2);
  });
  test('20 MB from a phone at 24 kbit/s come in', () => {
    const perSecond = 3_000;
    expect((perSecond * PACE.window) / 1000).toBeGreaterThan(4 * PACE.least);
    expect((MAX_BYTES / perSecond) * 1000).toBeLessThan(PACE.whole);
  });
});
