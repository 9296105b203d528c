import type { Component } from '../plan/format.ts';
import type { PlanRefusal } from '../plan/schedule.ts';
import type { Kind } from '../wording/marks.ts';
import type { Act, Excess } from './authority.ts';
import type { Side } from './seats.ts';

/** Why a command does nothing: a code of a closed list and what belongs to it, said in both languages in `web/words`. */

/** Codes that say all by themselves. */
type Plain =
  | 'agreement.changed'
  | 'agreement.none'
  | 'agreement.outdated'
  | 'agreement.not-in-force'
  | 'agreement.signed-already'
  | 'approval.asked-already'
  | 'approval.asker-gone'
  | 'approval.moved-on'
  | 'approval.none'
  | 'approval.not-needed'
  | 'approval.not-yours'
  | 'approval.own'
  | 'arrears.disputed'
  | 'arrears.none'
  | 'arrears.payment-waits'
  | 'assignment.not-yours'
  | 'assignment.unknown'
  | 'call.future'
  | 'call.none'
  | 'case.busy'
  | 'case.closed'
  | 'case.not-claimed'
  | 'case.exists'
  | 'case.begun'
  | 'case.joined'
  | 'case.not-joined'
  | 'case.not-yours-to-close'
  | 'case.under-agreement'
  | 'case.unknown'
  | 'command.unknown'
  | 'complaint.answered-already'
  | 'complaint.extend-supervisor'
  | 'complaint.extended-most'
  | 'complaint.late'
  | 'complaint.none'
  | 'complaint.not-answered'
  | 'complaint.not-overseen'
  | 'consent.given-already'
  | 'consent.needed'
  | 'consent.none'
  | 'contact.consent-own'
  | 'contact.hours-needed'
  | 'contact.none'
  | 'contact.unproven'
  | 'debt.as-of-future'
  | 'debt.contract-date'
  | 'debt.changed'
  | 'debt.confirmed-already'
  | 'debt.none-stated'
  | 'debt.overdue-future'
  | 'debt.nothing-owed'
  | 'debt.parts-needed'
  | 'debt.reason-needed'
  | 'erasure.case-open'
  | 'erasure.nothing'
  | 'errand.none'
  | 'errand.not-yours'
  | 'evidence.none'
  | 'evidence.tied-already'
  | 'evidence.unknown-file'
  | 'impasse.already'
  | 'impasse.no-rule'
  | 'impasse.none'
  | 'impasse.resumed'
  | 'impasse.said'
  | 'lender.busy'
  | 'lender.paused'
  | 'lender.unproven'
  | 'letter.not-yours'
  | 'mail.empty'
  | 'mail.too-long'
  | 'means.empty'
  | 'means.figure-unknown'
  | 'means.no-query'
  | 'means.none'
  | 'means.queried-already'
  | 'means.since-future'
  | 'means.until-before-since'
  | 'mediation.figures-changed'
  | 'mediation.newer'
  | 'mediation.no-suggestion'
  | 'mediation.none'
  | 'mediation.one-at-a-time'
  | 'mediation.over'
  | 'mediation.own'
  | 'mediation.party'
  | 'mediation.suggestion-lapsed'
  | 'mediation.taken'
  | 'move.day-needed'
  | 'move.none'
  | 'move.not-later'
  | 'move.not-asked'
  | 'move.past'
  | 'offer.conditions-changed'
  | 'offer.debt-changed'
  | 'offer.not-as-shown'
  | 'offer.first-due-past'
  | 'offer.none'
  | 'offer.own'
  | 'own.unproven'
  | 'payment.future'
  | 'payment.in-figures'
  | 'payment.known'
  | 'payment.none'
  | 'payment.none-own'
  | 'payment.none-received'
  | 'payment.reference-taken'
  | 'person.asked-already'
  | 'policy.not-two'
  | 'policy.proposal-gone'
  | 'policy.proposer-gone'
  | 'policy.second-person'
  | 'policy.unchanged'
  | 'proof.needed'
  | 'request.reused'
  | 'request.unreadable'
  | 'representative.acts-already'
  | 'representative.appointed-already'
  | 'representative.none'
  | 'representative.self'
  | 'representative.until-past'
  | 'seat.is-the-borrower'
  | 'referral.future'
  | 'referral.no-such-way'
  | 'referral.none'
  | 'referral.there-already'
  | 'settlement.issued-already'
  | 'settlement.not-paid'
  | 'seat.may-not'
  | 'seat.not-the-borrower'
  | 'template.begun'
  | 'template.changed'
  | 'template.name-taken'
  | 'template.unknown'
  | 'terms.first-due-far'
  | 'terms.start-far';

/** Codes with what is said beside them. */
type Detailed = {
  'plan.refused': { plan: PlanRefusal };
  'authority.exceeded': Excess & Pick<Act, 'why'>;
  'case.unproven': { doubts: readonly { code: string; seq?: number; column?: string; side?: Side }[] };
  'case.full': { max: number };
  /** `max` is the number of the newest entry. */
  'complaint.entry-unknown': { max: number };
  'complaint.not-yet': { until: string };
  /** As a clock shows them: 08:00. */
  'contact.hours-outside': { open: string; close: string };
  /** From which instant on. */
  'contact.outside-hours': { moment: string };
  /** `max` in KiB. */
  'entry.too-large': { max: number };
  'erasure.retention': { until: string };
  'erasure.kept': { seq: number };
  /** Things that wait at once. */
  'errand.full': { max: number };
  'errand.past': { today: string };
  /** `max` in days. */
  'errand.far': { max: number };
  'evidence.too-many': { max: number };
  'evidence.already-there': { name: string };
  'terms.first-due-past': { today: string };
  'waiver.reason-needed': { component: Component };
  'arrears.can-be-cured': { until: string };
  /** `max` in days. */
  'move.far': { max: number };
  'representative.too-many': { max: number };
  /** `max` in days. */
  'representative.until-far': { max: number };
  'offer.changed': { version: number; side: Side };
  'offer.settled': { version: number };
  'agreement.name-differs': { name: string };
  /** Months, and days, that policy allows; `version` is that of the policy. */
  'policy.term': { limit: number; given: number; version: number };
  /** Words that staff may not send, and of what kind they are. */
  'wording.forbidden': { kind: Kind; words: string };
  /** A name between braces that is no place. */
  'template.place-unknown': { place: string };
  /** A brace without its other, with what stands around it. */
  'template.brace': { near: string };
  /** Templates, or versions of one. */
  'template.full': { max: number };
  'policy.changed': { version: number };
  'policy.proposal-open': { name: string };
  'policy.from-past': { today: string };
  'policy.from-far': { max: number };
  'policy.offer-days': { limit: number; given: number; version: number };
};

export type RefusalCode = Plain | keyof Detailed;

/** What is said beside a code. */
export type Detail<Code extends RefusalCode> = Code extends keyof Detailed ? Detailed[Code] : object;

/** `field` names the form field beside which it stands. */
export type Refusal = { [Code in RefusalCode]: { readonly code: Code; readonly field?: string } & Readonly<Detail<Code>> }[RefusalCode];

export type Refused = { refused: Refusal };

/** What goes with a code: the field, where it stands beside one, and all that is said beside it. */
type Rest<Code extends RefusalCode> = Code extends keyof Detailed ? [{ field?: string } & Detailed[Code]] : [{ field?: string }?];

export function refuse<Code extends RefusalCode>(code: Code, ...[rest]: Rest<Code>): Refused {
  // That a code goes with its own rest is what the parameters say, and more than the compiler sees of a union.
  return { refused: { code, ...rest } as Refusal };
}

/** A plan's refusal as a command's: the plan's own code and data under `plan`. */
export function refusePlan(plan: PlanRefusal, field: string): Refused {
  return refuse('plan.refused', { plan, field });
}

export function isRefused(value: object): value is Refused {
  return 'refused' in value;
}
