import { checked, checkedOwn, fold, foldOwn } from '../negotiation/case.ts';
import type { Decided, OwnDecided } from '../negotiation/entry.ts';
import { milestonesIn, milestonesOf, type PolicyAt } from '../negotiation/milestones.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import { authorOf, leftSince } from '../negotiation/seated.ts';
import type { AnySeat, Colleague } from '../negotiation/seats.ts';
import { project, projectOwn } from '../projection.ts';
import { type Author, type FileRef, filesIn, type Header, type SealedEntry, streamOf } from '../record/format.ts';
import type { SigningKey } from '../record/keys.ts';
import { emptyHead, notBefore, seal } from '../record/seal.ts';
import type { Again, Appended, Erasing } from '../store/appended.ts';
import type { Loaded } from '../store/casebook.ts';
import type { Casebook } from '../store/open.ts';
import type { AppendedOwn, LoadedOwn } from '../store/streams.ts';
import type { Known } from '../store/unsent.ts';
import { noticesOf, ownNoticesOf } from './notices.ts';

/** Decided entries become part of the record: sealed, and appended with all that follows from them, to one case or to many. */

/** `told` counts the notices that are to leave; `own` are the entries that were held in the private stream of who asked. */
export type Outcome =
  | { ok: true; case: string; seq: number; entries: Receipt[]; told: number; own?: Receipt[] }
  | { ok: false; refusal: Refusal };

type Receipt = { seq: number; kind: string; hash: string };

/** What seals: the key that signs, and n random bytes. */
export type Seals = { key: SigningKey; random: (bytes: number) => Uint8Array };

/** What was decided in one case, as it was loaded. `seat` is null where the portal acts by itself. */
export type Act = {
  case: string;
  /** Slug of the lender. */
  lender: string;
  seat: AnySeat | null;
  loaded: Loaded;
  decided: readonly Decided[];
  /** What is held with it in private streams of the case. */
  held?: readonly Held[];
  at: string;
  /** By which a repetition is known, and by which another body under the same id is told from one. */
  request: { id: string; digest: string };
  /** A number for a case that is opened by this. */
  number: () => string;
  files?: readonly (FileRef & { original: string })[];
  forgetDraft?: { account: string; about: string };
  /** From which form a message is sent, with what it knew of the draft that was kept. */
  sent?: Known;
  /** By what a case came that is opened of a file. */
  imported?: Appended['imported'];
  /** What is erased by what was decided, of a case that was loaded whole: the projection is of what is left. */
  erasing?: Omit<Erasing, 'at'> & { policyAt: PolicyAt };
};

/** What is held in a private stream, as that was loaded: of one in which something is erased by it, `own` is what is left. */
export type Held = {
  stream: Pick<LoadedOwn, 'side' | 'own' | 'head'>;
  decided: readonly OwnDecided[];
  erasing?: { entries: readonly number[]; authors: boolean };
};

const PORTAL: Author = { side: 'portal', capacity: 'portal', name: 'Heyi', account: null };

/**
 * Seals and appends, all of it or nothing, in one round trip. Of a decision that comes to nothing, the outcome is remembered.
 * @throws a conflict (`isConflict`) where the record has gone on meanwhile
 */
export async function commit(to: Pick<Casebook, 'append'>, act: Act, seals: Seals): Promise<Outcome> {
  const { appended, outcome } = await prepare(act, seals);
  await to.append(appended);
  return outcome;
}

/** What became of one of many: its outcome (null where a projection was written anew and nothing said), or what was thrown. */
export type Each = { outcome: Outcome | null } | { thrown: unknown };

/**
 * The same for many cases, in few round trips: what is of one case is written whole or not at all, and one that cannot be written keeps none of the others.
 * @throws where the database cannot be asked
 */
export async function commitEach(to: Pick<Casebook, 'appendEach'>, acts: readonly (Act | Again)[], seals: Seals): Promise<Each[]> {
  const prepared = await Promise.allSettled(
    acts.map(async (act) => ('again' in act ? { appended: act, outcome: null } : await prepare(act, seals))),
  );
  const ready = prepared.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const faults = (await to.appendEach(ready.map(({ appended }) => appended))).values();
  return prepared.map((one): Each => {
    if (one.status === 'rejected') return { thrown: one.reason };
    const fault = faults.next().value;
    return fault ? { thrown: fault } : { outcome: one.value.outcome };
  });
}

async function prepare(act: Act, seals: Seals): Promise<{ appended: Appended; outcome: Outcome }> {
  const { loaded, seat, decided, request } = act;
  const at = notBefore(act.at, loaded.head?.at);
  const number = loaded.number ?? act.number();
  const openedAt = loaded.openedAt ?? at;
  const header = { case: act.case, lender: act.lender, openedAt, number };
  const drafts = decided.map(checked).map((one) => draftOf(one, seat));
  const { entries, checkpoints, head } = await seal(act.case, loaded.head ?? emptyHead(header), drafts, at, seals.random, seals.key);
  const holding = (act.held ?? []).filter((held) => held.decided.length > 0);
  const own = await Promise.all(holding.map((held) => prepareOwn(held, header, act, seals)));
  const whole = act.erasing ? [...left(loaded, act.erasing), ...entries] : null;
  const kase = whole ? fold(whole) : fold(entries, loaded.kase);
  const milestones =
    whole && act.erasing ? { anew: milestonesOf(whole, act.erasing.policyAt) } : milestonesIn(entries, loaded.kase, () => loaded.policy);
  const notices = [...noticesOf(entries, act.case, number, kase), ...own.flatMap((one) => ownNoticesOf(one.entries, one.header))];
  const receipts = own.flatMap((one) => one.entries).map(receiptOf);
  const outcome: Outcome = {
    ...{ ok: true, case: act.case, seq: head.seq, entries: entries.map(receiptOf), told: notices.length },
    ...(receipts.length > 0 ? { own: receipts } : {}),
  };
  const named = filesNamed(decided);
  const files = (act.files ?? []).flatMap(({ sha256, size, type, name, original }) =>
    named.has(sha256) ? [{ case: act.case, sha256, size, type, name, original, account: seat?.account ?? '', at }] : [],
  );
  const written =
    entries.length > 0
      ? { header: { id: act.case, lender: act.lender, number, openedAt }, projection: project(kase, head, loaded.policy) }
      : null;
  const rest = {
    ...(act.forgetDraft ? { forgetDraft: act.forgetDraft } : {}),
    ...(act.sent && seat ? { sent: { ...act.sent, case: act.case, account: seat.account } } : {}),
    left: leftSince(loaded.kase, kase),
    ...(act.imported ? { imported: act.imported } : {}),
    ...(act.erasing ? { erasing: { ...act.erasing, at } } : {}),
  };
  return {
    outcome,
    appended: { request: { ...request, outcome, at }, written, entries, checkpoints, milestones, own, notices, files, ...rest },
  };
}

/** What is held in a private stream: sealed as the shared record is, under the stream's own name. */
async function prepareOwn(
  { stream: { side, own, head }, decided, erasing }: Held,
  shared: Header,
  { seat, at }: Pick<Act, 'seat' | 'at'>,
  { random, key }: Seals,
): Promise<AppendedOwn> {
  const header = { ...shared, side };
  const drafts = decided.map(checkedOwn).map((one) => draftOf(one, seat));
  const sealed = await seal(streamOf(header), head ?? emptyHead(header), drafts, notBefore(at, head?.at ?? shared.openedAt), random, key);
  const { entries, checkpoints } = sealed;
  return { header, projection: projectOwn(foldOwn(entries, own), sealed.head), entries, checkpoints, ...(erasing ? { erasing } : {}) };
}

export const receiptOf = ({ seq, kind, hash }: SealedEntry): Receipt => ({ seq, kind, hash });

/** An entry before it is sealed, with whose it is: of who decides it, of the portal, or of the colleague in whose name it is. */
export function draftOf({ kind, content, by }: { kind: string; content: unknown; by?: 'portal' | Colleague }, seat: AnySeat | null) {
  if (!seat || by === 'portal') return { kind, content, author: PORTAL };
  return { kind, content, author: authorOf(by ? { ...by, side: seat.side } : seat) };
}

function left({ record }: Loaded, erasing: Pick<Erasing, 'entries' | 'authors'>): SealedEntry[] {
  if (!record) throw new Error('Only of a case that was loaded whole can something be erased.');
  return withoutErased(record.entries, erasing);
}

/** The entries of a record as they are left once something of them is erased. */
export function withoutErased(all: readonly SealedEntry[], { entries, authors }: Pick<Erasing, 'entries' | 'authors'>): SealedEntry[] {
  return all.map((entry) =>
    entries.includes(entry.seq) ? { ...entry, content: null, salt: null, ...(authors ? { author: null, authorSalt: null } : {}) } : entry,
  );
}

/** Digests of the files that entries name. */
export function filesNamed(decided: readonly Decided[]): ReadonlySet<string> {
  return new Set(decided.flatMap(({ content }) => filesIn(content)).map(({ sha256 }) => sha256));
}
