import { DAY, later, MINUTE } from '../clock.ts';

/** How long delivery goes on trying, and when it tries again. */

/** A letter that nobody took by then is given up (RFC 5321, 4.5.4.1 says 4 to 5 days for mail servers; behind this one stands such a server). */
export const GIVEN_UP_AFTER = 2 * DAY;

const FIRST = { code: 5_000, other: MINUTE };
const LONGEST = 4 * 60 * MINUTE;

/**
 * When a letter is tried again after so many attempts: twice as long each time, up to four hours; between half and all of it, so that what failed together
 * does not come back together. A code, which is good for ten minutes, begins with seconds.
 * @param chance from 0 to 1
 */
export function nextTry(at: string, attempts: number, urgency: number, chance: number): string {
  const full = Math.min(LONGEST, (urgency === 0 ? FIRST.code : FIRST.other) * 2 ** Math.min(20, Math.max(0, attempts - 1)));
  return later(at, Math.round(full * (0.5 + chance / 2)));
}
