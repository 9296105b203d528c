import { instant, later } from '../clock.ts';
import type { Env } from '../env.ts';
import { type Lender, openCasebookForPortal, openDirectory } from '../store/open.ts';
import { WAITED, type Waited } from '../store/queue.ts';
import type { Swept } from '../store/sweeps.ts';

/** How far the schedule is behind with a lender: for its administrator, and for the operator. Counts and instants alone, nothing of a case. */

/** From how late on something is late, in milliseconds: three runs of the schedule, as the platform has it. */
export const LAG = 15 * 60_000;

export type Lag = Swept & {
  /** What waits, how much of it and since when, what is late first. */
  waits: { what: Waited; count: number; since: string; late: boolean }[];
  /** Whether a round came to its end lately: false where none ever did, or by a clock that was ahead. */
  current: boolean;
};

/** Two round trips. Of a lender that is paused nothing is written, so that what is due there and what is held does not wait. */
export async function lagOf(env: Pick<Env, 'directory' | 'casebookToken' | 'keys'>, lender: Lender, now = instant()): Promise<Lag> {
  const before = instant(Date.parse(now) - LAG);
  const [swept, found] = await Promise.all([openDirectory(env).sweepOf(lender.id), openCasebookForPortal(env, lender).lag(now)]);
  const waits = WAITED.flatMap((what) => {
    const one = found[what];
    const isPaused = lender.pausedAt !== null && (what === 'due' || what === 'held');
    return one && !isPaused ? [{ what, ...one, late: one.since < before }] : [];
  });
  return {
    ...swept,
    waits: waits.sort((a, b) => Number(b.late) - Number(a.late)),
    current: swept.sweptAt !== null && swept.sweptAt >= before && swept.sweptAt <= later(now, LAG),
  };
}
