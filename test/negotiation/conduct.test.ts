import { describe, expect, test } from 'vitest';
import { callsOn } from '../../worker/negotiation/calls.ts';
import { known } from '../../worker/negotiation/case.ts';
import { reachableFrom } from '../../worker/negotiation/conduct.ts';
import { released } from '../../worker/negotiation/held.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import type { Seat } from '../../worker/negotiation/seats.ts';
import { LIN, MEI, mediated, opened, type Play, represented, XIAOYU, ZHOU } from './play.ts';

/** Hours, wishes and counts of mainland China (UTC+8): 8:00 to 22:00, three effective calls a day, six tries a number. */

const NIGHT = '2026-11-24T15:30:00.000Z';
const MORNING = '2026-11-25T00:00:00.000Z';

const never = (): never => {
  throw new Error('No call.');
};
const at = (play: Play, instant: string) => Object.assign(play, { at: instant });
const say = (play: Play, seat = LIN, words = '请补充流水。') => play.give(seat, 'talk.message', { words });
const wish = (play: Play, asked: object) => play.give(XIAOYU, 'contact.wish', { when: 'usual', ...asked });

describe('what staff write outside the hours', () => {
  test('waits in the lender’s own stream until they are there, a letter as a message; the borrower’s own does not', () => {
    const play = at(opened(), NIGHT);
    expect(say(play)).toEqual(['contact.held']);
    expect(play.give(LIN, 'talk.issueLetter', { letter: 'answer', words: '同意。' })).toEqual(['contact.held']);
    expect(play.own.lender).toMatchObject({ sends: MORNING, waiting: [{ until: MORNING, by: { name: '林静' } }, { until: MORNING }] });
    expect(say(play, XIAOYU)).toEqual(['talk.message']);
    expect(say(at(play, MORNING))).toEqual(['talk.message']);
  });

  test('what staff may not say at all is not held either', () => {
    expect(say(at(opened(), NIGHT), LIN, '再不还就打电话给你单位同事。')).toBe('wording.forbidden');
  });

  test('is taken back by who wrote it, by nobody else, and once', () => {
    const play = at(opened(), NIGHT);
    say(play);
    expect(play.give(ZHOU, 'contact.takeBack', { held: 1 })).toBe('contact.none');
    expect(play.give(LIN, 'contact.takeBack', { held: 9 })).toBe('contact.none');
    expect(play.give(LIN, 'contact.takeBack', { held: 1 })).toEqual(['contact.taken-back']);
    expect(play.own.lender).toMatchObject({ sends: null, waiting: [] });
    expect(play.give(LIN, 'contact.takeBack', { held: 1 })).toBe('contact.none');
  });

  const release = (play: Play, colleagues: [string, Seat][]) => {
    const [held] = play.own.lender.waiting;
    if (!held) throw new Error('Nothing waits.');
    return released(play.kase, held, {
      ...play.context(LIN),
      colleagues: new Map(colleagues.map(([account, seat]) => [account, { ...seat, team: null, origin: seat.account }])),
    });
  };

  test('is said in its author’s name, as what they are by then; not before the hours', () => {
    const play = at(opened(), NIGHT);
    say(play);
    expect(release(play, [['l', LIN]])).toBeNull();
    at(play, MORNING);
    expect(release(play, [['l', { ...LIN, capacity: 'supervisor' }]])).toMatchObject({
      seat: { name: '林静', capacity: 'supervisor' },
      decided: { said: [{ kind: 'talk.message', content: { words: '请补充流水。' } }], held: [{ kind: 'contact.sent', by: 'portal' }] },
    });
  });

  test('is of the mediation in which it was written, whether that goes on by then or one has begun since', () => {
    const staff: [string, Seat][] = [['l', LIN]];
    const wrote = at(mediated(opened()), NIGHT);
    say(wrote);
    const mediation = wrote.kase.mediations[0]?.seq;
    wrote.give(XIAOYU, 'mediation.dismiss', { mediation });
    expect(release(at(wrote, MORNING), staff)?.decided.said).toEqual([
      { kind: 'talk.message', content: { words: '请补充流水。', mediation } },
    ]);
    const before = at(opened(), NIGHT);
    say(before);
    mediated(before);
    expect(release(at(before, MORNING), staff)?.decided.said).toEqual([{ kind: 'talk.message', content: { words: '请补充流水。' } }]);
  });

  test('is dropped where its author works there no more, may not any more, or the case is closed: and the stream says why', () => {
    const play = at(opened(), NIGHT);
    say(play);
    at(play, MORNING);
    const dropped = (why: string) => ({ decided: { said: [], held: [{ kind: 'contact.dropped', content: { held: 1, to: 'l', why } }] } });
    expect(release(play, [])).toMatchObject(dropped('author-gone'));
    expect(release(play, [['l', { ...LIN, capacity: 'auditor' }]])).toMatchObject(dropped('refused'));
    play.give(XIAOYU, 'case.close', { reason: 'withdrawn' });
    expect(release(play, [['l', LIN]])).toMatchObject(dropped('refused'));
  });

  test('waits for the borrower’s own hours, and not at all at night where they consent; the lender’s stricter ones still hold', () => {
    const play = opened();
    wish(play, { when: 'hours', from: 18, until: 20 });
    expect(say(play)).toEqual(['contact.held']);
    expect(play.own.lender.sends).toBe('2026-11-24T10:00:00.000Z');
    wish(at(play, NIGHT), { when: 'any' });
    expect(say(play)).toEqual(['talk.message']);
    play.policy = { ...DEFAULT_POLICY, contactHours: { from: 540, until: 1200 } };
    expect(say(play)).toEqual(['contact.held']);
    expect(play.own.lender.waiting.at(-1)?.until).toBe('2026-11-25T01:00:00.000Z');
  });

  test.each([
    ['2026-12-31T15:59:59.999Z', '2027-01-01T00:00:00.000Z'],
    ['2026-12-31T16:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-11-24T13:59:59.999Z', '2026-11-24T13:59:59.999Z'],
    ['2026-11-24T14:00:00.000Z', '2026-11-25T00:00:00.000Z'],
  ])('at %s the first permitted instant is %s', (from, first) => {
    expect(reachableFrom(from, DEFAULT_POLICY, null)).toBe(first);
  });
});

describe('a wish', () => {
  test('is the borrower’s, or of who may speak for them; the newest counts; never the lender’s', () => {
    const play = opened();
    expect(wish(play, { asks: ['writing', 'writing'] })).toEqual(['contact.wished']);
    expect(play.kase.wish).toMatchObject({ asks: ['writing'], hours: null });
    represented(play, { scope: 'speak' });
    expect(play.give(MEI, 'contact.wish', { when: 'hours', from: 9, until: 12 })).toEqual(['contact.wished']);
    expect(play.kase.wish).toMatchObject({ asks: [], hours: { from: 540, until: 720 } });
    expect(represented(opened(), { scope: 'read' }).give(MEI, 'contact.wish', { when: 'any' })).toBe('seat.may-not');
    expect(play.give(LIN, 'contact.wish', { when: 'any' })).toBe('seat.may-not');
  });

  test('of hours needs both, in order, and some of those in which there may be contact', () => {
    for (const asked of [{}, { from: 9 }, { until: 9 }, { from: 12, until: 12 }, { from: 13, until: 9 }])
      expect(wish(opened(), { when: 'hours', ...asked })).toBe('contact.hours-needed');
    expect(wish(opened(), { when: 'hours', from: 0, until: 8 })).toBe('contact.hours-outside');
    expect(wish(opened(), { when: 'hours', from: 22, until: 24 })).toBe('contact.hours-outside');
    expect(wish(opened(), { when: 'hours', from: 6, until: 9 })).toEqual(['contact.wished']);
  });
});

describe('calls', () => {
  const log = (play: Play, call: object, seat = LIN) => {
    const given = play.give(seat, 'talk.logCall', {
      when: '2026-11-24T09:00',
      direction: 'to-borrower',
      minutes: 1,
      words: '通话。',
      ...call,
    });
    expect(given).toEqual(['talk.call-logged']);
    const newest = known(play.entries.at(-1) ?? never());
    return newest?.kind === 'talk.call-logged' ? (newest.content?.beyond ?? []) : never();
  };
  const clock = (minute: number) => `2026-11-24T09:${String(minute).padStart(2, '0')}`;

  test('the fourth effective one of a day is beyond, of whatever number; a third person’s does not count', () => {
    const play = opened();
    for (const minute of [1, 2, 3]) expect(log(play, { when: clock(minute) })).toEqual([]);
    expect(callsOn(play.kase, '2026-11-24', play.policy)).toMatchObject({ effective: 3, limits: { effective: 3, tries: 6 } });
    expect(log(play, { when: clock(4), number: '0001' })).toEqual([{ what: 'effective', count: 4, limit: 3 }]);
    expect(log(play, { when: '2026-11-23T09:00' })).toEqual([]);
    expect(log(play, { when: clock(5), direction: 'to-lender' })).toEqual([]);
  });

  test('a call that both sides logged is one, and a contested one is none', () => {
    const play = opened();
    for (const minute of [1, 2]) log(play, { when: clock(minute) });
    for (const minute of [1, 2]) log(play, { when: clock(minute) }, XIAOYU);
    expect(callsOn(play.kase, '2026-11-24', play.policy).effective).toBe(2);
    log(play, { when: clock(3) });
    play.give(XIAOYU, 'talk.contestCall', { call: play.kase.seq, words: '没有这通电话。' });
    expect(callsOn(play.kase, '2026-11-24', play.policy).effective).toBe(2);
  });

  test('the seventh unanswered try of one number is beyond; of another it is the first', () => {
    const play = opened();
    const call = { outcome: 'unanswered', number: '5831' };
    for (let minute = 1; minute <= 6; minute++) expect(log(play, { ...call, when: clock(minute) })).toEqual([]);
    expect(log(play, { ...call, when: clock(7), number: '5832' })).toEqual([]);
    expect(log(play, { ...call, when: clock(8) })).toEqual([{ what: 'tries', count: 7, limit: 6 }]);
  });

  test('a third person only where the borrower cannot be reached', () => {
    const third = { called: 'third-person' };
    expect(log(opened(), third)).toEqual([{ what: 'third-person' }]);
    const dead = opened();
    log(dead, { when: clock(1), outcome: 'unreachable' });
    expect(log(dead, { ...third, when: clock(2) })).toEqual([]);
    log(dead, { when: clock(3) });
    expect(log(dead, { ...third, when: clock(4) })).toEqual([{ what: 'third-person' }]);
    const tried = opened();
    for (const minute of [1, 2, 3]) log(tried, { when: clock(minute), outcome: 'unanswered' });
    expect(log(tried, { ...third, when: clock(4) })).toEqual([]);
    // What counts is how it was before the call, in whatever order they are logged.
    log(tried, { when: clock(9) });
    expect(log(tried, { ...third, when: clock(5) })).toEqual([]);
    const after = opened();
    log(after, { when: clock(8), outcome: 'unreachable' });
    expect(log(after, { ...third, when: clock(7) })).toEqual([{ what: 'third-person' }]);
  });

  test.each([
    ['07:59', ['hours']],
    ['08:00', []],
    ['21:59', []],
    ['22:00', ['hours']],
  ])('at %s', (time, what) => {
    expect(log(at(opened(), '2026-11-25T02:00:00.000Z'), { when: `2026-11-24T${time}` })).toEqual(what.map((one) => ({ what: one })));
  });

  test('against a wish it is marked as such, whoever logs it', () => {
    const play = at(opened(), '2026-11-25T02:00:00.000Z');
    wish(play, { asks: ['writing', 'not-at-work'], when: 'hours', from: 18, until: 20 });
    const marks = [{ what: 'wish-writing' }, { what: 'wish-work' }, { what: 'wish-hours' }];
    expect(log(play, { called: 'work' }, XIAOYU)).toEqual(marks);
    wish(play, { when: 'any' });
    expect(log(play, { when: '2026-11-24T23:00' })).toEqual([]);
  });

  test('the number is its last four digits alone', () => {
    expect(() => log(opened(), { number: '13800138000' })).toThrow();
  });
});
