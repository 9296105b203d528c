import type { Context } from '../negotiation/command.ts';
import { released } from '../negotiation/held.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { notBefore } from '../record/seal.ts';
import type { Casebook } from '../store/open.ts';
import { anew } from './anew.ts';
import { commit, type Seals } from './commit.ts';
import { withOwn } from './with-own.ts';

/**
 * Says what staff wrote outside the hours in a case, once these are there, each in its author's name. Each is known by its entry, and what is said is written with what
 * notes that it was, so that it is said once however often this runs and wherever it is stopped. @param by `lender` is a slug, `colleagues` who works for it now
 */
export async function sendHeld(by: Sending, caseId: string): Promise<void> {
  for (let after: number | null = 0; after !== null; ) after = await sendNext(by, caseId, after);
}

type Sending = Seals & { casebook: Casebook; lender: string; at: string; colleagues: NonNullable<Context['colleagues']> };

/** Says the first behind the entry `after` that may be said by now, and tells which it is; null where there is none. Where somebody said it meanwhile, it waits no more. */
function sendNext(by: Sending, caseId: string, after: number): Promise<number | null> {
  const { casebook, lender, colleagues } = by;
  return anew(async () => {
    const found = await withOwn(casebook, caseId, 'lender');
    const next = found?.own.own.waiting.find(({ seq, until }) => seq > after && until <= by.at);
    if (!found || !next) return null;
    const { loaded, own, head, number } = found;
    const { kase, policy, files } = loaded;
    const { zone } = lawOf(policy).place;
    const at = notBefore(by.at, head.at);
    const of = released(kase, next, { at, zone, today: dayOf(at, zone), own: own.own, policy, colleagues, proven: false, files });
    if (!of) return next.seq;
    const { seat, decided } = of;
    const request = { id: `portal:held:${caseId}:${next.seq}`, digest: digestOf(canonical({ case: caseId, held: next.seq })) };
    const held = [{ stream: own, decided: decided.held }];
    await commit(casebook, { case: caseId, lender, seat, loaded, decided: decided.said, held, at, request, number: () => number }, by);
    return next.seq;
  });
}
