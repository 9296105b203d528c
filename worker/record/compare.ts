import { streamOf } from './format.ts';
import type { Report } from './report.ts';
import type { AnyRecord } from './verify.ts';

/**
 * What two copies of one record are to each other: the same, one the other gone on, or two that part from each other. A record that holds has all that came before in
 * each hash, so that of two that share one they share all before it.
 */
export type Comparison =
  | { is: 'same'; seq: number }
  /** The first is the second gone on after `seq`, or the other way about. */
  | { is: 'extends' | 'extended'; seq: number }
  /** They are one as far as the shorter goes, which was made later than the longer: what the longer has after `seq` was there, and is not any more. */
  | { is: 'set-back'; seq: number }
  /** They are one until before `seq`, and from there on two. */
  | { is: 'fork'; seq: number }
  /** They are of different records. */
  | { is: 'other' }
  /** They are one as far as they go, but their proofs are from two lists of anchors that differ at `n`: somebody was shown another list. */
  | { is: 'list-fork'; n: number };

/** Compares two records that were checked, with what was found of their anchors. */
export function compareRecords(one: { record: AnyRecord; report: Report }, other: { record: AnyRecord; report: Report }): Comparison {
  const [a, b] = [one.record, other.record];
  if (streamOf(a.header) !== streamOf(b.header)) return { is: 'other' };
  const shared = Math.min(a.entries.length, b.entries.length);
  for (let i = 0; i < shared; i++) {
    const [mine, theirs] = [a.entries[i], b.entries[i]];
    if (mine && mine.hash !== theirs?.hash) return { is: 'fork', seq: mine.seq };
  }
  const anchors = new Map(one.report.anchors.map(({ n, digest }) => [n, digest]));
  const parted = other.report.anchors.find(({ n, digest }) => anchors.has(n) && anchors.get(n) !== digest);
  if (parted) return { is: 'list-fork', n: parted.n };
  if (a.entries.length === b.entries.length) return { is: 'same', seq: shared };
  const isLonger = a.entries.length > b.entries.length;
  const [longer, shorter] = isLonger ? [one.report, other.report] : [other.report, one.report];
  if (isSetBack(longer, shorter)) return { is: 'set-back', seq: shared };
  return { is: isLonger ? 'extends' : 'extended', seq: shared };
}

/** A copy is made of what was read at most so long before, in milliseconds: one that lacks entries of another was made before it, or at about the same time. */
const MAKING = 60_000;

function isSetBack(longer: Report, shorter: Report): boolean {
  const [before, after] = [madeAt(longer), madeAt(shorter)];
  return before !== null && after !== null && Date.parse(after) - Date.parse(before) > MAKING;
}

/** When a copy was made, by the signature over all of it; null of one that does not say. */
const madeAt = ({ index, documents }: Report): string | null => index?.madeAt ?? documents.find(({ name }) => name === null)?.at ?? null;
