/** What the schedule comes to, in pieces through a queue: as the platform would bring them, once, twice, and such as nobody knows. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { localDocumentKey } from '../../db/certificate.ts';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { en } from '../../web/words/en.ts';
import { readCarriers } from '../../worker/carriers.ts';
import { randomId } from '../../worker/chance.ts';
import { instant, later } from '../../worker/clock.ts';
import { type Bindings, type Network, patient } from '../../worker/env.ts';
import { announceOf } from '../../worker/execute/announce.ts';
import { lagOf } from '../../worker/execute/lag.ts';
import doors from '../../worker/index.ts';
import { sweep } from '../../worker/jobs/sweep.ts';
import { anchorFolder } from '../../worker/store/anchor-list.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { isUnreachable } from '../../worker/store/reach.ts';
import { inFile } from '../attack/in-file.ts';
import { until } from '../attack/processes.ts';
import { NOTICES, type Rig, rig, trips } from '../portal.ts';
import { timestampService } from '../record/timestamp-service.ts';
import { plainText, signedIn } from './people.ts';

let portal: Rig;
let stage: Stage;
let bindings: Bindings;
/** What was handed to the queue and has not been brought yet. */
const handed: unknown[] = [];
beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  await opens();
  const { env } = portal;
  bindings = {
    DIRECTORY_URL: env.directory.url,
    DIRECTORY_TOKEN: env.directory.token ?? '',
    CASEBOOK_TOKEN: env.casebookToken ?? '',
    SIGNING_KEYS: JSON.stringify(env.keys),
    DOCUMENT_KEY: await localDocumentKey(portal.data),
    ORIGIN: portal.url,
    FILES: portal.files,
    ASSETS: { fetch: async () => new Response(null, { status: 404 }) },
    JOBS: { sendBatch: async (messages) => void handed.push(...messages.map(({ body }) => body)) },
  };
});
afterAll(() => portal.remove());

const opens = (id = randomId()) => stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));

/** Brings messages to the worker as one batch; the answer says of each what became of it. */
async function bring(bodies: readonly unknown[]): Promise<string[]> {
  const became = bodies.map(() => 'nothing');
  const becomes = (i: number, what: string) => () => {
    became[i] = what;
  };
  const messages = bodies.map((body, i) => ({ body, ack: becomes(i, 'done'), retry: becomes(i, 'again') }));
  await doors.queue({ messages }, bindings);
  return became;
}

const idOf = async (slug: string) => (await openDirectory(portal.env).lenderBySlug(slug))?.id ?? '';

async function unsent(): Promise<number> {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  return (await openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' }).unsent(10)).notices.length;
}

test('the schedule hands in a message for what all share, one for each lender and one for the letters, and does nothing itself', async () => {
  expect(await unsent()).toBeGreaterThan(0);
  await doors.scheduled({}, bindings);
  expect(handed[0]).toEqual({ job: 'shared' });
  for (const lender of ['mingheng', 'pujiang']) expect(handed).toContainEqual({ job: 'lender', lender });
  expect(handed[3]).toEqual({ job: 'letters' });
  expect(await unsent()).toBeGreaterThan(0);
});

test('each message is done, is the same when it comes twice, and one that says nothing known does not come again', async () => {
  expect(await bring(handed)).toEqual(Array(4).fill('done'));
  expect(await unsent()).toBe(0);
  const mail = () => openDirectory(portal.env).newestMail(50);
  const before = await mail();
  expect(await bring([...handed, ...handed])).toEqual(Array(8).fill('done'));
  expect(await mail()).toEqual(before);
  expect(await bring([{ job: 'constructor' }, null, 'lender', { job: 'lender' }, { job: 'lender', lender: 'nobody' }])).toEqual(
    Array(5).fill('done'),
  );
});

test('what is said in several cases at one moment is told together: as many round trips as for one, and each has its letter', async () => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('There is no such lender.');
  const env = { ...portal.env, origin: portal.url, carriers: readCarriers({}) };
  const cases = [randomId(), randomId(), randomId()];
  for (const id of cases) await opens(id);
  expect(await unsent()).toBe(cases.length);
  const { count } = await trips(portal, () => Promise.all(cases.map((id) => announceOf(env, lender, id))));
  expect(count).toBe(NOTICES);
  expect(await unsent()).toBe(0);
  const letters = await openDirectory(portal.env).newestMail(50);
  for (const id of cases) expect(letters.filter(({ body }) => body.includes(id)).length).toBeGreaterThan(0);
  // Who comes after they have left is told by itself.
  const later = randomId();
  await opens(later);
  expect((await trips(portal, () => announceOf(env, lender, later))).count).toBe(NOTICES);
  expect(await unsent()).toBe(0);
});

test('what is told together goes to whom it is for alone: each case to its own borrower, and once, also where a worker ends before it has noted that', async () => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('There is no such lender.');
  const env = { ...portal.env, origin: portal.url, carriers: readCarriers({}) };
  const of = { chen: randomId(), zhao: randomId() };
  for (const who of ['chen', 'zhao'] as const) {
    await stage.give(who, 'mingheng', of[who], 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    await stage.give(who, 'mingheng', of[who], 'contact.wish', { when: 'any' });
    await stage.give('lin', 'mingheng', of[who], 'talk.message', { words: '材料已收到，正在核对。' });
  }
  const tellAll = () => Promise.all(Object.values(of).map((id) => announceOf(env, lender, id)));
  const letters = async () =>
    (await openDirectory(portal.env).newestMail(200)).filter(({ body }) => Object.values(of).some((id) => body.includes(id)));
  await tellAll();
  const told = await letters();
  for (const [who, other] of [
    ['chen', 'zhao'],
    ['zhao', 'chen'],
  ] as const) {
    const toOwn = told.filter(({ recipient }) => recipient === PEOPLE[who].email);
    expect(toOwn.length, who).toBeGreaterThan(0);
    for (const { body, about } of toOwn)
      expect([body.includes(of[who]), about, body.includes(of[other])], who).toEqual([true, of[who], false]);
  }
  // Nobody else than the two and who works for this lender.
  const those = Object.entries(PEOPLE).flatMap(([who, one]) =>
    who in of || ('staff' in one && one.staff[0] === 'mingheng') ? [one.email] : [],
  );
  expect(told.map(({ recipient }) => recipient).filter((one) => !those.some((email) => email === one))).toEqual([]);
  inFile(portal.data, 'casebook-mingheng', (db) => {
    for (const id of Object.values(of)) db.prepare('UPDATE outbox SET sent_at = NULL WHERE "case" = ?').run(id);
  });
  expect(await unsent()).toBeGreaterThan(0);
  await tellAll();
  expect((await letters()).map(({ id }) => id).sort()).toEqual(told.map(({ id }) => id).sort());
});

test('one that fails comes again, and keeps none of the others', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const directory = openDirectory(portal.env);
  await directory.changeLender('pujiang', { url: '/casebook-nowhere/' });
  try {
    const pieces = ['pujiang', 'mingheng'].map((lender) => ({ job: 'lender', lender }));
    expect(await bring(pieces)).toEqual(['again', 'done']);
    expect(said.mock.calls.map(([line]) => String(line)).filter((line) => !/^anchors of pujiang: \w+$/.test(line))).toEqual([
      expect.stringMatching(/^sweep pujiang: due \w+, .*notices \w+$/),
    ]);
    const { failures, failedAt, fault, sweptAt } = await directory.sweepOf(await idOf('pujiang'));
    expect([failures, failedAt !== null, fault]).toEqual([1, true, expect.stringContaining('notices')]);
    expect(sweptAt).not.toBeNull();
    expect((await directory.failingSweeps()).size).toBe(1);
  } finally {
    await directory.changeLender('pujiang', { url: '/casebook-pujiang/' });
  }
  expect(await bring([{ job: 'lender', lender: 'pujiang' }])).toEqual(['done']);
  expect(await directory.sweepOf(await idOf('pujiang'))).toMatchObject({ failures: 0 });
});

describe('a lender is swept by one at a time', () => {
  const lender = { job: 'lender', lender: 'mingheng' };

  test('what somebody has is theirs, until they let go or their time is over', async () => {
    const directory = openDirectory(portal.env);
    const id = await idOf('mingheng');
    await opens();
    const taken = await Promise.all(['one', 'other', 'third'].map((holder) => directory.takeSweep(id, holder)));
    expect(taken.filter((one) => one !== null)).toHaveLength(1);
    expect(await bring([lender, lender])).toEqual(['done', 'done']);
    expect(await unsent()).toBeGreaterThan(0);
    // Who is nobody's holder changes nothing; whoever died lets go by time.
    await directory.endSweep(id, 'nobody', { place: null, fault: null });
    expect(await bring([lender])).toEqual(['done']);
    expect(await unsent()).toBeGreaterThan(0);
    const endsAt = (at: string) => inFile(portal.data, 'directory', (db) => db.prepare('UPDATE sweeps SET until = ?').run(at));
    endsAt(instant());
    expect(await bring([lender])).toEqual(['done']);
    expect(await unsent()).toBe(0);
    // A clock that was ahead keeps nobody from it for years.
    await opens();
    inFile(portal.data, 'directory', (db) => db.exec("UPDATE sweeps SET holder = 'ahead', until = '2099-01-01T00:00:00.000Z'"));
    expect(await bring([lender])).toEqual(['done']);
    expect(await unsent()).toBe(0);
  });

  test('a round that was broken off goes on from where it was; what nobody can read begins anew', async () => {
    const place = (text: string) =>
      inFile(portal.data, 'directory', (db) => db.prepare('UPDATE sweeps SET holder = NULL, place = ?').run(text));
    await opens();
    place(JSON.stringify([{ step: 'due', from: { since: '', id: '' } }]));
    expect(await bring([lender])).toEqual(['done']);
    expect(await unsent()).toBeGreaterThan(0);
    for (const text of ['{', '[{"step":"constructor","from":{}}]', '"due"']) {
      if ((await unsent()) === 0) await opens();
      place(text);
      expect(await bring([lender])).toEqual(['done']);
      expect(await unsent()).toBe(0);
    }
  });

  test('a round of which a piece failed has not come to its end by its last one; nor did one by a clock that was ahead end lately', async () => {
    const directory = openDirectory(portal.env);
    const found = await directory.lenderBySlug('mingheng');
    if (!found) throw new Error('There is no such lender.');
    const ended = async (place: string | null, fault: string | null) => {
      expect(await directory.takeSweep(found.id, 'one')).not.toBeNull();
      await directory.endSweep(found.id, 'one', { place, fault });
      return (await directory.sweepOf(found.id)).sweptAt;
    };
    inFile(portal.data, 'directory', (db) =>
      db.exec("UPDATE sweeps SET holder = NULL, begun_at = NULL, swept_at = '2026-01-01T00:00:00.000Z'"),
    );
    expect(await ended('[]', 'due TypeError')).toBe('2026-01-01T00:00:00.000Z');
    expect(await ended('[]', null)).toBe('2026-01-01T00:00:00.000Z');
    expect(await ended(null, null)).toBe('2026-01-01T00:00:00.000Z');
    expect((await lagOf(portal.env, found)).current).toBe(false);
    const { failedAt } = await directory.sweepOf(found.id);
    await until('it is later than that', () => instant() > (failedAt ?? ''));
    expect(await ended(null, null)).not.toBe('2026-01-01T00:00:00.000Z');
    expect((await lagOf(portal.env, found)).current).toBe(true);
    inFile(portal.data, 'directory', (db) => db.exec("UPDATE sweeps SET swept_at = '2099-01-01T00:00:00.000Z'"));
    expect((await lagOf(portal.env, found)).current).toBe(false);
    await ended(null, null);
  });

  test('letters wait for nobody’s later pieces, and each piece is done at the hour that it is by then', async () => {
    const directory = openDirectory(portal.env);
    const { url } = portal.env.directory;
    const asked: string[] = [];
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const begun = instant();
      // Whatever is asked of the directory takes longer than a piece has.
      const network: Network = {
        fetch(address, init) {
          if (address.startsWith(url)) vi.setSystemTime(Date.now() + 16_000);
          const body = new TextDecoder().decode(init.body);
          if (body.includes('insert into \\"sweeps\\"')) asked.push('a piece');
          if (body.includes("'no-way'")) asked.push('letters');
          return fetch(address, init);
        },
      };
      const env = {
        ...portal.env,
        files: portal.files,
        origin: portal.url,
        carriers: { mail: null, text: { url: 'http://127.0.0.1:9/', token: 's' } },
      };
      await opens();
      // Another spelling of the same, so that it is a connection of its own.
      await sweep({ ...env, directory: { ...env.directory, url: url.replace(/(?<=:\d+)\//, '/./'), network } });
      expect(asked.indexOf('letters')).toBeGreaterThan(0);
      expect(asked.indexOf('letters')).toBeLessThan(asked.lastIndexOf('a piece'));
      expect(asked.at(-1)).toBe('letters');
      const anchors = await directory.anchorsAfter(await idOf('mingheng'), 0, 1_000);
      expect((anchors.at(-1)?.anchor.at ?? '') > later(begun, 16_000)).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  test('one whose database hangs keeps none of the others waiting, and is gone on with where it was', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const directory = openDirectory(portal.env);
    const hung = new Set<Socket>();
    const hanging = createServer((socket) => void hung.add(socket.on('error', () => {})));
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const { port } = hanging.address() as AddressInfo;
    await directory.changeLender('pujiang', { url: `http://127.0.0.1:${port}/` });
    try {
      await opens();
      const env = { ...portal.env, files: portal.files, origin: portal.url, carriers: { mail: null, text: null } };
      let over = false;
      const swept = sweep(env).then(() => {
        over = true;
      });
      await until('the others are done while it hangs', async () => hung.size > 0 && (await unsent()) === 0);
      expect(over).toBe(false);
      hanging.close();
      for (const socket of hung) socket.destroy();
      await swept;
      expect(await directory.sweepOf(await idOf('pujiang'))).toMatchObject({ failures: 1, fault: 'Unreachable' });
    } finally {
      hanging.close();
      await directory.changeLender('pujiang', { url: '/casebook-pujiang/' });
      said.mockRestore();
    }
    expect(await bring([{ job: 'lender', lender: 'pujiang' }])).toEqual(['done']);
  });

  test('nobody waits for a database for longer than they have patience', async () => {
    const hanging = createServer((socket) => void socket.on('error', () => {}));
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const { port } = hanging.address() as AddressInfo;
    const here = { ...portal.env, directory: { ...portal.env.directory, network: patient(globalThis, 100) } };
    const asked = openCasebookForPortal(here, { url: `http://127.0.0.1:${port}/`, slug: 'hanging' }).unsent(1);
    expect(isUnreachable(await asked.catch((thrown: unknown) => thrown))).toBe(true);
    hanging.close();
  });
});

test('how far the schedule is stands on a page for the lender’s administrator, and for nobody else', async () => {
  const fang = await signedIn(portal, 'fang');
  const page = async () => plainText(await (await fang.get('/desk/mingheng/schedule')).text());
  await bring([{ job: 'lender', lender: 'mingheng' }]);
  expect(await page()).toContain(en.sweep.well);
  expect(await page()).toContain(en.sweep.none);
  const id = await idOf('mingheng');
  const directory = openDirectory(portal.env);
  await directory.takeSweep(id, 'one');
  await directory.endSweep(id, 'one', { place: '[]', fault: 'due Unreachable' });
  inFile(portal.data, 'casebook-mingheng', (db) => db.exec("UPDATE cases SET deadline = '2026-01-01T00:00:00.000Z'"));
  const failing = await page();
  expect(failing).toContain('The last piece was not finished');
  for (const text of [en.sweep.of.due, en.sweep.late, en.sweep.begun]) expect(failing).toContain(text);
  // Words of the portal's own code are the operator's.
  expect(failing).not.toContain('Unreachable');
  const others = ['lin', 'zhou', 'gu', 'chen'] as const;
  for (const who of others) expect([who, (await (await signedIn(portal, who)).get('/desk/mingheng/schedule')).status]).toEqual([who, 404]);
});

test('neither a service of time stamps that hangs nor a list of anchors that cannot be read holds up a notice', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const service = await timestampService();
  const lender = { job: 'lender', lender: 'mingheng' };
  try {
    await bring([lender]);
    await opens();
    // A leaf that somebody marked as one by which the record is taken as it stands, of an anchor that cannot be read.
    inFile(portal.data, 'casebook-mingheng', (db) => db.exec('UPDATE anchored SET restored = 1 WHERE position = 0'));
    await portal.files.put(`${anchorFolder('mingheng')}000000000001`, 'no anchor');
    service.state = 'slow';
    bindings = { ...bindings, TSA_URL: service.url };
    expect(await unsent()).toBeGreaterThan(0);
    expect(await bring([lender, { job: 'letters' }])).toEqual(['done', 'done']);
    expect(await unsent()).toBe(0);
    expect(service.asked()).toBe(0);
    handed.length = 0;
    await doors.scheduled({}, bindings);
    expect(handed.at(-1)).toEqual({ job: 'stamps' });
    // Once, whosever anchors wait: the next run asks again.
    expect(await bring([{ job: 'stamps' }])).toEqual(['done']);
    expect(service.asked()).toBe(1);
    expect(said.mock.calls.map(([line]) => String(line))).toContain('anchors of mingheng: the service of time stamps is not reached');
  } finally {
    said.mockRestore();
    await service.close();
  }
});
