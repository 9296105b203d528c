import { daysBetween, dueDate, monthsUntil } from '../plan/calendar.ts';
import { AmountTooLarge, add, MAX_EXACT } from '../plan/exact.ts';
import { COMPONENTS, type Component } from '../plan/format.ts';
import { accrualOf, interestOn, yearlyPpm } from '../plan/rates.ts';
import { type Schedule, schedule } from '../plan/schedule.ts';
import type { Debt, Rate, Terms } from '../plan/terms.ts';
import type { Case, Own } from './entry.ts';
import type { Policy } from './policy.ts';
import type { Seat } from './seats.ts';

/**
 * What an act of the lender's staff gives away, and whether its capacity may. Everything is held against the lender's own books, whatever way it
 * is given: as a waiver, as lower figures of the debt, as time, or as interest that does not run. So acts that each stay within a limit add up.
 */

type Amounts = Readonly<Record<Component, number>>;

/**
 * The figures against which an act is held, in 分: the highest that the lender has stated or confirmed, part by part, unless somebody without
 * limits lowered them. Where it has stated none yet (`own` is false), the highest that the borrower has. `rate` is the contract's as the lender has stated
 * it, null where it has not: what the borrower says of it binds nobody. `asOf` is the day up to which interest is in the figures, and `interestThen` what of
 * `interest` was in them on that day: without a rate it stays the first day that was stated, however often the figures are, as nothing says what ran since.
 */
export type Books = Amounts & { asOf: string; interestThen: number; rate: Rate | null; own: boolean };

/**
 * What may be given alone: shares (ppm) of principal, of interest, penalty and fees together, of the interest at the contract's rate; months. `ownPpm` is the
 * lender's own yearly rate, at which interest is measured where its books state none of the contract.
 */
export type Limits = Policy['agentAuthority'] & { ownPpm: number };

/**
 * What an act leaves of the debt, in 分, on a day (`asOf`; of one that has none only the amounts count), and the plan that it grants, where it grants one:
 * `terms` are those that `debt` is repaid under. `beside` names the fields of its form beside which it is said what goes too far.
 */
export type Act = {
  kept: Amounts;
  asOf?: string;
  plan?: { debt: Debt; terms: Terms };
  beside?: Partial<Record<Excess['what'], string>>;
  /** The last day on which something is paid, of an act that gives time alone. */
  lastDue?: string;
  /** The books that it is held against, where they are others than those of the case: of a variation, what is left. */
  books?: Books;
  /** The same for whoever has limits and is no agent: see `booksFor`. */
  ceiling?: Books;
  /** It says what a borrower's total is made up of, and no less: it is held against what the lender's books say elsewhere alone. */
  parts?: true;
  /** Why an act gives something away that does not look so, which the refusal then says first: a payment of before the day of the figures. */
  why?: { paidBefore: string };
};

/**
 * What a command gives away, from what it is given: every command says so, `nothing` where it cannot. Null where this input gives nothing. `own` is what
 * the side keeps to itself: what was approved there before; `today` the day on which it is given.
 */
export type Gives<Input> = 'nothing' | ((kase: Case, input: Input, own: Own | null, today: string) => Act | null);

/**
 * What an act gives away. `principal` and `charges` in 分 against the books, rolled forward to the day of the act's figures. `interest` in 分: nominal, what less runs than would at the contract's rate
 * on the principal that the plan leaves owing from period to period, pauses included, and from the day of the figures on; where the lender's books state
 * no rate, at its own, and from the day of the books on, less what of it they hold as interest since; `rounding`, what of it may be no more than interest rounded to 分 for each period. `months` from the day of the act to the last due date, rounded up, whatever lies between.
 */
type Given = { principal: number; charges: number; interest: number; months: number; contractInterest: number; rounding: number };

/** `own-interest` is interest against the lender's own rate, where its books state none of the contract. */
export type Excess = { what: 'principal' | 'charges' | 'interest' | 'own-interest' | 'term'; limit: number; given: number };

/** The limits of a seat: the person's own, where policy names some, else those of the capacity; null where it has none, as the borrower's side has. */
export function limitsOf(
  policy: Pick<Policy, 'agentAuthority' | 'supervisorAuthority' | 'personalAuthority' | 'discountPpm'>,
  { capacity, account }: Pick<Seat, 'capacity' | 'account'>,
): Limits | null {
  const { agentAuthority, supervisorAuthority, personalAuthority, discountPpm } = policy;
  if (capacity === 'borrower' || capacity === 'representative' || capacity === 'mediator') return null;
  const own = personalAuthority.find((one) => one.account === account);
  const role = bound(capacity) ? agentAuthority : capacity === 'supervisor' ? supervisorAuthority : null;
  const limits = own ?? role;
  return limits ? { ...limits, ownPpm: discountPpm } : null;
}

/** Whether a capacity always has limits. Others have some where policy names them: whoever reads a record of before cannot tell. */
export const bound = (capacity: string) => capacity === 'agent';

/**
 * The books against which it is held what somebody grants who has limits: an agent's are lowered by everybody else, anybody else's by an administrator alone. So a
 * supervisor with limits does not begin anew by stating lower figures.
 */
export const booksFor = ({ books, ceiling }: Pick<Case, 'books' | 'ceiling'>, capacity: string): Books | null =>
  bound(capacity) ? books : (ceiling ?? books);

/**
 * The books on a later day: what has run since at the contract's rate (on principal, by actual days of 365) belongs to the interest. So nothing is
 * given away unseen by a later day on which the same amounts are said to be owed.
 */
function rolled(books: Books, to: string | undefined): Books {
  const { asOf, rate, principal, interest, interestThen } = books;
  if (!rate || !to || to <= asOf) return books;
  const accrual = accrualOf({ rate, every: 'month', dayCount: 'actual/365' });
  const now = exact(() => add(interestThen, interestOn(principal, accrual, daysBetween(asOf, to))));
  return { ...books, interest: Math.max(interest, now), interestThen: now, asOf: to };
}

/** An amount that may be too large to be exact: then the largest that is, as it is only held against bounds. */
function exact(amount: () => number): number {
  try {
    return amount();
  } catch (thrown) {
    if (!(thrown instanceof AmountTooLarge)) throw thrown;
    return MAX_EXACT;
  }
}

/**
 * The books once the lender's side has stated or confirmed figures, or the borrower's has while the lender has not.
 * @param lowers whether what somebody of a capacity states takes their place, also where it is less
 */
export function booked(
  books: Books | null,
  stated: { debt: Amounts & { asOf: string }; rate: Rate | null },
  by: { side: string; capacity: string },
  lowers: (capacity: string) => boolean = (capacity) => !bound(capacity),
): Books | null {
  const own = by.side === 'lender';
  if (books?.own && !own) return books;
  const { debt } = stated;
  const rate = own ? stated.rate : null;
  const anew = { ...partsOf(debt), asOf: debt.asOf, interestThen: debt.interest, rate, own };
  if (!books || (own && lowers(by.capacity))) return { ...anew, rate: rate ?? books?.rate ?? null };
  return { ...together(books, anew), own };
}

/**
 * Part by part the higher of two books, in whatever order they were stated: on the later of their days, to which interest runs at the higher of their rates;
 * where neither has a rate, on the earlier, as nothing runs.
 */
function together(one: Books, other: Books): Books {
  const rate = higher(one.rate, other.rate);
  const [early, late] = one.asOf <= other.asOf ? [one, other] : [other, one];
  const first = rolled({ ...early, rate }, late.asOf);
  return {
    principal: Math.max(first.principal, late.principal),
    interest: Math.max(first.interest, late.interest),
    penalty: Math.max(first.penalty, late.penalty),
    fees: Math.max(first.fees, late.fees),
    asOf: first.asOf,
    interestThen: first.asOf === late.asOf ? Math.max(first.interestThen, late.interestThen) : first.interestThen,
    rate,
    own: one.own && other.own,
  };
}

const partsOf = ({ principal, interest, penalty, fees }: Amounts) => ({ principal, interest, penalty, fees });

function higher(a: Rate | null, b: Rate | null): Rate | null {
  if (!a || !b) return a ?? b;
  return yearlyPpm(b) > yearlyPpm(a) ? b : a;
}

/** What is left of a debt after the waivers of its terms, in 分. */
export function afterWaivers(debt: Amounts, { waive }: Pick<Terms, 'waive'>): Amounts {
  return {
    principal: debt.principal - (waive.principal ?? 0),
    interest: debt.interest - (waive.interest ?? 0),
    penalty: debt.penalty - (waive.penalty ?? 0),
    fees: debt.fees - (waive.fees ?? 0),
  };
}

/** What an offer gives away, made or accepted: said beside a waiver only where there is one, as lower figures are no field of it. */
export function granted({ debt, terms }: { debt: Debt; terms: Terms }): Act {
  const waived = COMPONENTS.filter((one) => (terms.waive[one] ?? 0) > 0);
  const charge = waived.find((one) => one !== 'principal');
  return {
    kept: afterWaivers(debt, terms),
    asOf: debt.asOf,
    plan: { debt, terms },
    beside: {
      ...(waived.includes('principal') ? { principal: 'terms.waive.principal' } : {}),
      ...(charge ? { charges: `terms.waive.${charge}` } : {}),
      interest: 'terms.rate.ppm',
      'own-interest': 'terms.rate.ppm',
      term: 'count' in (terms.phases[0] ?? {}) ? 'terms.phases.0.count' : 'terms.phases.0.kind',
    },
  };
}

/** What is left once an amount was taken off, in the order in which payments go (rule 1 of the plan format). */
export function lessPaid(kept: Amounts, amount: number): Amounts {
  let left = amount;
  const take = (part: number) => {
    const taken = Math.min(part, left);
    left -= taken;
    return part - taken;
  };
  const [fees, penalty, interest] = [take(kept.fees), take(kept.penalty), take(kept.interest)];
  return { fees, penalty, interest, principal: take(kept.principal) };
}

/** What an act of `today` gives away against the books, and at `otherwise` where they state no rate. A plan that has no schedule gives nothing: it is refused for itself. */
function givenAway(stated: Books, { kept, asOf, plan, lastDue }: Act, today: string, otherwise: Rate): Given {
  const books = rolled(stated, asOf);
  const worked = plan ? schedule(plan.debt, plan.terms) : null;
  const amounts = { principal: Math.max(0, books.principal - kept.principal), charges: Math.max(0, charges(books) - charges(kept)) };
  if (!plan || !worked || 'refused' in worked) {
    const months = lastDue ? monthsUntil(today, lastDue) : 0;
    return { ...amounts, interest: 0, months, contractInterest: 0, rounding: 0 };
  }
  const contractInterest = books.rate ? interestAt(books.rate, plan, worked) : interestAt(otherwise, plan, worked, books);
  return {
    ...amounts,
    interest: Math.max(0, contractInterest - worked.totals.interest),
    months: monthsUntil(today, worked.totals.lastDue),
    contractInterest,
    rounding: worked.rows.length,
  };
}

const charges = ({ interest, penalty, fees }: Amounts) => interest + penalty + fees;

/**
 * What would run at a rate on the principal that the plan leaves owing, in 分. Interest is on principal: the record knows of no other contract.
 * @param books from whose day on it runs, where that is before the figures': what of it they hold as interest since is measured with them, not here again
 */
function interestAt(rate: Rate, { debt, terms }: { debt: Debt; terms: Terms }, { rows }: Schedule, books?: Books): number {
  const accrual = accrualOf({ ...terms, rate });
  let principal = debt.principal - (terms.waive.principal ?? 0);
  return exact(() => {
    // A first period may be longer than the one that it counts as, and the plan may start after the day of the figures.
    const from = accrual.daily ? terms.start : dueDate(terms.firstDue, terms.every, -1);
    const since = books && books.asOf < debt.asOf ? books.asOf : debt.asOf;
    const byDay = (to: string) =>
      interestOn(principal, accrualOf({ ...terms, rate, dayCount: 'actual/365' }), Math.max(0, daysBetween(since, to)));
    let sum = byDay(from) - Math.min(byDay(debt.asOf), books ? books.interest - books.interestThen : 0);
    let last = terms.start;
    for (const row of rows) {
      if (accrual.daily || row.no !== 0) sum = add(sum, interestOn(principal, accrual, daysBetween(last, row.due)));
      principal -= row.principal;
      last = row.due;
    }
    return sum;
  });
}

/**
 * Up to what the limits go against the books: amounts in 分, and months. What may be forgone of interest at the contract's rate depends on the plan;
 * `unstated` is what may be at the lender's own, and null where its books state the contract's.
 */
export function mostOf(limits: Limits, books: Books): { principal: number; charges: number; term: number; unstated: number | null } {
  return {
    principal: shareOf(books.principal, limits.principalPpm),
    charges: shareOf(charges(books), limits.chargesPpm),
    term: limits.longestTerm,
    unstated: books.rate ? null : shareOf(books.principal, limits.unstatedPpm),
  };
}

/** The lender's own books in several cases about one loan, together; null where it stated none. */
export function earlierBooks(others: readonly Case[]): Books | null {
  const all = others.flatMap(({ books }) => (books?.own ? [books] : []));
  const [first, ...rest] = all;
  return first ? rest.reduce(together, first) : null;
}

/** Limits that allow nothing off the figures; time is as free as it was. */
export const nothingOff = (limits: Limits): Limits => ({ ...limits, principalPpm: 0, chargesPpm: 0, forgonePpm: 0, unstatedPpm: 0 });

/** The first limit beyond which an act goes, or null. The interest that is forgone is held to the share that may be waived of charges. */
export function exceeded(limits: Limits, books: Books, act: Act, today: string): Excess | null {
  const given = givenAway(books, act, today, { per: 'year', ppm: limits.ownPpm });
  const most = mostOf(limits, rolled(books, act.asOf));
  const held: (Excess & { spare?: number })[] = [
    { what: 'principal', limit: most.principal, given: given.principal },
    { what: 'charges', limit: most.charges, given: given.charges },
    { what: 'term', limit: most.term, given: given.months },
    most.unstated === null
      ? {
          what: 'interest',
          limit: shareOf(given.contractInterest, limits.forgonePpm ?? limits.chargesPpm),
          given: given.interest,
          spare: given.rounding,
        }
      : { what: 'own-interest', limit: most.unstated, given: given.interest },
  ];
  const beyond = held.find((one) => one.given > one.limit + (one.spare ?? 0));
  return beyond ? { what: beyond.what, limit: beyond.limit, given: beyond.given } : null;
}

/** A share of an amount in whole 分, rounded down: what is above it is above the share. */
export function shareOf(whole: number, ppm: number): number {
  return Number((BigInt(whole) * BigInt(ppm)) / 1_000_000n);
}
