import { addDays, dayNumber } from '../calendar.ts';

/**
 * Working days of a place. Statutory holidays are moved every year, with weekends that are worked instead, and are published for one year at a time: a year
 * that has not been published is a state of its own, and no day of it is taken for a working day.
 */

/** The days off of a year, weekends apart, and the weekends that are worked. `[from, to]`, both included. */
export type YearOfHolidays = { year: number; source: string; off: readonly (readonly [string, string])[]; worked: readonly string[] };

export type Holidays = readonly YearOfHolidays[];

/** What a day is; `unpublished` where the holidays of its year are not known. */
export type DayKind = 'working' | 'off' | 'unpublished';

export function dayKind(holidays: Holidays, date: string): DayKind {
  const year = holidays.find((one) => date.startsWith(`${one.year}-`));
  if (!year) return 'unpublished';
  if (year.worked.includes(date)) return 'working';
  if (year.off.some(([from, to]) => from <= date && date <= to)) return 'off';
  return isWeekend(date) ? 'off' : 'working';
}

/**
 * The day that is so many working days later. `earliest` is set where the count runs into a year whose holidays are not published: then `date` is reached if
 * no weekday of that year is off, and not before.
 */
export type WorkingDay = { date: string; earliest: boolean };

export function addWorkingDays(holidays: Holidays, date: string, days: number): WorkingDay {
  let [day, left, earliest] = [date, days, false];
  while (left > 0) {
    day = addDays(day, 1);
    const kind = dayKind(holidays, day);
    if (kind === 'unpublished') earliest = true;
    if (kind === 'working' || (kind === 'unpublished' && !isWeekend(day))) left -= 1;
  }
  return { date: day, earliest };
}

/** Working days after a date, up to another: as many as `addWorkingDays` adds to come there. In a year that is not published each weekday counts. */
export function workingDaysBetween(holidays: Holidays, from: string, to: string): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    const kind = dayKind(holidays, day);
    if (kind === 'working' || (kind === 'unpublished' && !isWeekend(day))) count += 1;
  }
  return count;
}

/** The first working day from a date on: where a due date falls on a holiday, the day to which people may look. */
export function workingDayFrom(holidays: Holidays, date: string): WorkingDay {
  const kind = dayKind(holidays, date);
  if (kind === 'working') return { date, earliest: false };
  if (kind === 'unpublished' && !isWeekend(date)) return { date, earliest: true };
  return addWorkingDays(holidays, date, 1);
}

/** The last day of so many calendar days after a date; where that is a day off, the first working day after it (Civil Code, art. 203). */
export const lastDay = (holidays: Holidays, from: string, days: number): WorkingDay => workingDayFrom(holidays, addDays(from, days));

/** More days than all weekdays together on which statutory holidays of one year can fall: in no year that was published were they more than 19. */
const UNPUBLISHED_AT_MOST = 31;

/** The last day of a term that may yet be later, as its year is not published: by the end of it the term is over, whatever is published. */
export const latest = ({ date, earliest }: WorkingDay): string => (earliest ? addDays(date, UNPUBLISHED_AT_MOST) : date);

/** Day 0 of the calendar's count was a Thursday. */
const isWeekend = (date: string) => [2, 3].includes(((dayNumber(date) % 7) + 7) % 7);
