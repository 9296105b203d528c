import type { Language } from '../../worker/plan/languages.ts';

/**
 * Calendar dates as they are read. Written out here and not by Intl, whose letters change with the version of its data ("Sept"): the same agreement reads the
 * same on the server, on an old phone and in ten years.
 */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const inMonth: Record<Language, (year: string, month: number) => string> = {
  zh: (year, month) => `${year}年${month}月`,
  en: (year, month) => `${MONTHS[month - 1]} ${year}`,
};

const onDay: Record<Language, (month: string, day: number) => string> = {
  zh: (month, day) => `${month}${day}日`,
  en: (month, day) => `${day} ${month}`,
};

/** A month, `2026-03`: 2026年3月, Mar 2026. */
export function monthIn(language: Language, month: string): string {
  return inMonth[language](month.slice(0, 4), Number(month.slice(5, 7)));
}

/** A date: 2026年3月31日, 31 Mar 2026. */
export function dateIn(language: Language, date: string): string {
  return onDay[language](monthIn(language, date), Number(date.slice(8, 10)));
}

/** A date within a text, as either language reads it. */
export const DATE_READ = /((?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2} [A-Z][a-z]{2}(?: \d{4})?(?![a-z]))/;

/** A text whose dates of a year say it no more, where it goes without saying. @param year such as 2026 */
export const withoutYear = (text: string, year: string): string =>
  text.replaceAll(new RegExp(DATE_READ.source, 'g'), (date) => date.replace(`${year}年`, '').replace(new RegExp(` ${year}$`), ''));
