import { answerable, automaticAnswer } from '../negotiation/automatic.ts';
import { known } from '../negotiation/case.ts';
import type { Recorded } from '../negotiation/entry.ts';
import { heard, saidIn } from '../negotiation/said.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { noted, prove } from '../proof.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { notBefore } from '../record/seal.ts';
import type { Loaded } from '../store/casebook.ts';
import type { Casebook } from '../store/open.ts';
import { anew } from './anew.ts';
import { commit, type Seals } from './commit.ts';

/**
 * Answers the offer on the table of a case, where the lender's policy lets the portal do so. What is answered is verified whole, as wherever something is
 * agreed. An offer is answered once, however often this runs: the request is known by the offer, and the append is guarded by the record's end. Stopped at
 * any point it leaves all of the answer or nothing, and the schedule comes by again. @param by `lender` is a slug
 */
export async function answerAutomatically(by: Seals & { casebook: Casebook; lender: string; at: string }, caseId: string): Promise<void> {
  const { casebook, lender } = by;
  // The offer may be answered, withdrawn or replaced by whoever was first.
  await anew(async () => {
    const first = await casebook.load(caseId, '', '');
    if (!first.head || first.doubts.length > 0) return;
    const offer = answerable(first.kase, { at: notBefore(by.at, first.head.at), policy: first.policy });
    if (!offer || despairs(first.kase.means?.statement.cause, { words: offer.words })) return lookedAt(by, caseId, first);
    const requestId = `portal:automatic:${caseId}:${offer.version}`;
    const loaded = await casebook.load(caseId, '', requestId, { whole: true });
    const { record, head, number } = loaded;
    if (loaded.request) return lookedAt(by, caseId, loaded);
    if (!record || !head || number === null) return;
    const { kase, doubts } = await prove(record, casebook.published, loaded.doubts);
    if (doubts.length > 0) {
      noted(caseId, doubts);
      return;
    }
    const { policy } = loaded;
    const { zone } = lawOf(policy).place;
    const at = notBefore(by.at, head.at);
    const decided = automaticAnswer(kase, { at, today: dayOf(at, zone), zone, policy });
    if (!decided || hasDespaired(record.entries)) return lookedAt(by, caseId, loaded);
    const request = { id: requestId, digest: digestOf(canonical({ case: caseId, offer: offer.digest })) };
    await commit(
      casebook,
      { case: caseId, lender, seat: null, loaded: { ...loaded, kase }, decided, at, request, number: () => number },
      by,
    );
  });
}

/** A person answers, as things stand: it is looked at again with the next entry, version of the policy, or day, as waivers grow by days overdue. */
async function lookedAt(
  { casebook, at }: { casebook: Casebook; at: string },
  caseId: string,
  { head, policy }: Pick<Loaded, 'head' | 'policy'>,
): Promise<void> {
  if (head) await casebook.look(caseId, 'answer', `${head.at} ${policy.version} ${dayOf(at, lawOf(policy).place.zone)}`);
}

/** Whether words say that somebody cannot go on: a person reads that. */
const despairs = (...said: unknown[]): boolean => heard(saidIn(said), 'borrower', null).despair;

/** The same of anything that the borrower's side has said in the case, in a message or elsewhere. */
export const hasDespaired = (entries: readonly Recorded[]): boolean =>
  entries.some((entry) => known(entry)?.author?.side === 'borrower' && despairs(entry.content));
