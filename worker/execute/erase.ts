import { foldOwn, kindOf, ownKindOf } from '../negotiation/case.ts';
import { isDecided } from '../negotiation/command.ts';
import { erase, eraseOwn } from '../negotiation/custody.ts';
import { isRefused, type Refusal } from '../negotiation/refusal.ts';
import type { Side } from '../negotiation/seats.ts';
import { noted, prove, proveOwn } from '../proof.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { filesIn, type SealedEntry } from '../record/format.ts';
import { isConflict } from '../store/connect.ts';
import type { Casebook } from '../store/open.ts';
import { type Act, commit, type Held, type Outcome, type Seals, withoutErased } from './commit.ts';
import { repeated } from './execute.ts';

/** What the operator does in a case. `lender` is a slug. */
type ByPortal = Seals & { casebook: Casebook; caseId: string; lender: string; at: string; requestId: string };

/** What is to be erased: entries by their numbers in the shared record or, with `side`, in the private stream of that side; or all of the case. */
type Wanted = { entries: readonly number[]; files: readonly string[]; reason: string; whole: boolean; side?: Side };

/**
 * Erases contents by an entry that says so, for the operator; of a whole case, also what each side kept to itself. The entries, what they erase and what is
 * left are written together, or nothing is. The digests stay and the chains hold. Files leave storage with the next run of the schedule.
 */
export async function eraseContents(by: ByPortal, wanted: Wanted): Promise<Outcome> {
  const { casebook, caseId, lender, at, requestId } = by;
  const loaded = await casebook.load(caseId, '', requestId, { whole: true });
  const { record } = loaded;
  if (!record || !loaded.head) return { ok: false, refusal: { code: 'case.unknown' } };
  const { doubts } = await prove(record, casebook.published, loaded.doubts);
  if (doubts.length > 0) return { ok: false, refusal: noted(caseId, doubts) };
  const held: Held[] = [];
  for (const side of wanted.whole ? SIDES : wanted.side ? [wanted.side] : []) {
    const one = await heldBack(by, side, wanted);
    if (one && 'code' in one) return { ok: false, refusal: one };
    if (one) held.push(one);
  }
  const request = { id: requestId, digest: digestOf(canonical({ case: caseId, at })) };
  const act = { case: caseId, lender, seat: null, loaded, held, at, request, number: () => record.row.number };
  if (wanted.side) return written(by, { ...act, decided: [] });
  const entries = chosen(record.entries, wanted).map(({ seq, kind, content }) => {
    return { seq, personal: kindOf(kind)?.personal ?? false, files: filesIn(content).map(({ sha256 }) => sha256) };
  });
  const decision = erase(loaded.kase, { ...wanted, entries }, { at, policy: loaded.policy });
  if (!isDecided(decision)) return { ok: false, refusal: decision.refused };
  const files = decision.flatMap((one) => (one.kind === 'custody.erased' ? one.content.files : []));
  const erasing = { entries: entries.map(({ seq }) => seq), files, authors: wanted.whole, policyAt: await casebook.policiesAt() };
  return written(by, { ...act, decided: decision, erasing });
}

async function written(by: ByPortal, act: Act): Promise<Outcome> {
  const { casebook, caseId, requestId } = by;
  try {
    return await commit(casebook, act, by);
  } catch (thrown) {
    // A batch that was sent again, as its answer was lost, meets itself: it has forgotten the digest of what was asked, its own too.
    const done = isConflict(thrown) ? (await casebook.load(caseId, '', requestId)).request : null;
    if (done?.digest !== '') throw thrown;
    return repeated(done, done.digest);
  }
}

const SIDES: readonly Side[] = ['borrower', 'lender'];

const chosen = (entries: readonly SealedEntry[], { whole, entries: seqs }: Wanted) =>
  entries.filter(({ seq, kind }) => kind !== 'custody.erased' && (whole || seqs.includes(seq)));

/** What the erasure comes to in the private stream of a side; null where there is nothing. */
async function heldBack({ casebook, caseId }: ByPortal, side: Side, wanted: Wanted): Promise<Held | Refusal | null> {
  const found = await casebook.privateRecord(caseId, side);
  if (!found) return wanted.whole ? null : { code: 'erasure.nothing' };
  if (!found.record) return noted(caseId, found.doubts);
  const { row, entries } = found.record;
  const { doubts } = await proveOwn(found.record, casebook.published, found.doubts);
  if (doubts.length > 0) return noted(caseId, doubts);
  const named = chosen(entries, wanted).map(({ seq, kind }) => ({ seq, personal: ownKindOf(kind)?.personal ?? false }));
  const decision = eraseOwn(named, wanted);
  if (isRefused(decision)) return decision.refused;
  const erasing = { entries: named.map(({ seq }) => seq), authors: wanted.whole };
  const head = { seq: row.seq, hash: row.hash, at: row.lastAt };
  return { stream: { side, own: foldOwn(withoutErased(entries, erasing)), head }, decided: decision.held, erasing };
}
