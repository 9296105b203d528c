import { annualRatePpm } from './annual-rate.ts';
import { DueDates, dayNumber } from './calendar.ts';
import { AmountTooLarge, add, divideDown, type Ratio, scale } from './exact.ts';
import { firstTry, nextStep } from './level.ts';
import { share } from './rates.ts';
import type { Component, Debt, Phase, Terms } from './terms.ts';

/** One row of a schedule. `no` is null for a pause and 0 for the up-front payment; amounts in 分. */
export type Row = {
  no: number | null;
  due: string;
  payment: number;
  fees: number;
  penalty: number;
  interest: number;
  principal: number;
  accrued: number;
  balance: number;
};

/** `highest` is the highest instalment (the up-front payment is none); `interest` all that ran; the rest as in the format. */
export type Totals = {
  owed: number;
  waived: number;
  paid: number;
  interest: number;
  instalments: number;
  highest: number;
  lastDue: string;
  annualRatePpm: number;
};

export type Schedule = { rows: Row[]; totals: Totals };

/** Why no schedule follows from the terms: the codes and data of the plan format. */
export type PlanRefusal =
  | { code: 'waiver.exceeds-debt'; component: Component }
  | { code: 'debt.nothing-owed' | 'date.first-due-not-after-start' | 'upfront.date' | 'upfront.exceeds-debt' | 'plan.too-long' }
  | {
      code: 'phase.must-be-last' | 'phase.after-end' | 'phase.count-missing' | 'instalment.not-positive' | 'instalments.too-many';
      phase: number;
    }
  | { code: 'instalment.below-interest'; phase: number; least: number }
  | { code: 'plan.leaves-balance'; remainder: number }
  | { code: 'input.invalid'; fields: { path: string; bound: string }[] };

/** 600: rule 7. Also in `terms.ts` as the schema's bound; repeated here so that the browser's preview need not load zod. */
const MAX_INSTALMENTS = 600;

/** Steps of the search for a level instalment that its slope guides. */
const GUIDED = 6;

const ORDER = ['principal', 'interest', 'penalty', 'fees'] as const;

/**
 * The dated instalments that follow from a debt and terms (format 1, `design/4-plans.md`), or the reason why none do.
 * Pure, in whole 分; never throws for input that the schemas accept.
 */
export function schedule(debt: Debt, terms: Terms): Schedule | { refused: PlanRefusal } {
  try {
    return new Run(debt, terms).schedule();
  } catch (thrown) {
    if (thrown instanceof Refused) return { refused: thrown.refusal };
    if (thrown instanceof AmountTooLarge) {
      return {
        refused: { code: 'input.invalid', fields: [{ path: 'terms.rate.ppm', bound: 'every amount of the schedule ≤ 9007199254740991' }] },
      };
    }
    throw thrown;
  }
}

class Refused extends Error {
  readonly refusal: PlanRefusal;
  constructor(refusal: PlanRefusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** What is left of a debt, in its parts. */
class Owed {
  fees = 0;
  penalty = 0;
  interest = 0;
  principal = 0;

  copyFrom(other: Owed): this {
    this.fees = other.fees;
    this.penalty = other.penalty;
    this.interest = other.interest;
    this.principal = other.principal;
    return this;
  }

  total(): number {
    return add(this.fees + this.penalty, add(this.interest, this.principal));
  }

  /** Rule 1: fees, then penalty, then interest, then principal. */
  pay(payment: number): void {
    let left = payment;
    if (left < this.fees) {
      this.fees -= left;
      return;
    }
    left -= this.fees;
    this.fees = 0;
    if (left < this.penalty) {
      this.penalty -= left;
      return;
    }
    left -= this.penalty;
    this.penalty = 0;
    if (left < this.interest) {
      this.interest -= left;
      return;
    }
    left -= this.interest;
    this.interest = 0;
    this.principal -= left;
  }
}

/** One working-out of one schedule. */
class Run {
  private readonly owed = new Owed();
  private readonly trial = new Owed();
  private readonly rows: Row[] = [];
  private readonly days: number[] = [];
  private readonly onBalance: boolean;
  private readonly start: number;
  private lastDay: number;
  private period = 0;
  private instalments = 0;
  private readonly debt: Debt;
  private readonly terms: Terms;
  private readonly dues: DueDates;
  /** The share of interest a period, where each period counts one. */
  private readonly shareOfPeriod: Ratio | null;

  constructor(debt: Debt, terms: Terms) {
    this.debt = debt;
    this.terms = terms;
    this.onBalance = terms.interestOn === 'balance';
    this.start = dayNumber(terms.start);
    this.lastDay = this.start;
    this.dues = DueDates.of(terms.firstDue, terms.every);
    this.shareOfPeriod = terms.dayCount === 'period' ? share(terms, 0, 0) : null;
  }

  schedule(): Schedule {
    const waived = this.waive();
    const owed = this.owed.total();
    if (owed === 0) refuse({ code: 'debt.nothing-owed' });
    if (dayNumber(this.terms.firstDue) <= this.start) refuse({ code: 'date.first-due-not-after-start' });
    this.payUpfront(owed);
    this.terms.phases.forEach((phase, index) => {
      this.checkPlace(phase, index);
      this.runPhase(phase, index);
    });
    const remainder = this.owed.total();
    if (remainder > 0) refuse({ code: 'plan.leaves-balance', remainder });
    if (this.instalments > MAX_INSTALMENTS) refuse({ code: 'plan.too-long' });
    return { rows: this.rows, totals: this.totals(owed, waived) };
  }

  private waive(): number {
    let waived = 0;
    for (const component of ORDER) {
      const amount = this.terms.waive[component] ?? 0;
      if (amount > this.debt[component]) refuse({ code: 'waiver.exceeds-debt', component });
      this.owed[component] = this.debt[component] - amount;
      waived += amount;
    }
    return waived;
  }

  /** Rule 4. */
  private payUpfront(owed: number): void {
    const { upfront, dayCount, firstDue } = this.terms;
    if (!upfront) return;
    const day = dayNumber(upfront.due);
    if (day < this.start || day >= dayNumber(firstDue)) refuse({ code: 'upfront.date' });
    if (upfront.amount >= owed) refuse({ code: 'upfront.exceeds-debt' });
    const accrued = dayCount === 'period' ? 0 : this.interestBetween(this.owed, this.lastDay, day);
    this.row(0, upfront.due, day, accrued, upfront.amount);
  }

  private checkPlace(phase: Phase, index: number): void {
    const last = index === this.terms.phases.length - 1;
    const ends = phase.kind === 'level' || phase.kind === 'even-principal' || phase.kind === 'rest';
    if (ends && !last) refuse({ code: 'phase.must-be-last', phase: index });
    if (this.owed.total() === 0) refuse({ code: 'phase.after-end', phase: index });
    if (phase.kind === 'fixed' && phase.count === undefined && !last) refuse({ code: 'phase.count-missing', phase: index });
  }

  private runPhase(phase: Phase, index: number): void {
    if (phase.kind === 'pause') this.pause(phase.count, phase.interest === 'runs');
    else if (phase.kind === 'interest-only') this.interestOnly(phase.count, index);
    else if (phase.kind === 'level') this.fixed(this.levelInstalment(phase.count), phase.count, index, true);
    else if (phase.kind === 'even-principal') this.evenPrincipal(phase.count, index);
    else if (phase.kind === 'rest') this.rest();
    else if (phase.count === undefined) this.fixedUntilPaid(phase.amount, index);
    else this.fixed(phase.amount, phase.count, index);
  }

  private rest(): void {
    const accrued = this.accrualOfPeriod();
    this.instal(add(this.owed.total(), accrued), accrued);
  }

  private pause(count: number, runs: boolean): void {
    for (let i = 0; i < count; i++) {
      this.row(null, this.dues.text(this.period), this.dues.day(this.period), runs ? this.accrualOfPeriod() : 0, 0);
      this.period += 1;
    }
  }

  private interestOnly(count: number, index: number): void {
    for (let i = 0; i < count; i++) {
      const accrued = this.accrualOfPeriod();
      if (accrued === 0) refuse({ code: 'instalment.not-positive', phase: index });
      this.instal(accrued, accrued);
    }
  }

  /** `count` instalments of `amount`; the last one of a plan may be smaller, never needless. A level one's last takes what is left. */
  private fixed(amount: number, count: number, index: number, takesRest = false): void {
    for (let i = 0; i < count; i++) {
      if (this.owed.total() === 0) refuse({ code: 'instalments.too-many', phase: index });
      const accrued = this.accrualOfPeriod();
      const left = add(this.owed.total(), accrued);
      if (!takesRest) this.checkFixed(amount, accrued, index, false);
      this.instal(Math.min(amount, left), accrued);
    }
  }

  private fixedUntilPaid(amount: number, index: number): void {
    while (this.owed.total() > 0) {
      if (this.instalments >= MAX_INSTALMENTS) refuse({ code: 'plan.too-long' });
      const accrued = this.accrualOfPeriod();
      this.checkFixed(amount, accrued, index, true);
      this.instal(Math.min(amount, add(this.owed.total(), accrued)), accrued);
    }
  }

  /** A payment that does not cover its period's interest never ends the debt; one that only covers it must have a count. */
  private checkFixed(amount: number, accrued: number, index: number, untilPaid: boolean): void {
    const least = untilPaid ? accrued + 1 : accrued;
    if (amount < least) refuse({ code: 'instalment.below-interest', phase: index, least });
    if (amount === 0) refuse({ code: 'instalment.not-positive', phase: index });
  }

  private evenPrincipal(count: number, index: number): void {
    const part = scale(this.owed.principal, 1, count);
    for (let i = 0; i < count; i++) {
      if (this.owed.total() === 0) refuse({ code: 'instalments.too-many', phase: index });
      const accrued = this.accrualOfPeriod();
      const principal = i === count - 1 ? this.owed.principal : Math.min(part, this.owed.principal);
      const payment = add(add(this.owed.fees + this.owed.penalty, add(this.owed.interest, accrued)), principal);
      if (payment === 0) refuse({ code: 'instalment.not-positive', phase: index });
      this.instal(payment, accrued);
    }
  }

  /**
   * Rule 5: the smallest whole amount for which the last instalment, which takes what is left, is not larger. What is left falls as
   * the amount rises (rounding is monotone), so a bracket closed by exact trials finds it; the first try comes from floating point.
   */
  private levelInstalment(count: number): number {
    const dues = this.dueDays(count);
    const total = this.owed.total();
    let low = 0;
    let high = Number.MAX_SAFE_INTEGER;
    const rate = this.firstRate(dues);
    let guess = Math.max(1, firstTry(this.owed, rate, count, this.onBalance));
    for (let tries = 1; ; tries++) {
      const excess = this.excessOfLast(guess, dues);
      if (excess <= 0) high = guess;
      else low = guess;
      if (high - low === 1) return high;
      let next = guess + nextStep(excess, rate, count);
      // Guided for a few steps, then halved: the bracket closes in at most 53 more, whatever the rounding does.
      if (tries > GUIDED || next <= low || next >= high) {
        next = high === Number.MAX_SAFE_INTEGER ? add(low, Math.max(low, total)) : low + divideDown(high - low, 2);
      }
      guess = next;
    }
  }

  /** What the last of the instalments would be above `amount` when all before it are `amount`; ≤ 0 where the amount is enough. */
  private excessOfLast(amount: number, dues: readonly number[]): number {
    const { owed: start } = this;
    if (start.fees + start.penalty + start.interest === 0 && this.shareOfPeriod)
      return this.excessOfPrincipal(amount, dues.length, this.shareOfPeriod);
    const owed = this.trial.copyFrom(start);
    let last = this.lastDay;
    const before = dues.length - 1;
    for (let i = 0; i < before; i++) {
      const day = dues[i] ?? last;
      owed.interest = add(owed.interest, this.interestBetween(owed, last, day));
      const left = owed.total();
      if (amount >= left) return left - amount;
      owed.pay(amount);
      last = day;
    }
    return add(owed.total(), this.interestBetween(owed, last, dues[before] ?? last)) - amount;
  }

  /** The same where only principal is owed and each period counts one: then one balance tells all. */
  private excessOfPrincipal(amount: number, count: number, { num, den }: Ratio): number {
    let balance = this.owed.principal;
    for (let i = 1; i < count; i++) {
      const left = add(balance, scale(balance, num, den));
      if (amount >= left) return left - amount;
      balance = left - amount;
    }
    return add(balance, scale(balance, num, den)) - amount;
  }

  private dueDays(count: number): number[] {
    const days: number[] = [];
    for (let i = 0; i < count; i++) days.push(this.dues.day(this.period + i));
    return days;
  }

  private firstRate(dues: readonly number[]): Ratio {
    return share(this.terms, this.lastDay, dues[1] === undefined ? (dues[0] ?? 0) : this.lastDay + (dues[1] - (dues[0] ?? 0)));
  }

  /** Rule 3: interest from day `from` to day `to` (or of one period, where periods count one). */
  private interestBetween(owed: Owed, from: number, to: number): number {
    const base = this.onBalance ? owed.total() : owed.principal;
    if (base === 0 || this.terms.rate.ppm === 0) return 0;
    const { num, den } = this.shareOfPeriod ?? share(this.terms, from, to);
    return scale(base, num, den);
  }

  private accrualOfPeriod(): number {
    return this.interestBetween(this.owed, this.lastDay, this.dues.day(this.period));
  }

  private instal(payment: number, accrued: number): void {
    const { period } = this;
    this.period += 1;
    this.instalments += 1;
    this.row(this.instalments, this.dues.text(period), this.dues.day(period), accrued, payment);
  }

  private row(no: number | null, due: string, day: number, accrued: number, payment: number): void {
    const { owed } = this;
    owed.interest = add(owed.interest, accrued);
    const { fees, penalty, interest, principal } = owed;
    owed.pay(payment);
    this.lastDay = day;
    this.days.push(day - this.start);
    this.rows.push({
      no,
      due,
      payment,
      fees: fees - owed.fees,
      penalty: penalty - owed.penalty,
      interest: interest - owed.interest,
      principal: principal - owed.principal,
      accrued,
      balance: owed.total(),
    });
  }

  private totals(owed: number, waived: number): Totals {
    let paid = 0;
    let interest = 0;
    let highest = 0;
    for (const row of this.rows) {
      paid = add(paid, row.payment);
      interest = add(interest, row.accrued);
      if (row.no && row.payment > highest) highest = row.payment;
    }
    return {
      owed,
      waived,
      paid,
      interest,
      instalments: this.instalments,
      highest,
      lastDue: this.rows.at(-1)?.due ?? this.terms.firstDue,
      annualRatePpm: paid === owed ? 0 : annualRatePpm(this.rows, this.days, owed),
    };
  }
}

function refuse(refusal: PlanRefusal): never {
  throw new Refused(refusal);
}
