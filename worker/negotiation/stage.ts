import type { Case } from './entry.ts';
import { type Refused, refuse } from './refusal.ts';

/** How far a case has come, as a condition of commands. */

/** Closed cases take no more of the negotiation; the portal's own entries (exports, erasure) go on. */
export function notClosed(kase: Case): Refused | null {
  return kase.stage === 'closed' ? refuse('case.closed') : null;
}

/** While nothing is agreed, the negotiation is open. */
export function negotiable(kase: Case): Refused | null {
  if (kase.stage === 'closed') return refuse('case.closed');
  return kase.stage === 'negotiating' ? null : refuse('case.under-agreement');
}
