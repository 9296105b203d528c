import { expect, test } from 'vitest';
import { noticesOf } from '../../worker/execute/notices.ts';
import { newsLetter } from '../../worker/letters.ts';
import { inForce, pass, pay, to } from './performed.ts';
import { LIN, type Play, XIAOYU } from './play.ts';

/** The borrower is reminded of each instalment, within the hours in which that may be done, and not of what they have reported. */

const reminded = (play: Play) =>
  play.entries.flatMap(({ kind, at, content }) => {
    const { no, when } = content as { no: number; when: string };
    return kind === 'instalment.reminded' ? [[at.slice(0, 10), no, when]] : [];
  });
/** Day after day, at ten in the morning where the parties are. */
function days(play: Play, from: string, until: string): Play {
  for (to(play, from); play.at.slice(0, 10) <= until; play.later(1)) pass(play);
  return play;
}

test('three days before, on the day and the day after, where nothing is paid', () =>
  expect(reminded(days(inForce(), '2026-12-15', '2027-01-15'))).toEqual([
    ['2026-12-21', 1, 'before'],
    ['2026-12-24', 1, 'day'],
    ['2026-12-25', 1, 'after'],
  ]));

test.each(['zh', 'en'] as const)('what a lock screen shows of one says nothing of money or of whom it is owed to: %s', (language) => {
  const to = { recipient: 'a@b.example', language };
  const entry = { link: 'https://heyi.example/cases/c1', number: 'HY-1234-5678', seq: 31, hash: 'ab'.repeat(32) };
  const { subject, body } = newsLetter(to, { lender: 'l1', about: 'c1', daily: false }, entry, '2026-12-21T01:00:00.000Z');
  for (const text of [subject, body])
    expect(text).not.toMatch(/欠|逾期|还款|付款|贷|债|元|¥|明衡|debt|loan|pay|instalment|arrears|overdue|owed|lender/i);
});

test('not before the morning, and to the borrower alone', () => {
  const play = inForce();
  play.at = '2026-12-21T00:59:00.000Z';
  pass(play);
  expect(reminded(play)).toEqual([]);
  play.at = '2026-12-21T01:01:00.000Z';
  pass(play);
  expect(reminded(play)).toHaveLength(1);
  // Missed by a day at which people may not be contacted, it waits for the next morning; of two that were missed the later is written.
  play.at = '2026-12-24T23:00:00.000Z';
  pass(play);
  expect(reminded(play)).toHaveLength(1);
  play.at = '2026-12-25T01:30:00.000Z';
  pass(play);
  expect(reminded(play).map(([, , when]) => when)).toEqual(['before', 'after']);
  const sealed = play.entries
    .slice(-1)
    .map((one) => ({ ...one, authorSalt: null, authorDigest: '', salt: null, digest: '', prev: '', hash: '' }));
  expect(noticesOf(sealed, 'c', 'HY-1', play.kase).map(({ side }) => side)).toEqual(['borrower']);
});

test('not of what was reported; again once the lender says that it did not come; never of what is paid', () => {
  const play = to(inForce(), '2026-12-20');
  play.give(XIAOYU, 'payment.report', { amount: 104_167, on: '2026-12-20', method: 'app' });
  expect(reminded(days(play, '2026-12-20', '2026-12-22'))).toEqual([]);
  play.give(LIN, 'payment.dispute', { payment: play.kase.payments[0]?.seq, words: '没有到账。' });
  expect(reminded(days(play, '2026-12-23', '2026-12-23')).map(([, , when]) => when)).toEqual(['before']);
  pay(play, 104_167);
  expect(reminded(days(play, '2026-12-24', '2027-01-10'))).toHaveLength(1);
});

test('by the day to which it was moved; none of a day that passed before the agreement was in force', () => {
  const play = inForce();
  play.give(XIAOYU, 'move.ask', { no: 1, by: 'day', to: '2027-01-08', words: '工资推迟。' });
  expect(reminded(days(play, '2026-12-15', '2027-01-08'))).toEqual([
    ['2027-01-05', 1, 'before'],
    ['2027-01-08', 1, 'day'],
  ]);
  const soon = inForce({ terms: { firstDue: '2026-11-26' } });
  expect(reminded(days(soon, '2026-11-24', '2026-11-27')).map(([, , when]) => when)).toEqual(['day', 'after']);
});

test('none of days long past, such as those from before there were reminders', () => {
  const play = to(inForce(), '2027-03-20');
  play.give(XIAOYU, 'talk.message', { words: '最近比较困难。' });
  pass(play);
  expect(reminded(play)).toEqual([]);
  expect(reminded(days(play, '2027-03-21', '2027-03-22'))).toEqual([['2027-03-21', 4, 'before']]);
});
