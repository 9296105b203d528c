import { describe, expect, test } from 'vitest';
import { missingOn, toCure } from '../../worker/negotiation/arrears.ts';
import { due } from '../../worker/negotiation/case.ts';
import { duties } from '../../worker/negotiation/duties.ts';
import { filled } from '../../worker/negotiation/instalments.ts';
import { settleOn } from '../../worker/negotiation/owed.ts';
import { remaining, standing } from '../../worker/negotiation/performance.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { localTime } from '../../worker/plan/law/zone.ts';
import { inForce, pass, pay, to, today } from './performed.ts';
import { LIN, type Play, XIAOYU, ZHOU } from './play.ts';

/** An instalment that slips: moved, in arrears, cured, broken. */

const STRICT = { afterBreach: { waiversLapse: true, restDue: true } };

describe('moving an instalment', () => {
  const ask = (play: Play, rest: object) => play.give(XIAOYU, 'move.ask', { no: 1, by: 'day', words: '工资推迟。', ...rest });

  test('within what the agreement allows it is granted at once: the schedule shows both days, and what is owed is the same', () => {
    const play = inForce();
    const before = settleOn(play.kase, '2027-01-10');
    expect(ask(play, { to: '2027-01-08' })).toEqual(['instalment.move-asked', 'instalment.moved']);
    expect(standing(play.kase, '2027-01-02').rows[0]).toMatchObject({ no: 1, due: '2027-01-08', moved: '2026-12-24', state: 'ahead' });
    expect(settleOn(play.kase, '2027-01-10')).toEqual(before);
    to(play, '2026-12-26');
    expect(pass(play)).toEqual([]);
    to(play, '2027-01-09');
    expect(pass(play)).toEqual(['instalment.overdue']);
  });

  test('beyond it the lender answers: one day more, a second time, after its day, or more often than allowed', () => {
    const play = inForce();
    expect(ask(play, { to: '2027-01-09' })).toEqual(['instalment.move-asked']);
    expect(ask(play, { to: '2027-01-05' })).toBe('move.none');
    expect(play.give(LIN, 'move.decline', { asked: play.kase.moves[0]?.seq, words: '请先付一部分。' })).toEqual([
      'instalment.move-declined',
    ]);
    expect(ask(play, { to: '2027-01-05' })).toEqual(['instalment.move-asked', 'instalment.moved']);
    expect(ask(play, { to: '2027-01-06' })).toEqual(['instalment.move-asked']);
    expect(play.give(LIN, 'move.grant', { asked: play.kase.moves.at(-1)?.seq })).toEqual(['instalment.moved']);
    expect(filled(play.kase)[0]).toMatchObject({ due: '2027-01-06', moved: '2026-12-24' });
    // Two at once, and no more.
    expect(ask(play, { no: 2, to: '2027-02-01' })).toHaveLength(2);
    expect(ask(play, { no: 3, to: '2027-03-01' })).toEqual(['instalment.move-asked']);
    expect(play.give(XIAOYU, 'move.grant', { asked: play.kase.moves.at(-1)?.seq })).toBe('seat.may-not');
  });

  test('to the end: behind the last instalment, and paid after it', () => {
    const play = inForce({ policy: { moves: { most: 1, days: 3, toEnd: true } } });
    expect(ask(play, { by: 'end' })).toHaveLength(2);
    const rows = filled(play.kase);
    expect(rows.at(-1)).toMatchObject({ no: 1, due: '2027-12-24', moved: '2026-12-24' });
    to(play, '2027-01-24');
    expect(pay(play, 104_167)).toEqual(['payment.confirmed']);
    expect(filled(play.kase).map(({ no, paid }) => [no, paid])[0]).toEqual([2, 104_167]);
  });

  test.each([
    [{ to: '2026-11-24' }, 'move.not-later'],
    [{ to: '2026-12-24' }, 'move.not-later'],
    [{ to: '2027-12-26' }, 'move.far'],
    [{}, 'move.day-needed'],
    [{ no: 13, to: '2027-01-01' }, 'move.none'],
  ])('not %j', (rest, code) => expect(ask(inForce(), rest)).toBe(code));

  test('of a paid instalment nothing is moved, nor by the lender’s side', () => {
    const play = inForce();
    pay(play, 104_167);
    expect(ask(play, { to: '2027-01-01' })).toBe('move.none');
    expect(play.give(LIN, 'move.ask', { no: 2, by: 'day', to: '2027-02-01', words: 'x' })).toBe('seat.may-not');
  });
});

describe('arrears', () => {
  test('begin the morning after the days of grace, with what is missing and until when; until then nothing can be declared', () => {
    const play = inForce();
    const began = due(play.kase, HOME.zone).find(({ entry }) => entry.kind === 'arrears.began');
    // Three days of grace after 24 December; at nine where the parties are.
    expect(began).toMatchObject({ at: '2026-12-28T01:00:00.000Z', contacts: true, entry: { kind: 'arrears.began' } });
    to(play, '2026-12-27');
    expect(pass(play)).toEqual(['instalment.overdue']);
    expect(play.kase.stage).toBe('in-force');
    to(play, '2026-12-28');
    expect(pass(play)).toEqual(['arrears.began']);
    expect(play.kase).toMatchObject({ stage: 'in-arrears', arrears: { since: '2026-12-24', missing: 104_167, until: '2027-01-11' } });
    to(play, '2027-01-11');
    expect(play.try(ZHOU, 'arrears.declareBroken', { words: '没有回应。' }, true)).toMatchObject({
      code: 'arrears.can-be-cured',
      until: '2027-01-11',
    });
  });

  test.each(['+08:00', '+06:00', '-05:00', '+13:00'] as const)(
    'begin at nine by the clocks of %s, and their notice counts from that day',
    (zone) => {
      const play = inForce();
      const began = due(play.kase, zone).find(({ entry }) => entry.kind === 'arrears.began');
      expect(localTime(began?.at ?? '', zone)).toBe('2026-12-28T09:00');
      expect(began?.entry.content).toMatchObject({ since: '2026-12-24', until: '2027-01-11' });
      expect(began?.on?.('2026-12-31')?.content).toMatchObject({ since: '2026-12-24', until: '2027-01-14' });
    },
  );

  test('a notice that is given late leaves as many days from when it is given', () => {
    const play = to(inForce(), '2027-02-10');
    pass(play);
    expect(play.kase.arrears).toMatchObject({ since: '2026-12-24', missing: 208_334, until: '2027-02-24' });
  });

  test('are cured by what is missing, in the same step; a fen less does not', () => {
    const play = to(inForce(), '2026-12-28');
    pass(play);
    expect(pay(play, 104_166)).toEqual(['payment.confirmed']);
    expect(play.kase.stage).toBe('in-arrears');
    expect(pay(play, 1)).toEqual(['payment.confirmed', 'arrears.cured']);
    expect(play.kase).toMatchObject({ stage: 'in-force', arrears: null });
    // It goes on as it was: the next instalment has its own days of grace.
    to(play, '2027-01-27');
    expect(pass(play)).toEqual(['instalment.overdue']);
    to(play, '2027-01-28');
    expect(pass(play)).toEqual(['arrears.began']);
  });

  test('by what the notice named, whatever has fallen due since: that has a notice and days of its own, and nothing is declared broken before them', () => {
    const play = to(inForce({ policy: { cureDays: 40 } }), '2026-12-28');
    pass(play);
    expect(play.kase.arrears).toMatchObject({ missing: 104_167, until: '2027-02-06' });
    to(play, '2027-02-05');
    pass(play);
    expect(missingOn(play.kase, today(play))).toMatchObject({ missing: 208_334 });
    expect(toCure(play.kase)).toBe(104_167);
    expect(duties(play.kase, 'borrower', play.context(XIAOYU))).toContainEqual({ what: 'cure', amount: 104_167, due: '2027-02-06' });
    expect(pay(play, 104_166)).toEqual(['payment.confirmed']);
    expect(pay(play, 1)).toEqual(['payment.confirmed', 'arrears.cured']);
    to(play, '2027-02-07');
    expect(play.give(ZHOU, 'arrears.declareBroken', { words: '没有回应。' }, true)).toBe('arrears.none');
    expect(pass(play)).toEqual(['arrears.began']);
    expect(play.kase.arrears).toMatchObject({ since: '2027-01-24', missing: 104_167, until: '2027-03-19' });
    expect(play.give(ZHOU, 'arrears.declareBroken', { words: '没有回应。' }, true)).toBe('arrears.can-be-cured');
  });

  test('do not begin while the lender has yet to answer that it was paid; where it did not come, the notice leaves all of its days', () => {
    const play = to(inForce(), '2026-12-24');
    play.give(XIAOYU, 'payment.report', { amount: 104_167, on: '2026-12-24', method: 'app' });
    to(play, '2026-12-30');
    expect(pass(play)).toEqual([]);
    play.give(LIN, 'payment.dispute', { payment: play.kase.payments[0]?.seq, words: '没有到账。' });
    expect(pass(play)).toEqual(['instalment.overdue', 'arrears.began']);
    expect(play.kase.arrears).toMatchObject({ since: '2026-12-24', missing: 104_167, until: '2027-01-13' });
    // A report of less than is missing puts nothing off.
    const short = to(inForce(), '2026-12-24');
    short.give(XIAOYU, 'payment.report', { amount: 104_166, on: '2026-12-24', method: 'app' });
    to(short, '2026-12-30');
    expect(pass(short)).toContain('arrears.began');
  });

  test('or by moving what is missing, where the lender agrees', () => {
    const play = to(inForce(), '2026-12-28');
    pass(play);
    expect(play.give(XIAOYU, 'move.ask', { no: 1, by: 'day', to: '2027-01-10', words: '下月初有奖金。' })).toEqual([
      'instalment.move-asked',
    ]);
    expect(play.give(LIN, 'move.grant', { asked: play.kase.moves[0]?.seq })).toEqual(['instalment.moved', 'arrears.cured']);
    expect(play.kase.stage).toBe('in-force');
  });

  test('do not begin while the lender has yet to answer that it was paid; they do once it did not come, with days from then', () => {
    const play = to(inForce(), '2026-12-24');
    play.give(XIAOYU, 'payment.report', { amount: 104_167, on: today(play), method: 'app' });
    to(play, '2027-01-05');
    expect(pass(play)).toEqual([]);
    expect(play.kase.stage).toBe('in-force');
    play.give(LIN, 'payment.dispute', { payment: play.kase.payments[0]?.seq, words: '没有到账。' });
    expect(pass(play)).toEqual(['instalment.overdue', 'arrears.began']);
    expect(play.kase.arrears).toMatchObject({ since: '2026-12-24', missing: 104_167, until: '2027-01-19' });
    // Where time alone tells that they are cured, it is told once.
    const { stage, arrears } = play.kase;
    pay(play, 104_167);
    const cured = due({ ...play.kase, stage, arrears }, HOME.zone).filter(({ entry }) => entry.kind === 'arrears.cured');
    expect(cured).toHaveLength(1);
  });

  test('a payment that no longer counts brings them back', () => {
    const play = to(inForce(), '2026-12-28');
    pass(play);
    pay(play, 104_167);
    expect(play.kase.stage).toBe('in-force');
    play.give(LIN, 'payment.reverse', { payment: play.kase.payments[0]?.seq, words: '记错。' });
    to(play, '2026-12-29');
    expect(pass(play)).toContain('arrears.began');
  });

  test('an agreement from before its days of grace were said has none, and no arrears: its instalments are late, and no more', () => {
    const play = inForce();
    const { conditions: _, ...older } = play.kase.agreement ?? expect.fail();
    play.kase = { ...play.kase, agreement: older };
    to(play, '2027-06-01');
    expect(pass(play)).toEqual(Array(6).fill('instalment.overdue'));
    expect(play.try(ZHOU, 'arrears.declareBroken', { words: 'x' }, true)).toMatchObject({ code: 'arrears.none' });
  });
});

describe('broken', () => {
  /** Two of twelve paid, the third missing beyond the day until when it could be made good. */
  function missed(policy: object = STRICT): Play {
    const play = inForce({ terms: { waive: { interest: 30_000, penalty: 20_000 } }, policy });
    pay(play, 200_000);
    to(play, '2027-02-28');
    pass(play);
    expect(play.kase.stage).toBe('in-arrears');
    return to(play, '2027-03-15');
  }
  const declare = (play: Play, seat = ZHOU) => play.give(seat, 'arrears.declareBroken', { words: '多次联系没有回应。' }, true);

  test('only after that day, by the lender, with a proof, and not while a reported payment waits', () => {
    const play = missed();
    expect(play.give(ZHOU, 'arrears.declareBroken', { words: 'x' })).toBe('proof.needed');
    expect(declare(play, XIAOYU)).toBe('seat.may-not');
    play.give(XIAOYU, 'payment.report', { amount: 1, on: today(play), method: 'app' });
    expect(declare(play)).toBe('arrears.payment-waits');
    play.give(LIN, 'payment.dispute', { payment: play.kase.payments.at(-1)?.seq, words: '没有到账。' });
    expect(declare(play)).toEqual(['agreement.broken']);
    expect(play.kase.stage).toBe('broken');
  });

  test('waivers lapse by the share that was not paid: worked out, shown, and owed from then on', () => {
    const play = missed();
    declare(play);
    const entry = play.entries.at(-1)?.content;
    // 12,000.00 were to be paid and 2,000.00 were: five sixths of 300.00 and of 200.00 lapse.
    expect(entry).toMatchObject({
      on: '2027-03-15',
      lapsed: { fees: 0, penalty: 16_667, interest: 25_000, principal: 0 },
      left: { fees: 0, penalty: 16_667, interest: 25_000, principal: 1_000_000 },
      restDue: true,
    });
    expect(settleOn(play.kase, '2027-03-14').settle).toBe(1_000_000);
    expect(settleOn(play.kase, '2027-03-15').settle).toBe(1_041_667);
  });

  test('what is paid after it on its very day counts after the waivers lapsed: the amount that was shown ends it, and nothing is overpaid', () => {
    const play = missed();
    declare(play);
    expect(pay(play, 1_041_666)).toEqual(['payment.confirmed']);
    expect(settleOn(play.kase, today(play))).toMatchObject({ settle: 1, overpaid: 0 });
    expect(pay(play, 1)).toEqual(['payment.confirmed', 'performance.completed']);
    expect(settleOn(play.kase, today(play))).toMatchObject({ settle: 0, overpaid: 0 });
    // One that was made before that day and is confirmed after it goes to what was owed then.
    const late = missed();
    declare(late);
    expect(pay(late, 1_000_000, '2027-03-14')).toEqual(['payment.confirmed', 'performance.completed']);
  });

  test('where the rest is due, no instalment has a later day: nothing is next or yet to come, and what settles it is late', () => {
    const play = missed();
    declare(play);
    expect(standing(play.kase, '2027-03-15').rows.at(-1)?.state).toBe('due');
    const now = standing(play.kase, '2027-03-16');
    expect(now).toMatchObject({ next: null, late: 1_041_667, left: 1_041_667, settle: 1_041_667 });
    expect(now.rows.map(({ state }) => state)).toEqual(['paid', 'paid', ...Array(10).fill('late')]);
    expect(remaining(play.kase)).toEqual({ left: 1_041_667, next: null });
    to(play, '2027-06-01');
    expect(pass(play)).toEqual([]);
    const kept = missed({});
    declare(kept);
    expect(standing(kept.kase, '2027-03-16')).toMatchObject({ next: { no: 3 }, late: 100_000 });
    expect(remaining(kept.kase)?.next).toMatchObject({ due: '2027-02-24' });
  });

  test('what is paid afterwards counts, and paying all of it ends it', () => {
    const play = missed();
    declare(play);
    to(play, '2027-03-16');
    expect(pay(play, 1_041_666)).toEqual(['payment.confirmed']);
    expect(play.kase.stage).toBe('broken');
    expect(pay(play, 1)).toEqual(['payment.confirmed', 'performance.completed']);
    expect(play.kase.stage).toBe('completed');
  });

  test('where the clause says that waivers hold, nothing more is owed than before', () => {
    const play = missed({});
    const before = settleOn(play.kase, today(play));
    declare(play);
    expect(settleOn(play.kase, today(play))).toEqual(before);
    expect(play.entries.at(-1)?.content).toMatchObject({ lapsed: { penalty: 0, interest: 0 }, restDue: false });
  });

  test('the policy of later does not change what was agreed', () => {
    const play = missed({});
    Object.assign(play, { policy: { ...play.policy, ...STRICT, graceDays: 0 } });
    declare(play);
    expect(play.entries.at(-1)?.content).toMatchObject({ restDue: false });
  });
});
