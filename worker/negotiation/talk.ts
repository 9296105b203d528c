import * as z from 'zod';
import type { Case, Entry } from './case.ts';
import { command } from './command.ts';
import { refuse } from './refusal.ts';
import { bothSides, type Side } from './seats.ts';
import { notClosed } from './stage.ts';
import { Seq, Text } from './text.ts';

/** Messages, and phone calls that one side logs and the other confirms or contests. */

/** Calls that a case can hold: one a day for years. */
export const MAX_CALLS = 2_000;

export type Call = { seq: number; side: Side; state: 'logged' | 'confirmed' | 'contested' };

export type Talk = { messages: number; calls: Record<string, Call> };

export const EMPTY: Talk = { messages: 0, calls: {} };

/** A moment as a form gives it: local date and time in China, to the minute. */
const LocalMoment = z
  .string()
  .length(16)
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/);

const CallLog = z.object({
  when: LocalMoment,
  direction: z.enum(['to-borrower', 'to-lender']),
  minutes: z.int().min(0).max(600),
  words: Text(4000),
});

export const entries = {
  'talk.letter-issued': z.object({ letter: z.string(), words: z.string() }),
  'talk.message': z.object({ words: z.string() }),
  'talk.call-logged': CallLog.extend({ words: z.string() }),
  'talk.call-confirmed': z.object({ call: z.int() }),
  'talk.call-contested': z.object({ call: z.int(), words: z.string() }),
};

const message = command({
  name: 'talk.message',
  input: z.object({ words: Text(5000) }),
  by: bothSides,
  when: notClosed,
  decide: (_kase, { words }) => [{ kind: 'talk.message', content: { words } }],
  gives: 'nothing',
});

const logCall = command({
  name: 'talk.logCall',
  input: CallLog,
  by: bothSides,
  when: notClosed,
  decide(kase, input, { at }) {
    if (Object.keys(kase.calls).length >= MAX_CALLS) return refuse('case.full', { max: MAX_CALLS });
    if (Date.parse(`${input.when}:00+08:00`) > Date.parse(at)) return refuse('call.future', { field: 'when' });
    return [{ kind: 'talk.call-logged', content: input }];
  },
  gives: 'nothing',
});

/** Formal letters of each side, in its own voice: nobody issues one in the other's name. Drawn from the case and edited by whoever issues them. */
export const LETTERS = {
  borrower: ['repayment-plan', 'hardship', 'reduction', 'call'],
  lender: ['answer', 'debt-confirmation', 'call-confirmation', 'invitation'],
} as const;
export type Letter = (typeof LETTERS)[Side][number];

/** Whose voice a letter has: of old records an agent's letter may have the borrower's. */
export function voiceOf(letter: string): Side {
  return (LETTERS.lender as readonly string[]).includes(letter) ? 'lender' : 'borrower';
}

const issueLetter = command({
  name: 'talk.issueLetter',
  input: z.object({ letter: z.enum([...LETTERS.borrower, ...LETTERS.lender]), words: Text(8000) }),
  by: bothSides,
  when: notClosed,
  decide: (_kase, { letter, words }, { seat }) =>
    voiceOf(letter) === seat.side ? [{ kind: 'talk.letter-issued', content: { letter, words } }] : refuse('letter.not-yours'),
  gives: 'nothing',
});

const openCall = (kase: Case, side: Side) =>
  notClosed(kase) ?? (Object.values(kase.calls).some((call) => call.side !== side && call.state === 'logged') ? null : refuse('call.none'));

const confirmCall = command({
  name: 'talk.confirmCall',
  input: z.object({ call: Seq }),
  by: bothSides,
  when: (kase, { seat }) => openCall(kase, seat.side),
  decide: (kase, { call }, { seat }) => answerable(kase, call, seat.side) ?? [{ kind: 'talk.call-confirmed', content: { call } }],
  gives: 'nothing',
});

const contestCall = command({
  name: 'talk.contestCall',
  input: z.object({ call: Seq, words: Text(2000) }),
  by: bothSides,
  when: (kase, { seat }) => openCall(kase, seat.side),
  decide: (kase, { call, words }, { seat }) =>
    answerable(kase, call, seat.side) ?? [{ kind: 'talk.call-contested', content: { call, words } }],
  gives: 'nothing',
});

/** A call is answered once, by the side that did not log it. */
function answerable(kase: Case, seq: number, side: Side) {
  const call = kase.calls[seq];
  return call && call.side !== side && call.state === 'logged' ? null : refuse('call.none', { field: 'call' });
}

export const commands = { message, logCall, confirmCall, contestCall, issueLetter };

export function evolve(kase: Case, entry: Entry): Case {
  switch (entry.kind) {
    case 'talk.message':
      return { ...kase, messages: kase.messages + 1 };
    case 'talk.call-logged': {
      const side = entry.author?.side === 'lender' ? 'lender' : 'borrower';
      return { ...kase, calls: { ...kase.calls, [entry.seq]: { seq: entry.seq, side, state: 'logged' } } };
    }
    case 'talk.call-confirmed':
    case 'talk.call-contested': {
      const { call } = entry.content as { call: number };
      const known = kase.calls[call];
      const state = entry.kind === 'talk.call-confirmed' ? 'confirmed' : 'contested';
      return known ? { ...kase, calls: { ...kase.calls, [call]: { ...known, state } } } : kase;
    }
    default:
      return kase;
  }
}
