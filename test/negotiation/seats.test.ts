import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { matrix, PAGE, withMatrix } from '../../db/matrix.ts';
import { COMMANDS, fold } from '../../worker/negotiation/case.ts';
import { offered } from '../../worker/negotiation/command.ts';
import { onTable } from '../../worker/negotiation/proposal.ts';
import { seated } from '../../worker/negotiation/seated.ts';
import { CAPACITIES, may, POWERS, SCOPES, type Scope, type Seat } from '../../worker/negotiation/seats.ts';
import { agreed, LIN, MEI, OPENING, opened, Play, represented, XIAOYU, ZHOU } from './play.ts';

const AT = '2026-11-24T02:00:00.000Z';
const powersOf = (seat: Pick<Seat, 'capacity' | 'scope' | 'until'>) => POWERS.filter((power) => may(seat, power, AT));

describe('a representative', () => {
  test.each<[Scope | null, string[]]>([
    [null, ['read', 'take', 'attend']],
    ['read', ['read', 'take', 'attend']],
    ['speak', ['read', 'take', 'speak', 'attend', 'summon', 'complain']],
    ['negotiate', ['read', 'take', 'speak', 'negotiate', 'attend', 'summon', 'defer', 'complain', 'settle']],
    ['sign', ['read', 'take', 'speak', 'negotiate', 'sign', 'attend', 'summon', 'defer', 'complain', 'settle']],
  ])('with the scope %s may do that and what comes before it', (scope, powers) => {
    expect(powersOf({ ...MEI, scope })).toEqual(powers);
  });

  test('speaks and offers for the borrower, and signs only with the special authority', () => {
    const acting = (scope: Scope) => represented(agreed(), { scope });
    const words = { words: '我代她答复。' };
    const sign = { digest: agreed().kase.agreement?.digest, name: MEI.name };
    expect(acting('speak').give(MEI, 'talk.message', words)).toEqual(['talk.message']);
    expect(acting('read').give(MEI, 'talk.message', words)).toBe('seat.may-not');
    expect(acting('negotiate').give(MEI, 'agreement.sign', sign, true)).toBe('seat.may-not');
    expect(acting('sign').give(MEI, 'agreement.sign', sign, true)).toEqual(['agreement.signed']);
  });

  test('asks for a person and for another day as far as they speak and negotiate; nobody of the lender’s asks the lender', () => {
    for (const capacity of CAPACITIES) {
      const side = capacity === 'borrower' || capacity === 'representative';
      expect([capacity, may({ capacity, scope: 'speak' }, 'summon', AT)]).toEqual([capacity, side]);
      expect([capacity, may({ capacity, scope: 'negotiate' }, 'defer', AT)]).toEqual([capacity, side]);
    }
    expect(may({ ...MEI, scope: 'read' }, 'summon', AT)).toBe(false);
    expect(may({ ...MEI, scope: 'speak' }, 'defer', AT)).toBe(false);
  });

  test('never states the borrower’s means or payments, nor takes their place', () => {
    for (const power of ['begin', 'declare'] as const) expect(SCOPES.some((scope) => may({ ...MEI, scope }, power, AT))).toBe(false);
  });
});

describe('who a person is, the record says', () => {
  const FORGED: Seat = { ...XIAOYU, account: 'x' };

  test('a borrower’s seat of another account gives nothing, in a case that the borrower opened and in one that they joined', () => {
    const play = agreed(LIN);
    expect(play.give(FORGED, 'talk.message', { words: '我是借款人。' })).toBe('seat.not-the-borrower');
    const sign = { digest: play.kase.agreement?.digest, name: XIAOYU.name };
    expect(play.give(FORGED, 'agreement.sign', sign, true)).toBe('seat.not-the-borrower');
    expect(play.give(XIAOYU, 'agreement.sign', sign, true)).toEqual(['agreement.signed', 'agreement.in-force']);

    const joined = new Play();
    joined.give(LIN, 'case.openForBorrower', { loan: OPENING.loan, debt: OPENING.debt, borrowerName: XIAOYU.name, lenderName: '明衡' });
    expect(joined.give(XIAOYU, 'case.join', { name: XIAOYU.name })).toEqual(['case.joined']);
    expect(joined.give(FORGED, 'talk.message', { words: '我是借款人。' })).toBe('seat.not-the-borrower');
    expect(joined.give(XIAOYU, 'talk.message', { words: '我是借款人。' })).toEqual(['talk.message']);
  });

  test('the borrower does nothing for the lender, whatever the directory says of them', () => {
    const play = opened();
    const { digest } = play.kase.offers[0] ?? {};
    const both: Seat = { ...LIN, account: XIAOYU.account };
    expect(play.give(both, 'proposal.accept', { version: 1, digest })).toBe('seat.is-the-borrower');
    expect(play.give(LIN, 'proposal.accept', { version: 1, digest })).toContain('proposal.accepted');
  });

  test('who joined by the contract and is not its borrower is put out by who oversees, with all whom they brought; not once something was agreed, nor who was invited', () => {
    const opening = { loan: OPENING.loan, debt: OPENING.debt, borrowerName: XIAOYU.name, lenderName: '明衡' };
    const play = (join: string) => {
      const one = new Play();
      one.give(LIN, 'case.openForBorrower', opening);
      expect(one.give(XIAOYU, join, { name: XIAOYU.name })).toEqual(['case.joined']);
      return one;
    };
    const why = { words: '核对身份不符。' };
    expect(play('case.join').give(ZHOU, 'case.vacate', why, true)).toBe('case.not-claimed');

    const wrong = play('case.claim');
    expect(wrong.give(LIN, 'case.vacate', why, true)).toBe('seat.may-not');
    expect(wrong.give(ZHOU, 'case.vacate', why)).toBe('proof.needed');
    expect(wrong.give(ZHOU, 'case.vacate', why, true)).toEqual(['case.vacated']);
    for (const seat of [XIAOYU, { ...MEI, scope: 'sign' as const }])
      for (const power of ['read', 'take', 'speak', 'negotiate', 'witness'] as const)
        expect(may(seated(wrong.kase, seat), power, wrong.at)).toBe(false);
    expect(wrong.give(XIAOYU, 'proposal.make', OPENING.proposal)).toBe('seat.may-not');
    expect(wrong.give({ ...XIAOYU, account: 'other' }, 'case.claim', { name: '王小雨' })).toBe('seat.may-not');
    expect(may(seated(wrong.kase, LIN), 'read', wrong.at)).toBe(true);

    const bound = play('case.claim');
    bound.give(XIAOYU, 'proposal.make', OPENING.proposal);
    expect(bound.give(LIN, 'proposal.accept', { version: 1, digest: bound.kase.offers[0]?.digest })).toContain('proposal.accepted');
    expect(bound.give(ZHOU, 'case.vacate', why, true)).toBe('case.under-agreement');
  });

  test('an entry whose author is gone speaks for no side: nobody can accept their own offer as another’s', () => {
    const play = opened();
    const counter = { ...OPENING.proposal, answers: 1, words: '我们的反方案。' };
    expect(play.give(LIN, 'proposal.make', counter)).toEqual(['proposal.made']);
    const entries = play.entries.map((one) => (one.seq === play.kase.seq ? { ...one, author: null } : one));
    const kase = fold(entries);
    expect(kase.seq).toBe(play.kase.seq);
    expect(onTable(kase, play.at)).toMatchObject({ version: 1, side: 'borrower' });
    expect(kase.offers).toHaveLength(1);
  });
});

test('buttons and checks are one rule: what is offered is not refused for who gives it, and the other way round', () => {
  const play = opened();
  const seats = [XIAOYU, LIN, ZHOU, ...([null, ...SCOPES] as const).map((scope): Seat => ({ ...MEI, scope }))];
  for (const seat of seats.map((one) => seated(play.kase, one))) {
    for (const command of COMMANDS.values()) {
      const context = play.context(seat);
      if (offered(play.kase, command, context)) expect(may(seat, command.needs, context.at), command.name).toBe(true);
      else if (may(seat, command.needs, context.at)) expect(command.when(play.kase, context), command.name).not.toBeNull();
    }
  }
});

test('every power is needed by something, and every capacity has some', () => {
  const needed = new Set(['read', 'take', 'witness', 'reassign', ...[...COMMANDS.values()].map(({ needs }) => needs)]);
  expect([...needed].sort()).toEqual([...POWERS].sort());
  for (const capacity of CAPACITIES) expect(powersOf({ capacity, scope: 'sign' })).toContain('read');
});

test('the matrix has a row for every command, and the documentation shows it as it is (npm run matrix -- --write)', () => {
  const rows = matrix().split('\n');
  expect(rows).toHaveLength(COMMANDS.size + 9);
  const cells = (name: string) =>
    rows
      .find((row) => row.startsWith(`| ${name} `))
      ?.split('|')
      .slice(2, -1)
      .map((cell) => cell.trim());
  expect(cells('proposal.accept')).toEqual(['negotiate', 'yes', 'scope', '', 'limits', 'yes', 'yes', '']);
  expect(cells('means.submit')).toEqual(['declare', 'yes', '', '', '', '', '', '']);
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toBe(withMatrix(page));
});
