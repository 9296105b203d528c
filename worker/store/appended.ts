import type { cases, files, outbox, requests } from '../../db/casebook/schema.ts';
import type { Case, Own } from '../negotiation/case.ts';
import type { Changes, Milestone } from '../negotiation/milestones.ts';
import { type Checkpoint, lenderStream, privateStream, type SealedEntry } from '../record/format.ts';
import {
  addFile,
  addImported,
  addNotice,
  addRequest,
  assignedTo,
  dropAllMilestones,
  dropDraft,
  dropMilestones,
  eraseAuthor,
  eraseContent,
  forgetAsked,
  forgetClaim,
  forgetFile,
  leaves,
  putAllMilestones,
  putCase,
  putMilestones,
  stays,
  turnMilestones,
} from './case-statements.ts';
import { casePath, exportsPath } from './files.ts';
import type { SealedRow, Seals } from './seals.ts';
import { snapshotText } from './snapshots.ts';
import { type AppendedOwn, adding, standing } from './streams.ts';
import { dropUnsent, dropUnsentBy, dropUnsentIn, type Known } from './unsent.ts';

/** What is appended to a case, and the statements that do it: all of them in one batch, or none. */

export type CaseRow = typeof cases.$inferSelect;
export type Header = Pick<CaseRow, 'id' | 'lender' | 'number' | 'openedAt'>;
export type Projection = Omit<SealedRow, keyof Header> & { state: Case };

/** What is appended to one case. `written` is null where nothing was decided: then the outcome of the request is remembered, and no more. */
export type Appended = {
  request: typeof requests.$inferInsert;
  written: { header: Header; projection: Projection } | null;
  entries: SealedEntry[];
  /** What the entries change of what reports count; or all of it anew, where something was erased. */
  milestones: Changes | { anew: readonly Milestone[] };
  checkpoints: Checkpoint[];
  /** What is held in private streams of the case. */
  own?: readonly AppendedOwn[];
  notices: (typeof outbox.$inferInsert)[];
  files: (typeof files.$inferInsert)[];
  forgetDraft?: { account: string; about: string };
  /** From which form of whom a message was sent: what was kept of it is gone with that. */
  sent?: { case: string; account: string } & Known;
  /** Accounts whose seat in the case ends with it: what they had not sent goes. */
  left?: readonly string[];
  /** By which import a case came that is opened by this (null: the command's), and by what its borrower may join. */
  imported?: { import: string | null; claim: string | null };
  /** What the entries that are appended say is erased: it goes with them, or not at all. */
  erasing?: Erasing;
};

/** Contents of entries, with their authors where `authors`, and files by digest. */
export type Erasing = { entries: readonly number[]; files: readonly string[]; authors: boolean; at: string };

/** A projection that is written anew, where the record has not moved on since `seq`. */
export type Again = { again: { header: Header; projection: Projection } };

/** What is to be run for what is appended to one case. @param note told of its state, as its row holds it */
export function written(appended: Appended, seals: Seals, note?: (text: string, state: Case) => void) {
  const {
    request,
    written: to,
    entries: added,
    checkpoints: signed,
    milestones,
    own: held = [],
    notices,
    files: stored,
    forgetDraft,
    sent,
    left = [],
    imported,
    erasing,
  } = appended;
  const row = to ? sealedRow(seals, to.header, to.projection) : null;
  if (row && to) note?.(row.state, to.projection.state);
  return [
    addRequest(request),
    ...(row
      ? [...adding(row.id, added, signed), putCase(row), ...counting(row, milestones), ...(erasing ? erased(row, erasing) : [])]
      : []),
    ...held.flatMap((one) => heldBack(one, seals)),
    ...notices.map((notice) => addNotice({ person: null, ...notice })),
    ...stored.flatMap((file) => [addFile(file), stays({ path: casePath(file.case, file.sha256) })]),
    ...(forgetDraft ? [dropDraft(forgetDraft)] : []),
    ...(sent ? [dropUnsent(sent)] : []),
    ...(row ? left.map((account) => dropUnsentBy({ case: row.id, account })) : []),
    ...(row && imported ? [addImported({ case: row.id, ...imported })] : []),
  ];
}

/** What is to be run for what reports count of a case. */
function counting({ id: of, seq }: Pick<CaseRow, 'id' | 'seq'>, changes: Appended['milestones']) {
  if ('anew' in changes) return countedAnew({ id: of, seq }, changes.anew);
  const { put, turn, drop } = changes;
  return [
    ...(drop.length > 0 ? [dropMilestones({ case: of, all: JSON.stringify(drop) })] : []),
    ...(put.length > 0 ? [putMilestones({ case: of, all: JSON.stringify(put) })] : []),
    ...(turn.length > 0 ? [turnMilestones({ case: of, all: JSON.stringify(turn) })] : []),
  ];
}

/** A milestone as its row has it: what was changed from outside may be of any kind. */
export type KeptMilestone = Omit<Milestone, 'kind'> & { kind: string };

/** The same for all of it, where the record stands at `seq` still. */
export const countedAnew = ({ id, seq }: Pick<CaseRow, 'id' | 'seq'>, all: readonly KeptMilestone[]) => [
  dropAllMilestones({ case: id, seq }),
  putAllMilestones({ case: id, seq, all: JSON.stringify(all) }),
];

/** Who sees to a case, as its row has it. */
export const assigneeIn = ({ assignment: { to, team } }: Own) => ({ assignee: to, team });

/** What is to be run for what is held in a private stream. */
function heldBack({ header, projection, entries: added, checkpoints: signed, erasing }: AppendedOwn, seals: Seals) {
  const name = privateStream(header.case, header.side);
  return [
    ...adding(name, added, signed),
    standing(seals, header, projection),
    ...(header.side === 'lender' ? [assignedTo({ id: header.case, ...assigneeIn(projection.state) })] : []),
    ...(erasing ? withoutContents(name, erasing) : []),
    ...(erasing ? madeOf(header.case, projection.lastAt) : []),
  ];
}

/**
 * Erases contents (and authors, where asked), which an entry before it says are erased; files and documents made of the case are to leave storage;
 * digests of what was asked go too, as they have no salt.
 */
function erased({ id, lender }: Pick<CaseRow, 'id' | 'lender'>, { entries: seqs, files: sha256s, authors, at }: Erasing) {
  return [
    ...withoutContents(id, { entries: seqs, authors }),
    // Of a whole case, what nobody has sent yet, too.
    ...(authors ? [dropUnsentIn({ case: id })] : []),
    ...sha256s.flatMap((sha256) => [leaves({ path: casePath(id, sha256), at }), forgetFile({ case: id, sha256 })]),
    ...madeOf(id, at),
    forgetClaim({ case: id }),
    // What was made of many cases may be of this one, too.
    leaves({ path: exportsPath(lenderStream(lender)), at }),
  ];
}

function withoutContents(stream: string, { entries: seqs, authors }: Pick<Erasing, 'entries' | 'authors'>) {
  return [
    ...seqs.map((seq) => eraseContent({ case: stream, seq })),
    ...(authors ? seqs.map((seq) => eraseAuthor({ case: stream, seq })) : []),
  ];
}

/** What was asked in a case is forgotten, and what was made of it leaves. */
function madeOf(id: string, at: string) {
  return [forgetAsked({ case: id }), leaves({ path: exportsPath(id), at })];
}

/** A case's row as it is written: with its state as text, and the portal's seal. */
export function sealedRow(
  seals: Seals,
  { id, lender: of, number, openedAt }: Header,
  { state, ...projection }: Projection,
): Omit<CaseRow, 'assignee' | 'team'> {
  const text = snapshotText(state);
  const row = { id, lender: of, number, openedAt, ...projection };
  return { ...row, state: text, seal: seals.row(row, text) };
}
