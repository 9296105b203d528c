import { awaited, type Case, due, type Own } from './negotiation/case.ts';
import { firstAnswerBy } from './negotiation/complaint.ts';
import { workingDebt } from './negotiation/debt.ts';
import { type Duty, duties } from './negotiation/duties.ts';
import type { Institution } from './negotiation/lender/institution.ts';
import { bitsOf } from './negotiation/marks.ts';
import { endsNext } from './negotiation/own-cases.ts';
import { remaining, toAnswer } from './negotiation/performance.ts';
import type { Policy } from './negotiation/policy.ts';
import { onTable } from './negotiation/proposal.ts';
import { plainlySought } from './negotiation/sought.ts';
import { writtenContract } from './negotiation/table.ts';
import { lawOf } from './plan/law/index.ts';
import { dayOf } from './plan/law/zone.ts';
import { outstanding } from './plan/terms.ts';
import type { Projection } from './store/appended.ts';
import type { InstitutionProjection } from './store/institution.ts';
import type { OwnProjection } from './store/streams.ts';

/** What lists and jobs need to know of a case, and the snapshot of the fold. The one place that makes a projection. */
export function project(kase: Case, head: { seq: number; hash: string }, policy: Policy): Projection {
  const { zone } = lawOf(policy).place;
  const debt = kase.agreement?.debt ?? workingDebt(kase);
  const performed = remaining(kase);
  // When time alone will change the case next: the offer lapses, the next instalment is a day late, or somebody's mandate ends.
  const deadline = due(kase, zone)[0]?.at ?? null;
  const ends = endsNext({ stage: kase.stage, deadline, offerUntil: onTable(kase, kase.lastAt)?.expiresAt ?? null });
  const nextDue = performed?.next?.due ?? null;
  const [duty] = duties(kase, 'lender', { at: kase.lastAt, today: dayOf(kase.lastAt, zone), zone, policy });
  return {
    seq: head.seq,
    hash: head.hash,
    lastAt: kase.lastAt,
    stage: kase.stage,
    awaited: awaited(kase, kase.lastAt),
    deadline,
    borrower: kase.borrowerName ?? kase.invitedName,
    reference: writtenContract(kase.loan.reference),
    amount: performed?.left ?? (debt ? outstanding(debt) : 0),
    nextDue,
    nextAmount: performed?.next?.amount ?? null,
    toConfirm: performed ? toAnswer(kase, 'lender').length : 0,
    product: kase.loan.product ?? null,
    cause: kase.means?.statement.cause.kind ?? null,
    need: duty?.what ?? null,
    dueOn: dayOfDuty(duty) ?? nextDue ?? (ends === null ? null : dayOf(ends, zone)),
    marks: bitsOf(kase),
    sought: soughtOf(kase),
    complaintDue: firstAnswerBy(kase),
    state: kase,
  };
}

/** The day by which the lender is to have done something, where one is promised: the first that it can be. */
const dayOfDuty = (duty: Duty | undefined): string | null =>
  duty && 'promised' in duty ? (duty.promised?.date ?? null) : duty && 'by' in duty ? duty.by.date : null;

/** What a case is found by beside its number: contract, name, and the last four digits of the mobile number by which its borrower was identified. */
function soughtOf({ loan, borrowerName, invitedName, identified }: Case): string {
  const phone = identified?.channel === 'phone' ? (/\d{4}$/.exec(identified.hint)?.[0] ?? '') : '';
  return [loan.reference, borrowerName ?? invitedName ?? '', phone].map(plainlySought).filter(Boolean).join('\n');
}

/** The same of a private stream. */
export function projectOwn(own: Own, head: { seq: number; hash: string }): OwnProjection {
  return { seq: head.seq, hash: head.hash, lastAt: own.lastAt, state: own };
}

/** The same of a lender's own stream. */
export function projectInstitution(institution: Institution, head: { seq: number; hash: string }): InstitutionProjection {
  return { seq: head.seq, hash: head.hash, lastAt: institution.lastAt, state: institution };
}
