import { afterAll, beforeAll, expect, test } from 'vitest';
import { playDemo } from '../../db/demo-cases.ts';
import { app } from '../../worker/app.ts';
import { type Rig, rig } from '../portal.ts';
import { fuzz, PATIENCE } from './fuzz.ts';
import { inFile } from './in-file.ts';

/** A share of `npm run attack:fuzz`, the same every time. */

let portal: Rig;
beforeAll(async () => {
  portal = await rig();
  await playDemo(portal);
});
afterAll(() => portal.remove());

test('2,000 requests that nobody means well with: none yields a 5xx, none is left without an answer, nobody waits', async () => {
  const { faults, statuses, innocent, processes } = await fuzz(portal, app.routes, { count: 2_000, seed: 20261125 });
  expect(faults).toEqual([]);
  expect(processes.before.length).toBeGreaterThan(1);
  expect(processes.after).toEqual(processes.before);
  expect(innocent.asked).toBeGreaterThan(10);
  // Beside twenty others.
  expect(innocent.slowest).toBeLessThan(3 * PATIENCE);
  // It comes through the doors, and not only up to them.
  expect(statuses['200']).toBeGreaterThan(200);
  // What is refused answers at once, or comes back at an address of its own.
  const kept = Number(inFile(portal.data, 'directory', (db) => db.prepare('SELECT count(*) AS n FROM returned').get())?.n);
  expect((statuses['422'] ?? 0) + kept).toBeGreaterThan(20);
});
