import { expect, test } from 'vitest';
import { referredNow } from '../../worker/negotiation/referral.ts';
import { LIN, opened, XIAOYU } from './play.ts';

/** Taking a case elsewhere, and coming back: told to both, and nothing of the talks waits for it. */

const TO = { way: 'mediation', to: '浦东金融纠纷调解中心', on: '2026-11-24' } as const;

test('either side takes it to mediation, and who took it there says what came of it', () => {
  const play = opened();
  expect(play.give(XIAOYU, 'referral.make', TO)).toEqual(['referral.made']);
  expect(play.give(XIAOYU, 'referral.make', TO)).toBe('referral.there-already');
  const [{ seq } = { seq: 0 }] = referredNow(play.kase);
  const back = { referral: seq, outcome: 'not-settled', words: '没有谈成，回到这里继续。' };
  expect(play.give(LIN, 'referral.return', back)).toBe('referral.none');
  expect(play.give(XIAOYU, 'referral.return', back)).toEqual(['referral.returned']);
  expect(referredNow(play.kase)).toEqual([]);
  expect(play.kase.referrals).toMatchObject([{ side: 'borrower', way: 'mediation', outcome: 'not-settled' }]);
  expect(play.give(XIAOYU, 'referral.return', back)).toBe('referral.none');
  expect(play.give(LIN, 'referral.make', { ...TO, way: 'court' })).toEqual(['referral.made']);
});

test('the lender does not turn to whoever oversees it, nor anybody to an office that has nothing to do with its kind, nor tomorrow', () => {
  const play = opened();
  play.policy = { ...play.policy, lender: { ...play.policy.lender, kind: 'microloan' } };
  expect(play.give(LIN, 'referral.make', { ...TO, way: 'local-office' })).toBe('referral.no-such-way');
  expect(play.give(XIAOYU, 'referral.make', { ...TO, way: 'regulator' })).toBe('referral.no-such-way');
  expect(play.give(XIAOYU, 'referral.make', { ...TO, way: 'local-office', on: '2026-11-25' })).toBe('referral.future');
  expect(play.give(XIAOYU, 'referral.make', { ...TO, way: 'local-office' })).toEqual(['referral.made']);
});

test('talks go on meanwhile, and an agreement on an offer made since ends it by rule', () => {
  const play = opened();
  play.give(XIAOYU, 'referral.make', TO);
  const answer = { version: 1, reasons: ['too-long'], words: '太长。' };
  expect(play.give(LIN, 'proposal.decline', answer)).toEqual(['proposal.declined']);
  expect(referredNow(play.kase)).toHaveLength(1);
  const { terms } = play.kase.offers[0] ?? expect.fail();
  expect(play.give(XIAOYU, 'proposal.make', { answers: null, terms, reasons: {}, words: '再提一次。' })).toEqual(['proposal.made']);
  const offer = play.kase.offers.at(-1) ?? expect.fail();
  expect(play.give(LIN, 'proposal.accept', { version: offer.version, digest: offer.digest })).toContain('proposal.accepted');
  expect(referredNow(play.kase)).toEqual([]);
});

test('a side that takes it to ever more places keeps the other from none', () => {
  const play = opened();
  for (let i = 0; i < 30; i++) expect(play.give(XIAOYU, 'referral.make', { ...TO, to: `第 ${i} 处` })).toEqual(['referral.made']);
  expect(play.give(XIAOYU, 'referral.make', TO)).toBe('case.full');
  expect(play.give(LIN, 'referral.make', TO)).toEqual(['referral.made']);
});
