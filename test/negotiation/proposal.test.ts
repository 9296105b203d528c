import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreedSchedule } from '../../worker/negotiation/agreement.ts';
import { awaited, COMMANDS, EMPTY_CASE, fold } from '../../worker/negotiation/case.ts';
import { inParts, lapses, type Offer, offerDigest, onTable, scheduleOf } from '../../worker/negotiation/proposal.ts';
import { outstanding, type Terms } from '../../worker/plan/terms.ts';
import { DEBT, LIN, level, MEANS, OPENING, opened, Play, TERMS, XIAOYU, ZHOU } from './play.ts';

const offer = (answers: number | null, terms = TERMS, rest = {}) => ({ answers, terms, reasons: {}, words: '请考虑。', ...rest });

describe('opening', () => {
  test('a borrower opens with debt, means and a first proposal, each an entry', () => {
    expect(new Play().give(XIAOYU, 'case.open', OPENING)).toEqual(['case.opened', 'debt.stated', 'means.submitted', 'proposal.made']);
  });
  test('nothing of it happens where one part is refused', () => {
    const play = new Play();
    expect(play.give(XIAOYU, 'case.open', { ...OPENING, proposal: offer(null, level(12, { firstDue: '2026-11-24' })) })).toBe(
      'terms.first-due-past',
    );
    expect(play.entries).toEqual([]);
  });
  test('a case is opened once', () => expect(opened().give(XIAOYU, 'case.open', OPENING)).toBe('case.exists'));
});

describe('one offer is on the table', () => {
  test('a counter-offer answers it and takes its place; both stay', () => {
    const play = opened();
    expect(play.give(LIN, 'proposal.make', offer(1, level(9)))).toEqual(['proposal.made']);
    expect(play.kase.offers.map(({ version, state, answers }) => [version, state, answers])).toEqual([
      [1, 'answered', null],
      [2, 'live', 1],
    ]);
    expect(awaited(play.kase, play.at)).toBe('borrower');
  });
  test('a side replaces its own unanswered offer', () => {
    const play = opened();
    play.give(XIAOYU, 'proposal.make', offer(1, level(10)));
    expect(play.kase.offers[0]?.state).toBe('replaced');
    expect(awaited(play.kase, play.at)).toBe('lender');
  });
  test('an offer drawn up before another came is refused, and says which is on the table now', () => {
    const play = opened();
    play.give(LIN, 'proposal.make', offer(1, level(9)));
    expect(play.try(XIAOYU, 'proposal.make', offer(1, level(11)))).toMatchObject({ code: 'offer.changed', version: 2 });
  });
});

describe('accepting', () => {
  const digest = offerDigest(DEBT, TERMS);
  test('names version and digest, and draws up the agreement', () => {
    expect(opened().give(LIN, 'proposal.accept', { version: 1, digest })).toEqual(['proposal.accepted', 'agreement.drawn-up']);
  });
  test('not with another digest', () =>
    expect(opened().give(LIN, 'proposal.accept', { version: 1, digest: '0'.repeat(64) })).toBe('offer.changed'));
  test('not one’s own', () => expect(opened().give(XIAOYU, 'proposal.accept', { version: 1, digest })).toBe('offer.own'));
  test('not an old version', () => {
    const play = opened();
    play.give(LIN, 'proposal.make', offer(1, level(9)));
    expect(play.give(XIAOYU, 'proposal.accept', { version: 1, digest })).toBe('offer.changed');
  });
  test('not twice', () => {
    const play = opened();
    play.give(LIN, 'proposal.accept', { version: 1, digest });
    expect(play.give(ZHOU, 'proposal.accept', { version: 1, digest })).toBe('offer.settled');
  });
  test('not after it lapsed: computed, not waited for', () => {
    const play = opened().later(8);
    expect(onTable(play.kase, play.at)).toBeNull();
    expect(play.give(LIN, 'proposal.accept', { version: 1, digest })).toBe('offer.none');
    expect(lapses(play.kase, play.at)).toEqual([{ kind: 'proposal.expired', content: { version: 1 }, by: 'portal' }]);
  });
  test('until the end of its last day in China', () => {
    const play = opened();
    play.at = '2026-12-01T15:59:59.000Z';
    expect(onTable(play.kase, play.at)?.version).toBe(1);
    play.at = '2026-12-01T16:00:00.000Z';
    expect(onTable(play.kase, play.at)).toBeNull();
  });
  test('not once the debt behind it has changed', () => {
    const play = opened();
    play.give(LIN, 'debt.state', { debt: { ...DEBT, interest: 31_000 }, words: '利息少算了。' });
    play.give(XIAOYU, 'debt.confirm', { total: 1_251_000 });
    expect(play.give(LIN, 'proposal.accept', { version: 1, digest })).toBe('offer.debt-changed');
  });
  test('an agent not beyond their authority; a supervisor may', () => {
    const play = opened();
    play.give(XIAOYU, 'proposal.make', offer(1, level(12, { waive: { principal: 100_000 } }), { reasons: { principal: '无力承担' } }));
    const beyond = play.kase.offers[1]?.digest;
    expect(play.give(LIN, 'proposal.accept', { version: 2, digest: beyond })).toBe('authority.exceeded');
    expect(play.give(ZHOU, 'proposal.accept', { version: 2, digest: beyond })).toContain('proposal.accepted');
  });
});

describe('an offer on a total alone, once its parts are confirmed', () => {
  const total = { ...DEBT, principal: outstanding(DEBT), interest: 0, penalty: 0 };
  const alone = (terms = TERMS) =>
    opened({ debt: { debt: total, partsUnknown: true }, proposal: offer(null, terms, { reasons: { principal: '困难。' } }) });
  const accept = (play: Play) =>
    play.give(LIN, 'proposal.accept', { version: 1, digest: inParts(play.kase, play.kase.offers[0] as Offer).digest });

  test('is not accepted by who saw the total alone', () => {
    const play = alone();
    play.give(LIN, 'proposal.make', offer(1, level(10)));
    const shown = { version: 2, digest: play.kase.offers[1]?.digest };
    // The lender states the parts while the borrower reads its offer.
    expect(play.give(LIN, 'debt.state', { debt: DEBT })).toEqual(['debt.confirmed']);
    expect(play.give(XIAOYU, 'proposal.accept', shown)).toBe('offer.changed');
    const { digest } = inParts(play.kase, play.kase.offers[1] as Offer);
    expect(play.give(XIAOYU, 'proposal.accept', { version: 2, digest })).toContain('proposal.accepted');
  });

  test('is accepted as it is: no instalment is another, and the agreement and its digests are of the parts', () => {
    const play = alone();
    expect(play.give(LIN, 'debt.state', { debt: DEBT })).toEqual(['debt.confirmed']);
    expect(accept(play)).toEqual(['proposal.accepted', 'agreement.drawn-up']);
    const { agreement } = play.kase;
    expect(agreement).toMatchObject({ version: 1, debt: DEBT, terms: TERMS, digest: offerDigest(DEBT, TERMS) });
    expect(play.entries.find(({ kind }) => kind === 'proposal.accepted')?.content).toMatchObject({ digest: agreement?.digest });
    const before = scheduleOf({ debt: total, terms: TERMS }).rows.map(({ due, payment }) => [due, payment]);
    expect(agreedSchedule(play.kase).rows.map(({ due, payment }) => [due, payment])).toEqual(before);
    for (const seat of [XIAOYU, ZHOU]) {
      const signed = play.give(seat, 'agreement.sign', { digest: agreement?.digest, name: seat.name }, true);
      expect(signed).toContain('agreement.signed');
    }
    expect(play.kase.stage).toBe('in-force');
  });

  test('is measured against the lender’s books by its parts, not as principal', () => {
    const terms = { ...TERMS, waive: { principal: 20_000 } };
    const play = alone(terms);
    play.give(LIN, 'debt.state', { debt: DEBT });
    const kase = play.kase;
    expect(inParts(kase, kase.offers[0] as Offer)).toMatchObject({ debt: DEBT, terms });
  });

  test.each<[string, Terms]>([
    ['interest runs on the principal', { ...TERMS, rate: { per: 'year', ppm: 120_000 } }],
    ['more of the principal is waived than there is', { ...TERMS, waive: { principal: 1_210_000 } }],
  ])('is made anew where the parts would change it: %s', (_, terms) => {
    const play = alone(terms);
    play.give(LIN, 'debt.state', { debt: DEBT });
    expect(accept(play)).toBe('offer.debt-changed');
  });

  test('is made anew on another total, or one of another day', () => {
    for (const debt of [
      { ...DEBT, penalty: 26_000 },
      { ...DEBT, asOf: '2026-11-20' },
    ]) {
      const play = alone();
      play.give(LIN, 'debt.state', { debt, words: '按账面。' });
      play.give(XIAOYU, 'debt.confirm', { total: outstanding(debt) });
      expect(accept(play)).toBe('offer.debt-changed');
    }
  });
});

describe('declining, withdrawing, lapsing', () => {
  test('declining needs a reason and words, and counts a round', () => {
    const play = opened();
    expect(() => play.give(LIN, 'proposal.decline', { version: 1, reasons: [], words: 'x' })).toThrow();
    expect(play.give(LIN, 'proposal.decline', { version: 1, reasons: ['too-long'], words: '期限太长。' })).toEqual(['proposal.declined']);
    expect(play.kase.declinedRounds).toBe(1);
    expect(awaited(play.kase, play.at)).toBe('borrower');
  });
  test('only one’s own is withdrawn', () => {
    const play = opened();
    expect(play.give(LIN, 'proposal.withdraw', { version: 1 })).toBe('offer.none');
    expect(play.give(XIAOYU, 'proposal.withdraw', { version: 1 })).toEqual(['proposal.withdrawn']);
  });
  test('an offer after a lapsed one records the lapse first', () => {
    const play = opened().later(9);
    expect(play.give(LIN, 'proposal.make', offer(null, level(9, { start: '2026-12-03', firstDue: '2026-12-24' })))).toEqual([
      'proposal.expired',
      'proposal.made',
    ]);
  });
});

describe('what an offer must be', () => {
  test.each([
    ['a first due date in the past', level(12, { firstDue: '2026-11-24' }), 'terms.first-due-past'],
    ['a first due date beyond a year', level(12, { firstDue: '2027-11-26' }), 'terms.first-due-far'],
    ['a waiver without its reason', level(12, { waive: { penalty: 100 } }), 'waiver.reason-needed'],
    ['terms that leave a balance', { ...TERMS, phases: [{ kind: 'fixed' as const, amount: 1000, count: 2 }] }, 'plan.refused'],
  ])('not %s', (_, terms, code) => expect(opened().give(XIAOYU, 'proposal.make', offer(1, terms))).toBe(code));
});

test('whatever is tried in whatever order: one offer live at most, versions without gaps, one agreement, and the fold of the record is the case', () => {
  const seats = [XIAOYU, LIN, ZHOU];
  const step = fc.oneof(
    fc.record({ who: fc.nat(2), what: fc.constant('proposal.make'), n: fc.integer({ min: 1, max: 48 }), stale: fc.boolean() }),
    fc.record({
      who: fc.nat(2),
      what: fc.constantFrom('proposal.accept', 'proposal.withdraw', 'proposal.decline'),
      n: fc.integer({ min: 1, max: 8 }),
      stale: fc.boolean(),
    }),
    fc.record({
      who: fc.nat(2),
      what: fc.constantFrom('agreement.sign', 'later', 'talk.message', 'means.submit'),
      n: fc.integer({ min: 1, max: 8 }),
      stale: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const play = opened();
      for (const { who, what, n, stale } of steps) {
        const seat = seats[who] ?? XIAOYU;
        const table = onTable(play.kase, play.at);
        const version = stale ? n : (table?.version ?? n);
        if (what === 'later') play.later(n);
        else if (what === 'proposal.make')
          play.give(
            seat,
            what,
            offer(
              table?.version ?? null,
              level(n, { start: play.at.slice(0, 10), firstDue: new Date(Date.parse(play.at) + 2e9).toISOString().slice(0, 10) }),
            ),
          );
        else if (what === 'proposal.accept')
          play.give(seat, what, { version, digest: play.kase.offers[version - 1]?.digest ?? '0'.repeat(64) });
        else if (what === 'proposal.decline') play.give(seat, what, { version, reasons: ['other'], words: 'x' });
        else if (what === 'proposal.withdraw') play.give(seat, what, { version });
        else if (what === 'agreement.sign')
          play.give(seat, what, { digest: play.kase.agreement?.digest ?? '0'.repeat(64), name: seat.name }, true);
        else if (what === 'means.submit') play.give(seat, what, { means: MEANS });
        else play.give(seat, what, { words: 'x' });
      }
      const { kase, entries } = play;
      expect(kase.offers.filter(({ state }) => state === 'live').length).toBeLessThanOrEqual(1);
      expect(kase.offers.map(({ version }) => version)).toEqual(kase.offers.map((_, i) => i + 1));
      expect(entries.filter(({ kind }) => kind === 'agreement.drawn-up').length).toBe(kase.agreement ? 1 : 0);
      if (kase.stage === 'in-force') expect(kase.agreement?.signatures).toMatchObject({ borrower: { name: '王小雨' }, lender: {} });
      expect(JSON.parse(JSON.stringify(fold(entries, EMPTY_CASE)))).toEqual(JSON.parse(JSON.stringify(kase)));
    }),
    { numRuns: 300 },
  );
});

test('every command has a name of its own that says its topic', () => {
  for (const name of COMMANDS.keys()) expect(name).toMatch(/^[a-z]+\.[a-zA-Z]+$/);
  expect(COMMANDS.size).toBeGreaterThanOrEqual(25);
});
