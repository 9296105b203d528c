import { randomBytes } from '../chance.ts';
import { instant } from '../clock.ts';
import type { Env } from '../env.ts';
import type { HeldPolicy } from '../negotiation/policy.ts';
import { signingKey } from '../record/keys.ts';
import { type Lender, openCasebookForPortal } from '../store/open.ts';
import { anchorHeads } from './anchor.ts';
import { announceOf, type Outbox } from './announce.ts';
import { answerAutomatically } from './automatic.ts';
import type { Outcome } from './commit.ts';

/** After these the lender's policy may have an answer: an offer, or the figures on which one rests, confirmed. */
const ANSWERED = new Set(['proposal.made', 'debt.confirmed', 'means.submitted']);

/** What is anchored at once, and not with the next run of the schedule. */
const ANCHORED_AT_ONCE = new Set(['agreement.signed', 'settlement.issued']);

/**
 * What follows from something said in a case, after its answer: the portal's own where policy has one, then the notices of all of it. `policy` is the one by
 * which it was carried out; null where that was before.
 */
export async function follow(
  env: Outbox & Pick<Env, 'files'>,
  lender: Lender,
  { case: caseId, entries }: Extract<Outcome, { ok: true }>,
  policy: HeldPolicy | null,
): Promise<void> {
  if ((policy?.automatic.accept || policy?.automatic.counter) && entries.some(({ kind }) => ANSWERED.has(kind))) {
    const at = instant();
    const by = {
      casebook: openCasebookForPortal(env, lender),
      lender: lender.slug,
      at,
      key: await signingKey(env.keys, at),
      random: randomBytes,
    };
    await answerAutomatically(by, caseId).catch((thrown) => {
      // The schedule comes by again; what was said is told of all the same.
      console.error(`case ${caseId} was not answered: ${thrown instanceof Error ? thrown.name : ''}`);
    });
  }
  if (entries.some(({ kind }) => ANCHORED_AT_ONCE.has(kind)))
    await anchorHeads(env, lender, instant()).catch((thrown) => {
      // The schedule comes by again, and says why where that fails, too.
      console.error(`case ${caseId} was not anchored at once: ${thrown instanceof Error ? thrown.name : ''}`);
    });
  await announceOf(env, lender, caseId);
}
