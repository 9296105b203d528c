import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hold, yardstick } from '../../worker/plan/affordability.ts';
import { annualRatePpm } from '../../worker/plan/annual-rate.ts';
import { answer } from '../../worker/plan/answer.ts';
import { dayNumber, dueDate } from '../../worker/plan/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type PlanRefusal, type Schedule, schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Phase, Terms } from '../../worker/plan/terms.ts';
import { plans } from './arbitraries.ts';
import { annualRate, reference } from './reference.ts';

/** The rules of `worker/plan/FORMAT.md`, for random debts and terms. */

const RUNS = 12_000;

/** The same, each with one thing that the format refuses (or with what is just not refused). */
const faulty = fc.tuple(plans, fc.nat(9), fc.boolean()).map(([{ debt, terms }, fault, just]): { debt: Debt; terms: Terms } => {
  const [owed, end] = [debt.principal + debt.interest + debt.penalty + debt.fees, terms.phases.at(-1) as Phase];
  const beyond = just ? 0 : 1;
  const faults: Partial<Terms>[] = [
    { waive: { penalty: debt.penalty + beyond } },
    { waive: { ...debt, principal: debt.principal - (just ? Math.min(1, debt.principal) : 0) } },
    { firstDue: terms.start },
    { upfront: { due: just ? terms.start : terms.firstDue, amount: 1 } },
    { waive: {}, upfront: { due: terms.start, amount: Math.max(0, owed - 1 + beyond) } },
    { phases: [end, ...terms.phases] },
    { phases: [{ kind: 'fixed', amount: owed, count: 1 + beyond }, end] },
    { phases: [{ kind: 'fixed', amount: Math.floor(owed / 3), ...(just ? { count: 2 } : {}) }, end] },
    { phases: terms.phases.slice(0, -1) },
    { phases: [{ kind: 'fixed', amount: beyond, count: 1 }, end] },
  ];
  const { asOf: _, currency: __, ...waive } = { ...debt, ...faults[fault]?.waive } as Debt;
  return { debt, terms: { ...terms, ...faults[fault], ...(fault === 1 ? { waive } : {}) } };
});

const worked = (result: ReturnType<typeof schedule>): result is Schedule => !('refused' in result);

test('whatever is asked: a schedule whose every figure holds, or a refusal with its code', () => {
  let schedules = 0;
  const refused = new Map<string, number>();
  fc.assert(
    fc.property(plans, ({ debt, terms }) => {
      const result = schedule(debt, terms);
      if (!worked(result)) {
        refused.set(result.refused.code, (refused.get(result.refused.code) ?? 0) + 1);
        return;
      }
      schedules++;
      holds(debt, terms, result);
    }),
    { numRuns: RUNS },
  );
  // The generator must not have made it easy for itself.
  expect(schedules).toBeGreaterThan(RUNS / 3);
  expect([...refused.keys()].length).toBeGreaterThan(3);
});

function holds(debt: Debt, terms: Terms, { rows, totals }: Schedule): void {
  const owed = debt.principal + debt.interest + debt.penalty + debt.fees;
  const waived = Object.values(terms.waive).reduce<number>((sum, part) => sum + (part ?? 0), 0);
  expect(totals.waived).toBe(waived);
  expect(totals.owed).toBe(owed - waived);
  const paid = { fees: 0, penalty: 0, interest: 0, principal: 0 };
  let balance = totals.owed;
  let period = 0;
  let instalments = 0;
  for (const [i, row] of rows.entries()) {
    for (const figure of [row.payment, row.fees, row.penalty, row.interest, row.principal, row.accrued, row.balance]) {
      if (!Number.isSafeInteger(figure) || figure < 0) throw new Error(`Row ${i} holds ${figure}.`);
    }
    expect(row.fees + row.penalty + row.interest + row.principal).toBe(row.payment);
    balance = balance + row.accrued - row.payment;
    expect(row.balance).toBe(balance);
    if (row.no === 0) {
      expect([row.due, row.payment]).toEqual([terms.upfront?.due, terms.upfront?.amount]);
    } else {
      expect(row.due).toBe(dueDate(terms.firstDue, terms.every, period++));
      if (row.no === null) expect(row.payment).toBe(0);
      else expect(row.no).toBe(++instalments);
    }
    for (const part of ['fees', 'penalty', 'interest', 'principal'] as const) paid[part] += row[part];
  }
  expect(rows.at(-1)?.balance).toBe(0);
  expect(paid.fees).toBe(debt.fees - (terms.waive.fees ?? 0));
  expect(paid.penalty).toBe(debt.penalty - (terms.waive.penalty ?? 0));
  expect(paid.principal).toBe(debt.principal - (terms.waive.principal ?? 0));
  expect(paid.interest).toBe(debt.interest - (terms.waive.interest ?? 0) + totals.interest);
  expect(totals.paid).toBe(totals.owed + totals.interest);
  expect(totals.instalments).toBe(instalments);
  expect(totals.lastDue).toBe(rows.at(-1)?.due);
  expect(totals.highest).toBe(Math.max(...rows.filter(({ no }) => no !== 0).map(({ payment }) => payment)));
  expect(Number.isSafeInteger(totals.annualRatePpm) && totals.annualRatePpm >= 0).toBe(true);
  if (totals.interest === 0) expect(totals.annualRatePpm).toBe(0);
}

test('every figure and every refusal is the one that the page, read once more in rationals, gives', () => {
  const answers = new Map<string, number>();
  fc.assert(
    fc.property(fc.oneof({ weight: 3, arbitrary: plans }, { weight: 1, arbitrary: faulty }), ({ debt, terms }) => {
      const result = schedule(debt, terms);
      const code = worked(result) ? 'schedule' : result.refused.code;
      answers.set(code, (answers.get(code) ?? 0) + 1);
      if (worked(result)) {
        const { annualRatePpm: _, ...totals } = result.totals;
        expect({ rows: result.rows, totals }).toEqual(reference(debt, terms));
      } else expect(result).toEqual(reference(debt, terms));
    }),
    { numRuns: RUNS },
  );
  // Each answer that the format knows was met; but for the last, which only the schemas give.
  expect([...answers.keys()].sort()).toEqual([
    'date.first-due-not-after-start',
    'debt.nothing-owed',
    'instalment.below-interest',
    'instalment.not-positive',
    'instalments.too-many',
    'phase.after-end',
    'phase.count-missing',
    'phase.must-be-last',
    'plan.leaves-balance',
    'plan.too-long',
    'schedule',
    'upfront.date',
    'upfront.exceeds-debt',
    'waiver.exceeds-debt',
  ]);
});

test('the annual rate is right to the last ppm, worked out again to 60 places', () => {
  let rates = 0;
  fc.assert(
    fc.property(plans, ({ debt, terms }) => {
      const result = schedule(debt, terms);
      if (!worked(result) || result.rows.length > 120 || result.totals.interest === 0) return;
      rates++;
      expect(result.totals.annualRatePpm).toBe(annualRate(result.rows, terms.start, result.totals.owed));
    }),
    { numRuns: 1_500 },
  );
  expect(rates).toBeGreaterThan(200);
});

test.each([
  // One payment after years of 365 days: the rate is a fraction that can be written down, here just on a rounding border or one 分 beside it.
  [2_000_000, 2_000_001, '2027-01-01', 1],
  [2_000_001, 2_000_002, '2027-01-01', 0],
  [2_000_000, 2_000_003, '2027-01-01', 2],
  [500_000, 625_000, '2027-01-01', 250_000],
  [4_000_000_000_000, 4_000_004_000_001, '2028-01-01', 1],
  [4_000_000_000_000, 4_000_004_000_000, '2028-01-01', 0],
])('of %i owed, %i paid on %s is %i ppm a year', (owed, paid, due, ppm) => {
  expect(annualRatePpm([{ payment: paid }], [dayNumber(due)], dayNumber('2026-01-01'), owed)).toBe(ppm);
});

test('a debt that outgrows every number at an instalment too small is still answered: that amount is only not enough', () => {
  const debt: Debt = { asOf: '2026-01-01', currency: 'CNY', principal: 373_996_178, interest: 0, penalty: 582_326_504, fees: 0 };
  const terms: Terms = {
    ...plainTerms('2027-07-13', { rate: { per: 'month', ppm: 29_471 }, interestOn: 'balance', dayCount: 'actual/360' }),
    firstDue: '2028-07-08',
    phases: [
      { kind: 'pause', count: 3, interest: 'runs' },
      { kind: 'interest-only', count: 5 },
      { kind: 'level', count: 600 },
    ],
  };
  expect(schedule(debt, terms)).toEqual({ refused: { code: 'instalments.too-many', phase: 2 } });
  expect(schedule(debt, terms)).toEqual(reference(debt, terms));
});

test('a level instalment is the smallest: one 分 less would leave a larger last payment', () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: 2, max: 60 }), ({ debt, terms }, n) => {
      const level = schedule(debt, { ...terms, phases: [{ kind: 'level', count: n }] });
      if (!worked(level)) return;
      const due = level.rows.filter(({ no }) => no !== 0);
      const amount = due[0]?.payment ?? 0;
      expect(due.slice(0, -1).every(({ payment }) => payment === amount)).toBe(true);
      expect(due.at(-1)?.payment ?? 0).toBeLessThanOrEqual(amount);
      if (amount < 2) return;
      const less = schedule(debt, { ...terms, phases: [{ kind: 'fixed', amount: amount - 1, count: n - 1 }, { kind: 'rest' }] });
      // Below its interest a fixed amount is refused: then it would not do either.
      if (worked(less)) expect(less.rows.at(-1)?.payment ?? 0).toBeGreaterThan(amount - 1);
    }),
    { numRuns: RUNS },
  );
});

/**
 * A level instalment is the smallest whole amount, so a waiver can make each a 分 smaller and the plan a little slower. It never rises, though, and
 * the last is never larger than it: so the cost rises by no more than what the last one was short of it. An even principal part is rounded, too:
 * there the balance may lie half a 分 a period higher. Elsewhere the cost never rises at all.
 */
test('more waived never costs the borrower more', () => {
  fc.assert(
    fc.property(
      plans,
      fc.constantFrom('principal' as const, 'interest' as const, 'penalty' as const, 'fees' as const),
      fc.integer({ min: 1, max: 100 }),
      ({ debt, terms }, part, share) => {
        const room = debt[part] - (terms.waive[part] ?? 0);
        const before = schedule(debt, terms);
        const after = schedule(debt, {
          ...terms,
          waive: { ...terms.waive, [part]: (terms.waive[part] ?? 0) + Math.floor((room * share) / 100) },
        });
        if (!worked(before) || !worked(after)) return;
        expect(after.totals.paid).toBeLessThanOrEqual(before.totals.paid + slackOf(before, terms.phases.at(-1)));
      },
    ),
    { numRuns: RUNS },
  );
});

function slackOf({ rows, totals }: Schedule, end: Phase | undefined): number {
  if (end?.kind === 'level') return (rows.at(-end.count)?.payment ?? 0) - (rows.at(-1)?.payment ?? 0);
  if (end?.kind === 'even-principal')
    return totals.instalments * Math.ceil(2 + (2 * totals.interest) / Math.max(1, totals.owed)) * end.count;
  return 0;
}

describe('refusals', () => {
  const debt: Debt = { asOf: '2026-01-01', currency: 'CNY', principal: 100_000, interest: 0, penalty: 500, fees: 0 };
  const terms: Terms = {
    start: '2026-01-01',
    firstDue: '2026-02-01',
    every: 'month',
    rate: { per: 'month', ppm: 10_000 },
    interestOn: 'principal',
    dayCount: 'period',
    waive: {},
    upfront: null,
    phases: [{ kind: 'level', count: 12 }],
  };
  const cases: [string, Partial<Debt>, Partial<Terms>, PlanRefusal | { code: string }][] = [
    ['a waiver beyond its part', {}, { waive: { penalty: 501 } }, { code: 'waiver.exceeds-debt', component: 'penalty' }],
    ['nothing owed', {}, { waive: { principal: 100_000, penalty: 500 } }, { code: 'debt.nothing-owed' }],
    ['a first due date that is the start', {}, { firstDue: '2026-01-01' }, { code: 'date.first-due-not-after-start' }],
    ['an up-front payment before the start', {}, { upfront: { due: '2025-12-31', amount: 1 } }, { code: 'upfront.date' }],
    ['an up-front payment on the first due date', {}, { upfront: { due: '2026-02-01', amount: 1 } }, { code: 'upfront.date' }],
    ['an up-front payment of all', {}, { upfront: { due: '2026-01-02', amount: 100_500 } }, { code: 'upfront.exceeds-debt' }],
    [
      'a last phase that is not last',
      {},
      { phases: [{ kind: 'rest' }, { kind: 'level', count: 2 }] },
      { code: 'phase.must-be-last', phase: 0 },
    ],
    [
      'a fixed phase without a count before another',
      {},
      { phases: [{ kind: 'fixed', amount: 20_000 }, { kind: 'rest' }] },
      { code: 'phase.count-missing', phase: 0 },
    ],
    [
      'an instalment below its interest',
      {},
      { phases: [{ kind: 'fixed', amount: 999, count: 2 }, { kind: 'rest' }] },
      { code: 'instalment.below-interest', phase: 0, least: 1_000 },
    ],
    [
      'an instalment of just its interest, for ever',
      {},
      { phases: [{ kind: 'fixed', amount: 1_000 }] },
      { code: 'instalment.below-interest', phase: 0, least: 1_001 },
    ],
    [
      'interest only without interest',
      {},
      { rate: { per: 'month', ppm: 0 }, phases: [{ kind: 'interest-only', count: 1 }, { kind: 'rest' }] },
      { code: 'instalment.not-positive', phase: 0 },
    ],
    [
      'more instalments than the debt takes',
      {},
      { phases: [{ kind: 'fixed', amount: 60_000, count: 5 }] },
      { code: 'instalments.too-many', phase: 0 },
    ],
    [
      'a plan that leaves a balance',
      {},
      { rate: { per: 'month', ppm: 0 }, phases: [{ kind: 'fixed', amount: 500, count: 1 }] },
      { code: 'plan.leaves-balance', remainder: 100_000 },
    ],
    [
      'a plan of more than 600 instalments',
      {},
      { rate: { per: 'month', ppm: 0 }, phases: [{ kind: 'fixed', amount: 100 }] },
      { code: 'plan.too-long' },
    ],
  ];
  test.each(cases)('%s', (_, debtChange, termsChange, refusal) => {
    expect(schedule({ ...debt, ...debtChange }, { ...terms, ...termsChange })).toEqual({ refused: refusal });
  });
  test.each([
    ['debt.principal', { debt: { ...debt, principal: 1.5 }, terms }, 'a whole number from 0 to 1000000000000'],
    ['debt.fees', { debt: { ...debt, fees: 1_000_000_000_001 }, terms }, 'a whole number from 0 to 1000000000000'],
    ['debt.asOf', { debt: { ...debt, asOf: '2026-02-30' }, terms }, 'a date that exists from 1900 to 2999, YYYY-MM-DD'],
    ['debt.note', { debt: { ...debt, note: 1 }, terms }, 'not a field of the format'],
    ['terms.rate.ppm', { debt, terms: { ...terms, rate: { per: 'year', ppm: -1 } } }, 'a whole number from 0 to 1000000000'],
    ['terms.upfront', { debt, terms: { ...terms, upfront: 5 } }, 'an object or null'],
    ['terms.phases.0.count', { debt, terms: { ...terms, phases: [{ kind: 'level', count: 601 }] } }, 'a whole number from 1 to 600'],
    ['terms.phases.0.count', { debt, terms: { ...terms, phases: [{ kind: 'level' }] } }, 'a whole number from 1 to 600'],
    ['means.reserve', { means: { incomes: [], expenses: [], otherDebts: [] } }, 'an object'],
  ])('%s is named with its bound', (path, document, bound) => {
    expect(answer(document)).toEqual({ refused: { code: 'input.invalid', fields: [{ path, bound }] } });
  });
  test('whatever is not in the format is said with its path and bound, and nothing throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything({ maxDepth: 4 }),
          fc.record({ debt: fc.anything(), terms: fc.anything() }),
          plans.chain(({ debt: known, terms: some }) =>
            fc.record({
              debt: fc.constant(known),
              terms: fc.record({
                ...Object.fromEntries(Object.entries(some).map(([key, value]) => [key, fc.oneof(fc.constant(value), fc.anything())])),
              }),
            }),
          ),
        ),
        (document) => {
          const result = answer(document);
          if ('refused' in result && result.refused.code === 'input.invalid') {
            for (const { path, bound } of result.refused.fields) expect([typeof path, bound.length > 0]).toEqual(['string', true]);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});

test('the yardstick pays what is affordable, never more, until all is paid; a plan is held month by month, not on average', () => {
  const means = {
    incomes: [{ kind: 'gig', amount: 300_000, every: 'month' as const }],
    expenses: [{ kind: 'food', amount: 200_000, every: 'month' as const }],
    otherDebts: [],
    reserve: { sharePpm: 100_000, floor: 20_000 },
    changes: [{ from: '2027-03-01', direction: 'more' as const, amount: 100_000 }],
  };
  const debt: Debt = { asOf: '2026-11-24', currency: 'CNY', principal: 1_000_000, interest: 0, penalty: 0, fees: 0 };
  const neutral = yardstick(debt, means, '2026-11-24');
  expect(neutral?.terms.phases).toEqual([
    { kind: 'fixed', amount: 80_000, count: 3 },
    { kind: 'fixed', amount: 180_000, count: 5 },
  ]);
  expect(neutral?.schedule.totals.lastDue).toBe('2027-07-24');
  const steady = schedule(debt, { ...(neutral?.terms as Terms), phases: [{ kind: 'level', count: 10 }] });
  if (!worked(steady)) throw new Error('refused');
  const held = hold(steady, 'month', means);
  expect(held.misses.map(({ no, over }) => [no, over])).toEqual([
    [1, 20_000],
    [2, 20_000],
    [3, 20_000],
  ]);
  expect(yardstick(debt, { ...means, incomes: [], changes: [] }, '2026-11-24')).toBeNull();
});
