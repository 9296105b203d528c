/**
 * The portal beside a bare Hono worker with two libSQL queries, on the same machine in one run: what a request costs the worker's process in work, and how
 * many come back in a second; and what sealing costs. The databases are a process of their own. Needs `npm run build -- --worker`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { plainOpening } from '../../db/demo.ts';
import { type Hand, handOf, playWhole } from '../../db/play-whole.ts';
import { type Portal, startPortal } from '../../db/portal.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { canonical, digestOf } from '../../worker/record/digest.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { emptyHead, seal } from '../../worker/record/seal.ts';
import { isWorkerd, processes } from '../attack/processes.ts';
import { workedBy } from '../cpu.ts';
import { compare } from './table.ts';

const AT_ONCE = 10;
/** Requests of each rival before anything is measured, as code that runs often is compiled anew; and in each of the rounds that are. */
const WARM = 400;
const ROUND = 150;
const ROUNDS = 4;
/** Entries of a full page. */
const ENTRIES = 30;
/** Writers in turn: each has a case of its own, as ten at one case would measure how they step aside for each other; and each case a handful of offers. */
const CASES = 100;

type Rival = { name: string; pid: number; run: () => Promise<unknown> };
type Spent = { requests: number; seconds: number; work: number };

/** So many requests, ten under way at once. */
async function ask({ pid, run }: Rival, count: number): Promise<Spent> {
  let left = count;
  const [start, before] = [performance.now(), workedBy(pid)];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await run();
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  // What is done after an answer belongs to it.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { requests: count, seconds, work: workedBy(pid) - before };
}

/** What each costs, in rounds that alternate, so that a machine that is busy with something else favours none. */
async function measure(rivals: readonly Rival[]): Promise<(Spent & { name: string })[]> {
  const spent = rivals.map(({ name }) => ({ name, requests: 0, seconds: 0, work: 0 }));
  for (const rival of rivals) await ask(rival, WARM);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, rival] of rivals.entries()) {
      const { requests, seconds, work } = await ask(rival, ROUND);
      const sum = spent[i];
      if (sum) Object.assign(sum, { requests: sum.requests + requests, seconds: sum.seconds + seconds, work: sum.work + work });
    }
  }
  return spent;
}

const BARE = `
  import { Hono } from 'hono';
  import { createClient } from '@libsql/client/web';
  const app = new Hono();
  app.get('/', async (c) => {
    const { NETWORK } = c.env;
    const past = NETWORK ? { fetch: (request) => NETWORK.fetch(request) } : {};
    const database = createClient({ url: c.env.DB, authToken: c.env.TOKEN, ...past });
    const accounts = await database.execute('SELECT * FROM accounts LIMIT 1');
    const lenders = await database.execute('SELECT * FROM lenders LIMIT 1');
    return c.html('<p>' + accounts.rows.length + lenders.rows.length);
  });
  export default app;`;

/**
 * The bare worker, on the portal's own databases; `past`, by the way that the portal has to them: else Miniflare has what it fetches go through a worker of its own, in the same process.
 */
async function startBare(portal: Portal, past: boolean): Promise<Miniflare> {
  const { outputFiles } = await build({
    stdin: { contents: BARE, resolveDir: new URL('.', import.meta.url).pathname },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
  });
  return new Miniflare({
    host: '127.0.0.1',
    port: 0,
    telemetry: { enabled: false },
    cf: false,
    workers: [
      {
        config: {
          name: 'bare',
          compatibilityDate: '2026-11-01',
          compatibilityFlags: ['nodejs_compat'],
          manifest: { mainModule: 'index.js', modules: { 'index.js': { type: 'esm', contents: outputFiles[0]?.text ?? '' } } },
          env: {
            DB: { type: 'text', value: portal.env.directory.url },
            TOKEN: { type: 'text', value: portal.server.token },
            ...(past ? { NETWORK: { type: 'network', allow: ['public', 'private'], tlsOptions: { trustBrowserCas: true } } } : {}),
          },
        },
      },
    ],
  } as unknown as ConstructorParameters<typeof Miniflare>[0]);
}

/** Each is a child of this process, with its watcher below it. */
const workerds = () => processes().flatMap((one) => (one.parent === process.pid && isWorkerd(one) ? [one.pid] : []));
const read = async (answer: Promise<Response>) => (await answer).text();

/** A case whose thread fills a page: a whole one, with messages between. */
async function fullCase(): Promise<{ id: string; stage: Awaited<ReturnType<typeof playWhole>>['stage'] }> {
  const { id, stage, chen, lin } = await playWhole(portal);
  const seq = async () => ((await (await lin(`/api/v1/cases/${id}`)).json()) as { seq: number }).seq;
  for (let count = await seq(); count < ENTRIES; count++) {
    const hand = count % 2 ? chen : lin;
    await hand(`/cases/${id}/do/talk.message`, {
      requestId: randomId(),
      words: '好的，收到。我会按协议约定的日期还款，如有变动提前说明。',
    });
  }
  return { id, stage };
}

/** A new offer in each of many cases in turn. */
async function offers(chen: Hand, stage: Awaited<ReturnType<typeof playWhole>>['stage']): Promise<() => Promise<unknown>> {
  const cases: { id: string; version: number }[] = [];
  for (let i = 0; i < CASES; i++) {
    const id = randomId();
    await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    cases.push({ id, version: 1 });
  }
  const { start, firstDue } = plainOpening(stage.today(), '').proposal.terms;
  let turn = 0;
  return async () => {
    const one = cases[turn++ % CASES];
    if (!one) return;
    const answers = String(one.version++);
    await read(
      chen(`/cases/${one.id}/do/proposal.make`, {
        requestId: randomId(),
        answers,
        'terms.start': start,
        'terms.firstDue': firstDue,
        'terms.every': 'month',
        'terms.rate.ppm': '3',
        'terms.rate.per': 'year',
        'terms.interestOn': 'principal',
        'terms.dayCount': 'period',
        'terms.phases.0.kind': 'level',
        'terms.phases.0.count': '36',
        words: 'x',
      }),
    );
  };
}

/** Miniflare compresses pages as the platform's edge does, in workerd's own process: half a millisecond that is no work of any worker. */
const plain = { 'accept-encoding': 'identity' };

const data = mkdtempSync(join(tmpdir(), 'heyi-bench-'));
const portal = await startPortal(data);
const [ours = 0] = workerds();
const known = new Set([ours]);
const bares = [];
for (const past of [false, true]) {
  const bare = await startBare(portal, past);
  const address = (await bare.ready).href;
  const [pid = 0] = workerds().filter((one) => !known.has(one));
  known.add(pid);
  const name = `bare Hono + two libSQL queries${past ? ', by the way that the portal has to them' : ''}`;
  bares.push({ name, pid, run: () => read(fetch(address, { headers: plain })), bare });
}

const { id, stage } = await fullCase();
const chen = await handOf(portal, 'chen', LANGUAGES[0], plain);
const spent = await measure([
  ...bares,
  { name: `case page (two round trips, ${ENTRIES} entries)`, pid: ours, run: () => read(chen(`/cases/${id}`)) },
  { name: 'proposal.make (three round trips, sealed, 36 instalments), with its notices', pid: ours, run: await offers(chen, stage) },
]);
const [first, second] = spent;
const made = spent.at(-1);
const work = ({ work, requests }: Spent) => work / requests;
const message = made ? made.requests / made.seconds : 0;
console.log(`\nof the worker's process, ${AT_ONCE} requests at once`);
console.table(
  spent.flatMap((one) =>
    first && second
      ? [
          {
            what: one.name,
            'CPU ms a request': Number(work(one).toFixed(2)),
            'ratio to the first': Number((work(one) / work(first)).toFixed(2)),
            'ratio to the second': Number((work(one) / work(second)).toFixed(2)),
            'requests a second': Math.round(one.requests / one.seconds),
          },
        ]
      : [],
  ),
);
for (const { bare } of bares) await bare.dispose();
await portal.stop();
rmSync(data, { recursive: true, force: true });

const key = await signingKey(portal.keys);
const header = { case: 'c', lender: 'l', openedAt: '2026-05-01T00:00:00.000Z', number: 'n' };
const draft = {
  kind: 'proposal.made',
  content: { terms: Array.from({ length: 40 }, (_, i) => ({ i, text: '条款' })) },
  author: { side: 'borrower' as const, capacity: 'borrower', name: 'x', account: null },
};
const start = performance.now();
const COUNT = 2_000;
for (let i = 0; i < COUNT; i++) await seal('c', emptyHead(header), [draft], '2026-05-02T00:00:00.000Z', randomBytes, key);
const sealing = (performance.now() - start) / COUNT;
console.log(
  `\nSealing one entry, with its signature: ${sealing.toFixed(3)} ms: ${((100 * sealing * message) / 1000).toFixed(1)} % of what a proposal.make takes.`,
);
compare('of that, digests', [{ name: 'canonical form and digest of one content', run: () => digestOf(canonical(draft.content)) }]);
