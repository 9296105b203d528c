import { describe, expect, test } from 'vitest';
import { tellOwn } from '../../web/telling/note.ts';
import { wordsOf } from '../../web/words/index.ts';
import { approvable, askFor, lapsedApprovals, waitingApprovals } from '../../worker/negotiation/approval.ts';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { type Context, comesTo } from '../../worker/negotiation/command.ts';
import { isRefused } from '../../worker/negotiation/refusal.ts';
import type { Seat } from '../../worker/negotiation/seats.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { DEBT, LIN, level, mediated, opened, type Play, SHEN, TERMS, XIAOYU, ZHOU } from './play.ts';

/** What goes beyond an agent's authority waits for a colleague who may allow it, unseen by the borrower. */

const WANG: Seat = { side: 'lender', capacity: 'administrator', account: 'a', name: '王主任' };
const GENEROUS: Terms = level(12, { waive: { principal: 100_000 } });
const offer = (terms: Terms = GENEROUS, answers: number | null = 1) => ({ answers, terms, reasons: {}, words: '请考虑。' });

/** Who works for the lender, unless said otherwise. */
const STAFF = [LIN, ZHOU, WANG];
const colleagues = (staff: readonly Seat[] = STAFF): Context['colleagues'] =>
  new Map(staff.map(({ account, capacity, name }) => [account, { account, capacity, name, team: null, origin: account }]));

/** Sends something for approval, as the portal does. */
function ask(play: Play, seat: Seat, name: string, input: unknown, words = ''): string[] | string {
  return play.take(seat, askFor(name, play.kase, COMMANDS.get(name)?.input.parse(input), words, play.context(seat)));
}

function approve(play: Play, seat: Seat, staff?: readonly Seat[], proven = true) {
  const approval = waitingApprovals(play.own.lender)[0]?.seq ?? play.own.lender.approvals.at(-1)?.seq ?? 1;
  play.colleagues = colleagues(staff);
  return play.give(seat, 'approval.approve', { approval }, proven);
}

/** A case in which an agent's offer beyond their authority waits. */
function asked(): Play {
  const play = opened();
  expect(ask(play, LIN, 'proposal.make', offer(), '他确实失业了。')).toEqual(['approval.asked']);
  return play;
}

describe('sent for approval', () => {
  test('an offer beyond the authority waits where the borrower sees nothing of it', () => {
    const play = opened();
    const before = JSON.stringify([play.kase, play.entries]);
    expect(play.give(LIN, 'proposal.make', offer())).toBe('authority.exceeded');
    expect(ask(play, LIN, 'proposal.make', offer())).toEqual(['approval.asked']);
    expect(JSON.stringify([play.kase, play.entries])).toBe(before);
    expect(play.held.borrower).toEqual([]);
    expect(waitingApprovals(play.own.lender)).toMatchObject([{ by: { account: 'l' }, excess: { what: 'principal', given: 100_000 } }]);
    expect(play.context(XIAOYU).own?.approvals).toEqual([]);
  });
  test('a mediator’s suggestion that is taken up beyond the authority waits as an offer does, and lapses where the mediation goes on otherwise', () => {
    const suggested = () => {
      const play = mediated(opened());
      play.give(SHEN, 'mediation.suggest', { terms: GENEROUS, reasons: { principal: '确有困难。' }, words: '各让一步。' });
      const [one] = play.kase.suggestions;
      expect(ask(play, LIN, 'mediation.adopt', { suggestion: 1, digest: one?.digest, answers: 1, words: '采纳。' })).toEqual([
        'approval.asked',
      ]);
      return play;
    };
    const play = suggested();
    expect(play.kase.offers).toHaveLength(1);
    expect(approve(play, ZHOU)).toEqual(['proposal.made', 'approval.approved']);
    expect(play.entries.at(-1)).toMatchObject({
      author: { account: LIN.account, capacity: 'agent' },
      content: { version: 2, suggestion: 1, mediation: play.kase.mediations[0]?.seq },
    });
    for (const [seat, name, input] of [
      [XIAOYU, 'mediation.dismiss', { mediation: play.kase.mediations[0]?.seq }],
      [SHEN, 'mediation.suggest', { terms: TERMS, words: '再让一步。' }],
    ] as const) {
      const moved = suggested();
      moved.give(seat, name, input);
      expect(approve(moved, ZHOU)).toBe('approval.moved-on');
      expect(lapsedApprovals(moved.kase, moved.own.lender, moved.at)).toHaveLength(1);
    }
  });
  test('an offer that waits stands whatever a mediator suggests meanwhile', () => {
    const play = mediated(opened());
    expect(ask(play, LIN, 'proposal.make', offer())).toEqual(['approval.asked']);
    play.give(SHEN, 'mediation.suggest', { terms: TERMS, words: '各让一步。' });
    expect(lapsedApprovals(play.kase, play.own.lender, play.at)).toEqual([]);
    expect(approve(play, ZHOU)).toEqual(['proposal.made', 'approval.approved']);
  });
  test('what may be done alone is not, what is wrong in itself is not, nor anything by the borrower’s side', () => {
    const play = opened();
    expect(ask(play, LIN, 'proposal.make', offer(TERMS))).toBe('approval.not-needed');
    expect(ask(play, ZHOU, 'proposal.make', offer())).toBe('approval.not-needed');
    expect(ask(play, LIN, 'proposal.make', offer(GENEROUS, 7))).toBe('offer.changed');
    expect(ask(play, XIAOYU, 'proposal.make', offer())).toBe('seat.may-not');
    expect(ask(play, LIN, 'talk.message', { words: 'x' })).toBe('seat.may-not');
  });
  test('one at a time by one person; another sends theirs beside it', () => {
    const play = asked();
    expect(ask(play, LIN, 'proposal.make', offer())).toBe('approval.asked-already');
    expect(ask(play, { ...LIN, account: 'l2', name: '林二' }, 'proposal.make', offer())).toEqual(['approval.asked']);
    expect(waitingApprovals(play.own.lender).map(({ by }) => by.account)).toEqual(['l', 'l2']);
  });
  test('whatever is held against an authority can be, but for a signature, the opening of a case, and an instalment’s move, which a supervisor grants', () => {
    const measured = [...COMMANDS.values()].filter(({ gives, name }) => gives !== 'nothing' && !name.startsWith('approval.'));
    expect(measured.filter(({ name }) => !approvable(name)).map(({ name }) => name)).toEqual([
      'case.openForBorrower',
      'agreement.sign',
      'move.grant',
    ]);
  });
});

describe('approved', () => {
  test('it is decided anew, as of then, in the agent’s name, and nothing in the shared record says that it was approved', () => {
    const play = asked().later(2);
    expect(approve(play, ZHOU)).toEqual(['proposal.made', 'approval.approved']);
    const made = play.entries.at(-1);
    expect(made).toMatchObject({ at: play.at, author: { account: 'l', name: LIN.name, capacity: 'agent', side: 'lender' } });
    expect(play.kase.offers[1]).toMatchObject({
      side: 'lender',
      name: LIN.name,
      expiresAt: '2026-12-03T15:59:59.999Z',
      grantedAs: 'agent',
    });
    expect(JSON.stringify(play.entries)).not.toMatch(/approv|周岚|"s"/);
    expect(play.held.lender.at(-1)).toMatchObject({ kind: 'approval.approved', author: { account: 's' }, content: { to: 'l' } });
    expect(waitingApprovals(play.own.lender)).toEqual([]);
  });
  test('by a colleague who may, with a proof, and never by who asked, whatever capacity they have by now', () => {
    const play = asked();
    expect(approve(play, LIN)).toBe('seat.may-not');
    expect(approve(play, ZHOU, STAFF, false)).toBe('proof.needed');
    for (const capacity of ['supervisor', 'administrator'] as const) {
      const risen: Seat = { ...LIN, capacity };
      expect(approve(play, risen, [risen, ZHOU])).toBe('approval.own');
    }
    // Who was a supervisor and is none any more.
    expect(approve(play, { ...ZHOU, capacity: 'agent' })).toBe('seat.may-not');
    expect(approve(play, XIAOYU)).toBe('seat.may-not');
    expect(approve(play, WANG)).toEqual(['proposal.made', 'approval.approved']);
  });
  test('it is in the name of what the agent is by then, and not of who is gone', () => {
    const gone = asked();
    expect(approve(gone, ZHOU, [ZHOU])).toBe('approval.asker-gone');
    const risen = asked();
    approve(risen, ZHOU, [{ ...LIN, capacity: 'supervisor' }, ZHOU]);
    expect(risen.entries.at(-1)).toMatchObject({ author: { account: 'l', capacity: 'supervisor' } });
  });
  test.each([
    ['the borrower made another offer', (play: Play) => play.give(XIAOYU, 'proposal.make', offer(level(10)))],
    ['the offer was withdrawn', (play: Play) => play.give(XIAOYU, 'proposal.withdraw', { version: 1 })],
    ['the offer lapsed', (play: Play) => play.later(9) && ['']],
    ['the debt was corrected', (play: Play) => play.give(XIAOYU, 'debt.state', { debt: { ...DEBT, fees: 1_000 } })],
    ['a colleague accepted', (play: Play) => play.give(ZHOU, 'proposal.accept', { version: 1, digest: play.kase.offers[0]?.digest })],
    ['the case was closed', (play: Play) => play.give(XIAOYU, 'case.close', { reason: 'withdrawn' })],
  ])('not once %s: it says so, and nothing is posted', (_, moves) => {
    const play = asked();
    expect(Array.isArray(moves(play))).toBe(true);
    const before = play.entries.length;
    expect(approve(play, ZHOU)).toBe('approval.moved-on');
    expect(play.entries.length).toBe(before);
    expect(waitingApprovals(play.own.lender)).toHaveLength(1);
    // The schedule says so in the stream, and tells who asked.
    expect(lapsedApprovals(play.kase, play.own.lender, play.at)).toMatchObject([{ kind: 'approval.lapsed', content: { to: 'l' } }]);
  });
  test('messages and evidence meanwhile take nothing from it; a first due date that has passed does', () => {
    const play = asked();
    play.give(XIAOYU, 'talk.message', { words: '在吗？' });
    expect(lapsedApprovals(play.kase, play.own.lender, play.at)).toEqual([]);
    expect(approve(play, ZHOU)).toEqual(['proposal.made', 'approval.approved']);
    const soon = opened();
    ask(soon, LIN, 'proposal.make', offer({ ...GENEROUS, firstDue: '2026-11-26' }));
    expect(approve(soon.later(3), ZHOU)).toBe('terms.first-due-past');
  });
  test('an acceptance too; the agreement can then be signed by the agent', () => {
    const play = opened({ proposal: { answers: null, terms: GENEROUS, reasons: { principal: '失业。' }, words: '请减一点。' } });
    const accept = { version: 1, digest: play.kase.offers[0]?.digest };
    expect(play.give(LIN, 'proposal.accept', accept)).toBe('authority.exceeded');
    expect(ask(play, LIN, 'proposal.accept', accept)).toEqual(['approval.asked']);
    expect(approve(play, ZHOU)).toEqual(['proposal.accepted', 'agreement.drawn-up', 'approval.approved']);
    expect(play.entries.at(-1)).toMatchObject({ author: { side: 'portal' } });
    const digest = play.kase.agreement?.digest;
    expect(play.give(LIN, 'agreement.sign', { digest, name: LIN.name }, true)).toEqual(['agreement.signed']);
  });
  test('figures of the debt, too', () => {
    const play = opened();
    play.give(LIN, 'debt.state', { debt: { ...DEBT, principal: 1_300_000 }, words: '账面。' });
    const total = DEBT.principal + DEBT.interest + DEBT.penalty;
    expect(ask(play, LIN, 'debt.confirm', { total })).toEqual(['approval.asked']);
    expect(approve(play, ZHOU)).toEqual(['debt.confirmed', 'approval.approved']);
  });
  test('once', () => {
    const play = asked();
    approve(play, ZHOU);
    expect(approve(play, WANG)).toBe('approval.none');
  });
});

describe('limits of people', () => {
  const SOME = { chargesPpm: 500_000, principalPpm: 50_000, longestTerm: 36, unstatedPpm: 100_000 };
  test('a supervisor whom policy binds approves within their own limits alone; who is bound by nothing approves the rest', () => {
    const play = asked();
    play.policy = { ...play.policy, supervisorAuthority: SOME };
    // 1,000.00 of 12,000.00 is more than a twentieth.
    expect(approve(play, ZHOU)).toBe('authority.exceeded');
    expect(approve(play, WANG)).toEqual(['proposal.made', 'approval.approved']);
  });
  test('what a person may is theirs before what their role may', () => {
    const play = opened();
    play.policy = { ...play.policy, personalAuthority: [{ account: 'l', ...SOME, principalPpm: 100_000 }] };
    expect(play.give(LIN, 'proposal.make', offer())).toEqual(['proposal.made']);
    const bound = opened();
    bound.policy = {
      ...bound.policy,
      personalAuthority: [
        { account: 'a', ...SOME },
        { account: 'constructor', ...SOME },
      ],
    };
    expect(bound.give(WANG, 'proposal.make', offer())).toBe('authority.exceeded');
    expect(ask(bound, WANG, 'proposal.make', offer())).toEqual(['approval.asked']);
  });
});

describe('returned, withdrawn', () => {
  test('returned with words by who may approve, never by who asked; then it is sent anew', () => {
    const play = asked();
    const words = { approval: 1, words: '本金不减。' };
    expect(play.give({ ...LIN, capacity: 'supervisor' }, 'approval.return', words)).toBe('approval.own');
    expect(play.give(LIN, 'approval.return', words)).toBe('seat.may-not');
    expect(play.give(ZHOU, 'approval.return', words)).toEqual(['approval.returned']);
    expect(approve(play, ZHOU)).toBe('approval.none');
    expect(ask(play, LIN, 'proposal.make', offer())).toEqual(['approval.asked']);
  });
  test('withdrawn by who asked alone', () => {
    const play = asked();
    expect(play.give(ZHOU, 'approval.withdraw', { approval: 1 })).toBe('approval.not-yours');
    expect(play.give(LIN, 'approval.withdraw', { approval: 1 })).toEqual(['approval.withdrawn']);
    expect(approve(play, ZHOU)).toBe('approval.none');
  });
});

test.each(['zh', 'en'] as const)('all of it is told to the own side, in words (%s)', (language) => {
  const words = wordsOf(language);
  const play = asked();
  play.give(ZHOU, 'approval.return', { approval: 1, words: '本金不减。' });
  ask(play, LIN, 'proposal.make', offer());
  approve(play, ZHOU);
  const told = play.held.lender.map((entry) => tellOwn(entry, words));
  const text = JSON.stringify(told);
  for (const said of ['他确实失业了。', '本金不减。', '请考虑。', '1,000.00']) expect(text).toContain(said);
  expect(told.map(({ what }) => what)).toEqual([
    words.approval.asked({ act: words.approval.of['proposal.make'] }),
    words.approval.returned(1),
    words.approval.asked({ act: words.approval.of['proposal.make'] }),
    words.approval.approved(3),
  ]);
});

test('a decision for approval is held, and says nothing', () => {
  const play = opened();
  const decision = askFor('proposal.make', play.kase, offer(), '', play.context(LIN));
  if (isRefused(decision)) throw new Error(decision.refused.code);
  expect(comesTo(decision)).toMatchObject({ said: [], held: [{ kind: 'approval.asked' }] });
});
