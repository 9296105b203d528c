import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hold } from '../../worker/plan/affordability.ts';
import { nearest, pausedFirst, type Search } from '../../worker/plan/nearest.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Schedule, schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Phase, Terms } from '../../worker/plan/terms.ts';

/** The nearest plan against all of them, tried one by one and put in order. */

const TODAY = '2026-11-24';
const RESERVE = { sharePpm: 100_000, floor: 20_000 };
const meansOf = (disposable: number, change: number | null) => ({
  incomes: [{ kind: 'salary', amount: 200_000 + disposable, every: 'month' as const }],
  expenses: [{ kind: 'food', amount: 200_000, every: 'month' as const }],
  otherDebts: [],
  reserve: RESERVE,
  changes:
    change === null ? [] : [{ from: '2027-06-01', direction: (change > 0 ? 'more' : 'less') as 'more' | 'less', amount: Math.abs(change) }],
});

const cases = fc.record({
  principal: fc.integer({ min: 10_000, max: 3_000_000 }),
  interest: fc.integer({ min: 0, max: 100_000 }),
  penalty: fc.integer({ min: 0, max: 60_000 }),
  waived: fc.integer({ min: 0, max: 100 }),
  ppm: fc.constantFrom(0, 36_000, 150_000),
  pause: fc.integer({ min: 0, max: 5 }),
  count: fc.integer({ min: 1, max: 40 }),
  paused: fc.integer({ min: 0, max: 4 }),
  most: fc.integer({ min: 1, max: 30 }),
  minimum: fc.integer({ min: 0, max: 120_000 }),
  disposable: fc.integer({ min: 0, max: 400_000 }),
  change: fc.option(fc.integer({ min: -200_000, max: 200_000 }), { nil: null }),
  still: fc.boolean(),
});

const isWithin = (minimum: number, { rows }: Schedule) =>
  rows.every(({ no, payment, balance }) => !no || balance === 0 || payment >= minimum);

function setOf(one: ReturnType<typeof cases.generate>['value']): { search: Search; means: ReturnType<typeof meansOf> } {
  const debt: Debt = { asOf: TODAY, currency: 'CNY', principal: one.principal, interest: one.interest, penalty: one.penalty, fees: 0 };
  const waive = { penalty: Math.floor((one.penalty * one.waived) / 100) };
  const pause: Phase[] = one.pause > 0 ? [{ kind: 'pause', count: one.pause, interest: 'waived' }] : [];
  const wanted = plainTerms(TODAY, {
    rate: { per: 'year', ppm: one.ppm },
    waive: { penalty: one.penalty },
    phases: [...pause, { kind: 'level', count: one.count }],
  });
  const search: Search = {
    ...{ debt, wanted, base: { ...wanted, waive }, paused: one.paused, interest: one.still ? 'waived' : 'runs', most: one.most },
    inside: ({ schedule: worked }) => isWithin(one.minimum, worked),
  };
  return { search, means: meansOf(one.disposable, one.change) };
}

/** Every plan of the space that is allowed and borne, in the order that is promised. */
function byHand({ debt, wanted, base, paused, interest, most, inside }: Search, means: ReturnType<typeof meansOf>): Terms | null {
  const asked = schedule(debt, wanted);
  if ('refused' in asked) return null;
  const periods = (worked: Schedule) => worked.rows.filter(({ no }) => no !== 0).length;
  const all: { terms: Terms; key: number[] }[] = [];
  for (let pause = 0; pause <= 60; pause++)
    for (let count = 1; count <= 60; count++) {
      if (pause > paused || pause > pausedFirst(wanted) || pause + count > most) continue;
      const first: Phase[] = pause > 0 ? [{ kind: 'pause', count: pause, interest }] : [];
      const terms: Terms = { ...base, phases: [...first, { kind: 'level', count }] };
      const worked = schedule(debt, terms);
      if ('refused' in worked || !inside({ terms, schedule: worked }) || hold(worked, 'month', means).misses.length > 0) continue;
      const away = Math.abs(worked.totals.highest - asked.totals.highest);
      all.push({ terms, key: [away, Math.abs(periods(worked) - periods(asked)), pausedFirst(wanted) - pause, pause, count] });
    }
  all.sort((a, b) => a.key.map((one, i) => one - (b.key[i] ?? 0)).find((one) => one !== 0) ?? 0);
  return all[0]?.terms ?? null;
}

test('none of all plans inside the bounds and borne by the means is nearer', () => {
  let found = 0;
  fc.assert(
    fc.property(cases, (one) => {
      const { search, means } = setOf(one);
      const nearestOne = nearest(search, means);
      if (nearestOne) {
        found++;
        expect(search.inside(nearestOne)).toBe(true);
        expect(hold(nearestOne.schedule, 'month', means).misses).toEqual([]);
        expect(nearestOne.schedule).toEqual(schedule(search.debt, nearestOne.terms));
      }
      expect(nearestOne?.terms ?? null).toEqual(byHand(search, means));
    }),
    { numRuns: 150, seed: 11 },
  );
  expect(found).toBeGreaterThan(30);
});

test('what is wanted and allowed is found itself; where nothing is allowed, nothing', () => {
  const { search, means } = setOf({
    ...{ principal: 1_200_000, interest: 0, penalty: 0, waived: 0, ppm: 0, pause: 2, count: 12, paused: 4, most: 30, minimum: 0 },
    ...{ disposable: 400_000, change: null, still: true },
  });
  expect(nearest(search, means)?.terms).toEqual(search.wanted);
  expect(nearest({ ...search, inside: () => false }, means)).toBeNull();
});
