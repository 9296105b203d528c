import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { matrix, PAGE, withMatrix } from '../../db/matrix.ts';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { offered } from '../../worker/negotiation/command.ts';
import { CAPACITIES, may, POWERS, SCOPES, type Scope, type Seat } from '../../worker/negotiation/seats.ts';
import { agreed, LIN, opened, XIAOYU, ZHOU } from './play.ts';

const AT = '2026-11-24T02:00:00.000Z';
const MEI: Seat = { side: 'borrower', capacity: 'representative', account: 'm', name: '梅律师' };
const powersOf = (seat: Pick<Seat, 'capacity' | 'scope' | 'until'>) => POWERS.filter((power) => may(seat, power, AT));

describe('a representative', () => {
  test.each<[Scope | null, string[]]>([
    [null, ['read']],
    ['read', ['read']],
    ['speak', ['read', 'speak']],
    ['negotiate', ['read', 'speak', 'negotiate']],
    ['sign', ['read', 'speak', 'negotiate', 'sign']],
  ])('with the scope %s may do that and what comes before it', (scope, powers) => {
    expect(powersOf({ ...MEI, scope })).toEqual(powers);
  });

  test('speaks and offers for the borrower, and signs only with the special authority', () => {
    const play = agreed();
    const { digest } = play.kase.agreement ?? {};
    const sign = { digest, name: MEI.name };
    expect(play.give({ ...MEI, scope: 'speak' }, 'talk.message', { words: '我代她答复。' })).toEqual(['talk.message']);
    expect(play.give({ ...MEI, scope: 'read' }, 'talk.message', { words: '我代她答复。' })).toBe('seat.may-not');
    expect(play.give({ ...MEI, scope: 'negotiate' }, 'agreement.sign', sign, true)).toBe('seat.may-not');
    expect(play.give({ ...MEI, scope: 'sign' }, 'agreement.sign', sign, true)).toEqual(['agreement.signed']);
  });

  test('may do nothing any more from the end of the seat on, in that very instant', () => {
    const play = opened();
    const seat = { ...MEI, scope: 'sign' as const };
    expect(play.give({ ...seat, until: '2026-11-24T02:00:00.001Z' }, 'talk.message', { words: 'x' })).toEqual(['talk.message']);
    expect(play.give({ ...seat, until: play.at }, 'talk.message', { words: 'x' })).toBe('seat.may-not');
    expect(powersOf({ ...seat, until: AT })).toEqual([]);
  });

  test('never states the borrower’s means or payments, nor takes their place', () => {
    for (const power of ['begin', 'declare'] as const) expect(SCOPES.some((scope) => may({ ...MEI, scope }, power, AT))).toBe(false);
  });
});

test('buttons and checks are one rule: what is offered is not refused for who gives it, and the other way round', () => {
  const play = opened();
  const seats = [XIAOYU, LIN, ZHOU, ...([null, ...SCOPES] as const).map((scope): Seat => ({ ...MEI, scope }))];
  for (const seat of seats) {
    for (const command of COMMANDS.values()) {
      const context = play.context(seat);
      if (offered(play.kase, command, context)) expect(may(seat, command.needs, context.at), command.name).toBe(true);
      else if (may(seat, command.needs, context.at)) expect(command.when(play.kase, context), command.name).not.toBeNull();
    }
  }
});

test('every power is needed by something, and every capacity has some', () => {
  const needed = new Set(['read', ...[...COMMANDS.values()].map(({ needs }) => needs)]);
  expect([...needed].sort()).toEqual([...POWERS].sort());
  for (const capacity of CAPACITIES) expect(powersOf({ capacity, scope: 'sign' })).toContain('read');
});

test('the matrix has a row for every command, and the documentation shows it as it is (npm run matrix -- --write)', () => {
  const rows = matrix().split('\n');
  expect(rows).toHaveLength(COMMANDS.size + 3);
  const cells = (name: string) =>
    rows
      .find((row) => row.startsWith(`| ${name} `))
      ?.split('|')
      .slice(2, -1)
      .map((cell) => cell.trim());
  expect(cells('proposal.accept')).toEqual(['negotiate', 'yes', 'scope', 'limits', 'yes', 'yes']);
  expect(cells('means.submit')).toEqual(['declare', 'yes', '', '', '', '']);
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toBe(withMatrix(page));
});
