import { expect, test } from 'vitest';
import { crowd } from '../bench/crowd.ts';

/** The crowd of `npm run bench -- --crowd`, smaller, and in a hurry. */

test('people act at random while worker and databases are killed: nobody meets a fault, what was answered is there once, every record verifies', async () => {
  const said: string[] = [];
  const settings = { seconds: 20, agents: 5, borrowers: 20, seed: 14, killsEvery: [2, 4] as [number, number] };
  const came = await crowd({ ...settings, agentThinks: [100, 600], borrowerThinks: [300, 1_500] }, (line) => said.push(line));
  const { faults, lost, twice, verifies } = came;
  expect({ faults, lost, twice, verifies }, said.join('\n')).toEqual({ faults: [], lost: [], twice: [], verifies: true });
  expect(came.killed.worker).toBeGreaterThan(0);
  expect(came.answered).toBeGreaterThan(0);
}, 900_000);
