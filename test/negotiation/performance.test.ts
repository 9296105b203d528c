import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '../../worker/negotiation/case.ts';
import { settleOn } from '../../worker/negotiation/owed.ts';
import { performance, standing } from '../../worker/negotiation/performance.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { leftOn } from '../../worker/plan/left.ts';
import { agreed, LIN, level, OPENING, opened, type Play, XIAOYU, ZHOU } from './play.ts';

/** Payments from both sides, what is left, and settling early: the rules alone. */

const today = (play: Play) => play.at.slice(0, 10);
const last = (play: Play) => play.kase.payments.at(-1)?.seq;
const made = (play: Play, amount: number, more: object = {}) => ({ amount, on: today(play), method: 'bank-transfer', ...more });

/** An agreement in force whose interest runs at 12 % a year. */
function bearing(): Play {
  const play = opened({ proposal: { ...OPENING.proposal, terms: level(12, { rate: { per: 'year', ppm: 120_000 } }) } });
  play.give(ZHOU, 'proposal.accept', { version: 1, digest: play.kase.offers[0]?.digest });
  for (const seat of [XIAOYU, ZHOU]) play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: seat.name }, true);
  return play;
}

function paid(play: Play, amount: number): string[] | string {
  play.give(XIAOYU, 'payment.report', made(play, amount));
  return play.give(LIN, 'payment.confirm', { payment: last(play) });
}

describe('either side records a payment, the other answers it', () => {
  test('what the borrower reports counts once the lender confirms it; nobody answers their own', () => {
    const play = agreed(XIAOYU, ZHOU);
    expect(play.give(XIAOYU, 'payment.report', made(play, 104_167))).toEqual(['payment.reported']);
    expect(standing(play.kase, today(play))).toMatchObject({ paid: 0, reported: 104_167, left: 1_250_000 });
    expect(play.give(XIAOYU, 'payment.confirm', { payment: last(play) })).toBe('payment.none');
    expect(play.give(LIN, 'payment.withdraw', { payment: last(play) })).toBe('payment.none-own');
    expect(play.give(LIN, 'payment.confirm', { payment: last(play) })).toEqual(['payment.confirmed']);
    expect(standing(play.kase, today(play))).toMatchObject({ paid: 104_167, reported: 0, left: 1_145_833, next: { no: 2 } });
    expect(play.give(XIAOYU, 'payment.withdraw', { payment: last(play) })).toBe('payment.none-own');
    expect(play.give(XIAOYU, 'payment.reverse', { payment: last(play), words: '错了' })).toBe('seat.may-not');
  });

  test('what the lender records counts at once; the borrower confirms or disputes it, and it counts until the lender takes it back', () => {
    const play = agreed(XIAOYU, ZHOU);
    play.give(LIN, 'payment.report', made(play, 104_167, { reference: 'B-1' }));
    expect(standing(play.kase, today(play))).toMatchObject({ paid: 104_167, reported: 0 });
    expect(play.give(LIN, 'payment.confirm', { payment: last(play) })).toBe('payment.none');
    expect(play.give(LIN, 'payment.reverse', { payment: last(play), words: '错了' })).toBe('payment.none-received');
    expect(play.give(XIAOYU, 'payment.dispute', { payment: last(play), words: '我付了 2000。' })).toEqual(['payment.disputed']);
    expect(standing(play.kase, today(play)).paid).toBe(104_167);
    expect(play.give(LIN, 'payment.reverse', { payment: last(play), words: '金额有误。' })).toEqual(['payment.reversed']);
    expect(standing(play.kase, today(play)).paid).toBe(0);
    // The number is free again for the payment as it was.
    expect(play.give(LIN, 'payment.report', made(play, 200_000, { reference: 'B-1' }))).toEqual(['payment.reported']);
    expect(play.give(XIAOYU, 'payment.confirm', { payment: last(play) })).toEqual(['payment.confirmed']);
    expect(play.kase.payments.map(({ state }) => state)).toEqual(['reversed', 'confirmed']);
  });

  test('whoever recorded one withdraws it while it is unanswered', () => {
    const play = agreed(XIAOYU, ZHOU);
    for (const seat of [XIAOYU, LIN]) {
      play.give(seat, 'payment.report', made(play, 100));
      expect(play.give(seat, 'payment.withdraw', { payment: last(play), words: '写错了。' })).toEqual(['payment.withdrawn']);
      expect(play.give(seat === LIN ? XIAOYU : LIN, 'payment.confirm', { payment: last(play) })).toBe('payment.none');
    }
    expect(standing(play.kase, today(play))).toMatchObject({ paid: 0, reported: 0 });
  });

  test('the same reference twice is one payment: the same again is known, another is refused', () => {
    const play = agreed(XIAOYU, ZHOU);
    play.give(LIN, 'payment.report', made(play, 5_000, { reference: 'B-9' }));
    expect(play.give(LIN, 'payment.report', made(play, 5_000, { reference: 'B-9' }))).toBe('payment.known');
    expect(play.try(LIN, 'payment.report', made(play, 5_001, { reference: 'B-9' }))).toMatchObject({
      code: 'payment.reference-taken',
      field: 'reference',
    });
    expect(play.give(XIAOYU, 'payment.report', made(play, 5_000, { reference: 'B-9' }))).toBe('payment.known');
  });

  test('the lender records what the borrower has reported: that confirms it, and counts once', () => {
    const play = agreed(XIAOYU, ZHOU);
    play.give(XIAOYU, 'payment.report', made(play, 5_000, { reference: 'W-1' }));
    play.give(XIAOYU, 'payment.report', made(play, 6_000));
    expect(play.give(LIN, 'payment.report', made(play, 5_000, { reference: 'W-1' }))).toEqual(['payment.confirmed']);
    expect(play.give(LIN, 'payment.report', made(play, 6_000, { reference: 'B-2' }))).toEqual(['payment.confirmed']);
    expect(play.kase.payments.map(({ state, receipt }) => [state, receipt])).toEqual([
      ['confirmed', undefined],
      ['confirmed', 'B-2'],
    ]);
    expect(play.give(LIN, 'payment.report', made(play, 6_000, { reference: 'B-2' }))).toBe('payment.known');
    expect(standing(play.kase, today(play)).paid).toBe(11_000);
  });

  test('of two reports alike, neither is taken for the one that the lender records', () => {
    const play = agreed(XIAOYU, ZHOU);
    for (let i = 0; i < 2; i++) play.give(XIAOYU, 'payment.report', made(play, 6_000));
    expect(play.give(LIN, 'payment.report', made(play, 6_000, { reference: 'B-2' }))).toEqual(['payment.reported']);
  });

  test('an agent who records a payment of before the agreed figures gives it away twice: held to the same limits as confirming one', () => {
    const play = agreed(XIAOYU, ZHOU);
    expect(play.give(LIN, 'payment.report', { amount: 600_000, on: '2026-11-23', method: 'cash' })).toBe('authority.exceeded');
    expect(play.give(ZHOU, 'payment.report', { amount: 600_000, on: '2026-11-23', method: 'cash' })).toEqual(['payment.reported']);
  });
});

describe('settling early', () => {
  test('the amount of the day ends it: 0.01 less does not, and nothing is left over', () => {
    const play = bearing().later(45);
    const { settle, left } = standing(play.kase, today(play));
    expect(settle).toBeLessThan(left);
    expect(settle).toBe(settleOn(play.kase, today(play)).settle);
    expect(paid(play, settle - 1)).toEqual(['payment.confirmed']);
    expect(standing(play.kase, today(play))).toMatchObject({ settle: 1, settledOn: null });
    expect(paid(play, 1)).toEqual(['payment.confirmed', 'performance.completed']);
    expect(play.kase.stage).toBe('completed');
    const after = standing(play.kase, today(play));
    expect(after).toMatchObject({ settle: 0, left: 0, late: 0, next: null, overpaid: 0, settledOn: today(play) });
    expect(after.rows.at(-1)?.state).toBe('settled');
    expect(performance.due(play.kase, HOME.zone)).toEqual([]);
  });

  test('what comes beyond is overpaid, and said; so is what comes later', () => {
    const play = bearing().later(45);
    const { settle } = standing(play.kase, today(play));
    play.give(LIN, 'payment.report', made(play, settle + 250));
    expect(play.entries.at(-1)).toMatchObject({
      kind: 'performance.completed',
      content: { overpaid: 250, on: today(play), paid: settle + 250 },
    });
    play.later(3).give(LIN, 'payment.report', made(play, 1_000));
    expect(standing(play.kase, today(play))).toMatchObject({ overpaid: 1_250, settle: 0, left: 0 });
    expect(play.entries.at(-1)?.kind).toBe('payment.reported');
  });

  test('what is reported and unanswered when all is settled can still be answered', () => {
    const play = bearing();
    play.give(XIAOYU, 'payment.report', made(play, 4_000));
    const first = last(play);
    play.give(LIN, 'payment.report', made(play, 1_250_000));
    expect(play.kase.stage).toBe('completed');
    expect(play.give(LIN, 'payment.confirm', { payment: first })).toEqual(['payment.confirmed']);
    expect(standing(play.kase, today(play)).overpaid).toBe(4_000);
  });

  test('a reversal after it reopens the case, with what is owed again; the late instalments are told of again', () => {
    const play = bearing();
    paid(play, 1_250_000);
    expect(play.kase.stage).toBe('completed');
    expect(play.later(40).give(LIN, 'payment.reverse', { payment: last(play), words: '款项被退回。' })).toEqual([
      'payment.reversed',
      'performance.reopened',
    ]);
    expect(play.kase.stage).toBe('in-force');
    const { left, settle } = standing(play.kase, today(play));
    expect(play.entries.at(-1)?.content).toEqual({ left: settle });
    expect(left).toBeGreaterThan(1_250_000);
    expect(performance.due(play.kase, HOME.zone)[0]?.entry).toMatchObject({ kind: 'instalment.overdue', content: { no: 1 } });
  });

  test('a reversal that leaves it settled reopens nothing', () => {
    const play = bearing();
    play.give(LIN, 'payment.report', made(play, 1_250_000));
    play.give(LIN, 'payment.report', made(play, 500));
    expect(play.give(LIN, 'payment.withdraw', { payment: last(play) })).toEqual(['payment.withdrawn']);
    expect(play.kase.stage).toBe('completed');
    expect(play.give(LIN, 'payment.withdraw', { payment: play.kase.payments[0]?.seq })).toEqual([
      'payment.withdrawn',
      'performance.reopened',
    ]);
  });

  test('an instalment that was told of as late, then paid, then not, is told of again', () => {
    const play = agreed(XIAOYU, ZHOU).later(31);
    play.kase = { ...play.kase, overdue: [1] };
    play.give(LIN, 'payment.report', made(play, 104_167));
    play.give(LIN, 'payment.withdraw', { payment: last(play) });
    expect(play.kase.overdue).toEqual([]);
  });

  test('a case that an older release left in force although nothing is owed is completed by time', () => {
    const play = bearing();
    paid(play, 1_250_000);
    const older = fold(play.entries.filter(({ kind }) => kind !== 'performance.completed'));
    expect(older.stage).toBe('in-force');
    expect(performance.due(older, HOME.zone)).toMatchObject([{ at: older.lastAt, entry: { kind: 'performance.completed' } }]);
  });
});

test('nobody is told that an instalment is late while the lender has yet to answer that it was paid', () => {
  const play = agreed(XIAOYU, ZHOU);
  play.give(XIAOYU, 'payment.report', made(play, 104_167));
  expect(performance.due(play.kase, HOME.zone)[0]?.entry.content).toMatchObject({ no: 2, missing: 104_167 });
  play.give(LIN, 'payment.dispute', { payment: last(play), words: '没有到账。' });
  expect(performance.due(play.kase, HOME.zone)[0]?.entry.content).toMatchObject({ no: 1, missing: 104_167 });
});

test('any split of payments over days comes to what the rule says, and nothing is negative', () => {
  const some = fc.array(fc.record({ days: fc.integer({ min: 0, max: 90 }), amount: fc.integer({ min: 1, max: 900_000 }) }), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(some, (payments) => {
      const play = bearing();
      for (const { days, amount } of [...payments].sort((a, b) => a.days - b.days)) {
        play.at = new Date(Date.parse('2026-11-24T04:00:00.000Z') + days * 86_400_000).toISOString();
        expect(paid(play, amount)[0]).toBe('payment.confirmed');
      }
      const { agreement, payments: all, stage } = play.kase;
      const now = standing(play.kase, today(play));
      const rule = agreement && leftOn(agreement.debt, agreement.terms, all, today(play));
      expect(rule).toEqual({ left: settleOn(play.kase, today(play)).left, settle: now.settle, overpaid: now.overpaid });
      expect(stage === 'completed').toBe(now.settle === 0);
      expect(Math.min(now.left, now.late, now.settle, now.overpaid)).toBeGreaterThanOrEqual(0);
      expect(now.left === 0).toBe(now.settle === 0);
    }),
    { numRuns: 150 },
  );
});
