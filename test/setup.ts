import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { DAY, MINUTE } from '../worker/clock.ts';

/** Property tests run on the same cases everywhere, so that a failure is one that others see too; SEED=random (or a number) looks elsewhere. */
const { SEED = '20261124' } = process.env;
if (SEED !== 'random') fc.configureGlobal({ seed: Number(SEED) });

/**
 * From their beginning to their end tests take for granted which day it is in China, and whether staff may write to people at this hour: in the last minutes before either
 * turns none begins.
 */
const TURNS = [0, 8, 22].map((hour) => hour * 60 * MINUTE);
const SHORTLY = 5 * MINUTE;
const inChina = (Date.now() + 8 * 60 * MINUTE) % DAY;
const left = Math.min(...TURNS.map((turn) => (turn - inChina + DAY) % DAY));
if (left > 0 && left < SHORTLY) {
  console.log(`Tests begin in ${Math.ceil(left / MINUTE)} minutes: the day or the hours in which staff write turn in China.`);
  await wait(left);
}
