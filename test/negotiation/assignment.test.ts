import { describe, expect, test } from 'vitest';
import { choices, toldOf } from '../../worker/negotiation/assignment.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import type { Seat } from '../../worker/negotiation/seats.ts';
import { LIN, opened, type Play, XIAOYU, ZHOU } from './play.ts';

/** Who of the lender's people sees to a case: the lender's own matter, which the borrower never learns of. */

const XU: Seat = { ...LIN, account: 'x', name: '许然' };
const SHEN: Seat = { ...LIN, account: 'n', name: '沈审', capacity: 'auditor' };

/** 林 and 周 are of one team, 许 of another. */
const staff = (gone: string[] = []): Context['colleagues'] =>
  new Map(
    [
      { ...LIN, team: '华东' },
      { ...ZHOU, team: '华东' },
      { ...XU, team: '西南' },
      { ...SHEN, team: '审计' },
    ]
      .filter(({ account }) => !gone.includes(account))
      .map(({ account, capacity, name, team }) => [account, { account, capacity, name, team, origin: account }]),
  );

function started(): Play {
  const play = opened();
  play.colleagues = staff();
  return play;
}
const give = (play: Play, seat: Seat, to: string) => play.give(seat, 'case.assign', { to });
const stands = (play: Play) => play.own.lender.assignment;

describe('an agent', () => {
  test('takes what is nobody’s, and the case is of their team; hands on what is theirs, and no more', () => {
    const play = started();
    const before = JSON.stringify([play.kase, play.own.borrower]);
    expect(give(play, LIN, 'l')).toEqual(['case.assigned']);
    expect(stands(play)).toEqual({ to: 'l', name: '林静', team: '华东' });
    expect(give(play, XU, 'x')).toBe('assignment.not-yours');
    expect(give(play, XU, 'nobody')).toBe('assignment.not-yours');
    expect(give(play, LIN, 'x')).toEqual(['case.assigned']);
    expect(stands(play)).toEqual({ to: 'x', name: '许然', team: '西南' });
    expect(give(play, LIN, 'l')).toBe('assignment.not-yours');
    // Nothing of it is in the shared record, or in what the borrower keeps.
    expect(JSON.stringify([play.kase, play.own.borrower])).toBe(before);
  });
  test('gives nobody else what is nobody’s, and takes nothing of another team', () => {
    const play = started();
    expect(give(play, LIN, 'x')).toBe('assignment.not-yours');
    expect(give(play, ZHOU, 'team:西南')).toEqual(['case.assigned']);
    expect(give(play, LIN, 'l')).toBe('assignment.not-yours');
    expect(give(play, XU, 'x')).toEqual(['case.assigned']);
  });
  test('takes over from somebody who has left', () => {
    const play = started();
    give(play, LIN, 'l');
    play.colleagues = staff(['l']);
    expect(give(play, { ...LIN, account: 'l2', name: '林二' }, 'x')).toBe('assignment.not-yours');
    expect(give(play, ZHOU, 's')).toEqual(['case.assigned']);
  });
  test('and from somebody who works on cases no more', () => {
    const play = started();
    give(play, ZHOU, 's');
    const of = (capacity: 'supervisor' | 'auditor') =>
      new Map([...(staff() ?? [])].map(([account, one]) => [account, account === 's' ? { ...one, capacity } : one] as const));
    play.colleagues = of('supervisor');
    expect(give(play, LIN, 'l')).toBe('assignment.not-yours');
    play.colleagues = of('auditor');
    expect(give(play, LIN, 'l')).toEqual(['case.assigned']);
  });
});

test('a supervisor gives any case to anybody who works on cases, to a team that there is, or to nobody', () => {
  const play = started();
  expect(give(play, ZHOU, 'x')).toEqual(['case.assigned']);
  expect(give(play, ZHOU, 'nobody')).toEqual(['case.assigned']);
  expect(stands(play)).toEqual({ to: null, name: null, team: '西南' });
  expect(give(play, ZHOU, 'team:华东')).toEqual(['case.assigned']);
  expect(stands(play)).toEqual({ to: null, name: null, team: '华东' });
  for (const to of ['n', 'b', 'constructor', 'team:', 'team:北方', 'team:审计'])
    expect([to, give(play, ZHOU, to)]).toEqual([to, 'assignment.unknown']);
  // The same again says nothing, and is no mistake.
  expect(give(play, ZHOU, 'team:华东')).toEqual([]);
});

test('neither the borrower nor an auditor assigns', () => {
  const play = started();
  expect(give(play, XIAOYU, 'l')).toBe('seat.may-not');
  expect(give(play, SHEN, 'n')).toBe('seat.may-not');
});

test('a form offers what would be done, and nothing that would be refused', () => {
  const play = started();
  const offered = (seat: Seat) => choices(play.kase, play.context(seat));
  const accounts = (seat: Seat) => offered(seat).people.map(({ account }) => account);
  expect([accounts(LIN), accounts(ZHOU)]).toEqual([['l'], ['l', 's', 'x']]);
  expect(offered(ZHOU)).toMatchObject({ teams: ['华东', '西南'], nobody: false });
  give(play, ZHOU, 'x');
  expect([accounts(LIN), accounts(XU), offered(LIN).teams]).toEqual([[], ['l', 's'], []]);
  expect(offered(ZHOU).nobody).toBe(true);
});

test('told are who sees to it, else its team, else everybody', () => {
  const people = [
    { account: 'l', team: '华东' },
    { account: 's', team: '华东' },
    { account: 'x', team: '西南' },
    { account: 'o', team: null },
  ];
  const told = (to: string | null, team: string | null) => toldOf({ to, team }, people).map(({ account }) => account);
  expect(told('x', '西南')).toEqual(['x']);
  expect(told(null, '华东')).toEqual(['l', 's']);
  expect(told('gone', '西南')).toEqual(['x']);
  expect(told('gone', '北方')).toEqual(['l', 's', 'x', 'o']);
  expect(told(null, null)).toEqual(['l', 's', 'x', 'o']);
});
