import { describe, expect, test } from 'vitest';
import { LPR_ONE_YEAR } from '../../worker/plan/law/china.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { inForce, isStale, type Jurisdiction, marks, outsideHours, valueOn } from '../../worker/plan/law/jurisdiction.ts';

const china: Jurisdiction = lawOf({ jurisdiction: 'CN' });
const ids = (rate: { per: 'year' | 'month' | 'day'; ppm: number }, instalments: number, on: string) =>
  marks(china, { rate, instalments }, on).map(({ rule }) => rule.id);

describe('mainland China', () => {
  test('every rule names its source, its dates and its meaning in both languages', () => {
    for (const { id, source, text, from } of china.rules) {
      for (const both of [source, text]) expect([both.zh.length > 5, both.en.length > 5], id).toEqual([true, true]);
      expect(from).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
    expect(china.asOf >= (LPR_ONE_YEAR.at(-1)?.from ?? '')).toBe(true);
  });
  test('the LPR is the one of the day', () => {
    expect(valueOn(LPR_ONE_YEAR, '2020-08-20')).toBe(38_500);
    expect(valueOn(LPR_ONE_YEAR, '2024-10-20')).toBe(33_500);
    expect(valueOn(LPR_ONE_YEAR, '2024-10-21')).toBe(31_000);
    expect(valueOn(LPR_ONE_YEAR, '2019-08-19')).toBeNull();
  });
  test('four times the LPR, the 24 % line and 60 instalments are marked when they are passed, not when they are met', () => {
    expect(ids({ per: 'year', ppm: 120_000 }, 60, '2026-11-24')).toEqual([]);
    expect(ids({ per: 'year', ppm: 120_001 }, 60, '2026-11-24')).toEqual(['private-lending-cap']);
    expect(ids({ per: 'month', ppm: 20_001 }, 61, '2026-11-24')).toEqual([
      'private-lending-cap',
      'consumer-finance-line',
      'card-instalments',
    ]);
    expect(ids({ per: 'day', ppm: 658 }, 1, '2026-11-24')).toEqual(['private-lending-cap', 'consumer-finance-line']);
  });
  test('rules are in force from their day on', () => {
    expect(inForce(china, '2025-02-27').map(({ id }) => id)).not.toContain('contact-hours');
    expect(inForce(china, '2025-02-28').map(({ id }) => id)).toContain('contact-hours');
  });
  test('each topic has its rules, and a table that was not looked at for a season says so', () => {
    for (const topic of ['plan', 'debt', 'contact'] as const) expect(inForce(china, '2026-11-24', topic).length).toBeGreaterThan(0);
    expect(inForce(china, '2026-11-24', 'contact').map(({ id }) => id)).toEqual(['contact-hours']);
    expect([isStale(china, china.asOf), isStale(china, '2026-11-24')]).toEqual([false, true]);
  });
  test.each([
    [8 * 60 - 1, true],
    [8 * 60, false],
    [22 * 60 - 1, false],
    [22 * 60, true],
  ])('a call at minute %i is outside the hours: %s', (minute, outside) =>
    expect(outsideHours(china, minute, '2026-11-24') !== null).toBe(outside),
  );
});
