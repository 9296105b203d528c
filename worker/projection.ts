import type { Case } from './negotiation/case.ts';
import { workingDebt } from './negotiation/debt.ts';
import { standing } from './negotiation/performance.ts';
import { awaited, onTable } from './negotiation/proposal.ts';
import { outstanding } from './plan/terms.ts';
import type { Projection } from './store/casebook.ts';

/** What lists and jobs need to know of a case, and the snapshot of the fold. The one place that makes a projection. */
export function project(kase: Case, head: { seq: number; hash: string }, today: string): Projection {
  const debt = kase.agreement?.debt ?? workingDebt(kase);
  return {
    seq: head.seq,
    hash: head.hash,
    lastAt: kase.lastAt,
    stage: kase.stage,
    awaited: awaited(kase, kase.lastAt),
    deadline: deadlineOf(kase, today),
    borrower: kase.borrowerName ?? kase.invitedName,
    reference: kase.loan.reference,
    amount: debt ? outstanding(debt) : 0,
    state: kase,
  };
}

/** When time alone will change the case next: the offer lapses, or the next instalment is a day late. */
function deadlineOf(kase: Case, today: string): string | null {
  const offer = onTable(kase, kase.lastAt);
  if (offer && kase.stage === 'negotiating') return offer.expiresAt;
  if (kase.stage !== 'in-force') return null;
  const next = standing(kase, today).rows.find((row) => row.no !== null && row.paid < row.payment && !kase.overdue.includes(row.no));
  return next ? new Date(`${next.due}T23:59:59.999+08:00`).toISOString() : null;
}
