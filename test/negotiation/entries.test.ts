import { expect, test } from 'vitest';
import * as z from 'zod';
import { checked, checkedOwn, EMPTY_OWN, fold, foldOwn, known } from '../../worker/negotiation/case.ts';
import { command, type Decision, isDecided } from '../../worker/negotiation/command.ts';
import { type Decided, type Entry, type EntryKind, entry, type OwnDecided } from '../../worker/negotiation/entry.ts';
import type { Seat } from '../../worker/negotiation/seats.ts';
import { LIN, opened, PORTAL, XIAOYU } from './play.ts';

/** What the compiler refuses is written down here with `@ts-expect-error`: where one of these begins to compile, `npm run check` fails. */

const of = (content: unknown, kind = 'talk.message') => ({ seq: 1, at: '2026-11-24T02:00:00.000Z', kind, author: PORTAL, content });

test('the kind of an entry narrows what it holds', () => {
  const said = (one: Entry): string => {
    if (one.content === null) return 'erased';
    switch (one.kind) {
      case 'talk.message':
        return one.content.words;
      case 'debt.stated':
        return String(one.content.debt.principal);
      default:
        return one.kind;
    }
  };
  const [first, ...rest] = opened().entries.flatMap((one) => known(one) ?? []);
  expect(first && said(first)).toBe('case.opened');
  expect(rest.map(said)).toContain('1200000');
  expect(said({ ...(known(of({ words: 'x' })) ?? expect.fail()) })).toBe('x');
  const wrong = (one: Entry) => {
    // @ts-expect-error: before its kind is known, nothing is known of its content
    return one.content.words;
  };
  expect(wrong).toBeInstanceOf(Function);
});

test('what a command decides is an entry of the union', () => {
  // @ts-expect-error: there is no such kind
  const unknown: Decided = { kind: 'talk.whispered', content: { words: 'x' } };
  // @ts-expect-error: an acceptance names the digest of what it accepts
  const incomplete: Decided = { kind: 'proposal.accepted', content: { version: 1 } };
  // @ts-expect-error: words are text
  const decide = (): Decision => [{ kind: 'talk.message', content: { words: 1 } }];
  const decision = decide();
  for (const one of [unknown, incomplete, ...(isDecided(decision) ? decision : [])]) expect(() => checked(one)).toThrow();
});

test('what is of a side’s own stream cannot be said in the shared record, nor the other way round', () => {
  // @ts-expect-error: a note is not for both
  const said: Decided = { kind: 'note.written', content: { words: 'x' } };
  // @ts-expect-error: a message is
  const held: OwnDecided = { kind: 'talk.message', content: { words: 'x' } };
  // @ts-expect-error: nor by way of a decision
  const decision: Decision = [{ kind: 'note.written', content: { words: 'x' } }];
  // @ts-expect-error: what is told to the own side comes to what that side keeps, not to the case
  const kind: EntryKind<unknown> = entry({ content: z.unknown(), told: 'own side', personal: true, evolve: (own) => own });
  for (const one of [said, ...(isDecided(decision) ? decision : [])]) expect(() => checked(one)).toThrow();
  expect(() => checkedOwn(held)).toThrow();
  expect(kind.told).toBe('own side');
  // An entry that lies in the wrong stream means nothing there.
  const play = opened();
  expect(fold([{ ...of({ words: 'x' }, 'note.written'), seq: 9 }], play.kase)).toEqual({ ...play.kase, seq: 9, lastAt: of(null).at });
  expect(foldOwn([of({ words: 'x' }, 'talk.message')])).toEqual({ ...EMPTY_OWN, seq: 1, lastAt: of(null).at });
});

test('a note is in its own side’s stream, and the case is as it was', () => {
  const play = opened();
  const { kase } = play;
  expect(play.give(LIN, 'note.write', { words: '先等工资单。' })).toEqual(['note.written']);
  expect(play.give(XIAOYU, 'note.write', { words: '只给自己看。' })).toEqual(['note.written']);
  expect(play.kase).toBe(kase);
  expect(play.own).toMatchObject({ borrower: { notes: 1 }, lender: { notes: 1 } });
  const seen = (seat: Seat) => JSON.stringify(play.context(seat));
  expect(play.context(LIN).own).toBe(play.own.lender);
  expect(play.context({ ...XIAOYU, capacity: 'representative', scope: 'sign' }).own).toBeNull();
  expect(seen(LIN)).not.toContain('只给自己看');
});

test('nothing is sealed that its schema does not read', () => {
  const message: Decided = { kind: 'talk.message', content: { words: '您好。' } };
  expect(checked(message)).toBe(message);
  const more = { ...message, content: { words: '您好。', password: 'x' } };
  expect(() => checked(more)).toThrow(/talk\.message would hold more/);
});

test('all that there is to say of an entry and of a command is said, or it does not compile', () => {
  const content = z.object({ words: z.string() });
  const told = 'others';
  const needs = 'speak';
  // @ts-expect-error: whether it is a person's own account
  entry({ content, told, evolve: (kase) => kase });
  // @ts-expect-error: who hears of it
  entry({ content, personal: true, evolve: (kase) => kase });
  // @ts-expect-error: what it means
  entry({ content, told, personal: true });
  const rest = { name: 'talk.whisper', input: content, page: 'case', decide: () => [], gives: 'nothing' } as const;
  // @ts-expect-error: what power it needs
  command({ ...rest, doors: ['form'], proof: false });
  // @ts-expect-error: by which doors it comes
  command({ ...rest, needs, proof: false });
  // @ts-expect-error: JSON brings no proof of who sends it
  command({ ...rest, needs, doors: ['form', 'api'], proof: true });
  expect(command({ ...rest, needs, doors: ['form'], proof: true }).doors).toEqual(['form']);
});

test('what this release does not know, and what was erased, leaves the case as it is but for the count', () => {
  const { kase } = opened();
  for (const one of [of({ words: 'x' }, 'talk.whispered'), of(null)]) {
    expect(fold([{ ...one, seq: 99 }], kase)).toEqual({ ...kase, seq: 99, lastAt: one.at });
  }
});
