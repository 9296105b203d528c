import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MORNING } from '../../worker/negotiation/arrears.ts';
import { daysBetween } from '../../worker/plan/calendar.ts';
import { lawAnswer } from '../../worker/plan/law/answer.ts';
import { LPR_ONE_YEAR } from '../../worker/plan/law/china.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import {
  inForce,
  isStale,
  type Jurisdiction,
  LENDER_KINDS,
  type LenderKind,
  outsideHours,
  TOPICS,
  valueOn,
} from '../../worker/plan/law/jurisdiction.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Terms } from '../../worker/plan/terms.ts';
import { totalCostPpm } from '../../worker/plan/total-cost.ts';
import { plans } from './arbitraries.ts';

const china: Jurisdiction = lawOf({ jurisdiction: 'CN' });
const debt: Debt = { asOf: '2026-09-01', currency: 'CNY', principal: 1_000_000, interest: 0, penalty: 0, fees: 0 };
const terms: Terms = {
  start: '2026-09-01',
  firstDue: '2026-10-01',
  every: 'month',
  rate: { per: 'year', ppm: 120_000 },
  interestOn: 'principal',
  dayCount: 'period',
  waive: {},
  upfront: null,
  phases: [{ kind: 'level', count: 12 }],
};

type Asked = {
  kind: LenderKind | null;
  product?: string;
  contractDate?: string;
  on?: string;
  rate?: Terms['rate'];
  count?: number;
  owed?: Partial<Debt>;
};

function asked({ kind, product, contractDate, on = '2026-09-01', rate = terms.rate, count = 12, owed = {} }: Asked) {
  const found = lawAnswer({
    lenderKind: kind,
    ...(product ? { product } : {}),
    ...(contractDate ? { contractDate } : {}),
    on,
    debt: { ...debt, ...owed },
    terms: { ...terms, rate, phases: [{ kind: 'level', count }] },
  });
  if ('refused' in found) throw new Error(JSON.stringify(found));
  return { marks: found.marks.map(({ rule, limit }) => [rule, limit]), unknown: found.unknown.map(({ rule, missing }) => [rule, missing]) };
}

describe('mainland China', () => {
  test('every rule names its source, its dates and its meaning in both languages, once', () => {
    expect(new Set(china.rules.map(({ id }) => id)).size).toBe(china.rules.length);
    for (const { id, source, text, from } of china.rules) {
      for (const both of [source, text]) expect([both.zh.length > 5, both.en.length > 5], id).toEqual([true, true]);
      expect(from).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
    expect(china.asOf >= (LPR_ONE_YEAR.values.at(-1)?.from ?? '')).toBe(true);
  });
  test('the LPR is the one of the day, and of no day that has not been looked at', () => {
    expect(valueOn(LPR_ONE_YEAR, '2020-08-20')).toBe(38_500);
    expect(valueOn(LPR_ONE_YEAR, '2024-10-20')).toBe(33_500);
    expect(valueOn(LPR_ONE_YEAR, '2024-10-21')).toBe(31_000);
    expect(valueOn(LPR_ONE_YEAR, '2019-08-19')).toBeNull();
    expect([valueOn(LPR_ONE_YEAR, '2026-10-19'), valueOn(LPR_ONE_YEAR, '2026-10-20')]).toEqual([30_000, null]);
  });
  test('the cap of private lending is that of the contract, for private lenders alone, and is passed, not met', () => {
    const capped = (rate: number, contractDate: string) => asked({ kind: 'private', contractDate, rate: { per: 'year', ppm: rate } }).marks;
    expect(capped(154_000, '2021-06-01')).toEqual([]);
    expect(capped(154_001, '2021-06-01')).toEqual([['private-lending-cap', 154_000]]);
    // Today's LPR is 3.0 %: the plan of a loan from 2021 is not held against it.
    expect(capped(120_001, '2021-06-01')).toEqual([]);
    expect(capped(120_001, '2025-06-01')).toEqual([['private-lending-cap', 120_000]]);
    for (const kind of LENDER_KINDS.filter((one) => one !== 'private')) {
      const { marks, unknown } = asked({ kind, contractDate: '2021-06-01', rate: { per: 'year', ppm: 200_000 } });
      expect([kind, marks, unknown]).toEqual([kind, [], []]);
    }
  });
  test.each([
    // From before there was an LPR, from the day on which there was one, and the last day of the older rule: four times the LPR of the day on which it is asked.
    ['2018-06-01', 120_000],
    ['2019-08-19', 120_000],
    ['2019-08-20', 120_000],
    ['2020-08-19', 120_000],
    // From the new rule on: four times that of the contract.
    ['2020-08-20', 154_000],
    ['2020-12-31', 154_000],
    ['2021-01-01', 154_000],
  ])('the cap of a contract of %s is %i (art. 31)', (contractDate, limit) => {
    const found = (ppm: number) => asked({ kind: 'private', contractDate, rate: { per: 'year', ppm } });
    expect(found(limit)).toEqual({ marks: [], unknown: [] });
    expect(found(limit + 1)).toEqual({ marks: [['private-lending-cap', limit]], unknown: [] });
    // The LPR of the day is asked for where it counts, and there alone.
    expect(asked({ kind: 'private', contractDate, on: '2026-11-24' }).unknown).toEqual(
      limit === 120_000 ? [['private-lending-cap', 'value']] : [],
    );
  });
  test('what may have run under the older rule cannot be compared; what passes neither line is not in doubt', () => {
    const older = (rest: Partial<Asked>) =>
      asked({ kind: 'private', contractDate: '2020-08-19', rate: { per: 'year', ppm: 100_000 }, ...rest });
    const unsure = { marks: [], unknown: [['private-lending-cap', 'accrued']] };
    expect(older({ owed: { penalty: 100_000 } })).toEqual(unsure);
    expect(older({ owed: { fees: 100_000 } })).toEqual(unsure);
    expect(older({ owed: { penalty: 1 } })).toEqual({ marks: [], unknown: [] });
    expect(older({ owed: { interest: 500_000 } })).toEqual({ marks: [], unknown: [] });
    const begun = (start: string, ppm: number) =>
      lawAnswer({
        lenderKind: 'private',
        contractDate: '2019-09-01',
        on: '2026-09-01',
        debt,
        terms: { ...terms, start, firstDue: '2020-10-01', rate: { per: 'year', ppm } },
      });
    expect(begun('2020-08-19', 130_000)).toEqual({ marks: [], unknown: [{ rule: 'private-lending-cap', missing: 'accrued' }] });
    expect(begun('2020-08-20', 130_000)).toMatchObject({ marks: [{ rule: 'private-lending-cap', limit: 120_000, measured: 130_000 }] });
    expect(begun('2020-08-19', 120_000)).toEqual({ marks: [], unknown: [] });
  });
  test('penalty and fees count together with the interest of a private loan', () => {
    const at = { kind: 'private', contractDate: '2021-06-01', rate: { per: 'year', ppm: 100_000 } } as const;
    expect(asked(at).marks).toEqual([]);
    expect(asked({ ...at, owed: { penalty: 100_000 } }).marks).toEqual([['private-lending-cap', 154_000]]);
    expect(asked({ ...at, owed: { fees: 100_000 } }).marks).toEqual([['private-lending-cap', 154_000]]);
    expect(asked({ ...at, owed: { penalty: 1 } }).marks).toEqual([]);
  });
  test('the 24 % line is of licensed lenders, and holds all charges together', () => {
    for (const kind of ['bank-card', 'bank-loan', 'consumer-finance', 'microloan', 'other-local'] as const) {
      const at = (ppm: number, owed: Partial<Debt> = {}) =>
        asked({ kind, contractDate: '2024-01-01', rate: { per: 'year', ppm }, owed }).marks;
      expect(at(200_000)).toEqual([]);
      expect(at(240_000)).toEqual([['consumer-finance-line', 240_000]]);
      expect(at(0, { penalty: 100_000, fees: 50_000 })).toEqual([['consumer-finance-line', 240_000]]);
    }
    expect(asked({ kind: 'private', contractDate: '2024-01-01', rate: { per: 'year', ppm: 100_000 } }).marks).toEqual([]);
  });
  test('a card runs for sixty months, counted in time; nobody else’s plan is held to it', () => {
    const runs = (kind: LenderKind, count: number) => asked({ kind, contractDate: '2024-01-01', rate: { per: 'year', ppm: 0 }, count });
    expect(runs('bank-card', 60).marks).toEqual([]);
    expect(runs('bank-card', 61).marks).toEqual([['card-instalments', 60]]);
    expect(runs('bank-loan', 61).marks).toEqual([]);
    const weekly = lawAnswer({
      lenderKind: 'bank-card',
      on: '2026-09-01',
      debt,
      terms: { ...terms, every: 'week', firstDue: '2026-09-08', rate: { per: 'year', ppm: 0 }, phases: [{ kind: 'level', count: 200 }] },
    });
    expect(weekly).toEqual({ marks: [], unknown: [] });
  });
  test('newer rules are about newer contracts, and about the product that they name', () => {
    const at = (kind: LenderKind, contractDate: string | undefined, product?: string) =>
      asked({ kind, ...(contractDate ? { contractDate } : {}), ...(product ? { product } : {}), rate: { per: 'year', ppm: 300_000 } });
    expect(at('microloan', '2026-01-01').marks.map(([rule]) => rule)).toEqual(['consumer-finance-line', 'microloan-cost']);
    expect(at('microloan', '2025-06-01').marks.map(([rule]) => rule)).toEqual(['consumer-finance-line']);
    expect(at('microloan', undefined).unknown).toEqual([['microloan-cost', 'contractDate']]);
    expect(at('bank-loan', '2026-01-01', 'assisted').marks.map(([rule]) => rule)).toEqual(['consumer-finance-line', 'assisted-loan-cost']);
    expect(at('bank-loan', '2026-01-01', 'constructor').marks.map(([rule]) => rule)).toEqual(['consumer-finance-line']);
  });
  test('what is not known is said, never guessed', () => {
    expect(asked({ kind: null, rate: { per: 'year', ppm: 900_000 } })).toEqual({
      marks: [],
      unknown: [
        ['private-lending-cap', 'lenderKind'],
        ['consumer-finance-line', 'lenderKind'],
        ['microloan-cost', 'lenderKind'],
        ['card-instalments', 'lenderKind'],
      ],
    });
    expect(asked({ kind: 'private' }).unknown).toEqual([['private-lending-cap', 'contractDate']]);
    expect(asked({ kind: 'private', contractDate: '2026-10-21', on: '2026-11-24' }).unknown).toEqual([['private-lending-cap', 'value']]);
    expect(asked({ kind: 'bank-loan', owed: { principal: 0, fees: 1_000_000 } }).unknown).toEqual([['consumer-finance-line', 'principal']]);
  });
  test('documents outside the format name the field; a table that is not there is said', () => {
    expect(lawAnswer({ lenderKind: 'bank', on: '2026-09-01', debt, terms })).toMatchObject({
      refused: { fields: [{ path: 'lenderKind' }] },
    });
    expect(lawAnswer({ lenderKind: 'private', on: '2026-02-30', debt, terms })).toMatchObject({ refused: { fields: [{ path: 'on' }] } });
    expect(lawAnswer({ jurisdiction: 'XX', lenderKind: 'private', on: '2026-09-01', debt, terms })).toEqual({
      refused: { code: 'jurisdiction.unknown' },
    });
    expect(lawAnswer({ lenderKind: 'private', on: '2026-09-01', debt: { ...debt, principal: 0 }, terms })).toEqual({
      refused: { code: 'debt.nothing-owed' },
    });
  });
  test('rules are in force from their day on, and those about other lenders are not shown', () => {
    expect(inForce(china, '2025-02-27').map(({ id }) => id)).not.toContain('contact-hours');
    expect(inForce(china, '2025-02-28').map(({ id }) => id)).toContain('contact-hours');
    const shown = (lenderKind: LenderKind | null) =>
      inForce(china, '2026-11-24', 'plan', { lenderKind, contractDate: '2024-01-01' }).map(({ id }) => id);
    expect(shown('bank-loan')).not.toContain('private-lending-cap');
    expect(shown('private')).not.toContain('consumer-finance-line');
    expect(shown(null)).toEqual(expect.arrayContaining(['private-lending-cap', 'consumer-finance-line', 'limitation']));
  });
  test('each topic has its rules, and a table that was not looked at for a season says so', () => {
    for (const topic of TOPICS) expect(inForce(china, '2026-11-24', topic).length, topic).toBeGreaterThan(0);
    expect([isStale(china, china.asOf), isStale(china, '2026-12-21')]).toEqual([false, true]);
  });
  test('what the portal sends in the morning is sent within the hours', () =>
    expect(outsideHours(china, Number(MORNING.slice(0, 2)) * 60 + Number(MORNING.slice(3)), '2026-11-24')).toBeNull());
  test.each([
    [8 * 60 - 1, true],
    [8 * 60, false],
    [22 * 60 - 1, false],
    [22 * 60, true],
  ])('a call at minute %i is outside the hours: %s', (minute, outside) =>
    expect(outsideHours(china, minute, '2026-11-24') !== null).toBe(outside),
  );
});

describe('the total cost', () => {
  /** By halving, in floating point: another way to the same figure. */
  function halved(rows: readonly { due: string; payment: number }[], start: string, principal: number): number {
    const worth = (rate: number) =>
      rows.reduce((sum, { due, payment }) => sum + payment / (1 + rate) ** (daysBetween(start, due) / 365), 0);
    let [low, high] = [0, 1];
    while (worth(high) > principal && high < 1e9) high *= 2;
    for (let i = 0; i < 200; i++) {
      const middle = (low + high) / 2;
      if (worth(middle) > principal) low = middle;
      else high = middle;
    }
    return low * 1e6;
  }

  test('is what halving finds, for any plan', () => {
    fc.assert(
      fc.property(plans, ({ debt: owed, terms: of }) => {
        const made = schedule(owed, of);
        if ('refused' in made) return;
        const principal = owed.principal - (of.waive.principal ?? 0);
        const cost = totalCostPpm(made, owed, of);
        if (principal <= 0) expect(cost).toBeNull();
        else if (made.totals.paid <= principal) expect(cost).toBe(0);
        else {
          const near = halved(made.rows, of.start, principal);
          if (near < 1e12) expect(Math.abs((cost ?? 0) - near)).toBeLessThan(1 + near * 1e-9);
        }
      }),
      { numRuns: 1_000 },
    );
  });
  test('is the annual rate where nothing but principal is owed, and never below it', () => {
    fc.assert(
      fc.property(plans, ({ debt: owed, terms: of }) => {
        const made = schedule(owed, of);
        if ('refused' in made) return;
        const cost = totalCostPpm(made, owed, of);
        if (cost !== null) expect(cost).toBeGreaterThanOrEqual(made.totals.annualRatePpm);
        if (owed.interest === 0 && owed.penalty === 0 && owed.fees === 0 && cost !== null) expect(cost).toBe(made.totals.annualRatePpm);
      }),
    );
  });
});
