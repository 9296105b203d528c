import { daysBetween } from '../plan/calendar.ts';
import { COMPONENTS, type Component } from '../plan/format.ts';
import { lawOf } from '../plan/law/index.ts';
import { addWorkingDays, workingDaysBetween } from '../plan/law/working-days.ts';
import { dayOf } from '../plan/law/zone.ts';
import { shareOf } from './authority.ts';
import { countedCalls, EXCESSES } from './calls.ts';
import { type Case, EMPTY_CASE, type Entry, fold, known } from './case.ts';
import { daysOverdue } from './debt.ts';
import type { Recorded, Whole } from './entry.ts';
import { instalments } from './instalments.ts';
import { isReceived } from './payment.ts';
import type { HeldPolicy } from './policy.ts';
import { waiversFor } from './policy-bounds.ts';
import type { Offer } from './proposal.ts';

/**
 * What a lender's reports count: a milestone for each thing in a case that is counted, told by the entries of the shared record alone. Of people it says which account of
 * the lender's acted, and nothing of the borrower. What each figure made of them means is told in `report.ts`.
 *
 * - `opened`: a case; `agent` who opened it for the borrower
 * - `answer`: an offer of the borrower's that waits for the lender (`no`: its entry). `due` is the last day that was promised, `ended` the day of the answer
 * - `agreement`: the first agreement of a case; once in force it stands as the case stands, also once it was varied; `days` since the case was opened
 * - `varied`: a later one
 * - `waived.PART`: what an agreement gives up of a part; `beyond` what of it is more than the policy of that day had
 * - `due`: what falls due in a month by the agreement that holds then (`no`: its version and the month, 1202611); `paid`: a payment that was received
 * - `counter`, `acceptance`: what policy answered by itself, by the offer that it made or accepted
 * - `call`: a call of the lender's; `beyond.RULE`: what of the rules or the borrower's wishes it did not keep to
 * - `written`: a message, a letter or a mail of the lender's people
 */
export type MilestoneKind =
  | 'opened'
  | 'answer'
  | 'agreement'
  | 'varied'
  | `waived.${Component}`
  | 'due'
  | 'paid'
  | 'counter'
  | 'acceptance'
  | 'call'
  | `beyond.${(typeof EXCESSES)[number]}`
  | 'written';

/**
 * `no` tells those of a kind apart in a case, mostly by the number of an entry. `day` is the one by which it is counted. Amounts in 分; `days` are working days of an answer,
 * days of the calendar until an agreement. `policy` is the version that held then.
 */
export type Milestone = {
  kind: MilestoneKind;
  no: number;
  day: string;
  outcome: string;
  due: string | null;
  ended: string | null;
  days: number | null;
  amount: number | null;
  beyond: number | null;
  agent: string | null;
  product: string | null;
  policy: number;
};

type Name = Pick<Milestone, 'kind' | 'no'>;

type Turn = Name & Pick<Milestone, 'outcome'> & Partial<Pick<Milestone, 'day' | 'ended' | 'days' | 'agent'>>;

/** What entries change: milestones are put (in the place of one of the same name), turn out otherwise, or are no more; none is named twice. One that is not there turns into nothing. */
export type Changes = { put: Milestone[]; turn: Turn[]; drop: Name[] };

/** Changes one after the other, as what they come to in the end. */
class Net {
  readonly #all = new Map<string, { put: Milestone } | { turn: Turn } | { drop: Name }>();

  put(one: Milestone): void {
    this.#all.set(nameOf(one), { put: one });
  }

  turn(one: Turn): void {
    const so = this.#all.get(nameOf(one));
    if (so && 'drop' in so) return;
    if (so && 'put' in so) this.#all.set(nameOf(one), { put: { ...so.put, ...one } });
    else this.#all.set(nameOf(one), { turn: { ...so?.turn, ...one } });
  }

  drop({ kind, no }: Name): void {
    this.#all.set(nameOf({ kind, no }), { drop: { kind, no } });
  }

  changes(): Changes {
    const all = [...this.#all.values()];
    return {
      put: all.flatMap((one) => ('put' in one ? [one.put] : [])),
      turn: all.flatMap((one) => ('turn' in one ? [one.turn] : [])),
      drop: all.flatMap((one) => ('drop' in one ? [one.drop] : [])),
    };
  }
}

const nameOf = ({ kind, no }: Name) => `${kind} ${no}`;

/** Whoever acts where policy answers by itself: no account has such a name. */
export const BY_POLICY = '@policy';

/** What entries change that follow on a case. @param policyAt the policy that held at an instant */
export function milestonesIn(entries: readonly Recorded[], from: Case, policyAt: PolicyAt): Changes {
  const changes = new Net();
  let before = from;
  for (const recorded of entries) {
    const after = fold([recorded], before);
    const entry = known(recorded);
    if (entry && isWhole(entry)) observe({ before, entry, after, policy: policyAt(entry.at), changes });
    before = after;
  }
  return changes.changes();
}

export type PolicyAt = (at: string) => HeldPolicy;

/** All milestones of a record, as far as it is not erased, in the order of their names. */
export const milestonesOf = (entries: readonly Recorded[], policyAt: PolicyAt): Milestone[] =>
  milestonesIn(entries, EMPTY_CASE, policyAt).put.sort((a, b) => (a.kind === b.kind ? a.no - b.no : a.kind < b.kind ? -1 : 1));

const isWhole = (entry: Entry): entry is Whole => entry.content !== null && entry.author !== null;

type Observed = { before: Case; entry: Whole; after: Case; policy: HeldPolicy; changes: Net };

function observe(of: Observed): void {
  const { before, entry, after, changes } = of;
  answered(of);
  if (before.stage !== after.stage) stands(of);
  switch (entry.kind) {
    case 'case.opened':
      changes.put(made(of, 'opened', { agent: staffOf(entry) }));
      break;
    case 'proposal.made':
      offered(of, after.offers.at(-1));
      break;
    case 'proposal.accepted':
      if (entry.content.automatic !== undefined) accepted(of, after.offers[entry.content.version - 1]);
      break;
    case 'agreement.drawn-up':
      drawnUp(of);
      break;
    case 'agreement.in-force':
      begins(of);
      planned(of);
      break;
    case 'performance.completed':
      planned(of, entry.content.on ?? today(of));
      break;
    case 'performance.reopened':
    case 'instalment.moved':
      planned(of);
      break;
    case 'payment.reported':
    case 'payment.confirmed':
    case 'payment.disputed':
    case 'payment.withdrawn':
    case 'payment.reversed':
      received(of);
      break;
    case 'talk.call-logged':
      called(of, entry.content);
      break;
    case 'talk.call-contested':
      contested(of);
      break;
    case 'talk.message':
    case 'talk.letter-issued':
    case 'talk.mail-received':
      if (entry.author.side === 'lender') changes.put(made(of, 'written', { agent: staffOf(entry), outcome: entry.kind }));
      break;
  }
}

const today = ({ entry, policy }: Pick<Observed, 'entry' | 'policy'>) => dayOf(entry.at, lawOf(policy).place.zone);

const staffOf = ({ author }: Whole): string | null => (author.side === 'lender' ? author.account : null);

/** A milestone of an entry, of its day unless said otherwise. */
function made(of: Observed, kind: MilestoneKind, said: Partial<Milestone> = {}): Milestone {
  const { entry, after, policy } = of;
  return {
    ...{ kind, no: entry.seq, day: today(of), outcome: '', due: null, ended: null, days: null, amount: null, beyond: null, agent: null },
    ...{ product: after.loan.product ?? null, policy: policy.version },
    ...said,
  };
}

/** Who granted what an offer says: whose it was, or who accepted it for the lender. */
function granting({ offers }: Case, version: number): string | null {
  const { grantedAs, grantedBy } = offers[version - 1] ?? {};
  return grantedAs === 'portal' ? BY_POLICY : (grantedBy ?? null);
}

/** An offer of the borrower's waits for the lender's answer from now on; one that policy made, for the borrower's. */
function offered(of: Observed, offer: Offer | undefined): void {
  if (!offer) return;
  const { policy, changes } = of;
  if (offer.side === 'borrower') {
    const promised = addWorkingDays(lawOf(policy).holidays, today(of), policy.answerWithin);
    // Late is what is late for certain, also where the holidays of the year are not published yet.
    changes.put(made(of, 'answer', { outcome: 'open', due: promised.latest }));
  }
  if (offer.automatic !== undefined) changes.put(made(of, 'counter', { outcome: 'open', agent: BY_POLICY }));
}

const accepted = (of: Observed, offer: Offer | undefined): void => {
  if (offer) of.changes.put(made(of, 'acceptance', { no: offer.seq, outcome: 'unsigned', agent: BY_POLICY }));
};

/** What becomes of the offer that was on the table. */
function answered(of: Observed): void {
  const { before, entry, after, policy, changes } = of;
  const offer = before.table === null ? undefined : before.offers[before.table - 1];
  const now = offer && after.offers[offer.version - 1];
  if (!offer || !now) return;
  const isOver = after.stage !== before.stage && (after.stage === 'closed' || after.stage === 'completed');
  const state = now.state === offer.state && isOver ? 'closed' : now.state;
  if (state === offer.state) return;
  if (offer.automatic !== undefined) changes.turn({ kind: 'counter', no: offer.seq, outcome: state });
  if (offer.side !== 'borrower') return;
  const name = { kind: 'answer', no: offer.seq } as const;
  if (state !== 'answered' && state !== 'accepted' && state !== 'declined') {
    changes.turn({ ...name, outcome: state });
    return;
  }
  const ended = today(of);
  const law = lawOf(policy);
  const days = workingDaysBetween(law.holidays, dayOf(offer.at, law.place.zone), ended);
  const isByPolicy = entry.author.side === 'portal';
  changes.turn({ ...name, outcome: 'answered', ended, days, agent: isByPolicy ? BY_POLICY : staffOf(entry) });
}

/** The agreement by which a case is counted as agreed: its first. */
const first = ({ agreement, superseded }: Case) => superseded[0] ?? agreement;

/** How an agreement in force stands. */
const STANDS: Partial<Record<Case['stage'], string>> = {
  'in-force': 'kept',
  'in-arrears': 'arrears',
  broken: 'broken',
  completed: 'completed',
};

function stands({ after, changes }: Observed): void {
  const outcome = STANDS[after.stage];
  const agreement = first(after);
  if (outcome && agreement) changes.turn({ kind: 'agreement', no: agreement.seq, outcome });
}

/** Accepted, and not signed yet: what policy allowed counts as of now. */
function drawnUp(of: Observed): void {
  const { before, after, policy, changes } = of;
  const drawn = after.variation ?? after.agreement;
  if (!drawn) return;
  const agent = granting(after, drawn.version);
  const outcome = 'unsigned';
  changes.put(made(of, after.variation ? 'varied' : 'agreement', { outcome, agent }));
  const band = waiversFor(policy, daysOverdue(before, today(of)));
  for (const part of COMPONENTS) {
    const amount = drawn.terms.waive[part] ?? 0;
    if (amount === 0) continue;
    const beyond = band ? Math.max(0, amount - shareOf(drawn.debt[part], band[`${part}Ppm`])) : 0;
    changes.put(made(of, `waived.${part}`, { outcome, agent, amount, beyond }));
  }
}

/** Signed by both. */
function begins(of: Observed): void {
  const { before, after, policy, changes } = of;
  const { agreement } = after;
  if (!agreement) return;
  const { seq: no, version, terms } = agreement;
  const day = today(of);
  if (before.variation?.version === version) changes.turn({ kind: 'varied', no, outcome: 'signed', day });
  else {
    const days = daysBetween(dayOf(after.openedAt, lawOf(policy).place.zone), day);
    changes.turn({ kind: 'agreement', no, outcome: 'kept', day, days });
  }
  for (const part of COMPONENTS) if ((terms.waive[part] ?? 0) > 0) changes.turn({ kind: `waived.${part}`, no, outcome: 'signed', day });
  const offer = after.offers[version - 1];
  if (offer) changes.turn({ kind: 'acceptance', no: offer.seq, outcome: 'signed' });
}

type Planned = Pick<Milestone, 'no' | 'day' | 'agent'> & { amount: number };

/** What falls due by month, in 分, under the agreement that holds when it does; of a case that is completed, up to that day. */
function dueByMonth(kase: Case, policy: HeldPolicy, until: string | null): Map<number, Planned> {
  const { zone } = lawOf(policy).place;
  const found = new Map<number, Planned>();
  const { agreement, superseded } = kase;
  if (!agreement?.inForceAt) return found;
  const chain = [...superseded.map((one) => ({ agreement: one, before: dayOf(one.supersededAt, zone) })), { agreement, before: null }];
  for (const { agreement: one, before } of chain) {
    const agent = granting(kase, one.version);
    for (const { due, payment } of instalments({ ...kase, agreement: one })) {
      if (payment === 0 || (before !== null && due >= before) || (until !== null && due > until)) continue;
      const no = one.version * 1_000_000 + Number(due.slice(0, 7).replace('-', ''));
      found.set(no, { no, day: `${due.slice(0, 7)}-01`, agent, amount: (found.get(no)?.amount ?? 0) + payment });
    }
  }
  return found;
}

/** @param until the day of completion, where there is one */
function planned(of: Observed, until: string | null = null): void {
  const { before, after, policy, changes } = of;
  // Of a case that was completed, it is not known any more up to when; then all is put anew.
  const was = dueByMonth(before, policy, null);
  const now = dueByMonth(after, policy, until);
  for (const no of was.keys()) if (!now.has(no)) changes.drop({ kind: 'due', no });
  for (const [no, one] of now) if (before.stage === 'completed' || was.get(no)?.amount !== one.amount) changes.put(made(of, 'due', one));
}

function received(of: Observed): void {
  const { before, after, changes } = of;
  const counted = new Set(before.payments.flatMap((one) => (isReceived(one) ? [one.seq] : [])));
  for (const one of after.payments) {
    const { seq: no, on, amount } = one;
    if (isReceived(one) === counted.has(no)) continue;
    const agent = after.agreement ? granting(after, after.agreement.version) : null;
    if (isReceived(one)) changes.put(made(of, 'paid', { no, day: on, amount, agent }));
    else changes.drop({ kind: 'paid', no });
  }
}

/** A call that the other side has logged, too, is counted once. */
function called(of: Observed, { when, direction, outcome, beyond = [] }: Extract<Whole, { kind: 'talk.call-logged' }>['content']): void {
  const { entry, after, changes } = of;
  if (direction !== 'to-borrower' || !outcome) return;
  const isCounted = countedCalls(after).has(entry.seq);
  const said = { day: when.slice(0, 10), agent: staffOf(entry) };
  changes.put(made(of, 'call', { ...said, outcome: isCounted ? outcome : 'same' }));
  for (const { what } of beyond) changes.put(made(of, `beyond.${what}`, { ...said, outcome: isCounted ? 'counted' : 'same' }));
}

/** One that is contested counts no more; where the other side had logged it as well, that counts. */
function contested({ before, entry, after, changes }: Observed): void {
  if (entry.kind !== 'talk.call-contested') return;
  const { call } = entry.content;
  if (after.calls[call]?.state !== 'contested') return;
  const turned = (no: number, outcome: string, excess: string) => {
    changes.turn({ kind: 'call', no, outcome });
    for (const what of EXCESSES) changes.turn({ kind: `beyond.${what}`, no, outcome: excess });
  };
  turned(call, 'contested', 'contested');
  const was = countedCalls(before);
  for (const [no, { outcome }] of countedCalls(after)) if (!was.has(no)) turned(no, outcome, 'counted');
}
