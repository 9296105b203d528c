import { lawOf } from '../plan/law/index.ts';
import { addWorkingDays, type WorkingDay } from '../plan/law/working-days.ts';
import { dayOf } from '../plan/law/zone.ts';
import { isOutdated, toSign } from './agreement.ts';
import { curableUntil, toCure } from './arrears.ts';
import { awaited, type Case } from './case.ts';
import type { Context } from './command.ts';
import { answerBy, isLate, overseersOf, toAnswer } from './complaint.ts';
import { letterUntil, settled } from './completion.ts';
import { toBegin } from './life.ts';
import { standingMediation } from './mediated.ts';
import { reportedSum } from './payment.ts';
import { type Pending, pending } from './pending.ts';
import { standing } from './performance.ts';
import type { Policy } from './policy.ts';
import { type Offer, offerable, onTable, restsOnOldDebt } from './proposal.ts';
import { otherSide, type Side } from './seats.ts';
import { binds } from './stage.ts';

/** What each side has to do in a case, the most urgent first: so that nobody has to find it out from the thread. */

/**
 * `late` and `pay` are instalments, with what is still to be paid of one and its day; `cure` is what makes arrears good, with the last day for it; `answer` is the offer on the table, for the lender with the day by which it
 * promised an answer; `redo` one's own offer, to be made again on the figures that count now, and `anew` one in place of the other side's whose figures no
 * longer do; `letter` is the settlement letter, with the day by which it is promised; `debt` figures of the other side that nobody has confirmed; `begin` is all that an invited borrower starts with. `mediator` is one whom the other side proposes. `complaint` is one for the
 * lender to answer, `complaint-answer` and `complaint-late` are its answer, or that it gave none in time, for whoever complained. The rest is what `pending` counts.
 */
export type Duty =
  | { what: 'late' | 'pay' | 'cure'; amount: number; due: string }
  | { what: 'answer' | 'redo' | 'anew'; version: number; until: string; promised?: WorkingDay }
  | { what: 'letter'; by: WorkingDay }
  | { what: 'complaint'; complaint: number; by: WorkingDay; late: boolean }
  | { what: 'complaint-answer' | 'complaint-late'; complaint: number }
  | { what: 'mediator'; name: string }
  | { what: 'sign' | 'make' | 'join' | 'debt' | 'begin' }
  | Pending;

/** The most urgent first. Once there is an agreement, what it asks for comes before what was left open while it was negotiated. */
const URGENT: Record<Duty['what'], number> = {
  cure: 0,
  late: 0,
  complaint: 1,
  sign: 1,
  answer: 2,
  payments: 3,
  moves: 3,
  'complaint-answer': 3,
  'complaint-late': 3,
  letter: 3,
  pay: 4,
  redo: 5,
  anew: 6,
  begin: 7,
  mediator: 7,
  differing: 8,
  debt: 9,
  queries: 10,
  rejected: 11,
  calls: 12,
  answers: 13,
  files: 14,
  make: 15,
  join: 16,
};

type Now = Pick<Context, 'at' | 'today' | 'zone'> & { policy: Policy };

export function duties(kase: Case, side: Side, now: Now): Duty[] {
  const found: Duty[] = [
    ...pending(kase, side),
    ...complaining(kase, side, now),
    ...negotiating(kase, side, now),
    ...performing(kase, side, now),
  ];
  const proposed = standingMediation(kase, now.at);
  if (proposed?.state === 'proposed' && proposed.by !== side) found.push({ what: 'mediator', name: proposed.name });
  const unsigned = isOutdated(kase) ? null : toSign(kase);
  if (unsigned && !unsigned.signatures[side]) found.push({ what: 'sign' });
  const done = side === 'lender' && !kase.settlement ? settled(kase) : null;
  if (done) found.push({ what: 'letter', by: letterUntil(kase, done.on) });
  return found.sort((a, b) => URGENT[a.what] - URGENT[b.what]);
}

/** Complaints that the lender has to answer; and for whoever raised them, those that were answered, or not in time where they can be taken further. */
function complaining(kase: Case, side: Side, { today, policy }: Now): Duty[] {
  if (side === 'lender')
    return toAnswer(kase).map((one) => ({ what: 'complaint', complaint: one.seq, by: answerBy(one), late: isLate(one, today) }));
  const isOverseen = overseersOf(policy, today).length > 0;
  return kase.complaints.flatMap((one): Duty[] => {
    if (one.state === 'answered') return [{ what: 'complaint-answer', complaint: one.seq }];
    return one.state === 'raised' && isOverseen && isLate(one, today) ? [{ what: 'complaint-late', complaint: one.seq }] : [];
  });
}

function negotiating(kase: Case, side: Side, now: Now): Duty[] {
  if (offerable(kase)) return [];
  if (kase.stage !== 'negotiating') {
    const varied = onTable(kase, now.at);
    return varied ? answering(kase, side, varied, now) : [];
  }
  if (kase.borrowerName === null && side === 'borrower') return [{ what: 'join' }];
  const offer = onTable(kase, now.at);
  const begins = side === 'borrower' && toBegin(kase);
  const makes = !offer && !begins && awaited(kase, now.at) === side;
  return [
    ...(begins ? [{ what: 'begin' } as const] : figures(kase, side)),
    ...(offer ? answering(kase, side, offer, now) : makes ? [{ what: 'make' } as const] : []),
  ];
}

/** An offer is the other side's to answer; one on old figures is for whoever made it to make again, and the other may as well. */
function answering(kase: Case, side: Side, offer: Offer, now: Now): Duty[] {
  const { version, expiresAt: until } = offer;
  if (restsOnOldDebt(kase, offer)) return [{ what: offer.side === side ? 'redo' : 'anew', version, until }];
  if (offer.side === side) return [];
  return [{ what: 'answer', version, until, ...(side === 'lender' ? { promised: promisedOn(offer, now) } : {}) }];
}

/** The day by which the lender promised to answer an offer: so many working days from the one on which it was made, or the earliest that it can be in a year that is not published. */
export function promisedOn({ at }: Pick<Offer, 'at'>, { zone, policy }: Pick<Now, 'zone' | 'policy'>): WorkingDay {
  return addWorkingDays(lawOf(policy).holidays, dayOf(at, zone), policy.answerWithin);
}

/** Figures that only the other side has stated wait to be confirmed; where both have and they differ, `pending` says so. */
function figures({ debts, borrowerName }: Case, side: Side): Duty[] {
  const waits = borrowerName !== null && !debts.confirmed && debts[otherSide(side)] && !debts[side];
  return waits ? [{ what: 'debt' }] : [];
}

/** The first instalment of which something is neither paid nor reported: what was reported waits for the lender. */
function performing(kase: Case, side: Side, { today, zone }: Now): Duty[] {
  if (!binds(kase) || side === 'lender') return [];
  const missing = toCure(kase);
  if (kase.stage === 'in-arrears' && kase.arrears && missing > reportedSum(kase)) {
    // While the debt is in dispute, nobody knows the day yet.
    const due = curableUntil(kase, zone);
    return due === null ? [] : [{ what: 'cure', amount: missing, due }];
  }
  const rest = kase.broken?.restDue ? standing(kase, today) : null;
  if (kase.broken && rest && rest.settle > rest.reported)
    return [{ what: 'late', amount: rest.settle - rest.reported, due: kase.broken.on }];
  let reported = reportedSum(kase);
  const { rows, settledOn } = standing(kase, today);
  if (settledOn !== null) return [];
  for (const { due, payment, paid } of rows) {
    const open = payment - paid;
    const amount = open - Math.min(open, reported);
    reported -= open - amount;
    if (amount > 0) return [{ what: due < today ? 'late' : 'pay', amount, due }];
  }
  return [];
}
