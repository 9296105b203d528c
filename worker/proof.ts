import { lenderRecordFile, privateRecordFile, recordFile } from './export/record.ts';
import { type Case, fold, foldOwn, type Own } from './negotiation/case.ts';
import { foldInstitution, type Institution } from './negotiation/lender/institution.ts';
import type { Refusal } from './negotiation/refusal.ts';
import type { PublishedKey } from './record/published.ts';
import { type AnyRecord, verify } from './record/verify.ts';
import type { StoredRecord } from './store/casebook.ts';
import type { StoredInstitution } from './store/institution.ts';
import type { Doubt } from './store/seals.ts';
import { isOf, isOutdated } from './store/snapshots.ts';
import type { StoredPrivate } from './store/streams.ts';

/** Whether a case is as its record says, and the record as the portal signed it. Nothing is signed or exported but of a case that is. */

export type Proof<State = Case> = {
  /** What the entries that hold come to, up to the first that does not. */
  kase: State;
  /** How many entries those are. */
  proven: number;
  /** Numbers of entries that do not hold. */
  broken: ReadonlySet<number>;
  doubts: Doubt[];
};

/**
 * Verifies a whole record as everybody can, by the keys that the portal publishes, folds it, and holds the snapshot beside it against what it comes to.
 * @param known what is doubtful already, of the row and of where the record ends
 */
export function prove(stored: StoredRecord, published: readonly PublishedKey[], known: readonly Doubt[] = []): Promise<Proof> {
  return proved(recordFile(stored, published), stored.row, fold, published, known);
}

/** The same of the private stream of a side. */
export async function proveOwn(
  stored: StoredPrivate,
  published: readonly PublishedKey[],
  known: readonly Doubt[] = [],
): Promise<Proof<Own>> {
  const proof = await proved(privateRecordFile(stored, published), stored.row, foldOwn, published, known);
  return { ...proof, doubts: proof.doubts.map((doubt) => ({ ...doubt, side: stored.header.side })) };
}

/** The same of a lender's own stream. */
export function proveInstitution(
  stored: StoredInstitution,
  published: readonly PublishedKey[],
  known: readonly Doubt[] = [],
): Promise<Proof<Institution>> {
  return proved(lenderRecordFile(stored, published), stored.row, foldInstitution, published, known);
}

async function proved<State extends Case | Own | Institution>(
  record: AnyRecord,
  { hash, state }: { hash: string; state: string },
  folded: (entries: AnyRecord['entries']) => State,
  published: readonly PublishedKey[],
  known: readonly Doubt[],
): Promise<Proof<State>> {
  const { entries } = record;
  const report = await verify(record, { published });
  // In a casebook nothing is withheld: a content or an author that is missing was erased by an entry that says so, or was taken away.
  const seqs = [...report.findings.flatMap(({ seq }) => (seq === undefined ? [] : [seq])), ...report.withheld, ...report.authorsWithheld];
  const broken = new Set(seqs);
  const whole = report.holds && broken.size === 0;
  const proven = report.findings.some(({ seq }) => seq === undefined) ? 0 : Math.min(...seqs.map((seq) => seq - 1), entries.length);
  const kase = folded(entries.slice(0, proven));
  const doubts = [...known];
  for (const seq of [...broken].sort((a, b) => a - b))
    if (!known.some((one) => one.code === 'entry' && one.seq === seq)) doubts.push({ code: 'entry', seq });
  if (!whole && broken.size === 0) doubts.push({ code: 'record' });
  const sealed = !known.some(({ code }) => code.startsWith('seal.'));
  // A snapshot of other rules says nothing: nobody reads it.
  if (whole && sealed && (hash !== entries.at(-1)?.hash || !(isOutdated(state) || isOf(state, kase)))) doubts.push({ code: 'snapshot' });
  return { kase, proven, broken, doubts };
}

/**
 * Whether a snapshot from before there were versions of the rules says nothing else than the fold: all that it holds is there with the same value. A part
 * that the fold did not know of when the snapshot was written is no contradiction.
 */
export function contains(fold: unknown, snapshot: unknown): boolean {
  if (Array.isArray(fold) && Array.isArray(snapshot)) {
    return fold.length === snapshot.length && fold.every((one, i) => contains(one, snapshot[i]));
  }
  if (isObject(fold) && isObject(snapshot)) return Object.entries(snapshot).every(([name, value]) => contains(fold[name], value));
  return fold === snapshot;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The refusal of whatever would write to a case, or sign what it says, while there is doubt; and a line in the log for the operator, who is to look. */
export function noted(caseId: string, doubts: readonly Doubt[]): Refusal {
  const said = doubts.map(({ code, seq, column, side }) => [side, code, seq, column].filter((part) => part !== undefined).join(' '));
  console.error(`case ${caseId} is not as the portal wrote it: ${said.slice(0, 10).join(', ')}`);
  return { code: 'case.unproven', doubts };
}
