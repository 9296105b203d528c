import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { booksOn } from '../../worker/negotiation/agreement.ts';
import { exceeded, granted, limitsOf } from '../../worker/negotiation/authority.ts';
import { due } from '../../worker/negotiation/case.ts';
import { conditionsDigest, conditionsOf } from '../../worker/negotiation/conditions.ts';
import { duties } from '../../worker/negotiation/duties.ts';
import { filled } from '../../worker/negotiation/instalments.ts';
import { leftDebt, settleOn } from '../../worker/negotiation/owed.ts';
import { onTable } from '../../worker/negotiation/proposal.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { outstanding, type Terms } from '../../worker/plan/terms.ts';
import { inForce, pass, pay, to, today } from './performed.ts';
import { agreed, LIN, level, type Play, XIAOYU, ZHOU } from './play.ts';

/** An agreement that is varied: from what is left, signed by both, and never two that hold. */

const later = (play: Play, count: number, rest: Partial<Terms> = {}): Terms =>
  level(count, { start: today(play), firstDue: nextMonth(today(play)), ...rest });
const nextMonth = (day: string) => (day.slice(5, 7) === '12' ? `${Number(day.slice(0, 4)) + 1}-01-15` : `${day.slice(0, 5)}12-15`);

function propose(play: Play, seat = XIAOYU, terms: Partial<Terms> = {}, count = 24): string[] | string {
  const answers = onTable(play.kase, play.at)?.version ?? null;
  return play.give(seat, 'proposal.make', { answers, terms: later(play, count, terms), reasons: {}, words: '收入又减少了。' });
}

function accept(play: Play, seat = ZHOU): string[] | string {
  const offer = onTable(play.kase, play.at);
  return play.give(seat, 'proposal.accept', { version: offer?.version, digest: offer?.digest });
}
const sign = (play: Play, seat: typeof XIAOYU) =>
  play.give(seat, 'agreement.sign', { digest: play.kase.variation?.digest, name: seat.name }, true);

/** Two instalments are paid, and 10,416.66 is left. */
function paidTwo(): Play {
  const play = inForce();
  to(play, '2026-12-24');
  pay(play, 208_334);
  return to(play, '2026-12-28');
}

test('it starts from what is left on the day, and the agreement that holds goes on meanwhile', () => {
  const play = paidTwo();
  expect(propose(play)).toEqual(['proposal.made']);
  expect(play.kase.offers.at(-1)?.debt).toMatchObject({ asOf: '2026-12-28', principal: 1_041_666, interest: 0, penalty: 0 });
  expect(play.kase).toMatchObject({ stage: 'in-force', agreement: { version: 1 }, variation: null });
  expect(duties(play.kase, 'lender', play.context(ZHOU)).map(({ what }) => what)).toContain('answer');
  expect(accept(play)).toEqual(['proposal.accepted', 'agreement.drawn-up']);
  expect(play.kase).toMatchObject({ stage: 'in-force', agreement: { version: 1 }, variation: { version: 2 } });
  expect(duties(play.kase, 'borrower', play.context(XIAOYU)).map(({ what }) => what)).toContain('sign');
  expect(filled(play.kase)).toHaveLength(12);
});

test('signed by both it takes the place of the old one, in the same step; what was paid is in its figures', () => {
  const play = paidTwo();
  propose(play);
  accept(play);
  expect(sign(play, XIAOYU)).toEqual(['agreement.signed']);
  expect(play.kase).toMatchObject({ agreement: { version: 1 }, superseded: [] });
  expect(sign(play, ZHOU)).toEqual(['agreement.signed', 'agreement.superseded', 'agreement.in-force']);
  expect(play.kase).toMatchObject({
    stage: 'in-force',
    variation: null,
    agreement: { version: 2, counted: [play.kase.payments[0]?.seq] },
    superseded: [{ version: 1, by: 2, supersededAt: play.at }],
  });
  expect(settleOn(play.kase, today(play)).settle).toBe(1_041_666);
  expect(filled(play.kase).map(({ paid }) => paid)).toEqual(Array(24).fill(0));
  expect(play.give(LIN, 'payment.reverse', { payment: play.kase.payments[0]?.seq, words: '记错。' })).toBe('payment.in-figures');
  // All that is left, paid, ends it.
  expect(pay(play, 1_041_666)).toEqual(['payment.confirmed', 'performance.completed']);
});

test('a payment that counts after the figures were drawn up and was made before their day: they are drawn up anew', () => {
  const play = paidTwo();
  propose(play);
  pay(play, 50_000, '2026-12-27');
  expect(accept(play)).toBe('offer.debt-changed');
  propose(play);
  expect(play.kase.offers.at(-1)?.debt.principal).toBe(991_666);
  accept(play);
  sign(play, XIAOYU);
  pay(play, 10_000, '2026-12-28');
  expect(sign(play, ZHOU)).toBe('agreement.outdated');
  expect(duties(play.kase, 'lender', play.context(ZHOU)).map(({ what }) => what)).not.toContain('sign');
  propose(play);
  expect(accept(play)).toEqual(['proposal.accepted', 'agreement.drawn-up']);
  expect([sign(play, XIAOYU), sign(play, ZHOU)].flat().at(-1)).toBe('agreement.in-force');
  expect(settleOn(play.kase, today(play)).settle).toBe(981_666);
});

test('one that was made after their day changes nothing of them, and counts under the new one; so does one that comes to be known late', () => {
  const play = paidTwo();
  propose(play);
  play.give(XIAOYU, 'payment.report', { amount: 3_000, on: '2026-12-27', method: 'app' });
  const known = play.kase.payments.at(-1)?.seq;
  accept(play);
  to(play, '2026-12-30');
  pay(play, 10_000, '2026-12-29');
  sign(play, XIAOYU);
  expect(sign(play, ZHOU)).toHaveLength(3);
  expect(settleOn(play.kase, today(play)).settle).toBe(1_031_666);
  expect(play.give(LIN, 'payment.confirm', { payment: known })).toEqual(['payment.confirmed']);
  expect(settleOn(play.kase, today(play)).settle).toBe(1_028_666);
});

test('in arrears and broken too: it ends both, and waivers that lapsed are in its figures', () => {
  const play = inForce({
    terms: { waive: { penalty: 20_000 } },
    policy: { afterBreach: { waiversLapse: true, restDue: true } },
  });
  to(play, '2026-12-28');
  pass(play);
  expect(play.kase.stage).toBe('in-arrears');
  expect(propose(play)).toEqual(['proposal.made']);
  to(play, '2027-01-20');
  pass(play);
  expect(play.give(ZHOU, 'arrears.declareBroken', { words: '没有回应。' }, true)).toEqual(['agreement.broken']);
  expect(propose(play, ZHOU, { firstDue: '2027-02-20' })).toEqual(['proposal.made']);
  expect(outstanding(play.kase.offers.at(-1)?.debt ?? expect.fail())).toBe(1_250_000);
  expect(accept(play, XIAOYU)).toHaveLength(2);
  sign(play, XIAOYU);
  sign(play, ZHOU);
  expect(play.kase).toMatchObject({ stage: 'in-force', arrears: null, broken: null, overdue: [], agreement: { version: 3 } });
  const overdue = due(play.kase, HOME.zone).find(({ entry }) => entry.kind === 'instalment.overdue');
  expect(overdue?.at.slice(0, 10)).toBe('2027-02-20');
});

test('an agent’s waivers in it add up with those before, against what is left', () => {
  const play = agreed();
  const vary = (waived: object) => ({ start: '2026-11-24', waive: waived });
  for (const seat of [XIAOYU, LIN]) play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: seat.name }, true);
  // An agent may give up half of the charges of 500.00.
  expect(propose(play, LIN, vary({ interest: 25_001 }))).toBe('authority.exceeded');
  expect(propose(play, LIN, vary({ interest: 25_000 }), 12)).toEqual(['proposal.made']);
  accept(play, XIAOYU);
  sign(play, XIAOYU);
  expect(sign(play, LIN)).toContain('agreement.in-force');
  expect(propose(play, LIN, vary({ interest: 1 }), 12)).toBe('authority.exceeded');
  expect(propose(play, LIN, vary({}), 12)).toEqual(['proposal.made']);
});

test('so do those of a supervisor who has limits', () => {
  const play = agreed();
  play.policy = { ...play.policy, supervisorAuthority: play.policy.agentAuthority };
  const vary = (interest: number) => propose(play, ZHOU, { start: '2026-11-24', waive: { interest } }, 12);
  for (const seat of [XIAOYU, ZHOU]) play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: seat.name }, true);
  expect(vary(25_000)).toEqual(['proposal.made']);
  accept(play, XIAOYU);
  sign(play, XIAOYU);
  expect(sign(play, ZHOU)).toContain('agreement.in-force');
  expect(vary(1)).toBe('authority.exceeded');
  // An agent goes on from what somebody above them granted.
  expect(propose(play, LIN, { start: '2026-11-24', waive: { interest: 2_500 } }, 12)).toEqual(['proposal.made']);
});

test('what was paid is no waiver of an agent’s, nor does the page say so', () => {
  const play = paidTwo();
  // As the bar beneath the form holds it against the limits, before it is sent.
  const { policy } = play;
  const limits = limitsOf(policy, LIN) ?? expect.fail();
  const debt = leftDebt(play.kase, today(play));
  const books = booksOn(play.kase, debt, LIN.capacity) ?? expect.fail();
  expect(exceeded(limits, books, granted({ debt, terms: later(play, 24) }), today(play))).toBeNull();
  expect(propose(play, LIN)).toEqual(['proposal.made']);
});

describe('conditions', () => {
  test('are those of the day on which the offer is accepted, and were shown then', () => {
    const play = inForce();
    const shown = conditionsOf(play.kase, play.policy);
    propose(play);
    Object.assign(play, { policy: { ...play.policy, graceDays: 9 } });
    const offer = onTable(play.kase, play.at);
    const accepted = { version: offer?.version, digest: offer?.digest };
    expect(play.give(ZHOU, 'proposal.accept', { ...accepted, conditions: conditionsDigest(shown) })).toBe('offer.conditions-changed');
    const now = conditionsOf(play.kase, play.policy);
    expect(play.give(ZHOU, 'proposal.accept', { ...accepted, conditions: conditionsDigest(now) })).toHaveLength(2);
    expect(play.kase.variation?.conditions?.graceDays).toBe(9);
    expect(play.kase.agreement?.conditions?.graceDays).toBe(3);
  });

  test('are signed as they were shown: the same terms under others are not signed by an old page', () => {
    const play = inForce();
    propose(play);
    expect(accept(play)).toHaveLength(2);
    const seen = play.kase.variation ?? expect.fail();
    const shown = conditionsDigest(seen.conditions ?? expect.fail());
    Object.assign(play, { policy: { ...play.policy, cureDays: 1 } });
    propose(play);
    expect(accept(play)).toHaveLength(2);
    expect(play.kase.variation).toMatchObject({ digest: seen.digest, conditions: { cureDays: 1 } });
    const signed = (conditions: string) =>
      play.give(XIAOYU, 'agreement.sign', { digest: seen.digest, conditions, name: XIAOYU.name }, true);
    expect(signed(shown)).toBe('agreement.changed');
    expect(signed(conditionsDigest(play.kase.variation?.conditions ?? expect.fail()))).toEqual(['agreement.signed']);
  });

  test('are part of what is signed: other conditions, another digest', () => {
    const signed = (play: Play) => play.entries.find(({ kind }) => kind === 'agreement.signed')?.content;
    const [one, other] = [inForce(), inForce({ policy: { graceDays: 4 } })];
    for (const play of [one, other])
      expect(signed(play)).toMatchObject({ conditions: conditionsDigest(play.kase.agreement?.conditions ?? expect.fail()) });
    expect(signed(one)).not.toEqual(signed(other));
  });
});

test('however payments and a variation come after one another, no fen is lost and none counts twice', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ step: fc.constantFrom('pay', 'vary', 'day'), amount: fc.integer({ min: 1, max: 60_000 }) }), { maxLength: 14 }),
      (steps) => {
        const play = to(inForce(), '2026-12-01');
        let received = 0;
        for (const { step, amount } of steps) {
          if (play.kase.stage !== 'in-force') break;
          if (step === 'day') play.later(1);
          if (step === 'pay') {
            const before = settleOn(play.kase, today(play)).settle;
            pay(play, Math.min(amount, before));
            received += Math.min(amount, before);
          }
          if (step === 'vary') {
            propose(play, XIAOYU, { firstDue: '2027-01-20' });
            accept(play);
            sign(play, XIAOYU);
            sign(play, ZHOU);
          }
          expect(settleOn(play.kase, today(play)).settle).toBe(1_250_000 - received);
          if (play.kase.stage === 'in-force') expect(outstanding(leftDebt(play.kase, today(play)))).toBe(1_250_000 - received);
        }
      },
    ),
    { numRuns: 60 },
  );
});
