import fc from 'fast-check';
import type { Debt, Phase, Terms } from '../../worker/plan/terms.ts';

/** Random debts and terms, most of them such as people agree on, some as far as the format goes. */

const amount = fc.oneof(fc.integer({ min: 0, max: 5_000_000 }), fc.integer({ min: 0, max: 1_000_000_000_000 }), fc.constant(0));
const count = fc.oneof(fc.integer({ min: 1, max: 36 }), fc.integer({ min: 1, max: 240 }));
const day = fc.integer({ min: 0, max: 800 }).map((days) => new Date(Date.UTC(2026, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));

const debts = fc.record({
  asOf: day,
  currency: fc.constant('CNY' as const),
  principal: amount,
  interest: amount,
  penalty: amount,
  fees: amount,
});

const middle: fc.Arbitrary<Phase> = fc.oneof(
  fc.record({
    kind: fc.constant('pause' as const),
    count: fc.integer({ min: 1, max: 12 }),
    interest: fc.constantFrom('runs' as const, 'waived' as const),
  }),
  fc.record({ kind: fc.constant('interest-only' as const), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({
    kind: fc.constant('fixed' as const),
    amount: fc.integer({ min: 1, max: 3_000_000 }),
    count: fc.integer({ min: 1, max: 12 }),
  }),
);
const last: fc.Arbitrary<Phase> = fc.oneof(
  fc.record({ kind: fc.constant('level' as const), count }),
  fc.record({ kind: fc.constant('even-principal' as const), count }),
  fc.constant({ kind: 'rest' as const }),
  fc.record({ kind: fc.constant('fixed' as const), amount: fc.integer({ min: 1, max: 1_000_000_000 }) }),
);

const rate = fc.oneof(
  fc.constant({ per: 'year' as const, ppm: 0 }),
  fc.record({ per: fc.constant('year' as const), ppm: fc.integer({ min: 0, max: 360_000 }) }),
  fc.record({ per: fc.constant('month' as const), ppm: fc.integer({ min: 0, max: 30_000 }) }),
  fc.record({ per: fc.constant('day' as const), ppm: fc.integer({ min: 0, max: 1_000 }) }),
);

export const plans: fc.Arbitrary<{ debt: Debt; terms: Terms }> = fc
  .record({
    debt: debts,
    start: day,
    gap: fc.integer({ min: 1, max: 70 }),
    every: fc.constantFrom('month' as const, 'fortnight' as const, 'week' as const),
    rate,
    interestOn: fc.constantFrom('principal' as const, 'balance' as const),
    dayCount: fc.constantFrom('period' as const, 'actual/365' as const, 'actual/360' as const),
    shares: fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100)),
    upfront: fc.option(fc.record({ share: fc.integer({ min: 1, max: 90 }), after: fc.nat(69) }), { nil: null, freq: 3 }),
    before: fc.array(middle, { maxLength: 3 }),
    end: last,
  })
  .map(({ debt, start, gap, shares, upfront, before, end, ...rest }) => {
    const plus = (days: number) => new Date(Date.parse(start) + days * 86_400_000).toISOString().slice(0, 10);
    // Waivers of up to a quarter of each part, most often none.
    const part = (whole: number, i: number) => ((shares[i] ?? 0) < 60 ? 0 : Math.floor((whole * ((shares[i] ?? 0) - 60)) / 160));
    const waive = {
      principal: part(debt.principal, 0),
      interest: part(debt.interest, 1),
      penalty: part(debt.penalty, 2),
      fees: part(debt.fees, 3),
    };
    const owed = debt.principal + debt.interest + debt.penalty + debt.fees - waive.principal - waive.interest - waive.penalty - waive.fees;
    const terms: Terms = {
      ...rest,
      start,
      firstDue: plus(gap),
      waive,
      upfront:
        upfront && owed > 1
          ? { due: plus(Math.min(upfront.after, gap - 1)), amount: Math.max(1, Math.floor((owed * upfront.share) / 100)) }
          : null,
      phases: [...before, end],
    };
    return { debt, terms };
  });
