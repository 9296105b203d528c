import type { streams } from '../../db/casebook/schema.ts';
import { type Case, EMPTY_OWN, foldOwn, type Own } from '../negotiation/case.ts';
import type { Institution } from '../negotiation/lender/institution.ts';
import type { Side } from '../negotiation/seats.ts';
import { canonical } from '../record/digest.ts';
import { type Checkpoint, type PrivateHeader, privateStream, type SealedEntry } from '../record/format.ts';
import type { Head } from '../record/seal.ts';
import { addCheckpoint, addEntry, allEntries, type EntryRow, putStream, type Tips } from './case-statements.ts';
import { checkedPage, entryOf } from './entries.ts';
import type { Pipeline } from './pipeline.ts';
import { ask } from './prepared.ts';
import type { Doubt, Seals } from './seals.ts';
import { readOwnSnapshot, snapshotText } from './snapshots.ts';

/**
 * The streams of a case. The shared record stands under the id of its case, the private stream of each side under a name of its own: what is asked of one
 * never comes upon another. Whoever asks for a private stream names the side whose it is.
 */

export type StreamRow = typeof streams.$inferSelect;

/** The whole private stream of a side as it is stored. Nothing of it has been checked: `worker/proof.ts` does. */
export type StoredPrivate = { header: PrivateHeader; row: StreamRow; entries: SealedEntry[]; checkpoints: Checkpoint[] };

/** What a private stream comes to, and where it stands. Where it is not as the portal wrote it, nothing may be written to it. */
export type LoadedOwn = { side: Side; own: Own; head: Head | null; doubts: Doubt[] };

/** What is appended to a private stream; `erasing`: what its entries say is erased. */
export type AppendedOwn = {
  header: PrivateHeader;
  projection: OwnProjection;
  entries: SealedEntry[];
  checkpoints: Checkpoint[];
  erasing?: { entries: readonly number[]; authors: boolean };
};
export type OwnProjection = StreamProjection<Own>;
export type StreamProjection<State> = { seq: number; hash: string; lastAt: string; state: State };

/** What is to be run to add sealed entries to a stream: row by row, as the trigger that holds the chain must see each entry's predecessor. */
export function adding(stream: string, sealed: readonly SealedEntry[], checks: readonly Checkpoint[]) {
  return [
    ...sealed.map(({ author, content, ...entry }) =>
      addEntry({ case: stream, ...entry, author: jsonText(author), content: jsonText(content) }),
    ),
    ...checks.map(addCheckpoint),
  ];
}

const jsonText = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/**
 * What a stream comes to by today's rules, up to where its row says that it stands (it may have gone on since): each entry is held against its digests, and
 * the chain against the row's hash. With the numbers of the entries that do not hold, from the first of which on nothing is folded.
 */
export function foldedAnew<State extends Case | Own | Institution>(
  stream: string,
  row: { seq: number; hash: string },
  all: readonly EntryRow[],
  fold: (entries: readonly SealedEntry[]) => State,
): { state: State; broken: number[] } {
  const rows = all.filter(({ seq }) => seq <= row.seq);
  const recorded = rows.map(entryOf);
  const folded: Case | Own | Institution = fold(recorded);
  // Of a lender's own stream nothing is erased.
  const erasures = 'erasures' in folded ? folded.erasures : [];
  const checked = checkedPage(rows.toReversed(), { stream, most: rows.length, trusted: row.hash, erasures });
  const first = checked.findIndex(({ holds }) => !holds);
  const broken = checked.flatMap(({ seq, holds }) => (holds ? [] : [seq]));
  return { state: fold(first < 0 ? recorded : recorded.slice(0, first)), broken };
}

/** Private streams. */
export function streamsBy(seals: Seals, send: Pipeline) {
  return {
    /**
     * What a stream comes to, as far as it is the portal's own; before its first entry, nothing. Where its snapshot is of other rules than today's, all of
     * it is folded anew, for one round trip more.
     * @param whole its entries, where they have been read
     */
    async loaded(side: Side, row: StreamRow | undefined, found: Tips, whole?: readonly EntryRow[] | null): Promise<LoadedOwn> {
      const name = row ? privateStream(row.case, side) : '';
      const kept = { empty: EMPTY_OWN, read: readOwnSnapshot, fold: foldOwn };
      const { state, head, doubts } = await standsAs(seals, send, { name, row, found, whole }, kept);
      return { side, own: state, head, doubts: doubts.map((doubt) => ({ ...doubt, side })) };
    },
  };
}

/** What a stream's states are: of one without entries, as a snapshot of today's rules holds it, and as its entries come to it. */
type KeptAs<State> = {
  empty: State;
  read: (text: string) => State | null;
  fold: (entries: readonly SealedEntry[]) => State;
};

/** What a stream that has a row of its own comes to, as far as it is the portal's own. */
export async function standsAs<State extends Case | Own | Institution>(
  seals: Seals,
  send: Pipeline,
  { name, row, found, whole }: { name: string; row: StreamRow | undefined; found: Tips; whole?: readonly EntryRow[] | null | undefined },
  { empty, read, fold }: KeptAs<State>,
): Promise<{ state: State; head: Head | null; doubts: Doubt[] }> {
  if (!row) return { state: empty, head: null, doubts: found.length > 0 ? [{ code: 'head' }] : [] };
  const { seq, hash, lastAt, state, seal } = row;
  const head = { seq, hash, at: lastAt };
  const fault = seals.textFault(streamText(row), seal);
  const end = await seals.tipFault({ id: name, seq, hash, lastAt }, found[0] ?? null);
  const doubts: Doubt[] = end ? [{ code: end }] : [];
  // What a revoked key sealed was sealed by nobody in particular.
  if (fault) return { state: empty, head, doubts: [{ code: fault === 'seal.broken' ? fault : 'seal.missing' }, ...doubts] };
  const kept = read(state);
  if (kept) return { state: kept, head, doubts };
  const anew = foldedAnew(name, row, whole ?? (await ask(send, allEntries({ id: name })))[0], fold);
  return { state: anew.state, head, doubts: [...doubts, ...anew.broken.map((one): Doubt => ({ code: 'entry', seq: one }))] };
}

/** Where a stream stands, as it is to be written: with its state as text, and the portal's seal. */
export function standing<State extends Own | Institution>(
  seals: Seals,
  { case: of, side }: Pick<PrivateHeader, 'case' | 'side'>,
  { state, ...projection }: StreamProjection<State>,
) {
  const row = { case: of, side, ...projection, state: snapshotText(state) };
  return putStream({ ...row, seal: seals.text(streamText(row)) });
}

/** What of a stream's row is sealed. */
export const streamText = ({ case: of, side, seq, hash, lastAt, state }: Omit<StreamRow, 'seal'>) =>
  canonical(['stream', of, side, seq, hash, lastAt, state]);

/** A whole private stream, as its rows say; where its own row was taken away, one that says nothing stands for it. Null where there is nothing. */
export function storedPrivate(
  header: PrivateHeader,
  row: StreamRow | undefined,
  all: readonly EntryRow[],
  signed: Checkpoint[],
): StoredPrivate | null {
  if (!row && all.length === 0) return null;
  const none = { case: header.case, side: header.side, seq: 0, hash: '', lastAt: '', state: '{}', seal: '' };
  return { header, row: row ?? none, entries: all.map(entryOf), checkpoints: signed };
}
