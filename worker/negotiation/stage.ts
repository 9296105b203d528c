import type { Case, Stage } from './entry.ts';
import { type Refused, refuse } from './refusal.ts';

/** How far a case has come, as a condition of commands. */

/** Closed cases take no more of the negotiation; the portal's own entries (exports, erasure) go on. */
export function notClosed(kase: Case): Refused | null {
  return kase.stage === 'closed' ? refuse('case.closed') : null;
}

/** The stages in which an agreement binds: it is performed, in arrears, or was declared broken and is still to be paid. */
export const BINDING: readonly Stage[] = ['in-force', 'in-arrears', 'broken'];

export const binds = ({ stage }: { stage: string }): boolean => BINDING.some((one) => one === stage);

/** While an agreement binds, it is paid under, and can be varied. */
export function underAgreement(kase: Case): Refused | null {
  return binds(kase) ? null : refuse('agreement.not-in-force');
}

/** While nothing is agreed, the negotiation is open. */
export function negotiable(kase: Case): Refused | null {
  if (kase.stage === 'closed') return refuse('case.closed');
  return kase.stage === 'negotiating' ? null : refuse('case.under-agreement');
}

/** The end of a case in which the borrower's place was taken by somebody else. */
export const VACATED = 'vacated';

/** Whether whoever had taken the borrower's place wrongly has been put out: nobody sits there any more. */
export const isVacated = ({ closed }: Pick<Case, 'closed'>): boolean => closed?.reason === VACATED;
