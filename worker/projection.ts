import { awaited, type Case, due, type Own } from './negotiation/case.ts';
import { workingDebt } from './negotiation/debt.ts';
import type { Institution } from './negotiation/lender/institution.ts';
import { remaining, toAnswer } from './negotiation/performance.ts';
import type { Policy } from './negotiation/policy.ts';
import { lawOf } from './plan/law/index.ts';
import { outstanding } from './plan/terms.ts';
import type { Projection } from './store/appended.ts';
import type { InstitutionProjection } from './store/institution.ts';
import type { OwnProjection } from './store/streams.ts';

/** What lists and jobs need to know of a case, and the snapshot of the fold. The one place that makes a projection. */
export function project(kase: Case, head: { seq: number; hash: string }, policy: Pick<Policy, 'jurisdiction'>): Projection {
  const debt = kase.agreement?.debt ?? workingDebt(kase);
  const performed = remaining(kase);
  return {
    seq: head.seq,
    hash: head.hash,
    lastAt: kase.lastAt,
    stage: kase.stage,
    awaited: awaited(kase, kase.lastAt),
    // When time alone will change the case next: the offer lapses, or the next instalment is a day late.
    deadline: due(kase, lawOf(policy).place.zone)[0]?.at ?? null,
    borrower: kase.borrowerName ?? kase.invitedName,
    reference: kase.loan.reference,
    amount: performed?.left ?? (debt ? outstanding(debt) : 0),
    nextDue: performed?.next?.due ?? null,
    nextAmount: performed?.next?.amount ?? null,
    toConfirm: performed ? toAnswer(kase, 'lender').length : 0,
    state: kase,
  };
}

/** The same of a private stream. */
export function projectOwn(own: Own, head: { seq: number; hash: string }): OwnProjection {
  return { seq: head.seq, hash: head.hash, lastAt: own.lastAt, state: own };
}

/** The same of a lender's own stream. */
export function projectInstitution(institution: Institution, head: { seq: number; hash: string }): InstitutionProjection {
  return { seq: head.seq, hash: head.hash, lastAt: institution.lastAt, state: institution };
}
