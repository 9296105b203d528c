import { annualRatePpm, force } from './annual-rate.ts';
import { DueDates, dayNumber } from './calendar.ts';
import { AmountTooLarge, add, scale } from './exact.ts';
import { COMPONENTS, type Component, MAX_INSTALMENTS, MAX_PAUSED } from './format.ts';
import { levelInstalment } from './level.ts';
import { type Accrual, accrualOf, interestOn } from './rates.ts';
import type { Debt, Phase, Terms } from './terms.ts';

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

/**
 * The dated instalments that follow from a debt and terms (`FORMAT.md`, format 1), or the reason why none do.
 * Pure, in whole 分; never throws for input that the schemas accept.
 */
export function schedule(debt: Debt, terms: Terms): Schedule | { refused: PlanRefusal } {
  try {
    return new Run(debt, terms).schedule();
  } catch (thrown) {
    if (!(thrown instanceof AmountTooLarge)) throw thrown;
    return {
      refused: { code: 'input.invalid', fields: [{ path: 'terms.rate.ppm', bound: 'every amount of the schedule ≤ 9007199254740991' }] },
    };
  }
}

/** One working-out of one schedule. Each step answers with the refusal that ends it, or with nothing. */
class Run {
  private readonly debt: Debt;
  private readonly terms: Terms;
  private readonly accrual: Accrual;
  private readonly onBalance: boolean;
  private readonly start: number;
  private readonly dues: DueDates;
  /** What is left of the debt, in its parts and together. */
  private fees = 0;
  private penalty = 0;
  private interest = 0;
  private principal = 0;
  private balance = 0;
  private readonly rows: Row[] = [];
  private readonly firstDay: number;
  private lastDay: number;
  private period = 0;
  private instalments = 0;
  private paid = 0;
  private highest = 0;

  constructor(debt: Debt, terms: Terms) {
    this.debt = debt;
    this.terms = terms;
    this.accrual = accrualOf(terms);
    this.onBalance = terms.interestOn === 'balance';
    this.start = dayNumber(terms.start);
    this.lastDay = this.start;
    this.dues = DueDates.of(terms.firstDue, terms.every).reach(1);
    this.firstDay = this.dues.days[0] as number;
  }

  schedule(): Schedule | { refused: PlanRefusal } {
    let refused = this.waive();
    const owed = this.balance;
    refused ??= this.checkStart() ?? this.payUpfront() ?? this.runPhases() ?? this.checkEnd();
    return refused ? { refused } : { rows: this.rows, totals: this.totals(owed) };
  }

  private waive(): PlanRefusal | undefined {
    const { debt } = this;
    const { waive } = this.terms;
    this.principal = debt.principal - (waive.principal ?? 0);
    this.interest = debt.interest - (waive.interest ?? 0);
    this.penalty = debt.penalty - (waive.penalty ?? 0);
    this.fees = debt.fees - (waive.fees ?? 0);
    this.balance = this.principal + this.interest + this.penalty + this.fees;
    if (Math.min(this.principal, this.interest, this.penalty, this.fees) >= 0) return;
    const component = COMPONENTS.find((one) => this[one] < 0);
    if (component) return { code: 'waiver.exceeds-debt', component };
  }

  private checkStart(): PlanRefusal | undefined {
    if (this.balance === 0) return { code: 'debt.nothing-owed' };
    if (this.firstDay <= this.start) return { code: 'date.first-due-not-after-start' };
  }

  /** Rule 4. */
  private payUpfront(): PlanRefusal | undefined {
    const { upfront } = this.terms;
    if (!upfront) return;
    const day = dayNumber(upfront.due);
    if (day < this.start || day >= this.firstDay) return { code: 'upfront.date' };
    if (upfront.amount >= this.balance) return { code: 'upfront.exceeds-debt' };
    this.row(0, upfront.due, day, this.accrual.daily ? this.accrued(day) : 0, upfront.amount);
  }

  private runPhases(): PlanRefusal | undefined {
    const { phases } = this.terms;
    for (const [index, phase] of phases.entries()) {
      const refused = this.checkPlace(phase, index, index === phases.length - 1) ?? this.runPhase(phase, index);
      if (refused) return refused;
    }
  }

  private checkPlace(phase: Phase, index: number, last: boolean): PlanRefusal | undefined {
    const ends = phase.kind === 'level' || phase.kind === 'even-principal' || phase.kind === 'rest';
    if (ends && !last) return { code: 'phase.must-be-last', phase: index };
    if (this.balance === 0) return { code: 'phase.after-end', phase: index };
    if (phase.kind === 'fixed' && phase.count === undefined && !last) return { code: 'phase.count-missing', phase: index };
  }

  private runPhase(phase: Phase, index: number): PlanRefusal | undefined {
    this.dues.reach(this.period + ('count' in phase ? (phase.count ?? 1) : 1));
    switch (phase.kind) {
      case 'pause':
        return this.pause(phase.count, phase.interest === 'runs');
      case 'interest-only':
        return this.interestOnly(phase.count, index);
      case 'fixed':
        return phase.count === undefined ? this.fixedUntilPaid(phase.amount, index) : this.fixed(phase.amount, phase.count, index);
      case 'level':
        return this.level(phase.count, index);
      case 'even-principal':
        return this.evenPrincipal(phase.count, index);
      case 'rest':
        return this.rest();
    }
  }

  private pause(count: number, runs: boolean): PlanRefusal | undefined {
    if (this.period - this.instalments + count > MAX_PAUSED) return { code: 'plan.too-long' };
    for (let i = 0; i < count; i++) {
      this.row(null, this.dueText(), this.dueDay(), runs ? this.accruedOfPeriod() : 0, 0);
      this.period += 1;
    }
  }

  private interestOnly(count: number, index: number): PlanRefusal | undefined {
    for (let i = 0; i < count; i++) {
      const accrued = this.accruedOfPeriod();
      if (accrued === 0) return { code: 'instalment.not-positive', phase: index };
      this.instal(accrued, accrued);
    }
  }

  /** `count` instalments of `amount`; the last one of a plan may be smaller, never needless. */
  private fixed(amount: number, count: number, index: number): PlanRefusal | undefined {
    for (let i = 0; i < count; i++) {
      if (this.balance === 0) return { code: 'instalments.too-many', phase: index };
      const accrued = this.accruedOfPeriod();
      if (amount < accrued) return { code: 'instalment.below-interest', phase: index, least: accrued };
      if (amount === 0) return { code: 'instalment.not-positive', phase: index };
      this.instalUpTo(amount, accrued);
    }
  }

  /** An instalment that only covers its period's interest never ends the debt: here it must be more. */
  private fixedUntilPaid(amount: number, index: number): PlanRefusal | undefined {
    while (this.balance > 0) {
      if (this.instalments >= MAX_INSTALMENTS) return { code: 'plan.too-long' };
      this.dues.reach(this.period + 1);
      const accrued = this.accruedOfPeriod();
      if (amount <= accrued) return { code: 'instalment.below-interest', phase: index, least: add(accrued, 1) };
      this.instalUpTo(amount, accrued);
    }
  }

  private level(count: number, index: number): PlanRefusal | undefined {
    const { fees, penalty, interest, principal, onBalance, accrual } = this;
    const start = { idle: fees + penalty + interest, principal, onBalance, accrual, days: accrual.daily ? this.lengths(count) : [] };
    const { amount, accrued } = levelInstalment(start, count);
    for (let i = 0; i < count; i++) {
      if (this.balance === 0) return { code: 'instalments.too-many', phase: index };
      this.instalUpTo(amount, accrued[i] as number);
    }
  }

  /** The days of the coming periods. */
  private lengths(count: number): number[] {
    const lengths: number[] = [];
    let last = this.lastDay;
    for (const day of this.dues.days.slice(this.period, this.period + count)) {
      lengths.push(day - last);
      last = day;
    }
    return lengths;
  }

  /** Rule 5. */
  private evenPrincipal(count: number, index: number): PlanRefusal | undefined {
    const part = scale(this.principal, 1, count);
    for (let i = 0; i < count; i++) {
      if (this.balance === 0) return { code: 'instalments.too-many', phase: index };
      const accrued = this.accruedOfPeriod();
      const kept = i === count - 1 || part > this.principal ? 0 : this.principal - part;
      const payment = add(this.balance, accrued) - kept;
      if (payment === 0) return { code: 'instalment.not-positive', phase: index };
      this.instal(payment, accrued);
    }
  }

  private rest(): undefined {
    const accrued = this.accruedOfPeriod();
    this.instal(add(this.balance, accrued), accrued);
  }

  private checkEnd(): PlanRefusal | undefined {
    if (this.balance > 0) return { code: 'plan.leaves-balance', remainder: this.balance };
    if (this.instalments > MAX_INSTALMENTS) return { code: 'plan.too-long' };
  }

  private accruedOfPeriod(): number {
    return this.accrued(this.dueDay());
  }

  private dueText(): string {
    return this.dues.texts[this.period] as string;
  }

  private dueDay(): number {
    return this.dues.days[this.period] as number;
  }

  /** Rule 3: the interest that runs from the last row to a day. */
  private accrued(day: number): number {
    return interestOn(this.onBalance ? this.balance : this.principal, this.accrual, day - this.lastDay);
  }

  /** An instalment of `amount`, or of all that is left where that is less. */
  private instalUpTo(amount: number, accrued: number): void {
    const left = add(this.balance, accrued);
    this.instal(amount < left ? amount : left, accrued);
  }

  private instal(payment: number, accrued: number): void {
    this.instalments += 1;
    if (payment > this.highest) this.highest = payment;
    this.row(this.instalments, this.dueText(), this.dueDay(), accrued, payment);
    this.period += 1;
  }

  /** Writes a row. Rule 1: the payment goes to fees, then penalty, then interest, then principal. */
  private row(no: number | null, due: string, day: number, accrued: number, payment: number): void {
    let left = payment;
    const fees = left < this.fees ? left : this.fees;
    left -= fees;
    const penalty = left < this.penalty ? left : this.penalty;
    left -= penalty;
    const running = this.interest + accrued;
    const interest = left < running ? left : running;
    const principal = left - interest;
    this.fees -= fees;
    this.penalty -= penalty;
    this.interest = running - interest;
    this.principal -= principal;
    this.balance = add(this.balance, accrued) - payment;
    this.paid = add(this.paid, payment);
    this.lastDay = day;
    this.rows.push({ no, due, payment, fees, penalty, interest, principal, accrued, balance: this.balance });
  }

  /** The day number of each row (and of due dates beyond the last). */
  private daysOfRows(): readonly number[] {
    const { upfront } = this.terms;
    return upfront ? [dayNumber(upfront.due), ...this.dues.days] : this.dues.days;
  }

  private totals(owed: number): Totals {
    const { debt, rows } = this;
    return {
      owed,
      waived: debt.principal + debt.interest + debt.penalty + debt.fees - owed,
      paid: this.paid,
      interest: this.paid - owed,
      instalments: this.instalments,
      highest: this.highest,
      lastDue: rows.at(-1)?.due ?? this.terms.firstDue,
      annualRatePpm:
        this.paid === owed ? 0 : annualRatePpm(rows, this.daysOfRows(), this.start, owed, force(this.accrual, this.terms.every)),
    };
  }
}
