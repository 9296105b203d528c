import { describe, expect, test } from 'vitest';
import { tell } from '../../web/telling/tell.ts';
import { wordsOf } from '../../web/words/index.ts';
import { COMMANDS, due } from '../../worker/negotiation/case.ts';
import { give, offered } from '../../worker/negotiation/command.ts';
import { refuse } from '../../worker/negotiation/refusal.ts';
import { ACCEPT_WITHIN, MAX_ACTING, MAX_APPOINTED } from '../../worker/negotiation/representation.ts';
import { seated } from '../../worker/negotiation/seated.ts';
import { may, type Scope, type Seat } from '../../worker/negotiation/seats.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { agreed, LIN, MANDATE, MEI, MEIS_CONTACT, OPENING, opened, Play, represented, START, XIAOYU } from './play.ts';

/** Somebody acts for the borrower: as far as the letter of authority goes, until its day, and not one instant after it was taken back. */

const WORDS = { words: '我代她答复。' };
const say = (play: Play, seat: Seat = MEI) => play.give(seat, 'talk.message', WORDS);
const appoint = (play: Play, rest: Partial<typeof MANDATE> = {}, proven = true) =>
  play.give(XIAOYU, 'representative.appoint', { ...MANDATE, ...rest }, proven);
/** A case in which the contact that the portal brings is 梅律师's. */
function ready(): Play {
  const play = opened();
  play.reached = MEIS_CONTACT;
  return play;
}

describe('appointing', () => {
  test('is signed by the borrower’s own name after a fresh proof, for somebody else, until a day that is neither past nor far', () => {
    expect(appoint(ready())).toEqual(['representative.appointed']);
    expect(appoint(ready(), {}, false)).toBe('proof.needed');
    expect(appoint(ready(), { signed: '王晓雨' })).toBe('agreement.name-differs');
    expect(appoint(ready(), { until: '2026-11-23' })).toBe('representative.until-past');
    expect(appoint(ready(), { until: '2026-11-24' })).toEqual(['representative.appointed']);
    expect(appoint(ready(), { until: '2029-11-24' })).toEqual(['representative.appointed']);
    expect(appoint(ready(), { until: '2029-11-25' })).toBe('representative.until-far');
    const self = ready();
    self.kase = { ...self.kase, identified: MEIS_CONTACT };
    expect(appoint(self)).toBe('representative.self');
    expect(appoint(opened())).toBe('contact.unproven');
  });

  test('is the borrower’s alone', () => {
    const play = represented(opened());
    for (const seat of [MEI, LIN]) {
      expect(play.give(seat, 'representative.appoint', MANDATE, true)).toBe('seat.may-not');
      expect(play.give(seat, 'representative.revoke', { appointment: 5 })).toBe('seat.may-not');
    }
  });

  test('has bounds: so many at once, so many in all, one to a contact', () => {
    const play = ready();
    expect(appoint(play)).toEqual(['representative.appointed']);
    expect(appoint(play)).toBe('representative.appointed-already');
    for (let i = 1; i < MAX_ACTING; i++) {
      play.reached = { ...MEIS_CONTACT, contact: `${i}`.repeat(64) };
      expect(appoint(play)).toEqual(['representative.appointed']);
    }
    play.reached = { ...MEIS_CONTACT, contact: '9'.repeat(64) };
    expect(appoint(play)).toBe('representative.too-many');
    const [one] = play.kase.representatives;
    play.kase = { ...play.kase, representatives: Array.from({ length: MAX_APPOINTED }, () => ({ ...one, state: 'revoked' }) as never) };
    expect(appoint(play)).toBe('case.full');
  });

  test('the letter says all that it holds, in both languages', () => {
    const entry = represented(opened(), { scope: 'sign' }).entries.find(({ kind }) => kind === 'representative.appointed');
    for (const language of ['zh', 'en'] as const) {
      const words = wordsOf(language);
      const said = JSON.stringify(tell(entry as never, opened().kase, words));
      for (const part of ['王小雨', '明衡', 'MH-1', '梅律师', words.representation.powersOf[2]?.sign]) expect(said).toContain(part);
    }
    expect(wordsOf('zh').representation.scopeOf.sign).toContain('特别授权');
  });
});

describe('accepting', () => {
  test('takes the very contact to which the link went, once, within its days', () => {
    const play = ready();
    appoint(play);
    expect(say(play)).toBe('seat.may-not');
    play.reached = { ...MEIS_CONTACT, contact: 'd'.repeat(64) };
    expect(play.give(MEI, 'representative.accept', {})).toBe('seat.may-not');
    play.reached = MEIS_CONTACT;
    expect(play.give({ ...MEI, account: XIAOYU.account }, 'representative.accept', {})).toBe('representative.acts-already');
    expect(play.give(MEI, 'representative.accept', {})).toEqual(['representative.accepted']);
    expect(play.give({ ...MEI, account: 'another' }, 'representative.accept', {})).toBe('seat.may-not');
    const late = ready();
    appoint(late);
    late.later(ACCEPT_WITHIN);
    expect(late.give(MEI, 'representative.accept', {})).toBe('representative.none');
    expect(due(late.kase, HOME.zone).map(({ entry }) => entry.content)).toContainEqual({ appointment: 5, why: 'not-accepted' });
  });
});

describe('acting', () => {
  test('every entry says who acted for whom, and by which authority, under the name of the letter', () => {
    const play = represented(opened());
    expect(say(play, { ...MEI, name: 'mei1980' })).toEqual(['talk.message']);
    const { author } = play.entries.at(-1) ?? {};
    expect(author).toEqual({ ...MEI, for: { name: XIAOYU.name, account: XIAOYU.account, authority: 5 } });
    expect(tell(play.entries.at(-1) as never, play.kase, wordsOf('zh')).what).not.toBe('');
  });

  test('what the directory says of a seat gives nothing: scope and end are those of the record', () => {
    const play = represented(opened(), { scope: 'read' });
    expect(say(play, { ...MEI, scope: 'sign', until: null })).toBe('seat.may-not');
    expect(say(opened(), { ...MEI, scope: 'sign', until: null })).toBe('seat.may-not');
    expect(may(seated(opened().kase, { ...MEI, scope: 'sign' }), 'read', START)).toBe(false);
    expect(say(represented(opened()), { ...MEI, account: 'another', scope: 'sign' })).toBe('seat.may-not');
  });

  test('who speaks complains for the borrower, and neither takes the answer nor consents to all hours for them', () => {
    const complaint = { kind: 'charges', facts: '费用不对。', wish: '退还。', figures: ['debt.fees'] };
    const spoken = represented(opened(), { scope: 'speak' });
    expect(spoken.give(MEI, 'complaint.raise', complaint)).toEqual(['complaint.raised']);
    const of = { complaint: spoken.kase.seq };
    spoken.give(LIN, 'complaint.answer', { ...of, outcome: 'upheld', words: '已退还。' });
    for (const name of ['complaint.accept', 'complaint.withdraw']) expect(spoken.give(MEI, name, of)).toBe('seat.may-not');
    expect(spoken.give(XIAOYU, 'complaint.accept', of)).toEqual(['complaint.accepted']);
    for (const scope of ['speak', 'sign'] as const) {
      const play = represented(opened(), { scope });
      expect(play.give(MEI, 'contact.wish', { when: 'any' })).toBe('contact.consent-own');
      expect(play.give(MEI, 'contact.wish', { asks: ['writing'], when: 'usual' })).toEqual(['contact.wished']);
    }
    expect(opened().give(XIAOYU, 'contact.wish', { when: 'any' })).toEqual(['contact.wished']);
  });

  test('a letter of authority is told in the words in which it was signed', () => {
    const words = wordsOf('zh');
    const signed = represented(opened(), { scope: 'speak' }).entries.find(({ kind }) => kind === 'representative.appointed');
    const told = (content: unknown) => JSON.stringify(tell({ ...signed, content } as never, opened().kase, words));
    const { wording, ...older } = (signed?.content ?? {}) as { wording?: number };
    expect(wording).toBe(2);
    expect(told(signed?.content)).toContain(words.representation.powersOf[2]?.speak);
    expect(told(older)).toContain(words.representation.powersOf[1]?.speak);
    expect(told(older)).not.toContain(words.representation.powersOf[2]?.speak);
  });

  test('ends with its last day, to the instant, by the clocks of the place', () => {
    const play = represented(opened(), { until: '2026-11-30' });
    play.at = '2026-11-30T15:59:59.999Z';
    expect(say(play)).toEqual(['talk.message']);
    play.at = '2026-11-30T16:00:00.000Z';
    expect(say(play)).toBe('seat.may-not');
    expect(due(play.kase, HOME.zone).find(({ entry }) => entry.kind === 'representative.ended')).toMatchObject({
      at: '2026-11-30T16:00:00.000Z',
      entry: { content: { appointment: 5, why: 'date' } },
    });
  });

  test('is given anew once its day has passed, also where the schedule has not yet said so', () => {
    const play = represented(opened(), { until: '2026-11-30' });
    play.at = '2026-11-30T16:00:00.000Z';
    play.reached = MEIS_CONTACT;
    expect(appoint(play, { scope: 'speak' })).toEqual(['representative.appointed']);
    expect(play.give(MEI, 'representative.accept', {})).toEqual(['representative.accepted']);
    play.reached = undefined;
    expect(say(play)).toEqual(['talk.message']);
    expect(play.entries.at(-1)?.author).toMatchObject({ for: { authority: play.kase.representatives.at(-1)?.seq } });
  });

  test('what only the borrower knows of their means nobody declares for them, be it with all else by which one begins', () => {
    const play = new Play();
    const { debt, loan, means, proposal, lenderName } = OPENING;
    play.reached = MEIS_CONTACT;
    play.give(LIN, 'case.openForBorrower', { loan, debt, borrowerName: XIAOYU.name, lenderName });
    play.reached = MEIS_CONTACT;
    play.give(XIAOYU, 'case.join', { name: XIAOYU.name });
    play.reached = { ...MEIS_CONTACT, contact: 'e'.repeat(64) };
    appoint(play);
    play.give(MEI, 'representative.accept', {});
    play.reached = undefined;
    const begin = { debt, means, proposal };
    expect(play.give(MEI, 'case.begin', begin)).toBe('seat.may-not');
    expect(play.give(XIAOYU, 'case.begin', begin)).toContain('means.submitted');
  });

  test('ends in the very instant in which it is taken back or laid down, with everything that any command needs', () => {
    for (const end of ['revoke', 'resign'] as const) {
      const play = represented(opened());
      expect(say(play)).toEqual(['talk.message']);
      if (end === 'revoke') expect(play.give(XIAOYU, 'representative.revoke', { appointment: 5 })).toEqual(['representative.revoked']);
      else expect(play.give(MEI, 'representative.resign', {})).toEqual(['representative.ended']);
      for (const command of COMMANDS.values()) {
        expect(offered(play.kase, command, play.context(MEI)), command.name).toBe(false);
        expect(give(command, play.kase, {}, play.context(MEI, true)), command.name).toEqual(refuse('seat.may-not'));
      }
      expect(due(play.kase, HOME.zone).some(({ entry }) => entry.kind === 'representative.ended')).toBe(false);
    }
  });

  test('several at once, each with a scope of their own, and the borrower keeps every power', () => {
    const play = represented(opened(), { scope: 'negotiate' });
    play.reached = { ...MEIS_CONTACT, contact: 'e'.repeat(64) };
    appoint(play, { name: '王小姐', relation: 'family', scope: 'read' });
    const sister: Seat = { ...MEI, account: 's', name: '王小姐' };
    expect(play.give(sister, 'representative.accept', {})).toEqual(['representative.accepted']);
    play.reached = undefined;
    expect(say(play, sister)).toBe('seat.may-not');
    expect(say(play)).toEqual(['talk.message']);
    expect(play.give(MEI, 'proposal.withdraw', { version: 1 })).toEqual(['proposal.withdrawn']);
    expect(say(play, XIAOYU)).toEqual(['talk.message']);
    expect(offered(play.kase, { needs: 'sign', when: () => null }, play.context(XIAOYU))).toBe(true);
  });

  test('an agreement that a representative signs names them and the entry of the authority', () => {
    const play = represented(agreed(LIN), { scope: 'sign' });
    const sign = { digest: play.kase.agreement?.digest, name: MEI.name };
    const appointed = play.kase.representatives[0]?.seq;
    expect(play.give(MEI, 'agreement.sign', sign, true)).toContain('agreement.in-force');
    expect(play.kase.agreement?.signatures.borrower).toMatchObject({ name: MEI.name, capacity: 'representative', authority: appointed });
  });

  test.each<Scope>(['read', 'speak', 'negotiate', 'sign'])('nobody with the scope %s opens the borrower’s private stream', (scope) => {
    const play = represented(opened(), { scope });
    expect(play.context(MEI).own).toBeNull();
    expect(play.give(MEI, 'note.write', { words: 'x' })).toBe('seat.may-not');
  });
});
