import type { Loan } from '../plan/law/jurisdiction.ts';
import type { Case } from './case.ts';
import type { Policy } from './policy.ts';

/** What is known of the loan of a case, for the law table: what its parties said, and of what kind the lender is. */
export function loanOf({ contractDate }: Pick<Case, 'contractDate'>, { lender }: Pick<Policy, 'lender'>): Loan {
  return { lenderKind: lender.kind, contractDate };
}
