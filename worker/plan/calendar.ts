import { MAX_INSTALMENTS, MAX_PAUSED } from './format.ts';

/**
 * Calendar dates without a zone, as `YYYY-MM-DD` outside and as a day number (days since 1970-01-01) inside.
 * The conversions are those of the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
 */

export type Period = 'month' | 'fortnight' | 'week';

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days of `month` (1 to 12) in `year`. */
function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** Whether `text` is a date that exists, from 1900-01-01 to 2999-12-31. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1900 && year < 3000 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** The day number of a date that `isDate` accepts. */
export function dayNumber(date: string): number {
  return fromParts(digits(date, 0, 4), digits(date, 5, 7), digits(date, 8, 10));
}

/** The number that stands in `text` from one place to before another; nothing is sliced off for it, as dates are read all the time. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

function fromParts(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** The date of a day number. */
function dateOf(days: number): string {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  return format(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

/** `-01` to `-31`: most of the time of a schedule would go into padding. */
const PADDED = Array.from({ length: 32 }, (_, i) => `-${String(i).padStart(2, '0')}`);

function format(year: number, month: number, day: number): string {
  return `${year < 1000 ? String(year).padStart(4, '0') : year}${PADDED[month]}${PADDED[day]}`;
}

/** `date` plus whole months; the day is kept and clamped at month end (31 Jan + 1 = 28 Feb, + 2 = 31 Mar). */
export function addMonths(date: string, months: number): string {
  const index = digits(date, 0, 4) * 12 + digits(date, 5, 7) - 1 + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  return format(year, month, Math.min(digits(date, 8, 10), daysInMonth(year, month)));
}

/** Whole months from one day to another, rounded up. */
export function monthsUntil(from: string, to: string): number {
  const month = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  const months = Math.max(0, month(to) - month(from));
  return addMonths(from, months) < to ? months + 1 : months;
}

export function addDays(date: string, days: number): string {
  return dateOf(dayNumber(date) + days);
}

/** Due date k periods after `first` (rule 2 of the plan format). */
export function dueDate(first: string, every: Period, k: number): string {
  return every === 'month' ? addMonths(first, k) : addDays(first, k * (every === 'week' ? 7 : 14));
}

/** The due dates from one first date on, with their day numbers, worked out as far as they were asked for. */
export class DueDates {
  readonly texts: string[] = [];
  readonly days: number[] = [];
  private readonly first: string;
  private readonly every: Period;

  private constructor(first: string, every: Period) {
    this.first = first;
    this.every = every;
  }

  /** Plans are tried over and over on the same dates: the lists of the last few are kept. */
  static of(first: string, every: Period): DueDates {
    for (const one of recent) if (one.first === first && one.every === every) return one;
    const made = new DueDates(first, every);
    recent.unshift(made);
    if (recent.length > KEPT) recent.pop();
    return made;
  }

  /** Sees to it that `texts` and `days` hold the first `count` periods. */
  reach(count: number): this {
    // A list longer than a plan can be is not kept.
    if (count > KEPT_PERIODS && recent.includes(this)) recent.splice(recent.indexOf(this), 1);
    for (let k = this.texts.length; k < count; k++) {
      const text = dueDate(this.first, this.every, k);
      this.texts.push(text);
      this.days.push(dayNumber(text));
    }
    return this;
  }
}

const KEPT = 8;
const KEPT_PERIODS = MAX_INSTALMENTS + MAX_PAUSED;
const recent: DueDates[] = [];

/** Whole days from `a` to `b`, negative where `b` is earlier. */
export function daysBetween(a: string, b: string): number {
  return dayNumber(b) - dayNumber(a);
}
