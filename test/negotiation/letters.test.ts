import { describe, expect, test } from 'vitest';
import { letterDraft, lettersNow } from '../../web/parts/letter.ts';
import { otherVoice } from '../../web/telling/talk.ts';
import { wordsOf } from '../../web/words/index.ts';
import { narrated } from '../../worker/export/narrative.ts';
import type { Seat } from '../../worker/negotiation/seats.ts';
import { LETTERS, type Letter } from '../../worker/negotiation/talk.ts';
import { agreed, DEBT, LIN, level, MEANS, opened, type Play, START, XIAOYU, ZHOU } from './play.ts';

/** Letters: each side issues its own, in its own voice. */

const issue = (play: Play, seat: Seat, letter: string) => play.give(seat, 'talk.issueLetter', { letter, words: '正文。' });

describe('who may issue which letter', () => {
  test.each(LETTERS.borrower)('%s is the borrower’s', (letter) => {
    expect(issue(opened(), XIAOYU, letter)).toEqual(['talk.letter-issued']);
    expect([issue(opened(), LIN, letter), issue(opened(), ZHOU, letter)]).toEqual(['letter.not-yours', 'letter.not-yours']);
  });
  test.each(LETTERS.lender)('%s is the lender’s', (letter) => {
    expect(issue(opened(), LIN, letter)).toEqual(['talk.letter-issued']);
    expect(issue(opened(), XIAOYU, letter)).toBe('letter.not-yours');
  });
});

describe('drafts', () => {
  const draft = (letter: Letter, seat: Seat, play: Play, language: 'zh' | 'en' = 'zh') =>
    letterDraft(letter, play.kase, play.context(seat), wordsOf(language)).split('\n');

  test('a call is told by where it stands in the record, not by a number alone', () => {
    const play = opened();
    const when = `${START.slice(0, 10)}T00:01`;
    expect(
      play.give(LIN, 'talk.logCall', {
        when,
        direction: 'to-borrower',
        minutes: 3,
        words: '说明了情况。',
        outcome: 'effective',
        called: 'party',
      }),
    ).toEqual(['talk.call-logged']);
    const seq = Object.values(play.kase.calls)[0]?.seq ?? 0;
    expect(draft('call', XIAOYU, play).join('\n')).toMatch(new RegExp(`00:01，机构打给借款人（书面记录第 ${seq} 条）`));
    expect(draft('call-confirmation', LIN, play, 'en').join('\n')).toContain(
      `00:01: The lender called the borrower (entry ${seq} of the record).`,
    );
  });

  test('the borrower’s speak as the borrower, to the lender', () => {
    for (const letter of LETTERS.borrower) {
      const lines = draft(letter, XIAOYU, opened());
      expect(lines[0]).toBe('明衡：');
      expect(lines).toContain('本人王小雨，在贵机构的贷款编号为 MH-1。');
      expect(lines.slice(-2)).toEqual(['王小雨', '2026年11月24日']);
      expect(lines.slice(-5, -2)).toEqual(['此致', '敬礼！', '']);
      const english = draft(letter, XIAOYU, opened(), 'en');
      expect(english.slice(0, 3)).toEqual(['24 Nov 2026', '', 'Dear 明衡,']);
      expect(english.slice(-3)).toEqual(['Yours sincerely,', '', '王小雨']);
    }
  });

  test('the lender’s speak as the lender, to the borrower, and nowhere as the borrower', () => {
    for (const letter of LETTERS.lender) {
      const lines = draft(letter, LIN, opened());
      expect(lines[0]).toBe('王小雨：');
      expect(lines.slice(-3)).toEqual(['明衡', '经办 林静', '2026年11月24日']);
      expect(lines.join('')).not.toMatch(/本人|贵机构/);
      const english = draft(letter, LIN, opened(), 'en');
      expect(english.slice(0, 3)).toEqual(['24 Nov 2026', '', 'Dear 王小雨,']);
      expect(english.slice(-2)).toEqual(['明衡', '林静, agent']);
      expect(english.join(' ')).not.toMatch(/\bI\b|\bmy\b/i);
    }
  });

  test('the lender confirms its own figures, or those of both; of the borrower’s alone it says whose they are', () => {
    const play = opened();
    expect(draft('debt-confirmation', LIN, play)).toContain(
      '您说明截至 2026年11月24日尚欠 ¥12,500.00（本金 ¥12,000.00，利息 ¥300.00，罚息及违约金 ¥200.00）。我机构正在核对，核对后另行确认。',
    );
    play.give(LIN, 'debt.state', { debt: { ...DEBT, interest: 40_000 }, words: '利息按账面。' });
    expect(draft('debt-confirmation', LIN, play)).toContain(
      '我机构确认：截至 2026年11月24日，尚欠 ¥12,600.00（本金 ¥12,000.00，利息 ¥400.00，罚息及违约金 ¥200.00）。',
    );
  });

  test('an answer names the proposal that it answers, and the lender’s own offer', () => {
    const play = opened();
    play.give(LIN, 'proposal.make', { answers: 1, terms: level(10), reasons: {}, words: '十期。' });
    const lines = draft('answer', LIN, play);
    expect(lines).toContain('您于 2026年11月24日提出的方案 1 已收到。');
    expect(lines).toContain(
      '我机构提出以下方案，供您考虑：每月等额还款，共 10 期还清；第一期还款日 2026年12月24日；协议期间不再计收利息。最高一期 ¥1,250.00，共 10 期，至 2027年9月24日全部还清。',
    );
  });

  test('a proposal in a letter names the rate, from when interest runs and the first instalment', () => {
    const play = opened();
    const terms = level(10, { rate: { per: 'year', ppm: 36_500 } });
    play.give(LIN, 'proposal.make', { answers: 1, terms, reasons: {}, words: '十期。' });
    expect(draft('answer', LIN, play).join('')).toContain(
      '第一期还款日 2026年12月24日；自 2026年11月24日起，以剩余本金为基数，按年利率 3.65% 计息',
    );
    expect(draft('answer', LIN, play, 'en').join('')).toContain(
      'the first instalment falls due on 24 Dec 2026; from 24 Nov 2026 interest runs at 3.65% a year on the principal left',
    );
  });

  test('of figures that both have confirmed, none asks whether they differ', () => {
    const play = opened();
    expect(draft('debt-confirmation', LIN, play)).toContain(wordsOf('zh').letters.lender.disputed);
    play.give(LIN, 'debt.confirm', { total: 1_250_000 });
    const [zh, en] = [draft('debt-confirmation', LIN, play), draft('debt-confirmation', LIN, play, 'en')];
    expect(zh).toContain('以上数字，双方均已确认。');
    expect(en).toContain('Both sides have confirmed these figures.');
    expect(zh).not.toContain(wordsOf('zh').letters.lender.disputed);
    expect(en).not.toContain(wordsOf('en').letters.lender.disputed);
  });

  test('an invitation names the published minimum and demands nothing', () => {
    expect(draft('invitation', LIN, opened())).toContain('我机构公布的最低月还款为 ¥200.00；确有困难的，也可以说明理由后提出更低的金额。');
  });

  test('what can be borne is what every page says: from each day on which it changes', () => {
    const play = opened();
    const changes = [{ from: '2027-03-01', direction: 'less' as const, amount: 300_000 }];
    play.give(XIAOYU, 'means.submit', { means: { ...MEANS, changes } });
    const plan = draft('repayment-plan', XIAOYU, play);
    // 3,500 left, a tenth kept; from March 500, of which 200 are kept: the plan of 1,041.67 a month no longer fits.
    expect(plan).toContain('目前每月可支配 ¥3,500.00，留出应急后每月还得起 ¥3,150.00。');
    expect(plan).toContain('预计从 2027年3月1日起，每月还得起 ¥300.00。');
    expect(plan).not.toContain(wordsOf('zh').letters.borrower.fits);
    expect(draft('repayment-plan', XIAOYU, opened())).toContain(wordsOf('zh').letters.borrower.fits);
    expect(draft('hardship', XIAOYU, play.later(120))).toContain('目前每月可支配 ¥500.00，留出应急后每月还得起 ¥300.00。');
  });

  test.each([
    [
      'zh',
      [
        '预计到 2027年3月6日',
        '工资 ¥5,000.00（每月）',
        '信用卡 ¥339.00（每两周）',
        '从 2027年3月7日起每月多出 ¥617.00（复工）',
        '供养人数 4',
        '有一辆代步车',
        '合同利率：年利率 18.13%',
      ],
    ],
    [
      'en',
      [
        'expected until 6 Mar 2027',
        'Salary ¥5,000.00 (a month)',
        '¥339.00 (every two weeks)',
        'From 7 Mar 2027, more a month ¥617.00 (复工)',
        'Dependants 4',
        '有一辆代步车',
        'Rate in the contract 18.13% a year',
      ],
    ],
  ] as const)('%s: recite all that the statement and the figures say, as every reader is told it', (language, told) => {
    const play = opened();
    play.give(XIAOYU, 'debt.state', { debt: { ...DEBT, principal: 1_100_000 }, rate: { per: 'year', ppm: 181_300 } });
    const more = {
      cause: { ...MEANS.cause, until: '2027-03-06' },
      otherDebts: [{ kind: 'credit-card', amount: 33_900, every: 'fortnight' }],
      dependants: 4,
      assets: '有一辆代步车',
      changes: [{ from: '2027-03-07', direction: 'more', amount: 61_700, words: '复工' }],
    };
    play.give(XIAOYU, 'means.submit', { means: { ...MEANS, ...more } });
    const letter = draft('hardship', XIAOYU, play, language).join('\n');
    for (const text of told) expect(letter).toContain(text);
  });

  test('a request for a reduction says of each reason which part it is for', () => {
    const play = opened();
    const terms = level(10, { waive: { penalty: 20_000, interest: 10_000 } });
    play.give(XIAOYU, 'proposal.make', { answers: 1, terms, reasons: { penalty: '失业。', interest: '同上。' }, words: '十期。' });
    const letter = draft('reduction', XIAOYU, play).join('\n');
    expect(letter).toContain('减免利息的理由：同上。\n减免罚息及违约金的理由：失业。');
  });
});

describe('once terms are agreed', () => {
  const draft = (letter: Letter, seat: Seat, play: Play, language: 'zh' | 'en') =>
    letterDraft(letter, play.kase, play.context(seat), wordsOf(language)).split('\n');
  const settled = (...signed: Seat[]) => {
    const play = opened();
    play.give(ZHOU, 'proposal.make', { answers: 1, terms: level(10, { waive: { penalty: 20_000 } }), reasons: {}, words: '十期。' });
    play.give(XIAOYU, 'proposal.accept', { version: 2, digest: play.kase.offers[1]?.digest });
    for (const seat of signed) play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: seat.name }, true);
    return play;
  };

  test('nobody asks for them, offers them or invites to make an offer', () => {
    expect(lettersNow('borrower', opened().kase)).toEqual(LETTERS.borrower);
    expect(lettersNow('lender', opened().kase)).toEqual(LETTERS.lender);
    for (const play of [settled(), settled(XIAOYU, ZHOU)]) {
      expect(lettersNow('borrower', play.kase)).toEqual(['hardship', 'call']);
      expect(lettersNow('lender', play.kase)).toEqual(['answer', 'debt-confirmation', 'call-confirmation']);
    }
  });

  test('letters of both sides say what was agreed, and no proposal of before', () => {
    const play = settled(XIAOYU, ZHOU);
    for (const [letter, seat] of [
      ['hardship', XIAOYU],
      ['call', XIAOYU],
      ['answer', LIN],
      ['debt-confirmation', LIN],
    ] as const) {
      const zh = draft(letter, seat, play, 'zh');
      expect(zh).toContain(
        '双方已于 2026年11月24日就方案 2 达成一致：减免罚息及违约金 ¥200.00；每月等额还款，共 10 期还清；第一期还款日 2026年12月24日；协议期间不再计收利息。最高一期 ¥1,230.00，共 10 期，至 2027年9月24日全部还清。',
      );
      expect(zh).toContain('截至 2026年11月24日的欠款，按协议减免 ¥200.00，减免后应还 ¥12,300.00。');
      expect(zh).toContain('协议已于 2026年11月24日生效。');
      expect(zh.join('')).not.toMatch(/共 12 期|供您考虑|申请按以下|如果您的数字不同|本人知悉尚欠/);
      const en = draft(letter, seat, play, 'en');
      expect(en).toContain('Of what was outstanding on 24 Nov 2026, ¥200.00 is waived by the agreement, which leaves ¥12,300.00.');
      expect(en).toContain('The agreement has been in force since 24 Nov 2026.');
      expect(en.join(' ')).toContain('On 24 Nov 2026 both sides agreed on proposal 2: ');
      expect(en.join(' ')).not.toMatch(/12 equal|for you to consider|I apply|If your figures differ|As far as I know/);
    }
    expect(draft('answer', LIN, settled(), 'zh')).toContain('协议尚待双方签字，签字后生效。');
    expect(draft('answer', LIN, settled(), 'en')).toContain(
      'The agreement awaits the signatures of both sides and comes into force with them.',
    );
  });

  test('what was paid is said, and when all was', () => {
    const play = settled(XIAOYU, ZHOU);
    const pay = (amount: number) => {
      play.give(XIAOYU, 'payment.report', { amount, on: '2026-11-24', method: 'app' });
      play.give(LIN, 'payment.confirm', { payment: play.kase.payments.at(-1)?.seq });
    };
    pay(123_000);
    expect(draft('debt-confirmation', LIN, play, 'zh')).toContain('至 2026年11月24日，已确认收到还款 ¥1,230.00，按协议还剩 ¥11,070.00。');
    expect(draft('debt-confirmation', LIN, play, 'en')).toContain(
      'By 24 Nov 2026, payments of ¥1,230.00 had been confirmed; ¥11,070.00 is left to pay under the agreement.',
    );
    pay(1_107_000);
    expect(draft('debt-confirmation', LIN, play, 'zh')).toContain('协议约定的款项已全部还清。');
    expect(draft('debt-confirmation', LIN, play, 'en')).toContain('All that was agreed has been paid.');
    expect(lettersNow('borrower', play.kase)).toEqual(['call']);
    expect(lettersNow('lender', play.kase)).toEqual(['debt-confirmation', 'call-confirmation']);
  });
});

test('an agent’s letter of an old record that speaks as the borrower says who issued it', () => {
  const entry = {
    seq: 9,
    at: START,
    kind: 'talk.letter-issued',
    author: { side: 'lender' as const, capacity: 'agent', name: '林静', account: 'l' },
    content: { letter: 'reduction', words: '本人恳请减免。' },
    hash: '00',
  };
  const { what, who, lines } = narrated(entry, agreed().kase, wordsOf('zh'));
  expect([what, who]).toEqual(['出具了信函：减免息费申请', '林静：机构']);
  expect(lines).toEqual(['这封信由机构一方的林静出具，不是对方本人出具的；正文以对方的口吻写成，不代表对方的意思。', '本人恳请减免。']);
  expect(otherVoice('answer', entry.author, wordsOf('zh'))).toBeNull();
});
