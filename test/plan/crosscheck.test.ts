import fc from 'fast-check';
import { ipmt, pmt, ppmt } from 'financial';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import xirr from 'xirr';
import { formatAmount, parseAmount, plainAmount } from '../../worker/plan/amount.ts';
import { addDays, addMonths, dayNumber, daysBetween } from '../../worker/plan/calendar.ts';
import { divideDown, divideRounded, scale } from '../../worker/plan/exact.ts';
import { presentValue } from '../../worker/plan/present-value.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { upperAmount } from '../../worker/plan/upper.ts';

/** The engine beside independent libraries, over random inputs, within what their floating point can tell. */

const terms = (n: number, ppm: number): Terms => ({
  start: '2026-01-01',
  firstDue: '2026-02-01',
  every: 'month',
  rate: { per: 'month', ppm },
  interestOn: 'principal',
  dayCount: 'period',
  waive: {},
  upfront: null,
  phases: [{ kind: 'level', count: n }],
});
const debt = (principal: number) => ({ asOf: '2026-01-01', currency: 'CNY' as const, principal, interest: 0, penalty: 0, fees: 0 });
const principal = fc.integer({ min: 100_000, max: 100_000_000 });
const months = fc.integer({ min: 2, max: 120 });
const rate = fc.integer({ min: 500, max: 30_000 });

function level(owed: number, n: number, ppm: number) {
  const worked = schedule(debt(owed), terms(n, ppm));
  if ('refused' in worked) throw new Error(worked.refused.code);
  return worked;
}

test('level instalments against financial.pmt, interest and principal of each period against ipmt and ppmt', () => {
  fc.assert(
    fc.property(principal, months, rate, (owed, n, ppm) => {
      const { rows } = level(owed, n, ppm);
      const float = -pmt(ppm / 1e6, n, owed);
      // The smallest whole amount lies within rounding of the annuity: half a 分 a period, grown at interest.
      expect(Math.abs((rows[0]?.payment ?? 0) - float)).toBeLessThanOrEqual(1.5);
      const third = Math.min(3, n - 1);
      expect(Math.abs((rows[third - 1]?.interest ?? 0) + ipmt(ppm / 1e6, third, n, owed))).toBeLessThanOrEqual(2);
      expect(Math.abs((rows[third - 1]?.principal ?? 0) + ppmt(ppm / 1e6, third, n, owed))).toBeLessThanOrEqual(4);
    }),
    { numRuns: 10_000 },
  );
});

test('the annual rate against the package xirr', () => {
  fc.assert(
    fc.property(principal, months, rate, (owed, n, ppm) => {
      const { rows, totals } = level(owed, n, ppm);
      const flows = [
        { amount: -owed, when: new Date('2026-01-01T00:00:00Z') },
        ...rows.map(({ payment, due }) => ({ amount: payment, when: new Date(`${due}T00:00:00Z`) })),
      ];
      // xirr counts years of 365 days; it works to about nine digits.
      expect(Math.abs(totals.annualRatePpm - xirr(flows) * 1e6)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 1_000 },
  );
});

test('months and days against Temporal', () => {
  const date = fc.integer({ min: 0, max: 60_000 }).map((days) => new Temporal.PlainDate(1970, 1, 1).add({ days }));
  fc.assert(
    fc.property(date, fc.integer({ min: -700, max: 700 }), date, (from, by, to) => {
      expect(addMonths(from.toString(), by)).toBe(from.add({ months: by }, { overflow: 'constrain' }).toString());
      expect(addDays(from.toString(), by)).toBe(from.add({ days: by }).toString());
      expect(daysBetween(from.toString(), to.toString())).toBe(from.until(to, { largestUnit: 'day' }).days);
      expect(dayNumber(to.toString()) - dayNumber(from.toString())).toBe(daysBetween(from.toString(), to.toString()));
    }),
    { numRuns: 10_000 },
  );
});

test('present value against its formula in floating point', () => {
  fc.assert(
    fc.property(principal, months, fc.integer({ min: 0, max: 500_000 }), (owed, n, ppm) => {
      const worked = level(owed, n, 10_000);
      const float = worked.rows.reduce(
        (sum, { due, payment }) => sum + payment * (1 + ppm / 1e6) ** (-daysBetween('2026-01-01', due) / 365),
        0,
      );
      expect(Math.abs(presentValue(worked, '2026-01-01', ppm) - float)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2_000 },
  );
});

describe('exact arithmetic against BigInt', () => {
  const whole = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 1_000_000_000_000 }));
  test('scale rounds half up, whatever the size', () => {
    fc.assert(
      fc.property(whole, fc.nat(1_000_000_000), fc.integer({ min: 1, max: 365_000_000_000 }), (value, num, den) => {
        const exact = (2n * BigInt(value) * BigInt(num) + BigInt(den)) / (2n * BigInt(den));
        if (exact <= BigInt(Number.MAX_SAFE_INTEGER)) expect(BigInt(scale(value, num, den))).toBe(exact);
        else expect(() => scale(value, num, den)).toThrow();
      }),
      { numRuns: 20_000 },
    );
  });
  test('scale on the very border, where floating point alone would be one off', () => {
    const den = fc.oneof(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 365_000_000 }),
      fc.constantFrom(12_000_000, 365_000_000),
    );
    let off = 0;
    fc.assert(
      fc.property(den, fc.double({ min: 0, max: 1, noNaN: true }), (by, share) => {
        // The largest product that rounds to k, and the next one, which rounds to k + 1.
        const k = Math.max(1, Math.floor((2 ** 51 / by - 2) * share));
        const last = k * by + Math.ceil(by / 2) - 1;
        expect([scale(last, 1, by), scale(last + 1, 1, by)]).toEqual([k, k + 1]);
        if (Math.floor((last + 1 + by / 2) * (1 / by)) !== k + 1) off++;
      }),
      { numRuns: 20_000 },
    );
    expect(off).toBeGreaterThan(100);
  });
  test('division down and rounded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.integer({ min: 1, max: 1_000_000_000 }), (a, b) => {
        const [n, d] = [BigInt(a), BigInt(b)];
        expect(BigInt(divideDown(a, b))).toBe(n / d);
        expect(BigInt(divideRounded(a, b))).toBe((2n * n + d) / (2n * d));
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('amounts as people type and read them', () => {
  test.each([
    ['1,2345.67', 1_234_567],
    ['12345.67元', 1_234_567],
    ['１２３４５', 1_234_500],
    ['1.2万', 1_200_000],
    ['¥ 8,000', 800_000],
    ['0.005', null],
    ['-5', null],
    ['1e5', null],
    ['', null],
    ['一千', null],
    ['1.2.3', null],
    ['99999999999999999', null],
  ])('%s is %s', (typed, fen) => expect(parseAmount(typed)).toBe(fen));
  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (fen) => {
        expect(parseAmount(plainAmount(fen))).toBe(fen);
        expect(parseAmount(formatAmount(fen))).toBe(fen);
      }),
    );
  });
  test.each([
    [1_234_567, '壹万贰仟叁佰肆拾伍元陆角柒分'],
    [10_000, '壹佰元整'],
    [5, '伍分'],
    [100_000_000, '壹佰万元整'],
  ])('%i in capitals is %s', (fen, text) => expect(upperAmount(fen)).toBe(text));
});
