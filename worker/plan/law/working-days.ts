import { addDays, dayNumber } from '../calendar.ts';

/**
 * Working days of a place. Statutory holidays are moved every year, with weekends that are worked instead, and are published for one year at a time: a year
 * that has not been published is a state of its own, and no day of it is taken for a working day.
 */

/** The days off of a year, weekends apart, and the weekends that are worked. `[from, to]`, both included. */
export type YearOfHolidays = { year: number; source: string; off: readonly (readonly [string, string])[]; worked: readonly string[] };

/** A stretch of a year (`MM-DD`, both included) in which a holiday can stand, and how many weekdays it can take. */
export type PossibleHoliday = { from: string; to: string; weekdays: number };

/** The years that are published; and of every other where holidays can stand, and how many weekdays of it one can take where none of these does. */
export type Holidays = { years: readonly YearOfHolidays[]; unpublished: readonly PossibleHoliday[]; elsewhere: number };

/** What a day is; `unpublished` where the holidays of its year are not known. */
export type DayKind = 'working' | 'off' | 'unpublished';

export function dayKind({ years }: Holidays, date: string): DayKind {
  const year = years.find((one) => date.startsWith(`${one.year}-`));
  if (!year) return 'unpublished';
  if (year.worked.includes(date)) return 'working';
  if (year.off.some(([from, to]) => from <= date && date <= to)) return 'off';
  return isWeekend(date) ? 'off' : 'working';
}

/**
 * A day that is counted to. `earliest` is set where the count runs into a year whose holidays are not published: then `date` is the first day that it can be, and
 * `latest` the last, as far as holidays can stand where it runs. Whose time it is reads `date`, so that nobody is told of more than they surely have; that it
 * is over, `latest` alone tells. Where all is published they are one day.
 */
export type WorkingDay = { date: string; earliest: boolean; latest: string };

/** The day that is so many working days later; the first that it can be takes each weekday of an unpublished year for worked, and each weekend for off. */
export function addWorkingDays(holidays: Holidays, date: string, days: number): WorkingDay {
  let earliest = false;
  const first = counted(date, days, (day) => {
    const kind = dayKind(holidays, day);
    if (kind === 'unpublished') earliest = true;
    return kind === 'working' || (kind === 'unpublished' && !isWeekend(day));
  });
  return { date: first, earliest, latest: earliest ? latestOf(holidays, date, days) : first };
}

/** The day on which so many days after a date have been worked. */
function counted(date: string, days: number, isWorked: (day: string) => boolean): string {
  let [day, left] = [date, days];
  while (left > 0) {
    day = addDays(day, 1);
    if (isWorked(day)) left -= 1;
  }
  return day;
}

/** The same where every holiday of an unpublished year stands in its way that can, each as long as it can be. */
function latestOf(holidays: Holidays, date: string, days: number): string {
  const taken = new Map<string, number>();
  const takes = (name: string, most: number) => {
    const before = taken.get(name) ?? 0;
    if (before < most) taken.set(name, before + 1);
    return before < most;
  };
  const canBeOff = (day: string) => {
    const [year, on] = [day.slice(0, 5), day.slice(5)];
    const here = holidays.unpublished.filter(({ from, to }) => from <= on && on <= to);
    return here.length > 0 ? here.some(({ from, weekdays }) => takes(year + from, weekdays)) : takes(year, holidays.elsewhere);
  };
  return counted(date, days, (day) => {
    const kind = dayKind(holidays, day);
    return kind === 'working' || (kind === 'unpublished' && !isWeekend(day) && !canBeOff(day));
  });
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

/**
 * The last day of so many calendar days after a date; where that is a day off, the first working day after it (Civil Code, art. 203). In a year that is not
 * published it can be that very day, a weekend's too, as it may be worked; and at the latest the one after the longest run of days off that can stand there.
 */
export function lastDay(holidays: Holidays, from: string, days: number): WorkingDay {
  const date = addDays(from, days);
  const kind = dayKind(holidays, date);
  if (kind === 'working') return { date, earliest: false, latest: date };
  if (kind === 'unpublished') return { date, earliest: true, latest: latestOf(holidays, addDays(date, -1), 1) };
  return addWorkingDays(holidays, date, 1);
}

/** Day 0 of the calendar's count was a Thursday. */
const isWeekend = (date: string) => [2, 3].includes(((dayNumber(date) % 7) + 7) % 7);
