import { expect, test } from 'vitest';
import { automaticAnswer } from '../../worker/negotiation/automatic.ts';
import { daysOverdue } from '../../worker/negotiation/debt.ts';
import { DEFAULT_POLICY, type HeldPolicy } from '../../worker/negotiation/policy.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { DEBT, LIN, level, opened, XIAOYU } from './play.ts';

/** Days overdue, from the due date that the lender states: by them policy bounds its waivers. */

const total = DEBT.principal + DEBT.interest + DEBT.penalty;
const NONE = { principalPpm: 0, interestPpm: 0, penaltyPpm: 0, feesPpm: 0 };
const POLICY: HeldPolicy = {
  ...DEFAULT_POLICY,
  version: 7,
  automatic: { accept: true, counter: false },
  waivers: [
    { fromDaysOverdue: 0, ...NONE },
    { fromDaysOverdue: 90, ...NONE, penaltyPpm: 1_000_000 },
  ],
};

/** The kinds that the portal comes to where the borrower asks for half of the penalty, at an instant. */
function answered(overdueSince: string | undefined, at: string) {
  const play = opened({
    proposal: { answers: null, terms: level(12, { waive: { penalty: 10_000 } }), reasons: { penalty: '失业。' }, words: '请看。' },
  });
  expect(play.give(LIN, 'debt.confirm', { total, ...(overdueSince ? { overdueSince } : {}) })).toEqual(['debt.confirmed']);
  play.policy = POLICY;
  play.at = at;
  const { today, zone } = play.context(LIN);
  expect(zone).toBe('+08:00');
  return play.take(LIN, automaticAnswer(play.kase, { ...play.context(LIN), today, policy: POLICY }) ?? []);
}

test('the band of 90 days begins with the 90th day after the due date, by the clocks of the parties', () => {
  // 24:00 of 24 November in Shanghai is 16:00 UTC.
  const since = addDays('2026-11-25', -90);
  expect(answered(since, '2026-11-24T15:59:59.999Z')).toEqual([]);
  expect(answered(since, '2026-11-24T16:00:00.000Z')).toEqual(['proposal.accepted', 'agreement.drawn-up']);
  expect(answered(undefined, '2026-11-24T16:00:00.000Z')).toEqual([]);
});

test('none on the due date itself, one on the next day; not known where the lender has not said', () => {
  const days = (today: string) => daysOverdue({ overdueSince: '2026-05-16' }, today);
  expect(['2026-05-15', '2026-05-16', '2026-05-17', '2026-11-24'].map(days)).toEqual([0, 0, 1, 192]);
  expect(daysOverdue({ overdueSince: null }, '2026-11-24')).toBeNull();
});

test('the lender alone says since when, and of no day to come; it stands until it says another', () => {
  const play = opened();
  const debt = { ...DEBT, principal: DEBT.principal + 1 };
  expect(play.give(XIAOYU, 'debt.state', { debt, overdueSince: '2020-01-01' })).toEqual(['debt.corrected']);
  expect(play.kase.overdueSince).toBeNull();
  expect(play.give(LIN, 'debt.state', { debt, overdueSince: '2026-11-25' })).toBe('debt.overdue-future');
  expect(play.give(LIN, 'debt.state', { debt: { ...debt, fees: 1 }, overdueSince: '2026-05-16', words: '账面如此。' })).toEqual([
    'debt.disputed',
  ]);
  expect(play.kase.overdueSince).toBe('2026-05-16');
  expect(play.give(LIN, 'debt.confirm', { total: total + 1 })).toEqual(['debt.confirmed']);
  expect(play.kase.overdueSince).toBe('2026-05-16');
});
