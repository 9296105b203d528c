import { describe, expect, test } from 'vitest';
import { tell } from '../../web/telling/tell.ts';
import { wordsOf } from '../../web/words/index.ts';
import { COMMANDS, due } from '../../worker/negotiation/case.ts';
import { give } from '../../worker/negotiation/command.ts';
import { ANSWER_WITHIN } from '../../worker/negotiation/mediated.ts';
import { isRefused, refuse } from '../../worker/negotiation/refusal.ts';
import { seated } from '../../worker/negotiation/seated.ts';
import { may, type Seat } from '../../worker/negotiation/seats.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import {
  agreed,
  LIN,
  level,
  MANDATE,
  MEI,
  MEIS_CONTACT,
  mediated,
  OPENING,
  opened,
  type Play,
  represented,
  SHEN,
  SHENS_CONTACT,
  START,
  TERMS,
  XIAOYU,
  ZHOU,
} from './play.ts';

/** Somebody neutral between the sides: let in by both, of none, and out in the instant in which either wants it. */

const WORDS = { words: '两边都听我说一句。' };
const SUGGESTED = { terms: level(24), words: '各让一步。' };
const now = (play: Play) => play.kase.mediations.at(-1)?.seq;
function ready(): Play {
  const play = opened();
  play.reached = SHENS_CONTACT;
  return play;
}
const propose = (play: Play, by: Seat = XIAOYU) => play.give(by, 'mediation.propose', { name: SHEN.name });
const adopt = (play: Play, by: Seat, rest: object = {}) => {
  const one = play.kase.suggestions.at(-1);
  return play.give(by, 'mediation.adopt', {
    suggestion: one?.no ?? 1,
    digest: one?.digest ?? '0'.repeat(64),
    answers: play.kase.table,
    words: '采纳。',
    ...rest,
  });
};
/** A case in which 沈和平 has suggested two years. */
function suggested(play: Play = mediated(opened())): Play {
  expect(play.give(SHEN, 'mediation.suggest', SUGGESTED)).toEqual(['mediation.suggested']);
  return play;
}

describe('letting somebody in', () => {
  test.each([
    [XIAOYU, LIN],
    [LIN, XIAOYU],
  ])('takes both sides, in either order', (by, other) => {
    const play = ready();
    expect(propose(play, by)).toEqual(['mediation.proposed']);
    const mediation = now(play);
    expect(play.give(SHEN, 'mediation.accept', {})).toBe('seat.may-not');
    expect(play.give(by, 'mediation.admit', { mediation })).toBe('mediation.own');
    expect(play.give(other, 'mediation.admit', { mediation: 1 })).toBe('mediation.none');
    expect(play.give(other, 'mediation.admit', { mediation })).toEqual(['mediation.admitted']);
    expect(play.give(SHEN, 'mediation.accept', {})).toEqual(['mediation.accepted']);
    expect(play.kase.mediations.at(-1)).toMatchObject({ state: 'acting', account: SHEN.account, by: by.side });
  });

  test('or the other side does not agree, or whoever proposed takes it back; then another can be proposed', () => {
    for (const [by, name] of [
      [LIN, 'mediation.decline'],
      [XIAOYU, 'mediation.dismiss'],
    ] as const) {
      const play = ready();
      propose(play);
      expect(propose(play, LIN)).toBe('mediation.one-at-a-time');
      expect(play.give(by, name, { mediation: now(play), words: '换一位。' })).toEqual([
        name === 'mediation.decline' ? 'mediation.declined' : 'mediation.dismissed',
      ]);
      expect(play.give(LIN, 'mediation.admit', { mediation: now(play) })).toBe('mediation.none');
      expect(play.give(SHEN, 'mediation.accept', {})).toBe('seat.may-not');
      expect(propose(play, LIN)).toEqual(['mediation.proposed']);
    }
  });

  test('waits so many days for the other side, and as many for the mediator', () => {
    const play = ready();
    propose(play);
    expect(due(play.kase, HOME.zone).some(({ entry: { content } }) => 'why' in content && content.why === 'not-admitted')).toBe(true);
    play.later(ANSWER_WITHIN);
    expect(play.give(LIN, 'mediation.admit', { mediation: now(play) })).toBe('mediation.none');
    expect(propose(play, LIN)).toEqual(['mediation.proposed']);
    expect(play.give(XIAOYU, 'mediation.admit', { mediation: now(play) })).toEqual(['mediation.admitted']);
    play.later(ANSWER_WITHIN);
    expect(play.give(SHEN, 'mediation.accept', {})).toBe('seat.may-not');
  });

  test('is of nobody who is, or was, of a side; nor does a mediator act for one afterwards', () => {
    const self = ready();
    self.kase = { ...self.kase, identified: SHENS_CONTACT };
    expect(propose(self)).toBe('mediation.party');
    const acting = represented(opened());
    acting.reached = MEIS_CONTACT;
    expect(propose(acting)).toBe('mediation.party');
    // By another contact, their account is known.
    acting.reached = SHENS_CONTACT;
    propose(acting);
    acting.give(LIN, 'mediation.admit', { mediation: now(acting) });
    for (const account of [MEI.account, XIAOYU.account])
      expect(['mediation.party', 'seat.is-the-borrower']).toContain(acting.give({ ...SHEN, account }, 'mediation.accept', {}));
    const play = mediated(opened());
    play.reached = SHENS_CONTACT;
    expect(play.give(XIAOYU, 'representative.appoint', MANDATE, true)).toBe('mediation.party');
    play.give(XIAOYU, 'mediation.dismiss', { mediation: now(play) });
    play.reached = MEIS_CONTACT;
    expect(play.give(XIAOYU, 'representative.appoint', MANDATE, true)).toEqual(['representative.appointed']);
    expect(play.give({ ...MEI, account: SHEN.account }, 'representative.accept', {})).toBe('mediation.party');
  });

  test('takes the very contact to which the link went, once', () => {
    const play = ready();
    propose(play);
    play.give(LIN, 'mediation.admit', { mediation: now(play) });
    play.reached = { ...SHENS_CONTACT, contact: 'd'.repeat(64) };
    expect(play.give(SHEN, 'mediation.accept', {})).toBe('seat.may-not');
    play.reached = SHENS_CONTACT;
    expect(play.give(SHEN, 'mediation.accept', {})).toEqual(['mediation.accepted']);
    expect(play.give({ ...SHEN, account: 'another' }, 'mediation.accept', {})).toBe('seat.may-not');
  });
});

describe('being there', () => {
  test('opens what both share, and of all commands the mediator’s own alone', () => {
    const play = suggested();
    const own = ['mediation.accept', 'mediation.say', 'mediation.suggest', 'mediation.leave'];
    expect(play.context(SHEN).own).toBeNull();
    for (const command of COMMANDS.values()) {
      if (own.includes(command.name)) continue;
      expect(give(command, play.kase, {}, play.context(SHEN, true)), command.name).toEqual(refuse('seat.may-not'));
    }
    for (const name of own.slice(1)) {
      for (const seat of [XIAOYU, LIN, ZHOU]) expect(play.give(seat, name, { ...WORDS, ...SUGGESTED }), name).toBe('seat.may-not');
    }
    for (const power of ['take', 'witness', 'speak', 'negotiate', 'sign'] as const) expect(may(SHEN, power, START), power).toBe(false);
  });

  test('says who wrote it, under the name that both agreed to', () => {
    const play = mediated(opened());
    expect(play.give({ ...SHEN, name: 'shen1960' }, 'mediation.say', WORDS)).toEqual(['mediation.said']);
    expect(play.entries.at(-1)?.author).toEqual({ side: 'mediator', capacity: 'mediator', name: SHEN.name, account: SHEN.account });
  });

  test('marks what is offered, declined and said meanwhile, and nothing of before or after', () => {
    const play = mediated(opened());
    const mediation = now(play);
    play.give(XIAOYU, 'talk.message', { words: '我可以让一步。' });
    play.give(LIN, 'proposal.make', { ...OPENING.proposal, answers: 1, words: '我们也让一步。' });
    play.give(XIAOYU, 'proposal.decline', { version: 2, reasons: ['cannot-bear'], words: '还是付不起。' });
    play.give(XIAOYU, 'talk.issueLetter', { letter: 'reduction', words: '请减免罚息。' });
    const penalty = { ...OPENING.debt.debt, penalty: 26_000 };
    play.give(LIN, 'debt.state', { debt: penalty, words: '罚息算至今日。' });
    play.give(XIAOYU, 'debt.confirm', { total: 1_256_000 });
    const kinds = ['talk.message', 'proposal.made', 'proposal.declined', 'talk.letter-issued', 'debt.disputed', 'debt.confirmed'];
    const marked = () => play.entries.filter(({ content }) => (content as { mediation?: number }).mediation === mediation);
    expect(marked().map(({ kind }) => kind)).toEqual(['mediation.admitted', 'mediation.accepted', ...kinds]);
    for (const language of ['zh', 'en'] as const)
      for (const entry of marked().slice(2))
        expect(tell(entry, play.kase, wordsOf(language)).lines[0]?.value).toBe(wordsOf(language).mediation.marked({ seq: mediation ?? 0 }));
    // Alone, as in a part of the record, it says so still.
    const alone = tell(marked().at(-1) as never, opened().kase, wordsOf('zh'));
    // The rules are of the courts' own platform: elsewhere it is for the court to say.
    expect(JSON.stringify(alone)).toContain('第十八条，由法院认定');
    play.give(LIN, 'mediation.dismiss', { mediation });
    play.give(XIAOYU, 'talk.message', { words: '以后再说。' });
    expect(play.entries.at(-1)?.content).not.toHaveProperty('mediation');
    expect(play.entries.find(({ kind }) => kind === 'proposal.made')?.content).not.toHaveProperty('mediation');
  });
});

describe('a suggestion', () => {
  test('is no offer, and comes to one where a side takes it up: exactly what that side would have offered', () => {
    for (const [by, before] of [
      [XIAOYU, LIN],
      [LIN, XIAOYU],
    ] as const) {
      const play = suggested();
      if (before === LIN) play.give(LIN, 'proposal.make', { ...OPENING.proposal, answers: 1, words: '我们的方案。' });
      expect(play.kase.table).toBe(before === LIN ? 2 : 1);
      const by_hand = play.try(by, 'proposal.make', { ...SUGGESTED, answers: play.kase.table });
      expect(by_hand).toEqual(['proposal.made']);
      const made = play.entries.at(-1)?.content as Record<string, unknown>;
      const again = suggested();
      if (before === LIN) again.give(LIN, 'proposal.make', { ...OPENING.proposal, answers: 1, words: '我们的方案。' });
      expect(adopt(again, by, { words: SUGGESTED.words })).toEqual(['proposal.made']);
      expect(again.entries.at(-1)?.content).toEqual({ ...made, suggestion: 1 });
      expect(again.entries.at(-1)?.author).toEqual(play.entries.at(-1)?.author);
    }
  });

  test('of more than an agent may grant goes for approval as an offer does, and comes out in the agent’s name', () => {
    const play = mediated(opened());
    const terms = level(12, { waive: { principal: 600_000 } });
    play.give(SHEN, 'mediation.suggest', { terms, reasons: { principal: '确有困难。' }, words: '本金减半。' });
    expect(adopt(play, LIN)).toBe('authority.exceeded');
    expect(play.kase.offers).toHaveLength(1);
    const borrower = adopt(play, XIAOYU);
    expect(borrower).toEqual(['proposal.made']);
  });

  test('is taken up only as it was looked at: on the same table, the same figures, the newest, in its days, while the mediation lasts', () => {
    const moved = suggested();
    moved.give(LIN, 'proposal.make', { ...OPENING.proposal, answers: 1, words: '我们的方案。' });
    expect(adopt(moved, XIAOYU, { answers: 1 })).toBe('offer.changed');
    expect(adopt(suggested(), XIAOYU, { digest: '0'.repeat(64) })).toBe('mediation.no-suggestion');
    expect(adopt(mediated(opened()), XIAOYU)).toBe('mediation.no-suggestion');

    const figures = suggested();
    const debt = { ...OPENING.debt.debt, penalty: 26_000 };
    figures.give(LIN, 'debt.state', { debt, words: '罚息算至今日。' });
    figures.give(XIAOYU, 'debt.confirm', { total: 1_256_000 });
    expect(adopt(figures, XIAOYU)).toBe('mediation.figures-changed');

    const newer = suggested();
    const [first] = newer.kase.suggestions;
    newer.give(SHEN, 'mediation.suggest', { ...SUGGESTED, terms: level(30) });
    expect(adopt(newer, XIAOYU, { suggestion: 1, digest: first?.digest })).toBe('mediation.newer');
    expect(adopt(newer, XIAOYU)).toEqual(['proposal.made']);

    expect(adopt(suggested().later(15), XIAOYU)).toBe('mediation.suggestion-lapsed');
    for (const [seat, name] of [
      [SHEN, 'mediation.leave'],
      [LIN, 'mediation.dismiss'],
    ] as const) {
      const over = suggested();
      over.give(seat, name, { mediation: now(over) });
      expect(adopt(over, XIAOYU)).toBe('mediation.over');
    }
  });

  test('says why something should be waived, or is not made; and holds to the rules of every plan', () => {
    const play = mediated(opened());
    const waiving = level(12, { waive: { penalty: 20_000 } });
    expect(play.give(SHEN, 'mediation.suggest', { ...SUGGESTED, terms: waiving })).toBe('waiver.reason-needed');
    expect(play.give(SHEN, 'mediation.suggest', { ...SUGGESTED, terms: { ...TERMS, firstDue: '2026-11-24' } })).toBe(
      'terms.first-due-past',
    );
    expect(play.give(SHEN, 'mediation.suggest', { ...SUGGESTED, terms: waiving, reasons: { penalty: '各让一步。' } })).toEqual([
      'mediation.suggested',
    ]);
  });

  test('that was taken up and agreed says so in the agreement', () => {
    const play = suggested();
    adopt(play, XIAOYU);
    play.give(LIN, 'proposal.accept', { version: 2, digest: play.kase.offers[1]?.digest });
    expect(play.kase.agreement?.mediation).toBe(now(play));
    expect(play.entries.find(({ kind }) => kind === 'proposal.accepted')?.content).toMatchObject({ mediation: now(play) });
    expect(agreed().kase.agreement).not.toHaveProperty('mediation');
  });
});

describe('the end', () => {
  test.each([
    [XIAOYU, 'mediation.dismiss'],
    [LIN, 'mediation.dismiss'],
    [SHEN, 'mediation.leave'],
  ] as const)('%o: nothing more from that instant on', (seat, name) => {
    const play = suggested();
    expect(play.give(SHEN, 'mediation.say', WORDS)).toEqual(['mediation.said']);
    expect(Array.isArray(play.give(seat, name, { mediation: now(play) }))).toBe(true);
    for (const command of COMMANDS.values()) {
      const decision = give(command, play.kase, {}, play.context(SHEN, true));
      expect(isRefused(decision), command.name).toBe(true);
    }
    expect(may(seated(play.kase, SHEN), 'read', play.at)).toBe(false);
    expect(due(play.kase, HOME.zone).some(({ entry }) => entry.kind === 'mediation.ended')).toBe(false);
  });

  test('comes by itself once an agreement has been in force for as long as it can be confirmed, or the case is closed', () => {
    const play = suggested();
    adopt(play, XIAOYU);
    play.give(LIN, 'proposal.accept', { version: 2, digest: play.kase.offers[1]?.digest });
    for (const seat of [XIAOYU, LIN]) play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: seat.name }, true);
    expect(play.kase.stage).toBe('in-force');
    expect(play.give(SHEN, 'mediation.say', WORDS)).toEqual(['mediation.said']);
    expect(due(play.kase, HOME.zone).find(({ entry }) => entry.kind === 'mediation.ended')?.entry.content).toMatchObject({
      why: 'settled',
    });
    play.later(30);
    expect(play.give(SHEN, 'mediation.say', WORDS)).toBe('seat.may-not');
    const closed = mediated(opened());
    closed.give(XIAOYU, 'case.close', { reason: 'withdrawn' });
    expect(may(seated(closed.kase, SHEN), 'read', closed.at)).toBe(false);
  });
});
