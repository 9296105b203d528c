import { isConflict } from '../store/connect.ts';

/** How often the portal tries by itself where somebody was first: the schedule comes by again. */
export const TRIES = 4;

/** Does something, and does it anew where somebody was first; where somebody was each time, it is left to the schedule, and null is what comes of it. */
export async function anew<Result>(work: () => Promise<Result>): Promise<Result | null> {
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      return await work();
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
    }
  }
  return null;
}
