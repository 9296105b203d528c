import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { type Case, type Own, RULES } from '../negotiation/case.ts';
import type { Institution } from '../negotiation/lender/institution.ts';
import { canonical } from '../record/digest.ts';
import { frozen, Remembered } from './remembered.ts';

/**
 * Snapshots of a fold as the row of a case or of a private stream keeps them: what it comes to as JSON, with the version of the rules by which it was
 * folded. The row's seal is over all of it.
 */

export const snapshotText = (state: Case | Own | Institution): string => JSON.stringify({ rules: RULES, ...state });

const snapshots = new Remembered<Case>(4_000_000);

/** The case that a snapshot of today's rules holds; null for one of other rules, from which nothing can be told. */
export function readSnapshot(text: string): Case | null {
  const known = snapshots.get(text);
  if (known) return known;
  const kase = ofTodaysRules<Case>(text);
  if (kase) snapshots.set(text, frozen(kase), text.length);
  return kase;
}

/** What a snapshot holds that was written here a moment ago: it need not be parsed when it is read. */
export function noteSnapshot(text: string, state: Case): void {
  snapshots.set(text, frozen(state), text.length);
}

/** The same of a private stream, and of a lender's own. */
export const readOwnSnapshot = (text: string): Own | null => ofTodaysRules<Own>(text);
export const readInstitution = (text: string): Institution | null => ofTodaysRules<Institution>(text);

function ofTodaysRules<State extends object>(text: string): Omit<State & { rules?: unknown }, 'rules'> | null {
  const read = parsedSnapshot<State>(text);
  if (read?.rules !== RULES) return null;
  const { rules: _, ...state } = read;
  return state;
}

/** Whether a snapshot is of other rules than today's, and whether it is what a record comes to by today's. */
export const isOutdated = (text: string): boolean => parsedSnapshot(text)?.rules !== RULES;
export const isOf = (text: string, state: Case | Own | Institution): boolean =>
  canonical(parsedSnapshot(text)) === canonical(JSON.parse(snapshotText(state)));

/** For the database: whether the snapshot in a column is of other rules. */
export const ofOtherRules = (state: SQLWrapper): SQL =>
  sql`CASE WHEN json_valid(${state}) THEN json_extract(${state}, '$.rules') IS NOT ${RULES} ELSE 1 END`;

function parsedSnapshot<State>(text: string): (State & { rules?: unknown }) | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
