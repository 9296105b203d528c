/** The portal beside a bare Hono worker with one libSQL query, on the same machine in one run; and what sealing costs. Needs `npm run build -- --worker`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { plainOpening } from '../../db/demo.ts';
import { handOf, playWhole } from '../../db/play-whole.ts';
import { startPortal } from '../../db/portal.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { canonical, digestOf } from '../../worker/record/digest.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { emptyHead, seal } from '../../worker/record/seal.ts';
import { compare, print } from './table.ts';

const AT_ONCE = 10;
const SECONDS = 4;

/** How many a second when ten are under way at once. */
async function rate(run: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + SECONDS * 1000;
  let count = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < until) {
        await run();
        count++;
      }
    }),
  );
  return (count * 1000) / (performance.now() - start);
}

const BARE = `
  import { Hono } from 'hono';
  import { createClient } from '@libsql/client/web';
  const app = new Hono();
  app.get('/', async (c) => c.html('<p>' + (await createClient({ url: c.env.DB, authToken: c.env.TOKEN }).execute('SELECT * FROM accounts LIMIT 1')).rows.length));
  export default app;`;

const data = mkdtempSync(join(tmpdir(), 'heyi-bench-'));
const portal = await startPortal(data);
const { id, stage } = await playWhole(portal);
const { outputFiles } = await build({
  stdin: { contents: BARE, resolveDir: new URL('.', import.meta.url).pathname },
  bundle: true,
  write: false,
  format: 'esm',
  conditions: ['workerd', 'worker', 'browser'],
});
const bare = new Miniflare({
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
        env: { DB: { type: 'text', value: portal.env.directory.url }, TOKEN: { type: 'text', value: portal.server.token } },
      },
    },
  ],
} as unknown as ConstructorParameters<typeof Miniflare>[0]);
const address = (await bare.ready).href;
const chen = await handOf(portal, 'chen');
const read = async (answer: Promise<Response>) => (await answer).text();

const bareRate = await rate(() => read(fetch(address)));
const page = await rate(() => read(chen(`/cases/${id}`)));
// Each writer has a case of its own: ten at one case would measure how they step aside for each other.
const cases: string[] = [];
for (let i = 0; i < AT_ONCE; i++) {
  const own = randomId();
  await stage.give('chen', 'mingheng', own, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  cases.push(own);
}
let turn = 0;
const { start: from, firstDue } = plainOpening(stage.today(), '').proposal.terms;
const versions = cases.map(() => 1);
const offer = async () => {
  const at = turn++ % AT_ONCE;
  const version = versions[at] ?? 1;
  versions[at] = version + 1;
  await read(
    chen(`/cases/${cases[at]}/do/proposal.make`, {
      requestId: randomId(),
      answers: String(version),
      'terms.start': from,
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
const message = await rate(offer);
print('requests a second, ten at once', [
  ['bare Hono + one libSQL query', bareRate],
  ['case page (two round trips, 30 entries)', page],
  ['proposal.make (three round trips, sealed, 36 instalments; ten cases)', message],
]);
await bare.dispose();
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
