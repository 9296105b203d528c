import { describe, expect, test } from 'vitest';
import { byText, holdsText } from '../../web/telling/complaint.ts';
import { tell } from '../../web/telling/tell.ts';
import { wordsOf } from '../../web/words/index.ts';
import { curableUntil } from '../../worker/negotiation/arrears.ts';
import { due } from '../../worker/negotiation/case.ts';
import { answerBy, dayIn, firstAnswerBy } from '../../worker/negotiation/complaint.ts';
import { disputeOf, isHeld, mostHeld } from '../../worker/negotiation/dispute.ts';
import { duties } from '../../worker/negotiation/duties.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { endOfDay, instantOf } from '../../worker/plan/law/zone.ts';
import { project } from '../../worker/projection.ts';
import { agreed, LIN, opened, type Play, XIAOYU, ZHOU } from './play.ts';

/** Complaints: the clock of the law table, the answer, what is taken further, and what a dispute of the debt holds. */

const COMPLAINT = { kind: 'charges', facts: '多收了一笔手续费。', wish: '退还。' };
const raise = (play: Play, rest: object = {}) => play.give(XIAOYU, 'complaint.raise', { ...COMPLAINT, ...rest });
const last = (play: Play) => play.kase.complaints.at(-1) ?? expect.fail('There is no complaint.');
const clock = (play: Play) => answerBy(last(play));
const certain = (date: string) => ({ date, earliest: false, latest: date });

function raised(rest: object = {}, at?: string): Play {
  const play = opened();
  if (at) play.at = at;
  expect(raise(play, rest)).toEqual(['complaint.raised']);
  return play;
}

describe('the clock', () => {
  test('is fifteen days from the day on which it was raised, and the next working day where that is a day off', () => {
    expect(clock(raised())).toEqual(certain('2026-12-09'));
    // Raised on 31 January 2026, it would end on the first day of Spring Festival: the first working day is the 24th.
    expect(clock(raised({}, instantOf('2026-01-31T10:00', HOME.zone)))).toEqual(certain('2026-02-24'));
    // A Saturday that is worked instead is one.
    expect(clock(raised({}, instantOf('2026-01-30T10:00', HOME.zone)))).toEqual(certain('2026-02-14'));
  });
  test('at 23:59 and at 00:00 of the place it is of one day and of the next, whatever UTC says', () => {
    expect(clock(raised({}, instantOf('2026-11-24T23:59', HOME.zone))).date).toBe('2026-12-09');
    expect(clock(raised({}, instantOf('2026-11-25T00:00', HOME.zone))).date).toBe('2026-12-10');
  });
  test('into a year of which the holidays are not published it says no earlier than, and passes only when it is certain', () => {
    const play = raised({}, instantOf('2026-12-28T10:00', HOME.zone));
    const unsure = { date: '2027-01-12', earliest: true, latest: '2027-01-14' };
    expect(clock(play)).toEqual(unsure);
    expect(firstAnswerBy(play.kase)).toBe('2027-01-12+2027-01-14');
    expect(dayIn('2027-01-12+2027-01-14')).toEqual(unsure);
    expect(dayIn('2026-12-09')).toEqual(certain('2026-12-09'));
    // As columns were before the latest day stood in them.
    expect(dayIn('2027-01-12+')).toEqual(certain('2027-01-12'));
    expect(duties(play.kase, 'lender', play.context(LIN))).toContainEqual(
      expect.objectContaining({ what: 'complaint', by: unsure, late: false }),
    );
    const words = wordsOf('zh');
    const told = tell(play.entries.at(-1) ?? expect.fail(), play.kase, words).lines.map(({ value }) => value);
    expect(told).toContain(words.complaint.byEarliest({ date: '2027年1月12日' }));
    // The lender is told that it is near by the first day that it can be; that it is over, both by the last.
    expect(
      due(play.kase, HOME.zone).flatMap(({ at, entry: { kind, content } }) => (kind.startsWith('complaint.') ? [[at, content]] : [])),
    ).toEqual([
      [instantOf('2027-01-09T09:00', HOME.zone), { complaint: last(play).seq, answerBy: '2027-01-12' }],
      [instantOf('2027-01-15T09:00', HOME.zone), { complaint: last(play).seq, answerBy: '2027-01-14' }],
    ]);
    // Both sides read both days; that it is late, counted from the last it can be.
    for (const [language, said, past] of [
      ['zh', '最早 2027年1月12日，最晚 2027年1月14日（那一年的节假日还没有公布）', '2027年1月14日（已超过 2 天）'],
      [
        'en',
        '12 Jan 2027 at the earliest, 14 Jan 2027 at the latest (the holidays of that year are not yet published)',
        '14 Jan 2027 (2 days ago)',
      ],
    ] as const) {
      expect(byText(last(play), '2027-01-14', wordsOf(language))).toBe(said);
      expect(byText(last(play), '2027-01-16', wordsOf(language))).toBe(past);
    }
    play.at = endOfDay('2027-01-14', HOME.zone);
    expect(play.give(XIAOYU, 'complaint.escalate', { complaint: last(play).seq, to: 'regulator' })).toBe('complaint.not-yet');
    play.at = instantOf('2027-01-15T00:00', HOME.zone);
    expect(play.give(XIAOYU, 'complaint.escalate', { complaint: last(play).seq, to: 'regulator' })).toEqual(['complaint.escalated']);
  });
  test('is the day by which the lender’s list has the case, while a complaint is the first to be done', () => {
    for (const [at, dueOn, complaintDue] of [
      ['2026-11-24T10:00', '2026-12-09', '2026-12-09'],
      ['2026-12-28T10:00', '2027-01-12', '2027-01-12+2027-01-14'],
    ] as const) {
      const { kase, policy } = raised({}, instantOf(at, HOME.zone));
      const listed = project(kase, { seq: kase.seq, hash: '' }, policy);
      expect(listed).toMatchObject({ need: 'complaint', dueOn, complaintDue });
    }
  });
  test('is extended by the lender alone, with a reason, step by step; the last by those who oversee; never once it has passed', () => {
    const play = raised();
    const { seq: complaint } = last(play);
    const extend = (seat: typeof LIN) => play.give(seat, 'complaint.extend', { complaint, words: '需要核对流水。' });
    expect(play.give(XIAOYU, 'complaint.extend', { complaint, words: 'x' })).toBe('seat.may-not');
    expect(extend(LIN)).toEqual(['complaint.extended']);
    expect(clock(play).date).toBe('2026-12-24');
    expect(extend(LIN)).toBe('complaint.extend-supervisor');
    expect(extend(ZHOU)).toEqual(['complaint.extended']);
    // A Saturday, on which it ends where that is worked.
    expect(clock(play)).toMatchObject({ date: '2027-01-23', earliest: true });
    expect(extend(ZHOU)).toBe('complaint.extended-most');
    const late = raised().later(16);
    expect(late.give(LIN, 'complaint.extend', { complaint: last(late).seq, words: 'x' })).toBe('complaint.late');
  });
  test('the lender is told three days before, both once it has passed, each once; an answer ends it', () => {
    const play = raised();
    const told = () => due(play.kase, HOME.zone).filter(({ entry }) => entry.kind.startsWith('complaint.'));
    expect(told().map(({ at, entry }) => [at, entry.kind])).toEqual([
      [instantOf('2026-12-06T09:00', HOME.zone), 'complaint.due'],
      [instantOf('2026-12-10T09:00', HOME.zone), 'complaint.unanswered'],
    ]);
    const [near, past] = told();
    if (!near || !past) throw new Error('Nothing is due.');
    play.take(XIAOYU, [near.entry]);
    expect(told().map(({ entry }) => entry.kind)).toEqual(['complaint.unanswered']);
    play.take(XIAOYU, [past.entry]);
    expect(told()).toEqual([]);
    const answered = raised();
    answered.give(LIN, 'complaint.answer', { complaint: last(answered).seq, outcome: 'upheld', words: '已退还。' });
    expect(due(answered.kase, HOME.zone).some(({ entry }) => entry.kind.startsWith('complaint.'))).toBe(false);
  });
});

describe('the way of a complaint', () => {
  test('only the borrower’s side complains, about entries and figures that are there', () => {
    const play = opened();
    expect(play.give(LIN, 'complaint.raise', COMPLAINT)).toBe('seat.may-not');
    expect(raise(play, { entries: [play.kase.seq + 1] })).toBe('complaint.entry-unknown');
    expect(raise(play, { figures: ['incomes.pension'] })).toBe('means.figure-unknown');
    expect(raise(play, { entries: [1, 1, 2], figures: ['debt.fees', 'incomes.salary'] })).toEqual(['complaint.raised']);
    expect(last(play)).toMatchObject({ entries: [1, 2], figures: ['debt.fees', 'incomes.salary'], holds: false });
  });
  test('answered once, with an outcome and reasons; then accepted', () => {
    const play = raised();
    const { seq: complaint } = last(play);
    expect(play.give(XIAOYU, 'complaint.accept', { complaint })).toBe('complaint.not-answered');
    expect(play.give(LIN, 'complaint.answer', { complaint, outcome: 'partly', words: '退还一半。' })).toEqual(['complaint.answered']);
    expect(duties(play.kase, 'borrower', play.context(XIAOYU)).map(({ what }) => what)).toContain('complaint-answer');
    expect(play.give(LIN, 'complaint.answer', { complaint, outcome: 'upheld', words: 'x' })).toBe('complaint.none');
    expect(play.give(XIAOYU, 'complaint.accept', { complaint })).toEqual(['complaint.accepted']);
    expect(play.give(XIAOYU, 'complaint.withdraw', { complaint })).toBe('complaint.none');
  });
  test('taken further only once it was answered or the last day is over, to who oversees that kind of lender', () => {
    const play = raised();
    const { seq: complaint } = last(play);
    const escalate = (to: string) => play.give(XIAOYU, 'complaint.escalate', { complaint, to });
    expect(escalate('regulator')).toBe('complaint.not-yet');
    play.at = endOfDay('2026-12-09', HOME.zone);
    expect(escalate('regulator')).toBe('complaint.not-yet');
    play.at = instantOf('2026-12-10T00:00', HOME.zone);
    expect(duties(play.kase, 'borrower', play.context(XIAOYU)).map(({ what }) => what)).toContain('complaint-late');
    play.policy = { ...play.policy, lender: { ...play.policy.lender, kind: 'microloan' } };
    expect(escalate('regulator')).toBe('complaint.not-overseen');
    expect(escalate('local-office')).toEqual(['complaint.escalated']);
    // The lender can still answer; where it was taken stays.
    expect(play.give(LIN, 'complaint.answer', { complaint, outcome: 'upheld', words: '抱歉，已退还。' })).toEqual(['complaint.answered']);
    expect(last(play)).toMatchObject({ state: 'escalated', to: 'local-office', outcome: 'upheld' });
    expect(play.give(XIAOYU, 'complaint.accept', { complaint })).toEqual(['complaint.accepted']);
  });
  test('staff cannot threaten in an answer', () => {
    const play = raised();
    expect(
      play.give(LIN, 'complaint.answer', { complaint: last(play).seq, outcome: 'not-upheld', words: '再投诉就联系你单位领导。' }),
    ).toBe('wording.forbidden');
  });
});

describe('what is in dispute', () => {
  test('is marked wherever it is told, until the complaint is settled', () => {
    const play = opened();
    raise(play, { entries: [2], figures: ['debt.penalty', 'incomes.salary'] });
    const { seq: complaint } = last(play);
    const words = wordsOf('zh');
    const linesOf = (kind: string) => tell(play.entries.find((one) => one.kind === kind) ?? expect.fail(), play.kase, words).lines;
    const stated = linesOf('debt.stated');
    expect(stated[0]).toMatchObject({ value: words.complaint.disputedBy({ seq: complaint }), about: { entry: complaint } });
    expect(stated.find(({ label }) => label === words.component.penalty)?.aside).toBe(words.complaint.disputed);
    expect(stated.find(({ label }) => label === words.component.principal)?.aside).toBeUndefined();
    expect(linesOf('means.submitted').find(({ label }) => label === words.incomes.salary)?.aside).toContain(words.complaint.disputed);
    expect(disputeOf(play.kase, 2)).toBe(complaint);
    play.give(XIAOYU, 'complaint.withdraw', { complaint });
    expect(disputeOf(play.kase, 2)).toBe(null);
    expect(linesOf('debt.stated')[0]).not.toMatchObject({ about: { entry: complaint } });
  });
});

describe('a dispute of the debt under an agreement', () => {
  const inForce = () => agreed(XIAOYU, ZHOU);
  const kinds = (play: Play) => due(play.kase, HOME.zone).map(({ entry }) => entry.kind);

  test('holds reminders and arrears until it is answered, and fifteen days more', () => {
    const play = inForce();
    expect(kinds(play)).toEqual(expect.arrayContaining(['instalment.reminded', 'arrears.began']));
    raise(play, { figures: ['debt.fees'] });
    expect(last(play).holds).toBe(true);
    expect(kinds(play)).not.toContain('instalment.reminded');
    expect(kinds(play)).not.toContain('arrears.began');
    play.later(40);
    expect(isHeld(play.kase, play.context(LIN))).toBe(true);
    play.give(LIN, 'complaint.answer', { complaint: last(play).seq, outcome: 'not-upheld', words: '按合同收取。' });
    // Answered on 3 January: up to the 18th, and arrears begin in the morning after it at the earliest.
    expect(due(play.kase, HOME.zone).find(({ entry }) => entry.kind === 'arrears.began')?.at).toBe(
      instantOf('2027-01-19T09:00', HOME.zone),
    );
    expect(due(play.kase, HOME.zone).every(({ at, entry }) => entry.kind !== 'instalment.reminded' || at > '2027-01-18T16:00')).toBe(true);
    play.at = endOfDay('2027-01-18', HOME.zone);
    expect(isHeld(play.kase, play.context(LIN))).toBe(true);
    play.later(1);
    expect(isHeld(play.kase, play.context(LIN))).toBe(false);
  });
  test('is over at once where the answer is accepted, and holds nothing twice for the same part', () => {
    const play = inForce();
    raise(play, { figures: ['debt.fees'] });
    const { seq: complaint } = last(play);
    play.give(LIN, 'complaint.answer', { complaint, outcome: 'upheld', words: '已退还。' });
    play.give(XIAOYU, 'complaint.accept', { complaint });
    expect(kinds(play)).toContain('arrears.began');
    raise(play, { figures: ['debt.fees'] });
    expect(last(play).holds).toBe(false);
    expect(kinds(play)).toContain('arrears.began');
  });
  test('of other things, or before there is an agreement, holds nothing', () => {
    const play = inForce();
    raise(play, { kind: 'conduct', figures: ['incomes.salary'] });
    expect(kinds(play)).toContain('instalment.reminded');
  });
  test('nothing is declared broken while it lasts', () => {
    const play = inForce();
    play.at = instantOf('2027-01-20T10:00', HOME.zone);
    const began = due(play.kase, HOME.zone).find(({ entry }) => entry.kind === 'arrears.began');
    play.take(XIAOYU, [began?.on?.('2027-01-20') ?? expect.fail()]);
    play.later(30);
    raise(play, { figures: ['debt.principal'] });
    expect(play.give(ZHOU, 'arrears.declareBroken', { words: 'x' }, true)).toBe('arrears.disputed');
    play.give(ZHOU, 'complaint.answer', { complaint: last(play).seq, outcome: 'not-upheld', words: '核对无误。' });
    play.later(16);
    expect(play.give(ZHOU, 'arrears.declareBroken', { words: 'x' }, true)).toEqual(['agreement.broken']);
  });
  test('four parts disputed one after the other hold no longer than the longest clock, beside what the lender takes to answer', () => {
    const play = inForce();
    const parts = ['debt.principal', 'debt.interest', 'debt.penalty', 'debt.fees'];
    let days = 0;
    const count = (most: number) => {
      for (let i = 0; i < most && isHeld(play.kase, play.context(LIN)); i++) {
        days += 1;
        play.later(1);
      }
    };
    for (const part of parts) {
      raise(play, { figures: [part] });
      expect(last(play).holds).toBe(true);
      const { seq: complaint } = last(play);
      play.give(LIN, 'complaint.answer', { complaint, outcome: 'not-upheld', words: '核对无误。' });
      play.give(XIAOYU, 'complaint.escalate', { complaint, to: 'regulator' });
      count(400);
    }
    expect(mostHeld(last(play))).toBe(60);
    // The day of each answer itself is held, too.
    expect(days).toBeLessThanOrEqual(60 + parts.length);
    expect(days).toBeGreaterThanOrEqual(60);
    expect(holdsText(last(play), wordsOf('zh'))).toContain('最多再暂停 60 天');
    raise(play, { figures: ['debt.fees'] });
    expect(holdsText(last(play), wordsOf('zh'))).toBe(wordsOf('zh').complaint.holdsNot);
  });
  test('the days to make good what is missing stand still meanwhile, and run on after it', () => {
    const play = inForce();
    play.at = instantOf('2027-01-20T10:00', HOME.zone);
    const began = due(play.kase, HOME.zone).find(({ entry }) => entry.kind === 'arrears.began');
    play.take(XIAOYU, [began?.on?.('2027-01-20') ?? expect.fail()]);
    const { until } = play.kase.arrears ?? expect.fail();
    expect(curableUntil(play.kase, HOME.zone)).toBe(until);
    play.later(5);
    raise(play, { figures: ['debt.principal'] });
    expect(curableUntil(play.kase, HOME.zone)).toBe(null);
    expect(duties(play.kase, 'borrower', play.context(XIAOYU)).map(({ what }) => what)).not.toContain('cure');
    play.later(40);
    const { seq: complaint } = last(play);
    play.give(ZHOU, 'complaint.answer', { complaint, outcome: 'not-upheld', words: '核对无误。' });
    play.give(XIAOYU, 'complaint.accept', { complaint });
    // Raised on the 25th of January, settled on the 6th of March: 41 days stood still.
    const later = addDays(until, 41);
    expect(curableUntil(play.kase, HOME.zone)).toBe(later);
    play.at = endOfDay(later, HOME.zone);
    expect(play.give(ZHOU, 'arrears.declareBroken', { words: 'x' }, true)).toBe('arrears.can-be-cured');
    play.later(1);
    expect(play.give(ZHOU, 'arrears.declareBroken', { words: 'x' }, true)).toEqual(['agreement.broken']);
  });
});
