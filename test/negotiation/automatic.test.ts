import { describe, expect, test } from 'vitest';
import { tell } from '../../web/telling/tell.ts';
import { wordsOf } from '../../web/words/index.ts';
import { hasDespaired } from '../../worker/execute/automatic.ts';
import { automaticAnswer, nearestInside } from '../../worker/negotiation/automatic.ts';
import { DEFAULT_POLICY, type HeldPolicy } from '../../worker/negotiation/policy.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { DEBT, LIN, level, MEANS, opened, type Play, XIAOYU, ZHOU } from './play.ts';

/** What policy lets the portal answer: inside it accepted, outside it countered with the nearest plan inside; never where a person is needed. */

const POLICY: HeldPolicy = { ...DEFAULT_POLICY, version: 7, automatic: { accept: true, counter: true } };
const total = DEBT.principal + DEBT.interest + DEBT.penalty;

/** A case on confirmed figures, with this offer of the borrower's on the table. 3,500.00 are left a month, 3,150.00 of it to be paid. */
function offered(terms: Terms, otherwise: object = {}): Play {
  const play = opened({
    ...otherwise,
    proposal: { answers: null, terms, reasons: { principal: '失业。', penalty: '失业。' }, words: '请看。' },
  });
  play.give(LIN, 'debt.confirm', { total });
  play.policy = POLICY;
  return play;
}

const answer = (play: Play) => play.take(LIN, automaticAnswer(play.kase, { ...play.context(LIN), policy: POLICY }) ?? []);

describe('inside policy', () => {
  test('it is accepted by the portal, marked with the version, and drawn up; nobody has signed', () => {
    const play = offered(level(12));
    expect(answer(play)).toEqual(['proposal.accepted', 'agreement.drawn-up']);
    expect(play.entries.at(-2)).toMatchObject({ author: { side: 'portal' }, content: { version: 1, automatic: 7 } });
    expect(play.kase.agreement?.signatures).toEqual({ borrower: null, lender: null });
    for (const language of ['zh', 'en'] as const) {
      const words = wordsOf(language);
      const accepted = play.entries.at(-2);
      expect(accepted && tell(accepted, play.kase, words).lines[0]?.value).toBe(words.person.automatic({ version: 7 }));
    }
    // What policy has granted an agent may sign.
    expect(play.give(LIN, 'agreement.sign', { digest: play.kase.agreement?.digest, name: LIN.name }, true)).toEqual(['agreement.signed']);
  });
  test('twice it is not: the table is empty then', () => {
    const play = offered(level(12));
    answer(play);
    expect(answer(play)).toEqual([]);
  });
});

describe('outside policy', () => {
  test.each([
    ['a term too long', level(50), { phases: [{ kind: 'level', count: 36 }] }],
    [
      'all of the penalty and a share of the principal',
      level(12, { waive: { principal: 100_000, penalty: 20_000 } }),
      { waive: { penalty: 20_000 } },
    ],
    ['instalments that the means do not bear', level(2), { phases: [{ kind: 'level', count: 4 }] }],
  ])('%s: countered with the nearest plan that is inside', (_, terms, expected) => {
    const play = offered(terms);
    expect(answer(play)).toEqual(['proposal.made']);
    const made = play.kase.offers[1];
    expect(made).toMatchObject({ side: 'lender', answers: 1, automatic: 7, state: 'live', terms: expected });
    expect(play.kase.offers[0]?.state).toBe('answered');
    // What was countered is itself inside: sent back by the borrower it is accepted.
    play.give(XIAOYU, 'proposal.make', { answers: 2, terms: made?.terms, reasons: { penalty: '失业。' }, words: '好。' });
    expect(answer(play)).toEqual(['proposal.accepted', 'agreement.drawn-up']);
  });
  test('the same plan is not offered twice, and after three a person goes on', () => {
    const play = offered(level(50));
    answer(play);
    play.give(XIAOYU, 'proposal.make', { answers: 2, terms: level(51), reasons: {}, words: '还是太多。' });
    expect(answer(play)).toEqual([]);
  });
  test('where no plan is inside, it waits for a person', () => {
    const poor = { means: { ...MEANS, incomes: [{ kind: 'salary', amount: 175_000, every: 'month' }] } };
    expect(answer(offered(level(50), poor))).toEqual([]);
  });
});

describe('never', () => {
  test.each(['illness', 'family', 'disaster'] as const)('where the cause is %s', (kind) => {
    expect(answer(offered(level(12), { means: { ...MEANS, cause: { ...MEANS.cause, kind } } }))).toEqual([]);
  });
  test('once the borrower asked for a person: one press, for good', () => {
    const play = offered(level(12));
    expect(play.give(LIN, 'person.ask', {})).toBe('seat.may-not');
    expect(play.give(XIAOYU, 'person.ask', {})).toEqual(['person.asked']);
    expect(answer(play)).toEqual([]);
    expect(play.give(XIAOYU, 'person.ask', {})).toBe('person.asked-already');
  });
  test('where policy does not say so, of an unproven policy, or on figures that the lender has not confirmed', () => {
    const play = offered(level(12));
    const now = play.context(LIN);
    for (const policy of [
      { ...POLICY, automatic: { accept: false, counter: false } },
      { ...POLICY, automatic: { accept: false, counter: true } },
      { ...POLICY, version: 0 },
    ])
      expect(automaticAnswer(play.kase, { ...now, policy })).toBeNull();
    expect(automaticAnswer(opened().kase, { ...now, policy: POLICY })).toBeNull();
    const counterOff = { ...POLICY, automatic: { accept: true, counter: false } };
    expect(automaticAnswer(offered(level(50)).kase, { ...now, policy: counterOff })).toBeNull();
  });
  test('beyond what an agent may grant alone, whatever policy says of waivers', () => {
    const play = offered(level(12, { waive: { principal: 100_000 } }));
    const generous = {
      ...POLICY,
      waivers: [{ fromDaysOverdue: 0, principalPpm: 1_000_000, interestPpm: 1_000_000, penaltyPpm: 1_000_000, feesPpm: 1_000_000 }],
    };
    const decided = automaticAnswer(play.kase, { ...play.context(ZHOU), policy: generous });
    expect(decided?.map(({ kind }) => kind)).toEqual(['proposal.made']);
  });
});

describe('what somebody of the staff counters with in one step', () => {
  const by = (play: Play, seat: typeof LIN, policy: HeldPolicy = POLICY) =>
    nearestInside(play.kase, { ...play.context(seat), seat, policy });
  test('is the plan that the portal would answer with, also where policy answers nothing and the cause is one for a person', () => {
    const ill = { means: { ...MEANS, cause: { ...MEANS.cause, kind: 'illness' } } };
    const manual = { ...POLICY, automatic: { accept: false, counter: false } };
    expect(by(offered(level(50), ill), LIN, manual)).toMatchObject({ phases: [{ kind: 'level', count: 36 }] });
  });
  test('goes as far as policy and their own limits let them', () => {
    const waivers = [{ fromDaysOverdue: 0, principalPpm: 1_000_000, interestPpm: 1_000_000, penaltyPpm: 1_000_000, feesPpm: 1_000_000 }];
    const asked = () => offered(level(12, { waive: { principal: 100_000, penalty: 20_000 } }));
    expect(by(asked(), LIN, { ...POLICY, waivers })?.waive).toEqual({ penalty: 20_000 });
    expect(by(asked(), ZHOU, { ...POLICY, waivers })?.waive).toEqual({ principal: 100_000, penalty: 20_000 });
  });
  test('is nothing where no plan is inside, where the offer is their own, or where nothing is known of the means', () => {
    expect(by(offered(level(50), { means: { ...MEANS, incomes: [{ kind: 'salary', amount: 175_000, every: 'month' }] } }), LIN)).toBeNull();
    const play = offered(level(50));
    play.give(LIN, 'proposal.make', { answers: 1, terms: level(20), reasons: {}, words: '好。' });
    expect(by(play, LIN)).toBeNull();
  });
});

test('whoever has said anywhere in the case that they cannot go on is answered by a person; what the lender says is not theirs', () => {
  const play = offered(level(12));
  play.give(LIN, 'talk.message', { words: '有人说过我不想活了，请拨打热线。' });
  expect(hasDespaired(play.entries)).toBe(false);
  play.give(XIAOYU, 'talk.message', { words: '我真的不想活了。' });
  expect(hasDespaired(play.entries)).toBe(true);
});

test('what policy granted counts with what an agent grants afterwards, against what is left', () => {
  const play = offered(level(12, { waive: { penalty: 20_000 } }));
  expect(answer(play)).toEqual(['proposal.accepted', 'agreement.drawn-up']);
  for (const seat of [XIAOYU, LIN]) play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: seat.name }, true);
  expect(play.kase.stage).toBe('in-force');
  const vary = (interest: number) =>
    play.give(LIN, 'proposal.make', { answers: null, terms: level(12, { waive: { interest } }), reasons: {}, words: '再减一些。' });
  // Half of the charges of 500.00, and 200.00 of it are gone.
  expect(vary(5_001)).toBe('authority.exceeded');
  expect(vary(5_000)).toEqual(['proposal.made']);
});
