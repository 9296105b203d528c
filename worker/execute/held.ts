import type { Context } from '../negotiation/command.ts';
import { released } from '../negotiation/held.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { noted } from '../proof.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { notBefore } from '../record/seal.ts';
import type { Casebook } from '../store/open.ts';
import { anew } from './anew.ts';
import { commit, type Seals } from './commit.ts';

/**
 * Says what staff wrote outside the hours in a case, once these are there, each in its author's name. Each is known by its entry, and what is said is written with what
 * notes that it was, so that it is said once however often this runs and wherever it is stopped. @param by `lender` is a slug, `colleagues` who works for it now
 */
export function sendHeld(
  by: Seals & { casebook: Casebook; lender: string; at: string; colleagues: NonNullable<Context['colleagues']> },
  caseId: string,
): Promise<void> {
  const { casebook, lender, colleagues } = by;
  const sendNext = async (after: number): Promise<number | null> => {
    const found = await casebook.load(caseId, '', '', {}, 'lender');
    const next = found.own?.own.waiting.find(({ seq, until }) => seq > after && until <= by.at);
    if (!next) return null;
    const requestId = `portal:held:${caseId}:${next.seq}`;
    await anew(async () => {
      const loaded = await casebook.load(caseId, '', requestId, {}, 'lender');
      const { own, head, kase, policy, number, files } = loaded;
      const still = own?.own.waiting.find(({ seq }) => seq === next.seq);
      if (loaded.request || !own || !head || number === null || !still) return;
      const doubts = [...loaded.doubts, ...own.doubts];
      if (doubts.length > 0) {
        noted(caseId, doubts);
        return;
      }
      const { zone } = lawOf(policy).place;
      const at = notBefore(by.at, head.at);
      const context = { at, zone, today: dayOf(at, zone), own: own.own, policy, colleagues, proven: false, files };
      const of = released(kase, still, context);
      if (!of) return;
      const { seat, decided } = of;
      const request = { id: requestId, digest: digestOf(canonical({ case: caseId, held: still.seq })) };
      const held = [{ stream: own, decided: decided.held }];
      await commit(casebook, { case: caseId, lender, seat, loaded, decided: decided.said, held, at, request, number: () => number }, by);
    });
    return next.seq;
  };
  return (async () => {
    for (let after: number | null = 0; after !== null; ) after = await sendNext(after);
  })();
}
