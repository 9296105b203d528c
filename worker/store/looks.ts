import type { readers } from '../../db/casebook/schema.ts';
import { later, MINUTE } from '../clock.ts';

/** How far somebody of the lender's people has read in a case, and who of them is there beside them. */

export type Look = typeof readers.$inferSelect;

/** So long after what was last looked at another visit begins. */
const VISIT = 30 * MINUTE;
/** So long somebody who has looked counts as being there, and who has typed as writing. */
const THERE = 10 * MINUTE;
const WRITING = 2 * MINUTE;
/** So often that somebody is there is written anew. */
const OFTEN = MINUTE;

/** Rows that are read of a case: those who looked last. */
export const MOST_LOOKS = 20;

export type Looking = { name: string; at: string; writing: boolean };

/** What a look at a case comes to. */
export type Looked = {
  /** The newest entry that its reader had seen when they were last here, and when that was; null where they are here for the first time. */
  since: { seq: number; at: string } | null;
  /** Others who are there now. */
  others: Looking[];
  /** The choice of cases by which the reader came, last of all; '' where by none. */
  list: string;
  /** The reader's row as it is to stand; null where it stands so already. */
  row: Look | null;
};

/**
 * A look at a case, whose newest entry is `seq`. Rows are the lender's own and of no seal: what is no text in them is nothing.
 * @param list the choice by which the reader comes; null where the address names none
 */
export function look(
  rows: readonly Look[],
  by: { case: string; account: string; name: string; seq: number; at: string; list: string | null },
): Looked {
  const before = rows.find(({ account }) => account === by.account);
  const others = rows
    .filter((one) => one.account !== by.account && isSince(one.at, THERE, by.at))
    .map(({ name, at, writingAt }) => ({ name: String(name), at: String(at), writing: isSince(writingAt, WRITING, by.at) }));
  const isAnother = before !== undefined && !isSince(before.at, VISIT, by.at);
  const since = before
    ? isAnother
      ? { seq: before.seq, at: before.at }
      : { seq: before.since, at: before.sinceAt }
    : { seq: by.seq, at: by.at };
  const list = by.list ?? (typeof before?.list === 'string' ? before.list : '');
  const row = {
    case: by.case,
    account: by.account,
    name: by.name,
    seq: by.seq,
    at: by.at,
    since: since.seq,
    sinceAt: since.at,
    writingAt: null,
    list,
  };
  const stands = before && !isAnother && before.seq === by.seq && before.list === list && isSince(before.at, OFTEN, by.at);
  return { since: before ? since : null, others, list, row: stands ? null : row };
}

const isSince = (at: unknown, span: number, now: string): boolean =>
  typeof at === 'string' && !Number.isNaN(Date.parse(at)) && later(at, span) > now;
