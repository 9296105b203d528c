import type { Case } from './case.ts';
import type { Context } from './command.ts';
import { debtDisputed, isHeld } from './dispute.ts';
import { duties } from './duties.ts';

/** When the lender's people may remind a borrower of what waits for them, beside what the portal reminds them of by itself. */

export type NotReminded = 'disputed' | 'nothing';

/** Why a borrower is not to be reminded now: what is owed is in dispute, or nothing waits for them. Null where they may be. */
export function notReminded(kase: Case, now: Pick<Context, 'at' | 'today' | 'zone' | 'policy'>): NotReminded | null {
  if (debtDisputed(kase) || isHeld(kase, now)) return 'disputed';
  return duties(kase, 'borrower', now).length === 0 ? 'nothing' : null;
}
