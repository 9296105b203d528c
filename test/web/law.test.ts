import { describe, expect, test } from 'vitest';
import { LawMarks, LawNotes } from '../../web/parts/law.tsx';
import { wordsOf } from '../../web/words/index.ts';
import { hasAgreedToPay } from '../../worker/negotiation/agreed-to-pay.ts';
import { EMPTY_CASE } from '../../worker/negotiation/case.ts';
import type { Loan } from '../../worker/plan/law/jurisdiction.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import { agreed, DEBT, level, opened, XIAOYU } from '../negotiation/play.ts';
import { plainText } from '../worker/people.ts';

/** The law as pages say it, in both languages: what a plan passes, and what cannot be compared and why, never guessed. */

const policy = { jurisdiction: 'CN' };
type Shown = { loan: Loan; on?: string; owed?: Partial<typeof DEBT>; rate?: number };

function shown(language: 'zh' | 'en', { loan, on = '2026-09-24', owed = {}, rate = 0 }: Shown): string {
  const debt = { ...DEBT, penalty: 0, fees: 0, ...owed };
  const terms = level(12, { rate: { per: 'year', ppm: rate } });
  const plan = schedule(debt, terms);
  if ('refused' in plan) return expect.fail(JSON.stringify(plan));
  return plainText(`${LawMarks({ plan: { ...plan, debt, terms }, loan, policy, on, words: wordsOf(language) })}`);
}

describe('what cannot be compared is said with what is not known', () => {
  const older: Loan = { lenderKind: 'private', contractDate: '2020-08-19' };
  test.each<[string, Shown, string, string]>([
    [
      'the kind of lender',
      { loan: { lenderKind: null, contractDate: '2024-01-01' } },
      '不知道出借方属于哪一类机构，有些规定无法比较',
      'It is not known of what kind the lender is, so some rules cannot be compared',
    ],
    [
      'the date of the contract',
      { loan: { lenderKind: 'private', contractDate: null } },
      '不知道借款合同的签订日期，有些规定无法比较',
      'It is not known when the loan contract was made, so some rules cannot be compared',
    ],
    [
      'the prime rate of the day',
      { loan: { lenderKind: 'private', contractDate: '2026-10-21' }, on: '2026-11-24' },
      '不知道当时的贷款市场报价利率，有些规定无法比较',
      'It is not known what the prime rate was at that time, so some rules cannot be compared',
    ],
    [
      'the principal',
      { loan: { lenderKind: 'bank-loan', contractDate: '2024-01-01' }, owed: { principal: 0, interest: 0, fees: 500_000 } },
      '不知道本金是多少，有些规定无法比较',
      'It is not known how much of it is principal, so some rules cannot be compared',
    ],
    [
      'when what is owed ran, of a contract from before art. 31',
      { loan: older, owed: { fees: 300_000 } },
      '不知道欠的利息和费用有多少是 2020 年 8 月 20 日以前产生的，有些规定无法比较',
      'It is not known how much of the interest and charges ran before 20 August 2020, so some rules cannot be compared',
    ],
  ])('%s', (_, asked, zh, en) => {
    expect(shown('zh', asked)).toContain(zh);
    expect(shown('en', asked)).toContain(en);
    for (const language of ['zh', 'en'] as const) expect(shown(language, asked)).not.toMatch(/这个方案的|of this plan/);
  });

  test('a private loan of before 20 August 2020 is held against the LPR of today, and the rule says why', () => {
    const asked = { loan: older, rate: 130_000 };
    expect(shown('zh', asked)).toContain('这个方案的年利率是 13%，高于 12%。');
    expect(shown('en', asked)).toContain('The yearly rate of this plan is 13%, above 12%.');
    expect(shown('zh', asked)).toContain('合同在 2020 年 8 月 20 日以前成立的，从那一天起的利息以起诉时 LPR 的四倍为限');
    expect(shown('en', asked)).toContain('interest from that day on is capped at four times the LPR at the suit');
    expect(shown('zh', { loan: { lenderKind: 'private', contractDate: '2020-08-20' }, rate: 130_000 })).not.toContain('高于');
  });

  test('notes beside a plan leave out what is about other lenders', () => {
    const notes = (lenderKind: Loan['lenderKind']) =>
      `${LawNotes({ topic: 'plan', loan: { lenderKind, contractDate: null }, policy, on: '2026-09-24', words: wordsOf('zh') })}`;
    expect(notes('bank-loan')).not.toContain('民间借贷的利率以');
    expect(notes('private')).toContain('民间借贷的利率以');
  });
});

test('to sign, to pay and to ask for another day come after the borrower has agreed to pay: these pages warn of nothing any more', () => {
  expect(hasAgreedToPay(EMPTY_CASE)).toBe(false);
  expect(hasAgreedToPay(opened().kase)).toBe(true);
  expect(hasAgreedToPay(agreed().kase)).toBe(true);
  const play = opened();
  const before = { ...play.kase, offers: play.kase.offers.map((one) => ({ ...one, side: 'lender' as const })) };
  expect(hasAgreedToPay(before)).toBe(false);
  play.kase = before;
  const payment = { amount: 100, on: '2026-11-24', method: 'app' };
  for (const [command, input] of [
    ['agreement.sign', { digest: '0'.repeat(64), name: XIAOYU.name }],
    ['payment.report', payment],
    ['move.ask', { no: 1, by: 'end', words: '推迟。' }],
  ] as const)
    expect([command, typeof play.give(XIAOYU, command, input)]).toEqual([command, 'string']);
});
