import { dueNow } from '../../worker/execute/due.ts';
import { due, fold } from '../../worker/negotiation/case.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { LIN, opened, type Play, PORTAL, TERMS, XIAOYU, ZHOU } from './play.ts';

/** A case after its agreement was signed: what time does to it, and what is paid. */

/** A case in force under these terms and this policy. */
export function inForce({ terms = {}, policy = {} }: { terms?: Partial<Terms>; policy?: object } = {}): Play {
  const play = opened(
    Object.keys(terms).length > 0
      ? {
          proposal: {
            answers: null,
            terms: { ...TERMS, ...terms },
            reasons: { penalty: '失业。', interest: '失业。', fees: '失业。', principal: '失业。' },
            words: '按月还清。',
          },
        }
      : {},
  );
  Object.assign(play, { policy: { ...play.policy, ...policy } });
  play.give(ZHOU, 'proposal.accept', { version: 1, digest: play.kase.offers[0]?.digest });
  for (const seat of [XIAOYU, ZHOU]) play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: seat.name }, true);
  if (play.kase.stage !== 'in-force') throw new Error(play.kase.stage);
  return play;
}

/** What time alone does up to now, as the schedule writes it; of reminders it is not told here. */
export function pass(play: Play): string[] {
  const kinds: string[] = [];
  for (let runs = 0; runs < 20; runs++) {
    const now = dueNow(due(play.kase, HOME.zone), play.policy, play.at);
    if (now.length === 0) break;
    const recorded = now.map(({ kind, content }, i) => ({ seq: play.kase.seq + 1 + i, at: play.at, kind, author: PORTAL, content }));
    play.entries.push(...recorded);
    play.kase = fold(recorded, play.kase);
    kinds.push(...now.flatMap(({ kind }) => (kind === 'instalment.reminded' ? [] : [kind])));
  }
  return kinds;
}

export const today = (play: Play) => dayOf(play.at, HOME.zone);
export const to = (play: Play, day: string) => {
  play.at = `${day}T02:00:00.000Z`;
  return play;
};
export function pay(play: Play, amount: number, on = today(play)): string[] | string {
  play.give(XIAOYU, 'payment.report', { amount, on, method: 'app' });
  return play.give(LIN, 'payment.confirm', { payment: play.kase.payments.at(-1)?.seq });
}
