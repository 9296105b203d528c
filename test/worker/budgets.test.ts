import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import assets from '../../.heyi/assets.json' with { type: 'json' };
import { plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { type Rig, rig, trips } from '../portal.ts';
import { signedIn, type Visitor } from './people.ts';

/** Sizes and round trips, each with its bound. */

const KB = 1024;
const root = new URL('../../', import.meta.url).pathname;
const weigh = (bytes: Uint8Array | string) => brotliCompressSync(bytes).length;
const asset = (path: string) => readFileSync(`${root}.heyi/assets${path}`);

let portal: Rig;
let chen: Visitor;
let lin: Visitor;
let stage: Stage;
const id = randomId();

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融', 36));
  // What the lender's people write stands at once, at whichever hour this is run.
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  for (let i = 0; i < 26; i++) {
    await stage.give(i % 2 === 0 ? 'lin' : 'chen', 'mingheng', id, 'talk.message', {
      words: `第 ${i} 条：您好，关于这笔贷款，我想再说明一下我目前的情况和打算。${i * 7919}`,
    });
  }
  for (let i = 0; i < 4; i++)
    await stage.give('chen', 'mingheng', id, 'note.write', { words: `第 ${i} 条备注：下次通话前先问清楚利息怎么算。` });
  [chen, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
});
afterAll(() => portal.remove());

describe('round trips', () => {
  test.each(['', '/proposals/1', '/proposals/new', '/means', '/debt', '/evidence', '/own'])(
    'reading /cases/…%s takes two',
    async (path) => {
      const { count, answer } = await trips(portal, () => chen.get(`/cases/${id}${path}`));
      expect(answer.status).toBe(200);
      expect(count).toBe(2);
    },
  );
  test('the desk takes two', async () => expect((await trips(portal, () => lin.get('/desk/mingheng'))).count).toBe(2));
  test('a command takes three', async () => {
    const { count, answer } = await trips(portal, () =>
      lin.post(`/cases/${id}/do/means.verify`, { figure: 'incomes.salary', requestId: randomId() }),
    );
    expect(answer.status).toBe(303);
    expect(count).toBe(3);
  });
  test('a note that a side keeps to itself takes three, and nothing leaves after it', async () => {
    const { count, answer } = await trips(portal, () => lin.post(`/cases/${id}/do/note.write`, { words: 'x', requestId: randomId() }));
    expect(answer.status).toBe(303);
    expect(count).toBe(3);
  });
  test('accepting an offer, which verifies the whole record, takes three', async () => {
    const answers = [];
    for (const command of ['proposal.decline', 'proposal.accept']) {
      const own = randomId();
      await stage.give('chen', 'mingheng', own, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
      const { offers } = (await (await lin.get(`/api/v1/cases/${own}`)).json()) as { offers: { digest: string }[] };
      const fields = { version: 1, digest: offers[0]?.digest ?? '', reasons: 'too-low', words: 'x', requestId: randomId() };
      answers.push(await trips(portal, () => lin.post(`/cases/${own}/do/${command}`, fields)));
    }
    expect(answers.map(({ answer }) => answer.status)).toEqual([303, 303]);
    // Three, as declining takes, and for both the four by which their notices leave after the answer.
    expect(answers.map(({ count }) => count)).toEqual([7, 7]);
  });
  test('taking a document away takes three, and fetching it two', async () => {
    const made = await trips(portal, () => chen.post(`/cases/${id}/exports/record.json`, {}));
    expect(made.answer.status).toBe(303);
    expect(made.count).toBe(3);
    const fetched = await trips(portal, () => chen.get(made.answer.headers.get('location') ?? ''));
    expect(fetched.answer.status).toBe(200);
    expect(fetched.count).toBe(2);
  });
  test('a page for a stranger who brings no cookie takes none but its own', async () => {
    expect((await trips(portal, () => fetch(`${portal.url}/sign-in`))).count).toBe(0);
  });
});

describe('weights, brotli', () => {
  test.each([
    ['the thread of 30 entries', ''],
    ['a plan of 36 rows', '/proposals/1'],
  ])('%s: HTML at most 14 KB', async (_, path) => {
    const html = await (await chen.get(`/cases/${id}${path}`)).text();
    if (path === '') expect(html.match(/class="entry /g)).toHaveLength(30);
    expect(weigh(html)).toBeLessThanOrEqual(14 * KB);
    expect(html).not.toMatch(/<style|style="|onclick=/);
  });
  test('styles: at most 13 KB, and no web font', () => {
    expect(weigh(asset(assets.styles))).toBeLessThanOrEqual(13 * KB);
    expect(asset(assets.styles).toString()).not.toContain('@font-face');
  });
  test('scripts: the preview at most 15 KB, those of other pages at most 10 KB', () => {
    expect(weigh(asset(assets.scripts.plan))).toBeLessThanOrEqual(15 * KB);
    // Where a plan is drawn up, both help.
    expect(weigh(asset(assets.scripts.plan)) + weigh(asset(assets.scripts.amounts))).toBeLessThanOrEqual(15 * KB);
    for (const name of ['compose', 'upload', 'amounts', 'verify'] as const)
      expect(weigh(asset(assets.scripts[name]))).toBeLessThanOrEqual(10 * KB);
  });
  test('the worker with its WebAssembly: at most 1 MB gzip', () => {
    const sizes = readdirSync(`${root}.heyi/build`).map((name) => gzipSync(readFileSync(`${root}.heyi/build/${name}`)).length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(KB * KB);
  });
  test('no asset is larger than Cloudflare takes: 25 MiB', () => {
    for (const path of Object.values(assets.fonts)) expect(asset(path).length).toBeLessThanOrEqual(25 * KB * KB);
  });
});

test('the top level is exactly what it should be', () => {
  const visible = readdirSync(root).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  const allowed = [
    'LICENSE',
    'README.md',
    'biome.json',
    'db',
    'package-lock.json',
    'package.json',
    'test',
    'tsconfig.json',
    'vitest.config.ts',
    'web',
    'worker',
    'wrangler.toml',
  ];
  expect(visible.sort()).toEqual(allowed);
  expect(existsSync(`${root}.ci/run`)).toBe(true);
});
