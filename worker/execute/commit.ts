import { checked, fold } from '../negotiation/case.ts';
import type { Decided } from '../negotiation/entry.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import type { Seat } from '../negotiation/seats.ts';
import { project } from '../projection.ts';
import { type Author, type FileRef, filesIn, type SealedEntry } from '../record/format.ts';
import type { SigningKey } from '../record/keys.ts';
import { emptyHead, notBefore, seal } from '../record/seal.ts';
import type { Appended, Erasing, Loaded } from '../store/casebook.ts';
import type { Casebook } from '../store/open.ts';
import { noticesOf } from './notices.ts';

/** Decided entries become part of the record: sealed, and appended with all that follows from them, in one batch for as many cases as there are. */

/** `told` counts the notices that are to leave. */
export type Outcome =
  | { ok: true; case: string; seq: number; entries: { seq: number; kind: string; hash: string }[]; told: number }
  | { ok: false; refusal: Refusal };

/** What seals: the key that signs, and n random bytes. */
export type Seals = { key: SigningKey; random: (bytes: number) => Uint8Array };

/** What was decided in one case, as it was loaded. `seat` is null where the portal acts by itself. */
export type Act = {
  case: string;
  /** Slug of the lender. */
  lender: string;
  seat: Seat | null;
  loaded: Loaded;
  decided: readonly Decided[];
  at: string;
  /** By which a repetition is known, and by which another body under the same id is told from one. */
  request: { id: string; digest: string };
  /** A number for a case that is opened by this. */
  number: () => string;
  files?: readonly (FileRef & { original: string })[];
  forgetDraft?: { account: string; about: string };
  /** What is erased by what was decided, of a case that was loaded whole: the projection is of what is left. */
  erasing?: Omit<Erasing, 'at'>;
};

const PORTAL: Author = { side: 'portal', capacity: 'portal', name: 'Heyi', account: null };

/**
 * Seals and appends: all of it or nothing, in one round trip, whatever the number of cases. Of decisions that come to nothing, the outcome is remembered.
 * @throws a conflict (`isConflict`) where one of the records has gone on meanwhile
 */
export async function commit(casebook: Pick<Casebook, 'append'>, acts: readonly Act[], seals: Seals): Promise<Outcome[]> {
  const prepared = await Promise.all(acts.map((act) => prepare(act, seals)));
  await casebook.append(prepared.map(({ appended }) => appended));
  return prepared.map(({ outcome }) => outcome);
}

async function prepare(act: Act, { key, random }: Seals): Promise<{ appended: Appended; outcome: Outcome }> {
  const { loaded, seat, decided, request } = act;
  const at = notBefore(act.at, loaded.head?.at);
  const number = loaded.number ?? act.number();
  const openedAt = loaded.openedAt ?? at;
  const drafts = decided
    .map(checked)
    .map(({ kind, content, by }) => ({ kind, content, author: seat && by !== 'portal' ? authorOf(seat) : PORTAL }));
  const header = { case: act.case, lender: act.lender, openedAt, number };
  const { entries, checkpoints, head } = await seal(act.case, loaded.head ?? emptyHead(header), drafts, at, random, key);
  const notices = noticesOf(entries, act.case, number);
  const told = entries.map(({ seq, kind, hash }) => ({ seq, kind, hash }));
  const outcome: Outcome = { ok: true, case: act.case, seq: head.seq, entries: told, told: notices.length };
  const named = filesNamed(decided);
  const files = (act.files ?? []).flatMap(({ sha256, size, type, name, original }) =>
    named.has(sha256) ? [{ case: act.case, sha256, size, type, name, original, account: seat?.account ?? '', at }] : [],
  );
  const kase = act.erasing ? fold([...left(loaded, act.erasing), ...entries]) : fold(entries, loaded.kase);
  const written =
    entries.length > 0
      ? { header: { id: act.case, lender: act.lender, number, openedAt }, projection: project(kase, head, loaded.policy) }
      : null;
  const rest = {
    ...(act.forgetDraft ? { forgetDraft: act.forgetDraft } : {}),
    ...(act.erasing ? { erasing: { ...act.erasing, at } } : {}),
  };
  return { outcome, appended: { request: { ...request, outcome, at }, written, entries, checkpoints, notices, files, ...rest } };
}

/** The entries of a record as they are left once something of them is erased. */
function left({ record }: Loaded, { entries, authors }: Omit<Erasing, 'at'>): SealedEntry[] {
  if (!record) throw new Error('Only of a case that was loaded whole can something be erased.');
  return record.entries.map((entry) =>
    entries.includes(entry.seq) ? { ...entry, content: null, salt: null, ...(authors ? { author: null, authorSalt: null } : {}) } : entry,
  );
}

function authorOf({ side, capacity, name, account }: Seat): Author {
  return { side, capacity, name, account };
}

/** Digests of the files that entries name. */
export function filesNamed(decided: readonly Decided[]): ReadonlySet<string> {
  return new Set(decided.flatMap(({ content }) => filesIn(content)).map(({ sha256 }) => sha256));
}
