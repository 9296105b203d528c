import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { DAY } from '../../worker/clock.ts';
import { lagOf } from '../../worker/execute/lag.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { inFile } from './in-file.ts';
import { killWorker } from './processes.ts';

/** The worker is killed outright at many moments of a piece of the schedule's work: nothing is done twice, nothing is lost, and whoever died lets go by time. */

let portal: Rig;
let stage: Stage;
beforeAll(async () => {
  portal = await rig();
  // What is offered now lapsed long ago.
  stage = await Stage.set(portal, Date.now() - 60 * DAY);
});
afterAll(() => portal.remove());

/** The minute is over for which whoever died has a lender. */
const timePasses = () => inFile(portal.data, 'directory', (db) => db.exec("UPDATE sweeps SET until = '2026-01-01T00:00:00.000Z'"));

const CASES = 6;
async function open(): Promise<string[]> {
  const ids = Array.from({ length: CASES }, randomId);
  for (const id of ids) {
    await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    // At all hours: what is written at night is told of then.
    await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  }
  return ids;
}

/** When the worker is killed, in shares of how long a run takes. */
const MOMENTS = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];

test('at any moment of it: each offer lapses once, each is told of once, every record verifies', async () => {
  await open();
  await portal.sweep();
  const ids = await open();
  const begun = performance.now();
  await portal.sweep();
  const took = performance.now() - begun;
  for (const moment of MOMENTS) {
    ids.push(...(await open()));
    const swept = portal.sweep().catch(() => {});
    await wait(took * moment);
    await Promise.all([killWorker(portal.url), swept]);
    timePasses();
  }
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('There is no lender.');
  const isBehind = async () => (await lagOf(portal.env, lender)).waits.filter(({ what }) => what !== 'anchors').length > 0;
  // The first request after one was killed may still go to the worker that ended.
  for (let run = 0; run < 5 && (await isBehind()); run++) await portal.sweep().catch(() => {});
  expect(await isBehind()).toBe(false);
  expect(await lagOf(portal.env, lender)).toMatchObject({ failures: 0, current: true });

  const casebook = openCasebookForPortal(portal.env, lender);
  const letters = await openDirectory(portal.env).newestMail(5_000);
  for (const id of ids) {
    const record = (await casebook.record(id))?.entries ?? [];
    const expired = record.filter(({ kind }) => kind === 'proposal.expired');
    expect(expired).toHaveLength(1);
    const hash = expired[0]?.hash ?? '-';
    expect(letters.filter((one) => one.recipient === PEOPLE.chen.email && one.body.includes(hash))).toHaveLength(1);
  }
  // What was opened of storage before a worker ended is good for nothing now.
  portal = await portal.restart();
  expect((await audit(portal.env, portal.files, 'mingheng')).faults).toEqual([]);
});
