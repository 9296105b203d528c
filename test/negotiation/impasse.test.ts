import { describe, expect, test } from 'vitest';
import { atImpasse } from '../../worker/negotiation/impasse.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { endOfDay, instantOf } from '../../worker/plan/law/zone.ts';
import { LIN, OPENING, opened, Play, TERMS, XIAOYU } from './play.ts';

/** An impasse: only by a rule, named in its entry; ended by an offer that is taken up, or by both. */

const decline = (play: Play, version: number) => play.give(LIN, 'proposal.decline', { version, reasons: ['too-long'], words: '太长。' });
const offer = (play: Play) => play.give(XIAOYU, 'proposal.make', { answers: null, terms: TERMS, reasons: {}, words: '再提一次。' });

function declinedThrice(): Play {
  const play = opened();
  decline(play, 1);
  for (const version of [2, 3]) {
    offer(play);
    decline(play, version);
  }
  return play;
}

test('three declined rounds allow it to either side, and no fewer; silence alone never does', () => {
  const play = opened();
  expect(play.give(XIAOYU, 'impasse.declare', {})).toBe('impasse.no-rule');
  play.later(300);
  expect(play.give(LIN, 'impasse.declare', {})).toBe('impasse.no-rule');
  const thrice = declinedThrice();
  expect(thrice.give(LIN, 'impasse.declare', {})).toEqual(['impasse.declared']);
  expect(thrice.kase.impasse).toMatchObject({ rule: 'declined' });
  expect(thrice.give(XIAOYU, 'impasse.declare', {})).toBe('impasse.already');
});

describe('an answer that does not come in the promised working days', () => {
  const sent = (at: string) => {
    const play = new Play();
    play.at = instantOf(at, HOME.zone);
    const first = { ...TERMS, start: at.slice(0, 10), firstDue: '2026-03-24' };
    play.give(XIAOYU, 'case.open', {
      ...OPENING,
      debt: { debt: { ...OPENING.debt.debt, asOf: at.slice(0, 10) } },
      means: { ...OPENING.means, cause: { ...OPENING.means.cause, since: '2025-10-01' } },
      proposal: { ...OPENING.proposal, terms: first },
    });
    return play;
  };
  test('over Spring Festival it is the third working day after it, to its last minute', () => {
    // Friday the 13th of February 2026: Saturday is worked, then nine days off; the third is Wednesday the 25th.
    const play = sent('2026-02-13T23:59');
    play.at = endOfDay('2026-02-25', HOME.zone);
    expect(play.give(XIAOYU, 'impasse.declare', {})).toBe('impasse.no-rule');
    play.at = instantOf('2026-02-26T00:00', HOME.zone);
    expect(play.give(LIN, 'impasse.declare', {})).toBe('impasse.no-rule');
    expect(play.give(XIAOYU, 'impasse.declare', {})).toEqual(['impasse.declared']);
    expect(play.kase.impasse).toMatchObject({ rule: 'unanswered' });
  });
  test('sent a minute later it is of the next day', () => {
    const play = sent('2026-02-14T00:00');
    play.at = endOfDay('2026-02-26', HOME.zone);
    expect(play.give(XIAOYU, 'impasse.declare', {})).toBe('impasse.no-rule');
    play.at = instantOf('2026-02-27T00:00', HOME.zone);
    expect(play.give(XIAOYU, 'impasse.declare', {})).toEqual(['impasse.declared']);
  });
  test('in a year whose holidays are not published no day is taken for granted', () => {
    const play = opened();
    decline(play, 1);
    play.at = instantOf('2026-12-30T10:00', HOME.zone);
    play.give(XIAOYU, 'proposal.make', { answers: null, terms: { ...TERMS, firstDue: '2027-03-24' }, reasons: {}, words: '再提。' });
    // The 31st is worked; of January the first two that are for certain are the 7th and the 8th.
    play.at = endOfDay('2027-01-08', HOME.zone);
    expect(play.give(XIAOYU, 'impasse.declare', {})).toBe('impasse.no-rule');
    play.at = instantOf('2027-01-09T00:00', HOME.zone);
    expect(play.give(XIAOYU, 'impasse.declare', {})).toEqual(['impasse.declared']);
  });
});

test('both say so: the one says it, the other agrees; nobody twice', () => {
  const play = opened();
  expect(play.give(LIN, 'impasse.say', { words: '谈不下去了。' })).toEqual(['impasse.said']);
  expect(play.give(LIN, 'impasse.say', { words: '真的。' })).toBe('impasse.said');
  expect(atImpasse(play.kase)).toBe(false);
  expect(play.give(XIAOYU, 'impasse.say', { words: '同意。' })).toEqual(['impasse.said', 'impasse.declared']);
  expect(play.kase.impasse).toMatchObject({ rule: 'both' });
});

test('who makes an offer after saying so says it no more: what the other side says months later makes no impasse', () => {
  const play = opened();
  decline(play, 1);
  play.give(XIAOYU, 'impasse.say', { words: '谈不下去了。' });
  offer(play);
  expect(play.give(LIN, 'impasse.say', { words: '谈不下去了。' })).toEqual(['impasse.said']);
  expect(atImpasse(play.kase)).toBe(false);
});

describe('it ends', () => {
  test('where the other side takes up an offer that was made since, not where it declines that or one side offers alone', () => {
    const play = declinedThrice();
    play.give(XIAOYU, 'impasse.declare', {});
    offer(play);
    expect(atImpasse(play.kase)).toBe(true);
    decline(play, 4);
    expect(atImpasse(play.kase)).toBe(true);
    offer(play);
    play.give(LIN, 'proposal.make', { answers: 5, terms: TERMS, reasons: {}, words: '这样可以。' });
    expect(atImpasse(play.kase)).toBe(false);
    // It takes three more rounds before it can be declared again.
    expect(play.give(LIN, 'impasse.declare', {})).toBe('impasse.no-rule');
  });
  test('where both say that they go on', () => {
    const play = declinedThrice();
    expect(play.give(XIAOYU, 'impasse.resume', {})).toBe('impasse.none');
    play.give(XIAOYU, 'impasse.declare', {});
    expect(play.give(XIAOYU, 'impasse.resume', {})).toEqual(['impasse.resumed']);
    expect(play.give(XIAOYU, 'impasse.resume', {})).toBe('impasse.resumed');
    expect(atImpasse(play.kase)).toBe(true);
    play.give(LIN, 'impasse.resume', { words: '再谈谈。' });
    expect(atImpasse(play.kase)).toBe(false);
  });
  test.each(['both go on', 'an offer is taken up'])('and what was declined meanwhile counts no more: %s', (how) => {
    const play = declinedThrice();
    play.give(XIAOYU, 'impasse.declare', {});
    for (const version of [4, 5, 6]) {
      offer(play);
      decline(play, version);
    }
    if (how === 'both go on') for (const seat of [XIAOYU, LIN]) play.give(seat, 'impasse.resume', {});
    else {
      offer(play);
      play.give(LIN, 'proposal.make', { answers: 7, terms: TERMS, reasons: {}, words: '这样可以。' });
    }
    expect(atImpasse(play.kase)).toBe(false);
    expect(play.give(LIN, 'impasse.declare', {})).toBe('impasse.no-rule');
  });
});
