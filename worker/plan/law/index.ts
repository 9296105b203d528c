import { CHINA } from './china.ts';
import type { Jurisdiction } from './jurisdiction.ts';

/** The tables there are. Another jurisdiction is another table in this list, and its code in a lender's policy. */
const TABLES: readonly Jurisdiction[] = [CHINA];

/** The table of a code, where there is one. */
export const tableOf = (jurisdiction: string): Jurisdiction | undefined => TABLES.find(({ code }) => code === jurisdiction);

/** The table by which a lender's cases are held; mainland China's where its policy names one that is not there (any more). */
export function lawOf({ jurisdiction }: { jurisdiction: string }): Jurisdiction {
  return tableOf(jurisdiction) ?? CHINA;
}
