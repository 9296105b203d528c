/**
 * The desk over a hundred cases and over a hundred thousand, in one run, by turns: each tab, order, filter and search, each section of the reports by each way of grouping, and what is behind each figure, is to take no more than twice as long. What takes
 * longer is named and ends it with an error. `npm run bench -- --desk`. Needs `npm run build -- --worker`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playDemo } from '../../db/demo-cases.ts';
import { startPortal } from '../../db/portal.ts';
import { instant } from '../../worker/clock.ts';
import { DIMENSIONS, figureNames, figureOf, SECTIONS } from '../../worker/negotiation/report.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { ORDERS, TAB_NAMES } from '../../worker/store/inbox.ts';
import { command } from '../command.ts';
import { signedIn, type Visitor } from '../worker/people.ts';

const SIZES = [100, 100_000] as const;
const ROUNDS = 15;
const MOST = 2;
/** What a report by person sums up is more where more came about, day by day: it may take longer than over a hundred, but no more than so many ms. */
const SOON = 100;

const DESK = [
  ...TAB_NAMES.flatMap((tab) => ORDERS.map((order) => `show=${tab}&order=${order}`)),
  ...[
    'stage=in-force',
    'cause=illness',
    'cause=disaster',
    'mark=person',
    'mark=hardship',
    'mark=representative',
    'held=1',
    'least=100&most=200',
    'least=49999',
    'assignee=nobody',
  ].flatMap((filter) => [`show=all&${filter}`, `show=all&order=amount&${filter}`]),
  ...['age=180', 'opened=2026-01-01&until=2026-06-30'].map((filter) => `show=all&${filter}`),
  // Half way down the list.
  'show=all&order=amount&from=2500000 80000000000000000000000000000000',
  ...['孙晓', '梅', '0000000042', 'CT-2026', '2', 'HY-', 'ilk', '没有这个人'].map((text) => `text=${encodeURIComponent(text)}`),
];

const REPORTS = [
  ...SECTIONS.flatMap((section) => ['month', ...DIMENSIONS].map((by) => `section=${section}&by=${by}`)),
  ...SECTIONS.map((section) => `section=${section}&of=agent&key=agent7`),
];

const BEHIND = figureNames
  .filter((name) => figureOf(name).kinds.length > 0)
  .flatMap((name) => [`figure=${name}`, `figure=${name}&of=agent&key=agent7`]);

/** All that is asked, or what of it begins as a word after the command does. */
const only = process.argv[2] ?? '';
const ASKED = [
  ...DESK.map((query) => `?${query}`),
  ...REPORTS.map((query) => `/reports?${query}`),
  ...BEHIND.map((query) => `/reports/cases?${query}`),
].filter((path) => path.startsWith(only));

const portals = await Promise.all(
  SIZES.map(async (size) => {
    const data = mkdtempSync(join(tmpdir(), 'heyi-desk-'));
    const portal = await startPortal(data);
    await playDemo(portal);
    // In a process of its own: this one is the portal's door, and must not stand still.
    const file = join(data, 'databases', 'casebook-mingheng.db');
    await command('test/bench/pile.ts', [file, String(size), dayOf(instant(), HOME.zone)], {});
    return { data, portal, zhou: await signedIn(portal, 'zhou') };
  }),
);

async function timed(zhou: Visitor, query: string): Promise<number> {
  const start = performance.now();
  const answer = await zhou.get(`/desk/mingheng${query}`);
  await answer.text();
  if (answer.status !== 200) throw new Error(`${query}: ${answer.status}`);
  return performance.now() - start;
}

const middle = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

try {
  const table: Record<string, Record<string, number>> = {};
  for (const query of ASKED) {
    const times: number[][] = SIZES.map(() => []);
    for (let round = 0; round < ROUNDS + 2; round++)
      for (const [i, { zhou }] of portals.entries()) {
        const time = await timed(zhou, query);
        // The first two of each warm up what is read.
        if (round >= 2) times[i]?.push(time);
      }
    const [few = 0, many = 0] = times.map(middle);
    const ratio = Number((many / few).toFixed(2));
    table[decodeURIComponent(query)] = { 'ms over 100': Number(few.toFixed(1)), 'ms over 100,000': Number(many.toFixed(1)), ratio };
    if (ratio > MOST && !(query.startsWith('/reports?') && many < SOON)) {
      console.error(`${decodeURIComponent(query)}: ${ratio} times as long`);
      process.exitCode = 1;
    }
  }
  console.log('\nThe desk, by the number of cases');
  console.table(table);
} finally {
  for (const { portal, data } of portals) {
    await portal.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
