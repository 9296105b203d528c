import { expect, test } from 'vitest';
import { noticesOf } from '../../worker/execute/notices.ts';
import { awaited, COMMANDS, due, ENTRY_KINDS, kindOf } from '../../worker/negotiation/case.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { agreed, LIN, opened, XIAOYU, ZHOU } from './play.ts';

/** What is drawn from the list of topics, held against what each of it is for. */

test('JSON brings no proof, no file and no contact: what needs one comes by no such door', () => {
  const doors = (name: string) => COMMANDS.get(name)?.doors;
  expect(doors('agreement.sign')).toEqual(['form']);
  expect(doors('evidence.add')).toEqual(['upload']);
  for (const name of ['case.open', 'case.openForBorrower', 'case.invite', 'case.join', 'case.begin']) expect(doors(name)).toEqual([]);
  for (const { name, doors: all, opens, proof } of COMMANDS.values()) {
    if (opens || proof) expect(all, name).not.toContain('api');
    // The portal itself writes what was taken away and what was erased.
    expect(name).not.toMatch(/^custody\./);
  }
});

test('a form that can be refused has a page to come back to', () => {
  for (const { name, doors, page } of COMMANDS.values()) if (doors.length > 0) expect(page, name).not.toBeNull();
});

test('what makes up the debt, the offers and the agreement is nobody’s to have erased by itself', () => {
  const kept = ENTRY_KINDS.filter((kind) => !kindOf(kind)?.personal);
  expect([...new Set(kept.map((kind) => kind.split('.')[0]))].sort()).toEqual(
    [
      'agreement',
      'arrears',
      'case',
      'complaint',
      'consent',
      'impasse',
      'custody',
      'debt',
      'instalment',
      'mediation',
      'payment',
      'performance',
      'person',
      'proposal',
      'referral',
      'representative',
      'settlement',
    ].sort(),
  );
});

test('an offer falls due at its expiry, also where somebody has written since; nobody has to wait for it to be recorded', () => {
  const play = opened();
  const expiresAt = play.kase.offers[0]?.expiresAt;
  expect(due(play.kase, HOME.zone)).toEqual([
    { at: expiresAt, entry: { kind: 'proposal.expired', content: { version: 1 }, by: 'portal' } },
  ]);
  play.later(9).give(XIAOYU, 'talk.message', { words: '请问考虑得怎么样？' });
  expect(due(play.kase, HOME.zone)[0]?.at).toBe(expiresAt);
  expect(awaited(play.kase, play.at)).toBe('borrower');
});

test('instalments fall due at the end of their days, soonest first, and each once', () => {
  const play = agreed(XIAOYU, ZHOU);
  const all = due(play.kase, HOME.zone);
  expect(all.filter(({ entry }) => entry.kind === 'instalment.overdue')).toHaveLength(12);
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort());
  expect(all.find(({ entry }) => entry.kind === 'instalment.overdue')).toMatchObject({
    at: '2026-12-24T15:59:59.999Z',
    entry: { kind: 'instalment.overdue', content: { no: 1, missing: 104_167 } },
  });
  const next = due({ ...play.kase, overdue: [1] }, HOME.zone).find(({ entry }) => entry.kind === 'instalment.overdue');
  expect(next?.entry).toMatchObject({ content: { no: 2 } });
  expect(awaited(agreed(XIAOYU).kase, play.at)).toBe('lender');
  expect(awaited(agreed().kase, play.at)).toBe('borrower');
});

test('of each append, a side is told of the last entry that concerns it; of its own, of nothing', () => {
  const play = opened();
  const sealed = (from: number) =>
    play.entries
      .slice(from)
      .map((one) => ({ ...one, authorSalt: null, authorDigest: '', salt: null, digest: '', prev: '', hash: `h${one.seq}` }));
  const told = (from: number) => noticesOf(sealed(from), 'c', 'HY-1', play.kase).map(({ side, kind }) => `${side} ${kind}`);
  expect(told(0)).toEqual(['lender proposal.made']);
  const before = play.entries.length;
  play.give(LIN, 'means.verify', { figure: 'incomes.salary' });
  expect(told(before)).toEqual([]);
  const agreeing = play.entries.length;
  play.give(LIN, 'proposal.accept', { version: 1, digest: play.kase.offers[0]?.digest });
  expect(told(agreeing)).toEqual(['borrower proposal.accepted']);
  play.give(XIAOYU, 'agreement.sign', { digest: play.kase.agreement?.digest, name: XIAOYU.name }, true);
  const signing = play.entries.length;
  play.give(ZHOU, 'agreement.sign', { digest: play.kase.agreement?.digest, name: ZHOU.name }, true);
  expect(told(signing)).toEqual(['borrower agreement.in-force', 'lender agreement.in-force']);
});
