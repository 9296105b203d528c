import { expect, test } from 'vitest';
import { duties } from '../../worker/negotiation/duties.ts';
import { waiting } from '../../worker/negotiation/pending.ts';
import type { Side } from '../../worker/negotiation/seats.ts';
import { agreed, DEBT, LIN, level, opened, type Play, XIAOYU, ZHOU } from './play.ts';

/** What each side has to do, in every state that a case comes to, the most urgent first. */

const of = (play: Play, side: Side) => duties(play.kase, side, play.context(side === 'borrower' ? XIAOYU : LIN)).map(({ what }) => what);
const both = (play: Play) => ({ borrower: of(play, 'borrower'), lender: of(play, 'lender') });

test('a new case waits for the lender: the offer, and the debt that only the borrower has stated', () =>
  expect(both(opened())).toEqual({ borrower: [], lender: ['answer', 'debt'] }));

test('the lender reads by when it promised an answer, counted from the day of the offer however late one looks; the borrower has promised nothing', () => {
  const play = opened();
  const promised = (side: Side) => duties(play.kase, side, play.context(LIN)).find(({ what }) => what === 'answer');
  // A Tuesday, and three working days.
  expect(promised('lender')).toMatchObject({ version: 1, promised: { date: '2026-11-27', earliest: false } });
  play.later(2);
  expect(promised('lender')).toMatchObject({ promised: { date: '2026-11-27', earliest: false } });
  play.give(LIN, 'proposal.make', { answers: 1, terms: level(10), reasons: {}, words: '十期。' });
  expect(promised('borrower')).not.toHaveProperty('promised');
});

test('a counter-offer and a question about the means wait for the borrower, the offer first', () => {
  const play = opened();
  play.give(LIN, 'debt.confirm', { total: 1_250_000 });
  play.give(LIN, 'means.query', { figure: 'incomes.salary', words: '哪个月的？' });
  play.give(LIN, 'proposal.make', { answers: 1, terms: level(10), reasons: {}, words: '十期。' });
  expect(both(play)).toEqual({ borrower: ['answer', 'queries'], lender: [] });
  play.give(XIAOYU, 'means.answer', { figure: 'incomes.salary', words: '十月。' });
  expect(both(play)).toEqual({ borrower: ['answer'], lender: ['answers'] });
});

test('an offer on figures that no longer count is for nobody to accept: both may make another', () => {
  const play = opened();
  play.give(LIN, 'debt.state', { debt: { ...DEBT, penalty: 50_000 }, words: '罚息有增加。' });
  expect(both(play)).toEqual({ borrower: ['differing'], lender: ['answer', 'differing'] });
  play.give(XIAOYU, 'debt.confirm', { total: 1_280_000 });
  expect(both(play)).toEqual({ borrower: ['redo'], lender: ['anew'] });
});

test('what is agreed waits for each who has not signed', () => {
  expect(both(agreed())).toEqual({ borrower: ['sign'], lender: ['sign'] });
  expect(both(agreed(XIAOYU))).toEqual({ borrower: [], lender: ['sign'] });
});

test('an instalment is asked for once: what was reported waits for the lender, and what is late comes first', () => {
  const play = agreed(XIAOYU, ZHOU);
  const next = () => duties(play.kase, 'borrower', play.context(XIAOYU))[0];
  const first = next();
  expect(first).toMatchObject({ what: 'pay', due: '2026-12-24' });
  const amount = first && 'amount' in first ? first.amount : 0;
  play.later(31);
  expect(next()).toMatchObject({ what: 'late', amount, due: '2026-12-24' });
  const today = play.context(XIAOYU).today;
  play.give(XIAOYU, 'payment.report', { amount: amount - 100, on: today, method: 'app' });
  expect(next()).toEqual({ what: 'late', amount: 100, due: '2026-12-24' });
  play.give(XIAOYU, 'payment.report', { amount: 100, on: today, method: 'app' });
  expect(next()).toMatchObject({ what: 'pay', due: '2027-01-24' });
  expect(of(play, 'lender')).toEqual(['payments']);
});

test('a question that was left open while they negotiated comes after what is agreed', () => {
  const play = agreed();
  play.give(LIN, 'means.query', { figure: 'incomes.salary', words: '哪个月的？' });
  expect(of(play, 'borrower')).toEqual(['sign', 'queries']);
  const later = agreed(XIAOYU, ZHOU);
  later.give(LIN, 'means.query', { figure: 'incomes.salary', words: '哪个月的？' });
  expect(of(later, 'borrower')).toEqual(['pay', 'queries']);
});

test('what waits is known one by one: a call that the side itself logged is not what it is led to', () => {
  const play = opened();
  const call = { when: '2026-11-24T09:00', direction: 'to-borrower', minutes: 3, words: '核对。' };
  play.give(XIAOYU, 'talk.logCall', call);
  play.give(LIN, 'talk.logCall', call);
  play.give(LIN, 'means.query', { figure: 'incomes.salary', words: '哪个月的？' });
  const [own = '', other = ''] = Object.entries(play.kase.calls)
    .sort(([, a]) => (a.side === 'borrower' ? -1 : 1))
    .map(([seq]) => seq);
  expect(own).not.toBe(other);
  expect(waiting(play.kase, 'borrower')).toEqual([
    { what: 'queries', ids: ['incomes.salary'] },
    { what: 'calls', ids: [other] },
  ]);
  expect(waiting(play.kase, 'lender')).toEqual([{ what: 'calls', ids: [own] }]);
});

test('a request to move an instalment waits for the lender, and for nobody once all is paid', () => {
  const play = agreed(XIAOYU, ZHOU);
  play.give(XIAOYU, 'move.ask', { no: 12, by: 'day', to: '2028-03-01', words: '工资推迟。' });
  expect(both(play).lender).toEqual(['moves']);
  play.give(XIAOYU, 'payment.report', { amount: 1_250_000, on: play.context(XIAOYU).today, method: 'app' });
  play.give(LIN, 'payment.confirm', { payment: play.kase.payments.at(-1)?.seq });
  expect(play.kase.stage).toBe('completed');
  expect(both(play).lender).toEqual(['letter']);
});
