import { describe, expect, test } from 'vitest';
import { addDays } from '../../worker/plan/calendar.ts';
import { HOLIDAYS } from '../../worker/plan/law/holidays.ts';
import { addWorkingDays, dayKind, workingDayFrom } from '../../worker/plan/law/working-days.ts';

/** Days of the week, as the platform tells them: a second opinion. */
const weekday = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay();

describe('the calendar of mainland China', () => {
  test('holidays are days of their year in order, and worked days are weekends that are no holiday', () => {
    for (const { year, off, worked } of HOLIDAYS) {
      const days = off.flatMap(([from, to]) => {
        const list: string[] = [];
        for (let day = from as string; day <= to; day = addDays(day, 1)) list.push(day);
        return list;
      });
      expect(days).toEqual([...new Set(days)].sort());
      for (const day of [...days, ...worked]) expect(day.startsWith(`${year}-`), day).toBe(true);
      for (const day of worked) {
        expect([0, 6], day).toContain(weekday(day));
        expect(days).not.toContain(day);
      }
    }
  });
  test('as many days are worked as the law has it: 248 in 2025 and in 2026', () => {
    for (const year of [2025, 2026]) {
      let working = 0;
      for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = addDays(day, 1)) if (dayKind(HOLIDAYS, day) === 'working') working += 1;
      expect([year, working]).toEqual([year, 248]);
    }
  });
  test.each([
    // Over Spring Festival 2026: 14 February is a Saturday that is worked, the 15th to the 23rd are off, the 28th is worked.
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-14', 1, '2026-02-24'],
    ['2026-02-13', 3, '2026-02-25'],
    ['2026-02-27', 1, '2026-02-28'],
    ['2025-01-25', 1, '2025-01-26'],
    ['2025-01-27', 1, '2025-02-05'],
    // Over National Day, with the Mid-Autumn Festival in 2025.
    ['2025-09-30', 1, '2025-10-09'],
    ['2026-09-18', 1, '2026-09-20'],
    ['2026-09-30', 3, '2026-10-10'],
    ['2026-03-06', 3, '2026-03-11'],
    ['2026-03-06', 0, '2026-03-06'],
  ])('from %s so many (%i) working days later is %s', (from, days, to) =>
    expect(addWorkingDays(HOLIDAYS, from, days)).toEqual({ date: to, earliest: false }),
  );
  test('a year that is not published is a state, never a working day that is taken for granted', () => {
    expect(dayKind(HOLIDAYS, '2027-01-04')).toBe('unpublished');
    expect(dayKind(HOLIDAYS, '2024-12-31')).toBe('unpublished');
    expect(addWorkingDays(HOLIDAYS, '2026-12-31', 1)).toEqual({ date: '2027-01-01', earliest: true });
    expect(addWorkingDays(HOLIDAYS, '2026-12-29', 2)).toEqual({ date: '2026-12-31', earliest: false });
    expect(workingDayFrom(HOLIDAYS, '2027-03-01')).toEqual({ date: '2027-03-01', earliest: true });
  });
  test('a due date on a holiday leads to the next working day', () => {
    expect(workingDayFrom(HOLIDAYS, '2026-10-01')).toEqual({ date: '2026-10-08', earliest: false });
    expect(workingDayFrom(HOLIDAYS, '2026-10-10')).toEqual({ date: '2026-10-10', earliest: false });
    expect(workingDayFrom(HOLIDAYS, '2026-10-11')).toEqual({ date: '2026-10-12', earliest: false });
  });
});
