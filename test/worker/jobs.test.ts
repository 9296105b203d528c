/** What the schedule comes to, in pieces through a queue: as the platform would bring them, once, twice, and such as nobody knows. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { localDocumentKey } from '../../db/certificate.ts';
import { plainOpening, Stage } from '../../db/demo.ts';
import { readCarriers } from '../../worker/carriers.ts';
import { randomId } from '../../worker/chance.ts';
import type { Bindings } from '../../worker/env.ts';
import { announceOf } from '../../worker/execute/announce.ts';
import doors from '../../worker/index.ts';
import { anchorFolder } from '../../worker/store/anchor-list.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { NOTICES, type Rig, rig, trips } from '../portal.ts';
import { timestampService } from '../record/timestamp-service.ts';

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

test('one that fails comes again, and keeps none of the others', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const directory = openDirectory(portal.env);
  await directory.changeLender('pujiang', { url: '/casebook-nowhere/' });
  try {
    const pieces = ['pujiang', 'mingheng'].map((lender) => ({ job: 'lender', lender }));
    expect(await bring(pieces)).toEqual(['again', 'done']);
    expect(said.mock.calls.map(([line]) => String(line)).join()).toMatch(/^sweep pujiang: \w+$/);
  } finally {
    await directory.changeLender('pujiang', { url: '/casebook-pujiang/' });
  }
  expect(await bring([{ job: 'lender', lender: 'pujiang' }])).toEqual(['done']);
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
}, 60_000);
