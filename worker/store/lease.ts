import { type AnyColumn, type SQL, sql } from 'drizzle-orm';

/**
 * Whether nobody has what a column says until when it is taken: it never was, that is over, or it reaches further than a lease does, which a clock that was ahead wrote.
 * @param until to when it would be taken now
 */
export const isFree = (taken: AnyColumn, now: string, until: string): SQL =>
  sql`(${taken} IS NULL OR ${taken} <= ${now} OR ${taken} > ${until})`;
