import { describe, expect, test } from 'vitest';
import { foldOwn } from '../../worker/negotiation/case.ts';
import { lateness, MOST_OPEN, waitingErrands } from '../../worker/negotiation/errand.ts';
import type { Employed } from '../../worker/negotiation/seats.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { LIN, opened, type Play, XIAOYU, ZHOU } from './play.ts';

/** What the lender's people ask of each other: given these, when this is asked, then it waits for whom it names. */

const TODAY = '2026-11-24';
const employed = (seat: typeof LIN, rest: Partial<Employed> = {}): Employed => ({ ...seat, team: null, origin: seat.account, ...rest });
const AUDITOR = { ...LIN, capacity: 'auditor' as const, account: 'a', name: '沈' };

function staffed(): Play {
  const play = opened();
  play.colleagues = new Map([LIN, ZHOU, AUDITOR].map((one) => [one.account, employed(one)]));
  return play;
}
const waiting = (play: Play) => waitingErrands(play.own.lender).map(({ no, kind, to }) => [no, kind, to]);
const task = (rest: object = {}) => ({ what: '回电话', on: TODAY, to: 'l', ...rest });

describe('a mention', () => {
  test('is a note with those who are to read it, one each, until they say that they have', () => {
    const play = staffed();
    expect(play.give(LIN, 'note.mention', { what: '请看收入证明。', to: ['s', 's'] })).toEqual(['note.written', 'note.mentioned']);
    expect(play.own.lender).toMatchObject({ notes: 1, errands: [{ no: 2, kind: 'mention', note: 1, to: 's', name: '周岚', by: '林静' }] });
    expect(play.give(LIN, 'note.see', { mention: 2 })).toBe('errand.not-yours');
    expect(play.give(ZHOU, 'note.see', { mention: 2 })).toEqual(['note.seen']);
    expect(play.own.lender.errands).toEqual([]);
    expect(play.give(ZHOU, 'note.see', { mention: 2 })).toBe('errand.none');
  });

  test('is a note as any other: there is room for so many', () => {
    const play = staffed();
    play.own.lender = { ...play.own.lender, notes: 2_000 };
    expect(play.give(LIN, 'note.write', { words: 'x' })).toBe('case.full');
    expect(play.give(LIN, 'note.mention', { what: 'x', to: ['s'] })).toBe('case.full');
  });

  test.each([
    ['somebody who does not work here', 'x'],
    ['somebody who works on no cases', 'a'],
  ])('of %s is none', (_, to) => {
    expect(staffed().give(LIN, 'note.mention', { what: 'x', to: ['s', to] })).toBe('assignment.unknown');
  });
});

describe('a task', () => {
  test('waits for somebody, by a day; it is done, opened again, and given to another', () => {
    const play = staffed();
    expect(play.give(LIN, 'task.set', task({ to: 's' }))).toEqual(['task.set']);
    expect(play.give(LIN, 'task.set', task({ on: addDays(TODAY, -1) }))).toBe('errand.past');
    expect(play.give(LIN, 'task.set', task({ on: addDays(TODAY, 367) }))).toBe('errand.far');
    expect(play.give(LIN, 'task.set', task({ to: 'x' }))).toBe('assignment.unknown');
    expect(waiting(play)).toEqual([[1, 'task', 's']]);
    expect(play.give(LIN, 'task.finish', { task: 1 })).toEqual(['task.done']);
    expect(play.give(LIN, 'task.finish', { task: 1 })).toEqual([]);
    expect(waiting(play)).toEqual([]);
    expect(play.give(ZHOU, 'task.reopen', { task: 1 })).toEqual(['task.reopened']);
    expect(play.give(ZHOU, 'task.give', { task: 1, to: 'l' })).toEqual(['task.given']);
    expect(play.give(ZHOU, 'task.give', { task: 1, to: 'l' })).toEqual([]);
    expect(waiting(play)).toEqual([[1, 'task', 'l']]);
    expect(play.give(ZHOU, 'task.give', { task: 9, to: 'l' })).toBe('errand.none');
  });

  test('of who has left goes with the case to whoever has it next; what is of others, done or a mention stays', () => {
    const play = staffed();
    play.give(ZHOU, 'task.set', task({ to: 'l' }));
    play.give(ZHOU, 'task.set', task({ to: 's' }));
    play.give(ZHOU, 'task.set', task({ to: 'l' }));
    play.give(ZHOU, 'task.finish', { task: 3 });
    play.give(ZHOU, 'note.mention', { what: '请看。', to: ['l'] });
    play.colleagues = new Map([ZHOU, AUDITOR].map((one) => [one.account, employed(one)]));
    expect(play.give(ZHOU, 'case.assign', { to: 's' })).toEqual(['case.assigned', 'task.given']);
    expect(waiting(play).toSorted()).toEqual([
      [1, 'task', 's'],
      [2, 'task', 's'],
      [6, 'mention', 'l'],
    ]);
    expect(play.own.lender.errands.find(({ no }) => no === 3)).toMatchObject({ to: 'l', done: true });
    expect(play.give(ZHOU, 'case.assign', { to: 'nobody' })).toEqual(['case.assigned']);
  });

  test('comes after what has no day, the soonest first', () => {
    const play = staffed();
    play.give(LIN, 'task.set', task({ on: addDays(TODAY, 2) }));
    play.give(LIN, 'task.set', task());
    play.give(LIN, 'note.mention', { what: 'x', to: ['s'] });
    expect(waiting(play).map(([no]) => no)).toEqual([4, 2, 1]);
    expect([addDays(TODAY, -1), TODAY, addDays(TODAY, 1)].map((on) => lateness(on, TODAY))).toEqual(['overdue', 'today', 'later']);
  });

  test('waits beside so many', () => {
    const play = staffed();
    for (let i = 0; i < MOST_OPEN; i++) play.give(LIN, 'task.set', task());
    expect(play.try(LIN, 'task.set', task())).toMatchObject({ code: 'errand.full', max: MOST_OPEN });
    play.give(LIN, 'task.finish', { task: 1 });
    expect(play.give(LIN, 'task.set', task())).toEqual(['task.set']);
  });

  test('that was erased is none any more, whatever was said of it since', () => {
    const play = staffed();
    play.give(LIN, 'task.set', task());
    play.give(LIN, 'task.give', { task: 1, to: 's' });
    const erased = play.held.lender.map((one) => (one.seq === 1 ? { ...one, content: null } : one));
    expect(foldOwn(erased).errands).toEqual([]);
  });
});

test.each([XIAOYU, AUDITOR])('$name, who does not work on cases for the lender, asks nobody', (seat) => {
  const play = staffed();
  for (const [name, input] of [
    ['note.mention', { what: 'x', to: ['l'] }],
    ['task.set', task()],
    ['task.finish', { task: 1 }],
    ['note.see', { mention: 1 }],
  ] as const)
    expect(play.give(seat, name, input)).toBe('seat.may-not');
});
