import { describe, expect, test } from 'vitest';
import { debtRows, differsText, oldDebtText } from '../../web/telling/debt-change.ts';
import { tell } from '../../web/telling/tell.ts';
import { wordsOf } from '../../web/words/index.ts';
import { signsAs } from '../../worker/negotiation/agreement.ts';
import { debtDigest, difference, workingDebt } from '../../worker/negotiation/debt.ts';
import { invitedOtherwise } from '../../worker/negotiation/life.ts';
import { performance, standing } from '../../worker/negotiation/performance.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { agreed, DEBT, LIN, MEANS, opened, Play, XIAOYU, ZHOU } from './play.ts';

const FILE = { sha256: 'a'.repeat(64), size: 10, type: 'application/pdf', name: 'x.pdf' };

describe('debt', () => {
  test('the lender confirms the borrower’s figures', () => {
    const play = opened();
    expect(play.give(LIN, 'debt.confirm', { total: 1_250_000 })).toEqual(['debt.confirmed']);
    expect(play.kase.debts.confirmed).toEqual(DEBT);
  });
  test('or disputes them with other figures and a reason; the negotiation runs on the borrower’s, with the difference shown', () => {
    const play = opened();
    const other = { ...DEBT, penalty: 26_000 };
    expect(play.give(LIN, 'debt.state', { debt: other })).toBe('debt.reason-needed');
    expect(play.give(LIN, 'debt.state', { debt: other, words: '罚息算至今日。' })).toEqual(['debt.disputed']);
    expect(workingDebt(play.kase)).toEqual(DEBT);
    expect(difference(play.kase)).toBe(6_000);
  });
  test('of the same total but other parts than were shown, nobody confirms any', () => {
    const play = opened();
    play.give(LIN, 'debt.state', { debt: { ...DEBT, penalty: 26_000 }, words: '罚息算至今日。' });
    const shown = play.kase.debts.lender ?? DEBT;
    play.give(LIN, 'debt.state', { debt: { ...shown, principal: shown.principal + 10_000, interest: shown.interest - 10_000 } });
    const confirm = (debt: typeof shown) => play.give(XIAOYU, 'debt.confirm', { total: outstanding(shown), digest: debtDigest(debt) });
    expect(confirm(shown)).toBe('debt.changed');
    expect(confirm(play.kase.debts.lender ?? DEBT)).toEqual(['debt.confirmed']);
  });
  test('stating the other side’s very figures confirms them', () => {
    expect(opened().give(LIN, 'debt.state', { debt: DEBT })).toEqual(['debt.confirmed']);
  });
  test('a borrower who knows the total alone leaves the parts to the lender: stated to the same total they are confirmed', () => {
    const total = { ...DEBT, principal: 1_250_000, interest: 0, penalty: 0 };
    const play = opened({ debt: { debt: total, partsUnknown: true } });
    expect(play.kase.partsUnknown).toBe(true);
    expect(play.give(LIN, 'debt.confirm', { total: 1_250_000 })).toBe('debt.parts-needed');
    expect(play.give(LIN, 'debt.state', { debt: { ...DEBT, penalty: 26_000 } })).toBe('debt.reason-needed');
    expect(play.give(LIN, 'debt.state', { debt: DEBT })).toEqual(['debt.confirmed']);
    expect(play.kase).toMatchObject({ partsUnknown: false, debts: { borrower: DEBT, lender: DEBT, confirmed: DEBT } });
    // What was said of parts is not made up afterwards: that the principal was all of it.
    const [offer] = play.kase.offers;
    expect(offer?.debtSaid).toMatchObject({ totalAlone: true });
    if (!offer) throw new Error('There is no offer.');
    const words = wordsOf('zh');
    const made = play.entries.find(({ kind }) => kind === 'proposal.made');
    const lines = made ? tell(made, play.kase, words).lines : [];
    expect(lines.map(({ value }) => value)).toContain(words.debt.partsUnknown);
    expect(lines.map(({ label }) => label)).not.toContain(words.component.principal);
    const now = { debt: DEBT, debtSaid: play.kase.debtSaid };
    expect(debtRows(offer, now, words)).toEqual([]);
    expect(debtRows(offer, { ...now, debt: { ...DEBT, principal: 1_300_000 } }, words)).toEqual([['合计', '¥12,500.00', '¥13,500.00']]);
    const saidInParts = { debt: total, debtSaid: null };
    expect(debtRows(saidInParts, now, words)).toContainEqual(['本金', '¥12,500.00', '¥12,000.00']);
    expect(differsText(saidInParts, now, words)).toBe(words.debt.partsDiffer);
    // Equal instalments without interest are the same on the parts: the offer can be accepted as it is, and nothing warns of it.
    expect(oldDebtText(play.kase, offer, words)).toBeNull();
  });
  test('figures that have just changed are not confirmed by mistake', () => {
    expect(opened().give(LIN, 'debt.confirm', { total: 1 })).toBe('debt.changed');
  });
  test.each([
    ['nothing owed', { ...DEBT, principal: 0, interest: 0, penalty: 0 }, 'debt.nothing-owed'],
    ['as of tomorrow', { ...DEBT, asOf: '2026-11-25' }, 'debt.as-of-future'],
  ])('not %s', (_, debt, code) => expect(opened().give(XIAOYU, 'debt.state', { debt, words: 'x' })).toBe(code));
});

describe('means and evidence', () => {
  test('a new version keeps what was checked of the figures that it leaves as they were', () => {
    const play = opened();
    play.give(LIN, 'means.verify', { figure: 'incomes.salary' });
    play.give(LIN, 'means.query', { figure: 'expenses.food', words: '偏高？' });
    play.give(XIAOYU, 'means.submit', { means: { ...MEANS, expenses: [{ kind: 'food', amount: 120_000, every: 'month' }] } });
    expect(play.kase.figures).toMatchObject({ 'incomes.salary': { state: 'verified' } });
    expect(play.kase.figures['expenses.food']).toBeUndefined();
    expect(play.kase.means?.version).toBe(2);
  });
  test('only a query is answered, only figures that are there are checked, only by whom it is for', () => {
    const play = opened();
    expect(play.give(XIAOYU, 'means.answer', { figure: 'incomes.salary', words: 'x' })).toBe('means.no-query');
    expect(play.give(LIN, 'means.verify', { figure: 'incomes.pension' })).toBe('means.figure-unknown');
    expect(play.give(XIAOYU, 'means.verify', { figure: 'incomes.salary' })).toBe('seat.may-not');
  });
  test.each([
    ['a cause that begins tomorrow', { cause: { ...MEANS.cause, since: '2026-11-25' } }, 'means.since-future'],
    ['a cause that ends before it begins', { cause: { ...MEANS.cause, until: '2026-09-30' } }, 'means.until-before-since'],
    ['no figures at all', { incomes: [], expenses: [] }, 'means.empty'],
  ])('not %s', (_, change, code) => expect(opened().give(XIAOYU, 'means.submit', { means: { ...MEANS, ...change } })).toBe(code));
  test('a file is added only by whom it was stored by, and once', () => {
    const play = opened();
    expect(play.give(XIAOYU, 'evidence.add', { files: [{ sha256: FILE.sha256 }], consent: true })).toBe('evidence.unknown-file');
    play.files.set(FILE.sha256, FILE);
    expect(play.give(XIAOYU, 'evidence.add', { files: [{ sha256: FILE.sha256, figures: ['incomes.salary'] }], consent: true })).toEqual([
      'consent.given',
      'evidence.added',
    ]);
    expect(play.give(XIAOYU, 'evidence.add', { files: [{ sha256: FILE.sha256 }], consent: true })).toBe('evidence.already-there');
  });
  test('the lender accepts or rejects it; the borrower may withdraw it, and the digest stays', () => {
    const play = opened();
    play.files.set(FILE.sha256, FILE);
    play.give(XIAOYU, 'evidence.add', { files: [{ sha256: FILE.sha256 }], consent: true });
    expect(play.give(LIN, 'evidence.withdraw', { file: FILE.sha256 })).toBe('evidence.unknown-file');
    expect(play.give(LIN, 'evidence.reject', { file: FILE.sha256, reason: 'illegible' })).toEqual(['evidence.rejected']);
    expect(play.give(LIN, 'evidence.accept', { file: FILE.sha256 })).toEqual(['evidence.accepted']);
    expect(play.give(XIAOYU, 'evidence.withdraw', { file: FILE.sha256 })).toEqual(['evidence.withdrawn']);
    expect(play.kase.evidence[FILE.sha256]).toMatchObject({ state: 'withdrawn', sha256: FILE.sha256 });
  });
});

describe('what a file supports', () => {
  const added = () => {
    const play = opened();
    play.files.set(FILE.sha256, FILE);
    play.give(XIAOYU, 'evidence.add', { files: [{ sha256: FILE.sha256, figures: ['incomes.salary'] }], consent: true });
    return play;
  };
  const file = FILE.sha256;
  test('is changed later by whose it is; the lender then looks at it anew', () => {
    const play = added();
    play.give(LIN, 'evidence.reject', { file, reason: 'unrelated', words: '不是工资。' });
    expect(play.give(XIAOYU, 'evidence.tie', { file, figures: ['expenses.food', 'incomes.salary', 'expenses.food'] })).toEqual([
      'evidence.tied',
    ]);
    expect(play.kase.evidence[file]).toMatchObject({ figures: ['incomes.salary', 'expenses.food'], state: 'added' });
    expect(play.kase.evidence[file]).not.toHaveProperty('words');
    expect(play.give(XIAOYU, 'evidence.tie', { file, figures: [] })).toEqual(['evidence.tied']);
    expect(play.kase.evidence[file]?.figures).toEqual([]);
  });
  test('is a part of the debt, too, of either side’s papers', () => {
    const play = added();
    expect(play.give(XIAOYU, 'evidence.tie', { file, figures: ['incomes.salary', 'debt.fees'] })).toEqual(['evidence.tied']);
    expect(play.kase.evidence[file]?.figures).toEqual(['debt.fees', 'incomes.salary']);
    const contract = { ...FILE, sha256: 'c'.repeat(64), name: '合同.pdf' };
    play.files.set(contract.sha256, contract);
    expect(play.give(LIN, 'evidence.add', { files: [{ sha256: contract.sha256, figures: ['debt.principal'] }] })).toEqual([
      'evidence.added',
    ]);
    expect(play.give(LIN, 'evidence.tie', { file: contract.sha256, figures: ['debt.penalty'] })).toEqual(['evidence.tied']);
    expect(() => play.give(LIN, 'evidence.tie', { file: contract.sha256, figures: ['debt.total'] })).toThrow();
  });
  test.each([
    ['to what it supports already', XIAOYU, { file, figures: ['incomes.salary'] }, 'evidence.tied-already'],
    ['to a figure that is not in the statement', XIAOYU, { file, figures: ['incomes.pension'] }, 'means.figure-unknown'],
    ['by the other side', LIN, { file, figures: [] }, 'evidence.unknown-file'],
    ['of a file that is not there', XIAOYU, { file: 'b'.repeat(64), figures: [] }, 'evidence.unknown-file'],
  ])('not %s', (_, who, input, code) => expect(added().give(who, 'evidence.tie', input)).toBe(code));
  test('nor once it is withdrawn', () => {
    const play = added();
    play.give(XIAOYU, 'evidence.withdraw', { file });
    expect(play.give(XIAOYU, 'evidence.tie', { file, figures: [] })).toBe('evidence.unknown-file');
  });
});

describe('talk', () => {
  const call = { when: '2026-11-24T09:30', direction: 'to-borrower', minutes: 5, words: '谈了宽限。' };
  test('a call that one side logs, the other confirms or contests, once', () => {
    const play = opened();
    play.give(LIN, 'talk.logCall', call);
    const seq = play.kase.seq;
    expect(play.give(LIN, 'talk.confirmCall', { call: seq })).toBe('call.none');
    expect(play.give(XIAOYU, 'talk.contestCall', { call: seq, words: '没有谈到。' })).toEqual(['talk.call-contested']);
    expect(play.give(XIAOYU, 'talk.confirmCall', { call: seq })).toBe('call.none');
  });
  test('no call in the future', () =>
    expect(opened().give(LIN, 'talk.logCall', { ...call, when: '2026-11-24T10:01' })).toBe('call.future'));
});

describe('agreement', () => {
  test('each side signs by the name it has, after proving who it is; with both it is in force', () => {
    const play = agreed();
    const digest = play.kase.agreement?.digest;
    expect(play.give(XIAOYU, 'agreement.sign', { digest, name: '王小雨' })).toBe('proof.needed');
    expect(play.give(XIAOYU, 'agreement.sign', { digest, name: '王大雨' }, true)).toBe('agreement.name-differs');
    expect(play.give(XIAOYU, 'agreement.sign', { digest, name: ' 王 小雨 ' }, true)).toEqual(['agreement.signed']);
    expect(play.give(XIAOYU, 'agreement.sign', { digest, name: '王小雨' }, true)).toBe('agreement.signed-already');
    expect(play.give(ZHOU, 'agreement.sign', { digest, name: '周岚' }, true)).toEqual(['agreement.signed', 'agreement.in-force']);
    expect(play.kase.stage).toBe('in-force');
  });
  test('nothing is offered any more once there is one', () => {
    expect(agreed().give(LIN, 'proposal.decline', { version: 1, reasons: ['other'], words: 'x' })).toBe('offer.settled');
  });
});

describe('performance', () => {
  const pay = (play: Play, amount: number) => {
    play.give(XIAOYU, 'payment.report', { amount, on: play.at.slice(0, 10), method: 'app' });
    return play.give(LIN, 'payment.confirm', { payment: play.kase.payments.at(-1)?.seq });
  };
  test('confirmed payments fill the instalments in order; the last one completes the case', () => {
    const play = agreed(XIAOYU, ZHOU);
    const { rows } = standing(play.kase, '2026-11-24');
    expect(rows.map(({ payment }) => payment)).toEqual([...Array(11).fill(104_167), 104_163]);
    expect(pay(play, 150_000)).toEqual(['payment.confirmed']);
    expect(
      standing(play.kase, '2026-12-30')
        .rows.map(({ state }) => state)
        .slice(0, 3),
    ).toEqual(['paid', 'part', 'ahead']);
    expect(pay(play, 1_100_000)).toEqual(['payment.confirmed', 'performance.completed']);
    expect(play.kase.stage).toBe('completed');
  });
  test('not in the future', () => {
    const play = agreed(XIAOYU, ZHOU);
    expect(play.give(XIAOYU, 'payment.report', { amount: 1, on: '2026-11-25', method: 'app' })).toBe('payment.future');
  });
  test('a disputed payment fills nothing', () => {
    const play = agreed(XIAOYU, ZHOU);
    play.give(XIAOYU, 'payment.report', { amount: 104_167, on: '2026-11-24', method: 'app' });
    expect(play.give(LIN, 'payment.dispute', { payment: play.kase.payments[0]?.seq, words: '没有到账。' })).toEqual(['payment.disputed']);
    expect(standing(play.kase, '2026-11-24').paid).toBe(0);
  });
  test('an instalment gone past its day unpaid is recorded as late, once', () => {
    const play = agreed(XIAOYU, ZHOU);
    const [first, second] = performance.due(play.kase, HOME.zone);
    // The end of 24 December where the parties are.
    expect(first).toEqual({
      at: '2026-12-24T15:59:59.999Z',
      entry: { kind: 'instalment.overdue', content: { no: 1, due: '2026-12-24', missing: 104_167 }, by: 'portal' },
    });
    play.kase = { ...play.kase, overdue: [1] };
    expect(performance.due(play.kase, HOME.zone)[0]).toEqual(second);
  });
});

describe('closing', () => {
  test('whoever opened the case may close it, while nothing is agreed', () => {
    expect(opened().give(LIN, 'case.close', { reason: 'withdrawn' })).toBe('case.not-yours-to-close');
    expect(opened().give(XIAOYU, 'case.close', { reason: 'withdrawn' })).toEqual(['case.closed']);
    expect(agreed().give(XIAOYU, 'case.close', { reason: 'withdrawn' })).toBe('case.under-agreement');
  });
  test('a closed case takes nothing more', () => {
    const play = opened();
    play.give(XIAOYU, 'case.close', { reason: 'withdrawn' });
    expect(play.give(LIN, 'talk.message', { words: 'x' })).toBe('case.closed');
  });
  test('a lender’s case is joined once', () => {
    const play = new Play();
    play.give(LIN, 'case.openForBorrower', { loan: { reference: 'x' }, debt: { debt: DEBT }, borrowerName: '孙悦', lenderName: '明衡' });
    expect(play.give(XIAOYU, 'case.join', { name: XIAOYU.name })).toEqual(['case.joined']);
    expect(play.give(XIAOYU, 'case.join', { name: XIAOYU.name })).toBe('case.joined');
    // Whom the lender invited was called otherwise: both see so, and the agreement is signed by the name that was stated.
    expect(invitedOtherwise(play.kase)).toBe('孙悦');
    expect(signsAs(play.kase, { capacity: 'borrower', name: 'Xiaoyu' })).toBe(XIAOYU.name);
  });
});
