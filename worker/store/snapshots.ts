import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { type Case, RULES } from '../negotiation/case.ts';
import { canonical } from '../record/digest.ts';

/** Snapshots of the fold as a case's row keeps them: the case as JSON, with the version of the rules by which it was folded. The row's seal is over all of it. */

export const snapshotText = (kase: Case): string => JSON.stringify({ rules: RULES, ...kase });

/** The case that a snapshot of today's rules holds; null for one of other rules, from which nothing can be told. */
export function readSnapshot(text: string): Case | null {
  const read = parsedSnapshot(text);
  if (read?.rules !== RULES) return null;
  const { rules: _, ...kase } = read;
  return kase;
}

/** Whether a snapshot is of other rules than today's, and whether it is what a case comes to by today's. */
export const isOutdated = (text: string): boolean => parsedSnapshot(text)?.rules !== RULES;
export const isOf = (text: string, kase: Case): boolean => canonical(parsedSnapshot(text)) === canonical(JSON.parse(snapshotText(kase)));

/** For the database: whether the snapshot in a column is of other rules. */
export const ofOtherRules = (state: SQLWrapper): SQL =>
  sql`CASE WHEN json_valid(${state}) THEN json_extract(${state}, '$.rules') IS NOT ${RULES} ELSE 1 END`;

function parsedSnapshot(text: string): (Case & { rules?: unknown }) | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
