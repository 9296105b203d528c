import { customType } from 'drizzle-orm/sqlite-core';
import { instant } from '../../worker/clock.ts';
import { asLanguage, LANGUAGES, type Language } from '../../worker/plan/languages.ts';

/**
 * Columns without a seal that pages and answers are made from. Whoever has the database's file may have put anything there: what cannot be read is read as
 * what says the least, so that one row takes no page with it.
 */

/** JSON text; null for what is none. */
export const json = customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver(stored) {
    try {
      return JSON.parse(stored);
    } catch {
      return null;
    }
  },
});

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** An instant; the first that there is for what is none. */
export const moment = customType<{ data: string; driverData: unknown }>({
  dataType: () => 'text',
  fromDriver: (stored) => (typeof stored === 'string' && INSTANT.test(stored) && !Number.isNaN(Date.parse(stored)) ? stored : instant(0)),
});

/** One of the portal's languages; the first for what is none. */
export const language = customType<{ data: Language; driverData: unknown }>({
  dataType: () => 'text',
  fromDriver: (stored) => (typeof stored === 'string' ? asLanguage(stored) : null) ?? LANGUAGES[0],
});
