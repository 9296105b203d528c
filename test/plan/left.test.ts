import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer } from '../../worker/plan/answer.ts';
import { dayNumber } from '../../worker/plan/calendar.ts';
import { accountOn, type Left, lapsedWaivers, leftOn, type Payment } from '../../worker/plan/left.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Row, schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Terms } from '../../worker/plan/terms.ts';
import { plans } from './arbitraries.ts';
import { leftReference } from './reference.ts';

/** What is left on a day: the rules of `worker/plan/FORMAT.md`, for random plans and payments. */

const RUNS = 1_500;

const shift = (day: string, by: number) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10);

/** Plans that have a schedule, with days near theirs, and payments that are small, as the schedule has them, or far too large. */
const cases = plans
  .map(({ debt, terms }) => ({ debt, terms, plan: schedule(debt, terms) }))
  .filter((one): one is { debt: Debt; terms: Terms; plan: { rows: Row[]; totals: never } } => !('refused' in one.plan))
  .chain(({ debt, terms, plan: { rows } }) => {
    const last = dayNumber(rows.at(-1)?.due ?? terms.start) - dayNumber(terms.start);
    const day = fc.integer({ min: -20, max: last + 40 }).map((days) => shift(terms.start, days));
    const due = fc.constantFrom(...rows.map((row) => row.due));
    const amount = fc.oneof(
      fc.integer({ min: 1, max: 200_000 }),
      fc.constantFrom(...rows.map(({ payment }) => Math.min(payment || 1, 1_000_000_000_000))),
      fc.integer({ min: 1, max: 1_000_000_000_000 }),
    );
    const payments = fc.array(fc.record({ on: fc.oneof(day, due), amount }), { maxLength: 12 });
    return fc.record({ debt: fc.constant(debt), terms: fc.constant(terms), rows: fc.constant(rows), payments, on: fc.oneof(day, due) });
  });

const left = (debt: Debt, terms: Terms, payments: Payment[], on: string): Left => {
  const found = leftOn(debt, terms, payments, on);
  if ('refused' in found) throw new Error(JSON.stringify(found));
  return found;
};

describe('for random plans and payments', () => {
  test('it is what the page says, worked out once more day by day in BigInt', () => {
    fc.assert(
      fc.property(cases, ({ debt, terms, payments, on }) => {
        expect(leftOn(debt, terms, payments, on)).toEqual(leftReference(debt, terms, payments, on));
      }),
      { numRuns: RUNS },
    );
  });

  test('payments as scheduled give the schedule’s balance on each due day', () => {
    fc.assert(
      fc.property(cases, ({ debt, terms, rows }) => {
        const payments: Payment[] = [];
        for (const { due, payment, balance } of rows.slice(0, 40)) {
          if (payment > 0) payments.push({ on: due, amount: payment });
          expect(left(debt, terms, payments, due)).toMatchObject({ settle: balance, overpaid: 0 });
        }
      }),
      { numRuns: 150 },
    );
  });

  test('nothing is negative, the parts add up to what settles, and paying that settles it, to the cent', () => {
    fc.assert(
      fc.property(cases, ({ debt, terms, payments, on }) => {
        const before = left(debt, terms, payments, on);
        const parts = Object.values(before.left);
        expect(Math.min(...parts, before.overpaid)).toBeGreaterThanOrEqual(0);
        expect(parts.reduce((sum, part) => sum + part)).toBe(before.settle);
        if (before.settle === 0) return;
        const settled = left(debt, terms, [...payments, { on, amount: before.settle }], on);
        expect(settled).toMatchObject({ settle: 0, overpaid: before.overpaid });
        // Payments up to that day and no later ones: what comes after it is left for the next test.
        const until = payments.filter((payment) => payment.on <= on);
        const later = shift(on, 400);
        expect(left(debt, terms, [...until, { on, amount: before.settle }], later)).toMatchObject({ settle: 0, overpaid: before.overpaid });
        if (before.settle > 1) expect(left(debt, terms, [...until, { on, amount: before.settle - 1 }], on).settle).toBe(1);
      }),
      { numRuns: RUNS },
    );
  });

  test('a payment made in two on its day is the same, and so is any order of days; what comes once all is paid is overpaid', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0.01, max: 0.99, noNaN: true }), ({ debt, terms, payments, on }, share) => {
        const whole = left(debt, terms, payments, on);
        const split = payments.flatMap(({ on: day, amount }) => {
          const first = Math.floor(amount * share);
          return first > 0 && first < amount
            ? [
                { on: day, amount: first },
                { on: day, amount: amount - first },
              ]
            : [{ on: day, amount }];
        });
        expect(left(debt, terms, split, on)).toEqual(whole);
        expect(left(debt, terms, [...payments].reverse(), on)).toEqual(whole);
        if (whole.settle > 0) return;
        expect(left(debt, terms, [...payments, { on, amount: 7 }], on).overpaid).toBe(whole.overpaid + 7);
      }),
      { numRuns: RUNS },
    );
  });
});

test('what is outside the format is named', () => {
  const debt = { asOf: '2026-11-24', currency: 'CNY', principal: 100, interest: 0, penalty: 0, fees: 0 };
  const terms = plainTerms('2026-11-24', { phases: [{ kind: 'rest' }] });
  const paths = (document: unknown) => {
    const told = answer(document);
    return 'refused' in told && told.refused.code === 'input.invalid' ? told.refused.fields.map(({ path }) => path) : told;
  };
  expect(paths({ debt, terms, payments: [] })).toEqual(['on']);
  expect(paths({ debt, terms, on: '2026-12-01' })).toEqual(['payments']);
  expect(paths({ debt, terms, on: '2026-12-01', payments: [{ on: '2026-02-30', amount: 0 }], more: 1 })).toEqual([
    'payments.0.on',
    'payments.0.amount',
    'more',
  ]);
  expect(paths({ debt, terms, on: '2026-12-01', payments: Array(5_001).fill({ on: '2026-12-01', amount: 1 }) })).toEqual(['payments']);
  expect(answer({ debt, terms: { ...terms, phases: [] }, payments: [], on: '2026-12-01' })).toEqual({
    refused: { code: 'plan.leaves-balance', remainder: 100 },
  });
});

describe('waivers that lapse', () => {
  const parts = (all: { fees: number; penalty: number; interest: number; principal: number }) =>
    all.fees + all.penalty + all.interest + all.principal;

  test('the share that was not paid, part by part: all where nothing was paid, none where all was, and never more than was waived', () =>
    fc.assert(
      fc.property(cases, fc.nat(), ({ debt, terms }, part) => {
        const worked = schedule(debt, terms);
        if ('refused' in worked) return;
        const toPay = worked.totals.paid;
        expect(parts(lapsedWaivers(terms, toPay, 0))).toBe(worked.totals.waived);
        expect(parts(lapsedWaivers(terms, toPay, toPay))).toBe(0);
        expect(parts(lapsedWaivers(terms, toPay, toPay + 1))).toBe(0);
        const paid = part % (toPay + 1);
        for (const one of ['fees', 'penalty', 'interest', 'principal'] as const) {
          const [waived, lapsed] = [terms.waive[one] ?? 0, lapsedWaivers(terms, toPay, paid)[one]];
          expect(lapsed).toBeLessThanOrEqual(waived);
          expect(2n * BigInt(lapsed) * BigInt(toPay) - 2n * BigInt(waived) * BigInt(toPay - paid)).toBeLessThanOrEqual(BigInt(toPay));
        }
      }),
      { numRuns: 300 },
    ));

  test('are owed from the end of their day on, beside what was left without them; where that was settled, nothing lapses', () =>
    fc.assert(
      fc.property(cases, ({ debt, terms, payments, on }) => {
        const lapsed = { fees: 1, penalty: 20, interest: 300, principal: 4_000 };
        const without = leftOn(debt, terms, payments, on) as Left;
        const [before, then] = [shift(on, 1), on].map((day) => accountOn(debt, terms, payments, on, { on: day, lapsed }) as Left);
        expect(before).toMatchObject(without);
        expect(then?.settle).toBe(without.settle === 0 ? 0 : without.settle + 4_321);
        // Paid on the day after, all of it is settled.
        const next = shift(on, 1);
        const owed = accountOn(
          debt,
          terms,
          payments.filter((one) => one.on <= on),
          next,
          { on, lapsed },
        ) as Left;
        const paid = [...payments.filter((one) => one.on <= on), ...(owed.settle > 0 ? [{ on: next, amount: owed.settle }] : [])];
        expect(accountOn(debt, terms, paid, next, { on, lapsed })).toMatchObject({ settle: 0, overpaid: owed.overpaid });
      }),
      { numRuns: 300 },
    ));
});
