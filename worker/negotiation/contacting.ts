import { callsOn, type DayOfCalls } from './calls.ts';
import type { Context } from './command.ts';
import { type Conduct, reachableFrom, reachableUntil } from './conduct.ts';
import type { Case } from './entry.ts';

/** What whoever is about to write to a borrower or to call them is to know first, by the rules of that moment: the page of a case and the desk's list say it alike. */

/** `from` is the first instant at which they may be reached, null where that is now; `until` is the end of the hours of now, null where there are none. */
export type Contacting = { from: string | null; until: string | null; wish: Conduct['wish']; calls: DayOfCalls };

export function contacting(
  kase: Pick<Case, 'calls' | 'wish'>,
  { at, today, policy }: Pick<Context, 'at' | 'today' | 'policy'>,
): Contacting {
  const wished = kase.wish?.hours ?? null;
  const from = reachableFrom(at, policy, wished);
  return {
    from: from === at ? null : from,
    until: reachableUntil(at, policy, wished),
    wish: kase.wish,
    calls: callsOn(kase, today, policy),
  };
}
