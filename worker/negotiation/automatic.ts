import { hold } from '../plan/affordability.ts';
import { scale } from '../plan/exact.ts';
import { COMPONENTS, MAX_AMOUNT } from '../plan/format.ts';
import { nearest } from '../plan/nearest.ts';
import type { Schedule } from '../plan/schedule.ts';
import { type Debt, outstanding, type Terms } from '../plan/terms.ts';
import { drawUp } from './agreement.ts';
import { exceeded, granted, type Limits, limitsOf, mostOf, shareOf } from './authority.ts';
import { type Context, isDecided } from './command.ts';
import { conditionsOf } from './conditions.ts';
import { daysOverdue } from './debt.ts';
import type { Case, Decided } from './entry.ts';
import { HARDSHIP, type MeansStatement } from './means.ts';
import { mediating } from './mediated.ts';
import type { HeldPolicy } from './policy.ts';
import { beyondPolicy, longestTermFor, waiversFor } from './policy-bounds.ts';
import { inParts, makeProposal, type Offer, offerDigest, onTable, restsOnOldDebt, scheduleOf } from './proposal.ts';
import type { Seat } from './seats.ts';

/**
 * What a lender's policy lets the portal answer at once, where it says so: an offer inside policy is accepted, one outside it countered with the nearest plan
 * that is inside. Never more than an agent might grant alone, never beyond what the means bear, never on figures that the lender has not confirmed, and
 * never where a person is needed: then it stays silent, and the offer waits for one. It signs nothing.
 */

/** Counter-offers in one case after which a person goes on. */
const MOST_COUNTERS = 3;

type Now = Pick<Context, 'at' | 'today' | 'zone'> & { policy: HeldPolicy };

/** Whether somebody in this case is to be answered by a person: they asked for one, or the cause says so, or nothing is known of their means. */
function needsPerson({ personAsked, means }: Pick<Case, 'personAsked' | 'means'>): boolean {
  return personAsked !== null || means === null || HARDSHIP.includes(means.statement.cause.kind);
}

/** The offer that policy may answer: the borrower's, live, on figures that the lender has confirmed; null where none is. */
export function answerable(kase: Case, { at, policy }: Pick<Now, 'at' | 'policy'>): Offer | null {
  const { accept, counter } = policy.automatic;
  if (policy.version === 0 || !(accept || counter) || needsPerson(kase)) return null;
  if (kase.stage !== 'negotiating' || kase.borrowerName === null || !kase.debts.confirmed || !kase.books?.own) return null;
  // Between both sits a person, who talks with people.
  if (mediating(kase, at)) return null;
  const offer = onTable(kase, at);
  return offer && offer.side === 'borrower' && !restsOnOldDebt(kase, offer) ? inParts(kase, offer) : null;
}

/** What the portal answers by policy; null where it says nothing. */
export function automaticAnswer(kase: Case, now: Now): Decided[] | null {
  const offer = answerable(kase, now);
  const means = kase.means?.statement;
  if (!offer || !means) return null;
  const { policy, today } = now;
  const plan = { debt: offer.debt, terms: offer.terms, schedule: scheduleOf(offer) };
  if (isInside(kase, plan, means, now, agents(policy))) {
    if (!policy.automatic.accept || offer.terms.firstDue <= today) return null;
    const { version, digest } = offer;
    return [
      { kind: 'proposal.accepted', content: { version, digest, automatic: policy.version }, by: 'portal' },
      drawUp(kase, offer, conditionsOf(kase, policy)),
    ];
  }
  return policy.automatic.counter ? countered(kase, offer, means, now) : null;
}

type Plan = { debt: Debt; terms: Terms; schedule: Schedule };

/** Whether a plan is inside policy, within some limits (of who has none, null), and borne by the means, instalment by instalment. */
function isInside(
  kase: Case,
  plan: Plan,
  means: MeansStatement,
  { policy, today }: Pick<Now, 'policy' | 'today'>,
  limits: Limits | null,
): boolean {
  const disposable = kase.means?.totals.disposable ?? null;
  if (hold(plan.schedule, plan.terms.every, means).misses.length > 0) return false;
  if (beyondPolicy(policy, { ...plan, disposable, daysOverdue: daysOverdue(kase, today), today }).length > 0) return false;
  return kase.books !== null && (limits === null || exceeded(limits, kase.books, granted(plan), today) === null);
}

/** The limits of an agent of whom policy says nothing by name. */
function agents(policy: HeldPolicy) {
  const limits = limitsOf({ ...policy, personalAuthority: [] }, { capacity: 'agent', account: '' });
  if (!limits) throw new Error('An agent has limits.');
  return limits;
}

/** The nearest plan that policy allows, as the lender's counter-offer; null where there is none, or it would be one that was offered already. */
function countered(kase: Case, offer: Offer, means: MeansStatement, now: Now): Decided[] | null {
  if (kase.offers.filter(({ automatic }) => automatic !== undefined).length >= MOST_COUNTERS) return null;
  const terms = nearestTerms(kase, offer, means, now, agents(now.policy));
  return terms && made(kase, terms, now, now.today);
}

/**
 * What somebody of the lender's staff can counter the offer on the table with in one step: the plan nearest to it that is inside policy, within what they may grant
 * alone, and borne by the means. Null where there is none, or no offer of the borrower's to counter on figures that still hold.
 */
export function nearestInside(kase: Case, now: Now & { seat: Seat }): Terms | null {
  const offer = counterable(kase, now.at);
  const means = kase.means?.statement;
  return offer && means ? nearestTerms(kase, offer, means, now, limitsOf(now.policy, now.seat)) : null;
}

/** The offer that can be countered so: the borrower's, live, on figures that still hold, by somebody whose means are known. */
export function counterable(kase: Case, at: string): Offer | null {
  const offer = kase.stage === 'negotiating' && kase.means ? onTable(kase, at) : null;
  return offer?.side === 'borrower' && !restsOnOldDebt(kase, offer) ? inParts(kase, offer) : null;
}

/** The plan nearest to an offer that is inside policy, within some limits, and borne by the means; null where there is none. */
function nearestTerms(
  kase: Case,
  offer: Offer,
  means: MeansStatement,
  now: Pick<Now, 'policy' | 'today'>,
  limits: Limits | null,
): Terms | null {
  const { policy } = now;
  const { debt } = offer;
  const inside = ({ terms, schedule }: Omit<Plan, 'debt'>) => isInside(kase, { debt, terms, schedule }, means, now, limits);
  const space = {
    debt,
    wanted: offer.terms,
    paused: policy.pauses.most,
    interest: policy.pauses.interestWaived ? ('waived' as const) : ('runs' as const),
    most: periodsWithin(offer.terms, longestTermFor(policy, outstanding(debt))),
    inside,
  };
  const base = { ...offer.terms, waive: allowedWaivers(kase, offer, now, limits), upfront: askedUpfront(offer, policy) };
  // First at the rate that was wanted; where nothing is inside at that, at the contract's.
  const rates = [offer.terms.rate, ...(kase.books?.rate ? [kase.books.rate] : [])];
  for (const rate of rates) {
    const found = nearest({ ...space, base: { ...base, rate } }, means);
    if (found) return found.terms;
  }
  return null;
}

function made(kase: Case, terms: Terms, now: Now, today: string): Decided[] | null {
  const debt = kase.debts.confirmed;
  const offer = onTable(kase, now.at);
  if (!debt || !offer || kase.offers.some(({ digest, side }) => side === 'lender' && digest === offerDigest(debt, terms))) return null;
  const context: Context = { ...now, today, seat: LENDER, own: null, proven: false, files: new Map() };
  const decision = makeProposal(kase, { answers: offer.version, terms, reasons: {}, words: '' }, context);
  if (!isDecided(decision)) return null;
  return decision.map(
    (one): Decided =>
      one.kind === 'proposal.made' ? { ...one, content: { ...one.content, automatic: now.policy.version }, by: 'portal' } : one,
  );
}

/** For whom the portal answers: nobody in person. */
const LENDER: Seat = { side: 'lender', capacity: 'agent', account: '', name: '' };

/** Periods that end within so many months. */
function periodsWithin({ every }: Terms, months: number): number {
  return { month: months, fortnight: Math.floor((months * 26) / 12), week: Math.floor((months * 52) / 12) }[every];
}

/** What was asked to be waived, as far as policy and the limits go: of penalty first, then of fees, then of interest. */
function allowedWaivers(
  kase: Case,
  { debt, terms }: Offer,
  { policy, today }: Pick<Now, 'policy' | 'today'>,
  limits: Limits | null,
): Terms['waive'] {
  const band = waiversFor(policy, daysOverdue(kase, today));
  const free = limits === null ? { principal: MAX_AMOUNT, charges: MAX_AMOUNT } : { principal: 0, charges: 0 };
  const most = limits && kase.books ? mostOf(limits, kase.books) : free;
  let charges = most.charges;
  const waive: Terms['waive'] = {};
  for (const part of ['penalty', 'fees', 'interest', 'principal'] as const) {
    const asked = terms.waive[part] ?? 0;
    const bound = band ? shareOf(debt[part], band[`${part}Ppm`]) : asked;
    const given = Math.min(asked, bound, part === 'principal' ? most.principal : charges);
    if (part !== 'principal') charges -= given;
    if (given > 0) waive[part] = given;
  }
  return waive;
}

/** The payment up front that was offered, or the least that policy asks for on the day that was offered for one. */
function askedUpfront({ debt, terms }: Offer, policy: HeldPolicy): Terms['upfront'] {
  if (!terms.upfront) return null;
  const owed = COMPONENTS.reduce((sum, part) => sum + debt[part], 0);
  return { due: terms.upfront.due, amount: Math.max(terms.upfront.amount, scale(owed, policy.upfrontPpm, 1_000_000)) };
}
