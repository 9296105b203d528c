import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../worker/plan/calendar.ts';
import { HOLIDAYS } from '../../worker/plan/law/holidays.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { addWorkingDays, dayKind, lastDay, type WorkingDay, workingDaysBetween } from '../../worker/plan/law/working-days.ts';
import { dayOf, instantOf } from '../../worker/plan/law/zone.ts';

/** Days of the week, as the platform tells them: a second opinion. */
const weekday = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay();

/** A day that is known, as all of its calendar is published. */
const certain = (date: string): WorkingDay => ({ date, earliest: false, latest: date });
const unsure = (date: string, latest: string): WorkingDay => ({ date, earliest: true, latest });

describe('the calendar of mainland China', () => {
  test('holidays are days of their year in order, and worked days are weekends that are no holiday', () => {
    for (const { year, off, worked } of HOLIDAYS.years) {
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
    expect(addWorkingDays(HOLIDAYS, from, days)).toEqual(certain(to)),
  );
  test('a year that is not published is a state, never a working day that is taken for granted', () => {
    expect(dayKind(HOLIDAYS, '2027-01-04')).toBe('unpublished');
    expect(dayKind(HOLIDAYS, '2024-12-31')).toBe('unpublished');
    expect(addWorkingDays(HOLIDAYS, '2026-12-29', 2)).toEqual(certain('2026-12-31'));
    // New Year, and what may be given once in a year beside it.
    expect(addWorkingDays(HOLIDAYS, '2026-12-31', 1)).toEqual(unsure('2027-01-01', '2027-01-07'));
    // Sixty working days meet all that can stand up to the summer, and are no year away.
    expect(addWorkingDays(HOLIDAYS, '2026-12-31', 60)).toEqual(unsure('2027-03-25', '2027-04-14'));
  });
  test('a last day on a holiday is the next working day', () => {
    expect(lastDay(HOLIDAYS, '2026-09-16', 15)).toEqual(certain('2026-10-08'));
    expect(lastDay(HOLIDAYS, '2026-09-25', 15)).toEqual(certain('2026-10-10'));
    expect(lastDay(HOLIDAYS, '2026-09-26', 15)).toEqual(certain('2026-10-12'));
  });
});

/** A calendar day is put off by the days off that stand on it and on end with it, never by all holidays of a year. */
describe('the last day of so many calendar days, in a year that is not published', () => {
  test.each([
    // A Tuesday between New Year and any Spring Festival: a day that is given once, with one beside it.
    ['2027-01-12', '2027-01-14'],
    ['2027-07-14', '2027-07-16'],
    ['2027-07-15', '2027-07-19'],
    // A Saturday can be a working day by then, and is the last day in that case.
    ['2027-03-13', '2027-03-17'],
    ['2027-01-01', '2027-01-07'],
    // Where Spring Festival can stand: nine days on end.
    ['2027-02-01', '2027-02-10'],
    ['2027-10-01', '2027-10-13'],
  ])('%s is %s at the latest', (date, latest) => expect(lastDay(HOLIDAYS, addDays(date, -30), 30)).toEqual(unsure(date, latest)));

  /** The calendar with a year taken out of it, as it was before that was published. */
  const without = (year: number) => ({ ...HOLIDAYS, years: HOLIDAYS.years.filter((one) => one.year !== year) });

  test('whatever was published then: the real day was never before the earliest nor after the latest, of any day of two years', () => {
    for (const { year } of HOLIDAYS.years)
      for (let day = `${year}-01-01`; day <= `${year}-12-20`; day = addDays(day, 1)) {
        const real = lastDay(HOLIDAYS, addDays(day, -30), 30).date;
        const told = lastDay(without(year), addDays(day, -30), 30);
        expect([day, told.date <= real, real <= told.latest]).toEqual([day, true, true]);
        for (const days of [1, 3, 15]) {
          const end = addWorkingDays(HOLIDAYS, day, days);
          const { latest } = addWorkingDays(without(year), day, days);
          expect([day, days, end.earliest || end.date <= latest]).toEqual([day, days, true]);
        }
      }
  });
  test('no last day is put off by more than a fortnight', () => {
    for (let day = '2027-01-01'; day <= '2028-12-31'; day = addDays(day, 1)) {
      const { date, latest } = lastDay(HOLIDAYS, addDays(day, -30), 30);
      expect([day, date === day, latest > date && latest <= addDays(date, 15)]).toEqual([day, true, true]);
      expect([0, 6]).not.toContain(weekday(latest));
    }
  });
});

/** Who reads the last day that can be: what is over for certain; all else shows the first, so that nobody is told of more time than they have. */
describe('who is told which day', () => {
  const LATEST = {
    'worker/negotiation/complaint.ts': 'a complaint is late, told as unanswered and taken further once the lender had all its time',
    'worker/negotiation/completion.ts': 'the settlement letter is told as missing once it is late for certain',
    'worker/negotiation/confirmation.ts': 'confirmation is offered while a court may still take it; the day that is said is the first',
    'worker/negotiation/impasse.ts': 'an impasse is declared for want of an answer once it is late for certain',
    'worker/negotiation/milestones.ts': 'a lender’s answer counts as late in reports where it is for certain',
    'web/pages/complaints.tsx': 'who complained reads both days',
    'web/parts/before.tsx': 'a promise is marked as broken where it is for certain',
    'web/parts/case-item.tsx': 'the same in the borrower’s list',
    'web/telling/complaint.ts': 'whoever reads of the clock reads both days; that it is over, counted from the last',
  };
  test('the last that can be is read where something is over, and nowhere else', () => {
    const files = ['worker', 'web'].flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' }).flatMap((name) => (/\.tsx?$/.test(name) ? [`${root}/${name}`] : [])),
    );
    const reads = files.filter((file) => {
      const text = readFileSync(file, 'utf8');
      return (
        !file.startsWith('web/words/') &&
        /working-days\.ts|answerBy|promised|dayIn/.test(text) &&
        /\.latest\b|, latest \}|, latest \]/.test(text)
      );
    });
    expect(reads.filter((file) => !file.startsWith('worker/plan/law/')).sort()).toEqual(Object.keys(LATEST).sort());
  });
});

describe('working days between two days', () => {
  test.each([
    ['2026-02-13', '2026-02-14', 1],
    ['2026-02-14', '2026-02-23', 0],
    ['2026-02-13', '2026-02-25', 3],
    ['2026-02-27', '2026-03-02', 2],
    // Over new year, both of it published.
    ['2025-12-31', '2026-01-04', 1],
    ['2025-12-30', '2026-01-05', 3],
    // The same day, and one that is before.
    ['2026-03-06', '2026-03-06', 0],
    ['2026-03-06', '2026-03-02', 0],
    // Into a year that is not published: each weekday counts.
    ['2026-12-30', '2027-01-04', 3],
  ])('from %s to %s there are %i more', (from, to, days) => expect(workingDaysBetween(HOLIDAYS, from, to)).toBe(days));

  test('they are as many as lead there, of any day of the calendar', () => {
    for (let day = '2025-12-01'; day <= '2027-02-01'; day = addDays(day, 1))
      for (const days of [1, 3, 15]) {
        const to = addWorkingDays(HOLIDAYS, day, days).date;
        expect([day, workingDaysBetween(HOLIDAYS, day, to)]).toEqual([day, days]);
        expect([day, workingDaysBetween(HOLIDAYS, day, addDays(to, -1))]).toEqual([day, days - 1]);
      }
  });
  test('an answer at 23:59 of the place is of that day, and one at 00:00 of the next, whatever UTC says', () => {
    const answered = (at: string) =>
      workingDaysBetween(HOLIDAYS, dayOf(instantOf('2026-02-13T23:59', HOME.zone), HOME.zone), dayOf(instantOf(at, HOME.zone), HOME.zone));
    expect([answered('2026-02-13T23:59'), answered('2026-02-14T00:00')]).toEqual([0, 1]);
    expect([answered('2026-02-23T23:59'), answered('2026-02-24T00:00')]).toEqual([1, 2]);
  });
});
