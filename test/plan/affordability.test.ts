import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { affordableStages, disposableOn, heaviest, hold, type MeansOverTime, shownSpans, spans } from '../../worker/plan/affordability.ts';
import { fitting } from '../../worker/plan/fitting.ts';
import { supported } from '../../worker/plan/means.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Schedule, schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Phase, Terms } from '../../worker/plan/terms.ts';

/** Plans held against what a person can bear, and what would fit. */

const TODAY = '2026-11-24';
const debt = (principal: number): Debt => ({ asOf: TODAY, currency: 'CNY', principal, interest: 0, penalty: 0, fees: 0 });
const plan = (...phases: Phase[]): Terms => plainTerms(TODAY, { phases });
const worked = (owed: number, terms: Terms) => schedule(debt(owed), terms) as Schedule;

/** 3,000 in, 2,000 out, 200 kept: 800 a month; from March 1,000 more, of which a tenth is kept. */
const means: MeansOverTime = {
  incomes: [{ kind: 'gig', amount: 300_000, every: 'month' }],
  expenses: [{ kind: 'food', amount: 200_000, every: 'month' }],
  otherDebts: [],
  reserve: { sharePpm: 100_000, floor: 20_000 },
  changes: [{ from: '2027-03-01', direction: 'more', amount: 100_000 }],
};

test('what can be paid, from each day on which it changes', () => {
  expect(affordableStages(means, TODAY)).toEqual([
    { from: TODAY, amount: 80_000 },
    { from: '2027-03-01', amount: 180_000 },
  ]);
  // A change that has come about is no longer one to come.
  expect(affordableStages(means, '2027-03-01')).toEqual([{ from: '2027-03-01', amount: 180_000 }]);
});

test('four stretches are shown, and how many there are beyond them', () => {
  // 12,000 in six even parts with interest: each payment another, all above 800.
  const falling = { ...plan({ kind: 'even-principal', count: 6 }), rate: { per: 'month' as const, ppm: 10_000 } };
  const { shown, more } = shownSpans(hold(worked(1_200_000, falling), 'month', { ...means, changes: [] }).misses);
  expect([shown.map(({ from }) => from.no), more]).toEqual([[1, 2, 3, 4], 2]);
});

test('instalments that miss by the same are one stretch', () => {
  const held = hold(worked(1_200_000, plan({ kind: 'fixed', amount: 100_000, count: 2 }, { kind: 'level', count: 5 })), 'month', means);
  // December and January: 1,000 where 800 can be paid; February: 2,000; from March 2,000 where 1,800 can be.
  expect(spans(held.misses).map(({ from, to, over }) => [from.no, to.no, over])).toEqual([
    [1, 2, 20_000],
    [3, 3, 120_000],
    [4, 7, 20_000],
  ]);
});

describe('what would fit', () => {
  const wouldFit = (owed: number, terms: Terms, held: MeansOverTime = means) => fitting(debt(owed), terms, held);
  test('more instalments at the end, the stages before as they are', () => {
    const found = wouldFit(1_200_000, plan({ kind: 'fixed', amount: 80_000, count: 3 }, { kind: 'level', count: 2 }));
    expect(found).toMatchObject({ as: 'last', count: 6 });
    expect(found?.schedule.totals.highest).toBe(160_000);
  });
  test('another plan where a stage before is what does not fit', () => {
    expect(wouldFit(1_200_000, plan({ kind: 'fixed', amount: 300_000, count: 3 }, { kind: 'level', count: 2 }))).toMatchObject({
      as: 'whole',
      count: 15,
    });
  });
  test('a pause where nothing can be paid to begin with', () => {
    const idle = { ...means, incomes: [], expenses: [], changes: [{ from: '2027-03-01', direction: 'more' as const, amount: 100_000 }] };
    expect(wouldFit(800_000, plan({ kind: 'level', count: 4 }), idle)).toMatchObject({ as: 'pause', paused: 3, count: 10 });
  });
  test('nothing, where nothing can be paid at all', () => {
    expect(wouldFit(800_000, plan({ kind: 'level', count: 4 }), { ...means, incomes: [], changes: [] })).toBeNull();
  });
  test('what is found fits, and with one instalment fewer it would not', () => {
    let found = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 50_000, max: 20_000_000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 240_000 }),
        fc.constantFrom('month' as const, 'fortnight' as const, 'week' as const),
        (owed, count, ppm, every) => {
          const steady = { ...means, changes: [] };
          const terms: Terms = { ...plan({ kind: 'level', count }), every, rate: { per: 'year', ppm } };
          const fit = fitting(debt(owed), terms, steady);
          if (!fit) return;
          found++;
          expect(hold(fit.schedule, every, steady).misses).toEqual([]);
          const fewer = schedule(debt(owed), { ...terms, phases: [{ kind: 'level', count: fit.count - 1 }] });
          if (fit.count > 1) expect('refused' in fewer || hold(fewer, every, steady).misses.length > 0).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(found).toBeGreaterThan(1_000);
  });
});

test('the supported share counts each line by what it is a month', () => {
  const figures = {
    incomes: [
      { kind: 'salary', amount: 120_000, every: 'year' as const },
      { kind: 'gig', amount: 30_000, every: 'month' as const },
    ],
    expenses: [{ kind: 'food', amount: 60_000, every: 'month' as const }],
    otherDebts: [],
  };
  expect(supported(figures, (group, { kind }) => group === 'incomes' && kind === 'salary')).toEqual({ supported: 10_000, all: 100_000 });
});

describe('the instalment that takes most of its period’s disposable income', () => {
  /** From March 1,000 more a month can be paid; a plan that steps up with it. */
  const stepped = worked(
    1_200_000,
    plan({ kind: 'fixed', amount: 80_000, count: 3 }, { kind: 'fixed', amount: 180_000, count: 5 }, { kind: 'rest' }),
  );
  test('what is within what can be borne in each period never takes more than there is', () => {
    expect(hold(stepped, 'month', means).misses).toEqual([]);
    const most = heaviest(stepped, 'month', means);
    expect(most).not.toBeNull();
    expect(most?.payment).toBeLessThanOrEqual(most?.disposable ?? 0);
    // Held against today's income alone, as the comparison once did, the same plan seemed to take nearly twice as much as there is.
    expect(stepped.totals.highest).toBeGreaterThan(disposableOn(means, '2026-12-24'));
  });
  test('the rule holds for every plan and any changes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 50_000, max: 5_000_000 }),
        fc.integer({ min: 1, max: 48 }),
        fc.constantFrom('month' as const, 'fortnight' as const, 'week' as const),
        fc.array(
          fc.record({
            from: fc.constantFrom('2026-12-30', '2027-03-01', '2027-08-15'),
            direction: fc.constantFrom('more' as const, 'less' as const),
            amount: fc.integer({ min: 0, max: 400_000 }),
          }),
          { maxLength: 4 },
        ),
        (owed, count, every, changes) => {
          const terms: Terms = { ...plan({ kind: 'level', count }), every };
          const held = { ...means, changes };
          const schedule = worked(owed, terms);
          const most = heaviest(schedule, every, held);
          if (!most || hold(schedule, every, held).misses.length > 0) return;
          expect(most.payment).toBeLessThanOrEqual(most.disposable);
        },
      ),
      { numRuns: 1_000 },
    );
  });
  test('where a period has nothing to spare, it is the one', () => {
    const idle = { ...means, changes: [{ from: '2027-02-01', direction: 'less' as const, amount: 900_000 }] };
    expect(heaviest(stepped, 'month', idle)).toMatchObject({ no: 3, disposable: 0 });
  });
});
