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
  return { is: a.entries.length > b.entries.length ? 'extends' : 'extended', seq: shared };
}
