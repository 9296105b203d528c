import type { Case } from './entry.ts';
import { type Refused, refuse } from './refusal.ts';

/** How far a case has come, as a condition of commands. */

/** Closed cases take no more of the negotiation; the portal's own entries (exports, erasure) go on. */
export function notClosed(kase: Case): Refused | null {
  return kase.stage === 'closed' ? refuse('case.closed') : null;
}

/** An agreement binds: it is performed, in arrears, or was declared broken and is still to be paid. */
export const binds = ({ stage }: Pick<Case, 'stage'>): boolean => stage === 'in-force' || stage === 'in-arrears' || stage === 'broken';

/** While an agreement binds, it is paid under, and can be varied. */
export function underAgreement(kase: Case): Refused | null {
  return binds(kase) ? null : refuse('agreement.not-in-force');
}

/** While nothing is agreed, the negotiation is open. */
export function negotiable(kase: Case): Refused | null {
  if (kase.stage === 'closed') return refuse('case.closed');
  return kase.stage === 'negotiating' ? null : refuse('case.under-agreement');
}
