import { beforeAll, describe, expect, test } from 'vitest';
import { letterDraft } from '../../web/parts/letter.ts';
import { petitionHint, petitionsNow, wayLetters } from '../../web/parts/petition.ts';
import { issuedBy } from '../../web/telling/talk.ts';
import { wordsOf } from '../../web/words/index.ts';
import type { Fonts } from '../../worker/export/font/faces.ts';
import { letterForm } from '../../worker/export/letter-form.ts';
import { Sheet } from '../../worker/export/sheet.ts';
import type { Seat } from '../../worker/negotiation/seats.ts';
import type { Letter } from '../../worker/negotiation/talk.ts';
import { agreed, LIN, level, opened, type Play, XIAOYU, ZHOU } from '../negotiation/play.ts';
import { pagesOf } from './extract.ts';
import { allFonts } from './fonts.ts';

/** Letters to a mediator, to whoever oversees the lender and to a court, as drafts from the case, and word for word in their documents. */

let fonts: Fonts;
beforeAll(async () => {
  fonts = await allFonts();
});

const draft = (play: Play, letter: Letter, seat: Seat = XIAOYU, language: 'zh' | 'en' = 'zh') =>
  letterDraft(letter, play.kase, play.context(seat), wordsOf(language));

const close = (text: string) => text.replace(/\s/g, '');

async function printed(text: string, language: 'zh' | 'en'): Promise<string> {
  const sheet = Sheet.begin(fonts, { title: 'x', language, at: '2026-11-25T00:00:00.000Z' });
  letterForm(sheet, text, 0);
  return close((await pagesOf(await sheet.finish(() => '', ''))).join(''));
}

/** An offer of each side, a complaint that was answered, and an impasse. */
function talked(): Play {
  const play = opened();
  play.give(LIN, 'proposal.make', { answers: 1, terms: level(10), reasons: {}, words: '十期。' });
  play.give(XIAOYU, 'proposal.decline', { version: 2, reasons: ['cannot-bear'], words: '太多。' });
  const complaint = { kind: 'charges', facts: '十月被收了两次手续费。', wish: '退还一次手续费。', entries: [1] };
  play.give(XIAOYU, 'complaint.raise', complaint);
  const { seq } = play.kase.complaints[0] ?? expect.fail();
  play.give(LIN, 'complaint.answer', { complaint: seq, outcome: 'not-upheld', words: '按合同收取。' });
  play.give(XIAOYU, 'impasse.say', { words: '谈不下去了。' });
  play.give(LIN, 'impasse.say', { words: '同意。' });
  return play;
}

function signed(): Play {
  const play = agreed();
  for (const seat of [XIAOYU, ZHOU]) play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: seat.name }, true);
  return play;
}

describe('what they say', () => {
  test('a request for mediation: both sides, what is asked, what each says is owed, the last offer of each, and the impasse with its rule', () => {
    const play = talked();
    const text = draft(play, 'mediation-request');
    expect(text).toContain('申请人：王小雨，身份证号码');
    expect(text).toContain('被申请人：明衡，');
    expect(text).toContain('请就编号 MH-1 的贷款如何偿还进行调解');
    expect(text).toContain('借款人说明：截至 2026年11月24日，尚欠 ¥12,500.00（本金 ¥12,000.00，利息 ¥300.00，罚息及违约金 ¥200.00）。');
    expect(text).toMatch(/方案 1（借款人，2026年11月24日，.*）：.*最高一期 ¥1,041\.67，共 12 期/);
    expect(text).toMatch(/方案 2（机构，2026年11月24日，.*）：.*最高一期 ¥1,250\.00，共 10 期/);
    expect(text).toContain('双方都认为谈不下去了。');
    expect(text.split('\n').slice(-5)).toEqual(['此致', '________________调解委员会', '', '王小雨', '2026年11月24日']);
    const lender = draft(play, 'lender-mediation-request', LIN);
    expect(lender).toContain('申请人：明衡，');
    expect(lender).toContain('被申请人：王小雨，');
    expect(lender).not.toContain(play.kase.means?.statement.cause.words);
    expect(draft(play, 'mediation-request', XIAOYU, 'en')).toContain('To mediate on how the loan MH-1 is to be repaid');
  });

  test('a complaint: what is wished, what happened, when it was raised and how it was answered, to whoever oversees this lender', () => {
    const play = talked();
    play.policy = { ...play.policy, lender: { ...play.policy.lender, kind: 'microloan' } };
    const text = draft(play, 'regulator-complaint');
    for (const said of [
      '投诉人：王小雨',
      '退还一次手续费。',
      '十月被收了两次手续费。',
      '答复：不成立。',
      '按合同收取。',
      '地方金融管理部门',
    ])
      expect(text).toContain(said);
    play.policy = { ...play.policy, lender: { ...play.policy.lender, kind: 'private' } };
    expect(petitionsNow('borrower', play.kase, play.context(XIAOYU))).toEqual(['mediation-request']);
  });

  test('under an agreement mediation is asked for on how it is kept: what was proposed before it is nobody’s wish any more', () => {
    const play = signed();
    const text = draft(play, 'mediation-request');
    expect(text).toContain('请就编号 MH-1 的贷款的还款协议如何履行进行调解');
    expect(text).toContain('双方已于 2026年11月24日就方案 1 达成一致');
    expect(text).not.toMatch(/希望的方案|各方最后的方案/);
    const { debt, terms } = play.kase.agreement ?? expect.fail();
    const change = { answers: null, debt, terms: { ...terms, phases: [{ kind: 'level', count: 15 }] }, reasons: {}, words: '改为十五期。' };
    expect(play.give(XIAOYU, 'proposal.make', change)).toEqual(['proposal.made']);
    const after = draft(play, 'mediation-request');
    expect(after).toMatch(/申请人希望的方案：每月等额还款，共 15 期还清/);
    expect(after).toContain('先后提出 1 个方案');
  });

  test('a part of the debt that is in dispute is named as such in every letter that says what is owed, until that is settled', () => {
    const play = opened();
    play.give(LIN, 'debt.confirm', { total: 1_250_000 });
    const facts = { kind: 'charges', facts: '罚息算错了。', wish: '重新计算。', figures: ['debt.penalty'] };
    play.give(XIAOYU, 'complaint.raise', facts);
    const { seq } = play.kase.complaints[0] ?? expect.fail();
    const said = `其中罚息及违约金有争议：借款人已提出投诉（书面记录第 ${seq} 条），还没有解决。`;
    const theirs = [
      ['repayment-plan', XIAOYU],
      ['mediation-request', XIAOYU],
      ['regulator-complaint', XIAOYU],
      ['lender-mediation-request', LIN],
      ['debt-confirmation', LIN],
    ] as const;
    // A letter is read on other days than it was written on.
    expect(draft(play, 'regulator-complaint')).toMatch(/答复期限：\d{4}年\d+月\d+日。/);
    expect(draft(play, 'regulator-complaint', XIAOYU, 'en')).not.toMatch(/days? left|left\)/);
    for (const [letter, seat] of theirs) {
      expect(draft(play, letter, seat), letter).toContain(said);
      expect(draft(play, letter, seat, 'en'), letter).toContain('the borrower disputes penalty');
    }
    play.give(XIAOYU, 'complaint.withdraw', { complaint: seq, words: '已经说清楚了。' });
    for (const [letter, seat] of theirs) expect(draft(play, letter, seat), letter).not.toContain('有争议');
  });

  test('an application for confirmation: of both, with the agreement’s own figures and its last day by the calendar', () => {
    const play = signed();
    const text = draft(play, 'confirmation-request');
    expect(text).toContain('请依法确认双方达成的还款调解协议有效。');
    // 30 days from 24 November 2026 is Thursday the 24th of December.
    expect(text).toContain('（最后一天：2026年12月24日）');
    expect(text).toContain('协议已于 2026年11月24日生效。');
    expect(text.split('\n').slice(-3)).toEqual(['王小雨', '申请人 明衡（签章）________________', '2026年11月24日']);
    expect(draft(play, 'lender-confirmation-request', LIN)).toContain('申请人 王小雨（签章）');
  });
});

test('confirmation is offered while it can be asked for: on the last day, not after it; a last day in an unpublished year is told as one that may be later', () => {
  const play = signed();
  const now = () => petitionsNow('borrower', play.kase, play.context(XIAOYU));
  expect(now()).toContain('confirmation-request');
  expect(petitionsNow('borrower', opened().kase, opened().context(XIAOYU))).not.toContain('confirmation-request');
  play.later(30);
  expect(now()).toContain('confirmation-request');
  play.later(1);
  expect(now()).not.toContain('confirmation-request');
  const late = signed();
  const kase = { ...late.kase, agreement: late.kase.agreement && { ...late.kase.agreement, inForceAt: '2026-12-20T02:00:00.000Z' } };
  expect(petitionHint('confirmation-request', kase, late.context(XIAOYU), wordsOf('zh'))).toContain(
    '2027年1月19日（那一年的节假日还没有公布，可能更晚）',
  );
  // Of a weekend it says the day itself, as that may be worked; it is offered for as long as a court may take it, and not for a month more.
  const offered = (today: string) => petitionsNow('borrower', kase, { ...late.context(XIAOYU), today }).includes('confirmation-request');
  expect([offered('2027-01-28'), offered('2027-01-29')]).toEqual([true, false]);
  const saturday = { ...kase, agreement: kase.agreement && { ...kase.agreement, inForceAt: '2027-02-11T02:00:00.000Z' } };
  expect(petitionHint('confirmation-request', saturday, late.context(XIAOYU), wordsOf('en'))).toContain(
    '13 Mar 2027 (or later: the holidays of that year are not yet published)',
  );
  expect(wayLetters('borrower', 'mediation', play.kase, signed().context(XIAOYU))).toEqual(['mediation-request', 'confirmation-request']);
  expect(wayLetters('lender', 'regulator', play.kase, play.context(LIN))).toEqual([]);
});

test.each(['zh', 'en'] as const)('%s: every word of each draft stands in its document', async (language) => {
  const [one, two] = [talked(), signed()];
  for (const [play, letter, seat] of [
    [one, 'mediation-request', XIAOYU],
    [one, 'lender-mediation-request', LIN],
    [one, 'regulator-complaint', XIAOYU],
    [two, 'confirmation-request', XIAOYU],
    [two, 'lender-confirmation-request', ZHOU],
  ] as const) {
    const text = draft(play, letter, seat, language);
    expect(await printed(text, language), letter).toBe(close(text));
  }
});

test('each is issued by its own side alone, and its document names to whom it goes', () => {
  const play = opened();
  expect(play.give(LIN, 'talk.issueLetter', { letter: 'mediation-request', words: '正文。' })).toBe('letter.not-yours');
  expect(play.give(XIAOYU, 'talk.issueLetter', { letter: 'mediation-request', words: '正文。' })).toEqual(['talk.letter-issued']);
  const author = { side: 'borrower', capacity: 'borrower', name: XIAOYU.name, account: 'b' } as const;
  expect(issuedBy(author, play.kase, wordsOf('zh'), 'mediation-request').to).toBe('调解组织');
  expect(issuedBy(author, play.kase, wordsOf('zh'), 'hardship').to).toBe('明衡');
});
