import { isConflict } from '../store/connect.ts';

/** How often the portal tries by itself where somebody was first: the schedule comes by again. */
export const TRIES = 4;

/** Does something, and does it anew where somebody was first; where somebody was each time, it is left to the schedule. */
export async function anew(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      return await work();
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
    }
  }
}
