import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactHoursOn, DEFAULT_POLICY, type HeldPolicy, Policy } from '../../worker/negotiation/policy.ts';
import { type Beyond, beyondPolicy, leastInstalment, longestTermFor, waiversFor } from '../../worker/negotiation/policy-bounds.ts';
import { CHINA } from '../../worker/plan/law/china.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { DEBT, LIN, level, opened, TERMS, XIAOYU } from './play.ts';

/** A lender's policy: older rows are read, and a plan is measured by it in one place. */

const TODAY = '2026-11-24';
const policy = (rest: Partial<Policy>): HeldPolicy => ({ ...DEFAULT_POLICY, version: 3, ...rest });

const band = (fromDaysOverdue: number, ppm: number) => ({
  fromDaysOverdue,
  ...{ principalPpm: 0, interestPpm: ppm, penaltyPpm: ppm, feesPpm: ppm },
});

function beyond(of: HeldPolicy, terms: Terms, rest: { disposable?: number; daysOverdue?: number } = {}): Beyond[] {
  const worked = schedule(DEBT, terms);
  if ('refused' in worked) throw new Error(worked.refused.code);
  const { disposable = null, daysOverdue = null } = rest;
  return beyondPolicy(of, { debt: DEBT, terms, schedule: worked, disposable, daysOverdue, today: TODAY });
}
const what = (found: Beyond[]) => found.map((one) => one.what);

describe('a stored policy', () => {
  test('of before it had these members is read, and allows what it did', () => {
    const older = {
      ...{ minimumInstalment: 20_000, longestTerm: 60, answerWithin: 3, offerDays: 7, retentionYears: 5 },
      agentAuthority: { chargesPpm: 500_000, principalPpm: 0, longestTerm: 36 },
    };
    const { version, ...standing } = DEFAULT_POLICY;
    expect({ version, read: Policy.parse(older) }).toEqual({ version: 0, read: standing });
    expect(standing.automatic).toEqual({ accept: false, counter: false });
  });
  test.each<[string, unknown]>([
    [
      'bands of terms out of order',
      {
        termBands: [
          { upTo: 200, months: 3 },
          { upTo: 100, months: 6 },
        ],
      },
    ],
    ['two bands of waivers from one day', { waivers: [band(30, 1), band(30, 2)] }],
    ['more than all of a part', { waivers: [band(0, 1_000_001)] }],
    ['hours that end before they begin', { contactHours: { from: 1200, until: 600 } }],
    ['an account without a number', { account: { name: '明衡', bank: '工商银行', number: ' ' } }],
  ])('%s is none', (_, rest) => expect(Policy.safeParse({ ...DEFAULT_POLICY, ...(rest as object) }).success).toBe(false));
});

describe('what a plan is measured by', () => {
  test('the least instalment: the amount, or a share of what is left a month where that is less', () => {
    const of = policy({ minimumInstalment: 30_000, minimumSharePpm: 200_000 });
    expect([null, 400_000, 100_001, -5].map((left) => leastInstalment(of, left))).toEqual([30_000, 30_000, 20_000, 0]);
    expect(what(beyond(policy({ minimumInstalment: 104_167 }), level(12)))).toEqual([]);
    expect(beyond(policy({ minimumInstalment: 104_168 }), level(12))).toEqual([{ what: 'minimum', limit: 104_168, given: 104_167 }]);
    // A week’s instalment is held against a week’s part of the month.
    expect(what(beyond(policy({ minimumInstalment: 104_168 }), level(48, { every: 'week' })))).toEqual([]);
  });
  test('the longest term by what is owed, never longer than the longest of all', () => {
    const of = policy({
      longestTerm: 36,
      termBands: [
        { upTo: 1_000_000, months: 6 },
        { upTo: 2_000_000, months: 48 },
      ],
    });
    expect([1, 1_000_000, 1_000_001, 2_000_001].map((owed) => longestTermFor(of, owed))).toEqual([6, 6, 36, 36]);
    expect(what(beyond(of, level(36)))).toEqual([]);
    expect(beyond(of, level(37))).toEqual([{ what: 'term', limit: 36, given: 37 }]);
  });
  test('waivers by component and days overdue; of what is not known, nothing is assumed', () => {
    const of = policy({ waivers: [band(30, 500_000), band(90, 1_000_000)] });
    expect(waiversFor(of, 29)).toMatchObject({ penaltyPpm: 0 });
    const terms = level(12, { waive: { penalty: 10_001, interest: 15_000 } });
    expect(beyond(of, terms, { daysOverdue: 89 })).toEqual([{ what: 'penalty', limit: 10_000, given: 10_001 }]);
    expect(what(beyond(of, terms, { daysOverdue: 90 }))).toEqual([]);
    expect(what(beyond(of, terms))).toEqual(['interest', 'penalty']);
    expect(what(beyond(policy({}), terms))).toEqual([]);
  });
  test('pauses, interest that stands still in them, and what is asked for up front', () => {
    const paused: Terms = {
      ...TERMS,
      phases: [
        { kind: 'pause', count: 3, interest: 'waived' },
        { kind: 'level', count: 12 },
      ],
    };
    expect(what(beyond(policy({ pauses: { most: 3, interestWaived: true } }), paused))).toEqual([]);
    expect(what(beyond(policy({ pauses: { most: 2, interestWaived: false } }), paused))).toEqual(['pause', 'pause-interest']);
    const upfront = (amount: number) => level(12, { upfront: { due: '2026-12-01', amount } });
    expect(what(beyond(policy({ upfrontPpm: 100_000 }), upfront(125_000)))).toEqual([]);
    expect(beyond(policy({ upfrontPpm: 100_000 }), upfront(124_999))).toEqual([{ what: 'upfront', limit: 125_000, given: 124_999 }]);
    expect(what(beyond(policy({ upfrontPpm: 1 }), level(12)))).toEqual(['upfront']);
  });
  test('whatever the policy and the plan: a policy that allows more finds no more outside', () => {
    const amounts = fc.integer({ min: 0, max: 200_000 });
    const share = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(
        amounts,
        fc.integer({ min: 1, max: 60 }),
        share,
        share,
        fc.integer({ min: 1, max: 60 }),
        (least, months, ppm, more, count) => {
          const terms = level(count, { waive: { penalty: 20_000, interest: 7_000 } });
          const strict = policy({
            minimumInstalment: least,
            longestTerm: months,
            waivers: [band(0, Math.min(ppm, more))],
            upfrontPpm: ppm,
          });
          const wide = policy({
            minimumInstalment: Math.floor(least / 2),
            longestTerm: months + 1,
            waivers: [band(0, Math.max(ppm, more))],
            upfrontPpm: Math.floor(ppm / 2),
          });
          const outside = what(beyond(strict, terms));
          for (const one of what(beyond(wide, terms))) expect(outside).toContain(one);
          for (const { limit, given, what: of } of beyond(strict, terms))
            expect(of === 'minimum' || of === 'upfront' ? given < limit : given > limit).toBe(true);
        },
      ),
    );
  });
  test('hours of contact: the law’s, narrowed by the lender’s own and never widened', () => {
    expect(contactHoursOn(policy({}), CHINA, TODAY)).toEqual({ from: 480, until: 1320 });
    expect(contactHoursOn(policy({ contactHours: { from: 540, until: 1200 } }), CHINA, TODAY)).toEqual({ from: 540, until: 1200 });
    expect(contactHoursOn(policy({ contactHours: { from: 0, until: 1440 } }), CHINA, TODAY)).toEqual({ from: 480, until: 1320 });
    // Such as leave none: else no notice of arrears would ever be written.
    expect(contactHoursOn(policy({ contactHours: { from: 1320, until: 1440 } }), CHINA, TODAY)).toEqual({ from: 480, until: 1320 });
  });
});

describe('an offer', () => {
  const offer = (terms: Terms, rest: object = {}) => ({ answers: 1, terms, words: '好。', ...rest });

  test('keeps the version of the policy by which it was made', () => {
    const play = opened();
    play.policy = policy({});
    expect(play.give(LIN, 'proposal.make', offer(level(24)))).toContain('proposal.made');
    expect(play.kase.offers.at(-1)).toMatchObject({ version: 2, policy: 3 });
  });
  test('is of no longer term than policy allows, from either side, and the refusal says by which version', () => {
    const play = opened();
    play.policy = policy({ longestTerm: 18 });
    const refused = { code: 'policy.term', limit: 18, given: 19, version: 3, field: 'terms.phases.0.count' };
    expect(play.try(LIN, 'proposal.make', offer(level(19)))).toEqual(refused);
    expect(play.give(LIN, 'proposal.make', offer(level(18)))).toContain('proposal.made');
    expect(play.try(XIAOYU, 'proposal.make', { ...offer(level(19)), answers: 2 })).toEqual(refused);
  });
  test('stands no longer than policy allows', () => {
    const play = opened();
    play.policy = policy({ longestOffer: 10 });
    expect(play.try(LIN, 'proposal.make', offer(level(12), { expiresInDays: 11 }))).toMatchObject({ code: 'policy.offer-days', limit: 10 });
    expect(play.give(LIN, 'proposal.make', offer(level(12), { expiresInDays: 10 }))).toContain('proposal.made');
  });
});
