import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { yardstick } from '../../worker/plan/affordability.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import { firstPlan, type Own, TEMPLATES, template } from '../../worker/plan/templates.ts';

/** Plans to start from, filled from a person's own figures. */

const own: Own = {
  debt: { asOf: '2026-11-24', currency: 'CNY', principal: 1_800_000, interest: 64_000, penalty: 35_050, fees: 12_000 },
  affordable: [{ from: '2026-11-24', amount: 80_000 }],
  minimum: 20_000,
  longestTerm: 60,
  rate: null,
  today: '2026-11-24',
};
const NOTHING = { incomes: [], expenses: [], otherDebts: [], reserve: { sharePpm: 100_000, floor: 20_000 }, changes: [] };
const later = (amount: number, now = 80_000): Own => ({
  ...own,
  affordable: [
    { from: own.today, amount: now },
    { from: '2027-03-01', amount },
  ],
});
const phases = (kind: (typeof TEMPLATES)[number], figures: Own = own) => template(kind, figures).phases;

describe('what a person starts from', () => {
  test('the same amount each month: as few instalments as can be borne', () => {
    // 19,110.50 at no more than 800.00.
    expect(phases('level')).toEqual([{ kind: 'level', count: 24 }]);
  });
  test('the same amount each month stays within the worst month to come', () => {
    expect(phases('level', later(40_000))).toEqual([{ kind: 'level', count: 48 }]);
  });
  test('start low, step up: half of it for half a year; where more is expected, what can be paid until then', () => {
    expect(phases('steps')).toEqual([
      { kind: 'fixed', amount: 40_000, count: 6 },
      { kind: 'level', count: 21 },
    ]);
    // December, January and February before the first of March.
    expect(phases('steps', later(180_000))).toEqual([
      { kind: 'fixed', amount: 80_000, count: 3 },
      { kind: 'level', count: 10 },
    ]);
  });
  test('pause, then pay: three months, or until something can be paid', () => {
    expect(phases('pause')).toEqual([
      { kind: 'pause', count: 3, interest: 'waived' },
      { kind: 'level', count: 24 },
    ]);
    expect(
      phases('pause', {
        ...later(100_000, 0),
        affordable: [
          { from: own.today, amount: 0 },
          { from: '2027-06-01', amount: 100_000 },
        ],
      }),
    ).toEqual([
      { kind: 'pause', count: 6, interest: 'waived' },
      { kind: 'level', count: 20 },
    ]);
  });
  test('part now: nothing where nothing can be paid, whatever the lender would like at least', () => {
    expect(template('settle', later(50_000, 0)).upfront).toBeNull();
  });
  test('first of all what the figures alone support, at no new interest', () => {
    const means = { ...NOTHING, incomes: [{ kind: 'salary', amount: 300_000, every: 'month' as const }] };
    const terms = firstPlan({ ...own, rate: { per: 'year', ppm: 240_000 } }, means);
    expect(terms).toMatchObject({ rate: { ppm: 0 }, phases: [{ kind: 'fixed', amount: 270_000 }] });
    // Until nothing is left: the same schedule as by count, and one that another amount does not break.
    expect(schedule(own.debt, terms)).toEqual(yardstick(own.debt, means, own.today)?.schedule);
    expect(schedule(own.debt, { ...terms, phases: [{ kind: 'fixed', amount: 300_000 }] })).not.toHaveProperty('refused');
    expect(firstPlan({ ...own, affordable: [] }, NOTHING)).toMatchObject({ rate: { ppm: 0 }, phases: [{ kind: 'level', count: 60 }] });
  });
  test('part now, the rest in instalments: two months of it up front, penalty and fees waived', () => {
    expect(template('settle', own)).toMatchObject({
      waive: { penalty: 35_050, fees: 12_000 },
      upfront: { due: '2026-12-08', amount: 160_000 },
      phases: [{ kind: 'level', count: 22 }],
    });
  });
});

test('whatever the figures: a schedule that keeps within the longest term, and within what can be borne wherever that term allows it', () => {
  let bound = 0;
  const figures = fc.record({
    debt: fc.record({
      asOf: fc.constant('2026-11-24'),
      currency: fc.constant('CNY' as const),
      principal: fc.integer({ min: 10_000, max: 50_000_000 }),
      interest: fc.nat(500_000),
      penalty: fc.nat(300_000),
      fees: fc.nat(50_000),
    }),
    affordable: fc.oneof<fc.Arbitrary<Own['affordable']>[]>(
      fc.constant([]),
      fc.nat(800_000).map((amount) => [{ from: '2026-11-24', amount }]),
      fc.tuple(fc.nat(800_000), fc.nat(800_000)).map(([now, then]) => [
        { from: '2026-11-24', amount: now },
        { from: '2027-05-01', amount: then },
      ]),
    ),
    minimum: fc.integer({ min: 5_000, max: 50_000 }),
    longestTerm: fc.integer({ min: 6, max: 60 }),
    rate: fc.option(fc.record({ per: fc.constant('year' as const), ppm: fc.integer({ min: 0, max: 240_000 }) }), { nil: null }),
    today: fc.constant('2026-11-24'),
  });
  fc.assert(
    fc.property(figures, fc.constantFrom(...TEMPLATES), (someone, kind) => {
      const terms = template(kind, someone);
      const result = schedule(someone.debt, terms);
      if ('refused' in result) throw new Error(`${kind}: ${JSON.stringify(result.refused)}`);
      const level = terms.phases.at(-1);
      const periods = result.rows.filter(({ no }) => no !== 0).length;
      expect(periods).toBeLessThanOrEqual(someone.longestTerm);
      const can = (day: string) => Math.max(someone.minimum, someone.affordable.findLast(({ from }) => from <= day)?.amount ?? 0);
      const over = result.rows.some(({ no, due, payment }) => no !== 0 && payment > can(due));
      if (!over) return;
      bound++;
      // Above what can be borne only where the longest term is used up.
      expect(level?.kind === 'level' && periods).toBe(someone.longestTerm);
    }),
    { numRuns: 3_000 },
  );
  expect(bound).toBeGreaterThan(100);
});
