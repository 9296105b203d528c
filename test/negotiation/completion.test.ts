import { describe, expect, test } from 'vitest';
import { letterText } from '../../web/telling/completion.ts';
import { wordsOf } from '../../web/words/index.ts';
import { duties } from '../../worker/negotiation/duties.ts';
import type { Kinds } from '../../worker/negotiation/entry.ts';
import { project } from '../../worker/projection.ts';
import { inForce, pass, pay, to, today } from './performed.ts';
import { LIN, type Play, XIAOYU, ZHOU } from './play.ts';

/** When all is paid: the settlement letter, what it says, and that it is not forgotten. */

function paid(): Play {
  const play = to(inForce(), '2026-12-24');
  pay(play, 250_000);
  to(play, '2026-12-29');
  if (pay(play, 1_000_000).at(-1) !== 'performance.completed') throw new Error(play.kase.stage);
  return play;
}
const issue = (play: Play, seat = ZHOU, proven = true) => play.give(seat, 'settlement.issue', { name: seat.name }, proven);

test('the lender signs it with a fresh proof, once; it names all that matters, and when the credit record ends', () => {
  const play = paid();
  expect(issue(play, ZHOU, false)).toBe('proof.needed');
  expect(issue(play, XIAOYU)).toBe('seat.may-not');
  expect(play.give(ZHOU, 'settlement.issue', { name: '周山' }, true)).toBe('agreement.name-differs');
  expect(issue(play)).toEqual(['settlement.issued']);
  expect(play.entries.at(-1)?.content).toEqual({
    version: 1,
    agreed: '2026-11-24',
    lender: '明衡',
    borrower: '王小雨',
    reference: 'MH-1',
    paid: 1_250_000,
    on: '2026-12-29',
    keptUntil: '2031-12-29',
    name: '周岚',
  });
  expect(issue(play)).toBe('settlement.issued-already');
});

test('it counts what was paid before a variation, too', () => {
  const play = to(inForce(), '2026-12-24');
  pay(play, 250_000);
  play.give(XIAOYU, 'proposal.make', {
    answers: null,
    terms: {
      ...(play.kase.agreement?.terms ?? expect.fail()),
      start: today(play),
      firstDue: '2027-01-24',
      phases: [{ kind: 'level', count: 6 }],
    },
    reasons: {},
    words: '改为六期。',
  });
  play.give(ZHOU, 'proposal.accept', { version: 2, digest: play.kase.offers[1]?.digest });
  for (const seat of [XIAOYU, ZHOU]) play.give(seat, 'agreement.sign', { digest: play.kase.variation?.digest, name: seat.name }, true);
  pay(play, 1_000_000);
  expect(issue(play)).toEqual(['settlement.issued']);
  expect(play.kase.settlement).toMatchObject({ paid: 1_250_000 });
  expect(play.entries.at(-1)?.content).toMatchObject({ version: 2, agreed: '2026-12-24' });
});

test('not before all is paid; afterwards nothing of it is taken back', () => {
  expect(issue(inForce())).toBe('settlement.not-paid');
  const play = paid();
  issue(play);
  expect(play.give(LIN, 'payment.reverse', { payment: play.kase.payments[0]?.seq, words: '记错。' })).toBe('settlement.issued-already');
});

test('of an agreement from before it was promised nobody is told that it is late', () => {
  const play = paid();
  const { conditions: _, ...older } = play.kase.agreement ?? expect.fail();
  play.kase = { ...play.kase, agreement: older };
  expect(pass(to(play, '2027-06-01'))).toEqual([]);
});

test('it is the lender’s to do, and where the promised days have passed both are told, once', () => {
  const play = paid();
  // The lender reads the first day that it can be, and that it may be later.
  const by = { date: '2027-01-05', earliest: true, latest: '2027-01-11' };
  expect(duties(play.kase, 'lender', play.context(ZHOU))).toEqual([{ what: 'letter', by }]);
  expect(project(play.kase, { seq: play.kase.seq, hash: '' }, play.policy)).toMatchObject({ need: 'letter', dueOn: by.date });
  // Five working days from Tuesday 29 December: the days off of New Year are not known yet, and none is taken for a working day.
  to(play, '2027-01-11');
  expect(pass(play)).toEqual([]);
  to(play, '2027-01-12');
  expect(pass(play)).toEqual(['settlement.awaited']);
  expect(play.entries.at(-1)?.content).toEqual({ on: '2026-12-29', until: '2027-01-11' });
  expect(pass(play)).toEqual([]);
  issue(play);
  expect(duties(play.kase, 'lender', play.context(ZHOU))).toEqual([]);
});

describe('the letter, word for word', () => {
  const letter: Kinds['settlement.issued'] = {
    version: 2,
    agreed: '2026-12-24',
    lender: '明衡消费金融',
    borrower: '王小雨',
    reference: 'MH-1',
    paid: 1_250_000,
    on: '2026-12-29',
    keptUntil: '2031-12-29',
    name: '周岚',
  };
  test('zh', () =>
    expect(letterText(letter, wordsOf('zh'))).toEqual([
      '明衡消费金融（出借方）兹证明：王小雨（借款人）编号 MH-1 的贷款，依据双方就方案 2 订立、于 2026年12月24日生效的还款协议，已于 2026年12月29日全部结清。',
      '出借方共收到还款 ¥12,500.00（人民币壹万贰仟伍佰元整）。',
      '自结清之日起，借款人就这笔贷款不再欠出借方任何款项，双方就此再无其他债权债务。',
      '征信：出借方向征信机构报送结清信息。因逾期形成的不良信息，自结清之日（2026年12月29日）起保存五年，到 2031年12月29日应予删除（《征信业管理条例》第十六条）。如有错误，可以向征信机构或出借方提出异议。',
    ]));
  test('en', () =>
    expect(letterText(letter, wordsOf('en'))).toEqual([
      '明衡消费金融 (the lender) certifies that the loan MH-1 of 王小雨 (the borrower) was settled in full on 29 Dec 2026, under the repayment agreement of the parties on proposal 2, in force from 24 Dec 2026.',
      'The lender has received ¥12,500.00 (人民币壹万贰仟伍佰元整) in all.',
      'From the day of settlement the borrower owes the lender nothing more under this loan, and neither side has any claim against the other from it.',
      'Credit record: the lender reports the settlement to the credit register. What was recorded of the arrears is kept for five years from the day of settlement (29 Dec 2026) and is to be deleted on 29 Dec 2031 (Regulation on the Credit Reporting Industry, art. 16). Errors can be disputed with the register or the lender.',
    ]));
});
