import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterBreach, toCure } from '../../worker/negotiation/arrears.ts';
import { due, fold } from '../../worker/negotiation/case.ts';
import { settled } from '../../worker/negotiation/completion.ts';
import { movable } from '../../worker/negotiation/moves.ts';
import { receivedSum, settleOn } from '../../worker/negotiation/owed.ts';
import { amountOf, isReceived } from '../../worker/negotiation/payment.ts';
import { standing } from '../../worker/negotiation/performance.ts';
import { onTable } from '../../worker/negotiation/proposal.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { inForce, pass, to, today } from './performed.ts';
import { level, type Play, XIAOYU, ZHOU } from './play.ts';

/** Whatever follows a signature in whatever order: payments back to before the agreement, reversals, moves, arrears, breach, variations, settlement. */

const STEPS = [
  'days',
  'report',
  'confirm',
  'record',
  'dispute',
  'withdraw',
  'reverse',
  'move',
  'grant',
  'vary',
  'breach',
  'exact',
] as const;
const step = fc.record({ what: fc.constantFrom(...STEPS), n: fc.nat(1_000_000), back: fc.nat(60) });

function take(play: Play, { what, n, back }: { what: (typeof STEPS)[number]; n: number; back: number }): void {
  const { kase } = play;
  const seat = n % 2 === 0 ? XIAOYU : ZHOU;
  const payment = kase.payments[n % Math.max(1, kase.payments.length)]?.seq ?? 1;
  const made = { amount: 1 + (n % 60_000), on: addDays(today(play), -back), method: 'app' };
  if (what === 'days') pass(play.later(n % 40));
  if (what === 'report') play.give(XIAOYU, 'payment.report', made);
  if (what === 'record') play.give(ZHOU, 'payment.report', made);
  if (what === 'confirm') play.give(seat, 'payment.confirm', { payment });
  if (what === 'dispute' || what === 'withdraw') play.give(seat, `payment.${what}`, { payment, words: '有误。' });
  if (what === 'reverse') play.give(ZHOU, 'payment.reverse', { payment, words: '退回。' });
  if (what === 'grant') play.give(ZHOU, 'move.grant', { asked: kase.moves.at(-1)?.seq ?? 1 });
  if (what === 'move') {
    const { no, due: day = '' } = movable(kase)[n % 4] ?? {};
    play.give(XIAOYU, 'move.ask', {
      no: no ?? 0,
      by: n % 3 === 0 ? 'end' : 'day',
      to: addDays(day || today(play), 1 + (n % 30)),
      words: '推迟。',
    });
  }
  if (what === 'vary') vary(play, n);
  if (what === 'breach') breach(play);
  if (what === 'exact') payAll(play);
}

/** The new agreement owes what was left, less what it waives: nothing is lost between the two, and nothing counts twice. */
function vary(play: Play, n: number): void {
  const { left, settle } = settleOn(play.kase, today(play));
  const waive = n % 3 === 0 ? { principal: Math.floor(left.principal / 2) } : {};
  const dates = { start: today(play), firstDue: addDays(today(play), 10 + (n % 40)) };
  const terms = level(2 + (n % 20), { ...dates, rate: { per: 'year', ppm: (n % 5) * 30_000 }, waive });
  const answers = onTable(play.kase, play.at)?.version ?? null;
  if (typeof play.give(ZHOU, 'proposal.make', { answers, terms, reasons: {}, words: '变更。' }) === 'string') return;
  const offer = onTable(play.kase, play.at);
  play.give(XIAOYU, 'proposal.accept', { version: offer?.version, digest: offer?.digest });
  for (const seat of [XIAOYU, ZHOU]) play.give(seat, 'agreement.sign', { digest: play.kase.variation?.digest, name: seat.name }, true);
  expect(play.kase.agreement?.version).toBe(offer?.version);
  expect(outstanding(play.kase.agreement?.debt ?? expect.fail())).toBe(settle);
  expect(settleOn(play.kase, today(play)).settle).toBe(settle - (waive.principal ?? 0));
}

/** What lapses is what was shown before, and no more than was waived. */
function breach(play: Play): void {
  const { arrears, stage } = play.kase;
  if (stage !== 'in-arrears' || !arrears) return;
  if (arrears.until >= today(play)) pass(to(play, addDays(arrears.until, 1)));
  const [before, after] = [settleOn(play.kase, today(play)), afterBreach(play.kase, today(play))];
  if (typeof play.give(ZHOU, 'arrears.declareBroken', { words: '没有回应。' }, true) === 'string') return;
  const lapsed = Object.values(after?.lapsed ?? {}).reduce((sum, part) => sum + part, 0);
  expect(settleOn(play.kase, today(play)).settle).toBe(after?.settle);
  expect(after?.settle).toBe(before.settle + lapsed);
  const waived = Object.values(play.kase.agreement?.terms.waive ?? {}).reduce<number>((sum, part) => sum + (part ?? 0), 0);
  expect(lapsed).toBeLessThanOrEqual(waived);
}

/** In arrears what the notice named cures; otherwise what settles it completes the case, and a fen less does not. */
function payAll(play: Play): void {
  const { stage } = play.kase;
  const { settle } = settleOn(play.kase, today(play));
  const pay = (amount: number) => play.give(ZHOU, 'payment.report', { amount, on: today(play), method: 'cash' });
  if (stage === 'in-arrears') {
    pay(toCure(play.kase));
    expect(['in-force', 'completed']).toContain(play.kase.stage);
  } else if (stage !== 'completed' && settle > 1) {
    pay(settle - 1);
    expect(settleOn(play.kase, today(play)).settle).toBe(1);
    pay(1);
    expect(play.kase.stage).toBe('completed');
  }
}

function sound({ kase, ...play }: Play, day: string): void {
  const now = standing(kase, day);
  const { left, settle } = settleOn(kase, day);
  for (const amount of [now.left, now.late, now.settle, now.overpaid, ...Object.values(left)]) expect(amount).toBeGreaterThanOrEqual(0);
  expect(left.fees + left.penalty + left.interest + left.principal).toBe(settle);
  for (const { paid, payment } of now.rows) expect(paid).toBeLessThanOrEqual(payment);
  const within = kase.payments.filter(({ seq }) => kase.agreement?.counted?.includes(seq));
  expect(within.every(isReceived)).toBe(true);
  expect(amountOf(kase.payments.filter(isReceived))).toBe(receivedSum(kase) + amountOf(within));
  if (kase.stage === 'in-arrears') expect(toCure(kase)).toBeGreaterThan(0);
  if (kase.stage === 'completed') expect(settled(kase)).toMatchObject({ on: now.settledOn });
  expect(() => due(kase, HOME.zone)).not.toThrow();
  expect(fold(play.entries)).toEqual(kase);
}

test('no fen is lost or counted twice, nothing is negative, and every stage is what the figures say', () =>
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), fc.boolean(), fc.boolean(), (steps, waiversLapse, restDue) => {
      const terms = { rate: { per: 'year', ppm: 120_000 }, waive: { interest: 30_000, penalty: 20_000 } } as const;
      const play = inForce({ terms, policy: { afterBreach: { waiversLapse, restDue } } });
      for (const one of steps) {
        if (play.kase.stage === 'completed') break;
        take(play, one);
        sound(play, today(play));
      }
    }),
    { numRuns: 250 },
  ));
