import type { requests } from '../../db/casebook/schema.ts';
import { instant } from '../clock.ts';
import type { Case } from '../negotiation/case.ts';
import { EMPTY_INSTITUTION, foldInstitution, type Institution, type WholeVersion } from '../negotiation/lender/institution.ts';
import type { HeldPolicy } from '../negotiation/policy.ts';
import { type Checkpoint, type LenderHeader, lenderStream, type SealedEntry } from '../record/format.ts';
import type { Head } from '../record/seal.ts';
import {
  addRequest,
  allCheckpoints,
  allEntries,
  END,
  ENTRIES_A_PAGE,
  type EntryRow,
  entriesAt,
  entriesBefore,
  policyRowsFrom,
  requestRow,
  streamRow,
  type Tips,
  tips,
} from './case-statements.ts';
import type { Database } from './connect.ts';
import { checkedPage, entryOf, type PageEntry } from './entries.ts';
import { addingPolicy, heldPolicy, newestOf, type StoredPolicy } from './policies.ts';
import { ask } from './prepared.ts';
import type { Doubt, Seals } from './seals.ts';
import { readInstitution } from './snapshots.ts';
import { adding, type StreamProjection, type StreamRow, standing, standsAs } from './streams.ts';

/** A lender's own stream in its casebook, under a name that no case has: its policy, its people, and whatever else of it is of no case. */

/** The whole stream as it is stored. Nothing of it has been checked: `worker/proof.ts` does. */
export type StoredInstitution = { header: LenderHeader; row: StreamRow; entries: SealedEntry[]; checkpoints: Checkpoint[] };

/** What the stream comes to, and where it stands. Where it is not as the portal wrote it, nothing may be written to it. */
export type LoadedInstitution = {
  institution: Institution;
  head: Head | null;
  request: typeof requests.$inferSelect | null;
  /** The newest version of the policy; null where a version that holds, or will, is not as the portal wrote it. */
  newest: HeldPolicy | null;
  /** The rows of those that hold or will. */
  versions: readonly StoredPolicy[];
  doubts: Doubt[];
};

export type AppendedActs = {
  request: typeof requests.$inferInsert;
  /** Null where nothing was decided: then the outcome of the request is remembered, and no more. */
  written: {
    projection: InstitutionProjection;
    entries: SealedEntry[];
    checkpoints: Checkpoint[];
    /** A version of the policy that the entries make, beside the rows of those that it follows. */
    policy?: { version: WholeVersion; after: readonly StoredPolicy[] };
  } | null;
};
export type InstitutionProjection = StreamProjection<Institution>;

/** A page of the stream, newest last. */
export type InstitutionPage = Pick<LoadedInstitution, 'institution' | 'head' | 'doubts'> & { entries: PageEntry[]; more: boolean };

/** The lender's own stream stands beside the private ones, which are of a case and a side. */
const SIDE = 'lender';
/** Of a lender's own stream nothing is erased. */
const NO_ERASURES: Case['erasures'] = [];

/** @param lender slug of the lender whose casebook it is */
export function institutionIn(db: Database, seals: Seals, lender: string) {
  const { send } = db;
  const name = lenderStream(lender);
  const at = { case: name, side: SIDE } as const;

  const stands = async (row: StreamRow | undefined, found: Tips, whole?: readonly EntryRow[]) => {
    const kept = { empty: EMPTY_INSTITUTION, read: readInstitution, fold: foldInstitution };
    const { state, head, doubts } = await standsAs(seals, send, { name, row, found, whole }, kept);
    return { institution: state, head, doubts };
  };

  return {
    /** The slug of the lender, and the keys whose checkpoints are the portal's own. */
    lender,
    published: seals.published,

    /** One round trip: everything that deciding needs. */
    async load(requestId: string): Promise<LoadedInstitution> {
      const now = instant();
      const [[row], found, [request], versions] = await ask(
        send,
        streamRow(at),
        tips({ id: name, seq: 0 }),
        requestRow({ id: requestId }),
        policyRowsFrom({ at: now }),
      );
      const stood = await stands(row, found);
      const held = versions.map((one) => heldPolicy(seals, lender, one));
      const newest = stood.doubts.length > 0 ? null : newestOf(versions, held, stood.institution.policies, now);
      return { ...stood, request: request ?? null, newest, versions };
    },

    /** One round trip, all or nothing. */
    append: async ({ request, written }: AppendedActs): Promise<void> => {
      const statements = written
        ? [
            ...adding(name, written.entries, written.checkpoints),
            standing(seals, at, written.projection),
            ...(written.policy ? addingPolicy(seals, lender, written.policy.after, written.policy.version) : []),
          ]
        : [];
      await ask(send, addRequest(request), ...statements);
    },

    /** One round trip: a page of the stream (before `before` where given), each entry held against its digests and the chain. */
    async read(before?: number): Promise<InstitutionPage> {
      const [[row], page, found] = await ask(
        send,
        streamRow(at),
        entriesBefore({ id: name, before: before ?? END, most: ENTRIES_A_PAGE + 1 }),
        tips({ id: name, seq: before ? before - 1 : 0 }),
      );
      const { institution, head, doubts } = await stands(row, found);
      const newest = head?.seq ?? 0;
      const last = before ? Math.min(before - 1, newest) : newest;
      const end = found.find(({ seq }) => seq === last);
      const signed = end && (await seals.checkpointHolds(end.checkpoint, name, end)) ? end.hash : null;
      const entries = checkedPage(page, { stream: name, most: ENTRIES_A_PAGE, trusted: signed, erasures: NO_ERASURES });
      const broken = entries.flatMap(({ seq, holds }): Doubt[] => (holds ? [] : [{ code: 'entry', seq }]));
      return { institution, head, doubts: [...doubts, ...broken], entries, more: page.length > ENTRIES_A_PAGE };
    },

    /** One round trip: some entries by their numbers, as they are stored. None of them has been checked: whoever reads them knows what they are to say. */
    async stored(seqs: readonly number[]): Promise<ReadonlyMap<number, SealedEntry>> {
      if (seqs.length === 0) return new Map();
      const [rows] = await ask(send, entriesAt({ id: name, seqs: JSON.stringify(seqs) }));
      return new Map(rows.map((row) => [row.seq, entryOf(row)]));
    },

    /** The whole stream, unchecked, and what of its row and its end is not the portal's own; null where it has no entries. */
    async record(): Promise<{ record: StoredInstitution; doubts: Doubt[] } | null> {
      const [[row], found, all, signed] = await ask(
        send,
        streamRow(at),
        tips({ id: name, seq: 0 }),
        allEntries({ id: name }),
        allCheckpoints({ id: name }),
      );
      if (!row && all.length === 0) return null;
      const { doubts } = await stands(row, found, all);
      const none = { ...at, seq: 0, hash: '', lastAt: '', state: '{}', seal: '' };
      const header = { lender, openedAt: all[0]?.at ?? '' };
      return { record: { header, row: row ?? none, entries: all.map(entryOf), checkpoints: signed }, doubts };
    },

    /** Writes where the stream stands anew with its seal, for one that is known to be wrong, or of other rules. */
    restore: (projection: InstitutionProjection) => ask(send, standing(seals, at, projection)),
  };
}

/** The book as somebody is let into it: `paused` where nothing may be written to it for now. */
export type InstitutionBook = ReturnType<typeof institutionIn> & { readonly paused?: boolean };
