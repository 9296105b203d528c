import type { ActDecided, Institution } from '../negotiation/lender/institution.ts';
import { checkedAct, foldInstitution } from '../negotiation/lender/institution.ts';
import type { HeldPolicy } from '../negotiation/policy.ts';
import { isRefused, type Refusal, type Refused } from '../negotiation/refusal.ts';
import type { Seat } from '../negotiation/seats.ts';
import { projectInstitution } from '../projection.ts';
import { noted, proveInstitution } from '../proof.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { lenderStream } from '../record/format.ts';
import { emptyHead, notBefore, seal } from '../record/seal.ts';
import { isConflict } from '../store/connect.ts';
import type { AppendedActs, InstitutionBook, LoadedInstitution } from '../store/institution.ts';
import { draftOf, type Outcome, receiptOf, type Seals } from './commit.ts';
import { aside, repeated, TRIES } from './execute.ts';

/** The one write path into a lender's own stream: load, decide, seal, append, and again where somebody was first. Two round trips to the casebook. */

export type Keeping = Seals & {
  book: InstitutionBook;
  /** Who does it; null where the portal does by itself. */
  seat: Seat | null;
  at: string;
  /** Chosen by the client; a repetition returns the first outcome, and the same id with something else asked is refused. */
  requestId: string;
  asked: { name: string; input: unknown };
  /** What is decided is bound by the whole stream: it is verified first. */
  binding?: boolean;
  /**
   * Pure: it is decided again, from what is there then, where somebody else was first. `at` is the instant of what is written, not before the newest
   * entry's, and `newest` the newest version of the policy, null where that cannot be relied upon.
   */
  decide: (institution: Institution, at: string, newest: HeldPolicy | null) => readonly ActDecided[] | Refused;
};

/** Writes what a lender's people, or the portal, did into the lender's own stream. A refusal is a value; nothing is written to a stream of which there is any doubt. */
export async function keep(keeping: Keeping): Promise<Outcome> {
  const { book, seat, requestId, asked } = keeping;
  const name = lenderStream(book.lender);
  const digest = digestOf(canonical({ account: seat?.account ?? null, case: name, command: asked.name, input: asked.input }));
  for (let tries = 1; ; tries++) {
    const loaded = await book.load(requestId);
    if (loaded.request) return repeated(loaded.request, digest);
    if (book.paused) return { ok: false, refusal: { code: 'lender.paused' } };
    const doubt = await doubtOf(keeping, loaded);
    if (doubt) return { ok: false, refusal: doubt };
    const at = notBefore(keeping.at, loaded.head?.at);
    const decided = keeping.decide(loaded.institution, at, loaded.newest);
    if (isRefused(decided)) return { ok: false, refusal: decided.refused };
    const { appended, outcome } = await prepare(keeping, loaded, decided, at, digest);
    try {
      await book.append(appended);
      return outcome;
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
      if (tries === TRIES) return { ok: false, refusal: { code: 'lender.busy' } };
      await aside(tries, keeping.random);
    }
  }
}

async function doubtOf({ book, binding }: Keeping, { doubts }: LoadedInstitution): Promise<Refusal | null> {
  const whole = binding ? await book.record() : null;
  const found = whole ? (await proveInstitution(whole.record, book.published, doubts)).doubts : doubts;
  if (found.length === 0) return null;
  noted(lenderStream(book.lender), found);
  return { code: 'lender.unproven' };
}

async function prepare(
  { book, seat, requestId, random, key }: Keeping,
  { institution, head: stood, versions }: LoadedInstitution,
  decided: readonly ActDecided[],
  at: string,
  digest: string,
): Promise<{ appended: AppendedActs; outcome: Outcome }> {
  const name = lenderStream(book.lender);
  const drafts = decided.map(checkedAct).map((one) => draftOf(one, seat));
  const { entries, checkpoints, head } = await seal(
    name,
    stood ?? emptyHead({ lender: book.lender, openedAt: at }),
    drafts,
    at,
    random,
    key,
  );
  const outcome: Outcome = { ok: true, case: name, seq: head.seq, entries: entries.map(receiptOf), told: 0 };
  const projection = projectInstitution(foldInstitution(entries, institution), head);
  const [set] = decided.flatMap((one) => (one.kind === 'policy.set' ? [one.content] : []));
  const policy = set ? { policy: { version: { ...set, at }, after: versions } } : {};
  const written = entries.length > 0 ? { projection, entries, checkpoints, ...policy } : null;
  return { outcome, appended: { request: { id: requestId, digest, outcome, at }, written } };
}
