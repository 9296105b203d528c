import { kindOf } from '../negotiation/case.ts';
import { isDecided } from '../negotiation/command.ts';
import { erase } from '../negotiation/custody.ts';
import { noted, prove } from '../proof.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { filesIn } from '../record/format.ts';
import { isConflict } from '../store/connect.ts';
import { commit, type Outcome } from './commit.ts';
import type { ByPortal } from './due.ts';
import { repeated } from './execute.ts';

/**
 * Erases contents by an entry that says so, for the operator: the entry, what it erases and the case that is left are written together, or nothing is. The
 * digests stay and the chain holds. Files leave storage with the next run of the schedule.
 */
export async function eraseContents(
  by: ByPortal,
  wanted: { entries: readonly number[]; files: readonly string[]; reason: string; whole: boolean },
): Promise<Outcome> {
  const { casebook, caseId, lender, at, requestId } = by;
  const loaded = await casebook.load(caseId, '', requestId, { whole: true });
  const { record } = loaded;
  if (!record || !loaded.head) return { ok: false, refusal: { code: 'case.unknown' } };
  const { doubts } = await prove(record, casebook.published, loaded.doubts);
  if (doubts.length > 0) return { ok: false, refusal: noted(caseId, doubts) };
  const erasable = record.entries.filter(({ kind }) => kind !== 'custody.erased');
  const chosen = wanted.whole ? erasable : erasable.filter(({ seq }) => wanted.entries.includes(seq));
  const entries = chosen.map(({ seq, kind, content }) => ({
    seq,
    personal: kindOf(kind)?.personal ?? false,
    files: filesIn(content).map(({ sha256 }) => sha256),
  }));
  const decision = erase(loaded.kase, { ...wanted, entries }, { at, policy: loaded.policy });
  if (!isDecided(decision)) return { ok: false, refusal: decision.refused };
  const request = { id: requestId, digest: digestOf(canonical({ case: caseId, at })) };
  const files = decision.flatMap((one) => (one.kind === 'custody.erased' ? one.content.files : []));
  const erasing = { entries: entries.map(({ seq }) => seq), files, authors: wanted.whole };
  const act = { case: caseId, lender, seat: null, loaded, decided: decision, at, request, number: () => record.row.number, erasing };
  try {
    const [outcome] = await commit(casebook, [act], by);
    return outcome ?? { ok: false, refusal: { code: 'case.unknown' } };
  } catch (thrown) {
    // A batch that was sent again, as its answer was lost, meets itself: it has forgotten the digest of what was asked, its own too.
    const done = isConflict(thrown) ? (await casebook.load(caseId, '', requestId)).request : null;
    if (done?.digest !== '') throw thrown;
    return repeated(done, done.digest);
  }
}
