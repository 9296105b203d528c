import { randomId } from '../chance.ts';
import { due } from '../negotiation/case.ts';
import { reachableFrom } from '../negotiation/conduct.ts';
import type { Decided } from '../negotiation/entry.ts';
import type { Policy, WishedHours } from '../negotiation/policy.ts';
import { refuse } from '../negotiation/refusal.ts';
import type { Due } from '../negotiation/topic.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { project } from '../projection.ts';
import { canonical, digestOf } from '../record/digest.ts';
import type { Casebook } from '../store/open.ts';
import type { Seals } from './commit.ts';
import { type Chore, carryOutEach } from './many.ts';

/**
 * Writes what follows from time alone in some cases (an offer that has lapsed, instalments gone late) as the portal's own entries. Where nothing does,
 * the projection is made anew, so that its deadline is no longer one that has passed.
 * @param by `lender` is a slug
 */
export async function writeDue(by: Seals & { casebook: Casebook; lender: string; at: string }, cases: readonly string[]): Promise<void> {
  await carryOutEach(
    by.casebook,
    cases.map((id) => choreIn(id, by)),
    by,
  );
}

function choreIn(id: string, { lender, at }: { lender: string; at: string }): Chore {
  const request = { id: `portal:${randomId()}`, digest: digestOf(canonical({ case: id, at })) };
  return {
    case: id,
    request,
    decide(loaded) {
      const { kase, head, number, openedAt, policy } = loaded;
      if (!head || number === null || openedAt === null) return refuse('case.unknown');
      const decided = dueNow(due(kase, lawOf(policy).place.zone), policy, at, kase.wish?.hours);
      if (decided.length === 0) return { again: { header: { id, lender, number, openedAt }, projection: project(kase, head, policy) } };
      return { case: id, lender, seat: null, loaded, decided, at, request, number: () => number };
    },
  };
}

/** The entries whose time has come; what contacts a person waits for the hours in which that may be done, by law, the lender's policy and what the borrower wishes. */
export function dueNow(
  all: readonly Due[],
  policy: Pick<Policy, 'jurisdiction' | 'contactHours'>,
  at: string,
  wished: WishedHours = null,
): Decided[] {
  const today = dayOf(at, lawOf(policy).place.zone);
  const mayContact = reachableFrom(at, policy, wished) === at;
  const now = all.filter((one) => one.at < at && (mayContact || !one.contacts));
  const last = new Map(now.map((one) => [one.lastOf ?? one, one]));
  return now.flatMap((one) => (last.get(one.lastOf ?? one) === one ? [one.on?.(today) ?? one.entry] : []));
}
